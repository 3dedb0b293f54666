package window

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/text"
	"klokkast/ui/window/field"
	"klokkast/ui/wording"
)

// hoursEntry adds an entry for hours, such as 06:00–10:00, 6-10 or 22u-6u30.
func (f *form) hoursEntry(label string, value app.Hours, needed bool) *field.Entry {
	e := f.text(label, value.String(), "hours")
	e.PlaceHolder = f.h.t.T("window.field.hint", "Example", "06:00–10:00")
	f.row("hours").check = func() error {
		h, err := parseShiftHours(e.Text)
		if err == nil && needed && h.IsZero() {
			err = &app.FieldError{Field: "hours", Code: "hours.none", Example: "06:00–10:00"}
		}
		return err
	}
	return e
}

// parseShiftHours reads two times of day with a dash between; "" is none.
func parseShiftHours(typed string) (app.Hours, error) {
	if strings.TrimSpace(typed) == "" {
		return app.Hours{}, nil
	}
	from, to, ok := strings.Cut(strings.ReplaceAll(typed, "–", "-"), "-")
	a, err := field.ParseTime(from)
	b, err2 := field.ParseTime(strings.Replace(strings.TrimSpace(to), "24:00", "00:00", 1))
	if !ok || err != nil || err2 != nil || a == b {
		return app.Hours{}, &app.FieldError{Field: "hours", Code: "hours.none", Example: "06:00–10:00"}
	}
	return app.Hours{From: app.TimeOfDay(a), To: app.TimeOfDay(b)}, nil
}

// weekdayTicks adds one tick for each day of the week.
func (f *form) weekdayTicks(label string, on app.Weekdays) func() app.Weekdays {
	row := container.NewHBox()
	var ticks []*widget.Check
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		c := widget.NewCheck(f.h.t.WeekdayShort(day), nil)
		c.SetChecked(on.Has(day))
		ticks = append(ticks, c)
		row.Add(c)
	}
	f.add(label, row, "weekdays")
	return func() (w app.Weekdays) {
		for i, c := range ticks {
			if c.Checked {
				w |= app.WeekdaysOf(time.Weekday((i + 1) % 7))
			}
		}
		return w
	}
}

// weeks reads the rhythm; "" is every week. What is no number is refused by the office.
func weeks(typed string) int {
	if strings.TrimSpace(typed) == "" {
		return 1
	}
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	if err != nil || n < 1 {
		return -1
	}
	return n
}

// askLine adds a line, or lets the one at the cursor hold otherwise from a day on.
func (p *planPage) askLine(change bool) {
	if p.shown.names == nil {
		return
	}
	t := p.h.t
	l := app.PlanLine{SiteID: p.shown.site, EveryWeeks: 1, Weekdays: app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday),
		Days: app.Days{From: max(p.monday, p.h.today())}}
	title := t.T("window.plan.add.title", "Site", p.shown.names.Site(l.SiteID))
	f := p.h.newForm()
	first := l.Days.From
	if change {
		r, ok := p.lines.Current()
		if !ok {
			return
		}
		l, title = r.line, t.T("window.plan.change.title", "Name", p.shown.names.WorkerOf(r.line.EngagementID))
		first = max(first, l.Days.From)
		f.note(t.T("window.plan.change.help"))
	} else {
		f.note(t.T("window.plan.add.help"))
	}
	person := f.pick(t.T("window.col.person"), workerOptions(t, p.shown.names), string(l.EngagementID), "engagement", "worker")
	days := f.weekdayTicks(t.T("window.plan.weekdays"), l.Weekdays)
	hours := f.hoursEntry(t.T("window.plan.hours"), l.Hours, true)
	from := f.date(t.T("window.field.from"), first, "from")
	to := f.date(t.T("window.plan.until"), l.Days.To, "to")
	every := f.text(t.T("window.plan.rhythm"), strconv.Itoa(l.EveryWeeks), "everyWeeks")
	f.row("everyWeeks").check = func() error {
		if weeks(every.Text) < 0 {
			return &app.FieldError{Field: "everyWeeks", Code: "everyWeeks.range", Example: "2"}
		}
		return nil
	}
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(title, t.T("window.save"), func() func(context.Context) error {
		n := l
		n.EngagementID, n.Weekdays, n.Hours, n.EveryWeeks = app.ID(person.value()), days(), must(parseShiftHours(hours.Text)), weeks(every.Text)
		n.Days = app.Days{From: must(from.Date()), To: must(to.Date())}
		reason := why.Text
		return func(ctx context.Context) error {
			if change {
				_, err := p.desk.ChangePlanLine(ctx, l.ID, n.Days.From, n, reason)
				return err
			}
			_, err := p.desk.AddPlanLine(ctx, n, reason)
			return err
		}
	}, nil)
}

// askEnd ends the line at the cursor; nothing is erased.
func (p *planPage) askEnd() {
	r, ok := p.lines.Current()
	if !ok {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.plan.end.help"))
	last := f.date(t.T("window.plan.last"), p.h.today(), "to")
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T("window.plan.end.title", "Name", p.shown.names.WorkerOf(r.line.EngagementID)), t.T("window.end"), func() func(context.Context) error {
		day, reason := must(last.Date()), why.Text
		return func(ctx context.Context) error { return p.desk.EndPlanLine(ctx, r.line.ID, day, reason) }
	}, nil)
}

// askException asks what every exception of the shift at the cursor needs:
// until which day, a note. more adds the rest, and gives what fills it in.
func (p *planPage) askException(titleKey, help string, kind app.ExceptionKind, more func(f *form, s *app.Shift) func(*app.PlanException)) {
	r, ok := p.shifts.Current()
	if !ok {
		return
	}
	t, s := p.h.t, r.shift
	f := p.h.newForm()
	if help != "" {
		f.note(t.T(help))
	}
	fill := more(f, &s)
	until := f.date(t.T("window.plan.through"), s.Day, "to", "from")
	note := f.text(t.T("window.field.note"), "", "note")
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T(titleKey, "Name", p.shown.names.Worker(s.WorkerID), "Date", t.Date(s.Day), "Hours", s.Hours.String()), t.T("window.save"), func() func(context.Context) error {
		x := app.PlanException{LineID: s.LineID, Kind: kind, Days: app.Days{From: s.Day, To: must(until.Date())}, Note: note.Text}
		fill(&x)
		reason := why.Text
		return func(ctx context.Context) error {
			_, err := p.desk.ExceptPlan(ctx, x, reason)
			return err
		}
	}, nil)
}

// askHours gives the shift at the cursor other hours.
func (p *planPage) askHours() {
	p.askException("window.plan.hours.title", "", app.ShiftHours, func(f *form, s *app.Shift) func(*app.PlanException) {
		hours := f.hoursEntry(p.h.t.T("window.plan.hours"), s.Hours, true)
		return func(x *app.PlanException) { x.Hours = must(parseShiftHours(hours.Text)) }
	})
}

// askCancel cancels the shift at the cursor.
func (p *planPage) askCancel() {
	p.askException("window.plan.cancel.title", "window.plan.cancel.help", app.ShiftCancelled, func(*form, *app.Shift) func(*app.PlanException) {
		return func(*app.PlanException) {}
	})
}

// askStandIn notes who stands in for the shift at the cursor.
func (p *planPage) askStandIn() {
	p.askException("window.plan.standIn.title", "window.plan.standIn.help", app.ShiftReplaced, func(f *form, _ *app.Shift) func(*app.PlanException) {
		person := f.pick(p.h.t.T("window.plan.standIn.who"), workerOptions(p.h.t, p.shown.names), "", "standIn", "engagement")
		return func(x *app.PlanException) { x.StandIn = app.ID(person.value()) }
	})
}

// askAbsence notes that the person at the cursor is away, from the day of the shift at the cursor.
func (p *planPage) askAbsence() {
	r, ok := p.week.Current()
	if !ok {
		return
	}
	t := p.h.t
	first := max(p.monday, p.h.today())
	if s, ok := p.shifts.Current(); ok {
		first = s.shift.Day
	}
	f := p.h.newForm()
	f.note(t.T("window.plan.away.help"))
	kind := f.choice(t.T("window.field.reason"), absenceOptions(t), "", "kind")
	from := f.date(t.T("window.field.from"), first, "from")
	to := f.date(t.T("window.plan.through"), first, "to")
	hours := f.hoursEntry(t.T("window.plan.away.hours"), app.Hours{}, false)
	note := f.text(t.T("window.field.note"), "", "note")
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T("window.plan.away.title", "Name", r.person), t.T("window.save"), func() func(context.Context) error {
		a := app.Absence{WorkerID: r.worker, Kind: app.AbsenceKind(kind.value()), Days: app.Days{From: must(from.Date()), To: must(to.Date())},
			Hours: must(parseShiftHours(hours.Text)), Note: note.Text}
		reason := why.Text
		return func(ctx context.Context) error {
			_, err := p.desk.NoteAbsence(ctx, a, reason)
			return err
		}
	}, nil)
}

func absenceOptions(t *text.Translator) []option {
	var os []option
	for _, k := range app.AbsenceKinds {
		os = append(os, option{string(k), upper(wording.Absence(t, k))})
	}
	return os
}

// taken gives what takes the last exception or absence of a shift back; nil where there is none.
func (p *planPage) taken(s app.Shift) func(ctx context.Context, why string) error {
	if p.shown.week == nil {
		return nil
	}
	var last *app.PlanException
	for i := range p.shown.week.Exceptions {
		x := &p.shown.week.Exceptions[i]
		if x.LineID == s.LineID && x.Days.Holds(s.Day) && (last == nil || x.At > last.At || x.At == last.At && x.ID > last.ID) {
			last = x
		}
	}
	switch {
	case s.Absence != "":
		return func(ctx context.Context, why string) error { return p.desk.WithdrawAbsence(ctx, s.Absence, why) }
	case last != nil:
		return func(ctx context.Context, why string) error { return p.desk.WithdrawPlanException(ctx, last.ID, why) }
	}
	return nil
}

// askTakeBack takes back what makes the shift at the cursor differ from its
// line, the absence first. It stays on record, and holds for all its days.
func (p *planPage) askTakeBack() {
	r, ok := p.shifts.Current()
	if !ok || p.taken(r.shift) == nil {
		return
	}
	t, undo := p.h.t, p.taken(r.shift)
	f := p.h.newForm()
	f.note(lines(r.day+"  "+r.hours, r.remark, t.T("window.plan.takeBack.help")))
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T("window.plan.takeBack"), t.T("window.plan.takeBack"), func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return undo(ctx, reason) }
	}, nil)
}

// askCopy copies the week that is shown to another one, and shows that.
func (p *planPage) askCopy() {
	if p.shown.week == nil {
		return
	}
	t := p.h.t
	f := p.h.newForm()
	f.note(t.T("window.plan.copy.help"))
	day := f.date(t.T("window.plan.copy.to"), p.monday.AddDays(7), "to")
	var copied office.CopiedWeek
	from, site := p.monday, p.shown.site
	f.show(t.T("window.plan.copy.title", "Days", daysText(t, p.shown.week.Days)), t.T("window.plan.copy"), func() func(context.Context) error {
		to := must(day.Date())
		return func(ctx context.Context) (err error) {
			copied, err = p.desk.CopyPlanWeek(ctx, site, from, to, "")
			return err
		}
	}, func() {
		p.h.say(t.T("window.plan.copied", "Added", t.Number(copied.Added), "There", t.Number(copied.There), "Clashes", t.Number(copied.Clashes)), widget.SuccessImportance)
		p.goToWeek(must(day.Date()))
	})
}
