package timesheet

import (
	"io"

	"klokkast/app/timesheet/paper"
)

// Bundle is one PDF of many sheets, each from a new page with its own page
// numbers. It keeps the pages alone, not the models: thousands fit.
type Bundle struct {
	fonts *paper.Fonts
	doc   *paper.Document
	// sole is set where it will hold one sheet: it bears the person's name and needs no list of contents.
	sole bool
}

// NewBundle begins a bundle; it is called after the period and in the language of its first sheet.
func NewBundle(fonts *paper.Fonts, first *Model) *Bundle { return newBundle(fonts, first, false) }

func newBundle(fonts *paper.Fonts, first *Model, sole bool) *Bundle {
	title := first.texts.T("timesheet.title") + " " + first.period()
	if sole {
		title += ", " + first.Sheet.Worker.Name()
	}
	return &Bundle{fonts: fonts, sole: sole, doc: paper.New(fonts, paper.Info{
		Title:    title,
		Program:  first.Sheet.Program,
		Language: string(first.texts.Language()),
		// A sheet is of its last day: the real time of printing would change the bytes.
		Date: first.Sheet.Days.To.UTC(),
	})}
}

// Add prints one more sheet, found in the list of contents under the worker's
// name and staff number. It fails like Write; the bundle is then as it was.
func (b *Bundle) Add(m *Model) error {
	clean, err := m.cleaned(b.fonts)
	if err != nil {
		return err
	}
	printer{Model: clean, doc: b.doc, listed: !b.sole}.print()
	return nil
}

// Write ends the bundle and writes it.
func (b *Bundle) Write(w io.Writer) error { return b.doc.Write(w) }
