package cli

import (
	"net"
	"path/filepath"
	"testing"
)

func TestADisplayThatDoesNotAnswerIsNone(t *testing.T) {
	for _, display := range []string{"", "nonsense", ":x", ":987", "127.0.0.1:59000"} {
		if xAnswers(display) {
			t.Errorf("display %q answers", display)
		}
	}
}

func TestAnXServerOnTCPAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:6087")
	if err != nil {
		t.Skip("the port of display 87 is taken:", err)
	}
	defer l.Close()
	if !xAnswers("127.0.0.1:87.0") {
		t.Error("a display that listens does not answer")
	}
}

func TestAWaylandSocketAnswers(t *testing.T) {
	dir := t.TempDir()
	if waylandAnswers(dir, "wayland-0") || waylandAnswers(dir, "") {
		t.Error("a display that is not there answers")
	}
	l, err := net.Listen("unix", filepath.Join(dir, "wayland-0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if !waylandAnswers(dir, "wayland-0") || !waylandAnswers("", filepath.Join(dir, "wayland-0")) {
		t.Error("a display that listens does not answer")
	}
}

func TestWindowsAndMacOSAlwaysHaveAScreen(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	for goos, want := range map[string]string{"windows": "", "darwin": "", "linux": missingDisplay, "freebsd": missingDisplay} {
		if got := MissingForWindow(goos); got != want {
			t.Errorf("%s lacks %q, want %q", goos, got, want)
		}
	}
}
