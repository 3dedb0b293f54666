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

// derivation is one person's, or that of a part of one person's time that no
// other part has to do with (see block).
type derivation struct {
	f          *facts
	worker     app.ID
	from, to   app.Instant // the time that is derived here, from (included) to (excluded): all of it, or a part
	taps       []*tap      // in order
	wholes     []*app.Adjustment
	presences  []*presence
	days       []*workday
	oddities   []oddity
	forgotten  [][2]*tap
	found      []app.Anomaly
	undeclared []undeclared // for the rules per site and day
	used       []app.ID     // adjustments that gave something
	shifts     []*shift     // of the plan, by start
	waits      []app.ID     // sites where more reading may change something here
	wakes      app.Instant  // when time alone may change something here; zero: never
}

// Derive derives everything from the facts. It is deterministic and uses all
// processors. What is derived again and again is better kept in an Engine.
func Derive(in *Input) *Result {
	rs := NewRecords()
	rs.takeIn(in)
	return start(in, rs, how{}).Result()
}

// compareAnomalies is the order of Result.Anomalies.
func compareAnomalies(a, b *app.Anomaly) int {
	if a.At != b.At {
		return cmp.Compare(a.At, b.At)
	}
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Subject.Kind, b.Subject.Kind),
		cmp.Compare(a.Subject.ID, b.Subject.ID), cmp.Compare(a.Anchor, b.Anchor))
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

// derivePerson derives one person's time, or a part of it.
func (f *facts) derivePerson(worker app.ID, p *piece) *derivation {
	d := &derivation{f: f, worker: worker, from: p.from, to: p.to, taps: f.tapsOf(p.refs), wholes: p.wholes}
	f.markDuplicates(d.taps)
	joinActs(d.taps)
	paired := f.pair(d.taps)
	d.presences, d.oddities, d.forgotten = paired.presences, paired.oddities, paired.forgotten
	d.applyStatements()
	d.judgeEdges()
	d.addWholes()
	d.makeWorkdays()
	d.matchShifts()
	for i := range ruleBook {
		if rule := ruleBook[i].inPerson; rule != nil {
			rule(d)
		}
	}
	d.markTaps()
	return d
}

// wakeAt notes that something has to be looked at again when it is later than i.
func (d *derivation) wakeAt(i app.Instant) {
	if d.wakes == 0 || i < d.wakes {
		d.wakes = i
	}
}

// applyStatements returns missing edges what supervisors stated. A statement for
// an edge that has a punch, or before what was punched, gives nothing.
func (d *derivation) applyStatements() {
	if len(d.f.stated) == 0 {
		return
	}
	for _, pr := range d.presences {
		for _, t := range pr.taps {
			for _, a := range d.f.stated[t.p.Key.LogKey][t.p.Key.Seq] {
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
	for _, a := range d.wholes {
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
			d.count(part, nil)
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
		o.BoxReadTo, o.PhonesUnchecked = pr.readTo, pr.phones
	}
	o.OverGap = pr.gap
	work, _ := pr.stretches()
	o.Worked = total(work)
	for _, s := range work {
		o.Night += d.f.nightOf(s)
	}
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
// asked about (P2), and whether a tap before it may still be read.
func (d *derivation) markTaps() {
	for _, t := range d.taps {
		if t.key == app.KeyNone && t.role.registers() {
			p := d.prove(t.site, d.tapBefore(t), t.at, nil)
			t.unread, t.phones = !p.missing && !p.phonesOnly, !t.site.askedSince(t.at)
		}
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

// unsureDays returns the days with an open pairing anomaly.
func (d *derivation) unsureDays() map[app.Date]bool {
	m := map[app.Date]bool{}
	for i := range d.found {
		if a := &d.found[i]; RuleOf(a.Rule).Unsure && !d.f.settled(a) {
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
	if t.key == app.KeyNone && t.role.registers() {
		o.Unsure = t.asked || unsureDays[o.Day] || t.unread
		o.PhonesUnchecked = t.phones
	}
	if t.entry != nil {
		o.Entry = t.entry.p.Key
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
