package documents

import (
	"cmp"
	"context"
	"io"

	"klokkast/app"
	"klokkast/app/output"
	"klokkast/app/papers"
	"klokkast/app/printing"
	"klokkast/app/store"
	"klokkast/app/timesheet"
	"klokkast/app/workspace"
)

// PaperOptions say how a paper is printed.
type PaperOptions struct {
	// Out is the PDF, a name that ends in .pdf; or a folder, in which the paper gets
	// a name of its own (see output.Guard.Place).
	Out      string
	Replace  bool         // also a file that the program did not write
	Language app.Language // "" is that of the settings
	Reveal   bool         // personal numbers in full, which the trail notes
}

// Printer writes papers to files, and sends them to the system's printers.
type Printer struct {
	work        *workspace.Workspace
	Typesetting Typesetting
	Own         output.Own
	Printing    printing.System
}

// NewPrinter puts it together.
func NewPrinter(work *workspace.Workspace, press Typesetting, own output.Own, system printing.System) *Printer {
	return &Printer{work: work, Typesetting: press, Own: own, Printing: system}
}

// made says what papers are made by, of a moment.
func (o *Printer) made(at app.Instant) papers.Made {
	return papers.Made{Environment: o.work.Environment(), Program: o.Typesetting.Program, At: at}
}

// writePaper prints a paper under the company's letterhead and gives the path of
// its file; name is its own, without ending. Whose numbers it shows, the trail notes first.
func (o *Printer) writePaper(ctx context.Context, model papers.Paper, name string, opt PaperOptions, shown ...app.ID) (string, error) {
	guard := o.outputs()
	path, err := guard.Place(opt.Out, name+string(output.PDF))
	if err != nil {
		return "", err
	}
	if err := guard.Check(ctx, opt.Replace, output.PDF, path); err != nil {
		return "", err
	}
	if err := o.noteReveal(ctx, shown); err != nil {
		return "", err
	}
	letterhead := o.work.Settings().Letterhead
	logo, err := o.logo(ctx, letterhead)
	if err != nil {
		return "", err
	}
	papers.PutLetterhead(model, timesheet.Head(letterhead, logo))
	texts := o.Typesetting.Texts(cmp.Or(opt.Language, o.work.Language()))
	_, err = guard.Write(ctx, path, opt.Replace, output.PDF, func(w io.Writer) error { return papers.Write(w, o.Typesetting.Fonts, texts, model) })
	if err != nil {
		return "", err
	}
	return path, nil
}

// noteReveal notes in the trail that a paper shows the numbers of some people,
// each once. It does so before the paper is there, in a transaction of its own: a
// line too many, where the paper then fails, can be explained; one too few cannot.
func (o *Printer) noteReveal(ctx context.Context, workers []app.ID) error {
	var acts []app.Act
	seen := map[app.ID]bool{"": true}
	for _, id := range workers {
		if !seen[id] {
			seen[id] = true
			acts = append(acts, o.work.Act("ssin.print", "worker:"+string(id), ""))
		}
	}
	return o.noteActs(ctx, "note that the number was printed", acts)
}

// noteActs appends acts that change nothing else to the trail, all or none.
func (o *Printer) noteActs(ctx context.Context, doing string, acts []app.Act) error {
	if len(acts) == 0 {
		return nil
	}
	return o.work.Store.Together(ctx, doing, func(c store.Changes) error {
		for _, a := range acts {
			if err := c.NoteAct(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}
