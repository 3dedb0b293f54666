package timesheet

import (
	"slices"

	"klokkast/app"
	"klokkast/app/timesheet/paper"
)

// fitted returns a copy whose texts, as people typed them, are fit to print.
func (m *Model) fitted(f fitter) *Model {
	out := *m
	s := &out.Sheet
	// First, so that the sentences that name the worker have the name that is printed.
	s.Worker = f.worker(s)
	s.Employer.Name = f.Fit(s.Employer.Name)
	s.Employer.ForeignVAT = f.Fit(s.Employer.ForeignVAT)
	s.Program = f.Fit(s.Program)
	s.Letterhead = f.letterhead(s.Letterhead)
	if s.Approval != nil {
		a := *s.Approval
		a.By = f.Fit(a.By)
		s.Approval = &a
	}
	out.Days = f.days(m.Days)
	out.Late = slices.Clone(m.Late)
	for i := range out.Late {
		out.Late[i].What = f.Fit(out.Late[i].What)
	}
	out.Sites = f.sites(m.Sites)
	out.Clients = f.clients(m.Clients)
	out.Stamp = f.stamp(m.Stamp, nil)
	out.Notes = f.notes(m.Notes)
	out.Standing = slices.Clone(m.Standing)
	for i := range out.Standing {
		out.Standing[i] = f.Fit(out.Standing[i])
	}
	return &out
}

// fitter makes the texts of timesheets fit for one paper.
type fitter struct{ *paper.Fitter }

// worker returns whose sheet it is as printed: by staff number and employer where no font draws the name.
func (f fitter) worker(s *Sheet) app.Worker {
	w := s.Worker
	p := paper.Person{Name: w.Name(), StaffNumber: w.StaffNumber, Employer: s.Employer.Name, ID: w.ID.Short()}
	if shown := f.Person(p); shown != f.Fit(p.Name) {
		w.FamilyName, w.GivenName = shown, ""
	} else {
		w.FamilyName, w.GivenName = f.Fit(w.FamilyName), f.Fit(w.GivenName)
	}
	w.StaffNumber = f.Fit(w.StaffNumber)
	return w
}

func (f fitter) days(days []Day) []Day {
	out := slices.Clone(days)
	for i := range out {
		out[i].Lines = slices.Clone(out[i].Lines)
		for j := range out[i].Lines {
			out[i].Lines[j].Site = f.Fit(out[i].Lines[j].Site)
		}
	}
	return out
}

func (f fitter) letterhead(l app.Letterhead) app.Letterhead {
	l.Name = f.Fit(l.Name)
	l.Lines = slices.Clone(l.Lines)
	for i := range l.Lines {
		l.Lines[i] = f.Fit(l.Lines[i])
	}
	return l
}

func (f fitter) sites(list []SiteTotal) []SiteTotal {
	list = slices.Clone(list)
	for i := range list {
		list[i].Name = f.Fit(list[i].Name)
	}
	return list
}

func (f fitter) clients(list []ClientTotal) []ClientTotal {
	list = slices.Clone(list)
	for i := range list {
		list[i].Name = f.Fit(list[i].Name)
	}
	return list
}

func (f fitter) notes(list []Note) []Note {
	list = slices.Clone(list)
	for i := range list {
		list[i].Text = f.Fit(list[i].Text)
	}
	return list
}

// stamp fits a stamp; people are the names that engagements have on the paper.
func (f fitter) stamp(s *Stamp, people map[app.ID]string) *Stamp {
	if s == nil {
		return nil
	}
	out := *s
	out.Reason = f.Fit(s.Reason)
	out.Changed = slices.Clone(s.Changed)
	for i := range out.Changed {
		r := &out.Changed[i]
		if name, ok := people[r.EngagementID]; ok && r.Who != "" {
			r.Who = name
		} else {
			r.Who = f.Fit(r.Who)
		}
	}
	return &out
}

func (f fitter) address(a app.Address) app.Address {
	for _, part := range []*string{&a.Street, &a.HouseNumber, &a.BoxNumber, &a.PostCode, &a.Municipality} {
		*part = f.Fit(*part)
	}
	return a
}
