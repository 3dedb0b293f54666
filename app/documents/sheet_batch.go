package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"klokkast/app"
	"klokkast/app/output"
	"klokkast/app/store"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
)

// SheetOrder says which timesheets are printed, and how.
type SheetOrder struct {
	Days app.Days
	// Engagements in the order in which they are printed; none means everyone who is engaged in the days.
	Engagements []app.ID
	// Everyone says that nobody was chosen by name. Into a folder, whose files are
	// passed on by their names, no sheet is then written of someone whose name no
	// font draws; it is among the failures. On any other paper, and asked for by
	// itself, such a person stands by staff number and employer.
	Everyone bool
	// Groups are sites and teams, each on one paper, instead of engagements.
	Groups   []SheetGroup
	Language app.Language // "" is each worker's own, and the company's for a group
	Reveal   bool         // SSINs in full, which the trail notes
	// Folder gets one file each; Bundle is one file of all instead, whose name ends
	// in .pdf, with a list of contents.
	Folder, Bundle string
	Replace        bool // also files that the program did not write
	printed        bool // the files are for the printer alone
}

// WrittenSheet is a timesheet that was written: of an engagement, or of a group.
// In a bundle all have the same path; the path of what was only printed is "".
type WrittenSheet struct {
	Engagement app.ID
	Group      SheetGroup
	Path       string
}

// SheetFailure is a timesheet that could not be printed, and why: such as a
// name that no font draws. It kept no other from being printed.
type SheetFailure struct {
	Engagement app.ID
	Group      SheetGroup
	Err        error
}

// SheetsWritten is what came of a SheetOrder.
type SheetsWritten struct {
	Sheets []WrittenSheet
	Failed []SheetFailure
}

// WriteSheets prints many timesheets, one after the other, so that thousands
// need no more memory than one; a bundle keeps its pages. Nothing is written where
// one of the files may not be (an *output.Error). When ctx ends, files
// that were written stay and are given with the error; a bundle is then not
// written at all. What cannot be printed for a reason of its own is among the
// failures; an error that any other would meet too, such as a full disk, ends it.
func (o *Sheets) WriteSheets(ctx context.Context, order SheetOrder, progress workspace.Progress) (SheetsWritten, error) {
	if err := checkPeriod(order.Days); err != nil {
		return SheetsWritten{}, err
	}
	a, err := o.approvals.view(ctx)
	if err != nil {
		return SheetsWritten{}, err
	}
	if len(order.Engagements) == 0 && len(order.Groups) == 0 {
		rows, err := a.sheetRows(ctx, order.Days)
		if err != nil {
			return SheetsWritten{}, err
		}
		order.Everyone = true
		for _, r := range rows {
			order.Engagements = append(order.Engagements, r.Engagement.ID)
		}
	}
	b := batch{approvalView: a, order: order, progress: progress, guard: o.printer.outputs()}
	if order.Bundle != "" {
		err = b.bundle(ctx)
	} else {
		err = b.files(ctx)
	}
	return b.done, err
}

// batch is one run of WriteSheets.
type batch struct {
	*approvalView
	order    SheetOrder
	progress workspace.Progress
	guard    *output.Guard
	done     SheetsWritten
}

// sheetOf is one paper of an order: of an engagement, or of a group.
type sheetOf struct {
	engagement app.ID
	group      SheetGroup
}

func (o *SheetOrder) sheets() []sheetOf {
	var out []sheetOf
	if len(o.Groups) > 0 {
		for _, g := range o.Groups {
			out = append(out, sheetOf{group: g})
		}
		return out
	}
	for _, id := range o.Engagements {
		out = append(out, sheetOf{engagement: id})
	}
	return out
}

// ready makes one paper of the order ready.
func (b *batch) ready(ctx context.Context, s sheetOf) (*readySheet, error) {
	if s.engagement == "" {
		return b.readyGroup(ctx, s.group, b.order.Days, b.order.Language, b.order.Reveal)
	}
	return b.readySheet(ctx, s.engagement, b.order.Days, b.order.Language, b.order.Reveal)
}

// each makes every paper ready and does something with it, until one fails for more than itself or ctx ends.
func (b *batch) each(ctx context.Context, print func(s sheetOf, r *readySheet) error) error {
	sheets := b.order.sheets()
	for i, s := range sheets {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("print timesheets: %w", err)
		}
		r, err := b.ready(ctx, s)
		if err == nil {
			err = print(s, r)
		}
		switch {
		case ofThisSheet(err):
			b.done.Failed = append(b.done.Failed, SheetFailure{s.engagement, s.group, err})
		case err != nil:
			return err
		}
		if b.progress != nil {
			b.progress(i+1, len(sheets))
		}
	}
	return nil
}

// ofThisSheet says that an error lies in what stands on one sheet.
func ofThisSheet(err error) bool {
	var undrawable *paper.UndrawableError
	var unfit *timesheet.PresenceError
	return errors.As(err, &undrawable) || errors.As(err, &unfit)
}

// files prints each into a file of its own. All of them are checked before the first is written.
func (b *batch) files(ctx context.Context) error {
	if err := b.guard.Folder(b.order.Folder); err != nil {
		return err
	}
	var paths []string
	for _, s := range b.order.sheets() {
		path, err := b.path(ctx, s)
		if err != nil {
			return err
		}
		paths = append(paths, path)
	}
	if err := b.guard.Check(ctx, b.order.Replace, output.PDF, paths...); err != nil {
		return err
	}
	return b.each(ctx, func(s sheetOf, r *readySheet) error {
		if err := b.named(r); err != nil {
			return err
		}
		path, err := b.path(ctx, s)
		if err != nil {
			return err
		}
		hash, err := b.guard.Write(
			ctx,
			path,
			b.order.Replace,
			output.PDF,
			func(w io.Writer) error { return timesheet.Write(w, b.o.printer.Typesetting.Fonts, r.model) },
		)
		if err != nil {
			return err
		}
		b.done.Sheets = append(b.done.Sheets, WrittenSheet{s.engagement, s.group, path})
		return b.o.remember(ctx, hash, r.paper)
	})
}

// named fails with a *paper.UndrawableError where the file of an order for everyone would not name its person.
func (b *batch) named(r *readySheet) error {
	m, ok := r.model.(*timesheet.Model)
	if !ok || !b.order.Everyone || b.order.printed {
		return nil
	}
	w := &m.Sheet.Worker
	if err := b.o.printer.Typesetting.Fonts.Draws("worker.familyName", w.FamilyName); err != nil {
		return err
	}
	return b.o.printer.Typesetting.Fonts.Draws("worker.givenName", w.GivenName)
}

// path returns the file of a sheet that is written alone, named as people call it now.
func (b *batch) path(ctx context.Context, s sheetOf) (string, error) {
	name := ""
	switch n := b.p.Names; {
	case s.engagement != "":
		e, ok := n.Engagements[s.engagement]
		if !ok {
			return "", app.NotFound("engagement", string(s.engagement))
		}
		name = timesheet.FileName(b.order.Days, n.Workers[e.WorkerID], e.ID, string(output.PDF))
	case s.group.Kind == timesheet.OfSite:
		site, ok := n.Sites[s.group.ID]
		if !ok {
			return "", app.NotFound("site", string(s.group.ID))
		}
		name = timesheet.GroupFileName(b.order.Days, s.group.Kind, site.Name, site.ID, string(output.PDF))
	default:
		team, err := b.team(ctx, s.group.ID)
		if err != nil {
			return "", err
		}
		name = timesheet.GroupFileName(b.order.Days, s.group.Kind, team.Name, team.ID, string(output.PDF))
	}
	return filepath.Join(b.order.Folder, name), nil
}

// bundle prints all on one file. Of a sheet that is laid out, only its pages and what its paper is remembered by are kept.
func (b *batch) bundle(ctx context.Context) error {
	if err := b.guard.Check(ctx, b.order.Replace, output.PDF, b.order.Bundle); err != nil {
		return err
	}
	var bundle *timesheet.Bundle
	var bound []store.Paper
	var written []WrittenSheet
	err := b.each(ctx, func(s sheetOf, r *readySheet) error {
		if bundle == nil {
			bundle = timesheet.NewBundle(b.o.printer.Typesetting.Fonts, r.model)
		}
		bundle.Add(r.model)
		bound = append(bound, r.paper)
		written = append(written, WrittenSheet{s.engagement, s.group, b.order.Bundle})
		return nil
	})
	if err != nil || len(bound) == 0 {
		return err
	}
	hash, err := b.guard.Write(ctx, b.order.Bundle, b.order.Replace, output.PDF, bundle.Write)
	if err != nil {
		return err
	}
	b.done.Sheets = written
	return b.o.remember(ctx, hash, bound...)
}

// LaySheet returns the pages of a timesheet, for a look before it is written. With
// reveal the SSIN stands on them in full, which the trail notes.
func (o *Sheets) LaySheet(ctx context.Context, engagement app.ID, days app.Days, lang app.Language, reveal bool) ([]*paper.Page, error) {
	return o.lay(ctx, days, func(a *approvalView) (*readySheet, error) { return a.readySheet(ctx, engagement, days, lang, reveal) })
}

// lay returns the pages of what one look at the data makes ready.
func (o *Sheets) lay(ctx context.Context, days app.Days, ready func(*approvalView) (*readySheet, error)) ([]*paper.Page, error) {
	if err := checkPeriod(days); err != nil {
		return nil, err
	}
	a, err := o.approvals.view(ctx)
	if err != nil {
		return nil, err
	}
	r, err := ready(a)
	if err != nil {
		return nil, err
	}
	return timesheet.Lay(o.printer.Typesetting.Fonts, r.model)
}
