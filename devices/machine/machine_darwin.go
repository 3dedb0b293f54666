package machine

import (
	"context"
	"os/exec"
	"time"
)

// askLimit bounds one question to the registry of devices.
const askLimit = 5 * time.Second

// identity asks for the IOPlatformUUID, which belongs to the hardware.
func identity() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	text, err := exec.CommandContext(ctx, "/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice").Output()
	if err != nil {
		return "", err
	}
	return platformUUID(string(text)), nil
}
