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
	passage uint32      // files: where it stands in its log (app.Position)
	line    uint32
	boot    uint16
	pressed app.PunchKey
	flags   app.PunchFlags
	loose   bool
	mark    mark
}

func (r *record) position() app.Position {
	return app.Position{Passage: r.passage, Line: r.line, Loose: r.loose}
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

// sinceBoot returns the time since that boot; 0 where it is not kept.
func (r *record) sinceBoot() time.Duration {
	return time.Duration(r.since) * 10 * time.Millisecond
}

// event returns the event of a record, nil of a punch.
func (l *boxLog) event(r *record) *app.BoxEvent {
	if r.isPunch() {
		return nil
	}
	return &l.body().events[-1-r.what]
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

// Records takes what boxes recorded into the small form in which an Engine keeps
// it: a million punches need never be in memory as they are in Input. The zero
// Records is not ready: see NewRecords. It is safe from any goroutine.
type Records struct {
	words *words
	mu    sync.Mutex
	logs  map[app.LogKey]*LogRecords
}

// LogRecords takes records of one log, in any order; one goroutine at a time.
type LogRecords struct {
	words   *words
	records []record
	events  []app.BoxEvent
	whole   bool                        // see Whole
	idents  map[app.IdentifierKey]int32 // numbers that were asked for
	reading app.ID                      // the last one
	fetched int32                       // its number
}

// NewRecords makes an empty one for a first Start.
func NewRecords() *Records { return newRecords(&words{}) }

func newRecords(w *words) *Records { return &Records{words: w, logs: map[app.LogKey]*LogRecords{}} }

// Log returns what takes the records of one log.
func (rs *Records) Log(k app.LogKey) *LogRecords {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	l := rs.logs[k]
	if l == nil {
		l = &LogRecords{words: rs.words, idents: map[app.IdentifierKey]int32{}, fetched: -1}
		rs.logs[k] = l
	}
	return l
}

// Whole says that the records given are all that the log holds: those known before
// count no more, where they are not given again, and stand where they are said to
// stand now. It is for logs of files, whose lines may come to stand elsewhere in
// the log, to mean something else, or to count no more (rule O1).
func (l *LogRecords) Whole() { l.whole = true }

// Punch takes a punch; it keeps no pointer to it.
func (l *LogRecords) Punch(p *app.Punch) {
	r := record{seq: p.Key.Seq, raw: p.At, at: p.At, since: p.SinceBoot, boot: p.Boot, pressed: p.Pressed, flags: p.Flags, holder: nobody}
	r.passage, r.line, r.loose = p.Position.Passage, p.Position.Line, p.Position.Loose
	r.what, r.fetched = l.ident(p.Identifier), l.by(p.ReadingID)
	l.records = append(l.records, r)
}

// Event takes a box's note of itself.
func (l *LogRecords) Event(e *app.BoxEvent) {
	r := record{seq: e.Key.Seq, raw: e.At, at: e.At, since: e.SinceBoot, boot: e.Boot, what: -1 - int32(len(l.events)), holder: nobody}
	r.fetched = l.by(e.ReadingID)
	l.records, l.events = append(l.records, r), append(l.events, *e)
}

func (l *LogRecords) ident(k app.IdentifierKey) int32 {
	n, ok := l.idents[k]
	if !ok {
		l.words.mu.Lock()
		n = l.words.idents.number(k)
		l.words.mu.Unlock()
		l.idents[k] = n
	}
	return n
}

func (l *LogRecords) by(reading app.ID) int32 {
	if l.fetched < 0 || l.reading != reading {
		l.words.mu.Lock()
		l.reading, l.fetched = reading, l.words.readings.number(reading)
		l.words.mu.Unlock()
	}
	return l.fetched
}

// takeIn puts what Input holds into records.
func (rs *Records) takeIn(in *Input) {
	var l *LogRecords
	var key app.LogKey
	log := func(k app.LogKey) *LogRecords {
		if l == nil || key != k { // they mostly come log by log
			l, key = rs.Log(k), k
		}
		return l
	}
	for i := range in.Punches {
		log(in.Punches[i].Key.LogKey).Punch(&in.Punches[i])
	}
	for i := range in.Events {
		log(in.Events[i].Key.LogKey).Event(&in.Events[i])
	}
}

// takeIn lets the log have a list of records of its own, with more of them, in order, each once.
func (l *boxLog) takeIn(more *LogRecords, readings []app.ID) {
	switch {
	case more == nil:
		l.records = slices.Clone(l.records)
		l.isOrdered()
		l.indexFile(l.key)
		return
	case len(l.records) == 0, more.whole:
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
	l.indexFile(l.key)
}

func (l *boxLog) sortRecords(readings []app.ID) {
	// One that stands there twice is the one that was fetched first, in the order of readings' ids.
	sortBy(l.records, func(a, b record) int {
		return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.raw, b.raw), cmp.Compare(readings[a.fetched], readings[b.fetched]))
	})
	l.records = slices.CompactFunc(l.records, func(a, b record) bool { return a.seq == b.seq })
	if l.key.Log != app.FileLog {
		return
	}
	// Sequences of files are hashes and order nothing.
	if !l.isOrdered() {
		sortBy(l.records, func(a, b record) int {
			return cmp.Or(cmp.Compare(a.raw, b.raw), cmp.Compare(a.passage, b.passage), cmp.Compare(a.line, b.line))
		})
		return
	}
	loose := l.loosePassages()
	sortBy(l.records, func(a, b record) int {
		c := cmp.Compare(a.passage, b.passage)
		if c == 0 && loose[a.passage] {
			c = cmp.Compare(a.raw, b.raw)
		}
		return cmp.Or(c, cmp.Compare(a.line, b.line))
	})
}

// sortBy sorts what is not sorted yet, as nearly all logs are.
func sortBy(records []record, compare func(a, b record) int) {
	if !slices.IsSortedFunc(records, compare) {
		slices.SortStableFunc(records, compare)
	}
}

// isOrdered notes whether the order of the records is known otherwise than by their
// times: where one does not say where it stands, it is not.
func (l *boxLog) isOrdered() bool {
	l.ordered = l.key.Log == app.FileLog && !slices.ContainsFunc(l.records, func(r record) bool { return r.passage == 0 })
	return l.ordered
}

// loosePassages returns those that hold lines in order for each identifier only:
// they are put into the order of their times.
func (l *boxLog) loosePassages() map[uint32]bool {
	loose := map[uint32]bool{}
	for i := range l.records {
		if l.records[i].loose {
			loose[l.records[i].passage] = true
		}
	}
	return loose
}

// indexFile lets the records of a file be found by what stands for their sequence.
func (l *logBody) indexFile(k app.LogKey) {
	if k.Log != app.FileLog {
		return
	}
	l.bySeq = make([]int32, len(l.records))
	for i := range l.bySeq {
		l.bySeq[i] = int32(i)
	}
	slices.SortFunc(l.bySeq, func(a, b int32) int { return cmp.Compare(l.records[a].seq, l.records[b].seq) })
}
