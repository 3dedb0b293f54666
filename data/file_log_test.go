package data

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/app/store"
)

// blanks reads lines "PIN date clock status".
type blanks struct{}

func (blanks) ReadLines(m filelog.Meaning, lines []filelog.Raw) ([]filelog.Said, error) {
	out := make([]filelog.Said, len(lines))
	for i, raw := range lines {
		f := strings.Fields(string(raw.Text))
		local, err := time.Parse(time.DateTime, f[1]+" "+f[2])
		if err != nil {
			out[i].Problem = &reading.LineProblem{Line: raw.Number, Code: "time"}
			continue
		}
		key, _ := filelog.UsualKey(f[3])
		out[i].Taps = []filelog.Tap{{Kind: app.PIN, Value: f[0], Local: local, Status: f[3], Key: key}}
	}
	return out, nil
}

const fileBox = "zkteco:ZK1"

func giveFile(t *testing.T, s *Store, o reading.ImportOptions, lines ...string) reading.Imported {
	t.Helper()
	src := filelog.Source{Name: "1_attlog.dat", Kind: filelog.Attlog, Make: app.MakeZK}
	for i, l := range lines {
		src.Lines = append(src.Lines, filelog.Raw{Number: i + 1, Text: []byte(l), Length: len(l)})
	}
	o.Box, o.Actor, o.StatusKeys = fileBox, "An Peeters", app.StatusIsKey
	o.Now, o.Progress = func() app.Instant { return app.At(testNow) }, func(reading.Progress) {}
	out, err := filelog.Import(t.Context(), s, blanks{}, src, o)
	must(t, err)
	return out
}

// What is stored is read again as it was changed: nothing differs from what a second derivation says.
func checkFileLog(t *testing.T, s *Store) *filelog.Log {
	t.Helper()
	re, err := filelog.Reconsider(t.Context(), s, blanks{}, fileBox, func(*filelog.Log) error { return nil })
	must(t, err)
	if len(re.Change.Punches)+len(re.Change.Lines)+len(re.Change.Records)+len(re.Change.Files) > 0 {
		t.Errorf("what is stored is not what follows: %+v", re.Change)
	}
	return re.Log
}

func punchTimes(t *testing.T, s *Store) (list []string) {
	t.Helper()
	punches, err := s.Punches(t.Context(), app.Span{})
	must(t, err)
	for _, p := range punches {
		list = append(list, fmt.Sprintf("%s %s %s %v", p.Identifier.Value, p.At, p.Pressed, p.Position))
	}
	return list
}

func TestAFileLogIsKeptAndChanged(t *testing.T) {
	s := newStore(t)
	lines := []string{"1 2026-11-02 07:00:00 0", "1 2026-11-02 11:00:00 1", "1 2026-02-30 11:00:00 1"}
	one := giveFile(t, s, reading.ImportOptions{Label: "Gate", Options: reading.Options{}}, lines...)
	if one.Reading.New != 2 || len(one.Bad) != 1 || one.Bad[0].Line != 3 {
		t.Fatalf("%+v", one)
	}
	log := checkFileLog(t, s)
	if len(log.Lines) != 3 || string(log.Lines[2].Raw) != lines[2] || log.Files[0].Report.New != 2 || len(log.Files[0].Report.Refused) != 1 {
		t.Fatalf("%+v", log)
	}
	first := punchTimes(t, s)
	two := giveFile(t, s, reading.ImportOptions{}, append(lines, "2 2026-11-03 07:00:00 0")...)
	if two.Reading.New != 1 || two.Before != 2 {
		t.Fatalf("%+v", two)
	}
	since, err := s.Fetched(t.Context(), storeSince(t, s), gather().of)
	must(t, err)
	if len(since.Readings) != 0 {
		t.Error("an import that changed nothing older is read as a whole again")
	}
	known := storeSince(t, s)
	m := log.Meanings[0]
	m.ID, m.Zone, m.At = newID(t), "UTC", app.At(testNow)
	_, err = filelog.Commit(t.Context(), s, blanks{}, fileBox, filelog.Mean(m), did("box.meaning", "box:"+fileBox))
	must(t, err)
	checkFileLog(t, s)
	all := gather()
	_, err = s.Fetched(t.Context(), known, all.of)
	must(t, err)
	if len(all.punches) != 3 {
		t.Errorf("%d punches come anew", len(all.punches))
	}
	for _, p := range all.punches {
		if h := p.At.Time().Hour(); h != 7 && h != 11 {
			t.Errorf("%v is not what the lines mean now", p.At)
		}
	}
	_, err = filelog.Commit(t.Context(), s, blanks{}, fileBox, filelog.UndoImport(two.Reading.ID, app.At(testNow)), did("import.undo", "reading:"+string(two.Reading.ID)))
	must(t, err)
	_, err = filelog.Commit(t.Context(), s, blanks{}, fileBox, filelog.MeanAgain(m.ID, app.At(testNow)), did("box.meaning-undo", "box:"+fileBox))
	must(t, err)
	same(t, punchTimes(t, s), first)
	checkFileLog(t, s)
	readings, err := s.Readings(t.Context())
	must(t, err)
	if r := readings[1]; r.State != app.ReadingStopped || r.Problem != reading.ProblemUndone || r.ReadTo != 0 {
		t.Errorf("%+v", r)
	}
	trail, err := s.Trail(t.Context(), "box:"+fileBox, 10)
	must(t, err)
	if len(trail) != 2 {
		t.Errorf("%d acts in the trail", len(trail))
	}
	found, err := s.Verify(t.Context(), nil)
	must(t, err)
	if len(found) > 0 {
		t.Error(found)
	}
}

func storeSince(t *testing.T, s *Store) (since store.Since) {
	t.Helper()
	f, err := s.Fetched(t.Context(), since, gather().of)
	must(t, err)
	return f.Since
}

// Only what writes meanings changes a punch of a file, and nothing else of it.
func TestPunchesOfFilesAreNotChangedByAccident(t *testing.T) {
	s := newStore(t)
	giveFile(t, s, reading.ImportOptions{}, "1 2026-11-02 07:00:00 0")
	for _, q := range []string{`UPDATE punch SET at = at + 1`, `UPDATE punch SET counts = 0`, `DELETE FROM punch`, `UPDATE record SET raw = x'00'`, `DELETE FROM record`,
		`UPDATE box_log SET rewriting = 1; UPDATE punch SET seq = 7`} {
		if _, err := s.w.Exec(q); err == nil || !strings.Contains(err.Error(), "immutable") {
			t.Errorf("%s: %v", q, err)
		}
	}
}

func TestAChangeOfAnotherStateIsRefused(t *testing.T) {
	s := newStore(t)
	giveFile(t, s, reading.ImportOptions{}, "1 2026-11-02 07:00:00 0")
	re, err := filelog.Reconsider(t.Context(), s, blanks{}, fileBox, func(*filelog.Log) error { return nil })
	must(t, err)
	giveFile(t, s, reading.ImportOptions{}, "1 2026-11-02 11:00:00 1")
	if err := s.ChangeFileLog(t.Context(), re.Change, app.Act{}); !errors.Is(err, filelog.ErrMeanwhile) {
		t.Error(err)
	}
}

// atVersion is a database of the version before a migration.
func atVersion(t *testing.T, migration string) *Store {
	t.Helper()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "klokkast.db")
	_, err := prepareFile(path)
	must(t, err)
	s := &Store{path: path, now: time.Now, marker: &marker{}}
	must(t, s.connect(nil))
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.logAhead(ctx))
	names, err := fs.Glob(migrations(), "*.sql")
	must(t, err)
	before := fstest.MapFS{}
	for _, name := range names {
		if name < migration {
			b, err := fs.ReadFile(migrations(), name)
			must(t, err)
			before[name] = &fstest.MapFile{Data: b}
		}
	}
	must(t, s.migrateWith(ctx, 0, before))
	return s
}

// What earlier versions stored of files becomes lines with their punches, meanings and reports; nothing moves.
func TestFilesOfEarlierVersionsBecomeLines(t *testing.T) {
	ctx := t.Context()
	s := atVersion(t, "00019")
	at := app.At(time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC))
	// Their keys are the first 63 bits of SHA-256 over PIN, time and status, as they always were.
	for _, q := range []string{
		`INSERT INTO installation (id, name, created) VALUES ('i', 'office', 1)`,
		`INSERT INTO box (uid, make, "group", zone, status_keys, first_seen) VALUES ('zkteco:ZK1', 'zkteco', 'zkteco:ZK1', 'Europe/Brussels', 'ask', 1), ('table:T', 'table', 'table:T', 'UTC', 'ask', 1)`,
		`INSERT INTO box_log (id, box, log) VALUES (1, 'zkteco:ZK1', 'file'), (2, 'table:T', 'file')`,
		`INSERT INTO reading (number, id, log, source, file_name, installation, actor, state, started, records, added) VALUES (1, 'r1', 1, 'file', '1_attlog.dat', 'i', 'An', 'done', ` + fmt.Sprint(int64(at.Add(time.Hour))) + `, 2, 2)`,
		`INSERT INTO shown (id, kind, "group", value) VALUES (1, 'pin', 'zkteco:ZK1', '1')`,
		`INSERT INTO record (log, seq, type, raw, line, reading) VALUES (1, 5815600801365003212, 1, CAST('1 2026-11-02 07:00:00 0' AS BLOB), 1, 1), (1, 4721522995196608603, 1, CAST('1 2026-11-02 07:30:00 1' AS BLOB), 3, 1)`,
		`INSERT INTO punch (log, seq, at, shown, pressed, reading) VALUES (1, 5815600801365003212, ` + fmt.Sprint(int64(at)) + `, 1, 1, 1), (1, 4721522995196608603, ` + fmt.Sprint(int64(at.Add(30*time.Minute))) + `, 1, 2, 1)`,
		`INSERT INTO kept_line (reading, line, raw, problem) VALUES ('r1', 2, CAST('nonsense' AS BLOB), 'columns')`,
		`INSERT INTO box_mapping (box, mapping, changed) VALUES ('table:T', '{"separator":";","badge":{"from":1},"badgeForm":"pin","date":{"from":2},"layout":"DD/MM/YYYY hh:mm"}', 5)`,
	} {
		_, err := s.w.ExecContext(ctx, q)
		must(t, err)
	}
	must(t, s.migrateWith(ctx, 0, migrations()))
	log, err := s.FileLog(ctx, fileBox)
	must(t, err)
	if len(log.Lines) != 2 || log.Lines[0].Records[0].Seq != 5815600801365003212 || log.Lines[1].Records[0].Seq != 4721522995196608603 || log.Files[0].Held.Len() != 2 {
		t.Fatalf("%+v", log)
	}
	if r := log.Files[0].Report; r.New != 2 || len(r.Refused) != 1 || r.Refused[0].Line != 2 || r.Refused[0].Code != "columns" {
		t.Errorf("%+v", r)
	}
	if len(log.Meanings) != 1 || log.Meanings[0].StatusKeys != app.StatusIsKey || log.Box.StatusKeys != app.StatusIsKey {
		t.Errorf("%+v %+v", log.Meanings, log.Box)
	}
	if m, found, err := s.BoxMapping(ctx, "table:T"); err != nil || !found || m.Layout != "DD/MM/YYYY hh:mm" {
		t.Errorf("%+v %v %v", m, found, err)
	}
	// The next import puts them in order; none of them becomes another tap.
	out := giveFile(t, s, reading.ImportOptions{Options: reading.Options{Installation: "i"}}, "1 2026-11-02 07:00:00 0", "1 2026-11-02 07:30:00 1", "1 2026-11-02 08:00:00 0")
	if out.Reading.New != 1 || out.Before != 2 {
		t.Errorf("%+v", out)
	}
	same(t, punchTimes(t, s), []string{"1 2026-11-02T07:00:00.000Z in {1 3 false}", "1 2026-11-02T06:30:00.000Z out {1 2 false}", "1 2026-11-02T06:00:00.000Z in {1 1 false}"})
}

// What was read before the register could be read keeps how it came.
func TestReadingsOfEarlierVersionsKeepTheirSource(t *testing.T) {
	ctx := t.Context()
	s := atVersion(t, "00024")
	for _, q := range []string{
		`INSERT INTO installation (id, name, created) VALUES ('i', 'office', 1)`,
		`INSERT INTO box (uid, make, first_seen) VALUES ('zkteco:ZK1', 'zkteco', 1), ('0a', 'ocb1', 1)`,
		`INSERT INTO box_log (id, box, log) VALUES (1, 'zkteco:ZK1', 'file'), (2, '0a', '0b')`,
		`INSERT INTO reading (number, id, log, source, installation, actor, state, started) VALUES (1, 'r1', 1, 'file', 'i', 'An', 'done', 5), (2, 'r2', 2, 'cable', 'i', 'An', 'done', 6)`,
	} {
		_, err := s.w.ExecContext(ctx, q)
		must(t, err)
	}
	must(t, s.migrateWith(ctx, 0, migrations()))
	readings := get(t, s.Readings)
	if len(readings) != 2 || readings[0].Source != app.FromFile || readings[1].Source != app.FromCable || readings[1].Started != 6 {
		t.Errorf("%+v", readings)
	}
	if _, err := s.w.ExecContext(ctx, `UPDATE reading SET source = 'hearsay'`); err == nil {
		t.Error("a source that is none was kept")
	}
}
