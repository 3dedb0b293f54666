package ciao_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
)

// tomorrow returns the fine company with one shift tomorrow and no punch yet.
func tomorrow(t *testing.T) ciao.PreflightInput {
	t.Helper()
	plan := fine(t)
	plan.Taps = nil
	day := app.NewDate(2026, 11, 24)
	return ciao.PreflightInput{
		PlanInput: plan, Days: app.Days{From: day - 1, To: day}, Access: ciao.PreflightAccess{Known: true},
		Shifts: []app.Shift{
			{
				Day:          day,
				SiteID:       "s",
				WorkerID:     "w",
				EngagementID: "e",
				State:        app.ShiftExpected,
				From:         at(7, 0).Add(24 * time.Hour),
				To:           at(11, 0).Add(24 * time.Hour),
			},
		},
	}
}

func flown(in ciao.PreflightInput) (out []string) {
	in.Candidates = ciao.Plan(in.PlanInput)
	for _, l := range ciao.Preflight(in) {
		refused := "waits"
		if l.Refused {
			refused = "refused"
		}
		out = append(out, fmt.Sprintf("%s %s %s %s:%s → %s", l.Day, l.Source, refused, l.Code, l.Subject.ID, l.Remedy))
	}
	slices.Sort(out)
	return out
}

// Each cause alone, on tomorrow's shift.
func TestWhatWouldBeRefusedTomorrow(t *testing.T) {
	day := app.NewDate(2026, 11, 24)
	for _, tt := range []struct {
		name   string
		change func(*ciao.PreflightInput)
		want   []string
	}{
		{"nothing", func(*ciao.PreflightInput) {}, nil},
		{"no SSIN", func(in *ciao.PreflightInput) { in.Workers[0].SSIN = "" }, []string{"refused ssin-missing:w → complete-identity"}},
		{"wrong SSIN", func(in *ciao.PreflightInput) { in.Workers[0].SSIN = "85011512356" }, []string{"refused ssin-wrong:w → complete-identity"}},
		{"Limosa only", func(in *ciao.PreflightInput) { in.Workers[0].SSIN, in.Workers[0].Limosa = "", "L1234567" }, []string{"refused limosa-only:w → complete-identity"}},
		{"Limosa expired", func(in *ciao.PreflightInput) {
			in.Workers[0].Limosa, in.Workers[0].LimosaDays = "L1234567", app.Days{To: day - 1}
		}, []string{"waits limosa-expired:w → complete-identity"}},
		{"no employer number", func(in *ciao.PreflightInput) { in.Employers[0].Enterprise = "" }, []string{"refused employer-number-missing:own → complete-employer"}},
		{"wrong employer number", func(in *ciao.PreflightInput) { in.Employers[0].Enterprise = "0123456748" }, []string{"refused employer-number-wrong:own → complete-employer"}},
		{"temporary worker without agency", func(in *ciao.PreflightInput) { in.Engagements[0].Capacity = app.TemporaryWorker }, []string{"refused agency-missing:e → change-engagement"}},
		{"registers since is missing", func(in *ciao.PreflightInput) { in.Employers[0].RegistersSince = 0 }, []string{"refused since-missing:own → set-since"}},
		{"the credential may not", func(in *ciao.PreflightInput) { in.Parked = map[string]ciao.Parked{"0123456749": {}} }, []string{"refused parked:own → ask-permission"}},
		{"no decision", func(in *ciao.PreflightInput) { in.Decisions = nil }, []string{"refused undecided-site:s → decide-site"}},
		{"not under CIAO", func(in *ciao.PreflightInput) {
			in.Decisions[0].Decision, in.Workers[0].SSIN = app.NotUnder, ""
		}, nil},
		{"no place", func(in *ciao.PreflightInput) { in.Sites[0].Coordinates = nil }, []string{"refused place-incomplete:s → complete-place"}},
		{"outside Belgium", func(in *ciao.PreflightInput) {
			in.Sites[0].Coordinates = &app.Coordinates{Latitude: 4.3517, Longitude: 50.8503}
		}, []string{"refused place-outside:s → complete-place"}},
		{"no declaration", func(in *ciao.PreflightInput) { in.DeclarationSites = nil }, []string{"refused declaration-missing:s → add-declaration"}},
		{"expired", func(in *ciao.PreflightInput) { in.Declarations[0].Days.To = day - 1 }, []string{"refused declaration-expired:s → add-declaration"}},
		{"not yet", func(in *ciao.PreflightInput) { in.Declarations[0].Days.From = day + 1 }, []string{"refused declaration-later:s → add-declaration"}},
		{"not this address", func(in *ciao.PreflightInput) { in.DeclarationSites[0].Days.To = day - 1 }, []string{"refused declaration-not-address:s → link-declaration"}},
		{"wrong number", func(in *ciao.PreflightInput) { in.Declarations[0].Number = "1Y1003SQ5VSSO" }, []string{"refused declaration-wrong:s → add-declaration"}},
		{"several", func(in *ciao.PreflightInput) {
			in.DeclarationSites = append(in.DeclarationSites, app.DeclarationSite{DeclarationID: "d2", SiteID: "s"})
		}, []string{"refused many-declarations:s → choose-declaration"}},
		{"two at once", func(in *ciao.PreflightInput) { in.Workers[0].SSIN, in.Sites[0].Coordinates = "", nil },
			[]string{"refused place-incomplete:s → complete-place", "refused ssin-missing:w → complete-identity"}},
		{"engagement over", func(in *ciao.PreflightInput) { in.Engagements[0].Days.To = day - 1 }, []string{"refused no-engagement:e → change-engagement"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := tomorrow(t)
			tt.change(&in)
			var want []string
			for _, w := range tt.want {
				want = append(want, "2026-11-24 shift "+w)
			}
			if d := cmp.Diff(want, flown(in)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTheCredentialIsInEveryonesWay(t *testing.T) {
	for want, a := range map[string]ciao.PreflightAccess{
		"credential-missing": {}, "credential-locked": {Known: true, Locked: true}, "credential-expired": {Known: true, Expires: at(6, 0)},
	} {
		in := tomorrow(t)
		in.Access = a
		got := ciao.Preflight(in)
		if len(got) != 1 || string(got[0].Code) != want || !got[0].Refused || got[0].WorkerID != "" {
			t.Errorf("%s: %+v", want, got)
		}
	}
}

// Whoever is engaged and has neither punch nor shift is looked at, too: by what is known without a site.
func TestPeopleWithoutPunchesAreLookedAt(t *testing.T) {
	in := tomorrow(t)
	in.Shifts = nil
	in.Workers[0].SSIN = ""
	in.Sites[0].Coordinates = nil
	if d := cmp.Diff([]string{"2026-11-23 engaged refused ssin-missing:w → complete-identity"}, flown(in)); d != "" {
		t.Error(d)
	}
	in.Engagements[0].Days.From = app.NewDate(2026, 11, 25) // after these days
	if got := flown(in); got != nil {
		t.Error(got)
	}
}

// A punch that waits for a person's judgement is told of, but is not refused.
func TestPunchesThatWait(t *testing.T) {
	in := tomorrow(t)
	in.Shifts = nil
	in.Taps = []app.Tap{tap(1, at(6, 58), app.KeyIn, app.TapIn), tap(2, at(8, 0), app.KeyIn, app.TapIgnored)}
	in.Taps[0].OffsetKnown = false
	if d := cmp.Diff([]string{"2026-11-23 punch waits clock:b → repair-clock"}, flown(in)); d != "" {
		t.Error(d)
	}
	in.Taps[0].OffsetKnown = true // sent by itself
	if got := flown(in); got != nil {
		t.Error(got)
	}
}

func TestCausesAreGathered(t *testing.T) {
	in := tomorrow(t)
	in.Workers = append(in.Workers, app.Worker{ID: "x", SSIN: "93051822361"})
	in.Engagements = append(in.Engagements, app.Engagement{ID: "f", WorkerID: "x", EmployerID: "own"})
	second := in.Shifts[0]
	second.WorkerID, second.EngagementID, second.From, second.Day = "x", "f", second.From.Add(-24*time.Hour), second.Day-1
	in.Shifts = append(in.Shifts, second)
	in.DeclarationSites = nil
	in.Workers[1].SSIN = ""
	want := []ciao.PreflightCause{
		{Code: "declaration-missing", Remedy: "add-declaration", Refused: true, Subject: app.Subject{Kind: app.AboutSite, ID: "s"},
			Workers: []app.ID{"w", "x"}, Sites: []app.ID{"s"}, Days: in.Days, Count: 2},
		{Code: "ssin-missing", Remedy: "complete-identity", Refused: true, Subject: app.Subject{Kind: app.AboutWorker, ID: "x"},
			Workers: []app.ID{"x"}, Sites: []app.ID{"s"}, Days: app.Days{From: in.Days.From, To: in.Days.From}, Count: 1},
	}
	if d := cmp.Diff(want, ciao.GroupPreflight(ciao.Preflight(in))); d != "" {
		t.Error(d)
	}
}
