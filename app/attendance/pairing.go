package attendance

import (
	"time"

	"klokkast/app"
)

// presence is a presence on its way.
type presence struct {
	site    *site
	eng     *app.Engagement
	in      *tap // nil: begun by a break key or an OUT
	out     *tap
	breaks  []pause
	taps    []*tap          // all of it in order: breaks, repetitions and double taps included
	last    *tap            // of taps
	keyList []app.RecordKey // of taps, once they are all there
	// Stated edges: adjustments that give what no punch gave.
	statedIn, statedOut *app.Adjustment
	whole               *app.Adjustment // a presence that is nothing but a statement

	onBreak bool
	atNight bool // keyless over night (P2)
	asked   bool // atNight, and nobody answered
	// missesIn and missesOut: proved that no tap gives the edge, whatever was stated.
	missesIn, missesOut bool
	outBy               app.Instant // by when an OUT that is not known must have come
	planned             bool        // it was for a shift of the plan

	state  app.PresenceState
	readTo app.Instant
	phones bool     // readTo is up to when it is known who registered by phone
	gap    *app.Gap // that it is open over, or that hides its edge for good
	day    app.Date
}

// pause is a break by its keys.
type pause struct{ start, end *tap }

// here is a person's being at one site while taps are walked in order.
type here struct {
	open *presence
	// What the last tap there was, whatever came of it.
	last      app.Instant
	lastDir   direction
	lastOut   app.Instant // of the last OUT, zero if none
	lastEnded *presence
}

// direction is what a tap says about being in.
type direction uint8

const (
	nowhere direction = iota
	inwards
	outwards
)

// pairing walks one person's taps.
type pairing struct {
	f         *facts
	taps      []*tap
	sites     map[*site]*here
	presences []*presence
	left      []*presence // closed by an OUT, with an IN or without, in the order of their OUTs
	oddities  []oddity    // taps that P3 and B1 give no effect, or more than they should
	forgotten [][2]*tap   // IN and the tap that would have closed it, where someone said that the OUT was forgotten (P2)
}

// oddity is a tap for key-contradiction.
type oddity struct {
	tap  *tap
	code string
}

// Codes of oddities, as app.FactReason of key-contradiction.
const (
	oddRepeated  = "repeated"  // the same direction again
	oddCorrected = "corrected" // another key followed at once and counts alone
	oddOutBreak  = "out-on-break"
	oddEndAtWork = "break-end-at-work"
	oddTwoStarts = "break-start-on-break"
)

// pair turns a person's taps into presences (P1–P3, B1), in order of their first taps.
func (f *facts) pair(taps []*tap) *pairing {
	p := &pairing{f: f, taps: taps, sites: map[*site]*here{}}
	for i, t := range taps {
		t.order = int32(i)
	}
	for i, t := range taps {
		switch t.role {
		case roleNone:
			p.step(i, t)
		case roleDuplicate, roleSameAct:
			p.follow(t)
		}
	}
	return p
}

func (p *pairing) at(s *site) *here {
	h := p.sites[s]
	if h == nil {
		h = &here{}
		p.sites[s] = h
	}
	return h
}

// follow lets a double tap, and the other tap of one act, belong where the one that counts belongs.
func (p *pairing) follow(t *tap) {
	first := t.counts()
	if t.order < first.order { // an OUT of which the later tap counts
		first.waiting = append(first.waiting, t)
		return
	}
	if pr := first.presence; pr != nil {
		pr.add(t)
	}
	p.at(t.site).last = t.at
}

func (pr *presence) add(t *tap) {
	for _, w := range t.waiting {
		w.presence = pr
	}
	t.presence = pr
	pr.taps = append(append(pr.taps, t.waiting...), t)
	pr.last = t
}

func (p *pairing) limit(name app.Threshold, t *tap) time.Duration {
	return p.f.limits.duration(name, t.site, t.holder.engagement)
}

func (p *pairing) step(i int, t *tap) {
	h := p.at(t.site)
	p.outlive(h, t)
	p.part(h, t)
	if t.key != app.KeyNone && p.secondThought(i, h) {
		p.noEffect(h, t, oddCorrected)
	} else {
		switch t.key {
		case app.KeyIn:
			p.keyIn(h, t)
		case app.KeyOut:
			p.keyOut(h, t)
		case app.KeyBreakStart:
			p.keyBreakStart(h, t)
		case app.KeyBreakEnd:
			p.keyBreakEnd(h, t)
		default:
			p.noKey(h, t)
		}
	}
	h.last = t.at
	switch t.role {
	case roleIn, roleBreakEnd:
		h.lastDir = inwards
	case roleOut, roleBreakStart:
		h.lastDir = outwards
	}
	if t.role == roleOut {
		h.lastOut = t.at
	}
}

// noKey reads a tap without a key by alternation (P1, P2).
func (p *pairing) noKey(h *here, t *tap) {
	pr := h.open
	switch {
	case pr == nil:
		p.open(h, t, roleIn)
	case t.at.Sub(pr.last.at) >= p.limit(NewInAfter, t), p.leftElsewhere(pr):
		p.abandon(h)
		p.open(h, t, roleIn)
	case pr.onBreak:
		p.endBreak(h, t)
	case p.saidForgotten(pr, t):
		p.abandon(h)
		p.open(h, t, roleIn)
	default:
		p.close(h, t)
	}
}

func (p *pairing) keyIn(h *here, t *tap) {
	pr := h.open
	switch {
	case pr == nil:
		p.open(h, t, roleIn)
	case pr.onBreak && t.at.Sub(pr.last.at) < p.limit(NewInAfter, t):
		p.endBreak(h, t)
	case !pr.onBreak && p.repeats(h, t, inwards):
		p.noEffect(h, t, oddRepeated)
	default: // IN while in: the OUT before it was forgotten
		p.abandon(h)
		p.open(h, t, roleIn)
	}
}

func (p *pairing) keyOut(h *here, t *tap) {
	p.expire(h, t)
	pr := h.open
	switch {
	case pr == nil && p.repeats(h, t, outwards):
		p.noEffect(h, t, oddRepeated)
	case pr == nil: // OUT while out: the IN before it was forgotten
		pr = p.begin(h, t)
		p.finish(h, pr, t)
	case pr.onBreak:
		p.oddities = append(p.oddities, oddity{t, oddOutBreak})
		pr.breaks[len(pr.breaks)-1].end = t
		p.close(h, t)
	default:
		p.close(h, t)
	}
}

func (p *pairing) keyBreakStart(h *here, t *tap) {
	p.expire(h, t)
	pr := h.open
	switch {
	case pr != nil && pr.onBreak:
		p.noEffect(h, t, oddTwoStarts)
		return
	case pr == nil && p.repeats(h, t, outwards): // who has left goes on no break
		p.noEffect(h, t, oddRepeated)
		return
	}
	if pr == nil {
		pr = p.begin(h, t)
	} else {
		pr.add(t)
	}
	t.role, pr.onBreak = roleBreakStart, true
	pr.breaks = append(pr.breaks, pause{start: t})
}

func (p *pairing) keyBreakEnd(h *here, t *tap) {
	p.expire(h, t)
	pr := h.open
	switch {
	case pr != nil && pr.onBreak:
		p.endBreak(h, t)
	case pr != nil:
		p.noEffect(h, t, oddEndAtWork)
	case p.backAsIn(h, t.at, t):
		p.open(h, t, roleIn)
	default:
		pr = p.begin(h, t)
		t.role = roleBreakEnd
		pr.breaks = append(pr.breaks, pause{end: t})
	}
}

// backAsIn says that a break end so soon after an OUT works as IN (B1).
func (p *pairing) backAsIn(h *here, at app.Instant, t *tap) bool {
	return h.lastOut != 0 && at.Sub(h.lastOut) <= p.limit(BackAsIn, t)
}

// repeats says that t says once more what the tap before it said (P3).
func (p *pairing) repeats(h *here, t *tap, d direction) bool {
	return h.lastDir == d && t.at.Sub(h.last) <= p.limit(RepeatWithin, t)
}

// begin makes a presence of t without saying what t does in it.
func (p *pairing) begin(h *here, t *tap) *presence {
	pr := &presence{site: t.site, eng: t.holder.engagement}
	pr.add(t)
	h.open, h.lastEnded = pr, nil
	p.presences = append(p.presences, pr)
	return pr
}

func (p *pairing) open(h *here, t *tap, r role) {
	pr := p.begin(h, t)
	pr.in, t.role = t, r
}

func (p *pairing) endBreak(h *here, t *tap) {
	pr := h.open
	pr.breaks[len(pr.breaks)-1].end = t
	pr.onBreak, t.role = false, roleBreakEnd
	pr.add(t)
}

func (p *pairing) close(h *here, t *tap) {
	pr := h.open
	pr.add(t)
	p.finish(h, pr, t)
	if pr.in != nil && pr.eng != nil {
		pr.atNight = p.overNight(pr, t)
		pr.asked = pr.atNight && p.f.answerTo(pr.in, t) == nil
	}
}

func (p *pairing) finish(h *here, pr *presence, t *tap) {
	pr.out, pr.onBreak, t.role = t, false, roleOut
	h.open, h.lastEnded = nil, pr
	p.left = append(p.left, pr)
}

// abandon leaves the open presence without an OUT.
func (p *pairing) abandon(h *here) { h.open = nil }

// expire abandons a presence that is too old for a key to act on (P2).
func (p *pairing) expire(h *here, t *tap) {
	if pr := h.open; pr != nil && t.at.Sub(pr.taps[0].at) > p.limit(OutWithin, t) {
		p.abandon(h)
	}
}

// outlive abandons a presence on which neither a key nor alternation can act any
// more, so that nothing of what is forgotten reaches into later days (principle 2).
func (p *pairing) outlive(h *here, t *tap) {
	if pr := h.open; pr != nil && t.at.Sub(pr.last.at) >= p.limit(NewInAfter, t) && t.at.Sub(pr.taps[0].at) > p.limit(OutWithin, t) {
		p.abandon(h)
	}
}

// part leaves the presence that is open as it is, where a part of the log whose
// clock is not settled lies between it and t: a tap in it may have ended it, another
// may have begun what t belongs to (C3).
func (p *pairing) part(h *here, t *tap) {
	if pr := h.open; pr != nil && t.log != nil && pr.last.log == t.log && t.log.waits(p.f, pr.last, t) {
		*h = here{}
	}
}

func (p *pairing) noEffect(h *here, t *tap, code string) {
	t.role = roleNoEffect
	p.oddities = append(p.oddities, oddity{t, code})
	switch {
	case h.open != nil:
		h.open.add(t)
	case code == oddRepeated && h.lastEnded != nil: // OUT again
		h.lastEnded.add(t)
	}
}

// leftElsewhere says that since the last tap of pr the person has left a
// presence at another site, whatever that began with (P1).
func (p *pairing) leftElsewhere(pr *presence) bool {
	for k := len(p.left) - 1; k >= 0 && p.left[k].out.order > pr.last.order; k-- {
		if p.left[k].site != pr.site {
			return true
		}
	}
	return false
}

// mode is what a person is doing at a site, for looking ahead.
type mode uint8

const (
	away mode = iota
	atWork
	onBreak
)

func (p *pairing) modeOf(h *here, t *tap) mode {
	pr := h.open
	switch {
	case pr == nil, t.key != app.KeyIn && t.at.Sub(pr.taps[0].at) > p.limit(OutWithin, t):
		return away
	case pr.onBreak:
		return onBreak
	}
	return atWork
}

// secondThought says that the tap at i is taken back by the next one there: two
// different keys of one identifier at one box within 2 min of which either
// contradicts. The later alone counts (P3), unless it would contradict alone,
// too: then nothing is won by leaving out the first.
func (p *pairing) secondThought(i int, h *here) bool {
	t := p.taps[i]
	n := p.nextAt(i)
	if n == nil || n.key == app.KeyNone || n.key == t.key || n.p.Identifier != t.p.Identifier || n.p.Key.Box != t.p.Key.Box ||
		n.at.Sub(t.at) > p.limit(SecondThought, t) {
		return false
	}
	m := p.modeOf(h, t)
	back := p.backAsIn(h, n.at, n)
	if contradicts(m, n.key, back) {
		return false
	}
	return contradicts(m, t.key, p.backAsIn(h, t.at, t)) || contradicts(after(t.key), n.key, t.key == app.KeyOut)
}

// nextAt returns the next tap that counts of the same person at the same site,
// as far as second thoughts reach.
func (p *pairing) nextAt(i int) *tap {
	t := p.taps[i]
	within := p.limit(SecondThought, t)
	for _, n := range p.taps[i+1:] {
		if n.at.Sub(t.at) > within {
			return nil
		}
		if n.role == roleNone && n.site == t.site {
			return n
		}
	}
	return nil
}

// contradicts says that a key does not go with what the person is doing;
// backAsIn that a break end would work as IN.
func contradicts(m mode, key app.PunchKey, backAsIn bool) bool {
	switch key {
	case app.KeyIn:
		return m == atWork
	case app.KeyOut:
		return m != atWork
	case app.KeyBreakStart:
		return m != atWork
	case app.KeyBreakEnd:
		return m == atWork || m == away && !backAsIn
	}
	return false
}

// after returns what a person does after a key.
func after(key app.PunchKey) mode {
	switch key {
	case app.KeyOut:
		return away
	case app.KeyBreakStart:
		return onBreak
	}
	return atWork
}
