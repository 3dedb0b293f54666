package wording_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

// Whoever agrees to a sending was told how many, whose, of which days and sites, the oldest, and what stays and why.
func TestWhatWouldBeSentIsSaidInEveryLanguage(t *testing.T) {
	oldest := app.NewDate(2026, 11, 2).Start((&derived.Names{}).Zone("")) + 7*3600_000
	a := &sending.SendingAhead{
		Environment: app.Production, Count: 3936, People: 21, On: 30, Days: app.Days{From: app.NewDate(2026, 11, 2), To: app.NewDate(2026, 12, 1)}, Oldest: oldest,
		Held:    []sending.HeldCount{{Reason: app.HeldClock, Count: 17, Oldest: oldest}},
		Unknown: 5, NeedsPerson: 4, First: true, Asks: []sending.AskReason{sending.AskFirst, sending.AskMany, sending.AskOld},
	}
	for range 8 {
		a.Sites = append(a.Sites, sending.SiteCount{Count: 492})
	}
	for _, l := range app.Languages {
		say := catalogue(t).For(l)
		all := strings.Join(wording.Ahead(say, &derived.Names{}, a), "\n")
		for _, want := range []string{say.Number(3936), "21", "30", say.Date(a.Days.To), "7:00", "492", "2 ", "17", wording.Held(say, app.HeldClock), "5 ", "4 ", "200", "24"} {
			if !strings.Contains(all, want) {
				t.Errorf("%s: nothing says %q:\n%s", l, want, all)
			}
		}
		if m := catalogue(t).Missing(); len(m) > 0 {
			t.Errorf("missing: %v", m)
		}
		nothing := strings.Join(wording.Ahead(say, &derived.Names{}, &sending.SendingAhead{Environment: app.Production}), "\n")
		if nothing == "" || strings.Contains(nothing, "0") {
			t.Errorf("%s: with nothing to send: %q", l, nothing)
		}
	}
}
