package data

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/importing"
)

var _ importing.Store = (*Store)(nil)

func TestImportIsWholeOrNotAtAll(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	v := newStaff(t, s)
	old := app.Custody{ID: newID(t), IdentifierID: v.badge.ID, EngagementID: v.engagement.ID, Span: app.Span{From: 100}}
	must(t, s.GiveIdentifier(ctx, old, did("custody.give", "")))

	fresh := v.worker
	fresh.ID, fresh.StaffNumber, fresh.SSIN, fresh.FamilyName = newID(t), "1043", "90020199704", "Vermeulen"
	engagement := v.engagement
	engagement.ID, engagement.WorkerID = newID(t), fresh.ID
	given := app.Custody{ID: newID(t), IdentifierID: v.badge.ID, EngagementID: engagement.ID, Span: app.Span{From: 200}}
	old.Span.To = 200
	changes := importing.StaffChanges{
		Workers: []app.Worker{fresh}, Engagements: []app.Engagement{engagement},
		Custodies: []app.Custody{given, old}, // the old one must end first
	}
	taken := changes
	double := fresh
	double.ID, double.SSIN, double.StaffNumber = newID(t), v.worker.SSIN, "1044"
	taken.Workers = append([]app.Worker{fresh}, double)
	before := get(t, s.Counts)
	if err := s.SaveStaff(ctx, taken, did("import.staff", "import:staff")); codeOf(err) != "ssin.taken" {
		t.Fatalf("an SSIN twice: %v", err)
	}
	if after := get(t, s.Counts); after != before {
		t.Errorf("half an import was stored: %+v, %+v", before, after)
	}

	must(t, s.SaveStaff(ctx, changes, did("import.staff", "import:staff")))
	same(t, get(t, s.Workers), []app.Worker{v.worker, fresh})
	same(t, get(t, s.Custodies), []app.Custody{old, given})
	history, err := s.Trail(ctx, "worker:"+string(fresh.ID), 0)
	must(t, err)
	if len(history) != 1 || history[0].What != "import.staff" || !strings.Contains(history[0].Payload, "Vermeulen") {
		t.Errorf("history of an imported person: %+v", history)
	}
	whole, err := s.Trail(ctx, "import:staff", 0)
	must(t, err)
	if len(whole) != 1 || strings.Contains(whole[0].Payload, "Vermeulen") {
		t.Errorf("the import itself: %+v", whole)
	}
}

func TestImportOfSites(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	p := newPlaces(t, s)
	box := newLog(t, s).key.Box
	site := p.site
	site.ID, site.Code = newID(t), "W-018"
	link := p.link
	link.ID, link.SiteID = newID(t), site.ID
	decision := p.decision
	decision.ID, decision.SiteID = newID(t), site.ID
	placement := app.Placement{ID: newID(t), BoxUID: box, SiteID: site.ID, Span: app.Span{From: 100}}
	must(t, s.SaveSites(ctx, importing.SiteChanges{Sites: []app.Site{site}, DeclarationSites: []app.DeclarationSite{link},
		Decisions: []app.SiteDecision{decision}, Placements: []app.Placement{placement}}, did("import.sites", "import:sites")))
	same(t, get(t, s.Sites), []app.Site{p.site, site})
	same(t, get(t, s.DeclarationSites), []app.DeclarationSite{p.link, link})
	same(t, get(t, s.SiteDecisions), []app.SiteDecision{p.decision, decision})
	same(t, get(t, s.Placements), []app.Placement{placement})
}
