package kit

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/window/grid"
	"klokkast/ui/wording"
)

// thresholdRow is one threshold as it holds for the owner.
type thresholdRow struct {
	name, Holds, From, standard string
	e                           attendance.Effective
	own                         bool // set by the owner
}

// thresholdList is the dialog that shows the thresholds of the company, a site
// or an engagement, and changes them.
type thresholdList struct {
	h      *Host
	desk   *office.Office
	of     derived.ThresholdOwner
	load   *Inquiry
	Grid   *grid.Grid[thresholdRow]
	change *Button
	Reset  *Button
}

// ShowThresholds lists what holds for an owner, and where it comes from.
func ShowThresholds(h *Host, desk *office.Office, of derived.ThresholdOwner, title string) *thresholdList {
	t := h.Texts
	l := &thresholdList{h: h, desk: desk, of: of}
	l.Grid = NewGrid(h, t.T("window.nothing"), func(r thresholdRow) string { return string(r.e.Name) }, []grid.Column[thresholdRow]{
		{Key: "name", Title: t.T("window.thresholds.name"), Width: 460, Text: func(r thresholdRow) string { return r.name }},
		{Key: "holds", Title: t.T("window.thresholds.holds"), Width: 140, Firm: true, Text: func(r thresholdRow) string { return r.Holds }},
		{Key: "from", Title: t.T("window.thresholds.from"), Width: 110, Firm: true, Text: func(r thresholdRow) string { return r.From }},
		{Key: "default", Title: t.T("window.thresholds.default"), Width: 140, Firm: true, Text: func(r thresholdRow) string { return r.standard }},
	})
	l.load = h.Asks(l.Grid)
	l.Grid.OnSelect = l.enable
	l.Grid.OnOpen = func(thresholdRow) { l.Ask() }
	l.change = h.MainButton(t.T("window.change"), theme.DocumentCreateIcon(), l.Ask)
	l.Reset = h.Button(t.T("window.thresholds.reset"), theme.ContentUndoIcon(), l.takeBack)
	d := dialog.NewCustomWithoutButtons(title, Sized(1000, 480, container.NewBorder(FilterFor(h, l.Grid), nil, nil, nil, l.load.Above(l.Grid))), h.Window)
	d.SetButtons([]fyne.CanvasObject{h.Button(t.T("window.close"), nil, d.Hide), l.Reset, l.change})
	h.Show(d)
	l.enable()
	l.reload()
	return l
}

func (l *thresholdList) reload() {
	t := l.h.Texts
	Load(l.load, nil, func(ctx context.Context) ([]thresholdRow, error) {
		all, err := l.desk.Derived.Thresholds(ctx, l.of)
		var rows []thresholdRow
		for _, e := range all {
			rows = append(rows, thresholdRow{
				name: Upper(wording.Threshold(t, e.Name)), Holds: wording.Limit(t, e.Unit, e.Holds), From: Upper(wording.Level(t, e.From)),
				standard: wording.Limit(t, e.Unit, e.Value), e: e, own: e.From == levelOf(l.of),
			})
		}
		return rows, err
	}, func(rows []thresholdRow) {
		l.Grid.SetRows(rows)
		l.enable()
	})
}

func levelOf(of derived.ThresholdOwner) attendance.Level {
	switch {
	case of.Engagement != "":
		return attendance.LevelEngagement
	case of.Site != "":
		return attendance.LevelSite
	}
	return attendance.LevelCompany
}

func (l *thresholdList) enable() {
	r, ok := l.Grid.Current()
	Enable(ok, l.change)
	Enable(ok && r.own, l.Reset)
}

// Ask asks for a value in the words in which it is shown.
func (l *thresholdList) Ask() {
	r, ok := l.Grid.Current()
	if !ok {
		return
	}
	t := l.h.Texts
	f := l.h.NewForm()
	unit := r.e.Unit
	f.Note(t.T("window.thresholds.help", "Least", wording.Limit(t, unit, r.e.Min), "Most", wording.Limit(t, unit, r.e.Max), "Default", r.standard))
	value := f.Text(r.name, r.Holds, "threshold."+string(r.e.Name), "threshold")
	f.Row("threshold").Check = func() error {
		if _, err := unit.Parse(value.Text); err != nil {
			return &app.FieldError{Field: "threshold." + string(r.e.Name), Code: "threshold.format", Example: r.standard}
		}
		return nil
	}
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.thresholds.change"), t.T("window.save"), func() func(context.Context) error {
		set, reason := app.Thresholds{r.e.Name: Must(unit.Parse(value.Text))}, why.Text
		return func(ctx context.Context) error { return l.desk.Sites.ChangeThresholds(ctx, l.of, set, nil, reason) }
	}, l.reload)
}

// takeBack lets the wider level decide again.
func (l *thresholdList) takeBack() {
	r, ok := l.Grid.Current()
	if !ok || !r.own {
		return
	}
	l.h.Act(func(ctx context.Context) error {
		return l.desk.Sites.ChangeThresholds(ctx, l.of, nil, []app.Threshold{r.e.Name}, "")
	}, l.reload)
}
