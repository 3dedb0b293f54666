package documents

import (
	"cmp"
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
)

// blockers returns what must be settled before days of a worker can be closed.
func (a *approvalView) blockers(worker app.ID, days app.Days) []Blocker {
	var out []Blocker
	if days.From > a.p.At.DateIn(app.Belgium()) {
		out = append(out, Blocker{Code: BlockedByFuture})
	}
	for _, f := range a.found[worker] {
		if f.Status == app.AnomalyOpen && days.Holds(f.Day) && attendance.RuleOf(f.Rule).KeepsOpen {
			out = append(out, Blocker{Code: BlockedByAnomaly, Anomaly: f})
		}
	}
	for _, pr := range a.present[worker] {
		if days.Holds(pr.Day) {
			out = append(out, Blocker{Code: BlockedByPresence, Presence: &pr})
		}
	}
	for i := range a.suspects {
		if s := &a.suspects[i]; s.workers[worker] && s.days.Overlaps(days) {
			out = append(out, Blocker{Code: s.code, Anomaly: s.anomaly})
		}
	}
	slices.SortStableFunc(out, func(x, y Blocker) int { return cmp.Compare(x.day(), y.day()) })
	return out
}

// suspect is a finding about taps of nobody that may be of certain workers: of a
// wrong clock, or of an unknown badge.
type suspect struct {
	code    BlockerCode
	anomaly *derived.FoundAnomaly
	workers map[app.ID]bool
	days    app.Days // in which the taps may lie
}

// suspectsIn finds the open findings about taps of nobody that may be someone's.
func suspectsIn(p *derived.Snapshot, readings map[app.ID]app.Instant) []suspect {
	var list []suspect
	for i := range p.Noted {
		f := &p.Noted[i]
		if f.Status != app.AnomalyOpen {
			continue
		}
		s := suspect{anomaly: f, workers: map[app.ID]bool{}}
		switch {
		case f.Rule == app.ClockReset || f.Rule == app.FuturePunch:
			s.code = BlockedByClock
		case f.Rule == app.UnknownBadge && len(app.FactAlike.Get(&f.Anomaly)) > 0:
			s.code = BlockedByBadge
		default:
			continue
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		return nil
	}
	holders := holdersIn(p)
	for i := range list {
		s := &list[i]
		for _, k := range s.anomaly.Punches {
			punch, _ := p.Engine.Punch(k)
			if s.code == BlockedByClock {
				s.clock(&punch, holders, readings)
			} else {
				s.badge(&punch, holders)
			}
		}
	}
	return list
}

// clock adds a tap of a wrong clock: it is of whoever ever held the identifier,
// and lies where the proposed shift puts it, or anywhere from the last good
// record until it was read.
func (s *suspect) clock(punch *app.Punch, holders holders, readings map[app.ID]app.Instant) {
	for _, w := range holders.byKey[punch.Identifier] {
		s.workers[w] = true
	}
	zone := app.Belgium()
	if shift, ok := app.FactShift.Of(&s.anomaly.Anomaly); ok {
		s.add(punch.At.Add(shift).DateIn(zone))
		return
	}
	s.add(s.anomaly.Day)
	if at := readings[punch.ReadingID]; at != 0 {
		s.add(at.DateIn(zone))
	}
}

// badge adds a tap of an unknown badge that is the same number as a known one in another notation.
func (s *suspect) badge(punch *app.Punch, holders holders) {
	for _, id := range app.FactAlike.Get(&s.anomaly.Anomaly) {
		for _, w := range holders.byID[id] {
			s.workers[w] = true
		}
	}
	s.add(punch.At.DateIn(app.Belgium()))
}

func (s *suspect) add(d app.Date) {
	if s.days.From == 0 || d < s.days.From {
		s.days.From = d
	}
	s.days.To = max(s.days.To, d)
}

// holders are the workers who ever held an identifier.
type holders struct {
	byID  map[app.ID][]app.ID
	byKey map[app.IdentifierKey][]app.ID
}

func holdersIn(p *derived.Snapshot) holders {
	h := holders{byID: map[app.ID][]app.ID{}, byKey: map[app.IdentifierKey][]app.ID{}}
	for _, c := range p.Facts.Custodies {
		if e, ok := p.Names.Engagements[c.EngagementID]; ok {
			h.byID[c.IdentifierID] = append(h.byID[c.IdentifierID], e.WorkerID)
		}
	}
	for _, i := range p.Facts.Identifiers {
		h.byKey[i.Key] = h.byID[i.ID]
	}
	return h
}
