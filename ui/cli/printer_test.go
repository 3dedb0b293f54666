package cli

import (
	"testing"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/printing"
)

// withPrinters is a company with two printers and one sheet.
func withPrinters() *fake {
	f := company()
	f.sheets = []office.SheetRow{{Engagement: app.Engagement{ID: "g1", WorkerID: "w1", EmployerID: "e1"}}}
	f.printers = []printing.Printer{{Name: "Depot", Default: true}, {Name: "Office_2"}}
	return f
}

func TestPrintersAreListed(t *testing.T) {
	f := withPrinters()
	wantText(t, faked(t, f, nil, "--lang", "en", "printers").out, "Depot (default)\nOffice_2\n")
	want(t, object(t, faked(t, f, nil, "printers", "--json").out), map[string]any{"printers.0.name": "Depot", "printers.0.default": true, "printers.1.default": false})
	f.printers = nil
	got := faked(t, f, nil, "--lang", "en", "printers")
	if wantText(t, got.err, "no printer is set up"); got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	if got := faked(t, f, nil, "printers", "--json"); got.code != ExitFine {
		t.Errorf("exit code %d", got.code)
	}
}

func TestAPrinterIsNamedOrNot(t *testing.T) {
	for _, c := range []struct {
		args []string
		want printing.Job
	}{
		{[]string{"--print"}, printing.Job{}},
		{[]string{"--print", "--copies", "2", "--both-sides"}, printing.Job{Copies: 2, BothSides: true}},
		{[]string{"--print", "Office_2"}, printing.Job{Printer: "Office_2"}},
		{[]string{"--print=Office_2", "--out", "papers"}, printing.Job{Printer: "Office_2"}},
	} {
		f := withPrinters()
		got := faked(t, f, nil, append([]string{"--lang", "en", "timesheet", "--worker", "anna"}, c.args...)...)
		if f.job != c.want || got.code != ExitFine {
			t.Errorf("%v asks for %+v, want %+v; %s", c.args, f.job, c.want, got.err)
		}
	}
}

func TestWhatWasPrintedIsSaid(t *testing.T) {
	f := withPrinters()
	wantText(t, faked(t, f, nil, "--lang", "en", "timesheet", "--worker", "anna", "--print").out, "1 timesheet handed to the printer Depot.")
	got := object(t, faked(t, f, nil, "timesheet", "--worker", "anna", "--print", "--json").out)
	want(t, got, map[string]any{"printer": "Depot"})
	if n := len(got["files"].([]any)); n != 0 {
		t.Errorf("%d files are named that are gone", n)
	}
	want(t, object(t, faked(t, f, nil, "timesheet", "--worker", "anna", "--print", "--out", "papers", "--json").out), map[string]any{"files.0": "papers/g1.pdf"})
}

func TestWhatCannotBePrintedSaysWhy(t *testing.T) {
	f := withPrinters()
	got := faked(t, f, nil, "--lang", "en", "timesheet", "--worker", "anna", "--print", "Attic")
	if wantText(t, got.err, "Attic", "Depot, Office_2"); got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	for _, args := range [][]string{{"--copies", "2"}, {"--both-sides"}} {
		got := faked(t, f, nil, append([]string{"--lang", "en", "timesheet", "--worker", "anna", "--out", "x"}, args...)...)
		if wantText(t, got.err, "--print"); got.code != ExitUsage {
			t.Errorf("%v gives exit code %d", args, got.code)
		}
	}
	if got := faked(t, f, nil, "timesheet", "--print"); got.code != ExitUsage {
		t.Errorf("printing nobody's gives exit code %d", got.code)
	}
}
