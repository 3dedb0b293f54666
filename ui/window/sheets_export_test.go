package window

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"klokkast/app"
	"klokkast/app/export"
	"klokkast/app/office"
)

// exports is the part of the desk that writes lists.
type exports struct {
	mu    sync.Mutex
	kept  []export.Profile
	wrote []string
}

func (d *exports) note(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrote = append(d.wrote, what)
}

func (d *exports) ExportWorkbook(_ context.Context, _ office.ExportChoice, l export.Layout, dir string, _ office.Progress) (office.Exported, error) {
	d.note(string(l))
	return office.Exported{File: dir + "/hours.xlsx"}, nil
}
func (d *exports) ExportCSV(_ context.Context, _ office.ExportChoice, p export.Profile, dir string, _ office.Progress) (office.Exported, error) {
	d.note(p.Name)
	return office.Exported{File: dir + "/" + p.Name + ".csv"}, nil
}
func (d *exports) PreviewCSV(_ context.Context, _ office.ExportChoice, p export.Profile, _ int) ([]string, error) {
	return []string{export.FormatColumns(p.Columns)}, p.Check()
}
func (d *exports) ExportProfiles(context.Context) ([]export.Profile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append(export.Presets(), d.kept...), nil
}
func (d *exports) SaveExportProfile(_ context.Context, p export.Profile, _ string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = append(d.kept, p)
	return p.Check()
}
func (d *exports) RemoveExportProfile(context.Context, string, string) error { return nil }

func TestExportShowsTheFirstLinesAsTheProfileChanges(t *testing.T) {
	w, _ := open(t, app.English)
	profiles := export.Presets()
	e := &exportForm{h: w.host, desk: &exports{}, what: office.ExportChoice{Days: app.Month{Year: 2026, Month: 10}.Days()}, dir: "/x", profiles: profiles}
	e.show()
	if !strings.Contains(e.preview.Text, "/x") || e.csvRows[0].object.Visible() {
		t.Errorf("a spreadsheet shows %q and the fields of a profile", e.preview.Text)
	}
	e.as.set(csvPrefix + profiles[0].Name)
	e.columns.SetText("staff_number, date=Jour")
	if !(e.preview.Text == "staff_number,date=Jour") {
		t.Errorf("the first lines are %q", e.preview.Text)
	}
	e.more.set("worked_minutes")
	if !(e.preview.Text == "staff_number,date=Jour,worked_minutes") {
		t.Errorf("the first lines are %q", e.preview.Text)
	}
	e.from.SetDate(app.NewDate(2026, 10, 12))
	e.to.SetDate(app.NewDate(2026, 11, 8))
	if c := e.choice(); c.Days != (app.Days{From: app.NewDate(2026, 10, 12), To: app.NewDate(2026, 11, 8)}) {
		t.Errorf("four weeks were chosen, and taken are %v", c.Days)
	}
	e.to.SetDate(app.NewDate(2026, 10, 1))
	var wrong *app.FieldError
	if err := e.check()(t.Context()); !errors.As(err, &wrong) || wrong.Field != "to" {
		t.Errorf("an end before the beginning: %v", err)
	}
	e.to.SetDate(app.NewDate(2026, 11, 8))
	e.rows.set(string(export.PerPeriod))
	if !(strings.Contains(e.preview.Text, "date") && strings.Contains(e.preview.Text, "\n")) {
		t.Errorf("the first lines are %q", e.preview.Text)
	}
}
