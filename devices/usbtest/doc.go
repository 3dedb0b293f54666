// Package usbtest holds the end-to-end tests of the USB way: the driver over
// the USB library, libusb, usbfs and the kernel, against simulated boxes behind
// the kernel's virtual host controller (package usbip) and its gadget side
// (package gadget). They skip themselves where the kernel has neither.
//
// The script run builds them and runs them in a virtual machine (script vm,
// first process init); make usb-test calls it.
package usbtest
