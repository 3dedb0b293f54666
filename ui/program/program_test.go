package program

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The tests of this package run the built program from outside, as its users
// do: real processes, real files, real HTTP on loopback.

// program under test, built once.
var built struct {
	once sync.Once
	path string
	err  error
}

func binary(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		dir, err := os.MkdirTemp("", "klokkast-test-*")
		if err != nil {
			built.err = err
			return
		}
		built.path = filepath.Join(dir, "klokkast")
		out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", buildTags, "-o", built.path, "klokkast").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.path != "" {
		os.RemoveAll(filepath.Dir(built.path))
	}
	os.Exit(code)
}

// command is the program with arguments, with a home of its own.
func command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(binary(t), args...)
	home := t.TempDir()
	c.Env = []string{"HOME=" + home, "XDG_DATA_HOME=" + home, "PATH=" + os.Getenv("PATH"), "LANG=en_GB.UTF-8", "TZ=Europe/Brussels", "TMPDIR=" + os.TempDir()}
	return c
}

// run returns what the program prints with --json, decoded into v.
func run(t testing.TB, v any, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := command(t, append([]string{"--json"}, args...)...)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("klokkast %s: %v\n%s%s", strings.Join(args, " "), err, out.Bytes(), errs.Bytes())
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(out.Bytes(), v); err != nil {
		t.Fatalf("klokkast %s printed no JSON: %v\n%s", strings.Join(args, " "), err, out.Bytes())
	}
}

// serving starts a command that serves until the test ends, and decodes what it says first.
func serving(t testing.TB, v any, args ...string) *exec.Cmd {
	t.Helper()
	c := command(t, append([]string{"--json"}, args...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	})
	if err := json.NewDecoder(out).Decode(v); err != nil {
		t.Fatalf("klokkast %s said nothing: %v", strings.Join(args, " "), err)
	}
	return c
}

// report is what the tests read of the demo's report.
type report struct {
	Punches, PunchesRead, Presences int
	Anomalies                       map[string]int
	Registrations                   map[string]int
	Held                            map[string]int
	Timesheets, TimesheetsNew       int
}

var company struct {
	once   sync.Once
	dir    string
	report report
}

// demoFolder returns a copy of a demo company that a test may change. Nothing was sent yet.
func demoFolder(t testing.TB) string {
	t.Helper()
	company.once.Do(func() {
		company.dir = filepath.Join(filepath.Dir(binary(t)), "demo")
		run(t, &company.report, "demo", "--dir", company.dir, "--month", "2026-10", "--no-send")
	})
	if company.report.Punches == 0 {
		t.Fatal("the demo of an earlier test failed")
	}
	dir := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(dir, os.DirFS(company.dir)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func database(dir string) string { return filepath.Join(dir, "klokkast.db") }

// sqlite returns the rows of a query by the sqlite3 shell: another pair of eyes than the program's own.
func sqlite(t testing.TB, db, query string) (rows []string, err error) {
	t.Helper()
	if _, e := exec.LookPath("sqlite3"); e != nil {
		t.Skip("the sqlite3 shell is not installed")
	}
	out, err := exec.Command("sqlite3", db, query).CombinedOutput()
	return strings.Split(strings.TrimSpace(string(out)), "\n"), err
}

func one(t testing.TB, db, query string) string {
	t.Helper()
	rows, err := sqlite(t, db, query)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%s: %v %v", query, rows, err)
	}
	return rows[0]
}

// finding is what the tests read of an anomaly.
type finding struct {
	Rule, Severity, Staff, Site, Day string
}

// The seeded faults are known to this test, not to the engine: each is found,
// and nothing of severity warning or above is found besides.
func TestDemoFindsWhatWasSeededAndNothingElse(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	var seeds []struct{ Rule, StaffNumber, Site, Day string }
	b, err := os.ReadFile(filepath.Join(dir, "seeds.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &seeds); err != nil {
		t.Fatal(err)
	}
	staff := map[string]string{}
	for _, line := range mustRows(t, database(dir), "SELECT id || ' ' || staff_number FROM worker") {
		id, number, _ := strings.Cut(line, " ")
		staff[id] = number
	}
	sites := map[string]string{}
	for _, line := range mustRows(t, database(dir), "SELECT id || ' ' || code FROM site") {
		id, code, _ := strings.Cut(line, " ")
		sites[id] = code
	}
	var got struct {
		Anomalies []struct{ Rule, Severity, WorkerID, SiteID, Day string }
	}
	run(t, &got, "--db", database(dir), "anomalies", "--status", "all")
	found := map[finding]int{}
	for _, a := range got.Anomalies {
		if a.Severity == "information" && a.Rule != "duplicate-tap" {
			continue
		}
		found[finding{Rule: a.Rule, Staff: staff[a.WorkerID], Site: sites[a.SiteID], Day: a.Day}]++
	}
	for _, s := range seeds {
		if !take(found, s.Rule, s.StaffNumber, s.Site, s.Day) {
			t.Errorf("seeded and not found: %+v", s)
		}
	}
	for f, n := range found {
		if n > 0 {
			t.Errorf("found and not seeded: %+v", f)
		}
	}
	if len(seeds) < 11 {
		t.Errorf("only %d seeds", len(seeds))
	}
}

func mustRows(t testing.TB, db, query string) []string {
	t.Helper()
	rows, err := sqlite(t, db, query)
	if err != nil {
		t.Fatal(query, rows, err)
	}
	return rows
}

// take removes a finding that fits what a seed says; a seed does not say everything.
func take(found map[finding]int, rule, staff, site, day string) bool {
	for f, n := range found {
		if n > 0 && f.Rule == rule && (staff == "" || f.Staff == staff) && (site == "" || f.Site == site) && (day == "" || f.Day == day) {
			found[f]--
			return true
		}
	}
	return false
}

func TestASecondRunOfTheDemoAddsNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	var first, second report
	run(t, &first, "demo", "--dir", dir, "--month", "2026-10")
	if first.Punches < 4000 || first.PunchesRead != first.Punches || first.Timesheets != 60 || first.Registrations["accepted"] < 3500 {
		t.Errorf("the first run: %+v", first)
	}
	if n := first.Registrations["queued"] + first.Registrations["unknown"] + first.Registrations["refused"] + first.Registrations["sending"]; n != 0 {
		t.Errorf("%d registrations are not settled: %v", n, first.Registrations)
	}
	for _, reason := range []string{"not-placed", "before-start", "not-under-ciao", "no-ssin", "adjustment", "no-holder"} {
		if first.Held[reason] == 0 {
			t.Errorf("nothing is held for %s: %v", reason, first.Held)
		}
	}
	run(t, &second, "demo", "--dir", dir)
	if second.PunchesRead != 0 || second.TimesheetsNew != 0 {
		t.Errorf("the second run read %d punches and printed %d new sheets", second.PunchesRead, second.TimesheetsNew)
	}
	first.PunchesRead, first.TimesheetsNew = 0, 0
	if a, b := fmt.Sprintf("%+v", first), fmt.Sprintf("%+v", second); a != b {
		t.Errorf("the second run changed something:\n%s\n%s", a, b)
	}
	run(t, nil, "--db", database(dir), "verify")
}

func TestTheDemosFilesAreForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	err := filepath.WalkDir(company.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if want := os.FileMode(0o600); !d.IsDir() && info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", strings.TrimPrefix(path, dir), info.Mode().Perm(), want)
		}
		if want := os.FileMode(0o700); d.IsDir() && info.Mode().Perm() != want {
			t.Errorf("folder %s has mode %o, want %o", strings.TrimPrefix(path, dir), info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A reading may be killed at any moment; read on, every punch is there once.
func TestKilledFiftyTimesEveryPunchIsThereOnce(t *testing.T) {
	t.Parallel()
	const punches, kills = 40_000, 50
	dir := t.TempDir()
	box, db := filepath.Join(dir, "box"), filepath.Join(dir, "k.db")
	makeBox(t, box, punches)
	run(t, nil, "--db", db, "settings", "set", "language", "en") // makes the database: on a busy machine no reading lives long enough for that
	killed := 0
	for n := range kills {
		c := command(t, "--db", db, "box", "read", "--box", "sim:"+box)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(50+rand.IntN(700))*time.Millisecond, func() { _ = c.Process.Signal(syscall.SIGKILL) })
		if err := c.Wait(); err != nil {
			killed++
		}
		timer.Stop()
		if n == kills-1 {
			t.Logf("%d of %d readings were killed on their way; by then %s punches were stored", killed, kills, one(t, db, "SELECT count(*) FROM punch"))
		}
	}
	if killed < kills/5 {
		t.Errorf("only %d readings were killed: the box is too small for this test", killed)
	}
	run(t, nil, "--db", db, "box", "read", "--box", "sim:"+box)
	if n := one(t, db, "SELECT count(*) FROM punch"); n != fmt.Sprint(punches) {
		t.Errorf("%s punches are stored, want %d", n, punches)
	}
	if n := one(t, db, "SELECT count(*) - (max(seq) - min(seq) + 1) FROM record"); n != "0" {
		t.Errorf("sequence numbers have holes: %s", n)
	}
	run(t, nil, "--db", db, "verify")
}

// makeBox makes a simulated box with made-up punches in a folder.
func makeBox(t testing.TB, dir string, punches int) {
	t.Helper()
	var box struct{ Box string }
	c := serving(t, &box, "simulate", "box", "--dir", dir, "--punches", fmt.Sprint(punches))
	_ = c.Process.Signal(os.Interrupt)
	_ = c.Wait()
}

// Three years of records, read for the first time: nothing is sent, and one
// line says what the box holds.
func TestTheFirstReadingOfAnOldBoxSendsNothing(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	box := filepath.Join(t.TempDir(), "old")
	makeBox(t, box, 100_000)
	db := database(dir)
	run(t, nil, "--db", db, "box", "read", "--box", "sim:"+box)
	var status struct {
		Eligible int
		Held     []struct {
			Reason string
			Count  int
		}
	}
	before := one(t, db, "SELECT count(*) FROM registration")
	run(t, &status, "--db", db, "ciao", "status")
	for _, h := range status.Held {
		if h.Reason == "not-placed" && h.Count < 100_000 {
			t.Errorf("%d punches are held because their box stood nowhere, want all 100,000 of the old box", h.Count)
		}
	}
	var today struct {
		Older []struct {
			Box     string
			Punches int
		}
	}
	run(t, &today, "--db", db, "today")
	lines := 0
	for _, o := range today.Older {
		if o.Punches == 100_000 {
			lines++
		}
	}
	if lines != 1 {
		t.Errorf("Today has %d lines about the old box, want one: %+v", lines, today.Older)
	}
	var sim struct{ Register string }
	serving(t, &sim, "simulate", "ciao")
	run(t, nil, "--db", db, "--register", sim.Register, "ciao", "send")
	if n := one(t, db, "SELECT count(*) FROM registration r JOIN box_log l ON l.id = r.log WHERE l.box NOT IN (SELECT box FROM placement)"); n != "0" {
		t.Errorf("%s punches of the unplaced box were queued (before: %s)", n, before)
	}
}

func TestRecordsCannotBeChangedByTheSQLiteShell(t *testing.T) {
	t.Parallel()
	db := database(demoFolder(t))
	before := one(t, db, "SELECT count(*) || ' ' || sum(seq) || ' ' || sum(length(raw)) FROM record")
	for _, query := range []string{
		"UPDATE record SET raw = x'00' WHERE seq = 5",
		"UPDATE punch SET at = at + 1 WHERE seq = 5",
		"DELETE FROM record WHERE seq = 5",
		"DELETE FROM punch",
		"INSERT OR REPLACE INTO record SELECT log, seq, type, x'00', line, reading, place, part FROM record WHERE seq = 5",
		"REPLACE INTO punch SELECT * FROM punch WHERE seq = 5",
		"INSERT INTO record SELECT log, seq, type, x'00', line, reading, place, part FROM record WHERE seq = 5 ON CONFLICT DO UPDATE SET raw = x'00'",
		"UPDATE trail SET hash = x'00' WHERE seq = 1",
		"DELETE FROM trail",
	} {
		rows, err := sqlite(t, db, query)
		if err == nil {
			t.Errorf("allowed: %s", query)
		} else if !strings.Contains(strings.Join(rows, " "), "immutable") && !strings.Contains(strings.Join(rows, " "), "only appended to") {
			t.Errorf("%s: refused for another reason: %v", query, rows)
		}
	}
	if after := one(t, db, "SELECT count(*) || ' ' || sum(seq) || ' ' || sum(length(raw)) FROM record"); after != before {
		t.Errorf("records were %s, are %s", before, after)
	}
}

// stored is what the simulated register holds.
type stored struct {
	SSIN, Type, RegistrationDate string
	Declaration                  string `json:"contractualRelationshipReference"`
}

// While the register fails in every way, no registration is sent twice and none is lost.
func TestSendingThroughFaultsRegistersEverythingOnce(t *testing.T) {
	t.Parallel()
	for _, faults := range [][]string{
		{"error-before,times=2", "error-after,times=2"},
		{"drop-after,times=3", "drop-before,times=2"},
		{"hang-after,times=1"},
		{"too-many,times=3,seconds=1", "too-many-date,times=1,seconds=1"},
		{"malformed,times=2", "unavailable,times=1", "unavailable-bare,times=1", "expired-token,times=1"},
	} {
		t.Run(faults[0], func(t *testing.T) {
			t.Parallel()
			db := database(demoFolder(t))
			var sim simulated
			args := []string{"simulate", "ciao"}
			for i, f := range faults {
				args = append(args, "--fault", fmt.Sprintf("%s,skip=%d", f, 2+3*i))
			}
			serving(t, &sim, args...)
			send(t, db, sim)
			sim.holdsExactlyWhatIsAccepted(t, db)
		})
	}
}

// simulated is a running simulated register.
type simulated struct{ Register, Token, Listen string }

// send sends until nothing is left to be settled.
func send(t testing.TB, db string, sim simulated) {
	t.Helper()
	for range 5 {
		c := command(t, "--json", "--db", db, "--register", sim.Register, "ciao", "send", "--wait")
		out, _ := c.Output() // it may fail, which is the point
		var got struct {
			Left struct{ Queued, Unknown, NeedsPerson int }
		}
		if err := json.Unmarshal(out, &got); err == nil && got.Left.Queued+got.Left.Unknown == 0 && strings.Contains(string(out), "left") {
			return
		}
	}
}

func (s simulated) holdsExactlyWhatIsAccepted(t testing.TB, db string) {
	t.Helper()
	list := s.stored(t)
	seen := map[stored]int{}
	for _, r := range list {
		seen[r]++
	}
	for r, n := range seen {
		if n > 1 {
			t.Errorf("registered %d times: %s at %s", n, r.Type, r.RegistrationDate)
		}
	}
	if n := one(t, db, "SELECT count(*) FROM registration WHERE state = 'accepted'"); n != fmt.Sprint(len(list)) {
		t.Errorf("the register holds %d, the outbox knows of %s: %v", len(list), n, mustRows(t, db, "SELECT state, count(*) FROM registration GROUP BY state"))
	}
	if n := one(t, db, "SELECT count(*) FROM registration WHERE state <> 'accepted'"); n != "0" {
		t.Errorf("%s registrations are not accepted", n)
	}
	if len(list) < 3500 {
		t.Errorf("only %d were registered", len(list))
	}
}

func TestTwoSendersAtOnceRegisterNothingTwice(t *testing.T) {
	t.Parallel()
	db := database(demoFolder(t))
	var sim simulated
	serving(t, &sim, "simulate", "ciao", "--fault", "delay,seconds=0.1")
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() { send(t, db, sim) })
	}
	wait.Wait()
	send(t, db, sim)
	sim.holdsExactlyWhatIsAccepted(t, db)
}

func TestASenderThatIsKilledLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	db := database(demoFolder(t))
	var sim simulated
	serving(t, &sim, "simulate", "ciao", "--fault", "delay,seconds=0.05")
	for range 6 {
		c := command(t, "--db", db, "--register", sim.Register, "ciao", "send")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(300+rand.IntN(900)) * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	send(t, db, sim)
	sim.holdsExactlyWhatIsAccepted(t, db)
}

// A file as a terminal's USB stick has it: serial line, CRLF, blanks, a checksum line and broken lines.
func TestAttlogIsReadTwiceWithoutDoubling(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, file := filepath.Join(dir, "k.db"), filepath.Join(dir, "1_attlog.dat")
	lines := []string{
		"BYRW201260040", // serial
		"       17\t2026-11-02 05:58:31\t1\t0\t1\t0",
		"       17\t2026-11-02 10:00:02\t1\t2\t1\t0",
		"       18   2026-11-02 06:01:12   1   0   1   0", // blanks for tabs
		"       17\t2026-13-02 14:00:00\t1\t1\t1\t0",      // broken: month 13
		"       17\t2026-11-02 10:15:40\t1\t3\t1\t0",
		"garbage",
		"       17\t2026-11-02 14:02:10\t1\t1\t1\t0",
		"       18\t2026-11-02 14:00:59\t1\t1", // missing columns
		"CHECKSUM=1A2B3C",
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\r\n")+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Reading struct{ New int }
		Bad     []struct{ Line int }
	}
	run(t, &got, "--db", db, "box", "import", file, "--box", "BYRW201260040", "--status", "yes")
	if got.Reading.New != 6 {
		t.Errorf("%d punches are new, want 6", got.Reading.New)
	}
	var bad []int
	for _, b := range got.Bad {
		bad = append(bad, b.Line)
	}
	if !slices.Equal(bad, []int{5, 7}) {
		t.Errorf("bad lines are %v, want 5 and 7", bad)
	}
	got.Reading.New = -1
	run(t, &got, "--db", db, "box", "import", file, "--box", "BYRW201260040", "--status", "yes")
	if got.Reading.New != 0 {
		t.Errorf("the second import added %d", got.Reading.New)
	}
	if n := one(t, db, "SELECT count(*) FROM punch"); n != "6" {
		t.Errorf("%s punches are stored, want 6", n)
	}
}

// The month on paper: text that can be found, fonts that are embedded, in every language.
func TestTimesheetsAreRealPDFs(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"pdftotext", "pdffonts", "qpdf"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool, "is not installed")
		}
	}
	dir := demoFolder(t)
	words := map[string]string{"nl": "oktober 2026", "fr": "octobre 2026", "de": "Oktober 2026", "en": "October 2026"}
	for lang, month := range words {
		out := filepath.Join(t.TempDir(), lang)
		run(t, nil, "--db", database(dir), "--lang", lang, "timesheet", "--month", "2026-10", "--all", "--out", out)
		files, err := filepath.Glob(filepath.Join(out, "*.pdf"))
		if err != nil || len(files) != 60 {
			t.Fatalf("%s: %d files, want 60 (%v)", lang, len(files), err)
		}
		text := output(t, "pdftotext", "-layout", files[0], "-")
		if !strings.Contains(text, month) || !strings.Contains(text, "31") {
			t.Errorf("%s: no %q on the paper:\n%s", lang, month, text)
		}
		fonts := strings.Split(strings.TrimSpace(output(t, "pdffonts", files[0])), "\n")[2:] // behind the headings
		for _, font := range fonts {
			if f := strings.Fields(font); len(f) < 8 || f[len(f)-5] != "yes" { // emb sub uni object id
				t.Errorf("%s: a font is not embedded: %s", lang, font)
			}
		}
		if len(fonts) == 0 {
			t.Errorf("%s: no fonts on the paper", lang)
		}
		output(t, "qpdf", "--check", files[0])
	}
}

func output(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// A demo database is pointed at an address elsewhere: refused, for life.
func TestADemoDatabaseRefusesOtherAddresses(t *testing.T) {
	t.Parallel()
	db := database(demoFolder(t))
	const requests = "SELECT count(*) FROM attempt"
	before := one(t, db, requests) // of the demo's own register
	for _, address := range []string{"https://services.socialsecurity.be/REST/presenceRegistration/v1", "http://192.0.2.1/v1", "http://127.0.0.1.example.org/v1"} {
		c := command(t, "--json", "--db", db, "--register", address, "ciao", "send")
		out, err := c.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || !strings.Contains(string(out), "error") {
			t.Errorf("%s: %v %s", address, err, out)
		}
	}
	if n := one(t, db, requests); n != before {
		t.Errorf("%s requests were made, %s before", n, before)
	}
	if _, err := sqlite(t, db, "UPDATE installation SET demo = 0"); err == nil {
		t.Error("a demo database became a real one")
	}
}

// stored returns what the register holds, by its own address for that.
func (s simulated) stored(t testing.TB) (list []stored) {
	t.Helper()
	res, err := http.Get("http://" + s.Listen + "/_sim/registrations")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list
}
