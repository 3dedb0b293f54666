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
type LateFigures struct{ Hours, Rounded, Night, Sunday Minutes }

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
		by := a.Difference()
		b.model.Late = append(b.model.Late, Late{Date: a.Day, What: a.What(b.texts, places{b}), Why: a.Why(b.texts), Marks: d.Marks,
			LateFigures: LateFigures{Minutes(by.Worked), Minutes(a.Is.Worked).Round(a.Rounding) - Minutes(a.Was.Worked).Round(a.Rounding),
				Minutes(by.Night), Minutes(by.Sunday)}})
	}
	return nil
}

// withLate sums the days and what is late.
func (b *builder) withLate() {
	t := b.model.Total
	sum := LateFigures{t.Hours, t.Rounded, t.Night, t.Sunday}
	for _, l := range b.model.Late {
		sum.Hours += l.Hours
		sum.Rounded += l.Rounded
		sum.Night += l.Night
		sum.Sunday += l.Sunday
	}
	b.model.WithLate = sum
}

// places names the sites as the sheet has them.
type places struct{ b *builder }

func (p places) Site(id app.ID) string           { return p.b.sheet.Sites[id].Name }
func (p places) Zone(site app.ID) *time.Location { return p.b.zone(site) }
