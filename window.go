//go:build !nowindow

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"github.com/adrg/xdg"

	"klokkast/app/office"
	"klokkast/assets"
	"klokkast/devices"
	"klokkast/ui/cli"
	"klokkast/ui/window"
)

// appID is the program's name among others, as FyneApp.toml has it.
const appID = "be.klokkast.desktop"

// windowFace opens the window on a database.
func (p *program) windowFace() func(context.Context, cli.OpenOptions) error {
	return func(ctx context.Context, o cli.OpenOptions) error {
		off, closer, err := p.openOffice(ctx, o)
		if err != nil {
			return err
		}
		defer closer.Close()
		return p.showWindow(ctx, off)
	}
}

// showWindow shows the window until it is closed or ctx ends.
func (p *program) showWindow(ctx context.Context, off *office.Office) error {
	a := fyneapp.NewWithID(appID)
	w := window.New(a, off, window.Options{
		Title: "Klokkast", Version: version, Icon: fyne.NewStaticResource("klokkast.png", assets.IconPNG()),
		Texts: p.texts, Language: off.Language(), Export: filepath.Join(exportFolder(), "Klokkast"), Now: off.Now, Open: openWithSystem, UdevRule: devices.UdevRule(p.usb),
	})
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	w.Show()
	a.Run()
	w.Wait()
	return nil
}

func exportFolder() string {
	if d := xdg.UserDirs.Documents; d != "" {
		return d
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "."
	}
	return home
}

// openWithSystem opens a file or folder with the program that the system has for it.
func openWithSystem(path string) error {
	switch runtime.GOOS {
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", path).Start()
	case "darwin":
		return exec.Command("open", path).Start()
	}
	return exec.Command("xdg-open", path).Start()
}
