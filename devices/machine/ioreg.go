package machine

import "regexp"

var platformPattern = regexp.MustCompile(`"IOPlatformUUID"\s*=\s*"([0-9A-Fa-f-]{36})"`)

// platformUUID finds the identity in what ioreg prints; "" where it is not there.
func platformUUID(text string) string {
	if m := platformPattern.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
