package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"klokkast/app"
	"klokkast/app/importing"
)

// listedThing is how a kind of thing that lists bring is named to people and told to the trail.
type listedThing struct {
	name string // an SQL expression of its row t
	// value is the thing as the trail tells it.
	value func(*Store, context.Context, *sqlx.Tx, app.ID) (any, error)
}

func trailed[Row, T any](table string, convert func(*Store) func(Row) (T, error)) func(*Store, context.Context, *sqlx.Tx, app.ID) (any, error) {
	return func(s *Store, ctx context.Context, tx *sqlx.Tx, id app.ID) (any, error) {
		return current(ctx, tx, table, id, convert(s))
	}
}

func plainly[Row, T any](convert func(Row) (T, error)) func(*Store) func(Row) (T, error) {
	return func(*Store) func(Row) (T, error) { return convert }
}

const (
	nameOfWorker = `trim(w.family_name || ' ' || w.given_name)`
	ofEngagement = `(SELECT ` + nameOfWorker + ` FROM worker w JOIN engagement e ON e.worker = w.id WHERE e.id = %s)`
	ofSite       = `(SELECT name FROM site WHERE id = t.site)`
)

// listedKinds are the tables that lists write into.
func listedKinds() map[string]listedThing {
	return map[string]listedThing{
		"employer":   {`t.name`, trailed("employer", plainly(employerRow.value))},
		"worker":     {strings.ReplaceAll(nameOfWorker, "w.", "t."), trailed("worker", func(s *Store) func(workerRow) (app.Worker, error) { return s.openWorker })},
		"engagement": {fmt.Sprintf(ofEngagement, "t.id"), trailed("engagement", plainly(engagementRow.value))},
		"identifier": {`t.value`, trailed("identifier", plainly(identifierRow.value))},
		"custody": {
			`(SELECT value FROM identifier WHERE id = t.identifier) || ' · ' || ` + fmt.Sprintf(ofEngagement, "t.engagement"),
			trailed("custody", plainly(custodyRow.value)),
		},
		"client":        {`t.name`, trailed("client", plainly(clientRow.value))},
		"site":          {`t.name`, trailed("site", plainly(siteRow.value))},
		"site_decision": {ofSite, trailed("site_decision", plainly(siteDecisionRow.value))},
		"declaration":   {`t.number`, trailed("declaration", plainly(declarationRow.value))},
		"declaration_site": {
			`(SELECT number FROM declaration WHERE id = t.declaration) || ' · ' || ` + ofSite,
			trailed("declaration_site", plainly(declarationSiteRow.value)),
		},
		"placement": {`t.box || ' · ' || ` + ofSite, trailed("placement", plainly(placementRow.value))},
		"absence": {
			`(SELECT ` + nameOfWorker + ` FROM worker w WHERE w.id = t.worker) || ' ' || t.first_day || ' – ' || t.last_day`,
			trailed("absence", plainly(absenceRow.value)),
		},
	}
}

// isSealed says that a column holds a sealed value.
func isSealed(column string) bool { return strings.HasSuffix(column, "_sealed") }

// errPreview ends a transaction that only looked.
var errPreview = errors.New("only looked")

// UndoImport takes an import back, as importing.PlanUndo decides, in one transaction
// with its line in the trail for each thing and one for the step; or, without
// apply, does the same and takes all of it back again, to say what it would do.
func (s *Store) UndoImport(ctx context.Context, id app.ID, apply bool, act app.Act) (importing.Undo, error) {
	var plan importing.Undo
	err := s.write(ctx, "take an import back", func(tx *sqlx.Tx) error {
		u := undoing{ctx, s, tx, id, act}
		var kind importing.ListKind
		if err := tx.GetContext(ctx, &kind, `SELECT coalesce((SELECT kind FROM list_import WHERE id = ?), '')`, id); err != nil {
			return err
		}
		if kind == importing.RegistrationList {
			var err error
			if plan, err = u.undoRegistrations(); err == nil && !apply {
				err = errPreview
			}
			if err != nil {
				return err
			}
			return u.note(&plan)
		}
		facts, err := u.facts()
		if err != nil {
			return err
		}
		plan = importing.PlanUndo(facts.UndoFacts)
		if err := u.carryOut(&plan, facts.rows); err != nil {
			return err
		}
		if !apply {
			return errPreview
		}
		return u.note(&plan)
	})
	plan.Preview = !apply
	if err != nil && !errors.Is(err, errPreview) {
		return importing.Undo{}, err
	}
	return plan, nil
}

// undoing is one import that is taken back.
type undoing struct {
	ctx context.Context
	s   *Store
	tx  *sqlx.Tx
	id  app.ID
	act app.Act
}

type listThingRow struct {
	Import   app.ID         `db:"import"`
	Position int            `db:"position"`
	Kind     string         `db:"kind"`
	Thing    app.ID         `db:"thing"`
	Line     int            `db:"line"`
	Before   sql.NullString `db:"before"`
	After    string         `db:"after"`
}

// undoFacts are facts with the rows behind them.
type undoFacts struct {
	importing.UndoFacts
	rows map[importing.Thing]listRows
}

type listRows struct{ before, now columns }

func (u *undoing) facts() (undoFacts, error) {
	f := undoFacts{UndoFacts: importing.UndoFacts{Import: u.id}, rows: map[importing.Thing]listRows{}}
	at, err := u.begin()
	if err != nil {
		return f, err
	}
	var things []listThingRow
	err = u.tx.SelectContext(u.ctx, &things, `SELECT t.import, t.position, t.kind, t.thing, t.line, t.before, t.after
		FROM list_import_thing t JOIN undoing u ON u.import = t.import AND u.position = t.position
		JOIN list_import l ON l.id = t.import ORDER BY l.at, l.id, t.position`)
	if err != nil {
		return f, fmt.Errorf("read what an import made: %w", err)
	}
	for _, t := range things {
		m, rows, err := u.made(t)
		if err != nil {
			return f, err
		}
		f.Made = append(f.Made, m)
		f.rows[m.Thing] = rows
	}
	if f.References, err = u.references(); err != nil {
		return f, err
	}
	f.Built, err = u.built(at)
	return f, err
}

// begin chooses what is to be taken back: what the import made, and what earlier
// undos of others left since this one says the same. It gives when the import was.
func (u *undoing) begin() (at app.Instant, err error) {
	err = u.tx.GetContext(u.ctx, &at, `SELECT at FROM list_import WHERE id = ?`, u.id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, app.NotFound("import", string(u.id))
	}
	if err != nil {
		return 0, err
	}
	for _, statement := range []string{
		`DROP TABLE IF EXISTS temp.undoing`,
		`CREATE TEMP TABLE undoing (import TEXT, position INTEGER, kind TEXT, thing TEXT, subject TEXT, at INTEGER)`,
		`CREATE INDEX temp.undoing_thing ON undoing (thing)`,
	} {
		if _, err := u.tx.ExecContext(u.ctx, statement); err != nil {
			return 0, fmt.Errorf("choose what is taken back: %w", err)
		}
	}
	_, err = u.tx.ExecContext(u.ctx, `INSERT INTO undoing SELECT t.import, t.position, t.kind, t.thing, t.subject, l.at
		FROM list_import_thing t JOIN list_import l ON l.id = t.import
		WHERE t.taken = 0 AND (t.import = ?1 OR t.import IN (SELECT import FROM list_import_undo)
			AND t.subject IN (SELECT subject FROM list_import_subject WHERE import = ?1))`, u.id)
	if err != nil {
		return 0, fmt.Errorf("choose what is taken back: %w", err)
	}
	return at, nil
}

func (u *undoing) made(t listThingRow) (importing.Made, listRows, error) {
	kind, ok := listedKinds()[t.Kind]
	if !ok {
		return importing.Made{}, listRows{}, fmt.Errorf("a list made a %s", t.Kind)
	}
	before, err := decodeColumns(t.Before)
	if err != nil {
		return importing.Made{}, listRows{}, err
	}
	after, err := decodeColumns(sql.NullString{String: t.After, Valid: true})
	if err != nil {
		return importing.Made{}, listRows{}, err
	}
	now, err := readColumns(u.ctx, u.tx, t.Kind, t.Thing)
	if err != nil {
		return importing.Made{}, listRows{}, err
	}
	var name sql.NullString
	err = u.tx.GetContext(u.ctx, &name, `SELECT `+kind.name+` FROM `+t.Kind+` t WHERE t.id = ?`, t.Thing)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return importing.Made{}, listRows{}, fmt.Errorf("name a %s: %w", t.Kind, err)
	}
	return importing.Made{
		Thing: importing.Thing{Kind: t.Kind, ID: t.Thing}, Import: t.Import, Position: t.Position, Line: t.Line, Name: name.String,
		Before: before.texts(), After: after.texts(), Now: now.texts(),
	}, listRows{before, now}, nil
}

// references finds every row of whatever table that refers to something that is
// to be taken back. Tables and columns are those of the schema as it is: what a
// later version adds is found, too.
func (u *undoing) references() (out []importing.Reference, err error) {
	var keys []struct {
		Table  string `db:"tbl"`
		Column string `db:"col"`
		Target string `db:"target"`
		HasID  bool   `db:"has_id"`
	}
	err = u.tx.SelectContext(u.ctx, &keys, `SELECT m.name AS tbl, f."from" AS col, f."table" AS target,
			EXISTS (SELECT 1 FROM pragma_table_info(m.name) i WHERE i.name = 'id') AS has_id
		FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id`)
	if err != nil {
		return nil, fmt.Errorf("read what refers to what: %w", err)
	}
	kinds := listedKinds()
	for _, k := range keys {
		if _, ok := kinds[k.Target]; !ok {
			continue
		}
		from := "''"
		if k.HasID {
			from = "x.id"
		}
		var rows []struct {
			To   app.ID `db:"to_id"`
			From app.ID `db:"from_id"`
		}
		err := u.tx.SelectContext(u.ctx, &rows, fmt.Sprintf(`SELECT DISTINCT u.thing AS to_id, %s AS from_id
			FROM "%s" x JOIN undoing u ON u.kind = '%s' AND u.thing = x."%s"`, from, k.Table, k.Target, k.Column))
		if err != nil {
			return nil, fmt.Errorf("read what refers to %s: %w", k.Target, err)
		}
		for _, r := range rows {
			out = append(out, importing.Reference{
				To: importing.Thing{Kind: k.Target, ID: r.To}, From: importing.Thing{Kind: k.Table, ID: r.From}, Column: k.Column,
			})
		}
	}
	return out, nil
}

// builtQuery finds things on which something stands without referring to them.
// Its parameter ?1 is the import; of each thing u.at is when it was made.
type builtQuery struct {
	code importing.LeftCode
	sql  string // of kind, thing and import
}

func builtQueries() []builtQuery {
	const since = `(SELECT min(at) FROM undoing)` // one walk along the logs that were read since
	const approved = `JOIN approval a ON a.worker = %s AND a.withdraws IS NULL AND a.at >= u.at
		AND NOT EXISTS (SELECT 1 FROM approval b WHERE b.withdraws = a.id)
		AND (x.first_day = '' OR x.first_day <= a.last_day) AND (x.last_day = '' OR a.first_day <= x.last_day)`
	return []builtQuery{
		{importing.LeftPunches, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM punch p CROSS JOIN reading r ON r.number = p.reading AND p.counts = 1 AND r.started >= ` + since + `
			CROSS JOIN shown s ON s.id = p.shown JOIN identifier i ON i.kind = s.kind AND i."group" = s."group" AND i.value = s.value
			JOIN custody c ON c.identifier = i.id AND c.starts <= p.at AND (c.ends = 0 OR p.at < c.ends)
			JOIN undoing u ON u.kind = 'custody' AND u.thing = c.id AND r.started >= u.at
			WHERE p.log IN (SELECT log FROM reading WHERE started >= ` + since + `)`},
		{importing.LeftPunches, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u JOIN placement c ON c.id = u.thing AND u.kind = 'placement'
			JOIN box_log b ON b.box = c.box JOIN reading r ON r.log = b.id AND r.started >= u.at
			JOIN punch p ON p.log = b.id AND p.reading = r.number AND p.counts = 1 AND c.starts <= p.at AND (c.ends = 0 OR p.at < c.ends)`},
		{importing.LeftApproved, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u
			JOIN engagement x ON x.id = u.thing AND u.kind = 'engagement' ` + fmt.Sprintf(approved, "x.worker")},
		{importing.LeftApproved, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u
			JOIN absence x ON x.id = u.thing AND u.kind = 'absence' ` + fmt.Sprintf(approved, "x.worker")},
		{importing.LeftApproved, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u JOIN custody c ON c.id = u.thing AND u.kind = 'custody'
			JOIN engagement x ON x.id = c.engagement ` + fmt.Sprintf(approved, "x.worker")},
		{importing.LeftSent, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u
			JOIN declaration d ON d.id = u.thing AND u.kind = 'declaration' JOIN registration g ON g.declaration = d.number AND g.state <> 'held'`},
		{importing.LeftSent, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u
			JOIN declaration_site l ON l.id = u.thing AND u.kind = 'declaration_site' JOIN declaration d ON d.id = l.declaration
			JOIN registration g ON g.declaration = d.number AND g.site = l.site AND g.state <> 'held'`},
		{importing.LeftSent, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u
			JOIN site_decision d ON d.id = u.thing AND u.kind = 'site_decision'
			JOIN registration g ON g.site = d.site AND g.state <> 'held' AND g.at >= d.starts AND g.created >= u.at`},
		{importing.LeftSent, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u JOIN custody c ON c.id = u.thing AND u.kind = 'custody'
			JOIN registration g ON g.engagement = c.engagement AND g.state <> 'held' AND g.created >= u.at
			JOIN punch p ON p.log = g.log AND p.seq = g.seq AND c.starts <= p.at AND (c.ends = 0 OR p.at < c.ends)`},
		{importing.LeftJudged, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u
			JOIN anomaly_state a ON a.subject_kind = u.kind AND a.subject = u.thing AND a.at >= u.at`},
		{importing.LeftChosen, `SELECT DISTINCT u.kind, u.thing, '' AS import FROM undoing u
			JOIN setting s ON instr(s.value, '"' || u.thing || '"') > 0 WHERE u.kind IN ('worker', 'engagement', 'employer', 'site', 'client')`},
		{importing.LeftByImport, `SELECT DISTINCT u.kind, u.thing, l.id AS import FROM undoing u
			JOIN list_import_subject s ON s.subject = u.subject AND s.import <> ?1 AND s.import <> u.import
			JOIN list_import l ON l.id = s.import AND (l.at, l.id) > (u.at, u.import)
			WHERE u.subject <> '' AND NOT EXISTS (SELECT 1 FROM list_import_undo x WHERE x.import = l.id)`},
	}
}

func (u *undoing) built(app.Instant) (out []importing.Built, err error) {
	for _, q := range builtQueries() {
		var rows []struct {
			Kind   string `db:"kind"`
			Thing  app.ID `db:"thing"`
			Import app.ID `db:"import"`
		}
		var args []any
		if strings.Contains(q.sql, "?1") {
			args = []any{u.id}
		}
		if err := u.tx.SelectContext(u.ctx, &rows, q.sql, args...); err != nil {
			return nil, fmt.Errorf("find what stands on an import (%s): %w", q.code, err)
		}
		for _, r := range rows {
			out = append(out, importing.Built{On: importing.Thing{Kind: r.Kind, ID: r.Thing}, Code: q.code, Import: r.Import})
		}
	}
	return out, nil
}

// carryOut does what is planned, each thing in a savepoint of its own. What the
// database refuses, since something else stands where it would return, is left.
func (u *undoing) carryOut(plan *importing.Undo, rows map[importing.Thing]listRows) error {
	done := plan.Taken[:0:0]
	for _, t := range plan.Taken {
		err := u.within(func() error { return u.takeBack(t, rows[t.Thing]) })
		switch {
		case refusedByRules(err):
			reason := importing.LeftReason{Code: importing.LeftInTheWay}
			plan.Left = append(plan.Left, importing.Left{Thing: t.Thing, Line: t.Line, Name: t.Name, Reasons: []importing.LeftReason{reason}})
		case err != nil:
			return err
		default:
			done = append(done, t)
		}
	}
	plan.Taken = slices.Concat([]importing.TakenBack{}, done)
	return nil
}

// within runs a step that leaves nothing where it fails.
func (u *undoing) within(step func() error) error {
	if _, err := u.tx.ExecContext(u.ctx, `SAVEPOINT step`); err != nil {
		return err
	}
	err := step()
	if err != nil {
		if _, e := u.tx.ExecContext(u.ctx, `ROLLBACK TO step`); e != nil {
			return errors.Join(err, e)
		}
	}
	if _, e := u.tx.ExecContext(u.ctx, `RELEASE step`); e != nil {
		return errors.Join(err, e)
	}
	return err
}

// refusedByRules says that a rule of the database stands against a change: a
// reference, a value that must be unique, a span that would overlap. Whatever else
// a trigger or the disk refuses is a failure.
func refusedByRules(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_CHECK:
		return true
	}
	return takenField(err) != nil
}

func (u *undoing) takeBack(t importing.TakenBack, rows listRows) error {
	kind := listedKinds()[t.Kind]
	before, err := kind.value(u.s, u.ctx, u.tx, t.ID)
	if err != nil {
		return err
	}
	switch t.How {
	case importing.Removed:
		_, err = u.tx.ExecContext(u.ctx, `DELETE FROM `+t.Kind+` WHERE id = ?`, t.ID)
	case importing.Withdrawn:
		_, err = u.tx.ExecContext(u.ctx, `UPDATE `+t.Kind+` SET withdrawn = ? WHERE id = ?`, u.act.At, t.ID)
	case importing.Restored:
		err = u.restore(t, rows)
	}
	if err != nil {
		return fmt.Errorf("take a %s back: %w", t.Kind, err)
	}
	_, err = u.tx.ExecContext(u.ctx, `UPDATE list_import_thing SET taken = ? WHERE import = ? AND position = ?`, u.act.At, t.Of, t.Position)
	if err != nil {
		return fmt.Errorf("note what was taken back: %w", err)
	}
	after, err := kind.value(u.s, u.ctx, u.tx, t.ID)
	if err != nil {
		return err
	}
	act := u.act
	act.Target = t.Kind + ":" + string(t.ID)
	return u.s.note(u.ctx, u.tx, act, before, after)
}

// restore puts columns back; a sealed one follows its look-up.
func (u *undoing) restore(t importing.TakenBack, rows listRows) error {
	back := map[string]any{}
	for _, c := range t.Columns {
		back[c] = rows.before[c]
		if base, ok := strings.CutSuffix(c, "_lookup"); ok {
			back[base+"_sealed"] = rows.before[base+"_sealed"]
		}
	}
	names := slices.Sorted(maps.Keys(back))
	sets := make([]string, 0, len(names))
	args := make([]any, 0, len(names)+1)
	for _, c := range names {
		sets = append(sets, `"`+c+`" = ?`)
		args = append(args, back[c])
	}
	_, err := u.tx.ExecContext(u.ctx, `UPDATE `+t.Kind+` SET `+strings.Join(sets, ", ")+` WHERE id = ?`, append(args, t.ID)...)
	return err
}

// note keeps the step, and its line in the trail: counts, no names. The first is
// kept whatever it did: from then on the import says nothing of what others brought.
func (u *undoing) note(plan *importing.Undo) error {
	var steps int
	if err := u.tx.GetContext(u.ctx, &steps, `SELECT count(*) FROM list_import_undo WHERE import = ?`, u.id); err != nil {
		return err
	}
	if steps > 0 && len(plan.Taken) == 0 {
		return nil
	}
	_, err := u.tx.ExecContext(u.ctx, `INSERT INTO list_import_undo (import, number, "by", at, why, taken, kept)
		SELECT ?1, 1 + coalesce(max(number), 0), ?2, ?3, ?4, ?5, ?6 FROM list_import_undo WHERE import = ?1`,
		u.id, u.act.Actor, u.act.At, u.act.Why, len(plan.Taken), len(plan.Left))
	if err != nil {
		return fmt.Errorf("note that an import was taken back: %w", err)
	}
	act := u.act
	act.Target = "import:" + string(u.id)
	return u.s.note(u.ctx, u.tx, act, nil, map[string]int{"taken": len(plan.Taken), "left": len(plan.Left)})
}

// Taken returns what undone imports made and is there no more, newest first.
func (s *Store) Taken(ctx context.Context) (out importing.Taken, err error) {
	err = s.read(ctx, "read what was taken back", func(tx *sqlx.Tx) error {
		var things []listThingRow
		err := tx.SelectContext(ctx, &things, `SELECT t.import, t.position, t.kind, t.thing, t.line, t.before, t.after
			FROM list_import_thing t WHERE t.taken > 0 AND t.before IS NULL AND t.kind <> 'register_entry' ORDER BY t.taken DESC, t.import, t.position`)
		if err != nil {
			return err
		}
		for _, t := range things {
			if err := s.addTaken(ctx, tx, &out, t); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (s *Store) addTaken(ctx context.Context, tx *sqlx.Tx, out *importing.Taken, t listThingRow) error {
	now, err := readColumns(ctx, tx, t.Kind, t.Thing)
	if err != nil {
		return err
	}
	if there := now != nil && fmt.Sprint(now["withdrawn"]) != "0"; now != nil && (t.Kind != "absence" || !there) {
		return nil // it is there again
	}
	c, err := decodeColumns(sql.NullString{String: t.After, Valid: true})
	if err != nil {
		return err
	}
	st, si := &out.Staff, &out.Sites
	switch t.Kind {
	case "employer":
		return addRow(ctx, tx, c, &st.Employers, employerRow.value)
	case "worker":
		return addRow(ctx, tx, c, &st.Workers, s.openWorker)
	case "engagement":
		return addRow(ctx, tx, c, &st.Engagements, engagementRow.value)
	case "identifier":
		return addRow(ctx, tx, c, &st.Identifiers, identifierRow.value)
	case "custody":
		return addRow(ctx, tx, c, &st.Custodies, custodyRow.value)
	case "client":
		return addRow(ctx, tx, c, &si.Clients, clientRow.value)
	case "site":
		return addRow(ctx, tx, c, &si.Sites, siteRow.value)
	case "site_decision":
		return addRow(ctx, tx, c, &si.Decisions, siteDecisionRow.value)
	case "declaration":
		return addRow(ctx, tx, c, &si.Declarations, declarationRow.value)
	case "declaration_site":
		return addRow(ctx, tx, c, &si.DeclarationSites, declarationSiteRow.value)
	case "placement":
		return addRow(ctx, tx, c, &si.Placements, placementRow.value)
	case "absence":
		return addRow(ctx, tx, c, &out.Absences, absenceRow.value)
	}
	return fmt.Errorf("a list made a %s", t.Kind)
}

// addRow makes a value of kept columns.
func addRow[Row, T any](ctx context.Context, tx *sqlx.Tx, c columns, to *[]T, convert func(Row) (T, error)) error {
	names := slices.Sorted(maps.Keys(c))
	selected := make([]string, 0, len(names))
	values := make([]any, 0, len(names))
	for _, name := range names {
		selected = append(selected, `? AS "`+name+`"`)
		values = append(values, c[name])
	}
	var row Row
	if err := sqlx.GetContext(ctx, tx.Unsafe(), &row, `SELECT `+strings.Join(selected, ", "), values...); err != nil {
		return fmt.Errorf("read what an import made: %w", err)
	}
	v, err := convert(row)
	if err == nil {
		*to = append(*to, v)
	}
	return err
}
