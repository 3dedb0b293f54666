package usbip

import (
	"encoding/binary"

	"klokkast/devices/ocb"
)

// Shape is what a device says of itself on the control endpoint.
type Shape struct {
	Vendor, Product uint16
	Manufacturer    string
	Name            string
	Serial          string
}

// ClockBox is the shape of an Open Clock Box (devices/PROTOCOL.md): one HID
// interface, no boot protocol, 64-byte input and output reports, interval 1 ms.
func ClockBox(vendor, product uint16, serial string) Shape {
	return Shape{Vendor: vendor, Product: product, Manufacturer: "Klokkast", Name: "Open Clock Box", Serial: serial}
}

// Standard requests (USB 2.0, 9.4) and those of the HID class (HID 1.11, 7.2).
const (
	getStatus        = 0x00
	clearFeature     = 0x01
	setAddress       = 0x05
	getDescriptor    = 0x06
	getConfiguration = 0x08
	setConfiguration = 0x09
	setInterface     = 0x0b
	setIdle          = 0x0a
	setProtocol      = 0x0b

	descDevice = 1
	descConfig = 2
	descString = 3
	descHID    = 0x21
	descReport = 0x22
)

// control answers one request on the control endpoint; false stalls it.
func (s Shape) control(setup [8]byte) ([]byte, bool) {
	kind, request := setup[0], setup[1]
	value := binary.LittleEndian.Uint16(setup[2:])
	switch {
	case kind == 0x80 && request == getDescriptor:
		return s.descriptor(byte(value>>8), byte(value))
	case kind == 0x81 && request == getDescriptor && value>>8 == descReport:
		return ocb.ReportDescriptor(), true
	case kind == 0x81 && request == getDescriptor && value>>8 == descHID:
		return ocb.HIDDescriptor(), true
	case kind == 0x80 && request == getStatus:
		return []byte{0, 0}, true
	case kind == 0x80 && request == getConfiguration:
		return []byte{1}, true
	case kind == 0x00 && (request == setConfiguration || request == setAddress),
		kind == 0x01 && request == setInterface,
		kind == 0x02 && request == clearFeature,
		kind == 0x21 && (request == setIdle || request == setProtocol):
		return nil, true
	}
	return nil, false
}

func (s Shape) descriptor(kind, index byte) ([]byte, bool) {
	switch kind {
	case descDevice:
		return ocb.DeviceDescriptor(s.Vendor, s.Product), true
	case descConfig:
		return ocb.ConfigurationDescriptor(), true
	case descString:
		return s.text(index)
	}
	return nil, false
}

func (s Shape) text(index byte) ([]byte, bool) {
	switch index {
	case 0:
		return []byte{4, descString, 0x09, 0x04}, true // English (United States)
	case 1:
		return stringDescriptor(s.Manufacturer), true
	case 2:
		return stringDescriptor(s.Name), true
	case 3:
		return stringDescriptor(s.Serial), true
	}
	return nil, false
}

func stringDescriptor(s string) []byte {
	b := []byte{byte(2 + 2*len(s)), descString}
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}
