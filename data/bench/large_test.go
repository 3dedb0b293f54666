package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/office"
	"klokkast/app/store"
	"klokkast/data"
)

// A year of a large company in a real file: a million punches of
// 2,000 workers at 300 sites, five days a week, without keys, with a forgotten
// tap here and there.
const (
	largeWorkers = 2000
	largeSites   = 300
	largePunches = 1_000_000
	largeReading = 500 // punches of the reading that comes into it
)

// BenchmarkLargeYear has the bars of docs/attendance.md, on two processors.
func BenchmarkLargeYear(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.db")
	s, err := data.Open(b.Context(), path, data.Options{InstallationName: "office", KeyStore: data.FileKeys(data.KeyFileOf(path))})
	must(b, err)
	b.Cleanup(func() { s.Close() })
	db, err := sqlx.Open("sqlite", path)
	must(b, err)
	b.Cleanup(func() { db.Close() })
	own, err := s.Installation(b.Context())
	must(b, err)
	l := large{s: s, db: db, own: own.ID}
	l.write(b, func(tx *sqlx.Tx) (err error) {
		l.now, err = l.fill(b.Context(), tx)
		return err
	})
	b.Run("FromStore", l.fromStore)
	b.Run("OneReading", l.oneReading)
	b.Run("OnScreen", l.onScreen)
}

type large struct {
	s   *data.Store
	db  *sqlx.DB // the same file
	own app.ID
	now app.Instant
}

// write puts rows into the file past the store, which would take an hour.
func (l *large) write(b *testing.B, fn func(tx *sqlx.Tx) error) {
	b.Helper()
	tx, err := l.db.BeginTxx(b.Context(), nil)
	must(b, err)
	if err := fn(tx); err != nil {
		tx.Rollback() //nolint:errcheck // the first error counts
		b.Fatal(err)
	}
	must(b, tx.Commit())
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func get[T any](b *testing.B, read func(context.Context) (T, error)) T {
	b.Helper()
	v, err := read(b.Context())
	must(b, err)
	return v
}

func (l *large) fill(ctx context.Context, tx *sqlx.Tx) (app.Instant, error) {
	do := func(query string, args ...any) {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			panic(fmt.Sprint(query, args, err))
		}
	}
	do(`INSERT INTO employer (id, name, kind, enterprise) VALUES ('boss', 'Net', 'own', '0206731645')`)
	for w := range largeWorkers {
		id := fmt.Sprintf("worker-%04d", w)
		do(`INSERT INTO worker (id, family_name, given_name, language) VALUES (?1, ?1, '', 'nl')`, id)
		do(`INSERT INTO engagement (id, worker, employer, capacity) VALUES (?1, ?1, 'boss', 'employee')`, id)
		do(`INSERT INTO identifier (id, kind, value) VALUES (?, 'card', ?)`, id, largeCard(w))
		do(`INSERT INTO custody (id, identifier, engagement, starts, entered) VALUES (?1, ?1, ?1, 1, 1)`, id)
		do(`INSERT INTO shown (id, kind, "group", value) VALUES (?, 'card', '', ?)`, w+1, largeCard(w))
	}
	for i := range largeSites {
		id := fmt.Sprintf("site-%03d", i)
		do(`INSERT INTO site (id, name) VALUES (?1, ?1)`, id)
		do(`INSERT INTO site_decision (id, site, decision, starts, by, at) VALUES (?1, ?1, 'no', 1, 'test', 1)`, id)
		do(`INSERT INTO box (uid, make, first_seen) VALUES (?, 'ocb1', 1)`, largeBox(i))
		do(`INSERT INTO box_log (id, box, log) VALUES (?, ?, ?)`, i+1, largeBox(i), largeLog)
		do(`INSERT INTO placement (id, box, site, starts) VALUES (?1, ?2, ?1, 1)`, id, largeBox(i))
	}
	return l.fillPunches(ctx, tx)
}

const largeLog = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"

func largeBox(i int) string { return fmt.Sprintf("%032x", 0xB0C0000+i) }

func largeCard(w int) string { return fmt.Sprintf("04%06X", w) }

// fillPunches lets people work and boxes be read every Friday night.
func (l *large) fillPunches(ctx context.Context, tx *sqlx.Tx) (now app.Instant, err error) {
	zone, err := app.DefaultZone.Load()
	if err != nil {
		return 0, err
	}
	record, err := tx.PreparexContext(ctx, `INSERT INTO record (log, seq, type, raw, reading) VALUES (?, ?, 1, ?, ?)`)
	if err != nil {
		return 0, err
	}
	punch, err := tx.PreparexContext(ctx, `INSERT INTO punch (log, seq, at, shown, reading) VALUES (?, ?, ?, ?, ?)`)
	if err != nil {
		return 0, err
	}
	rnd := rand.New(rand.NewPCG(7, 7))
	seq, raw := make([]int, largeSites), make([]byte, 32)
	reading, n := 0, 0
	for monday := app.NewDate(2025, 11, 3); n < largePunches; monday += 7 {
		friday := monday.AddDays(5).Start(zone)
		for i := range largeSites {
			reading++
			_, err := tx.ExecContext(
				ctx,
				`INSERT INTO reading (number, id, log, source, installation, actor, state, started, ended, clock_at, clock_offset, clock_doubt, check_at, read_to)
				VALUES (?1, ?2, ?3, 'cable', ?4, 'test', 'done', ?5, ?5, ?5, 400000, 1000, ?5, ?5)`,
				reading,
				fmt.Sprintf("reading-%06d", reading),
				i+1,
				l.own,
				friday,
			)
			if err != nil {
				return 0, err
			}
		}
		for day := range 5 {
			start := monday.AddDays(day).Start(zone)
			for minute := range 240 { // in the order of time, as boxes record
				for w := minute % 120; w < largeWorkers; w += 120 {
					site, leaves := w%largeSites, minute >= 120
					if rnd.IntN(200) == 0 || n >= largePunches {
						continue
					}
					at := start.Add(time.Duration(6*60+minute%120) * time.Minute)
					if leaves {
						at = at.Add(time.Duration(245) * time.Minute)
					}
					seq[site]++
					n++
					if _, err := record.ExecContext(ctx, site+1, seq[site], raw, reading-largeSites+site+1); err != nil {
						return 0, err
					}
					if _, err := punch.ExecContext(ctx, site+1, seq[site], int64(at)+int64(w%50)*1000, w+1, reading-largeSites+site+1); err != nil {
						return 0, err
					}
				}
			}
		}
		now = friday.Add(2 * time.Hour)
	}
	return now, nil
}

// facts reads what people entered, and lets records have what boxes recorded.
func (l *large) facts(b *testing.B, records *attendance.Records) (*attendance.Input, store.Since) {
	ctx, s := b.Context(), l.s
	in := &attendance.Input{Now: l.now}
	in.Workers, in.Employers, in.Engagements = get(b, s.Workers), get(b, s.Employers), get(b, s.Engagements)
	in.Identifiers, in.Custodies = get(b, s.Identifiers), get(b, s.Custodies)
	in.Sites, in.SiteDecisions, in.Boxes, in.Placements = get(b, s.Sites), get(b, s.SiteDecisions), get(b, s.Boxes), get(b, s.Placements)
	f, err := s.Fetched(ctx, store.Since{}, func(k app.LogKey) store.RecordSink { return records.Log(k) })
	must(b, err)
	in.Readings = f.Readings
	return in, f.Since
}

// watchHeap returns the most memory that is in use until stop is called, in MB.
func watchHeap() (stop func() float64) {
	var most atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() float64 {
		close(done)
		<-ended
		return float64(most.Load()) / 1e6
	}
}

// scan reads the rows of all punches and does nothing with them: what SQLite and
// its driver take by themselves.
func scan(b *testing.B, s *data.Store) time.Duration {
	started := time.Now()
	_, err := s.Fetched(b.Context(), store.Since{}, func(app.LogKey) store.RecordSink { return nowhere{} })
	must(b, err)
	return time.Since(started)
}

type nowhere struct{}

func (nowhere) Punch(*app.Punch)    {}
func (nowhere) Whole()              {}
func (nowhere) Event(*app.BoxEvent) {}

// fromStore goes from the file to presences and anomalies. Its bar
// is 5 s and 400 MB on two processors; sqlite is the share of a bare scan of the same rows.
func (l *large) fromStore(b *testing.B) {
	debug.FreeOSMemory()
	b.ReportAllocs()
	for b.Loop() {
		stop, allocated, started := watchHeap(), allocations(), time.Now()
		records := attendance.NewRecords()
		in, _ := l.facts(b, records)
		e := attendance.Start(in, records)
		took, most := time.Since(started), stop()
		b.ReportMetric(float64(allocations()-allocated)/largePunches, "allocs/punch")
		b.ReportMetric(float64(len(e.Anomalies())), "anomalies")
		b.ReportMetric(most, "MB-peak")
		b.ReportMetric(residentMost(), "MB-resident-peak")
		b.ReportMetric(scan(b, l.s).Seconds()/took.Seconds(), "sqlite-share")
		runtime.KeepAlive(e)
	}
	b.ReportMetric(largePunches, "punches")
}

// allocations returns how many allocations this process ever made.
func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// residentMost returns the most memory that this process ever had, in MB; 0 where
// the system does not say.
func residentMost() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kB, _ := strconv.Atoi(strings.Fields(rest + " 0")[0])
	return float64(kB) / 1000
}

// oneReading has a reading of 500 punches, by 250 workers at one
// box, come into that year: from the file to presences and anomalies. Its bar is 150 ms.
func (l *large) oneReading(b *testing.B) {
	s, records := l.s, attendance.NewRecords()
	in, since := l.facts(b, records)
	e := attendance.Start(in, records)
	b.ReportAllocs()
	for round := 0; b.Loop(); round++ {
		b.StopTimer()
		l.storeReading(b, round)
		b.StartTimer()
		next, more := *in, e.Records()
		f, err := s.Fetched(b.Context(), since, func(k app.LogKey) store.RecordSink { return more.Log(k) })
		must(b, err)
		next.Now = in.Now.Add(time.Hour)
		next.Readings = append(in.Readings[:len(in.Readings):len(in.Readings)], f.Readings...)
		next.Boxes, next.Gaps = get(b, s.Boxes), get(b, s.Gaps)
		e = e.Next(&next, more)
		in, since = &next, f.Since
	}
}

// onScreen has such a reading come into an office that is open: from the file to
// the first screen and what may be sent. Live watching has 2 s for it; first is
// how long the first screen takes when the program is opened.
func (l *large) onScreen(b *testing.B) {
	now := l.now
	o, err := office.New(b.Context(), office.Parts{Store: l.s, Now: func() app.Instant { return now }})
	must(b, err)
	started := time.Now()
	get(b, o.Today)
	first := time.Since(started)
	for round := 100; b.Loop(); round++ {
		b.StopTimer()
		l.storeReading(b, round)
		now = l.now.Add(time.Duration(24*(round+1)) * time.Hour)
		b.StartTimer()
		get(b, o.Today)
	}
	b.ReportMetric(first.Seconds(), "first-s")
	b.ReportMetric(residentMost(), "MB-resident-peak")
}

// storeReading stores one more reading of the first box: everyone comes and goes within an hour.
func (l *large) storeReading(b *testing.B, round int) {
	b.Helper()
	ctx := b.Context()
	day := l.now.Add(time.Duration(10+24*round) * time.Hour)
	l.write(b, func(tx *sqlx.Tx) error {
		var number, seq int
		if err := tx.GetContext(ctx, &number, `SELECT max(number) + 1 FROM reading`); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &seq, `SELECT max(seq) FROM punch WHERE log = 1`); err != nil {
			return err
		}
		read := day.Add(2 * time.Hour)
		if _, err := tx.ExecContext(ctx, `INSERT INTO reading (number, id, log, source, installation, actor, state, started, ended, clock_at, clock_offset, clock_doubt, check_at, read_to)
			VALUES (?1, ?2, 1, 'cable', ?3, 'test', 'done', ?4, ?4, ?4, 400000, 1000, ?4, ?4)`, number, fmt.Sprintf("reading-%06d", number), l.own, read); err != nil {
			return err
		}
		for i := range largeReading {
			seq++
			if _, err := tx.ExecContext(ctx, `INSERT INTO record (log, seq, type, raw, reading) VALUES (1, ?, 1, zeroblob(32), ?)`, seq, number); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO punch (log, seq, at, shown, reading) VALUES (1, ?, ?, ?, ?)`,
				seq, day.Add(time.Duration(i)*10*time.Second), i%(largeReading/2)*7+1, number); err != nil {
				return err
			}
		}
		return nil
	})
}
