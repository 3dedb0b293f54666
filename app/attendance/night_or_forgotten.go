package attendance

import "klokkast/app"

// forgotten is the reason code by which a person answers the question of P2
// with "the OUT was forgotten"; any other reason means that it was a night shift.
const forgotten = "forgot"

// overNight says that a presence that the keyless tap out closes is to be
// asked about (P2): longer than 10 h, over 00:00–06:00 local, and no break key
// in it to show that the person was there all night. What counts is the
// closing tap: with an OUT pressed there is no question.
func (p *pairing) overNight(pr *presence, out *tap) bool {
	if out.key != app.KeyNone || pr.in == nil || out.at.Sub(pr.in.at) <= p.limit(NightAsked, out) {
		return false
	}
	for _, b := range pr.breaks {
		if b.start.key == app.KeyBreakStart {
			return false
		}
	}
	morning := out.at.DateIn(pr.site.zone)
	six := clockTime(morning, 6*hour, pr.site.zone)
	if out.at < six {
		morning = morning.AddDays(-1)
		six = clockTime(morning, 6*hour, pr.site.zone)
	}
	return pr.in.at <= morning.Start(pr.site.zone) && out.at >= six
}

// nightQuestion begins the finding about a presence from in to the keyless tap out.
func (f *facts) nightQuestion(in, out *tap) app.Anomaly {
	eng := f.engagementFor(in.holder.engagement, in.at.DateIn(in.site.zone))
	return app.Anomaly{Rule: app.NightOrForgotten, Severity: app.Warning, Subject: aboutEngagement(eng), Anchor: in.p.Key.String(),
		Punches: []app.RecordKey{in.p.Key, out.p.Key}}
}

// answerTo returns what someone answered to the question, nil for nothing yet. An
// answer holds for the two taps that it was given for.
func (f *facts) answerTo(in, out *tap) *app.AnomalyState {
	if len(f.explained) == 0 || in.holder.engagement == nil { // nobody is asked about a badge that nobody holds
		return nil
	}
	q := f.nightQuestion(in, out)
	if !f.settled(&q) {
		return nil
	}
	return f.explained[q.Key()]
}

// answered says that a finding is a question that somebody answered: it finds
// nothing any more, and stays listed only as what the answer is about.
func (f *facts) answered(a *app.Anomaly) bool { return a.Rule == app.NightOrForgotten && f.settled(a) }

// saidForgotten says that someone answered that the OUT of pr was forgotten,
// so that t, which would have closed it, is a new IN.
func (p *pairing) saidForgotten(pr *presence, t *tap) bool {
	if !p.overNight(pr, t) {
		return false
	}
	answer := p.f.answerTo(pr.in, t)
	if answer == nil || answer.Reason != forgotten {
		return false
	}
	p.forgotten = append(p.forgotten, [2]*tap{pr.in, t})
	return true
}

// nightOrForgotten asks about keyless presences over night, before they are
// sent or approved: night shift, or forgotten OUT? Until it is answered it is
// found; then it is kept beside its answer for as long as its taps are what they
// were (Engine.Listed).
func nightOrForgotten(d *derivation) {
	ask := func(in, out *tap, pr *presence) {
		a := d.f.nightQuestion(in, out)
		a.SiteID, a.Box, a.Day, a.At = in.site.ID, in.p.Key.Box, pr.day, in.at
		limit := d.f.limits.duration(NightAsked, in.site, in.holder.engagement)
		d.report(measured(a, NightAsked, limit, out.at.Sub(in.at)))
	}
	for _, pr := range d.presences {
		if pr.atNight {
			ask(pr.in, pr.out, pr)
		}
	}
	for _, f := range d.forgotten {
		ask(f[0], f[1], f[0].presence)
	}
}
