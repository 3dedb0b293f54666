package sites

import (
	"context"

	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
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

// askPoster prints how people register themselves by phone at the site at the cursor, in the languages of its people.
func (p *Screen) askPoster() {
	r, ok := p.grid.Current()
	if !ok {
		return
	}
	t, site := p.h.Texts, r.row.Site
	f := p.h.NewForm()
	f.Note(t.T("window.papers.poster.help"))
	ticks := map[app.Language]*widget.Check{}
	for _, l := range app.Languages {
		ticks[l] = f.Tick("", wording.Language(l), l == t.Language(), "languages")
	}
	p.h.ShowPaper(f, t.T("window.papers.poster", "Site", site.Name), func() func(context.Context, documents.PaperOptions) (string, error) {
		var languages []app.Language
		for _, l := range app.Languages {
			if ticks[l].Checked {
				languages = append(languages, l)
			}
		}
		return func(ctx context.Context, opt documents.PaperOptions) (string, error) {
			return p.desk.Papers.WritePoster(ctx, site.ID, languages, opt)
		}
	}, func() bool { return false })
}
