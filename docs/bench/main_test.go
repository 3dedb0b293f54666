package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const printed = `goos: linux
BenchmarkCommand/today/warm-2         	       1	3900000000 ns/op 4.100 s-processor	       371 MB-peak	        39.0 ×empty
BenchmarkBundleOf2000-2   1   0 ns/op  850 pages/s   2.91 x-bare   180 peak-MB  90 bare-peak-MB
PASS
BenchmarkPlain-2  1000000  1043 ns/op
Benchmarks are no results
`

// words splits a table into its cells.
func words(table string) (rows [][]string) {
	for line := range strings.Lines(table) {
		rows = append(rows, strings.Fields(line))
	}
	return rows
}

func TestATableShowsWorkFigureRatioAndWhatWasCommitted(t *testing.T) {
	t.Parallel()
	last := filepath.Join(t.TempDir(), "last.txt")
	before := "BenchmarkCommand/today/warm-2 1 78000000000 ns/op 4300 MB-peak 780 ×empty\nBenchmarkGone-2 1 5 ns/op\n"
	if err := os.WriteFile(last, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run([]string{"-last", last, "-update"}, strings.NewReader(printed), &out); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Command/today/warm 3.90 s 4.10 s 371 MB empty 39.0 78.0 s 4300 MB 780",
		"BundleOf2000 850 pages/s 180 MB bare 2.91",
		"Plain 1.04 µs",
	}
	rows := words(out.String())
	if len(rows) != 1+len(want) {
		t.Fatalf("%q", out.String())
	}
	for i, w := range want {
		if got := strings.Join(rows[i+1], " "); got != w {
			t.Errorf("row %d is %q, want %q", i, got, w)
		}
	}
	kept, err := os.ReadFile(last)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(kept); strings.Count(s, "today/warm") != 1 || !strings.Contains(s, "3900000000 ns/op 4.100 s-processor 371 MB-peak") || !strings.Contains(s, "BenchmarkGone-2 1 5 ns/op") ||
		!strings.Contains(s, "BenchmarkPlain") {
		t.Errorf("kept %q", s)
	}
}

func TestNoResultsAreNoTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(nil, strings.NewReader("FAIL\n"), &out); err == nil {
		t.Error("a run without results is a table")
	}
}
