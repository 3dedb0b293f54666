package office_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/export"
)

// hoursOf is a profile with a line for each day.
func hoursOf(columns string) export.Profile {
	return export.Profile{
		Name:      "loon",
		Rows:      export.PerDay,
		Columns:   export.ParseColumns(columns),
		Delimiter: ";",
		Dates:     export.Presets()[0].Dates,
		Encoding:  export.UTF8,
		Header:    false,
	}
}

// worked has An and Bart work from Wednesday 28 to Friday 30 October 2026, An an hour more each day.
func (b *bench) worked() app.Days {
	b.t.Helper()
	must[int](b.t)(b.read(
		tap{"04A1", "2026-10-28 06:00", app.KeyIn}, tap{"04A1", "2026-10-28 07:00", app.KeyOut},
		tap{"04A1", "2026-10-29 06:00", app.KeyIn}, tap{"04A1", "2026-10-29 08:00", app.KeyOut},
		tap{"04B2", "2026-10-29 09:00", app.KeyIn}, tap{"04B2", "2026-10-29 09:30", app.KeyOut},
		tap{"04A1", "2026-10-30 06:00", app.KeyIn}, tap{"04A1", "2026-10-30 09:00", app.KeyOut}))
	b.refresh()
	return app.Days{From: app.NewDate(2026, 10, 29), To: app.NewDate(2026, 10, 30)}
}

// Any period can be exported, and holds those days alone.
func TestHoursOfAnyDaysAreExported(t *testing.T) {
	b := newBench(t)
	days, dir := b.worked(), t.TempDir()
	done := must[documents.Exported](t)(b.Exports.ExportCSV(t.Context(), documents.ExportChoice{Days: days}, hoursOf("staff_number,worked_minutes"), dir, nil))
	file := string(must[[]byte](t)(os.ReadFile(done.File)))
	if file != "8;30\r\n7;120\r\n7;180\r\n" && file != "7;120\r\n7;180\r\n8;30\r\n" {
		t.Errorf("the file holds %q", file)
	}
	if done.Rows != 3 || done.Engagements != 2 || !strings.HasPrefix(filepath.Base(done.File), "2026-10-29") {
		t.Errorf("%+v", done)
	}
	if info := must[os.FileInfo](t)(os.Stat(done.File)); info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	one := must[documents.Exported](
		t,
	)(
		b.Exports.ExportCSV(t.Context(), documents.ExportChoice{Days: days, Engagements: []app.ID{b.ofBart.ID}}, hoursOf("worked_minutes"), dir, nil),
	)
	if file := string(must[[]byte](t)(os.ReadFile(one.File))); file != "30\r\n" {
		t.Errorf("one person's file holds %q", file)
	}
}

// Numbers stay masked; who asks for them in full stands in the trail, once for each person.
func TestNumbersInExportsStandInTheTrail(t *testing.T) {
	b := newBench(t)
	days, dir, ctx := b.worked(), t.TempDir(), t.Context()
	file := func(c documents.ExportChoice, columns string) string {
		t.Helper()
		return string(must[[]byte](t)(os.ReadFile(must[documents.Exported](t)(b.Exports.ExportCSV(ctx, c, hoursOf(columns), dir, nil)).File)))
	}
	noted := func() int {
		t.Helper()
		n := 0
		for _, e := range must[[]app.TrailEntry](t)(b.store.Trail(ctx, "worker:"+string(b.an.ID), 0)) {
			if e.What == "ssin.export" {
				n++
			}
		}
		return n
	}
	if s := file(documents.ExportChoice{Days: days}, "ssin"); strings.Contains(s, "85011512355") || !strings.Contains(s, "850*****55") || noted() != 0 {
		t.Errorf("nobody asked for numbers: %q, %d times in the trail", s, noted())
	}
	if file(documents.ExportChoice{Days: days, Reveal: true}, "worked_minutes"); noted() != 0 {
		t.Error("a file without numbers stands in the trail as one with them")
	}
	if s := file(documents.ExportChoice{Days: days, Reveal: true}, "ssin"); !strings.Contains(s, "85011512355") || noted() != 1 {
		t.Errorf("asked for: %q, %d times in the trail", s, noted())
	}
	lines := must[[]string](t)(b.Exports.PreviewCSV(ctx, documents.ExportChoice{Days: days, Reveal: true}, hoursOf("ssin"), 2))
	if len(lines) != 2 || strings.Contains(strings.Join(lines, ""), "85011512355") || noted() != 1 {
		t.Errorf("the first lines: %q", lines)
	}
}

// What cannot be exported leaves no file.
func TestExportsThatCannotBe(t *testing.T) {
	b := newBench(t)
	days, dir, ctx := b.worked(), t.TempDir(), t.Context()
	must[app.Worker](
		t,
	)(
		b.Staff.SaveWorker(ctx, app.Worker{ID: b.bart.ID, FamilyName: "Čapková", GivenName: "Жанна", StaffNumber: "8", SSIN: "93051822361"}, why),
	)
	b.refresh()
	latin := hoursOf("family_name,given_name")
	latin.Encoding = export.Windows1252
	stopped, stop := context.WithCancel(ctx)
	stop()
	var unfit *export.UnfitError
	var field *app.FieldError
	var column *export.ColumnError
	for name, tt := range map[string]struct {
		err error
		is  any
	}{
		"before anyone was engaged":     {second(b.Exports.ExportCSV(ctx, documents.ExportChoice{Days: app.Days{From: 1, To: 2}}, hoursOf("date"), dir, nil)), new(documents.NobodyError)},
		"of nobody's engagement":        {second(b.Exports.ExportCSV(ctx, documents.ExportChoice{Days: days, Engagements: []app.ID{"x"}}, hoursOf("date"), dir, nil)), new(documents.NobodyError)},
		"days the wrong way":            {second(b.Exports.ExportCSV(ctx, documents.ExportChoice{Days: app.Days{From: days.To, To: days.From}}, hoursOf("date"), dir, nil)), &field},
		"letters that are not in it":    {second(b.Exports.ExportCSV(ctx, documents.ExportChoice{Days: days}, latin, dir, nil)), &unfit},
		"a column that there is not":    {second(b.Exports.ExportCSV(ctx, documents.ExportChoice{Days: days}, hoursOf("salary"), dir, nil)), &column},
		"a layout that there is not":    {second(b.Exports.ExportWorkbook(ctx, documents.ExportChoice{Days: days}, "pie", dir, nil)), &field},
		"a spreadsheet that is stopped": {second(b.Exports.ExportWorkbook(stopped, documents.ExportChoice{Days: days}, export.OneList, dir, nil)), nil},
	} {
		switch {
		case tt.err == nil:
			t.Errorf("%s: done", name)
		case tt.is != nil && !errors.As(tt.err, tt.is):
			t.Errorf("%s: %v", name, tt.err)
		case tt.is == nil && !errors.Is(tt.err, context.Canceled):
			t.Errorf("%s: %v", name, tt.err)
		}
	}
	if _, args := unfit.TextKey(); !strings.Contains(strings.Join(textsIn(args), " "), "Č") {
		t.Errorf("the letter is not named: %v", args)
	}
	if left := must[[]os.DirEntry](t)(os.ReadDir(dir)); len(left) != 0 {
		t.Errorf("%d files were left", len(left))
	}
	lines, err := b.Exports.PreviewCSV(ctx, documents.ExportChoice{Days: days}, latin, 8)
	if !errors.As(err, &unfit) || !strings.Contains(strings.Join(lines, "|"), "Čapková") {
		t.Errorf("the first lines: %q, %v", lines, err)
	}
}

func second[T any](_ T, err error) error { return err }

func textsIn(args map[string]any) (out []string) {
	for _, v := range args {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func TestASpreadsheetIsWritten(t *testing.T) {
	b := newBench(t)
	days, dir := b.worked(), t.TempDir()
	for _, l := range export.Layouts {
		seen := 0
		done := must[documents.Exported](
			t,
		)(
			b.Exports.ExportWorkbook(t.Context(), documents.ExportChoice{Days: days, Language: app.French}, l, dir, func(n, of int) { seen = n }),
		)
		if file := must[[]byte](t)(os.ReadFile(done.File)); !strings.HasPrefix(string(file), "PK") || done.Engagements != 2 || seen != 2 {
			t.Errorf("%s: %d bytes, %+v, progress %d", l, len(file), done, seen)
		}
	}
}

// A profile is kept, changed, found in capitals or not, and removed; a preset
// that was changed comes back.
func TestProfilesAreKeptAndRemoved(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	presets := len(must[[]export.Profile](t)(b.Exports.ExportProfiles(ctx)))
	p := hoursOf("date,worked_minutes")
	p.Name = "Sociaal secretariaat"
	preset := export.Presets()[0]
	changed := preset
	changed.Header = !preset.Header
	bad := p
	bad.Columns = nil
	if err := errors.Join(b.Exports.SaveExportProfile(ctx, p, why), b.Exports.SaveExportProfile(ctx, changed, why)); err != nil {
		t.Fatal(err)
	}
	if err := b.Exports.SaveExportProfile(ctx, bad, why); err == nil {
		t.Error("a profile without columns was kept")
	}
	p.Name, p.Delimiter = "SOCIAAL secretariaat", "|"
	if err := b.Exports.SaveExportProfile(ctx, p, why); err != nil {
		t.Fatal(err)
	}
	all := must[[]export.Profile](t)(b.Exports.ExportProfiles(ctx))
	got := must[export.Profile](t)(b.Exports.ExportProfile(ctx, "sociaal SECRETARIAAT"))
	if len(all) != presets+1 || got.Delimiter != "|" || len(got.Columns) != 2 {
		t.Errorf("%d profiles, %+v", len(all), got)
	}
	if got := must[export.Profile](t)(b.Exports.ExportProfile(ctx, preset.Name)); got.Header != changed.Header {
		t.Error("the changed preset is as it was")
	}
	if err := errors.Join(b.Exports.RemoveExportProfile(ctx, preset.Name, why), b.Exports.RemoveExportProfile(ctx, "sociaal secretariaat", why)); err != nil {
		t.Fatal(err)
	}
	if got := must[export.Profile](t)(b.Exports.ExportProfile(ctx, preset.Name)); got.Header != preset.Header {
		t.Error("the preset did not come back")
	}
	var missing *app.NotFoundError
	if err := b.Exports.RemoveExportProfile(ctx, preset.Name, why); !errors.As(err, &missing) {
		t.Errorf("a preset was removed: %v", err)
	}
	if trail := must[[]app.TrailEntry](t)(b.store.Trail(ctx, "export-profile:"+preset.Name, 0)); len(trail) != 2 {
		t.Errorf("the trail: %+v", trail)
	}
}
