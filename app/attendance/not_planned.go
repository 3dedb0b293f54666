package attendance

import "klokkast/app"

// Reasons of not-planned, as app.FactReason: there was a shift, but it was not to be.
const (
	reasonCancelled = "shift-cancelled"
	reasonReplaced  = "shift-replaced"
	reasonAbsent    = "shift-absent"
)

// notPlanned finds presences at a site with a plan on a day for which the
// person has no shift there, once a day and site. Whoever stands in for
// somebody has one; who is replaced or away, or whose shift is cancelled, has not.
func notPlanned(d *derivation) {
	if d.f.plan == nil {
		return
	}
	found := map[string]*app.Anomaly{}
	var order []*app.Anomaly
	for _, pr := range d.presences {
		on := pr.start().DateIn(pr.site.zone)
		if pr.planned || pr.whole != nil || !d.f.plan.Planned(pr.site.ID, on) {
			continue
		}
		anchor := on.String() + "/" + string(pr.site.ID)
		if found[anchor] == nil {
			a := d.onPresence(app.NotPlanned, app.Warning, pr)
			a.Anchor, a.Day, a.Punches, a.Facts = anchor, on, nil, d.shiftLost(pr, on)
			found[anchor] = &a
			order = append(order, &a)
		}
		found[anchor].Punches = append(found[anchor].Punches, pr.taps[0].p.Key)
	}
	for _, a := range order {
		d.report(*a)
	}
}

// shiftLost says why the person's shift at the site on that day was not to be; nil where there was none.
func (d *derivation) shiftLost(pr *presence, on app.Date) app.Facts {
	reasons := map[app.ShiftState]string{app.ShiftCalledOff: reasonCancelled, app.ShiftGivenToOthers: reasonReplaced, app.ShiftAbsent: reasonAbsent}
	for _, s := range d.shifts {
		if reason := reasons[s.State]; s.site == pr.site && s.Day == on && reason != "" {
			return app.FactsOf(app.FactReason.Is(reason), app.FactLine.Is(s.LineID))
		}
	}
	return nil
}
