// Package identity reads, checks and writes the numbers by which people, firms,
// works and badges are known: SSIN and BIS numbers, enterprise and foreign VAT
// numbers, declarations of works, Limosa numbers, post codes, coordinates,
// cards and PINs.
//
// All functions are pure: they read no clock, file or database. What they
// refuse comes back as an *app.FieldError whose code has a text in the
// catalogue (error.CODE). It never holds the value that was refused, because
// that is personal data and errors end up in logs.
//
// Mask is the one function that makes a text fit for a log.
package identity

import (
	"strings"
	"unicode"

	"klokkast/app"
)

// refuse words a refusal: field and code by their catalogue names, and a made-up right example.
func refuse(field, code, example string) error {
	return &app.FieldError{Field: field, Code: code, Example: example}
}

// compact removes what people and spreadsheets put between the characters of
// a number: blanks of any kind, dots, slashes and dashes of any kind.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '/' || r == '\ufeff' || r == '\u200b' || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, s)
}

// allDigits says that s holds nothing but the ASCII digits.
func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isScientific says that a spreadsheet wrote a long number as 8,50112E+10: the
// lost digits cannot be brought back, so it deserves a reason of its own.
func isScientific(s string) bool {
	s = strings.TrimSpace(s)
	e := strings.IndexAny(s, "eE")
	if e <= 0 || e == len(s)-1 {
		return false
	}
	mantissa, exponent := s[:e], strings.TrimLeft(s[e+1:], "+-")
	whole := strings.NewReplacer(",", "", ".", "").Replace(mantissa)
	return whole != "" && allDigits(whole) && exponent != "" && allDigits(exponent)
}

// number returns the value of at most 18 ASCII digits.
func number(digits string) int64 {
	var n int64
	for i := range len(digits) {
		n = n*10 + int64(digits[i]-'0')
	}
	return n
}
