// Package ocb is the wire of OCB/1, the Open Clock Box protocol: reports,
// messages, commands, log records and the hash chain, as devices/PROTOCOL.md
// describes them. It holds no state but a reassembly buffer, opens nothing and
// reads no clock: package host drives a box with it, package simbox is one.
//
// Every decoder takes bytes from a stranger. None panics, none allocates by a
// length that it has not checked against the bytes at hand; each has a fuzz
// target.
package ocb

// Port carries 64-byte reports to and from the other side: USB HID, memory or
// a loopback connection. One goroutine may read while another writes.
type Port interface {
	// ReadReport waits for a report and gives the number of bytes that came:
	// 64, or less for a short one, which callers skip (0 occurs on real kernels).
	// An error is final.
	ReadReport(r *[ReportSize]byte) (n int, err error)
	// WriteReport sends one report whole. An error is final.
	WriteReport(r *[ReportSize]byte) error
	// Close ends the port. It may be called at any time and twice.
	Close() error
}
