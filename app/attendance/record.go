package attendance

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"klokkast/app"
)

// record is one punch or event in its log, small: a large company keeps a
// million of them in memory. What is long in it stands once in words.
type record struct {
	seq     uint64
	raw     app.Instant
	at      app.Instant // corrected; raw where its segment is not settled
	since   uint32      // since boot, in units of 10 ms; 0: not kept
	what    int32       // of a punch: the number of its identifier; of an event: -1 less its place in the log's events
	fetched int32       // the number of the reading that first fetched it
	holder  int32       // of a punch: the number of the worker who held the identifier, or nobody, or unheld
	boot    uint16
	pressed app.PunchKey
	flags   app.PunchFlags
	mark    mark
}

// Holders of a punch that is no worker's.
const (
	unheld int32 = -1 // nobody held its identifier: a finding of unknown-badge
	nobody int32 = -2 // and nobody is asked for: no-site, unsettled, ignored
)

// mark is what the clock and the place of its box make of a record.
type mark uint8

const (
	markKnown     mark = 1 << iota // its offset was measured
	markRepaired                   // its segment is settled by a repair
	markUnsettled                  // its segment is not settled
	markOlder                      // unsettled, but certainly from before its box was placed
	markNoSite
	markIgnored
)

func (r *record) isPunch() bool { return r.what >= 0 }

// sinceBoot gives the time since that boot; 0 where it is not kept.
func (r *record) sinceBoot() time.Duration {
	return time.Duration(r.since) * 10 * time.Millisecond
}

// event gives the event of a record, nil of a punch.
func (l *boxLog) event(r *record) *app.BoxEvent {
	if r.isPunch() {
		return nil
	}
	return &l.events[-1-r.what]
}

// words are the long keys behind the numbers in records. They only grow, and
// several states of one engine share them.
type words struct {
	mu       sync.Mutex
	idents   table[app.IdentifierKey]
	readings table[app.ID]
	workers  table[app.ID]
}

// table numbers keys in the order in which they are first met.
type table[K comparable] struct {
	list []K
	of   map[K]int32
}

func (t *table[K]) number(k K) int32 {
	n, ok := t.of[k]
	if !ok {
		if t.of == nil {
			t.of = map[K]int32{}
		}
		n = int32(len(t.list))
		t.list = append(t.list, k)
		t.of[k] = n
	}
	return n
}

// spoken is words as they were when a state was derived: lists that nobody changes.
type spoken struct {
	idents   []app.IdentifierKey
	readings []app.ID
	workers  []app.ID
}

// Records takes what boxes recorded, one by one, into the small form in which an
// Engine keeps it: a million punches need never be in memory as they are in
// Input. The zero Records is not ready: see NewRecords.
type Records struct {
	words *words
	logs  map[app.LogKey]*added
	last  *added // of the last one taken: records mostly come log by log
	key   app.LogKey
	// The numbers of the last reading and identifier, too.
	reading   app.ID
	readingNo int32
}

// added are records of one log on their way in.
type added struct {
	records []record
	events  []app.BoxEvent
}

// NewRecords makes an empty one for a first Start.
func NewRecords() *Records { return newRecords(&words{}) }

func newRecords(w *words) *Records {
	return &Records{words: w, logs: map[app.LogKey]*added{}, readingNo: -1}
}

// Punch takes a punch; it keeps no pointer to it.
func (rs *Records) Punch(p *app.Punch) {
	a := rs.to(p.Key.LogKey)
	r := record{seq: p.Key.Seq, raw: p.At, at: p.At, since: p.SinceBoot, boot: p.Boot, pressed: p.Pressed, flags: p.Flags, holder: nobody}
	rs.words.mu.Lock()
	r.what, r.fetched = rs.words.idents.number(p.Identifier), rs.fetched(p.ReadingID)
	rs.words.mu.Unlock()
	a.records = append(a.records, r)
}

// Event takes a box's note of itself.
func (rs *Records) Event(e *app.BoxEvent) {
	a := rs.to(e.Key.LogKey)
	r := record{seq: e.Key.Seq, raw: e.At, at: e.At, since: e.SinceBoot, boot: e.Boot, what: -1 - int32(len(a.events)), holder: nobody}
	rs.words.mu.Lock()
	r.fetched = rs.fetched(e.ReadingID)
	rs.words.mu.Unlock()
	a.records, a.events = append(a.records, r), append(a.events, *e)
}

func (rs *Records) to(k app.LogKey) *added {
	if rs.last == nil || rs.key != k {
		if rs.logs[k] == nil {
			rs.logs[k] = &added{}
		}
		rs.last, rs.key = rs.logs[k], k
	}
	return rs.last
}

func (rs *Records) fetched(by app.ID) int32 {
	if rs.readingNo < 0 || rs.reading != by {
		rs.reading, rs.readingNo = by, rs.words.readings.number(by)
	}
	return rs.readingNo
}

// takeIn puts what Input holds into records.
func (rs *Records) takeIn(in *Input) {
	for i := range in.Punches {
		rs.Punch(&in.Punches[i])
	}
	for i := range in.Events {
		rs.Event(&in.Events[i])
	}
}

// takeIn lets the log have a list of records of its own, with more of them, in order, each once.
func (l *boxLog) takeIn(more *added, readings []app.ID) {
	switch {
	case more == nil:
		l.records = slices.Clone(l.records)
		return
	case len(l.records) == 0:
		l.records, l.events = more.records, more.events
	default:
		records := append(make([]record, 0, len(l.records)+len(more.records)), l.records...)
		for _, r := range more.records {
			if !r.isPunch() {
				r.what -= int32(len(l.events))
			}
			records = append(records, r)
		}
		l.records, l.events = records, append(slices.Clip(l.events), more.events...)
	}
	l.sortRecords(readings)
}

func (l *boxLog) sortRecords(readings []app.ID) {
	records := l.records
	// One that stands there twice is the one that was fetched first, in the order of readings' ids.
	compare := func(a, b record) int {
		return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.raw, b.raw), cmp.Compare(readings[a.fetched], readings[b.fetched]))
	}
	if !slices.IsSortedFunc(records, compare) {
		slices.SortStableFunc(records, compare)
	}
	records = slices.CompactFunc(records, func(a, b record) bool { return a.seq == b.seq })
	if l.key.Log == app.FileLog { // sequences of files are hashes and order nothing
		slices.SortStableFunc(records, func(a, b record) int { return cmp.Compare(a.raw, b.raw) })
	}
	l.records = records
}
