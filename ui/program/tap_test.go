package program

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
	"klokkast/ui/demo"
)

// watched are companies whose box is watched: one that just began, and one where
// a hundred thousand punches lie in the database, of which a tap looks at no more than it must.
var watched = []struct {
	name  string
	older int
}{{"of a company that just began", 0}, {"behind 100,000 punches", 100_000}}

// A tap on a box that is watched is a row of the outbox and a line on the screen.
func TestATapReachesOutboxAndScreen(t *testing.T) {
	t.Parallel()
	for _, c := range watched {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			took := taps(t, c.older, 6)
			t.Logf("on the screen after %s", took)
		})
	}
}

// How long that takes on an idle machine, by the stamps of box and program; two
// seconds are what a supervisor beside the box should wait at most.
func BenchmarkATapReachesOutboxAndScreen(b *testing.B) {
	mean := map[int]float64{}
	for _, c := range watched {
		b.Run(c.name, func(b *testing.B) {
			var sum time.Duration
			took := taps(b, c.older, b.N)
			for _, d := range took {
				sum += d
			}
			mean[c.older] = float64(sum.Milliseconds()) / float64(len(took))
			b.ReportMetric(mean[c.older], "ms/tap")
			b.ReportMetric(float64(slices.Max(took).Milliseconds()), "ms/slowest")
			if first := mean[0]; c.older > 0 && first > 0 {
				b.ReportMetric(mean[c.older]/first, "times-the-first")
			}
		})
	}
}

// taps makes n taps on a watched box, with older punches behind them, and gives
// how long each took from the box to the screen; by then it must be in the outbox.
func taps(t testing.TB, older, n int) (took []time.Duration) {
	t.Helper()
	dir := demoFolder(t)
	db := database(dir)
	badges := demoBadges(t, dir)
	if older > 0 {
		box := filepath.Join(t.TempDir(), "worn")
		livedBox(t, box, badges, older)
		run(t, nil, "--db", db, "box", "read", "--box", "sim:"+box, "--no-ack")
		run(t, nil, "--db", db, "box", "place", "Worn", "L02", "--from", "2026-04-01 00:00")
	}
	clock, err := demo.ClockOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	box, path := serveBox(t, filepath.Join(dir, "boxes", "L01"), clock)
	var sim simulated
	serving(t, &sim, "simulate", "ciao")
	begun := one(t, db, "SELECT count(*) FROM reading WHERE state = 'done'")
	lines := watching(t, db, path, "--register", sim.Register)
	await(t, db, "SELECT count(*) > "+begun+" FROM reading WHERE state = 'done'")
	for i := range n {
		tapped := clock.Now()
		r, err := box.Tap(badges[i%len(badges)], app.KeyNone)
		if err != nil {
			t.Fatal(err)
		}
		line := <-lines
		took = append(took, clock.Now().Sub(tapped))
		if want := fmt.Sprintf("/%d", r.Seq); !strings.HasSuffix(line.Key, want) || line.State != string(app.RegQueued) {
			t.Fatalf("%+v is told, want …%s, queued", line, want)
		}
		row := fmt.Sprintf("SELECT count(*) FROM registration WHERE seq = %d AND log = (SELECT id FROM box_log WHERE box = '%s')", r.Seq, box.UID())
		if rows := one(t, db, row); rows != "1" {
			t.Errorf("tap %d is on the screen and %s times in the outbox", r.Seq, rows)
		}
	}
	return took
}

// demoBadges returns the cards of the demo's staff.
func demoBadges(t testing.TB, dir string) (badges []ocb.Badge) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "staff.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		value, err := identity.CanonicalCard(row[10])
		if err != nil {
			continue
		}
		b, err := ocb.BadgeOf(app.IdentifierKey{Kind: app.Card, Value: value}, ocb.TechISO14443)
		if err != nil {
			t.Fatal(err)
		}
		badges = append(badges, b)
	}
	return badges
}

// livedBox makes a box at which people came and went four times a day until n punches, from April on.
func livedBox(t testing.TB, dir string, badges []ocb.Badge, n int) {
	t.Helper()
	if err := simbox.Create(dir, simbox.Factory{Label: "Worn"}); err != nil {
		t.Fatal(err)
	}
	b, err := simbox.Open(dir, simbox.Options{Off: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	day := time.Date(2026, 4, 1, 4, 0, 0, 0, time.UTC)
	events := []simbox.PastEvent{{At: day, Type: app.RecordBoot}}
	for ; len(events) <= n; day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Saturday {
			day = day.AddDate(0, 0, 2)
		}
		for tap := range 8 {
			for w := range badges {
				at := day.Add(time.Duration(tap)*90*time.Minute + time.Duration(w)*20*time.Second)
				if len(events) <= n {
					events = append(events, simbox.PastEvent{At: at, Type: app.RecordPunch, Badge: badges[w], Key: app.PunchKey(1 + tap%2)})
				}
			}
		}
	}
	if _, err := b.Past(events); err != nil {
		t.Fatal(err)
	}
}

// serveBox takes a box off the demo's shelf and serves it on loopback.
func serveBox(t testing.TB, dir string, clock *demo.Clock) (b *simbox.Box, path string) {
	t.Helper()
	own := filepath.Join(t.TempDir(), "box")
	if err := os.Rename(dir, own); err != nil {
		t.Fatal(err)
	}
	b, err := simbox.Open(own, simbox.Options{Wall: clock.Wall})
	if err != nil {
		t.Fatal(err)
	}
	l, err := port.Listen("tcp:127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- port.Serve(ctx, l, b.Serve) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		b.Close()
	})
	return b, port.Address(l)
}

// toldTap is what the tests read of a line of box watch.
type toldTap struct{ Key, State string }

// watching watches a box until the test ends, and gives its lines.
func watching(t testing.TB, db, path string, flags ...string) <-chan toldTap {
	t.Helper()
	c := command(t, append([]string{"--db", db, "--json", "box", "watch", "--box", path}, flags...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { interrupt(c) })
	lines := make(chan toldTap, 100)
	go func() {
		defer close(lines)
		for d := json.NewDecoder(out); ; {
			var line toldTap
			if d.Decode(&line) != nil {
				return
			}
			lines <- line
		}
	}()
	return lines
}

func interrupt(c *exec.Cmd) {
	_ = c.Process.Signal(os.Interrupt)
	_ = c.Wait()
}

// await waits until a query gives 1.
func await(t testing.TB, db, query string) {
	t.Helper()
	for one(t, db, query) != "1" { // what hangs is ended by go test's own limit
		time.Sleep(50 * time.Millisecond)
	}
}
