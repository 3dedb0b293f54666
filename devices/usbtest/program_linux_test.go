//go:build cgo

package usbtest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
	"klokkast/devices/usbip"
)

// session is a person at a shell with the program and its database.
type session struct {
	t       *testing.T
	program string
	db      string
}

// run returns a command's JSON and exit code.
func (s *session) run(args ...string) (answer map[string]any, code int) {
	s.t.Helper()
	cmd := exec.Command(s.program, append([]string{"--db", s.db, "--json", "--lang", "en"}, args...)...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(args, err)
	}
	if exit != nil {
		code = exit.ExitCode()
	}
	s.t.Logf("klokkast %s: exit %d, %d bytes", strings.Join(args, " "), code, len(out))
	if err := json.Unmarshal(out, &answer); err != nil {
		s.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return answer, code
}

// sql asks the sqlite3 shell, not the program's own code.
func (s *session) sql(query string) string {
	s.t.Helper()
	out, err := exec.Command("sqlite3", "-readonly", s.db, query).CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", query, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (s *session) want(query, want string) {
	s.t.Helper()
	if got := s.sql(query); got != want {
		s.t.Errorf("%s\n got %s\nwant %s", query, got, want)
	}
}

// first returns the only element of a list of an answer.
func first(t *testing.T, answer map[string]any, list string) map[string]any {
	t.Helper()
	all, _ := answer[list].([]any)
	if len(all) != 1 {
		t.Fatalf("%d %s: %v", len(all), list, answer)
	}
	return all[0].(map[string]any)
}

// The whole program at a real USB stack: list, read, the cable out in the
// middle, in again elsewhere, read on. What it stored is looked up with another program.
func TestProgram(t *testing.T) {
	program := os.Getenv("PROGRAM")
	if program == "" {
		t.Skip("PROGRAM names no built program")
	}
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("no sqlite3 shell:", err)
	}
	l := newLab(t)
	const n = 6000
	b := l.box(n, "Balie")
	s := &session{t, program, filepath.Join(t.TempDir(), "klokkast.db")}

	if a, code := s.run("box", "read", "--all"); code == 0 {
		t.Error("read without a box:", a)
	}
	var left atomic.Int64
	left.Store(1 << 40)
	c := l.plug(0, b, func(p ocb.Port) ocb.Port { return counting{p, &left, func() { _ = usbip.Detach(0) }} })
	l.found(1)
	a, _ := s.run("box", "list")
	if box := first(t, a, "boxes"); box["connected"] == "" || box["problem"] != nil {
		t.Errorf("%v", box)
	}
	left.Store(n * 18 / 31 * 8 / 10) // eight tenths of the way: behind the first stored chunk
	a, code := s.run("box", "read", "--all")
	if r := first(t, a, "readings"); code == 0 || r["state"] != string(app.ReadingStopped) || r["problem"] != "unplugged" {
		t.Errorf("exit %d, %v", code, r)
	}
	c.unplug()
	s.want("SELECT count(*), min(seq), max(seq) FROM record", "4096|1|4096")

	l.found(0)
	c = l.plug(3, b, nil)
	l.found(1)
	a, code = s.run("box", "read", "--all")
	if r := first(t, a, "readings"); code != 0 || r["state"] != string(app.ReadingDone) {
		t.Errorf("exit %d, %v", code, r)
	}
	s.want("SELECT count(*), count(DISTINCT seq), min(seq), max(seq) FROM record", fmt.Sprintf("%d|%d|1|%d", n, n, n))
	s.want("SELECT state, problem, first, last, added FROM reading ORDER BY number", "stopped|unplugged|1|4096|4096\ndone|not-paired|4097|6000|1904")
	s.want("SELECT count(*) FROM gap", "0")
	stored := strings.Fields(s.sql("SELECT hex(raw) FROM record ORDER BY seq"))
	for seq := 1; seq <= n; {
		raw, err := b.Raw(uint64(seq), 126)
		if err != nil {
			t.Fatal(err)
		}
		for ; len(raw) > 0; raw, seq = raw[ocb.RecordSize:], seq+1 {
			if want := strings.ToUpper(hex.EncodeToString(raw[:ocb.RecordSize])); seq > n || stored[seq-1] != want {
				t.Fatalf("record %d is not stored as the box has it", seq)
			}
		}
	}

	a, code = s.run("box", "read", "--all") // again: nothing twice
	if r := first(t, a, "readings"); code != 0 || r["new"] != 0.0 {
		t.Errorf("exit %d, %v", code, r)
	}
	if _, err := b.Tap(card(1), app.KeyIn); err != nil {
		t.Fatal(err)
	}
	s.run("box", "read", "--all")
	s.want("SELECT count(*), max(seq) FROM record", fmt.Sprintf("%d|%d", n+1, n+1))
	c = s.watched(b, c)
	if _, code := s.run("verify"); code != 0 {
		t.Error("verify: exit", code)
	}
	c.unplug()
}

// promised is how soon a tap is stored, in the outbox and on the screen, by the stamps of box and program.
const promised = 2 * time.Second

// overdue is closed when the test's own time is nearly over. How long one emulated processor takes for box, kernel, program
// and test nobody knows: what is waited for comes, or the program has ended, or there is no time left at all.
func (s *session) overdue() <-chan time.Time {
	end, limited := s.t.Deadline()
	if !limited {
		return nil
	}
	return time.After(time.Until(end) - 15*time.Second)
}

// watched watches the box with the whole program: a tap is told and stored at
// once; the cable out and in elsewhere, and on it goes, with what was tapped meanwhile.
func (s *session) watched(b *simbox.Box, c *cable) *cable {
	s.t.Helper()
	readings := s.readings()
	lines, _, end := s.watch("box", "watch")
	s.readAfter(readings)
	took := []time.Duration{s.tap(b, 2, lines)}
	c.unplug()
	readings = s.readings()
	meanwhile, err := b.Tap(card(3), app.KeyOut) // nobody listens: it waits in the box
	if err != nil {
		s.t.Fatal(err)
	}
	c = c.l.plug(5, b, nil)
	s.readAfter(readings)
	s.told(meanwhile, lines)
	s.kept(append(took, s.tap(b, 4, lines)))
	end()
	return c
}

// watch starts a command that prints a line for each tap, and gives them, its process and what ends it.
func (s *session) watch(args ...string) (lines chan map[string]any, pid int, end func()) {
	s.t.Helper()
	cmd := exec.Command(s.program, append([]string{"--db", s.db, "--json", "--lang", "en"}, args...)...)
	cmd.Stderr = os.Stderr // into the console's log
	out, err := cmd.StdoutPipe()
	if err := errors.Join(err, cmd.Start()); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = cmd.Process.Kill() }) // where the test ends early
	lines = make(chan map[string]any)
	go func() {
		defer close(lines)
		for d := json.NewDecoder(out); ; {
			var line map[string]any
			if d.Decode(&line) != nil {
				return
			}
			lines <- line
		}
	}()
	return lines, cmd.Process.Pid, func() {
		s.t.Helper()
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			s.t.Fatal(err)
		}
		for range lines { // until it ends
		}
		if err := cmd.Wait(); err != nil {
			s.t.Error("the end of the watch:", err)
		}
	}
}

// simulatedRegister starts a simulated register until the test ends, and gives its address.
func (s *session) simulatedRegister() string {
	s.t.Helper()
	lines, _, end := s.watch("simulate", "ciao")
	s.t.Cleanup(end)
	address, _ := (<-lines)["register"].(string)
	if address == "" {
		s.t.Fatal("the simulated register says no address")
	}
	return address
}

// demoTime returns the time by which a demo lives: the morning that it was made for, and what went by since.
func (s *session) demoTime(dir string) func() time.Time {
	s.t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	var kept struct{ Made app.Instant }
	if err := errors.Join(err, json.Unmarshal(raw, &kept)); err != nil {
		s.t.Fatal(err)
	}
	morning, err := time.Parse(time.RFC3339, s.sql("SELECT json_extract(value, '$.clockCheck.at') FROM setting WHERE key = 'office'"))
	if err != nil {
		s.t.Fatal(err)
	}
	apart := morning.Sub(kept.Made.Time())
	return func() time.Time { return time.Now().Add(apart) }
}

// readings counts the readings that were completed.
func (s *session) readings() int {
	n, err := strconv.Atoi(s.sql("SELECT count(*) FROM reading WHERE state = 'done'"))
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// readAfter waits for a completed reading more: what a watch begins with.
func (s *session) readAfter(before int) {
	s.t.Helper()
	for late := s.overdue(); s.readings() <= before; {
		select {
		case <-late:
			s.t.Fatal("the watch reads nothing")
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// tap taps and looks for the line and the row that come of it.
func (s *session) tap(b *simbox.Box, badge int, lines <-chan map[string]any) time.Duration {
	s.t.Helper()
	r, err := b.Tap(card(badge), app.KeyIn)
	if err != nil {
		s.t.Fatal(err)
	}
	s.told(r, lines)
	return s.soon(r, "SELECT r.ended FROM punch p JOIN reading r ON r.number = p.reading JOIN box_log l ON l.id = p.log WHERE l.box = '%s' AND p.seq = %d", b)
}

// told waits for the line of a tap.
func (s *session) told(r ocb.Record, lines <-chan map[string]any) map[string]any {
	s.t.Helper()
	select {
	case line, ok := <-lines:
		if !ok {
			s.t.Fatalf("the watch ended before tap %d was told", r.Seq)
		}
		if key, _ := line["key"].(string); !strings.HasSuffix(key, fmt.Sprintf("/%d", r.Seq)) {
			s.t.Errorf("%v, not record %d", line, r.Seq)
		}
		return line
	case <-s.overdue():
		s.t.Fatalf("tap %d is not told", r.Seq)
		return nil
	}
}

// soon compares the stamp that a query gives of a tap with the box's own.
func (s *session) soon(r ocb.Record, query string, b *simbox.Box) time.Duration {
	s.t.Helper()
	stamp, err := strconv.ParseInt(s.sql(fmt.Sprintf(query, b.UID(), r.Seq)), 10, 64)
	if err != nil {
		s.t.Fatalf("tap %d: %v", r.Seq, err)
	}
	took := app.Instant(stamp).Sub(r.Time.Instant())
	s.t.Logf("tap %d: %s", r.Seq, took)
	return took
}

// kept holds the promise against several taps: where the machine of the virtual machine is busy, some may wait for it.
func (s *session) kept(took []time.Duration) {
	s.t.Helper()
	slices.Sort(took)
	if middle := took[(len(took)-1)/2]; middle > promised {
		s.t.Errorf("half of the taps took %s and more, not %s: %s", middle, promised, took)
	}
}

// atRest waits until a process has done what a tap brought with it: people tap seconds apart, and a processor that
// is emulated takes as long for what follows from a tap.
func (s *session) atRest(pid int) {
	s.t.Helper()
	used := func() int {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		f := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
		if err != nil || len(f) < 13 {
			s.t.Fatal("the watch has ended", err)
		}
		n, _ := strconv.Atoi(f[11]) // in user mode, in hundredths of a second
		return n
	}
	const little = 20 // of the hundred that a processor has in a second
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		before := used()
		time.Sleep(time.Second)
		if used()-before <= little {
			return
		}
	}
	s.t.Log("the watch does not come to rest")
}

// The whole program watches a box of a company that registers: a tap is on its screen and in its outbox. How soon is
// logged; on a computer that is no emulation the tests of the whole program hold it to what is promised.
func TestTapReachesOutbox(t *testing.T) {
	program, demo := os.Getenv("PROGRAM"), os.Getenv("DEMO")
	if program == "" || demo == "" {
		t.Skip("PROGRAM and DEMO name no built program and a company of it")
	}
	l := newLab(t)
	dir := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(dir, os.DirFS(demo)); err != nil {
		t.Fatal(err)
	}
	s := &session{t, program, filepath.Join(dir, "klokkast.db")}
	shelf, own := filepath.Join(dir, "boxes", "L01"), filepath.Join(t.TempDir(), "L01") // off the shelf, onto the cable
	if err := os.Rename(shelf, own); err != nil {
		t.Fatal(err)
	}
	b, err := simbox.Open(own, simbox.Options{Lazy: true, Wall: s.demoTime(dir)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	c := l.plug(0, b, nil)
	path := l.found(1)[0].Path
	if _, code := s.run("box", "time", "--box", path, "--set"); code != 0 { // its stamps are compared with the program's
		t.Fatal("its clock is not set")
	}
	before := s.readings()
	lines, pid, end := s.watch("--register", s.simulatedRegister(), "box", "watch", "--box", path)
	s.readAfter(before)
	badges := strings.Fields(s.sql(`SELECT i.value FROM custody c JOIN identifier i ON i.id = c.identifier JOIN engagement e ON e.id = c.engagement
		JOIN worker w ON w.id = e.worker WHERE i.kind = 'card' AND c.ends = 0 ORDER BY w.staff_number LIMIT 4`))
	var took []time.Duration
	for _, value := range badges {
		s.atRest(pid)
		badge, err := ocb.BadgeOf(app.IdentifierKey{Kind: app.Card, Value: value}, ocb.TechISO14443)
		if err != nil {
			t.Fatal(err)
		}
		r, err := b.Tap(badge, app.KeyIn)
		if err != nil {
			t.Fatal(err)
		}
		line := s.told(r, lines)
		if line["state"] == string(app.RegQueued) {
			took = append(took, s.soon(r, "SELECT g.created FROM registration g JOIN box_log l ON l.id = g.log WHERE l.box = '%s' AND g.seq = %d", b))
		} else {
			t.Fatalf("tap %d is told, and not in the outbox: %v", r.Seq, line)
		}
	}
	slices.Sort(took)
	t.Logf("from tap to outbox: %s", took)
	end()
	c.unplug()
}
