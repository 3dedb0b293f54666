// Package program puts the parts together: it opens databases, finds boxes and
// registers, and chooses the face, a window or a command. Its tests are those of
// the whole program, from outside.
package program

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
	"klokkast/data"
	"klokkast/devices"
	"klokkast/devices/machine"
	"klokkast/devices/usbport"
	"klokkast/ui/cli"
	"klokkast/ui/display"
)

// version of the program, as FyneApp.toml has it.
const version = "0.1.0"

// program holds what every face needs.
type program struct {
	window Window // nil in a build without one
	texts  *text.Catalogue
	usb    usbport.ID // of the boxes
	wrong  error      // in how the program is set up: keeps it from opening a database
	// display as it was found before the window was made; nil before that
	display *display.Found
	// language of this computer, until a database tells its own
	language app.Language
	// machine tells this computer from others.
	machine data.Machine
}

// Window is the face with a window.
type Window interface {
	// open shows the window on a database until it is closed.
	open(ctx context.Context, p *program, o cli.OpenOptions, failed func(error)) error
	// demo shows the demo company while its boxes and its register run.
	demo(ctx context.Context, p *program, o cli.DemoOptions, live liveDemo) error
}

// Main runs the program as its command line asks for, and returns its exit code.
// Without a window (nil) it has its commands alone.
func Main(args []string, w Window) int {
	catalogue, err := text.Load(assets.Translations())
	if err != nil { // the built-in texts are broken: a mistake of ours
		fmt.Fprintln(os.Stderr, "klokkast:", err)
		return cli.ExitFailed
	}
	id, err := usbID(os.Getenv("KLOKKAST_USB_ID"))
	if err != nil && len(args) > 0 { // without a command the window says it
		fmt.Fprintln(os.Stderr, "klokkast: KLOKKAST_USB_ID:", err)
		return cli.ExitUsage
	}
	p := &program{window: w, texts: catalogue, usb: id, machine: machine.This{}, wrong: err, language: systemLanguage()}
	parts := cli.Parts{
		Out: os.Stdout, Err: os.Stderr, Texts: catalogue, Version: version,
		Language:         p.language,
		Open:             p.open,
		Demo:             p.demo,
		SimulateBox:      p.simulateBox,
		SimulateRegister: p.simulateRegister,
		UdevRule:         devices.UdevRule(id),
		Missing:          p.missing,
	}
	if w != nil {
		parts.Window = func(ctx context.Context, o cli.OpenOptions, failed func(error)) error {
			return w.open(ctx, p, o, failed)
		}
	}
	return cli.Run(context.Background(), args, parts)
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

// usbID returns the USB id of the boxes: the one that is configured, or the test id.
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
