package app

import "fmt"

// EmployerKind says what an employer is to the company that uses the program.
type EmployerKind string

// Kinds of employer.
const (
	OwnCompany    EmployerKind = "own"
	Subcontractor EmployerKind = "subcontractor"
	Agency        EmployerKind = "agency" // temporary-work agency
)

// Employer is the direct employer of workers: the own company, a
// subcontractor or a temporary-work agency.
type Employer struct {
	ID         ID           `json:"id"`
	Name       string       `json:"name"`
	Kind       EmployerKind `json:"kind"`
	Enterprise string       `json:"enterpriseNumber,omitempty"` // 10 digits, valid by identity.ParseEnterprise; or
	ForeignVAT string       `json:"foreignVat,omitempty"`       // for a firm without one
	// RegistersSince is the instant from which punches of its staff are
	// registered by this program ("registers with Klokkast since"); zero: not yet.
	RegistersSince Instant `json:"registersSince,omitzero"`
	Ended          Instant `json:"ended,omitzero"`
}

// Worker is a person who cleans.
type Worker struct {
	ID          ID       `json:"id"`
	StaffNumber string   `json:"staffNumber,omitempty"` // the company's own number; unique where given
	FamilyName  string   `json:"familyName"`
	GivenName   string   `json:"givenName"`
	SSIN        Secret   `json:"ssin,omitempty"`   // 11 digits, valid by identity.ParseSSIN (a BIS number is one too)
	Limosa      Secret   `json:"limosa,omitempty"` // for workers posted to Belgium
	LimosaDays  Days     `json:"limosaDays,omitzero"`
	BirthDate   Date     `json:"-"`
	Language    Language `json:"language"` // of the worker's paper
	Ended       Instant  `json:"ended,omitzero"`
}

// Format keeps the number masked where a verb does not fit: fmt then prints a
// pointer's content raw, past all methods of what is in it.
func (w Worker) Format(f fmt.State, _ rune) {
	type plain Worker
	fmt.Fprintf(f, "%+v", plain(w))
}

// Name returns "Family Given", the order of lists and papers.
func (w Worker) Name() string {
	switch {
	case w.GivenName == "":
		return w.FamilyName
	case w.FamilyName == "":
		return w.GivenName
	}
	return w.FamilyName + " " + w.GivenName
}

// Capacity is the capacity in which a person works (item 7 of the register's rules).
type Capacity string

// Capacities known to the register.
const (
	Employee        Capacity = "employee"
	SelfEmployed    Capacity = "self-employed"
	TemporaryWorker Capacity = "temporary"
	Trainee         Capacity = "trainee"
)

// Rounding is how a printed duration is rounded; it never touches punches.
type Rounding struct {
	Minutes int          `json:"minutes"` // 0 (none), 5 or 15
	Mode    RoundingMode `json:"mode,omitempty"`
}

// RoundingMode is the direction of rounding.
type RoundingMode string

// Directions of rounding.
const (
	RoundNearest RoundingMode = "nearest"
	RoundUp      RoundingMode = "up"
	RoundDown    RoundingMode = "down"
)

// Engagement ties a worker to an employer. A person may have two, at once or one after the other.
type Engagement struct {
	ID          ID          `json:"id"`
	WorkerID    ID          `json:"workerId"`
	EmployerID  ID          `json:"employerId"`
	Capacity    Capacity    `json:"capacity"`
	Days        Days        `json:"days"`
	WeeklyHours WeeklyHours `json:"weeklyMinutes,omitempty"` // 0: the company's default
	Rounding    Rounding    `json:"rounding,omitzero"`
	Default     bool        `json:"default"` // the one that counts where the identifier does not decide
	Thresholds  Thresholds  `json:"thresholds,omitempty"`
}

// IdentifierKind says what is shown to a box.
type IdentifierKind string

// Kinds of identifier.
const (
	Card IdentifierKind = "card"
	PIN  IdentifierKind = "pin"
	// ByRegister is a person whom the register named: the value is the worker's id. Nobody shows it to a box.
	ByRegister IdentifierKind = "worker"
)

// IdentifierKey is what a box records of a person: comparable, so that it keys maps.
type IdentifierKey struct {
	Kind IdentifierKind `json:"kind"`
	// Group is the named group of boxes in which the value names one person; ""
	// means all boxes. PIN 1 on two terminals is two people: each such terminal
	// has a group of its own unless someone joins them.
	Group string `json:"group,omitempty"`
	// Value is canonical: for a card its bytes as upper-case hex in the order in
	// which the box sent them; for a PIN its text without blanks or leading zeros.
	Value string `json:"value"`
}

// Identifier is a card or a PIN that the company knows.
type Identifier struct {
	ID    ID            `json:"id"`
	Key   IdentifierKey `json:"key"`
	Label string        `json:"label,omitempty"` // what is printed on the card
}

// Custody says that whoever works by an engagement holds an identifier.
// Custody of one identifier never overlaps: entering one ends the other.
type Custody struct {
	ID           ID      `json:"id"`
	IdentifierID ID      `json:"identifierId"`
	EngagementID ID      `json:"engagementId"`
	Span         Span    `json:"span"`
	Entered      Instant `json:"entered"` // when it was entered: punches before it were "attributed afterwards"
}
