package attendance

import (
	"slices"
	"time"

	"klokkast/app"
)

// proof says whether something that did not come can be called missing: only
// when every box that stood at the site was read past the moment by which it
// must have come, without a gap there (principle 1).
type proof struct {
	missing bool
	readTo  app.Instant // up to when every box of the site was read; zero: some never
	gap     *app.Gap    // what it is open over or, with missing, what hides it for good
	// phonesOnly says that nothing is left to read but who registered by phone, phonesLeast
	// that readTo is up to when that is known: every clock box was read further.
	phonesOnly, phonesLeast bool
}

// prove judges the time from from to by at a site. own is the box whose record
// stands at by, if any: its log is known up to there whatever was read later.
func prove(s *site, from, by app.Instant, own *box) proof {
	p := proof{missing: true}
	seen, phones, boxes := false, false, false
	for _, st := range s.stays {
		if !st.span.Overlaps(app.Span{From: from, To: by + 1}) {
			continue
		}
		needed, readTo := by, st.box.readTo
		if st.span.To != 0 && st.span.To <= by {
			needed = st.span.To - 1 // it stood there no longer
			if readTo > needed {
				readTo = max(readTo, by+1)
			}
		}
		if st.box != own && readTo <= needed {
			p.missing = false
			phones, boxes = phones || st.box.phones, boxes || !st.box.phones
		}
		if !seen || readTo < p.readTo || readTo == p.readTo && !st.box.phones {
			p.readTo, p.phonesLeast, seen = readTo, st.box.phones, true
		}
		if h := st.box.hides(max(from, st.span.From), needed); h != nil {
			p.missing, boxes = p.missing && h.lost, boxes || !h.lost
			if p.gap == nil || !h.lost {
				p.gap = h.gap
			}
		}
	}
	p.phonesOnly = phones && !boxes
	return p
}

// hides returns the hole that hides what the box recorded from from to by; one
// that can still be filled before one that is lost.
func (b *box) hides(from, by app.Instant) *hole {
	var found *hole
	for i := range b.holes {
		h := &b.holes[i]
		if h.span.From >= by || h.span.To != 0 && h.span.To <= from {
			continue
		}
		if !h.lost {
			return h
		}
		found = h
	}
	return found
}

// prove is prove, and remembers the site where more reading may still change the answer.
func (d *derivation) prove(s *site, from, by app.Instant, own *box) proof {
	p := prove(s, from, by, own)
	if !p.missing && !slices.Contains(d.waits, s.ID) {
		d.waits = append(d.waits, s.ID)
	}
	return p
}

// readPast says that every box of the site was read past i, and nothing is
// hidden in the time before it.
func (d *derivation) readPast(s *site, from, i app.Instant) bool {
	return d.prove(s, from, i, nil).missing
}

// judgeEdges returns each presence its state: complete, open, or missing an edge.
func (d *derivation) judgeEdges() {
	for i, pr := range d.presences {
		in, out := proof{}, proof{}
		if pr.in == nil {
			in = d.judgeIn(pr)
		}
		if pr.out == nil {
			out = d.judgeOut(i, pr)
		}
		pr.missesIn, pr.missesOut = in.missing, out.missing
		switch {
		case pr.hasIn() && pr.hasOut():
			pr.state = app.PresenceComplete
		case !pr.hasIn():
			pr.settle(app.PresenceMissingIn, in)
		default:
			pr.settle(app.PresenceMissingOut, out)
		}
	}
}

func (pr *presence) settle(missing app.PresenceState, p proof) {
	pr.state, pr.gap = missing, p.gap
	if !p.missing {
		pr.state, pr.readTo, pr.phones = app.PresenceOpen, p.readTo, p.phonesLeast
	}
}

func (pr *presence) hasIn() bool  { return pr.in != nil || pr.statedIn != nil || pr.whole != nil }
func (pr *presence) hasOut() bool { return pr.out != nil || pr.statedOut != nil || pr.whole != nil }

// judgeIn looks whether an IN can still be found in a box that was not read:
// since the person's last tap there, at most a day before.
func (d *derivation) judgeIn(pr *presence) proof {
	first := pr.taps[0]
	return d.prove(pr.site, d.tapBefore(first), first.at, d.f.boxOf(first.p.Key.Box))
}

// tapBefore returns the time from which taps that belong to t could be hidden:
// the person's previous tap at the site, at most a day before.
func (d *derivation) tapBefore(t *tap) app.Instant {
	from := t.at.Add(-d.limit(OutWithin, t.site, t.holder.engagement))
	for k := int(t.order) - 1; k >= 0 && d.taps[k].at > from; k-- {
		if d.taps[k].site == t.site && d.taps[k].role != roleIgnored && d.taps[k].role != roleRefused {
			return d.taps[k].at
		}
	}
	return from
}

// judgeOut looks whether an OUT can still come: until the person's next
// presence anywhere, or 16 h after the IN, whichever is first.
func (d *derivation) judgeOut(i int, pr *presence) proof {
	by := max(pr.start().Add(d.limit(MissingOutAfter, pr.site, pr.eng)), pr.last.at)
	for _, n := range d.presences[i+1:] {
		if n.taps[0].order > pr.last.order {
			by = min(by, n.taps[0].at)
			break
		}
	}
	pr.outBy = by
	return d.prove(pr.site, pr.last.at, by, nil)
}

// limit is a threshold of a site and an engagement.
func (d *derivation) limit(name app.Threshold, s *site, eng *app.Engagement) time.Duration {
	return d.f.limits.duration(name, s, eng)
}
