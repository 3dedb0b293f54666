package main

import (
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
	for name, text := range map[string]string{"demo.json": `{"month":"2026-11"}`, "klokkast.db": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
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
		`BenchmarkCommand/today/empty-\d+ 1 \d+ ns/op [\d.]+ s-processor`,
		`BenchmarkCommand/today/warm-\d+ 1 \d+ ns/op [\d.]+ s-processor( \d+ MB-peak)? [\d.]+ ×empty`,
		`BenchmarkCommand/today-after-reading-\d+ 1 \d+ ns/op`,
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
	if err == nil || !strings.Contains(err.Error(), "what is that?") || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
}
