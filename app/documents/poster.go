package documents

import (
	"cmp"
	"context"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// PosterError says that a site has no declaration of works of today by which people could register themselves, or one
// whose address nobody copied from the NSSO.
type PosterError struct {
	Site   string
	Number string // the declaration's; "": none runs
}

// Error names the site.
func (e *PosterError) Error() string { return "no address to register oneself at " + e.Site }

// TextKey says what to do.
func (e *PosterError) TextKey() (string, map[string]any) {
	key := "error.poster.noAddress"
	if e.Number == "" {
		key = "error.poster.noDeclaration"
	}
	return key, map[string]any{"Site": e.Site, "Number": e.Number}
}

// WritePoster prints how people register themselves by phone at a site, in some languages, and gives the path of its
// file; a *PosterError where no address was copied from the NSSO. Without languages it is in that of the options.
func (o *Papers) WritePoster(ctx context.Context, site app.ID, languages []app.Language, opt PaperOptions) (string, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	d, err := posterOf(p, site)
	if err != nil {
		return "", err
	}
	if len(languages) == 0 {
		languages = []app.Language{cmp.Or(opt.Language, o.printer.work.Language())}
	}
	opt.Language = languages[0]
	l := &papers.Poster{Made: o.printer.made(p.At), Site: p.Names.Sites[site], Declaration: d.Number, Days: d.Days, Address: d.SelfAddress}
	for _, in := range languages {
		l.Words = append(l.Words, o.printer.Typesetting.Texts(in))
	}
	return o.printer.writePaper(ctx, l, timesheet.PlainName("poster", l.Site.Name), opt)
}

// posterOf returns the declaration of a site that runs today and has an address, the default before others.
func posterOf(p *derived.Snapshot, site app.ID) (app.Declaration, error) {
	s, ok := p.Names.Sites[site]
	if !ok {
		return app.Declaration{}, app.NotFound("site", string(site))
	}
	today := p.At.DateIn(p.Names.Zone(site))
	declarations := map[app.ID]app.Declaration{}
	for _, d := range p.Facts.Declarations {
		declarations[d.ID] = d
	}
	var found app.Declaration
	standard := false
	for _, link := range p.Facts.DeclarationSites {
		d := declarations[link.DeclarationID]
		if link.SiteID != site || !link.Days.Holds(today) || !d.Days.Holds(today) {
			continue
		}
		better := found.ID == "" || found.SelfAddress == "" && d.SelfAddress != "" || d.SelfAddress != "" && link.Default && !standard
		if better {
			found, standard = d, link.Default
		}
	}
	if found.SelfAddress == "" {
		return found, &PosterError{Site: s.Name, Number: found.Number}
	}
	return found, nil
}
