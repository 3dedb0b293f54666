package documents

import (
	"cmp"
	"context"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/papers"
	"klokkast/app/sending"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
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
	work     *workspace.Workspace
	derived  *derived.Cache
	printer  *Printer
	register *sending.Register
	dossiers *sending.Dossiers
	boxes    *boxes.Boxes
}

// NewPapers puts it together.
func NewPapers(
	work *workspace.Workspace,
	derived *derived.Cache,
	printer *Printer,
	register *sending.Register,
	dossiers *sending.Dossiers,
	boxes *boxes.Boxes,
) *Papers {
	return &Papers{work: work, derived: derived, printer: printer, register: register, dossiers: dossiers, boxes: boxes}
}

// Chart returns a plot with its numbers.
func (o *Papers) Chart(ctx context.Context, q ChartQuestion) (*papers.Chart, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	q.Days = chartDays(q, p.At.DateIn(app.Belgium()))
	if err := workspace.CheckDays(q.Days); err != nil {
		return nil, err
	}
	c := &papers.Chart{Kind: q.Kind, Days: q.Days}
	// The paper is of the end of its days: the same question gives the same bytes.
	c.Made = o.printer.made(q.Days.To.Start(app.Belgium()))
	switch q.Kind {
	case papers.SiteHours:
		err = hoursOf(p, c, app.ID(q.Subject))
	case papers.WorkerWeeks:
		err = weeksOf(p, c, app.ID(q.Subject))
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

func hoursOf(p *derived.Snapshot, c *papers.Chart, site app.ID) error {
	s, ok := p.Names.Sites[site]
	if !ok {
		return app.NotFound("site", string(site))
	}
	c.About, c.Data = s.Name, papers.BuildHours(p.Presences(c.Days, ""), site, p.Names.Zone(site))
	return nil
}

func weeksOf(p *derived.Snapshot, c *papers.Chart, worker app.ID) error {
	w, ok := p.Names.Workers[worker]
	if !ok {
		return app.NotFound("worker", string(worker))
	}
	c.Days = app.Days{From: c.Days.From.Monday(), To: c.Days.To.Monday() + 6}
	var engagements []app.Engagement
	for _, e := range p.Names.Engagements {
		if e.WorkerID == worker {
			engagements = append(engagements, e)
		}
	}
	c.Worker = paper.Person{Name: w.Name(), StaffNumber: w.StaffNumber, ID: w.ID.Short()}
	for _, e := range p.Facts.Engagements {
		if e.WorkerID != worker {
			continue
		}
		c.Worker.Employer = p.Names.Employers[e.EmployerID].Name
	}
	c.About, c.Data = w.Name(), papers.BuildWeeks(p.Workdays(c.Days, worker), engagements, c.Days, defaultWeekly)
	return nil
}

func (o *Papers) driftOf(ctx context.Context, p *derived.Snapshot, c *papers.Chart, box string) error {
	if _, ok := p.Names.Boxes[box]; !ok {
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
		d.Points = append(
			d.Points,
			papers.DriftPoint{At: x.At, OffsetMS: x.Offset.Seconds() * 1000, UncertaintyMS: x.Uncertainty.Seconds() * 1000, Counts: counts},
		)
		if counts {
			counted = append(counted, x.ClockOffset)
		}
	}
	d.PPM, d.Counted = boxes.Drift(counted), len(counted)
	c.About, c.Data = p.Names.Box(box), d
	return nil
}

func (o *Papers) delaysOf(ctx context.Context, p *derived.Snapshot, c *papers.Chart, by ciao.DelayBy) error {
	by = cmp.Or(by, ciao.BySite)
	report, err := o.register.Delays(ctx, c.Days, by)
	if err != nil {
		return err
	}
	c.Data = &papers.DelayChart{Report: report, Name: func(t app.Texts, row ciao.DelayRow) string { return p.Names.Delay(t, by, row.Key) }}
	return nil
}

// WriteChart prints a chart and gives the path of its file.
func (o *Papers) WriteChart(ctx context.Context, q ChartQuestion, opt PaperOptions) (string, error) {
	c, err := o.Chart(ctx, q)
	if err != nil {
		return "", err
	}
	return o.printer.writePaper(ctx, c, timesheet.PlainName(c.Days.To.String(), string(q.Kind), c.About, string(q.By)), opt)
}
