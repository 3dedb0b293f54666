package documents

import (
	"context"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/period"
)

// snapshotOf gathers what an approval closes, with all that a paper of it needs.
func (a *approvalView) snapshotOf(r *ApprovalRow) *period.Snapshot {
	s := &period.Snapshot{
		Days: r.Days, Worker: period.WorkerOf(a.p.Names.Workers[r.WorkerID]), Environment: a.o.work.Environment(), Program: a.o.printer.Typesetting.Program,
		DefaultWeekly: defaultWeekly, Workdays: a.parts(r.Days, r.WorkerID), Additions: r.Carries,
		Holidays: a.o.derived.HolidaysOf(r.Days, r.Carries),
	}
	a.addFindings(s)
	a.addEngagements(s)
	a.addStatements(s)
	a.addSites(s)
	s.Letterhead = a.o.work.Settings().Letterhead
	s.Absences = absencesOf(a.p, r.WorkerID, r.Days)
	return s
}

// addFindings adds what was found about the worker in the days, as it was
// decided: warnings and above. What the register says of punches changes with
// time, changes no hours and is not what is approved.
func (a *approvalView) addFindings(s *period.Snapshot) {
	for _, f := range a.found[s.Worker.ID] {
		if f.Severity < app.Warning || !s.Days.Holds(f.Day) || attendance.RuleOf(f.Rule).AtRegister {
			continue
		}
		found := period.Finding{Anomaly: f.Anomaly, Status: f.Status}
		if f.Status == app.AnomalyExplained {
			found.Reason, found.Note, found.By = f.State.Reason, f.State.Note, f.State.By
		}
		s.Anomalies = append(s.Anomalies, found)
	}
}

// addEngagements adds those that reach into the days or that workdays and additions name, with their employers.
func (a *approvalView) addEngagements(s *period.Snapshot) {
	named := map[app.ID]bool{}
	for _, w := range s.Workdays {
		named[w.EngagementID] = true
	}
	for _, x := range s.Additions {
		named[x.EngagementID] = true
	}
	employers := map[app.ID]bool{}
	for _, e := range a.p.Facts.Engagements {
		if !named[e.ID] && (e.WorkerID != s.Worker.ID || !e.Days.Overlaps(s.Days)) {
			continue
		}
		s.Engagements = append(s.Engagements, e)
		employers[e.EmployerID] = true
	}
	for id := range employers {
		s.Employers = append(s.Employers, a.p.Names.Employers[id])
	}
}

// presencesIn calls of for every presence that the snapshot names.
func presencesIn(s *period.Snapshot, of func(*period.Presence)) {
	for i := range s.Workdays {
		for j := range s.Workdays[i].Presences {
			of(&s.Workdays[i].Presences[j])
		}
	}
	for i := range s.Additions {
		for _, c := range s.Additions[i].Changes {
			for _, p := range []*period.Presence{c.Was, c.Is} {
				if p != nil {
					of(p)
				}
			}
		}
		for j := range s.Additions[i].Now.Presences {
			of(&s.Additions[i].Now.Presences[j])
		}
		before := s.Additions[i].Settled()
		for j := range before.Presences {
			of(&before.Presences[j])
		}
	}
}

func (a *approvalView) addStatements(s *period.Snapshot) {
	named := map[app.ID]bool{}
	presencesIn(s, func(p *period.Presence) {
		for _, id := range p.Statements() {
			named[id] = true
		}
	})
	for _, adj := range a.p.Facts.Adjustments {
		if named[adj.ID] {
			s.Adjustments = append(s.Adjustments, adj)
		}
	}
}

func (a *approvalView) addSites(s *period.Snapshot) {
	named := map[app.ID]bool{}
	presencesIn(s, func(p *period.Presence) { named[p.SiteID] = true })
	for _, adj := range s.Adjustments {
		named[adj.SiteID] = true
	}
	for _, f := range s.Anomalies {
		named[f.SiteID], named[app.FactOtherSite.Get(&f.Anomaly)] = true, true
	}
	for id := range named {
		if site, ok := a.p.Names.Sites[id]; ok {
			site.Contact = app.Contact{} // a person who is not part of what is approved
			site.Phones = false          // says how taps come from now on, and nothing of those that are approved
			s.Sites = append(s.Sites, site)
		}
	}
	clients := map[app.ID]bool{}
	for _, site := range s.Sites {
		if c, ok := a.p.Names.Clients[site.ClientID]; ok && !clients[c.ID] {
			clients[c.ID] = true
			s.Clients = append(s.Clients, c)
		}
	}
}

// addRevision adds what changed since the approval of these days that was withdrawn last.
func (a *approvalView) addRevision(ctx context.Context, s *period.Snapshot) error {
	was, withdrawal, ok := period.Replaced(a.steps[s.Worker.ID], s.Worker.ID, s.Days)
	if !ok {
		return nil
	}
	snapshot, err := a.o.snapshot(ctx, was.ID)
	if err != nil {
		return err
	}
	s.Revision = period.Revise(period.Closing{Step: was, Snapshot: snapshot}, withdrawal, s.Workdays)
	return nil
}

// absencesOf returns a worker's absences that reach into some days.
func absencesOf(p *derived.Snapshot, worker app.ID, days app.Days) (out []app.Absence) {
	for _, x := range p.Facts.Absences {
		if x.WorkerID == worker && x.Withdrawn == 0 && x.Days.Overlaps(days) {
			out = append(out, x)
		}
	}
	return out
}
