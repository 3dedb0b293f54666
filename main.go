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

	"klokkast/app/text"
	"klokkast/assets"
	"klokkast/devices"
	"klokkast/devices/usbport"
	"klokkast/ui/cli"
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
	if err != nil {
		fmt.Fprintln(os.Stderr, "klokkast: KLOKKAST_USB_ID:", err)
		os.Exit(cli.ExitUsage)
	}
	p := &program{texts: catalogue, usb: id}
	os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Parts{
		Out: os.Stdout, Err: os.Stderr, Texts: catalogue, Version: version,
		Language:         text.Choose(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")),
		Open:             p.open,
		Demo:             p.demo,
		SimulateBox:      p.simulateBox,
		SimulateRegister: p.simulateRegister,
		Window:           p.windowFace(),
		UdevRule:         devices.UdevRule(id),
		Missing:          func() string { return cli.MissingForWindow(runtime.GOOS) },
	}))
}

// usbID gives the USB id of the boxes: the one that is configured, or the test id.
func usbID(configured string) (usbport.ID, error) {
	if configured == "" {
		return usbport.TestID, nil
	}
	return usbport.ParseID(configured)
}
