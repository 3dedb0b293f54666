package cli

import (
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/papers"
)

// chartFlags choose the days of a chart, and where its paper goes.
type chartFlags struct {
	period
	Out string `placeholder:"FILE" help:"paper_out"`
	replacing
}

// chartJSON is the answer of site hours, worker weeks and box drift; it holds one of the three.
type chartJSON struct {
	environmentJSON
	*papers.Chart
	Data  *struct{}     `json:"data,omitempty"`
	Hours *papers.Hours `json:"hours,omitempty"`
	Weeks *weeksJSON    `json:"weeks,omitempty"`
	Drift *papers.Drift `json:"drift,omitempty"`
	File  string        `json:"file,omitempty"`
}

// weeksJSON is a list of weeks.
type weeksJSON = []papers.Week

type siteHoursCmd struct {
	Site string `arg:"" help:"place_site"`
	chartFlags
}

// Run shows how many people are at a site by the hour of the day.
func (c *siteHoursCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		return c.show(r, o, papers.SiteHours, string(s.Site.ID))
	})
}

type workerWeeksCmd struct {
	Worker string `arg:"" help:"worker"`
	chartFlags
}

// Run shows a worker's hours by week against the contract.
func (c *workerWeeksCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		w, err := r.worker(o, c.Worker)
		if err != nil {
			return err
		}
		return c.show(r, o, papers.WorkerWeeks, string(w.Worker.ID))
	})
}

type boxDriftCmd struct {
	Box string `arg:"" help:"chart_box"`
	chartFlags
}

// Run shows by how much a box's clock is off over time.
func (c *boxDriftCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		b, err := r.box(o, c.Box)
		if err != nil {
			return err
		}
		return c.show(r, o, papers.BoxDrift, b.Box.UID)
	})
}

// show shows a chart's numbers; with --out it prints the chart.
func (f *chartFlags) show(r *run, o *office.Office, kind papers.ChartKind, subject string) error {
	q := documents.ChartQuestion{Kind: kind, Subject: subject}
	var err error
	if q.Days, err = f.days(); err != nil {
		return err
	}
	c, err := o.Papers.Chart(r.ctx, q)
	if err != nil {
		return err
	}
	file := ""
	if f.Out != "" {
		if file, err = o.Papers.WriteChart(r.ctx, q, r.paper(f.Out, f.replacing)); err != nil {
			return err
		}
	}
	if r.json {
		return r.print(chartOf(o, c, file))
	}
	r.line(r.say.T("chart."+string(kind)) + ": " + c.About + ", " + r.say.Days(c.Days))
	if p := c.Data.Plot(r.say); p.Nothing() {
		r.line(p.Empty)
	} else {
		r.lines(c.Data.Said(r.say))
		r.chartTable(c.Data.Table(r.say))
	}
	r.sayPaper(file)
	return nil
}

func (r *run) chartTable(head []string, rows [][]string) {
	numbers := make([]int, 0, len(head))
	for i := 1; i < len(head); i++ {
		numbers = append(numbers, i)
	}
	t := newTable(head...).numbers(numbers...)
	for _, row := range rows {
		t.add(row...)
	}
	r.table(t)
}

func chartOf(o *office.Office, c *papers.Chart, file string) chartJSON {
	out := chartJSON{environmentJSON: environmentOf(o), Chart: c, File: file}
	switch d := c.Data.(type) {
	case *papers.Hours:
		out.Hours = d
	case *papers.Weeks:
		out.Weeks = &d.Weeks
	case *papers.Drift:
		out.Drift = d
	}
	return out
}
