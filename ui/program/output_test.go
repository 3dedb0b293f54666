package program

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// refused runs a command that must not do what it is asked, and gives the code of its error.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	c := command(t, append([]string{"--json"}, args...)...)
	out, err := c.Output()
	var answer struct {
		Error struct{ Code, Message string }
	}
	if e := json.Unmarshal(out, &answer); e != nil || err == nil || c.ProcessState.ExitCode() == 0 {
		t.Errorf("klokkast %s: %v, %s", strings.Join(args, " "), err, out)
	}
	if answer.Error.Message == "" || strings.Contains(answer.Error.Message, "output") {
		t.Errorf("klokkast %s says %q", strings.Join(args, " "), answer.Error.Message)
	}
	return answer.Error.Code
}

// contents returns the bytes of every file below a folder, but for what SQLite writes anew at each opening.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "-shm") || strings.HasSuffix(path, "-wal") {
			return err
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() { // a link to a folder
			return nil
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The attack that once replaced a company's database by a PDF, in every spelling
// and for everything that is written: refused, and not a byte is another one.
func TestNoOutputReplacesTheDatabase(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	db, other := database(dir), filepath.Join(dir, "other")
	foreign := filepath.Join(other, "company.pdf") // the database of another company, which looks like a paper
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	bytesOf, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(foreign, bytesOf, 0o600); err != nil {
		t.Fatal(err)
	}
	precious := []string{
		db, dir + "/./klokkast.db", other + "/../klokkast.db", db + "-wal", db + "-shm", db + "-journal", db + ".key", db + "-WAL", foreign, foreign + "-journal/x.pdf",
		filepath.Join(dir, "pairing", "x.pdf"), filepath.Join(dir, "boxes", "x.pdf"),
	}
	if runtime.GOOS != "windows" {
		soft, hard, up := filepath.Join(other, "soft.pdf"), filepath.Join(other, "hard.pdf"), filepath.Join(other, "up")
		for _, err := range []error{os.Symlink(db, soft), os.Link(db, hard), os.Symlink("..", up)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		precious = append(precious, soft, hard, up+"/klokkast.db", up+"/klokkast.db-journal", "/proc/self/root"+db)
	}
	site := one(t, db, `SELECT code FROM site ORDER BY id LIMIT 1`)
	before := contents(t, dir)
	for i, path := range precious {
		attacks := [][]string{{"timesheet", "--month", "2026-10", "--worker", "1001", "--bundle", path}}
		if i%6 == 0 { // the others go through the same door
			attacks = append(
				attacks,
				[]string{"site", "present", site, "--out", path},
				[]string{"export", "xlsx", "--month", "2026-10", "--out", path},
				[]string{
					"timesheet",
					"--month",
					"2026-10",
					"--all",
					"--out",
					path,
				},
				[]string{"export", "csv", "--profile", "totals", "--month", "2026-10", "--out", path},
			)
		}
		for _, a := range attacks {
			if code := refused(t, slices.Concat([]string{"--db", db}, a, []string{"--force"})...); code != "output.precious" {
				t.Errorf("%s: %s", strings.Join(a, " "), code)
			}
		}
	}
	if after := contents(t, dir); !maps.Equal(before, after) {
		t.Error("a file changed, came or went")
	}
	if got := one(t, db, `PRAGMA integrity_check`); got != "ok" {
		t.Error(got)
	}
}

// The database in use may be called whatever people like, a paper's name too.
func TestADatabaseThatIsCalledLikeAPaperIsNotReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := filepath.Join(dir, "october.pdf")
	run(t, nil, "--db", db, "employer", "add", "--name", "Poets BV")
	before := contents(t, dir)
	for _, args := range [][]string{{"ciao", "delays", "--out", db}, {"ciao", "delays", "--out", dir + "/OCTOBER.pdf-journal/x.pdf"}} {
		if code := refused(t, slices.Concat([]string{"--db", db}, args, []string{"--force"})...); code != "output.precious" {
			t.Errorf("%v: %s", args, code)
		}
	}
	if !maps.Equal(before, contents(t, dir)) {
		t.Error("a file changed, came or went")
	}
}

// A file of somebody else's stays until replacing it is asked for; one that the
// program wrote is printed anew without a word, one that was changed since is not.
func TestFilesOfOthersStay(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	db, out := database(dir), filepath.Join(dir, "out")
	sheets := []string{"--db", db, "timesheet", "--month", "2026-10", "--all", "--out", out}
	var written struct{ Files []string }
	run(t, &written, sheets...)
	if len(written.Files) < 10 {
		t.Fatalf("%d files", len(written.Files))
	}
	run(t, nil, sheets...) // they are ours
	signed := written.Files[len(written.Files)-1]
	f, err := os.OpenFile(signed, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("\n% signed\n")
	if e := f.Close(); err != nil || e != nil {
		t.Fatal(err, e)
	}
	// A change of the data, so that a file that is written shows.
	run(t, nil, "--db", db, "worker", "change", "1001", "--family-name", "Anders")
	before := contents(t, out)
	if code := refused(t, sheets...); code != "ask.replace" {
		t.Errorf("code %s", code)
	}
	if !maps.Equal(before, contents(t, out)) {
		t.Error("one of the files was refused, and others were written")
	}
	run(t, nil, append(sheets, "--force")...)
	if b, err := os.ReadFile(signed); err != nil || bytes.Contains(b, []byte("% signed")) {
		t.Errorf("with --force it stays: %v", err)
	}
	for path, want := range map[string]string{filepath.Join(out, "x.docx"): "output.ending", out: "output.fileWanted", "/dev/full": "output.special"} {
		if code := refused(t, "--db", db, "timesheet", "--month", "2026-10", "--all", "--bundle", path, "--force"); code != want {
			t.Errorf("%s: %s, want %s", path, code, want)
		}
	}
}

// A demo, a box and a register never move in with somebody else.
func TestSimulatorsLiveInFoldersOfTheirOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run(t, nil, "--db", filepath.Join(dir, "klokkast.db"), "employer", "add", "--name", "Poets BV")
	before := contents(t, dir)
	for _, args := range [][]string{{"demo", "--dir", dir}, {"simulate", "box", "--dir", dir}, {"simulate", "ciao", "--dir", dir}} {
		if code := refused(t, args...); code != "output.occupied" {
			t.Errorf("%v: %s", args, code)
		}
	}
	// The program's own folder waits for its own database, also while it is empty.
	c := command(t, "--json", "demo")
	for _, v := range c.Env {
		if home, ok := strings.CutPrefix(v, "XDG_DATA_HOME="); ok {
			c.Args = append(c.Args, "--dir", filepath.Join(home, "klokkast"))
		}
	}
	if out, err := c.Output(); err == nil || !bytes.Contains(out, []byte("output.precious")) {
		t.Errorf("a demo in the program's own folder: %v, %s", err, out)
	}
	if !maps.Equal(before, contents(t, dir)) {
		t.Error("a file changed, came or went")
	}
	if out, err := exec.Command(binary(t), "--json", "--db", filepath.Join(dir, "klokkast.db"), "employer", "list").Output(); err != nil ||
		!bytes.Contains(out, []byte("Poets")) {
		t.Errorf("the company's database: %v, %s", err, out)
	}
}
