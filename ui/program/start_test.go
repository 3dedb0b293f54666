//go:build !nowindow

package program

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// safeBuffer takes what a process says while the test reads it.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// filesIn returns the contents of a folder, by path.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			all[path] = "folder"
			return err
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

// Whatever is wrong with the database, there is a window that says so until it is
// closed, in the language of the system; standard error says it at once, the exit
// code is 1, and no file is another one afterwards.
func TestAWindowSaysWhyItCannotStart(t *testing.T) {
	s := newScreen(t)
	for name, c := range map[string]struct {
		lang  string
		spoil func(t *testing.T, dir, db string)
		says  string
	}{
		"damaged": {"nl_BE.UTF-8", func(t *testing.T, _, db string) {
			f, err := os.OpenFile(db, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteAt(bytes.Repeat([]byte{0xA5}, 8*4096), 20*4096); err != nil {
				t.Fatal(err)
			}
		}, "De database is beschadigd"},
		"a folder": {"fr_BE.UTF-8", func(t *testing.T, _, db string) {
			if err := os.Rename(db, db+".old"); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(db, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "Il y a ici un dossier"},
		"without its key": {"de_DE.UTF-8", func(t *testing.T, _, db string) {
			if err := os.Remove(db + ".key"); err != nil {
				t.Fatal(err)
			}
		}, "Der Schlüsselbund"},
		"newer": {"en_GB.UTF-8", func(t *testing.T, _, db string) {
			change(t, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
		}, "newer version of Klokkast"},
		"another program's": {"C", func(t *testing.T, _, db string) {
			change(t, db, "PRAGMA application_id = 7")
		}, "belongs to another program"},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			dir := t.TempDir()
			db := filepath.Join(dir, "klokkast.db")
			run(t, nil, "--db", db, "employer", "add", "--name", "Blinkend Schoon BV", "--enterprise", "0123.456.749")
			c.spoil(t, dir, db)
			before := filesIn(t, dir)
			said, ended := s.begin("LANG="+c.lang, "--db", db)
			s.until("the reason on standard error", func() bool { return strings.Contains(said.String(), c.says) })
			window := s.window()
			s.until("the reason to be drawn", func() bool { return s.picture("failed") > 20 })
			s.until("the program to end", func() bool {
				_, _ = s.do("xdotool", "key", "--window", window, "Escape")
				select {
				case code := <-ended:
					if code != 1 {
						t.Errorf("exit code %d", code)
					}
					return true
				case <-time.After(time.Second):
					return false
				}
			})
			if n := strings.Count(said.String(), c.says); n != 1 {
				t.Errorf("said %d times: %s", n, said)
			}
			if after := filesIn(t, dir); !maps.Equal(before, after) {
				t.Errorf("files before: %v, after: %v", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
			}
		})
	}
}

// change does one statement with SQLite's own program.
func change(t *testing.T, db, statement string) {
	t.Helper()
	if out, err := exec.Command("sqlite3", db, statement).CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
}

// begin starts the program on the screen and gives what it says, and its exit code once it has ended.
func (s *screen) begin(env string, args ...string) (*safeBuffer, <-chan int) {
	s.t.Helper()
	c := exec.Command(binary(s.t), args...)
	c.Env = append(slices.Clone(s.env), env)
	said := &safeBuffer{}
	c.Stdout, c.Stderr = said, said
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan int, 1)
	go func() {
		_ = c.Wait() // its exit code is what counts
		ended <- c.ProcessState.ExitCode()
	}()
	s.t.Cleanup(func() {
		_ = c.Process.Kill()
		if s.t.Failed() {
			s.t.Log(said.String())
		}
	})
	return said, ended
}

// window waits for the program's window, gives it the keyboard, and gives its id.
func (s *screen) window() string {
	s.t.Helper()
	var window string
	s.until("the window", func() bool {
		out, err := s.do("xdotool", "search", "--onlyvisible", "--name", "Klokkast")
		window = strings.Split(out, "\n")[0]
		return err == nil && window != ""
	})
	s.until("the keyboard", func() bool { // a window that was just mapped may refuse it once
		_, err := s.do("xdotool", "windowfocus", "--sync", window)
		return err == nil
	})
	return window
}

// A display that cannot do OpenGL, or does not answer, is told apart before
// anything is opened: the program says so and ends.
func TestADisplayThatCannotShowTheWindowIsNamed(t *testing.T) {
	without, with := newScreen(t, "-extension", "GLX"), newScreen(t)
	silent, err := net.Listen("unix", filepath.Join(t.TempDir(), "display:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	go func() {
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, c) }() // and never a word
		}
	}()
	const openGL, display = "needs OpenGL 2.1", "no display"
	for name, c := range map[string]struct {
		screen *screen
		env    []string
		says   string
	}{
		"without GLX":          {without, nil, openGL},
		"indirect only":        {with, []string{"LIBGL_ALWAYS_INDIRECT=1"}, openGL},
		"an old OpenGL":        {with, []string{"MESA_GL_VERSION_OVERRIDE=1.4"}, openGL},
		"no driver":            {with, []string{"LIBGL_DRIVERS_PATH=/nonexistent"}, openGL},
		"nobody listens":       {with, []string{"DISPLAY=:4321"}, display},
		"nobody ever answers":  {with, []string{"DISPLAY=" + silent.Addr().String()}, display},
		"a name that is none":  {with, []string{"DISPLAY=nonsense"}, display},
		"demo and old drivers": {with, []string{"MESA_GL_VERSION_OVERRIDE=1.4"}, openGL},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			args := []string{"--db", filepath.Join(dir, "klokkast.db")}
			if strings.HasPrefix(name, "demo") { // it is not even begun
				args = []string{"demo", "--dir", filepath.Join(dir, "demo"), "--window"}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			p := exec.CommandContext(ctx, binary(t), args...)
			p.Env = append(slices.Clone(c.screen.env), c.env...)
			began := time.Now()
			out, err := p.CombinedOutput()
			t.Log("ended after", time.Since(began).Round(100*time.Millisecond))
			if !strings.Contains(string(out), c.says) || err == nil {
				t.Errorf("%v\n%s", err, out)
			}
			for _, raw := range []string{"Unavailable", "Fyne", "panic", "goroutine"} {
				if strings.Contains(string(out), raw) {
					t.Errorf("%s is for engineers:\n%s", raw, out)
				}
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// What is waited for at a start is said; once it is there, the window goes on.
func TestADatabaseThatIsHeldIsOpenedOnceItIsFree(t *testing.T) {
	s := newScreen(t)
	dir := t.TempDir()
	db := filepath.Join(dir, "klokkast.db")
	run(t, nil, "--db", db, "employer", "add", "--name", "Blinkend Schoon BV", "--enterprise", "0123.456.749")
	holder := exec.Command("sqlite3", db)
	in, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Skip("sqlite3 is not installed:", err)
	}
	defer holder.Process.Kill()
	if _, err := io.WriteString(in, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 'held';\n"); err != nil {
		t.Fatal(err)
	}
	for held := ""; !strings.Contains(held, "held"); {
		b := make([]byte, 100)
		n, err := out.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		held += string(b[:n])
	}
	said, ended := s.begin("LANG=en_GB.UTF-8", "--db", db)
	s.until("the reason", func() bool { return strings.Contains(said.String(), "keeps the database busy") })
	s.window()
	if err := in.Close(); err != nil { // it lets go
		t.Fatal(err)
	}
	_ = holder.Wait()
	s.must("xdotool", "key", "Return") // try again
	s.until("the window to be drawn", func() bool { return s.picture("opened") > 100 })
	s.until("the program to end", func() bool {
		_, _ = s.do("xdotool", "key", "Escape", "ctrl+q")
		select {
		case code := <-ended:
			if code != 0 {
				t.Errorf("exit code %d", code)
			}
			return true
		case <-time.After(2 * time.Second):
			return false
		}
	})
}
