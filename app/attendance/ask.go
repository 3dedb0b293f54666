package attendance

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"klokkast/app"
)

// Result derives everything that there is; it is made once. For a large company
// that is a gigabyte: ask for days and persons instead.
func (e *Engine) Result() *Result {
	e.once.Do(func() { e.derived = e.result() })
	return e.derived
}

func (e *Engine) result() *Result {
	r := &Result{Anomalies: e.Anomalies(), Older: e.Older(), Segments: e.Segments(), Clock: e.Clock(), Unused: e.Unused()}
	derived := e.derive(e.ordered, everyPage, everyBlock)
	e.writeAll(r, e.nobodysTaps(), derived)
	for _, d := range derived {
		r.Shares = append(r.Shares, d.shares()...)
	}
	return r
}

// those returns one worker, or all ("").
func (e *Engine) those(worker app.ID) []*person {
	if worker == "" {
		return e.ordered
	}
	if no, ok := e.f.workerNo[worker]; ok && e.people[no] != nil {
		return []*person{e.people[no]}
	}
	return nil
}

func everyBlock(*block) bool { return true }

// derive derives the wanted blocks of some people, in the wanted pages, by worker and time.
func (e *Engine) derive(people []*person, page func(*blockPage) bool, want func(*block) bool) []*derivation {
	type part struct {
		p *person
		b *block
	}
	var parts []part
	for _, p := range people {
		p.each(page, func(b *block) {
			if want(b) {
				parts = append(parts, part{p, b})
			}
		})
	}
	out := make([]*derivation, len(parts))
	atOnce(len(parts), func(i int) { out[i] = e.f.derivationOf(parts[i].p, parts[i].b) })
	return out
}

// nobodysTaps returns the taps of nobody, in order.
func (e *Engine) nobodysTaps() []*tap {
	var refs []ref
	for _, l := range e.f.logs {
		refs = l.refsIn(refs, l.clock().rest)
	}
	taps := e.f.tapsOf(refs)
	for k, s := range e.unheld {
		taps = append(taps, e.f.strangersTaps(k, s.logs)...)
	}
	slices.SortFunc(taps, compareTaps)
	return taps
}

// strangersTaps returns the taps of an identifier that nobody held, in order.
func (f *facts) strangersTaps(k int32, logs []app.LogKey) []*tap {
	var refs []ref
	for _, key := range logs {
		l := f.log(key)
		refs = l.refsIn(refs, l.clock().unheld[k])
	}
	slices.SortFunc(refs, compareRefs)
	taps := f.tapsOf(refs)
	f.markDuplicates(taps)
	return taps
}

// writeAll makes room for all and lets each derivation write at its place.
func (e *Engine) writeAll(r *Result, nobodys []*tap, derived []*derivation) {
	type place struct{ tap, presence, day int }
	places := make([]place, len(derived))
	end := place{tap: len(nobodys)}
	for i, d := range derived {
		places[i] = end
		end.tap += len(d.taps)
		end.presence += len(d.presences)
		end.day += len(d.days)
	}
	r.Taps, r.Presences, r.Workdays = make([]app.Tap, end.tap), make([]app.Presence, end.presence), make([]app.Workday, end.day)
	for i, t := range nobodys {
		r.Taps[i] = plainTap(t)
	}
	atOnce(len(derived), func(i int) {
		p := places[i]
		derived[i].write(r.Taps[p.tap:], r.Presences[p.presence:], r.Workdays[p.day:])
	})
}

// Days returns what there is of some days, of one worker ("": of all): presences,
// workdays and shares by their day, and the taps of these presences.
func (e *Engine) Days(days app.Days, worker app.ID) Part {
	derived := e.derive(e.those(worker), func(p *blockPage) bool { return p.days.From != 0 && p.days.Overlaps(days) },
		func(b *block) bool { return b.days.From != 0 && b.days.Overlaps(days) })
	r := &Result{}
	e.writeAll(r, nil, derived)
	var out Part
	for _, d := range derived {
		for _, s := range d.shares() {
			if days.Holds(s.Day) {
				out.Shares = append(out.Shares, s)
			}
		}
	}
	out.Presences = only(r.Presences, func(p *app.Presence) bool { return days.Holds(p.Day) })
	out.Taps = only(r.Taps, func(t *app.Tap) bool { return t.Day != 0 && days.Holds(t.Day) })
	out.Workdays = only(r.Workdays, func(w *app.Workday) bool { return days.Holds(w.Day) })
	return out
}

func only[T any](list []T, want func(*T) bool) (out []T) {
	for i := range list {
		if want(&list[i]) {
			out = append(out, list[i])
		}
	}
	return out
}

// Open returns the presences that are open, by worker, day and start.
func (e *Engine) Open() []app.Presence {
	r := &Result{}
	e.writeAll(r, nil, e.derive(e.ordered, func(p *blockPage) bool { return p.open }, func(b *block) bool { return b.open }))
	return only(r.Presences, func(p *app.Presence) bool { return p.State == app.PresenceOpen })
}

// TapFilter says which taps are wanted; zero fields do not narrow.
type TapFilter struct {
	Raw    app.Span // by the box's own time
	Worker app.ID
	Box    string
}

// Taps returns the wanted taps in the order of rule O1.
func (e *Engine) Taps(f TapFilter) []app.Tap {
	var refs []ref
	if f.Worker != "" {
		for _, r := range e.f.refsOf(f.Worker, beginning, end) {
			if f.Raw.Holds(r.record().raw) && (f.Box == "" || r.log.key.Box == f.Box) {
				refs = append(refs, r)
			}
		}
		return e.tapsOf(refs)
	}
	for _, l := range e.f.logs {
		if f.Box == "" || l.key.Box == f.Box {
			l.eachPunch(f.Raw, func(i int, r *record) { refs = append(refs, ref{r.at, l, int32(i)}) })
		}
	}
	return e.tapsOf(refs)
}

// Piece names a part of one person's time that is derived by itself. It keeps
// its name in the engines that come from one as long as nothing about its taps
// differs, so that what follows from them can be kept by it.
type Piece struct {
	worker int32
	block  *block
}

// Last returns the latest instant of a tap or statement in the piece.
func (p Piece) Last() app.Instant { return p.block.last }

// First returns the earliest one.
func (p Piece) First() app.Instant { return p.block.first }

// Stamp is a hash of all that is told of the taps and workdays of the piece, badges apart. Of two pieces with the same
// stamp the same follows, in whatever run and on whatever machine each was derived.
func (p Piece) Stamp() uint64 { return p.block.stamp }

// Worker returns whose time it is.
func (e *Engine) Worker(p Piece) app.ID { return e.f.words.workers[p.worker] }

// PiecesSince returns the pieces of all people that reach to an instant or beyond it.
func (e *Engine) PiecesSince(from app.Instant) []Piece {
	var list []Piece
	for no, p := range e.people {
		p.each(func(page *blockPage) bool { return page.last >= from }, func(b *block) {
			if b.last >= from {
				list = append(list, Piece{no, b})
			}
		})
	}
	return list
}

// Changed is what is otherwise with one person than it was: pieces that may be gone, and all that may have come. The same may be in both.
type Changed struct {
	Worker     app.ID
	Gone, Came []Piece
}

// Unlike returns what is otherwise than in an engine from which this one comes (nil: all there is), by worker.
func (e *Engine) Unlike(before *Engine) (list []Changed) {
	was := map[int32]*person{}
	if before != nil {
		was = before.people
	}
	for no, p := range e.people {
		if was[no] != p {
			list = append(list, changedPages(no, was[no], p))
		}
	}
	for no, p := range was {
		if e.people[no] == nil {
			list = append(list, changedPages(no, p, nil))
		}
	}
	slices.SortFunc(list, func(a, b Changed) int { return cmp.Compare(a.Worker, b.Worker) })
	return list
}

// changedPages looks only into those pages that the two do not share.
func changedPages(no int32, before, after *person) (c Changed) {
	shared := map[*blockPage]bool{}
	if before != nil {
		c.Worker = before.worker
		for _, page := range before.pages {
			shared[page] = after != nil && slices.Contains(after.pages, page)
		}
		before.each(func(page *blockPage) bool { return !shared[page] }, func(b *block) { c.Gone = append(c.Gone, Piece{no, b}) })
	}
	if after != nil {
		c.Worker = after.worker
		after.each(func(page *blockPage) bool { return !shared[page] }, func(b *block) { c.Came = append(c.Came, Piece{no, b}) })
	}
	return c
}

// Pieces returns the pieces of all people.
func (e *Engine) Pieces() []Piece {
	var list []Piece
	for no, p := range e.people {
		p.each(everyPage, func(b *block) { list = append(list, Piece{no, b}) })
	}
	return list
}

// PiecesOf returns the pieces of one worker, in the order of time.
func (e *Engine) PiecesOf(worker app.ID) (list []Piece) {
	no, ok := e.f.workerNo[worker]
	if !ok || e.people[no] == nil {
		return nil
	}
	e.people[no].each(everyPage, func(b *block) { list = append(list, Piece{no, b}) })
	return list
}

// PiecesIn returns the pieces of all people that reach into a time.
func (e *Engine) PiecesIn(span app.Span) []Piece {
	return slices.DeleteFunc(e.PiecesSince(span.From), func(p Piece) bool { return !span.Overlaps(app.Span{From: p.First(), To: p.Last() + 1}) })
}

// PieceOf returns the piece that a punch is in; false for a punch of nobody.
func (e *Engine) PieceOf(k app.RecordKey) (Piece, bool) {
	r := e.f.find(k)
	if r == nil || r.holder < 0 {
		return Piece{}, false
	}
	return Piece{r.holder, e.people[r.holder].blockAt(r.at)}, true
}

// TapsOf returns all taps of some pieces, in no promised order.
func (e *Engine) TapsOf(pieces []Piece) []app.Tap {
	derived := make([]*derivation, len(pieces))
	atOnce(len(pieces), func(i int) { derived[i] = e.f.derivationOf(e.people[pieces[i].worker], pieces[i].block) })
	r := &Result{}
	e.writeAll(r, nil, derived)
	return r.Taps
}

// TapsOfEach returns the taps of each of some pieces.
func (e *Engine) TapsOfEach(pieces []Piece) [][]app.Tap {
	out := make([][]app.Tap, len(pieces))
	atOnce(len(pieces), func(i int) {
		d := e.f.derivationOf(e.people[pieces[i].worker], pieces[i].block)
		unsure := d.unsureDays()
		out[i] = make([]app.Tap, len(d.taps))
		for k, t := range d.taps {
			out[i][k] = d.tapOf(t, unsure)
		}
	})
	return out
}

// NobodysTaps returns the taps that are nobody's, in order.
func (e *Engine) NobodysTaps() []app.Tap {
	r := &Result{}
	e.writeAll(r, e.nobodysTaps(), nil)
	return r.Taps
}

// Tap returns one punch and what it turned out to be.
func (e *Engine) Tap(k app.RecordKey) (app.Tap, bool) {
	l := e.f.log(k.LogKey)
	if l == nil {
		return app.Tap{}, false
	}
	i, ok := l.find(k.Seq)
	if !ok || !l.record(i).isPunch() {
		return app.Tap{}, false
	}
	return e.tapsOf([]ref{{l.record(i).at, l, int32(i)}})[0], true
}

// tapsOf derives the blocks of the wanted punches and returns their taps by corrected time.
func (e *Engine) tapsOf(refs []ref) (out []app.Tap) {
	wanted := map[app.LogKey]map[uint64]bool{}
	blocks := map[*block]int32{} // with whose they are
	strangers := map[int32]bool{}
	var rest []ref
	for _, ref := range refs {
		r, key := ref.record(), ref.log.key
		if r.holder == nobody {
			rest = append(rest, ref)
			continue
		}
		if wanted[key] == nil {
			wanted[key] = map[uint64]bool{}
		}
		wanted[key][r.seq] = true
		if r.holder == unheld {
			strangers[r.what] = true
		} else {
			blocks[e.people[r.holder].blockAt(r.at)] = r.holder
		}
	}
	for _, t := range e.f.tapsOf(rest) {
		out = append(out, plainTap(t))
	}
	isWanted := func(t *tap) bool { return wanted[t.p.Key.LogKey][t.p.Key.Seq] }
	for k := range strangers {
		for _, t := range e.f.strangersTaps(k, e.unheld[k].logs) {
			if isWanted(t) {
				out = append(out, plainTap(t))
			}
		}
	}
	for _, d := range e.deriveThose(blocks) {
		unsure := d.unsureDays()
		for _, t := range d.taps {
			if isWanted(t) {
				out = append(out, d.tapOf(t, unsure))
			}
		}
	}
	slices.SortFunc(out, func(a, b app.Tap) int { return a.Compare(&b) })
	return out
}

// deriveThose derives some blocks of people, in no promised order.
func (e *Engine) deriveThose(blocks map[*block]int32) []*derivation {
	list := slices.Collect(maps.Keys(blocks))
	out := make([]*derivation, len(list))
	atOnce(len(list), func(i int) { out[i] = e.f.derivationOf(e.people[blocks[list[i]]], list[i]) })
	return out
}

// PresenceWith returns the presence that a punch belongs to.
func (e *Engine) PresenceWith(k app.RecordKey) (*app.Presence, bool) {
	r := e.f.find(k)
	if r == nil || r.holder < 0 {
		return nil, false
	}
	b := e.people[r.holder].blockAt(r.at)
	d := e.f.derivationOf(e.people[r.holder], b)
	for _, pr := range d.presences {
		if slices.Contains(pr.keys(), k) {
			o := d.presenceOf(pr)
			return &o, true
		}
	}
	return nil, false
}

// Anomalies returns all findings, in the order of Result.Anomalies.
func (e *Engine) Anomalies() []app.Anomaly {
	return slices.DeleteFunc(e.Listed(), func(a app.Anomaly) bool { return e.f.answered(&a) })
}

// Listed returns all findings and, with them, the questions that were answered:
// they are found no more, but their answers can be read and taken back.
func (e *Engine) Listed() []app.Anomaly {
	return e.inOrder(e.sorted, e.informations("", app.Days{}))
}

// Noted returns what Listed has but for informations about people's days: all that
// somebody has to look at, and what is said of boxes, sites and unknown badges.
func (e *Engine) Noted() []app.Anomaly { return e.inOrder(e.sorted, nil) }

// Informations returns, in the order of Result.Anomalies, what Noted has not: of one worker ("": of all) and of
// some days.
func (e *Engine) Informations(worker app.ID, days app.Days) []app.Anomaly {
	return e.inOrder(nil, e.informations(worker, days))
}

// CountInformations counts what Informations returns of all.
func (e *Engine) CountInformations() (n int) {
	for _, p := range e.ordered {
		for _, page := range p.pages {
			n += page.informs
		}
	}
	return n
}

// informations returns them in no promised order.
func (e *Engine) informations(worker app.ID, days app.Days) (list []*app.Anomaly) {
	for _, p := range e.those(worker) {
		p.informations(func(p *blockPage) bool { return p.mayHaveInformations(days) }, func(a *app.Anomaly) {
			if a.Day == 0 || days.Holds(a.Day) {
				list = append(list, a)
			}
		})
	}
	return list
}

// mayHaveInformations says that there can be informations about some days among the blocks of a page.
func (p *blockPage) mayHaveInformations(days app.Days) bool {
	const apart = 4 // the day of a finding can be that of a tap that is of no workday
	from, to := p.first.DateIn(time.UTC)-apart, p.last.DateIn(time.UTC)+apart
	return p.informs > 0 && days.Overlaps(app.Days{From: from, To: to})
}

// eachInformation goes through those of the wanted pages.
func (e *Engine) eachInformation(want func(*blockPage) bool, do func(*app.Anomaly)) {
	for _, p := range e.ordered {
		p.informations(want, do)
	}
}

func (p *person) informations(want func(*blockPage) bool, do func(*app.Anomaly)) {
	p.each(func(page *blockPage) bool { return page.informs > 0 && want(page) }, func(b *block) {
		for i := range b.found {
			if a := &b.found[i]; a.Severity < app.Warning {
				do(a)
			}
		}
	})
}

// inOrder returns copies of findings that are in order and of others that are not, in the order of Result.Anomalies.
func (e *Engine) inOrder(sorted, more []*app.Anomaly) []app.Anomaly {
	slices.SortFunc(more, compareAnomalies)
	list := make([]app.Anomaly, 0, len(sorted)+len(more))
	for _, a := range sorted {
		for len(more) > 0 && compareAnomalies(more[0], a) < 0 {
			list, more = append(list, *more[0]), more[1:]
		}
		list = append(list, *a)
	}
	for _, a := range more {
		list = append(list, *a)
	}
	return list
}

// PhonesReadTo returns up to when it is known who registered by phone at a site; zero: nobody ever looked.
func (e *Engine) PhonesReadTo(site app.ID) app.Instant {
	return e.f.knownBox(app.MakeRegister.UID(string(site))).readTo
}

// Older gives, per box, what it holds from while it stood nowhere (Result.Older).
func (e *Engine) Older() (list []Older) {
	for _, b := range e.f.boxes {
		o := Older{Box: b.uid, Placed: len(b.places) > 0}
		for _, l := range b.logs {
			o = o.and(l.about.older)
		}
		if o.Punches > 0 {
			list = append(list, o)
		}
	}
	return list
}

// Segments returns the parts of logs whose clock was wrong (Result.Segments).
func (e *Engine) Segments() (list []Segment) {
	for _, l := range e.f.logs {
		list = append(list, l.about.wrong...)
	}
	return list
}

// InSegment says that a record lies in a segment, by the order of the log.
func (e *Engine) InSegment(s *Segment, seq uint64) bool {
	l := e.f.log(s.Log)
	if l == nil {
		return false
	}
	first, ok1 := l.find(s.First)
	last, ok2 := l.find(s.Last)
	i, ok3 := l.find(seq)
	return ok1 && ok2 && ok3 && first <= i && i <= last
}

// BeginsSegment says that a record is the first of a segment, or of its log.
func (e *Engine) BeginsSegment(k app.RecordKey) bool {
	l := e.f.log(k.LogKey)
	if l == nil {
		return false
	}
	i, ok := l.find(k.Seq)
	return ok && l.segmentOf(i).lo == i
}

// Clock returns what there is to say of the computer's own clock (Result.Clock).
func (e *Engine) Clock() ComputerClock { return e.f.computerClock() }

// Unused returns the adjustments that have nothing to give (Result.Unused).
func (e *Engine) Unused() (list []app.ID) {
	used := map[app.ID]bool{}
	for _, p := range e.people {
		for _, page := range p.pages {
			for _, id := range page.used {
				used[id] = true
			}
		}
	}
	for _, adj := range sorted(pointers(e.f.in.Adjustments, func(a *app.Adjustment) app.ID { return a.ID })) {
		if adj.Withdrawn == 0 && !used[adj.ID] {
			list = append(list, adj.ID)
		}
	}
	return list
}

// Punches counts the punches of a log, and those with a sequence number above
// a mark; records of files have none and are not counted as above.
func (e *Engine) Punches(k app.LogKey, mark uint64) (all, above int) {
	l := e.f.log(k)
	if l == nil {
		return 0, 0
	}
	if k.Log == app.FileLog {
		return l.about.punches, 0
	}
	i, _ := l.find(mark + 1)
	for ; i < l.count; i++ {
		if l.record(i).isPunch() {
			above++
		}
	}
	return l.about.punches, above
}

// Punch returns a punch as the box recorded it.
func (e *Engine) Punch(k app.RecordKey) (app.Punch, bool) {
	r := e.f.find(k)
	if r == nil || !r.isPunch() {
		return app.Punch{}, false
	}
	return e.f.punchOf(e.f.log(k.LogKey), r), true
}

// Events returns the events of a log, in its order.
func (e *Engine) Events(k app.LogKey) (list []app.BoxEvent) {
	l := e.f.log(k)
	if l == nil {
		return nil
	}
	for i := range l.body().records {
		if v := l.event(&l.body().records[i]); v != nil {
			list = append(list, *v)
		}
	}
	return list
}
