package ciao_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
)

func TestRadar(t *testing.T) {
	today := app.NewDate(2026, 11, 23)
	until := func(d app.Date) app.Days { return app.Days{From: app.NewDate(2024, 1, 1), To: d} }
	in := ciao.RadarInput{
		Now: at(10, 0), Today: today, Within: func(s app.Site) int64 { return 30 },
		Sites: []app.Site{{ID: "none"}, {ID: "ended"}, {ID: "ending"}, {ID: "goes-on"}, {ID: "fine"}, {ID: "not-under"}, {ID: "closed", Ended: at(8, 0)}},
		Declarations: []app.Declaration{
			{ID: "d-ended", Days: until(today - 1)}, {ID: "d-older", Days: until(today - 90)}, {ID: "d-ending", Days: until(today + 30)},
			{ID: "d-next", Days: app.Days{From: today + 31, To: today + 400}}, {ID: "d-fine", Days: until(today + 31)},
			{ID: "d-five", Days: app.Days{From: app.NewDate(2024, 3, 1), To: app.NewDate(2029, 2, 28)}},
			{ID: "d-six", Days: app.Days{From: app.NewDate(2024, 3, 1), To: app.NewDate(2029, 3, 1)}},
			{ID: "d-endless", Days: app.Days{From: app.NewDate(2024, 1, 1)}},
		},
		Findings: []app.Anomaly{
			{Rule: app.NoDeclaration, SiteID: "none", Day: today - 1, Punches: make([]app.RecordKey, 4)},
			{Rule: app.DeclarationExpired, SiteID: "none", Day: today - 2, Punches: make([]app.RecordKey, 2)},
			{Rule: app.AmbiguousDeclared, SiteID: "fine", Day: today, Punches: make([]app.RecordKey, 1)},
			{Rule: app.MissingOut, SiteID: "fine", Day: today, Punches: make([]app.RecordKey, 1)},
		},
	}
	for _, s := range in.Sites {
		decision := app.UnderCIAO
		if s.ID == "not-under" {
			decision = app.NotUnder
		}
		in.Decisions = append(in.Decisions, app.SiteDecision{SiteID: s.ID, Decision: decision, From: at(1, 0)})
	}
	link := func(d, s app.ID) {
		in.DeclarationSites = append(in.DeclarationSites, app.DeclarationSite{DeclarationID: d, SiteID: s})
	}
	link("d-ended", "ended")
	link("d-older", "ended")
	link("d-ending", "ending")
	link("d-ending", "goes-on")
	link("d-next", "goes-on")
	link("d-fine", "fine")
	link("d-five", "fine")
	link("d-six", "fine")
	link("d-ended", "not-under")
	link("d-ended", "closed")
	var got []string
	for _, i := range ciao.Radar(in) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %d %t %d×%d", i.Code, i.SiteID, i.DeclarationID, i.Left, i.Covered, len(i.Days), i.Punches)))
	}
	want := []string{
		"outside none  0 false 2×6",
		"missing none  0 false 0×0",
		"ended ended d-ended -1 false 0×0",
		"ambiguous fine  0 false 1×1",
		"ending ending d-ending 30 false 0×0",
		"ending goes-on d-ending 30 true 0×0",
		"too-long  d-six " + fmt.Sprint(int(app.NewDate(2029, 3, 1)-today)) + " false 0×0",
		"endless  d-endless 0 false 0×0",
		"unattached  d-endless 0 false 0×0",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A declaration covers a site no longer than it is attached to it.
func TestTheRadarSeesTheDaysOfTheAttachment(t *testing.T) {
	today := app.NewDate(2026, 11, 23)
	in := ciao.RadarInput{
		Now: at(10, 0), Today: today, Within: func(app.Site) int64 { return 30 }, Sites: []app.Site{{ID: "s"}},
		Decisions:        []app.SiteDecision{{SiteID: "s", Decision: app.UnderCIAO, From: at(1, 0)}},
		Declarations:     []app.Declaration{{ID: "d", Days: app.Days{From: today - 100, To: today + 900}}},
		DeclarationSites: []app.DeclarationSite{{DeclarationID: "d", SiteID: "s", Days: app.Days{To: today + 5}}},
	}
	got := ciao.Radar(in)
	if len(got) != 1 || got[0].Code != ciao.RadarEnding || got[0].Left != 5 {
		t.Errorf("%+v", got)
	}
}
