package display

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// server is an X server that says what it is told to.
type server struct {
	cookie  string // that it wants; "" lets everybody in
	silent  bool
	glx     bool
	version uint32 // minor, of GLX 1
}

// listen starts the server on loopback and gives its DISPLAY.
func (s server) listen(t *testing.T) string {
	t.Helper()
	for n := 60; n < 100; n++ {
		display := "127.0.0.1:" + string(rune('0'+n/10)) + string(rune('0'+n%10))
		places, _ := parseDisplay(display)
		l, err := net.Listen("tcp", places[0].name)
		if err != nil {
			continue
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go func() {
					defer c.Close()
					s.serve(c)
				}()
			}
		}()
		return display + ".0"
	}
	t.Skip("the ports of all displays are taken")
	return ""
}

func (s server) serve(c net.Conn) {
	head := make([]byte, 12)
	if _, err := io.ReadFull(c, head); err != nil {
		return
	}
	name := make([]byte, (order.Uint16(head[6:])+3)/4*4)
	secret := make([]byte, (order.Uint16(head[8:])+3)/4*4)
	if _, err := io.ReadFull(c, append(name, secret...)); err != nil {
		return
	}
	if s.silent {
		_, _ = io.Copy(io.Discard, c) // until the other side has enough
		return
	}
	if s.cookie != "" && order.Uint16(head[8:]) == 0 {
		_, _ = c.Write([]byte{0, 4, 11, 0, 0, 0, 1, 0, 'n', 'o', 'n', 'e'})
		return
	}
	_, _ = c.Write([]byte{1, 0, 11, 0, 0, 0, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8})
	for {
		ask := make([]byte, 12)
		if _, err := io.ReadFull(c, ask); err != nil {
			return
		}
		reply := make([]byte, 32)
		reply[0] = 1
		switch {
		case ask[0] == 98 && s.glx:
			reply[8], reply[9] = 1, 150
		case ask[0] == 150:
			order.PutUint32(reply[8:], 1)
			order.PutUint32(reply[12:], s.version)
		}
		event := make([]byte, 32) // an event may always come between
		event[0] = 22
		_, _ = c.Write(append(event, reply...))
	}
}

// ask asks a display. Only one that lacks nothing stays connected.
func ask(t *testing.T, display string) Lack {
	t.Helper()
	lack, c := askX(display)
	if c != nil {
		defer c.Close()
	}
	if lack != Nothing && c != nil {
		t.Errorf("lacks %q, and the connection is kept", lack)
	}
	return lack
}

func TestWhatAnXServerLacksIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		server server
		want   Lack
	}{
		"everything is there": {server{glx: true, version: 4}, Nothing},
		"no GLX":              {server{}, OpenGL},
		"an old GLX":          {server{glx: true, version: 2}, OpenGL},
		"never answers":       {server{silent: true}, Display},
		"lets nobody in":      {server{cookie: "secret"}, Refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("XAUTHORITY", filepath.Join(t.TempDir(), "none"))
			if got := ask(t, c.server.listen(t)); got != c.want {
				t.Errorf("lacks %q, want %q", got, c.want)
			}
		})
	}
}

// entry is one of a cookie file: family, address, display, name, secret.
func entry(number, name, secret string) []byte {
	b := []byte{1, 0}
	for _, f := range []string{"this-computer", number, name, secret} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(f)))
		b = append(b, f...)
	}
	return b
}

func TestACookieOpensTheDisplay(t *testing.T) {
	display := server{cookie: "secret", glx: true, version: 4}.listen(t)
	_, number := parseDisplay(display)
	file := filepath.Join(t.TempDir(), "cookies")
	t.Setenv("XAUTHORITY", file)
	for name, c := range map[string]struct {
		content []byte
		want    Lack
	}{
		"its own":           {append(entry("1", cookieName, "other"), entry(number, cookieName, "0123456789abcdef")...), Nothing},
		"one for all":       {entry("", cookieName, "0123456789abcdef"), Nothing},
		"another's":         {entry("1", cookieName, "other"), Refused},
		"of a kind unknown": {entry(number, "XDM-AUTHORIZATION-1", "x"), Nothing}, // the toolkit tells
		"torn":              {entry(number, cookieName, "0123456789abcdef")[:20], Refused},
	} {
		if err := os.WriteFile(file, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ask(t, display); got != c.want {
			t.Errorf("%s: lacks %q, want %q", name, got, c.want)
		}
	}
}

func TestADisplayIsNamedInManyWays(t *testing.T) {
	for display, want := range map[string]struct{ first, number string }{
		":0":               {"@/tmp/.X11-unix/X0", "0"},
		":1.0":             {"@/tmp/.X11-unix/X1", "1"},
		"unix:2":           {"@/tmp/.X11-unix/X2", "2"},
		"unix/any:2":       {"@/tmp/.X11-unix/X2", "2"},
		"server:10.0":      {"server:6010", "10"},
		"tcp/server:10":    {"server:6010", "10"},
		"[::1]:3":          {"[::1]:6003", "3"},
		"/run/sockets/x:4": {"", "4"},
		"":                 {"", ""},
		"nonsense":         {"", ""},
		":x":               {"", ""},
		":99999":           {"", ""},
	} {
		places, number := parseDisplay(display)
		first := ""
		if len(places) > 0 {
			first = places[0].name
		}
		if number != want.number || first != want.first {
			t.Errorf("%q: %q, display %q", display, first, number)
		}
	}
}

func TestADisplayNobodyListensAtIsNone(t *testing.T) {
	for _, display := range []string{"", "nonsense", ":x", ":987", "127.0.0.1:59000", "/nowhere:0"} {
		if got := ask(t, display); got != Display {
			t.Errorf("display %q lacks %q", display, got)
		}
	}
}

func TestWindowsAndMacOSAlwaysHaveADisplay(t *testing.T) {
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XDG_RUNTIME_DIR"} {
		t.Setenv(name, "")
	}
	for goos, want := range map[string]Lack{"windows": Nothing, "darwin": Nothing, "linux": Display, "freebsd": Display} {
		if got := Find(goos).Lack; got != want {
			t.Errorf("%s lacks %q, want %q", goos, got, want)
		}
	}
}

func TestAWaylandCompositorAnswersOrX11IsAskedFor(t *testing.T) {
	dir := t.TempDir()
	for name, value := range map[string]string{
		"XDG_RUNTIME_DIR": dir, "WAYLAND_DISPLAY": "wayland-7", "WAYLAND_SOCKET": "", "XDG_SESSION_TYPE": "wayland", "FYNE_PLATFORM": "",
		"DISPLAY": server{glx: true, version: 4}.listen(t),
	} {
		t.Setenv(name, value)
	}
	f := Find("linux")
	f.Close()
	if f.Platform != "x11" || f.Lack != Nothing {
		t.Errorf("the compositor is gone: %q, %q", f.Platform, f.Lack)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "wayland-7"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			ask := make([]byte, 12)
			if _, err := io.ReadFull(c, ask); err == nil {
				_, _ = c.Write(ask) // in form, if not in content, what a compositor says
			}
			c.Close()
		}
	}()
	t.Setenv("DISPLAY", "")
	if f := Find("linux"); f.Platform != "" || f.Lack != Nothing {
		t.Errorf("the compositor answers: %q, %q", f.Platform, f.Lack)
	}
}

func TestALogTellsWhatIsMissing(t *testing.T) {
	for said, want := range map[string]Lack{
		"Fyne error:  failed to initialise GLFW\n":        Display,
		"Fyne error:  window creation error\n":            OpenGL,
		"Fyne error:  failed to initialise OpenGL\n":      OpenGL,
		"Fyne error:  Preferences load error:\n  Cause: ": Nothing,
	} {
		var l Log
		var out bytes.Buffer
		if _, err := io.WriteString(&l, said); err != nil {
			t.Fatal(err)
		}
		if got := l.Lack(); got != want || l.Held() != said {
			t.Errorf("%q: %q, held %q", said, got, l.Held())
		}
		if err := l.Pass(&out); err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(&l, "later\n")
		if !strings.HasSuffix(out.String(), "later\n") || !strings.HasPrefix(out.String(), said) {
			t.Errorf("%q is passed on as %q", said, out.String())
		}
	}
}
