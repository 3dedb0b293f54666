package attendance

import (
	"klokkast/app"
)

// missingOut finds an IN with no OUT that none can come for any more: every box
// of the site was read past the person's next presence, or IN + 16 h. With the
// edge stated it stays listed, as adjusted. Records explained as lost that may
// have held the OUT are named.
func missingOut(d *derivation) {
	for _, pr := range d.presences {
		if !pr.missesOut || !pr.hasIn() {
			continue
		}
		a := d.onPresence(app.MissingOut, app.Serious, pr)
		a.Threshold, a.Limit = MissingOutAfter, d.f.limits.of(MissingOutAfter, pr.site, pr.eng)
		a.Facts = edgeFacts(pr.gap, pr.statedOut)
		d.report(a)
	}
}

// edgeFacts names the statement that gives a missing edge and the lost records
// that may have held it.
func edgeFacts(gap *app.Gap, by *app.Adjustment) (facts app.Facts) {
	if by != nil {
		facts = facts.With(app.FactAdjusted.Is(by.ID))
	}
	if gap != nil {
		facts = facts.With(app.FactGapBox.Is(gap.Log.Box), app.FactGapFirst.Is(gap.First), app.FactGapLast.Is(gap.Last))
	}
	return facts
}
