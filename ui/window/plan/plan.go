package plan

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Screen is the plan of a site, a week at a time: people and days above; the
// shifts and the lines of the person at the cursor below.
type Screen struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry

	site   *kit.Choice
	title  *widget.Label
	week   *grid.Grid[personWeek]
	shifts *grid.Grid[shiftRow]
	lines  *grid.Grid[lineRow]

	hours, cancel, standIn, away, back *kit.Button
	change, end                        *kit.Button

	monday app.Date
	wanted app.ID // the site to show; "" is the first one with a plan
	shown  planShown
}

// personWeek is one person's week: the texts of seven days. The second shifts
// of its days, and so on, have rows of their own below.
type personWeek struct {
	key, person, total string
	worker             app.ID
	days               [7]string
	looks              [7]widget.Importance
}

type shiftRow struct {
	key, day, hours, remark string
	look                    widget.Importance
	shift                   app.Shift
}

type lineRow struct {
	key, weekdays, hours, days, every string
	line                              app.PlanLine
}

// planShown is what the screen shows, as it was loaded.
type planShown struct {
	site  app.ID
	sites []kit.Option
	names *derived.Names
	week  *acts.PlanWeek
	rows  []personWeek
}

// New makes the screen of the plan on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk, monday: h.Today().Monday()}
	t := h.Texts
	p.title = kit.Bold("")
	p.site = kit.NewChoice(nil, "")
	p.site.PlaceHolder = t.T("window.choose")
	p.week = kit.NewGrid(h, t.T("window.plan.empty"), func(r personWeek) string { return r.key }, p.weekColumns())
	p.week.OnSelect = p.showPerson
	p.shifts = kit.NewGrid(h, t.T("window.plan.noShifts"), func(r shiftRow) string { return r.key }, []grid.Column[shiftRow]{
		{Key: "day", Title: t.T("window.col.day"), Width: 84, Firm: true, Text: func(r shiftRow) string { return r.day }},
		{Key: "hours", Title: t.T("window.plan.hours"), Width: 104, Firm: true, Text: func(r shiftRow) string { return r.hours }},
		{Key: "remark", Title: "", Width: 200, Text: func(r shiftRow) string { return r.remark }, Look: func(r shiftRow) widget.Importance { return r.look }},
	})
	p.shifts.OnSelect = p.enableButtons
	p.shifts.OnOpen = func(shiftRow) { p.askHours() }
	p.lines = kit.NewGrid(h, t.T("window.plan.noLines"), func(r lineRow) string { return r.key }, []grid.Column[lineRow]{
		{Key: "weekdays", Title: t.T("window.plan.weekdays"), Width: 110, Text: func(r lineRow) string { return r.weekdays }},
		{Key: "hours", Title: t.T("window.plan.hours"), Width: 104, Firm: true, Text: func(r lineRow) string { return r.hours }},
		{Key: "days", Title: t.T("window.col.days"), Width: 180, Text: func(r lineRow) string { return r.days }},
		{Key: "every", Title: t.T("window.plan.every"), Width: 70, Text: func(r lineRow) string { return r.every }},
	})
	p.lines.OnSelect = p.enableButtons
	p.lines.OnOpen = func(lineRow) { p.askLine(true) }
	p.hours = h.Button(t.T("window.plan.otherHours"), theme.DocumentCreateIcon(), p.askHours)
	p.cancel = h.Button(t.T("window.plan.cancel"), theme.CancelIcon(), p.askCancel)
	p.standIn = h.Button(t.T("window.plan.standIn"), theme.AccountIcon(), p.askStandIn)
	p.away = h.Button(t.T("window.plan.away"), nil, p.askAbsence)
	p.back = h.Button(t.T("window.plan.takeBack"), theme.ContentUndoIcon(), p.askTakeBack)
	p.change = h.Button(t.T("window.change"), theme.DocumentCreateIcon(), func() { p.askLine(true) })
	p.end = h.Button(t.T("window.end"), nil, p.askEnd)
	p.load = h.Asks(p.week)
	p.shifts.Rest()
	p.lines.Rest()
	p.enableButtons()
	return p
}

func (p *Screen) weekColumns() []grid.Column[personWeek] {
	columns := []grid.Column[personWeek]{
		{Key: "person", Title: p.h.Texts.T("window.col.person"), Width: 170, Text: func(r personWeek) string { return r.person }},
	}
	for i := range 7 {
		columns = append(columns, grid.Column[personWeek]{
			Key: "day" + string(rune('1'+i)), Title: p.h.Texts.WeekdayShort(app.Date(1 + i).Weekday()), Width: 106, // 0001-01-01 was a Monday
			Text: func(r personWeek) string { return r.days[i] },
			Look: func(r personWeek) widget.Importance { return r.looks[i] },
		})
	}
	return append(columns, grid.Column[personWeek]{Key: "total", Title: p.h.Texts.T("window.plan.total"),
		Width: 60, Firm: true, Right: true, Text: func(r personWeek) string { return r.total }})
}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	t := p.h.Texts
	p.site.OnChanged = func(string) {
		if v := app.ID(p.site.Value()); v != "" && v != p.shown.site {
			p.wanted = v
			p.Reload()
		}
	}
	add := p.h.MainButton(t.T("window.plan.add"), theme.ContentAddIcon(), func() { p.askLine(false) })
	copyWeek := p.h.Button(t.T("window.plan.copy"), theme.ContentCopyIcon(), p.askCopy)
	absences := p.h.Button(t.T("window.plan.absences"), nil, p.listAbsences)
	p.load.Shows(kit.Gated{add, copyWeek, absences})
	back := p.h.Button("", theme.NavigateBackIcon(), func() { p.goToWeek(p.monday.AddDays(-7)) })
	next := p.h.Button("", theme.NavigateNextIcon(), func() { p.goToWeek(p.monday.AddDays(7)) })
	today := p.h.Button(t.T("window.period.today"), nil, func() { p.goToWeek(p.h.Today()) })
	top := container.NewVBox(
		container.NewBorder(nil, nil, kit.Heading(t.T("window.screen.plan")), kit.Toolbar(add, copyWeek, absences)),
		container.NewBorder(nil, nil, nil, container.NewHBox(back, p.title, next, today), p.site),
	)
	shifts := container.NewBorder(kit.Bold(t.T("window.plan.shifts")), container.NewHBox(p.hours, p.cancel, p.standIn, p.away, p.back), nil, nil, p.shifts)
	lines := container.NewBorder(kit.Bold(t.T("window.plan.lines")), container.NewHBox(p.change, p.end), nil, nil, p.lines)
	below := kit.Split(0.56, shifts, lines)
	all := container.NewVSplit(p.load.Above(p.week), below)
	all.SetOffset(0.55)
	return container.NewBorder(top, nil, nil, nil, all)
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return nil }

// Narrow shows the plan of a site.
func (p *Screen) Narrow(site string) {
	if site != "" {
		p.wanted = app.ID(site)
	}
}

func (p *Screen) goToWeek(day app.Date) {
	p.monday = day.Monday()
	p.Reload()
}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	wanted, monday := p.wanted, p.monday
	p.title.SetText(kit.DaysText(p.h.Texts, app.Days{From: monday, To: monday.AddDays(6)})) // what is asked for, also while it is not there
	kit.Load(p.load, [2]any{wanted, monday}, func(ctx context.Context) (planShown, error) { return p.get(ctx, wanted, monday) }, p.show)
}

func (p *Screen) get(ctx context.Context, site app.ID, monday app.Date) (s planShown, err error) {
	if s.names, err = p.desk.Derived.Names(ctx); err != nil {
		return s, err
	}
	planned, err := p.desk.Plan.PlannedSites(ctx)
	if err != nil {
		return s, err
	}
	s.sites = kit.SiteOptions(s.names)
	s.site = site
	for i := 0; s.site == "" && i < len(s.sites); i++ {
		if id := app.ID(s.sites[i].Value); slices.Contains(planned, id) || len(planned) == 0 {
			s.site = id
		}
	}
	if s.week, err = p.desk.Plan.PlanWeek(ctx, s.site, monday); err != nil {
		return s, err
	}
	s.rows = p.rows(s.week, s.names)
	return s, nil
}

// rows returns each person of the week a row, and more where a day has more than
// one shift; also to those with a line but no shift in the week.
func (p *Screen) rows(w *acts.PlanWeek, names *derived.Names) []personWeek {
	byWorker := map[app.ID][]personWeek{}
	total := map[app.ID]time.Duration{}
	row := func(worker app.ID, n int) *personWeek {
		for len(byWorker[worker]) <= n {
			key := string(worker) + "/" + strconv.Itoa(len(byWorker[worker]))
			byWorker[worker] = append(byWorker[worker], personWeek{key: key, worker: worker, person: names.Worker(worker)})
		}
		return &byWorker[worker][n]
	}
	for _, l := range w.Lines {
		row(names.Engagements[l.EngagementID].WorkerID, 0)
	}
	for i := range w.Shifts {
		s, n := &w.Shifts[i], 0
		day := int(s.Day - w.Days.From)
		for row(s.WorkerID, n).days[day] != "" {
			n++
		}
		r := row(s.WorkerID, n)
		r.days[day], r.looks[day] = p.cell(s, w), shiftLook(s)
		if s.State == app.ShiftExpected {
			total[s.WorkerID] += s.To.Sub(s.From)
		}
	}
	var rows []personWeek
	for id, list := range byWorker {
		list[0].total = p.h.Texts.Duration(total[id])
		rows = append(rows, list...)
	}
	slices.SortFunc(rows, func(a, b personWeek) int {
		return cmp.Or(strings.Compare(a.person, b.person), strings.Compare(a.key, b.key))
	})
	return rows
}

// cell writes a shift in a narrow column: its hours, or why there are none.
func (p *Screen) cell(s *app.Shift, w *acts.PlanWeek) string {
	switch s.State {
	case app.ShiftCalledOff:
		return p.h.Texts.T("shift.cancelled")
	case app.ShiftAbsent:
		return wording.Absence(p.h.Texts, w.WhyAway(s))
	case app.ShiftGivenToOthers:
		return p.h.Texts.T("window.plan.replaced")
	}
	return s.Hours.String()
}

// shiftLook tells shifts apart that are not as their line has them.
func shiftLook(s *app.Shift) widget.Importance {
	switch {
	case s.State != app.ShiftExpected:
		return widget.LowImportance
	case s.For != "" || s.Changed || s.Absence != "":
		return widget.HighImportance
	}
	return widget.MediumImportance
}

func (p *Screen) show(s planShown) {
	p.shown = s
	p.site.Offered = s.sites
	p.site.Options = nil
	for _, o := range s.sites {
		p.site.Options = append(p.site.Options, o.Text)
	}
	p.site.Set(string(s.site))
	p.site.Refresh()
	p.week.SetRows(s.rows)
	if _, ok := p.week.Current(); !ok && len(s.rows) > 0 {
		p.week.Select(s.rows[0].key)
	}
	p.showPerson()
}

// showPerson lists the shifts and the lines of the person at the cursor.
func (p *Screen) showPerson() {
	r, ok := p.week.Current()
	if ok {
		p.shifts.SetRows(p.shiftRows(r.worker))
		p.lines.SetRows(p.lineRows(r.worker))
	} else {
		p.shifts.Rest()
		p.lines.Rest()
	}
	p.enableButtons()
}

func (p *Screen) shiftRows(worker app.ID) (rows []shiftRow) {
	w, t := p.shown.week, p.h.Texts
	for i := range w.Shifts {
		s := &w.Shifts[i]
		if s.WorkerID != worker {
			continue
		}
		rows = append(rows, shiftRow{key: string(s.LineID) + s.Day.String(), day: t.DayMonth(s.Day), hours: s.Hours.String(), shift: *s, look: shiftLook(s),
			remark: wording.Shift(t, p.shown.names, s, w.WhyAway(s), p.shown.names.Zone(s.SiteID))})
	}
	return rows
}

func (p *Screen) lineRows(worker app.ID) (rows []lineRow) {
	t := p.h.Texts
	for _, l := range p.shown.week.Lines {
		if p.shown.names.Engagements[l.EngagementID].WorkerID != worker {
			continue
		}
		r := lineRow{key: string(l.ID), weekdays: wording.Weekdays(t, l.Weekdays), hours: l.Hours.String(), days: kit.DaysText(t, l.Days), line: l}
		if l.OneDay() {
			r.days = t.Date(l.Days.From)
		}
		if l.EveryWeeks > 1 {
			r.every = t.Number(l.EveryWeeks)
		}
		rows = append(rows, r)
	}
	return rows
}

func (p *Screen) enableButtons() {
	s, ok := p.shifts.Current()
	_, person := p.week.Current()
	_, line := p.lines.Current()
	own := ok && s.shift.For == "" // who stands in has no line here
	kit.Enable(own, p.hours, p.cancel, p.standIn)
	kit.Enable(person, p.away)
	kit.Enable(ok && p.taken(s.shift) != nil, p.back)
	kit.Enable(line, p.change, p.end)
}
