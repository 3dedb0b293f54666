package kit

import (
	"context"
	"errors"

	"klokkast/app/output"
)

// InTheWay returns the files that the program did not write, where they kept it from writing.
func InTheWay(err error) []string {
	var e *output.Error
	if errors.As(err, &e) {
		return e.Paths
	}
	return nil
}

// AskReplace asks whether files that the program did not write are replaced, and
// then does it again. It says false where they are not what stands against it.
func (h *Host) AskReplace(err error, again func()) bool {
	files := InTheWay(err)
	if len(files) == 0 {
		return false
	}
	h.Confirm(h.Texts.T("window.replace.title"), h.Texts.N("window.replace.what", len(files), "File", files[0]), h.Texts.T("window.replace.do"), again)
	return true
}

// attempt is the writing of a file in two steps: first so that nothing of others
// is replaced; where something is in the way, it asks and tries again.
type attempt struct {
	h       *Host
	write   func(ctx context.Context, replace bool) error
	done    func()
	blocked error
}

// First is done in the background.
func (a *attempt) First(ctx context.Context) error {
	err := a.write(ctx, false)
	if a.blocked = nil; len(InTheWay(err)) > 0 {
		a.blocked = err
		return nil
	}
	return err
}

// Then goes on in the window.
func (a *attempt) Then() {
	if !a.h.AskReplace(a.blocked, func() { a.h.Act(func(ctx context.Context) error { return a.write(ctx, true) }, a.done) }) {
		a.done()
	}
}
