package papers_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/papers"
)

// receipt is of a made-up reading of 41 records with a clock 2.34 s behind.
func receipt() *papers.ReadingReceipt {
	log := app.LogKey{Box: "0a3f00000000000000000000000000ff", Log: "11111111111111111111111111111111"}
	return &papers.ReadingReceipt{
		Made: made, Box: app.Box{UID: log.Box, Label: "Inkom"}, Installation: "Laptop Els", Zone: app.DefaultZone,
		Reading: app.Reading{ID: "reading-1", Log: log, Source: app.FromCable, Actor: "Els", State: app.ReadingDone, Started: at(9, 0), Ended: at(9, 1),
			First: 101, Last: 141, Records: 41, New: 40, EndHash: strings.Repeat("ab", 32), Acked: 141, BoxLast: 141, ReadTo: at(9, 0),
			Clock: &app.ClockOffset{At: at(9, 0), Offset: -2340 * time.Millisecond, Uncertainty: 4 * time.Millisecond}},
		Gaps: []app.Gap{{Log: log, First: 1, Last: 90, ReadElsewhere: true}, {Log: log, First: 95, Last: 100}},
	}
}

func TestTheReceiptOfAReading(t *testing.T) {
	pdf, words := printed(t, app.English, receipt())
	flat := strings.Join(strings.Fields(words), " ")
	for _, want := range []string{"Inkom", "41 records, 40 of them new", "101 – 141", strings.Repeat("ab", 32), "2.340 s behind", "± 0.004 s", "1 to 90", "95 to 100", "Laptop Els", "23/11/2026 09:00:00"} {
		if !strings.Contains(flat, want) {
			t.Errorf("the receipt does not say %q:\n%s", want, words)
		}
	}
	if n := strings.Count(flat, "another installation"); n != 1 {
		t.Errorf("%d gaps were read elsewhere, want 1", n)
	}
	if again, _ := printed(t, app.English, receipt()); !bytes.Equal(pdf, again) {
		t.Error("the same reading gives other bytes")
	}
}

// A reading that was cut off, and a file: what is not known is said to be none, in every language.
func TestTheReceiptOfWhatIsNotKnown(t *testing.T) {
	for _, lang := range app.Languages {
		r := receipt()
		r.Reading = app.Reading{
			ID:       "reading-2",
			Log:      r.Reading.Log,
			Source:   app.FromFile,
			FileName: "attlog.dat",
			State:    app.ReadingStopped,
			Started:  at(9, 0),
			Records:  3,
		}
		r.Gaps = nil
		_, words := printed(t, lang, r)
		if !strings.Contains(words, "attlog.dat") || strings.Contains(words, "papers.") || strings.Contains(words, "0 – 0") {
			t.Errorf("%s:\n%s", lang, words)
		}
	}
}
