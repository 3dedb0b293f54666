package main

import (
	"encoding/hex"
	"math/rand/v2"
	"time"

	"klokkast/app"
	"klokkast/devices/ocb"
)

// box is a clock box: what it holds that was not read, and how far its log is.
type box struct {
	number  int
	place   *place
	keys    bool
	offset  int // of its clock, in milliseconds
	uid     ocb.UID
	log     ocb.UID
	key     app.LogKey
	plan    []app.Instant // when it is read
	pending []*entry

	hash   ocb.Hash
	seq    uint64
	read   uint64 // up to which record
	boot   uint16
	bootAt app.Instant
	shift  time.Duration // what its clock says more than usual, since it was lost
	lost   bool
	since  uint64 // first record since then
}

const (
	capacity   = 129_024 // records that a box holds
	rebootFrom = 200 * 24 * time.Hour
)

// session is one reading of a box.
type session struct {
	reading app.Reading
	records []app.Record
	gaps    []app.Gap
	entries []*entry // of its taps
	box     *box
	shift   time.Duration // of a clock that was lost
	since   uint64        // from which record on
}

// plan says when a box is read: once a week, now and then not for weeks, and every second one this morning.
func (c *company) plan(b *box, r *rand.Rand) {
	hour := time.Duration(9+b.number%8)*time.Hour + time.Duration(r.IntN(3600))*time.Second
	away := 0
	for monday := c.first.Monday(); monday <= c.today; monday += 7 {
		if c.goesWrong(r, c.o.Faults.unread) {
			away = 2 + r.IntN(5)
		}
		if away--; away > 0 {
			continue
		}
		at := monday.AddDays(b.number % 5).Start(c.zone).Add(hour)
		if at < c.first.Start(c.zone) || at >= c.today.Start(c.zone) {
			continue
		}
		b.plan = append(b.plan, at)
		c.fail(b, monday, r)
	}
	if b.number%2 == 0 && away <= 0 {
		b.plan = append(b.plan, c.today.Start(c.zone).Add(9*time.Hour+time.Duration(r.IntN(1800))*time.Second))
	}
	b.pending = append(b.pending, &entry{kind: app.RecordBoot, at: b.bootAt})
}

// fail seeds what goes wrong with a box in a week: in the night before Monday, when nobody taps.
func (c *company) fail(b *box, monday app.Date, r *rand.Rand) {
	at := monday.Start(c.zone).Add(2*time.Hour + time.Duration(r.IntN(3600))*time.Second)
	if at < c.first.Start(c.zone) {
		return
	}
	switch {
	case c.goesWrong(r, c.o.Faults.clockReset):
		b.pending = append(b.pending, &entry{kind: app.RecordClockLost, at: at})
	case c.goesWrong(r, c.o.Faults.sequenceGap):
		b.pending = append(b.pending, &entry{kind: app.RecordPagesLost, at: at, lost: 3 + r.IntN(20)})
	}
}

// readAt reads a box at an instant.
func (c *company) readAt(b *box, at app.Instant) *session {
	s := &session{box: b, reading: app.Reading{
		ID: c.ids.at(at), Log: b.key, Source: app.FromCable, Actor: actor, State: app.ReadingDone, Started: at, Ended: at + 40, ReadTo: at + 4, Capacity: capacity,
		BoxAcked: b.read, Clock: &app.ClockOffset{At: at + 4, Offset: time.Duration(b.offset) * time.Millisecond, Uncertainty: 1001 * time.Microsecond},
		Check: app.ClockCheck{At: at.Add(-time.Hour), Source: "demo"},
	}}
	for _, e := range b.before(at) {
		b.record(s, e)
	}
	if b.lost {
		s.shift, s.since = b.shift, b.since
		s.reading.Clock.Offset += b.shift
		b.pending = append(b.pending, &entry{kind: app.RecordClockSet, at: at.Add(5 * time.Second)})
	} else if at.Sub(b.bootAt) > rebootFrom {
		b.pending = append(b.pending, &entry{kind: app.RecordBoot, at: at.Add(time.Minute)})
	}
	r := &s.reading
	r.BoxLast = b.seq
	if n := len(s.records); n > 0 {
		r.First, r.Last, r.Records, r.New = s.records[0].Key.Seq, b.seq, n, n
		r.EndHash, r.Acked, b.read = hex.EncodeToString(b.hash[:]), b.seq, b.seq
	}
	return s
}

// record writes down what a box records of one thing.
func (b *box) record(s *session, e *entry) {
	r := ocb.Record{Type: e.kind}
	switch e.kind {
	case app.RecordPagesLost:
		first := b.seq + 1
		for range e.lost {
			b.append(ocb.Record{Type: app.RecordBatteryLow}, e.at)
		}
		s.gaps = append(s.gaps, app.Gap{Log: b.key, First: first, Last: b.seq, Known: s.reading.Started})
		return
	case app.RecordClockLost: // it begins anew in 2000
		r.Type, r.Data[0] = app.RecordBoot, 1
		b.begin(e.at)
		b.lost, b.since = true, b.seq+1
		b.shift = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Sub(e.at.Time().Add(time.Duration(b.offset) * time.Millisecond))
	case app.RecordBoot:
		r.Data[0] = 4
		b.begin(e.at)
	case app.RecordClockSet:
		old := ocb.TimeOf(b.timeOf(e.at))
		r.Data = ocb.ClockSet(1, old, ocb.TimeOf(b.timeOf(e.at).Add(-b.shift)))
		defer func() { b.lost, b.shift = false, 0 }()
	case app.RecordPunch:
		r.Flags = uint8(e.key)
		r.Data[0] = byte(ocb.TechISO14443)<<4 | byte(len(e.raw))
		copy(r.Data[1:], e.raw[:])
		defer func() { e.seq, e.untrusted, s.entries = b.seq, b.lost, append(s.entries, e) }()
	}
	kept := b.append(r, e.at).App(b.key, b.key.Box)
	s.records = append(s.records, kept)
	if kept.Punch != nil {
		e.by = kept.Punch.At
	}
}

// append gives a record its place in the log.
func (b *box) append(r ocb.Record, at app.Instant) ocb.Record {
	b.seq++
	r.Seq, r.Time, r.Boot, r.SinceBoot = b.seq, ocb.TimeOf(b.timeOf(at)), b.boot, uint32(at.Sub(b.bootAt)/(10*time.Millisecond))
	if b.lost {
		r.Flags |= ocb.FlagUntrusted
	}
	raw := r.Encode()
	b.hash = b.hash.Next(&raw)
	return r
}

func (b *box) begin(at app.Instant) {
	b.boot++
	b.bootAt = at
}

// timeOf is what a box's clock says at an instant.
func (b *box) timeOf(at app.Instant) time.Time {
	return at.Time().Add(time.Duration(b.offset)*time.Millisecond + b.shift)
}
