//go:build !linux && !windows && !darwin

package machine

// identity is not known on this system.
func identity() (string, error) { return "", nil }
