// Package display finds out whether this computer can show a window, before the
// toolkit is asked to: where a display does not answer, refuses or cannot do
// OpenGL, the toolkit hangs, panics or prints its own log. What only shows when
// a window is made (a driver that is missing or too old) the toolkit says in
// that log, which Log reads.
//
// It speaks as much of the X11 and Wayland protocols as these questions need:
// the connection set-up, QueryExtension and glXQueryVersion of X.Org's X11R7.7
// and GLX 1.4 documents, wl_display.sync of the Wayland protocol, and the file
// of cookies as Xau(3) describes it.
package display

import (
	"cmp"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Lack is what a window lacks here.
type Lack string

// What may be missing.
const (
	Nothing Lack = ""
	Display Lack = "display" // no display, or none that answers
	Refused Lack = "refused" // the display does not let this user in
	OpenGL  Lack = "opengl"  // the display or its driver cannot do OpenGL 2.1
)

// patience is how long a display may take to answer. A remote one takes some
// tenths of a second.
const patience = 2 * time.Second

// Found is what was found out about this computer's display.
type Found struct {
	Lack Lack
	// Platform is the one of the toolkit's that must be asked for: "" leaves the
	// choice to it, "x11" is for a session whose Wayland compositor is gone while X
	// answers.
	Platform string

	open net.Conn // to the X server, which may start anew when its only client leaves it
}

// Close ends the connection by which it was found out, once there is a window.
func (f *Found) Close() {
	if f.open != nil {
		_ = f.open.Close() // nothing was written that could be lost
		f.open = nil
	}
}

// Find says what is missing for a window on a system (runtime.GOOS). Windows and
// macOS always have a display.
func Find(goos string) *Found {
	f := &Found{}
	if goos == "windows" || goos == "darwin" {
		return f
	}
	x := os.Getenv("DISPLAY")
	chosen := cmp.Or(os.Getenv("FYNE_PLATFORM"), os.Getenv("XDG_SESSION_TYPE"))
	if chosen != "x11" || x == "" {
		if waylandAnswers() {
			return f
		}
		if os.Getenv("WAYLAND_DISPLAY") != "" {
			f.Platform = "x11"
		}
	}
	f.Lack, f.open = askX(x)
	return f
}

// waylandAnswers says that a Wayland compositor answers a request.
func waylandAnswers() bool {
	if os.Getenv("WAYLAND_SOCKET") != "" {
		return true // a connection that whoever started the program opened for it
	}
	name := cmp.Or(os.Getenv("WAYLAND_DISPLAY"), "wayland-0")
	if !filepath.IsAbs(name) {
		folder := os.Getenv("XDG_RUNTIME_DIR")
		if folder == "" {
			return false
		}
		name = filepath.Join(folder, name)
	}
	c, err := net.DialTimeout("unix", name, patience)
	if err != nil {
		return false
	}
	defer c.Close()
	if c.SetDeadline(time.Now().Add(patience)) != nil {
		return false
	}
	order := nativeOrder()
	sync := order.AppendUint32(nil, 1)       // wl_display
	sync = order.AppendUint32(sync, 12<<16)  // 12 bytes, request 0: sync
	sync = order.AppendUint32(sync, 2)       // the callback
	if _, err := c.Write(sync); err != nil { // any answer will do: the compositor lives
		return false
	}
	_, err = c.Read(make([]byte, 8))
	return err == nil
}
