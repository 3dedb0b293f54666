package ciao

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

// PreflightInput is everything that Preflight looks at besides Plan's input.
type PreflightInput struct {
	PlanInput
	Candidates []Candidate // what Plan made of it
	Days       app.Days    // Belgian days, both ends given
	// Shifts are planned ones that begin in these days; those that are not expected are left out.
	Shifts []app.Shift
	// Access is how this installation stands with the register.
	Access PreflightAccess
	// Parked are the employers for whom the register refused this credential (SenderState.Parked).
	Parked map[string]Parked
}

// PreflightAccess is what is known of the credential.
type PreflightAccess struct {
	Known, Locked bool
	Expires       app.Instant // zero: not known
}

// CauseCode says why something would not be registered; its text is
// preflight.cause.CODE. A reason to hold a punch that needs no telling apart
// (app.HeldReason) is one, too.
type CauseCode string

// Causes besides the reasons to hold.
const (
	CauseSSINMissing        CauseCode = "ssin-missing"
	CauseSSINWrong          CauseCode = "ssin-wrong"
	CauseLimosaOnly         CauseCode = "limosa-only" // cannot be sent by this channel
	CauseLimosaExpired      CauseCode = "limosa-expired"
	CauseEmployerMissing    CauseCode = "employer-number-missing"
	CauseEmployerWrong      CauseCode = "employer-number-wrong"
	CauseAgencyMissing      CauseCode = "agency-missing" // a temporary worker of no agency
	CauseSinceMissing       CauseCode = "since-missing"  // the employer does not register with this program
	CauseParked             CauseCode = "parked"         // the credential may not register for the employer
	CausePlaceIncomplete    CauseCode = "place-incomplete"
	CausePlaceOutside       CauseCode = "place-outside"           // coordinates outside Belgium, and no full address
	CauseDeclarationMissing CauseCode = "declaration-missing"     // none covers the site at all
	CauseDeclarationExpired CauseCode = "declaration-expired"     // it ended before the day
	CauseDeclarationLater   CauseCode = "declaration-later"       // it begins after the day
	CauseDeclarationAddress CauseCode = "declaration-not-address" // it runs that day, but does not cover this address then
	CauseDeclarationNumber  CauseCode = "declaration-wrong"       // its number is no number of a declaration
	CauseCredentialMissing  CauseCode = "credential-missing"
	CauseCredentialLocked   CauseCode = "credential-locked"
	CauseCredentialExpired  CauseCode = "credential-expired"
)

// Remedy says what mends a cause; its text is preflight.remedy.CODE.
type Remedy string

// Remedies. Each is a form of the window, and a command.
const (
	MendIdentity    Remedy = "complete-identity"  // worker
	MendEmployer    Remedy = "complete-employer"  // employer
	MendSince       Remedy = "set-since"          // employer
	MendPermission  Remedy = "ask-permission"     // employer, at the NSSO
	MendEngagement  Remedy = "change-engagement"  // engagement
	MendDefault     Remedy = "choose-employer"    // engagement
	MendDecision    Remedy = "decide-site"        // site
	MendPlace       Remedy = "complete-place"     // site
	MendDeclaration Remedy = "add-declaration"    // site
	MendLink        Remedy = "link-declaration"   // site
	MendChoice      Remedy = "choose-declaration" // site
	MendCredential  Remedy = "enter-credential"   // company
	MendLock        Remedy = "unlock-key"         // company
	MendBadge       Remedy = "assign-badge"       // identifier
	MendPlacement   Remedy = "place-box"          // box
	MendClock       Remedy = "repair-clock"       // box
	MendDay         Remedy = "settle-day"         // worker's day
	MendPhones      Remedy = "ask-register"       // site
	MendRelease     Remedy = "release"            // punch
	MendDossier     Remedy = "make-dossier"       // punch
)

// PreflightSource says what a line is about.
type PreflightSource string

// Sources of a line.
const (
	FromPunch   PreflightSource = "punch"   // was made, and is not queued
	FromShift   PreflightSource = "shift"   // is planned
	FromEngaged PreflightSource = "engaged" // is engaged, without punch or shift in these days
)

// PreflightLine is one cause for one person, site and day.
type PreflightLine struct {
	Code   CauseCode `json:"code"`
	Remedy Remedy    `json:"remedy"`
	// Refused says that it cannot be registered before that is mended; a line
	// that is not only waits for a person's judgement.
	Refused bool `json:"refused"`
	// Subject is what is to be mended.
	Subject      app.Subject     `json:"subject"`
	WorkerID     app.ID          `json:"workerId,omitempty"`
	EngagementID app.ID          `json:"engagementId,omitempty"`
	SiteID       app.ID          `json:"siteId,omitempty"`
	Box          string          `json:"box,omitempty"`
	Day          app.Date        `json:"day"`
	Source       PreflightSource `json:"source"`
	Count        int             `json:"count"` // of punches or shifts
}

// AboutCompany is the subject of what stands in everyone's way: the credential.
const AboutCompany app.SubjectKind = "company"

// Preflight says what would be refused or held in some days, before it is sent:
// of punches that are not queued yet, of planned shifts, and of people who are
// engaged and have neither. One line for each person, site, day and cause, in
// the order of days. Sites that a person decided not to fall under CIAO are left
// out. It is pure.
func Preflight(in PreflightInput) []PreflightLine {
	f := &preflight{planner: newPlanner(in.PlanInput), in: in, at: map[PreflightLine]int{}, seen: map[app.ID]bool{}}
	f.company()
	for i := range in.Candidates {
		f.punch(&in.Candidates[i])
	}
	for i := range in.Shifts {
		if in.Shifts[i].State == app.ShiftExpected {
			f.shift(&in.Shifts[i])
		}
	}
	for i := range in.Engagements {
		f.engaged(&in.Engagements[i])
	}
	slices.SortStableFunc(f.lines, func(a, b PreflightLine) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.SiteID, b.SiteID), cmp.Compare(a.WorkerID, b.WorkerID), cmp.Compare(a.Code, b.Code))
	})
	return f.lines
}

type preflight struct {
	*planner
	in    PreflightInput
	lines []PreflightLine
	at    map[PreflightLine]int // places in lines, by a line without its count
	seen  map[app.ID]bool       // engagements with a punch or a shift
}

// add counts a line.
func (f *preflight) add(l PreflightLine) {
	key := l
	key.Count = 0
	i, ok := f.at[key]
	if !ok {
		i = len(f.lines)
		f.at[key], f.lines = i, append(f.lines, key)
	}
	f.lines[i].Count++
}

// company says what stands in everyone's way.
func (f *preflight) company() {
	l := PreflightLine{Refused: true, Subject: app.Subject{Kind: AboutCompany, ID: string(f.planner.in.Environment)}, Day: f.in.Days.From, Source: FromEngaged}
	switch a := f.in.Access; {
	case !a.Known:
		l.Code, l.Remedy = CauseCredentialMissing, MendCredential
	case a.Expires != 0 && a.Expires < f.planner.in.Now:
		l.Code, l.Remedy = CauseCredentialExpired, MendCredential
	case a.Locked:
		l.Code, l.Remedy = CauseCredentialLocked, MendLock
	default:
		return
	}
	f.add(l)
}

// punch lists what holds a punch that was made.
func (f *preflight) punch(c *Candidate) {
	r := &c.Registration
	day := r.At.DateIn(f.planner.in.Zone)
	if c.Adjustment != "" || !f.in.Days.Holds(day) {
		return
	}
	f.seen[r.EngagementID] = true
	if c.Exists || c.Never() || slices.Contains(c.Reasons, app.HeldNotUnderCIAO) || slices.Contains(c.Reasons, app.HeldByPhone) {
		return
	}
	where := PreflightLine{WorkerID: r.WorkerID, EngagementID: r.EngagementID, SiteID: r.SiteID, Box: r.Punch.Box, Day: day, Source: FromPunch}
	f.reasons(where, c.Reasons)
}

// shift lists what would hold the punches of a planned shift.
func (f *preflight) shift(s *app.Shift) {
	f.seen[s.EngagementID] = true
	day := s.From.DateIn(f.planner.in.Zone)
	if !f.in.Days.Holds(day) {
		return
	}
	c := f.wouldBe(s.WorkerID, s.EngagementID, s.SiteID, s.From)
	if slices.Contains(c.Reasons, app.HeldNotUnderCIAO) {
		return
	}
	f.reasons(PreflightLine{WorkerID: s.WorkerID, EngagementID: s.EngagementID, SiteID: s.SiteID, Day: day, Source: FromShift}, c.Reasons)
}

// wouldBe judges a punch that nobody has made yet, of a box whose clock is right.
func (f *preflight) wouldBe(worker, engagement, site app.ID, at app.Instant) Candidate {
	t := app.Tap{
		Punch: app.Punch{At: at, Pressed: app.KeyIn}, At: at, OffsetKnown: true,
		WorkerID: worker, EngagementID: engagement, SiteID: site, Role: app.TapIn,
	}
	c := Candidate{}
	f.judge(&c, &t)
	c.Reasons = slices.DeleteFunc(c.Reasons, func(r app.HeldReason) bool {
		return r == app.HeldFuture || r == app.HeldBeyondWindow || r == app.HeldRestored // of the moment, not of the facts
	})
	return c
}

// engaged lists what would hold the punches of somebody who has neither punch
// nor shift: what is known without a site.
func (f *preflight) engaged(e *app.Engagement) {
	w := f.workers[e.WorkerID]
	day := max(f.in.Days.From, e.Days.From)
	if f.seen[e.ID] || w.Ended != 0 || !e.Days.Holds(day) || day > f.in.Days.To {
		return
	}
	noon := day.Start(f.planner.in.Zone).Add(12 * time.Hour)
	c := f.wouldBe(e.WorkerID, e.ID, "", noon)
	c.Reasons = slices.DeleteFunc(c.Reasons, func(r app.HeldReason) bool {
		switch r {
		case app.HeldNoSSIN, app.HeldNoEmployerNumber, app.HeldBeforeStart, app.HeldManyEmployers:
			return false
		}
		return true
	})
	f.reasons(PreflightLine{WorkerID: e.WorkerID, EngagementID: e.ID, Day: day, Source: FromEngaged}, c.Reasons)
}

// reasons adds a line for each cause behind the reasons.
func (f *preflight) reasons(where PreflightLine, reasons []app.HeldReason) {
	for _, r := range reasons {
		for _, l := range f.causes(where, r) {
			l.Refused = !Releasable(app.HeldReason(l.Code))
			f.add(l)
		}
	}
	if w := f.workers[where.WorkerID]; w.Limosa != "" && w.LimosaDays.To != 0 && where.Day > w.LimosaDays.To {
		l := where.mend(CauseLimosaExpired, MendIdentity, app.AboutWorker, where.WorkerID)
		l.Refused = w.SSIN == ""
		f.add(l)
	}
	e := f.employers[f.engagements[where.EngagementID].EmployerID]
	number, vat := f.numberOf(e)
	if _, parked := f.in.Parked[number+vat]; parked && number+vat != "" {
		l := where.mend(CauseParked, MendPermission, app.AboutEmployer, e.ID)
		l.Refused = true
		f.add(l)
	}
}

// mend makes a line of what is to be mended.
func (l PreflightLine) mend(code CauseCode, r Remedy, kind app.SubjectKind, id app.ID) PreflightLine {
	l.Code, l.Remedy, l.Subject = code, r, app.Subject{Kind: kind, ID: string(id)}
	return l
}

// causes tells a reason apart into what is to be mended.
func (f *preflight) causes(where PreflightLine, r app.HeldReason) []PreflightLine {
	one := func(code CauseCode, m Remedy, kind app.SubjectKind, id app.ID) []PreflightLine {
		return []PreflightLine{where.mend(code, m, kind, id)}
	}
	engagement := f.engagements[where.EngagementID]
	switch r {
	case app.HeldNoSSIN:
		return one(identityCause(f.workers[where.WorkerID]), MendIdentity, app.AboutWorker, where.WorkerID)
	case app.HeldNoEmployerNumber:
		return f.employerCauses(where, engagement)
	case app.HeldBeforeStart:
		if f.employers[engagement.EmployerID].RegistersSince == 0 {
			return one(CauseSinceMissing, MendSince, app.AboutEmployer, engagement.EmployerID)
		}
		return one(CauseCode(r), MendRelease, app.AboutEmployer, engagement.EmployerID)
	case app.HeldNoPlace:
		return one(placeCause(f.sites[where.SiteID]), MendPlace, app.AboutSite, where.SiteID)
	case app.HeldNoDeclaration:
		code, m := f.declarationCause(where.SiteID, where.Day)
		return one(code, m, app.AboutSite, where.SiteID)
	case app.HeldManyDeclarations:
		return one(CauseCode(r), MendChoice, app.AboutSite, where.SiteID)
	case app.HeldUndecided:
		return one(CauseCode(r), MendDecision, app.AboutSite, where.SiteID)
	case app.HeldNoEngagement:
		return one(CauseCode(r), MendEngagement, app.AboutEngagement, where.EngagementID)
	case app.HeldManyEmployers:
		return one(CauseCode(r), MendDefault, app.AboutEngagement, where.EngagementID)
	case app.HeldNoHolder:
		return one(CauseCode(r), MendBadge, app.AboutBox, app.ID(where.Box))
	case app.HeldNotPlaced:
		return one(CauseCode(r), MendPlacement, app.AboutBox, app.ID(where.Box))
	case app.HeldClock:
		return one(CauseCode(r), MendClock, app.AboutBox, app.ID(where.Box))
	case app.HeldFuture:
		return one(CauseCode(r), MendDossier, app.AboutBox, app.ID(where.Box))
	case app.HeldPhonesUnchecked:
		return one(CauseCode(r), MendPhones, app.AboutSite, where.SiteID)
	case app.HeldPairing, app.HeldNightShift:
		return one(CauseCode(r), MendDay, app.AboutWorker, where.WorkerID)
	}
	return one(CauseCode(r), MendRelease, app.AboutWorker, where.WorkerID)
}

// identityCause says what is wrong with a person's number.
func identityCause(w app.Worker) CauseCode {
	switch {
	case w.SSIN != "":
		return CauseSSINWrong
	case w.Limosa != "":
		return CauseLimosaOnly
	}
	return CauseSSINMissing
}

// employerCauses says what is wrong with the employer: its number, or that a
// temporary worker is entered as working for no agency.
func (f *preflight) employerCauses(where PreflightLine, engagement app.Engagement) (list []PreflightLine) {
	e := f.employers[engagement.EmployerID]
	if f.wrongAgency(engagement.ID, e) {
		list = append(list, where.mend(CauseAgencyMissing, MendEngagement, app.AboutEngagement, engagement.ID))
	}
	number, vat := f.numberOf(e)
	switch {
	case number != "" || vat != "":
	case e.Enterprise != "" || e.ForeignVAT != "":
		list = append(list, where.mend(CauseEmployerWrong, MendEmployer, app.AboutEmployer, e.ID))
	default:
		list = append(list, where.mend(CauseEmployerMissing, MendEmployer, app.AboutEmployer, e.ID))
	}
	return list
}

// placeCause says what is wrong with where a site lies.
func placeCause(s app.Site) CauseCode {
	if s.Coordinates != nil && identity.CheckCoordinates(*s.Coordinates) != nil {
		return CausePlaceOutside
	}
	return CausePlaceIncomplete
}

// declarationCause says why no declaration fits a site on a day, by the one that comes nearest.
func (f *preflight) declarationCause(site app.ID, day app.Date) (CauseCode, Remedy) {
	code, remedy, rank := CauseDeclarationMissing, MendDeclaration, 0
	nearer := func(r int, c CauseCode, m Remedy) {
		if r > rank {
			code, remedy, rank = c, m, r
		}
	}
	for _, link := range f.declared[site] {
		d := f.declarations[link.DeclarationID]
		_, err := identity.ParseDeclaration(d.Number)
		switch {
		case err != nil:
			nearer(1, CauseDeclarationNumber, MendDeclaration)
		case d.Days.Holds(day):
			nearer(4, CauseDeclarationAddress, MendLink)
		case d.Days.To != 0 && d.Days.To < day:
			nearer(3, CauseDeclarationExpired, MendDeclaration)
		default:
			nearer(2, CauseDeclarationLater, MendDeclaration)
		}
	}
	return code, remedy
}

// PreflightCause is one thing to mend, with everyone whom it keeps from being registered.
type PreflightCause struct {
	Code    CauseCode   `json:"code"`
	Remedy  Remedy      `json:"remedy"`
	Refused bool        `json:"refused"`
	Subject app.Subject `json:"subject"`
	Workers []app.ID    `json:"workers"` // sorted
	Sites   []app.ID    `json:"sites"`
	Days    app.Days    `json:"days"` // the first and the last
	Count   int         `json:"count"`
}

// GroupPreflight gathers lines by what is to be mended: first what is refused,
// what concerns most first.
func GroupPreflight(lines []PreflightLine) []PreflightCause {
	type key struct {
		code    CauseCode
		subject app.Subject
		refused bool
	}
	at := map[key]int{}
	out := []PreflightCause{}
	for _, l := range lines {
		k := key{l.Code, l.Subject, l.Refused}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(
				out,
				PreflightCause{
					Code:    l.Code,
					Remedy:  l.Remedy,
					Refused: l.Refused,
					Subject: l.Subject,
					Workers: []app.ID{},
					Sites:   []app.ID{},
					Days:    app.Days{From: l.Day, To: l.Day},
				},
			)
		}
		c := &out[i]
		c.Workers, c.Sites = with(c.Workers, l.WorkerID), with(c.Sites, l.SiteID)
		c.Days.From, c.Days.To = min(c.Days.From, l.Day), max(c.Days.To, l.Day)
		c.Count += l.Count
	}
	slices.SortStableFunc(out, func(a, b PreflightCause) int {
		if a.Refused != b.Refused {
			if a.Refused {
				return -1
			}
			return 1
		}
		return cmp.Or(-cmp.Compare(a.Count, b.Count), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Subject.ID, b.Subject.ID))
	})
	return out
}

// with adds an id to a sorted list that does not hold it yet.
func with(list []app.ID, id app.ID) []app.ID {
	i, there := slices.BinarySearch(list, id)
	if id == "" || there {
		return list
	}
	return slices.Insert(list, i, id)
}
