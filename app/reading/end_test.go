package reading_test

import (
	"context"
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/reading"
)

// naming is a box that names other ends of its log than it has.
type naming struct {
	*fakeBox
	chunkLast []uint64 // of each chunk in turn, the last one again
	told      uint64   // of its answer to an acknowledgement; 0: the right one
}

func (n *naming) Chunk(ctx context.Context, after reading.Chain, limit int) (reading.Chunk, error) {
	c, err := n.fakeBox.Chunk(ctx, after, limit)
	if len(n.chunkLast) > 0 {
		c.Last = n.chunkLast[0]
		n.chunkLast = n.chunkLast[min(1, len(n.chunkLast)-1):]
	}
	return c, err
}

func (n *naming) Acknowledge(ctx context.Context, c reading.Chain) error {
	if n.told == 0 {
		return n.fakeBox.Acknowledge(ctx, c)
	}
	return &reading.OtherMarkError{Asked: c.Seq, Told: n.told}
}

// A box that names records which it does not give was not read to its end, whatever names them. What it gave is stored,
// and acknowledged.
func TestNotToItsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		spoil  func(*naming)
		stated uint64
	}{
		"INFO names more":                     {func(n *naming) { n.info.Last = 6 }, 6},
		"the log names more":                  {func(n *naming) { n.chunkLast = []uint64{7} }, 7},
		"the log names less later":            {func(n *naming) { n.chunkLast = []uint64{9, 5} }, 9},
		"the highest that a log can have":     {func(n *naming) { n.info.Last = 1<<48 - 1 }, 1<<48 - 1},
		"the acknowledgement's answer":        {func(n *naming) { n.told = 8 }, 8},
		"INFO and the acknowledgement's mark": {func(n *naming) { n.info.Last, n.told = 6, 8 }, 8},
	} {
		s, b := newStore(), &naming{fakeBox: newFake(boot, tap, tap, tap, tap)}
		c.spoil(b)
		r, err := reading.Read(t.Context(), s, b, options())
		var end *reading.EndError
		if !errors.As(err, &end) || end.Read != 5 || !errors.Is(err, reading.EndsEarly) {
			t.Errorf("%s: %v", name, err)
		}
		if r.State != app.ReadingStopped || r.Problem != "ends-early" || r.ReadTo != 0 || r.BoxLast != c.stated || r.New != 5 || len(s.records) != 5 {
			t.Errorf("%s: %+v, %d records", name, r, len(s.records))
		}
		if b.told == 0 && (r.Acked != 5 || len(b.acks) != 1) {
			t.Errorf("%s: acknowledged %d", name, r.Acked)
		}
	}
}

// Taps that come while it is read are no contradiction: the end is the one that was fixed when the log was opened.
func TestLogGrows(t *testing.T) {
	for name, spoil := range map[string]func(*naming){
		"between INFO and the log": func(n *naming) { n.info.Last = 3 },
		"INFO says it is empty":    func(n *naming) { n.info.Last = 0 },
		"in the middle":            func(n *naming) { n.chunkLast = []uint64{5, 9} },
	} {
		s, b := newStore(), &naming{fakeBox: newFake(boot, tap, tap, tap, tap)}
		spoil(b)
		r, err := reading.Read(t.Context(), s, b, options())
		if err != nil || r.State != app.ReadingDone || r.ReadTo == 0 || r.Last != 5 || r.BoxLast != 5 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// A box whose INFO ends before what was read from it once is not believed, though its log goes on.
func TestNamesAnEndBeforeWhatWasRead(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap)
	read(t, s, b)
	b.types = append(b.types, tap)
	b.info.Last = 2
	r, err := reading.Read(t.Context(), s, b, options())
	var end *reading.EndError
	if !errors.As(err, &end) || end.Stated != 2 || end.Read != 5 || r.Problem != "ends-behind" || r.ReadTo != 0 || r.New != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A box that was read before and now answers nonsense is listed with that.
func TestNonsenseIsNoted(t *testing.T) {
	s, b := newStore(), newFake(boot, tap)
	bad := &confused{fakeBox: b}
	if r, err := reading.Read(t.Context(), s, bad, options()); !errors.Is(err, reading.Protocol) || r.ID != "" || len(s.boxes) != 0 {
		t.Errorf("a box never met: %+v, %v", r, err)
	}
	read(t, s, b)
	r, err := reading.Read(t.Context(), s, bad, options())
	if !errors.Is(err, reading.Protocol) || s.readings[r.ID].State != app.ReadingStopped || s.readings[r.ID].Problem != "protocol" {
		t.Errorf("%+v, %v", s.readings[r.ID], err)
	}
}

type confused struct{ *fakeBox }

func (c *confused) Info(context.Context) (app.BoxInfo, error) {
	return app.BoxInfo{Log: c.info.Log}, reading.Protocol
}

// What became of an acknowledgement is a problem of its own: the box was read to its end, and everything is stored.
func TestAcknowledgementFails(t *testing.T) {
	for fault, want := range map[error]string{
		reading.Refused: reading.ProblemAckFailed, reading.Unplugged: reading.ProblemAckUnplugged, reading.Silent: reading.ProblemAckSilent,
		reading.Protocol: reading.ProblemAckFailed, reading.Busy: reading.ProblemAckFailed, reading.NotPaired: "not-paired",
		&reading.OtherMarkError{Asked: 3, Told: 2}: reading.ProblemAckOther,
	} {
		s, b := newStore(), newFake(boot, tap, tap)
		b.ackErr = fault
		r, err := reading.Read(t.Context(), s, b, options())
		if r.State != app.ReadingDone || r.Problem != want || r.ReadTo == 0 || r.Acked != 0 || r.New != 3 || reading.HelpKey(r.Problem) == "" {
			t.Errorf("%v: %+v, %v", fault, r, err)
		}
		b.ackErr = nil
		if r = read(t, s, b); r.Acked != 3 || r.Problem != "" {
			t.Errorf("%v: the next reading: %+v", fault, r)
		}
	}
}
