package office_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/app/workspace"
	"klokkast/data"
	"klokkast/devices/host"
	"klokkast/devices/simbox"
)

// clockDay is an office with a simulated box, both at a time that the test says.
type clockDay struct {
	*office.Office
	t     *testing.T
	store *data.Store
	sim   *simbox.Box
	wall  time.Time
	bart  app.Worker
	site  app.Site
	zone  *time.Location
}

func newClockDay(t *testing.T) *clockDay {
	t.Helper()
	ctx := t.Context()
	zone := must[*time.Location](t)(app.DefaultZone.Load())
	d := &clockDay{t: t, zone: zone, wall: time.Date(2026, 10, 1, 8, 0, 0, 0, zone)}
	dir := t.TempDir()
	if err := simbox.Create(dir, simbox.Factory{Label: "Inkom"}); err != nil {
		t.Fatal(err)
	}
	d.sim = must[*simbox.Box](t)(simbox.Open(dir, simbox.Options{Wall: func() time.Time { return d.wall }, Heartbeat: 25 * time.Millisecond, Lazy: true}))
	t.Cleanup(func() { d.sim.Close() })
	if err := d.sim.SetClock(d.wall); err != nil {
		t.Fatal(err)
	}
	store := must[*data.Store](t)(data.Open(ctx, blank.New(t), data.Options{Demo: true}))
	t.Cleanup(func() { store.Close() })
	inst := must[app.Installation](t)(store.Installation(ctx))
	finder := &oneBox{sim: d.sim, installation: inst.ID, keys: new(host.MemoryKeys), now: func() time.Time { return d.wall }}
	d.Office = must[*office.Office](
		t,
	)(
		office.New(ctx, office.Parts{Background: inline, Store: store, Now: func() app.Instant { return app.At(d.wall) }, Finder: finder}),
	)
	d.store = store
	d.staff()
	return d
}

// staff enters Bart with card 1, and the site where the box stands.
func (d *clockDay) staff() {
	t, ctx := d.t, d.t.Context()
	firm := must[app.Employer](t)(d.Staff.SaveEmployer(ctx, app.Employer{Name: "Blinkend Schoon BV", Enterprise: "0123.456.749"}, why))
	d.bart = must[app.Worker](t)(d.Staff.SaveWorker(ctx, app.Worker{FamilyName: "Claes", GivenName: "Bart", SSIN: "93051822361"}, why))
	e := must[app.Engagement](
		t,
	)(
		d.Staff.SaveEngagement(ctx, app.Engagement{WorkerID: d.bart.ID, EmployerID: firm.ID, Days: app.Days{From: app.NewDate(2026, 1, 1)}}, why),
	)
	give := acts.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: "04000001"}, EngagementID: e.ID, Span: app.Span{From: app.At(d.wall)}}
	if err := d.Staff.GiveBadge(ctx, give, why); err != nil {
		t.Fatal(err)
	}
	d.site = must[app.Site](t)(d.Sites.SaveSite(ctx, app.Site{Name: "Stadhuis Leuven"}, why))
	d.read()
	if err := d.Boxes.PlaceBox(ctx, d.sim.LogKey().Box, d.site.ID, app.At(d.wall), why); err != nil {
		t.Fatal(err)
	}
}

func (d *clockDay) at(local string) {
	d.t.Helper()
	d.wall = must[time.Time](d.t)(time.ParseInLocation("2006-01-02 15:04", local, d.zone))
}

func (d *clockDay) tap(local string, key app.PunchKey) {
	d.t.Helper()
	d.at(local)
	if _, err := d.sim.Tap(card(1), key); err != nil {
		d.t.Fatal(err)
	}
}

// read reads the box with a computer whose clock was just checked.
func (d *clockDay) read() {
	d.t.Helper()
	if err := d.ChangeSettings(d.t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{At: app.At(d.wall), Source: "test"} }); err != nil {
		d.t.Fatal(err)
	}
	must[app.Reading](d.t)(d.Boxes.ReadBox(d.t.Context(), boxPath, boxes.ReadOptions{}, nil))
}

// worked returns the hours of a day of November 2026, and the taps' own times.
func (d *clockDay) worked(day int) (sum time.Duration) {
	d.t.Helper()
	on := app.NewDate(2026, 11, day)
	for _, w := range must[[]app.Workday](d.t)(d.Derived.Workdays(d.t.Context(), app.Days{From: on, To: on}, d.bart.ID)) {
		sum += w.Worked
	}
	return sum
}

func (d *clockDay) raw() (list []app.Instant) {
	d.t.Helper()
	for _, p := range must[[]derived.PunchRow](d.t)(d.Derived.PunchRows(d.t.Context(), derived.PunchFilter{})) {
		list = append(list, p.Punch.At)
	}
	slices.Sort(list)
	return list
}

func (d *clockDay) open(rule app.Rule) []derived.FoundAnomaly {
	d.t.Helper()
	return must[[]derived.FoundAnomaly](d.t)(d.Derived.Anomalies(d.t.Context(), derived.AnomalyFilter{Rule: rule}))
}

// fallen is the whole story: the clock falls to 2000, Bart goes on tapping, the
// clock is set again, and the box is read.
func fallen(t *testing.T) (*clockDay, acts.WrongClock) {
	t.Helper()
	d := newClockDay(t)
	d.tap("2026-11-23 07:00", app.KeyIn)
	d.tap("2026-11-23 12:00", app.KeyOut)
	d.at("2026-11-23 13:00")
	if err := d.sim.Drift(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Sub(d.wall)); err != nil {
		t.Fatal(err)
	}
	d.tap("2026-11-23 15:00", app.KeyIn)
	d.tap("2026-11-23 19:00", app.KeyOut)
	d.at("2026-11-23 20:00")
	if err := d.sim.SetClock(d.wall); err != nil {
		t.Fatal(err)
	}
	d.tap("2026-11-23 21:00", app.KeyIn)
	d.tap("2026-11-23 23:30", app.KeyOut)
	d.at("2026-11-24 08:00")
	d.read()
	clocks := must[[]acts.WrongClock](t)(d.Judgements.WrongClocks(t.Context(), ""))
	if len(clocks) != 1 {
		t.Fatalf("wrong clocks: %+v", clocks)
	}
	return d, clocks[0]
}

func TestAFallenClockIsRepairedAndTheRepairTakenBack(t *testing.T) {
	d, w := fallen(t)
	ctx := t.Context()
	raw := d.raw()
	if w.Source != attendance.FromBoot || w.Punches != 2 || !w.Fits || w.Accepted != nil || w.Uncertainty > time.Second {
		t.Errorf("the segment is %+v", w)
	}
	found := d.open("")
	if n := len(d.open(app.ClockReset)); n != 1 || d.worked(23) != 7*time.Hour+30*time.Minute {
		t.Errorf("before: %d findings of the clock among %d, %v worked", n, len(found), d.worked(23))
	}

	choice := acts.ShiftChoice{Segment: w.Key()}
	e := must[*acts.ClockEffect](t)(d.Judgements.PreviewRepair(ctx, choice))
	if len(e.Punches) != 2 || len(e.Days) != 1 || e.Days[0].After-e.Days[0].Before != 4*time.Hour || e.Days[0].Presences != [2]int{2, 3} || len(e.Goes) != 1 ||
		e.Goes[0].Rule != app.ClockReset ||
		!e.Fits {
		t.Errorf("the preview says %+v", e)
	}
	if p := e.Punches[0]; p.Raw >= app.At(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)) || p.At.In(d.zone).Format("02 15:04") != "23 15:00" ||
		p.Role != app.TapIn ||
		p.WorkerID != d.bart.ID {
		t.Errorf("the first punch is %+v", p)
	}
	if n := len(d.open(app.ClockReset)); n != 1 {
		t.Error("a preview changed something")
	}

	r := must[app.ClockRepair](t)(d.Judgements.RepairClock(ctx, choice, false, "battery empty"))
	if d.worked(23) != 11*time.Hour+30*time.Minute || len(d.open(app.ClockReset)) != 0 {
		t.Errorf("accepted: %v worked, %d findings", d.worked(23), len(d.open(app.ClockReset)))
	}
	if !slices.Equal(d.raw(), raw) {
		t.Error("the box's own times were changed")
	}
	clocks := must[[]acts.WrongClock](t)(d.Judgements.WrongClocks(ctx, w.Log.Box))
	if len(clocks) != 1 || clocks[0].Accepted == nil || clocks[0].Accepted.ID != r.ID || !clocks[0].Fits {
		t.Errorf("accepted: %+v", clocks)
	}
	if _, err := d.Judgements.RepairClock(ctx, choice, false, why); err == nil {
		t.Error("a segment was repaired twice")
	}
	d.held(r)

	back := must[*acts.Effect](t)(d.Judgements.Preview(ctx, acts.Proposal{WithdrawRepairs: []app.ID{r.ID}}))
	if len(back.Days) != 1 || back.Days[0].Presences != [2]int{3, 2} ||
		!slices.ContainsFunc(back.Comes, func(a app.Anomaly) bool { return a.Rule == app.ClockReset }) {
		t.Errorf("taking it back would change %+v", back)
	}
	if err := d.Judgements.WithdrawRepair(ctx, r.ID, "was another box"); err != nil {
		t.Fatal(err)
	}
	after := d.open("")
	if d.worked(23) != 7*time.Hour+30*time.Minute || len(after) != len(found) || !slices.Equal(d.raw(), raw) {
		t.Errorf("withdrawn: %v worked, %d findings, before %d", d.worked(23), len(after), len(found))
	}
	var missing *app.NotFoundError
	if err := d.Judgements.WithdrawRepair(ctx, r.ID, why); !errors.As(err, &missing) {
		t.Errorf("withdrawn twice: %v", err)
	}
}

// held looks that what a repair moved waits for someone who approves the corrected time (rule 9).
func (d *clockDay) held(r app.ClockRepair) {
	d.t.Helper()
	for _, row := range must[[]sending.RegisterRow](d.t)(d.Register.Rows(d.t.Context(), sending.RegisterFilter{}, 0)) {
		moved := row.Registration.Punch.Seq >= r.First && row.Registration.Punch.Seq <= r.Last
		if moved && (row.Registration.At == row.Registration.Raw || row.Registration.State != app.RegHeld) {
			d.t.Errorf("a repaired punch is %+v", row)
		}
	}
}

func TestARepairIsUndoneByAFurtherStep(t *testing.T) {
	d, w := fallen(t)
	ctx := t.Context()
	must[app.ClockRepair](t)(d.Judgements.RepairClock(ctx, acts.ShiftChoice{Segment: w.Key()}, false, why))
	if what := must[string](t)(d.Undo(ctx)); what != "clock.repair" || len(d.open(app.ClockReset)) != 1 {
		t.Errorf("undone: %s, %d findings of the clock", what, len(d.open(app.ClockReset)))
	}
}

// A segment whose clock changed once more is cut by hand: looked at first, in the trail, undone by a further step.
func TestASegmentIsCutAndTheCutTakenBack(t *testing.T) {
	d, w := fallen(t)
	ctx := t.Context()
	in := must[*acts.ClockEffect](t)(d.Judgements.PreviewRepair(ctx, acts.ShiftChoice{Segment: w.Key()})).Punches
	e := must[*acts.Effect](t)(d.Judgements.Preview(ctx, acts.Proposal{Cut: []app.RecordKey{in[1].Key}}))
	if len(e.Comes) == 0 || len(e.Days) != 0 || len(d.open(app.ClockReset)) != 1 {
		t.Errorf("the preview says %+v", e)
	}
	var field *app.FieldError
	if _, err := d.Judgements.CutClock(ctx, w.Key(), why); !errors.As(err, &field) || field.Code != "clockCut.taken" {
		t.Errorf("a segment was cut where it begins: %v", err)
	}
	var missing *app.NotFoundError
	if _, err := d.Judgements.CutClock(ctx, app.RecordKey{LogKey: w.Log, Seq: 99}, why); !errors.As(err, &missing) {
		t.Errorf("cut at a punch that is not there: %v", err)
	}

	cut := must[app.ClockCut](t)(d.Judgements.CutClock(ctx, in[1].Key, "set once more"))
	clocks := must[[]acts.WrongClock](t)(d.Judgements.WrongClocks(ctx, ""))
	if len(clocks) != 2 || clocks[1].First != in[1].Key.Seq || len(d.open(app.ClockReset)) != 2 {
		t.Fatalf("cut: %+v", clocks)
	}
	must[app.ClockRepair](t)(d.Judgements.RepairClock(ctx, acts.ShiftChoice{Segment: clocks[0].Key()}, false, why))
	if n := len(d.open(app.ClockReset)); n != 1 {
		t.Errorf("%d parts wait though one was put right", n)
	}
	if list := must[[]app.ClockCut](t)(d.Judgements.Cuts(ctx, "")); len(list) != 1 || list[0].Reason != "set once more" || list[0].ID != cut.ID {
		t.Errorf("cuts: %+v", list)
	}
	if err := d.Judgements.JoinClock(ctx, cut.ID, "was one after all"); err != nil {
		t.Fatal(err)
	}
	if list := must[[]app.ClockCut](t)(d.Judgements.Cuts(ctx, "")); len(list) != 0 || len(d.open(app.ClockReset)) != 0 { // the shift of the first part holds for both
		t.Errorf("joined: %+v, %d wait", list, len(d.open(app.ClockReset)))
	}
	if err := d.Judgements.JoinClock(ctx, cut.ID, why); !errors.As(err, &missing) {
		t.Errorf("joined twice: %v", err)
	}
}

func TestACutIsUndoneByAFurtherStep(t *testing.T) {
	d, w := fallen(t)
	ctx := t.Context()
	in := must[*acts.ClockEffect](t)(d.Judgements.PreviewRepair(ctx, acts.ShiftChoice{Segment: w.Key()})).Punches
	must[app.ClockCut](t)(d.Judgements.CutClock(ctx, in[1].Key, why))
	if what := must[string](t)(d.Undo(ctx)); what != "clock.cut" || len(d.open(app.ClockReset)) != 1 {
		t.Errorf("undone: %s, %d findings of the clock", what, len(d.open(app.ClockReset)))
	}
	trail := must[[]app.TrailEntry](t)(d.store.Trail(ctx, "box:"+w.Log.Box, 2))
	if len(trail) != 2 || trail[0].What != "clock.join" || trail[1].What != "clock.cut" {
		t.Errorf("the trail says %+v", trail)
	}
}

func TestAShiftIsChosenByTheRightTimeOfOnePunch(t *testing.T) {
	d, w := fallen(t)
	ctx := t.Context()
	in := must[*acts.ClockEffect](t)(d.Judgements.PreviewRepair(ctx, acts.ShiftChoice{Segment: w.Key()})).Punches[0]
	d.at("2026-11-23 16:30")
	later := app.At(d.wall)
	d.at("2026-11-24 08:00")
	e := must[*acts.ClockEffect](t)(d.Judgements.PreviewRepair(ctx, acts.ShiftChoice{Segment: w.Key(), Punch: in.Key.Seq, At: later}))
	if e.Shift != w.Proposed+90*time.Minute || e.Source != attendance.FromPerson || e.Fits {
		t.Errorf("90 minutes later is %v later, %s, fits: %t", e.Shift-w.Proposed, e.Source, e.Fits) // the clock was set at 20:00
	}
	var misfit *acts.MisfitError
	early := w.Proposed - 6*time.Hour
	if _, err := d.Judgements.RepairClock(ctx, acts.ShiftChoice{Segment: w.Key(), Shift: &early}, false, why); !errors.As(err, &misfit) ||
		len(misfit.Effect.Punches) != 2 {
		t.Fatalf("a shift into An's morning was answered by %v", err)
	}
	must[app.ClockRepair](t)(d.Judgements.RepairClock(ctx, acts.ShiftChoice{Segment: w.Key(), Shift: &early}, true, why))
	if clocks := must[[]acts.WrongClock](t)(d.Judgements.WrongClocks(ctx, "")); clocks[0].Fits || clocks[0].Shift != early {
		t.Errorf("accepted anyway: %+v", clocks[0])
	}
}

func TestWhatIsNoShiftIsRefused(t *testing.T) {
	d, w := fallen(t)
	ctx := t.Context()
	other := w.Key()
	other.Seq += 100
	for _, c := range []struct {
		what   string
		choice acts.ShiftChoice
		why    string
		code   string
	}{
		{"no reason", acts.ShiftChoice{Segment: w.Key()}, " ", "required"},
		{"a punch elsewhere", acts.ShiftChoice{Segment: w.Key(), Punch: 1, At: app.At(d.wall)}, why, "shift.punch"},
		{"no time", acts.ShiftChoice{Segment: w.Key(), Punch: w.First}, why, "required"},
	} {
		var f *app.FieldError
		if _, err := d.Judgements.RepairClock(ctx, c.choice, false, c.why); !errors.As(err, &f) || f.Code != c.code {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	var missing *app.NotFoundError
	if _, err := d.Judgements.RepairClock(ctx, acts.ShiftChoice{Segment: other}, false, why); !errors.As(err, &missing) {
		t.Errorf("no such segment: %v", err)
	}
	if len(d.open(app.ClockReset)) != 1 {
		t.Error("what was refused changed something")
	}
}
