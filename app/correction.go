package app

// CorrectionDays is within how many Belgian calendar days from the day of the
// punch the NSSO corrects what is registered. [O]
const CorrectionDays = 30

// CorrectionKind says what the register has wrong, or lacks.
type CorrectionKind string

// Kinds of correction. Each has a letter of its own in the dossier.
const (
	CorrectMissing   CorrectionKind = "missing"   // a person was there, and no punch says so: a supervisor states it
	CorrectDifferent CorrectionKind = "different" // registered, but with another person, site, time, type, declaration or employer than was right
	CorrectRefused   CorrectionKind = "refused"   // the register did not take it
	CorrectInvalid   CorrectionKind = "invalid"   // taken, and judged invalid later
	CorrectExtra     CorrectionKind = "extra"     // the register holds one that ought not to be there
	CorrectCancelled CorrectionKind = "cancelled" // taken, and cancelled or gone since
	CorrectUnknown   CorrectionKind = "unknown"   // sent, and nobody can tell (yet) whether it arrived
	CorrectNotSent   CorrectionKind = "not-sent"  // a punch that can no longer be sent: too old, or of a wrong clock
)

// Correction is one thing that the NSSO is to be asked to put right: what its
// register holds, and what it should hold instead. The NSSO corrects within 30
// Belgian calendar days from Day.
type Correction struct {
	Kind        CorrectionKind `json:"kind"`
	Environment Environment    `json:"environment"`
	// Anchor names the fact: the key of a punch, the id of an adjustment, or
	// register:NUMBER for what the register alone knows.
	Anchor       string `json:"anchor"`
	WorkerID     ID     `json:"workerId,omitempty"`
	EngagementID ID     `json:"engagementId,omitempty"`
	SiteID       ID     `json:"siteId,omitempty"`
	Day          Date   `json:"day"` // Belgian day of the punch
	// Has is what the register holds, Wants what it should hold instead; either may be empty.
	Has        []CorrectionLine `json:"has"`
	Wants      []CorrectionLine `json:"wants"`
	Punches    []RecordKey      `json:"punches,omitempty"`
	Adjustment ID               `json:"adjustment,omitempty"`
	// Differs names what is wrong of one that is different: type, worker, site,
	// ssin, declaration, employer, place, time, or effect.
	Differs []string `json:"differs,omitempty"`
}

// Key returns the identity of a correction within its environment: kind|anchor.
func (c *Correction) Key() string { return string(c.Kind) + "|" + c.Anchor }

// CorrectionLine is one registration as it stands at the register, or as it
// should. It holds no personal number: WorkerID says whose it is.
type CorrectionLine struct {
	Type         RegistrationType `json:"type"`
	At           Instant          `json:"at"` // whole seconds
	WorkerID     ID               `json:"workerId,omitempty"`
	SiteID       ID               `json:"siteId,omitempty"`
	Place        Place            `json:"place,omitzero"`
	Enterprise   string           `json:"enterpriseNumber,omitempty"`
	ForeignVAT   string           `json:"foreignVat,omitempty"`
	Declaration  string           `json:"declaration,omitempty"`
	Registration ID               `json:"registration,omitempty"` // ours; "" where we sent none
	RegisterID   int64            `json:"registerId,omitempty"`   // the register's number
	Validity     string           `json:"validity,omitempty"`
	Answer       string           `json:"answer,omitempty"` // masked, verbatim
	Answered     Instant          `json:"answered,omitzero"`
}

// DossierState is where the work on a dossier stands.
type DossierState string

// States of a dossier.
const (
	DossierToDo     DossierState = "to-do"
	DossierHandedIn DossierState = "handed-in"
	DossierAnswered DossierState = "answered"
	DossierDropped  DossierState = "dropped" // not needed after all
)

// DossierOutcome is what the NSSO answered.
type DossierOutcome string

// Outcomes of a dossier.
const (
	OutcomeCorrected DossierOutcome = "corrected"
	OutcomePartly    DossierOutcome = "partly"
	OutcomeRejected  DossierOutcome = "rejected"
)

// Dossier is one request to the NSSO to correct its register, with its steps.
// What is asked is fixed when it is made.
type Dossier struct {
	ID         ID            `json:"id"`
	Correction Correction    `json:"correction"`
	By         string        `json:"by"`
	At         Instant       `json:"at"`
	Steps      []DossierStep `json:"steps"`
}

// State returns where it stands: what its last step says.
func (d *Dossier) State() DossierState {
	if n := len(d.Steps); n > 0 {
		return d.Steps[n-1].State
	}
	return DossierToDo
}

// Open says that the NSSO has not answered it, and nobody dropped it.
func (d *Dossier) Open() bool {
	s := d.State()
	return s == DossierToDo || s == DossierHandedIn
}

// DossierStep is one step of a dossier after it was made. Steps are never changed or erased.
type DossierStep struct {
	State     DossierState   `json:"state"` // handed-in, answered or dropped
	Day       Date           `json:"day"`   // on which it was handed in, answered or dropped
	Reference string         `json:"reference,omitempty"`
	Outcome   DossierOutcome `json:"outcome,omitempty"` // of an answer
	Note      string         `json:"note,omitempty"`
	By        string         `json:"by"`
	At        Instant        `json:"at"`
}
