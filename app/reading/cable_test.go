package reading_test

import (
	"context"
	"errors"
	"testing"

	"klokkast/app"
	"klokkast/app/reading"
)

// loose is a box whose cable drops: each connection in its own way, the last way for ever.
type loose struct {
	*fakeBox
	connections []connection
	asked       []int // records, of each request in turn
	pieces      int   // of this connection
	came        int
}

// connection is how much comes through before the cable drops.
type connection struct {
	pieces  int // 0: any number
	records int // 0: any number
	nothing bool
}

func (l *loose) Chunk(ctx context.Context, after reading.Chain, limit int) (reading.Chunk, error) {
	l.asked = append(l.asked, limit)
	c := l.connections[0]
	whole, err := l.fakeBox.Chunk(ctx, after, limit)
	switch {
	case err != nil:
		return whole, err
	case c.nothing, c.pieces > 0 && l.pieces == c.pieces:
		return reading.Chunk{}, reading.Unplugged
	case c.records > 0 && l.came+len(whole.Records) > c.records:
		n := c.records - l.came
		part := whole
		part.Records = whole.Records[:n]
		part.End = reading.Chain{Seq: after.Seq + uint64(n), Hash: l.hash(after.Seq + uint64(n))}
		return reading.Chunk{}, &reading.CutOffError{Proven: reading.Chunk{Before: after, End: after, Last: whole.Last}, Rest: part, Err: reading.Unplugged}
	}
	l.pieces++
	l.came += len(whole.Records)
	return whole, nil
}

func (l *loose) again(context.Context, app.LogKey) (reading.Device, error) {
	l.pieces, l.came = 0, 0
	l.connections = l.connections[min(1, len(l.connections)-1):]
	return l, nil
}

// Pieces that got small because nothing came through grow again, also where the cable goes on dropping for other reasons than
// their length, and no further than comes through.
func TestPiecesGrowAgain(t *testing.T) {
	nothing := connection{nothing: true}
	for name, c := range map[string]struct {
		after []connection // those that bring nothing before it
		then  connection
		most  int // connections
		piece int // asked for at the end, at least
	}{
		"a good cable again":      {[]connection{nothing, nothing, nothing}, connection{}, 4, 512},
		"drops after two pieces":  {[]connection{nothing, nothing, nothing}, connection{pieces: 2}, 40, 512},
		"drops after one piece":   {[]connection{nothing, nothing, nothing}, connection{pieces: 1}, 60, 512},
		"drops after 400 records": {[]connection{nothing, nothing, nothing}, connection{records: 400}, 40, 200},
		"drops after 5 records":   {[]connection{nothing}, connection{records: 5}, 5000, 2},
	} {
		s, b := newStore(), newFake(boot)
		for range 3000 {
			b.types = append(b.types, tap)
		}
		b.info.Last = uint64(len(b.types))
		l := &loose{fakeBox: b, connections: append(c.after, c.then)}
		o := options()
		o.ChunkSize, o.Again = 1024, l.again
		r, err := reading.Read(t.Context(), s, l, o)
		if err != nil || r.New != len(b.types)-1 || len(s.records) != r.New || r.Acked != uint64(r.New) {
			t.Fatalf("%s: %v, %d new, %d asked", name, err, r.New, len(l.asked))
		}
		for seq, rec := range s.records {
			if rec.Raw[0] != byte(seq.Seq) {
				t.Fatalf("%s: record %d is another", name, seq.Seq)
			}
		}
		longest := 0
		for _, n := range l.asked {
			longest = max(longest, n)
		}
		if last := l.asked[len(l.asked)-3:]; r.Drops > c.most || max(last[0], last[1], last[2]) < c.piece || longest > 1024 {
			t.Errorf("%s: %d drops, at last %d asked for: %d", name, r.Drops, last, l.asked)
		}
	}
}

// A reading that ends with its cable keeps how long pieces may be for the next one; one that comes to its end keeps nothing.
func TestPiecesAreKept(t *testing.T) {
	s, b := newStore(), newFake(boot)
	for range 300 {
		b.types = append(b.types, tap)
	}
	b.info.Last = uint64(len(b.types))
	l := &loose{fakeBox: b, connections: []connection{{records: 100}}}
	o := options()
	o.ChunkSize = 256
	for want, pieces := range []int{50, 50} {
		r, err := reading.Read(t.Context(), s, l, o)
		if !errors.Is(err, reading.Unplugged) || r.Piece != pieces {
			t.Fatalf("reading %d: %+v, %v", want, r, err)
		}
		s.piece = r.Piece
		_, _ = l.again(t.Context(), app.LogKey{})
	}
	l.connections = []connection{{}}
	if r, err := reading.Read(t.Context(), s, l, o); err != nil || r.Piece != 0 || l.asked[len(l.asked)-1] < 50 {
		t.Errorf("%+v, %v, asked %d", r, err, l.asked)
	}
}
