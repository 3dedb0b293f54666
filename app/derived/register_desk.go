package derived

import (
	"cmp"
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
)

// desk is what was concluded of everything at the register. What is settled is not planned again, and its rows are not
// read, until its taps, its rows or the facts change: what is planned with each snapshot is what is open. It never changes,
// but for counts that are made where somebody asks for them.
type desk struct {
	engine *attendance.Engine
	env    app.Environment
	now    app.Instant
	marks  ciao.Marks
	rows   *rowsOfTaps

	counts sync.Mutex // is held while what nobody counted yet is counted
	mu     sync.Mutex
	people map[app.ID]*personDesk // another map each time that something in it is otherwise
}

// persons returns what is known of each person.
func (d *desk) persons() map[app.ID]*personDesk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.people
}

// personDesk is that of one person.
type personDesk struct {
	notes     []stamped          // by stamp
	open      []attendance.Piece // planned each time
	uncounted bool               // there are some of which nothing was queued, and which nobody counted yet
	first     app.Instant
	until     app.Instant // when time alone changes something; zero: never
	sites     []app.ID
	held      []ciao.HeldCount // of what is settled and counted
	late      []ciao.LateOne
}

// stamped is what was concluded of the taps of a stamp.
type stamped struct {
	stamp uint64
	*note
}

// note is what was concluded of a piece. Most are the same few, and shared.
type note struct {
	ciao.Verdict
	sites   []app.ID
	rows    bool // something of it was queued
	counted bool // else nothing is known but that nothing was queued, and that it is too old to be sent
}

func (d *personDesk) find(stamp uint64) *note {
	if d == nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(d.notes, stamp, func(n stamped, s uint64) int { return cmp.Compare(n.stamp, s) })
	if !ok {
		return nil
	}
	return d.notes[i].note
}

// of returns what was concluded of a piece; of one without taps there is nothing.
func (d *desk) of(p attendance.Piece) *note {
	if n := d.persons()[d.engine.Worker(p)].find(p.Stamp()); n != nil {
		return n
	}
	return &note{counted: true}
}

// pieceKey is what a piece is known by, whoever gives it.
type pieceKey struct {
	worker app.ID
	stamp  uint64
}

// round makes the next desk of one.
type round struct {
	o       *Cache
	before  *desk
	people  map[app.ID]*personDesk // before
	next    *desk
	in      ciao.PlanInput
	parts   *ciao.Parts
	from    app.Instant       // before the first instant whose punches may be sent
	whole   bool              // nothing is known: all rows were gone through
	rowed   map[pieceKey]bool // of which rows were made or changed; where nothing is known: of which there are any
	visits  map[app.ID]*visit
	current []ciao.Candidate
}

// visit is what has to be looked at again of a person.
type visit struct {
	all    bool // everything
	gone   map[uint64]bool
	pieces []attendance.Piece // that came, or of which rows changed
	notes  []stamped
	open   []attendance.Piece
	first  app.Instant
}

func (r *round) visit(w app.ID) *visit {
	v := r.visits[w]
	if v == nil {
		v = &visit{gone: map[uint64]bool{}}
		r.visits[w] = v
	}
	return v
}

// nextDesk plans what is open, and what changed since the last desk.
func (o *Cache) nextDesk(ctx context.Context, e *attendance.Engine, in ciao.PlanInput) (*desk, []ciao.Candidate, error) {
	r := &round{o: o, in: in, parts: ciao.NewParts(in), before: o.desk, rowed: map[pieceKey]bool{}, visits: map[app.ID]*visit{}}
	r.next = &desk{engine: e, env: in.Environment, now: in.Now, marks: ciao.MarksOf(&in, o.markKey)}
	r.from = windowFrom(&in)
	if b := r.before; b == nil || b.env != in.Environment || b.marks.All != r.next.marks.All || in.Now < b.now {
		r.before, r.whole = &desk{env: in.Environment, rows: &rowsOfTaps{}}, true
	}
	r.people = r.before.persons()
	for _, step := range []func(context.Context) error{r.readChanges, r.lookAgain, r.nobodys} {
		if err := step(ctx); err != nil {
			return nil, nil, err
		}
	}
	stated := in
	stated.Taps, stated.Registrations = nil, nil
	r.current = append(r.current, ciao.Plan(stated)...)
	ciao.SortCandidates(r.current)
	o.desk = r.next
	return r.next, r.current, nil
}

// windowFrom is before the first instant whose punches may be sent by themselves.
func windowFrom(in *ciao.PlanInput) app.Instant {
	today := in.Now.DateIn(in.Zone)
	return today.AddDays(-in.Settings.WindowDays).Start(in.Zone).Add(-planMargin)
}

// readChanges notes what has to be looked at again: whose taps are others, whose rows, whose facts, and what is open or due.
func (r *round) readChanges(ctx context.Context) (err error) {
	e := r.next.engine
	for _, c := range e.Unlike(r.before.engine) {
		v := r.visit(c.Worker)
		v.pieces = c.Came
		for _, p := range c.Gone {
			v.gone[p.Stamp()] = true
		}
	}
	r.next.rows, err = r.before.rows.next(ctx, r.o.work.Store, r.in.Environment, func(k app.RecordKey) {
		piece, ok := e.PieceOf(k)
		if !ok {
			return
		}
		key := pieceKey{e.Worker(piece), piece.Stamp()}
		if !r.rowed[key] && !r.whole {
			v := r.visit(key.worker)
			v.pieces = append(v.pieces, piece)
		}
		r.rowed[key] = true
	})
	for w, mark := range r.next.marks.Person {
		if r.before.marks.Person[w] != mark && r.people[w] != nil {
			r.visit(w).all = true
		}
	}
	for w, d := range r.people {
		if d.until != 0 && d.until <= r.in.Now || slices.ContainsFunc(d.sites, r.otherSite) {
			r.visit(w).all = true
		}
		if len(d.open) > 0 {
			v := r.visit(w)
			for _, p := range d.open {
				if !v.gone[p.Stamp()] {
					v.pieces = append(v.pieces, p)
				}
			}
		}
	}
	return err
}

// otherSite says that the facts about a site are not what they were.
func (r *round) otherSite(id app.ID) bool { return r.before.marks.Site[id] != r.next.marks.Site[id] }

// holds says that what was concluded of a piece would be concluded again.
func (r *round) holds(n *note, key pieceKey) bool {
	return n != nil && !n.Open && !r.rowed[key] && r.before.marks.Person[key.worker] == r.next.marks.Person[key.worker] &&
		(n.Until == 0 || n.Until > r.in.Now) && !slices.ContainsFunc(n.sites, r.otherSite)
}

// fresh is a piece that has to be planned.
type fresh struct {
	key   pieceKey
	piece attendance.Piece
	rows  bool // there may be some
}

// lookAgain plans what is not known any more of the people who are visited.
func (r *round) lookAgain(ctx context.Context) error {
	var list []fresh
	for w, v := range r.visits {
		list = append(list, r.freshOf(w, v)...)
	}
	// In the order of time the rows of a chunk lie close together.
	slices.SortFunc(list, func(a, b fresh) int { return cmp.Compare(a.piece.First(), b.piece.First()) })
	for part := range slices.Chunk(list, plannedAtOnce) {
		if err := r.plan(ctx, part); err != nil {
			return err
		}
	}
	r.next.people = maps.Clone(r.people)
	if r.next.people == nil {
		r.next.people = make(map[app.ID]*personDesk, len(r.visits))
	}
	for w, v := range r.visits {
		delete(r.next.people, w)
		if len(v.notes) > 0 {
			r.next.people[w] = v.person()
		}
	}
	return nil
}

// freshOf keeps what is known still of a person, and returns what has to be planned.
func (r *round) freshOf(w app.ID, v *visit) (list []fresh) {
	before := r.people[w]
	if before != nil {
		v.first = before.first
	}
	if v.all {
		v.pieces = r.next.engine.PiecesOf(w)
	}
	seen := map[uint64]bool{}
	for _, p := range v.pieces {
		key := pieceKey{w, p.Stamp()}
		if seen[key.stamp] {
			continue
		}
		seen[key.stamp] = true
		if v.first == 0 || p.First() < v.first {
			v.first = p.First()
		}
		n := before.find(key.stamp)
		mayHave := r.rowed[key] || !r.whole && (n == nil || n.rows)
		switch {
		case r.holds(n, key):
			v.notes = append(v.notes, stamped{key.stamp, n})
		case !mayHave && p.Last() < r.from:
			v.notes = append(v.notes, stamped{key.stamp, r.o.plain.of(note{})})
		default:
			list = append(list, fresh{key, p, mayHave})
		}
	}
	if before != nil && !v.all {
		for _, n := range before.notes {
			if !seen[n.stamp] && !v.gone[n.stamp] {
				v.notes = append(v.notes, n)
			}
		}
	}
	return list
}

// plannedAtOnce is how many pieces are planned together: a few thousand taps.
const plannedAtOnce = 1000

// plan plans some pieces, keeps what follows, and the candidates of those that are open.
func (r *round) plan(ctx context.Context, part []fresh) error {
	pieces := make([]attendance.Piece, len(part))
	for i := range part {
		pieces[i] = part[i].piece
	}
	taps := r.next.engine.TapsOfEach(pieces)
	var keys []app.RecordKey
	for i := range part {
		if part[i].rows {
			keys = keysOf(keys, taps[i])
		}
	}
	rows, err := r.next.rows.of(ctx, r.o.work.Store, r.in.Environment, keys)
	if err != nil {
		return err
	}
	r.parts.Rows(rows)
	for i := range part {
		candidates := r.parts.Plan(taps[i])
		n := note{Verdict: r.parts.Conclude(candidates, spanNear(pieces[i])), sites: sitesOf(taps[i]), rows: slices.ContainsFunc(candidates, exists), counted: true}
		v := r.visits[part[i].key.worker]
		if n.Open {
			r.current = append(r.current, candidates...)
			v.open = append(v.open, pieces[i])
			n.Verdict = ciao.Verdict{Open: true}
		}
		v.notes = append(v.notes, stamped{part[i].key.stamp, r.o.plain.of(n)})
	}
	return nil
}

// spanNear is the time in which what a piece has is looked for.
func spanNear(p attendance.Piece) app.Span {
	return app.Span{From: p.First().Add(-planMargin / 2), To: p.Last().Add(planMargin / 2)}
}

func keysOf(keys []app.RecordKey, taps []app.Tap) []app.RecordKey {
	for i := range taps {
		keys = append(keys, taps[i].Punch.Key)
	}
	return keys
}

func exists(c ciao.Candidate) bool { return c.Exists }

func sitesOf(taps []app.Tap) (list []app.ID) {
	for i := range taps {
		if id := taps[i].SiteID; id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// plainKey is all that there is to say of most pieces.
type plainKey struct {
	site                         app.ID
	rows, counted, open, doubted bool
}

// plainNotes are the notes that say so little that many pieces share them.
type plainNotes struct {
	mu    sync.Mutex
	notes map[plainKey]*note
}

// of returns the one note that says as little, where there is no more to say.
func (p *plainNotes) of(n note) *note {
	if len(n.sites) > 1 || len(n.Held) > 0 || len(n.Late) > 0 || n.Until != 0 || n.Corrections {
		return &n
	}
	k := plainKey{rows: n.rows, counted: n.counted, open: n.Open, doubted: n.Doubtful}
	if len(n.sites) > 0 {
		k.site = n.sites[0]
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.notes == nil {
		p.notes = map[plainKey]*note{}
	}
	if p.notes[k] == nil {
		p.notes[k] = &n
	}
	return p.notes[k]
}

// person puts together what is known of a person after a visit.
func (v *visit) person() *personDesk {
	d := &personDesk{notes: slices.Clip(v.notes), open: v.open, first: v.first}
	slices.SortFunc(d.notes, func(a, b stamped) int { return cmp.Compare(a.stamp, b.stamp) })
	d.sum()
	return d
}

// sum adds up what the notes say.
func (d *personDesk) sum() {
	var held [][]ciao.HeldCount
	for _, n := range d.notes {
		switch {
		case n.Open:
		case !n.counted:
			d.uncounted = true
		default:
			if len(n.Held) > 0 {
				held = append(held, n.Held)
			}
			d.late = append(d.late, n.Late...)
		}
		if n.Until != 0 && (d.until == 0 || n.Until < d.until) {
			d.until = n.Until
		}
		for _, id := range n.sites {
			if !slices.Contains(d.sites, id) {
				d.sites = append(d.sites, id)
			}
		}
	}
	if len(held) > 0 {
		d.held = ciao.Sum(held...)
	}
}

// nobodys plans the taps of nobody.
func (r *round) nobodys(ctx context.Context) error {
	taps := r.next.engine.NobodysTaps()
	rows, err := r.next.rows.of(ctx, r.o.work.Store, r.in.Environment, keysOf(nil, taps))
	if err != nil {
		return err
	}
	r.parts.Rows(rows)
	r.current = append(r.current, r.parts.Plan(taps)...)
	return nil
}

// counted returns what is known of each person, with what nobody had counted yet.
func (d *desk) counted(in ciao.PlanInput, plain *plainNotes) map[app.ID]*personDesk {
	d.counts.Lock()
	defer d.counts.Unlock()
	people := d.persons()
	var whose []app.ID
	var all []attendance.Piece
	for w, p := range people {
		if !p.uncounted {
			continue
		}
		for _, piece := range d.engine.PiecesOf(w) {
			if n := p.find(piece.Stamp()); n != nil && !n.counted {
				whose, all = append(whose, w), append(all, piece)
			}
		}
	}
	if len(all) == 0 {
		return people
	}
	made := make(map[app.ID]map[uint64]*note, len(people))
	for i, v := range d.verdicts(in, all) {
		if made[whose[i]] == nil {
			made[whose[i]] = map[uint64]*note{}
		}
		v.Open, v.counted = false, true // it is too old to be sent, whatever else
		made[whose[i]][all[i].Stamp()] = plain.of(v)
	}
	people = maps.Clone(people)
	for w, notes := range made {
		people[w] = people[w].with(notes)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people = people
	return people
}

// with returns it with other notes of some stamps.
func (d *personDesk) with(notes map[uint64]*note) *personDesk {
	n := &personDesk{notes: slices.Clone(d.notes), open: d.open, first: d.first}
	for i := range n.notes {
		if other := notes[n.notes[i].stamp]; other != nil {
			n.notes[i].note = other
		}
	}
	n.sum()
	return n
}

// verdicts concludes of pieces without rows, several at the same time.
func (d *desk) verdicts(in ciao.PlanInput, pieces []attendance.Piece) []note {
	out := make([]note, len(pieces))
	var all sync.WaitGroup
	next := make(chan int, len(pieces)/plannedAtOnce+1)
	for from := 0; from < len(pieces); from += plannedAtOnce {
		next <- from
	}
	close(next)
	for range min(runtime.GOMAXPROCS(0), cap(next)) {
		all.Go(func() {
			parts := ciao.NewParts(in)
			for from := range next {
				for i := from; i < min(from+plannedAtOnce, len(pieces)); i++ {
					taps := d.engine.TapsOf(pieces[i : i+1])
					out[i] = note{Verdict: parts.Conclude(parts.Plan(taps), spanNear(pieces[i])), sites: sitesOf(taps)}
				}
			}
		})
	}
	all.Wait()
	return out
}
