package window

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// thresholdRow is one threshold as it holds for the owner.
type thresholdRow struct {
	name, holds, from, standard string
	e                           attendance.Effective
	own                         bool // set by the owner
}

// thresholdList is the dialog that shows the thresholds of the company, a site
// or an engagement, and changes them.
type thresholdList struct {
	h      *host
	desk   *office.Office
	of     office.ThresholdOwner
	load   *inquiry
	grid   *grid.Grid[thresholdRow]
	change *button
	reset  *button
}

// showThresholds lists what holds for an owner, and where it comes from.
func showThresholds(h *host, desk *office.Office, of office.ThresholdOwner, title string) *thresholdList {
	t := h.t
	l := &thresholdList{h: h, desk: desk, of: of}
	l.grid = newGrid(h, t.T("window.nothing"), func(r thresholdRow) string { return string(r.e.Name) }, []grid.Column[thresholdRow]{
		{Key: "name", Title: t.T("window.thresholds.name"), Width: 460, Text: func(r thresholdRow) string { return r.name }},
		{Key: "holds", Title: t.T("window.thresholds.holds"), Width: 140, Firm: true, Text: func(r thresholdRow) string { return r.holds }},
		{Key: "from", Title: t.T("window.thresholds.from"), Width: 110, Firm: true, Text: func(r thresholdRow) string { return r.from }},
		{Key: "default", Title: t.T("window.thresholds.default"), Width: 140, Firm: true, Text: func(r thresholdRow) string { return r.standard }},
	})
	l.load = h.asks(l.grid)
	l.grid.OnSelect = l.enable
	l.grid.OnOpen = func(thresholdRow) { l.ask() }
	l.change = h.mainButton(t.T("window.change"), theme.DocumentCreateIcon(), l.ask)
	l.reset = h.button(t.T("window.thresholds.reset"), theme.ContentUndoIcon(), l.takeBack)
	d := dialog.NewCustomWithoutButtons(title, sized(1000, 480, container.NewBorder(filterFor(h, l.grid), nil, nil, nil, l.load.above(l.grid))), h.win)
	d.SetButtons([]fyne.CanvasObject{h.button(t.T("window.close"), nil, d.Hide), l.reset, l.change})
	h.show(d)
	l.enable()
	l.reload()
	return l
}

func (l *thresholdList) reload() {
	t := l.h.t
	load(l.load, nil, func(ctx context.Context) ([]thresholdRow, error) {
		all, err := l.desk.Thresholds(ctx, l.of)
		var rows []thresholdRow
		for _, e := range all {
			rows = append(rows, thresholdRow{
				name: upper(wording.Threshold(t, e.Name)), holds: wording.Limit(t, e.Unit, e.Holds), from: upper(wording.Level(t, e.From)),
				standard: wording.Limit(t, e.Unit, e.Value), e: e, own: e.From == levelOf(l.of),
			})
		}
		return rows, err
	}, func(rows []thresholdRow) {
		l.grid.SetRows(rows)
		l.enable()
	})
}

func levelOf(of office.ThresholdOwner) attendance.Level {
	switch {
	case of.Engagement != "":
		return attendance.LevelEngagement
	case of.Site != "":
		return attendance.LevelSite
	}
	return attendance.LevelCompany
}

func (l *thresholdList) enable() {
	r, ok := l.grid.Current()
	enable(ok, l.change)
	enable(ok && r.own, l.reset)
}

// ask asks for a value in the words in which it is shown.
func (l *thresholdList) ask() {
	r, ok := l.grid.Current()
	if !ok {
		return
	}
	t := l.h.t
	f := l.h.newForm()
	unit := r.e.Unit
	f.note(t.T("window.thresholds.help", "Least", wording.Limit(t, unit, r.e.Min), "Most", wording.Limit(t, unit, r.e.Max), "Default", r.standard))
	value := f.text(r.name, r.holds, "threshold."+string(r.e.Name), "threshold")
	f.row("threshold").check = func() error {
		if _, err := unit.Parse(value.Text); err != nil {
			return &app.FieldError{Field: "threshold." + string(r.e.Name), Code: "threshold.format", Example: r.standard}
		}
		return nil
	}
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T("window.thresholds.change"), t.T("window.save"), func() func(context.Context) error {
		set, reason := app.Thresholds{r.e.Name: must(unit.Parse(value.Text))}, why.Text
		return func(ctx context.Context) error { return l.desk.ChangeThresholds(ctx, l.of, set, nil, reason) }
	}, l.reload)
}

// takeBack lets the wider level decide again.
func (l *thresholdList) takeBack() {
	r, ok := l.grid.Current()
	if !ok || !r.own {
		return
	}
	l.h.act(func(ctx context.Context) error {
		return l.desk.ChangeThresholds(ctx, l.of, nil, []app.Threshold{r.e.Name}, "")
	}, l.reload)
}

// askHolidays asks for the one day of every year and for the replacement days.
func askHolidays(h *host, desk *office.Office) {
	t, s := h.t, desk.Settings()
	f := h.newForm()
	f.note(t.T("window.holidays.help"))
	extra := f.text(t.T("window.holidays.extra"), dayOfYear(s.ExtraHoliday), "extraHoliday")
	extra.PlaceHolder = t.T("window.field.hint", "Example", "11/07")
	f.row("extraHoliday").check = func() error { _, err := parseDayOfYear(extra.Text); return err }
	var days []string
	for _, d := range s.Replacements {
		days = append(days, t.Date(d))
	}
	list := f.lines(t.T("window.holidays.replacements"), strings.Join(days, "\n"), "replacements")
	parse := func() ([]app.Date, error) { return parseDays(list.Text, t.Date(app.NewDate(2026, time.November, 2))) }
	f.row("replacements").check = func() error { _, err := parse(); return err }
	why := f.text(t.T("window.field.why"), "", "why")
	f.show(t.T("window.holidays.title"), t.T("window.save"), func() func(context.Context) error {
		day, replacing, reason := must(parseDayOfYear(extra.Text)), must(parse()), why.Text
		return func(ctx context.Context) error { return desk.SetHolidays(ctx, day, replacing, reason) }
	}, nil)
}

// leapYear is a year that has all days.
const leapYear = 2024

// dayOfYear writes MM-DD as people do in Belgium: 11/07.
func dayOfYear(monthDay string) string {
	month, day, ok := strings.Cut(monthDay, "-")
	if !ok {
		return ""
	}
	return day + "/" + month
}

// parseDayOfYear reads 11/7 or 11.07. as MM-DD; "" for none.
func parseDayOfYear(text string) (string, error) {
	d, err := field.ParseDate(text, app.NewDate(leapYear, time.January, 1))
	if err != nil || d == 0 {
		return "", err
	}
	return d.UTC().Format("01-02"), nil
}

// parseDays reads days, one a line or parted by commas, in either way of writing.
func parseDays(text, example string) ([]app.Date, error) {
	var days []app.Date
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ';' || r == ' ' }) {
		d, err := field.ParseDate(part, 0)
		if err != nil || d == 0 {
			return nil, &app.FieldError{Field: "replacements", Code: "replacements.format", Example: example}
		}
		days = append(days, d)
	}
	return days, nil
}
