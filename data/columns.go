package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// dayText is a day as YYYY-MM-DD, "" for none.
type dayText app.Date

// Value returns the column's text.
func (d dayText) Value() (driver.Value, error) { return app.Date(d).String(), nil }

// Scan reads the column's text.
func (d *dayText) Scan(v any) error {
	day, err := app.ParseDate(text(v))
	*d = dayText(day)
	return err
}

// optionalID is a reference that may be missing: NULL, since "" would break the foreign key.
type optionalID app.ID

// Value returns the id or NULL.
func (o optionalID) Value() (driver.Value, error) {
	if o == "" {
		return nil, nil
	}
	return string(o), nil
}

// Scan reads the id or NULL.
func (o *optionalID) Scan(v any) error {
	*o = optionalID(text(v))
	return nil
}

// asJSON is a value kept as JSON text.
type asJSON[T any] struct{ V T }

// Value returns the JSON text.
func (j asJSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads the JSON text.
func (j *asJSON[T]) Scan(v any) error { return json.Unmarshal([]byte(text(v)), &j.V) }

// limits are thresholds; none is {} and nil.
type limits struct{ asJSON[app.Thresholds] }

func limitsOf(t app.Thresholds) limits {
	if t == nil {
		t = app.Thresholds{}
	}
	return limits{asJSON[app.Thresholds]{t}}
}

func (l limits) value() app.Thresholds {
	if len(l.V) == 0 {
		return nil
	}
	return l.V
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// save changes the row with the id of the given one, or puts it there. row is a
// struct whose db tags are all the table's columns, the key first. It is a plain
// UPDATE, then INSERT: the caller's transaction holds the write lock.
func save(ctx context.Context, tx *sqlx.Tx, table string, row any) error {
	columns := columnsOf(row)
	result, err := tx.NamedExecContext(ctx, updateStatement(table, columns), row)
	if err != nil {
		return fmt.Errorf("change %s: %w", table, err)
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return insert(ctx, tx, table, row)
}

// insert puts a row there; one with its key must not exist.
func insert(ctx context.Context, tx *sqlx.Tx, table string, row any) error {
	if _, err := tx.NamedExecContext(ctx, insertStatement(table, columnsOf(row)), row); err != nil {
		return fmt.Errorf("insert %s: %w", table, err)
	}
	return nil
}

func columnsOf(row any) []string {
	t := reflect.TypeOf(row)
	columns := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		columns = append(columns, t.Field(i).Tag.Get("db"))
	}
	return columns
}

// valuesOf returns what the columns of a row hold, in their order.
func valuesOf(row any) []any {
	v := reflect.ValueOf(row)
	values := make([]any, v.NumField())
	for i := range values {
		values[i] = v.Field(i).Interface()
	}
	return values
}

func updateStatement(table string, columns []string) string {
	sets := make([]string, 0, len(columns))
	for _, c := range columns[1:] {
		sets = append(sets, `"`+c+`" = :`+c)
	}
	return fmt.Sprintf(`UPDATE %s SET %s WHERE "%s" = :%s`, table, strings.Join(sets, ", "), columns[0], columns[0])
}

func insertStatement(table string, columns []string) string {
	return fmt.Sprintf(`INSERT INTO %s ("%s") VALUES (:%s)`, table, strings.Join(columns, `", "`), strings.Join(columns, ", :"))
}

// selectAll is SELECT of all columns of a row type, in its order.
func selectAll[Row any](table string) string {
	var row Row
	return fmt.Sprintf(`SELECT "%s" FROM %s`, strings.Join(slices.Clone(columnsOf(row)), `", "`), table)
}

// find returns the row that a condition names, or sql.ErrNoRows.
func find[Row any](ctx context.Context, q sqlx.QueryerContext, table, where string, args ...any) (row Row, err error) {
	err = sqlx.GetContext(ctx, q, &row, selectAll[Row](table)+` WHERE `+where, args...)
	return row, err
}

// current returns the value of a row as the trail tells it, or nil where there is none.
func current[Row, T any](ctx context.Context, tx *sqlx.Tx, table string, id app.ID, convert func(Row) (T, error)) (any, error) {
	row, err := find[Row](ctx, tx, table, `id = ?`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", table, err)
	}
	return convert(row)
}

// keep inserts or changes one row by its id and notes the act, with the value
// before and after, in one transaction.
func keep[Row, T any](ctx context.Context, s *Store, act app.Act, table string, id app.ID, row Row, convert func(Row) (T, error)) error {
	return s.write(ctx, "save "+table, func(tx *sqlx.Tx) error {
		return keepIn(ctx, s, tx, act, table, id, row, convert)
	})
}

// keepIn is keep within a transaction.
func keepIn[Row, T any](ctx context.Context, s *Store, tx *sqlx.Tx, act app.Act, table string, id app.ID, row Row, convert func(Row) (T, error)) error {
	if id == "" {
		return errors.New("no id")
	}
	before, err := current(ctx, tx, table, id, convert)
	if err != nil {
		return err
	}
	if err := save(ctx, tx, table, row); err != nil {
		return err
	}
	after, err := convert(row)
	if err != nil {
		return err
	}
	return s.note(ctx, tx, act, before, after)
}

// errNoRow says that what is to be changed does not exist.
var errNoRow = errors.New("no such row")

// missingRow is errNoRow in the words of the office, so that faces can word it.
type missingRow struct{ app.NotFoundError }

// Unwrap makes it an errNoRow.
func (m *missingRow) Unwrap() error { return errNoRow }
