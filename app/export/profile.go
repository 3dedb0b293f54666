package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"klokkast/app"
)

// Encoding says as which bytes the letters of a file are written.
type Encoding string

// Encodings.
const (
	UTF8        Encoding = "utf-8"
	UTF8BOM     Encoding = "utf-8-bom" // with the mark by which spreadsheets know it
	Windows1252 Encoding = "windows-1252"
)

// Encodings are all of them, in the order of lists.
var Encodings = [...]Encoding{UTF8BOM, UTF8, Windows1252}

// AllRows are what rows may stand for, in the order of lists.
var AllRows = [...]Rows{PerDay, PerPresence, PerPeriod}

// DateForms are the ways to write a day that people are offered; any other of
// the signs in them is taken too.
var DateForms = [...]string{"DD/MM/YYYY", "YYYY-MM-DD", "DD-MM-YYYY", "DD.MM.YYYY", "YYYYMMDD", "DDMMYYYY"}

// Delimiters are the signs that may stand between cells.
var Delimiters = [...]string{";", ",", "\t", "|"}

// Column is one column of a file.
type Column struct {
	ID ColumnID `json:"id"`
	// Heading stands above it; "" is the catalogue's words.
	Heading string `json:"heading,omitempty"`
}

// Profile says how a CSV file is made. Its name is how people call for it.
type Profile struct {
	Name      string   `json:"name"`
	Rows      Rows     `json:"rows"`
	Columns   []Column `json:"columns"`
	Delimiter string   `json:"delimiter"`
	// DecimalComma writes 7,50 for seven and a half hours, else 7.50.
	DecimalComma bool     `json:"decimalComma"`
	Dates        string   `json:"dates"` // such as DD/MM/YYYY
	Encoding     Encoding `json:"encoding"`
	Header       bool     `json:"header"` // headings in the first line
	// EveryDay writes a row also for a day of the engagement on which there was nothing.
	EveryDay bool `json:"everyDay"`
	// Codes are the payroll office's own codes of kinds of absence; a kind that
	// has none is written by its own name, such as holiday.
	Codes map[app.AbsenceKind]string `json:"codes,omitempty"`
}

// Presets returns the profiles that are there from the start.
func Presets() []Profile {
	columns := func(ids ...ColumnID) (list []Column) {
		for _, id := range ids {
			list = append(list, Column{ID: id})
		}
		return list
	}
	return []Profile{
		{Name: "days", Rows: PerDay, Delimiter: ";", DecimalComma: true, Dates: "DD/MM/YYYY", Encoding: UTF8BOM, Header: true,
			Columns: columns("staff_number", "name", "employer_number", "date", "kind", "in", "out", "worked_decimal", "break_decimal", "night_decimal",
				"saturday_decimal", "sunday_decimal", "holiday_decimal", "absence", "site")},
		{Name: "sites", Rows: PerPresence, Delimiter: ";", DecimalComma: true, Dates: "YYYY-MM-DD", Encoding: UTF8, Header: true,
			Columns: columns("staff_number", "name", "date", "kind", "in", "out", "worked_minutes", "site_code", "site", "client", "absence", "engagement")},
		{Name: "totals", Rows: PerPeriod, Delimiter: ";", DecimalComma: true, Dates: "DD/MM/YYYY", Encoding: UTF8BOM, Header: true,
			Columns: columns("staff_number", "family_name", "given_name", "ssin", "employer_number", "from", "to", "days_worked", "days_absent",
				"worked_decimal", "night_decimal", "saturday_decimal", "sunday_decimal", "holiday_decimal", "absence")},
	}
}

// IsPreset says that a profile of this name is there from the start.
func IsPreset(name string) bool {
	return slices.ContainsFunc(Presets(), func(p Profile) bool { return p.Name == name })
}

// Has says that the file has such a column.
func (p *Profile) Has(id ColumnID) bool {
	return slices.ContainsFunc(p.Columns, func(c Column) bool { return c.ID == id })
}

const maxProfileText = 60 // letters of a name, a heading, a code

// Check says what is wrong with a profile: *app.FieldErrors, joined.
func (p *Profile) Check() error {
	bad := func(field, code, example string) error {
		return &app.FieldError{Field: field, Code: code, Example: example}
	}
	var errs []error
	if n := strings.TrimSpace(p.Name); n == "" || n != p.Name || utf8.RuneCountInString(n) > maxProfileText || strings.ContainsFunc(n, unicode.IsControl) {
		errs = append(errs, bad("profile", "export.profile", "payroll"))
	}
	if !slices.Contains(AllRows[:], p.Rows) {
		errs = append(errs, bad("exportRows", "export.rows", string(PerDay)))
	}
	if !slices.Contains(Delimiters[:], p.Delimiter) {
		errs = append(errs, bad("delimiter", "export.delimiter", ";"))
	}
	if !dateForm(p.Dates) {
		errs = append(errs, bad("dates", "export.dates", DateForms[0]))
	}
	if !slices.Contains(Encodings[:], p.Encoding) {
		errs = append(errs, bad("encoding", "export.encoding", string(UTF8)))
	}
	return errors.Join(append(errs, p.checkColumns(), p.checkCodes())...)
}

func (p *Profile) checkColumns() error {
	if len(p.Columns) == 0 {
		return &app.FieldError{Field: "columns", Code: "export.columns", Example: "staff_number,date,worked_decimal"}
	}
	var errs []error
	for _, c := range p.Columns {
		def, ok := find(c.ID)
		switch {
		case !ok:
			errs = append(errs, &ColumnError{Column: c.ID, Code: "unknown"})
		case !slices.Contains(def.rows, p.Rows):
			errs = append(errs, &ColumnError{Column: c.ID, Code: "rows"})
		case utf8.RuneCountInString(c.Heading) > maxProfileText || strings.ContainsFunc(c.Heading, unicode.IsControl):
			errs = append(errs, &ColumnError{Column: c.ID, Code: "heading"})
		}
	}
	return errors.Join(errs...)
}

func (p *Profile) checkCodes() error {
	for kind, code := range p.Codes {
		if !slices.Contains(app.AbsenceKinds[:], kind) {
			return &app.FieldError{Field: "codes", Code: "absence.kind", Example: string(app.AbsenceKinds[0])}
		}
		if code == "" || utf8.RuneCountInString(code) > maxProfileText || strings.ContainsFunc(code, unicode.IsControl) {
			return &app.FieldError{Field: "codes", Code: "export.codes", Example: "holiday=100"}
		}
	}
	return nil
}

// ColumnError says that a column cannot stand in a profile.
type ColumnError struct {
	Column ColumnID
	Code   string // unknown, rows (it means nothing in such rows), heading (too long)
}

// Error names column and code: for engineers.
func (e *ColumnError) Error() string { return fmt.Sprintf("export: column %s: %s", e.Column, e.Code) }

// TextKey words it for people.
func (e *ColumnError) TextKey() (string, map[string]any) {
	return "error.export.column." + e.Code, map[string]any{"Column": string(e.Column)}
}

// dateForm says that a text names year, month and day once each, with signs
// between them that belong in dates.
func dateForm(s string) bool {
	for _, part := range []string{"YYYY", "MM", "DD"} {
		if strings.Count(s, part) != 1 {
			return false
		}
		s = strings.Replace(s, part, "", 1)
	}
	return len(s) <= 4 && strings.Trim(s, "/-. ") == ""
}

// date writes a day as the profile says; "" for none.
func (p *Profile) date(d app.Date) string {
	if d == 0 {
		return ""
	}
	y, m, day := d.YMD()
	return strings.NewReplacer("YYYY", fmt.Sprintf("%04d", y), "MM", fmt.Sprintf("%02d", int(m)), "DD", fmt.Sprintf("%02d", day)).Replace(p.Dates)
}

// absenceCodes returns the codes of a row's absences, each once.
func (p *Profile) absenceCodes(r *Row) string {
	var all []string
	for _, a := range r.Absences {
		code := p.Codes[a.Kind]
		if code == "" {
			code = string(a.Kind)
		}
		if !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return strings.Join(all, "+")
}
