package boxes

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/app/workspace"
)

// ImportOptions say how a file of another make is imported.
type ImportOptions = reading.ImportOptions

// ImportPlan is what an import would do, with who the people of the file are.
type ImportPlan struct {
	*reading.Plan
	// Holders are the engagements that hold each of People's identifiers at its last tap; "" for nobody.
	Holders []app.ID
}

// PreviewImport tells what ImportFile would do, and stores nothing. Its errors
// are those of ImportFile.
func (o *Files) PreviewImport(ctx context.Context, path string, opt ImportOptions) (*ImportPlan, error) {
	file, opt, err := o.open(ctx, path, opt)
	if err != nil {
		return nil, err
	}
	plan, err := filelog.Plan(ctx, o.work.Store, o.boxes.Finder, file, opt)
	if err != nil {
		return nil, fmt.Errorf("look into a file: %w", err)
	}
	out := &ImportPlan{Plan: plan}
	held, err := o.holdings(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range plan.People {
		out.Holders = append(out.Holders, held.holder(p.Key, p.Last))
	}
	return out, nil
}

// ImportFile imports an export of another make. Errors that ask (which box,
// what the status column means, how a table is read, ...) are those of
// filelog.Import and *reading.NeedsMappingError; after them nothing was stored,
// and the call is made again with the answer. What is said of the lines' meaning
// holds from this import on.
func (o *Files) ImportFile(ctx context.Context, path string, opt ImportOptions, p workspace.Progress) (reading.Imported, error) {
	file, opt, err := o.open(ctx, path, opt)
	if err != nil {
		return reading.Imported{}, err
	}
	opt.Progress = ofReading(p)
	out, err := filelog.Import(ctx, o.work.Store, o.boxes.Finder, file, opt)
	if err != nil {
		return out, fmt.Errorf("import a file: %w", err)
	}
	o.work.ChangedBy(out.Reading.ID)
	return out, nil
}

// open opens a file, to be read by the mapping that was given or is kept for its box.
func (o *Files) open(ctx context.Context, path string, opt ImportOptions) (filelog.Source, ImportOptions, error) {
	if o.boxes.Finder == nil {
		return filelog.Source{}, opt, fmt.Errorf("import a file: %w", reading.NotFound)
	}
	opt.Installation, opt.Actor, opt.Now, opt.Check = o.work.Installation().ID, o.work.Actor(), o.work.Now, o.work.Settings().Check
	by := opt.Mapping
	if by == nil && opt.Box != "" {
		kept, found, err := o.work.Store.BoxMapping(ctx, opt.Box)
		if err != nil {
			return filelog.Source{}, opt, err
		}
		if found {
			by = &kept
		}
	}
	file, err := o.boxes.Finder.OpenFile(path, by)
	var needs *reading.NeedsMappingError
	if errors.As(err, &needs) {
		return file, opt, o.askForTable(ctx, needs.File, opt.Box)
	}
	if err != nil {
		return file, opt, fmt.Errorf("import a file: %w", err)
	}
	return file, opt, nil
}

// askForTable asks first which box a table is from, where that may answer how it is read.
func (o *Files) askForTable(ctx context.Context, file, box string) error {
	if box == "" {
		mapped, err := o.work.Store.MappedBoxes(ctx)
		if err != nil {
			return err
		}
		if len(mapped) > 0 {
			return &reading.NeedsBoxError{File: file, Table: true}
		}
	}
	return &reading.NeedsMappingError{File: file, Box: box}
}

// PreviewTable returns the first rows of a table as a mapping understands them;
// without one (nil), the one kept for the box is taken, or one is proposed.
func (o *Files) PreviewTable(ctx context.Context, path, box string, m *reading.Mapping, rows int) (reading.TablePreview, error) {
	if o.boxes.Finder == nil {
		return reading.TablePreview{}, fmt.Errorf("look into a table: %w", reading.NotFound)
	}
	if m == nil && box != "" {
		kept, found, err := o.work.Store.BoxMapping(ctx, box)
		if err != nil {
			return reading.TablePreview{}, err
		}
		if found {
			m = &kept
		}
	}
	p, err := o.boxes.Finder.PreviewTable(path, m, rows)
	if err != nil {
		return p, fmt.Errorf("look into a table: %w", err)
	}
	return p, nil
}

// BoxMapping returns how the tables of a box are read; false where nobody said so.
func (o *Files) BoxMapping(ctx context.Context, uid string) (reading.Mapping, bool, error) {
	return o.work.Store.BoxMapping(ctx, uid)
}

// holdings is who holds what, and when.
type holdings struct {
	identifiers map[app.IdentifierKey]app.Identifier
	custodies   map[app.ID][]app.Custody // by identifier
}

func (o *Files) holdings(ctx context.Context) (*holdings, error) {
	identifiers, err := o.work.Store.Identifiers(ctx)
	if err != nil {
		return nil, fmt.Errorf("find who holds what: %w", err)
	}
	custodies, err := o.work.Store.Custodies(ctx)
	if err != nil {
		return nil, fmt.Errorf("find who holds what: %w", err)
	}
	h := &holdings{byKey(identifiers), map[app.ID][]app.Custody{}}
	for _, c := range custodies {
		h.custodies[c.IdentifierID] = append(h.custodies[c.IdentifierID], c)
	}
	return h, nil
}

func byKey(list []app.Identifier) map[app.IdentifierKey]app.Identifier {
	m := make(map[app.IdentifierKey]app.Identifier, len(list))
	for _, i := range list {
		m[i.Key] = i
	}
	return m
}

// holder returns the engagement that holds an identifier at an instant, "" for
// none. A PIN of a group is also held by who has it everywhere.
func (h *holdings) holder(key app.IdentifierKey, at app.Instant) app.ID {
	keys := []app.IdentifierKey{key}
	if key.Group != "" {
		keys = append(keys, app.IdentifierKey{Kind: key.Kind, Value: key.Value})
	}
	for _, k := range keys {
		all := h.custodies[h.identifiers[k].ID]
		if i := slices.IndexFunc(all, func(c app.Custody) bool { return c.Span.Holds(at) }); i >= 0 {
			return all[i].EngagementID
		}
	}
	return ""
}
