// Package machine tells one computer from another: by an identity that the
// operating system gave it when it was installed, and that stays the same whatever
// the computer's name, its clock or its user are. It is no secret and no name;
// who keeps it keeps a keyed hash of it.
package machine

import "strings"

// This is the computer that the program runs on.
type This struct{}

// Identity returns this computer's identity; "" where it has none, such as a
// container without one, and an error where it could not be asked.
func (This) Identity() (string, error) {
	id, err := identity()
	return strings.ToLower(strings.TrimSpace(id)), err
}
