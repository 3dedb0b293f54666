package field

import (
	"testing"
	"time"
)

func TestAReaderIsToldFromFingers(t *testing.T) {
	start := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, text string
		gap        time.Duration
		reader     bool
	}{
		{"a reader", "0004660466", 8 * time.Millisecond, true},
		{"a slow reader", "0004660466", 49 * time.Millisecond, true},
		{"fingers", "0004660466", 50 * time.Millisecond, false},
		{"too short for a badge", "123", 5 * time.Millisecond, false},
		{"four are enough", "1234", 5 * time.Millisecond, true},
		{"nothing", "", 0, false},
	} {
		var w Wedge
		at := start
		for _, r := range c.text {
			w.Type(r, at)
			at = at.Add(c.gap)
		}
		if text, reader := w.Enter(); text != c.text || reader != c.reader {
			t.Errorf("%s: %q, a reader: %v", c.name, text, reader)
		}
		if w.Text() != "" {
			t.Errorf("%s: something is left after Enter", c.name)
		}
	}
	// One pause among fast keys is enough, and so is a key that was taken back.
	var w Wedge
	for i, r := range "12345" {
		w.Type(r, start.Add(time.Duration(i)*time.Millisecond))
	}
	w.Rub()
	if text, reader := w.Enter(); text != "1234" || reader {
		t.Errorf("after rubbing out: %q, a reader: %v", text, reader)
	}
	w.Type('9', start)
	w.Rub()
	for i, r := range "5678" { // all was rubbed out: a new beginning
		w.Type(r, start.Add(time.Hour+time.Duration(i)*time.Millisecond))
	}
	if text, reader := w.Enter(); text != "5678" || !reader {
		t.Errorf("after rubbing all out: %q, a reader: %v", text, reader)
	}
}
