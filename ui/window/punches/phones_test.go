package punches

import (
	"testing"

	"klokkast/app"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit/kittest"
)

// What somebody registered by phone stands among the punches, with no box and no badge.
func TestWhatIsRegisteredByPhoneIsMarked(t *testing.T) {
	w := kittest.NewTheatre(t, app.English, func(c *officetest.Company) {
		c.AllowPhones()
		c.Read(officetest.In("2026-11-23 08:00"))
		c.Phoned(4711, "2026-11-23 08:10", app.RegisterIn)
		c.Phoned(4712, "2026-11-23 11:00", app.RegisterOut)
	})
	p := thePunches(t, w.Stage)
	w.Settle()
	var got [][4]string
	for _, r := range p.grid.Shown() {
		got = append(got, [4]string{r.Role, r.Person, r.Box, r.Registration})
	}
	want := [][4]string{
		{"Out", "Peeters Anna", "by phone or otherwise", "By phone or otherwise"},
		{"Same act", "Peeters Anna", "by phone or otherwise", "By phone or otherwise"},
		{"In", "Peeters Anna", "Leuven balie", "By phone or otherwise"},
	}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d is %q, want %q", i, got[i], want[i])
		}
	}
}
