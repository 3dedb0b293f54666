package timesheet

import (
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
	s.Letterhead.Name = c.clean("letterhead.name", s.Letterhead.Name)
	s.Letterhead.Lines = append([]string(nil), s.Letterhead.Lines...)
	for i := range s.Letterhead.Lines {
		s.Letterhead.Lines[i] = c.clean("letterhead.lines", s.Letterhead.Lines[i])
	}
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
	out.Sites = append([]SiteTotal(nil), m.Sites...)
	for i := range out.Sites {
		out.Sites[i].Name = c.clean("site.name", out.Sites[i].Name)
	}
	out.Clients = append([]ClientTotal(nil), m.Clients...)
	for i := range out.Clients {
		out.Clients[i].Name = c.clean("client.name", out.Clients[i].Name)
	}
	if m.Stamp != nil {
		stamp := *m.Stamp
		stamp.Reason = c.clean("approval.reason", stamp.Reason)
		out.Stamp = &stamp
	}
	out.Notes = append([]Note(nil), m.Notes...)
	for i := range out.Notes {
		field := "adjustment.note"
		if out.Notes[i].Kind == NoteAnomaly {
			field = "anomaly.caption"
		}
		out.Notes[i].Text = c.clean(field, out.Notes[i].Text)
	}
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
