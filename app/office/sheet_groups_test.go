package office_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/documents"
	"klokkast/app/timesheet"
)

// siteSheet prints the paper of the bench's site for October and gives its path.
func (b *bench) groupSheet(g documents.SheetGroup) string {
	b.t.Helper()
	b.refresh()
	written := must[documents.SheetsWritten](
		b.t,
	)(
		b.Sheets.WriteSheets(b.t.Context(), documents.SheetOrder{Days: october, Groups: []documents.SheetGroup{g}, Folder: b.t.TempDir()}, nil),
	)
	if len(written.Sheets) != 1 || written.Sheets[0].Group != g {
		b.t.Fatalf("written: %+v", written)
	}
	return written.Sheets[0].Path
}

func (b *bench) atSite() documents.SheetGroup {
	return documents.SheetGroup{Kind: timesheet.OfSite, ID: b.site.ID}
}

func (b *bench) team(name string, workers ...app.ID) documents.SheetGroup {
	b.t.Helper()
	team := must[acts.Team](b.t)(b.Staff.SaveTeam(b.t.Context(), acts.Team{Name: name, Workers: workers}, why))
	return documents.SheetGroup{Kind: timesheet.OfTeam, ID: team.ID}
}

// A site's paper equals the data until someone there taps late; then it tells the
// person's day, and the next print has another version and says so.
func TestASitesPaperIsComparedDayByDay(t *testing.T) {
	b := worked(t)
	must[int](t)(b.read(tap{"04B2", "2026-10-07 08:00", app.KeyIn}, tap{"04B2", "2026-10-07 12:00", app.KeyOut}))
	rows := must[[]documents.GroupRow](t)(b.Sheets.GroupRows(t.Context(), timesheet.OfSite, october))
	if len(rows) != 1 || rows[0].People != 2 || rows[0].Worked.Hours() != 16 || rows[0].Name != "Stadhuis Leuven" || rows[0].Paper != nil {
		t.Errorf("rows %+v", rows)
	}
	first := b.groupSheet(b.atSite())
	file, c := b.check(first)
	if file != documents.FileOriginal || c.Verdict != documents.PaperSame || c.Code.Kind != timesheet.OfSite || c.Subject != b.site.ID ||
		c.Name != "Stadhuis Leuven" {
		t.Errorf("at once: %s, %+v", file, c)
	}
	must[int](t)(b.read(tap{"04B2", "2026-10-07 13:00", app.KeyIn}, tap{"04B2", "2026-10-07 13:30", app.KeyOut}))
	_, c = b.check(first)
	if c.Verdict != documents.PaperChanged || len(c.Differences) != 1 || c.Differences[0].EngagementID != b.ofBart.ID || c.Differences[0].Hours() != 30 {
		t.Errorf("after a late tap: %+v", c)
	}
	_, second := b.check(b.groupSheet(b.atSite()))
	if second.Code.Version != 2 || second.Verdict != documents.PaperSame {
		t.Errorf("printed again: %+v", second)
	}
}

// A paper tells what is called otherwise now.
func TestARenamedSiteIsTold(t *testing.T) {
	b := worked(t)
	path := b.groupSheet(b.atSite())
	b.site.Name = "Stadskantoor Leuven"
	b.site = must[app.Site](t)(b.Sites.SaveSite(t.Context(), b.site, why))
	_, c := b.check(path)
	if c.Verdict != documents.PaperChanged || len(c.Facts) != 1 ||
		c.Facts[0] != (timesheet.FactDifference{Field: "site.name", Was: "Stadhuis Leuven", Is: "Stadskantoor Leuven"}) {
		t.Errorf("%s, %+v", c.Verdict, c.Facts)
	}
}

// Who joins or leaves a team changes no hours that were signed; a renamed person is told.
func TestATeamsPaperIsComparedForThoseOnIt(t *testing.T) {
	b := worked(t)
	g := b.team("Ploeg 1", b.an.ID)
	path := b.groupSheet(g)
	if _, err := b.Staff.SaveTeam(t.Context(), acts.Team{ID: g.ID, Name: "Ploeg 1", Workers: []app.ID{b.an.ID, b.bart.ID}}, why); err != nil {
		t.Fatal(err)
	}
	if _, c := b.check(path); c.Verdict != documents.PaperSame || c.Name != "Ploeg 1" {
		t.Errorf("with one more in the team: %+v", c)
	}
	b.an.FamilyName = "Peeters-Żak"
	b.an = must[app.Worker](t)(b.Staff.SaveWorker(t.Context(), b.an, why))
	if _, c := b.check(path); c.Verdict != documents.PaperChanged || len(c.Facts) != 1 || c.Facts[0].Is != "Peeters-Żak An" {
		t.Errorf("renamed: %s, %+v", c.Verdict, c.Facts)
	}
	if err := b.Staff.RemoveTeam(t.Context(), g.ID, why); err != nil {
		t.Fatal(err)
	}
	if _, c := b.check(path); c.Verdict == documents.PaperUnknown {
		t.Error("a removed team is not known any more")
	}
}

// Where every month is approved, renaming changes nothing on the paper.
func TestAnApprovedSitePrintsTheSameBytes(t *testing.T) {
	b := worked(t)
	must[[]documents.ApprovalRow](t)(b.Approvals.Approve(t.Context(), documents.ApprovalChoice{Days: october, Workers: []app.ID{b.an.ID}}, nil))
	first := must[[]byte](t)(os.ReadFile(b.groupSheet(b.atSite())))
	b.site.Name = "Stadskantoor Leuven"
	b.site = must[app.Site](t)(b.Sites.SaveSite(t.Context(), b.site, why))
	b.an.FamilyName = "Janssens"
	b.an = must[app.Worker](t)(b.Staff.SaveWorker(t.Context(), b.an, why))
	if again := must[[]byte](t)(os.ReadFile(b.groupSheet(b.atSite()))); string(again) != string(first) {
		t.Error("other bytes after renaming")
	}
}

func TestSitesAndTeamsInOneBundle(t *testing.T) {
	b := worked(t)
	bundle := b.t.TempDir() + "/all.pdf"
	order := documents.SheetOrder{Days: october, Groups: []documents.SheetGroup{b.atSite(), b.team("Ploeg 1", b.an.ID)}, Bundle: bundle, Language: app.English}
	must[documents.SheetsWritten](t)(b.Sheets.WriteSheets(t.Context(), order, nil))
	c := must[*documents.FileCheck](t)(b.Checks.VerifyPaperFile(t.Context(), bundle))
	if c.File != documents.FileOriginal || len(c.Papers) != 2 || c.Papers[0].Verdict != documents.PaperSame || c.Papers[1].Code.Kind != timesheet.OfTeam {
		t.Errorf("%+v", c)
	}
}

func TestWhatIsNoTeamIsRefused(t *testing.T) {
	b := newBench(t)
	b.team("Ploeg 1", b.an.ID)
	for code, team := range map[string]acts.Team{
		"required":   {Workers: []app.ID{b.an.ID}},
		"team.taken": {Name: "ploeg 1", Workers: []app.ID{b.an.ID}},
		"team.empty": {Name: "Ploeg 2"},
	} {
		var wrong *app.FieldError
		if _, err := b.Staff.SaveTeam(t.Context(), team, why); !errors.As(err, &wrong) || wrong.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	var none *app.NotFoundError
	if _, err := b.Staff.SaveTeam(t.Context(), acts.Team{Name: "Ploeg 2", Workers: []app.ID{"nobody"}}, why); !errors.As(err, &none) {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := b.Sheets.GroupRows(t.Context(), timesheet.OfTeam, app.Days{}); err == nil {
		t.Error("no days")
	}
}

// A copy of a file on a computer that never wrote it: that it has no record of it is all that it can say.
func TestAnotherInstallationHasNoRecordOfAFile(t *testing.T) {
	b, other := worked(t), newBench(t)
	for _, path := range []string{b.groupSheet(b.atSite()), b.file(october)} {
		c := must[*documents.FileCheck](t)(other.Checks.VerifyPaperFile(t.Context(), path))
		if c.File != documents.FileUnknown || c.Papers[0].Verdict != documents.PaperUnknown {
			t.Errorf("%s: %s, %s", strings.TrimPrefix(path, t.TempDir()), c.File, c.Papers[0].Verdict)
		}
	}
}
