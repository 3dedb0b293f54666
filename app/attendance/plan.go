package attendance

import (
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/plan"
)

// newPlan looks the plan up, once for all persons; nil where there is none.
func newPlan(in *Input) *plan.Book {
	if len(in.PlanLines) == 0 {
		return nil
	}
	return plan.NewBook(plan.Facts{Lines: in.PlanLines, Exceptions: in.PlanExceptions, Absences: in.Absences,
		Engagements: in.Engagements, Sites: in.Sites})
}

// planners returns everyone who ever has a shift: somebody who never tapped may be missing.
func (f *facts) planners() map[app.ID]bool {
	set := map[app.ID]bool{}
	if f.plan != nil {
		for _, id := range f.plan.Workers() {
			set[id] = true
		}
	}
	return set
}

// shiftsOf returns the shifts of a person that begin from one instant (included)
// to another (excluded), but none after tomorrow.
func (f *facts) shiftsOf(worker app.ID, from, to app.Instant) []app.Shift {
	if !f.planned[worker] {
		return nil
	}
	days := app.Days{To: f.now.DateIn(f.belgium).AddDays(1)}
	if from > beginning { // a day in any zone
		days.From = from.DateIn(f.behind) - 1
	}
	if to < end {
		days.To = min(days.To, to.DateIn(f.ahead)+1)
	}
	return only(f.plan.Person(worker, days), func(s *app.Shift) bool { return from <= s.From && s.From < to })
}

// shift is a shift of the person with the presences that were for it.
type shift struct {
	app.Shift
	site      *site
	eng       *app.Engagement
	presences []*presence // by start
}

// matchShifts expands the plan of the person up to now and says which presence
// was for which shift. A presence is for the shift at its site that it shares
// the most time with, else for the nearest of its day; and for every other
// that it shares more than the grace with, since somebody may work two shifts
// on end without a tap between them.
func (d *derivation) matchShifts() {
	list := d.f.shiftsOf(d.worker, d.from, d.to)
	d.shifts = make([]*shift, len(list))
	for i, s := range list {
		d.shifts[i] = &shift{Shift: s, site: d.f.sites[s.SiteID], eng: d.f.engagements[s.EngagementID]}
	}
	for _, pr := range d.presences {
		d.match(pr)
	}
}

func (d *derivation) match(pr *presence) {
	var best *shift
	for _, s := range d.shiftsNear(pr) {
		if s.State != app.ShiftExpected {
			continue
		}
		if shared := s.shares(pr); shared > d.limit(NotShownGrace, s.site, s.eng) {
			s.presences = append(s.presences, pr)
		}
		if (s.gap(pr) == 0 || s.sameDay(pr)) && (best == nil || s.fitsBetter(best, pr)) {
			best = s
		}
	}
	if best == nil {
		return
	}
	if !slices.Contains(best.presences, pr) {
		best.presences = append(best.presences, pr)
	}
	pr.planned = true
}

// shiftsNear returns the shifts at the site of a presence that could have to do
// with it: those that begin at most two days before it does, up to its end.
func (d *derivation) shiftsNear(pr *presence) (near []*shift) {
	from, to := pr.start().Add(-48*time.Hour), max(pr.end(), pr.start()).Add(24*time.Hour)
	i, _ := slices.BinarySearchFunc(d.shifts, from, func(s *shift, at app.Instant) int { return int(max(-1, min(1, s.From-at))) })
	for ; i < len(d.shifts) && d.shifts[i].From <= to; i++ {
		if d.shifts[i].site == pr.site {
			near = append(near, d.shifts[i])
		}
	}
	return near
}

// shares returns the time that a presence lies in the shift, as far as it is known.
func (s *shift) shares(pr *presence) time.Duration {
	return overlap(pr.start(), pr.end(), s.From, s.To)
}

// gap returns the time between the shift and a presence, 0 where they meet.
func (s *shift) gap(pr *presence) time.Duration {
	return max(0, s.From.Sub(pr.end()), pr.start().Sub(s.To))
}

// sameDay says that a presence is of the day of the shift, by its workday or by itself.
func (s *shift) sameDay(pr *presence) bool {
	return s.Day == pr.day || s.Day == pr.start().DateIn(s.site.zone)
}

// fitsBetter says that a presence is rather for s than for other, an earlier shift.
func (s *shift) fitsBetter(other *shift, pr *presence) bool {
	if a, b := s.shares(pr), other.shares(pr); a != b {
		return a > b
	}
	return s.gap(pr) < other.gap(pr)
}

// mayHaveBegun says that somebody at the site without a known OUT may have
// been there when the shift began: then the OUT is what is missing.
func (d *derivation) mayHaveBegun(s *shift) bool {
	return slices.ContainsFunc(d.presences, func(pr *presence) bool {
		return pr.site == s.site && !pr.hasOut() && pr.start() <= s.From && s.From < pr.outBy
	})
}

// proved says whether nothing that a box recorded from the beginning of the
// shift's day to by is still unknown. Where no box stood when the shift began nothing is.
func (d *derivation) proved(s *shift, by app.Instant) proof {
	if !slices.ContainsFunc(s.site.stays, func(st stay) bool { return st.span.Holds(s.From) }) {
		return proof{}
	}
	return d.prove(s.site, min(s.Day.Start(s.site.zone), s.From), by, nil)
}

// shiftSites returns the sites of the person's shifts, each once.
func (d *derivation) shiftSites() (list []app.ID) {
	for _, s := range d.shifts {
		list = join(list, []app.ID{s.SiteID})
	}
	return list
}

// onShift begins a finding about a shift, anchored at its day and line.
func onShift(rule app.Rule, s *shift, at app.Instant) app.Anomaly {
	return app.Anomaly{Rule: rule, Severity: app.Warning, Subject: aboutEngagement(s.eng), Anchor: s.Day.String() + "/" + string(s.LineID),
		SiteID: s.site.ID, Day: s.Day, At: at, Facts: app.FactsOf(app.FactLine.Is(s.LineID))}
}

// withGap names the records explained as lost that may have held what is missing.
func withGap(a app.Anomaly, gap *app.Gap) app.Anomaly {
	if gap != nil {
		a.Facts = a.Facts.With(app.FactGapBox.Is(gap.Log.Box), app.FactGapFirst.Is(gap.First), app.FactGapLast.Is(gap.Last))
	}
	return a
}
