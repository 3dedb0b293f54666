// Package export makes lists of hours out of timesheets: a spreadsheet for people
// who reckon on with them, and CSV files as payroll offices want them.
//
// Every figure is one of a timesheet.Model, or a part of one by its Parts: what
// stands in a list is what stands on paper, in whole minutes. A CSV file is made
// by a Profile, which says what stands in each column and how it is written.
// Neither reads a clock, a file or a database.
package export

import (
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/timesheet"
)

// Part is what a list holds about one engagement.
type Part struct {
	Model *timesheet.Model
	// Absences are those of the worker that are not withdrawn; others of theirs
	// and of other days are left out.
	Absences []app.Absence
	Clients  map[app.ID]app.Client
}

// Rows says what a row of a list stands for.
type Rows string

// What rows stand for.
const (
	PerPresence Rows = "presence" // each stay at a site
	PerDay      Rows = "day"      // each day
	PerPeriod   Rows = "period"   // all the days together
)

// Kind says why a row is there.
type Kind string

// Kinds of row.
const (
	Work     Kind = "work"
	Away     Kind = "absence"
	Addition Kind = "addition" // of an earlier, closed day
	Idle     Kind = "none"     // a day on which there was nothing
)

// Figures are minutes of one row. Sunday and Holiday together are what the
// timesheet prints in one column.
type Figures struct {
	Worked, Rounded, Break, Night, Saturday, Sunday, Holiday, Adjusted timesheet.Minutes
	// Away is the time of absences that are limited to hours.
	Away timesheet.Minutes
}

func (f *Figures) add(o Figures) {
	f.Worked += o.Worked
	f.Rounded += o.Rounded
	f.Break += o.Break
	f.Night += o.Night
	f.Saturday += o.Saturday
	f.Sunday += o.Sunday
	f.Holiday += o.Holiday
	f.Adjusted += o.Adjusted
	f.Away += o.Away
}

// Row is one row of a list, as figures and facts.
type Row struct {
	Part       *Part
	Kind       Kind
	Days       app.Days // one day, but PerPeriod
	In, Out    string   // wall clock at the site; "?" where nobody knows, "" where there is none
	Sites      []app.ID // each once, in the order of the day
	Figures    Figures
	Worked     int // days with work
	AwayDays   int // days away as a whole
	Absences   []app.Absence
	Incomplete bool
	Marks      []string
}

// RowsOf returns the rows of one engagement. With every there is a row for each
// calendar day of the engagement, also without anything on it.
func RowsOf(p *Part, rows Rows, every bool) []Row {
	var out []Row
	days := dayRows(p)
	switch rows {
	case PerPeriod:
		return []Row{total(p, days)}
	case PerPresence:
		for i := range days {
			out = append(out, presenceRows(&days[i], p, every)...)
		}
	default:
		for i := range days {
			if r := days[i].Row; r.Kind != Idle || every && p.Model.Days[days[i].index].Engaged {
				out = append(out, r)
			}
		}
	}
	return append(out, additions(p)...)
}

// dayRow is a row of a day with what its presences are.
type dayRow struct {
	Row
	index int // in the model
	parts timesheet.DayParts
}

func dayRows(p *Part) []dayRow {
	parts := p.Model.Parts()
	out := make([]dayRow, len(p.Model.Days))
	for i := range p.Model.Days {
		d := &p.Model.Days[i]
		r := Row{Part: p, Kind: Idle, Days: app.Days{From: d.Date, To: d.Date}, Absences: p.absencesOn(d), Incomplete: d.Incomplete, Marks: d.Marks,
			Figures: Figures{Worked: d.Hours, Rounded: d.Rounded, Break: d.Break, Night: d.Night, Saturday: parts[i].Saturday,
				Sunday: d.Sunday - parts[i].Holiday, Holiday: parts[i].Holiday, Adjusted: d.Adjusted}}
		for _, a := range r.Absences {
			if a.Hours.IsZero() {
				r.AwayDays = 1
			}
			r.Figures.Away += timesheet.Minutes(a.Hours.Minutes())
		}
		if len(r.Absences) > 0 {
			r.Kind = Away
		}
		if d.Worked {
			r.Kind, r.Worked = Work, 1
		}
		if slices.ContainsFunc(d.Lines, func(l timesheet.Line) bool { return l.ByPhone() }) {
			r.Marks = append(slices.Clip(r.Marks), app.PhoneMark)
		}
		if n := len(d.Lines); n > 0 {
			r.In, r.Out = edge(d.Lines[0].In), edge(d.Lines[n-1].Out)
		}
		for _, s := range parts[i].Shares {
			if !slices.Contains(r.Sites, s.Site) {
				r.Sites = append(r.Sites, s.Site)
			}
		}
		out[i] = dayRow{r, i, parts[i]}
	}
	return out
}

// edge returns the time of an edge; one that is not known is a question mark.
func edge(c timesheet.Clock) string {
	switch {
	case c.Text != "":
		return c.Text
	case c.Open:
		return ""
	}
	return "?"
}

// absencesOn returns the absences of a day, by first day and kind.
func (p *Part) absencesOn(d *timesheet.Day) (out []app.Absence) {
	s := &p.Model.Sheet
	if !d.Engaged {
		return nil
	}
	for _, a := range p.Absences {
		if a.Withdrawn == 0 && a.WorkerID == s.Worker.ID && (a.EngagementID == "" || a.EngagementID == s.Engagement.ID) && a.Days.Holds(d.Date) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(x, y app.Absence) int { return strings.Compare(string(x.Kind), string(y.Kind)) })
	return out
}

// presenceRows returns a row for each stay of a day, and one for its absences.
func presenceRows(d *dayRow, p *Part, every bool) (out []Row) {
	day := &p.Model.Days[d.index]
	for i, l := range day.Lines {
		s := d.parts.Shares[i]
		marks := day.Marks
		if l.ByPhone() {
			marks = append(slices.Clip(marks), app.PhoneMark)
		}
		out = append(out, Row{Part: p, Kind: Work, Days: d.Days, In: edge(l.In), Out: edge(l.Out), Sites: []app.ID{s.Site},
			Figures: Figures{Worked: s.Hours}, Incomplete: l.In.Text == "" || l.Out.Text == "", Marks: marks})
	}
	switch {
	case len(d.Absences) > 0:
		away := d.Row
		away.Kind, away.In, away.Out, away.Sites, away.Incomplete, away.Figures = Away, "", "", nil, false, Figures{Away: d.Figures.Away}
		if len(day.Lines) > 0 {
			away.Marks = nil
		}
		out = append(out, away)
	case len(day.Lines) == 0 && (d.Kind != Idle || every && day.Engaged):
		out = append(out, d.Row)
	}
	return out
}

// additions returns a row for each late addition: differences, which may be negative.
func additions(p *Part) (out []Row) {
	for _, l := range p.Model.Late {
		out = append(out, Row{Part: p, Kind: Addition, Days: app.Days{From: l.Date, To: l.Date}, Marks: l.Marks,
			Figures: Figures{Worked: l.Hours, Rounded: l.Rounded, Night: l.Night, Saturday: l.Saturday,
				Sunday: l.Sunday - l.OnHolidays, Holiday: l.OnHolidays}})
	}
	return out
}

// total returns the one row of a period, with what is late.
func total(p *Part, days []dayRow) Row {
	t := Row{Part: p, Kind: Work, Days: p.Model.Sheet.Days}
	take := func(r *Row) {
		t.Figures.add(r.Figures)
		t.Worked += r.Worked
		t.AwayDays += r.AwayDays
		t.Incomplete = t.Incomplete || r.Incomplete
		t.Marks = append(t.Marks, r.Marks...)
		for _, s := range r.Sites {
			if !slices.Contains(t.Sites, s) {
				t.Sites = append(t.Sites, s)
			}
		}
		for _, a := range r.Absences {
			if !slices.ContainsFunc(t.Absences, func(b app.Absence) bool { return b.ID == a.ID }) {
				t.Absences = append(t.Absences, a)
			}
		}
	}
	for i := range days {
		take(&days[i].Row)
	}
	for _, r := range additions(p) {
		take(&r)
	}
	return t
}

// ssin returns the worker's number as the sheet may show it.
func (p *Part) ssin() string {
	s := &p.Model.Sheet
	if s.RevealSSIN {
		return s.Worker.SSIN.Reveal()
	}
	return s.Worker.SSIN.Masked()
}

// names joins something of the row's sites, each text once.
func (r *Row) names(of func(app.Site) string) string {
	var all []string
	for _, id := range r.Sites {
		if n := of(r.Part.Model.Sheet.Sites[id]); n != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return strings.Join(all, " + ")
}
