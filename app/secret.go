package app

import "fmt"

// Secret is a personal number (an SSIN, a Limosa number) in memory. Whatever
// prints it (fmt, JSON, a log, an error) gets its masked form; Reveal alone
// gives the number. In the database it stands only sealed (see package data).
type Secret string

// Reveal returns the number itself. Callers are: the register's wire form, a
// person's own page, and output for which someone asked with --reveal.
func (s Secret) Reveal() string { return string(s) }

// Masked returns the first three and last two characters, such as 850*****55, or "".
// Anything shorter than nine characters is masked whole.
func (s Secret) Masked() string {
	switch n := len(s); {
	case n == 0:
		return ""
	case n < 9:
		return "*****"
	default:
		return string(s[:3]) + "*****" + string(s[n-2:])
	}
}

// String returns the masked form.
func (s Secret) String() string { return s.Masked() }

// Format keeps every verb of fmt to the masked form.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.Masked()) }

// MarshalText returns the masked form, so that JSON never holds the number.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.Masked()), nil }
