package period

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/attendance"
)

// history is a person's three months at three sites, of which boxes are read
// late, statements are made and taken back, and months are approved and reopened.
type history struct {
	in     attendance.Input
	boxes  [3][]app.Punch // in order; those up to read[i] are in the store
	read   [3]int
	steps  []app.Approval
	closed map[app.ID]*Snapshot
	now    app.Instant
}

const (
	worker     app.ID = "an"
	engagement app.ID = "e-an"
	second     app.ID = "e-an-2"
)

var brussels = func() *time.Location {
	z, err := app.DefaultZone.Load()
	if err != nil {
		panic(err)
	}
	return z
}()

// october to december 2026.
func months() []app.Days {
	m := app.Month{Year: 2026, Month: time.October}
	return []app.Days{m.Days(), m.Add(1).Days(), m.Add(2).Days()}
}

func newHistory(t *rapid.T) *history {
	since := app.NewDate(2026, 1, 1).Start(brussels)
	h := &history{closed: map[app.ID]*Snapshot{}, now: app.NewDate(2027, 1, 10).Start(brussels)}
	h.in.Workers = []app.Worker{{ID: worker, FamilyName: "Peeters", GivenName: "An", Language: app.Dutch}}
	h.in.Engagements = []app.Engagement{
		{
			ID:         engagement,
			WorkerID:   worker,
			EmployerID: "boss",
			Days:       app.Days{From: app.NewDate(2026, 1, 1)},
			Default:    true,
			Rounding:   app.Rounding{Minutes: 15},
		},
		{ID: second, WorkerID: worker, EmployerID: "boss", Days: app.Days{From: app.NewDate(2026, 1, 1)}},
	}
	for i, e := range []app.ID{engagement, second} {
		id := app.ID(fmt.Sprint("card-", i))
		h.in.Identifiers = append(h.in.Identifiers, app.Identifier{ID: id, Key: app.IdentifierKey{Kind: app.Card, Value: fmt.Sprintf("04A%d", i)}})
		h.in.Custodies = append(h.in.Custodies, app.Custody{ID: "c" + id, IdentifierID: id, EngagementID: e, Span: app.Span{From: since}, Entered: since})
	}
	for i := range h.boxes {
		uid, site := fmt.Sprint("box", i), app.ID(fmt.Sprint("site", i))
		h.in.Sites = append(h.in.Sites, app.Site{ID: site, Name: string(site), Zone: app.DefaultZone})
		h.in.Boxes = append(h.in.Boxes, app.Box{UID: uid, Make: app.MakeOCB})
		h.in.Placements = append(h.in.Placements, app.Placement{ID: app.ID("p-" + uid), BoxUID: uid, SiteID: site, Span: app.Span{From: since}})
		at := app.NewDate(2026, 10, 1).Start(brussels)
		for seq := uint64(1); at < app.NewDate(2026, 12, 28).Start(brussels); seq++ {
			at = at.Add(time.Duration(rapid.IntRange(30, 60*60*60).Draw(t, "wait")) * time.Second)
			key := app.LogKey{Box: uid, Log: "log"}
			h.boxes[i] = append(h.boxes[i], app.Punch{Key: app.RecordKey{LogKey: key, Seq: seq}, At: at,
				Identifier: h.in.Identifiers[rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "card")].Key,
				Pressed:    rapid.SampledFrom([]app.PunchKey{app.KeyNone, app.KeyIn, app.KeyOut, app.KeyBreakStart, app.KeyBreakEnd}).Draw(t, "key")})
		}
	}
	return h
}

// readOn reads some more of a box.
func (h *history) readOn(t *rapid.T) {
	i := rapid.IntRange(0, 2).Draw(t, "box")
	if h.read[i] == len(h.boxes[i]) {
		return
	}
	to := rapid.IntRange(h.read[i]+1, len(h.boxes[i])).Draw(t, "to")
	r := app.Reading{ID: app.ID(fmt.Sprint("r", len(h.in.Readings))), Log: h.boxes[i][0].Key.LogKey, Source: app.FromCable, State: app.ReadingDone,
		Started: h.now, Ended: h.now, ReadTo: h.boxes[i][to-1].At + 1000}
	if r.ReadTo > h.now {
		t.Fatal("the history ends after now")
	}
	h.in.Readings = append(h.in.Readings, r)
	for _, p := range h.boxes[i][h.read[i]:to] {
		p.ReadingID = r.ID
		h.in.Punches = append(h.in.Punches, p)
	}
	h.read[i] = to
}

// state makes a statement, or takes one back.
func (h *history) state(t *rapid.T) {
	if n := len(h.in.Adjustments); n > 0 && rapid.Bool().Draw(t, "withdraw") {
		h.in.Adjustments[rapid.IntRange(0, n-1).Draw(t, "which")].Withdrawn = h.now
		return
	}
	day := app.NewDate(2026, 10, 1).AddDays(rapid.IntRange(0, 90).Draw(t, "day"))
	from := day.Start(brussels).Add(time.Duration(rapid.IntRange(0, 20*60).Draw(t, "from")) * time.Minute)
	h.in.Adjustments = append(h.in.Adjustments, app.Adjustment{ID: app.ID(fmt.Sprintf("a%03d", len(h.in.Adjustments))), Kind: app.AdjustPresence,
		EngagementID: rapid.SampledFrom([]app.ID{engagement, second}).
			Draw(t, "engagement"),
		SiteID: "site1", From: from, To: from.Add(3 * time.Hour), Reason: "forgot", By: "Bo", At: h.now})
}

// leaveOut ignores a tap.
func (h *history) leaveOut(t *rapid.T) {
	if len(h.in.Punches) > 0 {
		p := rapid.SampledFrom(h.in.Punches).Draw(t, "ignored")
		h.in.Ignored = append(h.in.Ignored, app.Ignored{ID: app.ID(fmt.Sprint("i", len(h.in.Ignored))), Punch: p.Key, Reason: "other", By: "Bo", At: h.now})
	}
}

func (h *history) derived() []Workday {
	h.in.Now = h.now
	r := attendance.Derive(&h.in)
	return Parts(r.Workdays, r.Shares)
}

func (h *history) closings() []Closing {
	var out []Closing
	for _, s := range Standing(h.steps) {
		out = append(out, Closing{s, h.closed[s.ID]})
	}
	return out
}

func (h *history) known() Known {
	return Known{ReadAt: func(k app.RecordKey) app.Instant {
		for _, p := range h.in.Punches {
			if p.Key == k {
				for _, r := range h.in.Readings {
					if r.ID == p.ReadingID {
						return r.Ended
					}
				}
			}
		}
		return 0
	}}
}

// approve closes a month that is open, whatever is wrong in it: what may be
// approved is another question.
func (h *history) approve(t *rapid.T, days app.Days) {
	if _, closed := ClosedBy(h.steps, worker, days.From); closed {
		return
	}
	s := &Snapshot{Days: days, Worker: WorkerOf(h.in.Workers[0]), Engagements: h.in.Engagements}
	now := h.derived()
	for _, w := range now {
		if days.Holds(w.Day) {
			s.Workdays = append(s.Workdays, w)
		}
	}
	s.Additions = Due(OpenAdditions(h.closings(), now, h.known()), days)
	b, err := s.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	step := app.Approval{
		ID:       app.ID(fmt.Sprintf("s%03d", len(h.steps))),
		WorkerID: worker,
		Days:     days,
		At:       h.now,
		Hash:     Hash(b),
		Version:  NextVersion(h.steps, worker, days),
	}
	if h.closed[step.ID], err = Read(b); err != nil {
		t.Fatal(err)
	}
	h.steps = append(h.steps, step)
	for _, a := range OpenAdditions(h.closings(), now, h.known()) {
		if a.Day < days.From {
			t.Fatalf("carried by the approval of %s, and still open: %s", days.From, a.Day)
		}
	}
}

func (h *history) withdraw(t *rapid.T) {
	standing := h.closings()
	if len(standing) == 0 {
		return
	}
	c := rapid.SampledFrom(standing).Draw(t, "approval")
	if len(CarriedBy(standing, c.Step.ID)) > 0 {
		return
	}
	h.steps = append(h.steps, app.Approval{ID: app.ID(fmt.Sprintf("s%03d", len(h.steps))), WorkerID: worker, Days: c.Step.Days, At: h.now,
		Withdraws: c.Step.ID, Reason: "wrong", Version: NextVersion(h.steps, worker, c.Step.Days)})
}

// check adds up what was approved, what was carried and what is open: it is
// what is derived now, for every engagement and closed day, and in sum.
func (h *history) check(t *rapid.T) {
	now, closings := h.derived(), h.closings()
	sum, derived := map[key]Figures{}, map[key]Figures{}
	var total, want Figures
	add := func(k key, f Figures) { sum[k], total = sum[k].Plus(f), total.Plus(f) }
	for _, c := range closings {
		for _, w := range c.Snapshot.Workdays {
			add(w.key(), w.Figures())
		}
		for _, a := range c.Snapshot.Additions {
			add(a.key(), a.Difference())
		}
	}
	for _, a := range OpenAdditions(closings, now, h.known()) {
		if a.Difference() == (Figures{}) && len(a.Changes) == 0 {
			t.Fatalf("an addition of nothing on %s", a.Day)
		}
		add(a.key(), a.Difference())
	}
	for _, w := range now {
		if _, closed := ClosedBy(h.steps, worker, w.Day); closed {
			derived[w.key()] = w.Figures()
			want = want.Plus(w.Figures())
		}
	}
	if total != want {
		t.Fatalf("approved, carried and open: %+v; derived now: %+v", total, want)
	}
	for k, f := range sum {
		if f != derived[k] {
			t.Fatalf("%s on %s: approved, carried and open %+v; derived %+v", k.engagement, k.day, f, derived[k])
		}
	}
}

// Whatever is read, stated, left out, approved and withdrawn, in whatever order:
// nothing of a closed day is paid twice, and nothing is lost.
func TestApprovedAndAdditionsAreWhatIsDerived(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		for range rapid.IntRange(4, 16).Draw(t, "acts") {
			h.now += 60_000
			switch rapid.SampledFrom([]string{"read", "read", "approve", "approve", "state", "leave out", "withdraw"}).Draw(t, "act") {
			case "read":
				h.readOn(t)
			case "approve":
				h.approve(t, rapid.SampledFrom(months()).Draw(t, "month"))
			case "state":
				h.state(t)
			case "leave out":
				h.leaveOut(t)
			case "withdraw":
				h.withdraw(t)
			}
			h.check(t)
		}
	})
}

// The same facts give the same bytes, in whatever order they were gathered, and
// what is read back is what was written.
func TestASnapshotHasOneForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		h.readOn(t)
		h.readOn(t)
		h.state(t)
		s := Snapshot{Days: months()[0], Worker: WorkerOf(h.in.Workers[0]), Engagements: h.in.Engagements, Sites: h.in.Sites,
			Adjustments: h.in.Adjustments, Workdays: h.derived(), Holidays: []app.Date{app.NewDate(2026, 11, 2), app.NewDate(2026, 9, 27)}}
		for _, a := range attendance.Derive(&h.in).Anomalies {
			s.Anomalies = append(s.Anomalies, Finding{Anomaly: a, Status: app.AnomalyOpen})
		}
		first, err := s.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(s.Engagements)
		slices.Reverse(s.Sites)
		slices.Reverse(s.Workdays)
		slices.Reverse(s.Holidays)
		slices.Reverse(s.Anomalies)
		again, err := s.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if string(first) != string(again) {
			t.Fatal("another order gives other bytes")
		}
		read, err := Read(first)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := read.Bytes(); err != nil || string(back) != string(first) {
			t.Fatalf("what was read is not what was written: %v", err)
		}
	})
}
