// Package today is the first screen: what a site supervisor needs to have the day in order.
package today
