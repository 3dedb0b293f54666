package attendance

import (
	"cmp"
	"math"
	"slices"
	"time"

	"klokkast/app"
)

// A person's time falls into blocks: parts between which so much time lies, and
// a Monday, that nothing in one has to do with anything in another. Each is
// derived alone, and again only when something in it changed: most people's
// blocks are their weeks. Whoever never rests long enough has one block.
//
// What reaches over time, and so must be shorter than the gap between blocks:
// every threshold that compares two taps or two presences, the way between any
// two sites, and the week, which is counted from Monday to Sunday by workdays.
// A rule that looks further says so in its row (reaches), or has to be taken into spansOf.
type block struct {
	from, to    app.Instant // the time that it stands for, from (included) to (excluded), without holes between blocks
	first, last app.Instant // of its taps, statements and shifts
	taps        int
	stamp       uint64 // of all that is told of it

	found      []app.Anomaly
	undeclared []undeclared
	employed   []employment
	shown      []showing
	used       []app.ID
	shifts     []app.ID    // sites of its shifts
	waits      []app.ID    // sites where more reading may change something in it
	wakes      app.Instant // when time alone may change something in it; zero: never
	days       app.Days    // of its workdays; zero: it has none
	open       bool        // it holds an open presence
	kept       *derivation // only where everything is asked for at once
}

// person is someone whose taps, or whose stated presences, there are.
type person struct {
	worker app.ID
	pages  []*blockPage // in order
	waits  []app.ID     // of all blocks
	shifts []app.ID     // of all blocks
	wakes  app.Instant
}

// piece is what is derived as one block.
type piece struct {
	from, to    app.Instant
	first, last app.Instant
	refs        []ref
	wholes      []*app.Adjustment
}

// The whole of time.
const (
	beginning = app.Instant(math.MinInt64)
	end       = app.Instant(math.MaxInt64)
)

// how says how large pages are. The zero how derives persons as a whole.
type how struct {
	blocks  int // of a person
	records int // of a log
}

// inPages is how engines are: two months of a person, and a few of a small site.
func inPages() how { return how{blocks: 8, records: 256} }

// apartFor returns a time longer than anything of one person that reaches from
// one presence to another.
func (f *facts) apartFor() time.Duration {
	most := 24 * time.Hour
	take := func(t app.Thresholds) {
		for i := range ruleBook {
			for _, d := range ruleBook[i].Thresholds {
				if ruleBook[i].reaches && d.Unit == Milliseconds {
					most = max(most, time.Duration(t[d.Name])*time.Millisecond)
				}
			}
		}
	}
	take(f.limits.company)
	for _, s := range f.sites {
		take(s.Thresholds)
	}
	for _, e := range f.engagements {
		take(e.Thresholds)
	}
	return max(most, f.longestWay()) + time.Minute
}

// longestWay bounds how long the way between two sites is taken to be, with the
// grace of impossible-travel.
func (f *facts) longestWay() time.Duration {
	slowest, grace := f.limits.company[TravelSpeed], f.limits.company[TravelGrace]
	take := func(t app.Thresholds) {
		if v := t[TravelSpeed]; v > 0 && (v < slowest || slowest <= 0) {
			slowest = v
		}
		grace = min(grace, t[TravelGrace])
	}
	var centre *app.Coordinates
	radius := 0.0
	for _, id := range sortedKeys(f.sites) {
		s := f.sites[id]
		take(s.Thresholds)
		if c := s.Coordinates; c != nil {
			if centre == nil {
				centre = c
			}
			radius = max(radius, distance(*centre, *c))
		}
	}
	for _, e := range f.engagements {
		take(e.Thresholds)
	}
	if slowest <= 0 {
		return 0
	}
	way := 2 * radius / (float64(slowest) * 1000) // hours
	return time.Duration(way*float64(time.Hour)) - time.Duration(min(grace, 0))*time.Millisecond
}

// zonesOf returns zones whose days bound those of all sites: what happened by the
// day of ahead happened no later by any site's, by that of behind no earlier.
func (f *facts) zonesOf() (ahead, behind *time.Location) {
	ahead, behind = f.belgium, f.belgium
	for _, s := range f.sites {
		if s.zone.String() != f.belgium.String() {
			const easternmost, westernmost = 14 * 60 * 60, -12 * 60 * 60
			return time.FixedZone("", easternmost), time.FixedZone("", westernmost)
		}
	}
	return ahead, behind
}

// span is a time in which something is stated, or planned, for a person.
type span struct {
	from, to app.Instant
	whole    *app.Adjustment
}

// spansOf returns the times of a person in which there is more than taps: what
// lies in one span lies in one block.
func (f *facts) spansOf(worker app.ID, refs []ref, since app.Instant) (list []span) {
	for _, a := range f.wholes[worker] {
		list = append(list, span{a.From, a.To, a})
	}
	for _, s := range f.shiftsOf(worker, since, end) {
		list = append(list, span{from: s.From, to: max(s.From, s.To)})
	}
	if len(f.stated) == 0 {
		return list
	}
	for _, r := range refs {
		for _, a := range f.stated[r.log.key][r.record().seq] {
			s := span{from: r.at, to: max(r.at, a.To)}
			if a.From != 0 {
				s.from = min(s.from, a.From)
			}
			list = append(list, s)
		}
	}
	return list
}

// cut parts a person's taps, in order, and statements into pieces: those that begin at
// since or later, of a person who has a border between two blocks before it.
func (f *facts) cut(h how, worker app.ID, refs []ref, since app.Instant) []piece {
	if h == (how{}) {
		return []piece{{from: beginning, to: end, refs: refs, wholes: f.wholes[worker]}}
	}
	spans := slices.DeleteFunc(f.spansOf(worker, refs, since), func(s span) bool { return s.from < since })
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var list []piece
	i, k := 0, 0
	for i < len(refs) || k < len(spans) {
		s := span{}
		tapped := k == len(spans) || i < len(refs) && refs[i].at <= spans[k].from
		if tapped {
			s = span{from: refs[i].at, to: refs[i].at}
		} else {
			s = spans[k]
		}
		if n := len(list); n == 0 || f.separate(list[n-1].last, s.from) {
			list = append(list, piece{first: s.from, last: s.to})
		}
		p := &list[len(list)-1]
		p.last = max(p.last, s.to)
		if tapped {
			p.refs = refs[i-len(p.refs) : i+1]
			i++
			continue
		}
		if s.whole != nil {
			p.wholes = append(p.wholes, s.whole)
		}
		k++
	}
	for i := range list {
		list[i].from, list[i].to = beginning, end
		if i > 0 {
			list[i].from = list[i-1].last + (list[i].first-list[i-1].last)/2
			list[i-1].to = list[i].from
		}
		// The order of wholes is that of their ids, as for all of them.
		slices.SortFunc(list[i].wholes, func(a, b *app.Adjustment) int { return cmp.Compare(a.ID, b.ID) })
	}
	return list
}

// separate says that what ended at a and what begins at b are of two blocks.
func (f *facts) separate(a, b app.Instant) bool {
	return b.Sub(a) > f.apart && a.DateIn(f.ahead).Monday() < b.DateIn(f.behind).Monday()
}

// derivePiece derives one block.
func (f *facts) derivePiece(h how, worker app.ID, p *piece) *block {
	d := f.derivePerson(worker, p)
	b := &block{from: p.from, to: p.to, first: p.first, last: p.last, taps: len(p.refs), stamp: d.stampOf(), found: slices.Clip(d.found), undeclared: d.undeclared,
		employed: d.employed(), shown: d.shownLast(), shifts: d.shiftSites(), used: d.used, waits: d.waits, wakes: d.wakes,
		open: slices.ContainsFunc(d.presences, func(pr *presence) bool { return pr.state == app.PresenceOpen })}
	if n := len(d.days); n > 0 {
		b.days = app.Days{From: d.days[0].day, To: d.days[n-1].day}
	}
	if h == (how{}) {
		b.kept = d
	}
	return b
}

// holds says that the punch or statement of an instant is in the block.
func (b *block) holds(i app.Instant) bool { return b.first <= i && i <= b.last }

// derivationOf derives a block once more, for all that is in it. Nothing is
// derived otherwise than the first time: the facts are the same.
func (f *facts) derivationOf(p *person, b *block) *derivation {
	if b.kept != nil {
		return b.kept
	}
	refs := f.refsOf(p.worker, b.first, b.last)
	var wholes []*app.Adjustment
	for _, a := range f.wholes[p.worker] {
		if b.holds(a.From) {
			wholes = append(wholes, a)
		}
	}
	return f.derivePerson(p.worker, &piece{from: b.from, to: b.to, first: b.first, last: b.last, refs: refs, wholes: wholes})
}

// refsOf returns a person's punches from one instant to another, both included, in order.
func (f *facts) refsOf(worker app.ID, from, to app.Instant) []ref {
	no, ok := f.workerNo[worker]
	if !ok {
		return nil
	}
	var list []ref
	for _, l := range f.logsOf[no] {
		if l.logBody == nil && l.paged.byTime {
			list = l.paged.refsBetween(list, l, no, from, to)
			continue
		}
		in := l.body()
		punches := in.byWorker[no]
		if l.inTime { // as nearly all logs are: then the part that is asked for is found at once
			lo, _ := slices.BinarySearchFunc(punches, from, func(i int32, at app.Instant) int { return cmp.Compare(in.records[i].at, at) })
			punches = punches[lo:]
			if to != end {
				hi, _ := slices.BinarySearchFunc(punches, to+1, func(i int32, at app.Instant) int { return cmp.Compare(in.records[i].at, at) })
				punches = punches[:hi]
			}
			list = l.refsIn(list, punches)
			continue
		}
		for _, i := range punches {
			if at := in.records[i].at; from <= at && at <= to {
				list = append(list, ref{at, l, i})
			}
		}
	}
	slices.SortFunc(list, compareRefs)
	return list
}
