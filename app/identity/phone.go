package identity

import (
	"strings"

	"klokkast/app"
)

// ParsePhone takes a telephone number as people write it: 8 to 15 digits (the most
// that ITU-T E.164 has), perhaps with + before them, and blanks or one of ./-() between.
// It gives it without blanks at its ends; "" is none.
func ParsePhone(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune(" ./-()", r), r == '+' && i == 0:
		default:
			digits = -100
		}
	}
	if digits < 8 || digits > 15 {
		return "", &app.FieldError{Field: "contactPhone", Code: "phone.format", Example: "016 27 20 00"}
	}
	return s, nil
}
