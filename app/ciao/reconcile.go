package ciao

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

// DifferenceKind says in what way box, store and register do not agree; its text
// is reconcile.kind.CODE.
type DifferenceKind string

// Kinds of difference.
const (
	DiffGap        DifferenceKind = "gap"          // the box has records that the store lacks
	DiffUnread     DifferenceKind = "unread"       // the box was not read to the end of the period
	DiffUnacked    DifferenceKind = "unacked"      // the store has punches that the box was not told of
	DiffMissing    DifferenceKind = "missing"      // accepted once, and not at the register any more
	DiffCancelled  DifferenceKind = "cancelled"    // at the register, as cancelled
	DiffDifferent  DifferenceKind = "different"    // at the register with another place, time, employer, type or declaration
	DiffStatus     DifferenceKind = "status"       // its validity changed since
	DiffUnknown    DifferenceKind = "unknown"      // of unknown fate here, and at the register
	DiffUnsent     DifferenceKind = "unsent"       // waits here, and at the register already
	DiffHeld       DifferenceKind = "held"         // held here, and not at the register
	DiffThereHeld  DifferenceKind = "held-there"   // held here, and at the register by another way
	DiffThereAgain DifferenceKind = "double"       // at the register more than once
	DiffRefused    DifferenceKind = "refused-here" // refused here, and at the register all the same
	DiffExtra      DifferenceKind = "extra"        // at the register, and nobody punched it here
)

// DifferenceStep says what to do about a difference; its text is reconcile.step.CODE.
type DifferenceStep string

// Steps.
const (
	StepReadBox DifferenceStep = "read-box"
	StepAckBox  DifferenceStep = "acknowledge" // read the box again: it is told then
	StepLookUp  DifferenceStep = "look-up"     // send: it is looked up first
	StepAdopt   DifferenceStep = "adopt"       // send: it is looked up first, and what is found is adopted
	StepRelease DifferenceStep = "release"     // release it: what the register has is adopted, not sent
	StepMend    DifferenceStep = "mend"        // what is missing keeps it from being sent: see pre-flight
	StepDossier DifferenceStep = "dossier"     // only the NSSO can put it right
	StepNothing DifferenceStep = "none"        // to know: it is as it should be
)

// Difference is one place where box, store and register do not agree.
type Difference struct {
	Kind         DifferenceKind       `json:"kind"`
	Step         DifferenceStep       `json:"step"`
	WorkerID     app.ID               `json:"workerId,omitempty"`
	EngagementID app.ID               `json:"engagementId,omitempty"`
	SiteID       app.ID               `json:"siteId,omitempty"`
	Box          string               `json:"box,omitempty"`
	Punch        *app.RecordKey       `json:"punch,omitempty"`
	Registration app.ID               `json:"registration,omitempty"`
	RegisterID   int64                `json:"registerId,omitempty"`
	Type         app.RegistrationType `json:"type,omitempty"`
	At           app.Instant          `json:"at,omitzero"`
	// Fields names what differs: type, time, ssin, place, employer, declaration.
	Fields []string `json:"fields,omitempty"`
	// Ours and Theirs are the two sides, where there is one.
	Ours   *app.CorrectionLine `json:"ours,omitempty"`
	Theirs *app.CorrectionLine `json:"theirs,omitempty"`
	// Held is why a held one is held.
	Held app.HeldReason `json:"held,omitempty"`
	// First and Last are the sequence numbers of a gap; Count is of punches that were not acknowledged.
	First uint64 `json:"first,omitempty"`
	Last  uint64 `json:"last,omitempty"`
	Count uint64 `json:"count,omitempty"`
}

// AskedPerson is one person whom the register was asked about.
type AskedPerson struct {
	WorkerID app.ID `json:"workerId"`
	// Asked says that the answer counts; Problem is why it does not (a code).
	Asked   bool                `json:"asked"`
	Problem string              `json:"problem,omitempty"`
	TraceID string              `json:"traceId,omitempty"`
	Ours    int                 `json:"ours"`    // accepted here in the period
	Theirs  int                 `json:"theirs"`  // at the register, cancelled ones left out
	ByPhone int                 `json:"byPhone"` // of these: known here as registered by phone or otherwise
	found   []FoundRegistration `json:"-"`       // while it is compared: numbers stand in it
}

// Reconciliation is what a comparison of a period found. It holds no personal number.
type Reconciliation struct {
	ID          app.ID          `json:"id"`
	Environment app.Environment `json:"environment"`
	Days        app.Days        `json:"days"`
	WorkerID    app.ID          `json:"workerId,omitempty"` // "" everyone
	By          string          `json:"by"`
	At          app.Instant     `json:"at"`
	// CannotTell is why the register could not be compared at all (a code); ""
	// where it was. Box and store are compared all the same.
	CannotTell  string        `json:"cannotTell,omitempty"`
	Persons     []AskedPerson `json:"persons"`
	Differences []Difference  `json:"differences"`
}

// Complete says that everyone's answer counts.
func (r *Reconciliation) Complete() bool {
	return r.CannotTell == "" && !slices.ContainsFunc(r.Persons, func(p AskedPerson) bool { return !p.Asked })
}

// BoxState is how far one log of a box was read, for the comparison with the store.
type BoxState struct {
	Log     app.LogKey
	SiteID  app.ID
	ReadTo  app.Instant // zero: never
	Unacked uint64
	Gaps    []app.Gap
}

// CompareInput is everything that Compare looks at.
type CompareInput struct {
	Zone       *time.Location
	Days       app.Days // Belgian days, both ends given
	Now        app.Instant
	Candidates []Candidate
	Boxes      []BoxState // that stood at a site under CIAO in the period
	// Phones are the sites where people may register by phone, Entries what the register showed of them until now.
	Phones  []PhonesKnown
	Entries []app.RegisterEntry
	Persons []AskedPerson
}

// Compare says where box, store and register do not agree. What the register
// holds of a person counts only where Persons says so: of the others nothing is
// claimed. It is pure, save that it notes with the persons what of theirs is known as registered by phone.
func Compare(in CompareInput) []Difference {
	c := &comparison{in: in, ours: map[app.ID][]*Candidate{}, list: []Difference{}}
	c.boxes()
	c.phones()
	for i := range in.Candidates {
		k := &in.Candidates[i]
		if k.Adjustment == "" && in.Days.Holds(k.Registration.At.DateIn(in.Zone)) {
			c.ours[k.Registration.WorkerID] = append(c.ours[k.Registration.WorkerID], k)
		}
	}
	for i := range in.Persons {
		if in.Persons[i].Asked {
			c.person(&in.Persons[i])
		}
	}
	slices.SortStableFunc(c.list, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.WorkerID, b.WorkerID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.RegisterID, b.RegisterID))
	})
	return c.list
}

type comparison struct {
	in   CompareInput
	ours map[app.ID][]*Candidate
	list []Difference

	declared map[string]bool              // declarations of sites where people may register by phone
	entries  map[int64]*app.RegisterEntry // by the register's number
}

// boxes compares boxes with the store.
func (c *comparison) boxes() {
	end := min(c.in.Days.To.End(c.in.Zone), c.in.Now)
	for _, b := range c.in.Boxes {
		d := Difference{SiteID: b.SiteID, Box: b.Log.Box, Step: StepReadBox}
		for _, g := range b.Gaps {
			gap := d
			gap.Kind, gap.First, gap.Last, gap.At = DiffGap, g.First, g.Last, g.Known
			c.list = append(c.list, gap)
		}
		if b.ReadTo < end {
			unread := d
			unread.Kind, unread.At = DiffUnread, b.ReadTo
			c.list = append(c.list, unread)
		}
		if b.Unacked > 0 {
			acked := d
			acked.Kind, acked.Step, acked.Count = DiffUnacked, StepAckBox, b.Unacked
			c.list = append(c.list, acked)
		}
	}
}

// person compares what the register holds of a person with what is here: first
// what carries one of our numbers, then what is the same in all that is sent,
// then what lies near; the rest is extra.
func (c *comparison) person(p *AskedPerson) {
	left := slices.Clone(p.found)
	slices.SortFunc(left, func(a, b FoundRegistration) int { return cmp.Compare(a.ID, b.ID) })
	theirs := make(map[*Candidate]*FoundRegistration)
	take := func(k *Candidate, fits func(*FoundRegistration) bool) {
		if i := slices.IndexFunc(left, func(f FoundRegistration) bool { return fits(&f) }); i >= 0 && theirs[k] == nil {
			f := left[i]
			theirs[k], left = &f, slices.Delete(left, i, i+1)
		}
	}
	mine := c.ours[p.WorkerID]
	for _, k := range mine {
		take(k, func(f *FoundRegistration) bool { return k.Exists && f.ID == k.Registration.RegisterID })
	}
	for _, k := range mine {
		take(k, func(f *FoundRegistration) bool { return !f.Cancelled && adoptable(&k.Registration, f) })
	}
	for _, k := range mine {
		if k.Exists && k.Registration.RegisterID == 0 && k.Registration.State == app.RegAccepted { // a person said that it is there
			take(k, func(f *FoundRegistration) bool { return !f.Cancelled && nearby(&k.Registration, f) })
		}
	}
	for _, k := range mine {
		c.one(k, theirs[k])
	}
	for i := range left {
		if !c.phone(p, &left[i]) {
			c.extra(p.WorkerID, mine, &left[i])
		}
	}
	c.phonesGone(p)
}

// about begins a difference of one of ours.
func about(kind DifferenceKind, step DifferenceStep, k *Candidate, f *FoundRegistration) Difference {
	r := &k.Registration
	d := Difference{
		Kind: kind, Step: step, WorkerID: r.WorkerID, EngagementID: r.EngagementID, SiteID: r.SiteID, Box: r.Punch.Box, Punch: &r.Punch,
		Registration: r.ID, RegisterID: r.RegisterID, Type: r.Type, At: r.At, Held: k.Held(),
	}
	ours := lineOf(r)
	d.Ours = &ours
	if f != nil {
		theirs := foundLine(r.WorkerID, f)
		d.Theirs, d.RegisterID = &theirs, f.ID
	}
	return d
}

// foundLine returns what the register holds as a line.
func foundLine(worker app.ID, f *FoundRegistration) app.CorrectionLine {
	l := app.CorrectionLine{
		Type: f.Type, At: f.RegistrationDate.Instant, WorkerID: worker, Enterprise: f.Employer.EnterpriseNumber, ForeignVAT: f.Employer.ForeignVATNumber,
		Declaration: f.Declaration, Place: f.Place(), RegisterID: f.ID, Validity: mask(f.Validity), Answer: remarks(f.Remarks),
	}
	return l
}

// one compares one of ours with what the register holds of it; nil: nothing.
func (c *comparison) one(k *Candidate, f *FoundRegistration) {
	note := func(kind DifferenceKind, step DifferenceStep) {
		c.list = append(c.list, about(kind, step, k, f))
	}
	state := k.Registration.State
	switch {
	case !k.Exists:
		c.unsent(k, f, note)
	case state == app.RegAccepted && f == nil:
		note(DiffMissing, StepDossier)
	case state == app.RegAccepted && f.Cancelled:
		note(DiffCancelled, StepDossier)
	case state == app.RegAccepted:
		if fields := fieldsThatDiffer(&k.Registration, f); len(fields) > 0 {
			d := about(DiffDifferent, StepDossier, k, f)
			d.Fields = fields
			c.list = append(c.list, d)
		}
		was := k.Registration.Validity
		if v := mask(f.Validity); v != was && (Final(was) || !PlainlyGood(v)) { // else it is as it should be
			step := StepNothing
			if StandingOf(v) == StandsInvalid {
				step = StepDossier
			}
			note(DiffStatus, step)
		}
	case f == nil:
		if state == app.RegUnknown {
			note(DiffUnknown, StepLookUp)
		}
	case state == app.RegRefused:
		note(DiffRefused, StepDossier)
	case state == app.RegUnknown:
		note(DiffUnknown, StepAdopt)
	default:
		note(DiffUnsent, StepAdopt)
	}
}

// unsent compares a punch that has no row here.
func (c *comparison) unsent(k *Candidate, f *FoundRegistration, note func(DifferenceKind, DifferenceStep)) {
	step := StepMend
	if k.Releasable() {
		step = StepRelease
	}
	switch {
	case k.Never() || slices.Contains(k.Reasons, app.HeldNotUnderCIAO):
		if f != nil { // a tap that counts for nothing is registered
			note(DiffExtra, StepDossier)
		}
	case k.Held() == app.HeldByPhone && f == nil: // the register has the one by phone
	case k.Ready() && f == nil:
		note(DiffHeld, StepLookUp)
	case k.Ready():
		note(DiffUnsent, StepAdopt)
	case f != nil:
		note(DiffThereHeld, step)
	default:
		note(DiffHeld, step)
	}
}

// fieldsThatDiffer names in what the register's differs from what was sent.
func fieldsThatDiffer(r *app.Registration, f *FoundRegistration) []string {
	var out []string
	note := func(differs bool, name string) {
		if differs {
			out = append(out, name)
		}
	}
	sent := itemOf(r)
	note(f.Type != r.Type, "type")
	note(wholeSecond(f.RegistrationDate.Instant) != wholeSecond(r.At), "time")
	note(f.SSIN != sent.SSIN, "ssin")
	note(!samePlace(sent.PlaceOfWork, f.PlaceOfWork), "place")
	note(f.Employer != sent.Employer, "employer")
	note(f.Declaration != r.Declaration, "declaration")
	return out
}

// samePlace compares places as they are sent: coordinates to 5 decimals, about a
// metre. A register that shows neither says nothing against it.
func samePlace(a, b WirePlace) bool {
	switch {
	case b.Coordinates == nil && b.Address == nil:
		return true
	case a.Coordinates != nil && b.Coordinates != nil:
		round := func(c *WireCoordinates) app.Coordinates {
			return identity.RoundCoordinates(app.Coordinates{Latitude: c.Latitude, Longitude: c.Longitude})
		}
		return round(a.Coordinates) == round(b.Coordinates)
	case a.Address != nil && b.Address != nil:
		return *a.Address == *b.Address
	}
	return false
}

// extra tells of what the register holds and nothing here accounts for.
func (c *comparison) extra(worker app.ID, mine []*Candidate, f *FoundRegistration) {
	if f.Cancelled { // taken away by whoever put it there
		return
	}
	theirs := foundLine(worker, f)
	d := Difference{Kind: DiffExtra, Step: StepDossier, WorkerID: worker, RegisterID: f.ID, Type: f.Type, At: theirs.At, Theirs: &theirs}
	for _, k := range mine {
		r := &k.Registration
		if k.Exists && (adoptable(r, f) || nearby(r, f)) {
			ours := lineOf(r)
			d.Ours, d.SiteID, d.EngagementID, d.Punch, d.Registration = &ours, r.SiteID, r.EngagementID, &r.Punch, r.ID
			d.Fields = fieldsThatDiffer(r, f)
			if adoptable(r, f) {
				d.Kind = DiffThereAgain
			}
			break
		}
	}
	c.list = append(c.list, d)
}

// Corrections returns what of a reconciliation only the NSSO can put right.
func (r *Reconciliation) Corrections(zone *time.Location) []app.Correction {
	var out []app.Correction
	for i := range r.Differences {
		if d := &r.Differences[i]; d.Step == StepDossier {
			out = append(out, d.correction(r.Environment, zone))
		}
	}
	return out
}

func (d *Difference) correction(e app.Environment, zone *time.Location) app.Correction {
	c := app.Correction{
		Kind: app.CorrectDifferent, Environment: e, WorkerID: d.WorkerID, EngagementID: d.EngagementID, SiteID: d.SiteID,
		Day: d.At.DateIn(zone), Differs: d.Fields, Has: []app.CorrectionLine{}, Wants: []app.CorrectionLine{},
	}
	if d.Punch != nil {
		c.Anchor, c.Punches = d.Punch.String(), []app.RecordKey{*d.Punch}
	}
	if d.Theirs != nil {
		c.Has = append(c.Has, *d.Theirs)
	}
	wants := func() {
		if d.Ours != nil {
			c.Wants = append(c.Wants, wanted(*d.Ours))
		}
	}
	switch d.Kind {
	case DiffMissing, DiffCancelled:
		c.Kind = app.CorrectCancelled
		if d.Theirs == nil && d.Ours != nil {
			c.Has = append(c.Has, *d.Ours) // the number that it had
		}
		wants()
	case DiffStatus:
		c.Kind = app.CorrectInvalid
		wants()
	case DiffExtra, DiffThereAgain:
		c.Kind, c.Anchor, c.Differs = app.CorrectExtra, "register:"+strconv.FormatInt(d.RegisterID, 10), nil
	default:
		wants()
	}
	return c
}
