package app

import (
	"strings"
	"unicode"
)

// maxPIN is the longest PIN, in bytes: what terminals keep of one.
const maxPIN = 24

// PlainPIN returns a PIN as PINs are compared: without blanks, leading zeros, and the apostrophe that spreadsheets and some
// terminals put before a number. False for what is no PIN: empty, longer than 24 bytes, or with other signs than letters,
// digits and - ' : / _ #.
func PlainPIN(s string) (string, bool) {
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), "")
	s = strings.NewReplacer("’", "'", "‘", "'", "`", "'").Replace(s)
	if t, quoted := strings.CutPrefix(s, "'"); quoted {
		s = strings.TrimSuffix(t, "'")
	}
	if s == "" || len(s) > maxPIN || strings.ContainsFunc(s, func(r rune) bool { return !pinSign(r) }) || !strings.ContainsFunc(s, letterOrDigit) {
		return "", false
	}
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t, true
	}
	return "0", true
}

func pinSign(r rune) bool { return letterOrDigit(r) || strings.ContainsRune("-':/_#", r) }

func letterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}
