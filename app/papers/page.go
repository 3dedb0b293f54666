package papers

import (
	"io"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/timesheet/paper"
)

// Made says what a paper is made by and of.
type Made struct {
	Environment app.Environment `json:"environment"`
	Program     string          `json:"program"` // such as "Klokkast 0.1.0"
	// At is the moment that the paper tells of. It is the date within the file
	// too, so that the same question gives the same bytes.
	At app.Instant `json:"at"`
	// Letterhead stands above the title; without anything in it nothing does.
	Letterhead paper.Letterhead `json:"-"`
}

// Paper is a model that can be printed.
type Paper interface {
	made() *Made
	// title names the paper, and at its right what it is about.
	title(p *page) (title, right string)
	// print lays out what stands below the head.
	print(p *page)
}

// PutLetterhead has a paper begin with whose it is.
func PutLetterhead(model Paper, l paper.Letterhead) { model.made().Letterhead = l }

// Write prints one paper as a PDF. No name and no other text keeps it from being
// printed: what the fonts cannot draw is said at its end.
func Write(w io.Writer, fonts *paper.Fonts, t app.Texts, model Paper) error {
	p := &page{fitter: paper.NewFitter(fonts, t), texts: t}
	title, right := model.title(p)
	m := model.made()
	p.doc = paper.New(fonts, paper.Info{
		Title: title + " · " + right, Subject: title, Program: m.Program, Language: string(t.Language()), Date: m.At.Time(),
	})
	p.print(model, title, right)
	return p.doc.Write(w)
}

// Lay lays the pages of a paper out, for a look before they are written. It fails like Write.
func Lay(fonts *paper.Fonts, t app.Texts, model Paper) ([]*paper.Page, error) {
	p := &page{fitter: paper.NewFitter(fonts, t), texts: t}
	title, right := model.title(p)
	return paper.Lay(fonts, func(doc *paper.Document) {
		p.doc = doc
		p.print(model, title, right)
	})
}

// page is a paper under way: the document, its words, and what its fonts cannot draw.
type page struct {
	doc    *paper.Document
	fitter *paper.Fitter
	texts  app.Texts
}

func (p *page) print(model Paper, title, right string) {
	p.begin(model.made(), title, right)
	model.print(p)
	p.doc.Unfit(p.fitter)
}

func (p *page) t(key string, args ...any) string { return p.texts.T("papers."+key, args...) }

func (p *page) n(key string, n int, args ...any) string { return p.texts.N("papers."+key, n, args...) }

// word returns the text of a code behind a prefix of keys; "–" where there is none.
func (p *page) word(prefix, code string) string {
	if code == "" {
		return "–"
	}
	return p.texts.T(prefix + code)
}

// fit makes what people typed fit for paper.
func (p *page) fit(s string) string { return p.fitter.Fit(s) }

// person names somebody; by staff number and employer where the fonts lack a sign of the name.
func (p *page) person(x paper.Person) string { return p.fitter.Person(x) }

// begin starts the only part of the document with its head.
func (p *page) begin(m *Made, title, right string) {
	p.doc.Begin(paper.Foot{
		Left:    p.fit(m.Program),
		Page:    func(page, of int) string { return p.texts.T("timesheet.page", "Page", page, "Of", of) },
		Running: title + " · " + right,
	})
	p.doc.Letterhead(p.letterhead(m.Letterhead))
	p.doc.Heading(paper.Heading{Title: title, Right: right})
	if m.Environment.Simulated() {
		p.doc.Banner(p.texts.T("timesheet.simulated"))
	}
}

// letterhead returns a letterhead fit for paper.
func (p *page) letterhead(l paper.Letterhead) paper.Letterhead {
	out := paper.Letterhead{Name: p.fit(l.Name), Logo: l.Logo}
	for _, line := range l.Lines {
		out.Lines = append(out.Lines, p.fit(line))
	}
	return out
}

// moment writes a time of day, with its day where that is another than day.
func (p *page) moment(i app.Instant, day app.Date, zone *time.Location) string {
	if d := i.DateIn(zone); d != day {
		return p.texts.DayMonth(d) + " " + p.texts.Time(i, zone)
	}
	return p.texts.Time(i, zone)
}

// span writes two moments; the day once where it is the same.
func (p *page) span(from, to app.Instant, zone *time.Location) string {
	switch {
	case from == to:
		return p.texts.DateTime(to, zone)
	case from.DateIn(zone) == to.DateIn(zone):
		return p.texts.DateTime(from, zone) + " – " + p.texts.Time(to, zone)
	}
	return p.texts.DateTime(from, zone) + " – " + p.texts.DateTime(to, zone)
}

// address writes an address on one line.
func (p *page) address(a app.Address) string {
	street := strings.TrimSpace(a.Street + " " + a.HouseNumber)
	if a.BoxNumber != "" {
		street += " / " + a.BoxNumber
	}
	town := strings.TrimSpace(a.PostCode + " " + a.Municipality)
	if street == "" || town == "" {
		return p.fit(street + town)
	}
	return p.fit(street + ", " + town)
}
