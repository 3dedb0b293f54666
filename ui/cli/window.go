package cli

import "os"

type windowCmd struct{}

// Run opens the window; where there is none it says why and shows the help.
func (c *windowCmd) Run(r *run) error {
	if r.canShow() {
		return r.parts.Window(r.ctx, r.openOptions())
	}
	err := r.noWindow()
	if r.json {
		return err
	}
	r.aside(r.word(err))
	r.aside("")
	parser, _, e := r.parser()
	if e != nil {
		return e
	}
	if _, e = parser.Parse([]string{"--help"}); e != nil {
		return e
	}
	return errSaid
}

func (r *run) canShow() bool {
	return r.parts.Window != nil && (r.parts.HasDisplay == nil || r.parts.HasDisplay())
}

// noWindow says why no window can be opened.
func (r *run) noWindow() error {
	if r.parts.Window == nil {
		return failure("missing.window")
	}
	return failure("missing.display")
}

// HasDisplay says that a window can be shown on this system, as far as the
// environment tells: Windows and macOS always have a screen, others need an
// X or Wayland display. It is what main gives as Parts.HasDisplay.
func HasDisplay(goos string) bool {
	switch goos {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}
