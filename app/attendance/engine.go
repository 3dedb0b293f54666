package attendance

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"klokkast/app"
)

// Engine is everything that was derived from the facts of one moment, in a small
// form: findings are kept, and presences are derived again, in a moment, for the
// days and persons that are asked for. An Engine never changes: Next gives
// another one, which derives only what new facts touch and shares the rest, and
// says to the byte what Start and Derive say of the same facts. So there may be
// several at once, also for what is only supposed, and any goroutine may ask.
type Engine struct {
	f       *facts
	how     how
	words   *words
	people  map[int32]*person // by the number of the worker
	ordered []*person         // by worker
	unheld  map[int32]*unheldBadge
	days    map[app.ID][]app.Anomaly // about days of sites
	general []app.Anomaly            // findings that rest on few facts and are made anew each time
	sorted  []*app.Anomaly           // all findings but the informations of people's blocks, in the order of Result.Anomalies

	file *pages // from which it was resumed; nil: it was not
	made int    // blocks of people that were derived since everything was, or was kept

	once    sync.Once
	derived *Result
}

// unheldBadge is an identifier that nobody held when it was tapped.
type unheldBadge struct {
	logs       []app.LogKey
	found      []app.Anomaly
	undeclared []undeclared
}

// Start derives everything from the facts. Punches and events are those in
// records, beside any in in; records are taken over and must not be used any more.
func Start(in *Input, records *Records) *Engine {
	records.takeIn(in)
	return start(in, records, inPages())
}

func start(in *Input, records *Records, h how) *Engine {
	before := &Engine{f: index(&Input{}, nil), how: h, words: records.words}
	return before.next(in, records)
}

// Records returns an empty list for what boxes recorded since: for Next of this
// engine, or of any that came from it.
func (e *Engine) Records() *Records { return newRecords(e.words) }

// Next derives what the facts in say, where they differ from those before. All
// lists in it are complete, but for punches and events: these are only the ones
// that came since, in records or in in; records may be nil. Facts that were
// handed over must not be changed.
func (e *Engine) Next(in *Input, records *Records) *Engine {
	if records == nil {
		records = e.Records()
	}
	records.takeIn(in)
	return e.next(in, records)
}

func (e *Engine) next(in *Input, records *Records) *Engine {
	n := &Engine{how: e.how, words: e.words, made: e.made, file: e.file}
	n.f = index(in, e.logKeys(in, records))
	n.f.number(e.words)
	t := newTouch(e.f, n.f)
	t.compareFacts()
	t.settleLogs(records)
	t.compareBoxes()
	t.findPeople()
	t.waiting(e.people)
	dropped := n.derivePeople(e, t)
	n.strangers(e, t, dropped)
	n.siteDays(e, dropped)
	n.generalRules(e, dropped)
	n.sort(e, dropped)
	return n
}

// logKeys lists the logs that were known and those that are new.
func (e *Engine) logKeys(in *Input, records *Records) []app.LogKey {
	seen := map[app.LogKey]bool{}
	for _, l := range e.f.logs {
		if l.count > 0 {
			seen[l.key] = true
		}
	}
	for k := range records.logs {
		seen[k] = true
	}
	for i := range in.Gaps {
		seen[in.Gaps[i].Log] = true
	}
	for i := range in.Readings {
		seen[in.Readings[i].Log] = true
	}
	keys := make([]app.LogKey, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareLogs)
	return keys
}

// number returns workers and readings their numbers.
func (f *facts) number(w *words) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f.workerNo = make(map[app.ID]int32, len(f.byWorker))
	for _, e := range f.in.Engagements {
		f.workerNo[e.WorkerID] = w.workers.number(e.WorkerID)
	}
	numbers := make([]int32, len(f.in.Readings))
	for i := range f.in.Readings {
		numbers[i] = w.readings.number(f.in.Readings[i].ID)
	}
	f.words = spoken{w.idents.list, w.readings.list, w.workers.list}
	f.readings = make([]*app.Reading, len(f.words.readings))
	for i := range f.in.Readings {
		f.readings[numbers[i]] = &f.in.Readings[i]
	}
	f.readingNo = numbers
}

// drop is what the state before found and the next one does not, and what is new.
type drop struct {
	gone  map[*app.Anomaly]bool
	added []*app.Anomaly
	sites map[app.ID]bool // of which days have to be looked at again
}

func (d *drop) remove(list []app.Anomaly) {
	for i := range list {
		d.gone[&list[i]] = true
	}
}

func (d *drop) add(list []app.Anomaly) {
	for i := range list {
		d.added = append(d.added, &list[i])
	}
}

func (d *drop) days(list []undeclared) {
	for i := range list {
		d.sites[list[i].site] = true
	}
}

// derivePeople derives the people whom the new facts touch.
func (e *Engine) derivePeople(before *Engine, t *touch) *drop {
	e.people = make(map[int32]*person, len(before.people))
	for no, p := range before.people {
		e.people[no] = p
	}
	numbers := sortedKeys(t.people)
	made := make([]*person, len(numbers))
	var anew atomic.Int64
	atOnce(len(numbers), func(i int) {
		made[i] = e.f.derivePersonAgain(e.how, e.f.words.workers[numbers[i]], before.people[numbers[i]], t.people[numbers[i]], &anew)
	})
	e.made += int(anew.Load())
	dropped := &drop{gone: map[*app.Anomaly]bool{}, sites: map[app.ID]bool{}}
	for i, no := range numbers {
		dropped.person(before.people[no], made[i])
		delete(e.people, no)
		if made[i] != nil {
			e.people[no] = made[i]
		}
	}
	e.ordered = make([]*person, 0, len(e.people))
	for _, p := range e.people {
		e.ordered = append(e.ordered, p)
	}
	slices.SortFunc(e.ordered, func(a, b *person) int {
		if a.worker < b.worker {
			return -1
		}
		return 1
	})
	return dropped
}

func (d *drop) at(sites []app.ID) {
	for _, id := range sites {
		d.sites[id] = true
	}
}

// person notes the pages that are not the same any more.
func (d *drop) person(before, after *person) {
	kept := map[*blockPage]bool{}
	if after != nil {
		for _, page := range after.pages {
			kept[page] = true
		}
	}
	if before != nil {
		for _, page := range before.pages {
			if kept[page] {
				delete(kept, page)
				continue
			}
			for _, a := range page.noted {
				d.gone[a] = true
			}
			d.at(page.undeclared)
		}
	}
	if after == nil {
		return
	}
	for _, page := range after.pages {
		if kept[page] {
			d.added = append(d.added, page.noted...)
			d.at(page.undeclared)
		}
	}
}

// derivePersonAgain derives a person's blocks that are new or touched, and takes
// the others from before; nil for someone who has none.
func (f *facts) derivePersonAgain(h how, worker app.ID, before *person, t *touched, anew *atomic.Int64) *person {
	var pages []*blockPage // that stay as they are
	var known []*block
	since, from := beginning, beginning
	if before != nil && !t.all {
		at, ok := t.earliest(before)
		if !ok {
			return before
		}
		n := before.pageBefore(at)
		pages = slices.Clip(before.pages[:n])
		for _, page := range before.pages[n:] {
			known = append(known, page.list()...)
		}
		if n > 0 && len(known) > 0 {
			since, from = known[0].first, known[0].from
		}
	}
	refs := f.refsOf(worker, since, end)
	if len(pages) == 0 && len(refs) == 0 && !f.stating[worker] && !f.planned[worker] {
		return nil
	}
	var blocks []*block
	for i, c := range f.cut(h, worker, refs, since) {
		if i == 0 {
			c.from = from
		}
		for len(known) > 0 && known[0].first < c.first {
			known = known[1:]
		}
		if len(known) > 0 && known[0].is(&c) && !t.touches(known[0]) {
			blocks = append(blocks, known[0])
			continue
		}
		blocks = append(blocks, f.derivePiece(h, worker, &c))
		anew.Add(1)
	}
	p := &person{worker: worker}
	p.setPages(append(pages, pagesOf(h, blocks)...))
	return p
}

// join returns all of two lists, each once.
func join(list, more []app.ID) []app.ID {
	for _, id := range more {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// is says that a block is of the same time and as many taps as a piece.
func (b *block) is(c *piece) bool {
	return b.from == c.from && b.to == c.to && b.first == c.first && b.last == c.last && b.taps == len(c.refs)
}

// strangers looks again at the identifiers whose unknown taps changed.
func (e *Engine) strangers(before *Engine, t *touch, dropped *drop) {
	e.unheld = make(map[int32]*unheldBadge, len(before.unheld))
	for k, s := range before.unheld {
		if t.strangers[k] || t.everyStranger {
			dropped.remove(s.found)
			dropped.days(s.undeclared)
			continue
		}
		e.unheld[k] = s
	}
	logs := map[int32][]app.LogKey{}
	for _, l := range e.f.logs {
		for _, k := range l.strangers {
			if e.unheld[k] == nil {
				logs[k] = append(logs[k], l.key)
			}
		}
	}
	for k, list := range logs {
		taps, ident := e.f.strangersTaps(k, list), e.f.words.idents[k]
		s := &unheldBadge{list, append(duplicatesOf(e.f, ident, taps), unknownBadge(e.f, ident, taps)), e.f.undeclaredOf(taps)}
		e.unheld[k] = s
		dropped.add(s.found)
		dropped.days(s.undeclared)
	}
}

// siteDays looks again at the sites where taps without a declaration changed.
func (e *Engine) siteDays(before *Engine, dropped *drop) {
	e.days = make(map[app.ID][]app.Anomaly, len(before.days))
	for id, list := range before.days {
		if dropped.sites[id] {
			dropped.remove(list)
		} else {
			e.days[id] = list
		}
	}
	if len(dropped.sites) == 0 {
		return
	}
	all := map[app.ID][]undeclared{}
	take := func(list []undeclared) {
		for _, u := range list {
			if dropped.sites[u.site] {
				all[u.site] = append(all[u.site], u)
			}
		}
	}
	for _, p := range e.ordered {
		p.each(func(page *blockPage) bool {
			return slices.ContainsFunc(page.undeclared, func(id app.ID) bool { return dropped.sites[id] })
		}, func(b *block) { take(b.undeclared) })
	}
	for _, k := range e.strangersInOrder() {
		take(e.unheld[k].undeclared)
	}
	for id, list := range all {
		e.days[id] = siteDays(list)
		dropped.add(e.days[id])
	}
}

// strangersInOrder returns the identifiers that nobody held by their texts: their
// numbers are those of the order in which they were met.
func (e *Engine) strangersInOrder() []int32 {
	list := sortedKeys(e.unheld)
	slices.SortFunc(list, func(a, b int32) int {
		return cmp.Compare(identText(e.f.words.idents[a]), identText(e.f.words.idents[b]))
	})
	return list
}

// generalRules makes the findings about boxes, sites and people as they stand.
func (e *Engine) generalRules(before *Engine, dropped *drop) {
	for i := range ruleBook {
		if rule := ruleBook[i].inAll; rule != nil {
			e.general = append(e.general, rule(e.f, e.ordered)...)
		}
	}
	dropped.remove(before.general)
	dropped.add(e.general)
	known := map[*logFindings]bool{}
	for _, l := range before.f.logs {
		known[l.about] = true
	}
	for _, l := range e.f.logs {
		if known[l.about] {
			delete(known, l.about)
		} else {
			dropped.add(l.about.found)
		}
	}
	for about := range known {
		dropped.remove(about.found)
	}
}

// sort puts what is new among the findings that stay.
func (e *Engine) sort(before *Engine, dropped *drop) {
	slices.SortFunc(dropped.added, compareAnomalies)
	e.sorted = make([]*app.Anomaly, 0, max(0, len(before.sorted)+len(dropped.added)-len(dropped.gone)))
	added := dropped.added
	for _, a := range before.sorted {
		if dropped.gone[a] {
			continue
		}
		for len(added) > 0 && compareAnomalies(added[0], a) < 0 {
			e.sorted, added = append(e.sorted, added[0]), added[1:]
		}
		e.sorted = append(e.sorted, a)
	}
	e.sorted = append(e.sorted, added...)
}
