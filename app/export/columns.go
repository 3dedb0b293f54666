package export

import (
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/timesheet"
)

// ColumnID names a column of the catalogue, such as staff_number or night_minutes.
type ColumnID string

// cell is what a column holds in one row: a text, a day, or a figure.
type cell struct {
	text   string
	day    app.Date
	figure *timesheet.Minutes
	number *int
}

// columnDef is one column of the catalogue.
type columnDef struct {
	id ColumnID
	// rows are those in which it means something.
	rows []Rows
	form form
	// heading is the catalogue's key for figures, whose form stands behind it; "" is export.col.ID.
	heading string
	value   func(r *Row, p *Profile) cell
}

// form says how a figure is written.
type form string

const (
	decimalHours form = "decimal" // 7.50, by the profile's decimal sign
	clockHours   form = "hhmm"    // 7:30
	wholeMinutes form = "minutes" // 450
)

// Columns returns the whole catalogue, in the order of lists.
func Columns() []ColumnID {
	var ids []ColumnID
	for _, c := range catalogue() {
		ids = append(ids, c.id)
	}
	return ids
}

// ColumnsOf returns those of the catalogue that mean something in such rows.
func ColumnsOf(rows Rows) []ColumnID {
	var ids []ColumnID
	for _, c := range catalogue() {
		if slices.Contains(c.rows, rows) {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// RowsWith returns the rows in which a column means something.
func RowsWith(id ColumnID) []Rows {
	c, _ := find(id)
	return c.rows
}

// ParseColumns reads columns as people list them: divided by commas, each
// perhaps with a heading of its own behind "=", such as date,worked_decimal=Heures.
// Whether there are such columns Profile.Check says.
func ParseColumns(s string) (list []Column) {
	for part := range strings.SplitSeq(s, ",") {
		id, heading, _ := strings.Cut(part, "=")
		if id = strings.TrimSpace(id); id != "" {
			list = append(list, Column{ID: ColumnID(id), Heading: strings.TrimSpace(heading)})
		}
	}
	return list
}

// FormatColumns writes columns as ParseColumns reads them.
func FormatColumns(list []Column) string {
	var parts []string
	for _, c := range list {
		part := string(c.ID)
		if c.Heading != "" {
			part += "=" + c.Heading
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ",")
}

// Heading returns the words of a column.
func Heading(t app.Texts, id ColumnID) string {
	c, ok := find(id)
	switch {
	case !ok:
		return string(id)
	case c.heading == "":
		return t.T("export.col." + string(id))
	case c.form == decimalHours:
		return t.T("export.col." + c.heading)
	}
	return t.T("export.col."+c.heading) + " (" + t.T("export.form."+string(c.form)) + ")"
}

func find(id ColumnID) (columnDef, bool) {
	for _, c := range catalogue() {
		if c.id == id {
			return c, true
		}
	}
	return columnDef{}, false
}

func catalogue() []columnDef {
	all := []Rows{PerPresence, PerDay, PerPeriod}
	daily := []Rows{PerPresence, PerDay}
	days := []Rows{PerDay, PerPeriod}
	text := func(id ColumnID, rows []Rows, of func(r *Row) string) columnDef {
		return columnDef{id: id, rows: rows, value: func(r *Row, _ *Profile) cell { return cell{text: of(r)} }}
	}
	day := func(id ColumnID, rows []Rows, of func(r *Row) app.Date) columnDef {
		return columnDef{id: id, rows: rows, value: func(r *Row, _ *Profile) cell { return cell{day: of(r)} }}
	}
	number := func(id ColumnID, rows []Rows, of func(r *Row) int) columnDef {
		return columnDef{id: id, rows: rows, value: func(r *Row, _ *Profile) cell { n := of(r); return cell{number: &n} }}
	}
	out := []columnDef{
		text("staff_number", all, func(r *Row) string { return r.Part.Model.Sheet.Worker.StaffNumber }),
		text("name", all, func(r *Row) string { return r.Part.Model.Sheet.Worker.Name() }),
		text("family_name", all, func(r *Row) string { return r.Part.Model.Sheet.Worker.FamilyName }),
		text("given_name", all, func(r *Row) string { return r.Part.Model.Sheet.Worker.GivenName }),
		text("ssin", all, func(r *Row) string { return r.Part.ssin() }),
		text("employer", all, func(r *Row) string { return r.Part.Model.Sheet.Employer.Name }),
		text("employer_number", all, func(r *Row) string {
			e := &r.Part.Model.Sheet.Employer
			return e.Enterprise + e.ForeignVAT // one of the two
		}),
		text("engagement", all, func(r *Row) string { return string(r.Part.Model.Sheet.Engagement.ID) }),
		day("date", daily, func(r *Row) app.Date { return r.Days.From }),
		day("from", all, func(r *Row) app.Date { return r.Part.Model.Sheet.Days.From }),
		day("to", all, func(r *Row) app.Date { return r.Part.Model.Sheet.Days.To }),
		text("kind", daily, func(r *Row) string { return string(r.Kind) }),
		text("in", daily, func(r *Row) string { return r.In }),
		text("out", daily, func(r *Row) string { return r.Out }),
		text("site", all, func(r *Row) string { return r.names(func(s app.Site) string { return s.Name }) }),
		text("site_code", all, func(r *Row) string { return r.names(func(s app.Site) string { return s.Code }) }),
		text("client", all, func(r *Row) string {
			return r.names(func(s app.Site) string { return r.Part.Clients[s.ClientID].Name })
		}),
		{id: "absence", rows: all, value: func(r *Row, p *Profile) cell { return cell{text: p.absenceCodes(r)} }},
		number("days_worked", days, func(r *Row) int { return r.Worked }),
		number("days_absent", days, func(r *Row) int { return r.AwayDays }),
		text("incomplete", all, func(r *Row) string {
			if r.Incomplete {
				return "1"
			}
			return "0"
		}),
		text("marks", all, func(r *Row) string { return strings.Join(r.Marks, " ") }),
	}
	for _, f := range figures() {
		for _, form := range []form{decimalHours, clockHours, wholeMinutes} {
			c := columnDef{id: ColumnID(f.name + "_" + string(form)), rows: f.rows, form: form, heading: f.name}
			c.value = func(r *Row, _ *Profile) cell { m := f.of(&r.Figures); return cell{figure: &m} }
			out = append(out, c)
		}
	}
	return out
}

// figure is one of Figures by its name.
type figure struct {
	name string
	rows []Rows
	of   func(*Figures) timesheet.Minutes
}

func figures() []figure {
	all := []Rows{PerPresence, PerDay, PerPeriod}
	days := []Rows{PerDay, PerPeriod}
	return []figure{
		{"worked", all, func(f *Figures) timesheet.Minutes { return f.Worked }},
		{"rounded", days, func(f *Figures) timesheet.Minutes { return f.Rounded }},
		{"break", days, func(f *Figures) timesheet.Minutes { return f.Break }},
		{"night", days, func(f *Figures) timesheet.Minutes { return f.Night }},
		{"saturday", days, func(f *Figures) timesheet.Minutes { return f.Saturday }},
		{"sunday", days, func(f *Figures) timesheet.Minutes { return f.Sunday }},
		{"holiday", days, func(f *Figures) timesheet.Minutes { return f.Holiday }},
		{"adjusted", days, func(f *Figures) timesheet.Minutes { return f.Adjusted }},
		{"away", all, func(f *Figures) timesheet.Minutes { return f.Away }},
	}
}
