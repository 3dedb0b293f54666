package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/app/store"
	"klokkast/data/datatest"
)

var (
	_ store.Store       = (*Store)(nil)
	_ reading.FileStore = (*Store)(nil)
)

// clock of the tests: 2026-11-23 06:00 UTC.
var testNow = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

func testOptions(path string) Options {
	return Options{InstallationName: "office", KeyStore: FileKeys(KeyFileOf(path)), Now: func() time.Time { return testNow }}
}

// blank is what the databases of these tests begin as.
var blank = datatest.Template{Make: Blank}

func newStore(t testing.TB) *Store {
	t.Helper()
	return openAt(t, blank.New(t))
}

func openAt(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, testOptions(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newID(t testing.TB) app.ID {
	t.Helper()
	id, err := app.NewID()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func get[T any](t testing.TB, read func(context.Context) (T, error)) T {
	t.Helper()
	v, err := read(t.Context())
	must(t, err)
	return v
}

// did is an act of a made-up person.
func did(what, target string) app.Act {
	return app.Act{Actor: "An Peeters", At: app.At(testNow), What: what, Target: target}
}

func same[T any](t testing.TB, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("differs (- want, + got):\n%s", d)
	}
}

// kindOf returns the kind of an *Error, or "" for anything else.
func kindOf(err error) ErrorKind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// codeOf returns the code of an *app.FieldError, or "".
func codeOf(err error) string {
	var e *app.FieldError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestOpenMakesAnInstallationOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klokkast.db")
	s := openAt(t, path)
	first := get(t, s.Installation)
	if first.ID == "" || first.Name != "office" || first.Created != app.At(testNow) || first.Demo || first.Sends {
		t.Errorf("new installation is %+v", first)
	}
	must(t, s.Close())
	same(t, get(t, openAt(t, path).Installation), first)
}

func TestDemoIsForLife(t *testing.T) {
	dir := t.TempDir()
	demo := filepath.Join(dir, "demo.db")
	s, err := Open(t.Context(), demo, Options{Demo: true})
	must(t, err)
	if s.KeyWhere() != "file" {
		t.Errorf("key of a demo is in the %s", s.KeyWhere())
	}
	if _, err := s.w.Exec(`UPDATE installation SET demo = 0`); err == nil {
		t.Error("a demo became real")
	}
	must(t, s.Close())

	s, err = Open(t.Context(), demo, Options{}) // nobody needs to say it again
	must(t, err)
	if !get(t, s.Installation).Demo {
		t.Error("a demo opened without being asked for one is none")
	}
	must(t, s.Close())

	real := filepath.Join(dir, "real.db")
	must(t, openAt(t, real).Close())
	o := testOptions(real)
	o.Demo = true
	if _, err := Open(t.Context(), real, o); kindOf(err) != ErrNotDemo {
		t.Errorf("a demo in a real database: %v", err)
	}
}

func TestStrangePaths(t *testing.T) {
	for _, name := range []string{"a b.db", "50%.db", "what?.db", "no#1.db", "été.db", "%41.db", "a&mode=memory.db", "nested/é %/x.db"} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(name, "?") {
				t.Skip("no such names on Windows")
			}
			dir := t.TempDir()
			path := filepath.Join(dir, filepath.FromSlash(name))
			s := openAt(t, path)
			id := get(t, s.Installation).ID
			must(t, s.Backup(t.Context(), path+" copy"))
			must(t, s.Close())
			head, err := os.ReadFile(path)
			if err != nil || !bytes.HasPrefix(head, []byte(headerText)) {
				t.Fatalf("the database is not in %s: %v", path, err)
			}
			if again := get(t, openAt(t, path).Installation).ID; again != id {
				t.Errorf("opened another file the second time: %s, %s", id, again)
			}
			var names []string
			entries, err := os.ReadDir(filepath.Dir(path))
			must(t, err)
			for _, e := range entries {
				names = append(names, e.Name())
			}
			base := filepath.Base(path)
			same(t, names, []string{base, base + " copy", base + "-shm", base + "-wal", base + ".key"})
		})
	}
}

func TestOnlyTheOwnerMayRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes on Windows")
	}
	dir := filepath.Join(t.TempDir(), "data", "klokkast")
	path := filepath.Join(dir, "klokkast.db")
	s := openAt(t, path)
	must(t, s.NoteAct(t.Context(), did("test", "")))
	must(t, s.Backup(t.Context(), filepath.Join(dir, "copy.db")))
	for name, want := range map[string]fs.FileMode{
		"..": 0o700, ".": 0o700, "klokkast.db": 0o600, "klokkast.db-wal": 0o600, "klokkast.db-shm": 0o600, "klokkast.db.key": 0o600, "copy.db": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", name, info.Mode().Perm(), want)
		}
	}
	must(t, s.Close())
	must(t, os.Chmod(path, 0o664)) // as copied from a stick
	openAt(t, path)
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("a file that came with mode 664 stays %o", info.Mode().Perm())
	}
}

func TestFilesThatAreNoDatabaseOfOurs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	foreign := filepath.Join(dir, "foreign.db")
	db, err := sqlx.Open("sqlite", dsn(foreign, nil))
	must(t, err)
	_, err = db.Exec(`CREATE TABLE recipes (name TEXT)`)
	must(t, err)
	must(t, db.Close())

	torn := filepath.Join(dir, "torn.db")
	must(t, openAt(t, torn).Close())
	b, err := os.ReadFile(torn)
	must(t, err)
	for i := 100; i < len(b); i++ {
		b[i] = 0xA5
	}
	must(t, os.WriteFile(torn, b, 0o600))

	inTheWay := write("file", "x")
	for _, c := range []struct {
		name, path string
		want       ErrorKind
	}{
		{"a letter", write("letter.txt", "Beste mevrouw, hierbij de lijst van november."), ErrNotDatabase},
		{"a few bytes", write("short", "SQLite"), ErrNotDatabase},
		{"another program's database", foreign, ErrForeign},
		{"a torn file", torn, ErrDamaged},
		{"a folder that is a file", filepath.Join(inTheWay, "klokkast.db"), ErrFolder},
		{"a folder", dir, ErrIsFolder},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, _ := os.ReadFile(c.path)
			_, err := Open(t.Context(), c.path, testOptions(c.path))
			if kindOf(err) != c.want {
				t.Fatalf("got %v, want kind %s", err, c.want)
			}
			if after, _ := os.ReadFile(c.path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// Root may write anything: the test runs itself again as nobody there.
func TestReadOnlyFileAndFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes of Unix")
	}
	if os.Getuid() == 0 {
		asNobody(t)
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "klokkast.db")
	must(t, openAt(t, path).Close())
	must(t, os.Chmod(path, 0o400))
	if _, err := Open(t.Context(), path, testOptions(path)); kindOf(err) != ErrReadOnly {
		t.Errorf("read-only file: %v", err)
	}
	must(t, os.Chmod(path, 0o600))
	must(t, os.Mkdir(filepath.Join(dir, "locked"), 0o500))
	inside := filepath.Join(dir, "locked", "new.db")
	if _, err := Open(t.Context(), inside, testOptions(inside)); kindOf(err) != ErrFolder {
		t.Errorf("read-only folder: %v", err)
	}
	deeper := filepath.Join(dir, "locked", "deeper", "new.db")
	if _, err := Open(t.Context(), deeper, testOptions(deeper)); kindOf(err) != ErrFolder {
		t.Errorf("folder that cannot be made: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	s := newStore(t)
	_, err := s.w.Exec(`PRAGMA max_page_count = 1`) // SQLite takes the present size: no page more
	must(t, err)
	before := get(t, s.Installation)
	for range 1000 {
		err = s.NameInstallation(t.Context(), strings.Repeat("x", 5000), did("name", "installation:"))
		if err != nil {
			break
		}
	}
	if kindOf(err) != ErrFull {
		t.Fatalf("no room: %v", err)
	}
	_ = before
	if found := verified(t, s); len(found) != 0 {
		t.Errorf("after a full disk: %v", found)
	}
}

func TestEveryErrorHasAText(t *testing.T) {
	for _, kind := range []ErrorKind{ErrNewer, ErrNotDatabase, ErrIsFolder, ErrForeign, ErrFolder, ErrReadOnly, ErrFull, ErrDamaged, ErrBusy, ErrDisk, ErrNotDemo, ErrKeyWrong, ErrKeyMissing, ErrKeyStore} {
		key, _ := (&Error{Kind: kind}).TextKey()
		for _, language := range app.Languages {
			if !hasText(t, language, key) {
				t.Errorf("%s: no text %s", language, key)
			}
		}
	}
	for _, field := range uniqueFields() {
		for _, language := range app.Languages {
			if !hasText(t, language, "error."+field.code) {
				t.Errorf("%s: no text error.%s", language, field.code)
			}
		}
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klokkast.db")
	s := openAt(t, path)
	_, err := s.w.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	must(t, err)
	must(t, s.Close())
	_, err = Open(t.Context(), path, testOptions(path))
	var e *Error
	if !errors.As(err, &e) || e.Kind != ErrNewer || e.Have != 99 || e.Known < 1 {
		t.Fatalf("a database of version 99: %v", err)
	}
	if key, values := e.TextKey(); key != "error.database.newer" || values["Have"] != int64(99) {
		t.Errorf("text %s with %v", key, values)
	}
}

func TestMigrationKeepsACopyAndIsWholeOrNotAtAll(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "klokkast.db")
	s := openAt(t, path)
	client := app.Client{ID: newID(t), Name: "Residentie Zonneweelde"}
	must(t, s.SaveClient(ctx, client, did("client.save", "client:"+string(client.ID))))

	newest, err := newestVersion(migrations())
	must(t, err)
	withOneMore := func(more string) fstest.MapFS {
		files := fstest.MapFS{fmt.Sprintf("%05d_more.sql", newest+1): {Data: []byte("-- +goose Up\n" + more)}}
		names, err := fs.Glob(migrations(), "*.sql")
		must(t, err)
		for _, name := range names {
			b, err := fs.ReadFile(migrations(), name)
			must(t, err)
			files[name] = &fstest.MapFile{Data: b}
		}
		return files
	}
	err = s.migrateWith(ctx, newest, withOneMore("ALTER TABLE client ADD COLUMN phone TEXT;\nINSERT INTO no_such_table VALUES (1);"))
	if err == nil {
		t.Fatal("a migration with a fault went through")
	}
	if v, err := inspect(ctx, path, true, false); err != nil || v != newest {
		t.Errorf("after a failed migration: version %d, %v", v, err)
	}
	same(t, get(t, s.Clients), []app.Client{client}) // no half of it: the column is not there
	if _, err := s.w.Exec(`SELECT phone FROM client`); err == nil {
		t.Error("the first half of a failed migration stayed")
	}
	kept := filepath.Join(filepath.Dir(path), fmt.Sprintf("klokkast-version-%d-2026-11-23-060000.db", newest))
	must(t, os.Remove(kept)) // the copy that was made before the failed one

	must(t, s.migrateWith(ctx, newest, withOneMore("ALTER TABLE client ADD COLUMN phone TEXT;")))
	if _, err := s.w.Exec(`UPDATE client SET phone = '02'`); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(kept)
	must(t, err)
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the kept copy has mode %o", info.Mode().Perm())
	}
	must(t, os.Rename(KeyFileOf(path), KeyFileOf(kept)))
	same(t, get(t, openAt(t, kept).Clients), []app.Client{client})
}

// filesWith calls a function each time that a migration's file is read.
type filesWith struct {
	fs.FS
	read func(name string)
}

func (f filesWith) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".sql") {
		f.read(name)
	}
	return f.FS.Open(name)
}

// Another process carries out some of the migrations that this one is about to, not all.
func TestTwoProcessesMigrateTogether(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "klokkast.db")
	made, err := prepareFile(path)
	must(t, err)
	defer made.undo()
	connected := func() *Store {
		s := &Store{path: path, now: time.Now, marker: &marker{}}
		must(t, s.connect(nil))
		t.Cleanup(func() { must(t, s.Close()) })
		return s
	}
	other, s := connected(), connected()
	must(t, s.logAhead(ctx))
	names, err := fs.Glob(migrations(), "*.sql")
	must(t, err)
	var mu sync.Mutex // the files are read side by side
	done := 0
	files := filesWith{migrations(), func(name string) {
		mu.Lock()
		defer mu.Unlock()
		if done == len(names)-1 {
			return // the last one is never the other's
		}
		done = max(done+1, slices.Index(names, name)+1)
		first := fstest.MapFS{}
		for _, name := range names[:min(done, len(names)-1)] {
			b, err := fs.ReadFile(migrations(), name)
			must(t, err)
			first[name] = &fstest.MapFile{Data: b}
		}
		must(t, other.migrateWith(ctx, 0, first))
	}}
	must(t, s.migrateWith(ctx, 0, files))
	newest, err := newestVersion(migrations())
	must(t, err)
	if v, err := inspect(ctx, path, true, false); err != nil || v != newest {
		t.Errorf("version %d of %d, %v", v, newest, err)
	}
}

func TestBackupNeverOverwrites(t *testing.T) {
	s := newStore(t)
	if err := s.Backup(t.Context(), s.Path()); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a backup onto the database itself: %v", err)
	}
}

func TestTwoProcessesOpenANewFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klokkast.db")
	ids := make([]app.ID, 4)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			s, err := Open(context.Background(), path, testOptions(path))
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			inst, err := s.Installation(context.Background())
			if err != nil {
				t.Error(err)
			}
			ids[i] = inst.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Fatalf("installations %v", ids)
		}
	}
}

func TestReadersNeverWaitForTheWriter(t *testing.T) {
	s := newStore(t)
	log := newLog(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 6 { // more than the pool has
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, err := s.Punches(ctx, app.Span{}); err != nil && ctx.Err() == nil {
					t.Errorf("reading while another writes: %v", err)
					return
				}
				if _, err := s.LogState(ctx, log.key); err != nil && ctx.Err() == nil {
					t.Errorf("reading while another writes: %v", err)
					return
				}
			}
		})
	}
	for range 40 {
		log.store(t, log.next(50))
	}
	cancel()
	wg.Wait()
}

// asNobody runs the calling test again as user nobody.
func asNobody(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "klokkast-nobody")
	must(t, err)
	defer os.RemoveAll(dir)
	must(t, os.Chmod(dir, 0o777))
	binary := filepath.Join(dir, "data.test")
	self, err := os.ReadFile(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(binary, self, 0o755))
	must(t, os.Chmod(binary, 0o755))
	cmd := exec.Command(binary, "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = dir, []string{"TMPDIR=" + dir, "HOME=" + dir}
	if !becomeNobody(cmd) {
		t.Skip("cannot become another user")
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

func hasText(t *testing.T, language app.Language, key string) bool {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("../assets/translations/*%s.json", language))
	must(t, err)
	for _, file := range files {
		b, err := os.ReadFile(file)
		must(t, err)
		if bytes.Contains(b, []byte(`"`+key+`":`)) {
			return true
		}
	}
	return false
}
