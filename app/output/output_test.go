package output

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// known is a memory in memory.
type known map[string]bool

func (k known) Wrote(_ context.Context, hash string) (bool, error) { return k[hash], nil }
func (k known) NoteWritten(_ context.Context, hash string) error   { k[hash] = true; return nil }

const (
	sqlite = "SQLite format 3\x00 and pages of it"
	aHex   = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
	aPEM   = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
)

// house is a folder with a company in it, and the guard of its program.
type house struct {
	*Guard
	t   *testing.T
	dir string
}

func newHouse(t *testing.T) house {
	dir := t.TempDir()
	h := house{t: t, dir: dir, Guard: &Guard{Memory: known{}, Own: Own{
		Databases: []string{filepath.Join(dir, "k.db")}, Folders: []string{filepath.Join(dir, "pairing"), filepath.Join(dir, "state")},
	}}}
	for path, content := range map[string]string{
		"k.db": sqlite, "k.db-wal": "log", "k.db.key": aHex, "pairing/0011.key": aHex, "state/witness.json": "{}",
		"k-version-3-2026-01-01-100000.db": sqlite, "other/company.db": sqlite, "other/company.db.key": aHex, "other/nsso.pem": aPEM,
		"other/log-wal": "\x37\x7f\x06\x82", "other/notes.pdf": "mine", "sub/empty.txt": "",
	} {
		h.put(path, content)
	}
	return h
}

func (h house) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return h.dir + string(filepath.Separator) + filepath.FromSlash(name) // as it is spelt
}

func (h house) put(name, content string) {
	h.t.Helper()
	must(h.t, os.MkdirAll(filepath.Dir(h.path(name)), 0o700))
	must(h.t, os.WriteFile(h.path(name), []byte(content), 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// all returns every file of the house with what is in it, past links.
func (h house) all() map[string]string {
	out := map[string]string{}
	must(h.t, filepath.WalkDir(h.dir, func(path string, d os.DirEntry, err error) error {
		if info, e := os.Stat(path); e == nil && info.Mode().IsRegular() {
			b, _ := os.ReadFile(path)
			out[path] = string(b)
			return err
		}
		out[path] = d.Type().String()
		return err
	}))
	return out
}

func (h house) write(path string, replace bool) error {
	_, err := h.Write(h.t.Context(), path, replace, PDF, says("a paper"))
	return err
}

func says(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func problem(err error) Problem {
	var e *Error
	if errors.As(err, &e) {
		return e.Problem
	}
	return ""
}

// What the program lives on, and every other database and key, is never
// replaced, whatever its path is spelt like, whatever its ending is and whether
// or not replacing was asked for; and nothing is made in its place either.
func TestNothingPreciousIsEverReplaced(t *testing.T) {
	h := newHouse(t)
	ours := []string{
		"k.db", "./k.db", "sub/../k.db", "sub/.//../k.db", "k.db-wal", "k.db-shm", "k.db-journal", "k.db.key", "K.DB-SHM", "k.db-Journal",
		"k.db-shm/october.pdf", "k.db-journal/a/b.pdf", "k.db/october.pdf", "pairing/0011.key", "pairing/october.pdf", "pairing/a/b/c.pdf", "pairing", "PAIRING/../pairing/x.pdf",
		"state/witness.json", "state/x.pdf", "k-version-3-2026-01-01-100000.db",
		"other/company.db", "other/company.db-wal", "other/company.db-journal", "other/COMPANY.DB.key", "other/company.db.key", "other/nsso.pem", "other/log-wal",
	}
	if runtime.GOOS != "windows" {
		ours = append(ours, h.links()...)
	}
	ours = slices.DeleteFunc(ours, func(p string) bool { // other letters are another file where the file system says so
		_, err := os.Stat(h.path("OTHER"))
		return err != nil && (strings.HasPrefix(p, "PAIRING") || strings.Contains(p, "COMPANY"))
	})
	before := h.all()
	for _, p := range ours {
		for _, replace := range []bool{false, true} {
			if err := h.write(h.path(p), replace); problem(err) != Precious {
				t.Errorf("%s, replacing %v: %v", p, replace, err)
			}
		}
		if _, err := h.Place(h.path(p), "october.pdf"); problem(err) != Precious {
			t.Errorf("placed at %s: %v", p, err)
		}
		if err := h.MakeFolder(h.path(p)); problem(err) != Precious {
			t.Errorf("folder %s: %v", p, err)
		}
		if err := h.Home(h.path(p)); problem(err) != Precious {
			t.Errorf("home %s: %v", p, err)
		}
	}
	if !maps.Equal(before, h.all()) {
		t.Errorf("something changed: %v", h.all())
	}
}

// links makes other ways to what is precious, and gives them.
func (h house) links() []string {
	must(h.t, os.Link(h.path("k.db"), h.path("hard.pdf")))
	must(h.t, os.Link(h.path("k.db.key"), h.path("hardkey.pdf")))
	for name, to := range map[string]string{
		"soft.pdf": "k.db", "softer.pdf": "soft.pdf", "dangling.pdf": "k.db-shm", "sub/back": "..", "sub/elsewhere": h.path("other"), "keys": "pairing",
	} {
		must(h.t, os.Symlink(to, h.path(name)))
	}
	return []string{"hard.pdf", "hardkey.pdf", "soft.pdf", "softer.pdf", "dangling.pdf", "sub/back/k.db", "sub/back/k.db-journal", "sub/elsewhere/../k.db-shm",
		"sub/elsewhere/company.db", "keys/x.pdf", "keys"}
}

// A file of somebody else's is replaced when that was asked for, and one of ours always.
func TestFilesOfOthersAreReplacedOnlyWhenAsked(t *testing.T) {
	h := newHouse(t)
	path := h.path("other/notes.pdf")
	if err := h.write(path, false); problem(err) != Foreign {
		t.Fatalf("%v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "mine" {
		t.Fatalf("the file holds %q", got)
	}
	must(t, h.write(path, true))
	must(t, h.write(path, false)) // it is ours now
	must(t, os.WriteFile(path, []byte("a paper, signed"), 0o600))
	if err := h.write(path, false); problem(err) != Foreign {
		t.Errorf("a changed paper: %v", err)
	}
}

// Whoever writes many files is told of all that are somebody else's, at once.
func TestManyAreCheckedBeforeAnyIsWritten(t *testing.T) {
	h := newHouse(t)
	h.put("other/more.pdf", "mine too")
	new, notes, more := h.path("other/new.pdf"), h.path("other/notes.pdf"), h.path("other/more.pdf")
	err := h.Check(t.Context(), false, PDF, new, notes, more)
	var e *Error
	if !errors.As(err, &e) || e.Problem != Foreign || !slices.Equal(e.Paths, []string{notes, more}) {
		t.Errorf("%v", err)
	}
	must(t, h.Check(t.Context(), true, PDF, new, notes, more))
	if err := h.Check(t.Context(), true, PDF, new, notes, h.path("k.db")); problem(err) != Precious {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoFileIsRefusedInClearWords(t *testing.T) {
	h := newHouse(t)
	must(t, os.Mkdir(h.path("folder.pdf"), 0o700))
	cases := map[string]Problem{
		"folder.pdf": FileWanted, "folder.pdf/": FileWanted, "sub": FileWanted, "new.pdf/": FileWanted, "": FileWanted,
		"sub/empty.txt": OtherEnding, "new.docx": OtherEnding, "new": OtherEnding, "new.pdf.bak": OtherEnding, "new.xlsx": OtherEnding,
		"sub/empty.txt/x.pdf": NoFolder, "sub/empty.txt/a/b.pdf": NoFolder, strings.Repeat("a", 300) + ".pdf": "",
	}
	if runtime.GOOS == "linux" {
		must(t, syscall.Mkfifo(h.path("pipe.pdf"), 0o600))
		must(t, os.Symlink("pipe.pdf", h.path("piped.pdf")))
		must(t, os.Symlink("gone.pdf", h.path("nowhere.pdf")))
		must(t, os.Symlink("loop.pdf", h.path("loop.pdf")))
		must(t, os.Symlink("sub/empty.txt", h.path("text.pdf")))
		maps.Copy(cases, map[string]Problem{
			"/dev/full": Special, "/dev/null": Special, "/dev/stdout": Special, "pipe.pdf": Special, "piped.pdf": Special,
			"nowhere.pdf": LeadsNowhere, "loop.pdf": LeadsNowhere, "text.pdf": OtherEnding,
		})
	}
	before := h.all()
	for p, want := range cases {
		at := p
		if p != "" {
			at = h.path(p)
		}
		for _, replace := range []bool{false, true} {
			if err := h.write(at, replace); err == nil || problem(err) != want {
				t.Errorf("%q, replacing %v: %v, want %s", p, replace, err, want)
			}
		}
	}
	if !maps.Equal(before, h.all()) {
		t.Errorf("something changed: %v", h.all())
	}
}

func TestAFileOrAFolder(t *testing.T) {
	h := newHouse(t)
	must(t, os.Mkdir(h.path("folder.pdf"), 0o700))
	must(t, os.Mkdir(h.path("old.xls"), 0o700))
	for _, c := range []struct {
		out, want string
		problem   Problem
	}{
		{"sub", "sub/october.pdf", ""}, {"sub/", "sub/october.pdf", ""}, {".", "october.pdf", ""}, {"new", "new/october.pdf", ""},
		{"2026.10", "2026.10/october.pdf", ""}, {"jan.janssens", "jan.janssens/october.pdf", ""},
		{"x.pdf", "x.pdf", ""}, {"x.PDF", "x.PDF", ""}, {"new/x.pdf", "new/x.pdf", ""},
		{"folder.pdf", "folder.pdf/october.pdf", ""}, {"old.xls", "old.xls/october.pdf", ""}, {"new.d/", "new.d/october.pdf", ""},
		{"x.docx", "", OtherEnding}, {"x.db", "", OtherEnding}, {"sub/empty.txt", "", OtherEnding}, {"k.db", "", Precious},
	} {
		got, err := h.Place(h.path(c.out), "october.pdf")
		if problem(err) != c.problem || err == nil && filepath.Clean(got) != filepath.Clean(h.path(c.want)) {
			t.Errorf("%s: %s, %v", c.out, got, err)
		}
	}
	for out, want := range map[string]Problem{
		"sub": "", "new/a": "", "new.d/": "", "old.xls": "", "2026.10": "", "x.pdf": FolderWanted, "x.docx": FolderWanted, "sub/empty.txt": NoFolder, "sub/empty.txt/x": NoFolder,
	} {
		if err := h.Folder(h.path(out)); problem(err) != want {
			t.Errorf("folder %s: %v, want %q", out, err, want)
		}
	}
}

// A demo, a box and a register live in a folder of their own.
func TestHome(t *testing.T) {
	h := newHouse(t)
	h.put("box/box.json", "{}")
	h.put("box/log.ocb", "")
	h.put("half/box.json.new", "")
	must(t, os.Mkdir(h.path("empty"), 0o700))
	must(t, os.Mkdir(h.path("folder"), 0o700))
	must(t, os.Mkdir(h.path("folder/box.json"), 0o700))
	for dir, want := range map[string]Problem{
		"new": "", "fresh/deep": "", "empty": "", "box": "", "half": "", "other": Occupied, "folder": Occupied, "sub": Occupied, "sub/empty.txt": NoFolder, ".": Precious, "pairing": Precious,
	} {
		if err := h.Home(h.path(dir), "box.json"); problem(err) != want {
			t.Errorf("%s: %v, want %q", dir, err, want)
		}
	}
}

// When anything fails, the file stays as it was and nothing is left beside it.
func TestAFileIsWholeOrNotThere(t *testing.T) {
	h := newHouse(t)
	path := h.path("new/2026-11-peeters-an.pdf")
	must(t, h.write(path, false))
	broken := errors.New("no more ink")
	_, err := h.Write(t.Context(), path, false, PDF, func(w io.Writer) error {
		io.WriteString(w, "half of thr")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	_, err = h.Write(t.Context(), path, false, PDF, func(w io.Writer) error { // somebody puts a file there meanwhile
		return os.WriteFile(path, []byte("mine"), 0o600)
	})
	if problem(err) != Foreign {
		t.Errorf("error %v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "mine" {
		t.Errorf("the file holds %q", got)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
	must(t, h.write(path, true))
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// A link to a paper stays a link.
func TestALinkToAFileStays(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	h := newHouse(t)
	must(t, h.write(h.path("sub/real.pdf"), false))
	must(t, os.Symlink("sub/real.pdf", h.path("link.pdf")))
	_, err := h.Write(t.Context(), h.path("link.pdf"), false, PDF, says("another"))
	must(t, err)
	if info, _ := os.Lstat(h.path("link.pdf")); info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is gone")
	}
	if got, _ := os.ReadFile(h.path("sub/real.pdf")); string(got) != "another" {
		t.Errorf("the file holds %q", got)
	}
}

func TestErrorsOfFilesNameNoPerson(t *testing.T) {
	h := newHouse(t)
	h.put("peeters.pdf", "mine")
	h.put("file", "")
	for _, path := range []string{"peeters.pdf", "peeters.docx", "file/peeters.pdf", "pairing/peeters.pdf"} {
		if err := h.write(h.path(path), false); err == nil || strings.Contains(err.Error(), "peeters") {
			t.Errorf("error %v", err)
		}
	}
}
