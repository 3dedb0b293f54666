package attendance

import "klokkast/app"

// missingIn finds an OUT or a break with nothing open, when every box of the
// site was read up to it: an IN cannot turn up any more. A presence that a
// break began is said once, whatever follows in it.
func missingIn(d *derivation) {
	for _, pr := range d.presences {
		if !pr.missesIn {
			continue
		}
		a := d.onPresence(app.MissingIn, app.Serious, pr)
		a.Facts = edgeFacts(pr.gap, pr.statedIn)
		d.report(a)
	}
}
