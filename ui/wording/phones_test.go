package wording_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

// Each state of an entry, and each reason to wait, has words and, where it waits, a step, in every language.
func TestEntriesSayWhatSettlesThem(t *testing.T) {
	for _, l := range app.Languages {
		say := catalogue(t).For(l)
		for _, e := range []app.RegisterEntry{
			{State: app.EntryBoxOrPhone, Waits: app.WaitsForFate}, {State: app.EntryBoxOrPhone, Waits: app.WaitsForBoxes},
			{State: app.EntryBoxOrPhone, Waits: app.WaitsForSame}, {State: app.EntryWhichSite}, {State: app.EntryWho},
		} {
			said, step := wording.Entry(say, &e), wording.EntryStep(say, &e)
			if said == "" || step == "" || strings.Contains(said+step, string(e.State)+"\n") || strings.Contains(step, "entry.") {
				t.Errorf("%s: %s, %s: %q, %q", l, e.State, e.Waits, said, step)
			}
			if e.Cancelled = true; wording.EntryStep(say, &e) != "" {
				t.Errorf("%s: something is to be done about what was cancelled", l)
			}
		}
		for _, s := range []app.ReadingSource{app.FromRegister, app.FromList, app.FromPerson} {
			if said := wording.EntrySource(say, s); said == string(s) {
				t.Errorf("%s: no words for %s", l, s)
			}
		}
	}
}

func TestPhonesTellWhatIsToBeDone(t *testing.T) {
	say := catalogue(t).For(app.English)
	s := &sending.PhonesState{Behind: 2, EntryCounts: ciao.EntryCounts{States: map[app.EntryState]int{app.EntryBoxOrPhone: 1, app.EntryWho: 3, app.EntryRegistered: 9}}}
	lines := strings.Join(wording.Phones(say, s), "\n")
	for _, want := range []string{"1 registration waits: box or phone?", "3 registrations by phone are of nobody in staff", "At 2 sites nobody has looked"} {
		if !strings.Contains(lines, want) {
			t.Errorf("nothing says %q: %s", want, lines)
		}
	}
	if strings.Contains(lines, "9") || len(wording.Phones(say, &sending.PhonesState{})) != 0 || wording.Phones(say, nil) != nil {
		t.Errorf("what asks for nothing is told: %s", lines)
	}
}

func TestWhatCameOfAskingTheRegister(t *testing.T) {
	say := catalogue(t).For(app.English)
	at := app.Instant(1795435200000)
	for _, c := range []struct {
		name string
		c    *ciao.Consulted
		want string
	}{
		{"all is known", &ciao.Consulted{Kept: ciao.Kept{New: 3, Waiting: 1}, ReadTo: at}, "new 3, changed 0, of other employers 0.\n1 of them waits for you.\nAll is known up to"},
		{"not offered", &ciao.Consulted{Code: ciao.CodeNoConsultation}, "Import a list from the NSSO's online service"},
		{"proves nothing", &ciao.Consulted{Code: ciao.CodeUnproven}, "proves nothing"},
		{"a fault", &ciao.Consulted{Code: ciao.CodeNoConnection, Left: 4}, "No connection to CIAO"},
		{"a moment ago", nil, "asked a moment ago"},
	} {
		if got := strings.Join(wording.Consulted(say, c.c, at), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}
