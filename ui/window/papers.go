package window

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
)

// askPresenceList prints who is or was at the site at the cursor between two moments.
func (p *sitesPage) askPresenceList() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t, site := p.h.t, r.row.Site
	zone := p.names.Zone(site.ID)
	f := p.h.newForm()
	f.note(t.T("window.papers.presence.help"))
	now := p.h.now()
	from := f.moment(t.T("window.field.from"), now.DateIn(zone).Start(zone), zone, true, "from")
	to := f.moment(t.T("window.field.end"), now, zone, true, "to")
	reveal := widget.NewCheck(t.T("window.sheets.reveal"), nil)
	f.add("", reveal, "reveal")
	p.h.showPaper(f, t.T("window.papers.presence", "Site", site.Name), func() func(context.Context, office.PaperOptions) (string, error) {
		begin, end := must(from.Instant()), must(to.Instant())
		return func(ctx context.Context, opt office.PaperOptions) (string, error) {
			return p.desk.WritePresenceList(ctx, site.ID, begin, end, opt)
		}
	}, func() bool { return reveal.Checked })
}

// askInspectionSheet prints what an inspector asks at the site at the cursor.
func (p *sitesPage) askInspectionSheet() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t, site := p.h.t, r.row.Site
	f := p.h.newForm()
	f.note(t.T("window.papers.inspection.help"))
	at := f.moment(t.T("window.papers.inspection.at"), p.h.now(), p.names.Zone(site.ID), true, "at", "to")
	reveal := widget.NewCheck(t.T("window.sheets.reveal"), nil)
	f.add("", reveal, "reveal")
	p.h.showPaper(f, t.T("window.papers.inspection", "Site", site.Name), func() func(context.Context, office.PaperOptions) (string, error) {
		moment := must(at.Instant())
		return func(ctx context.Context, opt office.PaperOptions) (string, error) {
			return p.desk.WriteInspectionSheet(ctx, site.ID, moment, opt)
		}
	}, func() bool { return reveal.Checked })
}

// showPaper shows the form of a paper; what it prints goes to the folder of the
// timesheets and is opened.
func (h *host) showPaper(f *form, title string, collect func() func(context.Context, office.PaperOptions) (string, error), reveal func() bool) {
	var a *attempt
	f.show(title, h.t.T("window.papers.print"), func() func(context.Context) error {
		write, opt := collect(), office.PaperOptions{Out: h.export, Language: h.t.Language(), Reveal: reveal()}
		a = h.writing(func(ctx context.Context, replace bool) (string, error) {
			opt.Replace = replace
			return write(ctx, opt)
		})
		return a.first
	}, func() { a.then() })
}

// writing is the writing of a paper, which says at the end where it went.
func (h *host) writing(write func(ctx context.Context, replace bool) (string, error)) *attempt {
	path := ""
	return &attempt{h: h, write: func(ctx context.Context, replace bool) (err error) {
		path, err = write(ctx, replace)
		return err
	}, done: func() { h.paperWritten(path) }}
}

// paperWritten says where a paper went and opens it. Where it cannot be opened it is written all the same.
func (h *host) paperWritten(path string) {
	h.say(h.t.T("window.papers.written", "File", path), widget.SuccessImportance)
	var failed error
	h.act(func(context.Context) error {
		failed = h.open(path)
		return nil
	}, func() {
		if failed != nil {
			h.say(h.t.T("window.papers.notOpened", "File", path, "Why", h.reason(failed)), widget.WarningImportance)
		}
	})
}

// printReceipt prints the receipt of the reading at the cursor and opens it.
func (p *boxesPage) printReceipt() {
	r, ok := p.sessions.Current()
	if !ok {
		return
	}
	opt := office.PaperOptions{Out: p.h.export, Language: p.h.t.Language()}
	a := p.h.writing(func(ctx context.Context, replace bool) (string, error) {
		opt.Replace = replace
		return p.desk.WriteReadingReceipt(ctx, app.ID(r.key), opt)
	})
	p.h.act(a.first, a.then)
}

func (p *boxesPage) enableReceipt() {
	_, ok := p.sessions.Current()
	enable(ok, p.receipt)
}
