package cli

import (
	"klokkast/app"
	"klokkast/app/office"
)

type sitePosterCmd struct {
	Site      string   `arg:"" help:"place_site"`
	Languages []string `placeholder:"nl,fr" help:"poster_languages"`
	Out       string   `placeholder:"FILE" required:"" help:"paper_out"`
	replacing
}

// posterJSON is the answer of site poster.
type posterJSON struct {
	environmentJSON
	SiteID    app.ID         `json:"siteId"`
	Site      string         `json:"site"`
	Languages []app.Language `json:"languages"`
	File      string         `json:"file"`
}

// Run prints how people register themselves by phone at a site.
func (c *sitePosterCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		languages := []app.Language{}
		for _, given := range c.Languages {
			l, err := app.ParseLanguage(given)
			if err != nil {
				return wrong("oneOf", "Flag", "--languages", "Likely", "nl, fr, de, en", "Got", given)
			}
			languages = append(languages, l)
		}
		if len(languages) == 0 {
			languages = append(languages, r.say.Language())
		}
		file, err := o.Papers.WritePoster(r.ctx, s.Site.ID, languages, r.paper(c.Out, c.replacing))
		if err != nil {
			return err
		}
		if r.json {
			return r.print(posterJSON{environmentOf(o), s.Site.ID, s.Site.Name, languages, file})
		}
		r.sayPaper(file)
		return nil
	})
}
