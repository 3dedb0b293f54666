package attendance

import "klokkast/app"

// duplicateTap finds the double taps that D1 ignores: one finding for each tap
// that counts, with all that do not.
func duplicateTap(d *derivation) {
	for _, run := range doubleTaps(d.taps) {
		t := run[0]
		a := doubleTap(run)
		on := t.at.DateIn(t.site.zone)
		eng := d.f.engagementFor(t.holder.engagement, on)
		if t.presence != nil {
			on, eng = t.presence.day, t.presence.eng
		}
		a.Subject, a.Day = aboutEngagement(eng), on
		a.Threshold, a.Limit = DuplicateWithin, d.f.limits.of(DuplicateWithin, t.site, t.holder.engagement)
		d.report(a)
	}
}

// duplicatesOf finds the double taps of an identifier that nobody held.
func duplicatesOf(f *facts, k app.IdentifierKey, taps []*tap) (list []app.Anomaly) {
	for _, run := range doubleTaps(taps) {
		a := doubleTap(run)
		a.Subject, a.Day = app.Subject{Kind: app.AboutIdentifier, ID: identText(k)}, run[0].at.DateIn(run[0].site.zone)
		a.Threshold, a.Limit = DuplicateWithin, f.limits.of(DuplicateWithin, run[0].site, nil)
		list = append(list, a)
	}
	return list
}

// doubleTaps returns each tap that counts, followed by its double taps.
func doubleTaps(taps []*tap) (runs [][]*tap) {
	var at map[*tap]int
	for _, t := range taps {
		if t.role != roleDuplicate {
			continue
		}
		if at == nil {
			at = map[*tap]int{}
		}
		i, ok := at[t.first]
		if !ok {
			i = len(runs)
			at[t.first] = i
			runs = append(runs, []*tap{t.first})
		}
		runs[i] = append(runs[i], t)
	}
	return runs
}

func doubleTap(run []*tap) app.Anomaly {
	t := run[0]
	a := app.Anomaly{Rule: app.DuplicateTap, Severity: app.Information, Anchor: t.p.Key.String(), SiteID: t.site.ID, Box: t.p.Key.Box, At: t.at,
		Value: int64(run[len(run)-1].at - t.at)}
	for _, t := range run {
		a.Punches = append(a.Punches, t.p.Key)
	}
	return a
}
