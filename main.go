// Klokkast is the supervisor's desktop program of cleaning companies: it reads
// clock boxes, finds what is wrong with the hours, registers with Check In and
// Out at Work and prints timesheets. This package chooses the face (the window
// or a command) and puts the parts together; everything else is below it.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	_ "time/tzdata" // zones, also where the system has none (Windows)

	"github.com/jeandeaual/go-locale"

	"klokkast/app"
	"klokkast/app/text"
	"klokkast/assets"
	"klokkast/devices"
	"klokkast/devices/machine"
	"klokkast/devices/usbport"
	"klokkast/ui/cli"
	"klokkast/ui/display"
)

// version of the program, as FyneApp.toml has it.
const version = "0.1.0"

func main() {
	catalogue, err := text.Load(assets.Translations())
	if err != nil { // the built-in texts are broken: a mistake of ours
		fmt.Fprintln(os.Stderr, "klokkast:", err)
		os.Exit(cli.ExitFailed)
	}
	id, err := usbID(os.Getenv("KLOKKAST_USB_ID"))
	if err != nil && len(os.Args) > 1 { // without a command the window says it
		fmt.Fprintln(os.Stderr, "klokkast: KLOKKAST_USB_ID:", err)
		os.Exit(cli.ExitUsage)
	}
	p := &program{texts: catalogue, usb: id, machine: machine.This{}, wrong: err, language: systemLanguage()}
	os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Parts{
		Out: os.Stdout, Err: os.Stderr, Texts: catalogue, Version: version,
		Language:         p.language,
		Open:             p.open,
		Demo:             p.demo,
		SimulateBox:      p.simulateBox,
		SimulateRegister: p.simulateRegister,
		Window:           p.windowFace(),
		UdevRule:         devices.UdevRule(id),
		Missing:          p.missing,
	}))
}

// missing says what a window lacks here.
func (p *program) missing() display.Lack {
	p.display = display.Find(runtime.GOOS)
	return p.display.Lack
}

// systemLanguage is the one that this computer speaks to its user.
func systemLanguage() app.Language {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" { // where no variable tells
		if locales, err := locale.GetLocales(); err == nil {
			return text.Choose(locales...)
		}
	}
	return text.Choose(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
}

// usbIDError says that KLOKKAST_USB_ID is no USB id.
type usbIDError struct {
	value string
	err   error
}

func (e *usbIDError) Error() string { return e.err.Error() }
func (e *usbIDError) Unwrap() error { return e.err }

// TextKey words it for people.
func (e *usbIDError) TextKey() (string, map[string]any) {
	return "error.usbID", map[string]any{"Value": e.value}
}

// usbID gives the USB id of the boxes: the one that is configured, or the test id.
func usbID(configured string) (usbport.ID, error) {
	if configured == "" {
		return usbport.TestID, nil
	}
	id, err := usbport.ParseID(configured)
	if err != nil {
		return id, &usbIDError{configured, err}
	}
	return id, nil
}
