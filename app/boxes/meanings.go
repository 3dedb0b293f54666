package boxes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// MeaningChange is what a person says anew of the lines of a box's files; what is not given stays.
type MeaningChange struct {
	Box  string // uid
	Kind filelog.Kind
	// Since is the first import of whose lines it is said; "": of all.
	Since        app.ID
	Zone         app.Zone
	StatusKeys   app.StatusKeys
	Keys         reading.Keys // more statuses that are named
	StatusColumn int
	Mapping      *reading.Mapping
	Why          string
}

// LogEffect is what a change of a log would do.
type LogEffect struct {
	// Moved are the punches that would be otherwise.
	Moved []filelog.Moved
	// Effect is what that means for people: hours, findings, what was sent.
	*acts.Effect
}

// BoxMeanings returns what the lines of a box's files mean, withdrawn meanings too, in the order in which they were said.
func (o *Files) BoxMeanings(ctx context.Context, uid string) ([]filelog.Meaning, error) {
	log, err := o.work.Store.FileLog(ctx, uid)
	if err != nil {
		return nil, err
	}
	return log.Meanings, nil
}

// PreviewMeaning says what a change of meaning would do, and does nothing.
func (o *Files) PreviewMeaning(ctx context.Context, c MeaningChange) (*LogEffect, error) {
	edit, err := o.meaning(c)
	if err != nil {
		return nil, err
	}
	return o.previewLog(ctx, c.Box, edit)
}

// ChangeMeaning lets lines mean otherwise: the punches that are made of them follow. What was sent stays as it was sent.
func (o *Files) ChangeMeaning(ctx context.Context, c MeaningChange) error {
	edit, err := o.meaning(c)
	if err != nil {
		return err
	}
	var made app.ID
	do := func(ctx context.Context, to store.Changes) error {
		done, err := o.commit(ctx, to, c.Box, edit, o.work.Act("box.meaning", "box:"+c.Box, c.Why))
		if err == nil && len(done.Change.Meanings) > 0 {
			made = done.Change.Meanings[0].ID
		}
		return err
	}
	undo := func(ctx context.Context, to store.Changes) error {
		_, err := o.commit(ctx, to, c.Box, filelog.MeanAgain(made, o.work.Now()), o.work.Act("box.meaning-undo", "box:"+c.Box, workspace.UndoNote))
		return err
	}
	return o.work.Do(ctx, workspace.Deed{What: "box.meaning", Doing: "change what lines mean", Do: do, Undo: undo})
}

// MeanAgain takes a meaning back: what held before it holds again.
func (o *Files) MeanAgain(ctx context.Context, box string, id app.ID, why string) error {
	do := func(ctx context.Context, to store.Changes) error {
		_, err := o.commit(ctx, to, box, filelog.MeanAgain(id, o.work.Now()), o.work.Act("box.meaning-undo", "box:"+box, why))
		return err
	}
	return o.work.Do(ctx, workspace.Deed{What: "box.meaning-undo", Doing: "take back what lines mean", Do: do})
}

// meaning returns the edit that a change is.
func (o *Files) meaning(c MeaningChange) (filelog.Edit, error) {
	_, zone := c.Zone.Load()
	var mapping error
	if c.Mapping != nil {
		mapping = c.Mapping.Validate()
	}
	if err := errors.Join(workspace.Required("box", c.Box, "table:poort-noord"), zone, mapping); err != nil {
		return nil, err
	}
	id, err := app.NewID()
	if err != nil {
		return nil, err
	}
	now := o.work.Now()
	return func(l *filelog.Log) error {
		if !l.Box.Make.Can().Files {
			if l.Box.Make == "" {
				return app.NotFound("box", c.Box)
			}
			return &app.FieldError{Field: "box", Code: "box.byCable", Example: "table:poort-noord"}
		}
		if c.Since != "" && !slices.ContainsFunc(l.Files, func(f filelog.File) bool { return f.Reading.ID == c.Since }) {
			return app.NotFound("import", string(c.Since))
		}
		m := l.Current(c.Kind)
		m.ID, m.Since, m.At, m.Withdrawn, m.Forgotten = id, c.Since, now, 0, 0
		m.Zone, m.StatusKeys, m.StatusColumn = cmp.Or(c.Zone, m.Zone), cmp.Or(c.StatusKeys, m.StatusKeys), cmp.Or(c.StatusColumn, m.StatusColumn)
		if c.Mapping != nil {
			m.Mapping = c.Mapping
		}
		if len(c.Keys) > 0 {
			m = m.WithKeys(c.Keys)
		}
		return filelog.Mean(m)(l)
	}, nil
}

// SaveMapping keeps how the tables of a box are read, of all lines that it has and will have. A box that was never met
// is entered with it, under its uid, label and zone ("": Europe/Brussels); of a
// known one the zone changes where one is given.
func (o *Files) SaveMapping(ctx context.Context, b app.Box, m reading.Mapping, why string) error {
	b.UID, b.Label, b.Zone = strings.TrimSpace(b.UID), strings.TrimSpace(b.Label), app.Zone(strings.TrimSpace(string(b.Zone)))
	_, badZone := b.Zone.Load()
	if err := errors.Join(workspace.Required("box", b.UID, "table:poort-noord"), m.Validate(), badZone); err != nil {
		return err
	}
	known, found, err := o.work.Store.KnownBox(ctx, b.UID)
	if err != nil {
		return fmt.Errorf("find the box: %w", err)
	}
	switch {
	case found && !known.Make.Can().Files:
		return &app.FieldError{Field: "box", Code: "box.byCable", Example: "table:poort-noord"}
	case !found:
		made, _, named := strings.Cut(b.UID, ":")
		if !named {
			made, b.UID = string(app.MakeTable), app.MakeTable.UID(b.UID)
		}
		b = app.Box{UID: b.UID, Make: app.Make(made), Label: b.Label, Group: b.UID, Zone: cmp.Or(b.Zone, app.DefaultZone), StatusKeys: app.StatusAsk, FirstSeen: o.work.Now()}
		if err := o.work.Done("enter the box", o.work.Store.SaveBox(ctx, b, o.work.Act("box.enter", "box:"+b.UID, why))); err != nil {
			return err
		}
	}
	return o.ChangeMeaning(ctx, MeaningChange{Box: b.UID, Kind: filelog.Table, Zone: b.Zone, Mapping: &m, Why: why})
}

// ForgetMapping forgets how the tables of a box are read: the next one is asked about. Lines that are there keep their meaning.
func (o *Files) ForgetMapping(ctx context.Context, uid, why string) error {
	do := func(ctx context.Context, to store.Changes) error {
		_, err := o.commit(ctx, to, uid, filelog.Forget(filelog.Table, o.work.Now()), o.work.Act("box.mapping-forget", "box:"+uid, why))
		return err
	}
	return o.work.Do(ctx, workspace.Deed{What: "box.mapping-forget", Doing: "forget the mapping", Do: do})
}

// meanAll lets all lines of a box's files mean what its settings say.
func (o *Boxes) meanAll(ctx context.Context, known, b app.Box, why string) error {
	files := Files{work: o.work, derived: o.derived, boxes: o}
	log, err := o.work.Store.FileLog(ctx, b.UID)
	if err != nil {
		return err
	}
	for _, kind := range filelog.Kinds() {
		if !slices.ContainsFunc(log.Meanings, func(m filelog.Meaning) bool { return m.Kind == kind && m.Withdrawn == 0 }) {
			continue
		}
		change := MeaningChange{Box: b.UID, Kind: kind, Zone: b.Zone, Why: why}
		if b.StatusKeys != known.StatusKeys {
			change.StatusKeys = b.StatusKeys
		}
		if err := files.ChangeMeaning(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

// undoFile takes an import of punches back: its lines stay, and those that no other import holds count nowhere. Importing the
// file again brings them back.
func (o *Files) undoFile(ctx context.Context, box string, id app.ID, why string) error {
	do := func(ctx context.Context, to store.Changes) error {
		_, err := o.commit(ctx, to, box, filelog.UndoImport(id, o.work.Now()), o.work.Act("import.undo", "import:"+string(id), why))
		return err
	}
	undo := func(ctx context.Context, to store.Changes) error {
		_, err := o.commit(ctx, to, box, filelog.RedoImport(id), o.work.Act("import.redo", "import:"+string(id), workspace.UndoNote))
		return err
	}
	return o.work.Do(ctx, workspace.Deed{What: "import.undo", Doing: "undo an import", Do: do, Undo: undo})
}

// SayOrder says in what order the lines of an imported file stand; "" lets it be recognised.
func (o *Files) SayOrder(ctx context.Context, id app.ID, order filelog.Order, why string) error {
	box, err := o.boxOfImport(ctx, id)
	if err != nil {
		return err
	}
	do := func(ctx context.Context, to store.Changes) error {
		_, err := o.commit(ctx, to, box, filelog.SayOrder(id, order), o.work.Act("import.order", "import:"+string(id), why))
		return err
	}
	return o.work.Do(ctx, workspace.Deed{What: "import.order", Doing: "say how a file stands", Do: do})
}

// boxOfImport returns the box of an imported file.
func (o *Files) boxOfImport(ctx context.Context, id app.ID) (string, error) {
	list, err := o.work.Store.Readings(ctx)
	if err != nil {
		return "", err
	}
	k := slices.IndexFunc(list, func(r app.Reading) bool { return r.ID == id && r.Source == app.FromFile })
	if k < 0 {
		return "", app.NotFound("import", string(id))
	}
	return list[k].Log.Box, nil
}

// commit carries out an edit within a transaction.
func (o *Files) commit(ctx context.Context, to store.Changes, box string, edit filelog.Edit, act app.Act) (*filelog.Reconsidered, error) {
	return filelog.Commit(ctx, within{o.work.Store, to}, o.lines(), box, edit, act)
}

// lines reads lines; without devices there are none that could be read.
func (o *Files) lines() filelog.LineReader {
	if o.boxes.Finder == nil {
		return noLines{}
	}
	return o.boxes.Finder
}

type noLines struct{}

func (noLines) ReadLines(filelog.Meaning, []filelog.Raw) ([]filelog.Said, error) {
	return nil, fmt.Errorf("read lines: %w", reading.NotFound)
}

// within is a store whose changes are part of a transaction.
type within struct {
	store.Store
	to store.Changes
}

// ChangeFileLog writes within the transaction.
func (w within) ChangeFileLog(ctx context.Context, c *filelog.Change, act app.Act) error {
	return w.to.ChangeFileLog(ctx, c, act)
}

// previewLog says what an edit of a log would do.
func (o *Files) previewLog(ctx context.Context, box string, edit filelog.Edit) (*LogEffect, error) {
	re, err := filelog.Reconsider(ctx, o.work.Store, o.lines(), box, edit)
	if err != nil {
		return nil, err
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var readings []app.Reading
	for _, f := range re.Change.Files {
		readings = append(readings, f.Reading)
	}
	change := p.WithLog(re.Log.Key(), re.Punches(), readings)
	effect, err := o.judge.EffectOf(ctx, p, change, p.Facts.Adjustments)
	if err != nil {
		return nil, err
	}
	rows, err := p.Register.Rows(ctx, keysBefore(re.Moved))
	if err != nil {
		return nil, err
	}
	effect.Sent = nil // told by what moves, which says it of times, too
	for _, m := range re.Moved {
		if m.Before == nil {
			continue
		}
		if r, ok := rows[m.Before.Key]; ok && r.State != app.RegHeld && r.State != app.RegRefused {
			sent := acts.SentEffect{Registration: r}
			if m.After != nil {
				sent.WorkerID, sent.Type = r.WorkerID, r.Type
			}
			effect.Sent = append(effect.Sent, sent)
		}
	}
	return &LogEffect{Moved: re.Moved, Effect: effect}, nil
}

// keysBefore are the punches that are otherwise than before.
func keysBefore(moved []filelog.Moved) (keys []app.RecordKey) {
	for _, m := range moved {
		if m.Before != nil {
			keys = append(keys, m.Before.Key)
		}
	}
	return keys
}
