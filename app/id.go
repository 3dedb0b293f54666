package app

import (
	"fmt"

	"github.com/google/uuid"
)

// ID names a thing that a person created: a UUIDv7 in its usual text form
// (RFC 9562). Ids sort by the time of their making. "" means "none".
type ID string

// NewID makes a new id. It fails only when the system gives no random bytes.
func NewID() (ID, error) {
	u, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return ID(u.String()), nil
}

// Short returns the last 8 characters, the ones that differ: for lists and file names.
func (i ID) Short() string {
	if len(i) < 8 {
		return string(i)
	}
	return string(i[len(i)-8:])
}
