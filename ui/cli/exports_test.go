package cli

import (
	"context"
	"errors"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/export"
	"klokkast/app/office"
)

// fakeExports is the part of the office that writes lists.
type fakeExports struct {
	exported office.ExportChoice
	layout   export.Layout
	saved    []export.Profile
	removed  string
}

func (f *fakeExports) ExportWorkbook(_ context.Context, c office.ExportChoice, l export.Layout, dir string, _ office.Progress) (office.Exported, error) {
	f.exported, f.layout = c, l
	return office.Exported{File: dir + "/hours.xlsx", Engagements: 2}, nil
}

func (f *fakeExports) ExportCSV(_ context.Context, c office.ExportChoice, p export.Profile, dir string, _ office.Progress) (office.Exported, error) {
	f.exported = c
	return office.Exported{File: dir + "/" + p.Name + ".csv", Engagements: 1, Rows: 20}, nil
}

func (f *fakeExports) PreviewCSV(_ context.Context, _ office.ExportChoice, p export.Profile, lines int) ([]string, error) {
	return []string{export.FormatColumns(p.Columns), "007;Peeters Anna"}[:min(lines, 2)], nil
}

func (f *fakeExports) ExportProfiles(context.Context) ([]export.Profile, error) {
	return append(export.Presets(), f.saved...), nil
}

func (f *fakeExports) ExportProfile(_ context.Context, name string) (export.Profile, error) {
	for _, p := range append(export.Presets(), f.saved...) {
		if p.Name == name {
			return p, nil
		}
	}
	return export.Profile{}, app.NotFound("profile", name)
}

func (f *fakeExports) SaveExportProfile(_ context.Context, p export.Profile, _ string) error {
	if err := p.Check(); err != nil {
		return err
	}
	f.saved = append(f.saved, p)
	return nil
}

func (f *fakeExports) RemoveExportProfile(_ context.Context, name, _ string) error {
	f.removed = name
	return nil
}

func TestExportOfOnePersonNamesItsEngagements(t *testing.T) {
	f := company()
	got := faked(t, f, nil, "export", "xlsx", "--month", "2026-10", "--worker", "007", "--layout", "list", "--out", "/tmp/x")
	if len(f.exported.Engagements) != 1 || f.exported.Engagements[0] != "g1" || f.exported.Days != october || f.layout != export.OneList {
		t.Errorf("asked for %+v, %s", f.exported, f.layout)
	}
	if !strings.Contains(got.out, "/tmp/x/hours.xlsx") {
		t.Errorf("the answer is %q", got.out)
	}
}

// hired adds a person who has no engagement.
type hired struct{ *fake }

func (h hired) WorkerRows(ctx context.Context) ([]office.WorkerRow, error) {
	rows, err := h.fake.WorkerRows(ctx)
	return append(rows, office.WorkerRow{Worker: app.Worker{ID: "w9", FamilyName: "Nieuweling", GivenName: "Ada"}}), err
}

// An empty list of engagements would be everyone's hours.
func TestExportOfSomebodyWithoutEngagementIsNobodys(t *testing.T) {
	f := company()
	c := exportWhat{}
	c.Month, c.Worker = "2026-10", "Nieuweling"
	r := &run{ctx: t.Context(), parts: Parts{Texts: texts(t)}}
	r.speak(app.English)
	choice, err := c.choice(r, hired{f})
	if !errors.As(err, new(office.NobodyError)) {
		t.Errorf("%v: %+v would be exported", err, choice)
	}
}

func TestProfileIsChangedByItsFlagsAlone(t *testing.T) {
	f := company()
	faked(t, f, nil, "export", "profile", "set", "payroll", "--columns", "staff_number=Matricule,date,worked_minutes", "--delimiter", "tab", "--decimal", "point", "--header", "no", "--code", "holiday=100")
	if len(f.saved) != 1 {
		t.Fatalf("%d profiles are kept", len(f.saved))
	}
	p, first := f.saved[0], export.Presets()[0]
	if p.Name != "payroll" || export.FormatColumns(p.Columns) != "staff_number=Matricule,date,worked_minutes" || p.Delimiter != "\t" || p.DecimalComma || p.Header || p.Codes["holiday"] != "100" {
		t.Errorf("the profile is %+v", p)
	}
	if p.Dates != first.Dates || p.Encoding != first.Encoding || p.Rows != first.Rows {
		t.Errorf("flags that were not given changed it: %+v", p)
	}
}
