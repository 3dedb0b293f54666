package cli

import (
	"errors"
	"strings"
	"sync"

	"klokkast/ui/display"
)

type windowCmd struct{}

// Run opens the window; where there is none it says why and shows the help.
func (c *windowCmd) Run(r *run) error {
	err := r.noWindow()
	if err == nil {
		var f failures
		return f.left(r.parts.Window(r.ctx, r.openOptions(), f.teller(r)))
	}
	if r.json {
		return err
	}
	r.aside(r.word(err))
	r.aside("")
	parser, exited, e := r.parser()
	if e != nil {
		return e
	}
	if _, e = parser.Parse([]string{"--help"}); e != nil && !*exited {
		return e
	}
	return errSaid
}

// noWindow says why no window can be opened; nil where one can.
func (r *run) noWindow() error {
	if r.parts.Window == nil {
		return failure("missing.window")
	}
	if r.parts.Missing == nil {
		return nil
	}
	return MissingError(r.parts.Missing())
}

// MissingError words what a window lacks; nil for nothing.
func MissingError(lack display.Lack) error {
	switch lack {
	case display.Nothing:
		return nil
	case display.Refused:
		return failure("missing.refused")
	case display.OpenGL:
		return failure("missing.opengl")
	}
	return failure("missing.display")
}

// IsMissing says that an error is one of MissingError.
func IsMissing(err error) bool {
	var k *keyed
	return errors.As(err, &k) && strings.HasPrefix(k.key, "cli.missing.")
}

// failures are those that a window shows: standard error says each at once, for
// whoever started the program in a terminal.
type failures struct {
	mu   sync.Mutex
	last error
}

// teller returns what the window tells its failures to.
func (f *failures) teller(r *run) func(error) {
	return func(err error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if !r.json { // that is one object, at the end
			r.complain(err)
			f.last = err
		}
	}
}

// left returns what is still to be said of an error that ended the window.
func (f *failures) left(err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil && f.last != nil && errors.Is(err, f.last) {
		return errSaid
	}
	return err
}
