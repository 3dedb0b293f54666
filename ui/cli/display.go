package cli

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// What a window may lack: catalogue keys without "cli.".
const (
	missingDisplay = "missing.display"
	missingOpenGL  = "missing.opengl"
)

// MissingForWindow says what this system lacks to show a window: the code of
// the reason, or "" where nothing is known to be in the way. Windows and macOS
// always have a screen; others need an X or Wayland display that answers, and
// an OpenGL driver, without which the window's library ends the program or hangs.
func MissingForWindow(goos string) string {
	switch {
	case goos == "windows" || goos == "darwin":
		return ""
	case !waylandAnswers(os.Getenv("XDG_RUNTIME_DIR"), os.Getenv("WAYLAND_DISPLAY")) && !xAnswers(os.Getenv("DISPLAY")):
		return missingDisplay
	case goos == "linux" && !hasDriver(os.Getenv("LIBGL_DRIVERS_PATH")):
		return missingOpenGL
	}
	return ""
}

const displayTime = 2 * time.Second

func waylandAnswers(folder, display string) bool {
	if display == "" {
		return false
	}
	if !filepath.IsAbs(display) {
		display = filepath.Join(folder, display)
	}
	return answers("unix", display)
}

// xAnswers says that something listens at an X display such as :0, :1.0 or host:10.0.
func xAnswers(display string) bool {
	host, number, ok := cutLast(display, ":")
	if !ok {
		return false
	}
	number, _, _ = strings.Cut(number, ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 {
		return false
	}
	if host != "" && host != "unix" {
		return answers("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)))
	}
	socket := "/tmp/.X11-unix/X" + number
	return answers("unix", socket) || answers("unix", "@"+socket)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func answers(network, address string) bool {
	c, err := net.DialTimeout(network, address, displayTime)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// hasDriver looks for Mesa's drivers, or a maker's own, in the usual places of
// Linux distributions. A distribution that keeps them elsewhere sets LIBGL_DRIVERS_PATH.
func hasDriver(path string) bool {
	if path != "" {
		return true
	}
	for _, pattern := range []string{
		"/usr/lib/*/dri/*_dri.so", "/usr/lib/dri/*_dri.so", "/usr/lib64/dri/*_dri.so", "/usr/lib/*/libGLX_nvidia.so*", "/usr/lib*/libGLX_nvidia.so*",
		"/run/opengl-driver/lib/dri/*", "/usr/lib/*/libgallium*.so", "/usr/lib*/libgallium*.so",
	} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}
