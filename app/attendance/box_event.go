package attendance

import (
	"klokkast/app"
)

// boxEvent finds what boxes note of themselves while they stand at a site: case
// opened, store full, power lost. Stores nearly full are fullBoxes'.
func boxEvent(f *facts, l *boxLog) (list []app.Anomaly) {
	for i := range l.records {
		if e := l.event(&l.records[i]); e != nil {
			if a, ok := f.onEvent(l, i, e); ok {
				list = append(list, a)
			}
		}
	}
	return list
}

func (f *facts) onEvent(l *boxLog, i int, e *app.BoxEvent) (app.Anomaly, bool) {
	var sev app.Severity
	var what string
	switch e.Type {
	case app.RecordCaseOpened:
		sev, what = app.Serious, "case-opened"
	case app.RecordStoreFull: // it refused punches: people are affected
		sev, what = app.Serious, "store-full"
	case app.RecordPowerLost:
		sev, what = app.Information, "power-lost"
	default:
		return app.Anomaly{}, false
	}
	at := l.records[i].at
	if !l.segmentOf(i).settled() { // its own time says nothing
		at = max(l.around(i, i+1).From, 0)
	}
	s := l.box.at(at)
	if s == nil {
		return app.Anomaly{}, false
	}
	a := onBox(app.BoxEventRule, sev, l.box, s)
	a.Anchor, a.At, a.Day = e.Key.String(), at, at.DateIn(s.zone)
	a.Facts = app.FactsOf(app.FactEvent.Is(what))
	return a, true
}

// fullBoxes finds stores above 90 %: one standing finding a box.
func fullBoxes(f *facts, _ []*person) (list []app.Anomaly) {
	last := map[string]*Fill{}
	for i := range f.in.Fills {
		v := &f.in.Fills[i]
		if o := last[v.Box]; o == nil || v.At > o.At || v.At == o.At && v.Used > o.Used {
			last[v.Box] = v
		}
	}
	for _, b := range f.boxes {
		v := last[b.uid]
		if v == nil || v.Capacity == 0 {
			continue
		}
		s := b.at(f.now)
		limit := f.limits.of(MemoryAbove, s, nil)
		if percent := v.Used * 100; percent > v.Capacity*uint64(limit) {
			a := onBox(app.BoxEventRule, app.Warning, b, s)
			a.Threshold, a.Limit, a.Value, a.At = MemoryAbove, limit, int64(percent/v.Capacity), v.At
			a.Facts = app.FactsOf(app.FactEvent.Is("memory"), app.FactPercent.Is(int64(percent/v.Capacity)))
			list = append(list, a)
		}
	}
	return list
}
