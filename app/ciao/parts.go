package ciao

import (
	"slices"
	"time"

	"klokkast/app"
)

// Parts plans parts of the taps, such as other people's, or other times of one, that
// have nothing to do with each other, one after the other by the same facts.
type Parts struct{ p *planner }

// NewParts prepares it; taps, statements and rows of in are not looked at.
func NewParts(in PlanInput) *Parts {
	in.Taps, in.Adjustments, in.Registrations = nil, nil, nil
	return &Parts{newPlanner(in)}
}

// Rows says which rows there are of the parts that come next, and of others perhaps. They must not be changed meanwhile.
func (l *Parts) Rows(rows []app.Registration) {
	clear(l.p.existing)
	l.p.exist(rows)
}

// Plan returns what becomes of one part's taps, in the order of Plan.
func (l *Parts) Plan(taps []app.Tap) []Candidate {
	clear(l.p.open)
	out := l.p.taps(slices.Clone(taps))
	SortCandidates(out)
	return out
}

// Verdict is what was concluded of a part: whether it is settled, so that nothing follows
// from it but what is said here until its taps, its rows or the facts change.
type Verdict struct {
	// Open says that it has to be planned each time: something may be sent, was not answered, is wrong, or depends on the clock.
	Open bool
	// Until is when time alone may change it; zero: never.
	Until app.Instant
	Held  []HeldCount
	Late  []LateOne
	// Corrections says that something of it can only be put right by the NSSO.
	Corrections bool
	// Doubtful says that the register did not plainly say yet that something which it accepted is good.
	Doubtful bool
}

// LateOne is a registration that was accepted so late that it is told.
type LateOne struct {
	Punch    app.RecordKey
	SiteID   app.ID
	At       app.Instant
	Answered app.Instant
	turn     turn
}

// Compare is the order of Plan.
func (l *LateOne) Compare(o *LateOne) int {
	return compareTurns(l.At, o.At, l.turn, o.turn, &l.Punch, &o.Punch)
}

// lateOf returns an accepted registration as one that was late.
func lateOf(c *Candidate) LateOne {
	r := &c.Registration
	return LateOne{Punch: r.Punch, SiteID: r.SiteID, At: r.At, Answered: r.Answered, turn: c.turn}
}

// Conclude says what follows from a part that was planned. span is from its first to its last tap: what is to be found by
// its time lies near it.
func (l *Parts) Conclude(part []Candidate, span app.Span) Verdict {
	v := Verdict{Held: Tally(part)}
	for i := range part {
		c := &part[i]
		if c.Exists {
			v.Open = v.Open || l.p.unsettled(c)
			v.Doubtful = v.Doubtful || c.Registration.State == app.RegAccepted && doubtfulWord(c.Registration.Validity)
			if limit := l.p.sentLate(c.Registration.SiteID); tooLate(&c.Registration, limit) {
				v.Late = append(v.Late, lateOf(c))
			}
		} else {
			until, open := l.p.until(c)
			if v.Open = v.Open || open; until != 0 && (v.Until == 0 || until < v.Until) {
				v.Until = until
			}
			v.Corrections = v.Corrections || l.p.tooLate(c) != nil
		}
		v.Open = v.Open || !span.Holds(c.Registration.At)
	}
	return v
}

// unsettled says of a row that something is still to be done about it, or is found.
func (p *planner) unsettled(c *Candidate) bool {
	r := &c.Registration
	return r.State != app.RegAccepted && r.State != app.RegCancelled || r.NeedsPerson || len(c.Differs) > 0 || c.ByPhone || badly(r)
}

// until says when time alone may change what becomes of a tap without a row (zero: never),
// or that it has to be looked at each time.
func (p *planner) until(c *Candidate) (until app.Instant, open bool) {
	r := &c.Registration
	age := p.in.Now.Sub(r.At)
	switch held := c.Held(); {
	case held == "", held == app.HeldPhonesUnchecked, slices.Contains(c.Reasons, app.HeldFuture), r.NotBefore != 0, held == app.HeldPairing && age < 2*liveHorizon:
		return 0, true
	case c.Never(), r.SSIN == "" && len(c.Reasons) == 1 && roleHolds(held): // judged by its role alone
		return 0, false
	}
	earliest := func(i app.Instant) {
		if until == 0 || i < until {
			until = i
		}
	}
	if !slices.Contains(c.Reasons, app.HeldBeyondWindow) {
		earliest(r.At.DateIn(p.in.Zone).AddDays(p.in.Settings.WindowDays + 1).Start(p.in.Zone))
	}
	if limit := p.in.Settings.LateLimit; limit > 0 && !slices.Contains(c.Reasons, app.HeldLate) {
		earliest(r.At.Add(limit))
	}
	return until, false
}

// roleHolds says that a reason is one of those of a tap's role.
func roleHolds(r app.HeldReason) bool {
	return r == app.HeldNotPlaced || r == app.HeldClock || r == app.HeldNoHolder
}

// tooLate says that a registration was accepted later than the limit after the punch.
func tooLate(r *app.Registration, limit time.Duration) bool {
	return r.State == app.RegAccepted && r.Answered != 0 && r.Answered.Sub(r.At) > limit
}

// sentLate is the limit at a site.
func (p *planner) sentLate(site app.ID) time.Duration {
	if own, ok := p.sites[site].Thresholds[app.SentLateAfter]; ok {
		return time.Duration(own) * time.Millisecond
	}
	return p.in.Settings.SentLate
}
