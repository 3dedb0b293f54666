package reading

import (
	"context"
	"time"

	"klokkast/app"
)

// Device is a clock box that is connected. How its log can be read is its kind: a
// Box has a chain and takes acknowledgements, a Terminal is read from a place on.
// Files, the third kind, have no device (see Import).
type Device interface {
	// Info asks the box about itself. Its texts are the box's own: hostile until cleaned.
	Info(ctx context.Context) (app.BoxInfo, error)
	// ClockOffset measures the box's clock: the best of several exchanges.
	ClockOffset(ctx context.Context) (app.ClockOffset, error)
	// Close says goodbye in order and lets the cable go.
	Close() error
}

// Box is a device whose log is a hash chain, and that takes acknowledgements.
type Box interface {
	Device
	// Chunk fetches at most limit records after a point of the chain. It compares the
	// box's chain there before it takes one (*WrongChainError), and gives only
	// what is proven whole: every CRC, the count and the chain at the end. Where the cable went after that comparison,
	// a *CutOffError holds what came.
	Chunk(ctx context.Context, after Chain, limit int) (Chunk, error)
	// Acknowledge tells the box that everything up to the point is safely stored.
	// NotPaired when the box does not take acknowledgements from this installation, *OtherMarkError when it
	// answers with another mark than the one asked for.
	Acknowledge(ctx context.Context, upTo Chain) error
}

// Place is where a record stands in the memory of a terminal: how many stand before it.
type Place uint64

// Terminal is a device whose memory has neither chain nor mark. It can only be read
// from a place on: what is read is a copy that cannot prove that it is whole, and
// nothing tells the terminal that it is stored. Info's Last is how many records the
// memory holds. Records are of the log app.FileLog and keyed by what they say, as
// those of files are, so that the same tap by cable and by file is one.
type Terminal interface {
	Device
	// From returns at most limit records from a place on, in the order of the memory;
	// none at its end.
	From(ctx context.Context, place Place, limit int) ([]app.Record, error)
}

// Chunk is a proven piece of a log.
type Chunk struct {
	Records []app.Record
	// Before is the point at which the chunk begins; its Seq is above the asked
	// one's where the box has reused its pages since (then nothing could be compared).
	Before Chain
	End    Chain
	Last   uint64 // highest sequence of the log when the request came: the highest that the box had named by then
	// Lost are ranges that the box itself no longer has. The chain is unproven across them.
	Lost []Range
}

// CutOffError is a chunk that was cut off after the box's chain was compared at the asked point: the cable went, or
// the box fell silent.
type CutOffError struct {
	// Proven is what came and is proven by the chain, Rest what came after it and is not: the box's chain at its end,
	// compared by a later request, proves it.
	Proven, Rest Chunk
	Err          error
}

// Error says what became of the cable.
func (e *CutOffError) Error() string { return "cut off: " + e.Err.Error() }

// Unwrap returns what became of the cable.
func (e *CutOffError) Unwrap() error { return e.Err }

// Reviver is a box with which a session can begin anew on the same cable, as after a reset of the box.
type Reviver interface {
	// Revive says HELLO again.
	Revive(ctx context.Context) error
}

// Range is a range of sequences, both included.
type Range struct{ First, Last uint64 }

// Service is what else a paired installation can have a box do. Boxes of
// package devices are Services; faces ask by type assertion.
type Service interface {
	Box
	// Pair agrees on a key while the box's button is pressed; it waits for the
	// button until ctx ends and calls waiting once when it has to.
	Pair(ctx context.Context, waiting func()) error
	// Unpair makes the box forget this installation.
	Unpair(ctx context.Context) error
	// Pairings lists the installations that the box knows; its button must be held.
	Pairings(ctx context.Context) ([]string, error)
	// SetTime sets the box's clock to now, a function that gives the right time when called.
	SetTime(ctx context.Context, now func() time.Time) error
	SetLabel(ctx context.Context, label string) error
	// Identify makes the box beep and blink, so that a person finds it.
	Identify(ctx context.Context) error
	// PushList replaces the badge list as a whole, or not at all. With refuse the
	// box refuses badges that are not on it; otherwise it records them.
	PushList(ctx context.Context, version uint32, badges []app.IdentifierKey, refuse bool) error
	// Prove has the box sign a fresh nonce and checks it against its public key.
	Prove(ctx context.Context) error
	// Watch calls tap for every punch that the box announces, until ctx ends. A
	// hint, never stored: it says that a reading is worth its while.
	Watch(ctx context.Context, tap func(app.Record)) error
	// Named returns the highest sequence of its log that the box has named so far (0: none), in an answer, an announcement or
	// unasked, and a channel that is closed when it names a higher one. An announcement may be lost; what it announced
	// is named again soon.
	Named() (last uint64, higher <-chan struct{})
}

// Found is a box that is within reach.
type Found struct {
	Path    string // what Finder.Open takes: usb:…, tcp:127.0.0.1:PORT, unix:PATH, sim:DIR
	Product string // as the cable says; untrusted, may be empty
	// Fault is set when it is already known that opening it will fail.
	Fault Fault
}

// Finder finds and opens boxes.
type Finder interface {
	// List returns what is within reach now. With NoUSB it still gives the others.
	List(ctx context.Context) ([]Found, error)
	// Open opens the box under a path. Whoever opens it closes it.
	Open(ctx context.Context, path string) (Device, error)
}
