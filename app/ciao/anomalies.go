package ciao

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"klokkast/app"
)

// DaysLeft returns how many Belgian calendar days remain on the day today to ask
// the NSSO for a correction of a punch; 0 on the last one, negative when over.
func DaysLeft(punch app.Instant, today app.Date, zone *time.Location) int {
	return app.CorrectionDays - int(today-punch.DateIn(zone))
}

// Anomalies finds what is wrong with registrations: sent-late, refused and
// correction-due. readingOf gives the reading that first fetched a punch; "" is
// one of its own.
func Anomalies(in PlanInput, candidates []Candidate, readingOf func(app.RecordKey) app.ID) []app.Anomaly {
	return AnomaliesWith(in, candidates, nil, readingOf)
}

// AnomaliesWith is Anomalies where more than the candidates was accepted late.
func AnomaliesWith(in PlanInput, candidates []Candidate, more []LateOne, readingOf func(app.RecordKey) app.ID) []app.Anomaly {
	p := newPlanner(in)
	lates := slices.Clone(more)
	var out []app.Anomaly
	late := map[lateKey]*app.Anomaly{}
	for i := range candidates {
		c := &candidates[i]
		switch {
		case c.Adjustment != "":
			out = p.adjusted(out, c)
		case !c.Exists:
		case c.ByPhone && c.Registration.State == app.RegRefused: // the register has it all the same
		case badly(&c.Registration):
			out = append(out, p.about(app.RefusedRule, app.Serious, &c.Registration))
		default:
			if len(c.Differs) > 0 {
				out = append(out, p.differs(c))
			}
			if tooLate(&c.Registration, p.sentLate(c.Registration.SiteID)) {
				lates = append(lates, lateOf(c))
			}
		}
	}
	slices.SortFunc(lates, func(a, b LateOne) int { return a.Compare(&b) })
	for i := range lates {
		p.late(late, &lates[i], readingOf)
	}
	for i := range in.Entries {
		switch e := &in.Entries[i]; {
		case !e.Counts():
		case p.leftOut(e):
			out = append(out, p.differs(&Candidate{Registration: *p.registrationOf(e), Differs: []string{differsEffect}}))
		case StandingOf(e.Validity) == StandsInvalid:
			a := p.about(app.RefusedRule, app.Serious, p.registrationOf(e))
			a.Facts = a.Facts.With(app.FactByPhone.Is(true))
			out = append(out, a)
		}
	}
	for _, a := range late {
		a.Anchor = slices.MinFunc(a.Punches, app.RecordKey.Compare).String()
		a.Facts = app.FactsOf(app.FactCount.Is(int64(len(a.Punches))))
		out = append(out, *a)
	}
	slices.SortFunc(out, func(a, b app.Anomaly) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Key().String(), b.Key().String()))
	})
	return out
}

// badly says that the register refused it, or invalidated it later.
func badly(r *app.Registration) bool {
	return r.State == app.RegRefused || (r.State == app.RegAccepted && StandingOf(r.Validity) == StandsInvalid)
}

// leftOut says that somebody left out what was registered by phone: it counts nowhere, and stands at the register.
func (p *planner) leftOut(e *app.RegisterEntry) bool { return p.ignored[e.Key()] }

// registrationOf returns what somebody registered by phone as if it had been sent: by the
// engagement of its day with the employer that the register names.
func (p *planner) registrationOf(e *app.RegisterEntry) *app.Registration {
	r := &app.Registration{
		Environment: e.Environment, Punch: e.Key(), State: app.RegAccepted, Type: e.Type, At: e.At, Raw: e.At, WorkerID: e.WorkerID, SiteID: e.SiteID,
		Enterprise: e.Enterprise, ForeignVAT: e.ForeignVAT, Declaration: e.Declaration, Place: e.Place,
		RegisterID: e.ID, Validity: e.Validity, Answer: e.Remarks, Answered: e.LastShown,
	}
	most := 0
	for _, g := range p.ofWorker[e.WorkerID] {
		fits := 1
		if number, vat := p.numberOf(p.employers[g.EmployerID]); number+vat != "" && number == e.Enterprise && vat == e.ForeignVAT {
			fits += 4
		}
		if g.Days.Holds(e.At.DateIn(p.in.Zone)) {
			fits += 2
		}
		if fits > most || fits == most && g.Default {
			r.EngagementID, most = g.ID, fits
		}
	}
	return r
}

// about makes an anomaly about one registration.
func (p *planner) about(rule app.Rule, severity app.Severity, r *app.Registration) app.Anomaly {
	return app.Anomaly{
		Rule: rule, Severity: severity,
		Subject: app.Subject{Kind: app.AboutEngagement, ID: string(r.EngagementID)}, Anchor: r.Punch.String(),
		WorkerID: r.WorkerID, SiteID: r.SiteID, Box: r.Punch.Box,
		Day: r.At.DateIn(p.in.Zone), At: r.At, Punches: []app.RecordKey{r.Punch},
		Facts: app.FactsOf(app.FactState.Is(string(r.State)), app.FactValidity.Is(r.Validity),
			app.FactDaysLeft.Is(int64(DaysLeft(r.At, p.today, p.in.Zone)))),
	}
}

// due returns the severity of a correction by the days that are left.
func (p *planner) due(left int) app.Severity {
	if left <= p.in.Settings.CorrectionSerious {
		return app.Serious
	}
	return app.Warning
}

// differs says that what was frozen is not what would be derived now.
func (p *planner) differs(c *Candidate) app.Anomaly {
	left := DaysLeft(c.Registration.At, p.today, p.in.Zone)
	a := p.about(app.CorrectionDue, p.due(left), &c.Registration)
	a.Threshold, a.Limit, a.Value = app.CorrectionSerious, int64(p.in.Settings.CorrectionSerious), int64(left)
	a.Facts = a.Facts.With(app.FactDiffers.Is(strings.Join(c.Differs, ",")))
	if slices.Contains(c.Differs, DiffersByPhone) {
		a.Facts = a.Facts.With(app.FactByPhone.Is(true))
	}
	return a
}

// adjusted says that a supervisor's statement at a site under CIAO is missing
// at the register: only the NSSO can put it there.
func (p *planner) adjusted(out []app.Anomaly, c *Candidate) []app.Anomaly {
	r := &c.Registration
	if p.decisionAt(r.SiteID, r.At) != app.UnderCIAO {
		return out
	}
	left := DaysLeft(r.At, p.today, p.in.Zone)
	return append(out, app.Anomaly{
		Rule: app.CorrectionDue, Severity: p.due(left),
		Subject: app.Subject{Kind: app.AboutEngagement, ID: string(r.EngagementID)}, Anchor: string(c.Adjustment),
		WorkerID: r.WorkerID, SiteID: r.SiteID, Day: r.At.DateIn(p.in.Zone), At: r.At,
		Threshold: app.CorrectionSerious, Limit: int64(p.in.Settings.CorrectionSerious), Value: int64(left),
		Facts: app.FactsOf(app.FactState.Is(string(app.NeverAdjustment)), app.FactDaysLeft.Is(int64(left))),
	})
}

type lateKey struct {
	reading app.ID
	site    app.ID
}

// late gathers what was accepted later than the limit after the punch: one
// anomaly per reading and site.
func (p *planner) late(found map[lateKey]*app.Anomaly, r *LateOne, readingOf func(app.RecordKey) app.ID) {
	key := lateKey{site: r.SiteID}
	if readingOf != nil {
		key.reading = readingOf(r.Punch)
	}
	a := found[key]
	if a == nil {
		made := p.about(app.SentLate, app.Information, &app.Registration{Punch: r.Punch, SiteID: r.SiteID, At: r.At})
		a = &made
		a.Subject = app.Subject{Kind: app.AboutSite, ID: string(r.SiteID)}
		a.Punches = nil
		a.Threshold, a.Limit = app.SentLateAfter, p.sentLate(r.SiteID).Milliseconds()
		found[key] = a
	}
	a.Punches = append(a.Punches, r.Punch)
	a.Value = max(a.Value, r.Answered.Sub(r.At).Milliseconds())
	if r.At < a.At {
		a.At, a.Day, a.Box = r.At, r.At.DateIn(p.in.Zone), r.Punch.Box
	}
}
