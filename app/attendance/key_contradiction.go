package attendance

import "klokkast/app"

// keyContradiction finds keys that P3 and B1 give no effect, and an OUT while
// on break. IN while in and OUT while out are said as missing-out and
// missing-in instead (principle 4).
func keyContradiction(d *derivation) {
	for _, o := range d.oddities {
		t := o.tap
		on, eng := t.at.DateIn(t.site.zone), d.f.engagementFor(t.holder.engagement, t.at.DateIn(t.site.zone))
		if t.presence != nil {
			on, eng = t.presence.day, t.presence.eng
		}
		a := app.Anomaly{Rule: app.KeyContradiction, Severity: app.Warning, Subject: aboutEngagement(eng), Anchor: t.p.Key.String(),
			SiteID: t.site.ID, Box: t.p.Key.Box, Day: on, At: t.at, Punches: []app.RecordKey{t.p.Key},
			Facts: app.FactsOf(app.FactReason.Is(o.code), app.FactPressed.Is(t.key.String()))}
		if name, measures := oddLimits[o.code]; measures {
			a.Threshold, a.Limit = name, d.f.limits.of(name, t.site, t.holder.engagement)
		}
		d.report(a)
	}
}

// oddLimits are the thresholds of what P3 measures.
var oddLimits = map[string]app.Threshold{oddRepeated: RepeatWithin, oddCorrected: SecondThought}
