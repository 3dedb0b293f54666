package filelog

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
)

// Kind is how the files of a device are written: it decides who reads their lines.
type Kind string

// Kinds of files.
const (
	Attlog Kind = "attlog" // as terminals of the ZKTeco family write them to a USB stick
	Table  Kind = "table"  // whatever a reading.Mapping describes
	// Terminal is a terminal's memory, read by cable: its driver says what a record means when it comes.
	Terminal Kind = "terminal"
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Attlog, Table, Terminal} }

// Meaning is what the lines of one kind of file of a box mean, from one of its
// imports on. The newest that was not withdrawn, and whose first import a line was
// not brought before, is the line's.
type Meaning struct {
	ID   app.ID `json:"id"`
	Box  string `json:"box"` // uid
	Kind Kind   `json:"kind"`
	// Since is the first reading whose lines it is of; "": of all.
	Since app.ID   `json:"since,omitempty"`
	Zone  app.Zone `json:"zone"`
	// StatusKeys says whether the status column means a pressed key (rule P4).
	StatusKeys app.StatusKeys `json:"statusKeys"`
	// Keys are statuses of an attendance file that mean otherwise than is usual, or
	// that have no usual meaning.
	Keys reading.Keys `json:"keys,omitempty"`
	// StatusColumn is where an attendance file has its status, from 1; 0: the fourth, which is usual.
	StatusColumn int `json:"statusColumn,omitempty"`
	// Mapping is how a table is read; nil for other kinds.
	Mapping   *reading.Mapping `json:"mapping,omitempty"`
	At        app.Instant      `json:"at"`
	Withdrawn app.Instant      `json:"withdrawn,omitzero"`
	// Forgotten is since when the next file is asked about, though the lines that are there mean this.
	Forgotten app.Instant `json:"forgotten,omitzero"`
}

// Raw is one line of a file.
type Raw struct {
	Number int    // in the file, from 1
	Text   []byte // as it stood, without its end
	Length int    // in bytes, as it stands in the file; above len(Text) it was cut
}

// Said is what a meaning makes of one line: taps, a problem, or nothing where it is
// a title, a total, or empty.
type Said struct {
	Taps    []Tap
	Problem *reading.LineProblem
}

// Tap is what a line says of one tap.
type Tap struct {
	Kind   app.IdentifierKind
	Value  string      // a PIN without leading zeros, or a card in canonical form
	Local  time.Time   // the wall's reading, as if it were UTC
	At     app.Instant // where the line holds its own zone; else 0
	Status string      // "" where there is none
	Key    app.PunchKey
	// Unnamed says that the meaning does not name the status.
	Unnamed bool
	Device  string // what the line says of its device; "" nothing
}

// identity is what makes two taps one: badge, wall time and status (a missing one
// is 0, its usual value), so that any variant of an export gives the same. 63 bits
// of SHA-256, never 0.
func (t *Tap) identity() uint64 {
	status := strings.TrimLeft(t.Status, "0")
	if status == "" {
		status = "0"
	}
	who := t.Value
	if t.Kind == app.Card {
		who = "card " + who
	}
	return hash(who + "\t" + t.Local.Format(time.DateTime) + "\t" + status)
}

func hash(text string) uint64 {
	h := sha256.Sum256([]byte(text))
	return max(1, binary.BigEndian.Uint64(h[:])>>1)
}

// LineReader reads lines, each by itself.
type LineReader interface {
	// ReadLines returns what a meaning makes of lines, one answer each.
	ReadLines(m Meaning, lines []Raw) ([]Said, error)
}

// Log is all that is kept of a device's log.
type Log struct {
	Box      app.Box
	Version  int64 // of the state in the store: a change of another one is refused
	Lines    []Line
	Files    []File // in the order in which they were read
	Meanings []Meaning
}

// Key names the log.
func (l *Log) Key() app.LogKey { return app.LogKey{Box: l.Box.UID, Log: app.FileLog} }

// Line is one line as it is kept, and the records that were made of it.
type Line struct {
	Raw    []byte
	File   int // its first file, in Files
	Number int // in that file
	// Records are by the tap of the line: the first, the second.
	Records []Record
}

// LineName is how people call a line: line 3 of 1_attlog.dat.
type LineName struct {
	File string // its name, without its folder
	Line int    // from 1
}

// Record is a record of a line, and the punch that was made of it.
type Record struct {
	Seq    uint64
	Punch  *app.Punch // as it is stored; nil: no tap was ever made of it
	Tap    uint64     // the identity of that tap
	Same   uint64     // the record whose punch it is, where that is another one
	Counts bool
}

// File is one import of a file, or one reading of a terminal's memory.
type File struct {
	Reading app.Reading
	Kind    Kind
	Said    Order       // what a person said of its order; "": it is recognised
	Taken   app.Instant // when it was taken from the device, where somebody says so
	Undone  app.Instant // when its import was undone
	Held    Runs        // its lines in its order, by their places
	Report  Report      // what its import did
	// Numbers are those of its lines where they are not 1, 2, 3, …: empty lines are not kept.
	Numbers []int
}

// Runs are places of lines in a log (from 0), as runs of places that follow each other.
type Runs []Run

// Run is a run of places: First, First+1, … First+Count-1.
type Run struct{ First, Count int }

// Add puts a place behind the others.
func (r *Runs) Add(place int) {
	if n := len(*r); n > 0 {
		if last := &(*r)[n-1]; last.First+last.Count == place {
			last.Count++
			return
		}
	}
	*r = append(*r, Run{place, 1})
}

// Each calls do with every place.
func (r Runs) Each(do func(place int)) {
	for _, run := range r {
		for i := range run.Count {
			do(run.First + i)
		}
	}
}

// Len is how many places there are.
func (r Runs) Len() (n int) {
	for _, run := range r {
		n += run.Count
	}
	return n
}

// MarshalBinary writes runs as pairs of variable-length integers: how far the first place
// lies behind the end of the last run (signed), and the count.
func (r Runs) MarshalBinary() ([]byte, error) {
	var out []byte
	at := 0
	for _, run := range r {
		out = binary.AppendVarint(out, int64(run.First-at))
		out = binary.AppendUvarint(out, uint64(run.Count))
		at = run.First + run.Count
	}
	return out, nil
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (r *Runs) UnmarshalBinary(b []byte) error {
	*r = nil
	at := 0
	for len(b) > 0 {
		step, n := binary.Varint(b)
		count, m := binary.Uvarint(b[max(n, 0):])
		first := at + int(step)
		if n <= 0 || m <= 0 || first < 0 || count == 0 || count > 1<<31 {
			return errRuns
		}
		b = b[n+m:]
		*r = append(*r, Run{first, int(count)})
		at = first + int(count)
	}
	return nil
}

type runsError struct{}

func (runsError) Error() string { return "places of lines: damaged" }

var errRuns error = runsError{}

// meaningOf returns the meaning of the lines that a file brought.
func (l *Log) meaningOf(file int) Meaning {
	f := &l.Files[file]
	found := Meaning{Box: l.Box.UID, Kind: f.Kind, Zone: l.Box.Zone, StatusKeys: l.Box.StatusKeys}
	since := -1
	for _, m := range l.Meanings {
		if from := l.fileOf(m.Since); m.Kind == f.Kind && m.Withdrawn == 0 && from <= file && from >= since {
			found, since = m, from
		}
	}
	return found
}

// fileOf returns the place of a reading in Files; 0 for "", which is all of them.
func (l *Log) fileOf(reading app.ID) int {
	for i := range l.Files {
		if l.Files[i].Reading.ID == reading {
			return i
		}
	}
	return 0
}
