package derived

import (
	"cmp"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
)

// RegisterPlan says of every punch what becomes of it at the register. What can
// change from one moment to the next is planned each time: punches that may be
// sent still, those that have a row, those of nobody, and statements. A year of
// others is only counted, once, and listed where somebody asks for it.
type RegisterPlan struct {
	engine  *attendance.Engine
	Input   ciao.PlanInput // without taps
	Current []ciao.Candidate
	older   []attendance.Piece // held or never sent, all of them
	counts  *olderCounts
}

// olderCounts are the counts of pieces of time that are over, for as long as
// they are counted by the same facts: what cannot be sent today cannot tomorrow.
type olderCounts struct {
	mu     sync.Mutex
	input  ciao.PlanInput
	counts map[attendance.Piece][]ciao.HeldCount
}

// planMargin is how far a punch's time at the register can lie from the time by
// which it is derived: a drift that is corrected, and a day's rounding.
const planMargin = 2 * 24 * time.Hour

func (o *Cache) newRegisterPlan(e *attendance.Engine, in ciao.PlanInput, rows map[app.RecordKey]app.Registration) *RegisterPlan {
	o.mu.Lock()
	if o.olderCounts == nil || !o.olderCounts.holdsFor(&in) {
		o.olderCounts = &olderCounts{input: in, counts: map[attendance.Piece][]ciao.HeldCount{}}
	}
	counts := o.olderCounts
	o.mu.Unlock()
	p := &RegisterPlan{engine: e, Input: in, counts: counts}
	withRows := map[attendance.Piece]bool{}
	for k := range rows {
		if piece, ok := e.PieceOf(k); ok {
			withRows[piece] = true
		}
	}
	var pieces []attendance.Piece
	from := p.windowFrom()
	for _, piece := range e.Pieces() {
		if piece.Last() >= from || withRows[piece] {
			pieces = append(pieces, piece)
		} else {
			p.older = append(p.older, piece)
		}
	}
	in.Taps = append(e.TapsOf(pieces), e.NobodysTaps()...)
	p.Current = ciao.Plan(in)
	return p
}

// windowFrom is before the first instant whose punches may be sent by themselves.
func (p *RegisterPlan) windowFrom() app.Instant {
	today := p.Input.Now.DateIn(p.Input.Zone)
	return today.AddDays(-p.Input.Settings.WindowDays).Start(p.Input.Zone).Add(-planMargin)
}

// holdsFor says that what was counted would be counted so again.
func (c *olderCounts) holdsFor(in *ciao.PlanInput) bool {
	a, b := c.input, *in
	if b.Now < a.Now {
		return false
	}
	a.Now, b.Now, a.Offset, b.Offset = 0, 0, 0, 0
	a.Registrations, b.Registrations, a.Adjustments, b.Adjustments = nil, nil, nil, nil // of these nothing is older
	return reflect.DeepEqual(a, b)
}

// Held counts what is not sent, by reason.
func (p *RegisterPlan) Held() []ciao.HeldCount {
	p.counts.mu.Lock()
	defer p.counts.mu.Unlock()
	known := make(map[attendance.Piece][]ciao.HeldCount, len(p.older))
	var fresh []attendance.Piece
	for _, piece := range p.older {
		if c, ok := p.counts.counts[piece]; ok {
			known[piece] = c
		} else {
			fresh = append(fresh, piece)
		}
	}
	counted, steady := p.count(fresh)
	lists := [][]ciao.HeldCount{ciao.Tally(p.Current)}
	for i, piece := range fresh {
		if steady[i] {
			known[piece] = counted[i]
		} else {
			lists = append(lists, counted[i])
		}
	}
	p.counts.counts = known // without those that are no more
	for _, c := range known {
		lists = append(lists, c)
	}
	return ciao.Sum(lists...)
}

// count plans pieces, several at the same time, and keeps only the counts.
// steady are those of which every punch is old by the box's own time, too, which
// is what the register counts by: only they stay as they are.
func (p *RegisterPlan) count(pieces []attendance.Piece) (out [][]ciao.HeldCount, steady []bool) {
	out, steady = make([][]ciao.HeldCount, len(pieces)), make([]bool, len(pieces))
	in := p.Input
	in.Registrations = nil // there are none of these
	const share = 500      // pieces at a time: a few thousand taps
	parts := slices.Collect(slices.Chunk(pieces, share))
	var all sync.WaitGroup
	next := make(chan int, len(parts))
	for i := range parts {
		next <- i
	}
	close(next)
	for range min(runtime.GOMAXPROCS(0), len(parts)) {
		all.Go(func() {
			for i := range next {
				copy(out[i*share:], ciao.TallyParts(in, len(parts[i]), func(k int) []app.Tap {
					taps := p.engine.TapsOf(parts[i][k : k+1])
					steady[i*share+k] = !slices.ContainsFunc(taps, func(t app.Tap) bool { return t.Punch.At.Sub(t.At).Abs() > planMargin/2 })
					return taps
				}))
			}
		})
	}
	all.Wait()
	return out, steady
}

// Eligible counts what the next send would queue.
func (p *RegisterPlan) Eligible() (n int) {
	for i := range p.Current {
		if p.Current[i].Ready() {
			n++
		}
	}
	return n
}

// NewestFirst goes through everything in a span, the newest first, a month at a
// time, until it is told to stop.
func (p *RegisterPlan) NewestFirst(span app.Span, more func(*ciao.Candidate) bool) {
	const month = 31 * 24 * time.Hour
	first := p.first()
	for to, from := app.Instant(0), p.windowFrom(); ; to, from = from, from.Add(-month) {
		if list := p.between(from, to); !eachBackwards(list, span, more) {
			return
		}
		if from < first || from < span.From {
			return
		}
	}
}

func eachBackwards(list []ciao.Candidate, span app.Span, more func(*ciao.Candidate) bool) bool {
	for i := len(list) - 1; i >= 0; i-- {
		if span.Holds(list[i].Registration.At) && !more(&list[i]) {
			return false
		}
	}
	return true
}

// first is not after anything that there is.
func (p *RegisterPlan) first() app.Instant {
	first := p.Input.Now
	for _, piece := range p.older {
		first = min(first, piece.First())
	}
	for i := range p.Current {
		first = min(first, p.Current[i].Registration.At)
	}
	return first.Add(-planMargin)
}

// between returns what lies between two instants (to 0: without end), by time.
func (p *RegisterPlan) between(from, to app.Instant) []ciao.Candidate {
	span := app.Span{From: from, To: to}
	var list []ciao.Candidate
	take := func(candidates []ciao.Candidate) {
		for i := range candidates {
			if span.Holds(candidates[i].Registration.At) {
				list = append(list, candidates[i])
			}
		}
	}
	take(p.Current)
	wide := app.Span{From: from.Add(-planMargin)}
	if to != 0 {
		wide.To = to.Add(planMargin)
	}
	var pieces []attendance.Piece
	for _, piece := range p.older {
		if wide.Overlaps(app.Span{From: piece.First(), To: piece.Last() + 1}) {
			pieces = append(pieces, piece)
		}
	}
	take(p.planned(pieces))
	ciao.SortCandidates(list)
	return list
}

// During returns what lies in Belgian days, by time.
func (p *RegisterPlan) During(days app.Days) []ciao.Candidate {
	return p.between(days.From.Start(p.Input.Zone), days.To.End(p.Input.Zone))
}

// planned plans pieces that are over; statements are among what is current.
func (p *RegisterPlan) planned(pieces []attendance.Piece) []ciao.Candidate {
	if len(pieces) == 0 {
		return nil
	}
	in := p.Input
	in.Taps, in.Adjustments, in.Registrations = p.engine.TapsOf(pieces), nil, nil
	return ciao.Plan(in)
}

// Corrections returns all that only the NSSO can put right, in the order of days.
func (p *RegisterPlan) Corrections() []app.Correction {
	const share = 2000 // pieces at a time: some ten thousand taps
	list := append(ciao.Corrections(p.Input, p.Current), ciao.EntryCorrections(p.Input)...)
	for pieces := range slices.Chunk(p.older, share) {
		list = append(list, ciao.Corrections(p.Input, p.planned(pieces))...)
	}
	slices.SortStableFunc(list, func(a, b app.Correction) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Key(), b.Key()))
	})
	return list
}

// Of returns what becomes of some punches.
func (p *RegisterPlan) Of(keys []app.RecordKey) (list []ciao.Candidate) {
	wanted := make(map[app.RecordKey]bool, len(keys))
	pieces := map[attendance.Piece]bool{}
	for _, k := range keys {
		wanted[k] = true
		if piece, ok := p.engine.PieceOf(k); ok {
			pieces[piece] = true
		}
	}
	older := p.planned(slices.DeleteFunc(slices.Clone(p.older), func(piece attendance.Piece) bool { return !pieces[piece] }))
	for _, candidates := range [...][]ciao.Candidate{p.Current, older} {
		for i := range candidates {
			if wanted[candidates[i].Registration.Punch] {
				list = append(list, candidates[i])
			}
		}
	}
	return list
}
