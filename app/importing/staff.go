package importing

import (
	"fmt"
	"io"
	"strings"

	"klokkast/app"
	"klokkast/app/identity"
)

// StaffRow is one good row of a staff list. Empty values leave what is stored as it is.
type StaffRow struct {
	Line         int
	StaffNumber  string
	FamilyName   string
	GivenName    string
	SSIN         app.Secret
	Limosa       app.Secret
	LimosaDays   app.Days
	Language     app.Language
	Enterprise   string // of the employer: its number,
	ForeignVAT   string // its foreign VAT number,
	EmployerName string // or its name; number and name together make a new one
	Capacity     app.Capacity
	Days         app.Days // of the engagement
	WeeklyHours  app.WeeklyHours
	Card         string // canonical
	PIN          string // canonical
	PINGroup     string
	BadgeFrom    app.Date // of card and PIN

	// fullName is family and given name in one column, where the list has them so.
	fullName string

	headings map[column]string
}

// Format keeps the number masked where a verb does not fit: fmt then prints a
// pointer's content raw, past all methods of what is in it.
func (r StaffRow) Format(f fmt.State, _ rune) {
	type plain StaffRow
	fmt.Fprintf(f, "%+v", plain(r))
}

// StaffFile is what a staff list holds.
type StaffFile struct {
	Rows     []StaffRow
	Problems []*Problem // in the order of the file; of refused rows and of good ones
	Lines    int        // rows that hold anything, good or bad

	source
}

// ParseStaff reads a staff list; today is for the check of ages. Its error is
// a *Reason if the file as a whole is no staff list.
func ParseStaff(r io.Reader, today app.Date) (*StaffFile, error) {
	return parseStaff(r, today, how{kind: StaffList})
}

func parseStaff(r io.Reader, today app.Date, h how) (*StaffFile, error) {
	known := staffColumns()
	t, err := readTable(r, h)
	if err != nil {
		return nil, err
	}
	f := &StaffFile{Problems: t.problems, Lines: t.lines(), source: t.source}
	meaning := allWords()
	for _, r := range t.rows {
		c := t.cells(r, known)
		staff := parseStaffRow(c, meaning, today)
		f.Problems = append(f.Problems, c.problems...)
		if !c.refused() {
			f.Rows = append(f.Rows, staff)
		}
	}
	sortProblems(f.Problems)
	return f, nil
}

func parseStaffRow(c *cells, meaning words, today app.Date) StaffRow {
	s := StaffRow{
		Line:         c.line,
		StaffNumber:  c.text(colStaffNumber, "1042"),
		FamilyName:   c.text(colFamilyName, "Peeters"),
		GivenName:    c.text(colGivenName, "An"),
		SSIN:         app.Secret(c.repaired(colSSIN, "note.ssinRepaired", identity.RepairSSIN)),
		Limosa:       app.Secret(c.parsed(colLimosa, identity.ParseLimosa)),
		LimosaDays:   c.days(colLimosaFrom, colLimosaTo),
		Language:     app.Language(c.word(colLanguage, meaning.language, "language.unknown", "nl")),
		EmployerName: c.text(colEmployerName, "Blinkend Schoon BV"),
		Capacity:     app.Capacity(c.word(colCapacity, meaning.capacity, "capacity.unknown", string(app.Employee))),
		Days:         c.days(colFrom, colTo),
		BadgeFrom:    c.date(colBadgeFrom),
		PIN:          c.parsed(colPIN, identity.CanonicalPIN),
		PINGroup:     c.text(colPINGroup, "hal-1"),
		WeeklyHours:  c.weeklyHours(),
		headings:     c.headings,
	}
	if full := c.text(colFullName, "Peeters An"); s.FamilyName == "" && s.GivenName == "" {
		s.fullName = full
		s.FamilyName, s.GivenName = splitName(full)
	}
	c.employer(&s)
	s.Card = c.card()
	if s.FamilyName == "" && s.GivenName == "" {
		c.add(Refused, colFamilyName, wrong("", "required", "Peeters"))
	}
	if err := identity.CheckAge(s.SSIN.Reveal(), today); err != nil {
		c.add(Refused, colSSIN, err)
	}
	if s.PIN != "" && s.PINGroup == "" {
		// PIN 1 on two terminals is two people: without a group it is nobody's.
		c.add(Refused, colPINGroup, wrong("", "required", "hal-1"))
	}
	if s.SSIN == "" && s.StaffNumber == "" && s.Limosa == "" && !c.has(colSSIN) && !c.has(colLimosa) && !c.refused() {
		c.add(Refused, "", because("noKey"))
	}
	return s
}

// splitName cuts a name whose family name stands first, as on lists in Belgium: at
// a comma, behind words in capitals, else before the last word.
func splitName(full string) (family, given string) {
	if family, given, ok := strings.Cut(full, ","); ok {
		return strings.TrimSpace(family), strings.TrimSpace(given)
	}
	words := strings.Fields(full)
	if len(words) < 2 {
		return full, ""
	}
	at := 0
	for at < len(words) && words[at] == strings.ToUpper(words[at]) && words[at] != strings.ToLower(words[at]) {
		at++
	}
	if at == 0 || at == len(words) {
		at = len(words) - 1
	}
	return strings.Join(words[:at], " "), strings.Join(words[at:], " ")
}

// employer reads the one column that may hold a number or a name. What looks
// like a number must be a right one: taken for a name it would only be unknown.
func (c *cells) employer(s *StaffRow) {
	v := c.text(colEmployer, "0123.456.749")
	if v == "" {
		return
	}
	if !looksLikeNumber(v) {
		if vat, err := identity.ParseForeignVAT(v); err == nil {
			s.ForeignVAT = vat
		} else if s.EmployerName == "" {
			s.EmployerName = v
		}
		return
	}
	s.Enterprise = c.repaired(colEmployer, "note.enterpriseRepaired", identity.RepairEnterprise)
}

// looksLikeNumber says that a text is digits, perhaps after BE and with dots and
// blanks, or a number that a spreadsheet shortened.
func looksLikeNumber(s string) bool {
	rest := strings.TrimPrefix(strings.ToUpper(s), "BE")
	return strings.ContainsAny(rest, "0123456789") && strings.Trim(rest, "0123456789.,-/ E+") == ""
}

// card reads either column of a card's number. Both together must be one card.
func (c *cells) card() string {
	card := c.repaired(colBadge, "note.badgeZeros", func(s string) (string, bool, error) {
		right, repaired := evenHex(s)
		v, err := identity.CanonicalCard(right)
		return v, repaired && err == nil, err
	})
	decimal := c.parsed(colBadgeDecimal, identity.CanonicalCardDecimal)
	switch {
	case decimal == "":
		return card
	case card == "":
		return decimal
	}
	if _, same := identity.Alike(card, decimal); !same {
		c.add(Refused, colBadgeDecimal, because("badgesDiffer"))
	}
	return card
}

func (c *cells) weeklyHours() app.WeeklyHours {
	w, err := app.ParseWeeklyHours(c.values[colWeeklyHours])
	if err != nil {
		c.add(Refused, colWeeklyHours, err)
	}
	return w
}
