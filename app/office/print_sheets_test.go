package office_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/printing"
)

// tray is a printing system that keeps what it was given.
type tray struct {
	printers []printing.Printer
	files    []string // their paths
	pdfs     int      // how many of them were there to print
	job      printing.Job
	err      error
	hurries  bool // has not taken the files over when Print returns
}

func (s *tray) Printers(context.Context) ([]printing.Printer, error) { return s.printers, nil }
func (s *tray) Keeps() bool                                          { return !s.hurries }
func (s *tray) Print(_ context.Context, files []string, job printing.Job) error {
	s.files, s.job, s.pdfs = files, job, 0
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && strings.HasPrefix(string(b), "%PDF-") {
			s.pdfs++
		}
	}
	return s.err
}

func withTray(t *testing.T) (*bench, *tray) {
	b, s := newBench(t), &tray{printers: []printing.Printer{{Name: "Depot"}}}
	b.Printer.Printing = s
	return b, s
}

// printed returns the printers that the trail names for a sheet.
func (b *bench) printed(e app.Engagement) (printers []string) {
	b.t.Helper()
	for _, act := range must[[]app.TrailEntry](b.t)(b.store.Trail(b.t.Context(), "engagement:"+string(e.ID), 100)) {
		if act.What == "sheet.print" {
			printers = append(printers, act.Payload)
		}
	}
	return printers
}

func TestSheetsArePrintedAndNoFileStays(t *testing.T) {
	b, s := withTray(t)
	t.Setenv("TMPDIR", t.TempDir())
	written, job, err := b.Sheets.PrintSheets(t.Context(), documents.SheetOrder{Days: october}, printing.Job{Copies: 2}, nil)
	if want := (printing.Job{Printer: "Depot", Copies: 2}); err != nil || job != want || s.job != want || s.pdfs != 2 || len(written.Sheets) != 2 {
		t.Errorf("printed %d PDFs as %+v; written %+v, %v", s.pdfs, s.job, written, err)
	}
	if left := inFolder(t, os.Getenv("TMPDIR")); len(left) != 0 || len(written.Files()) != 0 {
		t.Errorf("%v stay, %v are named", left, written.Files())
	}
	if got := b.printed(b.ofAn); len(got) != 1 || !strings.Contains(got[0], "Depot") || b.papers() != 2 {
		t.Errorf("the trail names %v; %d papers are remembered", got, b.papers())
	}
}

func TestFilesThatWereAskedForStayWhenTheyArePrinted(t *testing.T) {
	b, s := withTray(t)
	s.hurries = true
	dir := t.TempDir()
	written, _, err := b.Sheets.PrintSheets(t.Context(), documents.SheetOrder{Days: october, Folder: dir}, printing.Job{}, nil)
	if err != nil || !slices.Equal(written.Files(), s.files) || len(inFolder(t, dir)) != 2 {
		t.Errorf("%v stay, %v were printed, %v", inFolder(t, dir), s.files, err)
	}
	bundle := filepath.Join(dir, "all.pdf")
	if _, _, err := b.Sheets.PrintSheets(t.Context(), documents.SheetOrder{Days: october, Bundle: bundle}, printing.Job{}, nil); err != nil ||
		!slices.Equal(s.files, []string{bundle}) {
		t.Errorf("%v were printed, %v", s.files, err)
	}
}

func TestWhereNothingCanBePrintedNothingIsWritten(t *testing.T) {
	for name, c := range map[string]struct {
		tray  *tray
		order documents.SheetOrder
		job   printing.Job
		want  printing.Problem
	}{
		"no printer":   {&tray{}, documents.SheetOrder{Folder: "x"}, printing.Job{}, printing.NoPrinter},
		"another":      {&tray{printers: []printing.Printer{{Name: "Depot"}}}, documents.SheetOrder{Folder: "x"}, printing.Job{Printer: "Attic"}, printing.NotThis},
		"copies":       {&tray{printers: []printing.Printer{{Name: "Depot"}}}, documents.SheetOrder{Folder: "x"}, printing.Job{Copies: 1000}, printing.Copies},
		"must be kept": {&tray{printers: []printing.Printer{{Name: "Depot"}}, hurries: true}, documents.SheetOrder{}, printing.Job{}, printing.MustBeKept},
	} {
		b := newBench(t)
		b.Printer.Printing = c.tray
		dir := t.TempDir()
		if c.order.Days = october; c.order.Folder != "" {
			c.order.Folder = dir
		}
		_, _, err := b.Sheets.PrintSheets(t.Context(), c.order, c.job, nil)
		var e *printing.Error
		if !errors.As(err, &e) || e.Problem != c.want || len(inFolder(t, dir)) != 0 || c.tray.files != nil || b.papers() != 0 {
			t.Errorf("%s: %v; %v stand in the folder", name, err, inFolder(t, dir))
		}
	}
	b := newBench(t)
	var e *printing.Error
	if _, err := b.Sheets.Printers(t.Context()); !errors.As(err, &e) || e.Problem != printing.NotHere {
		t.Errorf("without a printing system: %v", err)
	}
}

func TestAPrinterThatRefusesLeavesNoTrailOfPrinting(t *testing.T) {
	b, s := withTray(t)
	s.err = &printing.Error{Problem: printing.Refused}
	_, _, err := b.Sheets.PrintSheets(t.Context(), documents.SheetOrder{Days: october, Folder: t.TempDir()}, printing.Job{}, nil)
	if !errors.Is(err, s.err) || len(b.printed(b.ofAn)) != 0 {
		t.Errorf("error %v, the trail names %v", err, b.printed(b.ofAn))
	}
}
