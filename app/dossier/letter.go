package dossier

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/identity"
)

// Letter is the request to the NSSO in words, in one language. Signatures are
// the captions of the lines on which people sign.
type Letter struct {
	Subject    string   `json:"subject"`
	Ask        []string `json:"ask"` // what is asked and why, a paragraph each
	HasTitle   string   `json:"hasTitle"`
	Has        []string `json:"has"` // one line for each registration; empty where there is none
	WantsTitle string   `json:"wantsTitle"`
	Wants      []string `json:"wants"`
	Enclosed   []string `json:"enclosed"` // what is enclosed, an item each
	Closing    string   `json:"closing"`
	Signatures []string `json:"signatures"` // the worker's, the supervisor's
}

// LetterOf words the request of a bundle.
func LetterOf(t app.Texts, b *Bundle) Letter {
	w := writer{t, b, b.Zone.Location()}
	c := &b.Dossier.Correction
	l := Letter{
		Subject: t.T("dossier.letter.subject", "Day", t.LongDate(c.Day)),
		Ask: []string{
			t.T("dossier.letter.from", "Employer", b.Employer.Name, "Number", employerNumber(&b.Employer)),
			t.T("dossier.letter.about", "Worker", b.Worker.Name, "SSIN", b.Worker.SSIN),
			t.T("dossier.letter.ask." + string(c.Kind)),
		},
		HasTitle: t.T("dossier.letter.has"), WantsTitle: t.T("dossier.letter.wants"),
		Has: w.lines(c.Has), Wants: w.lines(c.Wants), Closing: t.T("dossier.letter.closing"),
		Signatures: []string{t.T("dossier.letter.signature.worker", "Worker", b.Worker.Name), t.T("dossier.letter.signature.supervisor")},
	}
	l.Ask = append(l.Ask, w.reasons()...)
	l.Enclosed = w.enclosed()
	return l
}

type writer struct {
	t    app.Texts
	b    *Bundle
	zone *time.Location
}

func (w writer) lines(list []app.CorrectionLine) []string {
	out := make([]string, 0, len(list))
	for i := range list {
		out = append(out, w.line(&list[i]))
	}
	return out
}

// line words one registration: what is not known is left out.
func (w writer) line(l *app.CorrectionLine) string {
	t := w.t
	parts := []string{t.T("dossier.type." + string(l.Type))}
	add := func(known bool, key string, args ...any) {
		if known {
			parts = append(parts, t.T("dossier.line."+key, args...))
		}
	}
	if l.At != 0 {
		parts = append(parts, t.DateTimeSeconds(l.At, w.zone))
	} else {
		parts = append(parts, t.T("dossier.line.noTime"))
	}
	who := w.b.Person(l.WorkerID)
	add(who.Name != "" && l.WorkerID != w.b.Worker.ID, "worker", "Worker", who.Name, "SSIN", who.SSIN)
	parts = append(parts, w.place(l))
	add(l.Enterprise != "", "employer", "Number", identity.FormatEnterprise(l.Enterprise))
	add(l.ForeignVAT != "", "employer", "Number", l.ForeignVAT)
	add(l.Declaration != "", "declaration", "Number", l.Declaration)
	add(l.RegisterID != 0, "number", "Number", l.RegisterID)
	return strings.Join(parts, ", ")
}

// place words where it is: the site's name and what was, or would be, sent.
func (w writer) place(l *app.CorrectionLine) string {
	name := ""
	for i := range w.b.Sites {
		if w.b.Sites[i].ID == l.SiteID {
			name = w.b.Sites[i].Name
		}
	}
	where := ""
	switch {
	case l.Place.Coordinates != nil:
		where = w.t.T(
			"dossier.line.coordinates",
			"Latitude",
			w.t.Decimal(l.Place.Coordinates.Latitude, 5),
			"Longitude",
			w.t.Decimal(l.Place.Coordinates.Longitude, 5),
		)
	case l.Place.Address != nil:
		a := l.Place.Address
		where = w.t.T("dossier.line.address", "Street", a.Street, "House", a.HouseNumber, "PostCode", a.PostCode, "Municipality", a.Municipality)
	}
	switch {
	case name == "":
		return where
	case where == "":
		return name
	}
	return name + " (" + where + ")"
}

// reasons says why it is asked: what differs, what the register answered, what
// a supervisor stated; and that the 30 days are over, where they are.
func (w writer) reasons() []string {
	t, c := w.t, &w.b.Dossier.Correction
	var out []string
	if len(c.Differs) > 0 {
		var what []string
		for _, d := range c.Differs {
			what = append(what, t.T("dossier.differs."+d))
		}
		out = append(out, t.T("dossier.letter.differs", "What", t.List(what)))
	}
	for _, l := range append(append([]app.CorrectionLine{}, c.Has...), c.Wants...) {
		if said := Answer(t, l.Answer); said != "" && c.Kind != app.CorrectUnknown { // there it is a note of our own
			out = append(out, t.T("dossier.letter.answer", "Answer", said))
		}
	}
	if s := w.b.Stated; s != nil {
		why := t.T("reason." + s.Reason)
		if s.Note != "" {
			why += " (" + s.Note + ")"
		}
		out = append(out, t.T("dossier.letter.stated", "By", s.By, "When", t.DateTime(s.At, w.zone), "Reason", why))
	}
	if w.b.Deadline.Urgency == Over {
		out = append(out, t.T("dossier.letter.over", "Last", t.Date(w.b.Deadline.Last)))
	}
	return out
}

// enclosed lists the evidence that the bundle holds.
func (w writer) enclosed() []string {
	t := w.t
	var out []string
	clocks, holders := 0, 0
	for i := range w.b.Evidence {
		if w.b.Evidence[i].Clock.Known {
			clocks++
		}
		if w.b.Evidence[i].Held != nil {
			holders++
		}
	}
	note := func(holds bool, key string, n int) {
		if holds {
			out = append(out, t.N("dossier.enclosed."+key, n))
		}
	}
	note(len(w.b.Evidence) > 0, "records", len(w.b.Evidence))
	note(clocks > 0, "clock", clocks)
	note(holders > 0, "custody", holders)
	note(w.b.Stated != nil, "statement", 1)
	note(len(w.b.Requests) > 0, "requests", len(w.b.Requests))
	return out
}

// employerNumber writes the number of an employer as people read it.
func employerNumber(e *app.Employer) string {
	if e.Enterprise != "" {
		return identity.FormatEnterprise(e.Enterprise)
	}
	return e.ForeignVAT
}

// Place words where a registration is: the site's name, and the coordinates or
// the address that were, or would be, sent.
func Place(t app.Texts, b *Bundle, l *app.CorrectionLine) string {
	return writer{t, b, b.Zone.Location()}.place(l)
}

// Answer words what the register answered for whoever reads a paper: what it means, with the register's own words and
// without its codes. "" where it said nothing.
func Answer(t app.Texts, answer string) string {
	var said []string
	for _, r := range ciao.Reasons(answer, t.Language()) {
		key, args := r.TextKey()
		words := t.T(key, args)
		if r.Said != "" && r.Matter != ciao.MatterOther {
			words = t.T("ciao.reason.quoted", "What", words, "Said", r.Said)
		}
		said = append(said, words)
	}
	return strings.Join(said, "; ")
}
