package period

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
)

// Figures are what a workday counts, in whole minutes as printed: each is cut
// once, so that sums of figures are sums of what stands on paper.
type Figures struct {
	Worked   int `json:"workedMinutes"`
	Adjusted int `json:"adjustedMinutes"` // the part of Worked that only adjustments give
	Breaks   int `json:"breakMinutes"`
	Night    int `json:"nightMinutes"`
	Sunday   int `json:"sundayMinutes"` // Sundays and holidays
}

// Plus adds two figures, each to each.
func (f Figures) Plus(o Figures) Figures {
	return Figures{f.Worked + o.Worked, f.Adjusted + o.Adjusted, f.Breaks + o.Breaks, f.Night + o.Night, f.Sunday + o.Sunday}
}

// Minus takes o from f, each from each.
func (f Figures) Minus(o Figures) Figures {
	return Figures{f.Worked - o.Worked, f.Adjusted - o.Adjusted, f.Breaks - o.Breaks, f.Night - o.Night, f.Sunday - o.Sunday}
}

// Figures returns what the workday counts.
func (w *Workday) Figures() Figures {
	const minute = int64(time.Minute / time.Millisecond)
	return Figures{int(w.WorkedMs / minute), int(w.AdjustedMs / minute), int(w.BreaksMs / minute), int(w.NightMs / minute), int(w.SundayMs / minute)}
}

// Addition is what a closed day counts more or less than what is settled of it.
// It never changes that day: the next approval of a later period carries it.
type Addition struct {
	EngagementID app.ID   `json:"engagementId"`
	Day          app.Date `json:"day"`
	// Approval is the one that closes the day.
	Approval app.ID `json:"approval"`
	// Rounding is that of the engagement when the day was closed.
	Rounding app.Rounding `json:"rounding,omitzero"`
	Was      Figures      `json:"was"` // settled before
	Is       Figures      `json:"is"`  // derived now
	Changes  []Change     `json:"changes"`
	Causes   []Cause      `json:"causes"`
	// Before is the workday as it was settled; approvals of earlier versions of the
	// program lack it (see Settled).
	Before *Workday `json:"before,omitempty"`
	// Now is the workday as it is derived now: what the next difference counts from.
	Now Workday `json:"now"`
}

// Difference is what is to be added; negative figures are deducted.
func (a *Addition) Difference() Figures { return a.Is.Minus(a.Was) }

// Settled returns the workday that Was counts: where the approval does not hold
// it, as far as what changed tells.
func (a *Addition) Settled() *Workday {
	if a.Before != nil {
		return a.Before
	}
	const minute = int64(time.Minute / time.Millisecond)
	w := Workday{
		EngagementID: a.EngagementID,
		Day:          a.Day,
		WorkedMs:     int64(a.Was.Worked) * minute,
		NightMs:      int64(a.Was.Night) * minute,
		SundayMs:     int64(a.Was.Sunday) * minute,
	}
	for i := range a.Now.Presences {
		p := &a.Now.Presences[i]
		if !slices.ContainsFunc(a.Changes, func(c Change) bool { return c.Is != nil && related(c.Is, p) }) {
			w.Presences = append(w.Presences, *p)
		}
	}
	for _, c := range a.Changes {
		if c.Was != nil {
			w.Presences = append(w.Presences, *c.Was)
		}
	}
	slices.SortStableFunc(w.Presences, func(a, b Presence) int { return cmp.Compare(a.Start(), b.Start()) })
	return &w
}

func (a *Addition) key() key { return key{a.EngagementID, a.Day} }

// Change is a presence that came, went, or is otherwise than it was settled.
type Change struct {
	Was *Presence `json:"was,omitempty"` // nil: it was not there
	Is  *Presence `json:"is,omitempty"`  // nil: it is not there any more
}

// CauseCode says why a closed day counts otherwise; the texts are approval.cause.CODE.
type CauseCode string

// Causes.
const (
	ReadLater  CauseCode = "read-later"     // taps that were read after the day was closed
	Attributed CauseCode = "attributed"     // taps that were there and count for the person only now
	LeftOut    CauseCode = "left-out"       // taps that counted and do not any more
	Stated     CauseCode = "stated"         // a supervisor's statement
	Unstated   CauseCode = "statement-gone" // a statement that was withdrawn, or a tap has its place
	Recounted  CauseCode = "recounted"      // the same taps and statements: a clock, an answer or a rule is another
)

// Cause is why a closed day counts otherwise, with the taps or the statements meant.
type Cause struct {
	Code        CauseCode       `json:"code"`
	Punches     []app.RecordKey `json:"punches,omitempty"`
	Adjustments []app.ID        `json:"adjustments,omitempty"`
}

// Closing is a standing approval of one worker with what it closed.
type Closing struct {
	Step     app.Approval
	Snapshot *Snapshot
}

// Known is what the search for causes needs beside workdays.
type Known struct {
	// ReadAt gives when a tap was first read; zero where nobody knows.
	ReadAt func(app.RecordKey) app.Instant
	// Rounding gives that of an engagement that the closing approval did not know.
	Rounding func(engagement app.ID) app.Rounding
}

// settled is what all approvals together have settled of a part of a day.
type settled struct {
	day      Workday
	figures  Figures
	approval app.ID // that closed the day
	rounding app.Rounding
	at       app.Instant // when it was settled last
}

// OpenAdditions returns what closed days of one worker count more or less now than
// all standing approvals together have settled, by day. closings are in the
// order in which they were made; now holds all workdays of the worker.
func OpenAdditions(closings []Closing, now []Workday, known Known) []Addition {
	all := settle(closings)
	seen := map[key]bool{}
	var out []Addition
	for i := range now {
		w := &now[i]
		closing := closingOf(closings, w.Day)
		if closing == nil {
			continue
		}
		k := w.key()
		seen[k] = true
		was, ok := all[k]
		if !ok { // the person did not work for this engagement on that day, as far as was known
			was = settled{
				day:      Workday{EngagementID: w.EngagementID, Day: w.Day},
				approval: closing.Step.ID,
				rounding: closing.rounding(w.EngagementID, known),
				at:       closing.Step.At,
			}
		}
		if a, differs := was.against(w, known); differs {
			out = append(out, a)
		}
	}
	for k, was := range all {
		if seen[k] {
			continue
		}
		if a, differs := was.against(&Workday{EngagementID: k.engagement, Day: k.day}, known); differs {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Addition) int { return compareKeys(a.key(), b.key()) })
	return out
}

func closingOf(closings []Closing, day app.Date) *Closing {
	for i := range closings {
		if closings[i].Step.Days.Holds(day) {
			return &closings[i]
		}
	}
	return nil
}

// settle returns what the approvals have settled: what each closed, and then the
// additions that each carried, in the order in which they were made.
func settle(closings []Closing) map[key]settled {
	all := map[key]settled{}
	for _, c := range closings {
		for _, w := range c.Snapshot.Workdays {
			all[w.key()] = settled{w, w.Figures(), c.Step.ID, c.rounding(w.EngagementID, Known{}), c.Step.At}
		}
	}
	for _, c := range closings {
		for _, a := range c.Snapshot.Additions {
			if closingOf(closings, a.Day) == nil {
				continue // of a day that is open again: see CarriedBy
			}
			s, ok := all[a.key()]
			if !ok {
				s = settled{approval: a.Approval, rounding: a.Rounding}
			}
			s.figures = s.figures.Plus(a.Difference())
			s.day, s.at = a.Now, c.Step.At
			all[a.key()] = s
		}
	}
	return all
}

// rounding returns that of an engagement as the approval knew it.
func (c *Closing) rounding(engagement app.ID, known Known) app.Rounding {
	for _, e := range c.Snapshot.Engagements {
		if e.ID == engagement {
			return e.Rounding
		}
	}
	if known.Rounding == nil {
		return app.Rounding{}
	}
	return known.Rounding(engagement)
}

// against compares what is settled with what is derived now.
func (s *settled) against(now *Workday, known Known) (Addition, bool) {
	a := Addition{EngagementID: now.EngagementID, Day: now.Day, Approval: s.approval, Rounding: s.rounding,
		Was: s.figures, Is: now.Figures(), Changes: changesOf(s.day.Presences, now.Presences), Now: *now}
	if a.Was == a.Is && len(a.Changes) == 0 {
		return a, false
	}
	if a.Now.Presences == nil {
		a.Now.Presences = []Presence{}
	}
	before := s.day
	a.Before = &before
	a.Causes = causesOf(s.day.Presences, now.Presences, s.at, known)
	return a, true
}

// CarriedBy returns the standing approvals that carry an addition of a day that the
// given approval closes, or one that they carry after it. They are withdrawn
// before it: else what they settled would be settled twice.
func CarriedBy(closings []Closing, approval app.ID) []app.Approval {
	at := slices.IndexFunc(closings, func(c Closing) bool { return c.Step.ID == approval })
	if at < 0 {
		return nil
	}
	mine := closings[at]
	holds := func(a Addition) bool {
		return mine.Step.Days.Holds(a.Day) ||
			slices.ContainsFunc(mine.Snapshot.Additions, func(b Addition) bool { return a.key() == b.key() })
	}
	var out []app.Approval
	for _, c := range closings[at+1:] {
		if slices.ContainsFunc(c.Snapshot.Additions, holds) {
			out = append(out, c.Step)
		}
	}
	return out
}

// DueOn returns the day on which an addition of a closed day is due: the first one
// after it that no approval closes.
func DueOn(closings []Closing, closed app.Date) app.Date {
	due := closed
	for c := closingOf(closings, due); c != nil; c = closingOf(closings, due) {
		due = c.Step.Days.To.AddDays(1)
	}
	return due
}

// Due returns the additions that an approval of days carries: those of earlier days.
func Due(open []Addition, days app.Days) []Addition {
	var out []Addition
	for _, a := range open {
		if a.Day < days.From {
			out = append(out, a)
		}
	}
	return out
}
