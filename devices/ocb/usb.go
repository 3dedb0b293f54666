package ocb

// UsagePage and Usage mark a box among the HID devices of a computer.
const (
	UsagePage = 0xFFC0
	Usage     = 0x01
)

// ReportDescriptor returns a box's HID report descriptor: one unnumbered input
// and output report of 64 bytes.
func ReportDescriptor() []byte {
	return []byte{
		0x06, UsagePage & 0xFF, UsagePage >> 8, // usage page
		0x09, Usage, // usage
		0xA1, 0x01, // collection: application
		0x09, 0x20, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, ReportSize, 0x81, 0x02, // input
		0x09, 0x21, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, ReportSize, 0x91, 0x02, // output
		0xC0,
	}
}

// DeviceDescriptor returns a box's USB device descriptor: USB 2.0, class by interface, strings 1 to 3 (maker, name, serial), one configuration.
func DeviceDescriptor(vendor, product uint16) []byte {
	return []byte{18, 1, 0, 2, 0, 0, 0, 64, byte(vendor), byte(vendor >> 8), byte(product), byte(product >> 8), 0, 1, 1, 2, 3, 1}
}

// HIDDescriptor returns a box's HID descriptor: HID 1.11, no country, one report descriptor.
func HIDDescriptor() []byte {
	n := len(ReportDescriptor())
	return []byte{9, 0x21, 0x11, 0x01, 0, 1, 0x22, byte(n), byte(n >> 8)}
}

// ConfigurationDescriptor returns a full-speed box's configuration: bus powered,
// 100 mA, one HID interface with two interrupt endpoints polled every ms.
func ConfigurationDescriptor() []byte {
	c := []byte{9, 2, 0, 0, 1, 1, 0, 0x80, 50}
	c = append(c, 9, 4, 0, 0, 2, 3, 0, 0, 0)
	c = append(c, HIDDescriptor()...)
	c = append(c, 7, 5, 0x81, 3, ReportSize, 0, 1)
	c = append(c, 7, 5, 0x01, 3, ReportSize, 0, 1)
	c[2] = byte(len(c))
	return c
}
