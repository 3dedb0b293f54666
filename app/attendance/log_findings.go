package attendance

import (
	"slices"

	"klokkast/app"
)

// logFindings is what one log alone has to say.
type logFindings struct {
	found    []app.Anomaly
	wrong    []Segment
	older    Older
	first    map[app.ID]app.Instant // the first tap at each site
	measured *app.Reading           // the last reading that measured its clock
	punches  int
}

// settleLog does all that is done with one log alone.
func (f *facts) settleLog(l *boxLog) {
	l.order()
	l.gaps = slices.DeleteFunc(l.gaps, l.filled)
	if l.box.phones {
		f.settlePhones(l)
	} else {
		f.settle(l)
	}
	f.attribute(l)
	l.inTime = slices.IsSortedFunc(l.records, func(a, b record) int { return int(min(1, max(-1, a.at-b.at))) })
	about := &logFindings{wrong: f.wrongSegments(l), older: l.older(), first: l.firstAtSites(), measured: l.lastMeasured()}
	for i := range ruleBook {
		if rule := ruleBook[i].inLog; rule != nil {
			about.found = append(about.found, rule(f, l)...)
		}
	}
	for i := range l.records {
		if l.records[i].isPunch() {
			about.punches++
		}
	}
	l.about = about
}

// older counts what makes nothing because the log's box stood nowhere (principle 9).
func (l *boxLog) older() Older {
	o := Older{Box: l.key.Box, Placed: len(l.box.places) > 0}
	for i := range l.records {
		r := &l.records[i]
		switch {
		case !r.isPunch():
			if l.box.at(r.at) == nil && (len(l.box.places) == 0 || r.mark&markUnsettled == 0) {
				o.Records++
			}
		case r.mark&markNoSite != 0:
			o.Punches, o.Records = o.Punches+1, o.Records+1
			if o.From == 0 || r.raw < o.From {
				o.From = r.raw
			}
			o.To = max(o.To, r.raw)
		}
	}
	return o
}

// and adds what another log of the box holds.
func (o Older) and(more Older) Older {
	if o.From == 0 || more.From != 0 && more.From < o.From {
		o.From = more.From
	}
	o.Punches, o.Records, o.To = o.Punches+more.Punches, o.Records+more.Records, max(o.To, more.To)
	return o
}
