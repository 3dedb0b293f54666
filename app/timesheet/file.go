package timesheet

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"klokkast/app"
	"unicode/utf8"
)

// FileName returns the name of a sheet's file, such as
// 2026-11-peeters-an-1042-5c3f9a1e.pdf: the days, name, staff number, and the
// end of the engagement's id, which makes it one of a kind. It holds nothing
// but lower-case letters a to z, digits and "-" before the extension (without
// its dot), and is at most 100 characters long.
func FileName(days app.Days, w app.Worker, engagement app.ID, extension string) string {
	parts := []string{daysInName(days)}
	for _, p := range []string{limit(fold(w.Name()), 40), limit(fold(w.StaffNumber), 16), fold(engagement.Short())} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	// It begins with a year: no name that an operating system keeps for itself does.
	return strings.Join(parts, "-") + "." + limit(fold(extension), 5)
}

// GroupFileName returns the name of a group's file, such as
// 2026-11-site-basisschool-de-vlinder-5c3f9a1e.pdf: the days, the kind, the name
// of the site or team, and the end of its id, with the letters of FileName.
func GroupFileName(days app.Days, kind PaperKind, name string, id app.ID, extension string) string {
	what := "team"
	if kind == OfSite {
		what = "site"
	}
	return PlainName(daysInName(days), what, name, id.Short()) + "." + limit(fold(extension), 5)
}

// ListName returns the name of a file about several people, such as
// 2026-11-hours.xlsx: the days and what it is, with the letters of FileName.
func ListName(days app.Days, what, extension string) string {
	name := daysInName(days)
	if w := limit(fold(what), 40); w != "" {
		name += "-" + w
	}
	return name + "." + limit(fold(extension), 5)
}

// PlainName makes the name of a file out of parts, without extension: nothing
// but a to z, digits and "-", each part at most 40 characters long. The first
// one should begin with a year, so that no system keeps the name for itself.
func PlainName(parts ...string) string {
	var plain []string
	for _, p := range parts {
		if p = limit(fold(p), 40); p != "" {
			plain = append(plain, p)
		}
	}
	return strings.Join(plain, "-")
}

// daysInName returns 2026-11 for a whole month, 2026-11-24 for a day, else 2026-11-02-to-2026-11-08.
func daysInName(d app.Days) string {
	switch {
	case d == app.MonthOf(d.From).Days():
		return app.MonthOf(d.From).String()
	case d.From == d.To:
		return d.From.String()
	}
	return d.From.String() + "-to-" + d.To.String()
}

// fold reduces a text to a–z, 0–9 and single "-" inside.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		ascii := asciiOf(r)
		if ascii == "" {
			gap = gap || !unicode.Is(unicode.Mn, r) && r != '\''
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(ascii)
	}
	return b.String()
}

// asciiOf returns the letters that stand for a lower-case rune in a file name.
func asciiOf(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return string(r)
	}
	switch r { // letters that no decomposition takes apart
	case 'ß':
		return "ss"
	case 'ł':
		return "l"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	}
	return ""
}

func limit(s string, n int) string { return strings.Trim(s[:min(n, len(s))], "-") }

// Cell makes a text safe for a cell of CSV, TSV or a spreadsheet: one that a
// program would take for a formula gets an apostrophe before it, which such
// programs do not show (OWASP, CSV injection). Blanks and what does not show
// before the sign do not help: some programs cut them off. Nor do wide signs,
// which programs set to Chinese or Japanese take for the narrow ones.
func Cell(s string) string {
	bare := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	first, _ := utf8.DecodeRuneInString(bare)
	if s != "" && strings.ContainsRune("\t\r\n", rune(s[0])) || bare != "" && strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + s
	}
	return s
}
