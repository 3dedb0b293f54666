//go:build cgo && !ios && (linux || darwin || windows || freebsd)

package usbport

import (
	"fmt"
	"time"

	"github.com/karalabe/usb"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// List returns the boxes at the cables now. It takes about 10 ms.
func List(id ID) ([]Device, error) {
	infos, err := usb.EnumerateHid(id.Vendor, id.Product)
	if err != nil {
		return nil, fmt.Errorf("list HID devices: %w", err)
	}
	var out []Device
	for _, i := range infos {
		if !ours(i) {
			continue
		}
		d := Device{Path: i.Path, Product: i.Product}
		if !permitted(i.Path) {
			d.Fault = reading.NoPermission
		}
		out = append(out, d)
	}
	return out, nil
}

// ours says that a HID device has the shape of a box. Linux does not tell the
// usage page (it is 0 there); where it is told it must be ours.
func ours(i usb.DeviceInfo) bool {
	return i.UsagePage == 0 || i.UsagePage == ocb.UsagePage
}

// Open opens the box under a path of List. Faults: NotFound, NoPermission, InUse.
func Open(id ID, path string) (*Port, error) {
	info, found, err := find(id, path)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("USB box: %w", reading.NotFound)
	}
	h, err := info.Open()
	if err != nil {
		if !permitted(path) {
			return nil, fmt.Errorf("open USB box: %w: %w", reading.NoPermission, err)
		}
		return nil, fmt.Errorf("open USB box: %w: %w", reading.InUse, err)
	}
	return newPort(h, func() bool { _, found, err := find(id, path); return found || err != nil }), nil
}

func find(id ID, path string) (info usb.DeviceInfo, found bool, err error) {
	infos, err := usb.EnumerateHid(id.Vendor, id.Product)
	if err != nil {
		return info, false, fmt.Errorf("list HID devices: %w", err)
	}
	for _, i := range infos {
		if i.Path == path && ours(i) {
			return i, true, nil
		}
	}
	return info, false, nil
}

// fault decides what a failed call means. The library's errors all say
// "unknown failure"; a device that is no longer listed was unplugged.
func (p *Port) fault(err error) error {
	fault := reading.Unplugged
	for range 5 { // the kernel takes a moment to forget a device
		if !p.present() {
			break
		}
		fault = reading.Silent
		time.Sleep(60 * time.Millisecond)
	}
	if !p.present() {
		fault = reading.Unplugged
	}
	if fault == reading.Unplugged {
		p.mu.Lock()
		p.silent = true
		p.mu.Unlock()
	}
	if err == nil {
		return fmt.Errorf("USB box: %w: short write", fault)
	}
	return fmt.Errorf("USB box: %w: %w", fault, err)
}
