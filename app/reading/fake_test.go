package reading_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"klokkast/app"
	"klokkast/app/reading"
)

// memoryStore is a Store that keeps its promises in memory. fail makes one method fail once.
type memoryStore struct {
	mu       sync.Mutex
	boxes    map[string]app.Box
	readings map[app.ID]app.Reading
	records  map[app.RecordKey]app.Record
	ends     map[app.LogKey]reading.Chain
	acked    map[app.LogKey]uint64
	weighty  map[app.LogKey]uint64
	gaps     []app.Gap
	fail     string
	batches  int
	piece    int // that the last reading kept
}

func newStore() *memoryStore {
	return &memoryStore{boxes: map[string]app.Box{}, readings: map[app.ID]app.Reading{}, records: map[app.RecordKey]app.Record{},
		ends: map[app.LogKey]reading.Chain{}, acked: map[app.LogKey]uint64{}, weighty: map[app.LogKey]uint64{}}
}

var errDisk = errors.New("disk full")

func (s *memoryStore) failing(method string) error {
	if s.fail == method {
		s.fail = ""
		return errDisk
	}
	return nil
}

func (s *memoryStore) LogState(_ context.Context, log app.LogKey) (reading.LogState, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.ends[log]
	b := s.boxes[log.Box]
	return reading.LogState{
			Known:       known,
			Last:        s.ends[log],
			Acked:       s.acked[log],
			Piece:       s.piece,
			LastWeighty: s.weighty[log],
			PublicKey:   b.PublicKey,
			Quarantined: b.Quarantined,
		}, s.failing(
			"LogState",
		)
}

func (s *memoryStore) BeginReading(_ context.Context, r app.Reading, b app.Box) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.boxes[b.UID]; !ok {
		s.boxes[b.UID] = b
	}
	s.readings[r.ID] = r
	return s.failing("BeginReading")
}

func (s *memoryStore) StoreBatch(_ context.Context, b reading.Batch) (added int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches++
	if err := s.failing("StoreBatch"); err != nil {
		return 0, err
	}
	next := maps.Clone(s.records)
	for _, r := range b.Records {
		if old, ok := next[r.Key]; ok {
			if !bytes.Equal(old.Raw, r.Raw) {
				return 0, &reading.RecordDiffersError{Key: r.Key}
			}
			continue
		}
		next[r.Key] = r
		added++
		if b.End.Seq != 0 && reading.Weighty(r.Type) {
			s.weighty[b.Log] = max(s.weighty[b.Log], r.Key.Seq)
		}
	}
	s.records = next
	s.gaps = append(s.gaps, b.Gaps...)
	if len(b.Records) > 0 && b.End.Seq > s.ends[b.Log].Seq { // a loss alone moves no mark
		s.ends[b.Log] = b.End
	}
	return added, nil
}

func (s *memoryStore) Acknowledged(_ context.Context, id app.ID, seq uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acked[s.readings[id].Log] = seq
	return s.failing("Acknowledged")
}

func (s *memoryStore) EndReading(_ context.Context, r app.Reading) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readings[r.ID] = r
	return s.failing("EndReading")
}

func (s *memoryStore) Quarantine(_ context.Context, box, reason string, _ app.Act) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.boxes[box]
	b.Quarantined = reason
	s.boxes[box] = b
	return s.failing("Quarantine")
}

func (s *memoryStore) KnownBox(_ context.Context, uid string) (app.Box, bool, error) {
	b, ok := s.boxes[uid]
	return b, ok, nil
}

func (s *memoryStore) BoxesWithTaps(_ context.Context, seqs []uint64) (map[uint64][]string, error) {
	out := map[uint64][]string{}
	for k := range s.records {
		if k.Log == app.FileLog && slices.Contains(seqs, k.Seq) {
			out[k.Seq] = append(out[k.Seq], k.Box)
		}
	}
	return out, nil
}

// clone is a backup of the store.
func (s *memoryStore) clone() *memoryStore {
	c := *newStore()
	c.boxes, c.readings, c.records = maps.Clone(s.boxes), maps.Clone(s.readings), maps.Clone(s.records)
	c.ends, c.acked, c.weighty = maps.Clone(s.ends), maps.Clone(s.acked), maps.Clone(s.weighty)
	return &c
}

// fakeBox is a box in a dozen lines: a log, its chain, and what can go wrong between.
type fakeBox struct {
	info      app.BoxInfo
	types     []app.RecordType // record i+1
	first     uint64           // oldest one still there
	salt      byte             // another salt is another history
	ackErr    error
	chunkErr  error
	failAfter int // chunks until chunkErr
	acks      []reading.Chain
	proof     error
}

func newFake(types ...app.RecordType) *fakeBox {
	return &fakeBox{
		info:  app.BoxInfo{Log: app.LogKey{Box: "b0", Log: "l0"}, Make: app.MakeOCB, PublicKey: "aa", Last: uint64(len(types))},
		types: types,
		first: 1,
	}
}

func (b *fakeBox) hash(seq uint64) (h [32]byte) {
	h[0], h[1], h[2] = byte(seq), byte(seq>>8), b.salt
	return h
}

func (b *fakeBox) record(seq uint64) app.Record {
	r := app.Record{Key: app.RecordKey{LogKey: b.info.Log, Seq: seq}, Type: b.types[seq-1], Raw: []byte{byte(seq), byte(b.types[seq-1]), b.salt}}
	switch {
	case r.Type == app.RecordPunch:
		r.Punch = &app.Punch{Key: r.Key, At: app.Instant(seq * 1000)}
	case r.Type < 0x60:
		r.Event = &app.BoxEvent{Key: r.Key, Type: r.Type}
	}
	return r
}

func (b *fakeBox) Info(context.Context) (app.BoxInfo, error) { return b.info, nil }
func (b *fakeBox) ClockOffset(context.Context) (app.ClockOffset, error) {
	return app.ClockOffset{At: 1, Offset: 42, Uncertainty: 7}, nil
}
func (b *fakeBox) Prove(context.Context) error { return b.proof }
func (b *fakeBox) Close() error                { return nil }

func (b *fakeBox) Chunk(ctx context.Context, after reading.Chain, limit int) (reading.Chunk, error) {
	if err := ctx.Err(); err != nil {
		return reading.Chunk{}, err
	}
	if b.failAfter--; b.chunkErr != nil && b.failAfter < 0 {
		return reading.Chunk{}, b.chunkErr
	}
	last := uint64(len(b.types))
	if after.Seq > last {
		return reading.Chunk{}, &reading.WrongChainError{After: after.Seq, Behind: true}
	}
	if after.Seq > 0 && after.Seq+1 >= b.first && after.Hash != b.hash(after.Seq) {
		return reading.Chunk{}, &reading.WrongChainError{After: after.Seq}
	}
	c := reading.Chunk{Last: last, Before: after}
	from := after.Seq + 1
	if from < b.first {
		c.Lost = []reading.Range{{First: from, Last: b.first - 1}}
		from = b.first
		c.Before = reading.Chain{Seq: from - 1, Hash: b.hash(from - 1)}
	}
	for seq := from; seq <= last && len(c.Records) < limit; seq++ {
		c.Records = append(c.Records, b.record(seq))
	}
	end := from - 1 + uint64(len(c.Records))
	c.End = reading.Chain{Seq: end, Hash: b.hash(end)}
	return c, nil
}

func (b *fakeBox) Acknowledge(_ context.Context, c reading.Chain) error {
	if b.ackErr != nil {
		return b.ackErr
	}
	b.acks = append(b.acks, c)
	b.info.Acked = c.Seq
	b.types = append(b.types, app.RecordAcked)
	b.info.Last++
	return nil
}
