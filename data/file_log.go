package data

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
)

type meaningRow struct {
	ID           app.ID               `db:"id"`
	Box          string               `db:"box"`
	Kind         filelog.Kind         `db:"kind"`
	Since        sql.NullInt64        `db:"since"`
	Zone         app.Zone             `db:"zone"`
	StatusKeys   app.StatusKeys       `db:"status_keys"`
	Keys         asJSON[reading.Keys] `db:"keys"`
	StatusColumn int                  `db:"status_column"`
	Mapping      sql.NullString       `db:"mapping"`
	At           app.Instant          `db:"at"`
	Withdrawn    app.Instant          `db:"withdrawn"`
	Forgotten    app.Instant          `db:"forgotten"`
}

func (r meaningRow) value(readings map[int64]app.ID) (filelog.Meaning, error) {
	m := filelog.Meaning{ID: r.ID, Box: r.Box, Kind: r.Kind, Since: readings[r.Since.Int64], Zone: r.Zone, StatusKeys: r.StatusKeys,
		Keys: r.Keys.V, StatusColumn: r.StatusColumn, At: r.At, Withdrawn: r.Withdrawn, Forgotten: r.Forgotten}
	if len(m.Keys) == 0 {
		m.Keys = nil
	}
	if !r.Mapping.Valid {
		return m, nil
	}
	m.Mapping = &reading.Mapping{}
	if err := json.Unmarshal([]byte(r.Mapping.String), m.Mapping); err != nil {
		return m, fmt.Errorf("read the mapping of a box: %w", err)
	}
	return m, nil
}

type fileReadingRow struct {
	Number int64                  `db:"number"`
	Kind   filelog.Kind           `db:"kind"`
	Said   filelog.Order          `db:"said"`
	Taken  app.Instant            `db:"taken"`
	Undone app.Instant            `db:"undone"`
	Held   []byte                 `db:"held"`
	Lines  []byte                 `db:"numbers"`
	Report asJSON[filelog.Report] `db:"report"`
	readingRow
}

// FileLog returns the log of a box's files; that of a box never met is empty.
func (s *Store) FileLog(ctx context.Context, uid string) (l *filelog.Log, err error) {
	err = s.read(ctx, "read a file log", func(tx *sqlx.Tx) error {
		l, err = fileLog(ctx, tx, uid)
		return err
	})
	return l, err
}

func fileLog(ctx context.Context, tx *sqlx.Tx, uid string) (*filelog.Log, error) {
	l := &filelog.Log{Box: app.Box{UID: uid}}
	box, err := find[boxRow](ctx, tx, "box", `uid = ?`, uid)
	if errors.Is(err, sql.ErrNoRows) {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read box: %w", err)
	}
	l.Box = app.Box(box)
	var log int64
	err = tx.QueryRowxContext(ctx, `SELECT id, version FROM box_log WHERE box = ? AND log = ?`, uid, app.FileLog).Scan(&log, &l.Version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find the log: %w", err)
	}
	numbers, err := readFiles(ctx, tx, l, log)
	if err != nil {
		return nil, err
	}
	if l.Meanings, err = meanings(ctx, tx, `WHERE box = ? ORDER BY number`, uid); err != nil {
		return nil, err
	}
	return l, readLines(ctx, tx, l, log, numbers)
}

// columnsOfReading lists the columns of a reading r behind others.
func columnsOfReading() (list string) {
	for _, c := range columnsOf(readingRow{}) {
		list += ", r." + c
	}
	return list
}

// readFiles reads the readings of a file log, and returns where each stands by its number.
func readFiles(ctx context.Context, tx *sqlx.Tx, l *filelog.Log, log int64) (map[int64]int, error) {
	var rows []fileReadingRow
	err := tx.SelectContext(ctx, &rows, `SELECT r.number, coalesce(f.kind, 'attlog') AS kind, coalesce(f.said, '') AS said, coalesce(f.taken, 0) AS taken,
		coalesce(f.undone, 0) AS undone, f.held, f.numbers, coalesce(f.report, '{}') AS report`+columnsOfReading()+`
		FROM reading r LEFT JOIN file_reading f ON f.reading = r.number WHERE r.log = ? ORDER BY r.number`, log)
	if err != nil {
		return nil, fmt.Errorf("read its files: %w", err)
	}
	at := make(map[int64]int, len(rows))
	for i, r := range rows {
		at[r.Number] = i
		f, err := r.file(l.Key())
		if err != nil {
			return nil, err
		}
		l.Files = append(l.Files, f)
	}
	return at, nil
}

func (r *fileReadingRow) file(log app.LogKey) (filelog.File, error) {
	f := filelog.File{Reading: r.value(log), Kind: r.Kind, Said: r.Said, Taken: r.Taken, Undone: r.Undone, Report: r.Report.V}
	var numbers filelog.Runs
	if err := errors.Join(f.Held.UnmarshalBinary(r.Held), numbers.UnmarshalBinary(r.Lines)); err != nil {
		return f, fmt.Errorf("read a file of a log: %w", err)
	}
	numbers.Each(func(n int) { f.Numbers = append(f.Numbers, n) })
	return f, nil
}

// FileImports returns all imports of files of punches, oldest first, without the lines that they held.
func (s *Store) FileImports(ctx context.Context) (list []filelog.File, err error) {
	err = s.read(ctx, "read imports", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		var rows []fileReadingRow
		err = tx.SelectContext(ctx, &rows, `SELECT r.number, f.kind, f.said, f.taken, f.undone, f.report`+columnsOfReading()+`
			FROM file_reading f JOIN reading r ON r.number = f.reading WHERE r.source = ? ORDER BY r.number`, app.FromFile)
		for _, r := range rows {
			f, err := r.file(logs[r.Log])
			if err != nil {
				return err
			}
			list = append(list, f)
		}
		return err
	})
	return list, err
}

func meanings(ctx context.Context, tx *sqlx.Tx, where string, args ...any) ([]filelog.Meaning, error) {
	readings, err := readingIDs(ctx, tx)
	if err != nil {
		return nil, err
	}
	list, err := listIn(ctx, tx, func(r meaningRow) (filelog.Meaning, error) { return r.value(readings) }, selectAll[meaningRow]("meaning")+" "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read what lines mean: %w", err)
	}
	return list, nil
}

// readLines reads the lines of a log with their records. A file of which it is not known what it held holds what it brought.
func readLines(ctx context.Context, tx *sqlx.Tx, l *filelog.Log, log int64, numbers map[int64]int) error {
	words, err := punchWordsIn(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.seq, r.raw, r.line, r.reading, r.place, p.at, p.shown, p.pressed, p.flags, p.tap, p.same, p.counts,
		p.passage, p.line, p.loose FROM record r LEFT JOIN punch p ON p.log = r.log AND p.seq = r.seq WHERE r.log = ? ORDER BY r.place, r.part`, log)
	if err != nil {
		return fmt.Errorf("read its lines: %w", err)
	}
	defer rows.Close()
	known := make([]bool, len(l.Files))
	for i := range l.Files {
		known[i] = len(l.Files[i].Held) > 0
	}
	for rows.Next() {
		var seq, line, number int64
		var place int
		var raw []byte
		var p punchColumnsOfLine
		if err := rows.Scan(&seq, &raw, &line, &number, &place, &p.at, &p.shown, &p.pressed, &p.flags, &p.tap, &p.same, &p.counts,
			&p.passage, &p.line, &p.loose); err != nil {
			return fmt.Errorf("read its lines: %w", err)
		}
		file := numbers[number]
		if place == len(l.Lines) {
			l.Lines = append(l.Lines, filelog.Line{Raw: raw, File: file, Number: int(line)})
			if !known[file] {
				l.Files[file].Held.Add(place)
			}
		}
		if place != len(l.Lines)-1 {
			return fmt.Errorf("read its lines: place %d behind %d", place, len(l.Lines)-1)
		}
		of := &l.Lines[place]
		of.Records = append(of.Records, p.record(l, uint64(seq), words, l.Files[file].Reading.ID))
	}
	return rows.Err()
}

// punchColumnsOfLine are what is stored of a line's punch; none of it where there is none.
type punchColumnsOfLine struct {
	at, shown, pressed, flags, tap, same, counts, passage, line, loose sql.NullInt64
}

func (p *punchColumnsOfLine) record(l *filelog.Log, seq uint64, words punchWords, reading app.ID) filelog.Record {
	r := filelog.Record{Seq: seq}
	if !p.at.Valid {
		return r
	}
	r.Tap, r.Same, r.Counts = uint64(p.tap.Int64), uint64(p.same.Int64), p.counts.Int64 == 1
	r.Punch = &app.Punch{
		Key: app.RecordKey{LogKey: l.Key(), Seq: seq}, At: app.Instant(p.at.Int64), Identifier: words.shown[p.shown.Int64],
		Pressed: app.PunchKey(p.pressed.Int64), Flags: app.PunchFlags(p.flags.Int64), ReadingID: reading,
		Position: positionOf(p.passage.Int64, p.line.Int64, p.loose.Int64),
	}
	return r
}

func positionOf(passage, line, loose int64) app.Position {
	return app.Position{Passage: uint32(passage), Line: uint32(line), Loose: loose != 0}
}

// holdingAtOnce is how many taps one query looks for.
const holdingAtOnce = 500

// ChangeFileLog writes a change in one transaction, with what act says of it; ErrMeanwhile where the log is not the one any
// more from which the change starts.
func (s *Store) ChangeFileLog(ctx context.Context, c *filelog.Change, act app.Act) error {
	return s.write(ctx, "change a file log", func(tx *sqlx.Tx) error {
		log, err := s.logOf(ctx, tx, c)
		if err != nil {
			return err
		}
		w := fileLogWriter{ctx: ctx, tx: tx, c: c, log: log}
		if err := errors.Join(w.file(s.own), w.lines(), w.files()); err != nil {
			return err
		}
		if err := w.punches(); err != nil {
			return err
		}
		if err := w.meanings(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE box_log SET version = version + 1, rewritten = rewritten + ?, rewriting = 0 WHERE id = ?`, flag(c.Rewrites), log)
		if err != nil {
			return err
		}
		if err := s.judgeStored(ctx, tx, log, 0, math.MaxInt64); err != nil || act.What == "" {
			return err
		}
		return s.note(ctx, tx, act, nil, w.told())
	})
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// logOf returns the shorthand of the log, which is made where box or log are new; the box's settings follow the change.
func (s *Store) logOf(ctx context.Context, tx *sqlx.Tx, c *filelog.Change) (int64, error) {
	if b := c.Box; b != nil {
		known, err := find[boxRow](ctx, tx, "box", `uid = ?`, b.UID)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			err = insert(ctx, tx, "box", boxRow(*b))
		case err == nil && (known.Zone != b.Zone || known.StatusKeys != b.StatusKeys):
			known.Zone, known.StatusKeys = b.Zone, b.StatusKeys
			err = save(ctx, tx, "box", known)
		}
		if err != nil {
			return 0, fmt.Errorf("keep the box: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO box_log (box, log) SELECT ?1, ?2
		WHERE NOT EXISTS (SELECT 1 FROM box_log WHERE box = ?1 AND log = ?2)`, c.Log.Box, c.Log.Log); err != nil {
		return 0, fmt.Errorf("insert log: %w", err)
	}
	var log, version int64
	err := tx.QueryRowxContext(ctx, `SELECT id, version FROM box_log WHERE box = ? AND log = ?`, c.Log.Box, c.Log.Log).Scan(&log, &version)
	if err != nil {
		return 0, fmt.Errorf("find log: %w", err)
	}
	if version != c.Version {
		return 0, filelog.ErrMeanwhile
	}
	return log, nil
}

// fileLogWriter writes one change.
type fileLogWriter struct {
	ctx     context.Context // of the one call that made it
	tx      *sqlx.Tx
	c       *filelog.Change
	log     int64
	reading int64 // number of the new file's reading
}

// file enters the new file.
func (w *fileLogWriter) file(own app.ID) error {
	f := w.c.File
	if f == nil {
		return nil
	}
	r := f.Reading
	r.Installation = cmp.Or(r.Installation, own)
	if err := insert(w.ctx, w.tx, "reading", rowOfReading(r, w.log)); err != nil {
		return err
	}
	if err := w.tx.GetContext(w.ctx, &w.reading, `SELECT number FROM reading WHERE id = ?`, r.ID); err != nil {
		return err
	}
	held, err := f.Held.MarshalBinary()
	if err != nil {
		return err
	}
	var runs filelog.Runs
	for _, n := range f.Numbers {
		runs.Add(n)
	}
	numbers, err := runs.MarshalBinary()
	if err != nil {
		return err
	}
	report, err := json.Marshal(f.Report)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, `INSERT INTO file_reading (reading, kind, said, taken, held, numbers, report) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		w.reading, f.Kind, f.Said, f.Taken, held, numbers, string(report))
	return err
}

// lines enters new lines, and records that known lines have more.
func (w *fileLogWriter) lines() error {
	bulk := newBulk(w.ctx, w.tx, `record (log, seq, type, raw, line, reading, place, part)`, 8)
	for _, l := range w.c.Lines {
		for part, seq := range l.Records {
			bulk.add(w.log, int64(seq), int64(app.RecordPunch), orEmpty(l.Raw), int64(l.Number), w.reading, int64(l.Place), int64(part))
		}
	}
	if err := bulk.close(); err != nil {
		return fmt.Errorf("insert lines: %w", err)
	}
	for _, r := range w.c.Records {
		_, err := w.tx.ExecContext(w.ctx, `INSERT INTO record (log, seq, type, raw, line, reading, place, part)
			SELECT log, ?, type, raw, line, reading, place, ? FROM record WHERE log = ? AND place = ? AND part = 0`, int64(r.Seq), r.Part, w.log, r.Place)
		if err != nil {
			return fmt.Errorf("insert a record of a line: %w", err)
		}
	}
	return nil
}

// files writes what is otherwise of known files. One that was undone counts as read up to nothing.
func (w *fileLogWriter) files() error {
	for _, f := range w.c.Files {
		if _, err := w.tx.ExecContext(w.ctx, `INSERT INTO file_reading (reading, kind) SELECT number, ?1 FROM reading WHERE id = ?2
			ON CONFLICT DO NOTHING`, f.Kind, f.Reading.ID); err != nil {
			return fmt.Errorf("change a file: %w", err)
		}
		_, err := w.tx.ExecContext(w.ctx, `UPDATE file_reading SET undone = ?, said = ? WHERE reading = (SELECT number FROM reading WHERE id = ?)`,
			f.Undone, f.Said, f.Reading.ID)
		if err != nil {
			return fmt.Errorf("change a file: %w", err)
		}
		state, problem := app.ReadingDone, ""
		if f.Undone != 0 {
			state, problem = app.ReadingStopped, reading.ProblemUndone
		}
		if f.Reading.Source != app.FromFile {
			state, problem = f.Reading.State, f.Reading.Problem
		}
		if _, err := w.tx.ExecContext(w.ctx, `UPDATE reading SET read_to = ?, state = ?, problem = ? WHERE id = ?`, f.Reading.ReadTo, state, problem, f.Reading.ID); err != nil {
			return fmt.Errorf("change a file: %w", err)
		}
	}
	return nil
}

// punches writes what lines mean now.
func (w *fileLogWriter) punches() error {
	records := make([]app.Record, len(w.c.Punches))
	for i := range w.c.Punches {
		records[i].Punch = &w.c.Punches[i].Punch
	}
	shown, err := shownIDs(w.ctx, w.tx, records)
	if err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(w.ctx, `UPDATE box_log SET rewriting = 1 WHERE id = ?`, w.log); err != nil {
		return err
	}
	fresh := newBulk(w.ctx, w.tx, `punch (log, seq, at, shown, pressed, flags, reading, tap, same, counts, passage, line, loose)`, 13)
	change, err := w.tx.PrepareContext(w.ctx, `UPDATE punch SET at = ?, shown = ?, pressed = ?, flags = ?, tap = ?, same = ?, counts = ?,
		passage = ?, line = ?, loose = ? WHERE log = ? AND seq = ?`)
	if err != nil {
		return err
	}
	defer change.Close()
	readings, err := w.readings()
	if err != nil {
		return err
	}
	for i := range w.c.Punches {
		s := &w.c.Punches[i]
		p := &s.Punch
		said := []any{int64(p.At), shown[p.Identifier], int64(p.Pressed), int64(p.Flags)}
		stands := []any{int64(s.Tap), int64(s.Same), flag(s.Counts), int64(p.Position.Passage), int64(p.Position.Line), flag(p.Position.Loose)}
		if s.New {
			fresh.add(slices.Concat([]any{w.log, int64(s.Seq)}, said, []any{readings[p.ReadingID]}, stands)...)
			continue
		}
		if _, err := change.ExecContext(w.ctx, slices.Concat(said, stands, []any{w.log, int64(s.Seq)})...); err != nil {
			return fmt.Errorf("change a punch: %w", err)
		}
	}
	if err := fresh.close(); err != nil {
		return fmt.Errorf("insert punches: %w", err)
	}
	return nil
}

// readings returns the numbers of the log's readings by their ids.
func (w *fileLogWriter) readings() (map[app.ID]int64, error) {
	var rows []struct {
		Number int64  `db:"number"`
		ID     app.ID `db:"id"`
	}
	if err := w.tx.SelectContext(w.ctx, &rows, `SELECT number, id FROM reading WHERE log = ?`, w.log); err != nil {
		return nil, fmt.Errorf("read readings: %w", err)
	}
	out := make(map[app.ID]int64, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Number
	}
	return out, nil
}

// meanings enters new meanings, and notes which hold no more.
func (w *fileLogWriter) meanings() error {
	readings, err := w.readings()
	if err != nil {
		return err
	}
	for i := range w.c.Meanings {
		row, err := rowOfMeaning(&w.c.Meanings[i], w.c.Log.Box, readings)
		if err != nil {
			return err
		}
		if err := insert(w.ctx, w.tx, "meaning", row); err != nil {
			return err
		}
	}
	for _, of := range []struct {
		column string
		ids    []app.ID
	}{{"withdrawn", w.c.Withdraw}, {"forgotten", w.c.Forget}} {
		for _, id := range of.ids {
			if _, err := w.tx.ExecContext(w.ctx, `UPDATE meaning SET `+of.column+` = ? WHERE id = ?`, w.c.At, id); err != nil {
				return fmt.Errorf("withdraw a meaning: %w", err)
			}
		}
	}
	return nil
}

func rowOfMeaning(m *filelog.Meaning, box string, readings map[app.ID]int64) (meaningRow, error) {
	row := meaningRow{ID: m.ID, Box: box, Kind: m.Kind, Zone: m.Zone, StatusKeys: m.StatusKeys, Keys: asJSON[reading.Keys]{m.Keys},
		StatusColumn: m.StatusColumn, At: m.At, Withdrawn: m.Withdrawn, Forgotten: m.Forgotten}
	if m.Keys == nil {
		row.Keys.V = reading.Keys{}
	}
	if m.Since != "" {
		row.Since = sql.NullInt64{Int64: readings[m.Since], Valid: true}
	}
	if m.Mapping != nil {
		text, err := json.Marshal(m.Mapping)
		if err != nil {
			return row, fmt.Errorf("write a mapping: %w", err)
		}
		row.Mapping = sql.NullString{String: string(text), Valid: true}
	}
	return row, nil
}

// toldChange is what the trail says of a change: of punches only how many.
type toldChange struct {
	Meanings []filelog.Meaning `json:"meanings,omitempty"`
	Withdraw []app.ID          `json:"withdraw,omitempty"`
	Files    []app.ID          `json:"files,omitempty"`
	Punches  int               `json:"punches"`
}

func (w *fileLogWriter) told() toldChange {
	t := toldChange{Meanings: w.c.Meanings, Withdraw: w.c.Withdraw, Punches: len(w.c.Punches)}
	for _, f := range w.c.Files {
		t.Files = append(t.Files, f.Reading.ID)
	}
	return t
}

// BoxesWithTaps tells, for those of some taps that count in the file log of any box, which boxes hold them.
func (s *Store) BoxesWithTaps(ctx context.Context, taps []uint64) (map[uint64][]string, error) {
	out := map[uint64][]string{}
	for part := range slices.Chunk(taps, holdingAtOnce) {
		args := make([]int64, len(part))
		for i, t := range part {
			args[i] = int64(t)
		}
		query, bound, err := sqlx.In(`SELECT p.tap, l.box FROM punch p JOIN box_log l ON l.id = p.log WHERE p.tap IN (?) AND p.tap <> 0 AND p.counts = 1 ORDER BY l.box`, args)
		if err != nil {
			return nil, fmt.Errorf("look for lines: %w", err)
		}
		var rows []struct {
			Tap int64  `db:"tap"`
			Box string `db:"box"`
		}
		if err := s.r.SelectContext(ctx, &rows, query, bound...); err != nil {
			return nil, fmt.Errorf("look for lines: %w", s.explain(err))
		}
		for _, r := range rows {
			out[uint64(r.Tap)] = append(out[uint64(r.Tap)], r.Box)
		}
	}
	return out, nil
}

// SameTaps returns the records whose punch is another record's, with that one: what was registered of the first is the other's.
func (s *Store) SameTaps(ctx context.Context, e app.Environment) (map[app.RecordKey]app.RecordKey, error) {
	out := map[app.RecordKey]app.RecordKey{}
	err := s.read(ctx, "read which lines are one tap", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		var rows []struct {
			Log  int64 `db:"log"`
			Seq  int64 `db:"seq"`
			Same int64 `db:"same"`
		}
		err = tx.SelectContext(ctx, &rows, `SELECT p.log, p.seq, p.same FROM punch p WHERE p.same <> 0
			AND EXISTS (SELECT 1 FROM registration g WHERE g.environment = ? AND g.log = p.log AND g.seq = p.seq)`, e)
		for _, r := range rows {
			out[app.RecordKey{LogKey: logs[r.Log], Seq: uint64(r.Seq)}] = app.RecordKey{LogKey: logs[r.Log], Seq: uint64(r.Same)}
		}
		return err
	})
	return out, err
}

// LinesOf tells, for those of some records that are of lines of files, which line of which file each is.
func (s *Store) LinesOf(ctx context.Context, keys []app.RecordKey) (map[app.RecordKey]filelog.LineName, error) {
	out := map[app.RecordKey]filelog.LineName{}
	err := s.read(ctx, "name lines", func(tx *sqlx.Tx) error {
		q, err := tx.PreparexContext(ctx, `SELECT g.file_name, r.line FROM box_log l JOIN record r ON r.log = l.id JOIN reading g ON g.number = r.reading
			WHERE l.box = ? AND l.log = ? AND r.seq = ? AND g.source = ?`)
		if err != nil {
			return err
		}
		defer q.Close()
		for _, k := range keys {
			if k.Log != app.FileLog {
				continue
			}
			var n filelog.LineName
			err := q.QueryRowxContext(ctx, k.Box, k.Log, int64(k.Seq), app.FromFile).Scan(&n.File, &n.Line)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			out[k] = n
		}
		return nil
	})
	return out, err
}

// RecordsOfLine returns the records of a line of files with that name.
func (s *Store) RecordsOfLine(ctx context.Context, line filelog.LineName) (keys []app.RecordKey, err error) {
	err = s.read(ctx, "find a line", func(tx *sqlx.Tx) error {
		var rows []struct {
			Box string `db:"box"`
			Seq int64  `db:"seq"`
		}
		err := tx.SelectContext(ctx, &rows, `SELECT l.box, r.seq FROM reading g JOIN box_log l ON l.id = g.log CROSS JOIN record r ON r.log = g.log AND r.reading = g.number
			WHERE g.file_name = ? AND g.file_name <> '' AND g.source = ? AND l.log = ? AND r.line = ? ORDER BY l.box, r.part`, line.File, app.FromFile, app.FileLog, line.Line)
		for _, r := range rows {
			keys = append(keys, app.RecordKey{LogKey: app.LogKey{Box: r.Box, Log: app.FileLog}, Seq: uint64(r.Seq)})
		}
		return err
	})
	return keys, err
}
