package reading

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"klokkast/app"
)

// ParsedFile is an export of another make, read but not yet tied to a box: the
// zone and the meaning of its status column are the box's.
type ParsedFile interface {
	// Name is the file's base name; never part of any identity.
	Name() string
	Make() app.Make
	// Serial is what the file says of its box; "" when it says nothing.
	Serial() string
	// Bad are the lines that did not parse, kept aside.
	Bad() []LineProblem
	// Records returns the lines as records of the box, in the order of the file,
	// and what is doubtful about some. *AskStatusError when the box's setting
	// and the file do not tell whether the status column means a key.
	Records(box app.Box) ([]app.Record, []LineProblem, error)
}

// LineProblem is something to say about a line of a file.
type LineProblem struct {
	Line int    // from 1
	Code string // catalogue key without its "import.line." prefix, such as bad-time
	// Text is the line as it stood, cut to a sane length, for the person who mends
	// it; it may hold personal data and stands in no log and no error.
	Text string
	// Length is how many bytes a line that is too long has, and Limit how many are read; else 0.
	Length, Limit int
}

// FileStore is what an import needs of the database beyond a reading's needs.
type FileStore interface {
	Store
	// KnownBox returns a box that was met before; found is false for one never met.
	KnownBox(ctx context.Context, uid string) (box app.Box, found bool, err error)
	// BoxesHolding tells, for those of seqs that are stored in the log app.FileLog
	// of any box, which boxes hold them.
	BoxesHolding(ctx context.Context, seqs []uint64) (map[uint64][]string, error)
	// KeepLines keeps the lines that did not parse beside the reading that met them.
	KeepLines(ctx context.Context, readingID app.ID, lines []LineProblem) error
}

// ImportOptions say how a file is imported.
type ImportOptions struct {
	Options
	// Box is the uid of the box that the file came from; "" takes it from the file's serial.
	Box string
	// Label names a box that is met for the first time.
	Label string
	// Zone and StatusKeys set the box's, where they are not empty.
	Zone       app.Zone
	StatusKeys app.StatusKeys
	// Elsewhere says that someone looked: lines that are stored under another
	// box are stored under this one as well.
	Elsewhere bool
	// OtherSerial says that someone looked: the file names another serial than the box's.
	OtherSerial bool
	// Mapping is how a table is read; nil takes the one that is kept for the box.
	Mapping *Mapping
}

// NeedsBoxError asks which box a file came from.
type NeedsBoxError struct {
	File string
	// Table says that the file is a table, read by the mapping of its box.
	Table bool
}

// Error names the file.
func (e *NeedsBoxError) Error() string { return "which box is the file " + e.File + " from?" }

// OtherSerialError asks whether a file of one serial really is of another box.
type OtherSerialError struct{ File, Serial, Box string }

// Error names serial and box.
func (e *OtherSerialError) Error() string {
	return "the file is of serial " + e.Serial + ", not of box " + e.Box
}

// AskStatusError asks whether the status column means a pressed key (rule P4).
type AskStatusError struct{ Statuses []string }

// Error says what is asked.
func (e *AskStatusError) Error() string {
	return "does the status column of this file mean a pressed key?"
}

// StoredElsewhereError says that lines of the file are stored under another
// box: it was probably imported under the wrong name. Nothing was stored.
type StoredElsewhereError struct {
	Box   string         // the one asked for
	Boxes map[string]int // the others, with the number of lines that each holds
}

// Error counts the lines.
func (e *StoredElsewhereError) Error() string {
	n := 0
	for _, c := range e.Boxes {
		n += c
	}
	return fmt.Sprintf("%d lines of this file are stored under another box than %s", n, e.Box)
}

// Imported is what an import did.
type Imported struct {
	Reading app.Reading
	Box     app.Box
	Bad     []LineProblem // did not parse; kept aside
	Doubts  []LineProblem // stored, with a doubt
	// Before is how many lines were stored already, Repeated how many stood twice in this file.
	Before, Repeated int
}

// Import stores the lines of a file that are not stored yet. A second import
// of the same file, or of another variant of the same export, adds nothing.
//
// Errors that ask a person: *NeedsBoxError, *OtherSerialError, *AskStatusError,
// *StoredElsewhereError. After those nothing was stored.
func Import(ctx context.Context, store FileStore, file ParsedFile, o ImportOptions) (Imported, error) {
	o.fill()
	p, err := prepare(ctx, store, file, o)
	out := Imported{Box: p.box, Bad: file.Bad(), Doubts: p.doubts, Before: p.before, Repeated: p.repeated}
	if err != nil {
		return out, err
	}
	log := app.LogKey{Box: p.box.UID, Log: app.FileLog}
	if out.Reading, err = beginImport(ctx, store, file, p.box, log, o); err != nil {
		return out, err
	}
	out.Reading.Records = len(p.records) + p.repeated
	out.Reading.ReadTo = latest(p.records)
	err = fromStore(store.KeepLines(ctx, out.Reading.ID, out.Bad))
	if err == nil {
		out.Reading.New, err = storeLines(ctx, store, out.Reading, p.fresh, o)
	}
	s := session{store: store, o: o.Options, r: out.Reading}
	err = s.finish(ctx, err)
	out.Reading = s.r
	return out, err
}

// prepared is a file that is ready to be stored.
type prepared struct {
	box      app.Box
	known    bool
	records  []app.Record // each once, in the order of the file
	fresh    []app.Record // those that are not stored yet
	doubts   []LineProblem
	repeated int
	before   int
}

// prepare ties a file to its box and finds out what is new in it. It stores
// nothing; its errors are those of Import.
func prepare(ctx context.Context, store FileStore, file ParsedFile, o ImportOptions) (p prepared, err error) {
	if p.box, p.known, err = importBox(ctx, store, file, o); err != nil {
		return p, err
	}
	log := app.LogKey{Box: p.box.UID, Log: app.FileLog}
	state, err := store.LogState(ctx, log)
	if err != nil {
		return p, fmt.Errorf("look up log %s: %w", log, err)
	}
	if state.Quarantined != "" {
		return p, &QuarantinedError{p.box.UID, state.Quarantined}
	}
	records, doubts, err := file.Records(p.box)
	if err != nil {
		return p, err
	}
	p.doubts = doubts
	p.records, p.repeated = unique(records)
	p.fresh, p.before, err = sift(ctx, store, p.box.UID, p.records, o.Elsewhere)
	return p, err
}

// importBox finds out which box a file came from, with its settings.
func importBox(ctx context.Context, store FileStore, file ParsedFile, o ImportOptions) (box app.Box, found bool, err error) {
	uid := o.Box
	bySerial := file.Make().UID(file.Serial())
	switch {
	case uid == "" && file.Serial() == "":
		return box, false, &NeedsBoxError{File: file.Name(), Table: file.Make().Can().Mapped}
	case uid == "":
		uid = bySerial
	case file.Serial() != "" && uid != bySerial && !o.OtherSerial:
		return box, false, &OtherSerialError{file.Name(), file.Serial(), uid}
	}
	if box, found, err = store.KnownBox(ctx, uid); err != nil {
		return box, false, fmt.Errorf("look up box %s: %w", uid, err)
	}
	switch {
	case found && !box.Make.Can().Files: // its records come by cable, with sequences of their own
		return box, true, &app.FieldError{Field: "box", Code: "box.byCable", Example: "zkteco:ABC1234567"}
	case !found:
		box = app.Box{UID: uid, Make: file.Make(), Label: o.Label, Group: uid, FirstSeen: o.Now()}
	}
	if o.Zone != "" {
		box.Zone = o.Zone
	}
	if box.Zone == "" {
		box.Zone = app.DefaultZone
	}
	if o.StatusKeys != "" {
		box.StatusKeys = o.StatusKeys
	}
	if box.StatusKeys == "" {
		box.StatusKeys = app.StatusAsk
	}
	return box, found, nil
}

// unique keeps the first of lines that are the same record.
func unique(records []app.Record) (kept []app.Record, repeated int) {
	seen := make(map[uint64]bool, len(records))
	for _, r := range records {
		if seen[r.Key.Seq] {
			repeated++
			continue
		}
		seen[r.Key.Seq] = true
		kept = append(kept, r)
	}
	return kept, repeated
}

// sift leaves out what this box holds already, and stops at what another one holds.
func sift(ctx context.Context, store FileStore, box string, records []app.Record, elsewhere bool) (fresh []app.Record, before int, err error) {
	seqs := make([]uint64, len(records))
	for i := range records {
		seqs[i] = records[i].Key.Seq
	}
	holders, err := store.BoxesHolding(ctx, seqs)
	if err != nil {
		return nil, 0, fmt.Errorf("look up lines that are stored already: %w", err)
	}
	others := map[string]int{}
	for _, r := range records {
		boxes := holders[r.Key.Seq]
		if slices.Contains(boxes, box) {
			before++
			continue
		}
		for _, b := range boxes {
			others[b]++
		}
		fresh = append(fresh, r)
	}
	if len(others) > 0 && !elsewhere {
		return nil, 0, &StoredElsewhereError{box, others}
	}
	return fresh, before, nil
}

func beginImport(ctx context.Context, store FileStore, file ParsedFile, box app.Box, log app.LogKey, o ImportOptions) (app.Reading, error) {
	id, err := app.NewID()
	if err != nil {
		return app.Reading{}, err
	}
	r := app.Reading{
		ID: id, Log: log, Source: app.FromFile, FileName: file.Name(), Installation: o.Installation, Actor: o.Actor,
		State: app.ReadingRunning, Started: o.Now(), Check: o.Check,
	}
	if err := store.BeginReading(ctx, r, box); err != nil {
		return app.Reading{}, fmt.Errorf("begin the import of %s: %w", file.Name(), err)
	}
	return r, nil
}

// storeLines stores records by the chunk, each chunk in ascending order of its sequences.
func storeLines(ctx context.Context, store FileStore, r app.Reading, records []app.Record, o ImportOptions) (added int, err error) {
	done := 0
	for part := range slices.Chunk(records, o.ChunkSize) {
		if err := ctx.Err(); err != nil {
			return added, err
		}
		part = slices.Clone(part)
		for i := range part {
			if part[i].Punch != nil {
				part[i].Punch.ReadingID = r.ID
			}
		}
		slices.SortFunc(part, func(a, b app.Record) int { return a.Key.Compare(b.Key) })
		n, err := store.StoreBatch(ctx, Batch{ReadingID: r.ID, Log: r.Log, Records: part})
		var differs *RecordDiffersError
		if errors.As(err, &differs) {
			return added, err
		}
		if err != nil {
			return added, fmt.Errorf("store lines: %w", fromStore(err))
		}
		added += n
		done += len(part)
		o.Progress(Progress{Done: uint64(done), Total: uint64(len(records)), New: added})
	}
	return added, nil
}

func latest(records []app.Record) (t app.Instant) {
	for _, r := range records {
		if r.Punch != nil {
			t = max(t, r.Punch.At)
		}
	}
	return t
}
