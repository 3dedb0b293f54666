package ciao

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// Corrections finds what only the NSSO can put right: what a supervisor stated
// and no punch says, what was registered otherwise than it is now known to be,
// what was refused, invalidated or left in doubt, and what can be sent no more.
// In the order of days. It is pure, as Plan is.
func Corrections(in PlanInput, candidates []Candidate) []app.Correction {
	p := newPlanner(in)
	stated := by(in.Adjustments, func(a *app.Adjustment) app.ID { return a.ID })
	var out []app.Correction
	for i := range candidates {
		c := &candidates[i]
		var found *app.Correction
		switch {
		case c.Adjustment != "":
			a := stated[c.Adjustment]
			found = p.stated(c, &a)
		case c.Exists:
			found = p.registered(c)
		default:
			found = p.tooLate(c)
		}
		if found != nil {
			out = append(out, *found)
		}
	}
	slices.SortStableFunc(out, func(a, b app.Correction) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Key(), b.Key()))
	})
	return out
}

// EntryCorrections finds what people registered by phone or otherwise and the register
// judges invalid, or somebody here left out: only the NSSO can put that right, too.
func EntryCorrections(in PlanInput) (out []app.Correction) {
	p := newPlanner(in)
	for i := range in.Entries {
		e := &in.Entries[i]
		r := p.registrationOf(e)
		c := p.correct(app.CorrectInvalid, r)
		c.Has = append(c.Has, lineOf(r))
		switch {
		case !e.Counts():
			continue
		case p.leftOut(e):
			c.Kind, c.Differs = app.CorrectExtra, []string{differsEffect}
		case StandingOf(e.Validity) == StandsInvalid:
			c.Wants = append(c.Wants, wanted(c.Has[0]))
		default:
			continue
		}
		out = append(out, *c)
	}
	return out
}

// correct begins a correction about a registration.
func (p *planner) correct(kind app.CorrectionKind, r *app.Registration) *app.Correction {
	return &app.Correction{
		Kind: kind, Environment: p.in.Environment, Anchor: r.Punch.String(), WorkerID: r.WorkerID, EngagementID: r.EngagementID,
		SiteID: r.SiteID, Day: r.At.DateIn(p.in.Zone), Punches: []app.RecordKey{r.Punch},
		Has: []app.CorrectionLine{}, Wants: []app.CorrectionLine{},
	}
}

// lineOf returns a registration as a line of a correction.
func lineOf(r *app.Registration) app.CorrectionLine {
	return app.CorrectionLine{
		Type: r.Type, At: r.At, WorkerID: r.WorkerID, SiteID: r.SiteID, Place: r.Place, Enterprise: r.Enterprise, ForeignVAT: r.ForeignVAT,
		Declaration: r.Declaration, Registration: r.ID, RegisterID: r.RegisterID, Validity: r.Validity, Answer: r.Answer, Answered: r.Answered,
	}
}

// stated makes a correction of a supervisor's statement at a site under CIAO.
func (p *planner) stated(c *Candidate, a *app.Adjustment) *app.Correction {
	r := &c.Registration
	if p.decisionAt(r.SiteID, r.At) != app.UnderCIAO {
		return nil
	}
	out := p.correct(app.CorrectMissing, r)
	out.Anchor, out.Adjustment, out.Punches = string(a.ID), a.ID, nil
	if a.Punch != nil {
		out.Punches = []app.RecordKey{*a.Punch}
	}
	if a.Kind != app.AdjustOut {
		out.Wants = append(out.Wants, p.statedLine(r, app.RegisterIn, a.From))
	}
	if a.Kind != app.AdjustIn {
		out.Wants = append(out.Wants, p.statedLine(r, app.RegisterOut, a.To))
	}
	return out
}

// statedLine fills a line by what applied at a site then. What is not certain
// stays empty: a person completes it.
func (p *planner) statedLine(r *app.Registration, kind app.RegistrationType, at app.Instant) app.CorrectionLine {
	day := r.At.DateIn(p.in.Zone) // of a whole presence, that of its IN
	line := app.CorrectionLine{Type: kind, At: wholeSecond(at), WorkerID: r.WorkerID, SiteID: r.SiteID}
	line.Place, _ = placeOf(p.sites[r.SiteID])
	t := app.Tap{WorkerID: r.WorkerID, EngagementID: r.EngagementID, SiteID: r.SiteID}
	line.Declaration, _ = p.declarationOf(&t, day)
	if e, held := p.employerOf(&t, day); held == "" && !p.wrongAgency(r.EngagementID, e) {
		line.Enterprise, line.ForeignVAT = p.numberOf(e)
	}
	return line
}

// registered makes a correction of what was queued before, where it is not as it should be.
func (p *planner) registered(c *Candidate) *app.Correction {
	r := &c.Registration
	line := lineOf(r)
	switch {
	case c.ByPhone && r.State == app.RegRefused: // the register has it all the same
		return nil
	case r.State == app.RegUnknown, r.State == app.RegRefused && r.Answer == AnswerDecided+string(DecideDrop): // the 30 days run meanwhile
		out := p.correct(app.CorrectUnknown, r)
		out.Wants = append(out.Wants, line)
		return out
	case r.State == app.RegRefused:
		out := p.correct(app.CorrectRefused, r)
		out.Wants = append(out.Wants, line)
		return out
	case badly(r):
		out := p.correct(app.CorrectInvalid, r)
		out.Has = append(out.Has, line)
		out.Wants = append(out.Wants, wanted(line))
		return out
	case slices.Contains(c.Differs, DiffersByPhone): // it is there twice: that of the person is the one that counts
		out := p.correct(app.CorrectExtra, r)
		out.Has, out.Differs = append(out.Has, line), []string{DiffersByPhone}
		return out
	case len(c.Differs) > 0 && r.State == app.RegAccepted:
		out := p.correct(app.CorrectDifferent, r)
		out.Has, out.Differs = append(out.Has, line), c.Differs
		if c.Should != nil {
			should := lineOf(c.Should)
			if c.Should.Raw == r.Raw {
				should.At = r.At // the time sent is never recomputed
			}
			out.Wants = append(out.Wants, should)
		}
		return out
	}
	return nil
}

// wanted returns a line without what the register said of it.
func wanted(l app.CorrectionLine) app.CorrectionLine {
	l.Registration, l.RegisterID, l.Validity, l.Answer, l.Answered = "", 0, "", "", 0
	return l
}

// tooLate makes a correction of a punch that is held for good: nothing but its
// age, or a clock far ahead, keeps it from being sent.
func (p *planner) tooLate(c *Candidate) *app.Correction {
	old := slices.Contains(c.Reasons, app.HeldBeyondWindow)
	ahead := slices.Contains(c.Reasons, app.HeldFuture)
	other := slices.ContainsFunc(c.Reasons, func(r app.HeldReason) bool {
		switch r {
		case app.HeldBeyondWindow, app.HeldFuture, app.HeldClock, app.HeldAttributed, app.HeldPairing, app.HeldNightShift, app.HeldRestored:
			return false
		}
		return true
	})
	if other || !old && !ahead || c.Registration.Type == "" {
		return nil
	}
	out := p.correct(app.CorrectNotSent, &c.Registration)
	line := lineOf(&c.Registration)
	if ahead {
		line.At = 0 // nobody knows the right time yet
	}
	out.Wants = append(out.Wants, line)
	return out
}
