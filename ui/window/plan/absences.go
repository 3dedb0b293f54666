package plan

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// absenceRow is one line of the list of absences.
type absenceRow struct {
	key, person, days, hours, kind, note string
	a                                    app.Absence
}

// absencesBefore is how far back the list of absences reaches from the week on
// the screen; what is still to come is all in it.
const absencesBefore = 92 // days

// listAbsences shows the absences of everybody, also at sites without a plan,
// and takes them back.
func (p *Screen) listAbsences() {
	if p.shown.names == nil {
		return
	}
	var all []app.Absence
	p.h.Act(func(ctx context.Context) error {
		var err error
		all, err = p.desk.Plan.Absences(ctx, app.Days{From: min(p.monday, p.h.Today()).AddDays(-absencesBefore)}, "")
		return err
	}, func() { p.showAbsences(all) })
}

func (p *Screen) showAbsences(all []app.Absence) {
	t := p.h.Texts
	g := kit.NewGrid(p.h, t.T("window.plan.absences.empty"), func(r absenceRow) string { return r.key }, []grid.Column[absenceRow]{
		{Key: "person", Title: t.T("window.col.person"), Width: 200, Text: func(r absenceRow) string { return r.person }},
		{Key: "days", Title: t.T("window.col.day"), Width: 190, Firm: true, Text: func(r absenceRow) string { return r.days },
			Compare: func(a, b absenceRow) int { return cmp.Compare(a.a.Days.From, b.a.Days.From) }},
		{Key: "hours", Title: t.T("window.plan.hours"), Width: 100, Text: func(r absenceRow) string { return r.hours }},
		{Key: "kind", Title: t.T("window.field.reason"), Width: 130, Text: func(r absenceRow) string { return r.kind }},
		{Key: "note", Title: t.T("window.field.note"), Width: 180, Text: func(r absenceRow) string { return r.note }},
	})
	g.SetRows(absenceRows(p.h, p.shown.names, all))
	var d *dialog.CustomDialog
	back := p.h.Button(t.T("window.plan.takeBack"), theme.ContentUndoIcon(), func() {
		if r, ok := g.Current(); ok {
			d.Hide()
			p.askAbsenceBack(r)
		}
	})
	g.OnSelect = func() {
		_, ok := g.Current()
		kit.Enable(ok, back)
	}
	g.OnSelect()
	d = dialog.NewCustomWithoutButtons(t.T("window.plan.absences"), kit.Sized(860, 420, g), p.h.Window)
	end := p.h.Button(t.T("window.close"), nil, func() { d.Hide() })
	d.SetButtons([]fyne.CanvasObject{back, end})
	p.h.Show(d)
	p.h.Window.Canvas().Focus(end)
}

// absenceRows formats absences, the latest first.
func absenceRows(h *kit.Host, names *derived.Names, all []app.Absence) []absenceRow {
	rows := make([]absenceRow, 0, len(all))
	for _, a := range all {
		hours := ""
		if !a.Hours.IsZero() {
			hours = a.Hours.String()
		}
		rows = append(rows, absenceRow{key: string(a.ID), person: names.Worker(a.WorkerID),
			days: h.Texts.Days(a.Days), hours: hours, kind: kit.Upper(wording.Absence(h.Texts, a.Kind)), note: a.Note, a: a})
	}
	slices.SortStableFunc(rows, func(x, y absenceRow) int {
		return cmp.Or(cmp.Compare(y.a.Days.From, x.a.Days.From), cmp.Compare(x.person, y.person))
	})
	return rows
}

// askAbsenceBack takes one absence back; it stays on record.
func (p *Screen) askAbsenceBack(r absenceRow) {
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(kit.Lines(r.person+", "+r.days+"  "+r.kind, t.T("window.plan.takeBack.help")))
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.plan.takeBack"), t.T("window.plan.takeBack"), func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return p.desk.Plan.WithdrawAbsence(ctx, r.a.ID, reason) }
	}, nil)
}
