package timesheet

import (
	"io"

	"klokkast/app"
	"klokkast/app/timesheet/paper"
)

// Printable is one paper: the *Model of an engagement, or the *GroupModel of a site or a team.
type Printable interface {
	// about says what the file of it says of itself.
	about() about
	// ready returns what lays it out, its texts fit to print; listed is set where the
	// reader's list of contents names it.
	ready(fonts *paper.Fonts) (lay func(doc *paper.Document, listed bool))
}

// about is what a file says of itself.
type about struct {
	title, of string // of is whose it is alone
	program   string
	language  app.Language
	days      app.Days
}

// Bundle is one PDF of many papers, each from a new page with its own page
// numbers. It keeps the pages alone, not the models: thousands fit.
type Bundle struct {
	fonts *paper.Fonts
	doc   *paper.Document
	// sole is set where it will hold one paper: it bears its name and needs no list of contents.
	sole bool
}

// NewBundle begins a bundle; it is called after the period and in the language of its first paper.
func NewBundle(fonts *paper.Fonts, first Printable) *Bundle { return newBundle(fonts, first, false) }

func newBundle(fonts *paper.Fonts, first Printable, sole bool) *Bundle {
	a := first.about()
	title := a.title
	if sole {
		title += ", " + a.of
	}
	return &Bundle{fonts: fonts, sole: sole, doc: paper.New(fonts, paper.Info{
		Title:    title,
		Program:  a.program,
		Language: string(a.language),
		// A paper is of its last day: the real time of printing would change the bytes.
		Date: a.days.To.UTC(),
	})}
}

// Add prints one more paper, found in the list of contents under its name.
func (b *Bundle) Add(m Printable) { m.ready(b.fonts)(b.doc, !b.sole) }

// Write ends the bundle and writes it.
func (b *Bundle) Write(w io.Writer) error { return b.doc.Write(w) }
