package wording

import (
	"cmp"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/dossier"
	"klokkast/app/text"
)

// Cause says why something would not be registered: by its own words, else by
// those of the reason to hold.
func Cause(t *text.Translator, c ciao.CauseCode) string {
	if key := "preflight.cause." + string(c); t.Has(key) {
		return t.T(key)
	}
	return Held(t, app.HeldReason(c))
}

// Remedy says what mends it.
func Remedy(t *text.Translator, r ciao.Remedy) string {
	return known(t, "preflight.remedy.", string(r), "")
}

// Source says whether a punch, a shift or an engagement is meant; "" where it is nobody's alone.
func Source(t *text.Translator, l *ciao.PreflightLine) string {
	if l.Subject.Kind == ciao.AboutCompany {
		return ""
	}
	return known(t, "preflight.source.", string(l.Source), "")
}

// Refused says whether it would be refused, or waits for a person.
func Refused(t *text.Translator, refused bool) string {
	if refused {
		return t.T("preflight.refused")
	}
	return t.T("preflight.waits")
}

// Subject names what is to be mended.
func Subject(t *text.Translator, n *derived.Names, s app.Subject) string {
	id := app.ID(s.ID)
	switch s.Kind {
	case ciao.AboutCompany:
		return t.T("preflight.company")
	case app.AboutWorker:
		return n.Worker(id)
	case app.AboutEngagement:
		return n.WorkerOf(id)
	case app.AboutEmployer:
		return n.Employers[id].Name
	case app.AboutSite:
		return n.Site(id)
	case app.AboutBox:
		return n.Box(s.ID)
	}
	return s.ID
}

// PreflightWho names whom a line of the pre-flight is about: a person, else what is to be mended, such as the whole
// company or a box whose badge nobody holds.
func PreflightWho(t *text.Translator, n *derived.Names, l *ciao.PreflightLine) string {
	return cmp.Or(n.Worker(l.WorkerID), Subject(t, n, l.Subject))
}

// PreflightWhere names where: the site; every site where it is a matter of the person or the company; else that the box
// stood at none.
func PreflightWhere(t *text.Translator, n *derived.Names, l *ciao.PreflightLine) string {
	switch {
	case l.SiteID != "":
		return n.Site(l.SiteID)
	case l.Source == ciao.FromEngaged:
		return t.T("preflight.everySite")
	}
	return t.T("preflight.noSite")
}

// Radar says what is the matter with a declaration of works.
func Radar(t *text.Translator, i *ciao.RadarItem) string {
	if i.Covered {
		return t.T("radar.ending.covered")
	}
	return known(t, "radar.", string(i.Code), "")
}

// Difference says in what way box, store and register do not agree, and which fields differ.
func Difference(t *text.Translator, d *ciao.Difference) string {
	s := known(t, "reconcile.kind.", string(d.Kind), "")
	if len(d.Fields) > 0 {
		s += ": " + Differs(t, d.Fields)
	}
	return s
}

// Differs lists what differs.
func Differs(t *text.Translator, fields []string) string {
	words := make([]string, len(fields))
	for i, f := range fields {
		words[i] = known(t, "dossier.differs.", f, "")
	}
	return t.List(words)
}

// DifferenceStep says what to do about it.
func DifferenceStep(t *text.Translator, s ciao.DifferenceStep) string {
	return known(t, "reconcile.step.", string(s), "")
}

// CannotTell says why a comparison with the register proves nothing; "" where it does.
func CannotTell(t *text.Translator, code string) string {
	if code == "" {
		return ""
	}
	if key := "reconcile.cannot." + code; t.Has(key) {
		return t.T(key)
	}
	return t.T("reconcile.cannot.other", "Code", code)
}

// Correction says what is to be corrected.
func Correction(t *text.Translator, c *app.Correction) string {
	s := known(t, "dossier.kind.", string(c.Kind), "")
	if len(c.Differs) > 0 {
		s += ": " + Differs(t, c.Differs)
	}
	return s
}

// Dossier says where the work on a dossier stands.
func Dossier(t *text.Translator, d *app.Dossier) string {
	if d.ID == "" {
		return t.T("dossier.state.proposed")
	}
	if n := len(d.Steps); n > 0 {
		s := d.Steps[n-1]
		return t.T("dossier.state."+string(s.State), "Day", s.Day, "Outcome", known(t, "dossier.outcome.", string(s.Outcome), ""))
	}
	return t.T("dossier.state." + string(app.DossierToDo))
}

// Countdown says how much of the 30 days is left.
func Countdown(t *text.Translator, d dossier.Deadline) string {
	switch {
	case d.Urgency == dossier.Over:
		return t.T("dossier.over")
	case d.Left == 0:
		return t.T("dossier.lastDay")
	}
	return t.N("dossier.left", d.Left)
}
