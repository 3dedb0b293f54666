package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/ui/officetest"
)

// bothInOctober has Bart work beside Anna.
func bothInOctober(t *testing.T) *officetest.Company {
	c := workedInOctober(t)
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	c.Read(officetest.Tap{Card: "04B2C3D4", At: "2026-10-07 08:00", Key: app.KeyIn}, officetest.Tap{Card: "04B2C3D4", At: "2026-10-07 10:00", Key: app.KeyOut})
	return c
}

func TestExportOfOnePersonNamesItsEngagements(t *testing.T) {
	c := bothInOctober(t)
	out := t.TempDir()
	made := asked(t, c, "export xlsx --month 2026-10 --worker 007 --layout list --out "+out)
	want(t, made, map[string]any{"engagements": 1})
	if file := at(t, made, "file").(string); filepath.Dir(file) != out || !strings.HasSuffix(file, ".xlsx") {
		t.Errorf("wrote %s", file)
	}
	path := at(t, asked(t, c, "export csv --profile days --month 2026-10 --worker 007 --out "+out), "file").(string)
	list, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(list), "Anna") || strings.Contains(string(list), "Bart") {
		t.Errorf("%v: %s", err, list)
	}
	wantText(t, said(t, c, "export xlsx --month 2026-10 --worker 007  --layout list --out "+out), out)
}

// An empty list of engagements would be everyone's hours.
func TestExportOfSomebodyWithoutEngagementIsNobodys(t *testing.T) {
	c := bothInOctober(t)
	asked(t, c, "worker add --family-name Nieuweling --given-name Ada")
	out := t.TempDir()
	for _, kind := range []string{"xlsx", "csv --profile days"} {
		got := klokkast(t, c, nil, words("--json export "+kind+" --month 2026-10 --worker Nieuweling --out "+out)...)
		want(t, object(t, got.out), map[string]any{"error.code": "export.nobody"})
		if files, _ := os.ReadDir(out); got.code != ExitFailed || len(files) != 0 {
			t.Errorf("exit code %d, %v lie there: %s", got.code, files, got.out)
		}
	}
}

func TestProfileIsChangedByItsFlagsAlone(t *testing.T) {
	c := officetest.New(t)
	asked(
		t,
		c,
		"export profile set payroll --columns staff_number=Matricule,date,worked_minutes --delimiter tab --decimal point --header no --code holiday=100",
	)
	is := differences(asked(t, c, "export profile show days"), asked(t, c, "export profile show payroll"))
	for path, w := range map[string]any{"profiles.0.name": "payroll", "profiles.0.delimiter": "\t", "profiles.0.decimalComma": false, "profiles.0.header": false, "profiles.0.codes.holiday": "100"} {
		if is[path] != w {
			t.Errorf("%s = %v, want %v", path, is[path], w)
		}
	}
	for _, same := range []string{"dates", "encoding", "rows"} { // of the first preset, where new profiles begin
		if v, changed := is["profiles.0."+same]; changed {
			t.Errorf("a flag that was not given changed %s to %v", same, v)
		}
	}
	want(t, asked(t, c, "export profile show payroll"), map[string]any{
		"profiles.0.columns.0.id": "staff_number", "profiles.0.columns.0.heading": "Matricule", "profiles.0.columns.1.id": "date", "profiles.0.columns.2.id": "worked_minutes",
	})
}
