package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/export"
	"klokkast/app/output"
	"klokkast/app/timesheet"
	"klokkast/app/workspace"
)

// ExportChoice says what a list of hours holds.
type ExportChoice struct {
	Days        app.Days
	Engagements []app.ID // none: all that reach into the days, or of which something is settled with them
	Language    app.Language
	Reveal      bool // SSINs in full, which the trail notes for each person
	Replace     bool // also a file that the program did not write
}

// Exported is a list that was written.
type Exported struct {
	File        string // its path
	Engagements int
	Rows        int // of a CSV file, headings apart
}

// NobodyError says that there is nobody to export.
type NobodyError struct{}

// Error says so.
func (NobodyError) Error() string { return "nobody is engaged in these days" }

// TextKey words it for people.
func (NobodyError) TextKey() (string, map[string]any) { return "error.export.nobody", nil }

// Exports are the lists for payroll and other programs.
type Exports struct {
	work      *workspace.Workspace
	printer   *Printer
	approvals *Approvals
	sheets    *Sheets
}

// NewExports puts it together.
func NewExports(work *workspace.Workspace, printer *Printer, approvals *Approvals, sheets *Sheets) *Exports {
	return &Exports{work: work, printer: printer, approvals: approvals, sheets: sheets}
}

// ExportWorkbook writes the hours of a period as a spreadsheet: into a folder, or
// as a file whose name ends in .xlsx.
func (o *Exports) ExportWorkbook(ctx context.Context, c ExportChoice, l export.Layout, out string, p workspace.Progress) (Exported, error) {
	if !slices.Contains(export.Layouts[:], l) {
		return Exported{}, &app.FieldError{Field: "layout", Code: "export.layout", Example: string(export.EachApart)}
	}
	b, err := export.NewWorkbook(l, o.printer.Typesetting.Texts(o.exportLanguage(c)))
	if err != nil {
		return Exported{}, err
	}
	defer b.Close()
	j, err := o.exportJob(ctx, c, out, "hours", output.XLSX)
	if err != nil {
		return Exported{}, err
	}
	return j.write(ctx, p, func(w io.Writer, each func(add func(*export.Part) error) error) error {
		if err := each(b.Add); err != nil {
			return err
		}
		return b.Write(w)
	})
}

// ExportCSV writes the hours of a period by a profile: into a folder, or as a
// file whose name ends in .csv.
func (o *Exports) ExportCSV(ctx context.Context, c ExportChoice, profile export.Profile, out string, p workspace.Progress) (Exported, error) {
	if err := profile.Check(); err != nil {
		return Exported{}, err
	}
	c.Reveal = c.Reveal && profile.Has("ssin")
	j, err := o.exportJob(ctx, c, out, profile.Name, output.CSV)
	if err != nil {
		return Exported{}, err
	}
	rows := 0
	done, err := j.write(ctx, p, func(w io.Writer, each func(add func(*export.Part) error) error) error {
		list, err := export.NewCSV(w, profile, o.printer.Typesetting.Texts(o.exportLanguage(c)))
		if err != nil {
			return err
		}
		if err := each(list.Add); err != nil {
			return err
		}
		rows = list.Rows()
		return list.Close()
	})
	done.Rows = rows
	return done, err
}

// PreviewCSV returns the first lines of the file that ExportCSV would write, as
// they would stand in it but in UTF-8; SSINs stay masked. It says what is wrong
// with the profile, and which letters of these lines its encoding lacks.
func (o *Exports) PreviewCSV(ctx context.Context, c ExportChoice, profile export.Profile, lines int) ([]string, error) {
	if err := profile.Check(); err != nil {
		return nil, err
	}
	c.Reveal = false
	j, err := o.exportJob(ctx, c, ".", profile.Name, output.CSV)
	if err != nil {
		return nil, err
	}
	shown := profile
	shown.Encoding = export.UTF8
	var text strings.Builder
	out, err := export.NewCSV(&text, shown, o.printer.Typesetting.Texts(o.exportLanguage(c)))
	if err != nil {
		return nil, err
	}
	checked, err := export.NewCSV(io.Discard, profile, o.printer.Typesetting.Texts(o.exportLanguage(c)))
	if err != nil {
		return nil, err
	}
	enough := errors.New("enough")
	err = j.each(ctx, nil, func(p *export.Part) error {
		if err := errors.Join(out.Add(p), checked.Add(p)); err != nil {
			return err
		}
		if out.Rows() >= lines {
			return enough
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		return nil, err
	}
	all := strings.Split(strings.TrimSuffix(text.String(), "\r\n"), "\r\n")
	return all[:min(len(all), lines)], checked.Close()
}

// exportLanguage returns the language of a list: the one asked for, else the program's.
func (o *Exports) exportLanguage(c ExportChoice) app.Language {
	if c.Language != "" {
		return c.Language
	}
	return o.work.Language()
}

// exportJob is one list about to be written.
type exportJob struct {
	a           *approvalView
	choice      ExportChoice
	engagements []app.Engagement
	path        string
	ending      output.Ending
}

func (o *Exports) exportJob(ctx context.Context, c ExportChoice, out, what string, ending output.Ending) (*exportJob, error) {
	rows, err := o.sheets.Rows(ctx, c.Days)
	if err != nil {
		return nil, err
	}
	a, err := o.approvals.view(ctx)
	if err != nil {
		return nil, err
	}
	c.Language = o.exportLanguage(c)
	j := &exportJob{a: a, choice: c, ending: ending}
	for _, r := range rows {
		if len(c.Engagements) == 0 || slices.Contains(c.Engagements, r.Engagement.ID) {
			j.engagements = append(j.engagements, r.Engagement)
		}
	}
	if len(j.engagements) == 0 {
		return nil, NobodyError{}
	}
	name := timesheet.ListName(c.Days, what, string(ending))
	if len(c.Engagements) == 1 {
		e := j.engagements[0]
		name = timesheet.FileName(c.Days, a.p.Names.Workers[e.WorkerID], e.ID, string(ending))
	}
	j.path, err = o.printer.outputs().Place(out, name)
	return j, err
}

// each hands the parts over one after the other.
func (j *exportJob) each(ctx context.Context, p workspace.Progress, add func(*export.Part) error) error {
	for i, e := range j.engagements {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("export hours: %w", err)
		}
		m, err := j.a.model(ctx, e, j.choice.Days, j.choice.Language, j.choice.Reveal)
		if err != nil {
			return err
		}
		if err := add(&export.Part{Model: m, Absences: acts.AbsencesIn(m.Sheet.Absences, j.choice.Days, e.WorkerID), Clients: m.Sheet.Clients}); err != nil {
			return err
		}
		if p != nil {
			p(i+1, len(j.engagements))
		}
	}
	return nil
}

// write makes the file, whole or not at all. Who is revealed stands in the trail first.
func (j *exportJob) write(ctx context.Context, p workspace.Progress, do func(io.Writer, func(add func(*export.Part) error) error) error) (Exported, error) {
	guard := j.a.o.printer.outputs()
	if err := guard.Check(ctx, j.choice.Replace, j.ending, j.path); err != nil {
		return Exported{}, err
	}
	if err := j.noteRevealed(ctx); err != nil {
		return Exported{}, err
	}
	_, err := guard.Write(ctx, j.path, j.choice.Replace, j.ending, func(w io.Writer) error {
		return do(w, func(add func(*export.Part) error) error { return j.each(ctx, p, add) })
	})
	if err != nil {
		return Exported{}, err
	}
	return Exported{File: j.path, Engagements: len(j.engagements)}, nil
}

func (j *exportJob) noteRevealed(ctx context.Context) error {
	if !j.choice.Reveal {
		return nil
	}
	var acts []app.Act
	seen := map[app.ID]bool{}
	for _, e := range j.engagements {
		if seen[e.WorkerID] || j.a.p.Names.Workers[e.WorkerID].SSIN == "" {
			continue
		}
		seen[e.WorkerID] = true
		acts = append(acts, j.a.o.work.Act("ssin.export", "worker:"+string(e.WorkerID), ""))
	}
	return j.a.o.printer.noteActs(ctx, "note that the number was exported", acts)
}
