//go:build !nowindow

package program

import (
	"context"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"github.com/adrg/xdg"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/assets"
	"klokkast/devices"
	"klokkast/ui/cli"
	"klokkast/ui/display"
	"klokkast/ui/window"
)

// appID is the program's name among others, as FyneApp.toml has it.
const appID = "be.klokkast.desktop"

// NewWindow is the face with a window; newApp makes the toolkit's app, under the program's name.
func NewWindow(newApp func(id string) fyne.App) Window { return &windowFace{newApp} }

type windowFace struct{ newApp func(id string) fyne.App }

func (f *windowFace) open(ctx context.Context, p *program, o cli.OpenOptions, failed func(error)) error {
	path, noPath := o.DB, error(nil)
	if path == "" {
		path, noPath = ownDatabase() // before the toolkit makes itself at home
	}
	var opened io.Closer
	shut := func() error {
		if opened == nil {
			return nil
		}
		c := opened
		opened = nil
		return c.Close()
	}
	return f.show(
		ctx,
		p,
		o.Language,
		window.Opening{Path: path, Failed: failed, Close: shut, Open: func(ctx context.Context, path string) (*office.Office, window.Options, error) {
			if err := shut(); err != nil {
				return nil, window.Options{}, err
			}
			if path == "" {
				return nil, window.Options{}, noPath
			}
			o.DB, o.Check = path, true
			off, closer, err := p.open(ctx, o)
			if err != nil {
				return nil, window.Options{}, err
			}
			opened = closer
			return off, p.optionsFor(off), nil
		}},
	)
}

func (f *windowFace) demo(ctx context.Context, p *program, o cli.DemoOptions, live liveDemo) error {
	var ended chan error // of the demo that is live, if one is
	return f.show(
		ctx,
		p,
		o.Language,
		window.Opening{Path: o.Dir, Fixed: true, Failed: o.Failed, Open: func(ctx context.Context, _ string) (*office.Office, window.Options, error) {
			if ended != nil { // a window that is opened again after a mistake
				<-ended
			}
			ready, over := make(chan *office.Office), make(chan error, 1)
			go func() {
				_, err := live(ctx, o, func(ctx context.Context, off *office.Office) error {
					select {
					case ready <- off:
						<-ctx.Done()
					case <-ctx.Done():
					}
					return nil
				})
				over <- err
			}()
			select {
			case off := <-ready:
				ended = over
				return off, p.optionsFor(off), nil
			case err := <-over:
				ended = nil
				return nil, window.Options{}, err
			}
		}, Close: func() error {
			if ended == nil {
				return nil
			}
			return <-ended
		}},
	)
}

// optionsFor are those of the window on an office.
func (p *program) optionsFor(off *office.Office) window.Options {
	o := p.options(off.Language())
	o.Now = off.Now
	return o
}

func (p *program) options(l app.Language) window.Options {
	return window.Options{
		Title: "Klokkast", Version: version, Icon: fyne.NewStaticResource("klokkast.png", assets.IconPNG()),
		Texts: p.texts, Language: l, Export: filepath.Join(exportFolder(), "Klokkast"), Open: openWithSystem, UdevRule: devices.UdevRule(p.usb),
	}
}

// firstFrame is how long a display may take to show the window. What is known to
// be missing shows at once; this is for a driver that hangs, and a slow computer
// under load may take some seconds.
const firstFrame = 30 * time.Second

// show shows the window until it is closed or ctx ends. It gives what the
// display lacks where it cannot be shown, and then nothing has been opened yet.
func (f *windowFace) show(ctx context.Context, p *program, l app.Language, o window.Opening) (err error) {
	if l == "" {
		l = p.language
	}
	said := &display.Log{}
	log.SetOutput(said)
	defer log.SetOutput(os.Stderr)
	defer func() {
		if v := recover(); v != nil {
			if err = cli.MissingError(said.Lack()); err == nil {
				err = window.Panicked(v)
			}
		}
		if err != nil {
			p.tellWithoutTerminal(l, err)
		}
	}()
	p.calmDrivers()
	hangs := time.AfterFunc(firstFrame, func() {
		o.Failed(cli.MissingError(display.OpenGL))
		os.Exit(cli.ExitFailed) // the driver never comes back
	})
	a := f.newApp(appID)
	w := window.Start(a, p.options(l), o)
	w.Show()
	p.display.Close()
	if err := cli.MissingError(said.Lack()); err != nil {
		hangs.Stop()
		return err
	}
	if err := said.Pass(os.Stderr); err != nil {
		return err
	}
	go fyne.Do(func() { hangs.Stop() }) // once the window lives
	stop := context.AfterFunc(ctx, func() { fyne.Do(w.Quit) })
	defer stop()
	w.Open()
	a.Run()
	return w.Wait()
}

// calmDrivers sets what the toolkit and its drivers read: which display to use,
// and that what they complain of is told in words of our own.
func (p *program) calmDrivers() {
	set := func(name, value string) {
		if os.Getenv(name) == "" && value != "" {
			os.Setenv(name, value) // fails only for names that are none
		}
	}
	set("FYNE_PLATFORM", p.display.Platform)
	set("LIBGL_DEBUG", "quiet")
	set("EGL_LOG_LEVEL", "fatal")
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
