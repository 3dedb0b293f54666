//go:build cgo && !ios && (darwin || windows || freebsd)

package usbport

// permitted: these systems ask nobody for leave to use a vendor's HID device.
func permitted(string) bool { return true }
