package derived

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
)

// Nothing waits for a declaration without a finding that says so, and what a finding says waits.
func TestWhatWaitsForADeclarationIsFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		facts := manyMonths(rt)
		facts.Declarations, facts.DeclarationSites = nil, nil
		first := facts.Punches[0].At.DateIn(app.Belgium())
		for i := range rapid.IntRange(0, 3).Draw(rt, "declarations") {
			id := app.ID(fmt.Sprint("decl", i))
			from := first + app.Date(rapid.IntRange(-5, 60).Draw(rt, "from"))
			days := app.Days{From: from, To: from + app.Date(rapid.IntRange(0, 30).Draw(rt, "runs"))}
			facts.Declarations = append(facts.Declarations, app.Declaration{ID: id, Number: []string{"1Y1003SQ5VSSZ", "1Y1003SQ5VSTB", "1Y1003SQ5VSVE"}[i], Days: days})
			facts.DeclarationSites = append(facts.DeclarationSites, app.DeclarationSite{ID: id, DeclarationID: id, SiteID: "A"})
		}
		r := attendance.Derive(&facts)
		found := map[app.RecordKey]bool{}
		for _, a := range r.Anomalies {
			if a.Rule == app.NoDeclaration || a.Rule == app.DeclarationExpired {
				for _, k := range a.Punches {
					found[k] = true
				}
			}
		}
		taps := map[app.RecordKey]app.Tap{}
		for _, t := range r.Taps {
			taps[t.Punch.Key] = t
		}
		plan := ciao.Plan(ciao.PlanInput{Environment: app.Production, Now: facts.Now, Zone: app.Belgium(), Settings: ciao.DefaultSettings(), Taps: r.Taps,
			Engagements: facts.Engagements, Employers: facts.Employers, Workers: facts.Workers, Sites: facts.Sites, Decisions: facts.SiteDecisions,
			Declarations: facts.Declarations, DeclarationSites: facts.DeclarationSites})
		for _, c := range plan {
			t := taps[c.Registration.Punch]
			waits := t.SiteID == "A" && slices.Contains(c.Reasons, app.HeldNoDeclaration)
			if waits && !found[t.Punch.Key] {
				rt.Fatalf("%s, %s of %q at %s, waits for a declaration, and nothing is found", t.Punch.Key, t.Role, t.WorkerID, t.At)
			}
			if begins := t.Role == app.TapIn || t.Role == app.TapBreakEnd; begins && found[t.Punch.Key] && !waits {
				rt.Fatalf("%s, %s of %q at %s, is said to have no declaration, and does not wait", t.Punch.Key, t.Role, t.WorkerID, t.At)
			}
		}
	})
}
