package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

func TestHandsInTheRecordsAreFound(t *testing.T) {
	for _, c := range []struct{ name, do, code, target string }{
		{"a byte of a record", `DROP TRIGGER record_no_update; UPDATE record SET raw = CAST(x'FF' || substr(raw, 2) AS BLOB) WHERE seq = 7`, "chain-broken", "/10"},
		{"a byte after a gap", `DROP TRIGGER record_no_update; UPDATE record SET raw = CAST(x'FF' || substr(raw, 2) AS BLOB) WHERE seq = 37`, "chain-broken", "/40"},
		{"a record taken out", `DROP TRIGGER record_no_delete; DROP TRIGGER punch_no_delete; PRAGMA foreign_keys = 0;
			DELETE FROM punch WHERE seq = 5; DELETE FROM record WHERE seq = 5`, "gap-unknown", "/5"},
		{"the last records taken out", `DROP TRIGGER record_no_delete; DROP TRIGGER punch_no_delete;
			DELETE FROM punch WHERE seq > 38; DELETE FROM record WHERE seq > 38`, "records-missing", "/40"},
		{"a punch that says another time", `DROP TRIGGER punch_no_update; UPDATE punch SET at = at + 60000 WHERE seq = 7`, "decoded-differs", "/7"},
		{"a punch that says another badge", `DROP TRIGGER shown_no_update; UPDATE shown SET value = '00' WHERE id = (SELECT shown FROM punch WHERE seq = 7)`, "decoded-differs", "/7"},
		{"a punch taken out", `DROP TRIGGER punch_no_delete; DELETE FROM punch WHERE seq = 7`, "decoded-differs", "/7"},
		{"a punch that says another boot", `DROP TRIGGER punch_no_update; UPDATE punch SET boot = boot + 1 WHERE seq = 7`, "decoded-differs", "/7"},
		{"a punch that says another time since it", `DROP TRIGGER punch_no_update; UPDATE punch SET since_boot = since_boot + 1 WHERE seq = 7`, "decoded-differs", "/7"},
		{"a punch of another key", `DROP TRIGGER punch_no_update; UPDATE punch SET pressed = 1 - pressed WHERE seq = 7`, "decoded-differs", "/7"},
		{"a punch with another flag", `DROP TRIGGER punch_no_update; UPDATE punch SET flags = flags + 4 WHERE seq = 7`, "decoded-differs", "/7"},
		{"a record of another type", `DROP TRIGGER record_no_update; UPDATE record SET type = 2 WHERE seq = 7`, "decoded-differs", "/7"},
		{"a number too large for a type", `DROP TRIGGER record_no_update; UPDATE record SET type = type + 256 WHERE seq = 7`, "decoded-differs", "/7"},
		{"a punch where none was made", `INSERT INTO punch (log, seq, at, shown, reading) SELECT log, 1, at, shown, reading FROM punch WHERE seq = 2`, "decoded-differs", "/1"},
		{"an event of another time", `DROP TRIGGER box_event_no_update; UPDATE box_event SET at = at + 1`, "decoded-differs", "/1"},
		{"an event of another type", `DROP TRIGGER box_event_no_update; UPDATE box_event SET type = type + 1`, "decoded-differs", "/1"},
		{"an event with other data", `DROP TRIGGER box_event_no_update; UPDATE box_event SET data = x'0102030405060708090A0B'`, "decoded-differs", "/1"},
		{"an event taken out", `DROP TRIGGER box_event_no_delete; DELETE FROM box_event`, "decoded-differs", "/1"},
		{"an event where none was", `INSERT INTO box_event SELECT log, 7, type, at, boot, since_boot, data, reading FROM box_event`, "decoded-differs", "/7"},
		{"a point of the chain that says something else", `UPDATE chain_point SET hash = zeroblob(32) WHERE seq = 20`, "chain-broken", "/20"},
		{"an end of a reading that says something else", `UPDATE reading SET end_hash = '00' WHERE last = 40`, "chain-broken", "/40"},
		{"a punch of a reading that never was", `PRAGMA foreign_keys = 0; DROP TRIGGER punch_no_update; UPDATE punch SET reading = 99 WHERE seq = 7`, "reference-missing", "punch:reading"},
		{"a record that a punch had", `PRAGMA foreign_keys = 0; DROP TRIGGER record_no_delete; DELETE FROM record WHERE seq = 7`, "reference-missing", "punch:record"},
		{"an index that lacks a row", `PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = sql || ' WHERE log = 0' WHERE name = 'punch_at'; PRAGMA writable_schema = RESET;
			INSERT INTO record (log, seq, type, raw, reading) SELECT log, 41, type, raw, reading FROM record WHERE seq = 7;
			INSERT INTO punch (log, seq, at, shown, reading) SELECT log, 41, at, shown, reading FROM punch WHERE seq = 7;
			PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, ' WHERE log = 0', '') WHERE name = 'punch_at'; PRAGMA writable_schema = RESET`, "file-damaged", ""},
		{"a gap filled in by hand", `DELETE FROM gap`, "gap-unknown", "/21"},
		{"a box that took over another's records", `PRAGMA foreign_keys = 0; UPDATE box SET uid = '0' || substr(uid, 1, 31) || 'f'; UPDATE box_log SET log = replace(log, '77', '78')`, "chain-broken", "/10"},
		{"a reference to nothing", `PRAGMA foreign_keys = 0; UPDATE gap SET log = 99`, "reference-missing", "gap"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			log := newLog(t, s)
			s.decode = func(key app.LogKey, raw []byte) (app.Record, error) { return log.decode(t, key, raw), nil }
			all := log.next(40)
			log.store(t, all[:10])
			log.store(t, all[10:20])
			log.store(t, all[30:35], log.gap(21, 30))
			log.store(t, all[35:])
			if found := verified(t, s); len(found) != 0 {
				t.Fatalf("before: %v", found)
			}
			raw(t, s, c.do)
			found := verified(t, s)
			for _, f := range found {
				if f.Code == c.code && strings.Contains(f.Target, c.target) {
					return
				}
			}
			t.Errorf("found %v, want %s at %s", found, c.code, c.target)
		})
	}
}

// decode reads the made-up records of testLog: their number stands in them.
func (l *testLog) decode(t *testing.T, key app.LogKey, raw []byte) app.Record {
	var seq uint64
	for _, c := range raw[:6] {
		seq = seq*10 + uint64(c-'0')
	}
	r := l.record(seq)
	r.Key.LogKey = key
	return r
}

func TestSealedFieldsThatWereMovedAreFound(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	other := app.Worker{ID: newID(t), FamilyName: "B", SSIN: "90020199704", Language: app.Dutch}
	must(t, s.SaveWorker(t.Context(), other, did("worker.save", "")))
	raw(t, s, `UPDATE worker SET ssin_sealed = (SELECT ssin_sealed FROM worker WHERE id = '`+string(v.worker.ID)+`') WHERE id = '`+string(other.ID)+`'`)
	same(t, verified(t, s), []store.Finding{{What: "sealed", Target: "worker:" + string(other.ID), Code: "sealed-broken"}})
	if _, err := s.Workers(t.Context()); err == nil {
		t.Error("a number that was moved to another person opens")
	}
}

// What is sealed of registrations, of entries of the register and of imports is opened where it stands.
func TestSealedRowsThatWereMovedAreFound(t *testing.T) {
	for _, c := range []struct{ name, do, want string }{
		{"a registration's number of another", `UPDATE registration SET ssin_sealed = (SELECT ssin_sealed FROM registration WHERE seq = 1) WHERE seq = 2`, "registration:second"},
		{"a registration's look-up of another", `UPDATE registration SET ssin_lookup = zeroblob(32) WHERE seq = 2`, "registration:second"},
		{"an entry's number", `UPDATE register_entry SET ssin_sealed = raw_sealed`, "entry:local-simulator/900"},
		{"an entry's look-up", `UPDATE register_entry SET ssin_lookup = zeroblob(32)`, "entry:local-simulator/900"},
		{"what the register said of it", `UPDATE register_entry SET raw_sealed = ssin_sealed`, "entry:local-simulator/900"},
		{"what a list said", `UPDATE list_import SET account_sealed = x'01020304'`, "import:list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			sealedRows(t, s)
			same(t, verified(t, s), nil)
			raw(t, s, `DROP TRIGGER registration_frozen; DROP TRIGGER list_import_no_update`, c.do)
			same(t, verified(t, s), []store.Finding{{What: "sealed", Target: c.want, Code: "sealed-broken"}})
		})
	}
}

// sealedRows puts two registrations, an entry of the register and an import of a list there, each with what is sealed of it.
func sealedRows(t *testing.T, s *Store) {
	t.Helper()
	log := newLog(t, s)
	log.store(t, log.next(10))
	must(t, s.write(t.Context(), "fill", func(tx *sqlx.Tx) error {
		for i, id := range []app.ID{"first", "second"} {
			ssin := fmt.Sprintf("8507300332%d", i)
			_, err := tx.Exec(`INSERT INTO registration (id, environment, log, seq, state, type, at, raw, ssin_sealed, ssin_lookup, declaration, created)
				VALUES (?, 'local-simulator', 1, ?, 'queued', 'IN', 1000, 1000, ?, ?, '1Y1003SQ5VSSZ', 1)`,
				id, i+1, s.seal.seal(registrationPlace(id), ssin), s.seal.lookup(lookUpSSIN, ssin))
			must(t, err)
		}
		entry := entryRow{Environment: app.LocalSimulator, ID: 900, Type: app.RegisterIn, At: 1000, State: app.EntryWho, Source: app.FromRegister,
			SSINSealed: s.seal.seal(entryPlace(app.LocalSimulator, 900, "ssin"), "85073003328"), SSINLookup: s.seal.lookup(lookUpSSIN, "85073003328"),
			RawSealed: s.seal.seal(entryPlace(app.LocalSimulator, 900, "raw"), "{}")}
		must(t, insert(t.Context(), tx, "register_entry", entry))
		_, err := tx.Exec(`INSERT INTO list_import (id, kind, by, at, lines, fresh, changed, same, refused, account_sealed) VALUES ('list', 'staff', 'An', 1, 0, 0, 0, 0, 0, ?)`,
			s.seal.seal(accountPlace("list"), "{}"))
		return err
	}))
}

// A file of which a page is damaged says so, once, and with all else that can still be read.
func TestADamagedPageIsOneFinding(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	s.decode = func(key app.LogKey, raw []byte) (app.Record, error) { return log.decode(t, key, raw), nil }
	log.store(t, log.next(4000))
	newStaff(t, s)
	raw(t, s, `DROP TRIGGER trail_payload_only_erased; UPDATE trail_payload SET actor = 'Nobody' WHERE seq = 2`)
	var page int64
	must(t, s.w.Get(&page, `SELECT pageno FROM dbstat WHERE name = 'record' AND pagetype = 'leaf' LIMIT 1 OFFSET 5`))
	path := s.Path()
	must(t, s.Close())
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte{0xA5}, 2000), (page-1)*4096)
	must(t, err)
	must(t, f.Close())
	s = openAt(t, path)
	s.decode = func(key app.LogKey, raw []byte) (app.Record, error) { return log.decode(t, key, raw), nil }
	var damaged, trail int
	for _, f := range verified(t, s) {
		switch f.Code {
		case "file-damaged":
			damaged++
		case "trail-changed":
			trail++
		}
	}
	if damaged != 1 || trail != 1 {
		t.Errorf("the file was found damaged %d times, the trail %d times", damaged, trail)
	}
}

func verified(t testing.TB, s *Store) []store.Finding {
	t.Helper()
	found, err := s.Verify(t.Context(), nil)
	must(t, err)
	return found
}

// Whoever waits hears of every row, and may stop.
func TestVerifyTellsHowFarItIsAndCanBeStopped(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(2*tellEvery))
	newStaff(t, s)
	var last store.Checked
	found, err := s.Verify(t.Context(), func(far store.Checked) {
		if far.Done < last.Done || far.Done > far.Total {
			t.Errorf("%+v after %+v", far, last)
		}
		last = far
	})
	must(t, err)
	same(t, found, nil)
	if last != (store.Checked{Done: 2*tellEvery + 4, Total: 2*tellEvery + 4}) {
		t.Errorf("at the end %+v", last)
	}
	ctx, stop := context.WithCancel(t.Context())
	if _, err := s.Verify(ctx, func(store.Checked) { stop() }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}
