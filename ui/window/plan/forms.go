package plan

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/text"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

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
func (p *Screen) askLine(change bool) {
	if p.shown.names == nil {
		return
	}
	t := p.h.Texts
	l := app.PlanLine{SiteID: p.shown.site, EveryWeeks: 1, Weekdays: app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday),
		Days: app.Days{From: max(p.monday, p.h.Today())}}
	title := t.T("window.plan.add.title", "Site", p.shown.names.Site(l.SiteID))
	f := p.h.NewForm()
	first := l.Days.From
	if change {
		r, ok := p.lines.Current()
		if !ok {
			return
		}
		l, title = r.line, t.T("window.plan.change.title", "Name", p.shown.names.WorkerOf(r.line.EngagementID))
		first = max(first, l.Days.From)
		f.Note(t.T("window.plan.change.help"))
	} else {
		f.Note(t.T("window.plan.add.help"))
	}
	person := f.Pick(t.T("window.col.person"), kit.WorkerOptions(t, p.shown.names), string(l.EngagementID), "engagement", "worker")
	days := f.WeekdayTicks(t.T("window.plan.weekdays"), l.Weekdays)
	hours := f.HoursEntry(t.T("window.plan.hours"), l.Hours, true)
	from := f.Date(t.T("window.field.from"), first, "from")
	to := f.Date(t.T("window.plan.until"), l.Days.To, "to")
	every := f.Text(t.T("window.plan.rhythm"), strconv.Itoa(l.EveryWeeks), "everyWeeks")
	f.Row("everyWeeks").Check = func() error {
		if weeks(every.Text) < 0 {
			return &app.FieldError{Field: "everyWeeks", Code: "everyWeeks.range", Example: "2"}
		}
		return nil
	}
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(title, t.T("window.save"), func() func(context.Context) error {
		n := l
		n.EngagementID, n.Weekdays, n.Hours, n.EveryWeeks = app.ID(person.Value()), days(), kit.Must(kit.ParseShiftHours(hours.Text)), weeks(every.Text)
		n.Days = app.Days{From: kit.Must(from.Date()), To: kit.Must(to.Date())}
		reason := why.Text
		return func(ctx context.Context) error {
			if change {
				_, err := p.desk.Plan.ChangePlanLine(ctx, l.ID, n.Days.From, n, reason)
				return err
			}
			_, err := p.desk.Plan.AddPlanLine(ctx, n, reason)
			return err
		}
	}, nil)
}

// askEnd ends the line at the cursor; nothing is erased.
func (p *Screen) askEnd() {
	r, ok := p.lines.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.plan.end.help"))
	last := f.Date(t.T("window.plan.last"), p.h.Today(), "to")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.plan.end.title", "Name", p.shown.names.WorkerOf(r.line.EngagementID)), t.T("window.end"), func() func(context.Context) error {
		day, reason := kit.Must(last.Date()), why.Text
		return func(ctx context.Context) error { return p.desk.Plan.EndPlanLine(ctx, r.line.ID, day, reason) }
	}, nil)
}

// askException asks what every exception of the shift at the cursor needs:
// until which day, a note. more adds the rest, and gives what fills it in.
func (p *Screen) askException(titleKey, help string, kind app.ExceptionKind, more func(f *kit.Form, s *app.Shift) func(*app.PlanException)) {
	r, ok := p.shifts.Current()
	if !ok {
		return
	}
	t, s := p.h.Texts, r.shift
	f := p.h.NewForm()
	if help != "" {
		f.Note(t.T(help))
	}
	fill := more(f, &s)
	until := f.Date(t.T("window.plan.through"), s.Day, "to", "from")
	note := f.Text(t.T("window.field.note"), "", "note")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T(titleKey, "Name", p.shown.names.Worker(s.WorkerID), "Date", t.Date(s.Day), "Hours", s.Hours.String()),
		t.T("window.save"), func() func(context.Context) error {
			x := app.PlanException{LineID: s.LineID, Kind: kind, Days: app.Days{From: s.Day, To: kit.Must(until.Date())}, Note: note.Text}
			fill(&x)
			reason := why.Text
			return func(ctx context.Context) error {
				_, err := p.desk.Plan.ExceptPlan(ctx, x, reason)
				return err
			}
		}, nil)
}

// askHours returns the shift at the cursor other hours.
func (p *Screen) askHours() {
	p.askException("window.plan.hours.title", "", app.ShiftHours, func(f *kit.Form, s *app.Shift) func(*app.PlanException) {
		hours := f.HoursEntry(p.h.Texts.T("window.plan.hours"), s.Hours, true)
		return func(x *app.PlanException) { x.Hours = kit.Must(kit.ParseShiftHours(hours.Text)) }
	})
}

// askCancel cancels the shift at the cursor.
func (p *Screen) askCancel() {
	p.askException("window.plan.cancel.title", "window.plan.cancel.help", app.ShiftCancelled, func(*kit.Form, *app.Shift) func(*app.PlanException) {
		return func(*app.PlanException) {}
	})
}

// askStandIn notes who stands in for the shift at the cursor.
func (p *Screen) askStandIn() {
	p.askException("window.plan.standIn.title", "window.plan.standIn.help", app.ShiftReplaced, func(f *kit.Form, _ *app.Shift) func(*app.PlanException) {
		person := f.Pick(p.h.Texts.T("window.plan.standIn.who"), kit.WorkerOptions(p.h.Texts, p.shown.names), "", "standIn", "engagement")
		return func(x *app.PlanException) { x.StandIn = app.ID(person.Value()) }
	})
}

// askAbsence notes that the person at the cursor is away, from the day of the shift at the cursor.
func (p *Screen) askAbsence() {
	r, ok := p.week.Current()
	if !ok {
		return
	}
	t := p.h.Texts
	first := max(p.monday, p.h.Today())
	if s, ok := p.shifts.Current(); ok {
		first = s.shift.Day
	}
	f := p.h.NewForm()
	f.Note(t.T("window.plan.away.help"))
	kind := f.Choice(t.T("window.field.reason"), absenceOptions(t), "", "kind")
	from := f.Date(t.T("window.field.from"), first, "from")
	to := f.Date(t.T("window.plan.through"), first, "to")
	hours := f.HoursEntry(t.T("window.plan.away.hours"), app.Hours{}, false)
	note := f.Text(t.T("window.field.note"), "", "note")
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.plan.away.title", "Name", r.person), t.T("window.save"), func() func(context.Context) error {
		a := app.Absence{WorkerID: r.worker, Kind: app.AbsenceKind(kind.Value()), Days: app.Days{From: kit.Must(from.Date()), To: kit.Must(to.Date())},
			Hours: kit.Must(kit.ParseShiftHours(hours.Text)), Note: note.Text}
		reason := why.Text
		return func(ctx context.Context) error {
			_, err := p.desk.Plan.NoteAbsence(ctx, a, reason)
			return err
		}
	}, nil)
}

func absenceOptions(t *text.Translator) []kit.Option {
	var os []kit.Option
	for _, k := range app.AbsenceKinds {
		os = append(os, kit.Option{Value: string(k), Text: kit.Upper(wording.Absence(t, k))})
	}
	return os
}

// taken returns what takes the last exception or absence of a shift back; nil where there is none.
func (p *Screen) taken(s app.Shift) func(ctx context.Context, why string) error {
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
		return func(ctx context.Context, why string) error { return p.desk.Plan.WithdrawAbsence(ctx, s.Absence, why) }
	case last != nil:
		return func(ctx context.Context, why string) error {
			return p.desk.Plan.WithdrawPlanException(ctx, last.ID, why)
		}
	}
	return nil
}

// askTakeBack takes back what makes the shift at the cursor differ from its
// line, the absence first. It stays on record, and holds for all its days.
func (p *Screen) askTakeBack() {
	r, ok := p.shifts.Current()
	if !ok || p.taken(r.shift) == nil {
		return
	}
	t, undo := p.h.Texts, p.taken(r.shift)
	f := p.h.NewForm()
	f.Note(kit.Lines(r.day+"  "+r.hours, r.remark, t.T("window.plan.takeBack.help")))
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.plan.takeBack"), t.T("window.plan.takeBack"), func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return undo(ctx, reason) }
	}, nil)
}

// askCopy copies the week that is shown to another one, and shows that.
func (p *Screen) askCopy() {
	if p.shown.week == nil {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(t.T("window.plan.copy.help"))
	day := f.Date(t.T("window.plan.copy.to"), p.monday.AddDays(7), "to")
	var copied acts.CopiedWeek
	from, site := p.monday, p.shown.site
	f.Show(t.T("window.plan.copy.title", "Days", kit.DaysText(t, p.shown.week.Days)), t.T("window.plan.copy"), func() func(context.Context) error {
		to := kit.Must(day.Date())
		return func(ctx context.Context) (err error) {
			copied, err = p.desk.Plan.CopyPlanWeek(ctx, site, from, to, "")
			return err
		}
	}, func() {
		p.h.Say(t.T("window.plan.copied", "Added", t.Number(copied.Added), "There",
			t.Number(copied.There), "Clashes", t.Number(copied.Clashes)), widget.SuccessImportance)
		p.goToWeek(kit.Must(day.Date()))
	})
}
