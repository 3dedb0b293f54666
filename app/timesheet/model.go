package timesheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

// Model is a timesheet as it will be printed: figures as figures, names and
// notes as text. Screens and spreadsheets may show the same model.
type Model struct {
	Sheet Sheet // what it was made of
	Days  []Day // every calendar day
	Total Total
	Late  []Late // by day
	// WithLate is what the days come to with what is late.
	WithLate LateFigures
	Sites    []SiteTotal   // by name
	Clients  []ClientTotal // by name, "" for sites without a client last; none where no site has one
	Notes    []Note        // in the order of their numbers
	// Standing are open anomalies without a day of their own.
	Standing []string
	// Stamp says which state of the data this is; without one the paper has no version and no code.
	Stamp *Stamp

	texts app.Texts
}

// Day is one calendar day with its workday, if there was one.
type Day struct {
	Date    app.Date
	Holiday string // its name; "" on other days
	Free    bool   // Saturday, Sunday or holiday: shaded
	// Engaged says that the day lies within the engagement.
	Engaged bool
	Worked  bool // there was a workday
	Lines   []Line
	Hours   Minutes
	// Rounded is Hours as the engagement rounds them; equal where it does not.
	Rounded  Minutes
	Adjusted Minutes // the part of Hours that only adjustments give
	Break    Minutes
	Proposed Minutes // the part of Break that is only proposed
	Night    Minutes
	Saturday Minutes // on Saturdays that are no holidays
	// Sunday is on Sundays and holidays; OnHolidays is the part of it on holidays that are no Sundays.
	Sunday     Minutes
	OnHolidays Minutes
	Absences   []Away
	// Incomplete says that an edge is not known: Hours holds only what is.
	Incomplete bool
	// ClockMoved is how much the clocks moved during the workday: an hour on two nights of the year.
	ClockMoved time.Duration
	Marks      []string // of the notes, such as *1 and !2
}

// Line is one presence of a day.
type Line struct {
	Site    string
	In, Out Clock
	Breaks  []Pause
	SiteID  app.ID
	// Incomplete says that an edge or the edge of a break is not known.
	Incomplete bool
	// Share is what of the day's figures this presence gives; shares add up to the day's.
	Share LineShare
}

// LineShare is what one presence gives of its day's figures.
type LineShare struct{ Hours, Night, Saturday, Sunday, OnHolidays Minutes }

// OnlySunday is the part on Sundays.
func (s LineShare) OnlySunday() Minutes { return s.Sunday - s.OnHolidays }

// Away is an absence on one day.
type Away struct {
	Kind  app.AbsenceKind
	Hours app.Hours // none: the whole day
}

// Clock is one edge of a presence as the wall clock of its site showed it.
type Clock struct {
	Text     string // 06:58; "" where it is not known
	Later    int    // days after the day of the workday
	Adjusted bool   // a supervisor's statement
	ByPhone  bool   // registered by phone or otherwise
	Open     bool   // not known yet: still at work
}

// Pause is one break.
type Pause struct {
	From, To string // "" where it is not known
	Proposed bool   // nobody pressed a key for it
}

// Total sums the days as printed.
type Total struct {
	Days                                                     int // with a workday
	Hours, Rounded, Adjusted, Break, Proposed, Night, Sunday Minutes
	Saturday, OnHolidays                                     Minutes
	Incomplete                                               int // days
}

// SiteTotal is what the hours at one site are. The sites' hours add up to
// the total.
type SiteTotal struct {
	ID    app.ID
	Name  string
	Days  int
	Hours Minutes
}

// ClientTotal is what the hours at one client's sites are; they add up to the total.
type ClientTotal struct {
	Name  string
	Hours Minutes
}

// NoteKind says what a note is about.
type NoteKind string

// Kinds of note, by their mark.
const (
	NoteAdjustment NoteKind = "*"
	NoteAnomaly    NoteKind = "!"
)

// Note is one foot note.
type Note struct {
	Kind   NoteKind
	Number int
	Day    app.Date
	Site   app.ID // that it is about; "" where it is about the day as a whole
	Text   string
}

// Mark returns what points to the note, such as *1.
func (n Note) Mark() string { return fmt.Sprintf("%s%d", n.Kind, n.Number) }

// PresenceError says that a presence cannot stand on this sheet: it belongs to
// another engagement, or names a site or an adjustment that the sheet lacks.
type PresenceError struct {
	Day     app.Date
	Problem string // other-engagement, no-such-site, no-such-adjustment
	ID      app.ID
}

// Error names day, problem and id.
func (e *PresenceError) Error() string {
	return fmt.Sprintf("timesheet: workday %s: %s %s", e.Day, e.Problem, e.ID)
}

// Build makes the model of a sheet. It fails with a *PresenceError when the
// workdays do not fit the sheet.
func Build(s Sheet, t app.Texts) (*Model, error) {
	b := &builder{
		sheet: s, texts: t,
		model:       &Model{Sheet: s, texts: t},
		adjustments: make(map[app.ID]app.Adjustment),
		sites:       make(map[app.ID]*SiteTotal),
		holidays:    holidays(s, t),
		zones:       app.Zones{},
	}
	for _, a := range s.Adjustments {
		b.adjustments[a.ID] = a
	}
	for day := s.Days.From; day <= s.Days.To; day++ {
		if err := b.day(day); err != nil {
			return nil, err
		}
	}
	if err := b.late(); err != nil {
		return nil, err
	}
	b.standing()
	b.finish()
	return b.model, nil
}

type builder struct {
	sheet       Sheet
	texts       app.Texts
	model       *Model
	adjustments map[app.ID]app.Adjustment
	sites       map[app.ID]*SiteTotal
	holidays    map[app.Date]string
	zones       app.Zones
	counted     []app.Span // times at work of the workdays so far, in order
	notes       int
}

func (b *builder) day(date app.Date) error {
	d := Day{
		Date:    date,
		Holiday: b.holidays[date],
		Engaged: b.sheet.Engagement.Days.Holds(date),
	}
	d.Free = d.Holiday != "" || date.Weekday() == time.Saturday || date.Weekday() == time.Sunday
	for i := range b.sheet.Workdays {
		w := &b.sheet.Workdays[i]
		if w.Day != date {
			continue
		}
		if err := b.check(w); err != nil {
			return err
		}
		b.workday(&d, w)
	}
	d.Rounded = d.Hours.Round(b.sheet.Engagement.Rounding)
	d.Absences = b.away(date)
	b.anomalies(&d)
	b.model.Days = append(b.model.Days, d)
	return nil
}

// check refuses what would print under a wrong name, or nameless.
func (b *builder) check(w *app.Workday) error {
	for i := range w.Presences {
		if err := b.checkPresence(w.Day, &w.Presences[i]); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) checkPresence(day app.Date, p *app.Presence) error {
	if p.EngagementID != b.sheet.Engagement.ID {
		return &PresenceError{day, "other-engagement", p.EngagementID}
	}
	if _, ok := b.sheet.Sites[p.SiteID]; !ok {
		return &PresenceError{day, "no-such-site", p.SiteID}
	}
	for _, id := range adjustmentsOf(p) {
		if _, ok := b.adjustments[id]; !ok {
			return &PresenceError{day, "no-such-adjustment", id}
		}
	}
	return nil
}

func (b *builder) workday(d *Day, w *app.Workday) {
	d.Worked = true
	d.Hours += Cut(w.Worked)
	d.Adjusted += Cut(w.Adjusted)
	d.Break += Cut(w.Breaks)
	d.Proposed += Cut(w.ProposedBreaks)
	d.Night += Cut(w.Night)
	d.Sunday += Cut(w.Sunday)
	d.Incomplete = d.Incomplete || w.Incomplete
	d.ClockMoved += b.clockMoved(w)
	for i := range w.Presences {
		p := &w.Presences[i]
		d.Incomplete = d.Incomplete || !p.Complete()
		d.Lines = append(d.Lines, b.line(p, w.Day))
		b.adjusted(d, p)
	}
	b.proposals(d, w)
	b.shares(d, w)
}

func (b *builder) line(p *app.Presence, day app.Date) Line {
	zone := b.zone(p.SiteID)
	open := p.State == app.PresenceOpen
	l := Line{
		SiteID: p.SiteID, Site: b.sheet.Sites[p.SiteID].Name, Incomplete: !p.Complete(),
		In:  clock(p.In, zone, day, false),
		Out: clock(p.Out, zone, day, open),
	}
	for _, br := range p.Breaks {
		var pause Pause
		if br.Start.At != 0 { // 0: a break end without its start
			pause.From = pauseEdge(&br.Start, zone)
		}
		if br.End != nil {
			pause.To = pauseEdge(br.End, zone)
		}
		l.Breaks = append(l.Breaks, pause)
		l.Incomplete = l.Incomplete || pause.From == "" || pause.To == ""
	}
	return l
}

func clock(s *app.Side, zone *time.Location, day app.Date, open bool) Clock {
	if s == nil {
		return Clock{Open: open}
	}
	return Clock{
		Text:     wall(s.At, zone),
		Later:    int(s.At.DateIn(zone) - day),
		Adjusted: s.Adjustment != "",
		ByPhone:  s.ByPhone(),
	}
}

func pauseEdge(s *app.Side, zone *time.Location) string {
	if s.ByPhone() {
		return wall(s.At, zone) + app.PhoneMark
	}
	return wall(s.At, zone)
}

// ByPhone says that an edge of the presence was registered by phone or otherwise.
func (l *Line) ByPhone() bool { return l.In.ByPhone || l.Out.ByPhone }

// ByPhone says that something on the sheet was registered by phone or otherwise.
func (m *Model) ByPhone() bool {
	return slices.ContainsFunc(m.Days, func(d Day) bool {
		return slices.ContainsFunc(d.Lines, func(l Line) bool {
			return l.ByPhone() || slices.ContainsFunc(l.Breaks, func(b Pause) bool { return strings.Contains(b.From+b.To, app.PhoneMark) })
		})
	})
}

// wall returns the time of day, its seconds cut.
func wall(at app.Instant, zone *time.Location) string { return at.In(zone).Format("15:04") }

func (b *builder) zone(site app.ID) *time.Location { return b.zones.Location(b.sheet.Sites[site].Zone) }

// clockMoved returns how far the wall clocks moved between the first and the last edge.
func (b *builder) clockMoved(w *app.Workday) time.Duration {
	var first, last *app.Side
	for i := range w.Presences {
		p := &w.Presences[i]
		if p.SiteID != w.Presences[0].SiteID {
			continue // two zones are no change of the clock
		}
		if first == nil {
			first = p.In
		}
		if p.Out != nil {
			last = p.Out
		}
	}
	if first == nil || last == nil {
		return 0
	}
	zone := b.zone(w.Presences[0].SiteID)
	_, before := first.At.In(zone).Zone()
	_, after := last.At.In(zone).Zone()
	return time.Duration(after-before) * time.Second
}

// proposals shows where the proposed breaks lie: the gaps of at most an hour
// between two presences at one site (rule B3). The workday only says how long
// they are together; where the gaps do not add up to that, the total stands alone.
func (b *builder) proposals(d *Day, w *app.Workday) {
	const longest = 60 * time.Minute
	first := len(d.Lines) - len(w.Presences)
	var gaps []int
	var sum time.Duration
	for i := 1; i < len(w.Presences); i++ {
		before, after := &w.Presences[i-1], &w.Presences[i]
		if before.Out == nil || after.In == nil || before.SiteID != after.SiteID {
			continue
		}
		if gap := after.In.At.Sub(before.Out.At); gap > 0 && gap <= longest {
			gaps = append(gaps, i)
			sum += gap
		}
	}
	if sum != w.ProposedBreaks {
		return
	}
	for _, i := range gaps {
		l := &d.Lines[first+i-1]
		l.Breaks = append(l.Breaks, Pause{From: l.Out.Text, To: d.Lines[first+i].In.Text, Proposed: true})
	}
}

// adjusted adds the notes of a presence's adjustments.
func (b *builder) adjusted(d *Day, p *app.Presence) {
	for _, id := range adjustmentsOf(p) {
		a := b.adjustments[id]
		args := []any{"Site", b.sheet.Sites[a.SiteID].Name, "Reason", b.texts.T("reason." + a.Reason),
			"By", a.By, "Date", b.texts.Date(a.At.DateIn(b.zone(p.SiteID)))}
		text := b.texts.T("timesheet.note.adjusted."+string(a.Kind), args...)
		if a.Note != "" {
			text += " " + b.texts.T("timesheet.note.quote", "Note", strings.TrimSpace(a.Note))
		}
		b.note(d, NoteAdjustment, p.SiteID, text)
	}
}

// adjustmentsOf returns the adjustments that a presence's edges come from, each once.
func adjustmentsOf(p *app.Presence) []app.ID {
	var ids []app.ID
	for _, s := range []*app.Side{p.In, p.Out} {
		if s != nil && s.Adjustment != "" && !slices.Contains(ids, s.Adjustment) {
			ids = append(ids, s.Adjustment)
		}
	}
	return ids
}

func (b *builder) anomalies(d *Day) {
	for _, a := range b.sheet.Anomalies {
		if a.Day == d.Date {
			b.note(d, NoteAnomaly, a.SiteID, a.Caption)
		}
	}
}

func (b *builder) standing() {
	for _, a := range b.sheet.Anomalies {
		if a.Day == 0 {
			b.model.Standing = append(b.model.Standing, a.Caption)
		}
	}
}

func (b *builder) note(d *Day, kind NoteKind, site app.ID, text string) {
	b.notes++
	n := Note{Kind: kind, Number: b.notes, Day: d.Date, Site: site, Text: text}
	d.Marks = append(d.Marks, n.Mark())
	b.model.Notes = append(b.model.Notes, n)
}

// add counts one day.
func (t *Total) add(d *Day) {
	if d.Worked {
		t.Days++
	}
	if d.Incomplete {
		t.Incomplete++
	}
	t.Hours += d.Hours
	t.Rounded += d.Rounded
	t.Adjusted += d.Adjusted
	t.Break += d.Break
	t.Proposed += d.Proposed
	t.Night += d.Night
	t.Sunday += d.Sunday
	t.Saturday += d.Saturday
	t.OnHolidays += d.OnHolidays
}

func (b *builder) finish() {
	for i := range b.model.Days {
		b.model.Total.add(&b.model.Days[i])
	}
	b.withLate()
	for _, s := range b.sites {
		b.model.Sites = append(b.model.Sites, *s)
	}
	sortSites(b.model.Sites)
	b.model.Clients = clientTotals(b.model.Sites, b.sheet)
}

func sortSites(sites []SiteTotal) {
	slices.SortFunc(sites, func(x, y SiteTotal) int {
		return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(string(x.ID), string(y.ID)))
	})
}

// clientTotals sums the sites of each client.
func clientTotals(sites []SiteTotal, s Sheet) (out []ClientTotal) {
	known := false
	for _, site := range sites {
		client := s.Clients[s.Sites[site.ID].ClientID].Name
		known = known || client != ""
		i := slices.IndexFunc(out, func(c ClientTotal) bool { return c.Name == client })
		if i < 0 {
			i = len(out)
			out = append(out, ClientTotal{Name: client})
		}
		out[i].Hours += site.Hours
	}
	if !known {
		return nil
	}
	sortClients(out)
	return out
}

// sortClients puts clients by name, sites without one last.
func sortClients(list []ClientTotal) {
	slices.SortFunc(list, func(x, y ClientTotal) int {
		if (x.Name == "") != (y.Name == "") {
			return strings.Compare(y.Name, x.Name)
		}
		return strings.Compare(x.Name, y.Name)
	})
}

// away returns the absences of a day, whole days first.
func (b *builder) away(date app.Date) (out []Away) {
	for _, a := range b.sheet.Absences {
		mine := a.EngagementID == "" || a.EngagementID == b.sheet.Engagement.ID
		if a.Withdrawn == 0 && mine && a.Days.Holds(date) {
			out = append(out, Away{a.Kind, a.Hours})
		}
	}
	slices.SortFunc(out, func(x, y Away) int {
		return cmp.Or(cmp.Compare(x.Hours.From, y.Hours.From), cmp.Compare(x.Hours.To, y.Hours.To), cmp.Compare(x.Kind, y.Kind))
	})
	return slices.Compact(out)
}

// ssin returns the worker's number as it may be shown.
func (s Sheet) ssin() string {
	if s.RevealSSIN {
		return identity.FormatSSIN(s.Worker.SSIN.Reveal())
	}
	return s.Worker.SSIN.Masked()
}
