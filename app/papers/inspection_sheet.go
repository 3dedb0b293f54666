package papers

import (
	"slices"
	"strings"

	"klokkast/app"
)

// DeclaredWorks is a declaration of works as it covers a site.
type DeclaredWorks struct {
	Number  string   `json:"number"`
	Label   string   `json:"label,omitempty"`
	Days    app.Days `json:"days"` // on which it covers the site
	Default bool     `json:"default"`
	Valid   bool     `json:"valid"` // at the moment of the paper
}

// ExpectedThere is somebody whom the plan expects at the moment of the paper.
type ExpectedThere struct {
	Name        string      `json:"name"`
	StaffNumber string      `json:"staffNumber,omitempty"`
	Employer    string      `json:"employer"`
	From        app.Instant `json:"from"`
	To          app.Instant `json:"to"`
	State       string      `json:"state"` // its text is expected.CODE
}

// LastRegistration is a tap with what became of it at the register, or what somebody registered there by phone.
type LastRegistration struct {
	At          app.Instant           `json:"at"`
	Type        app.RegistrationType  `json:"type"` // its text is word.type.CODE; "": nothing that is registered, such as a repeated tap
	Name        string                `json:"name"` // "": nobody held the badge
	StaffNumber string                `json:"staffNumber,omitempty"`
	Employer    string                `json:"employer,omitempty"`
	Enterprise  string                `json:"enterpriseNumber,omitempty"` // of the employer that it names, or its foreign VAT number
	Declaration string                `json:"declaration,omitempty"`
	State       app.RegistrationState `json:"state"`                // its text is regstate.CODE
	Held        app.HeldReason        `json:"held,omitempty"`       // its text is held.CODE
	RegisterID  int64                 `json:"registerId,omitempty"` // the register's own number; 0: none
	ByPhone     bool                  `json:"byPhone,omitempty"`    // registered by phone or otherwise, and not from here
}

// InspectionSheet is what an inspector asks at a site: under which declaration
// people work there, for whom, who is expected and who is there, and what the
// register was told last.
type InspectionSheet struct {
	Made
	Site         app.Site           `json:"-"`
	Client       string             `json:"client,omitempty"`
	Decision     app.SiteDecision   `json:"decision"`
	Declarations []DeclaredWorks    `json:"declarations"` // by their first day; those that ended before are left out
	Employers    []app.Employer     `json:"-"`            // of the people on the paper, by name
	Expected     []ExpectedThere    `json:"expected"`     // at the moment
	There        *PresenceList      `json:"there"`        // since the beginning of the day
	Last         []LastRegistration `json:"last"`         // newest first
}

// InspectionFacts is what a sheet is made of, beside what is said of the site itself.
type InspectionFacts struct {
	Site      app.Site
	Client    string
	Decisions []app.SiteDecision
	Works     []DeclaredWorks // all of the site
	Employers []app.Employer  // of those on the paper, perhaps more than once
	Expected  []ExpectedThere
	There     *PresenceList
	Last      []LastRegistration
}

// BuildInspectionSheet makes the sheet of the moment m.At.
func BuildInspectionSheet(m Made, f InspectionFacts) *InspectionSheet {
	s := &InspectionSheet{Made: m, Site: f.Site, Client: f.Client, Decision: decisionAt(f.Decisions, f.Site.ID, m.At),
		Declarations: []DeclaredWorks{}, Employers: employersOnce(f.Employers), Expected: f.Expected, There: f.There, Last: f.Last}
	today := m.At.DateIn(f.Site.Zone.Location())
	for _, d := range f.Works {
		if d.Days.To != 0 && d.Days.To < today {
			continue
		}
		d.Valid = d.Days.Holds(today)
		s.Declarations = append(s.Declarations, d)
	}
	slices.SortStableFunc(s.Declarations, func(a, b DeclaredWorks) int { return int(a.Days.From - b.Days.From) })
	return s
}

// decisionAt returns the decision that holds at a moment: undecided where nobody decided before it.
func decisionAt(all []app.SiteDecision, site app.ID, at app.Instant) app.SiteDecision {
	holds := app.SiteDecision{SiteID: site, Decision: app.Undecided}
	for _, d := range all {
		if d.From <= at && d.From >= holds.From {
			holds = d
		}
	}
	return holds
}

func employersOnce(all []app.Employer) []app.Employer {
	out := slices.Clone(all)
	slices.SortFunc(out, func(a, b app.Employer) int {
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return slices.CompactFunc(out, func(a, b app.Employer) bool { return a.ID == b.ID })
}

// ValidDeclarations returns how many declarations cover the site at the moment.
func (s *InspectionSheet) ValidDeclarations() (n int) {
	for _, d := range s.Declarations {
		if d.Valid {
			n++
		}
	}
	return n
}
