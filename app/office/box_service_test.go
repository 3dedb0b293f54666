package office_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/workspace"
	"klokkast/data"
	"klokkast/devices"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

// oneBox is a Finder with one simulated box on its cable.
type oneBox struct {
	devices.Finder // for files
	sim            *simbox.Box
	installation   app.ID
	keys           host.Keys
	now            func() time.Time
}

const boxPath = "sim:one"

func (f *oneBox) List(context.Context) ([]reading.Found, error) {
	return []reading.Found{{Path: boxPath}}, nil
}

func (f *oneBox) Open(ctx context.Context, path string) (reading.Device, error) {
	if path != boxPath {
		return nil, reading.NotFound
	}
	near, far := port.Pair()
	served := make(chan error, 1)
	go func() { served <- f.sim.Serve(far) }()
	return host.Open(ctx, near, host.Options{Installation: f.installation, Keys: f.keys, Now: f.now, Closed: func() error { return <-served }})
}

func newSim(t *testing.T, f simbox.Factory) *simbox.Box {
	t.Helper()
	dir := t.TempDir()
	if err := simbox.Create(dir, f); err != nil {
		t.Fatal(err)
	}
	sim, err := simbox.Open(dir, simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sim.Close() })
	return sim
}

// desk is an office of its own, with a box on the cable and the real time.
type desk struct {
	*office.Office
	store *data.Store
	id    app.ID
}

func newDesk(t *testing.T, sim *simbox.Box) *desk {
	t.Helper()
	store, err := data.Open(t.Context(), blank.New(t), data.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	inst := must[app.Installation](t)(store.Installation(t.Context()))
	finder := &oneBox{sim: sim, installation: inst.ID, keys: new(host.MemoryKeys), now: time.Now}
	o := must[*office.Office](
		t,
	)(
		office.New(t.Context(), office.Parts{Background: inline, Store: store, Now: func() app.Instant { return app.At(time.Now()) }, Finder: finder}),
	)
	return &desk{o, store, inst.ID}
}

func (d *desk) pair(t *testing.T, sim *simbox.Box) {
	t.Helper()
	if err := d.Boxes.PairBox(t.Context(), boxPath, func() { sim.PressButton(2 * time.Second) }); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) checked(t *testing.T, c app.ClockCheck) {
	t.Helper()
	if err := d.ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = c }); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) acts(t *testing.T) (out []string) {
	t.Helper()
	trail := must[[]app.TrailEntry](t)(d.store.Trail(t.Context(), "", 100))
	for _, e := range trail {
		out = append(out, e.What)
	}
	return out
}

func card(n int) ocb.Badge {
	return ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{4, 0, byte(n >> 8), byte(n)}}
}

func tapOn(t *testing.T, sim *simbox.Box, n int) {
	t.Helper()
	if _, err := sim.Tap(card(n), app.KeyIn); err != nil {
		t.Fatal(err)
	}
}

// Pairing, labelling, listing and unpairing: each does what it says on the box,
// and the trail tells of it.
func TestAPersonServesABox(t *testing.T) {
	sim := newSim(t, simbox.Factory{Label: "Old"})
	d := newDesk(t, sim)
	ctx := t.Context()
	if err := d.Boxes.LabelBox(ctx, boxPath, "New"); !errors.Is(err, reading.NotPaired) {
		t.Fatalf("labelled unpaired: %v", err)
	}
	d.pair(t, sim)
	must[app.Reading](t)(d.Boxes.ReadBox(ctx, boxPath, boxes.ReadOptions{}, nil))
	if err := d.Boxes.LabelBox(ctx, boxPath, " N\u200bew\u202e "); err != nil {
		t.Fatal(err)
	}
	detail := must[*boxes.BoxDetail](t)(d.Boxes.BoxDetail(ctx, boxPath))
	if detail.Info.Label != "New" || !detail.Info.Paired || detail.ClockChecked || len(detail.Ledger.Points) != 1 {
		t.Errorf("the box tells %+v", detail)
	}
	if known, _, err := d.store.KnownBox(ctx, detail.Info.Log.Box); err != nil || known.Label != "New" {
		t.Errorf("the store calls it %q: %v", known.Label, err)
	}
	if err := d.Boxes.IdentifyBox(ctx, boxPath); err != nil {
		t.Error(err)
	}
	if err := d.Boxes.ProveBox(ctx, boxPath); err != nil {
		t.Error(err)
	}
	if _, err := d.Boxes.BoxPairings(ctx, boxPath); err == nil {
		sim.PressButton(time.Second) // the button may still have been held
	}
	sim.PressButton(2 * time.Second)
	if ids := must[[]string](t)(d.Boxes.BoxPairings(ctx, boxPath)); len(ids) != 1 {
		t.Errorf("paired with %v", ids)
	}
	if err := d.Boxes.UnpairBox(ctx, boxPath); err != nil {
		t.Fatal(err)
	}
	if got := sim.Pairings(); len(got) != 0 {
		t.Errorf("still paired with %v", got)
	}
	acts := d.acts(t)
	for _, want := range []string{"box.pair", "box.label", "box.unpair"} {
		if !slices.Contains(acts, want) {
			t.Errorf("the trail lacks %s: %v", want, acts)
		}
	}
}

// A box gets this computer's time only where that is known to be right.
func TestABoxIsSetByACheckedClockOnly(t *testing.T) {
	sim := newSim(t, simbox.Factory{})
	d := newDesk(t, sim)
	d.pair(t, sim)
	if err := sim.Drift(90 * time.Second); err != nil {
		t.Fatal(err)
	}
	now := app.At(time.Now())
	for _, c := range []struct {
		check app.ClockCheck
		want  string
	}{
		{app.ClockCheck{}, boxes.ClockUnchecked},
		{app.ClockCheck{At: now.Add(-8 * 24 * time.Hour)}, boxes.ClockUnchecked},
		{app.ClockCheck{At: now.Add(-time.Hour), Offset: -time.Minute}, boxes.ClockWrong},
	} {
		d.checked(t, c.check)
		_, _, err := d.Boxes.SetBoxTime(t.Context(), boxPath)
		var refused *boxes.ClockError
		if !errors.As(err, &refused) || refused.Reason != c.want {
			t.Errorf("check %+v: %v, want %s", c.check, err, c.want)
		}
	}
	if off := time.Until(sim.Now()); off < 89*time.Second {
		t.Fatalf("the box was set all the same: %v", off)
	}
	d.checked(t, app.ClockCheck{At: now.Add(-time.Hour), Source: "test"})
	before, after, err := d.Boxes.SetBoxTime(t.Context(), boxPath)
	if err != nil {
		t.Fatal(err)
	}
	if (before.Offset-90*time.Second).Abs() > time.Second || after.Offset.Abs() > time.Second {
		t.Errorf("off by %v before and %v after", before.Offset, after.Offset)
	}
	if acts := d.acts(t); !slices.Contains(acts, "box.time") {
		t.Errorf("the trail lacks it: %v", acts)
	}
}

// Most boxes off by the same: rather the computer is wrong.
func TestAComputerThatIsSuspectedSetsNoBox(t *testing.T) {
	sim := newSim(t, simbox.Factory{})
	d := newDesk(t, sim)
	d.pair(t, sim)
	now := app.At(time.Now())
	d.checked(t, app.ClockCheck{At: now.Add(-time.Hour)})
	for _, digit := range []string{"1", "2", "3"} {
		uid := app.LogKey{Box: digit + "0000000000000000000000000000000", Log: "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"}
		r := app.Reading{
			ID:           must[app.ID](t)(app.NewID()),
			Log:          uid,
			Source:       app.FromCable,
			Installation: d.id,
			Actor:        "test",
			State:        app.ReadingRunning,
			Started:      now,
		}
		if err := d.store.BeginReading(t.Context(), r, app.Box{UID: uid.Box, Make: app.MakeOCB, FirstSeen: now}); err != nil {
			t.Fatal(err)
		}
		r.State, r.Ended, r.Clock = app.ReadingDone, now, &app.ClockOffset{At: now, Offset: 2 * time.Minute}
		if err := d.store.EndReading(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	d.Override(workspace.Override{}) // the store was written past the office
	_, _, err := d.Boxes.SetBoxTime(t.Context(), boxPath)
	var refused *boxes.ClockError
	if !errors.As(err, &refused) || refused.Reason != boxes.ClockSuspected || refused.Offset != 2*time.Minute {
		t.Errorf("set: %v", err)
	}
}

// A computer whose clock is set while the box is measured sets no box.
func TestAClockThatJumpsSetsNoBox(t *testing.T) {
	sim := newSim(t, simbox.Factory{})
	d := newDesk(t, sim)
	d.pair(t, sim)
	if err := sim.Drift(90 * time.Second); err != nil {
		t.Fatal(err)
	}
	d.checked(t, app.ClockCheck{At: app.At(time.Now()).Add(-time.Hour)})
	finder := d.Boxes.Finder.(*oneBox)
	opened := false
	d.Now = func() app.Instant {
		if opened {
			return app.At(time.Now()).Add(time.Hour)
		}
		return app.At(time.Now())
	}
	exchanges := 0
	finder.now = func() time.Time { // the clock jumps in the middle of the eight exchanges
		exchanges++
		opened = exchanges > 4
		return time.Now()
	}
	_, _, err := d.Boxes.SetBoxTime(t.Context(), boxPath)
	var refused *boxes.ClockError
	if !errors.As(err, &refused) || refused.Reason != boxes.ClockJumped {
		t.Errorf("set: %v", err)
	}
	if off := time.Until(sim.Now()); off < 89*time.Second {
		t.Errorf("the box was set all the same: %v", off)
	}
}

// The badges that someone holds go to the box as a whole; with refuse it turns others away.
func TestTheBadgesThatAreHeldArePushed(t *testing.T) {
	b := newBench(t)
	sim := newSim(t, simbox.Factory{})
	b.Boxes.Finder = &oneBox{sim: sim, installation: b.Installation().ID, keys: new(host.MemoryKeys), now: time.Now}
	if err := b.Boxes.PairBox(t.Context(), boxPath, func() { sim.PressButton(2 * time.Second) }); err != nil {
		t.Fatal(err)
	}
	n, version, err := b.Boxes.PushBadges(t.Context(), boxPath, true)
	if err != nil || n != 2 || version != uint32(b.now.Time().Unix()) {
		t.Fatalf("%d badges, version %d: %v", n, version, err)
	}
	for value, want := range map[string]app.RecordType{"\x04\xa1": app.RecordPunch, "\x04\xff": app.RecordRefused} {
		r, err := sim.Tap(ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte(value)}, app.KeyIn)
		if err != nil || r.Type != want {
			t.Errorf("% x is recorded as %v: %v", value, r.Type, err)
		}
	}
}

// Each tap is stored, acknowledged and told within two seconds; what lay in the
// box before is read, and no news.
func TestWatchingTellsEachTapOnce(t *testing.T) {
	sim := newSim(t, simbox.Factory{})
	d := newDesk(t, sim)
	d.pair(t, sim)
	tapOn(t, sim, 1)
	ctx, stop := context.WithCancel(t.Context())
	changed := make(chan struct{}, 100)
	defer d.Subscribe(func() { changed <- struct{}{} })()
	seen, ended := make(chan app.Punch, 10), make(chan error, 1)
	go func() { ended <- d.Boxes.WatchBox(ctx, boxPath, func(tap boxes.SeenTap) { seen <- tap.Punch }, nil) }()
	<-changed // the first reading
	for n := 2; n <= 6; n++ {
		tapOn(t, sim, n)
		select {
		case p := <-seen:
			if want := (app.IdentifierKey{Kind: app.Card, Value: "040000" + "0" + string(rune('0'+n))}); p.Identifier != want {
				t.Errorf("tap %d is told as %v", n, p.Identifier)
			}
		case err := <-ended:
			t.Fatal("ended:", err)
		case <-time.After(2 * time.Second):
			t.Fatalf("tap %d was not told within 2 s", n)
		}
	}
	if punches := must[[]app.Punch](t)(d.store.Punches(t.Context(), app.Span{})); len(punches) != 6 {
		t.Errorf("%d punches are stored, want 6", len(punches))
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error("stopped with", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("watching does not end")
	}
	if len(seen) != 0 {
		t.Errorf("%d taps were told twice", len(seen))
	}
	if err := d.Boxes.IdentifyBox(t.Context(), boxPath); err != nil {
		t.Error("the box was not let go:", err)
	}
}

// A ledger counts, for the drift, what was measured by a checked computer since
// the clock was last set.
func TestDriftCountsSinceTheClockWasSet(t *testing.T) {
	log := app.LogKey{Box: "b", Log: "l"}
	start := app.At(time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC))
	day := func(n int) app.Instant { return start.Add(time.Duration(n) * 24 * time.Hour) }
	read := func(n int, last uint64, off time.Duration, checked bool) app.Reading {
		r := app.Reading{Log: log, Last: last, Clock: &app.ClockOffset{At: day(n), Offset: off}}
		if checked {
			r.Check = app.ClockCheck{At: day(n).Add(-time.Hour)}
		}
		return r
	}
	readings := []app.Reading{
		read(4, 0, 1728*time.Millisecond, true), // 10 ppm of two days since day 2
		read(0, 10, 40*time.Second, true),
		read(2, 30, 0, true),
		read(3, 40, time.Hour, false), // by a computer that nobody checked
		{Log: app.LogKey{Box: "other", Log: "l"}, Clock: &app.ClockOffset{At: day(3), Offset: time.Hour}},
	}
	events := []app.BoxEvent{{Key: app.RecordKey{LogKey: log, Seq: 20}, Type: app.RecordClockSet}}
	l := boxes.LedgerOf("b", readings, events)
	if len(l.Points) != 4 || l.Counted != 2 || l.Points[0].SinceSet || !l.Points[1].SinceSet || l.Points[2].Checked {
		t.Errorf("the ledger is %+v", l)
	}
	if l.DriftPPM < 9.99 || l.DriftPPM > 10.01 {
		t.Errorf("drift of %v ppm, want 10", l.DriftPPM)
	}
	one := []app.ClockOffset{{At: start, Offset: time.Second}}
	if d := boxes.Drift(append(one, one...)); d != 0 {
		t.Errorf("two at one time drift by %v", d)
	}
}

// A copy of a box closes both to reading. A person who knows why reopens them, with a reason: the box is read on, the
// copy is closed again.
func TestAQuarantineIsLiftedForAReason(t *testing.T) {
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	if err := simbox.Create(dir, simbox.Factory{Label: "Door"}); err != nil {
		t.Fatal(err)
	}
	on := func(dir string) *simbox.Box {
		sim := must[*simbox.Box](t)(simbox.Open(dir, simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true}))
		t.Cleanup(func() { sim.Close() })
		return sim
	}
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	sim := on(dir)
	d := newDesk(t, sim)
	cable := d.Boxes.Finder.(*oneBox)
	read := func(s *simbox.Box) error {
		cable.sim = s
		_, err := d.Boxes.ReadBox(t.Context(), boxPath, boxes.ReadOptions{}, nil)
		return err
	}
	closed := func(err error) bool {
		var q *reading.QuarantinedError
		return errors.As(err, &q) && q.Reason == reading.ReasonChain
	}
	uid := sim.UID().String()
	tapOn(t, sim, 1)
	if err := read(sim); err != nil {
		t.Fatal(err)
	}
	clone := on(copied)
	for n := range 3 {
		tapOn(t, clone, 10+n)
	}
	if err := read(clone); !closed(err) {
		t.Fatal("a copy was read:", err)
	}
	if err := read(sim); !closed(err) {
		t.Fatal("the box itself was read before anybody looked:", err)
	}
	if detail := must[*boxes.BoxDetail](t)(d.Boxes.BoxDetail(t.Context(), boxPath)); detail.Quarantined != reading.ReasonChain {
		t.Errorf("the box's detail says %q", detail.Quarantined)
	}
	var field *app.FieldError
	if err := d.Boxes.ReopenBox(t.Context(), uid, " "); !errors.As(err, &field) || field.Field != "why" {
		t.Fatal("reopened without a reason:", err)
	}
	if err := d.Boxes.ReopenBox(t.Context(), uid, "The copy was destroyed"); err != nil {
		t.Fatal(err)
	}
	tapOn(t, sim, 2)
	if err := read(sim); err != nil {
		t.Error("reopened, and not read:", err)
	}
	if err := read(clone); !closed(err) {
		t.Error("the copy was read:", err)
	}
	trail := must[[]app.TrailEntry](t)(d.store.Trail(t.Context(), "", 100))
	if !slices.ContainsFunc(trail, func(e app.TrailEntry) bool {
		return e.What == "box.reopen" && strings.Contains(e.Payload, "The copy was destroyed")
	}) {
		t.Errorf("the trail lacks the reason: %v", d.acts(t))
	}
	var none *app.NotFoundError
	if err := d.Boxes.ReopenBox(t.Context(), "nobody", "x"); !errors.As(err, &none) {
		t.Error("a box that nobody knows:", err)
	}
}
