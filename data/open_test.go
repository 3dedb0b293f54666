package data

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// contents returns all that is in a folder, by path; of SQLite's index of the log,
// which is made anew at each opening, only that it is there.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			all[path] = "folder"
			return err
		}
		if strings.HasSuffix(path, "-shm") {
			all[path] = "index"
			return nil
		}
		b, err := os.ReadFile(path)
		all[path] = string(b)
		return err
	}))
	return all
}

func sameContents(t *testing.T, before, after map[string]string) {
	t.Helper()
	for path, was := range before {
		if now, ok := after[path]; !ok || now != was {
			t.Errorf("%s was changed or taken away", path)
		}
	}
	for path := range after {
		if _, ok := before[path]; !ok {
			t.Errorf("%s was left behind", path)
		}
	}
}

// damage writes noise over pages of a database, its head left alone.
func damage(t *testing.T, path string, from, pages int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	defer f.Close()
	noise := make([]byte, 4096*pages)
	for i := range noise {
		noise[i] = 0xA5
	}
	_, err = f.WriteAt(noise, 4096*from)
	must(t, err)
}

// leaveLog copies a database as a crash leaves it: with a log that nobody moved into the file.
func leaveLog(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, nil))
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"PRAGMA journal_mode(WAL)", "PRAGMA wal_autocheckpoint=0", "UPDATE installation SET name = 'left in the log'"} {
		_, err := db.ExecContext(t.Context(), q)
		must(t, err)
	}
	kept := map[string][]byte{}
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		kept[p], err = os.ReadFile(p)
		must(t, err)
	}
	must(t, db.Close())
	for p, b := range kept {
		must(t, os.WriteFile(p, b, 0o600))
	}
}

func TestAnOpeningThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(path string)
		want  ErrorKind
	}{
		"damaged far inside":             {func(p string) { damage(t, p, 40, 8) }, ErrDamaged},
		"damaged, with a log of a crash": {func(p string) { leaveLog(t, p); damage(t, p, 40, 8) }, ErrDamaged},
		"cut off":                        {func(p string) { must(t, os.Truncate(p, 20000)) }, ErrDamaged},
		"nothing left of it but its key": {func(p string) { must(t, os.Truncate(p, 0)) }, ErrDamaged},
		"no key":                         {func(p string) { must(t, os.Remove(KeyFileOf(p))) }, ErrKeyMissing},
		"another's key":                  {func(p string) { must(t, os.WriteFile(KeyFileOf(p), []byte("00"), 0o600)) }, ErrKeyWrong},
		"a folder in its place":          {func(p string) { must(t, os.Remove(p)); must(t, os.Mkdir(p, 0o700)) }, ErrIsFolder},
		"newer":                          {func(p string) { run(t, p, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`) }, ErrNewer},
		"newer, with a log of a crash": {func(p string) {
			run(t, p, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
			leaveLog(t, p)
		}, ErrNewer},
		"another program's, without ours": {func(p string) { must(t, os.Remove(p)); run(t, p, `CREATE TABLE t (a)`) }, ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "klokkast.db")
			o := Options{Demo: true, Check: true} // whose key is a file
			s, err := Open(t.Context(), path, o)
			must(t, err)
			must(t, s.Close())
			c.spoil(path)
			before := contents(t, filepath.Dir(path))
			if _, err := Open(t.Context(), path, o); kindOf(err) != c.want {
				t.Errorf("got %v, want kind %s", err, c.want)
			}
			sameContents(t, before, contents(t, filepath.Dir(path)))
		})
	}
}

// run does one statement in a database that nobody else has open.
func run(t *testing.T, path, q string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, nil))
	must(t, err)
	_, err = db.ExecContext(t.Context(), q)
	must(t, err)
	must(t, db.Close())
}

func TestWhatIsOnlyOldIsNotDamaged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "klokkast.db")
	o := Options{Demo: true, Check: true}
	s, err := Open(t.Context(), path, o)
	must(t, err)
	must(t, s.Close())
	leaveLog(t, path)
	s, err = Open(t.Context(), path, o)
	must(t, err)
	i, err := s.Installation(t.Context())
	must(t, err)
	must(t, s.Close())
	if i.Name != "left in the log" {
		t.Errorf("what a crash left in the log is lost: %q", i.Name)
	}
}

func TestANewDatabaseThatCannotBeMadeLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inTheWay := filepath.Join(dir, "file")
	must(t, os.WriteFile(inTheWay, nil, 0o600))
	before := contents(t, dir)
	if _, err := Open(t.Context(), filepath.Join(inTheWay, "a", "klokkast.db"), Options{Demo: true}); kindOf(err) != ErrFolder {
		t.Errorf("got %v", err)
	}
	noKey := Options{KeyStore: &memoryKeys{err: errors.New("refused")}}
	if _, err := Open(t.Context(), filepath.Join(dir, "a", "b", "klokkast.db"), noKey); kindOf(err) != ErrKeyStore {
		t.Errorf("got %v", err)
	}
	sameContents(t, before, contents(t, dir))
}

// A file that was taken away meanwhile is not written into.
func TestAFileThatIsGoneIsNotTheOneThatWasOpened(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "klokkast.db")
	made, err := prepareFile(path)
	must(t, err)
	must(t, made.still(path))
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be taken away")
	}
	open, err := os.Open(path) // as SQLite has it
	must(t, err)
	defer open.Close()
	must(t, os.Remove(path))
	must(t, os.WriteFile(path, []byte("another"), 0o600))
	if kindOf(made.still(path)) != ErrBusy {
		t.Error("another file passes for the one that was made")
	}
	made.undo()
	if _, err := os.Stat(path); err != nil {
		t.Error("another's file was taken away:", err)
	}
}
