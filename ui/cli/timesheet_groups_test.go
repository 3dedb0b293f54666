package cli

import (
	"context"
	"reflect"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/store"
	"klokkast/app/timesheet"
)

// fakeGroups is the part of the fake about sites and teams on one paper.
type fakeGroups struct {
	groups      map[timesheet.PaperKind][]office.GroupRow
	teams       []office.Team
	savedTeam   office.Team
	removedTeam app.ID
}

func (f *fakeGroups) GroupRows(_ context.Context, kind timesheet.PaperKind, _ app.Days) ([]office.GroupRow, error) {
	return f.groups[kind], nil
}
func (f *fakeGroups) Teams(context.Context) ([]office.Team, error) { return f.teams, nil }
func (f *fakeGroups) SaveTeam(_ context.Context, t office.Team, _ string) (office.Team, error) {
	f.savedTeam = t
	return t, nil
}
func (f *fakeGroups) RemoveTeam(_ context.Context, id app.ID, _ string) error {
	f.removedTeam = id
	return nil
}

// grouped is the company with hours at a site, and a team.
func grouped() *fake {
	f := company()
	rows, _ := f.SiteRows(context.Background())
	site := rows[0].Site
	f.teams = []office.Team{{ID: "t1", Name: "Ploeg Noord", Workers: []app.ID{"w1"}}}
	f.groups = map[timesheet.PaperKind][]office.GroupRow{
		timesheet.OfSite: {{Group: office.SheetGroup{Kind: timesheet.OfSite, ID: site.ID}, Name: site.Name, People: 3, Worked: 90 * time.Hour, Sheets: 4, Approved: 1, Paper: &store.Paper{Version: 2}}},
		timesheet.OfTeam: {{Group: office.SheetGroup{Kind: timesheet.OfTeam, ID: "t1"}, Name: "Ploeg Noord", People: 1, Sheets: 1}},
	}
	return f
}

func TestTimesheetsOfSitesAndTeams(t *testing.T) {
	f := grouped()
	site := f.groups[timesheet.OfSite][0]
	got := faked(t, f, nil, "--lang", "en", "timesheet", "--month", "2026-10", "--per", "site")
	wantText(t, got.out, "Timesheets October 2026", site.Name, "90:00", "1 of 4 approved")
	got = faked(t, f, nil, "timesheet", "--month", "2026-10", "--site", site.Name, "--out", "papers", "--json")
	want(t, object(t, got.out), map[string]any{"kind": "timesheet-site", "groups.0.id": string(site.Group.ID), "groups.0.people": 3, "groups.0.workedMinutes": 5400,
		"groups.0.engagements": 4, "groups.0.approved": 1, "groups.0.paperVersion": 2, "files.0": "papers/" + string(site.Group.ID) + ".pdf"})
	if w := (office.SheetOrder{Days: app.Month{Year: 2026, Month: 10}.Days(), Groups: []office.SheetGroup{site.Group}, Folder: "papers"}); !reflect.DeepEqual(f.ordered, w) {
		t.Errorf("ordered %+v, want %+v", f.ordered, w)
	}
	got = faked(t, f, nil, "--lang", "en", "timesheet", "--team", "ploeg noord", "--bundle", "x.pdf")
	wantText(t, got.out, "1 timesheet in x.pdf.")
	if f.ordered.Groups[0].ID != "t1" || got.code != ExitFine {
		t.Errorf("ordered %+v, exit code %d", f.ordered, got.code)
	}
	for _, args := range [][]string{{"--site", "x", "--team", "y"}, {"--site", "x", "--worker", "y"}, {"--site", "x", "--per", "team"}, {"--team", "x", "--all"}, {"--per", "site", "--out", "x"}, {"--per", "site", "--all"}} {
		if got := faked(t, f, nil, append([]string{"timesheet"}, args...)...); got.code != ExitUsage {
			t.Errorf("%v gives exit code %d: %s", args, got.code, got.err)
		}
	}
	if got := faked(t, f, nil, "--lang", "en", "timesheet", "--team", "Ploeg Zuid", "--out", "x"); got.code != ExitFailed || f.ordered.Folder == "x" {
		t.Errorf("a team that is not there: %d, %s", got.code, got.err)
	}
}

func TestTeams(t *testing.T) {
	f := grouped()
	wantText(t, faked(t, f, nil, "--lang", "en", "team", "list").out, "Ploeg Noord", "Peeters Anna")
	want(t, object(t, faked(t, f, nil, "team", "list", "--json").out), map[string]any{"teams.0.id": "t1", "teams.0.name": "Ploeg Noord", "teams.0.workers.0.worker": "Peeters Anna"})
	faked(t, f, nil, "team", "set", "Ploeg Zuid", "--worker", "anna")
	if w := (office.Team{Name: "Ploeg Zuid", Workers: []app.ID{"w1"}}); !reflect.DeepEqual(f.savedTeam, w) {
		t.Errorf("a new one: %+v", f.savedTeam)
	}
	faked(t, f, nil, "team", "set", "ploeg noord", "--rename", "Ploeg West")
	if w := (office.Team{ID: "t1", Name: "Ploeg West", Workers: []app.ID{"w1"}}); !reflect.DeepEqual(f.savedTeam, w) {
		t.Errorf("renamed: %+v", f.savedTeam)
	}
	faked(t, f, nil, "team", "remove", "Ploeg Noord")
	if f.removedTeam != "t1" {
		t.Errorf("removed %q", f.removedTeam)
	}
	if got := faked(t, f, nil, "team", "set", "Ploeg Zuid"); got.code != ExitUsage {
		t.Errorf("nobody in it: exit code %d", got.code)
	}
	if got := faked(t, f, nil, "team", "set", "Ploeg Oost", "--rename", "x"); got.code != ExitFailed {
		t.Errorf("renaming one that is not there: exit code %d", got.code)
	}
}
