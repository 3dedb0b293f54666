package cli

import (
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
)

type presencesCmd struct {
	period
	whose
}

// presencesJSON is the answer of presences.
type presencesJSON struct {
	environmentJSON
	Days      app.Days       `json:"days"`
	Presences []presenceJSON `json:"presences"`
	Workdays  []workdayJSON  `json:"workdays"`
}

type presenceJSON struct {
	app.Presence
	Worker   string `json:"worker"`
	Site     string `json:"site"`
	WorkedMs int64  `json:"workedMs"` // 0 unless both edges are known
	// InByPhone and OutByPhone say of the edges that they were registered by phone or otherwise.
	InByPhone  bool `json:"inByPhone,omitempty"`
	OutByPhone bool `json:"outByPhone,omitempty"`
}

type workdayJSON struct {
	WorkerID         app.ID   `json:"workerId"`
	Worker           string   `json:"worker"`
	Day              app.Date `json:"day"`
	Presences        int      `json:"presences"`
	WorkedMs         int64    `json:"workedMs"`
	AdjustedMs       int64    `json:"adjustedMs"`
	BreaksMs         int64    `json:"breaksMs"`
	ProposedBreaksMs int64    `json:"proposedBreaksMs"`
	NightMs          int64    `json:"nightMs"`
	SundayMs         int64    `json:"sundayMs"`
	Incomplete       bool     `json:"incomplete"`
}

// Run lists presences and workdays; of this month where no days are chosen.
func (c *presencesCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		days := r.orThisMonth(days)
		worker, site, err := c.ids(r, o)
		if err != nil {
			return err
		}
		presences, err := o.Derived.Presences(r.ctx, days, worker, site)
		if err != nil {
			return err
		}
		workdays, err := o.Derived.Workdays(r.ctx, days, worker)
		if err != nil {
			return err
		}
		workdays = atSite(workdays, site)
		if r.json {
			return r.print(presencesOf(o, days, presences, workdays, names))
		}
		r.presenceTables(days, presences, workdays, names)
		return nil
	})
}

// atSite keeps the workdays with a presence at a site; "" keeps all. Their
// totals are those of the whole day.
func atSite(days []app.Workday, site app.ID) []app.Workday {
	if site == "" {
		return days
	}
	var kept []app.Workday
	for _, d := range days {
		for _, p := range d.Presences {
			if p.SiteID == site {
				kept = append(kept, d)
				break
			}
		}
	}
	return kept
}

func presencesOf(o *office.Office, days app.Days, presences []app.Presence, workdays []app.Workday, names *derived.Names) presencesJSON {
	out := presencesJSON{environmentJSON: environmentOf(o), Days: days, Workdays: []workdayJSON{}}
	out.Presences = presenceListOf(presences, names)
	for _, w := range workdays {
		out.Workdays = append(out.Workdays, workdayJSON{
			WorkerID: w.WorkerID, Worker: names.Worker(w.WorkerID), Day: w.Day, Presences: len(w.Presences),
			WorkedMs: w.Worked.Milliseconds(), AdjustedMs: w.Adjusted.Milliseconds(), BreaksMs: w.Breaks.Milliseconds(),
			ProposedBreaksMs: w.ProposedBreaks.Milliseconds(), NightMs: w.Night.Milliseconds(), SundayMs: w.Sunday.Milliseconds(),
			Incomplete: w.Incomplete,
		})
	}
	return out
}

func presenceListOf(presences []app.Presence, names *derived.Names) []presenceJSON {
	out := []presenceJSON{}
	for _, p := range presences {
		out = append(out, presenceJSON{p, names.Worker(p.WorkerID), names.Site(p.SiteID), p.Worked.Milliseconds(), p.In.ByPhone(), p.Out.ByPhone()})
	}
	return out
}

func (r *run) presenceTables(days app.Days, presences []app.Presence, workdays []app.Workday, names *derived.Names) {
	r.line(r.t("presences.of", "Days", r.say.Days(days)))
	if len(presences) == 0 && len(workdays) == 0 {
		r.line(r.t("presences.none"))
		return
	}
	t := newTable(r.t("col.day"), r.t("col.worker"), r.t("col.site"), r.t("col.in"), r.t("col.out"), r.t("col.worked"), r.t("col.remark")).numbers(5)
	for i := range presences {
		p := &presences[i]
		zone := names.Zone(p.SiteID)
		t.add(r.say.DayMonth(p.Day), names.Worker(p.WorkerID), names.Site(p.SiteID),
			r.edge(p.In, p.Day, zone), r.edge(p.Out, p.Day, zone), r.workedCell(p), r.presenceRemark(p, zone))
	}
	r.table(t)
	if slices.ContainsFunc(presences, func(p app.Presence) bool { return p.ByPhone() }) {
		r.line(r.phoneLegend())
	}
	r.line("")
	var total time.Duration
	t = newTable(
		r.t("col.workday"),
		r.t("col.worker"),
		r.t("col.worked"),
		r.t("col.breaks"),
		r.t("col.night"),
		r.t("col.sunday"),
		r.t("col.remark"),
	).numbers(2, 3, 4, 5)
	for _, w := range workdays {
		total += w.Worked.Truncate(time.Minute) // a month is the sum of the days as printed
		remark := ""
		if w.Incomplete {
			remark = r.t("presences.incomplete")
		}
		t.add(
			r.say.DayMonth(w.Day),
			names.Worker(w.WorkerID),
			r.say.Duration(w.Worked),
			r.say.Duration(w.Breaks),
			r.say.Duration(w.Night),
			r.say.Duration(w.Sunday),
			remark,
		)
	}
	r.table(t)
	r.line("")
	r.line(r.n("presences.total", len(workdays), "Worked", r.say.Duration(total)))
}

// edge writes one end of a presence; one on another day than the workday's says which.
func (r *run) edge(s *app.Side, day app.Date, zone *time.Location) string {
	if s == nil {
		return "–"
	}
	text := r.say.Time(s.At, zone)
	if d := s.At.DateIn(zone); d != day {
		text += " (" + r.say.DayMonth(d) + ")"
	}
	if s.Adjustment != "" {
		text += "*"
	}
	if s.ByPhone() {
		text += app.PhoneMark
	}
	return text
}

// phoneLegend says what the mark of a time means that nobody tapped at a box.
func (r *run) phoneLegend() string { return app.PhoneMark + " " + r.say.T("word.byPhone") }

func (r *run) workedCell(p *app.Presence) string {
	if !p.Complete() {
		return ""
	}
	return r.say.Duration(p.Worked)
}

func (r *run) presenceRemark(p *app.Presence, zone *time.Location) string {
	remark := r.presenceState(p, zone)
	if g := p.OverGap; g != nil {
		remark += "; " + r.t("presences.overGap", "First", r.say.Number(int(g.First)), "Last", r.say.Number(int(g.Last)))
	}
	return remark
}

func (r *run) presenceState(p *app.Presence, zone *time.Location) string {
	switch {
	case p.State == app.PresenceOpen && p.PhonesUnchecked && p.BoxReadTo == 0:
		return r.t("presences.openPhonesNever")
	case p.State == app.PresenceOpen && p.PhonesUnchecked:
		return r.t("presences.openPhones", "At", r.say.DateTime(p.BoxReadTo, zone))
	case p.State == app.PresenceOpen && p.BoxReadTo == 0:
		return r.t("presences.openUnread")
	case p.State == app.PresenceOpen:
		return r.t("presences.open", "At", r.say.DateTime(p.BoxReadTo, zone))
	case p.State == app.PresenceMissingOut:
		return r.t("presences.missingOut")
	case p.State == app.PresenceMissingIn:
		return r.t("presences.missingIn")
	case p.Adjusted:
		return r.t("presences.adjusted")
	}
	return ""
}
