package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/reading"
)

// testLog is a made-up Open Clock Box whose records are read into a store.
type testLog struct {
	s       *Store
	key     app.LogKey
	reading app.ID
	chain   map[uint64][32]byte
	last    uint64
}

func newLog(t testing.TB, s *Store) *testLog {
	t.Helper()
	return newLogOf(t, s, fmt.Sprintf("%032x", 0x0CB10001), fmt.Sprintf("%032x", 0x77))
}

func newLogOf(t testing.TB, s *Store, box, log string) *testLog {
	t.Helper()
	l := &testLog{s: s, key: app.LogKey{Box: box, Log: log}, chain: map[uint64][32]byte{}}
	l.chain[0] = startOf(box, log)
	l.begin(t)
	return l
}

// startOf is h(0) as the protocol has it, written down a second time on purpose.
func startOf(box, log string) [32]byte {
	b, err := hex.DecodeString(box + log)
	if err != nil {
		panic(err)
	}
	return sha256.Sum256(append([]byte("OCB1"), b...))
}

func (l *testLog) begin(t testing.TB) {
	t.Helper()
	l.reading = newID(t)
	r := app.Reading{ID: l.reading, Log: l.key, Source: app.FromCable, Actor: "An Peeters", State: app.ReadingRunning, Started: app.At(testNow)}
	must(t, l.s.BeginReading(t.Context(), r, app.Box{UID: l.key.Box, Make: app.MakeOCB, Label: "hall"}))
}

// next makes the n records after the last one: punches, and a boot every hundredth.
func (l *testLog) next(n int) []app.Record {
	out := make([]app.Record, n)
	for i := range out {
		l.last++
		out[i] = l.record(l.last)
		l.chain[l.last] = chained(l.chain[l.last-1], out[i].Raw)
	}
	return out
}

func (l *testLog) record(seq uint64) app.Record {
	key := app.RecordKey{LogKey: l.key, Seq: seq}
	at := app.At(testNow.Add(time.Duration(seq) * time.Minute))
	raw := make([]byte, 32)
	copy(raw, fmt.Sprintf("%06d raw", seq))
	if seq%100 == 1 {
		return app.Record{
			Key:   key,
			Type:  app.RecordBoot,
			Raw:   raw,
			Event: &app.BoxEvent{Key: key, Type: app.RecordBoot, At: at, Boot: 3, Data: [11]byte{1, 2, 3}},
		}
	}
	p := app.Punch{Key: key, At: at, Identifier: app.IdentifierKey{Kind: app.Card, Value: fmt.Sprintf("04A1B2%02X", seq%40)},
		Pressed: app.PunchKey(seq % 5), Flags: app.PunchFlags(seq % 4), Boot: 3, SinceBoot: uint32(seq * 100)}
	return app.Record{Key: key, Type: app.RecordPunch, Raw: raw, Punch: &p}
}

func chained(h [32]byte, raw []byte) [32]byte { return sha256.Sum256(append(h[:], raw...)) }

func (l *testLog) batch(records []app.Record, gaps ...app.Gap) reading.Batch {
	b := reading.Batch{ReadingID: l.reading, Log: l.key, Records: records, Gaps: gaps}
	if n := len(records); n > 0 {
		b.End = reading.Chain{Seq: records[n-1].Key.Seq, Hash: l.chain[records[n-1].Key.Seq]}
	}
	return b
}

func (l *testLog) store(t testing.TB, records []app.Record, gaps ...app.Gap) int {
	t.Helper()
	n, err := l.s.StoreBatch(t.Context(), l.batch(records, gaps...))
	must(t, err)
	return n
}

func (l *testLog) gap(first, last uint64) app.Gap {
	return app.Gap{Log: l.key, First: first, Last: last, Known: app.At(testNow)}
}

func TestBatchIsStoredOnce(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	records := log.next(250)
	if n := log.store(t, records); n != 250 {
		t.Errorf("stored %d of 250", n)
	}
	if n := log.store(t, records); n != 0 {
		t.Errorf("the same batch again added %d", n)
	}
	more := append(records[200:250:250], log.next(50)...) // half of it is known
	if n := log.store(t, more); n != 50 {
		t.Errorf("added %d of 50", n)
	}
	state, err := s.LogState(t.Context(), log.key)
	must(t, err)
	same(t, state, reading.LogState{Known: true, Last: reading.Chain{Seq: 300, Hash: log.chain[300]}, LastWeighty: 300})

	punches := get(t, func(ctx context.Context) ([]app.Punch, error) { return s.Punches(ctx, app.Span{}) })
	events := get(t, func(ctx context.Context) ([]app.BoxEvent, error) { return s.BoxEvents(ctx, app.Span{}) })
	if len(punches) != 297 || len(events) != 3 {
		t.Fatalf("%d punches and %d events", len(punches), len(events))
	}
	want := *log.record(2).Punch
	want.ReadingID = log.reading
	same(t, punches[0], want)
	event := *log.record(101).Event
	event.ReadingID = log.reading
	same(t, events[1], event)
}

func TestOtherContentUnderTheSameKeyIsAnAlarm(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	records := log.next(20)
	log.store(t, records[:10])
	forged := records[5]
	forged.Raw = append([]byte{}, forged.Raw...)
	forged.Raw[31] ^= 1
	batch := append(append([]app.Record{}, records[:5]...), forged)
	batch = append(batch, records[6:]...)
	_, err := s.StoreBatch(t.Context(), log.batch(batch))
	var differs *reading.RecordDiffersError
	if !errors.As(err, &differs) || differs.Key != forged.Key {
		t.Fatalf("got %v", err)
	}
	if punches, _ := s.Punches(t.Context(), app.Span{}); len(punches) != 9 {
		t.Errorf("%d punches: the rest of the batch was stored", len(punches))
	}
}

func fileRecord(seq uint64, line int, raw, pin string, at app.Instant, key app.PunchKey) app.Record {
	k := app.RecordKey{LogKey: app.LogKey{Box: "zkteco:CKUG0001", Log: app.FileLog}, Seq: seq}
	return app.Record{Key: k, Type: app.RecordPunch, Raw: []byte(raw), Line: line,
		Punch: &app.Punch{Key: k, At: at, Identifier: app.IdentifierKey{Kind: app.PIN, Group: "zkteco:CKUG0001", Value: pin}, Pressed: key}}
}

func TestLinesOfFilesAreComparedByWhatTheySay(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	at := app.At(testNow)
	log := app.LogKey{Box: "zkteco:CKUG0001", Log: app.FileLog}
	r := app.Reading{ID: newID(t), Log: log, Source: app.FromFile, State: app.ReadingRunning, Started: at, Actor: "An Peeters"}
	must(t, s.BeginReading(ctx, r, app.Box{UID: log.Box, Make: app.MakeZK, Zone: app.DefaultZone, StatusKeys: app.StatusAsk}))
	put := func(records ...app.Record) (int, error) {
		return s.StoreBatch(ctx, reading.Batch{ReadingID: r.ID, Log: log, Records: records})
	}
	n, err := put(
		fileRecord(1<<62, 2, "7\t2026-11-23 07:00:00\t1\t0", "7", at, app.KeyNone),
		fileRecord(9, 1, "8\t2026-11-23 07:01:00\t1\t0", "8", at, app.KeyNone),
	)
	if err != nil || n != 2 {
		t.Fatalf("stored %d: %v", n, err)
	}
	for _, c := range []struct {
		name   string
		record app.Record
		same   bool
	}{
		{"another variant of the line", fileRecord(9, 40, "        8 2026-11-23 07:01:00", "8", at, app.KeyNone), true},
		{"the column means keys after all", fileRecord(9, 1, "8", "8", at, app.KeyIn), true},
		{"the zone was set right", fileRecord(9, 1, "8", "8", at.Add(-time.Hour), app.KeyNone), true},
		{"another number", fileRecord(9, 1, "8", "80", at, app.KeyNone), false},
		{"another minute", fileRecord(9, 1, "8", "8", at.Add(time.Minute), app.KeyNone), false},
		{"another day", fileRecord(9, 1, "8", "8", at.Add(48*time.Hour), app.KeyNone), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := put(c.record)
			var differs *reading.RecordDiffersError
			if n != 0 || errors.As(err, &differs) == c.same {
				t.Errorf("added %d: %v", n, err)
			}
		})
	}
	state, err := s.LogState(ctx, log)
	must(t, err)
	if state.Last.Seq != 0 {
		t.Errorf("a file's log has a last sequence: %d", state.Last.Seq)
	}
	holding, err := s.BoxesWithTaps(ctx, []uint64{9, 10, 1 << 62})
	must(t, err)
	same(t, holding, map[uint64][]string{9: {log.Box}, 1 << 62: {log.Box}})
}

// Neither the program nor someone with a shell can change what a box said.
func TestRecordsAreImmutable(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	log.store(t, log.next(3))
	statements := []string{}
	for _, table := range []string{"record", "punch", "box_event", "shown"} {
		row := fmt.Sprintf(`SELECT * FROM %s LIMIT 1`, table)
		column := map[string]string{"record": "type", "punch": "at", "box_event": "at", "shown": "value"}[table]
		statements = append(statements,
			fmt.Sprintf(`UPDATE %s SET %s = 1`, table, column),
			fmt.Sprintf(`DELETE FROM %s`, table),
			fmt.Sprintf(`INSERT OR REPLACE INTO %s %s`, table, row),
			fmt.Sprintf(`REPLACE INTO %s %s`, table, row),
			fmt.Sprintf(`INSERT OR IGNORE INTO %s %s`, table, row),
			fmt.Sprintf(`INSERT INTO %s SELECT * FROM (%s) WHERE true ON CONFLICT DO UPDATE SET %s = 1`, table, row, column),
			fmt.Sprintf(`UPDATE OR REPLACE %s SET %s = 2`, table, column),
		)
	}
	before := dump(t, s)
	refused := func(out string, err error) bool { return err != nil && strings.Contains(out+err.Error(), "immutable") }
	for _, q := range statements {
		if _, err := s.w.Exec(q); !refused("", err) {
			t.Errorf("%s: %v", q, err)
		}
	}
	same(t, dump(t, s), before)

	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Log("no sqlite3 shell here")
		return
	}
	for _, q := range statements { // recursive_triggers is off there
		out, err := exec.Command(shell, s.Path(), q).CombinedOutput()
		if !refused(string(out), err) {
			t.Errorf("shell: %s: %s", q, out)
		}
	}
	same(t, dump(t, s), before)
}

func dump(t *testing.T, s *Store) (out []string) {
	t.Helper()
	for _, q := range []string{
		`SELECT log || ':' || seq || ':' || type || ':' || hex(raw) || ':' || line || ':' || reading FROM record`,
		`SELECT log || ':' || seq || ':' || at || ':' || shown || ':' || pressed || ':' || reading FROM punch`,
		`SELECT log || ':' || seq || ':' || at || ':' || hex(data) || ':' || reading FROM box_event`,
	} {
		var rows []string
		must(t, s.r.Select(&rows, q))
		out = append(out, rows...)
	}
	return out
}

func TestNonsenseBatches(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	records := log.next(3)
	elsewhere := log.batch(records)
	elsewhere.Log.Box = "other"
	wrongEnd := log.batch(records)
	wrongEnd.End.Seq = 2
	noReading := log.batch(records)
	noReading.ReadingID = "none"
	for name, b := range map[string]reading.Batch{"records of another log": elsewhere, "an end that is not the last": wrongEnd, "no such reading": noReading,
		"a gap backwards": log.batch(records, log.gap(9, 4))} {
		if n, err := s.StoreBatch(t.Context(), b); err == nil || n != 0 {
			t.Errorf("%s: stored %d", name, n)
		}
	}
	if got := dump(t, s); len(got) != 0 {
		t.Errorf("stored %v", got)
	}
}

// Whoever stops a reading loses the batch at work, whole, and hears why.
func TestCancelledBatchIsNotStored(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	batch := log.batch(log.next(30_000))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	n, err := s.StoreBatch(ctx, batch)
	if n != 0 || !errors.Is(err, context.Canceled) {
		t.Fatalf("stored %d: %v", n, err)
	}
	if got := get(t, s.Counts); got.Records != 0 || got.Punches != 0 {
		t.Errorf("%+v", got)
	}
	if n, err := s.StoreBatch(t.Context(), batch); n != 30_000 || err != nil {
		t.Errorf("then stored %d: %v", n, err)
	}
}

// A hundred thousand records are two years of a busy box. How long it takes is
// for BenchmarkStoreRecords to say.
func TestHundredThousandRecords(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	s := newStore(t)
	log := newLog(t, s)
	records := log.next(100_000)
	if n := log.store(t, records); n != 100_000 {
		t.Errorf("%d records are new", n)
	}
	if n := log.store(t, records); n != 0 {
		t.Errorf("%d records are new the second time", n)
	}
	punches, err := s.Punches(t.Context(), app.Span{})
	must(t, err)
	if len(punches) != 99_000 {
		t.Errorf("%d punches", len(punches))
	}
}

// raw opens the file behind the store's back, as a person with a shell can.
func raw(t testing.TB, s *Store, statements ...string) {
	t.Helper()
	db, err := sqlx.Open("sqlite", dsn(s.Path(), nil))
	must(t, err)
	defer db.Close()
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}
