//go:build !nowindow

package program

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// screen is an X server of its own for one test.
type screen struct {
	t    *testing.T
	env  []string
	home string
}

// newScreen starts an X server without a window manager, and skips the test
// where the machine has none of the tools. More are arguments of the server's.
func newScreen(t *testing.T, more ...string) *screen {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "import", "identify"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool, "is not installed")
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp"}, more...)...)
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Skip("no X server can be started:", err)
	}
	w.Close()
	t.Cleanup(func() {
		_ = x.Process.Kill()
		_ = x.Wait()
	})
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal("the X server names no display:", err)
	}
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".cache"), 0o700); err != nil {
		t.Fatal(err)
	}
	return &screen{t: t, home: home, env: []string{
		"DISPLAY=:" + strings.TrimSpace(number), "HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_RUNTIME_DIR=" + home, "PATH=" + os.Getenv("PATH"),
		"LANG=en_GB.UTF-8", "TZ=Europe/Brussels", "FYNE_SCALE=1", "FYNE_THEME=light", "LIBGL_ALWAYS_SOFTWARE=1",
	}}
}

func (s *screen) do(name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Env = s.env
	out, err := c.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (s *screen) must(name string, args ...string) string {
	s.t.Helper()
	out, err := s.do(name, args...)
	if err != nil {
		s.t.Fatalf("%s %v: %v %s", name, args, err, out)
	}
	return out
}

// until waits for something that comes by itself: a window, a row in the database.
func (s *screen) until(what string, done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if done() {
			return
		}
	}
	s.t.Fatal("waited in vain for ", what)
}

// picture returns the number of colours on the screen, and keeps the picture when the test fails.
func (s *screen) picture(name string) int {
	s.t.Helper()
	file := filepath.Join(s.home, name+".png")
	s.must("import", "-window", "root", file)
	var colours int
	if _, err := fmt.Sscan(s.must("identify", "-format", "%k", file), &colours); err != nil {
		s.t.Fatal(err)
	}
	return colours
}

// The window on the demo company: every screen is drawn, the boxes are read by
// a shortcut, and closing it ends the program.
func TestTheWindowShowsItsScreensAndReadsTheBoxes(t *testing.T) {
	t.Parallel()
	db := database(demoFolder(t))
	s := newScreen(t)
	_, ended := s.begin("LANG=en_GB.UTF-8", "--db", db, "--lang", "en", "window")
	s.window()
	for n := 1; n <= 8; n++ {
		s.must("xdotool", "key", fmt.Sprintf("ctrl+%d", n))
		s.until(fmt.Sprintf("screen %d to be drawn", n), func() bool { return s.picture(fmt.Sprint("screen-", n)) > 100 })
		select {
		case code := <-ended:
			t.Fatalf("the program ended at screen %d with %d", n, code)
		default:
		}
	}
	before := one(t, db, "SELECT count(*) FROM reading")
	s.must("xdotool", "key", "ctrl+l")
	s.until("the boxes to be read", func() bool {
		return one(t, db, "SELECT count(*) - "+before+" FROM reading WHERE state = 'done'") == "12"
	})
	s.until("the program to end", func() bool {
		// While the last box is being closed the window asks whether to stop: no, and once more.
		_, _ = s.do("xdotool", "key", "Escape", "ctrl+q")
		select {
		case code := <-ended:
			if code != 0 {
				t.Errorf("the program ended with %d", code)
			}
			return true
		case <-time.After(2 * time.Second):
			return false
		}
	})
	run(t, nil, "--db", db, "verify")
}

func TestWithoutADisplayTheDemoGoesOnInTheTerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := command(t, "demo", "--dir", dir, "--month", "2026-10", "--no-send", "--window") // its environment has no display
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "no display") || !strings.Contains(string(out), "presences") {
		t.Errorf("%v\n%s", err, out)
	}
}
