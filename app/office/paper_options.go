package office

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"klokkast/app"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// PaperOptions say how a paper is printed.
type PaperOptions struct {
	// Out is the PDF: a name that ends in .pdf, or else a folder, in which the
	// paper gets a name of its own.
	Out      string
	Language app.Language // "" is that of the settings
	Reveal   bool         // personal numbers in full, which the trail notes
}

// made says what papers are made by, of a moment.
func (o *Office) made(at app.Instant) papers.Made {
	return papers.Made{Environment: o.Environment(), Program: o.Press.Program, At: at}
}

// writePaper prints a paper under the company's letterhead and gives the path of its file; name is its own, without extension.
func (o *Office) writePaper(ctx context.Context, model papers.Paper, name string, opt PaperOptions) (string, error) {
	path := opt.Out
	if !strings.EqualFold(filepath.Ext(path), ".pdf") {
		path = filepath.Join(path, name+".pdf")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the folder for papers: %w", err)
	}
	letterhead := o.Settings().Letterhead
	logo, err := o.logo(ctx, letterhead)
	if err != nil {
		return "", err
	}
	papers.PutLetterhead(model, timesheet.Head(letterhead, logo))
	texts := o.Press.Texts(cmp.Or(opt.Language, o.Language()))
	err = timesheet.WriteFile(path, func(w io.Writer) error { return papers.Write(w, o.Press.Fonts, texts, model) })
	if err != nil {
		return "", err
	}
	return path, nil
}

// noteReveal notes in the trail that a paper shows the numbers of some people, each once.
func (o *Office) noteReveal(ctx context.Context, workers []app.ID) error {
	seen := map[app.ID]bool{}
	for _, id := range workers {
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		if err := o.Store.NoteAct(ctx, o.act("ssin.print", "worker:"+string(id), "")); err != nil {
			return fmt.Errorf("note that the number was printed: %w", err)
		}
	}
	return nil
}
