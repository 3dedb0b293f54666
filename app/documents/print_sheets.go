package documents

import (
	"context"
	"fmt"
	"os"

	"klokkast/app"
	"klokkast/app/printing"
	"klokkast/app/timesheet"
	"klokkast/app/workspace"
)

// Printers lists the operating system's printers; none is no error.
func (o *Sheets) Printers(ctx context.Context) ([]printing.Printer, error) {
	if o.printer.Printing == nil {
		return nil, &printing.Error{Problem: printing.NotHere}
	}
	return o.printer.Printing.Printers(ctx)
}

// PrintSheets writes timesheets like WriteSheets and has the operating system
// print them; it gives the job with its printer. An order without a folder or
// bundle leaves no files behind. Nothing is written where nothing can be
// printed, and nothing is printed when ctx ends before all is written. The
// trail notes each sheet.
func (o *Sheets) PrintSheets(
	ctx context.Context,
	order SheetOrder,
	job printing.Job,
	progress workspace.Progress,
) (written SheetsWritten, done printing.Job, err error) {
	job, err = printing.Prepare(ctx, o.printer.Printing, job)
	if err != nil {
		return written, job, err
	}
	if order.Folder == "" && order.Bundle == "" {
		if !o.printer.Printing.Keeps() {
			return written, job, &printing.Error{Problem: printing.MustBeKept}
		}
		order.printed = true
		order.Folder, err = os.MkdirTemp("", "klokkast-") // for its owner alone
		if err != nil {
			return written, job, fmt.Errorf("make a folder for what is printed: %w", err)
		}
		defer func() {
			os.RemoveAll(order.Folder)
			for i := range written.Sheets {
				written.Sheets[i].Path = ""
			}
		}()
	}
	written, err = o.WriteSheets(ctx, order, progress)
	if err != nil || len(written.Sheets) == 0 {
		return written, job, err
	}
	if err := o.printer.Printing.Print(ctx, written.Files(), job); err != nil {
		return written, job, err
	}
	return written, job, o.notePrinted(ctx, written, job)
}

// notePrinted notes what was handed to a printer, also when someone cancels now.
func (o *Sheets) notePrinted(ctx context.Context, written SheetsWritten, job printing.Job) error {
	var acts []app.Act
	for _, s := range written.Sheets {
		acts = append(acts, o.work.Act("sheet.print", s.target(), job.Printer))
	}
	return o.printer.noteActs(context.WithoutCancel(ctx), "note what was printed", acts)
}

// target names what the sheet is of, for the trail.
func (s *WrittenSheet) target() string {
	switch s.Group.Kind {
	case timesheet.OfSite:
		return "site:" + string(s.Group.ID)
	case timesheet.OfTeam:
		return "team:" + string(s.Group.ID)
	}
	return "engagement:" + string(s.Engagement)
}

// Files returns the paths of the files that stay, each once.
func (w SheetsWritten) Files() []string {
	var files []string
	seen := map[string]bool{"": true}
	for _, s := range w.Sheets {
		if !seen[s.Path] {
			seen[s.Path] = true
			files = append(files, s.Path)
		}
	}
	return files
}
