package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/importing"
)

// KnownRegistrations returns what is known of registrations of an environment, by the register's numbers.
func (s *Store) KnownRegistrations(ctx context.Context, e app.Environment, ids []int64) (map[int64]importing.KnownRegistration, error) {
	out := map[int64]importing.KnownRegistration{}
	err := s.read(ctx, "read what is known of registrations", func(tx *sqlx.Tx) error {
		for _, id := range ids {
			var ours bool
			err := tx.GetContext(ctx, &ours, `SELECT EXISTS (SELECT 1 FROM registration WHERE environment = ? AND register_id = ?)`, e, id)
			if err != nil {
				return err
			}
			r, err := find[entryRow](ctx, tx, "register_entry", "environment = ? AND id = ?", e, id)
			switch {
			case err == nil:
				out[id] = importing.KnownRegistration{Ours: ours, Type: r.Type, At: r.At, Validity: r.Validity, Cancelled: r.Cancelled, Withdrawn: r.Withdrawn}
				continue
			case !errors.Is(err, sql.ErrNoRows):
				return err
			case ours:
				out[id] = importing.KnownRegistration{Ours: true}
				continue
			}
			o, err := find[otherRow](ctx, tx, "register_other", "environment = ? AND id = ?", e, id)
			if err == nil {
				out[id] = importing.KnownRegistration{Type: o.Type, At: o.At, Validity: o.Validity, Cancelled: o.Cancelled}
			} else if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return nil
	})
	return out, err
}

// SaveRegistrations keeps what a list of registrations shows, with the account of its import.
func (s *Store) SaveRegistrations(ctx context.Context, c importing.RegistrationChanges, kept importing.Import, act app.Act) error {
	return s.write(ctx, "import registrations", func(tx *sqlx.Tx) error {
		if err := s.keepImport(ctx, tx, kept); err != nil {
			return err
		}
		sh := ciao.Showing{Environment: c.Environment, Source: app.FromList, At: kept.At, Actor: kept.By, File: kept.File, Import: kept.ID, ReadTo: c.ReadTo,
			Lines: make(map[int64]int, len(c.Rows))}
		for i := range c.Rows {
			r := &c.Rows[i]
			sh.Lines[r.ID] = r.Line
			sh.Entries = append(sh.Entries, ciao.FoundRegistration{
				ID: r.ID, Validity: r.Validity, Cancelled: r.Cancelled, ToMinute: r.ToMinute, Raw: json.RawMessage(r.Raw),
				RegisterItem: ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: r.At}, SSIN: r.SSIN.Reveal(), Type: r.Type, Declaration: r.Declaration,
					Employer: ciao.WireEmployer{EnterpriseNumber: r.Enterprise, ForeignVATNumber: r.ForeignVAT}},
			})
		}
		if _, err := s.keepEntries(ctx, tx, &sh); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, nil)
	})
}

// entryThing is what the account of an import calls an entry.
const entryThing = "register_entry"

// saidColumns are what an entry says, as the account of an import keeps it: no number of a person.
func (r *entryRow) saidColumns() columns {
	return columns{"type": string(r.Type), "at": int64(r.At), "to_minute": flag(r.ToMinute), "enterprise": r.Enterprise, "foreign_vat": r.ForeignVAT,
		"declaration": r.Declaration, "validity": r.Validity, "remarks": r.Remarks, "cancelled": flag(r.Cancelled)}
}

// noteThing keeps what a list made of an entry.
func (w *entryWriter) noteThing(before, after *entryRow) error {
	if w.imported == "" {
		return nil
	}
	kept := sql.NullString{}
	if before != nil {
		text, err := before.saidColumns().encode()
		if err != nil {
			return err
		}
		kept = sql.NullString{String: text, Valid: true}
	}
	text, err := after.saidColumns().encode()
	if err != nil {
		return err
	}
	w.things++
	id := strconv.FormatInt(after.ID, 10)
	_, err = w.tx.ExecContext(w.ctx, `INSERT INTO list_import_thing (import, position, kind, thing, subject, line, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		w.imported, w.things, entryThing, string(w.env)+"/"+id, id, w.lines[after.ID], kept, text)
	if err != nil {
		return fmt.Errorf("keep what an import made: %w", err)
	}
	return nil
}

// undoRegistrations takes a list of registrations back: what it alone showed counts no more, what it changed is as before,
// and up to when it had all is known no more.
func (u *undoing) undoRegistrations() (importing.Undo, error) {
	plan := importing.Undo{Import: u.id, Taken: []importing.TakenBack{}, Left: []importing.Left{}}
	var things []listThingRow
	err := u.tx.SelectContext(u.ctx, &things, `SELECT import, position, kind, thing, line, before, after FROM list_import_thing
		WHERE import = ? AND taken = 0 ORDER BY position DESC`, u.id)
	if err != nil {
		return plan, fmt.Errorf("read what an import made: %w", err)
	}
	writers := map[app.Environment]*entryWriter{}
	for _, t := range things {
		env, id, err := entryOf(t.Thing)
		if err != nil {
			return plan, err
		}
		if writers[env] == nil {
			writers[env] = u.s.entries(u.ctx, u.tx, env, u.act.At)
			writers[env].actor = u.act.Actor
		}
		if err := u.undoEntry(writers[env], &plan, t, id); err != nil {
			return plan, fmt.Errorf("entry %d: %w", id, err)
		}
	}
	for _, w := range writers {
		if err := w.close(); err != nil {
			return plan, err
		}
	}
	_, err = withdrawReadings(u.ctx, u.tx, `r.import = ? AND r.import <> '' AND r.state = ?`, u.id, app.ReadingDone)
	return plan, err
}

// entryOf reads how the account of an import names an entry.
func entryOf(thing app.ID) (env app.Environment, id int64, err error) {
	name, number, _ := strings.Cut(string(thing), "/")
	id, err = strconv.ParseInt(number, 10, 64)
	return app.Environment(name), id, err
}

// undoEntry takes back what a list made of one entry, or says why it stays.
func (u *undoing) undoEntry(w *entryWriter, plan *importing.Undo, t listThingRow, id int64) error {
	r, err := find[entryRow](u.ctx, u.tx, "register_entry", "environment = ? AND id = ?", w.env, id)
	if err != nil {
		return err
	}
	what := importing.Thing{Kind: t.Kind, ID: t.Thing}
	name := "#" + strconv.FormatInt(id, 10)
	leave := func(reason importing.LeftReason) error {
		plan.Left = append(plan.Left, importing.Left{Thing: what, Line: t.Line, Name: name, Reasons: []importing.LeftReason{reason}})
		return nil
	}
	before, err := decodeColumns(t.Before)
	if err != nil {
		return err
	}
	after, err := decodeColumns(sql.NullString{String: t.After, Valid: true})
	if err != nil {
		return err
	}
	taken := importing.TakenBack{Thing: what, Line: t.Line, Name: name, How: importing.Withdrawn, Of: t.Import, Position: t.Position}
	switch {
	case before == nil && r.Import == "":
		return leave(importing.LeftReason{Code: importing.LeftShown})
	case before == nil:
		other, err := u.otherList(id)
		if err != nil {
			return err
		}
		if other != "" {
			r.Import = other
			if err := w.save(r); err != nil {
				return err
			}
			return leave(importing.LeftReason{Code: importing.LeftByImport, Import: other})
		}
		r.Withdrawn, r.Import = true, u.id
	case !sameTexts(r.saidColumns().texts(), after.texts()):
		return leave(importing.LeftReason{Code: importing.LeftShown})
	default:
		taken.How, taken.Fields = importing.Restored, []string{"validity"}
		r.restore(before)
	}
	if err := w.save(r); err != nil {
		return err
	}
	if _, err := w.judge(r); err != nil {
		return err
	}
	plan.Taken = append(plan.Taken, taken)
	_, err = u.tx.ExecContext(u.ctx, `UPDATE list_import_thing SET taken = ? WHERE import = ? AND position = ?`, u.act.At, t.Import, t.Position)
	return err
}

// otherList returns another import of a list that shows an entry and was not taken back; "" where there is none.
func (u *undoing) otherList(id int64) (other app.ID, err error) {
	err = u.tx.GetContext(u.ctx, &other, `SELECT s.import FROM list_import_subject s JOIN list_import l ON l.id = s.import AND l.kind = ?
		WHERE s.subject = ? AND s.import <> ? AND NOT EXISTS (SELECT 1 FROM list_import_undo o WHERE o.import = s.import) ORDER BY l.at DESC LIMIT 1`,
		importing.RegistrationList, strconv.FormatInt(id, 10), u.id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return other, err
}

// restore lets an entry say again what it said before a list.
func (r *entryRow) restore(c columns) {
	text := func(name string) string { s, _ := c[name].(string); return s }
	number := func(name string) int64 { n, _ := c[name].(int64); return n }
	r.Type, r.At, r.ToMinute = app.RegistrationType(text("type")), app.Instant(number("at")), number("to_minute") == 1
	r.Enterprise, r.ForeignVAT, r.Declaration = text("enterprise"), text("foreign_vat"), text("declaration")
	r.Validity, r.Remarks, r.Cancelled = text("validity"), text("remarks"), number("cancelled") == 1
}
