package machine

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// identity reads machine-id(5); the second file is where D-Bus kept it before.
func identity() (string, error) { return firstOf("/etc/machine-id", "/var/lib/dbus/machine-id") }

func firstOf(files ...string) (string, error) {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		// An image that was not booted yet says "uninitialized".
		if id := strings.TrimSpace(string(text)); id != "" && id != "uninitialized" {
			return id, nil
		}
	}
	return "", nil
}
