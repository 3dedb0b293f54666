package timesheet

import (
	"slices"

	"klokkast/app"
	"klokkast/app/timesheet/paper"
)

// cleaned gives a copy whose texts, as people typed them, are fit to print. It
// fails with the name of the first field that is not.
func (m *Model) cleaned(fonts *paper.Fonts) (*Model, error) {
	c := cleaner{fonts: fonts}
	out := *m
	s := &out.Sheet
	s.Employer.Name = c.clean("employer.name", s.Employer.Name)
	s.Employer.ForeignVAT = c.clean("employer.foreignVat", s.Employer.ForeignVAT)
	s.Worker.FamilyName = c.clean("worker.familyName", s.Worker.FamilyName)
	s.Worker.GivenName = c.clean("worker.givenName", s.Worker.GivenName)
	s.Worker.StaffNumber = c.clean("worker.staffNumber", s.Worker.StaffNumber)
	s.Program = c.clean("", s.Program)
	s.Letterhead = c.letterhead(s.Letterhead)
	if s.Approval != nil {
		a := *s.Approval
		a.By = c.clean("approval.by", a.By)
		s.Approval = &a
	}
	out.Days = c.days(m.Days)
	out.Late = append([]Late(nil), m.Late...)
	for i := range out.Late {
		out.Late[i].What = c.clean("site.name", out.Late[i].What)
	}
	out.Sites = c.sites(m.Sites)
	out.Clients = c.clients(m.Clients)
	out.Stamp = c.stamp(m.Stamp)
	out.Notes = c.notes(m.Notes)
	out.Standing = append([]string(nil), m.Standing...)
	for i := range out.Standing {
		out.Standing[i] = c.clean("anomaly.caption", out.Standing[i])
	}
	return &out, c.err
}

type cleaner struct {
	fonts *paper.Fonts
	err   error
}

func (c *cleaner) clean(field, s string) string {
	out, err := c.fonts.Clean(field, s)
	if err != nil && c.err == nil {
		c.err = err
	}
	return out
}

func (c *cleaner) days(days []Day) []Day {
	out := append([]Day(nil), days...)
	for i := range out {
		out[i].Lines = append([]Line(nil), out[i].Lines...)
		for j := range out[i].Lines {
			out[i].Lines[j].Site = c.clean("site.name", out[i].Lines[j].Site)
		}
	}
	return out
}

func (c *cleaner) letterhead(l app.Letterhead) app.Letterhead {
	l.Name = c.clean("letterhead.name", l.Name)
	l.Lines = slices.Clone(l.Lines)
	for i := range l.Lines {
		l.Lines[i] = c.clean("letterhead.lines", l.Lines[i])
	}
	return l
}

func (c *cleaner) sites(list []SiteTotal) []SiteTotal {
	list = slices.Clone(list)
	for i := range list {
		list[i].Name = c.clean("site.name", list[i].Name)
	}
	return list
}

func (c *cleaner) clients(list []ClientTotal) []ClientTotal {
	list = slices.Clone(list)
	for i := range list {
		list[i].Name = c.clean("client.name", list[i].Name)
	}
	return list
}

func (c *cleaner) notes(list []Note) []Note {
	list = slices.Clone(list)
	for i := range list {
		field := "adjustment.note"
		if list[i].Kind == NoteAnomaly {
			field = "anomaly.caption"
		}
		list[i].Text = c.clean(field, list[i].Text)
	}
	return list
}

func (c *cleaner) stamp(s *Stamp) *Stamp {
	if s == nil {
		return nil
	}
	out := *s
	out.Reason = c.clean("approval.reason", s.Reason)
	out.Changed = slices.Clone(s.Changed)
	for i := range out.Changed {
		out.Changed[i].Who = c.clean("worker.familyName", out.Changed[i].Who)
	}
	return &out
}

func (c *cleaner) address(a app.Address) app.Address {
	for _, part := range []*string{&a.Street, &a.HouseNumber, &a.BoxNumber, &a.PostCode, &a.Municipality} {
		*part = c.clean("site.address", *part)
	}
	return a
}
