package filelog

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"klokkast/app"
)

// Order is how the lines of a file stand (rule O1).
type Order string

// Orders of files.
const (
	InLogOrder  Order = "log"          // as the device wrote them
	NewestFirst Order = "newest-first" // the same, read backwards
	ByPerson    Order = "by-person"    // each identifier's lines together, in order
	Mixed       Order = "mixed"        // of several devices, or in no order: only an identifier's own lines are in order
)

// Orders returns all orders.
func Orders() []Order { return []Order{InLogOrder, NewestFirst, ByPerson, Mixed} }

// ParseOrder reads an order; false for what is none.
func ParseOrder(s string) (Order, bool) { return Order(s), slices.Contains(Orders(), Order(s)) }

// mark is what the order of a file is recognised by: the wall time of one tap, whose it is, and of which device.
type mark struct {
	local  int64 // seconds, as if the wall showed UTC
	who    string
	device string
	good   bool // its time can be right
}

// sequence is lines in an order, by their places in a table of marks.
type sequence []int32

// stepBack is by how much time may fall from one line to the next where it is only jitter.
const stepBack = 2 * 60

// recognised is what was found out about a file's order.
type recognised struct {
	order Order
	// backwards says that the lines stand newest first, within each identifier where it is by person.
	backwards bool
	// doubt says that the lines go back within one identifier though they are sorted by person.
	doubt bool
}

// recognise tells the order of a file by its times: log order goes up but where a clock was set back, which happens
// seldom. Times that cannot be right tell nothing, where there are others.
func recognise(marks []mark, of sequence) recognised {
	if right := slices.DeleteFunc(slices.Clone(of), func(line int32) bool { return !marks[line].good }); len(right) > 0 {
		of = right
	}
	up, down := steps(marks, of)
	if down == 0 {
		return recognised{order: InLogOrder}
	}
	if down > up && up <= seldom(len(of)) {
		return recognised{order: NewestFirst, backwards: true}
	}
	if r, ok := grouped(marks, of, func(m *mark) string { return m.who }); ok {
		r.order = ByPerson
		return r
	}
	if r, ok := grouped(marks, of, func(m *mark) string { return m.device }); ok && !r.doubt {
		r.order = Mixed
		return r
	}
	if down <= seldom(len(of)) {
		return recognised{order: InLogOrder}
	}
	return recognised{order: Mixed}
}

// seldom is how many steps back a clock that was set makes in so many lines.
func seldom(lines int) int { return max(1, lines/50) }

// steps counts how often time goes up and down, but for jitter.
func steps(marks []mark, of sequence) (up, down int) {
	for i := 1; i < len(of); i++ {
		switch d := marks[of[i]].local - marks[of[i-1]].local; {
		case d < -stepBack:
			down++
		case d > 0:
			up++
		}
	}
	return up, down
}

// grouped says that lines of one kind stand together, for two kinds at least, and that time falls between groups. doubt:
// it falls within one, too.
func grouped(marks []mark, of sequence, by func(*mark) string) (r recognised, ok bool) {
	seen := map[string]bool{}
	var upIn, downIn, downBetween int
	for i := range of {
		kind := by(&marks[of[i]])
		begins := i == 0 || by(&marks[of[i-1]]) != kind
		if begins && seen[kind] {
			return r, false
		}
		seen[kind] = true
		if i == 0 {
			continue
		}
		switch d := marks[of[i]].local - marks[of[i-1]].local; {
		case d < -stepBack && begins:
			downBetween++
		case d < -stepBack:
			downIn++
		case d > 0 && !begins:
			upIn++
		}
	}
	r.backwards = downIn > 0 && upIn == 0
	r.doubt = downIn > 0 && upIn > 0
	return r, len(seen) > 1 && (downBetween > 0 || r.backwards)
}

// oriented returns lines in the order of time: reversed where they stand newest first.
func oriented(of sequence, backwards bool) sequence {
	if !backwards {
		return of
	}
	out := slices.Clone(of)
	slices.Reverse(out)
	return out
}

// passage is a stretch of a log that is known in one piece.
type passage struct {
	lines       sequence
	loose       bool  // in order for each identifier only
	first, last int64 // good times in it; last 0: none
}

func (p *passage) overlaps(o *passage) bool {
	return p.last != 0 && o.last != 0 && p.first <= o.last && o.first <= p.last
}

// Clash is what keeps a file from being laid beside the log that is known (rule O1).
type Clash string

// Clashes.
const (
	// ClashOrder: lines that both hold stand in another order.
	ClashOrder Clash = "order"
	// ClashOverlap: it holds lines of the same time, and none of them is the same.
	ClashOverlap Clash = "overlap"
	// ClashPerson: it is sorted by person, and goes back in time within one.
	ClashPerson Clash = "person"
)

// layout is the log as its files lay it out.
type layout struct {
	marks    []mark
	spots    []spot // by place
	passages []*passage
	orders   []recognised  // by file
	clashes  map[int]Clash // by file
}

// spot is where a line stands among passages; no passage: nowhere yet.
type spot struct {
	passage *passage
	at      int
}

// layOut puts the files of a log together: what is in log order by the lines that
// files have in common, and what is not into the passages whose time it falls into.
// Each file holds a line once. said are the orders that people gave; "" is recognised. Lines that are away, since no file
// holds them any more, are put in by their time: what was sent of them is still to be told.
func layOut(marks []mark, files []sequence, said []Order, away sequence) *layout {
	l := &layout{marks: marks, spots: make([]spot, len(marks)), orders: make([]recognised, len(files)), clashes: map[int]Clash{}}
	var loose []int
	for i, file := range files {
		r := recognise(marks, file)
		if said[i] != "" {
			r = recognised{order: said[i], backwards: said[i] == NewestFirst || said[i] != InLogOrder && r.backwards}
		}
		l.orders[i] = r
		switch {
		case len(file) == 0: // it was undone
		case r.doubt:
			l.clashes[i] = ClashPerson
			loose = append(loose, i)
		case r.order == InLogOrder || r.order == NewestFirst:
			if clash := l.lay(oriented(file, r.backwards)); clash != "" {
				l.clashes[i] = clash
				loose = append(loose, i)
			}
		default:
			loose = append(loose, i)
		}
	}
	for _, i := range loose {
		l.addLoose(oriented(files[i], l.orders[i].backwards))
	}
	l.addLoose(away)
	slices.SortStableFunc(l.passages, func(a, b *passage) int { return cmp.Compare(a.first, b.first) })
	return l
}

// keep puts lines into a passage, and notes where they stand from a place in it on.
func (l *layout) keep(p *passage, lines sequence, from int) {
	p.lines = lines
	p.first, p.last = 0, 0
	for i, line := range lines {
		if i >= from {
			l.spots[line] = spot{p, i}
		}
		m := &l.marks[line]
		if !m.good {
			continue
		}
		if p.last == 0 || m.local < p.first {
			p.first = m.local
		}
		p.last = max(p.last, m.local)
	}
}

// lay puts a file in log order beside the passages that are known.
func (l *layout) lay(file sequence) Clash {
	touched, ok := l.met(file)
	if !ok {
		return ClashOrder
	}
	if len(touched) == 0 {
		mine := &passage{}
		l.keep(mine, file, 0)
		for _, p := range l.passages {
			if mine.overlaps(p) {
				l.forget(file)
				return ClashOverlap
			}
		}
		l.passages = append(l.passages, mine)
		return ""
	}
	first := touched[0]
	joined, unchanged := l.join(file, touched)
	l.keep(first, joined, unchanged)
	l.passages = slices.DeleteFunc(l.passages, func(p *passage) bool { return p != first && slices.Contains(touched, p) })
	return ""
}

func (l *layout) forget(lines sequence) {
	for _, line := range lines {
		l.spots[line] = spot{}
	}
}

// met returns the passages of which a file holds lines, in the order in which it meets them; false where its order is another.
func (l *layout) met(file sequence) (touched []*passage, ok bool) {
	last := map[*passage]int{}
	for _, line := range file {
		s := l.spots[line]
		if s.passage == nil {
			continue
		}
		before, known := last[s.passage]
		if known && (s.at < before || touched[len(touched)-1] != s.passage) {
			return nil, false
		}
		if !known {
			touched = append(touched, s.passage)
		}
		last[s.passage] = s.at
	}
	return touched, true
}

// join merges a file with the passages that it meets; the first of unchanged lines of the first passage stand where they stood.
func (l *layout) join(file sequence, touched []*passage) (joined sequence, unchanged int) {
	at := 0 // of the file: what is before it is in joined
	for k, p := range touched {
		next := 0 // of the passage: what is before it is in joined
		for i := at; i < len(file); i++ {
			s := l.spots[file[i]]
			if s.passage == nil {
				continue
			}
			if s.passage != p {
				break
			}
			joined = append(joined, l.between(p.lines[next:s.at], file[at:i])...)
			if k == 0 && len(joined) == s.at { // nothing was put in so far
				unchanged = s.at
			}
			joined = append(joined, file[i])
			at, next = i+1, s.at+1
		}
		rest := p.lines[next:]
		if k < len(touched)-1 {
			joined = append(joined, rest...)
		} else {
			joined = append(joined, l.between(rest, file[at:])...)
		}
	}
	return joined, unchanged
}

// between merges what two sequences hold between the same two lines: by time where both go up, else the known first.
func (l *layout) between(known, fresh sequence) sequence {
	if len(known) == 0 {
		return fresh
	}
	if len(fresh) == 0 {
		return known
	}
	if !l.rising(known) || !l.rising(fresh) {
		return append(slices.Clip(known), fresh...)
	}
	return l.insert(known, fresh)
}

func (l *layout) rising(lines sequence) bool {
	return slices.IsSortedFunc(lines, func(a, b int32) int { return cmp.Compare(l.marks[a].local, l.marks[b].local) })
}

// insert puts lines that go up in time before the first later one that is later than all before it.
func (l *layout) insert(into, more sequence) sequence {
	out := make(sequence, 0, len(into)+len(more))
	highest := int64(0)
	for _, line := range into {
		local := l.marks[line].local
		highest = max(highest, local)
		for len(more) > 0 && l.marks[more[0]].local < local && local >= highest {
			out, more = append(out, more[0]), more[1:]
		}
		out = append(out, line)
	}
	return append(out, more...)
}

// addLoose puts the lines of a file that is not in log order where they belong by their time: into the passages in log
// order, and between these.
func (l *layout) addLoose(file sequence) {
	fresh := slices.DeleteFunc(slices.Clone(file), func(line int32) bool { return l.spots[line].passage != nil })
	slices.SortStableFunc(fresh, func(a, b int32) int { return cmp.Compare(l.marks[a].local, l.marks[b].local) })
	into := map[*passage]sequence{}
	rest := map[int]sequence{}
	for _, line := range fresh {
		m := &l.marks[line]
		if p := l.holding(m); p != nil {
			into[p] = append(into[p], line)
		} else {
			gap := l.before(m)
			rest[gap] = append(rest[gap], line)
		}
	}
	for p, more := range into {
		l.keep(p, l.insert(p.lines, more), 0)
	}
	for _, gap := range slices.Sorted(maps.Keys(rest)) {
		p := &passage{loose: true}
		l.keep(p, rest[gap], 0)
		l.passages = append(l.passages, p)
		l.joinLoose(p)
	}
}

// before counts the passages in log order that begin before a tap.
func (l *layout) before(m *mark) (n int) {
	for _, p := range l.passages {
		if !p.loose && p.last != 0 && p.first <= m.local {
			n++
		}
	}
	return n
}

// holding returns the passage in log order within whose time a tap falls; nil for none.
func (l *layout) holding(m *mark) *passage {
	for _, p := range l.passages {
		if !p.loose && p.last != 0 && m.good && p.first <= m.local && m.local <= p.last {
			return p
		}
	}
	return nil
}

// joinLoose makes one of loose passages that share a time with a new one.
func (l *layout) joinLoose(fresh *passage) {
	for again := true; again; {
		again = false
		l.passages = slices.DeleteFunc(l.passages, func(p *passage) bool {
			if p == fresh || !p.loose || !p.overlaps(fresh) {
				return false
			}
			lines := append(slices.Clone(p.lines), fresh.lines...)
			slices.SortStableFunc(lines, func(a, b int32) int { return cmp.Compare(l.marks[a].local, l.marks[b].local) })
			l.keep(fresh, lines, 0)
			again = true
			return true
		})
	}
}

// goodFrom is the first wall time that can be right (rule C3): 2020-01-01, in seconds since 1970.
const goodFrom = 1577836800

// good says that a wall time can be right in a file that was read at an instant: not before 2020, nor later than the day
// after, whatever the zone.
func good(local time.Time, read app.Instant) bool {
	return local.Unix() >= goodFrom && local.Before(read.Time().Add(26*time.Hour))
}
