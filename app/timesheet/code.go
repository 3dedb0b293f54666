package timesheet

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strings"

	"klokkast/app"
)

// PaperKind says what a paper is about.
type PaperKind string

// Kinds of paper that carry a code.
const (
	OfEngagement PaperKind = "timesheet"      // one engagement
	OfSite       PaperKind = "timesheet-site" // everyone at a site
	OfTeam       PaperKind = "timesheet-team" // some engagements
)

// kindNumbers are how a code writes kinds; a number never changes its meaning.
var kindNumbers = map[PaperKind]byte{OfEngagement: 1, OfSite: 2, OfTeam: 3}

// PaperCode is what a paper says of itself in its QR code, in the file's
// keywords and in print: of whom and of which days it is, and of which state of
// the data. It is short enough to be typed.
type PaperCode struct {
	Kind PaperKind
	// Draft says that the version is that of the paper, and the hash that of what
	// stands on it; else both are the approval's.
	Draft bool
	// Subject is the end of the id of the engagement, the site or the team: 10 hex digits.
	Subject string
	Days    app.Days // at most 65535 of them, from 2000-01-01 on
	Version int      // 1 to 65535
	// Hash is the beginning of a SHA-256: 20 hex digits.
	Hash string
}

// Of a code's 25 bytes, the kind takes one, the subject five, first day, number
// of days and version two each, the hash ten and the check three.
const (
	codeBytes    = 25
	subjectBytes = 5
	hashBytes    = 10
	checkBytes   = 3
	draftBit     = 0x80
	groupLetters = 5
)

// codeLetters has none that looks like another one (Crockford's base 32).
var codeLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

var codeEpoch = app.NewDate(2000, 1, 1)

// SubjectOf returns how a code names an id.
func SubjectOf(id app.ID) string {
	digits := strings.ReplaceAll(string(id), "-", "")
	if b, err := hex.DecodeString(digits); err == nil && len(b) >= subjectBytes {
		return hex.EncodeToString(b[len(b)-subjectBytes:])
	}
	sum := sha256.Sum256([]byte(id)) // no UUID, as in a team's list of engagements
	return hex.EncodeToString(sum[:subjectBytes])
}

// NewCode makes a code; hash is a SHA-256 in hex.
func NewCode(kind PaperKind, draft bool, subject app.ID, days app.Days, version int, hash string) PaperCode {
	return PaperCode{kind, draft, SubjectOf(subject), days, version, hash[:min(len(hash), 2*hashBytes)]}
}

// String returns eight groups of five capitals and digits, such as
// 04000-…; the last characters check the others. A code that cannot be written gives "".
func (c PaperCode) String() string {
	subject, err1 := hex.DecodeString(c.Subject)
	hash, err2 := hex.DecodeString(c.Hash)
	from, days := int(c.Days.From-codeEpoch), int(c.Days.To-c.Days.From)+1
	fits := func(n int) bool { return n >= 0 && n <= 0xFFFF }
	if err1 != nil || err2 != nil || len(subject) != subjectBytes || len(hash) != hashBytes || !fits(from) || !fits(days) || !fits(c.Version) ||
		kindNumbers[c.Kind] == 0 {
		return ""
	}
	kind := kindNumbers[c.Kind]
	if c.Draft {
		kind |= draftBit
	}
	b := append([]byte{kind}, subject...)
	for _, n := range []int{from, days, c.Version} {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	b = append(b, hash...)
	return grouped(codeLetters.EncodeToString(append(b, codeCheck(b)...)))
}

func grouped(s string) string {
	var groups []string
	for ; len(s) > groupLetters; s = s[groupLetters:] {
		groups = append(groups, s[:groupLetters])
	}
	return strings.Join(append(groups, s), "-")
}

// codeCheck returns what tells a mistyped code: one in sixteen million passes by chance.
func codeCheck(b []byte) []byte {
	sum := sha256.Sum256(append([]byte("klokkast paper"), b...))
	return sum[:checkBytes]
}

// ParseCode reads a code as people type it: in small letters, with blanks or
// other dashes, O for 0, I and L for 1. A mistyped one is an *app.FieldError.
func ParseCode(s string) (PaperCode, error) {
	wrong := &app.FieldError{Field: "code", Code: "paper.code", Example: "04000-Q1ZK8-K4J00-Y000K-P7RCB-AEJWH-VPH2C-PV9NW"}
	plain := strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", "–", "", " ", "", "\t", "", "\n", "", "\r", "", "\u00a0", "").
		Replace(strings.ToUpper(s))
	b, err := codeLetters.DecodeString(plain)
	if err != nil || len(b) != codeBytes || !bytes.Equal(b[codeBytes-checkBytes:], codeCheck(b[:codeBytes-checkBytes])) {
		return PaperCode{}, wrong
	}
	number := func(at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	from := codeEpoch.AddDays(number(1 + subjectBytes))
	c := PaperCode{
		Draft: b[0]&draftBit != 0, Subject: hex.EncodeToString(b[1 : 1+subjectBytes]),
		Days:    app.Days{From: from, To: from.AddDays(number(3+subjectBytes) - 1)},
		Version: number(5 + subjectBytes), Hash: hex.EncodeToString(b[7+subjectBytes : 7+subjectBytes+hashBytes]),
	}
	for kind, n := range kindNumbers {
		if n == b[0]&^draftBit {
			c.Kind = kind
		}
	}
	if c.Kind == "" || c.Days.To < c.Days.From {
		return PaperCode{}, wrong
	}
	return c, nil
}

// keywords are found in the file as they are: they are neither packed nor written in UTF-16.
var keywords = regexp.MustCompile(`/Keywords \(([^()\\]*)\)`)

// CodesIn returns the codes that a file of timesheets carries, each once, in the
// order of its sheets: none where it is not one, or another program wrote it anew.
func CodesIn(file []byte) (codes []PaperCode) {
	seen := map[PaperCode]bool{}
	for _, found := range keywords.FindAllSubmatch(file, -1) {
		for _, word := range strings.Fields(string(found[1])) {
			if c, err := ParseCode(word); err == nil && !seen[c] {
				seen[c] = true
				codes = append(codes, c)
			}
		}
	}
	return codes
}
