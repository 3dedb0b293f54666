package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanText takes what no label needs out of a box's text: control characters, what turns the direction of writing or has
// no width (so that two labels could look alike and differ), line ends of any kind, what no font draws, and broken UTF-8.
func CleanText(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, s))
}
