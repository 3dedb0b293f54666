package reading

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"klokkast/app"
)

// ProblemCleared is of a reading that came to its end: the terminal's memory held
// less than was read from it before, so that somebody cleared it meanwhile.
const ProblemCleared = "memory-cleared"

// overlap is how many records that are known are asked for again, so that a memory
// that only looks as if it had grown is found out.
const overlap = 20

// ReadDevice reads everything new from a device into the store, in the way of its
// kind. Its errors are those of Read; a device of no known kind is Refused.
func ReadDevice(ctx context.Context, store FileStore, d Device, o Options) (app.Reading, error) {
	switch d := d.(type) {
	case Box:
		return Read(ctx, store, d, o)
	case Terminal:
		return readTerminal(ctx, store, d, o)
	}
	return app.Reading{}, fmt.Errorf("a device that cannot be read: %w", Refused)
}

// terminalReading is one reading of a terminal under way.
type terminalReading struct {
	store FileStore
	t     Terminal
	o     Options
	s     session // for how a reading ends
	total uint64  // records in the memory when it began
}

// readTerminal reads a terminal's memory from where the last reading came to its
// end, or all of it where what is known does not stand there any more. What was
// stored before an error stays; the next reading begins at the same place.
func readTerminal(ctx context.Context, store FileStore, t Terminal, o Options) (app.Reading, error) {
	o.fill()
	r := &terminalReading{store: store, t: t, o: o, s: session{store: store, o: o}}
	state, err := r.begin(ctx)
	if err != nil {
		return r.s.r, err
	}
	if offset, failed := t.ClockOffset(ctx); failed == nil {
		r.s.r.Clock = &offset
	} else {
		err = fmt.Errorf("measure the terminal's clock: %w", failed)
	}
	if err == nil {
		err = r.fetch(ctx, state.Place)
	}
	return r.s.r, r.s.finish(ctx, err)
}

// begin asks who the terminal is and puts the reading on disk.
func (r *terminalReading) begin(ctx context.Context) (LogState, error) {
	started := r.o.Now()
	info, err := r.t.Info(ctx)
	if err != nil {
		return LogState{}, fmt.Errorf("ask the terminal about itself: %w", err)
	}
	log := app.LogKey{Box: info.Log.Box, Log: app.FileLog}
	state, err := r.store.LogState(ctx, log)
	if err != nil {
		return state, fmt.Errorf("look up log %s: %w", log, err)
	}
	if state.Quarantined != "" {
		return state, &QuarantinedError{log.Box, state.Quarantined}
	}
	id, err := app.NewID()
	if err != nil {
		return state, err
	}
	r.total = info.Last
	r.s.r = app.Reading{
		ID: id, Log: log, Source: app.FromCable, Installation: r.o.Installation, Actor: r.o.Actor,
		State: app.ReadingRunning, Started: started, Check: r.o.Check, BoxLast: info.Last, Capacity: info.Capacity,
	}
	box, known, err := r.store.KnownBox(ctx, log.Box)
	if err != nil {
		return state, fmt.Errorf("look up box %s: %w", log.Box, err)
	}
	if !known { // what people set of a known one stays
		box = app.Box{UID: log.Box, Make: info.Make, Label: info.Label, Zone: app.DefaultZone, Group: log.Box, FirstSeen: started}
	}
	if err := r.store.BeginReading(ctx, r.s.r, box); err != nil {
		return state, fmt.Errorf("begin the reading of %s: %w", log, err)
	}
	return state, nil
}

// fetch stores what is new. The place counts only once the end is reached.
func (r *terminalReading) fetch(ctx context.Context, known Place) error {
	asked := r.o.Now()
	place, err := r.resume(ctx, known)
	if err != nil {
		return err
	}
	for {
		records, err := r.t.From(ctx, place, r.o.ChunkSize)
		if err != nil {
			return fmt.Errorf("read the memory from place %d: %w", place, err)
		}
		if len(records) == 0 {
			r.s.r.Last, r.s.r.ReadTo = uint64(place), asked
			return nil
		}
		for i := range records { // their keys order nothing: the log keeps them as they stand in the memory
			records[i].Line = int(place) + i + 1
		}
		if err := r.keep(ctx, records); err != nil {
			return err
		}
		place += Place(len(records))
		r.o.Progress(Progress{Done: uint64(place), Total: max(r.total, uint64(place)), New: r.s.r.New})
	}
}

// resume is the place from which to read: a little before the known one where the
// records there are known, else the beginning.
func (r *terminalReading) resume(ctx context.Context, known Place) (Place, error) {
	if uint64(known) > r.total {
		r.s.r.Problem = ProblemCleared
		return 0, nil
	}
	from := known - min(known, overlap)
	if from == known { // never read, or nothing was there
		return known, nil
	}
	records, err := r.t.From(ctx, from, int(known-from))
	if err != nil {
		return 0, fmt.Errorf("read the memory from place %d: %w", from, err)
	}
	fresh, err := r.notStored(ctx, records)
	if err != nil {
		return 0, err
	}
	if len(records) != int(known-from) || len(fresh) > 0 {
		r.s.r.Problem = ProblemCleared
		return 0, nil
	}
	return known, nil
}

// keep stores those of a piece that are not stored yet, in one transaction.
func (r *terminalReading) keep(ctx context.Context, records []app.Record) error {
	for i := range records {
		if k := records[i].Key.LogKey; k != r.s.r.Log {
			return fmt.Errorf("a record of log %s: %w", k, Protocol)
		}
	}
	r.s.r.Records += len(records)
	fresh, err := r.notStored(ctx, records)
	if err != nil || len(fresh) == 0 {
		return err
	}
	for i := range fresh {
		if p := fresh[i].Punch; p != nil {
			p.ReadingID = r.s.r.ID
		}
	}
	added, err := r.store.StoreBatch(ctx, Batch{ReadingID: r.s.r.ID, Log: r.s.r.Log, Records: fresh})
	r.s.r.New += added
	var differs *RecordDiffersError
	if err != nil && !errors.As(err, &differs) {
		return fmt.Errorf("store a piece of the memory: %w", fromStore(err))
	}
	return err
}

// notStored returns, each once, the records that the log does not hold yet.
func (r *terminalReading) notStored(ctx context.Context, records []app.Record) ([]app.Record, error) {
	taps := make([]uint64, len(records))
	for i := range records {
		taps[i] = records[i].Key.Seq
	}
	holders, err := r.store.BoxesWithTaps(ctx, taps)
	if err != nil {
		return nil, fmt.Errorf("look up records that are stored already: %w", err)
	}
	seen := make(map[uint64]bool, len(records))
	var fresh []app.Record
	for _, record := range records {
		if seq := record.Key.Seq; !seen[seq] && !slices.Contains(holders[seq], r.s.r.Log.Box) {
			seen[seq] = true
			fresh = append(fresh, record)
		}
	}
	return fresh, nil
}
