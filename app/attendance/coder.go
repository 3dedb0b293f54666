package attendance

import (
	"encoding/binary"
	"errors"

	"klokkast/app"
)

// errDamaged says that what is read was not written so.
var errDamaged = errors.New("the cache is damaged")

// coder writes values behind each other, or reads what was written: one function
// for each type does both, so that they cannot differ.
type coder struct {
	b       []byte // what was written, or what is left to read
	reading bool
	bad     bool // what was read was never written
	texts   *texts
	words   *words // numbers of identifiers, while writing
	spoken  spoken // and while reading
}

// texts are ids and codes that are written once and then by their number.
type texts struct {
	list []string
	of   map[string]uint64 // while writing
}

func (t *texts) number(s string) uint64 {
	n, ok := t.of[s]
	if !ok {
		n = uint64(len(t.list))
		t.list = append(t.list, s)
		t.of[s] = n
	}
	return n
}

func (c *coder) uvarint(v uint64) uint64 {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, v)
		return v
	}
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.b = c.b[n:]
	return v
}

// fixed is for hashes, which would be longer as numbers.
func (c *coder) fixed(v uint64) uint64 {
	if !c.reading {
		c.b = binary.LittleEndian.AppendUint64(c.b, v)
		return v
	}
	if len(c.b) < 8 {
		c.fail()
		return 0
	}
	v, c.b = binary.LittleEndian.Uint64(c.b), c.b[8:]
	return v
}

func (c *coder) fail() { c.bad, c.b = true, nil }

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// number is for what can be less than zero, too.
func number[T integer](c *coder, v *T) {
	if !c.reading {
		x := int64(*v)
		c.b = binary.AppendUvarint(c.b, uint64(x)<<1^uint64(x>>63))
		return
	}
	u := c.uvarint(0)
	*v = T(int64(u>>1) ^ -int64(u&1))
}

// numbers are some of one type.
func numbers[T integer](c *coder, list ...*T) {
	for _, v := range list {
		number(c, v)
	}
}

func flags(c *coder, list ...*bool) {
	var bits uint64
	for i, v := range list {
		if *v {
			bits |= 1 << i
		}
	}
	bits = c.uvarint(bits)
	for i, v := range list {
		*v = bits&(1<<i) != 0
	}
}

// text is for ids and codes, of which there are few.
func text[T ~string](c *coder, v *T) {
	if !c.reading {
		c.uvarint(c.texts.number(string(*v)))
		return
	}
	n := c.uvarint(0)
	if n >= uint64(len(c.texts.list)) {
		c.fail()
		return
	}
	*v = T(c.texts.list[n])
}

// literal is for texts that are seldom the same.
func literal[T ~string](c *coder, v *T) {
	n := c.uvarint(uint64(len(*v)))
	if !c.reading {
		c.b = append(c.b, *v...)
		return
	}
	if n > uint64(len(c.b)) {
		c.fail()
		return
	}
	*v, c.b = T(c.b[:n]), c.b[n:]
}

// size is the length of a list; nil is another one than an empty one.
func size(c *coder, n int, isNil bool) (int, bool) {
	if isNil {
		n = -1
	}
	u := c.uvarint(uint64(n + 1))
	if c.reading && u > uint64(len(c.b))+1 { // everything in a list takes a byte
		c.fail()
		return 0, true
	}
	return int(u) - 1, u == 0
}

func listOf[T any](c *coder, list *[]T, each func(*coder, *T)) {
	n, isNil := size(c, len(*list), *list == nil)
	if isNil {
		*list = nil
		return
	}
	if c.reading {
		*list = make([]T, n)
	}
	for i := range *list {
		each(c, &(*list)[i])
	}
}

func mapOf[K interface{ ~int32 | ~uint64 | ~string }, V any](c *coder, m *map[K]V, key func(*coder, *K), value func(*coder, *V)) {
	var keys []K
	if !c.reading {
		keys = sortedKeys(*m)
	}
	n, isNil := size(c, len(*m), *m == nil)
	if isNil {
		*m = nil
		return
	}
	if c.reading {
		*m, keys = make(map[K]V, n), make([]K, n)
	}
	for _, k := range keys {
		key(c, &k)
		v := (*m)[k]
		value(c, &v)
		if c.reading {
			(*m)[k] = v
		}
	}
}

func pointer[T any](c *coder, p **T, to func(*coder, *T)) {
	has := *p != nil
	flags(c, &has)
	if !has {
		return
	}
	if c.reading {
		*p = new(T)
	}
	to(c, *p)
}

func codeSpan(c *coder, s *app.Span) { numbers(c, &s.From, &s.To) }

func codeLog(c *coder, k *app.LogKey) {
	text(c, &k.Box)
	text(c, &k.Log)
}

func codeKey(c *coder, k *app.RecordKey) {
	codeLog(c, &k.LogKey)
	k.Seq = c.uvarint(k.Seq)
}

// codeIdent is by the identifier's number alone: what is shown to a box is written nowhere.
func codeIdent(c *coder, k *app.IdentifierKey) {
	if !c.reading {
		c.uvarint(uint64(c.words.numberOf(*k)))
		return
	}
	n := c.uvarint(0)
	if n >= uint64(len(c.spoken.idents)) {
		c.fail()
		return
	}
	*k = c.spoken.idents[n]
}

// numberOf is the number of an identifier that has one.
func (w *words) numberOf(k app.IdentifierKey) int32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.idents.number(k)
}

func (w *words) numberOfReading(id app.ID) int32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.readings.number(id)
}

// How an anchor is written.
const (
	anchorNone uint64 = iota
	anchorPunch
	anchorDay
	anchorOther
)

func codeAnchor(c *coder, a *app.Anomaly) {
	how := anchorOther
	switch {
	case c.reading:
	case a.Anchor == "":
		how = anchorNone
	case len(a.Punches) > 0 && a.Anchor == a.Punches[0].String():
		how = anchorPunch
	case a.Anchor == a.Day.String():
		how = anchorDay
	}
	switch how = c.uvarint(how); {
	case how == anchorOther:
		literal(c, &a.Anchor)
	case !c.reading || how == anchorNone:
	case how == anchorDay:
		a.Anchor = a.Day.String()
	case how == anchorPunch && len(a.Punches) > 0:
		a.Anchor = a.Punches[0].String()
	default:
		c.fail()
	}
}

// codeAnomaly is of findings about anything but identifiers.
func codeAnomaly(c *coder, a *app.Anomaly) {
	text(c, &a.Rule)
	number(c, &a.Severity)
	text(c, &a.Subject.Kind)
	if !c.reading && a.Subject.Kind == app.AboutIdentifier {
		c.bad = true // its subject is what was shown to a box
	}
	text(c, &a.Subject.ID)
	codeFound(c, a)
}

// codeFound is codeAnomaly without rule, severity and subject.
func codeFound(c *coder, a *app.Anomaly) {
	text(c, &a.WorkerID)
	text(c, &a.SiteID)
	text(c, &a.Box)
	number(c, &a.Day)
	number(c, &a.At)
	listOf(c, &a.Punches, codeKey)
	codeAnchor(c, a)
	text(c, &a.Threshold)
	numbers(c, &a.Limit, &a.Value)
	facts := map[string]string(a.Facts)
	mapOf(c, &facts, text[string], literal[string])
	a.Facts = facts
}

func codeUndeclared(c *coder, u *undeclared) {
	text(c, &u.site)
	text(c, &u.rule)
	numbers(c, &u.day, &u.ended)
	number(c, &u.at)
	listOf(c, &u.keys, codeKey)
}

func codeEmployment(c *coder, e *employment) {
	text(c, &e.by)
	number(c, &e.last)
}

func codeShowing(c *coder, s *showing) {
	codeKey(c, &s.key)
	codeIdent(c, &s.ident)
	number(c, &s.at)
	text(c, &s.worker)
}

func codeBlock(c *coder, b *block) {
	numbers(c, &b.from, &b.to, &b.first, &b.last, &b.wakes)
	number(c, &b.taps)
	b.stamp = c.fixed(b.stamp)
	numbers(c, &b.days.From, &b.days.To)
	flags(c, &b.open)
	listOf(c, &b.found, codeAnomaly)
	listOf(c, &b.undeclared, codeUndeclared)
	listOf(c, &b.employed, codeEmployment)
	listOf(c, &b.shown, codeShowing)
	for _, ids := range [...]*[]app.ID{&b.used, &b.shifts, &b.waits} {
		listOf(c, ids, text[app.ID])
	}
}

// codePage is what a page says of its blocks; where they are is written behind it.
func codePage(c *coder, p *blockPage) {
	numbers(c, &p.first, &p.from, &p.to, &p.last, &p.wakes)
	numbers(c, &p.days.From, &p.days.To)
	flags(c, &p.open)
	for _, ids := range [...]*[]app.ID{&p.used, &p.shifts, &p.waits, &p.undeclared} {
		listOf(c, ids, text[app.ID])
	}
	listOf(c, &p.employed, codeEmployment)
	listOf(c, &p.noted, func(c *coder, a **app.Anomaly) {
		if c.reading {
			*a = new(app.Anomaly)
		}
		codeAnomaly(c, *a)
	})
	number(c, &p.informs)
}

// codeRecords writes each record as what differs from the one before it.
func codeRecords(c *coder, list *[]record) {
	var last record
	listOf(c, list, func(c *coder, r *record) {
		seq, raw, shift := r.seq-last.seq, r.raw-last.raw, r.at-r.raw-(last.at-last.raw)
		numbers(c, &seq)
		numbers(c, &raw, &shift)
		since, line := r.since-last.since, r.line-last.line
		what, fetched, holder := r.what-last.what, r.fetched-last.fetched, r.holder
		passage, boot := r.passage-last.passage, r.boot-last.boot
		numbers(c, &since, &line, &passage)
		numbers(c, &what, &fetched, &holder)
		number(c, &boot)
		number(c, &r.pressed)
		number(c, &r.flags)
		number(c, &r.mark)
		flags(c, &r.loose)
		if c.reading {
			r.seq, r.raw = last.seq+seq, last.raw+raw
			r.at = r.raw + last.at - last.raw + shift
			r.since, r.line, r.passage, r.boot = last.since+since, last.line+line, last.passage+passage, last.boot+boot
			r.what, r.fetched, r.holder = last.what+what, last.fetched+fetched, holder
		}
		last = *r
	})
}

func codeMeasure(c *coder, m *measure) {
	number(c, &m.pos)
	number(c, &m.box)
	numbers(c, &m.offset, &m.doubt)
	flags(c, &m.good)
}

// codeSegment is of what is asked of a segment once its log is settled.
func codeSegment(c *coder, s *segment) {
	numbers(c, &s.lo, &s.hi)
	number(c, &s.class)
	flags(c, &s.good, &s.measured, &s.summer, &s.trip, &s.cutBefore, &s.cutAfter)
	pointer(c, &s.repair, func(c *coder, r *app.ClockRepair) {
		text(c, &r.ID)
		number(c, &r.Shift)
	})
}

func codeEpoch(c *coder, e *epoch) {
	numbers(c, &e.lo, &e.hi)
	listOf(c, &e.points, codeMeasure)
}

func codePlaces(c *coder, list *[]int32) { listOf(c, list, number[int32]) }

func codeClock(c *coder, l *logClock) {
	listOf(c, &l.segments, codeSegment)
	listOf(c, &l.epochs, codeEpoch)
	mapOf(c, &l.unheld, number[int32], codePlaces)
	codePlaces(c, &l.rest)
}

func codeEvent(c *coder, e *app.BoxEvent) {
	codeKey(c, &e.Key)
	number(c, &e.Type)
	number(c, &e.At)
	number(c, &e.Boot)
	number(c, &e.SinceBoot)
	for i := range e.Data {
		number(c, &e.Data[i])
	}
	literal(c, &e.ReadingID)
}

func codeGap(c *coder, g *app.Gap) {
	codeLog(c, &g.Log)
	numbers(c, &g.First, &g.Last)
	flags(c, &g.ReadElsewhere)
	number(c, &g.Known)
}

func codeHole(c *coder, h *hole) {
	codeSpan(c, &h.span)
	pointer(c, &h.gap, codeGap)
	flags(c, &h.lost)
}

func codeWrong(c *coder, s *Segment) {
	codeLog(c, &s.Log)
	numbers(c, &s.First, &s.Last)
	text(c, &s.Kind)
	numbers(c, &s.Records, &s.Punches)
	numbers(c, &s.RawFrom, &s.RawTo)
	codeSpan(c, &s.Between)
	numbers(c, &s.Slack, &s.Proposed, &s.Uncertainty, &s.Shift)
	text(c, &s.Source)
	text(c, &s.Repair)
}

func codeOlder(c *coder, o *Older) {
	text(c, &o.Box)
	numbers(c, &o.Punches, &o.Records)
	numbers(c, &o.From, &o.To)
	flags(c, &o.Placed)
}

// codeState is of a log but for the last reading that measured its clock, which is written by its number.
func codeState(c *coder, l *logState) {
	codeLog(c, &l.key)
	flags(c, &l.ordered, &l.unsettled, &l.unfetched, &l.inTime)
	l.given = c.fixed(l.given)
	number(c, &l.count)
	numbers(c, &l.doneTo, &l.cutTo, &l.askedAt, &l.lastRead, &l.lastTap)
	listOf(c, &l.holes, codeHole)
	for _, list := range [...]*[]int32{&l.holders, &l.strangers, &l.shown} {
		codePlaces(c, list)
	}
	if c.reading {
		l.about = &logFindings{}
	}
	a := l.about
	listOf(c, &a.found, codeAnomaly)
	listOf(c, &a.wrong, codeWrong)
	codeOlder(c, &a.older)
	mapOf(c, &a.first, text[app.ID], number[app.Instant])
	number(c, &a.punches)
}

func codeStranger(c *coder, ident string, s *unheldBadge) {
	listOf(c, &s.logs, codeLog)
	listOf(c, &s.found, func(c *coder, a *app.Anomaly) {
		text(c, &a.Rule)
		number(c, &a.Severity)
		a.Subject = app.Subject{Kind: app.AboutIdentifier, ID: ident}
		codeFound(c, a)
	})
	listOf(c, &s.undeclared, codeUndeclared)
}
