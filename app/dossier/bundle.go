package dossier

import (
	"time"

	"klokkast/app"
)

// Bundle is one dossier with everything that is handed in with it: who, where,
// what is asked, and the evidence. All of it is plain data with the names that a
// paper needs; nothing of it is worded.
type Bundle struct {
	Dossier app.Dossier `json:"dossier"`
	// Deadline is as of Made: the day on which the bundle was put together.
	Deadline Deadline `json:"deadline"`
	Made     app.Date `json:"made"`
	Worker   Person   `json:"worker"`
	// Others are the people whom lines name besides the worker, such as the one
	// for whom a punch was registered by mistake.
	Others   []Person      `json:"others,omitempty"`
	Employer app.Employer  `json:"employer"` // the direct one, at that time
	Capacity app.Capacity  `json:"capacity,omitempty"`
	Sites    []app.Site    `json:"sites"` // that the lines name
	Evidence []Evidence    `json:"evidence"`
	Stated   *Statement    `json:"stated,omitempty"` // what a supervisor stated; nil: nothing
	Requests []app.Attempt `json:"requests"`         // to the register that the lines were in, oldest first
	Zone     app.Zone      `json:"zone"`             // of the times on paper
	Revealed bool          `json:"revealed"`         // the personal numbers are in full
}

// Person returns somebody whom lines name; nobody where the id is of none of them.
func (b *Bundle) Person(id app.ID) Person {
	for _, p := range append([]Person{b.Worker}, b.Others...) {
		if p.ID == id {
			return p
		}
	}
	return Person{}
}

// Person is somebody whom the dossier names.
type Person struct {
	ID          app.ID `json:"id"`
	Name        string `json:"name"` // Family Given
	StaffNumber string `json:"staffNumber,omitempty"`
	SSIN        string `json:"ssin,omitempty"` // masked, unless it was asked for
}

// Statement is an adjustment and its reason.
type Statement struct {
	Kind         app.AdjustmentKind `json:"kind"`
	From         app.Instant        `json:"from,omitzero"`
	To           app.Instant        `json:"to,omitzero"`
	Reason       string             `json:"reason"` // a code of app.ReasonCodes
	Note         string             `json:"note,omitempty"`
	NoteLanguage app.Language       `json:"noteLanguage,omitempty"`
	By           string             `json:"by"`
	At           app.Instant        `json:"at"`
	Withdrawn    app.Instant        `json:"withdrawn,omitzero"` // it was taken back since
}

// Evidence is one record of a box that bears a correction out.
type Evidence struct {
	Proof
	BoxLabel string         `json:"boxLabel"`
	At       app.Instant    `json:"at"` // the box's own time
	Pressed  app.PunchKey   `json:"pressed"`
	Flags    app.PunchFlags `json:"flags,omitempty"`
	Role     app.TapRole    `json:"role"` // what it turned out to be
	// Corrected is the time by the measured offset (rule C2).
	Corrected app.Instant `json:"corrected"`
	Clock     Clock       `json:"clock"`
	Reading   app.Reading `json:"reading"` // that first stored it
	Held      *Custody    `json:"held"`    // whose badge or PIN it was; nil: nobody's
}

// Clock is what is known of a box's clock at the moment of a record.
type Clock struct {
	Known         bool  `json:"known"`
	OffsetMS      int64 `json:"offsetMs"`      // box minus computer, in milliseconds
	UncertaintyMS int64 `json:"uncertaintyMs"` // ± of it
	Repaired      bool  `json:"repaired"`      // a person accepted a shift for it
	// Before and After are the measurements on either side; nil: none.
	Before *app.ClockOffset `json:"before,omitempty"`
	After  *app.ClockOffset `json:"after,omitempty"`
}

// Offset returns the offset as a duration.
func (c Clock) Offset() time.Duration { return time.Duration(c.OffsetMS) * time.Millisecond }

// Uncertainty returns ± of the offset.
func (c Clock) Uncertainty() time.Duration { return time.Duration(c.UncertaintyMS) * time.Millisecond }

// Custody says who held the badge or PIN, since when, and when that was entered.
type Custody struct {
	Kind   app.IdentifierKind `json:"kind"`
	Value  string             `json:"value"` // as the box recorded it; of a PIN, as the terminal knows it
	Label  string             `json:"label,omitempty"`
	Holder string             `json:"holder"`
	// StaffNumber and Employer are the holder's.
	StaffNumber string      `json:"staffNumber,omitempty"`
	Employer    string      `json:"employer,omitempty"`
	Span        app.Span    `json:"span"`
	Entered     app.Instant `json:"entered"`
}

// Proof is a record as it came, and where it stands in its log's chain.
type Proof struct {
	Key  app.RecordKey  `json:"key"`
	Type app.RecordType `json:"type"`
	Raw  string         `json:"raw"`            // an Open Clock Box's 32 bytes, hex; a file's line as it stood
	Text bool           `json:"text,omitempty"` // Raw is a line of a file
	Line int            `json:"line,omitempty"` // its number in the file
	// ReadingID is the reading that first stored it.
	ReadingID app.ID `json:"readingId,omitempty"`
	Chain     *Chain `json:"chain,omitempty"` // nil: files have none
}

// Chain is the position of a record in its log's chain: h(n) = SHA-256(h(n−1) ‖ record).
type Chain struct {
	Before string `json:"before,omitempty"` // h(n−1), hex; "" where a gap before it keeps it from being told
	After  string `json:"after,omitempty"`  // h(n)
	// PointSeq and Point are the next place of the chain that a reading proved
	// against what the box itself told; 0: none follows.
	PointSeq uint64 `json:"pointSeq,omitempty"`
	Point    string `json:"point,omitempty"`
	// Proven says that the chain from this record leads to that place.
	Proven bool  `json:"proven"`
	Seal   *Seal `json:"seal,omitempty"` // the next record of a seal in the log; nil: none
}

// Seal is a record of the log that says that the box signed its state.
type Seal struct {
	Seq uint64 `json:"seq"`
	Raw string `json:"raw"` // hex
}
