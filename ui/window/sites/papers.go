package sites

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"klokkast/app/documents"
	"klokkast/ui/window/kit"
)

// askPresenceList prints who is or was at the site at the cursor between two moments.
func (p *Screen) askPresenceList() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t, site := p.h.Texts, r.row.Site
	zone := p.names.Zone(site.ID)
	f := p.h.NewForm()
	f.Note(t.T("window.papers.presence.help"))
	now := p.h.Now()
	from := f.Moment(t.T("window.field.from"), now.DateIn(zone).Start(zone), zone, true, "from")
	to := f.Moment(t.T("window.field.end"), now, zone, true, "to")
	reveal := widget.NewCheck(t.T("window.sheets.reveal"), nil)
	f.Add("", reveal, "reveal")
	p.h.ShowPaper(f, t.T("window.papers.presence", "Site", site.Name), func() func(context.Context, documents.PaperOptions) (string, error) {
		begin, end := kit.Must(from.Instant()), kit.Must(to.Instant())
		return func(ctx context.Context, opt documents.PaperOptions) (string, error) {
			return p.desk.Papers.WritePresenceList(ctx, site.ID, begin, end, opt)
		}
	}, func() bool { return reveal.Checked })
}

// askInspectionSheet prints what an inspector asks at the site at the cursor.
func (p *Screen) askInspectionSheet() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t, site := p.h.Texts, r.row.Site
	f := p.h.NewForm()
	f.Note(t.T("window.papers.inspection.help"))
	at := f.Moment(t.T("window.papers.inspection.at"), p.h.Now(), p.names.Zone(site.ID), true, "at", "to")
	reveal := widget.NewCheck(t.T("window.sheets.reveal"), nil)
	f.Add("", reveal, "reveal")
	p.h.ShowPaper(f, t.T("window.papers.inspection", "Site", site.Name), func() func(context.Context, documents.PaperOptions) (string, error) {
		moment := kit.Must(at.Instant())
		return func(ctx context.Context, opt documents.PaperOptions) (string, error) {
			return p.desk.Papers.WriteInspectionSheet(ctx, site.ID, moment, opt)
		}
	}, func() bool { return reveal.Checked })
}
