package wording

import (
	"cmp"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/sending"
	"klokkast/app/text"
)

// Entry says what became of a registration that the register showed and that was not sent from here: that it counts, or
// that it waits as "box or phone?", for a site or for a person.
func Entry(t *text.Translator, e *app.RegisterEntry) string {
	switch {
	case e.Cancelled:
		return t.T("entry.cancelled")
	case e.Withdrawn:
		return t.T("entry.withdrawn")
	case e.State == app.EntryRegistered && ciao.StandingOf(e.Validity) == ciao.StandsInvalid:
		return t.T("entry.invalid")
	case e.State == app.EntryBoxOrPhone && e.Waits != "":
		return EntryState(t, e.State) + " (" + known(t, "entry.waits.", string(e.Waits), "") + ")"
	}
	return EntryState(t, e.State)
}

// EntryState words what became of an entry.
func EntryState(t *text.Translator, s app.EntryState) string {
	return known(t, "entry.state.", string(s), "")
}

// EntryStep says what settles an entry that waits; "" where nothing is to be done.
func EntryStep(t *text.Translator, e *app.RegisterEntry) string {
	if e.Cancelled || e.Withdrawn {
		return ""
	}
	switch e.State {
	case app.EntryBoxOrPhone:
		return known(t, "entry.step.", string(cmp.Or(e.Waits, app.WaitsForSame)), "")
	case app.EntryWhichSite, app.EntryWho:
		return t.T("entry.step." + string(e.State))
	}
	return ""
}

// EntryWho names the person of an entry; the masked number where it is nobody in staff.
func EntryWho(n *derived.Names, e *app.RegisterEntry) string {
	return cmp.Or(n.Worker(e.WorkerID), e.Who)
}

// EntrySource says by what an entry came first: the register was asked, or a list was imported.
func EntrySource(t *text.Translator, s app.ReadingSource) string {
	return known(t, "entry.source.", string(s), "")
}

// Phones says what somebody should see to of what was registered by phone: what waits, and at how many sites nobody looked
// to the end of yesterday. Nothing where all is known, or nobody may register by phone.
func Phones(t *text.Translator, s *sending.PhonesState) (lines []string) {
	if s == nil {
		return nil
	}
	for _, state := range []app.EntryState{app.EntryBoxOrPhone, app.EntryWhichSite, app.EntryWho} {
		if n := s.States[state]; n > 0 {
			lines = append(lines, t.N("phones.waiting."+string(state), n))
		}
	}
	if s.Behind > 0 {
		lines = append(lines, t.N("phones.behind", s.Behind))
	}
	return lines
}

// PhonesReadTo says up to when all is known that was registered by phone at a site.
func PhonesReadTo(t *text.Translator, at app.Instant) string {
	if at == 0 {
		return t.T("phones.never")
	}
	return t.DateTime(at, app.Belgium())
}

// Consulted says what came of asking the register who registered by phone: how much is new, what waits, and up to when all
// is known, or why it is not. nil: it was not asked, since it was asked a moment ago; it may be at due.
func Consulted(t *text.Translator, c *ciao.Consulted, due app.Instant) (lines []string) {
	if c == nil {
		return []string{t.T("phones.justAsked", "At", t.DateTime(due, app.Belgium()))}
	}
	lines = []string{t.T("phones.asked", "New", t.Number(c.New), "Changed", t.Number(c.Changed), "Others", t.Number(c.Others))}
	if n := c.Waiting + c.WhichSite + c.Who; n > 0 {
		lines = append(lines, t.N("phones.askedWaiting", n))
	}
	switch {
	case c.Code != "":
		lines = append(lines, NotConsulted(t, c.Code))
	case c.ReadTo != 0:
		lines = append(lines, t.T("phones.knownTo", "At", t.DateTime(c.ReadTo, app.Belgium())))
	}
	if c.Left > 0 {
		lines = append(lines, t.N("phones.left", c.Left))
	}
	return lines
}

// NotConsulted says why the register does not tell who registered by phone, and what to do instead.
func NotConsulted(t *text.Translator, code string) string {
	if key := "phones.not." + code; t.Has(key) {
		return t.T(key)
	}
	return Problem(t, code)
}

// Silent names the subcontractors and agencies that are known at a site, and of whose people nobody registered there, as
// far as the register shows it; "" where there are none.
func Silent(t *text.Translator, n *derived.Names, sums []sending.OtherSum) string {
	var who []string
	for _, s := range sums {
		if s.Registrations == 0 {
			who = append(who, t.T("phones.silentOne", "Employer", cmp.Or(n.Employers[s.EmployerID].Name, employerNumber(s.Employer)),
				"Site", cmp.Or(n.Site(s.SiteID), t.T("word.somewhere"))))
		}
	}
	if len(who) == 0 {
		return ""
	}
	return t.T("phones.silent", "Who", t.List(who))
}
