package cli

import (
	"context"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/papers"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

type ciaoRunCmd struct {
	Yes            bool   `name:"yes" short:"y" help:"send_yes"`
	PassphraseFile string `name:"passphrase-file" placeholder:"FILE|-" help:"passphrase"`
}

// sendingJSON is one line of ciao run.
type sendingJSON struct {
	environmentJSON
	At     app.Instant `json:"at"`
	Mode   ciao.Mode   `json:"mode"`
	Next   app.Instant `json:"next,omitzero"` // when the schedule sends next
	Error  *errorJSON  `json:"error,omitempty"`
	Report *sentJSON   `json:"report,omitempty"`
}

// Run sends by itself in the mode that is set, until Ctrl-C.
func (c *ciaoRunCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if o.Settings().Register.SendingMode() == ciao.Manual {
			return failure("run.manual")
		}
		if ok, err := r.maySend(o, c.Yes); err != nil || !ok {
			return err
		}
		if err := r.unlock(o, c.PassphraseFile); err != nil {
			return err
		}
		r.aside(r.t("run.begins"))
		told := sendingTold{r: r, o: o}
		o.Register.KeepSending(r.ctx, told.say)
		if !r.json {
			r.line(r.t("run.ended"))
		}
		return nil
	})
}

// sendingTold prints how sending stands, and nothing that it printed just before.
type sendingTold struct {
	r      *run
	o      *office.Office
	text   string
	report *ciao.Report
}

func (t *sendingTold) say(s sending.SendingStatus) {
	r, o := t.r, t.o
	did := s.Report != nil && s.Report != t.report && s.Report.Requests+s.Report.Adopted+s.Report.Cancelled+s.Report.Changed > 0
	text := wording.Sending(r.say, s)
	if text == t.text && !did {
		return
	}
	t.text, t.report = text, s.Report
	if !r.json {
		r.line(r.say.DateTimeSeconds(o.Time(), app.Belgium()) + "  " + text)
		return
	}
	line := sendingJSON{environmentJSON: environmentOf(o), At: o.Time(), Mode: s.Mode, Next: s.Next}
	if s.Why != nil {
		e := r.errorJSON(s.Why)
		line.Error = &e
	}
	if did {
		sent := sentJSON{
			Report:     *s.Report,
			Simulated:  o.Environment().Simulated(),
			Rounds:     1,
			Left:       leftOf(s.Report.Left),
			ClockOffMs: s.Report.ClockOff.Milliseconds(),
		}
		line.Report = &sent
	}
	_ = r.printLine(line) // nobody left to tell: the next one fails too
}

// sendAfter sends what was read, where the mode says so. That it could not
// takes nothing from what was read: it is said, and the next sending tries again.
func (r *run) sendAfter(o *office.Office) {
	report, sent, err := o.Register.SendAfterReading(r.ctx)
	switch {
	case err != nil:
		r.aside(wording.NotSending(r.say, err))
	case sent:
		r.aside(wording.Sending(r.say, sending.SendingStatus{Mode: o.Settings().Register.SendingMode(), Report: &report, At: o.Time()}))
	}
}

// alongside sends live while work watches boxes, where the mode says so.
func (r *run) alongside(o *office.Office, work func() error) error {
	if o.Settings().Register.SendingMode() != ciao.Live {
		return work()
	}
	ctx, end := context.WithCancel(r.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var said string
		o.Register.KeepSending(ctx, func(s sending.SendingStatus) {
			if text := wording.Sending(r.say, s); s.Why != nil && text != said { // what goes well is seen at the taps
				said = text
				r.aside(text)
			}
		})
	}()
	err := work()
	end()
	<-done
	return err
}

type ciaoDelaysCmd struct {
	period
	By  string `placeholder:"site|box|week" enum:"site,box,week" default:"site" help:"delays_by"`
	Out string `placeholder:"FILE" help:"paper_out"`
	replacing
}

// delaysJSON is the answer of ciao delays; minutes have decimals.
type delaysJSON struct {
	environmentJSON
	By          ciao.DelayBy `json:"by"`
	LateMinutes float64      `json:"lateMinutes"`
	Steps       []float64    `json:"stepMinutes"` // upper ends of the bars; one more is above the last
	All         delayJSON    `json:"all"`
	Rows        []delayJSON  `json:"rows"`
	Waiting     int          `json:"waiting"`
	File        string       `json:"file,omitempty"`
}

type delayJSON struct {
	Key       string  `json:"key,omitempty"`
	Name      string  `json:"name,omitempty"`
	Count     int     `json:"count"`
	Median    float64 `json:"medianMinutes"`
	P95       float64 `json:"p95Minutes"`
	Most      float64 `json:"mostMinutes"`
	Late      int     `json:"late"`
	LateShare float64 `json:"lateShare"` // 0 to 1
	Bars      []int   `json:"bars"`
}

func delayOf(d ciao.DelayRow, name string) delayJSON {
	return delayJSON{d.Key, name, d.Count, d.Median.Minutes(), d.P95.Minutes(), d.Most.Minutes(), d.Late, d.LateShare(), d.Bars[:]}
}

// Run tells how long punches took to be accepted.
func (c *ciaoDelaysCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		report, err := o.Register.Delays(r.ctx, days, ciao.DelayBy(c.By))
		if err != nil {
			return err
		}
		file := ""
		if c.Out != "" {
			if file, err = o.Papers.WriteChart(r.ctx, documents.ChartQuestion{Kind: papers.Delays, Days: days, By: report.By}, r.paper(c.Out, c.replacing)); err != nil {
				return err
			}
		}
		defer func() {
			if !r.json {
				r.sayPaper(file)
			}
		}()
		name := func(d ciao.DelayRow) string { return names.Delay(r.say, report.By, d.Key) }
		if r.json {
			out := delaysJSON{environmentOf(o), report.By, ciao.DelayLate.Minutes(), nil, delayOf(report.All, ""), []delayJSON{}, report.Waiting, file}
			for _, s := range ciao.DelaySteps {
				out.Steps = append(out.Steps, s.Minutes())
			}
			for _, d := range report.Rows {
				out.Rows = append(out.Rows, delayOf(d, name(d)))
			}
			return r.print(out)
		}
		if report.All.Count == 0 {
			r.line(r.say.T("sending.delays.none"))
			return nil
		}
		t := newTable(
			r.say.T("sending.delays.by."+c.By),
			r.t("col.count"),
			r.say.T("sending.delays.median"),
			r.say.T("sending.delays.p95"),
			r.say.T("sending.delays.late"),
		).numbers(1, 2, 3, 4)
		for _, d := range append(report.Rows, report.All) {
			label := name(d)
			if d.Key == "" {
				label = r.say.T("sending.delays.all")
			}
			t.add(label, r.say.Number(d.Count), papers.DelayText(r.say, d.Median), papers.DelayText(r.say, d.P95), wording.Share(r.say, d.LateShare()))
		}
		r.table(t)
		if report.Waiting > 0 {
			r.line(r.say.N("sending.delays.waiting", report.Waiting))
		}
		return nil
	})
}
