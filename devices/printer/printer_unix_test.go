//go:build !windows

package printer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"klokkast/app/printing"
)

// commands puts shell scripts under the names of the printing system's commands on an otherwise empty PATH.
func commands(t *testing.T, scripts map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

// noting is a script that notes each of its arguments on a line of a file beside it.
const noting = `for a in "$@"; do printf "%s\n" "$a"; done >> "${0%/*}/asked"; echo end >> "${0%/*}/asked"; echo "request id is Depot-7 (1 file(s))"`

func TestPrintersAndWhichIsTheDefault(t *testing.T) {
	commands(t, map[string]string{"lpstat": `
if [ "$LC_ALL" != C ]; then echo "Standaardbestemming: Depot"; exit 0; fi
case "$1" in
-e) echo Office_2; echo; echo Depot;;
-d) echo "system default destination: Depot/draft";;
esac`})
	got, err := System{}.Printers(t.Context())
	if want := []printing.Printer{{Name: "Depot", Default: true}, {Name: "Office_2"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	commands(t, map[string]string{"lpstat": `[ "$1" = -e ] || echo "no system default destination"`})
	if got, err := (System{}).Printers(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("%v, %v; want none", got, err)
	}
}

func TestPrintAsksForWhatTheJobSays(t *testing.T) {
	dir := commands(t, map[string]string{"lp": noting})
	job := printing.Job{Printer: "Depot", Copies: 2, BothSides: true}
	if err := (System{}).Print(t.Context(), []string{"/papers/an peeters.pdf", "-x.pdf"}, job); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want := "-d Depot -n 2 -t Klokkast -o media=A4 -o sides=two-sided-long-edge /papers/an|peeters.pdf " + filepath.Join(here, "-x.pdf") + " end "
	if got := asked(t, dir); got != want {
		t.Errorf("asked %s\nwant  %s", got, want)
	}
}

// asked returns the noted arguments in one line, blanks within them as "|".
func asked(t *testing.T, dir string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(raw), " ", "|"), "\n", " ")
}

func TestManyFilesAreSeveralJobs(t *testing.T) {
	dir := commands(t, map[string]string{"lp": noting})
	var files []string
	for i := range 1201 {
		files = append(files, fmt.Sprintf("/papers/%04d.pdf", i))
	}
	if err := (System{}).Print(t.Context(), files, printing.Job{Printer: "Depot", Copies: 1}); err != nil {
		t.Fatal(err)
	}
	got := asked(t, dir)
	if n := strings.Count(got, " end "); n != 3 || strings.Count(got, ".pdf") != 1201 || !strings.Contains(got, "sides=one-sided") {
		t.Errorf("%d jobs with %d files", n, strings.Count(got, ".pdf"))
	}
}

func TestWhatThePrintingSystemRefuses(t *testing.T) {
	print := func() error {
		return System{}.Print(t.Context(), []string{"a.pdf"}, printing.Job{Printer: "Depot", Copies: 1})
	}
	list := func() error { _, err := System{}.Printers(t.Context()); return err }
	for name, c := range map[string]struct {
		scripts map[string]string
		do      func() error
		want    printing.Error
	}{
		"no lp":           {nil, print, printing.Error{Problem: printing.NoProgram, Name: "lp"}},
		"no lpstat":       {nil, list, printing.Error{Problem: printing.NoProgram, Name: "lpstat"}},
		"refused":         {map[string]string{"lp": `echo "lp: The printer or class does not exist." >&2; exit 1`}, print, printing.Error{Problem: printing.Refused, Name: "lp", Detail: "The printer or class does not exist."}},
		"failed silently": {map[string]string{"lp": `exit 3`}, print, printing.Error{Problem: printing.Refused, Name: "lp", Detail: "exit status 3"}},
		"no scheduler":    {map[string]string{"lpstat": `echo "lpstat: Scheduler is not running." >&2; exit 1`}, list, printing.Error{Problem: printing.Refused, Name: "lpstat", Detail: "Scheduler is not running."}},
		"none set up":     {map[string]string{"lpstat": `echo "lpstat: No destinations added." >&2; exit 1`}, list, printing.Error{Problem: printing.NoPrinter}},
	} {
		commands(t, c.scripts)
		var got *printing.Error
		if err := c.do(); !errors.As(err, &got) || !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s: %v, want %v", name, err, &c.want)
		}
	}
}

func TestPrintingIsCancelled(t *testing.T) {
	commands(t, map[string]string{"lp": `exit 0`})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (System{}).Print(ctx, []string{"a.pdf"}, printing.Job{Printer: "Depot"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
