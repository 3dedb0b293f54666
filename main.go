//go:build !nowindow

// Klokkast is the supervisor's desktop program of cleaning companies: it reads
// clock boxes, finds what is wrong with the hours, registers with Check In and
// Out at Work and prints timesheets.
package main

import (
	"os"

	fyneapp "fyne.io/fyne/v2/app"

	"klokkast/ui/program"
)

func main() { os.Exit(program.Main(os.Args[1:], program.NewWindow(fyneapp.NewWithID))) }
