package boxes

import (
	"context"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/importing"
)

// PunchesImported is the kind of an imported file of punches.
const PunchesImported ImportKind = "punches"

// punchImports are the imports of files of punches: readings whose source is a file.
type punchImports struct{ files *Files }

// Imports implements ImportSource.
func (p *punchImports) Imports(ctx context.Context) ([]Imported, error) {
	list, err := p.files.work.Store.FileImports(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Imported, 0, len(list))
	for i := range list {
		one, err := p.imported(ctx, &list[i])
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (p *punchImports) imported(ctx context.Context, f *filelog.File) (Imported, error) {
	r := f.Report
	same := r.Before + r.Repeated
	out := Imported{ID: f.Reading.ID, Kind: PunchesImported, File: f.Reading.FileName, By: f.Reading.Actor, At: f.Reading.Started,
		Lines: r.New + same + len(r.Refused), New: r.New, Same: same, Refused: len(r.Refused)}
	if f.Undone == 0 {
		return out, nil
	}
	step := importing.UndoStep{At: f.Undone, Taken: r.New}
	acts, err := p.files.work.Store.Trail(ctx, "import:"+string(f.Reading.ID), 1)
	if err == nil && len(acts) > 0 {
		step.By = acts[0].Actor
	}
	out.Undone = []importing.UndoStep{step}
	return out, err
}

// Account implements ImportSource.
func (p *punchImports) Account(ctx context.Context, id app.ID) (ImportAccount, bool, error) {
	f, found, err := p.file(ctx, id)
	if err != nil || !found {
		return ImportAccount{}, found, err
	}
	a := ImportAccount{Lines: f.Report.Refused, Doubts: f.Report.Doubts}
	a.Imported, err = p.imported(ctx, &f)
	return a, true, err
}

func (p *punchImports) file(ctx context.Context, id app.ID) (filelog.File, bool, error) {
	list, err := p.files.work.Store.FileImports(ctx)
	if err != nil {
		return filelog.File{}, false, err
	}
	k := slices.IndexFunc(list, func(f filelog.File) bool { return f.Reading.ID == id })
	if k < 0 {
		return filelog.File{}, false, nil
	}
	return list[k], true, nil
}

// Undo implements ImportSource. What another import holds, too, stays; what was sent is taken back here and stays at the register,
// which has to be told.
func (p *punchImports) Undo(ctx context.Context, id app.ID, why string, apply bool) (importing.Undo, error) {
	out := importing.Undo{Preview: !apply, Import: id}
	f, _, err := p.file(ctx, id)
	if err != nil {
		return out, err
	}
	if f.Undone != 0 { // once more: there is nothing left
		return out, nil
	}
	box := f.Reading.Log.Box
	store := p.files.work.Store
	re, err := filelog.Reconsider(ctx, store, p.files.lines(), box, filelog.UndoImport(id, p.files.work.Now()))
	if err != nil {
		return out, err
	}
	snapshot, err := p.files.derived.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	rows, err := snapshot.Register.Rows(ctx, keysBefore(re.Moved))
	if err != nil {
		return out, err
	}
	for _, m := range re.Moved {
		if m.After != nil || m.Before == nil {
			continue
		}
		thing := app.ID(m.Before.Key.String())
		name := fmt.Sprintf("%s %s", m.Before.Identifier.Value, m.Before.At.In(re.Log.Box.Zone.Location()).Format("2006-01-02 15:04:05"))
		out.Taken = append(out.Taken, importing.TakenBack{Thing: importing.Thing{Kind: "punch", ID: thing}, Line: re.LineOf(m.Before.Key.Seq), Name: name, How: importing.Withdrawn})
		if r, ok := rows[m.Before.Key]; ok && r.State != app.RegHeld && r.State != app.RegRefused {
			out.Left = append(out.Left, importing.Left{Thing: importing.Thing{Kind: "registration", ID: r.ID}, Line: re.LineOf(m.Before.Key.Seq), Name: name,
				Reasons: []importing.LeftReason{{Code: importing.LeftSent}}})
		}
	}
	for _, held := range re.HeldElsewhere(id) {
		name := fmt.Sprintf("%s %s", held.Punch.Identifier.Value, held.Punch.At.In(re.Log.Box.Zone.Location()).Format("2006-01-02 15:04:05"))
		out.Left = append(out.Left, importing.Left{Thing: importing.Thing{Kind: "punch", ID: app.ID(held.Punch.Key.String())}, Line: held.Line, Name: name,
			Reasons: []importing.LeftReason{{Code: importing.LeftByImport, Import: held.By}}})
	}
	if !apply {
		return out, nil
	}
	return out, p.files.undoFile(ctx, box, id, why)
}

// Refused implements ImportSource.
func (p *punchImports) Refused(ctx context.Context, id app.ID) ([]byte, error) {
	f, _, err := p.file(ctx, id)
	if err != nil || len(f.Report.Refused) == 0 {
		return nil, err
	}
	log, err := p.files.work.Store.FileLog(ctx, f.Reading.Log.Box)
	if err != nil {
		return nil, err
	}
	return log.RefusedLines(id), nil
}
