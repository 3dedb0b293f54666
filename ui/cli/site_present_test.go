package cli

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/papers"
)

func TestSitePresent(t *testing.T) {
	in := app.At(time.Date(2026, 11, 2, 5, 30, 0, 0, time.UTC))
	f := company()
	f.present = papers.BuildPresenceList(papers.Made{}, papers.PresenceQuestion{})
	f.present.To = in
	f.present.People = []papers.PersonThere{{WorkerID: "w", Name: "Peeters Anna", StaffNumber: "1001", Where: papers.Inside, In: in}}
	f.present.Boxes = []papers.BoxRead{{UID: ocbUID, Label: "Inkom"}}
	got := faked(t, f, nil, "--lang", "en", "site", "present", "Stadhuis", "--from", "2026-11-02 06:00", "--to", "2026-11-02 12:00", "--out", "list.pdf", "--reveal")
	wantText(t, got.out, "1 person inside", "Box Inkom was never read to its end", "Peeters Anna", "02/11/2026 06:30", "Written: list.pdf")
	opt, ok := f.wrote[0].(office.PaperOptions)
	if !ok || opt.Out != "list.pdf" || !opt.Reveal {
		t.Errorf("printed with %+v", f.wrote)
	}
	if d := f.paper[2].(app.Instant).Sub(f.paper[1].(app.Instant)); d != 6*time.Hour {
		t.Errorf("asked about %s", d)
	}
	if got := faked(t, f, nil, "--lang", "en", "site", "present", "Stadhuis", "--from", "2026-11-02 12:00", "--to", "2026-11-02 06:00"); got.code != ExitUsage {
		t.Errorf("an end before the beginning gives %d", got.code)
	}
}
