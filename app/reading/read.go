package reading

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

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
	// Again opens the box of a log anew after its cable dropped, perhaps under another path, and waits for it as long as is
	// sensible. nil: the reading ends with the cable. Read closes the box that dropped, and what it opened itself.
	Again func(ctx context.Context, log app.LogKey) (Device, error)
	// Dropped is called, on the goroutine of Read, when the cable dropped and the box is waited for; piece is how many
	// records are asked for at once from now on. nil: nobody listens.
	Dropped func(piece int)
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
	ProblemStore     = "store"   // the database failed
	ProblemUnknown   = "unknown" // none of the known faults
	ProblemUndone    = "undone"  // a file whose import somebody took back

	// Everything is stored, and the box was not told: it refused, noted another record than the one named, went away, or
	// did not answer.
	ProblemAckFailed    = "ack-failed"
	ProblemAckOther     = "ack-other"
	ProblemAckUnplugged = "ack-unplugged"
	ProblemAckSilent    = "ack-silent"
)

// HelpKey returns the catalogue key of what came of a reading with that problem, and what there is to do about it; "" where
// its name says enough. Its arguments are Read, the highest record of the log that was read, and Stated, the last that the box names.
func HelpKey(problem string) string {
	switch problem {
	case string(EndsEarly), string(EndsBehind), string(CableDrops), string(NotPaired), string(Unplugged), string(Silent), string(Protocol),
		ProblemAckFailed, ProblemAckOther, ProblemAckUnplugged, ProblemAckSilent, ProblemCleared:
		return "reading.help." + problem
	}
	return ""
}

func (o *Options) fill() {
	if o.Now == nil {
		o.Now = func() app.Instant { return app.At(time.Now()) }
	}
	if o.ChunkSize <= 0 {
		o.ChunkSize = DefaultChunk
	}
	if o.Dropped == nil {
		o.Dropped = func(int) {}
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
	cable   cable

	begun  bool   // target and readTo are known
	target uint64 // the log's end: the highest that the box had named by the first answer
	readTo app.Instant
	behind *EndError // it named an end before what was read from it
}

// Read reads everything new from a box into the store and acknowledges it
// after the commit. The Reading is what happened, also with an error: what was
// stored before stays and the next reading goes on behind it.
//
// Errors: a Fault of the box, *EndError (it names more records than it gives), *AckError (everything is stored, and the
// box was not told), *QuarantinedError (nothing was acknowledged), *RecordDiffersError, ctx's error, or the store's. A
// box that is not paired, or that refuses the acknowledgement, is read without: no error, a Problem.
func Read(ctx context.Context, store Store, box Box, o Options) (app.Reading, error) {
	o.fill()
	s := &session{store: store, box: box, o: o}
	defer s.cable.letGo()
	if err := s.begin(ctx); err != nil {
		return s.r, err
	}
	err := s.fetch(ctx)
	if err == nil || errors.Is(err, EndsEarly) || errors.Is(err, EndsBehind) {
		err = errors.Join(err, s.acknowledge(ctx))
	}
	if s.r.ReadTo == 0 {
		s.r.Piece = s.cable.remember()
	}
	return s.r, s.finish(ctx, err)
}

// begin asks who the box is and puts the reading on disk: also where a box that was read before answers nonsense, so
// that it is seen where it is listed.
func (s *session) begin(ctx context.Context) (err error) {
	started := s.o.Now()
	info, nonsense := s.box.Info(ctx)
	if nonsense != nil {
		nonsense = fmt.Errorf("ask the box about itself: %w", nonsense)
		if !errors.Is(nonsense, Protocol) || info.Log.Box == "" {
			return nonsense
		}
	}
	if s.state, err = s.store.LogState(ctx, info.Log); err != nil {
		return fmt.Errorf("look up log %s: %w", info.Log, err)
	}
	if nonsense != nil && !s.state.Known {
		return nonsense
	}
	if s.state.Quarantined != "" {
		return &QuarantinedError{s.info.Log.Box, s.state.Quarantined}
	}
	id, err := app.NewID()
	if err != nil {
		return err
	}
	s.weighty, s.end = s.state.LastWeighty, s.state.Last
	s.cable.begin(s.o.ChunkSize, s.state.Piece)
	s.r = app.Reading{
		ID: id, Log: info.Log, Source: app.FromCable, Installation: s.o.Installation, Actor: s.o.Actor,
		State: app.ReadingRunning, Started: started, Check: s.o.Check, BoxAcked: info.Acked, Capacity: info.Capacity,
	}
	s.heard(info)
	box := app.Box{
		UID: s.info.Log.Box, Make: s.info.Make, Label: s.info.Label, PublicKey: s.info.PublicKey,
		Group: s.info.Log.Box, FirstSeen: started,
	}
	if err := s.store.BeginReading(ctx, s.r, box); err != nil {
		return fmt.Errorf("begin the reading of %s: %w", s.info.Log, err)
	}
	if nonsense != nil {
		return s.finish(ctx, nonsense)
	}
	return nil
}

// heard takes what a box says of itself, at the beginning and on each connection after that.
func (s *session) heard(info app.BoxInfo) {
	if !s.begun {
		s.r.BoxLast = max(s.r.BoxLast, info.Last)
	}
	if info.Last < s.end.Seq {
		s.behind = &EndError{Stated: info.Last}
	}
	s.info = info
}

// fetch reads to the end of the log as it was fixed by the first answer, on as many connections as that takes.
func (s *session) fetch(ctx context.Context) error {
	for {
		err := s.connected(ctx)
		if err == nil {
			return nil
		}
		if err = s.reconnect(ctx, err); err != nil {
			return err
		}
	}
}

// connected reads on one connection: it has the box prove itself, measures its clock and takes piece after piece.
func (s *session) connected(ctx context.Context) error {
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
	if s.r.Clock == nil {
		offset, err := s.box.ClockOffset(ctx)
		if err != nil {
			return fmt.Errorf("measure the box's clock: %w", err)
		}
		s.r.Clock = &offset
	}
	owed := s.state.LastWeighty > s.info.Acked
	for {
		got, err := s.piece(ctx)
		if err != nil {
			return err
		}
		s.o.Progress(s.progress())
		switch {
		case s.end.Seq >= s.target:
			return s.toItsEnd()
		case got == 0:
			return &EndError{s.end.Seq, s.target}
		}
		if owed { // of a reading that was cut off: the rest of this one may be as well
			owed = false
			if err := s.tell(ctx); cut(err) {
				return err
			}
		}
	}
}

func (s *session) progress() Progress {
	first := s.state.Last.Seq
	return Progress{Done: s.end.Seq - min(first, s.end.Seq), Total: max(s.target, first) - first, New: s.r.New}
}

// toItsEnd says that the log was read to its end, unless the box had named an end before what was read from it.
func (s *session) toItsEnd() error {
	if s.behind != nil {
		s.behind.Read, s.r.BoxLast = s.end.Seq, s.behind.Stated
		return s.behind
	}
	s.r.ReadTo = s.readTo
	return nil
}

// piece takes the next piece and stores it; got is how far that came.
func (s *session) piece(ctx context.Context) (got uint64, err error) {
	asked, from := s.o.Now(), s.end.Seq
	chunk, err := s.box.Chunk(ctx, s.cable.after(s.end), s.cable.piece)
	var cut *CutOffError
	if errors.As(err, &cut) {
		chunk = cut.Proven
	} else if err != nil && !s.cable.doubts(err) {
		return 0, s.chunkFailed(ctx, err)
	} else if err != nil { // what came before the cable dropped is not the box's: once more from what is proven
		return s.piece(ctx)
	}
	if !s.begun {
		s.r.BoxLast = max(s.r.BoxLast, chunk.Last)
		s.begun, s.readTo, s.target = true, asked, s.r.BoxLast
	}
	for _, c := range s.cable.proven(chunk) {
		if err := s.check(c); err != nil {
			return 0, s.chunkFailed(ctx, err)
		}
		if err := s.keep(ctx, c); err != nil {
			return 0, err
		}
	}
	if cut != nil {
		s.cable.cutOff(cut.Rest)
		return 0, s.chunkFailed(ctx, cut.Err)
	}
	s.cable.cameThrough(len(chunk.Records))
	return s.end.Seq - from, nil
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
	if s.o.DoNotAcknowledge || s.weighty <= s.info.Acked || s.end.Seq <= s.r.Acked {
		return nil
	}
	err := s.tell(ctx)
	for tries := 0; cut(err) && tries < ackTries && s.reconnect(ctx, err) == nil; tries++ {
		err = s.tell(ctx)
	}
	var other *OtherMarkError
	var store *storeError
	switch {
	case err == nil, errors.As(err, &store), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, NotPaired):
		s.r.Problem = string(NotPaired)
	case errors.Is(err, Refused):
		s.r.Problem = ProblemAckFailed
	case errors.As(err, &other) && other.Told > s.target: // it acknowledges what it never gave
		s.r.ReadTo, s.r.BoxLast = 0, other.Told
		return &EndError{s.end.Seq, other.Told}
	case errors.As(err, &other):
		s.r.Problem = ProblemAckOther
	default:
		return &AckError{s.end.Seq, err}
	}
	return nil
}

// ackTries is on how many more connections an acknowledgement is tried where the cable drops.
const ackTries = 2

// tell acknowledges everything that is stored, and notes it.
func (s *session) tell(ctx context.Context) error {
	if s.o.DoNotAcknowledge {
		return nil
	}
	if err := s.box.Acknowledge(ctx, s.end); err != nil {
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

// ending returns state and problem code of a reading that ended with err.
func ending(err error, problem string) (app.ReadingState, string) {
	var quarantined *QuarantinedError
	var store *storeError
	var ack *AckError
	var end *EndError
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
	case errors.As(err, &end):
		return app.ReadingStopped, string(end.fault())
	case errors.As(err, &ack):
		return app.ReadingDone, ack.Problem()
	case errors.As(err, &fault):
		return app.ReadingStopped, string(fault)
	}
	return app.ReadingStopped, ProblemUnknown
}
