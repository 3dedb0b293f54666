package derived

import (
	"context"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
)

// AnomalyDetail is an anomaly with everything that explains it.
type AnomalyDetail struct {
	FoundAnomaly
	Evidence  []EvidencePunch // its punches, in order
	Threshold *LimitUsed      // nil: the rule measures nothing
	Steps     []Step          // what can settle it, what fits best first
	// Registration is what the register refused or invalidated, of an anomaly of the rule refused; nil for any other.
	Registration *app.Registration
}

// EvidencePunch is a punch that an anomaly rests on, and who read it when.
type EvidencePunch struct {
	app.Tap
	Reading app.Reading // that first stored it; without an id where it is unknown
}

// LimitUsed is the threshold that an anomaly was judged by, and whose choice it is.
type LimitUsed struct {
	Name  app.Threshold    `json:"name"`
	Value int64            `json:"value"` // in Unit
	Unit  attendance.Unit  `json:"unit"`
	From  attendance.Level `json:"from"`
}

// WeeklyHours is where the week's limit comes from when the engagement says how
// many hours a week it has.
const WeeklyHours attendance.Level = "weekly-hours"

// AnomalyDetails returns what Anomalies gives, each with what explains it.
func (o *Cache) AnomalyDetails(ctx context.Context, f AnomalyFilter) ([]AnomalyDetail, error) {
	list, err := o.Anomalies(ctx, f)
	if err != nil {
		return nil, err
	}
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return p.details(ctx, list)
}

func (p *Snapshot) details(ctx context.Context, list []FoundAnomaly) ([]AnomalyDetail, error) {
	wanted := map[app.RecordKey]bool{}
	var refused []app.RecordKey
	for i := range list {
		for _, k := range list[i].Punches {
			wanted[k] = true
		}
		if list[i].Rule == app.RefusedRule && len(list[i].Punches) > 0 {
			refused = append(refused, list[i].Punches[0])
		}
	}
	rows, err := p.Register.Rows(ctx, refused)
	if err != nil {
		return nil, err
	}
	taps := p.TapsOf(wanted)
	readings := ByID(p.Facts.Readings, func(r app.Reading) app.ID { return r.ID })
	out := make([]AnomalyDetail, 0, len(list))
	for i := range list {
		d := AnomalyDetail{FoundAnomaly: list[i], Threshold: p.limitOf(&list[i].Anomaly)}
		for _, k := range list[i].Punches {
			if t, ok := taps[k]; ok {
				d.Evidence = append(d.Evidence, EvidencePunch{t, readings[t.Punch.ReadingID]})
			}
		}
		if d.Rule == app.RefusedRule && len(d.Punches) > 0 {
			if g, ok := rows[d.Punches[0]]; ok {
				d.Registration = &g
			}
		}
		d.Steps = p.steps(&d.FoundAnomaly, d.Evidence)
		out = append(out, d)
	}
	return out, nil
}

// TapsOf returns the taps of some punches.
func (p *Snapshot) TapsOf(wanted map[app.RecordKey]bool) map[app.RecordKey]app.Tap {
	const few = 16 // looked up one by one; more of them in one walk
	m := make(map[app.RecordKey]app.Tap, len(wanted))
	if len(wanted) <= few {
		for k := range wanted {
			if t, ok := p.Tap(k); ok {
				m[k] = t
			}
		}
		return m
	}
	for _, t := range p.Taps(PunchFilter{}) {
		if wanted[t.Punch.Key] {
			m[t.Punch.Key] = t
		}
	}
	return m
}

// limitOf says where the limit of an anomaly comes from.
func (p *Snapshot) limitOf(a *app.Anomaly) *LimitUsed {
	l := attendance.Levels{Company: p.Facts.Settings.Thresholds, Site: p.Names.Sites[a.SiteID].Thresholds}
	if a.Subject.Kind == app.AboutEngagement {
		l.Engagement = p.Names.Engagements[app.ID(a.Subject.ID)].Thresholds
	}
	e, ok := l.Of(a.Threshold)
	if !ok {
		return nil
	}
	used := &LimitUsed{Name: a.Threshold, Value: a.Limit, Unit: e.Unit, From: e.From}
	if a.Threshold == attendance.WeekWarning && a.Limit != e.Holds {
		used.From = WeeklyHours
	}
	return used
}

// AnomalyCard is one anomaly with the day that it happened on.
type AnomalyCard struct {
	AnomalyDetail
	// Span is what a time line of it shows, without an end where there is nothing to show.
	Span      app.Span
	Presences []app.Presence // of the person, by start
	Taps      []app.Tap      // of the person, or of nobody at the box, by time
	History   []HistoryStep  // what was done about it, the oldest first
}

// AnomalyCard returns one anomaly, found or gone, with everything about it.
func (o *Cache) AnomalyCard(ctx context.Context, k app.AnomalyKey) (*AnomalyCard, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	a, ok := p.Anomaly(k)
	if !ok {
		g, gone, err := o.work.Store.GoneSight(ctx, k)
		if err != nil {
			return nil, err
		}
		if !gone {
			return nil, app.NotFound("anomaly", string(k.Rule))
		}
		a = p.goneAnomaly(g)
	}
	details, err := p.details(ctx, []FoundAnomaly{a})
	if err != nil {
		return nil, err
	}
	c := &AnomalyCard{AnomalyDetail: details[0]}
	p.fillDay(c)
	c.History, err = o.history(ctx, p, c)
	return c, err
}

// fillDay puts the day around an anomaly on its card: the person's presences and
// taps, or where nobody is meant the taps at the box.
func (p *Snapshot) fillDay(c *AnomalyCard) {
	day := c.Day
	zone := p.Names.Zone(c.SiteID)
	if day == 0 && len(c.Evidence) > 0 {
		day = c.Evidence[len(c.Evidence)-1].At.DateIn(zone)
	}
	if day == 0 || (c.WorkerID == "" && len(c.Evidence) == 0) {
		return
	}
	days := app.Days{From: day, To: day}
	if c.Rule == app.ShortRest { // it lies between two workdays
		days.To = day.AddDays(1)
	}
	mine := map[app.RecordKey]bool{}
	for _, e := range c.Evidence {
		mine[e.Punch.Key] = true
	}
	f := PunchFilter{WorkerID: c.WorkerID, Span: app.Span{From: days.From.AddDays(-1).Start(zone), To: days.To.AddDays(2).End(zone)}}
	if c.WorkerID == "" {
		f.Box = c.Evidence[0].Punch.Key.Box
	} else {
		c.Presences = p.Presences(days, c.WorkerID)
	}
	for i := range c.Evidence { // also those whose time is not settled: they may lie on any day
		c.Taps = append(c.Taps, c.Evidence[i].Tap)
	}
	for _, t := range p.Taps(f) {
		if !mine[t.Punch.Key] && (c.WorkerID != "" && (days.Holds(t.Day) || t.Day == 0 && days.Holds(t.At.DateIn(zone)))) {
			c.Taps = append(c.Taps, t)
		}
	}
	slices.SortFunc(c.Taps, func(a, b app.Tap) int { return int(a.At - b.At) })
	c.Span = spanOf(c, days, zone)
}

const hour = 60 * 60 * 1000

// spanOf returns the whole hours around everything of its days on a card, six at least.
func spanOf(c *AnomalyCard, days app.Days, zone *time.Location) app.Span {
	var s app.Span
	take := func(i app.Instant) {
		if i == 0 {
			return
		}
		if s.From == 0 || i < s.From {
			s.From = i
		}
		s.To = max(s.To, i)
	}
	for _, t := range c.Taps {
		if days.Holds(t.Day) || t.Day == 0 && days.Holds(t.At.DateIn(zone)) {
			take(t.At)
		}
	}
	for i := range c.Presences {
		take(c.Presences[i].Start())
		if out := c.Presences[i].Out; out != nil {
			take(out.At)
		}
	}
	if s.From == 0 {
		return app.Span{}
	}
	s.From = s.From/hour*hour - hour
	s.To = s.To/hour*hour + 2*hour
	if s.To-s.From < 6*hour {
		s.To = s.From + 6*hour
	}
	return s
}
