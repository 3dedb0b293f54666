package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/importing"
)

type listImportRow struct {
	ID      app.ID             `db:"id"`
	Kind    importing.ListKind `db:"kind"`
	File    string             `db:"file"`
	Digest  string             `db:"digest"`
	By      string             `db:"by"`
	At      app.Instant        `db:"at"`
	Lines   int                `db:"lines"`
	New     int                `db:"fresh"`
	Changed int                `db:"changed"`
	Same    int                `db:"same"`
	Refused int                `db:"refused"`
	Account []byte             `db:"account_sealed"`
}

func accountPlace(id app.ID) place { return place{"list_import", "account", id} }

func (r listImportRow) value() (importing.Import, error) {
	return importing.Import{ID: r.ID, Kind: r.Kind, File: r.File, Digest: r.Digest, By: r.By, At: r.At,
		Lines: r.Lines, New: r.New, Changed: r.Changed, Same: r.Same, Refused: r.Refused}, nil
}

// Imports returns all imports of lists, newest first, without their accounts.
func (s *Store) Imports(ctx context.Context) (out []importing.Import, err error) {
	err = s.read(ctx, "read the imports of lists", func(tx *sqlx.Tx) error {
		query := `SELECT id, kind, file, digest, "by", at, lines, fresh, changed, same, refused, NULL AS account_sealed FROM list_import ORDER BY at DESC, id DESC`
		if out, err = listIn(ctx, tx, listImportRow.value, query); err != nil {
			return err
		}
		steps, err := undoSteps(ctx, tx, "")
		for i := range out {
			out[i].Undone = steps[out[i].ID]
		}
		return err
	})
	return out, err
}

// ImportOf returns an import of a list with its account; false where there is none.
func (s *Store) ImportOf(ctx context.Context, id app.ID) (out importing.Import, found bool, err error) {
	err = s.read(ctx, "read an import of a list", func(tx *sqlx.Tx) error {
		row, err := find[listImportRow](ctx, tx, "list_import", `id = ?`, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		out, _ = row.value()
		found = true
		account, err := s.seal.open(accountPlace(id), row.Account)
		if err != nil {
			return err
		}
		if out.Account, err = importing.DecodeAccount(account); err != nil {
			return err
		}
		steps, err := undoSteps(ctx, tx, `WHERE import = ? `, id)
		out.Undone = steps[id]
		return err
	})
	return out, found, err
}

func undoSteps(ctx context.Context, tx *sqlx.Tx, where string, args ...any) (map[app.ID][]importing.UndoStep, error) {
	var rows []struct {
		Import app.ID      `db:"import"`
		By     string      `db:"by"`
		At     app.Instant `db:"at"`
		Why    string      `db:"why"`
		Taken  int         `db:"taken"`
		Kept   int         `db:"kept"`
	}
	err := tx.SelectContext(ctx, &rows, `SELECT import, "by", at, why, taken, kept FROM list_import_undo `+where+`ORDER BY import, number`, args...)
	steps := map[app.ID][]importing.UndoStep{}
	for _, r := range rows {
		steps[r.Import] = append(steps[r.Import], importing.UndoStep{By: r.By, At: r.At, Why: r.Why, Taken: r.Taken, Left: r.Kept})
	}
	return steps, err
}

// KeepImport keeps the account of an import that changed nothing. It is no act of its own: nothing became another.
func (s *Store) KeepImport(ctx context.Context, kept importing.Import) error {
	return s.write(ctx, "keep the account of an import", func(tx *sqlx.Tx) error { return s.keepImport(ctx, tx, kept) })
}

// selectActs counts the acts of people: the last of each installation is looked up, for there are many.
const selectActs = `SELECT coalesce(sum((SELECT max(seq) FROM trail t WHERE t.installation = i.id)), 0) FROM installation i`

// selectVersion changes with every act of a person.
const selectVersion = `SELECT 1 + (` + selectActs + `)`

// Version tells one state of what people entered from another. It is never 0.
func (s *Store) Version(ctx context.Context) (v int64, err error) {
	if err := s.r.GetContext(ctx, &v, selectVersion); err != nil {
		return 0, fmt.Errorf("look for changes: %w", s.explain(err))
	}
	return v, nil
}

func (s *Store) keepImport(ctx context.Context, tx *sqlx.Tx, kept importing.Import) error {
	if kept.Basis != 0 {
		var now int64
		if err := tx.GetContext(ctx, &now, selectVersion); err != nil {
			return err
		}
		if now != kept.Basis {
			return importing.ErrMoved
		}
	}
	account, err := kept.Account.Encode()
	if err != nil {
		return err
	}
	row := listImportRow{kept.ID, kept.Kind, kept.File, kept.Digest, kept.By, kept.At, kept.Lines, kept.New, kept.Changed, kept.Same, kept.Refused,
		s.seal.seal(accountPlace(kept.ID), account)}
	if err := insert(ctx, tx, "list_import", row); err != nil {
		return err
	}
	for subject, line := range kept.Subjects {
		if _, err := tx.ExecContext(ctx, `INSERT INTO list_import_subject (import, subject, line) VALUES (?, ?, ?)`, kept.ID, subject, line); err != nil {
			return fmt.Errorf("keep whom an import speaks of: %w", err)
		}
	}
	return nil
}

// columns are a row as SQLite gives it, by column: nil, int64, float64, string or []byte.
type columns map[string]any

// readColumns returns a row of a table by its id; nil where there is none.
func readColumns(ctx context.Context, q sqlx.QueryerContext, table string, id app.ID) (columns, error) {
	c := columns{}
	err := q.QueryRowxContext(ctx, `SELECT * FROM `+table+` WHERE id = ?`, id).MapScan(c)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", table, err)
	}
	return c, nil
}

// kept is a column as an account keeps it, with its type.
type keptColumn struct {
	Int   *int64   `json:"i,omitempty"`
	Float *float64 `json:"f,omitempty"`
	Text  *string  `json:"t,omitempty"`
	Bytes []byte   `json:"b,omitempty"`
}

func (c columns) encode() (string, error) {
	out := make(map[string]keptColumn, len(c))
	for name, v := range c {
		switch v := v.(type) {
		case int64:
			out[name] = keptColumn{Int: &v}
		case float64:
			out[name] = keptColumn{Float: &v}
		case string:
			out[name] = keptColumn{Text: &v}
		case []byte:
			out[name] = keptColumn{Bytes: v}
		case nil:
			out[name] = keptColumn{}
		default:
			return "", fmt.Errorf("column %s is a %T", name, v)
		}
	}
	b, err := json.Marshal(out)
	return string(b), err
}

// decodeColumns reads what encode wrote; NULL gives nil.
func decodeColumns(text sql.NullString) (columns, error) {
	if !text.Valid {
		return nil, nil
	}
	var in map[string]keptColumn
	if err := json.Unmarshal([]byte(text.String), &in); err != nil {
		return nil, errors.New("an account of an import is not what was written")
	}
	c := make(columns, len(in))
	for name, k := range in {
		switch {
		case k.Int != nil:
			c[name] = *k.Int
		case k.Float != nil:
			c[name] = *k.Float
		case k.Text != nil:
			c[name] = *k.Text
		case k.Bytes != nil:
			c[name] = k.Bytes
		default:
			c[name] = nil
		}
	}
	return c, nil
}

// texts returns the columns as texts, to compare them. Sealed ones are left out:
// equal numbers are sealed differently each time, and their look-ups tell the same.
func (c columns) texts() map[string]string {
	if c == nil {
		return nil
	}
	out := make(map[string]string, len(c))
	for name, v := range c {
		if !isSealed(name) {
			out[name] = fmt.Sprint(v)
		}
	}
	return out
}

// noteThing keeps what an import made of a thing, unless it stayed as it was.
func (i *imported) noteThing(table string, id app.ID, before, after columns) error {
	if before != nil && sameTexts(before.texts(), after.texts()) {
		return nil
	}
	if table == "absence" && before["withdrawn"] != int64(0) { // it counts again: as good as new
		before = nil
	}
	kept := sql.NullString{}
	if before != nil {
		text, err := before.encode()
		if err != nil {
			return err
		}
		kept = sql.NullString{String: text, Valid: true}
	}
	text, err := after.encode()
	if err != nil {
		return err
	}
	subject := i.kept.Of[id]
	i.things++
	_, err = i.tx.ExecContext(i.ctx, `INSERT INTO list_import_thing (import, position, kind, thing, subject, line, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		i.kept.ID, i.things, table, id, subject, i.kept.Subjects[subject], kept, text)
	if err != nil {
		return fmt.Errorf("keep what an import made: %w", err)
	}
	return nil
}

func sameTexts(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		if b[name] != v {
			return false
		}
	}
	return true
}
