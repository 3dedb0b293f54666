package attendance

import (
	"klokkast/app"
)

// savedFacts are the facts of a state as far as the next one is compared with them: ids,
// times, and what is none of a person's, and the rest behind a veil or not at all.
type savedFacts struct {
	Employers        []app.Employer
	Engagements      []app.Engagement
	Identifiers      []app.Identifier
	Custodies        []app.Custody
	Boxes            []app.Box
	Placements       []app.Placement
	Sites            []app.Site
	SiteDecisions    []app.SiteDecision
	Declarations     []app.Declaration
	DeclarationSites []app.DeclarationSite
	Gaps             []app.Gap
	Adjustments      []app.Adjustment
	Ignored          []app.Ignored
	PlanLines        []app.PlanLine
	PlanExceptions   []app.PlanException
	Absences         []app.Absence
	Notations        []app.BadgeNotation
	Entries          []app.RegisterEntry
	States           []app.AnomalyState
	Thresholds       app.Thresholds
	ExtraHoliday     string
	Replacements     []app.Date
	Now              app.Instant
}

func savedOf(in *Input, veil Veil) *savedFacts {
	s := &savedFacts{Engagements: each(in.Engagements, plainEngagement), Custodies: in.Custodies, Placements: in.Placements, DeclarationSites: in.DeclarationSites,
		Gaps: in.Gaps, Thresholds: in.Settings.Thresholds, ExtraHoliday: in.Settings.ExtraHoliday, Replacements: in.Settings.Replacements, Now: in.Now}
	s.Employers = each(in.Employers, func(e app.Employer) app.Employer { return veiledEmployer(e, veil) })
	s.Identifiers = each(in.Identifiers, func(i app.Identifier) app.Identifier {
		return app.Identifier{ID: i.ID, Key: app.IdentifierKey{Kind: i.Key.Kind, Value: veil(identText(i.Key))}}
	})
	s.Boxes = each(in.Boxes, func(b app.Box) app.Box { return app.Box{UID: b.UID, Zone: b.Zone} })
	s.Sites = each(in.Sites, plainSite)
	s.SiteDecisions = each(in.SiteDecisions, plainDecision)
	s.Declarations = each(in.Declarations, plainDeclaration)
	s.Adjustments = each(in.Adjustments, plainAdjustment)
	s.Ignored = each(in.Ignored, func(i app.Ignored) app.Ignored { return app.Ignored{ID: i.ID, Punch: i.Punch, Withdrawn: i.Withdrawn} })
	s.PlanLines = each(in.PlanLines, plainLine)
	s.PlanExceptions = each(in.PlanExceptions, plainException)
	s.Absences = each(in.Absences, plainAbsence)
	s.Notations = each(in.Notations, plainNotation)
	s.Entries = each(in.Entries, func(e app.RegisterEntry) app.RegisterEntry { return veiledEntry(e, veil) })
	for _, v := range in.States {
		if comparedState(&v) {
			s.States = append(s.States, plainState(v))
		}
	}
	return s
}

func each[T any](list []T, do func(T) T) []T {
	out := make([]T, len(list))
	for i := range list {
		out[i] = do(list[i])
	}
	return out
}

// What follows leaves out of facts what nothing is derived from, so that facts which were
// kept can be compared with others.

func plainSite(s app.Site) app.Site {
	return app.Site{ID: s.ID, Coordinates: s.Coordinates, Zone: s.Zone, Thresholds: someOrNil(s.Thresholds), Phones: s.Phones, Ended: s.Ended}
}

func plainEngagement(e app.Engagement) app.Engagement {
	e.Thresholds = someOrNil(e.Thresholds)
	return e
}

// someOrNil makes no difference between none and nil.
func someOrNil(t app.Thresholds) app.Thresholds {
	if len(t) == 0 {
		return nil
	}
	return t
}

func plainDecision(d app.SiteDecision) app.SiteDecision {
	d.Reason, d.By = "", ""
	return d
}

func plainDeclaration(d app.Declaration) app.Declaration {
	return app.Declaration{ID: d.ID, Days: d.Days}
}

func plainAdjustment(a app.Adjustment) app.Adjustment {
	a.Reason, a.Note, a.NoteLanguage, a.By = "", "", "", ""
	return a
}

func plainLine(l app.PlanLine) app.PlanLine {
	l.By = ""
	return l
}

func plainException(x app.PlanException) app.PlanException {
	x.By, x.Note = "", ""
	return x
}

// plainAbsence leaves out why somebody is away, too: the plan asks only whether.
func plainAbsence(a app.Absence) app.Absence {
	a.By, a.Note, a.Kind = "", "", ""
	return a
}

func plainNotation(n app.BadgeNotation) app.BadgeNotation {
	n.By = ""
	return n
}

// comparedState says that something may be derived from what was decided about a finding.
func comparedState(s *app.AnomalyState) bool {
	return s.Status == app.AnomalyExplained && (s.Key.Subject.Kind == app.AboutEngagement || s.Key.Subject.Kind == app.AboutBox)
}

func plainState(s app.AnomalyState) app.AnomalyState {
	return app.AnomalyState{Key: s.Key, Status: s.Status, Reason: s.Reason, At: s.At, Evidence: s.Evidence, Returned: s.Returned}
}

func veiledEmployer(e app.Employer, veil Veil) app.Employer {
	return app.Employer{ID: e.ID, Enterprise: veiled(e.Enterprise, veil), ForeignVAT: veiled(e.ForeignVAT, veil)}
}

func veiledEntry(e app.RegisterEntry, veil Veil) app.RegisterEntry {
	return app.RegisterEntry{Environment: e.Environment, ID: e.ID, SiteID: e.SiteID, WorkerID: e.WorkerID, At: e.At,
		Enterprise: veiled(e.Enterprise, veil), ForeignVAT: veiled(e.ForeignVAT, veil), Declaration: veiled(e.Declaration, veil)}
}

// veiled keeps that there is nothing.
func veiled(text string, veil Veil) string {
	if text == "" || veil == nil {
		return text
	}
	return veil(text)
}

// input are the facts as those of a state, with the badges that are known.
func (s *savedFacts) input(known map[string]app.IdentifierKey) *Input {
	for i := range s.Identifiers {
		if k, ok := known[s.Identifiers[i].Key.Value]; ok {
			s.Identifiers[i].Key = k
		}
	}
	return &Input{Employers: s.Employers, Engagements: s.Engagements, Identifiers: s.Identifiers, Custodies: s.Custodies, Boxes: s.Boxes,
		Placements: s.Placements, Sites: s.Sites, SiteDecisions: s.SiteDecisions, Declarations: s.Declarations, DeclarationSites: s.DeclarationSites,
		Gaps: s.Gaps, Adjustments: s.Adjustments, Ignored: s.Ignored, PlanLines: s.PlanLines, PlanExceptions: s.PlanExceptions, Absences: s.Absences,
		Notations: s.Notations, Entries: s.Entries, States: s.States, Now: s.Now,
		Settings: Settings{Thresholds: s.Thresholds, ExtraHoliday: s.ExtraHoliday, Replacements: s.Replacements}}
}
