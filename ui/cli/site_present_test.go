package cli

import (
	"path/filepath"
	"slices"
	"testing"

	"klokkast/app"
	"klokkast/ui/officetest"
)

// revealed says that the trail has it that Anna's number was shown.
func revealed(c *officetest.Company) bool {
	return slices.ContainsFunc(c.Acts("worker:"+string(c.Anna.ID)), func(a app.TrailEntry) bool { return a.What == "ssin.print" || a.What == "ssin.reveal" })
}

func TestSitePresent(t *testing.T) {
	c := officetest.New(t)
	c.Now = c.At("2026-11-02 12:00")
	c.Read(officetest.In("2026-11-02 06:30"))
	out := filepath.Join(t.TempDir(), "list.pdf")
	line := `site present Stadhuis --from "2026-11-02 06:00" --to "2026-11-02 12:00" `
	wantText(t, said(t, c, line+"--out "+out+" --reveal"), "1 person inside", "Peeters Anna", "02/11/2026 06:30", "Written: "+out)
	isPDF(t, out)
	if !revealed(c) {
		t.Error("the trail does not say that her number is on paper")
	}
	want(t, asked(t, c, line), map[string]any{"from": "2026-11-02T05:00:00.000Z", "to": "2026-11-02T11:00:00.000Z", "people.0.name": "Peeters Anna"})
	if people := at(t, asked(t, c, `site present Stadhuis --from "2026-11-02 05:00" --to "2026-11-02 06:00"`), "people").([]any); len(people) != 0 {
		t.Errorf("before she came: %v", people)
	}
	c.Do(c.Office().Boxes.PlaceBox(t.Context(), c.OtherBox("Inkom"), c.Site.ID, c.At("2026-11-01 00:00"), officetest.Why))
	wantText(t, said(t, c, line), "Box Inkom was never read to its end")
	if got := klokkast(t, c, nil, "--lang", "en", "site", "present", "Stadhuis", "--from", "2026-11-02 12:00", "--to", "2026-11-02 06:00"); got.code != ExitUsage {
		t.Errorf("an end before the beginning gives %d", got.code)
	}
}
