package cli

import (
	"klokkast/app"
	"klokkast/app/workspace"
	"klokkast/ui/demo"
	"klokkast/ui/wording"
)

// DemoOptions say which demo company is made.
type DemoOptions struct {
	DB     string    // of --db: a demo never moves in beside it
	Dir    string    // where everything goes; "" is a new temporary folder
	Month  app.Month // zero: the folder's, else last month
	Seed   uint64    // 0: the folder's, else 1
	Window bool      // open the window on it, its boxes and register still running
	NoSend bool      // leaves the sending to whoever tries the program
	// Language of its settings; "" is the company's own choice.
	Language app.Language
	// Failed is told what the window shows to have failed; nil without a window.
	Failed func(error)
	// Progress is told how far it is; never nil.
	Progress workspace.Progress
	// Ready is called with the report once the company is there: before the
	// window opens where one does. Never nil.
	Ready func(DemoReport)
}

// DemoReport is what a run of the demo did and what there is now.
type DemoReport = demo.Report

type demoCmd struct {
	Dir    string `placeholder:"DIR" help:"demo_dir"`
	Month  string `placeholder:"2026-10" help:"demo_month"`
	Seed   uint64 `placeholder:"N" help:"demo_seed"`
	NoSend bool   `name:"no-send" help:"demo_no_send"`
	Window bool   `help:"demo_window"`
}

// demoJSON is the answer of demo.
type demoJSON struct {
	environmentJSON
	DemoReport
}

// Run makes a demo company, or goes on with the one in the folder.
func (c *demoCmd) Run(r *run) error {
	if r.parts.Demo == nil {
		return failure("missing.demo")
	}
	show := c.Window
	if show {
		if why := r.noWindow(); why != nil { // the demo goes on in the terminal
			r.aside(r.word(why))
			show = false
		}
	}
	var month app.Month
	if c.Month != "" {
		var err error
		if month, err = parseMonth(c.Month); err != nil {
			return err
		}
	}
	m, step := r.progress(r.t("demo.progress"))
	var printed error
	var f failures
	_, err := r.parts.Demo(r.ctx, DemoOptions{
		DB: r.flags.DB, Dir: c.Dir, Month: month, Seed: c.Seed, NoSend: c.NoSend, Window: show, Language: app.Language(r.flags.Lang), Progress: step, Failed: f.teller(r),
		Ready: func(d DemoReport) {
			m.end()
			printed = r.sayDemo(d)
		},
	})
	m.end()
	if err = f.left(err); err != nil {
		return err
	}
	return printed
}

func (r *run) sayDemo(d DemoReport) error {
	if r.json {
		return r.print(demoJSON{environmentJSON{app.LocalSimulator, true}, d})
	}
	r.line(r.t("simulated"))
	r.line(r.t("demo.of", "Month", d.Month))
	r.line("")
	t := newTable(r.t("col.what"), r.t("col.count")).numbers(1)
	for _, row := range []struct {
		key   string
		count int
	}{
		{"demo.punches", d.Punches}, {"demo.punchesRead", d.PunchesRead}, {"demo.presences", d.Presences},
		{"demo.papers", d.Sheets}, {"demo.papersNew", d.SheetsNew},
	} {
		t.add(r.t(row.key), r.say.Number(row.count))
	}
	r.table(t)
	r.countTable(r.t("demo.anomalies"), countsOf(d.Anomalies), func(c string) string { return wording.Rule(r.say, app.Rule(c)) })
	r.countTable(r.t("demo.registrations"), countsOf(d.Registrations), func(c string) string { return wording.State(r.say, app.RegistrationState(c)) })
	r.countTable(r.t("demo.held"), countsOf(d.Held), func(c string) string { return wording.Held(r.say, app.HeldReason(c)) })
	r.line("")
	r.line(r.t("demo.where", "DB", d.Database, "Seconds", r.say.Decimal(d.Seconds, 1)))
	return nil
}

func countsOf[K ~string](m map[K]int) map[string]int {
	out := map[string]int{}
	for k, n := range m {
		out[string(k)] = n
	}
	return out
}

// countTable prints counts by code, in the order of the codes.
func (r *run) countTable(title string, counts map[string]int, word func(string) string) {
	if len(counts) == 0 {
		return
	}
	var codes []string
	for c := range counts {
		codes = append(codes, c)
	}
	r.line("")
	t := newTable(title, r.t("col.count")).numbers(1)
	for _, c := range sorted(codes) {
		t.add(word(c), r.say.Number(counts[c]))
	}
	r.table(t)
}
