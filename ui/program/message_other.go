//go:build !nowindow && !windows

package program

import "klokkast/app"

// tellWithoutTerminal is for Windows; elsewhere standard error is kept or read.
func (p *program) tellWithoutTerminal(app.Language, error) {}
