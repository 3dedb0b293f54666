package data

import (
	"strings"
	"testing"

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
			if found := get(t, s.Verify); len(found) != 0 {
				t.Fatalf("before: %v", found)
			}
			raw(t, s, c.do)
			found := get(t, s.Verify)
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
	same(t, get(t, s.Verify), []store.Finding{{What: "sealed", Target: "worker:" + string(other.ID), Code: "sealed-broken"}})
	if _, err := s.Workers(t.Context()); err == nil {
		t.Error("a number that was moved to another person opens")
	}
}
