package attendance

import "klokkast/app"

// shortRest finds less than 11 h (9 h: serious) from the last OUT of a workday
// to the first IN of the next, both tapped.
func shortRest(d *derivation) {
	for i := 1; i < len(d.days); i++ {
		out, in := d.days[i-1].lastOut(), d.days[i].firstIn()
		if out == nil || in == nil {
			continue
		}
		rest := in.at.Sub(out.at)
		warn, serious := d.limit(RestWarning, in.site, in.presence.eng), d.limit(RestSerious, in.site, in.presence.eng)
		if rest >= warn || rest < 0 {
			continue
		}
		a := d.onWorkday(app.ShortRest, app.Warning, d.days[i])
		a.Anchor, a.At, a.Punches = out.p.Key.String(), out.at, []app.RecordKey{out.p.Key, in.p.Key}
		if rest < serious {
			a.Severity = app.Serious
			d.report(measured(a, RestSerious, serious, rest))
			continue
		}
		d.report(measured(a, RestWarning, warn, rest))
	}
}

// lastOut returns the tap that ended the workday; nil if that is not known: the
// presence that ends last, or begins last, has no OUT by a tap.
func (w *workday) lastOut() *tap {
	last := w.presences[len(w.presences)-1]
	for _, pr := range w.presences {
		if pr.end() > last.end() {
			last = pr
		}
	}
	if w.presences[len(w.presences)-1].out == nil {
		return nil
	}
	return last.out
}

// firstIn returns the tap that began the workday; nil if the first presence has no IN by a tap.
func (w *workday) firstIn() *tap { return w.presences[0].in }
