package identity

import (
	"strings"

	"klokkast/app"
)

// Mask replaces every SSIN or BIS number in a text by its masked form,
// 850*****55. A number is 11 digits whose check fits, bare or divided where
// people divide them (85.01.15-123.55), that is not part of a longer row of
// digits. Every text from outside passes it before it is logged, exported or
// shown outside the person's page: the register's answers echo SSINs.
func Mask(text string) string {
	var out strings.Builder
	kept := 0 // text before it is written already
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		if digits, end, ok := ssinAt(text, i); ok {
			out.WriteString(text[kept:i])
			out.WriteString(app.Secret(digits).Masked())
			kept, i = end, end
			continue
		}
		for i < len(text) && isDigit(text[i]) { // a number begins only where a row of digits begins
			i++
		}
	}
	if kept == 0 {
		return text
	}
	out.WriteString(text[kept:])
	return out.String()
}

// ssinAt reads a number that begins at i, where a row of digits begins, and gives the end of it.
func ssinAt(text string, i int) (digits string, end int, ok bool) {
	var buf [ssinLength]byte
	n := 0
	for ; n < ssinLength; n++ {
		if n > 0 {
			i += separatorAt(text, i, n)
		}
		if i >= len(text) || !isDigit(text[i]) {
			return "", 0, false
		}
		buf[n] = text[i]
		i++
	}
	if i < len(text) && isDigit(text[i]) {
		return "", 0, false
	}
	digits = string(buf[:])
	_, ok = ssinCentury(digits)
	return digits, i, ok
}

// separatorAt returns the length of what stands between the groups YY MM DD
// order check, of which n digits are read: at most three separators.
func separatorAt(text string, i, n int) int {
	if n != 2 && n != 4 && n != 6 && n != 9 {
		return 0
	}
	length := 0
	for range 3 {
		size := separatorSize(text[i+length:])
		if size == 0 {
			break
		}
		length += size
	}
	return length
}

func separatorSize(text string) int {
	for _, s := range []string{".", "-", " ", "/", "_", "\u00a0", "\u202f", "‑", "–", "+", "%20"} {
		if strings.HasPrefix(text, s) {
			return len(s)
		}
	}
	return 0
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
