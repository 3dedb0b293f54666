package attendance

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"klokkast/app"
)

// stampOf makes the stamp of a block: a hash of all that is told of its taps and workdays to whoever asks, but for badges,
// of which nothing but the holder counts. It is the same in every run, on every machine: what was concluded of a block
// may be kept by it.
func (d *derivation) stampOf() uint64 {
	s := stamp{b: make([]byte, 0, 128*(len(d.taps)+len(d.days))+64)}
	s.text(string(d.worker))
	unsure := d.unsureDays()
	for _, t := range d.taps {
		o := d.tapOf(t, unsure)
		s.tap(&o)
	}
	for _, w := range d.days {
		o := d.workdayOf(w)
		s.workday(&o)
		for _, pr := range w.presences {
			s.presence(pr)
		}
	}
	return s.sum()
}

// stamp gathers what is hashed; what has no fixed length stands behind its length.
type stamp struct{ b []byte }

// sum is the hash of what was gathered.
func (s *stamp) sum() uint64 {
	sum := sha256.Sum256(s.b)
	return binary.LittleEndian.Uint64(sum[:])
}

func (s *stamp) numbers(list ...int64) {
	for _, n := range list {
		s.number(n)
	}
}

func (s *stamp) texts(list ...string) {
	for _, t := range list {
		s.text(t)
	}
}

func (s *stamp) number(n int64) { s.b = binary.AppendVarint(s.b, n) }

func (s *stamp) text(t string) { s.b = append(binary.AppendUvarint(s.b, uint64(len(t))), t...) }

func (s *stamp) instants(list ...app.Instant) {
	for _, i := range list {
		s.number(int64(i))
	}
}

func (s *stamp) durations(list ...time.Duration) {
	for _, d := range list {
		s.number(int64(d))
	}
}

func (s *stamp) yes(list ...bool) {
	bits := byte(0)
	for i, is := range list {
		if is {
			bits |= 1 << i
		}
	}
	s.b = append(s.b, bits)
}

func (s *stamp) key(k app.RecordKey) {
	s.text(k.Box)
	s.text(k.Log)
	s.b = binary.AppendUvarint(s.b, k.Seq)
}

func (s *stamp) tap(t *app.Tap) {
	p := &t.Punch
	s.key(p.Key)
	s.number(int64(p.Position.Passage))
	s.number(int64(p.Position.Line))
	s.number(int64(p.Pressed))
	s.number(int64(p.Flags))
	s.text(string(p.ReadingID))
	s.instants(p.At, t.At, t.HolderEntered)
	s.durations(t.Uncertainty, t.Offset)
	s.yes(t.OffsetKnown, t.Repaired, t.Unsure, t.PhonesUnchecked, t.AskedAbout)
	s.text(string(t.EngagementID))
	s.text(string(t.SiteID))
	s.text(string(t.Role))
	s.number(int64(t.Day))
	s.key(t.Entry)
}

func (s *stamp) workday(w *app.Workday) {
	s.number(int64(w.Day))
	s.durations(w.Worked, w.Adjusted, w.Breaks, w.ProposedBreaks, w.Night, w.Sunday)
	s.yes(w.Incomplete)
}

func (s *stamp) presence(pr *presence) {
	s.text(string(pr.eng.ID))
	s.text(string(pr.site.ID))
	s.text(string(pr.state))
	s.number(int64(pr.day))
	s.yes(pr.gap != nil, pr.phones)
	s.instants(pr.readTo)
	for _, t := range [...]*tap{pr.in, pr.out} {
		s.edge(t)
	}
	for _, b := range pr.breaks {
		s.edge(b.start)
		s.edge(b.end)
	}
	for _, a := range [...]*app.Adjustment{pr.statedIn, pr.statedOut, pr.whole} {
		if a == nil {
			s.yes(false)
			continue
		}
		s.text(string(a.ID))
		s.instants(a.From, a.To)
	}
	s.number(int64(len(pr.taps)))
	for _, t := range pr.taps {
		s.number(int64(t.order))
	}
}

// edge is where a tap stands among the person's: what it is was hashed with the taps.
func (s *stamp) edge(t *tap) {
	if t == nil {
		s.yes(false)
		return
	}
	s.yes(true)
	s.number(int64(t.order))
}
