package window

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/printing"
)

// atPrinter selects the one sheet of the fake company and asks to print it.
func atPrinter(t *testing.T, printers ...printing.Printer) (*Window, *fakeDesk, *sheetsPage) {
	t.Helper()
	w, d := open(t, app.English)
	d.printers = printers
	p := to[*sheetsPage](t, w, "timesheets")
	p.grid.Select(string(engaged))
	test.Tap(p.print)
	return w, d, p
}

func TestASheetIsPrintedAsTheFormSays(t *testing.T) {
	w, d, _ := atPrinter(t, printing.Printer{Name: "Attic"}, printing.Printer{Name: "Depot", Default: true})
	f := w.host.form
	copies := f.row("copies")
	typeInto(t, f, "copies", "0")
	f.submit()
	if d.job != (printing.Job{}) || !copies.problem.Visible() {
		t.Error("no copies at all are printed")
	}
	typeInto(t, f, "copies", "2")
	f.submit()
	if want := (printing.Job{Printer: "Depot", Copies: 2}); d.job != want || !slices.Equal(d.written, []app.ID{engaged}) {
		t.Errorf("printed as %+v, want %+v; written %v", d.job, want, d.written)
	}
}

func TestWithoutAPrinterThePDFIsOffered(t *testing.T) {
	w, d, p := atPrinter(t)
	if got := onTop(w); !strings.Contains(got, "no printer is set up") {
		t.Errorf("shown: %s", got)
	}
	tapOnTop(t, w, "Save as PDF")
	if !slices.Equal(d.written, []app.ID{engaged}) || p.openOne.Disabled() {
		t.Errorf("written %v", d.written)
	}
}

func TestAPrinterThatRefusesOffersThePDF(t *testing.T) {
	w, d, _ := atPrinter(t, printing.Printer{Name: "Depot"})
	d.fail = map[string]error{"PrintSheets": &printing.Error{Problem: printing.Refused, Name: "lp", Detail: "Out of paper."}}
	w.host.form.submit()
	if got := onTop(w); !strings.Contains(got, "Out of paper.") {
		t.Errorf("shown: %s", got)
	}
	var opened string
	w.host.open = func(path string) error { opened = path; return nil }
	tapOnTop(t, w, "Open the PDF")
	if !slices.Equal(d.written, []app.ID{engaged}) || !strings.HasSuffix(opened, string(engaged)+".pdf") {
		t.Errorf("written %v, opened %q", d.written, opened)
	}
}

func TestManySheetsInOneFile(t *testing.T) {
	w, d := open(t, app.English)
	d.sheets = append(d.sheets, office.SheetRow{Engagement: app.Engagement{ID: "e2"}})
	d.undrawable = "e2"
	p := to[*sheetsPage](t, w, "timesheets")
	p.bundle.SetChecked(true)
	test.Tap(p.every)
	if !strings.HasSuffix(d.ordered.Bundle, "-timesheets.pdf") || len(d.ordered.Engagements) != 2 {
		t.Errorf("ordered %+v", d.ordered)
	}
	if got := onTop(w); !strings.Contains(got, "1 timesheet could not be printed") || !strings.Contains(got, "U+4E2D") {
		t.Errorf("shown: %s", got)
	}
}
