package kittest

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/ui/officetest"
)

// recorder is a test that only notes what fails it.
type recorder struct {
	testing.TB
	failed []string
}

func (r *recorder) Errorf(format string, _ ...any) { r.failed = append(r.failed, format) }

// Whoever asks the database or a box on the window's goroutine is found, and
// whoever does so in the background is not.
func TestWhatIsSlowOnTheWindowsGoroutineIsFound(t *testing.T) {
	const cable = "sim:1"
	s := Enter(t, app.English, func(c *officetest.Company) { c.Cables.Plug(t, cable, officetest.Known()) })
	for name, ask := range map[string]func() error{
		"the database": func() error { _, err := s.Office.Derived.Names(t.Context()); return err },
		"a change":     func() error { return s.Office.SetActor(t.Context(), "An") },
		"a box":        func() error { _, err := s.Office.Boxes.BoxDetail(t.Context(), cable); return err },
	} {
		noted := &recorder{TB: t}
		s.Test = noted
		if err := ask(); err != nil || len(noted.failed) == 0 || !strings.Contains(noted.failed[0], "on the window's goroutine") {
			t.Errorf("%s: %v, %q", name, err, noted.failed)
		}
		noted.failed = nil
		s.Run(func() {
			s.Do(func() {}) // back and away again
			if err := ask(); err != nil {
				t.Error(name, err)
			}
		})
		done := make(chan error)
		go func() { done <- ask() }()
		if err := <-done; err != nil || len(noted.failed) != 0 {
			t.Errorf("%s in the background: %v, %q", name, err, noted.failed)
		}
	}
}
