package app

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPIN is the longest PIN, in bytes: what terminals keep of one.
const maxPIN = 24

// PlainPIN returns a PIN as PINs are compared: without blanks, leading zeros, and the apostrophe that spreadsheets and some
// terminals put before a number. False for what is no PIN: empty, longer than 24 bytes, or with other signs than letters,
// digits and - ' : / _ #.
func PlainPIN(s string) (string, bool) {
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), "")
	s = strings.NewReplacer("’", "'", "‘", "'", "`", "'").Replace(s)
	if strings.HasPrefix(s, "'") {
		s = strings.TrimSuffix(strings.TrimLeft(s, "'"), "'")
	}
	if s == "" || len(s) > maxPIN || strings.ContainsFunc(s, func(r rune) bool { return !pinSign(r) }) || !strings.ContainsFunc(s, letterOrDigit) {
		return "", false
	}
	t := strings.TrimLeft(s, "0")
	if first, _ := utf8.DecodeRuneInString(t); len(t) < len(s) && !letterOrDigit(first) { // 000, or 0-12: a zero that stands for something
		t = "0" + t
	}
	return t, true
}

func pinSign(r rune) bool { return letterOrDigit(r) || strings.ContainsRune("-':/_#", r) }

func letterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}
