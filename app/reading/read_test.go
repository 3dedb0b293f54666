package reading_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/reading"
)

func options() reading.Options {
	now := app.Instant(1_000_000)
	return reading.Options{Installation: "i0", Actor: "an", Now: func() app.Instant { now++; return now }, ChunkSize: 3}
}

const (
	tap  = app.RecordPunch
	boot = app.RecordBoot
)

func read(t *testing.T, s *memoryStore, b *fakeBox) app.Reading {
	t.Helper()
	r, err := reading.Read(t.Context(), s, b, options())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFirstAndSecondReading(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap, tap, app.RecordCaseOpened, tap, 0x77)
	var steps []reading.Progress
	o := options()
	o.Progress = func(p reading.Progress) { steps = append(steps, p) }
	r, err := reading.Read(t.Context(), s, b, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.State != app.ReadingDone || r.First != 1 || r.Last != 7 || r.Records != 7 || r.New != 7 || r.Acked != 7 || r.Clock == nil || r.Clock.Offset != 42 {
		t.Errorf("%+v", r)
	}
	if r.ReadTo <= r.Started || r.ReadTo >= r.Ended {
		t.Errorf("read to %d, between %d and %d", r.ReadTo, r.Started, r.Ended)
	}
	if diff := cmp.Diff([]reading.Progress{{3, 7, 3}, {6, 7, 6}, {7, 7, 7}}, steps); diff != "" {
		t.Error(diff)
	}
	if got := s.records[app.RecordKey{LogKey: b.info.Log, Seq: 2}]; got.Punch == nil || got.Punch.ReadingID != r.ID {
		t.Errorf("%+v", got)
	}
	if got := s.records[app.RecordKey{LogKey: b.info.Log, Seq: 7}]; got.Punch != nil || got.Event != nil || len(got.Raw) == 0 {
		t.Errorf("an unknown type is kept raw: %+v", got)
	}
	if s.boxes["b0"].PublicKey != "aa" || s.boxes["b0"].Group != "b0" {
		t.Errorf("%+v", s.boxes["b0"])
	}
	// The record of the acknowledgement is read, and not acknowledged: else it would never end.
	r = read(t, s, b)
	if r.New != 1 || r.Acked != 0 || len(b.acks) != 1 {
		t.Errorf("second reading: %+v, %d acknowledgements", r, len(b.acks))
	}
	r = read(t, s, b)
	if r.New != 0 || r.Records != 0 || r.State != app.ReadingDone || r.ReadTo == 0 {
		t.Errorf("third reading: %+v", r)
	}
}

func TestNothingIsAcknowledged(t *testing.T) {
	for name, change := range map[string]func(*fakeBox, *reading.Options){
		"asked not to": func(_ *fakeBox, o *reading.Options) { o.DoNotAcknowledge = true },
		"boots only":   func(b *fakeBox, _ *reading.Options) { b.types = []app.RecordType{boot, boot} },
		"not paired":   func(b *fakeBox, _ *reading.Options) { b.ackErr = reading.NotPaired },
		"box refuses":  func(b *fakeBox, _ *reading.Options) { b.ackErr = reading.Refused },
	} {
		s, b, o := newStore(), newFake(boot, tap), options()
		change(b, &o)
		r, err := reading.Read(t.Context(), s, b, o)
		if err != nil || r.State != app.ReadingDone || r.Acked != 0 || len(b.acks) != 0 || r.New != 2 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if want := map[string]string{"not paired": "not-paired", "box refuses": "ack-failed"}[name]; r.Problem != want {
			t.Errorf("%s: problem %q", name, r.Problem)
		}
	}
}

// The cable goes between commit and acknowledgement: the next reading makes it good.
func TestUnpluggedBeforeAcknowledgement(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap)
	b.ackErr = reading.Unplugged
	r, err := reading.Read(t.Context(), s, b, options())
	if !errors.Is(err, reading.Unplugged) || r.State != app.ReadingDone || r.Problem != reading.ProblemAckUnplugged || r.ReadTo == 0 || r.New != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	b.ackErr = nil
	r = read(t, s, b)
	if r.New != 0 || r.Acked != 3 {
		t.Errorf("%+v", r)
	}
}

// A commit that fails is not acknowledged, and loses nothing.
func TestStoreFails(t *testing.T) {
	for _, method := range []string{"StoreBatch", "BeginReading", "LogState"} {
		s, b := newStore(), newFake(boot, tap, tap, tap, tap)
		s.fail = method
		if _, err := reading.Read(t.Context(), s, b, options()); !errors.Is(err, errDisk) {
			t.Fatal(method, err)
		}
		if len(b.acks) != 0 || len(s.records) != 0 {
			t.Errorf("%s: %d acknowledgements, %d records", method, len(b.acks), len(s.records))
		}
		if r := read(t, s, b); r.New != 5 || r.Acked != 5 {
			t.Errorf("%s: %+v", method, r)
		}
	}
}

// What was stored before the cable went is kept, and the next reading goes on behind it.
func TestResume(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap, tap, tap, tap, tap)
	b.chunkErr, b.failAfter = reading.Unplugged, 2
	r, err := reading.Read(t.Context(), s, b, options())
	if !errors.Is(err, reading.Unplugged) || r.New != 6 || r.Acked != 0 || r.ReadTo != 0 || s.readings[r.ID].State != app.ReadingStopped {
		t.Fatalf("%+v, %v", r, err)
	}
	b.chunkErr = nil
	if r = read(t, s, b); r.First != 7 || r.New != 1 || r.Acked != 7 {
		t.Errorf("%+v", r)
	}
}

func TestCancel(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap, tap, tap, tap, tap)
	ctx, cancel := context.WithCancel(t.Context())
	o := options()
	o.Progress = func(reading.Progress) { cancel() }
	r, err := reading.Read(ctx, s, b, o)
	if !errors.Is(err, context.Canceled) || r.State != app.ReadingStopped || r.Problem != "cancelled" || r.New != 3 || len(b.acks) != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if s.readings[r.ID].State != app.ReadingStopped {
		t.Error("the end of the reading was not stored")
	}
}

func TestQuarantine(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fakeBox)
		reason string
	}{
		"clone":        {func(b *fakeBox) { b.salt = 9 }, reading.ReasonChain},
		"restored box": {func(b *fakeBox) { b.types = b.types[:1] }, reading.ReasonBehind},
		"other key":    {func(b *fakeBox) { b.info.PublicKey = "bb" }, reading.ReasonKey},
		"false seal":   {func(b *fakeBox) { b.proof = reading.WrongChain }, reading.ReasonKey},
	} {
		s, b := newStore(), newFake(boot, tap, tap)
		read(t, s, b)
		b.acks = nil
		before := len(s.records)
		c.change(b)
		r, err := reading.Read(t.Context(), s, b, options())
		var q *reading.QuarantinedError
		if !errors.As(err, &q) || q.Reason != c.reason || r.State != app.ReadingRefused || r.Problem != c.reason {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if len(b.acks) != 0 || len(s.records) != before || s.boxes["b0"].Quarantined != c.reason {
			t.Errorf("%s: %d acknowledgements, %d new records, %+v", name, len(b.acks), len(s.records)-before, s.boxes["b0"])
		}
		if _, err := reading.Read(t.Context(), s, b, options()); !errors.As(err, &q) {
			t.Errorf("%s: read again: %v", name, err)
		}
	}
}

// The same key with other bytes is an alarm, never an overwrite.
func TestRecordDiffers(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap)
	forged := b.record(2)
	forged.Raw = []byte("other")
	s.records[forged.Key] = forged
	r, err := reading.Read(t.Context(), s, b, options())
	var differs *reading.RecordDiffersError
	if !errors.As(err, &differs) || r.State != app.ReadingRefused || r.Problem != reading.ReasonRecords || len(b.acks) != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if string(s.records[forged.Key].Raw) != "other" || len(s.records) != 1 {
		t.Error("the store was changed")
	}
}

// A gap is split at what the box had acknowledged to another installation.
func TestGaps(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap, tap, tap, tap, tap, tap)
	b.first, b.info.Acked = 6, 4
	r := read(t, s, b)
	if r.First != 6 || r.New != 3 || r.BoxAcked != 4 {
		t.Errorf("%+v", r)
	}
	var got [][3]any
	for _, g := range s.gaps {
		got = append(got, [3]any{g.First, g.Last, g.ReadElsewhere})
	}
	if diff := cmp.Diff([][3]any{{uint64(1), uint64(4), true}, {uint64(5), uint64(5), false}}, got); diff != "" {
		t.Error(diff)
	}
}

// A box that has nothing of all that it recorded was read to its end; what is gone is a gap.
func TestEverythingIsLost(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap, tap)
	b.first = 5
	r := read(t, s, b)
	if r.State != app.ReadingDone || r.ReadTo == 0 || r.Records != 0 || r.Acked != 0 || len(s.gaps) != 1 || s.gaps[0].First != 1 || s.gaps[0].Last != 4 {
		t.Errorf("%+v, gaps %+v", r, s.gaps)
	}
	b.types = append(b.types, tap)
	b.info.Last = 5
	if r = read(t, s, b); r.New != 1 || r.Acked != 5 || len(s.gaps) != 2 || s.gaps[1] != s.gaps[0] && s.gaps[1].Last != 4 {
		t.Errorf("%+v, gaps %+v", r, s.gaps)
	}
}

// A database that came back from an older backup downloads again what it lost.
func TestOlderBackup(t *testing.T) {
	s, b := newStore(), newFake(boot, tap, tap)
	read(t, s, b)
	backup := s.clone()
	b.types = append(b.types, tap, tap)
	b.info.Last = uint64(len(b.types))
	read(t, s, b)
	if r := read(t, backup, b); r.New != 4 || backup.ends[b.info.Log].Seq != uint64(len(b.types)) {
		t.Errorf("%+v", r)
	}
}

// liar gives chunks that no honest driver gives.
type liar struct {
	*fakeBox
	spoil func(*reading.Chunk)
}

func (l *liar) Chunk(ctx context.Context, after reading.Chain, limit int) (reading.Chunk, error) {
	c, err := l.fakeBox.Chunk(ctx, after, limit)
	l.spoil(&c)
	return c, err
}

func TestLies(t *testing.T) {
	for name, spoil := range map[string]func(*reading.Chunk){
		"skipped record": func(c *reading.Chunk) { c.Records = c.Records[1:] },
		"doubled record": func(c *reading.Chunk) { c.Records = append(c.Records, c.Records[0]) },
		"other box":      func(c *reading.Chunk) { c.Records[0].Key.Box = "b1" },
		"other end":      func(c *reading.Chunk) { c.End.Seq += 5 },
		"no progress":    func(c *reading.Chunk) { c.Records, c.End = nil, c.Before },
	} {
		s, b := newStore(), newFake(boot, tap, tap, tap, tap)
		_, err := reading.Read(t.Context(), s, &liar{b, spoil}, options())
		if !errors.Is(err, reading.Protocol) || len(s.records) != 0 || len(b.acks) != 0 {
			t.Errorf("%s: %v, %d records stored", name, err, len(s.records))
		}
	}
}
