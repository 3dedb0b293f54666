package derived

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
)

// RegisterPlan says of every punch what becomes of it at the register. What is open
// is planned each time: what may be sent still, what was not answered, what is wrong,
// the taps of nobody, and statements. What is settled is only counted, and listed where somebody asks for it.
type RegisterPlan struct {
	engine  *attendance.Engine
	Input   ciao.PlanInput // without taps and rows
	Current []ciao.Candidate
	desk    *desk
	from    *Cache
}

// planMargin is how far a punch's time at the register can lie from the time by
// which it is derived: a drift that is corrected, and a day's rounding.
const planMargin = 2 * 24 * time.Hour

// Rows returns by punch the row that counts: the one of the last generation. They are of now: newer than the plan, perhaps.
func (p *RegisterPlan) Rows(ctx context.Context, punches []app.RecordKey) (map[app.RecordKey]app.Registration, error) {
	rows, err := p.desk.rows.of(ctx, p.from.work.Store, p.Input.Environment, punches)
	return LastOf(rows), err
}

// Held counts what is not sent, by reason.
func (p *RegisterPlan) Held() []ciao.HeldCount {
	lists := [][]ciao.HeldCount{ciao.Tally(p.Current)}
	for _, d := range p.desk.counted(p.Input, &p.from.plain) {
		lists = append(lists, d.held)
	}
	return ciao.Sum(lists...)
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

// Wanted narrows what is looked through for a list; zero fields do not.
type Wanted struct {
	Open     bool // only what is open: queued, on its way, unknown, refused, or to be decided
	Unsent   bool // only what has no row
	Doubtful bool // only what the register did not plainly call good
}

// NewestFirst goes through everything in a span, the newest first, a month at a
// time, until it is told to stop.
func (p *RegisterPlan) NewestFirst(ctx context.Context, span app.Span, want Wanted, more func(*ciao.Candidate) bool) error {
	if want.Open {
		eachBackwards(p.Current, span, more)
		return nil
	}
	if want.Unsent || want.Doubtful {
		p.desk.counted(p.Input, &p.from.plain)
	}
	const month = 31 * 24 * time.Hour
	first := p.first(want)
	for to, from := app.Instant(0), windowFrom(&p.Input); ; to, from = from, from.Add(-month) {
		list, err := p.between(ctx, from, to, want)
		if err != nil || !eachBackwards(list, span, more) {
			return err
		}
		if from < first || from < span.From {
			return nil
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

// first is not after anything that is wanted.
func (p *RegisterPlan) first(want Wanted) app.Instant {
	first := p.Input.Now
	for _, d := range p.desk.persons() {
		if d.first < first && slices.ContainsFunc(d.notes, func(n stamped) bool { return n.may(want) }) {
			first = d.first
		}
	}
	for i := range p.Current {
		first = min(first, p.Current[i].Registration.At)
	}
	return first.Add(-planMargin)
}

// may says that something of the piece may be wanted.
func (n *note) may(want Wanted) bool {
	return (!want.Unsent || !n.counted || len(n.Held) > 0) && (!want.Doubtful || n.Doubtful)
}

// between returns what lies between two instants (to 0: without end), in the order of the plan.
func (p *RegisterPlan) between(ctx context.Context, from, to app.Instant, want Wanted) ([]ciao.Candidate, error) {
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
	planned, err := p.planned(ctx, p.engine.PiecesIn(wide), want)
	take(planned)
	ciao.SortCandidates(list)
	return list, err
}

// During returns what lies in Belgian days, in the order of the plan.
func (p *RegisterPlan) During(ctx context.Context, days app.Days) ([]ciao.Candidate, error) {
	return p.between(ctx, days.From.Start(p.Input.Zone), days.To.End(p.Input.Zone), Wanted{})
}

// planned plans pieces of which something may be wanted, but for those that are open: they are among what is current.
func (p *RegisterPlan) planned(ctx context.Context, pieces []attendance.Piece, want Wanted) (list []ciao.Candidate, err error) {
	pieces = slices.DeleteFunc(slices.Clone(pieces), func(piece attendance.Piece) bool {
		n := p.desk.of(piece)
		return n.Open || !n.may(want)
	})
	if len(pieces) == 0 {
		return nil, nil
	}
	parts := ciao.NewParts(p.Input)
	for some := range slices.Chunk(pieces, plannedAtOnce) {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("plan for the register: %w", err)
		}
		taps := p.engine.TapsOfEach(some)
		var keys []app.RecordKey
		for i := range some {
			if p.desk.of(some[i]).rows {
				keys = keysOf(keys, taps[i])
			}
		}
		rows, err := p.desk.rows.of(ctx, p.from.work.Store, p.Input.Environment, keys)
		if err != nil {
			return nil, err
		}
		parts.Rows(rows)
		for i := range some {
			list = append(list, parts.Plan(taps[i])...)
		}
	}
	return list, nil
}

// Corrections returns all that only the NSSO can put right, in the order of days.
func (p *RegisterPlan) Corrections(ctx context.Context) ([]app.Correction, error) {
	list := append(ciao.Corrections(p.Input, p.Current), ciao.EntryCorrections(p.Input)...)
	var pieces []attendance.Piece
	for w, d := range p.desk.counted(p.Input, &p.from.plain) {
		if !slices.ContainsFunc(d.notes, func(n stamped) bool { return n.Corrections }) {
			continue
		}
		for _, piece := range p.engine.PiecesOf(w) {
			if p.desk.of(piece).Corrections {
				pieces = append(pieces, piece)
			}
		}
	}
	for some := range slices.Chunk(pieces, plannedAtOnce) {
		planned, err := p.planned(ctx, some, Wanted{})
		if err != nil {
			return nil, err
		}
		list = append(list, ciao.Corrections(p.Input, planned)...)
	}
	slices.SortStableFunc(list, func(a, b app.Correction) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Key(), b.Key()))
	})
	return list, nil
}

// Of returns what becomes of some punches.
func (p *RegisterPlan) Of(ctx context.Context, keys []app.RecordKey) (list []ciao.Candidate, err error) {
	wanted := make(map[app.RecordKey]bool, len(keys))
	chosen := map[pieceKey]bool{}
	var pieces []attendance.Piece
	for _, k := range keys {
		wanted[k] = true
		piece, ok := p.engine.PieceOf(k)
		if !ok {
			continue
		}
		if key := (pieceKey{p.engine.Worker(piece), piece.Stamp()}); !chosen[key] {
			chosen[key] = true
			pieces = append(pieces, piece)
		}
	}
	settled, err := p.planned(ctx, pieces, Wanted{})
	for _, candidates := range [...][]ciao.Candidate{p.Current, settled} {
		for i := range candidates {
			if wanted[candidates[i].Registration.Punch] {
				list = append(list, candidates[i])
			}
		}
	}
	return list, err
}

// WithRow returns what becomes of the punch of a registration; false where none is of it any more.
func (p *RegisterPlan) WithRow(ctx context.Context, registration app.ID) (ciao.Candidate, bool, error) {
	if registration == "" {
		return ciao.Candidate{}, false, nil
	}
	rows, err := p.from.work.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: p.Input.Environment, IDs: []app.ID{registration}})
	if err != nil || len(rows) == 0 {
		return ciao.Candidate{}, false, err
	}
	keys := []app.RecordKey{rows[0].Punch}
	if tap, ok := p.desk.rows.same[keys[0]]; ok {
		keys = append(keys, tap)
	}
	list, err := p.Of(ctx, keys)
	for i := range list {
		if list[i].Registration.ID == registration {
			return list[i], true, nil
		}
	}
	return ciao.Candidate{}, false, err
}

// late is what was accepted late and is settled otherwise.
func (d *desk) late() (list []ciao.LateOne) {
	n := 0
	for _, p := range d.persons() {
		n += len(p.late)
	}
	list = make([]ciao.LateOne, 0, n)
	for _, p := range d.persons() {
		list = append(list, p.late...)
	}
	return list
}
