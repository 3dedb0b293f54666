package cli

import (
	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

type ciaoPreflightCmd struct {
	Day string `placeholder:"2026-11-02" help:"preflight_day"`
	period
	whose
	Limit int `placeholder:"N" default:"100" help:"limit"`
}

// preflightJSON is the answer of ciao preflight.
type preflightJSON struct {
	environmentJSON
	Days    app.Days            `json:"days"`
	Refused bool                `json:"refused"` // something would be
	Causes  []causeJSON         `json:"causes"`
	Lines   []preflightLineJSON `json:"lines"`
}

type causeJSON struct {
	ciao.PreflightCause
	Name    string `json:"name"`    // of what is to be mended
	Message string `json:"message"` // the cause and its remedy, worded
}

type preflightLineJSON struct {
	ciao.PreflightLine
	Worker string `json:"worker,omitempty"`
	Site   string `json:"site,omitempty"`
	Who    string `json:"who"`   // the person, or what is to be mended, such as the whole company
	Where  string `json:"where"` // the site, or that it is a matter of every site or of none
}

// Run says what would be refused or held; the exit code is 1 where something would be refused.
func (c *ciaoPreflightCmd) Run(r *run) error {
	f, err := c.filter()
	if err != nil {
		return err
	}
	if c.Limit < 0 {
		return wrong("limit")
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		if f.WorkerID, f.SiteID, err = c.ids(r, o); err != nil {
			return err
		}
		p, err := o.Register.Preflight(r.ctx, f)
		if err != nil {
			return err
		}
		r.failed = p.Refused()
		if r.json {
			return r.print(r.preflightOf(o, names, p))
		}
		r.sayPreflight(names, p, c.Limit)
		return nil
	})
}

func (c *ciaoPreflightCmd) filter() (f sending.PreflightFilter, err error) {
	if f.Days, err = c.days(); err != nil || c.Day == "" {
		return f, err
	}
	if f.Days != (app.Days{}) {
		return f, wrong("together", "A", "--day", "B", "--from/--to/--month")
	}
	day, err := parseDate("--day", c.Day)
	f.Days = app.Days{From: day, To: day}
	return f, err
}

func (r *run) preflightOf(o *office.Office, names *derived.Names, p *sending.Preflight) preflightJSON {
	out := preflightJSON{environmentJSON: environmentOf(o), Days: p.Days, Refused: p.Refused(), Causes: []causeJSON{}, Lines: []preflightLineJSON{}}
	for _, cause := range p.Causes {
		message := wording.Cause(r.say, cause.Code) + ": " + wording.Remedy(r.say, cause.Remedy)
		out.Causes = append(out.Causes, causeJSON{cause, wording.Subject(r.say, names, cause.Subject), clean(message)})
	}
	for _, l := range p.Lines {
		out.Lines = append(out.Lines, preflightLineJSON{l, names.Worker(l.WorkerID), names.Site(l.SiteID),
			wording.PreflightWho(r.say, names, &l), wording.PreflightWhere(r.say, names, &l)})
	}
	return out
}

func (r *run) sayPreflight(names *derived.Names, p *sending.Preflight, limit int) {
	if len(p.Causes) == 0 {
		r.line(r.t("preflight.none"))
		return
	}
	t := newTable(r.t("preflight.causes"), r.t("col.cause"), r.t("col.remedy"), r.t("col.people"), r.t("col.days"), r.t("col.result")).numbers(3)
	for i := range p.Causes {
		c := &p.Causes[i]
		t.add(wording.Subject(r.say, names, c.Subject), wording.Cause(r.say, c.Code), wording.Remedy(r.say, c.Remedy), r.say.Number(len(c.Workers)),
			r.say.Days(c.Days), wording.Refused(r.say, c.Refused))
	}
	r.table(t)
	r.line("")
	t = newTable(r.t("col.day"), r.t("col.worker"), r.t("col.site"), r.t("col.cause"), r.t("col.kind"), r.t("col.count")).numbers(5)
	for i := range p.Lines {
		if l := &p.Lines[i]; limit == 0 || i < limit {
			t.add(
				r.say.Date(l.Day),
				wording.PreflightWho(r.say, names, l),
				wording.PreflightWhere(r.say, names, l),
				wording.Cause(r.say, l.Code),
				wording.Source(r.say, l),
				r.say.Number(l.Count),
			)
		}
	}
	r.line(r.t("preflight.lines"))
	r.table(t)
	if limit > 0 && len(p.Lines) > limit {
		r.more(limit)
	}
}
