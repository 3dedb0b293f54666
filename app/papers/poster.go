package papers

import (
	"strings"

	"klokkast/app"
)

// Poster hangs at a site: how people register themselves by phone, for those who always do and for the day on which the
// clock box is broken.
type Poster struct {
	Made
	Site        app.Site
	Declaration string   // its number
	Days        app.Days // of the declaration
	// Address is what the code leads to, as it was copied from the NSSO.
	Address string
	// Words are the languages of the people at the site, the first is that of the head.
	Words []app.Texts
}

// Sides of the code: with more than two languages it makes room for them.
const (
	posterCode     = 84.0
	posterCodeLess = 58.0
)

func (l *Poster) made() *Made { return &l.Made }

func (l *Poster) title(p *page) (title, right string) {
	return p.t("poster.title"), l.Declaration
}

func (l *Poster) print(p *page) {
	p.doc.Headline(p.fit(l.Site.Name))
	size := posterCode
	if len(l.Words) > 2 {
		size = posterCodeLess
	}
	p.doc.BigCode(l.Address, size)
	for _, t := range l.Words {
		p.doc.Space(2)
		p.doc.Called(t.T("papers.poster.called"))
		p.doc.Spoken(t.T("papers.poster.scan"))
		p.doc.Spoken(t.T("papers.poster.inOut"))
		p.doc.Spoken(t.T("papers.poster.self"))
	}
	p.doc.Space(3)
	facts := []string{p.t("poster.declaration", "Number", l.Declaration)}
	if l.Days.To != 0 {
		facts = append(facts, p.t("poster.until", "Day", p.texts.Date(l.Days.To)))
	}
	if address := p.address(l.Site.Address); address != "" {
		facts = append(facts, address)
	}
	p.doc.Text(strings.Join(facts, " · "))
}
