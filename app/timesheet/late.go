package timesheet

import (
	"time"

	"klokkast/app"
	"klokkast/app/period"
)

// Late is one closed day of an earlier period that counts more or less than was
// settled of it: what came or went, why, and the difference.
type Late struct {
	Date      app.Date
	What, Why string
	LateFigures
	Marks []string // of the notes about its statements, such as *1
}

// LateFigures are differences, or sums with them; negative ones are deducted.
type LateFigures struct {
	Hours, Rounded, Night, Saturday Minutes
	// Sunday is on Sundays and holidays; OnHolidays is the part of it on holidays that are no Sundays.
	Sunday, OnHolidays Minutes
}

// Plus adds two figures, each to each.
func (f LateFigures) Plus(o LateFigures) LateFigures {
	return LateFigures{f.Hours + o.Hours, f.Rounded + o.Rounded, f.Night + o.Night, f.Saturday + o.Saturday, f.Sunday + o.Sunday, f.OnHolidays + o.OnHolidays}
}

// Minus takes o from f, each from each.
func (f LateFigures) Minus(o LateFigures) LateFigures {
	return LateFigures{f.Hours - o.Hours, f.Rounded - o.Rounded, f.Night - o.Night, f.Saturday - o.Saturday, f.Sunday - o.Sunday, f.OnHolidays - o.OnHolidays}
}

// ByKind gives the figures that are paid otherwise, in the order of Model.kinds.
func (f LateFigures) byKind() []Minutes {
	return []Minutes{f.Night, f.Saturday, f.Sunday - f.OnHolidays, f.OnHolidays}
}

// late makes the lines of what is settled with these days of earlier ones.
func (b *builder) late() error {
	for i := range b.sheet.Additions {
		a := &b.sheet.Additions[i]
		d := Day{Date: a.Day}
		for _, c := range a.Changes {
			for _, p := range []*period.Presence{c.Was, c.Is} {
				if p == nil {
					continue
				}
				if err := b.checkPresence(a.Day, &p.Presence); err != nil {
					return err
				}
			}
			if c.Is != nil {
				b.adjusted(&d, &c.Is.Presence)
			}
		}
		b.model.Late = append(b.model.Late, Late{Date: a.Day, What: a.What(b.texts, places{b}), Why: a.Why(b.texts), Marks: d.Marks,
			LateFigures: b.figuresOf(&a.Now, a.Is, a.Rounding).Minus(b.figuresOf(a.Settled(), a.Was, a.Rounding))})
	}
	return nil
}

// figuresOf returns what a closed workday counts, cut as a day of the sheet is.
func (b *builder) figuresOf(w *period.Workday, f period.Figures, r app.Rounding) LateFigures {
	presences := make([]app.Presence, len(w.Presences))
	for i := range w.Presences {
		presences[i] = w.Presences[i].Presence
	}
	saturday, holiday := b.kinds(presences)
	sunday := Minutes(f.Sunday)
	return LateFigures{Minutes(f.Worked), Minutes(f.Worked).Round(r), Minutes(f.Night),
		Minutes(saturday / millisecondsPerMinute), sunday, min(Minutes(holiday/millisecondsPerMinute), sunday)}
}

// kinds returns the milliseconds at work on Saturdays and on holidays, by the
// clocks of the sites. Time at two sites at once counts once.
func (b *builder) kinds(presences []app.Presence) (saturday, holiday int64) {
	var covered []app.Span
	for i := range presences {
		p := &presences[i]
		own := minus(union(stretches(p)), covered)
		covered = union(append(covered, own...))
		on := b.specialOf(own, b.zone(p.SiteID))
		saturday += on.saturday
		holiday += on.holiday
	}
	return saturday, holiday
}

// withLate sums the days and what is late.
func (b *builder) withLate() {
	t := b.model.Total
	sum := LateFigures{t.Hours, t.Rounded, t.Night, t.Saturday, t.Sunday, t.OnHolidays}
	for _, l := range b.model.Late {
		sum = sum.Plus(l.LateFigures)
	}
	b.model.WithLate = sum
}

// places names the sites as the sheet has them.
type places struct{ b *builder }

func (p places) Site(id app.ID) string           { return p.b.sheet.Sites[id].Name }
func (p places) Zone(site app.ID) *time.Location { return p.b.zone(site) }
