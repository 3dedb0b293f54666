package cli

import (
	"path/filepath"
	"slices"
	"testing"

	"klokkast/app/printing"
	"klokkast/ui/officetest"
)

// withPrinters is a company with two printers and hours of Anna's.
func withPrinters(t *testing.T) *officetest.Company {
	c := workedInOctober(t)
	c.Tray.Has = []printing.Printer{{Name: "Depot", Default: true}, {Name: "Office_2"}}
	return c
}

// ofAnna is the command that prints Anna's sheet of October.
func ofAnna(more ...string) []string {
	return append([]string{"--lang", "en", "timesheet", "--month", "2026-10", "--worker", "anna"}, more...)
}

func TestPrintersAreListed(t *testing.T) {
	c := withPrinters(t)
	wantText(t, said(t, c, "printers"), "Depot (default)\nOffice_2\n")
	want(t, asked(t, c, "printers"), map[string]any{"printers.0.name": "Depot", "printers.0.default": true, "printers.1.default": false})
	c.Tray.Has = nil
	got := klokkast(t, c, nil, "--lang", "en", "printers")
	if wantText(t, got.err, "no printer is set up"); got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	if got := klokkast(t, c, nil, "printers", "--json"); got.code != ExitFine {
		t.Errorf("exit code %d", got.code)
	}
}

func TestAPrinterIsNamedOrNot(t *testing.T) {
	for _, q := range []struct {
		args []string
		want printing.Job
	}{
		{[]string{"--print"}, printing.Job{Printer: "Depot", Copies: 1}},
		{[]string{"--print", "--copies", "2", "--both-sides"}, printing.Job{Printer: "Depot", Copies: 2, BothSides: true}},
		{[]string{"--print", "Office_2"}, printing.Job{Printer: "Office_2", Copies: 1}},
		{[]string{"--print=Office_2", "--out", filepath.Join(t.TempDir(), "papers")}, printing.Job{Printer: "Office_2", Copies: 1}},
	} {
		c := withPrinters(t)
		got := klokkast(t, c, nil, ofAnna(q.args...)...)
		if !slices.Equal(c.Tray.Jobs, []printing.Job{q.want}) || c.Tray.Papers != 1 || got.code != ExitFine {
			t.Errorf("%v prints %d papers by %+v, want %+v; %s", q.args, c.Tray.Papers, c.Tray.Jobs, q.want, got.err)
		}
	}
}

func TestWhatWasPrintedIsSaid(t *testing.T) {
	c := withPrinters(t)
	wantText(t, klokkast(t, c, nil, ofAnna("--print")...).out, "1 timesheet handed to the printer Depot.")
	got := object(t, klokkast(t, c, nil, ofAnna("--print", "--json")...).out)
	want(t, got, map[string]any{"printer": "Depot"})
	if n := len(got["files"].([]any)); n != 0 {
		t.Errorf("%d files are named that are gone", n)
	}
	kept := object(t, klokkast(t, c, nil, ofAnna("--print", "--out", filepath.Join(t.TempDir(), "papers"), "--json")...).out)
	isPDF(t, at(t, kept, "files.0").(string))
}

func TestWhatCannotBePrintedSaysWhy(t *testing.T) {
	c := withPrinters(t)
	got := klokkast(t, c, nil, ofAnna("--print", "Attic")...)
	if wantText(t, got.err, "Attic", "Depot, Office_2"); got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	for _, args := range [][]string{{"--copies", "2"}, {"--both-sides"}} {
		got := klokkast(t, c, nil, ofAnna(append([]string{"--out", "x"}, args...)...)...)
		if wantText(t, got.err, "--print"); got.code != ExitUsage {
			t.Errorf("%v gives exit code %d", args, got.code)
		}
	}
	if got := klokkast(t, c, nil, "timesheet", "--print"); got.code != ExitUsage {
		t.Errorf("printing nobody's gives exit code %d", got.code)
	}
	if len(c.Tray.Jobs) != 0 {
		t.Errorf("printed %v", c.Tray.Jobs)
	}
}
