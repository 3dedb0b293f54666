package reading

import (
	"context"
	"errors"
	"fmt"
	"time"

	"encoding/hex"
	"klokkast/app"
)

// Options of a reading or an import.
type Options struct {
	Installation app.ID
	Actor        string
	// Now gives this computer's time; nil means the system's clock.
	Now func() app.Instant
	// Check is when this computer's own clock was last found right (rule C1).
	Check app.ClockCheck
	// DoNotAcknowledge leaves the box's mark alone: a field technician's
	// installation reads, the office acknowledges after the import.
	DoNotAcknowledge bool
	// Progress is called after every stored chunk, on the goroutine of Read.
	Progress func(Progress)
	// ChunkSize is how many records are proven and stored at once; 0 means 4096.
	ChunkSize int
}

// Progress says how far a reading is.
type Progress struct {
	Done, Total uint64 // records, of those that the box held when the reading began
	New         int    // stored for the first time
}

// DefaultChunk is how many records are proven and stored in one transaction.
// An interrupted reading resumes after the last of them.
const DefaultChunk = 4096

// Problems of a reading that are not a Fault's or a quarantine's code.
const (
	ProblemCancelled = "cancelled"
	ProblemStore     = "store"      // the database failed
	ProblemUnknown   = "unknown"    // none of the known faults
	ProblemAckFailed = "ack-failed" // stored, but the box refused the acknowledgement
)

func (o *Options) fill() {
	if o.Now == nil {
		o.Now = func() app.Instant { return app.At(time.Now()) }
	}
	if o.ChunkSize <= 0 {
		o.ChunkSize = DefaultChunk
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
}

// storeError marks what came from the store, so that it is not taken for the box's fault.
type storeError struct{ err error }

func (e *storeError) Error() string { return "store: " + e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

func fromStore(err error) error {
	if err == nil {
		return nil
	}
	return &storeError{err}
}

// session is one Read under way.
type session struct {
	store Store
	box   Box
	o     Options
	state LogState
	info  app.BoxInfo
	r     app.Reading
	// weighty is the highest stored sequence of a record that is worth an
	// acknowledgement: neither a boot nor an acknowledgement.
	weighty uint64
	end     Chain
}

// Read reads everything new from a box into the store and acknowledges it
// after the commit. The Reading is what happened, also with an error: what was
// stored before stays and the next reading goes on behind it.
//
// Errors: a Fault of the box, *QuarantinedError (nothing was acknowledged),
// *RecordDiffersError, ctx's error, or the store's. A box that is not paired is
// read without acknowledging: no error, Problem "not-paired".
func Read(ctx context.Context, store Store, box Box, o Options) (app.Reading, error) {
	o.fill()
	s := &session{store: store, box: box, o: o}
	if err := s.begin(ctx); err != nil {
		return s.r, err
	}
	err := s.fetch(ctx)
	if err == nil {
		err = s.acknowledge(ctx)
	}
	return s.r, s.finish(ctx, err)
}

// begin asks who the box is and puts the reading on disk.
func (s *session) begin(ctx context.Context) (err error) {
	started := s.o.Now()
	if s.info, err = s.box.Info(ctx); err != nil {
		return fmt.Errorf("ask the box about itself: %w", err)
	}
	if s.state, err = s.store.LogState(ctx, s.info.Log); err != nil {
		return fmt.Errorf("look up log %s: %w", s.info.Log, err)
	}
	if s.state.Quarantined != "" {
		return &QuarantinedError{s.info.Log.Box, s.state.Quarantined}
	}
	id, err := app.NewID()
	if err != nil {
		return err
	}
	s.weighty = s.state.LastWeighty
	s.r = app.Reading{
		ID: id, Log: s.info.Log, Source: app.FromCable, Installation: s.o.Installation, Actor: s.o.Actor,
		State: app.ReadingRunning, Started: started, Check: s.o.Check, BoxAcked: s.info.Acked, BoxLast: s.info.Last, Capacity: s.info.Capacity,
	}
	box := app.Box{
		UID: s.info.Log.Box, Make: s.info.Make, Label: s.info.Label, PublicKey: s.info.PublicKey,
		Group: s.info.Log.Box, FirstSeen: started,
	}
	if err := s.store.BeginReading(ctx, s.r, box); err != nil {
		return fmt.Errorf("begin the reading of %s: %w", s.info.Log, err)
	}
	return nil
}

// fetch takes chunk after chunk until the end of the log as it was fixed by the first one.
func (s *session) fetch(ctx context.Context) error {
	if s.state.PublicKey != "" && s.info.PublicKey != s.state.PublicKey {
		return s.quarantine(ctx, ReasonKey)
	}
	if p, ok := s.box.(interface{ Prove(context.Context) error }); ok && s.info.PublicKey != "" {
		if err := p.Prove(ctx); errors.Is(err, WrongChain) {
			return s.quarantine(ctx, ReasonKey)
		} else if err != nil {
			return fmt.Errorf("have the box prove itself: %w", err)
		}
	}
	offset, err := s.box.ClockOffset(ctx)
	if err != nil {
		return fmt.Errorf("measure the box's clock: %w", err)
	}
	s.r.Clock = &offset
	s.end = s.state.Last
	first := s.state.Last.Seq
	readTo, target := app.Instant(0), uint64(0)
	for begun := false; ; begun = true {
		asked := s.o.Now()
		chunk, err := s.box.Chunk(ctx, s.end, s.o.ChunkSize)
		if err != nil {
			return s.chunkFailed(ctx, err)
		}
		if !begun {
			readTo, target = asked, chunk.Last
		}
		if err := s.check(chunk); err != nil {
			return s.chunkFailed(ctx, err)
		}
		if err := s.keep(ctx, chunk); err != nil {
			return err
		}
		s.o.Progress(Progress{Done: s.end.Seq - min(first, s.end.Seq), Total: max(target, first) - first, New: s.r.New})
		if s.end.Seq >= target {
			s.r.ReadTo = readTo
			return nil
		}
		if len(chunk.Records) == 0 && len(chunk.Lost) == 0 {
			return fmt.Errorf("log %s stops at %d before its end %d: %w", s.r.Log, s.end.Seq, target, Protocol)
		}
	}
}

// check does not trust the driver with the one thing that matters: records
// follow each other from the asked point on, each of this log.
func (s *session) check(c Chunk) error {
	if c.Before.Seq < s.end.Seq || c.End.Seq < c.Before.Seq {
		return fmt.Errorf("a chunk that goes back: %w", Protocol)
	}
	if c.Before.Seq == s.end.Seq && s.end.Seq > 0 && c.Before.Hash != s.end.Hash {
		return &WrongChainError{After: s.end.Seq}
	}
	lost := map[uint64]uint64{}
	for _, l := range c.Lost {
		lost[l.First] = l.Last
	}
	next := s.end.Seq + 1
	for i := range c.Records {
		if to, ok := lost[next]; ok {
			next = to + 1
		}
		if k := c.Records[i].Key; k.LogKey != s.r.Log || k.Seq != next {
			return fmt.Errorf("record %d where %d is due: %w", k.Seq, next, Protocol)
		}
		next++
	}
	if to, ok := lost[next]; ok {
		next = to + 1
	}
	if c.End.Seq != next-1 {
		return fmt.Errorf("a chunk that ends at %d instead of %d: %w", c.End.Seq, next-1, Protocol)
	}
	return nil
}

// keep stores a chunk in one transaction.
func (s *session) keep(ctx context.Context, c Chunk) error {
	for i := range c.Records {
		if p := c.Records[i].Punch; p != nil {
			p.ReadingID = s.r.ID
		}
		if e := c.Records[i].Event; e != nil {
			e.ReadingID = s.r.ID
		}
	}
	gaps := s.gaps(c.Lost)
	if len(c.Records) > 0 || len(gaps) > 0 {
		added, err := s.store.StoreBatch(ctx, Batch{ReadingID: s.r.ID, Log: s.r.Log, Records: c.Records, End: c.End, Gaps: gaps})
		var differs *RecordDiffersError
		if errors.As(err, &differs) {
			return errors.Join(s.quarantine(ctx, ReasonRecords), differs)
		}
		if err != nil {
			return fmt.Errorf("store records up to %d: %w", c.End.Seq, fromStore(err))
		}
		s.r.New += added
	}
	if n := len(c.Records); n > 0 {
		if s.r.First == 0 {
			s.r.First = c.Records[0].Key.Seq
		}
		s.r.Last = c.Records[n-1].Key.Seq
		s.r.Records += n
		s.weighty = max(s.weighty, lastWeighty(c.Records))
		s.r.EndHash = hex.EncodeToString(c.End.Hash[:])
	}
	s.end = c.End
	return nil
}

// gaps splits what is lost at the box's acknowledged mark (rule C4): below it
// another installation has it.
func (s *session) gaps(lost []Range) (out []app.Gap) {
	mark, now := s.info.Acked, s.o.Now()
	for _, l := range lost {
		if l.First <= mark {
			out = append(out, app.Gap{Log: s.r.Log, First: l.First, Last: min(l.Last, mark), ReadElsewhere: true, Known: now})
		}
		if l.Last > mark {
			out = append(out, app.Gap{Log: s.r.Log, First: max(l.First, mark+1), Last: l.Last, Known: now})
		}
	}
	return out
}

// Weighty says that a record is worth an acknowledgement. A boot and the
// record of an acknowledgement are not: else reading a box would give it
// something new to be read, for ever.
func Weighty(t app.RecordType) bool { return t != app.RecordBoot && t != app.RecordAcked }

func lastWeighty(records []app.Record) uint64 {
	for i := len(records) - 1; i >= 0; i-- {
		if Weighty(records[i].Type) {
			return records[i].Key.Seq
		}
	}
	return 0
}

// acknowledge tells the box, after the commit, what is stored. It is due when
// something weighty lies above the box's mark: new in this reading, or stored
// by one that was cut off between commit and acknowledgement.
func (s *session) acknowledge(ctx context.Context) error {
	if s.o.DoNotAcknowledge || s.weighty <= s.info.Acked {
		return nil
	}
	err := s.box.Acknowledge(ctx, s.end)
	if errors.Is(err, NotPaired) {
		s.r.Problem = string(NotPaired)
		return nil
	}
	if errors.Is(err, Refused) {
		s.r.Problem = ProblemAckFailed
		return nil
	}
	if err != nil {
		return fmt.Errorf("acknowledge up to %d: %w", s.end.Seq, err)
	}
	s.r.Acked = s.end.Seq
	return fromStore(s.store.Acknowledged(ctx, s.r.ID, s.end.Seq))
}

// chunkFailed closes the box when its log is another one than before.
func (s *session) chunkFailed(ctx context.Context, err error) error {
	var wrong *WrongChainError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("read log %s after %d: %w", s.r.Log, s.end.Seq, err)
	}
	reason := ReasonChain
	if wrong.Behind {
		reason = ReasonBehind
	}
	return s.quarantine(ctx, reason)
}

func (s *session) quarantine(ctx context.Context, reason string) error {
	act := app.Act{Actor: s.o.Actor, At: s.o.Now(), What: "box.quarantine", Target: "box:" + s.r.Log.Box, Why: reason}
	if err := s.store.Quarantine(ctx, s.r.Log.Box, reason, act); err != nil {
		return errors.Join(&QuarantinedError{s.r.Log.Box, reason}, fromStore(err))
	}
	return &QuarantinedError{s.r.Log.Box, reason}
}

// finish puts the end of the reading on disk, also when ctx is over.
func (s *session) finish(ctx context.Context, err error) error {
	s.r.Ended = s.o.Now()
	s.r.State, s.r.Problem = ending(err, s.r.Problem)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return errors.Join(err, fromStore(s.store.EndReading(ctx, s.r)))
}

// ending gives state and problem code of a reading that ended with err.
func ending(err error, problem string) (app.ReadingState, string) {
	var quarantined *QuarantinedError
	var store *storeError
	var fault Fault
	switch {
	case err == nil:
		return app.ReadingDone, problem
	case errors.As(err, &quarantined):
		return app.ReadingRefused, quarantined.Reason
	case errors.Is(err, context.Canceled):
		return app.ReadingStopped, ProblemCancelled
	case errors.As(err, &store):
		return app.ReadingStopped, ProblemStore
	case errors.As(err, &fault):
		return app.ReadingStopped, string(fault)
	}
	return app.ReadingStopped, ProblemUnknown
}
