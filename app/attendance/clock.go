package attendance

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"klokkast/app"
)

// boxLog is one log of a box while its clock is settled, and then: nothing in it
// is changed any more, but that a later state gives it its own box.
type boxLog struct {
	*logState
	*logBody // nil: it is on paper, see body
	box      *box
}

// logState is what one needs to know of a log without looking into it.
type logState struct {
	key     app.LogKey
	ordered bool   // of files: their order is known otherwise than by their times
	given   uint64 // of the facts that it was settled by, see sumOf
	count   int    // records

	unsettled bool        // some punch's time is not settled
	unfetched bool        // some record's reading is not known
	doneTo    app.Instant // up to when readings to its end had all of it
	cutTo     app.Instant // and others
	askedAt   app.Instant // of phones: when the register was last asked for all, or up to when somebody knew otherwise
	lastRead  app.Instant // when it was last read to the end, by the computer's clock
	lastTap   app.Instant // its latest punch, corrected
	holes     []hole

	holders   []int32 // whose punches there are
	strangers []int32 // identifiers of punches that nobody held
	inTime    bool    // the records are in the order of corrected time, too
	shown     []int32 // identifiers, each once
	about     *logFindings
	paged     *pagedLog // where its body is; nil: in memory
}

// logBody is what a log holds.
type logBody struct {
	records  []record // by sequence; those of files, which have none, as the log has them (ordered), else by their own time
	bySeq    []int32  // of files: the places of records by what stands for their sequence
	events   []app.BoxEvent
	readings []*app.Reading  // in order, while it is settled
	gaps     []*app.Gap      // those that were not filled, in order, while it is settled
	cuts     []*app.ClockCut // by people
	logClock
	limit   time.Duration // beyond which its clock is wrong (DriftLimit)
	ignored map[uint64]bool
	repairs []*app.ClockRepair

	byWorker map[int32][]int32 // punches by their holder
}

// logClock is how a log's clock ran, and which of its punches are nobody's.
type logClock struct {
	segments []segment
	epochs   []epoch
	unheld   map[int32][]int32 // punches of identifiers that nobody held
	rest     []int32           // the other punches that are nobody's
}

// class says at a glance what a time can be.
type class uint8

const (
	plausible class = iota
	before2020
	future
)

// year2020 is the first instant that a clock of these boxes can rightly show (C3).
var year2020 = app.At(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))

// segment is records[lo:hi]; the last one of a log may be empty, when a
// reading found the clock wrong or right again after the last record.
type segment struct {
	lo, hi   int
	class    class
	measures []measure // checked readings in it, by position
	good     bool
	measured bool // good, or wrong, by a measure
	summer   bool // a file: its clock was not put back when summer time ended, see summerTime
	trip     bool // a file: its clock went away by days, and what follows goes on where it left, see cutTrips
	// cutBefore and cutAfter say that a person cut the log at its ends: what is beside it there says nothing of it.
	cutBefore, cutAfter bool
	repair              *app.ClockRepair
}

// settled says that the times in it count.
func (s *segment) settled() bool { return s.good || s.repair != nil }

// measure is one checked measurement of the box's clock.
type measure struct {
	pos    int         // records[:pos] were in the log then
	box    app.Instant // the box's time then
	offset time.Duration
	doubt  time.Duration
	good   bool
}

// order puts the log's readings and gaps in order, each once.
func (l *boxLog) order() {
	slices.SortFunc(l.gaps, func(a, b *app.Gap) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last)) })
	l.gaps = slices.CompactFunc(l.gaps, func(a, b *app.Gap) bool { return a.First == b.First })
	slices.SortStableFunc(l.readings, func(a, b *app.Reading) int {
		return cmp.Or(cmp.Compare(readingTime(a), readingTime(b)), cmp.Compare(a.ID, b.ID))
	})
}

// filled says that all records of a gap came after all: by an import, say.
func (l *boxLog) filled(g *app.Gap) bool {
	lo, hi := l.within(g)
	return uint64(hi-lo) == g.Last-g.First+1
}

// within returns the records that lie in a gap.
func (l *boxLog) within(g *app.Gap) (lo, hi int) {
	lo, _ = slices.BinarySearchFunc(l.records, g.First, func(r record, seq uint64) int { return cmp.Compare(r.seq, seq) })
	hi = lo
	for hi < len(l.records) && l.records[hi].seq <= g.Last {
		hi++
	}
	return lo, hi
}

// readingTime is the computer's time of a reading, at its end where that is known.
func readingTime(r *app.Reading) app.Instant {
	t := max(r.Started, r.Ended)
	if r.Clock != nil {
		t = max(t, r.Clock.At)
	}
	switch r.Source { // of a file, a list and a person, ReadTo is what they say, no time of the computer
	case app.FromFile, app.FromList, app.FromPerson:
	default:
		t = max(t, r.ReadTo)
	}
	return t
}

// settle finds the segments of a log, corrects the times of the settled ones
// and notes what of the box is as good as unread.
func (f *facts) settle(l *boxLog) {
	f.segment(l)
	f.judgeSegments(l)
	for _, r := range l.repairs {
		for k := range l.segments {
			if s := &l.segments[k]; r.Withdrawn == 0 && !s.good && r.First == l.firstOf(s) && (s.repair == nil || r.At > s.repair.At) {
				s.repair = r
			}
		}
	}
	l.correct()
	f.noteReadTo(l)
	f.noteHoles(l)
}

// classOf says whether the record's own time can be right.
func (f *facts) classOf(l *boxLog, r *record) class {
	fetched := f.now
	if g := f.readings[r.fetched]; g != nil {
		fetched = readingTime(g)
	} else {
		l.unfetched = true
	}
	switch {
	case r.raw < year2020:
		return before2020
	case r.raw > fetched.Add(f.limits.duration(DriftLimit, nil, nil)):
		return future
	}
	return plausible
}

// segment cuts the log wherever its clock was set, lost or jumped, and where
// one reading found it right and the next one wrong.
func (f *facts) segment(l *boxLog) {
	step := f.limits.duration(StepBack, nil, nil)
	classes := make([]class, len(l.records))
	for i := range l.records {
		classes[i] = f.classOf(l, &l.records[i])
	}
	lo := 0
	for i := 1; i <= len(l.records); i++ {
		if i < len(l.records) && classes[i] == classes[i-1] && !l.jumps(&l.records[i-1], &l.records[i], step) {
			continue
		}
		l.segments = append(l.segments, segment{lo: lo, hi: i, class: classes[i-1]})
		lo = i
	}
	if l.ordered {
		l.cutTrips(step)
		f.cutSummerTime(l)
	}
	for _, m := range f.measures(l) {
		l.attach(m, step)
	}
	l.spread(step)
	for k := 0; k < len(l.segments); k++ {
		if cut, ok := f.contradiction(l, &l.segments[k]); ok {
			l.split(k, cut)
		}
	}
	l.cutByHand()
}

// spread lets a measure that found a clock wrong hold beyond where it begins or
// ceases to show times after their reading: that cuts the log, but the clock is
// the same where that is proved, by the time since boot, or because with another
// one the records would not be in order. It holds for that boot.
func (l *boxLog) spread(step time.Duration) {
	for k := 1; k < len(l.segments); k++ {
		a, b := &l.segments[k-1], &l.segments[k]
		if !l.sameClock(a, b, step) {
			continue
		}
		x, y := &l.records[a.hi-1], &l.records[b.lo]
		proved := func(x, y app.Instant) bool {
			return l.records[a.hi-1].since != 0 && l.records[b.lo].since != 0 || y < x.Add(-step)
		}
		if len(b.measures) > 0 && a.class == plausible {
			if m := b.measures[0]; !m.good && proved(x.raw, y.raw.Add(-m.offset)) {
				m.pos = a.hi
				k += l.cutBefore(k-1, l.bootBegins(a))
				l.segments[k-1].measures = append(l.segments[k-1].measures, m)
			}
		} else if n := len(a.measures); n > 0 && b.class == plausible {
			if m := a.measures[n-1]; !m.good && proved(x.raw.Add(-m.offset), y.raw) {
				m.pos = b.lo
				l.cutBefore(k, l.bootEnds(b))
				l.segments[k].measures = slices.Insert(l.segments[k].measures, 0, m)
			}
		}
	}
}

// bootBegins and bootEnds return where the last and the first boot of a segment do
// so: of one that was measured only its ends, for then its measures say more.
func (l *boxLog) bootBegins(s *segment) int {
	cut := s.hi - 1
	for cut > s.lo && l.records[cut-1].boot == l.records[cut].boot {
		cut--
	}
	if len(s.measures) > 0 {
		return s.lo
	}
	return cut
}

func (l *boxLog) bootEnds(s *segment) int {
	cut := s.lo + 1
	for cut < s.hi && l.records[cut-1].boot == l.records[cut].boot {
		cut++
	}
	if len(s.measures) > 0 {
		return s.hi
	}
	return cut
}

// cutBefore cuts segment k, which has no measures, before a record within it, and returns how many segments more there are.
func (l *boxLog) cutBefore(k, cut int) int {
	s := l.segments[k]
	if cut <= s.lo || cut >= s.hi {
		return 0
	}
	right := s
	s.hi, right.lo = cut, cut
	l.segments[k] = s
	l.segments = slices.Insert(l.segments, k+1, right)
	return 1
}

// sameClock says that two segments that follow each other differ only by what their
// times can be: nothing says that the clock was set, lost, or started anew between them.
func (l *boxLog) sameClock(a, b *segment, step time.Duration) bool {
	if a.class == b.class || a.lo == a.hi || b.lo == b.hi {
		return false
	}
	x, y := &l.records[a.hi-1], &l.records[b.lo]
	return x.boot == y.boot && !l.jumps(x, y, step)
}

// jumps says that the clock was not the same one from record a to b.
func (l *boxLog) jumps(a, b *record, step time.Duration) bool {
	if b.raw.Sub(a.raw) < -step {
		return true
	}
	if e := l.event(a); e != nil {
		switch e.Type {
		case app.RecordClockLost:
			return true
		case app.RecordClockSet:
			by := setBy(e)
			return by > step || by < -step
		}
	}
	if a.boot != b.boot || a.since == 0 || b.since == 0 || b.since < a.since {
		return false
	}
	forward := b.raw.Sub(a.raw) - (b.sinceBoot() - a.sinceBoot())
	return forward.Abs() > step
}

// setBy says by how much a clock-set record moved the clock: bytes 0 source,
// 1–5 old and 6–10 new time, each u32 seconds and 1/256 s (devices/PROTOCOL.md).
func setBy(e *app.BoxEvent) time.Duration {
	at := func(b []byte) time.Duration {
		return time.Duration(binary.LittleEndian.Uint32(b))*time.Second + time.Duration(b[4])*time.Second/256
	}
	return at(e.Data[6:11]) - at(e.Data[1:6])
}

// measures returns the checked measurements of a log's clock in order (C1).
func (f *facts) measures(l *boxLog) []measure {
	var list []measure
	var last uint64
	for _, r := range l.readings {
		last = max(last, r.Last)
		if !f.checked(r) {
			continue
		}
		pos := f.fetchedBy(l, r)
		if l.key.Log != app.FileLog {
			pos, _ = slices.BinarySearchFunc(l.records, last+1, func(r record, seq uint64) int { return cmp.Compare(r.seq, seq) })
		}
		list = append(list, measure{
			pos: pos, box: r.Clock.At.Add(r.Clock.Offset), offset: r.Clock.Offset.Truncate(time.Millisecond), doubt: r.Clock.Uncertainty,
			good: r.Clock.Offset.Abs() <= l.limit,
		})
	}
	return list
}

// checked says that a reading measured the box's clock by a computer whose own
// clock was checked, and was right, within the week.
func (f *facts) checked(r *app.Reading) bool {
	return r.Clock != nil && (r.State == app.ReadingDone || r.State == app.ReadingStopped) &&
		r.Check.Good(r.Clock.At) && r.Check.Offset.Abs() <= f.limits.duration(DriftWarning, nil, nil)
}

// attach returns a measure to the segment whose clock it measured.
func (l *boxLog) attach(m measure, step time.Duration) {
	k := 0
	for k < len(l.segments)-1 && l.segments[k].hi < m.pos {
		k++
	}
	if k < len(l.segments) && m.pos == l.segments[k].hi && l.belongsAfter(m, k, step) {
		if k == len(l.segments)-1 {
			l.segments = append(l.segments, segment{lo: m.pos, hi: m.pos})
		}
		k++
	}
	if len(l.segments) == 0 {
		l.segments = append(l.segments, segment{})
	}
	if s := &l.segments[k]; !m.good || s.class == plausible {
		s.measures = append(s.measures, m)
	}
}

// belongsAfter says that a measure at the end of segment k measured not its
// clock but the next one's.
func (l *boxLog) belongsAfter(m measure, k int, step time.Duration) bool {
	s := &l.segments[k]
	if s.lo == s.hi {
		return false
	}
	last := &l.records[s.hi-1]
	if e := l.event(last); e != nil && (e.Type == app.RecordClockLost || e.Type == app.RecordClockSet && setBy(e).Abs() > step) {
		return true
	}
	if m.good && s.class != plausible || m.box.Sub(last.raw) < -step {
		return true
	}
	if s.hi == len(l.records) {
		return false
	}
	next := &l.records[s.hi]
	return m.box <= next.raw && next.raw.Sub(m.box) < m.box.Sub(last.raw)
}

// contradiction finds where one segment holds both right and wrong measures,
// and where it has to be cut: at the first record of another boot between
// them, else at the measure that still was, or already was, right; but no record
// is on the wrong side that can only be right.
func (f *facts) contradiction(l *boxLog, s *segment) (cut int, ok bool) {
	for i := 1; i < len(s.measures); i++ {
		a, b := s.measures[i-1], s.measures[i]
		if a.good == b.good {
			continue
		}
		lo, hi := a.pos, min(b.pos, len(l.records))
		for k := a.pos; k < hi; k++ {
			switch {
			case a.good && f.onlyRight(l, k, a, b, b):
				lo = k + 1
			case b.good && f.onlyRight(l, k, a, b, a):
				hi = k
			}
		}
		for k := max(lo, 1); k < hi; k++ {
			if l.records[k].boot != l.records[k-1].boot {
				return k, true
			}
		}
		if a.good {
			return lo, true
		}
		return hi, true
	}
	return 0, false
}

// onlyRight says that the clock was right when it recorded i, which lies between
// the measures a and b: by the one of them that found it wrong, the record would
// have been made before the first, or after the second or its own reading.
func (f *facts) onlyRight(l *boxLog, i int, a, b, wrong measure) bool {
	step := f.limits.duration(StepBack, nil, nil)
	at := l.records[i].raw.Add(-wrong.offset)
	latest := b.real()
	if g := f.readings[l.records[i].fetched]; g != nil {
		latest = min(latest, readingTime(g))
	}
	return at < a.real().Add(-step) || at > latest.Add(step)
}

// real is when the measure was made, by the computer's clock.
func (m measure) real() app.Instant { return m.box.Add(-m.offset) }

// split cuts segment k; measures go to their side.
func (l *boxLog) split(k, cut int) {
	s := l.segments[k]
	cut = min(max(cut, s.lo), s.hi)
	left, right := segment{lo: s.lo, hi: cut, class: s.class}, segment{lo: cut, hi: s.hi, class: s.class}
	first := s.measures[0].good
	for i, m := range s.measures {
		if m.good == first && len(right.measures) == 0 {
			left.measures = append(left.measures, s.measures[i])
		} else {
			right.measures = append(right.measures, s.measures[i])
		}
	}
	l.segments[k] = left
	l.segments = slices.Insert(l.segments, k+1, right)
}

// cutByHand cuts where people said that another clock begins. A measure belongs to
// the side on which it was made.
func (l *boxLog) cutByHand() {
	for _, c := range l.cuts {
		i, ok := l.find(c.First)
		if !ok || c.Withdrawn != 0 {
			continue
		}
		k := slices.IndexFunc(l.segments, func(s segment) bool { return s.lo < i && i < s.hi })
		if k < 0 {
			continue
		}
		left, right := l.segments[k], l.segments[k]
		left.hi, right.lo = i, i
		left.cutAfter, right.cutBefore = true, true
		n := 0
		for n < len(left.measures) && left.measures[n].pos <= i {
			n++
		}
		left.measures, right.measures = slices.Clip(left.measures[:n]), slices.Clip(right.measures[n:])
		l.segments[k] = left
		l.segments = slices.Insert(l.segments, k+1, right)
	}
}

// judgeSegments decides which segments are good (C3): by a measure, else by
// fitting between good neighbours. Where no measure ever found the clock right,
// the largest unmeasured one that can be right is taken for right: what was
// tapped before a box lost its clock counts, also if it was never read before.
func (f *facts) judgeSegments(l *boxLog) {
	step := f.limits.duration(StepBack, nil, nil)
	anchor, anchored, measured := -1, false, false
	for i := range l.segments {
		s := &l.segments[i]
		if m, ok := l.leftover(s.lo); ok && s.class == plausible && (m.good || len(s.measures) == 0) {
			s.measures = slices.Insert(s.measures, 0, m)
		}
		if len(s.measures) > 0 {
			s.measured, measured = true, true
			s.good = !slices.ContainsFunc(s.measures, func(m measure) bool { return !m.good })
			anchored = anchored || s.good
		} else if s.canBeRight() && (anchor < 0 || s.hi-s.lo > l.segments[anchor].hi-l.segments[anchor].lo) {
			anchor = i
		}
	}
	if l.ordered && !measured {
		l.longestCounts(step)
		return
	}
	if !anchored && anchor >= 0 {
		l.segments[anchor].good = true
	}
	for i := range l.segments {
		if s := &l.segments[i]; !s.good && !s.measured && s.canBeRight() && !s.cutBefore && !s.cutAfter {
			s.good = l.fits(i, step)
		}
	}
}

// canBeRight says that nothing but a measure can make its times wrong.
func (s *segment) canBeRight() bool { return s.class == plausible && !s.summer }

// fits says that segment i lies in time between its good neighbours. At an end
// of the log there is only one. It does not where the time since boot proves that
// its clock is another than that of a good one.
func (l *boxLog) fits(i int, step time.Duration) bool {
	s := &l.segments[i]
	if s.lo == s.hi {
		return true
	}
	if shift, _, ok := l.shiftByBoot(s); ok && shift.Abs() > l.limit {
		return false
	}
	neighbours := false
	for k := i - 1; k >= 0; k-- {
		if n := &l.segments[k]; n.good {
			neighbours = true
			if l.records[s.lo].raw < n.last(l).Add(-step) {
				return false
			}
			break
		}
	}
	for k := i + 1; k < len(l.segments); k++ {
		if n := &l.segments[k]; n.good {
			return l.records[s.hi-1].raw <= n.first(l).Add(step)
		}
	}
	return neighbours
}

// first and last give the corrected times at which a good segment begins and
// ends; of one without records, when its clock was measured.
func (s *segment) first(l *boxLog) app.Instant {
	if s.lo < s.hi {
		return s.correct(l, s.lo)
	}
	return s.measures[0].box.Add(-s.measures[0].offset)
}

func (s *segment) last(l *boxLog) app.Instant {
	if s.lo < s.hi {
		return s.correct(l, s.hi-1)
	}
	m := s.measures[len(s.measures)-1]
	return m.box.Add(-m.offset)
}

// correct returns the corrected time of one record of a good segment.
func (s *segment) correct(l *boxLog, i int) app.Instant {
	offset, _, _ := s.offsetAt(l, i)
	return l.records[i].raw.Add(-offset)
}

// epoch is a stretch of a segment in which the clock was not set: records[lo:hi].
func (s *segment) epoch(l *boxLog, i int) (lo, hi int) {
	lo, hi = i, i+1
	for lo > s.lo && !l.setAt(lo-1) {
		lo--
	}
	for hi < s.hi && !l.setAt(hi-1) {
		hi++
	}
	return lo, hi
}

// leftoverWithin is how long before a clock was set a measure still says what
// was left: the same session, with time for a long download.
const leftoverWithin = time.Hour

// points returns the measures that hold for an epoch, by the box's time: its own
// and, after the clock was set, what was left of the last one before.
func (s *segment) points(l *boxLog, lo, hi int) []measure {
	var list []measure
	if m, ok := l.leftover(lo); ok && m.good && lo != s.lo { // at its beginning it is among its measures
		list = append(list, m)
	}
	for _, m := range s.measures {
		inside := m.pos > lo && m.pos < hi
		atEnd := m.pos == hi && !l.setAt(hi-1)
		atStart := m.pos == lo && (lo == s.lo || l.setAt(lo-1))
		if inside || atEnd || atStart {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b measure) int { return cmp.Compare(a.box, b.box) })
	return list
}

// leftover returns what was left of the last measure when the clock was set just
// before record lo; false if it was not, or not measured within the hour.
func (l *boxLog) leftover(lo int) (measure, bool) {
	if !l.setAt(lo - 1) {
		return measure{}, false
	}
	set := &l.records[lo-1]
	m, ok := l.measuredBefore(lo - 1)
	if !ok || set.raw.Sub(m.box).Abs() > leftoverWithin {
		return measure{}, false
	}
	by := setBy(l.event(set))
	left := m.offset + by.Truncate(time.Millisecond)
	return measure{pos: lo, box: set.raw.Add(by), offset: left, doubt: m.doubt, good: left.Abs() <= l.limit}, true
}

func (l *boxLog) setAt(i int) bool {
	if i < 0 {
		return false
	}
	e := l.event(&l.records[i])
	return e != nil && e.Type == app.RecordClockSet
}

// measuredBefore returns the last measure at or before record i.
func (l *boxLog) measuredBefore(i int) (measure, bool) {
	for k := len(l.segments) - 1; k >= 0; k-- {
		for j := len(l.segments[k].measures) - 1; j >= 0; j-- {
			if m := l.segments[k].measures[j]; m.pos <= i {
				return m, true
			}
		}
	}
	return measure{}, false
}

// offsetAt returns the offset to take from record i's time (C2).
func (s *segment) offsetAt(l *boxLog, i int) (offset, doubt time.Duration, known bool) {
	lo, hi := s.epoch(l, i)
	return interpolate(s.points(l, lo, hi), l.records[i].raw)
}

// interpolate returns the offset at a time of the box: on the line between two
// measures, before the first and after the last the nearest.
func interpolate(points []measure, at app.Instant) (offset, doubt time.Duration, known bool) {
	if len(points) == 0 {
		return 0, 0, false
	}
	k, _ := slices.BinarySearchFunc(points, at, func(m measure, t app.Instant) int { return cmp.Compare(m.box, t) })
	switch {
	case k == 0:
		return points[0].offset, points[0].doubt, true
	case k == len(points):
		return points[k-1].offset, points[k-1].doubt, true
	}
	a, b := points[k-1], points[k]
	whole, part := int64(b.box-a.box), int64(at-a.box)
	ms := int64((b.offset-a.offset)/time.Millisecond) * part / whole
	return a.offset + time.Duration(ms)*time.Millisecond, max(a.doubt, b.doubt), true
}

// epoch is records[lo:hi] of one segment between which the clock was not set,
// with the measures that hold for them.
type epoch struct {
	lo, hi int
	points []measure
}

// correct writes the corrected times of a log into its records.
func (l *boxLog) correct() {
	for k := range l.segments {
		s := &l.segments[k]
		for i := s.lo; i < s.hi; {
			lo, hi := s.epoch(l, i)
			e := epoch{lo, hi, s.points(l, lo, hi)}
			l.epochs = append(l.epochs, e)
			for ; i < hi; i++ {
				l.correctRecord(s, &l.records[i], &e)
			}
		}
	}
}

func (l *boxLog) correctRecord(s *segment, r *record, e *epoch) {
	offset, _, known := s.offsetIn(e, r.raw)
	r.at, r.mark = r.raw, 0
	if s.settled() {
		r.at = r.raw.Add(-offset)
	} else {
		r.mark |= markUnsettled
	}
	if known {
		r.mark |= markKnown
	}
	if s.repair != nil {
		r.mark |= markRepaired
	}
	if r.isPunch() && s.settled() {
		l.lastTap = max(l.lastTap, r.at)
	}
}

// offsetIn returns the offset to take from a time in one epoch of the segment.
func (s *segment) offsetIn(e *epoch, raw app.Instant) (offset, doubt time.Duration, known bool) {
	offset, doubt, known = interpolate(e.points, raw)
	if s.repair != nil {
		offset, known = -s.repair.Shift.Truncate(time.Millisecond), true
	}
	return offset, doubt, known
}

// offsetOf returns the offset that was taken from a record's time.
func (l *boxLog) offsetOf(i int) (offset, doubt time.Duration) {
	epochs := l.clock().epochs
	k, _ := slices.BinarySearchFunc(epochs, i, func(e epoch, i int) int {
		if e.hi <= i {
			return -1
		}
		return 1
	})
	offset, doubt, _ = l.segmentOf(i).offsetIn(&epochs[k], l.record(i).raw)
	return offset, doubt
}

// firstOf returns the sequence number that names a segment: of its first record,
// or the one to come.
func (l *boxLog) firstOf(s *segment) uint64 {
	if s.lo < len(l.records) {
		return l.records[s.lo].seq
	}
	if n := len(l.records); n > 0 {
		return l.records[n-1].seq + 1
	}
	return 1
}

// noteReadTo notes up to when the log was read; one that was cut off counts up to its last record.
func (f *facts) noteReadTo(l *boxLog) {
	for _, r := range l.readings {
		if r.State == app.ReadingDone {
			l.doneTo, l.lastRead = max(l.doneTo, f.readTo(l, r)), max(l.lastRead, r.Ended, r.Started)
		}
		if r.State == app.ReadingDone || r.Last == 0 || l.key.Log == app.FileLog {
			continue
		}
		pos, ok := slices.BinarySearchFunc(l.records, r.Last, func(r record, seq uint64) int { return cmp.Compare(r.seq, seq) })
		if ok && l.segmentOf(pos).settled() {
			l.cutTo = max(l.cutTo, l.records[pos].at)
		}
	}
}

func (l *boxLog) segmentOf(i int) *segment {
	segments := l.clock().segments
	k, _ := slices.BinarySearchFunc(segments, i, func(s segment, i int) int {
		if s.hi <= i {
			return -1
		}
		return 1
	})
	return &segments[k]
}

// hole is a time over which a box is as good as unread: records are missing
// there, or have times that nobody can trust yet.
type hole struct {
	span app.Span // To 0: until further notice
	gap  *app.Gap // nil for an unsettled segment
	lost bool     // explained as lost: what it hides will never come
}

func (f *facts) noteHoles(l *boxLog) {
	for k := range l.segments {
		s := &l.segments[k]
		if s.settled() || l.punchesIn(s) == 0 {
			continue
		}
		l.unsettled = true
		l.holes = append(l.holes, hole{span: l.around(s.lo, s.hi)})
		if l.beforePlacement(s) {
			for i := s.lo; i < s.hi; i++ {
				l.records[i].mark |= markOlder
			}
		}
	}
	if l.ordered {
		f.noteBetweenPassages(l)
	}
	for _, g := range l.gaps {
		h := hole{span: l.spanOf(g), gap: g}
		_, h.lost = f.explained[gapKey(g)]
		l.holes = append(l.holes, h)
	}
}

// beforePlacement says that all of a segment is older than the box's placements.
func (l *boxLog) beforePlacement(s *segment) bool {
	if len(l.box.places) == 0 {
		return true
	}
	around := l.around(s.lo, s.hi)
	return around.To != 0 && around.To <= l.box.places[0].span.From
}

func (l *boxLog) punchesIn(s *segment) (n int) {
	for i := s.lo; i < s.hi; i++ {
		if l.records[i].isPunch() {
			n++
		}
	}
	return n
}

// around returns the time from the last settled record before lo to the first from hi on.
func (l *boxLog) around(lo, hi int) (span app.Span) {
	for i := lo - 1; i >= 0; i-- {
		if l.segmentOf(i).settled() {
			span.From = l.records[i].at
			break
		}
	}
	for i := hi; i < len(l.records); i++ {
		if l.segmentOf(i).settled() {
			span.To = l.records[i].at
			break
		}
	}
	return span
}

// spanOf returns the time in which the records of a gap were made. Where nothing
// was read after it, it ends when it was found.
func (l *boxLog) spanOf(g *app.Gap) app.Span {
	span := l.around(l.within(g))
	if span.To == 0 {
		span.To = g.Known
	}
	return span
}
