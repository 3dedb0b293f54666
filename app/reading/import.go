package reading

import (
	"context"
	"fmt"
	"strings"

	"klokkast/app"
)

// LineProblem is something to say about a line of a file.
type LineProblem struct {
	Line int    `json:"line"` // from 1
	Code string `json:"code"` // catalogue key without its "import.line." prefix, such as bad-time
	// Text is the line as it stood, cut to a sane length, for the person who mends
	// it; it may hold personal data and stands in no log and no error.
	Text string `json:"text,omitempty"`
	// Length is how many bytes a line that is too long has, and Limit how many are read; else 0.
	Length int `json:"length,omitempty"`
	Limit  int `json:"limit,omitempty"`
	// Column is where what is wrong stands, from 1; 0: it is the line as a whole.
	Column int `json:"column,omitempty"`
	// Value is what stands there, Wanted what a right one looks like; "" where it is the line as a whole.
	Value  string `json:"value,omitempty"`
	Wanted string `json:"wanted,omitempty"`
}

// FileStore is what a reading of a terminal needs of the database beyond that of a box with a chain.
type FileStore interface {
	Store
	// KnownBox returns a box that was met before; found is false for one never met.
	KnownBox(ctx context.Context, uid string) (box app.Box, found bool, err error)
	// BoxesWithTaps tells, for those of some taps that count in the log app.FileLog
	// of any box, which boxes hold them.
	BoxesWithTaps(ctx context.Context, taps []uint64) (map[uint64][]string, error)
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
	// Keys name statuses that the box's meaning does not name, StatusColumn is where an attendance file has its status, from 1.
	Keys         Keys
	StatusColumn int
	// Order is how the lines of the file stand (package filelog); "": it is recognised.
	Order string
	// Taken is when the file was taken from the device: up to then it counts as read. 0: up to its last line.
	Taken app.Instant
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

// AskStatusError asks whether the status column means a pressed key, or what statuses mean (rule P4).
type AskStatusError struct {
	Statuses []string       // ascending
	Counts   map[string]int // taps by status
	// Unnamed says that it is asked what these statuses mean, which the box's meaning does not name.
	Unnamed bool
	// Contradictions is how many taps contradict when they are read as keys; 0 where something else raises the question.
	Contradictions int
}

// Error says what is asked.
func (e *AskStatusError) Error() string {
	return "does the status column of this file mean a pressed key?"
}

// TextKey words it for a face that has no way to ask.
func (e *AskStatusError) TextKey() (string, map[string]any) {
	return "error.import.status", map[string]any{"Statuses": strings.Join(e.Statuses, ", ")}
}

// AskColumnError asks which column of an attendance file is the status, by how often each value stands in the two that can be it.
type AskColumnError struct {
	File          string
	Third, Fourth map[string]int
}

// Error names the file.
func (e *AskColumnError) Error() string { return "which column of " + e.File + " is the status?" }

// TextKey words it for a face that has no way to ask.
func (e *AskColumnError) TextKey() (string, map[string]any) {
	return "error.import.column", map[string]any{"File": e.File}
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
	Bad     []LineProblem // are no taps though they should be; kept
	Doubts  []LineProblem // taps with a doubt
	// Before is how many taps were stored already, Repeated how many stood twice in this file.
	Before, Repeated int
	// Order is how the lines stand, recognised or said.
	Order string
	// Otherwise is how many lines an earlier import brought that is read by another meaning than this file.
	Otherwise int
	// Spring is the day within the file on which clocks go forward: no step back shows whether this one did. 0: none.
	Spring app.Date
}
