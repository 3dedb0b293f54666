// Package staff is the screen of people: their engagements, badges and employers.
package staff
