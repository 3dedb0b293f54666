package window

import (
	"context"
	"errors"

	"klokkast/app/output"
)

// inTheWay gives the files that the program did not write, where they kept it from writing.
func inTheWay(err error) []string {
	var e *output.Error
	if errors.As(err, &e) {
		return e.Paths
	}
	return nil
}

// askReplace asks whether files that the program did not write are replaced, and
// then does it again. It says false where they are not what stands against it.
func (h *host) askReplace(err error, again func()) bool {
	files := inTheWay(err)
	if len(files) == 0 {
		return false
	}
	h.confirm(h.t.T("window.replace.title"), h.t.N("window.replace.what", len(files), "File", files[0]), h.t.T("window.replace.do"), again)
	return true
}

// attempt is the writing of a file in two steps: first so that nothing of others
// is replaced; where something is in the way, it asks and tries again.
type attempt struct {
	h       *host
	write   func(ctx context.Context, replace bool) error
	done    func()
	blocked error
}

// first is done in the background.
func (a *attempt) first(ctx context.Context) error {
	err := a.write(ctx, false)
	if a.blocked = nil; len(inTheWay(err)) > 0 {
		a.blocked = err
		return nil
	}
	return err
}

// then goes on in the window.
func (a *attempt) then() {
	if !a.h.askReplace(a.blocked, func() { a.h.act(func(ctx context.Context) error { return a.write(ctx, true) }, a.done) }) {
		a.done()
	}
}
