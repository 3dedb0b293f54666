package app

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Make is the family of a clock box: it decides how records are decoded.
type Make string

// Makes of boxes.
const (
	MakeOCB Make = "ocb1"   // Open Clock Box, devices/PROTOCOL.md
	MakeZK  Make = "zkteco" // USB-stick files of the ZKTeco family
	// MakeTable is any other make: its exports are tables that a mapping describes.
	MakeTable Make = "table"
	// MakeRegister is no clock box: it stands for the phones by which people register at a site, see RegisterEntry.
	MakeRegister Make = "register"
)

// Abilities is what boxes of a make can do, and how their records come. Whoever
// wants to know asks for an ability, never for the make's name: a make that
// comes new is a row in makes.
type Abilities struct {
	Service bool // it is read by cable and does what it is asked: sets its clock, pairs, takes a list of badges
	Files   bool // its taps come in files, in the box's local time and with a status column
	Mapped  bool // those files are tables, whose columns a person names
}

var makes = map[Make]Abilities{
	MakeOCB:   {Service: true},
	MakeZK:    {Files: true},
	MakeTable: {Files: true, Mapped: true},
}

// Can says what boxes of a make can do; of a make that is not known, nothing.
func (m Make) Can() Abilities { return makes[m] }

// UID names a box of a make whose boxes do not name themselves: by its serial
// number, or by the name that a person gave it.
func (m Make) UID(serial string) string { return string(m) + ":" + serial }

// PhonesSite returns the site whose phones a box stands for; false for a clock box.
func PhonesSite(uid string) (ID, bool) {
	site, ok := strings.CutPrefix(uid, MakeRegister.UID(""))
	return ID(site), ok
}

// FileLog is the log id of records that came in files, which know no log.
const FileLog = "file"

// Box is a clock box that was met, placed or not.
type Box struct {
	UID       string `json:"uid"` // OCB: 32 lower-case hex digits; others: make, ":" and serial
	Make      Make   `json:"make"`
	Label     string `json:"label"`               // as people call it; not unique
	PublicKey string `json:"publicKey,omitempty"` // Ed25519, hex; pinned at first sight
	Zone      Zone   `json:"zone,omitempty"`      // for makes that store local time
	// Group is the identifier group of its PINs ("" for boxes that read cards only).
	Group string `json:"group,omitempty"`
	// StatusKeys says whether the status column of its files means a pressed key: yes, no or ask.
	StatusKeys StatusKeys `json:"statusKeys,omitempty"`
	FirstSeen  Instant    `json:"firstSeen"`
	// Quarantined says why nothing is read from it any more (a clone, a restored box); "" if it is not.
	Quarantined string `json:"quarantined,omitempty"`
}

// Serial is the serial number of a box whose make does not name its boxes otherwise, or the name that a person gave it; "" for others.
func (b *Box) Serial() string {
	_, serial, _ := strings.Cut(b.UID, ":")
	return serial
}

// Name is how people call a box: by its label, else by its serial, else by the beginning of its uid.
func (b *Box) Name() string {
	return cmp.Or(b.Label, b.Serial(), b.UID[:min(len(b.UID), 8)])
}

// StatusKeys is the answer to "does the status column mean a key?" (rule P4).
type StatusKeys string

// Answers about a status column.
const (
	StatusAsk   StatusKeys = "ask"
	StatusIsKey StatusKeys = "yes"
	StatusNoKey StatusKeys = "no"
)

// LogKey names one log of one box. A new log id is made only when a box's store is formatted.
type LogKey struct {
	Box string `json:"box"`
	Log string `json:"log"` // OCB: 32 lower-case hex digits; files: FileLog
}

// ByRegister says that the log holds what people registered by phone or otherwise.
func (k LogKey) ByRegister() bool {
	_, ok := PhonesSite(k.Box)
	return ok
}

// String returns box/log.
func (k LogKey) String() string { return k.Box + "/" + k.Log }

// RecordKey is the natural key of a record.
type RecordKey struct {
	LogKey
	// Seq is the box's own sequence number, from 1. Records of files have none:
	// theirs is made of their content (63 bits of SHA-256 over PIN, local time
	// and status), so that the same line of any export is the same record.
	Seq uint64 `json:"seq"`
}

// String returns box/log/sequence: the anchor of anomalies.
func (k RecordKey) String() string { return fmt.Sprintf("%s/%s/%d", k.Box, k.Log, k.Seq) }

// Compare orders keys by box, log and sequence.
func (k RecordKey) Compare(o RecordKey) int {
	switch {
	case k.Box != o.Box:
		return cmpString(k.Box, o.Box)
	case k.Log != o.Log:
		return cmpString(k.Log, o.Log)
	case k.Seq < o.Seq:
		return -1
	case k.Seq > o.Seq:
		return 1
	}
	return 0
}

func cmpString(a, b string) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

// RecordType is the type byte of an OCB/1 record; files hold punches only.
type RecordType uint8

// Types of records (devices/PROTOCOL.md). Unknown newer ones are kept raw.
const (
	RecordPunch      RecordType = 0x01
	RecordRefused    RecordType = 0x02 // a badge that was not on the list
	RecordBoot       RecordType = 0x10
	RecordPowerLost  RecordType = 0x11
	RecordPowerBack  RecordType = 0x12
	RecordBatteryLow RecordType = 0x13
	RecordClockSet   RecordType = 0x20
	RecordClockLost  RecordType = 0x21
	RecordCaseOpened RecordType = 0x30
	RecordCaseClosed RecordType = 0x31
	RecordLabel      RecordType = 0x40
	RecordBadgeList  RecordType = 0x41
	RecordAcked      RecordType = 0x42
	RecordPagesLost  RecordType = 0x43
	RecordStoreFull  RecordType = 0x44
	RecordSeal       RecordType = 0x50
)

// PunchKey is the key that was pressed with a tap.
type PunchKey uint8

// Keys of a box.
const (
	KeyNone PunchKey = iota
	KeyIn
	KeyOut
	KeyBreakStart
	KeyBreakEnd
)

var punchKeyNames = [...]string{"none", "in", "out", "break-start", "break-end"}

// String returns none, in, out, break-start or break-end.
func (k PunchKey) String() string {
	if int(k) < len(punchKeyNames) {
		return punchKeyNames[k]
	}
	return fmt.Sprintf("key-%d", uint8(k))
}

// MarshalText returns what String gives.
func (k PunchKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Record is one record of a box as it came, of any type. Immutable.
type Record struct {
	Key  RecordKey
	Type RecordType
	Raw  []byte // OCB: the 32 bytes; files: the line as it stood, without its line end
	Line int    // files: the line's number, from 1; OCB: 0
	// Punch or Event is what the record says; both nil for types nobody knows yet.
	Punch *Punch
	Event *BoxEvent
}

// PunchFlags are what a box said about a tap.
type PunchFlags uint8

// Flags of a punch.
const (
	TimeUntrusted PunchFlags = 1 << iota // the box did not trust its own clock
	WithoutList                          // decided without a badge list
	ByHand                               // the identifier was keyed in by hand
	Refused                              // the badge was refused (RecordRefused)
	// Withdrawn: a tap of a line that means it no more, or whose import was undone. It counts nowhere, and is there only
	// since it was sent.
	Withdrawn
)

// Punch is one record of a person's tap. Immutable.
type Punch struct {
	Key        RecordKey     `json:"key"`
	At         Instant       `json:"at"` // the box's own time, never corrected here
	Identifier IdentifierKey `json:"identifier"`
	Pressed    PunchKey      `json:"pressed"`
	Flags      PunchFlags    `json:"flags,omitempty"`
	Boot       uint16        `json:"boot,omitempty"`
	// SinceBoot is the time since that boot in units of 10 ms; 0 for makes that do not keep it.
	SinceBoot uint32 `json:"sinceBoot,omitempty"`
	ReadingID ID     `json:"readingId,omitempty"` // the reading that first fetched it
	// Position is where a tap of a file or a terminal stands in its log; zero for boxes with sequence numbers.
	Position Position `json:"-"`
}

// Position is where a tap without a sequence number stands in the log that its device wrote (rule O1): taps of one
// second are told apart by it, and a clock that was set back is seen by it (rule C3).
type Position struct {
	// Passage numbers the stretches of the log that are known in one piece, in their order, from 1. Between two of them
	// lines may be missing. 0: nothing is known of the order.
	Passage uint32
	// Line is the place in the passage, from 1.
	Line uint32
	// Loose says that the lines of the passage are in order for each identifier alone: the file was sorted by person or
	// put together from several logs, so that a step back in time shows nothing.
	Loose bool
}

// Compare orders positions in one log.
func (p Position) Compare(o Position) int {
	return cmp.Or(cmp.Compare(p.Passage, o.Passage), cmp.Compare(p.Line, o.Line))
}

// CompareRecords is the order of punches of one instant (rule O1): by log, then as the log has them.
func (p *Punch) CompareRecords(o *Punch) int {
	if p.Key.LogKey != o.Key.LogKey {
		return p.Key.Compare(o.Key)
	}
	return cmp.Or(p.Position.Compare(o.Position), cmp.Compare(p.Key.Seq, o.Key.Seq))
}

// BoxEvent is one record that is not a tap. Immutable.
type BoxEvent struct {
	Key       RecordKey  `json:"key"`
	Type      RecordType `json:"type"`
	At        Instant    `json:"at"`
	Boot      uint16     `json:"boot,omitempty"`
	SinceBoot uint32     `json:"sinceBoot,omitempty"`
	Data      [11]byte   `json:"-"` // bytes 19–29 of the record, by type
	ReadingID ID         `json:"readingId,omitempty"`
}

// BoxInfo is what a connected box tells of itself.
type BoxInfo struct {
	Log       LogKey `json:"log"`
	Make      Make   `json:"make"`
	Maker     string `json:"maker"`
	Model     string `json:"model"`
	Firmware  string `json:"firmware"`
	Label     string `json:"label"`
	Battery   int    `json:"battery"` // percent; -1 unknown
	ClockSet  bool   `json:"clockSet"`
	First     uint64 `json:"first"` // sequence of the oldest record still there; 0 none
	Last      uint64 `json:"last"`
	Acked     uint64 `json:"acked"`
	Capacity  uint64 `json:"capacity"` // records
	PublicKey string `json:"publicKey,omitempty"`
	Paired    bool   `json:"paired"` // with this installation
}

// ClockOffset is one measurement of a box's clock against this computer's.
type ClockOffset struct {
	At          Instant       `json:"at"`          // this computer's clock, at the midpoint of the exchange
	Offset      time.Duration `json:"offset"`      // box minus computer
	Uncertainty time.Duration `json:"uncertainty"` // ± half the round trip
}

// ClockCheck is when and against what this computer's own clock was last found right.
type ClockCheck struct {
	At     Instant       `json:"at,omitzero"` // zero: never
	Offset time.Duration `json:"offset"`      // computer minus source
	Source string        `json:"source,omitempty"`
}

// ClockCheckLife is the age from which a check of the computer's clock counts no more (rule C1).
const ClockCheckLife = 7 * 24 * time.Hour

// Good says that the check still counts at the instant now.
func (c ClockCheck) Good(now Instant) bool {
	return c.At != 0 && now.Sub(c.At) < ClockCheckLife && now >= c.At
}

// ReadingSource says how records came.
type ReadingSource string

// Sources of a reading.
const (
	FromCable ReadingSource = "cable"
	FromFile  ReadingSource = "file"
	// FromRegister is a consultation of the register, FromList a list exported from its online service, FromPerson the
	// word of somebody who looked there: all three of a box of MakeRegister.
	FromRegister ReadingSource = "register"
	FromList     ReadingSource = "list"
	FromPerson   ReadingSource = "person"
)

// ReadingState says how a reading ended.
type ReadingState string

// States of a reading.
const (
	ReadingRunning ReadingState = "running" // or its process died
	ReadingDone    ReadingState = "done"
	ReadingStopped ReadingState = "stopped" // cancelled or cut off; what was stored before is kept
	ReadingRefused ReadingState = "refused" // quarantine, wrong chain, a record that differs
)

// Reading is one session with a box, or one import of a file.
type Reading struct {
	ID           ID            `json:"id"`
	Log          LogKey        `json:"log"`
	Source       ReadingSource `json:"source"`
	FileName     string        `json:"fileName,omitempty"` // base name only
	Installation ID            `json:"installation"`
	Actor        string        `json:"actor"`
	State        ReadingState  `json:"state"`
	Problem      string        `json:"problem,omitempty"` // why it was stopped or refused: a code, never personal data
	Started      Instant       `json:"started"`
	Ended        Instant       `json:"ended,omitzero"`
	First        uint64        `json:"first,omitempty"` // lowest and highest sequence that it fetched; files: 0
	Last         uint64        `json:"last,omitempty"`
	Records      int           `json:"records"`            // fetched
	New          int           `json:"new"`                // stored for the first time
	EndHash      string        `json:"endHash,omitempty"`  // h(Last), hex
	Acked        uint64        `json:"acked,omitempty"`    // acknowledged to the box by this reading
	BoxAcked     uint64        `json:"boxAcked,omitempty"` // the box's acknowledged mark when the reading began
	BoxLast      uint64        `json:"boxLast,omitempty"`  // the box's last record when the reading began: the highest that it named
	Capacity     uint64        `json:"capacity,omitempty"` // of the box's store, in records; 0: it does not say
	// Drops is how often the cable dropped during it, and Piece how many records the next reading asks for at once
	// after that; 0: as many as usual.
	Drops int          `json:"drops,omitempty"`
	Piece int          `json:"piece,omitempty"`
	Clock *ClockOffset `json:"clock,omitempty"`
	Check ClockCheck   `json:"check,omitzero"`
	// ReadTo is the instant up to which the box had no other punches: the
	// computer's time at which the log's end was fixed. Files: the latest time in it.
	ReadTo Instant `json:"readTo,omitzero"`
}

// Gap is a range of sequence numbers that the store does not hold, both included.
type Gap struct {
	Log   LogKey `json:"log"`
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
	// ReadElsewhere says that the range lies at or below what the box had
	// acknowledged to another installation: information, not a loss (rule C4).
	ReadElsewhere bool    `json:"readElsewhere"`
	Known         Instant `json:"known"` // when it was found
}
