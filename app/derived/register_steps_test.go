package derived

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/workspace"
)

// countedRows are rows of the outbox with the count of their last change.
type countedRows struct {
	fewRows
	changed []int64
	count   int64
}

func (s *countedRows) RegistrationChanges(_ context.Context, _ app.Environment, since int64, of func(app.RecordKey)) (int64, error) {
	for i := range s.rows {
		if since == 0 || s.changed[i] > since {
			of(s.rows[i].Punch)
		}
	}
	return s.count, nil
}

func (s *countedRows) set(r app.Registration) {
	s.count++
	for i := range s.rows {
		if s.rows[i].Punch == r.Punch {
			s.rows[i], s.changed[i] = r, s.count
			return
		}
	}
	s.rows, s.changed = append(s.rows, r), append(s.changed, s.count)
}

// otherwise changes rows, facts or the time.
func otherwise(rt *rapid.T, s *countedRows, taps []app.Tap, in *ciao.PlanInput) {
	in.Decisions, in.Engagements, in.DeclarationSites = slices.Clone(in.Decisions), slices.Clone(in.Engagements), slices.Clone(in.DeclarationSites)
	in.Workers = slices.Clone(in.Workers)
	switch rapid.IntRange(0, 9).Draw(rt, "otherwise") {
	case 0, 1, 2, 3: // as it would be sent now, or not quite
		for range rapid.IntRange(1, 20).Draw(rt, "sent") {
			t := rapid.SampledFrom(taps).Draw(rt, "of")
			all := *in
			all.Taps, all.Registrations = taps, nil
			planned := ciao.Plan(all)
			i := slices.IndexFunc(planned, func(c ciao.Candidate) bool { return c.Adjustment == "" && c.Registration.Punch == t.Punch.Key })
			r := planned[i].Registration
			states := []app.RegistrationState{app.RegAccepted, app.RegAccepted, app.RegQueued, app.RegRefused, app.RegUnknown}
			r.ID, r.State = app.ID(r.Punch.String()), rapid.SampledFrom(states).Draw(rt, "state")
			r.Validity, r.Answered = "valid", r.At.Add(time.Duration(rapid.IntRange(0, 30).Draw(rt, "answered after"))*time.Minute)
			s.set(r)
		}
	case 4, 5:
		if len(s.rows) > 0 {
			r := rapid.SampledFrom(s.rows).Draw(rt, "judged")
			r.State, r.Validity = app.RegAccepted, rapid.SampledFrom([]string{"valid", "invalid", "pending"}).Draw(rt, "validity")
			s.set(r)
		}
	case 6:
		in.Decisions[0].Decision = rapid.SampledFrom([]app.Decision{app.UnderCIAO, app.NotUnder}).Draw(rt, "decision")
	case 7:
		in.Engagements[0].Days.To = in.Now.DateIn(in.Zone) - app.Date(rapid.IntRange(0, 200).Draw(rt, "ended ago"))
	case 8:
		in.DeclarationSites[0].Days.From = in.Now.DateIn(in.Zone) - app.Date(rapid.IntRange(0, 200).Draw(rt, "declared ago"))
	case 9:
		in.Now = in.Now.Add(time.Duration(rapid.IntRange(0, 900).Draw(rt, "hours later")) * time.Hour)
	}
}

// What is concluded step by step, while rows, facts and the time change, is what is concluded of everything at once.
func TestWhatIsSettledIsLookedAtAgainWhereItChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		facts := manyMonths(rt)
		in := ciao.PlanInput{Environment: app.Production, Now: facts.Now, Zone: app.Belgium(), Settings: ciao.DefaultSettings(), Adjustments: facts.Adjustments,
			Engagements: facts.Engagements, Employers: facts.Employers, Workers: facts.Workers, Sites: facts.Sites, Decisions: facts.SiteDecisions,
			Declarations: facts.Declarations, DeclarationSites: facts.DeclarationSites}
		in.Settings.SentLate = 10 * time.Minute
		taps := attendance.Derive(&facts).Taps
		e := attendance.Start(&facts, attendance.NewRecords())
		rows := &countedRows{count: 1}
		o := NewCache(&workspace.Workspace{Store: rows}, nil)
		reading := func(k app.RecordKey) app.ID { p, _ := e.Punch(k); return p.ReadingID }
		for range rapid.IntRange(2, 12).Draw(rt, "steps") {
			otherwise(rt, rows, taps, &in)
			all := in
			all.Taps, all.Registrations = taps, rows.rows
			want := ciao.Plan(all)
			desk, current, err := o.nextDesk(t.Context(), e, in)
			if err != nil {
				rt.Fatal(err)
			}
			p := &RegisterPlan{engine: e, Input: in, Current: current, desk: desk, from: o}
			found, wanted := ciao.AnomaliesWith(in, current, desk.late(), reading), ciao.Anomalies(all, want, reading)
			if len(found)+len(wanted) > 0 && !reflect.DeepEqual(found, wanted) {
				rt.Fatalf("findings\n%+v\nat once\n%+v", found, wanted)
			}
			if rapid.Bool().Draw(rt, "counted") {
				if got := p.Held(); !reflect.DeepEqual(got, ciao.Tally(want)) {
					rt.Fatalf("counts %+v, at once %+v", got, ciao.Tally(want))
				}
			}
			corrections := must(rt, func() ([]app.Correction, error) { return p.Corrections(t.Context()) })
			if atOnce := ciao.Corrections(all, want); len(corrections)+len(atOnce) > 0 && !reflect.DeepEqual(corrections, atOnce) {
				rt.Fatalf("corrections\n%+v\nat once\n%+v", corrections, atOnce)
			}
		}
	})
}
