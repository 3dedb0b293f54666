package attendance

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"klokkast/app"
)

// derivation is one person's.
type derivation struct {
	f          *facts
	worker     app.ID
	taps       []*tap // in order
	presences  []*presence
	days       []*workday
	oddities   []oddity
	forgotten  [][2]*tap
	found      []app.Anomaly
	undeclared []undeclared // for the rules per site and day
	used       []app.ID     // adjustments that gave something
	shifts     []*shift     // of the plan, by start
}

// Derive derives everything from the facts. It is deterministic and uses all processors.
func Derive(in *Input) *Result {
	f := index(in)
	a := f.attribute()
	derived := f.derivePersons(a.persons)
	r := &Result{}
	for _, rule := range [...]func(*facts, *attribution) []app.Anomaly{unknownBadge, undecidedSite, identityOf, boxEvent, boxUnread,
		clockDrift, clockReset, futurePunch, sequenceGap, declarationExpiring, togetherAlways} {
		r.Anomalies = append(r.Anomalies, rule(f, &a)...)
	}
	r.Anomalies = append(r.Anomalies, f.siteDays(derived)...)
	for _, g := range a.unknown {
		r.Anomalies = append(r.Anomalies, duplicatesOf(f, g)...)
	}
	f.collect(r, &a, derived)
	slices.SortFunc(r.Anomalies, compareAnomalies)
	return r
}

// compareAnomalies is the order of Result.Anomalies.
func compareAnomalies(a, b app.Anomaly) int {
	return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Subject.Kind, b.Subject.Kind),
		cmp.Compare(a.Subject.ID, b.Subject.ID), cmp.Compare(a.Anchor, b.Anchor))
}

// derivePersons derives each person alone, several at the same time.
func (f *facts) derivePersons(groups []*group) []*derivation {
	out := make([]*derivation, len(groups))
	atOnce(len(groups), func(i int) { out[i] = f.derivePerson(groups[i]) })
	return out
}

// atOnce does n things on all processors and waits for the last.
func atOnce(n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}

func (f *facts) derivePerson(g *group) *derivation {
	slices.SortFunc(g.taps, compareTaps)
	f.markDuplicates(g.taps)
	p := f.pair(g.taps)
	d := &derivation{f: f, worker: g.worker, taps: g.taps, presences: p.presences, oddities: p.oddities, forgotten: p.forgotten}
	d.applyStatements()
	d.judgeEdges()
	d.addWholes()
	d.makeWorkdays()
	d.matchShifts()
	for _, rule := range [...]func(*derivation){missingOut, missingIn, duplicateTap, keyContradiction, nightOrForgotten,
		inactiveWorker, ambiguousEmployer, overlapping, impossibleTravel, longPresence, dayLimit, shortPresence, noBreak,
		shortRest, weekLimit, nightWork, sundayHoliday, declaredOrNot, notShown, late, earlyLeave, notPlanned} {
		rule(d)
	}
	d.markTaps()
	return d
}

// applyStatements gives missing edges what supervisors stated. A statement for
// an edge that has a punch, or before what was punched, gives nothing.
func (d *derivation) applyStatements() {
	if len(d.f.stated) == 0 {
		return
	}
	for _, pr := range d.presences {
		for _, t := range pr.taps {
			for _, a := range d.f.stated[t.p.Key] {
				switch {
				case a.Kind == app.AdjustIn && pr.in == nil && a.From != 0 && a.From < pr.taps[0].at && later(a, pr.statedIn):
					pr.statedIn = a
				case a.Kind == app.AdjustOut && pr.out == nil && a.To > pr.last.at && later(a, pr.statedOut):
					pr.statedOut = a
				}
			}
		}
		for _, a := range [...]*app.Adjustment{pr.statedIn, pr.statedOut} {
			if a != nil {
				d.used = append(d.used, a.ID)
			}
		}
	}
}

// later says that statement a was made after b and so replaces it.
func later(a, b *app.Adjustment) bool {
	return b == nil || a.At > b.At || a.At == b.At && a.ID > b.ID
}

// addWholes adds the presences that are nothing but statements.
func (d *derivation) addWholes() {
	for _, a := range d.f.wholes[d.worker] {
		d.presences = append(d.presences, &presence{site: d.f.sites[a.SiteID], eng: d.f.engagements[a.EngagementID], whole: a, state: app.PresenceComplete})
		d.used = append(d.used, a.ID)
	}
}

// report adds a finding about this person.
func (d *derivation) report(a app.Anomaly) {
	a.WorkerID = d.worker
	d.found = append(d.found, a)
}

// onPresence begins a finding about one presence, anchored at its first tap.
func (d *derivation) onPresence(rule app.Rule, sev app.Severity, pr *presence) app.Anomaly {
	return app.Anomaly{Rule: rule, Severity: sev, Subject: aboutEngagement(pr.eng), Anchor: pr.taps[0].p.Key.String(),
		SiteID: pr.site.ID, Box: pr.taps[0].p.Key.Box, Day: pr.day, At: pr.taps[0].at, Punches: pr.keys()}
}

// onWorkday begins a finding about one workday. Its site is that of the first presence (E1).
func (d *derivation) onWorkday(rule app.Rule, sev app.Severity, w *workday) app.Anomaly {
	return app.Anomaly{Rule: rule, Severity: sev, Subject: aboutEngagement(w.eng()), Anchor: w.day.String(),
		SiteID: w.site().ID, Day: w.day, At: w.presences[0].start(), Punches: w.keys()}
}

// measured completes a finding with a threshold and what was found, in milliseconds.
func measured(a app.Anomaly, t app.Threshold, limit, value time.Duration) app.Anomaly {
	a.Threshold, a.Limit, a.Value = t, int64(limit/time.Millisecond), int64(value/time.Millisecond)
	return a
}

// write makes the person's part of the result: as many taps, presences and
// workdays as there is room for.
func (d *derivation) write(taps []app.Tap, presences []app.Presence, days []app.Workday) {
	unsure := d.unsureDays()
	for i, t := range d.taps {
		taps[i] = d.tapOf(t, unsure)
	}
	n := 0
	for i, w := range d.days {
		first := n
		for _, pr := range w.presences {
			presences[n] = d.presenceOf(pr)
			n++
		}
		days[i] = d.workdayOf(w)
		days[i].Presences = presences[first:n:n]
	}
}

func (d *derivation) workdayOf(w *workday) app.Workday {
	o := app.Workday{WorkerID: d.worker, Day: w.day, Breaks: w.breaks, ProposedBreaks: w.proposed, Incomplete: w.incomplete()}
	o.Adjusted = total(w.stated)
	o.Worked = total(w.punched) + o.Adjusted
	for _, list := range [...][]stretch{w.punched, w.stated} {
		for _, s := range list {
			o.Night += d.f.nightOf(s)
			o.Sunday += d.f.sundayOf(s)
		}
	}
	return o
}

// shares splits the workdays that belong to several engagements: the hours of
// each by itself, as if the others were not there.
func (d *derivation) shares() (list []app.Workday) {
	for _, w := range d.days {
		var engagements []app.ID
		for _, pr := range w.presences {
			if !slices.Contains(engagements, pr.eng.ID) {
				engagements = append(engagements, pr.eng.ID)
			}
		}
		if len(engagements) < 2 {
			continue
		}
		for _, id := range engagements {
			part := &workday{day: w.day, zone: w.zone}
			for _, pr := range w.presences {
				if pr.eng.ID == id {
					part.presences = append(part.presences, pr)
				}
			}
			d.count(part)
			o := d.workdayOf(part)
			o.EngagementID = id
			for _, pr := range part.presences {
				o.Presences = append(o.Presences, d.presenceOf(pr))
			}
			list = append(list, o)
		}
	}
	return list
}

func (d *derivation) presenceOf(pr *presence) app.Presence {
	o := app.Presence{WorkerID: d.worker, EngagementID: pr.eng.ID, SiteID: pr.site.ID, State: pr.state, Day: pr.day,
		LastTap: pr.end(), Adjusted: pr.adjusted(), Punches: pr.keys()}
	if pr.state == app.PresenceOpen {
		o.BoxReadTo = pr.readTo
	}
	o.OverGap = pr.gap
	work, _ := pr.stretches()
	o.Worked = total(work)
	switch {
	case pr.whole != nil:
		o.In, o.Out = stated(pr.whole.ID, pr.whole.From), stated(pr.whole.ID, pr.whole.To)
		return o
	case pr.in != nil:
		o.In = side(pr.in)
	case pr.statedIn != nil:
		o.In = stated(pr.statedIn.ID, pr.statedIn.From)
	}
	switch {
	case pr.out != nil:
		o.Out = side(pr.out)
	case pr.statedOut != nil:
		o.Out = stated(pr.statedOut.ID, pr.statedOut.To)
	}
	for _, b := range pr.breaks {
		v := app.Break{End: side(b.end)}
		if s := side(b.start); s != nil {
			v.Start = *s
		}
		if v.End == nil && o.Out != nil { // on break until the stated OUT
			v.End = o.Out
		}
		o.Breaks = append(o.Breaks, v)
	}
	o.LastTap = pr.last.at
	return o
}

func side(t *tap) *app.Side {
	if t == nil {
		return nil
	}
	return &app.Side{Punch: &t.p.Key, At: t.at, Raw: t.p.At, Uncertainty: t.doubt}
}

func stated(id app.ID, at app.Instant) *app.Side {
	return &app.Side{At: at, Raw: at, Adjustment: id}
}

// markTaps says of each tap which engagement it counts for and whether it is
// asked about (P2).
func (d *derivation) markTaps() {
	for _, t := range d.taps {
		switch {
		case t.presence != nil:
			t.engaged, t.asked = t.presence.eng, t.presence.asked
		case t.site != nil:
			t.engaged = d.f.engagementFor(t.holder.engagement, t.at.DateIn(t.site.zone))
		default:
			t.engaged = t.holder.engagement
		}
	}
}

// pairingRules are those that keep the keyless taps of their day unsure.
func pairingRule(r app.Rule) bool {
	return r == app.MissingOut || r == app.MissingIn || r == app.KeyContradiction || r == app.NightOrForgotten
}

// unsureDays gives the days with an open pairing anomaly.
func (d *derivation) unsureDays() map[app.Date]bool {
	m := map[app.Date]bool{}
	for i := range d.found {
		if a := &d.found[i]; pairingRule(a.Rule) && !d.f.settled(a) {
			m[a.Day] = true
		}
	}
	return m
}

func (d *derivation) tapOf(t *tap, unsureDays map[app.Date]bool) app.Tap {
	o := plainTap(t)
	o.WorkerID, o.EngagementID, o.HolderEntered = d.worker, t.engaged.ID, t.holder.Entered
	if t.presence != nil {
		o.Day, o.AskedAbout = t.presence.day, t.asked
	}
	if t.key == app.KeyNone && o.RegistersAs() != "" {
		o.Unsure = t.asked || unsureDays[o.Day] || !readPast(t.site, d.tapBefore(t), t.at)
	}
	return o
}

func plainTap(t *tap) app.Tap {
	o := app.Tap{Punch: *t.p, At: t.at, Uncertainty: t.doubt, Offset: t.offset, OffsetKnown: t.offsetKnown, Repaired: t.repaired,
		Role: t.role.tapRole()}
	if t.site != nil {
		o.SiteID = t.site.ID
	}
	return o
}

// collect puts the persons' results together in the order that Result promises.
func (f *facts) collect(r *Result, a *attribution, derived []*derivation) {
	nobody := slices.Clone(a.rest)
	for _, g := range a.unknown {
		nobody = append(nobody, g.taps...)
	}
	slices.SortFunc(nobody, compareTaps)
	f.writeAll(r, nobody, derived)
	used := map[app.ID]bool{}
	for _, d := range derived {
		r.Anomalies = append(r.Anomalies, d.found...)
		r.Shares = append(r.Shares, d.shares()...)
		for _, id := range d.used {
			used[id] = true
		}
	}
	for _, adj := range sorted(pointers(f.in.Adjustments, func(a *app.Adjustment) app.ID { return a.ID })) {
		if adj.Withdrawn == 0 && !used[adj.ID] {
			r.Unused = append(r.Unused, adj.ID)
		}
	}
	r.Older = f.older()
	r.Segments = f.wrongSegments()
	r.Clock = f.computerClock()
}

// writeAll makes room for all and lets each person write at its place.
func (f *facts) writeAll(r *Result, nobody []*tap, derived []*derivation) {
	type place struct{ tap, presence, day int }
	places := make([]place, len(derived))
	end := place{tap: len(nobody)}
	for i, d := range derived {
		places[i] = end
		end.tap += len(d.taps)
		end.presence += len(d.presences)
		end.day += len(d.days)
	}
	r.Taps, r.Presences, r.Workdays = make([]app.Tap, end.tap), make([]app.Presence, end.presence), make([]app.Workday, end.day)
	for i, t := range nobody {
		r.Taps[i] = plainTap(t)
	}
	atOnce(len(derived), func(i int) {
		p := places[i]
		derived[i].write(r.Taps[p.tap:], r.Presences[p.presence:], r.Workdays[p.day:])
	})
}

// older counts, per box, what makes nothing because the box stood nowhere (principle 9).
func (f *facts) older() (list []Older) {
	byBox := map[*box]*Older{}
	get := func(b *box) *Older {
		if byBox[b] == nil {
			byBox[b] = &Older{Box: b.uid, Placed: len(b.places) > 0}
		}
		return byBox[b]
	}
	for _, l := range f.logs {
		for i := range l.records {
			r := &l.records[i]
			if r.tap == nil {
				if l.box.at(r.at) == nil && (len(l.box.places) == 0 || l.segmentOf(i).settled()) {
					get(l.box).Records++
				}
				continue
			}
			if r.tap.role != roleNoSite {
				continue
			}
			o := get(l.box)
			o.Punches, o.Records = o.Punches+1, o.Records+1
			if o.From == 0 || r.raw < o.From {
				o.From = r.raw
			}
			o.To = max(o.To, r.raw)
		}
	}
	for _, b := range f.boxes {
		if o := byBox[b]; o != nil && o.Punches > 0 {
			list = append(list, *o)
		}
	}
	return list
}
