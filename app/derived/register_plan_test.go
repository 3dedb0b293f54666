package derived

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// manyMonths draws half a year of three people's taps at two sites.
func manyMonths(rt *rapid.T) attendance.Input {
	start := app.NewDate(2026, 1, 5).Start(app.Belgium())
	in := attendance.Input{Employers: []app.Employer{{ID: "boss", Enterprise: "0206731645", RegistersSince: start.Add(20 * 24 * time.Hour)}}}
	for _, site := range []app.ID{"A", "B"} {
		in.Sites = append(in.Sites, app.Site{ID: site, Zone: app.DefaultZone, Coordinates: &app.Coordinates{Latitude: 50.88, Longitude: 4.71}})
		in.Boxes = append(in.Boxes, app.Box{UID: "box" + string(site)})
		in.Placements = append(in.Placements, app.Placement{ID: site, BoxUID: "box" + string(site), SiteID: site, Span: app.Span{From: start}})
	}
	in.SiteDecisions = []app.SiteDecision{{ID: "d", SiteID: "A", Decision: app.UnderCIAO, From: start}}
	in.Declarations = []app.Declaration{{ID: "decl", Number: "1Y1003SQ5VSSZ"}}
	in.DeclarationSites = []app.DeclarationSite{{ID: "link", DeclarationID: "decl", SiteID: "A"}}
	for i, ssin := range []app.Secret{"85011512355", "93051822361", ""} {
		id := app.ID(fmt.Sprintf("w%d", i))
		in.Workers = append(in.Workers, app.Worker{ID: id, SSIN: ssin})
		in.Engagements = append(in.Engagements, app.Engagement{ID: id, WorkerID: id, EmployerID: "boss", Capacity: app.Employee})
		in.Identifiers = append(in.Identifiers, app.Identifier{ID: id, Key: app.IdentifierKey{Kind: app.Card, Value: "0" + string(id)}})
		in.Custodies = append(in.Custodies, app.Custody{ID: id, IdentifierID: id, EngagementID: id, Span: app.Span{From: 1}})
	}
	at, seq := start, map[string]uint64{}
	for range rapid.IntRange(1, 120).Draw(rt, "taps") {
		at = at.Add(time.Duration(rapid.SampledFrom([]int{1, 4, 8, 30, 60, 100}).Draw(rt, "hours")) * time.Hour)
		box := rapid.SampledFrom([]string{"boxA", "boxA", "boxB"}).Draw(rt, "box")
		seq[box]++
		in.Punches = append(in.Punches, app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: box, Log: "log"}, Seq: seq[box]}, At: at,
			Identifier: app.IdentifierKey{Kind: app.Card, Value: rapid.SampledFrom([]string{"0w0", "0w1", "0w2", "0BAD"}).Draw(rt, "card")},
			Pressed:    app.PunchKey(rapid.IntRange(0, 4).Draw(rt, "key"))})
	}
	in.Now = at.Add(time.Duration(rapid.IntRange(0, 900).Draw(rt, "hours later")) * time.Hour)
	for box, n := range seq {
		in.Readings = append(
			in.Readings,
			app.Reading{ID: app.ID("r" + box), Log: app.LogKey{Box: box, Log: "log"}, State: app.ReadingDone, Last: n, Ended: in.Now, ReadTo: in.Now,
				Clock: &app.ClockOffset{At: in.Now}, Check: app.ClockCheck{At: in.Now}},
		)
	}
	in.Adjustments = []app.Adjustment{{ID: "adj", Kind: app.AdjustPresence, EngagementID: "w0", SiteID: "A", From: start, To: start.Add(time.Hour)}}
	return in
}

// What is planned in pieces is what is planned at once: the same counts, the
// same rows, and the same to be queued.
func TestTheRegisterInPiecesIsTheRegisterAtOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		facts := manyMonths(rt)
		in := ciao.PlanInput{Environment: app.Production, Now: facts.Now, Zone: app.Belgium(), Settings: ciao.DefaultSettings(), Adjustments: facts.Adjustments,
			Engagements: facts.Engagements, Employers: facts.Employers, Workers: facts.Workers, Sites: facts.Sites, Decisions: facts.SiteDecisions,
			Declarations: facts.Declarations, DeclarationSites: facts.DeclarationSites}
		rows := map[app.RecordKey]app.Registration{}
		for range rapid.IntRange(0, 3).Draw(rt, "rows") {
			p := facts.Punches[rapid.IntRange(0, len(facts.Punches)-1).Draw(rt, "row of")]
			rows[p.Key] = app.Registration{
				ID:          app.ID(p.Key.String()),
				Environment: in.Environment,
				Punch:       p.Key,
				State:       app.RegAccepted,
				Type:        app.RegisterIn,
				At:          p.At,
				Raw:         p.At,
				SiteID:      "A",
			}
		}
		for _, r := range rows {
			in.Registrations = append(in.Registrations, r)
		}
		slices.SortFunc(in.Registrations, func(a, b app.Registration) int { return cmp.Compare(a.ID, b.ID) })
		all := in
		all.Taps = attendance.Derive(&facts).Taps
		want := ciao.Plan(all)

		e := attendance.Start(&facts, attendance.NewRecords())
		o := NewCache(&workspace.Workspace{Store: &fewRows{rows: in.Registrations}}, nil)
		for range 2 { // the second time by what was concluded the first
			p := must(rt, func() (*RegisterPlan, error) {
				desk, current, err := o.nextDesk(t.Context(), e, in)
				return &RegisterPlan{engine: e, Input: in, Current: current, desk: desk, from: o}, err
			})
			if got := p.Held(); !reflect.DeepEqual(got, ciao.Tally(want)) {
				rt.Fatalf("counts %+v, want %+v", got, ciao.Tally(want))
			}
			span := app.Span{}
			if rapid.Bool().Draw(rt, "span") {
				span = app.Span{From: facts.Punches[0].At.Add(24 * time.Hour), To: facts.Now.Add(-40 * 24 * time.Hour)}
			}
			var got []ciao.Candidate
			if err := p.NewestFirst(t.Context(), span, Wanted{}, func(c *ciao.Candidate) bool { got = append(got, *c); return true }); err != nil {
				rt.Fatal(err)
			}
			compare(rt, got, slices.DeleteFunc(slices.Clone(want), func(c ciao.Candidate) bool { return !span.Holds(c.Registration.At) }))
			ready := func(list []ciao.Candidate) []ciao.Candidate {
				return slices.DeleteFunc(slices.Clone(list), func(c ciao.Candidate) bool { return !c.Ready() })
			}
			compare(rt, ready(p.Current), ready(want))
			corrections := must(rt, func() ([]app.Correction, error) { return p.Corrections(t.Context()) })
			if all := ciao.Corrections(all, want); len(corrections)+len(all) > 0 && !reflect.DeepEqual(corrections, all) {
				rt.Fatalf("corrections %+v, want %+v", corrections, all)
			}
			k := facts.Punches[rapid.IntRange(0, len(facts.Punches)-1).Draw(rt, "one")].Key
			compare(rt, must(rt, func() ([]ciao.Candidate, error) { return p.Of(t.Context(), []app.RecordKey{k}) }),
				slices.DeleteFunc(slices.Clone(want), func(c ciao.Candidate) bool { return c.Registration.Punch != k }))
		}
	})
}

func must[T any](rt *rapid.T, do func() (T, error)) T {
	v, err := do()
	if err != nil {
		rt.Fatal(err)
	}
	return v
}

// fewRows is a store that has rows of the outbox and nothing else.
type fewRows struct {
	store.Store
	rows []app.Registration
}

func (s *fewRows) SameTaps(context.Context, app.Environment) (map[app.RecordKey]app.RecordKey, error) {
	return nil, nil
}

func (s *fewRows) RegistrationChanges(_ context.Context, _ app.Environment, since int64, of func(app.RecordKey)) (int64, error) {
	for i := range s.rows {
		if since == 0 {
			of(s.rows[i].Punch)
		}
	}
	return 1, nil
}

func (s *fewRows) RegistrationsOf(_ context.Context, _ app.Environment, keys []app.RecordKey) (list []app.Registration, err error) {
	for i := range s.rows {
		if slices.Contains(keys, s.rows[i].Punch) {
			list = append(list, s.rows[i])
		}
	}
	return list, nil
}

func compare(rt *rapid.T, got, want []ciao.Candidate) {
	order := func(a, b ciao.Candidate) int {
		return cmp.Or(cmp.Compare(a.Registration.At, b.Registration.At), a.Registration.Punch.Compare(b.Registration.Punch))
	}
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if len(got) != len(want) {
		rt.Fatalf("%d, want %d", len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			rt.Fatalf("%+v\nwant\n%+v", got[i], want[i])
		}
	}
}
