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
	p := &program{texts: catalogue}
	os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Parts{
		Out: os.Stdout, Err: os.Stderr, Texts: catalogue, Version: version,
		Language:         text.Choose(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")),
		Open:             p.open,
		Demo:             p.demo,
		SimulateBox:      p.simulateBox,
		SimulateRegister: p.simulateRegister,
		Window:           p.windowFace(),
		Missing:          func() string { return cli.MissingForWindow(runtime.GOOS) },
	}))
}
