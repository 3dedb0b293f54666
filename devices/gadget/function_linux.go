package gadget

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

const (
	configfs    = "/sys/kernel/config/usb_gadget"
	controllers = "/sys/class/udc"
)

// Function is the HID function that the kernel shows to the host.
type Function struct {
	dir        string // of the gadget in configfs
	controller string
	Device     string // /dev/hidgN
}

// Setup makes the gadget and plugs it in. controller "" takes the board's only one. It needs root.
func Setup(s Shape, controller string) (*Function, error) {
	if controller == "" {
		list, _ := os.ReadDir(controllers)
		if len(list) == 0 {
			return nil, ErrNoController
		}
		controller = list[0].Name()
	}
	if _, err := os.Stat(configfs); err != nil {
		return nil, ErrNoController
	}
	f := &Function{dir: filepath.Join(configfs, "klokkast"), controller: controller}
	_ = f.Remove() // of a run that was killed
	if err := f.write(s); err != nil {
		return nil, errors.Join(fmt.Errorf("set up the USB gadget: %w", err), f.Remove())
	}
	if err := f.Plug(); err != nil {
		return nil, errors.Join(err, f.Remove())
	}
	var err error
	if f.Device, err = f.device(); err != nil {
		return nil, errors.Join(err, f.Remove())
	}
	return f, nil
}

// write makes the gadget's folders and files, in the order that the kernel wants.
func (f *Function) write(s Shape) error {
	const function, config = "functions/hid.box", "configs/c.1"
	for _, d := range []string{"", "strings/0x409", config, config + "/strings/0x409", function} {
		if err := os.Mkdir(filepath.Join(f.dir, d), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	for _, a := range []struct{ name, value string }{
		{"idVendor", fmt.Sprintf("0x%04x", s.Vendor)},
		{"idProduct", fmt.Sprintf("0x%04x", s.Product)},
		{"bcdDevice", "0x0100"},
		{"bcdUSB", "0x0200"},
		{"strings/0x409/manufacturer", "Klokkast"},
		{"strings/0x409/product", "Open Clock Box"},
		{"strings/0x409/serialnumber", s.Serial},
		{config + "/strings/0x409/configuration", "OCB/1"},
		{config + "/MaxPower", "250"}, // mA
		{function + "/protocol", "0"},
		{function + "/subclass", "0"},
		{function + "/report_length", strconv.Itoa(ocb.ReportSize)},
		{function + "/report_desc", string(ocb.ReportDescriptor())},
	} {
		if err := os.WriteFile(filepath.Join(f.dir, a.name), []byte(a.value), 0o644); err != nil {
			return err
		}
	}
	return os.Symlink(filepath.Join(f.dir, function), filepath.Join(f.dir, config, "hid.box"))
}

// device finds the device file of the function by its number.
func (f *Function) device() (string, error) {
	b, err := os.ReadFile(filepath.Join(f.dir, "functions/hid.box/dev"))
	if err != nil {
		return "", fmt.Errorf("find the gadget's device file: %w", err)
	}
	var major, minor uint32
	if _, err := fmt.Sscanf(string(b), "%d:%d", &major, &minor); err != nil {
		return "", fmt.Errorf("find the gadget's device file: %w", err)
	}
	path := fmt.Sprintf("/dev/hidg%d", minor)
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) { // udev makes it
		var st unix.Stat_t
		if unix.Stat(path, &st) == nil && st.Rdev == unix.Mkdev(major, minor) {
			return path, nil
		}
		if time.Now().After(end) {
			return "", fmt.Errorf("the gadget's device file %s did not appear", path)
		}
	}
}

// Plug connects the box to the cable.
func (f *Function) Plug() error { return f.bind(f.controller) }

// Unplug takes it off the cable.
func (f *Function) Unplug() error { return f.bind("") }

func (f *Function) bind(controller string) error {
	if err := os.WriteFile(filepath.Join(f.dir, "UDC"), []byte(controller+"\n"), 0o644); err != nil {
		return fmt.Errorf("connect the USB gadget: %w", err)
	}
	return nil
}

// Remove takes the gadget off the cable and away.
func (f *Function) Remove() error {
	if _, err := os.Stat(f.dir); err != nil {
		return nil
	}
	if b, err := os.ReadFile(filepath.Join(f.dir, "UDC")); err == nil && strings.TrimSpace(string(b)) != "" {
		_ = f.Unplug()
	}
	for _, d := range []string{"configs/c.1/hid.box", "configs/c.1/strings/0x409", "configs/c.1", "functions/hid.box", "strings/0x409", ""} {
		if err := os.Remove(filepath.Join(f.dir, d)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the USB gadget: %w", err)
		}
	}
	return nil
}

// Port carries reports over the function's device file.
type Port struct{ f *os.File }

var _ ocb.Port = (*Port)(nil)

// Open opens /dev/hidgN. Its reads and writes can be ended by Close.
func Open(device string) (*Port, error) {
	f, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("open the gadget's device file: %w", err)
	}
	return &Port{f}, nil
}

// ReadReport waits for a report of the host.
func (p *Port) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	n, err := p.f.Read(r[:])
	if err != nil {
		return 0, fmt.Errorf("%w: %w", reading.Unplugged, err)
	}
	return n, nil
}

// WriteReport waits until the host polls. Without a host, or while the cable is
// out, it fails.
func (p *Port) WriteReport(r *[ocb.ReportSize]byte) error {
	if _, err := p.f.Write(r[:]); err != nil {
		return fmt.Errorf("%w: %w", reading.Unplugged, err)
	}
	return nil
}

// Close lets the device file go.
func (p *Port) Close() error { return p.f.Close() }
