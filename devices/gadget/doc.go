// Package gadget makes a small Linux board with a USB device port a clock box:
// it sets the kernel's HID gadget up (configfs, f_hid), carries reports over
// /dev/hidg0, and takes badges from a keyboard-wedge reader. The box itself is
// package simbox. docs/clockbox-pi.md tells how a board is built with it.
package gadget
