package export

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"klokkast/app"
	"klokkast/app/timesheet"
)

// addSheet writes an engagement on a sheet of its own: its days with a column
// for each site, their total, what is late, and the notes.
func (w *Workbook) addSheet(p *Part) error {
	days := sheetDays(p)
	parts := p.Model.Parts()
	fields := append(w.daily(), w.hours()...)
	fields = append(fields, w.marks())
	first := len(fields)
	sites := sitesOf(p, days)
	for _, id := range sites {
		fields = append(fields, field{key: siteKey + p.Model.Sheet.Sites[id].Name, width: 14, value: func(r *Row) any {
			return shareOf(parts[r.Days.From-p.Model.Sheet.Days.From], id)
		}})
	}
	s, err := w.newSheet(w.sheetName(p.Model.Sheet.Worker.Name()), w.above(p), fields)
	if err != nil {
		return err
	}
	t := totalOf{part: p, days: sumOf(days), row: total(p, nil), sheet: s.name, first: s.row + 1, late: additions(p)}
	for i := range days {
		t.row.Worked += days[i].Worked
		t.row.AwayDays += days[i].AwayDays
		if err := s.add(w.cells(s, &days[i])); err != nil {
			return err
		}
	}
	t.last, t.total = s.row, s.row+1
	cells := w.sumCells(s, &t)
	for i, id := range sites {
		var minutes timesheet.Minutes
		for _, d := range parts {
			minutes += shareOf(d, id)
		}
		cells[first+i] = sum(w.look.sumTime, first+i+1, t.first, t.last, asTime(minutes))
	}
	if err := s.add(cells); err != nil {
		return err
	}
	if err := w.lateBelow(s, &t); err != nil {
		return err
	}
	if err := w.notesBelow(s, p); err != nil {
		return err
	}
	w.totals = append(w.totals, t)
	return s.end()
}

// shareOf returns what a site has of a day's hours.
func shareOf(d timesheet.DayParts, site app.ID) (m timesheet.Minutes) {
	for _, s := range d.Shares {
		if s.Site == site {
			m += s.Hours
		}
	}
	return m
}

// above are the lines that say what a sheet is about.
func (w *Workbook) above(p *Part) [][]any {
	s := &p.Model.Sheet
	text := func(v string) excelize.Cell { return excelize.Cell{StyleID: w.look.text, Value: safe(v)} }
	who := s.Worker.Name()
	if s.Worker.StaffNumber != "" {
		who += " (" + s.Worker.StaffNumber + ")"
	}
	state := w.texts.T("export.draft")
	if s.Approval != nil {
		state = w.texts.T("export.approved", "Version", s.Approval.Version)
	}
	out := [][]any{
		{excelize.Cell{StyleID: w.look.title, Value: safe(who)}},
		{text(timesheet.Period(w.texts, s.Days) + " · " + state)},
		{text(s.Employer.Name + " · " + p.ssin())},
	}
	if s.Environment.Simulated() {
		out = append(out, []any{text(w.texts.T("timesheet.simulated"))})
	}
	return append(out, []any{})
}

// sumCells returns the row that adds up the days above it.
func (w *Workbook) sumCells(s *sheet, t *totalOf) []any {
	out := make([]any, len(s.fields))
	for i, f := range s.fields {
		switch {
		case i == 0:
			out[i] = excelize.Cell{StyleID: w.look.sumText, Value: w.texts.T("export.total")}
		case f.of != nil:
			out[i] = sum(w.look.sumTime, i+1, t.first, t.last, asTime(f.of(&t.days)))
		default:
			out[i] = excelize.Cell{StyleID: w.look.sumText}
		}
	}
	return out
}

// lateBelow writes what is late under a sheet's total, in hours, and the total with it.
func (w *Workbook) lateBelow(s *sheet, t *totalOf) error {
	if len(t.late) == 0 {
		return nil
	}
	if err := s.add(nil); err != nil {
		return err
	}
	if err := s.add([]any{excelize.Cell{StyleID: w.look.sumText, Value: w.texts.T("export.late")}}); err != nil {
		return err
	}
	first := s.row + 1
	for i := range t.late {
		if err := s.add(w.lateCells(s.fields, &t.late[i], &t.part.Model.Late[i])); err != nil {
			return err
		}
	}
	with := t.days
	late := sumOf(t.late)
	with.add(late)
	cells := make([]any, len(s.fields))
	for i, f := range s.fields {
		switch {
		case i == 0:
			cells[i] = excelize.Cell{StyleID: w.look.sumText, Value: w.texts.T("export.with")}
		case f.of != nil && hasLate(f.key):
			name, _ := excelize.ColumnNumberToName(i + 1)
			cells[i] = excelize.Cell{StyleID: w.look.sumTime, Value: asTime(f.of(&with)),
				Formula: fmt.Sprintf("%s%d+SUM(%s%d:%s%d)/24", name, t.total, name, first, name, s.row)}
		}
	}
	return s.add(cells)
}

// hasLate says that a figure is known of late additions: breaks and adjusted time are not.
func hasLate(key string) bool { return key != "break" && key != "adjusted" }

// lateCells returns the cells of one late addition, its figures in hours.
func (w *Workbook) lateCells(fields []field, r *Row, l *timesheet.Late) []any {
	out := make([]any, len(fields))
	for i, f := range fields {
		switch {
		case f.key == "date":
			out[i] = excelize.Cell{StyleID: w.look.day, Value: asDate(r.Days.From)}
		case f.key == "remark":
			out[i] = excelize.Cell{StyleID: w.look.text, Value: safe(l.What + "; " + l.Why)}
		case f.of != nil && hasLate(f.key):
			out[i] = excelize.Cell{StyleID: w.look.decimal, Value: asHours(f.of(&r.Figures))}
		case f.of == nil && f.value != nil && (isWho(f.key) || f.key == "marks"):
			text, _ := f.value(r).(string)
			out[i] = excelize.Cell{StyleID: w.look.text, Value: safe(text)}
		}
	}
	return out
}

func isWho(key string) bool {
	return key == "staff_number" || key == "name" || key == "ssin" || key == "employer"
}

// notesBelow writes the notes that marks point to.
func (w *Workbook) notesBelow(s *sheet, p *Part) error {
	if len(p.Model.Notes) == 0 && len(p.Model.Standing) == 0 {
		return nil
	}
	if err := s.add(nil); err != nil {
		return err
	}
	for _, n := range notes(p) {
		if err := s.add([]any{excelize.Cell{StyleID: w.look.text, Value: safe(n.mark)}, excelize.Cell{StyleID: w.look.text, Value: safe(n.text)}}); err != nil {
			return err
		}
	}
	return nil
}

// note is a note with its mark.
type note struct {
	day        app.Date // 0: of no day
	mark, text string
}

func notes(p *Part) (out []note) {
	for _, n := range p.Model.Notes {
		out = append(out, note{n.Day, n.Mark(), n.Text})
	}
	for _, s := range p.Model.Standing {
		out = append(out, note{0, "!", s})
	}
	return out
}

// addToList writes an engagement into the lists that all share.
func (w *Workbook) addToList(p *Part) error {
	if err := w.openLists(); err != nil {
		return err
	}
	days := sheetDays(p)
	t := totalOf{part: p, days: sumOf(days), row: total(p, nil), sheet: w.list.name, first: w.list.row + 1, late: additions(p)}
	for i := range days {
		t.row.Worked += days[i].Worked
		t.row.AwayDays += days[i].AwayDays
		if err := w.list.add(w.cells(w.list, &days[i])); err != nil {
			return err
		}
	}
	t.last = w.list.row
	for i, part := range p.Model.Parts() {
		for _, s := range shares(part) {
			r := Row{Part: p, Kind: Work, Days: days[i].Days, Sites: []app.ID{s.Site}, Figures: Figures{Worked: s.Hours}}
			if err := w.sites.add(w.cells(w.sites, &r)); err != nil {
				return err
			}
		}
	}
	if err := w.lateOf(&t); err != nil {
		return err
	}
	if err := w.notesOf(p); err != nil {
		return err
	}
	w.totals = append(w.totals, t)
	return nil
}

// shares returns the shares of a day by site, each site once.
func shares(d timesheet.DayParts) (out []timesheet.Share) {
next:
	for _, s := range d.Shares {
		for i := range out {
			if out[i].Site == s.Site {
				out[i].Hours += s.Hours
				continue next
			}
		}
		out = append(out, s)
	}
	return out
}

func (w *Workbook) openLists() (err error) {
	if w.list != nil {
		return nil
	}
	fields := append(append(w.who(), w.daily()...), w.hours()...)
	if w.list, err = w.newSheet(w.sheetName(w.texts.T("export.sheet.days")), nil, append(fields, w.marks())); err != nil {
		return err
	}
	site := func(key string, width float64, of func(r *Row, s app.Site) string) field {
		return field{key: key, width: width, value: func(r *Row) any { return r.names(func(s app.Site) string { return of(r, s) }) }}
	}
	bySite := append(w.who()[:2], w.daily()[0],
		site("site_code", 12, func(_ *Row, s app.Site) string { return s.Code }),
		site("site", 30, func(_ *Row, s app.Site) string { return s.Name }),
		site("client", 26, func(r *Row, s app.Site) string { return r.Part.Clients[s.ClientID].Name }),
		w.hours()[0])
	w.sites, err = w.newSheet(w.sheetName(w.texts.T("export.sheet.sites")), nil, bySite)
	return err
}

// lateOf writes the late additions of an engagement into their list, in hours.
func (w *Workbook) lateOf(t *totalOf) (err error) {
	if len(t.late) == 0 {
		return nil
	}
	if w.late == nil {
		fields := append(append(w.who()[:2], w.daily()[:2]...), w.hours()...)
		above := [][]any{{excelize.Cell{StyleID: w.look.text, Value: w.texts.T("export.late")}}}
		if w.late, err = w.newSheet(w.sheetName(w.texts.T("export.sheet.late")), above, append(fields, w.marks())); err != nil {
			return err
		}
	}
	for i := range t.late {
		if err := w.late.add(w.lateCells(w.late.fields, &t.late[i], &t.part.Model.Late[i])); err != nil {
			return err
		}
	}
	return nil
}

// notesOf writes the notes of an engagement into their list.
func (w *Workbook) notesOf(p *Part) (err error) {
	all := notes(p)
	if len(all) == 0 {
		return nil
	}
	if w.notes == nil {
		fields := append(w.who()[:2], w.daily()[0], w.marks(), field{key: "note", width: 90})
		if w.notes, err = w.newSheet(w.sheetName(w.texts.T("export.sheet.notes")), nil, fields); err != nil {
			return err
		}
	}
	for _, n := range all {
		r := Row{Part: p, Kind: Addition, Days: app.Days{From: n.day, To: n.day}, Marks: []string{n.mark}}
		cells := w.cells(w.notes, &r)
		if n.day == 0 {
			cells[2] = nil
		}
		cells[len(cells)-1] = excelize.Cell{StyleID: w.look.text, Value: safe(n.text)}
		if err := w.notes.add(cells); err != nil {
			return err
		}
	}
	return nil
}

// writeTotals writes the first sheet: a line for each engagement, whose sums
// reckon over its days wherever they stand, and the sum of all.
func (w *Workbook) writeTotals() error {
	fields := w.who()
	days := len(fields)
	fields = append(fields, field{key: "days_worked", width: 10}, field{key: "days_absent", width: 10})
	hours := len(fields)
	fields = append(fields, w.hours()...)
	late := len(fields)
	fields = append(fields, field{key: "late_hours", width: 10}, field{key: "with_late", width: 12})
	s, err := w.newSheet(w.file.GetSheetName(0), w.totalsAbove(), fields)
	if err != nil {
		return err
	}
	first := s.row + 1
	sums := make([]float64, len(fields))
	for i := range w.totals {
		cells, values := w.totalCells(s, &w.totals[i], days, hours, late)
		for j, v := range values {
			sums[j] += v
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	last := make([]any, len(fields))
	for i := range fields {
		last[i] = excelize.Cell{StyleID: w.look.sumText}
		style := w.look.sumTime
		switch {
		case i < days:
			continue
		case i < hours:
			style = w.look.sumNumber
		case i == late:
			style = w.look.decimal
		}
		if len(w.totals) > 0 {
			last[i] = sum(style, i+1, first, s.row, sums[i])
		}
	}
	last[0] = excelize.Cell{StyleID: w.look.sumText, Value: w.texts.T("export.total")}
	if err := s.add(last); err != nil {
		return err
	}
	return s.end()
}

// totalsAbove says what the file is about.
func (w *Workbook) totalsAbove() [][]any {
	if len(w.totals) == 0 {
		return nil
	}
	s := &w.totals[0].part.Model.Sheet
	out := [][]any{{excelize.Cell{StyleID: w.look.title, Value: timesheet.Period(w.texts, s.Days)}}}
	if s.Environment.Simulated() {
		out = append(out, []any{excelize.Cell{StyleID: w.look.text, Value: w.texts.T("timesheet.simulated")}})
	}
	return append(out, []any{})
}

// totalCells returns the line of one engagement and the values of its figures.
func (w *Workbook) totalCells(s *sheet, t *totalOf, days, hours, late int) ([]any, []float64) {
	cells := w.cells(s, &t.row)
	values := make([]float64, len(cells))
	for i, n := range []int{t.row.Worked, t.row.AwayDays} {
		cells[days+i] = excelize.Cell{StyleID: w.look.number, Value: n}
		values[days+i] = float64(n)
	}
	column := len(w.daily()) // of the first figure on the engagement's own sheet,
	if t.total == 0 {
		column += len(w.who()) // or in the list
	}
	for i, f := range w.hours() {
		name, _ := excelize.ColumnNumberToName(column + i + 1)
		formula := fmt.Sprintf("'%s'!%s%d", t.sheet, name, t.total)
		if t.total == 0 {
			formula = fmt.Sprintf("SUM('%s'!%s%d:%s%d)", t.sheet, name, t.first, name, t.last)
		}
		values[hours+i] = asTime(f.of(&t.days))
		cells[hours+i] = excelize.Cell{StyleID: w.look.time, Formula: formula, Value: values[hours+i]}
	}
	added := sumOf(t.late).Worked
	worked, _ := excelize.ColumnNumberToName(hours + 1)
	hour, _ := excelize.ColumnNumberToName(late + 1)
	values[late], values[late+1] = asHours(added), asTime(t.days.Worked+added)
	cells[late] = excelize.Cell{StyleID: w.look.decimal, Value: values[late]}
	cells[late+1] = excelize.Cell{StyleID: w.look.time, Formula: fmt.Sprintf("%s%d+%s%d/24", worked, s.row+1, hour, s.row+1), Value: values[late+1]}
	return cells, values
}
