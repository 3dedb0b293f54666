package register

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// mayResend says that a row is a punch that the register refused or judged invalid.
func (r registerRow) mayResend() bool { return ciao.MayGoAgain(&r.r.Registration) }

// mayCancel says that a row is accepted, and nobody is cancelling it already.
func (r registerRow) mayCancel() bool {
	g := &r.r.Registration
	return g.State == app.RegAccepted && g.RegisterID != 0 && (g.Cancellation.State == "" || g.Cancellation.State == app.CancelRefused)
}

// askResend queues a punch again, once its data was mended, or something at the NSSO.
func (p *Screen) askResend() {
	r, ok := p.rows.Current()
	if !ok || !r.mayResend() {
		return
	}
	t := p.h.Texts
	f := p.h.NewForm()
	f.Note(kit.Lines(t.T("sending.resend.help", "Person", r.person, "Kind", r.kind, "Time", r.time), r.answer))
	mended := f.Text(t.T("sending.resend.mended"), "", "mended")
	mended.SetPlaceHolder(t.T("sending.resend.mended.example"))
	why := f.Text(t.T("window.field.reason"), "", "why", "reason")
	f.Show(t.T("sending.resend"), t.T("sending.resend"), func() func(context.Context) error {
		what, reason := mended.Text, why.Text
		return func(ctx context.Context) error {
			_, err := p.desk.Register.Resend(ctx, r.r.Registration.ID, what, reason)
			return err
		}
	}, func() { p.h.Say(t.T("sending.resend.done"), widget.SuccessImportance) })
}

// askCancel asks the register to cancel what it accepted.
func (p *Screen) askCancel() {
	r, ok := p.rows.Current()
	if !ok || !r.mayCancel() {
		return
	}
	t := p.h.Texts
	p.askReason(t.T("sending.cancel"), t.T("sending.cancel.help", "Person", r.person, "Kind", r.kind, "Time", r.time),
		func(ctx context.Context, why string) error {
			return p.desk.Register.CancelRegistration(ctx, r.r.Registration.ID, why)
		}, t.T("cli.cancel.asked"))
}

// askReason asks why, and does something.
func (p *Screen) askReason(title, help string, do func(ctx context.Context, why string) error, done string) {
	f := p.h.NewForm()
	f.Note(help)
	why := f.Text(p.h.Texts.T("window.field.reason"), "", "why", "reason")
	f.Show(title, title, func() func(context.Context) error {
		reason := why.Text
		return func(ctx context.Context) error { return do(ctx, reason) }
	}, func() { p.h.Say(done, widget.SuccessImportance) })
}

type findingRow struct{ key, time, person, site, what string }

// showFindings lists what the register was found to hold besides, until somebody settles it.
func (p *Screen) showFindings() {
	t := p.h.Texts
	g := kit.NewGrid(p.h, t.T("cli.findings.none"), func(r findingRow) string { return r.key }, []grid.Column[findingRow]{
		{Key: "time", Title: t.T("window.col.localTime"), Width: 150, Firm: true, Text: func(r findingRow) string { return r.time }},
		{Key: "person", Title: t.T("window.col.person"), Width: 160, Text: func(r findingRow) string { return r.person }},
		{Key: "site", Title: t.T("window.col.site"), Width: 150, Text: func(r findingRow) string { return r.site }},
		{Key: "what", Title: t.T("window.col.what"), Width: 380, Text: func(r findingRow) string { return r.what }},
	})
	detail := kit.Wrapped(t.T("sending.findings.help"))
	l := p.h.Asks(g)
	refresh := func() {
		kit.Load(l, nil, p.findingRows, g.SetRows)
	}
	settle := p.h.MainButton(t.T("sending.settle"), theme.ConfirmIcon(), func() {
		if r, ok := g.Current(); ok {
			f := p.h.NewForm()
			f.Note(r.what)
			why := f.Text(t.T("window.field.reason"), "", "why", "reason")
			f.Show(t.T("sending.settle"), t.T("sending.settle"), func() func(context.Context) error {
				reason := why.Text
				return func(ctx context.Context) error { return p.desk.Register.SettleFinding(ctx, app.ID(r.key), reason) }
			}, refresh)
		}
	})
	g.OnSelect = func() {
		r, ok := g.Current()
		kit.Enable(ok, settle)
		if ok {
			detail.SetText(r.what) // in full: a row cuts it
		}
	}
	kit.Enable(false, settle)
	d := dialog.NewCustomWithoutButtons(t.T("sending.findings"),
		container.NewBorder(container.New(kit.MinWidth(840), detail), nil, nil, nil, l.Above(kit.Sized(860, 260, g))), p.h.Window)
	d.SetButtons([]fyne.CanvasObject{p.h.Button(t.T("window.close"), nil, d.Hide), settle})
	d.SetOnClosed(l.Stop)
	p.h.Show(d)
	refresh()
}

func (p *Screen) findingRows(ctx context.Context) ([]findingRow, error) {
	list, err := p.desk.Register.Findings(ctx, false)
	if err != nil {
		return nil, err
	}
	names, err := p.desk.Derived.Names(ctx)
	if err != nil {
		return nil, err
	}
	var rows []findingRow
	for i := range list {
		f := &list[i]
		rows = append(rows, findingRow{string(f.ID), p.h.Texts.DateTimeSeconds(f.Of.At, names.Zone(f.Of.SiteID)),
			names.Worker(f.Of.WorkerID), names.Site(f.Of.SiteID),
			wording.RegisterFinding(p.h.Texts, &f.Finding, &f.Of)})
	}
	return rows, nil
}
