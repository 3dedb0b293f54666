package documents

import (
	"cmp"
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// lastRegistrations is how many taps an inspection sheet shows, of at most so many days before.
const (
	lastRegistrations    = 30
	lastRegistrationDays = 7
)

// InspectionSheet returns what an inspector asks at a site at a moment. SSINs are masked.
func (o *Papers) InspectionSheet(ctx context.Context, site app.ID, at app.Instant) (*papers.InspectionSheet, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return layInspectionSheet(ctx, p, o, site, at, false)
}

// WriteInspectionSheet prints the sheet and gives the path of its file.
func (o *Papers) WriteInspectionSheet(ctx context.Context, site app.ID, at app.Instant, opt PaperOptions) (string, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	s, err := layInspectionSheet(ctx, p, o, site, at, opt.Reveal)
	if err != nil {
		return "", err
	}
	var shown []app.ID
	if opt.Reveal {
		for _, x := range s.There.People {
			shown = append(shown, x.WorkerID)
		}
	}
	name := timesheet.PlainName(at.In(p.Names.Zone(site)).Format("2006-01-02-1504"), "inspection", s.Site.Name)
	return o.printer.writePaper(ctx, s, name, opt, shown...)
}

func layInspectionSheet(ctx context.Context, p *derived.Snapshot, o *Papers, site app.ID, at app.Instant, reveal bool) (*papers.InspectionSheet, error) {
	zone := p.Names.Zone(site)
	there, err := layPresenceList(p, o, site, at.DateIn(zone).Start(zone), at, reveal)
	if err != nil {
		return nil, err
	}
	s := p.Names.Sites[site]
	f := papers.InspectionFacts{
		Site:     s,
		Client:   p.Names.Clients[s.ClientID].Name,
		There:    there,
		Expected: []papers.ExpectedThere{},
		Last:     []papers.LastRegistration{},
	}
	for _, d := range p.Facts.SiteDecisions {
		if d.SiteID == site {
			f.Decisions = append(f.Decisions, d)
		}
	}
	addWorks(p, &f)
	addExpected(p, &f, at)
	if err := addLast(ctx, p, &f, at); err != nil {
		return nil, err
	}
	for _, x := range there.People {
		for _, e := range p.Facts.Engagements {
			if e.WorkerID == x.WorkerID && p.Names.Employers[e.EmployerID].Name == x.Employer {
				f.Employers = append(f.Employers, p.Names.Employers[e.EmployerID])
			}
		}
	}
	return papers.BuildInspectionSheet(o.printer.made(at), f), nil
}

// addWorks adds the declarations that cover the site.
func addWorks(p *derived.Snapshot, f *papers.InspectionFacts) {
	declarations := derived.ByID(p.Facts.Declarations, func(d app.Declaration) app.ID { return d.ID })
	for _, l := range p.Facts.DeclarationSites {
		if l.SiteID != f.Site.ID {
			continue
		}
		d := declarations[l.DeclarationID]
		works := papers.DeclaredWorks{Number: d.Number, Label: d.Label, Days: l.Days, Default: l.Default}
		works.Days.From = max(works.Days.From, d.Days.From)
		if d.Days.To != 0 && (works.Days.To == 0 || d.Days.To < works.Days.To) {
			works.Days.To = d.Days.To
		}
		f.Works = append(f.Works, works)
	}
}

// addExpected adds those whom the plan expects, with their employers.
func addExpected(p *derived.Snapshot, f *papers.InspectionFacts, at app.Instant) {
	for _, x := range p.ExpectedAt(f.Site.ID, at) {
		employer := p.Names.Employers[p.Names.Engagements[x.Shift.EngagementID].EmployerID]
		f.Employers = append(f.Employers, employer)
		f.Expected = append(
			f.Expected,
			papers.ExpectedThere{
				Name:        p.Names.Worker(x.Shift.WorkerID),
				StaffNumber: p.Names.Workers[x.Shift.WorkerID].StaffNumber,
				Employer:    employer.Name,
				From:        x.Shift.From,
				To:          x.Shift.To,
				State:       string(x.State),
			},
		)
	}
}

// addLast adds the last taps with what became of them at the register.
func addLast(ctx context.Context, p *derived.Snapshot, f *papers.InspectionFacts, at app.Instant) error {
	const day = 24 * 60 * 60 * 1000
	span := app.Span{From: at - lastRegistrationDays*day, To: at + 1}
	err := p.Register.NewestFirst(ctx, span, derived.Wanted{}, func(c *ciao.Candidate) bool {
		r := &c.Registration
		if r.SiteID != f.Site.ID || c.Adjustment != "" {
			return true
		}
		last := papers.LastRegistration{At: r.At, Type: r.Type, Name: p.Names.Worker(r.WorkerID), StaffNumber: p.Names.Workers[r.WorkerID].StaffNumber,
			Employer: p.Names.Employers[p.Names.Engagements[r.EngagementID].EmployerID].Name, Enterprise: cmp.Or(r.Enterprise, r.ForeignVAT),
			Declaration: r.Declaration, State: r.State, RegisterID: r.RegisterID}
		if !c.Exists { // of what is not in the outbox yet the plan tells
			last.State, last.Held = app.RegQueued, c.Held()
			if last.Held != "" {
				last.State = app.RegHeld
			}
		}
		f.Last = append(f.Last, last)
		return len(f.Last) < lastRegistrations
	})
	for i := range p.Facts.Entries {
		if e := &p.Facts.Entries[i]; e.SiteID == f.Site.ID && e.At <= at && e.At >= at-lastRegistrationDays*day {
			f.Last = append(f.Last, byPhone(p, e))
		}
	}
	slices.SortStableFunc(f.Last, func(a, b papers.LastRegistration) int { return cmp.Compare(b.At, a.At) })
	f.Last = f.Last[:min(len(f.Last), lastRegistrations)]
	return err
}

// byPhone is what somebody registered by phone or otherwise, as the register shows it.
func byPhone(p *derived.Snapshot, e *app.RegisterEntry) papers.LastRegistration {
	last := papers.LastRegistration{At: e.At, Type: e.Type, Name: p.Names.Worker(e.WorkerID), StaffNumber: p.Names.Workers[e.WorkerID].StaffNumber,
		Enterprise: cmp.Or(e.Enterprise, e.ForeignVAT), Declaration: e.Declaration, State: app.RegAccepted, RegisterID: e.ID, ByPhone: true}
	for _, employer := range p.Facts.Employers {
		if last.Enterprise != "" && last.Enterprise == cmp.Or(employer.Enterprise, employer.ForeignVAT) {
			last.Employer = employer.Name
		}
	}
	return last
}
