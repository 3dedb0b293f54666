package importing

import "klokkast/app"

// Taken is what undone imports made and is there no more, newest first. When a
// list brings the same again, it is the same again: with its id, its history and
// whatever was noted under it.
type Taken struct {
	Staff    StaffChanges
	Sites    SiteChanges
	Absences []app.Absence
}

// revival says which taken thing each new one is.
type revival map[app.ID]app.ID

// of returns the id under which a thing is kept.
func (v revival) of(id app.ID) app.ID {
	if old, ok := v[id]; ok {
		return old
	}
	return id
}

// revive gives each new thing of a list the id of the first taken one that is
// the same; no two get one.
func revive[T any](v revival, list []T, known map[app.ID]bool, taken []T, id func(*T) *app.ID, same func(fresh, old *T) bool) {
	used := map[app.ID]bool{}
	for i := range list {
		at := id(&list[i])
		if known[*at] {
			continue
		}
		for j := range taken {
			old := *id(&taken[j])
			if !used[old] && !known[old] && same(&list[i], &taken[j]) {
				v[*at], used[old] = old, true
				*at = old
				break
			}
		}
	}
}

func idsOf[T any](list []T, id func(*T) *app.ID) map[app.ID]bool {
	known := make(map[app.ID]bool, len(list))
	for i := range list {
		known[*id(&list[i])] = true
	}
	return known
}

// Where things of each kind keep their id.
func employerID(e *app.Employer) *app.ID       { return &e.ID }
func workerID(w *app.Worker) *app.ID           { return &w.ID }
func engagementID(e *app.Engagement) *app.ID   { return &e.ID }
func identifierID(i *app.Identifier) *app.ID   { return &i.ID }
func custodyID(c *app.Custody) *app.ID         { return &c.ID }
func clientID(c *app.Client) *app.ID           { return &c.ID }
func siteID(s *app.Site) *app.ID               { return &s.ID }
func decisionID(d *app.SiteDecision) *app.ID   { return &d.ID }
func declarationID(d *app.Declaration) *app.ID { return &d.ID }
func linkID(d *app.DeclarationSite) *app.ID    { return &d.ID }
func placementID(p *app.Placement) *app.ID     { return &p.ID }
func absenceID(a *app.Absence) *app.ID         { return &a.ID }

// revive gives what is new in a list of staff its old ids.
func (c *StaffChanges) revive(facts StaffFacts, taken StaffChanges) revival {
	v := revival{}
	revive(v, c.Employers, idsOf(facts.Employers, employerID), taken.Employers, employerID, func(a, b *app.Employer) bool {
		return a.Enterprise == b.Enterprise && a.ForeignVAT == b.ForeignVAT && sameName(a.Name, b.Name)
	})
	revive(v, c.Workers, idsOf(facts.Workers, workerID), taken.Workers, workerID, samePerson)
	for i := range c.Engagements {
		c.Engagements[i].WorkerID, c.Engagements[i].EmployerID = v.of(c.Engagements[i].WorkerID), v.of(c.Engagements[i].EmployerID)
	}
	revive(v, c.Engagements, idsOf(facts.Engagements, engagementID), taken.Engagements, engagementID, func(a, b *app.Engagement) bool {
		return a.WorkerID == b.WorkerID && a.EmployerID == b.EmployerID && a.Days.From == b.Days.From
	})
	revive(v, c.Identifiers, idsOf(facts.Identifiers, identifierID), taken.Identifiers, identifierID, func(a, b *app.Identifier) bool { return a.Key == b.Key })
	for i := range c.Custodies {
		c.Custodies[i].IdentifierID, c.Custodies[i].EngagementID = v.of(c.Custodies[i].IdentifierID), v.of(c.Custodies[i].EngagementID)
	}
	revive(v, c.Custodies, idsOf(facts.Custodies, custodyID), taken.Custodies, custodyID, func(a, b *app.Custody) bool {
		return a.IdentifierID == b.IdentifierID && a.EngagementID == b.EngagementID && a.Span.From == b.Span.From
	})
	return v
}

// samePerson says that a new worker is one who was taken back: by SSIN where both
// have one, else by staff number or Limosa number.
func samePerson(a, b *app.Worker) bool {
	switch {
	case a.SSIN != "" && b.SSIN != "":
		return a.SSIN == b.SSIN
	case a.StaffNumber != "" && a.StaffNumber == b.StaffNumber:
		return sameName(a.FamilyName, b.FamilyName)
	}
	return a.Limosa != "" && a.Limosa == b.Limosa
}

// revive gives what is new in a list of places its old ids.
func (c *SiteChanges) revive(facts SiteFacts, taken SiteChanges) revival {
	v := revival{}
	revive(v, c.Clients, idsOf(facts.Clients, clientID), taken.Clients, clientID, func(a, b *app.Client) bool { return sameName(a.Name, b.Name) })
	for i := range c.Sites {
		c.Sites[i].ClientID = v.of(c.Sites[i].ClientID)
	}
	revive(v, c.Sites, idsOf(facts.Sites, siteID), taken.Sites, siteID, func(a, b *app.Site) bool {
		return a.Code == b.Code && (a.Code != "" || sameName(a.Name, b.Name) && a.Address.PostCode == b.Address.PostCode)
	})
	for i := range c.Decisions {
		c.Decisions[i].SiteID = v.of(c.Decisions[i].SiteID)
	}
	revive(v, c.Decisions, idsOf(facts.Decisions, decisionID), taken.Decisions, decisionID, func(a, b *app.SiteDecision) bool {
		return a.SiteID == b.SiteID && a.From == b.From && a.Decision == b.Decision
	})
	revive(v, c.Declarations, idsOf(facts.Declarations, declarationID), taken.Declarations, declarationID, func(a, b *app.Declaration) bool {
		return a.Number == b.Number
	})
	for i := range c.DeclarationSites {
		l := &c.DeclarationSites[i]
		l.SiteID, l.DeclarationID = v.of(l.SiteID), v.of(l.DeclarationID)
	}
	revive(v, c.DeclarationSites, idsOf(facts.DeclarationSites, linkID), taken.DeclarationSites, linkID, func(a, b *app.DeclarationSite) bool {
		return a.SiteID == b.SiteID && a.DeclarationID == b.DeclarationID
	})
	for i := range c.Placements {
		c.Placements[i].SiteID = v.of(c.Placements[i].SiteID)
	}
	revive(v, c.Placements, idsOf(facts.Placements, placementID), taken.Placements, placementID, func(a, b *app.Placement) bool {
		return a.SiteID == b.SiteID && a.BoxUID == b.BoxUID && a.Span.From == b.Span.From
	})
	return v
}

// reviveAbsences has absences that an undo withdrew count again, as they were entered.
func reviveAbsences(list []app.Absence, taken []app.Absence) revival {
	v := revival{}
	revive(v, list, nil, taken, absenceID, func(a, b *app.Absence) bool {
		return a.WorkerID == b.WorkerID && a.EngagementID == b.EngagementID && a.Days == b.Days && a.Hours == b.Hours && a.Kind == b.Kind && a.Note == b.Note
	})
	entered := map[app.ID]app.Absence{}
	for _, old := range taken {
		entered[old.ID] = old
	}
	for i := range list {
		if old, ok := entered[list[i].ID]; ok {
			list[i].By, list[i].At = old.By, old.At
		}
	}
	return v
}
