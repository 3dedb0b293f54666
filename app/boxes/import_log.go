package boxes

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/importing"
	"klokkast/app/reading"
	"klokkast/app/workspace"
)

// ImportKind says what was imported: a kind of list. Its text is import.of.KIND.
type ImportKind string

// Imported is one import as lists of them show it, of whatever kind.
type Imported struct {
	ID   app.ID
	Kind ImportKind
	File string // its name, without its folder
	By   string
	At   app.Instant
	// Lines are the lines that held anything; the four others add up to it.
	Lines, New, Changed, Same, Refused int
	// Undone are the steps by which it was taken back, in their order.
	Undone []importing.UndoStep
}

// ImportAccount is what is kept of one import.
type ImportAccount struct {
	Imported
	Rows     []importing.RowResult // what became of each line; those that stayed as they were too
	Problems []*importing.Problem  // refused or left out
	Notes    []*importing.Problem
	// Lines and Doubts are those of a file of punches: what was refused, and what was taken with a doubt.
	Lines, Doubts []reading.LineProblem
	// Reading says how the file was read, as JSON; "" where its titles said it.
	Reading string
}

// ImportSource keeps imports of some kinds. A further kind of import is a further source.
type ImportSource interface {
	// Imports returns all of them, without what they said.
	Imports(ctx context.Context) ([]Imported, error)
	// Account returns one; false where it is none of this source's.
	Account(ctx context.Context, id app.ID) (ImportAccount, bool, error)
	// Undo takes one back, or only says what that would do.
	Undo(ctx context.Context, id app.ID, why string, apply bool) (importing.Undo, error)
	// Refused returns the refused lines as a file that can be corrected and imported again; nil for none.
	Refused(ctx context.Context, id app.ID) ([]byte, error)
}

// sources are where imports are kept.
func (o *Files) sources() []ImportSource {
	return []ImportSource{&listImports{o.work}, &punchImports{o}}
}

// Imports returns all imports, newest first.
func (o *Files) Imports(ctx context.Context) ([]Imported, error) {
	var all []Imported
	for _, s := range o.sources() {
		some, err := s.Imports(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the imports: %w", err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Imported) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID)) })
	return all, nil
}

// FindImport returns the import that a person names: by its id, by the end of it
// that lists show, or "last" for the newest.
func (o *Files) FindImport(ctx context.Context, name string) (Imported, error) {
	all, err := o.Imports(ctx)
	if err != nil {
		return Imported{}, err
	}
	if strings.EqualFold(name, "last") && len(all) > 0 {
		return all[0], nil
	}
	var found []Imported
	for _, i := range all {
		if id := string(i.ID); strings.EqualFold(id, name) || len(name) >= 4 && strings.HasSuffix(id, strings.ToLower(name)) {
			found = append(found, i)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Imported{}, app.NotFound("import", name)
	}
	return Imported{}, &AmbiguousError{Kind: "import", Name: name, Count: len(found)}
}

// ImportAccount returns what is kept of an import.
func (o *Files) ImportAccount(ctx context.Context, id app.ID) (ImportAccount, error) {
	_, a, err := o.source(ctx, id)
	return a, err
}

func (o *Files) source(ctx context.Context, id app.ID) (ImportSource, ImportAccount, error) {
	for _, s := range o.sources() {
		a, found, err := s.Account(ctx, id)
		if err != nil {
			return nil, a, fmt.Errorf("read the import: %w", err)
		}
		if found {
			return s, a, nil
		}
	}
	return nil, ImportAccount{}, app.NotFound("import", string(id))
}

// UndoImport takes an import back as one step, or without apply only says what
// that would do: what it takes back, and what it leaves since something was built on it.
func (o *Files) UndoImport(ctx context.Context, id app.ID, why string, apply bool) (importing.Undo, error) {
	s, _, err := o.source(ctx, id)
	if err != nil {
		return importing.Undo{}, err
	}
	u, err := s.Undo(ctx, id, why, apply)
	if err != nil {
		return u, fmt.Errorf("take the import back: %w", err)
	}
	if apply && len(u.Taken) > 0 {
		o.work.Changed()
	}
	return u, nil
}

// RefusedLines returns the refused lines of an import under the titles of its file,
// to be corrected and imported again, and a name for that file; nil where none was refused.
func (o *Files) RefusedLines(ctx context.Context, id app.ID) (content []byte, name string, err error) {
	s, a, err := o.source(ctx, id)
	if err != nil {
		return nil, "", err
	}
	content, err = s.Refused(ctx, id)
	base := strings.TrimSuffix(a.File, filepath.Ext(a.File))
	return content, cmp.Or(base, string(a.Kind)) + "-refused.csv", err
}

// listImports are the imports of lists.
type listImports struct{ work *workspace.Workspace }

func importedOf(i *importing.Import) Imported {
	return Imported{ID: i.ID, Kind: ImportKind(i.Kind), File: i.File, By: i.By, At: i.At,
		Lines: i.Lines, New: i.New, Changed: i.Changed, Same: i.Same, Refused: i.Refused, Undone: i.Undone}
}

// Imports implements ImportSource.
func (l *listImports) Imports(ctx context.Context) ([]Imported, error) {
	list, err := l.work.Store.Imports(ctx)
	all := make([]Imported, 0, len(list))
	for i := range list {
		all = append(all, importedOf(&list[i]))
	}
	return all, err
}

// Account implements ImportSource.
func (l *listImports) Account(ctx context.Context, id app.ID) (ImportAccount, bool, error) {
	i, found, err := l.work.Store.ImportOf(ctx, id)
	a := i.Account
	return ImportAccount{Imported: importedOf(&i), Rows: a.Rows, Problems: a.Problems, Notes: a.Notes, Reading: a.Reading}, found, err
}

// Undo implements ImportSource.
func (l *listImports) Undo(ctx context.Context, id app.ID, why string, apply bool) (importing.Undo, error) {
	return l.work.Store.UndoImport(ctx, id, apply, l.work.Act("import.undo", "import:"+string(id), why))
}

// Refused implements ImportSource.
func (l *listImports) Refused(ctx context.Context, id app.ID) ([]byte, error) {
	i, _, err := l.work.Store.ImportOf(ctx, id)
	return i.Account.RefusedList(), err
}
