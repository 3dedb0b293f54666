package devices

import (
	_ "embed"
	"fmt"
	"strings"

	"klokkast/devices/usbport"
)

// rule is the udev rule as packages install it, for the test id.
//
//go:embed 70-klokkast.rules
var rule string

// UdevRule returns the udev rule that lets people at a Linux computer use boxes of an id.
func UdevRule(id usbport.ID) string {
	return strings.NewReplacer(
		fmt.Sprintf(`"%04x"`, usbport.TestID.Vendor), fmt.Sprintf(`"%04x"`, id.Vendor),
		fmt.Sprintf(`"%04x"`, usbport.TestID.Product), fmt.Sprintf(`"%04x"`, id.Product),
	).Replace(rule)
}
