package office

import (
	"cmp"
	"context"
	"strings"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
)

// ChartQuestion says what a chart is to show.
type ChartQuestion struct {
	Kind papers.ChartKind
	// Subject is the site's id, the worker's id, or the box's UID; "" for delays.
	Subject string
	// Days are those that it is of. Open ends mean what is usual for the kind: the
	// last four weeks, or thirteen where it goes by weeks or over months; of delays all.
	Days app.Days
	By   ciao.DelayBy // of delays alone
}

// How far back charts look where nobody says, in days.
const (
	shortLook = 28
	longLook  = 13 * 7
)

// Papers are all that is printed beside timesheets.
type Papers struct {
	work     *Workspace
	derived  *Cache
	printer  *Printer
	register *Register
	dossiers *Dossiers
	boxes    *Boxes
}

// NewPapers puts it together.
func NewPapers(work *Workspace, derived *Cache, printer *Printer, register *Register, dossiers *Dossiers, boxes *Boxes) *Papers {
	return &Papers{work: work, derived: derived, printer: printer, register: register, dossiers: dossiers, boxes: boxes}
}

// Chart gives a plot with its numbers.
func (o *Papers) Chart(ctx context.Context, q ChartQuestion) (*papers.Chart, error) {
	p, err := o.derived.look(ctx)
	if err != nil {
		return nil, err
	}
	q.Days = chartDays(q, p.at.DateIn(app.Belgium()))
	if err := checkDays(q.Days); err != nil {
		return nil, err
	}
	c := &papers.Chart{Kind: q.Kind, Days: q.Days}
	// The paper is of the end of its days: the same question gives the same bytes.
	c.Made = o.printer.made(q.Days.To.Start(app.Belgium()))
	switch q.Kind {
	case papers.SiteHours:
		err = p.hoursOf(c, app.ID(q.Subject))
	case papers.WorkerWeeks:
		err = p.weeksOf(c, app.ID(q.Subject))
	case papers.BoxDrift:
		err = o.driftOf(ctx, p, c, q.Subject)
	case papers.Delays:
		err = o.delaysOf(ctx, p, c, q.By)
	default:
		err = app.NotFound("chart", string(q.Kind))
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func chartDays(q ChartQuestion, today app.Date) app.Days {
	days, back := q.Days, app.Date(shortLook)
	if q.Kind == papers.WorkerWeeks || q.Kind == papers.BoxDrift {
		back = longLook
	}
	if days.To == 0 {
		days.To = max(today, days.From)
	}
	if days.From == 0 && q.Kind != papers.Delays {
		days.From = days.To - back
	}
	return days
}

func (p *picture) hoursOf(c *papers.Chart, site app.ID) error {
	s, ok := p.names.Sites[site]
	if !ok {
		return app.NotFound("site", string(site))
	}
	c.About, c.Data = s.Name, papers.BuildHours(p.presences(c.Days, ""), site, p.names.Zone(site))
	return nil
}

func (p *picture) weeksOf(c *papers.Chart, worker app.ID) error {
	w, ok := p.names.Workers[worker]
	if !ok {
		return app.NotFound("worker", string(worker))
	}
	c.Days = app.Days{From: c.Days.From.Monday(), To: c.Days.To.Monday() + 6}
	var engagements []app.Engagement
	for _, e := range p.names.Engagements {
		if e.WorkerID == worker {
			engagements = append(engagements, e)
		}
	}
	c.Worker = paper.Person{Name: w.Name(), StaffNumber: w.StaffNumber, ID: w.ID.Short()}
	for _, e := range p.facts.Engagements {
		if e.WorkerID != worker {
			continue
		}
		c.Worker.Employer = p.names.Employers[e.EmployerID].Name
	}
	c.About, c.Data = w.Name(), papers.BuildWeeks(p.workdays(c.Days, worker), engagements, c.Days, defaultWeekly)
	return nil
}

func (o *Papers) driftOf(ctx context.Context, p *picture, c *papers.Chart, box string) error {
	if _, ok := p.names.Boxes[box]; !ok {
		return app.NotFound("box", box)
	}
	l, err := o.boxes.OffsetLedger(ctx, box)
	if err != nil {
		return err
	}
	d := &papers.Drift{Points: []papers.DriftPoint{}, Zone: app.Belgium()}
	var counted []app.ClockOffset
	for _, x := range l.Points {
		if !c.Days.Holds(x.At.DateIn(d.Zone)) {
			continue
		}
		counts := x.Checked && x.SinceSet
		d.Points = append(d.Points, papers.DriftPoint{At: x.At, OffsetMS: x.Offset.Seconds() * 1000, UncertaintyMS: x.Uncertainty.Seconds() * 1000, Counts: counts})
		if counts {
			counted = append(counted, x.ClockOffset)
		}
	}
	d.PPM, d.Counted = Drift(counted), len(counted)
	c.About, c.Data = p.names.Box(box), d
	return nil
}

func (o *Papers) delaysOf(ctx context.Context, p *picture, c *papers.Chart, by ciao.DelayBy) error {
	by = cmp.Or(by, ciao.BySite)
	report, err := o.register.Delays(ctx, c.Days, by)
	if err != nil {
		return err
	}
	c.Data = &papers.DelayChart{Report: report, Name: func(t app.Texts, row ciao.DelayRow) string { return p.names.Delay(t, by, row.Key) }}
	return nil
}

// Delay names a row of the delay report: a site, a box or a week.
func (n *Names) Delay(t interface{ T(string, ...any) string }, by ciao.DelayBy, key string) string {
	var name string
	switch by {
	case ciao.BySite:
		name = n.Site(app.ID(key))
	case ciao.ByBox:
		name = n.Box(key)
	case ciao.ByWeek:
		year, week, _ := strings.Cut(key, "-W")
		return t.T("sending.delays.week", "Week", strings.TrimPrefix(week, "0"), "Year", year)
	}
	return cmp.Or(name, key)
}

// WriteChart prints a chart and gives the path of its file.
func (o *Papers) WriteChart(ctx context.Context, q ChartQuestion, opt PaperOptions) (string, error) {
	c, err := o.Chart(ctx, q)
	if err != nil {
		return "", err
	}
	return o.printer.writePaper(ctx, c, timesheet.PlainName(c.Days.To.String(), string(q.Kind), c.About, string(q.By)), opt)
}
