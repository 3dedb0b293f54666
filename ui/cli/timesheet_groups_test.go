package cli

import (
	"os"
	"path/filepath"
	"testing"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/ui/officetest"
)

// grouped is a company with hours at a site, and a team.
func grouped(t *testing.T) (c *officetest.Company, team string) {
	c = bothInOctober(t)
	made := officetest.Must(c.Office().Staff.SaveTeam(t.Context(), acts.Team{Name: "Ploeg Noord", Workers: []app.ID{c.Anna.ID}}, officetest.Why))(t)
	return c, string(made.ID)
}

func TestTimesheetsOfSitesAndTeams(t *testing.T) {
	c, team := grouped(t)
	asked(t, c, "approve --month 2026-10 --worker anna")
	out := filepath.Join(t.TempDir(), "papers")
	asked(t, c, "timesheet --month 2026-10 --site leuven --out "+out)
	wantText(t, said(t, c, "timesheet --month 2026-10 --per site"), "Timesheets October 2026", "Stadhuis Leuven", "14:00", "1 of 2 approved")
	got := asked(t, c, `timesheet --month 2026-10 --site "Stadhuis Leuven" --out `+out)
	want(t, got, map[string]any{"kind": "timesheet-site", "groups.0.id": string(c.Site.ID), "groups.0.people": 2, "groups.0.workedMinutes": 840,
		"groups.0.engagements": 2, "groups.0.approved": 1, "groups.0.paperVersion": 1})
	isPDF(t, at(t, got, "files.0").(string))
	bundle := filepath.Join(t.TempDir(), "x.pdf")
	wantText(t, said(t, c, `timesheet --month 2026-10 --team "ploeg noord" --bundle `+bundle), "1 timesheet in "+bundle+".")
	isPDF(t, bundle)
	want(
		t,
		asked(t, c, `timesheet --month 2026-10 --per team`),
		map[string]any{"kind": "timesheet-team", "groups.0.id": team, "groups.0.people": 1, "groups.0.workedMinutes": 720},
	)
	for _, args := range [][]string{{"--site", "x", "--team", "y"}, {"--site", "x", "--worker", "y"}, {"--site", "x", "--per", "team"}, {"--team", "x", "--all"}, {"--per", "site", "--out", "x"}, {"--per", "site", "--all"}} {
		if got := klokkast(t, c, nil, append([]string{"timesheet"}, args...)...); got.code != ExitUsage {
			t.Errorf("%v gives exit code %d: %s", args, got.code, got.err)
		}
	}
	nowhere := filepath.Join(t.TempDir(), "x")
	got2 := klokkast(t, c, nil, "--lang", "en", "timesheet", "--team", "Ploeg Zuid", "--out", nowhere)
	if _, err := os.Stat(nowhere); got2.code != ExitFailed || !os.IsNotExist(err) {
		t.Errorf("a team that is not there: %d, %s", got2.code, got2.err)
	}
}

func TestTeams(t *testing.T) {
	c, team := grouped(t)
	names := ids(c, "{team}", team)
	wantText(t, said(t, c, "team list"), "Ploeg Noord", "Peeters Anna")
	want(t, asked(t, c, "team list"), map[string]any{"teams.0.id": team, "teams.0.name": "Ploeg Noord", "teams.0.workers.0.worker": "Peeters Anna"})
	for _, q := range []change{
		{line: `team set "Ploeg Zuid" --worker anna`, want: map[string]any{"teams.{new}.name": "Ploeg Zuid", "teams.{new}.workers.0.workerId": "{anna}", "teams.{new}.*": "new"}},
		{line: `team set "ploeg noord" --rename "Ploeg West"`, want: map[string]any{"teams.{team}.name": "Ploeg West"}},
		{line: `team remove "Ploeg West"`, want: map[string]any{"teams.{team}.*": "gone"}},
	} {
		before := answer(t, c, names, "team list")
		asked(t, c, q.line)
		wantDifferences(t, differences(before, answer(t, c, names, "team list")), q.want)
	}
	if got := klokkast(t, c, nil, "team", "set", "Ploeg Oost"); got.code != ExitUsage {
		t.Errorf("nobody in it: exit code %d", got.code)
	}
	if got := klokkast(t, c, nil, "team", "set", "Ploeg Oost", "--rename", "x"); got.code != ExitFailed {
		t.Errorf("renaming one that is not there: exit code %d", got.code)
	}
}
