package devices

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klokkast/devices/usbport"
)

// The rule, the protocol's document, the program and the Makefile speak of one id and one file.
func TestUdevRule(t *testing.T) {
	const line = `SUBSYSTEM=="usb", ATTR{idVendor}=="1209", ATTR{idProduct}=="0001", TAG+="uaccess"`
	if r := UdevRule(usbport.TestID); r != rule || !strings.Contains(r, "\n"+line+"\n") {
		t.Errorf("the rule is\n%s", r)
	}
	other := UdevRule(usbport.ID{Vendor: 0xCAFE, Product: 0x4A})
	if !strings.Contains(other, `ATTR{idVendor}=="cafe", ATTR{idProduct}=="004a", TAG+="uaccess"`) || strings.Contains(other, `"1209"`) {
		t.Errorf("for another id it is\n%s", other)
	}
	for file, want := range map[string][]string{
		"PROTOCOL.md": {line, "70-klokkast.rules"},
		"../Makefile": {"devices/70-klokkast.rules $(DESTDIR)$(UDEVDIR)/70-klokkast.rules"},
	} {
		b, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(b), w) {
				t.Errorf("%s lacks %s", file, w)
			}
		}
	}
}
