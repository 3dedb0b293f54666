//go:build !nowindow

package program

import (
	"errors"

	"golang.org/x/sys/windows"

	"klokkast/app"
	"klokkast/ui/cli"
	"klokkast/ui/window"
)

// tellWithoutTerminal says what ended the program before its window could, or
// with it, in a box of the system's own: Windows shows nobody what a program
// with a window writes on standard error.
func (p *program) tellWithoutTerminal(l app.Language, err error) {
	if !cli.IsMissing(err) && !errors.As(err, new(*window.PanicError)) {
		return // the window said it
	}
	text, e := windows.UTF16PtrFromString(p.texts.For(l).Error(err))
	title, e2 := windows.UTF16PtrFromString("Klokkast")
	if e != nil || e2 != nil {
		return
	}
	_, _ = windows.MessageBox(0, text, title, windows.MB_OK|windows.MB_ICONERROR) // who cannot be told so cannot be told
}
