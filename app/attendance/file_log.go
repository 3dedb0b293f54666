package attendance

import (
	"slices"
	"time"

	"klokkast/app"
)

// What is told here is of logs without sequence numbers whose order is known
// nevertheless (rule O1): files and terminals. Their clocks are judged by it (C3).

// fetchedBy returns the place behind the last record of a file log that a reading,
// or one before it, brought. By their times nobody knows what was there then: all.
func (f *facts) fetchedBy(l *boxLog, r *app.Reading) int {
	if !l.ordered {
		return len(l.records)
	}
	by := readingTime(r)
	for i := len(l.records); i > 0; i-- {
		if g := f.readings[l.records[i-1].fetched]; g == nil || readingTime(g) <= by {
			return i
		}
	}
	return 0
}

// longestCounts takes, in a log in which nothing was ever measured, the longest run
// of what can be right for right, and nothing else: which side of a step back is
// right, nobody can know. Lines whose times can only be wrong are no border: the
// clock goes on behind them. Where a person said of a part that it is right as it
// stands (a shift of nothing), its run counts.
func (l *boxLog) longestCounts(step time.Duration) {
	var best, run lineRun
	var bestWord, word app.Instant
	for k := range l.segments {
		s := &l.segments[k]
		if !s.canBeRight() {
			continue
		}
		if s.trip { // what is around it goes on without it
			if at := l.rightByWord(s); at > bestWord || at == bestWord && s.hi-s.lo > best.lines {
				best, bestWord = lineRun{k, k, s.hi - s.lo}, at
			}
			continue
		}
		if run.lines == 0 || s.cutBefore || l.records[s.lo].raw < l.records[l.segments[run.last].hi-1].raw.Add(-step) {
			run, word = lineRun{first: k}, 0
		}
		run.last, run.lines = k, run.lines+s.hi-s.lo
		word = max(word, l.rightByWord(s))
		if word > bestWord || word == bestWord && run.lines > best.lines {
			best, bestWord = run, word
		}
	}
	for k := best.first; k <= best.last && best.lines > 0; k++ {
		if s := &l.segments[k]; s.canBeRight() && l.rightByWord(s) == 0 && (!s.trip || best.first == best.last) {
			s.good = true
		}
	}
}

// lineRun is some segments that follow each other, first and last included, with the lines of those that can be right.
type lineRun struct{ first, last, lines int }

// rightByWord returns when a person accepted that a segment is right as it stands; 0: nobody did.
func (l *boxLog) rightByWord(s *segment) (at app.Instant) {
	for _, r := range l.repairs {
		if r.Withdrawn == 0 && r.Shift == 0 && r.First == l.firstOf(s) {
			at = max(at, r.At, 1)
		}
	}
	return at
}

// tripLeast is by how much a clock must have gone away for cutTrips: what is less can be the hours between two taps.
const tripLeast = 24 * time.Hour

// cutTrips cuts off what a clock recorded while it was away by days, to another date
// and back: beside the step back stands a jump ahead that undoes it, so that what
// follows goes on where the log was left. A file shows no jump ahead otherwise.
func (l *boxLog) cutTrips(step time.Duration) {
	for k := 1; k < len(l.segments); k++ {
		a, b := l.segments[k-1], l.segments[k]
		left, came := l.records[a.hi-1].raw, l.records[b.lo].raw
		back := left.Sub(came)
		if a.class != plausible || b.class != plausible || back < tripLeast {
			continue
		}
		jumps := func(i int) bool { return l.records[i].raw.Sub(l.records[i-1].raw) >= back/10*9 }
		cut := b.lo + 1
		for cut < b.hi && !(jumps(cut) && l.records[cut].raw >= left.Add(-step)) {
			cut++
		}
		if cut < b.hi { // away to the past, and back
			l.cutBefore(k, cut)
			l.segments[k].trip = true
			continue
		}
		cut = a.hi - 1
		for cut > a.lo && !(jumps(cut) && l.records[cut-1].raw <= came.Add(step)) {
			cut--
		}
		if cut > a.lo { // away to the future, and back
			l.cutBefore(k-1, cut)
			k++
			l.segments[k-1].trip = true
		}
	}
}

// A clock that was not put back when summer time ended steps back by an hour when
// somebody sets it at last: by this much, give or take how it ran, and so long after.
const (
	summerStepLeast = 55 * time.Minute
	summerStepMost  = 65 * time.Minute
	summerWithin    = 14 * 24 * time.Hour
	summerAhead     = time.Hour
)

// cutSummerTime cuts what ends in such a step a second time, where summer time
// ended: what lies between is an hour ahead, and alone waits for a person.
func (f *facts) cutSummerTime(l *boxLog) {
	for k := 0; k+1 < len(l.segments); k++ {
		s, next := &l.segments[k], &l.segments[k+1]
		if s.class != plausible || next.class != plausible {
			continue
		}
		last, first := &l.records[s.hi-1], &l.records[next.lo]
		back := last.raw.Sub(first.raw)
		if last.passage != first.passage || back < summerStepLeast || back > summerStepMost {
			continue
		}
		ended, ok := summerTimeEnded(first.raw, l.box.zone)
		if !ok {
			continue
		}
		cut := s.lo
		for cut < s.hi && l.records[cut].raw < ended {
			cut++
		}
		if cut == s.hi {
			continue
		}
		if cut > s.lo {
			before := *s
			before.hi = cut
			l.segments[k].lo = cut
			l.segments = slices.Insert(l.segments, k, before)
			k++
		}
		l.segments[k].summer = true
	}
}

// summerTimeEnded returns when clocks were put back in the fortnight before an
// instant; false where they were not.
func summerTimeEnded(at app.Instant, zone *time.Location) (app.Instant, bool) {
	since, _ := at.In(zone).ZoneBounds()
	if since.IsZero() || at.Sub(app.At(since)) > summerWithin {
		return 0, false
	}
	_, now := since.Zone()
	_, before := since.Add(-time.Second).Zone()
	return app.At(since), before-now == int(summerAhead/time.Second)
}

// readTo returns up to when a reading had all that there was. What a file says of it
// nobody believes beyond its import: then, or where it says nothing, it counts up to
// its last line that can be right.
func (f *facts) readTo(l *boxLog, r *app.Reading) app.Instant {
	imported := readingTime(r)
	if r.Source != app.FromFile || r.ReadTo != 0 && r.ReadTo <= imported {
		return r.ReadTo
	}
	last := app.Instant(0)
	for i := range l.records {
		if rec := &l.records[i]; rec.mark&markUnsettled == 0 && rec.at <= imported && f.readings[rec.fetched] == r {
			last = max(last, rec.at)
		}
	}
	return last
}

// noteBetweenPassages notes the time between two passages as unread: from the last
// line of the first, or when its file was taken, to the first of the second.
func (f *facts) noteBetweenPassages(l *boxLog) {
	readTo := map[int32]app.Instant{} // by the number of the reading
	read := app.Instant(0)            // of the files that brought the passage
	for i := range l.records {
		by := l.records[i].fetched
		if _, known := readTo[by]; !known {
			readTo[by] = 0
			if g := f.readings[by]; g != nil && g.State == app.ReadingDone {
				readTo[by] = f.readTo(l, g)
			}
		}
		read = max(read, readTo[by])
		if i+1 == len(l.records) || l.records[i].passage == l.records[i+1].passage {
			continue
		}
		span := l.around(i+1, i+1)
		if span.From = max(span.From, read); span.To != 0 && span.From < span.To {
			l.holes = append(l.holes, hole{span: span})
		}
		read = 0
	}
}

// waits says that between two taps of one person in the log stand others, of whose
// time nobody is sure yet: a part with a clock of its own, or single impossible
// lines of the same person.
func (l *boxLog) waits(f *facts, a, b *tap) bool {
	if !l.ordered || !l.unsettled {
		return false
	}
	for i := a.place + 1; i < b.place; i++ {
		r := l.record(int(i))
		if !r.isPunch() || r.mark&markUnsettled == 0 {
			continue
		}
		if l.segmentOf(int(i)).class == plausible || f.everHeld(f.words.idents[r.what], b.holder.engagement) {
			return true
		}
	}
	return false
}

// everHeld says that the person of an engagement ever held an identifier.
func (f *facts) everHeld(k app.IdentifierKey, e *app.Engagement) bool {
	if e == nil {
		return false
	}
	for _, k := range [...]app.IdentifierKey{k, {Kind: k.Kind, Value: k.Value}} {
		if d := f.idents[k]; d != nil && slices.ContainsFunc(d.custodies, func(c custody) bool { return c.engagement.WorkerID == e.WorkerID }) {
			return true
		}
	}
	return false
}
