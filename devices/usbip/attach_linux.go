package usbip

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const vhci = "/sys/devices/platform/vhci_hcd.0/"

// fullSpeed is USB/IP's code of 12 Mbit/s.
const fullSpeed = 2

// ErrNoController says that the kernel has no virtual host controller loaded.
var ErrNoController = errors.New("no virtual USB host controller (module vhci_hcd)")

// Present says that the kernel has a virtual host controller.
func Present() bool {
	_, err := os.Stat(vhci + "attach")
	return err == nil
}

// Attach plugs a device of that shape into port of the kernel's virtual host
// controller (0 to 7), as root. The gadget's Close, or Detach, is the unplug.
func Attach(port int, shape Shape, interval time.Duration) (*Gadget, error) {
	if !Present() {
		return nil, ErrNoController
	}
	// Close-on-exec: a child that inherited the socket would keep an unplugged cable in.
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("attach: %w", err)
	}
	// Our end only: a blocking read would hold its thread, and Close could not end it.
	if err := unix.SetNonblock(fds[0], true); err != nil {
		_, _ = unix.Close(fds[0]), unix.Close(fds[1])
		return nil, fmt.Errorf("attach: %w", err)
	}
	g := Serve(os.NewFile(uintptr(fds[0]), "usbip"), shape, interval)
	line := fmt.Sprintf("%d %d %d %d", port, fds[1], 1<<16|(port+2), fullSpeed)
	err = os.WriteFile(vhci+"attach", []byte(line), 0)
	_ = unix.Close(fds[1]) // the kernel holds its own
	if err != nil {
		_ = g.Close()
		return nil, fmt.Errorf("attach to port %d: %w", port, err)
	}
	return g, nil
}

// Detach pulls the cable out at the controller's end.
func Detach(port int) error {
	if err := os.WriteFile(vhci+"detach", []byte(strconv.Itoa(port)), 0); err != nil {
		return fmt.Errorf("detach port %d: %w", port, err)
	}
	return nil
}

// Free says that nothing is plugged into port: an unplugged device needs a
// moment to go away, and only then can the port be used again.
func Free(port int) bool {
	b, err := os.ReadFile(vhci + "status")
	if err != nil {
		return false
	}
	for _, line := range strings.Split(string(b), "\n") { // hub port sta spd dev sockfd local_busid
		f := strings.Fields(line)
		if len(f) < 3 || f[0] == "hub" {
			continue
		}
		if n, err := strconv.Atoi(f[1]); err == nil && n == port {
			return f[2] == "004" // VDEV_ST_NULL
		}
	}
	return false
}
