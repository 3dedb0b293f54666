//go:build cgo

package usbport

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// permitted says that this user may write to the device. hidapi's path on
// Linux is bus:address:interface in hex; what cannot be read so is left to Open.
func permitted(path string) bool {
	var bus, address, iface int
	if n, err := fmt.Sscanf(path, "%x:%x:%x", &bus, &address, &iface); n != 3 || err != nil {
		return true
	}
	return unix.Access(fmt.Sprintf("/dev/bus/usb/%03d/%03d", bus, address), unix.W_OK) == nil
}
