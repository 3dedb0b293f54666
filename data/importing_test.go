package data

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/importing"
)

var _ importing.Store = (*Store)(nil)

// anImport is the account of an import, as the office makes it.
func anImport(t *testing.T) importing.Import {
	return importing.Import{ID: newID(t), Kind: importing.StaffList, File: "list.csv", By: "Els", At: 100}
}

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
	if err := s.SaveStaff(ctx, taken, anImport(t), did("import.staff", "import:staff")); codeOf(err) != "ssin.taken" {
		t.Fatalf("an SSIN twice: %v", err)
	}
	if after := get(t, s.Counts); after != before {
		t.Errorf("half an import was stored: %+v, %+v", before, after)
	}

	must(t, s.SaveStaff(ctx, changes, anImport(t), did("import.staff", "import:staff")))
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
		Decisions: []app.SiteDecision{decision}, Placements: []app.Placement{placement}}, anImport(t), did("import.sites", "import:sites")))
	same(t, get(t, s.Sites), []app.Site{p.site, site})
	same(t, get(t, s.DeclarationSites), []app.DeclarationSite{p.link, link})
	same(t, get(t, s.SiteDecisions), []app.SiteDecision{p.decision, decision})
	same(t, get(t, s.Placements), []app.Placement{placement})
}

// Absences go in together or not at all; the trail has a line for each.
func TestImportOfAbsencesIsWholeOrNotAtAll(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	v := newStaff(t, s)
	ill := app.Absence{
		ID:       newID(t),
		WorkerID: v.worker.ID,
		Days:     app.Days{From: app.NewDate(2026, 10, 5), To: app.NewDate(2026, 10, 7)},
		Kind:     "sick",
		Note:     "attest",
		By:       "Els",
		At:       100,
	}
	hours := ill
	hours.ID, hours.EngagementID, hours.Hours, hours.Note = newID(t), v.engagement.ID, app.Hours{From: 8 * 60, To: 12 * 60}, ""
	stranger := ill
	stranger.ID, stranger.WorkerID = newID(t), newID(t)
	if err := s.SaveAbsences(ctx, []app.Absence{ill, stranger}, anImport(t), did("import.absences", "import:absences")); err == nil {
		t.Fatal("an absence of nobody was stored")
	}
	if have := get(t, s.Absences); len(have) != 0 {
		t.Errorf("half an import was stored: %+v", have)
	}
	if trail, err := s.Trail(ctx, "import:absences", 0); err != nil || len(trail) != 0 {
		t.Errorf("the trail tells of an import that was not: %+v, %v", trail, err)
	}
	must(t, s.SaveAbsences(ctx, []app.Absence{ill, hours}, anImport(t), did("import.absences", "import:absences")))
	same(t, get(t, s.Absences), []app.Absence{ill, hours})
	for target, want := range map[string]string{"absence:" + string(ill.ID): "attest", "absence:" + string(hours.ID): string(v.engagement.ID), "import:absences": ""} {
		trail, err := s.Trail(ctx, target, 0)
		must(t, err)
		if len(trail) != 1 || trail[0].What != "import.absences" || !strings.Contains(trail[0].Payload, want) {
			t.Errorf("%s: %+v", target, trail)
		}
	}
	// An imported absence is undone as one that was typed: it is withdrawn and stays readable.
	must(t, s.WithdrawAbsence(ctx, ill.ID, 200, did("absence.withdraw", "absence:"+string(ill.ID))))
	if have := get(t, s.Absences); len(have) != 2 || have[0].Withdrawn != 200 || have[0].Note != "attest" {
		t.Errorf("withdrawn: %+v", have)
	}
}
