package attendance

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
)

// start is when the presence begins, by its IN or what there is instead.
func (pr *presence) start() app.Instant {
	switch {
	case pr.whole != nil:
		return pr.whole.From
	case pr.statedIn != nil:
		return pr.statedIn.From
	}
	return pr.taps[0].at
}

// end is the last that is known of it.
func (pr *presence) end() app.Instant {
	switch {
	case pr.whole != nil:
		return pr.whole.To
	case pr.statedOut != nil:
		return pr.statedOut.To
	}
	return pr.last.at
}

func (pr *presence) adjusted() bool {
	return pr.whole != nil || pr.statedIn != nil || pr.statedOut != nil
}

// punched says that both edges are taps: only such presences make findings
// about their length.
func (pr *presence) punched() bool { return pr.in != nil && pr.out != nil }

// stretch is a time of work, from an IN or break end to an OUT or break start.
type stretch struct {
	from, to app.Instant
	site     *site
	begin    *tap // nil where a statement begins it
	pr       *presence
	stated   bool // one of its ends is a statement
}

func (s stretch) length() time.Duration { return s.to.Sub(s.from) }

func total(list []stretch) (sum time.Duration) {
	for _, s := range list {
		sum += s.length()
	}
	return sum
}

// edge is one end of a stretch: a tap or a statement.
type edge struct {
	at  app.Instant
	tap *tap
}

// stretches returns the times of work of a presence and its breaks, as far as
// both ends of each are known: only what lies between two punches counts, or
// between a punch and a statement.
func (pr *presence) stretches() (work, breaks []stretch) {
	if pr.whole != nil {
		return []stretch{{from: pr.whole.From, to: pr.whole.To, site: pr.site, pr: pr, stated: true}}, nil
	}
	make := func(a, b edge) stretch {
		return stretch{from: a.at, to: b.at, site: pr.site, begin: a.tap, pr: pr, stated: a.tap == nil || b.tap == nil}
	}
	working, known := pr.inEdge()
	out, ended := pr.outEdge()
	for _, b := range pr.breaks {
		switch {
		case b.start == nil && known: // a break of unknown length lies in what was stated
			work = append(work, make(working, edge{b.end.at, b.end}))
		case b.start != nil && known:
			work = append(work, make(working, edge{b.start.at, b.start}))
		}
		switch {
		case b.end != nil:
			working, known = edge{b.end.at, b.end}, true
		case ended: // on break until the stated OUT
			working, known = out, true
		default:
			known = false
		}
		if b.start != nil && known {
			breaks = append(breaks, make(edge{b.start.at, b.start}, working))
		}
	}
	if known && ended {
		work = append(work, make(working, out))
	}
	return positive(work), positive(breaks)
}

func positive(list []stretch) []stretch {
	return slices.DeleteFunc(list, func(s stretch) bool { return s.to <= s.from })
}

func (pr *presence) inEdge() (edge, bool) {
	switch {
	case pr.in != nil:
		return edge{pr.in.at, pr.in}, true
	case pr.statedIn != nil:
		return edge{pr.statedIn.From, nil}, true
	}
	return edge{}, false
}

func (pr *presence) outEdge() (edge, bool) {
	switch {
	case pr.out != nil:
		return edge{pr.out.at, pr.out}, true
	case pr.statedOut != nil:
		return edge{pr.statedOut.To, nil}, true
	}
	return edge{}, false
}

// workday is a workday on its way.
type workday struct {
	day       app.Date
	zone      *time.Location // of the site of the first IN
	last      app.Instant    // of its presences with an IN
	presences []*presence    // by start

	punched  []stretch // worked between punches, in order, overlaps once (B2)
	stated   []stretch // worked by statements alone
	breaks   time.Duration
	proposed time.Duration
}

func (w *workday) incomplete() bool {
	return slices.ContainsFunc(w.presences, func(pr *presence) bool { return pr.state != app.PresenceComplete })
}

func (w *workday) adjusted() bool { return slices.ContainsFunc(w.presences, (*presence).adjusted) }

func (w *workday) site() *site          { return w.presences[0].site }
func (w *workday) eng() *app.Engagement { return w.presences[0].eng }

// keys lists all taps of the workday by presence.
func (w *workday) keys() (list []app.RecordKey) {
	for _, pr := range w.presences {
		list = append(list, pr.keys()...)
	}
	return list
}

// keys lists the taps of the presence. The list is made once and shared: whoever
// appends to it gets another one.
func (pr *presence) keys() []app.RecordKey {
	if pr.keyList == nil {
		list := make([]app.RecordKey, len(pr.taps))
		for i, t := range pr.taps {
			list[i] = t.p.Key
		}
		pr.keyList = list
	}
	return slices.Clip(pr.keyList)
}

func compareStarts(a, b *presence) int {
	c := cmp.Compare(a.start(), b.start())
	if c != 0 || a == b {
		return c
	}
	switch {
	case a.whole != nil && b.whole != nil:
		return cmp.Compare(a.whole.ID, b.whole.ID)
	case a.whole != nil:
		return 1
	case b.whole != nil:
		return -1
	}
	return compareTaps(a.taps[0], b.taps[0])
}

// makeWorkdays puts presences together (W1).
func (d *derivation) makeWorkdays() {
	slices.SortFunc(d.presences, compareStarts)
	var running *workday
	for _, pr := range d.presences {
		if pr.hasIn() {
			running = d.join(running, pr)
		}
	}
	byDay := make(map[app.Date]*workday, len(d.days))
	for _, w := range d.days {
		byDay[w.day] = w
	}
	for _, pr := range d.presences {
		if pr.hasIn() {
			continue
		}
		on := pr.start().DateIn(pr.site.zone) // dated by itself
		w := byDay[on]
		if w == nil {
			w = &workday{day: on, zone: pr.site.zone}
			byDay[on] = w
			d.days = append(d.days, w)
		}
		w.presences = append(w.presences, pr)
	}
	slices.SortFunc(d.days, func(a, b *workday) int { return cmp.Compare(a.day, b.day) })
	var counted []stretch // of workdays before that may reach into the next
	for _, w := range d.days {
		slices.SortFunc(w.presences, compareStarts)
		for _, pr := range w.presences {
			pr.day = w.day
			if pr.whole == nil { // a statement names its engagement itself
				pr.eng = d.f.engagementFor(pr.eng, w.day)
			}
		}
		counted = slices.DeleteFunc(counted, func(s stretch) bool { return s.to <= w.presences[0].start() })
		d.count(w, counted)
		counted = append(append(counted, w.punched...), w.stated...)
	}
}

// join adds a presence to the running workday or begins a new one.
func (d *derivation) join(running *workday, pr *presence) *workday {
	if running != nil {
		sameDay := pr.start().DateIn(running.zone) <= running.day
		soon := pr.start().Sub(running.last) < d.limit(SameWorkday, pr.site, pr.eng)
		if sameDay || soon {
			running.presences = append(running.presences, pr)
			running.last = max(running.last, pr.end())
			return running
		}
	}
	w := &workday{day: pr.start().DateIn(pr.site.zone), zone: pr.site.zone, last: pr.end(), presences: []*presence{pr}}
	if running != nil && w.day <= running.day { // zones that differ by a day
		w.day = running.day.AddDays(1)
	}
	d.days = append(d.days, w)
	return w
}

// count makes the totals of a workday, but for the time that workdays before it
// count already: what has no IN is dated by itself, also while another presence
// of the evening before goes on, and no hour of a person counts twice (B2).
func (d *derivation) count(w *workday, counted []stretch) {
	var punched, stated, breaks []stretch
	for _, pr := range w.presences {
		work, pauses := pr.stretches()
		breaks = append(breaks, pauses...)
		for _, s := range work {
			if s.stated {
				stated = append(stated, s)
			} else {
				punched = append(punched, s)
			}
		}
	}
	if len(counted) > 0 {
		counted = once(slices.Clone(counted))
	}
	w.punched = without(once(punched), counted)
	w.stated = without(without(once(stated), w.punched), counted)
	proposed := d.proposedBreaks(w)
	worked := w.punched
	if len(w.stated)+len(counted) > 0 {
		worked = once(slices.Concat(w.punched, w.stated, counted))
	}
	keyed := without(once(breaks), worked)
	proposed = without(without(once(proposed), worked), keyed)
	w.proposed = total(proposed)
	w.breaks = total(keyed) + w.proposed
}

// proposedBreaks returns the absences between two presences at one site that look like breaks (B3).
func (d *derivation) proposedBreaks(w *workday) (list []stretch) {
	for i := 1; i < len(w.presences); i++ {
		a, b := w.presences[i-1], w.presences[i]
		if a.site != b.site || a.out == nil || b.in == nil || b.in.at <= a.out.at {
			continue
		}
		keyless := a.out.key == app.KeyNone && b.in.key == app.KeyNone
		if (keyless || b.in.key == app.KeyBreakEnd) && b.in.at.Sub(a.out.at) <= d.limit(ProposedBreak, a.site, a.eng) {
			list = append(list, stretch{from: a.out.at, to: b.in.at, site: a.site})
		}
	}
	return list
}

// once returns the same time in order, with what overlaps taken once, for the earlier stretch.
func once(list []stretch) []stretch {
	if len(list) < 2 {
		return list
	}
	slices.SortStableFunc(list, func(a, b stretch) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	out := list[:1]
	covered := list[0].to
	for _, s := range list[1:] {
		if s.to <= covered {
			continue
		}
		if s.from < covered {
			s.from = covered
		}
		covered = s.to
		out = append(out, s)
	}
	return out
}

// without returns list less what cover covers; both are in order and free of overlaps.
func without(list, cover []stretch) []stretch {
	if len(cover) == 0 || len(list) == 0 {
		return list
	}
	var out []stretch
	for _, s := range list {
		for _, c := range cover {
			if c.to <= s.from || c.from >= s.to {
				continue
			}
			if c.from > s.from {
				left := s
				left.to = c.from
				out = append(out, left)
			}
			s.from = min(c.to, s.to)
		}
		if s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}
