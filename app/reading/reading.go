// Package reading is one session with a clock box, or one import of a file:
// from the cable into the store, acknowledged after the commit.
//
// The order is what keeps every punch once and only once (never lose, never
// double): ask from the last stored sequence + 1; compare the box's chain hash
// there with the stored one before taking a record; check every record; store
// them in one transaction; and only after its commit acknowledge to the box. A
// crash anywhere costs at most one repeated download that changes nothing.
//
// Reading never requires a placement.
package reading

import (
	"context"

	"klokkast/app"
)

// Chain is a point of a log's hash chain: h(Seq).
type Chain struct {
	Seq  uint64
	Hash [32]byte
}

// LogState is what the store knows of one log.
type LogState struct {
	Known bool  // the store holds a reading of this log
	Last  Chain // of the highest stored record; Seq 0 when there is none
	Acked uint64
	// LastWeighty is the highest stored sequence of a record that is neither a boot
	// nor an acknowledgement (see Weighty); 0 when there is none. With it the next
	// reading makes good an acknowledgement that a crash after the commit cost.
	LastWeighty uint64
	// Piece is how many records are asked for at once after a reading in which the cable dropped; 0: as many as usual.
	Piece int
	// Place is up to where a terminal's memory was read by the last reading that came to its end.
	Place Place
	// PublicKey pinned for the box (hex), "" when none is yet.
	PublicKey string
	// Quarantined says why the box may not be read; "" when it may.
	Quarantined string
}

// Batch is what one transaction stores: records in ascending order, the chain
// after the last of them and the gaps that were met on the way.
type Batch struct {
	ReadingID app.ID
	Log       app.LogKey
	Records   []app.Record
	End       Chain // files: zero
	Gaps      []app.Gap
}

// Store is what a reading needs of the database. Every method is one transaction.
type Store interface {
	// LogState returns what is known of a log; a log never met gives the zero LogState.
	LogState(ctx context.Context, log app.LogKey) (LogState, error)
	// BeginReading puts the reading and, at first contact, box and log on disk.
	BeginReading(ctx context.Context, r app.Reading, box app.Box) error
	// StoreBatch stores records that are new and returns how many were. The
	// same key with other content stores nothing and gives a *RecordDiffersError.
	// When it returns without error the batch is safely on disk.
	StoreBatch(ctx context.Context, b Batch) (added int, err error)
	// Acknowledged notes that the box was told, after the commit.
	Acknowledged(ctx context.Context, readingID app.ID, seq uint64) error
	// EndReading puts the final state, counts and clock of the reading on disk.
	EndReading(ctx context.Context, r app.Reading) error
	// Quarantine closes a box to reading, with a code for the reason.
	Quarantine(ctx context.Context, box, reason string, act app.Act) error
}

// RecordDiffersError is the alarm of a record that is stored already with
// other content: nothing is overwritten and nothing is acknowledged.
type RecordDiffersError struct{ Key app.RecordKey }

// Error names the record by box, log and sequence.
func (e *RecordDiffersError) Error() string {
	return "record " + e.Key.String() + " is stored with other content"
}
