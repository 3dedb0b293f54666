package window

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/timesheet"
)

// grouped opens the timesheets of a company with a site and a team, and the list of both.
func grouped(t *testing.T) (*Window, *fakeDesk, *sheetsPage) {
	t.Helper()
	w, d := open(t, app.English)
	d.groups = map[timesheet.PaperKind][]office.GroupRow{
		timesheet.OfSite: {{Group: office.SheetGroup{Kind: timesheet.OfSite, ID: "s1"}, Name: "Stadhuis Leuven", People: 3, Worked: 90 * 3600e9, Sheets: 4, Approved: 1}},
		timesheet.OfTeam: {{Group: office.SheetGroup{Kind: timesheet.OfTeam, ID: "t1"}, Name: "Ploeg Noord", People: 1}},
	}
	return w, d, to[*sheetsPage](t, w, "timesheets")
}

func TestSitesAndTeamsAreWritten(t *testing.T) {
	w, d, p := grouped(t)
	v := p.askGroups()
	if got := onTop(w); !strings.Contains(got, "Sites and teams") {
		t.Errorf("shown: %s", got)
	}
	rows := v.grid.Shown()
	if len(rows) != 2 || !slices.ContainsFunc(rows, func(r groupRow) bool {
		return r.worked == "90:00" && r.approved == "1 of 4 approved" && r.kind == "Site"
	}) {
		t.Errorf("rows %+v", rows)
	}
	v.grid.Select("timesheet-sites1")
	if v.save.Disabled() || v.look.Disabled() || !v.remove.Disabled() {
		t.Error("a site can be printed and not removed")
	}
	test.Tap(v.save)
	if want := []office.SheetGroup{{Kind: timesheet.OfSite, ID: "s1"}}; !slices.Equal(d.ordered.Groups, want) || len(d.ordered.Engagements) != 0 || d.ordered.Days != p.days.days {
		t.Errorf("ordered %+v", d.ordered)
	}
}

func TestATeamIsMadeOfTheSelection(t *testing.T) {
	w, d, p := grouped(t)
	p.grid.Select(string(engaged))
	v := p.askGroups()
	v.askTeam()
	typeInto(t, w.host.form, "name", "Ploeg Zuid")
	w.host.form.submit()
	if d.team.Name != "Ploeg Zuid" || len(d.team.Workers) != 1 || d.team.ID != "" {
		t.Errorf("kept %+v", d.team)
	}
	v.grid.Select("timesheet-teamt1")
	test.Tap(v.remove)
	w.host.form.submit()
	if d.team.ID != "t1" || d.team.Name != "" {
		t.Errorf("removed %+v", d.team)
	}
}

func TestOtherDaysThanAMonthArePrinted(t *testing.T) {
	_, d, p := grouped(t)
	week := app.Days{From: app.NewDate(2026, 10, 5), To: app.NewDate(2026, 10, 11)}
	p.days.choose(week)
	p.grid.Select(string(engaged))
	test.Tap(p.some)
	if d.ordered.Days != week || !slices.Equal(d.written, []app.ID{engaged}) {
		t.Errorf("ordered %+v, written %v", d.ordered, d.written)
	}
}

func TestAPaperIsComparedInTheWindow(t *testing.T) {
	w, d, p := grouped(t)
	d.verified = &office.FileCheck{File: office.FileUnknown, Papers: []office.PaperCheck{{Code: timesheet.PaperCode{Kind: timesheet.OfSite, Days: app.Month{Year: 2026, Month: 10}.Days(), Version: 2},
		Verdict: office.PaperChanged, Subject: "s1", Name: "Stadhuis Leuven", Facts: []timesheet.FactDifference{{Field: "site.name", Was: "Stadhuis", Is: "Stadhuis Leuven"}},
		Differences: []timesheet.Difference{{Day: app.NewDate(2026, 10, 5), EngagementID: engaged, Was: timesheet.Printed{Hours: 60}, Is: timesheet.Printed{Hours: 90}}}}}}
	askVerify(w.host, d, p.names)
	typeInto(t, w.host.form, "file", "sheet.pdf")
	w.host.form.submit()
	said := verified(w.host, p.names, d.verified)
	for _, want := range []string{"no record of this file", "Stadhuis Leuven · October 2026 · version 2", "site: Stadhuis → Stadhuis Leuven", "05/10/2026", "1:00 → 1:30"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	verifyDropped(w.host, d, []fyne.URI{storage.NewFileURI("/tmp/list.csv"), storage.NewFileURI("/tmp/sheet.PDF")})
	if got := onTop(w); !strings.Contains(got, "no record of this file") {
		t.Errorf("dropped: %s", got)
	}
	askVerify(w.host, d, p.names)
	typeInto(t, w.host.form, "code", "04000-Q1ZK8")
	w.host.form.submit()
	if len(d.paper) != 1 || d.paper[0] != "04000-Q1ZK8" {
		t.Errorf("asked about %v", d.paper)
	}
}
