package cli

import (
	"testing"

	"klokkast/app"
	"klokkast/app/office"
)

func TestBoxReceipt(t *testing.T) {
	f := company()
	f.readings = []app.Reading{{ID: "new", Log: app.LogKey{Box: ocbUID}}, {ID: "old", Log: app.LogKey{Box: ocbUID}}}
	f.boxes = []office.BoxRow{{Box: app.Box{UID: ocbUID, Label: "Inkom"}, Known: true}, {Box: app.Box{UID: "unread", Label: "Kelder"}, Known: true}}
	got := faked(t, f, nil, "--lang", "en", "box", "receipt", "old", "--out", "r.pdf")
	wantText(t, got.out, "Written: r.pdf")
	got = faked(t, f, nil, "--json", "box", "receipt", "Inkom", "--out", "r.pdf") // the last one of the box
	want(t, object(t, got.out), map[string]any{"readingId": "new", "file": "r.pdf"})
	got = faked(t, f, nil, "--lang", "en", "box", "receipt", "Kelder", "--out", "r.pdf")
	wantText(t, got.err, "Kelder")
	if got.code != ExitFailed {
		t.Errorf("a box that was never read gives %d", got.code)
	}
}
