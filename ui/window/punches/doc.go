// Package punches is the screen of the single punches of some days.
package punches
