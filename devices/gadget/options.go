package gadget

import (
	"errors"
	"io"

	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
)

// ErrNoController says that this board has no USB device controller, or that
// the kernel's gadget modules (libcomposite, usb_f_hid) are not loaded.
var ErrNoController = errors.New("no USB device controller (modules libcomposite and usb_f_hid, and a driver such as dwc2)")

// Shape is what the box says of itself on the cable.
type Shape struct {
	Vendor, Product uint16
	Serial          string // for people only: boxes are known by what they say, never by this
}

// Options of a board that is a clock box.
type Options struct {
	Dir   string // of the box; made when there is none
	Label string // of a box that is made
	Shape Shape
	// Controller is the USB device controller; "" is the only one.
	Controller string
	// Reader is what types badges: an evdev device such as
	// /dev/input/by-id/…-event-kbd, or "-" for lines on Input.
	Reader string
	// Input is read line by line when Reader is "-".
	Input    io.Reader
	Notation Notation       // of the reader
	Tech     ocb.Technology // of its cards
	// Keys are evdev devices with F1 to F4 (in, out, break start, break end) and
	// PROG1 (the box's button); each of the board's gpio-key overlays is one.
	Keys []string
	Beep func(simbox.Beep)
	// ClockKept says that the board's clock runs on without power. Without it the
	// box says at every start that its clock is lost, until it is set.
	ClockKept bool
}

// Ready says what runs.
type Ready struct {
	UID    string
	Device string
}
