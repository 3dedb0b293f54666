package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// standIn has this test's own program stand in for the one that is measured.
const standIn = "COMMANDS_STAND_IN"

func TestMain(m *testing.M) {
	if os.Getenv(standIn) == "" {
		os.Exit(m.Run())
	}
	if strings.Join(os.Args[1:], " ") != "--db klokkast.db today" {
		fmt.Fprintln(os.Stderr, "what is that?")
		os.Exit(1)
	}
}

func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "demo.json"), []byte(`{"month":"2026-11"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "klokkast.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TABLE punch (log, seq, at, shown, pressed); INSERT INTO punch VALUES (1, 1, 1, 1, 1), (1, 2, 2, 1, 2), (1, 3, 3, 1, 1)`); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestACommandIsMeasuredAgainstAnEmptyDatabase(t *testing.T) {
	t.Setenv(standIn, "yes")
	var out strings.Builder
	if err := run(t.Context(), []string{"-program", os.Args[0], "-dir", folder(t), "-empty", folder(t), "-only", "today"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`BenchmarkCompany3/bare-scan-\d+ 1 \d+ ns/op`,
		`BenchmarkCompany3/today/empty-\d+ 1 \d+ ns/op [\d.]+ s-processor`,
		`BenchmarkCompany3/today/warm-\d+ 1 \d+ ns/op [\d.]+ s-processor( \d+ MB-peak)? [\d.]+ ×empty`,
		`BenchmarkCompany3/today-after-reading-\d+ 1 \d+ ns/op`,
	} {
		if !regexp.MustCompile("(?m)^" + line).MatchString(out.String()) {
			t.Errorf("no line %s in\n%s", line, out.String())
		}
	}
}

func TestACommandThatFailsIsNotMeasured(t *testing.T) {
	t.Setenv(standIn, "yes")
	var out strings.Builder
	err := run(t.Context(), []string{"-program", os.Args[0], "-dir", folder(t), "-only", "verify"}, &out)
	if err == nil || !strings.Contains(err.Error(), "what is that?") || strings.Contains(out.String(), "verify") {
		t.Errorf("%v, %q", err, out.String())
	}
}
