package attendance

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"klokkast/app"
)

// Every rule that has a name has a row, and every row a name of its own, severities from mild to serious, and a file.
func TestEveryRuleHasARowAndAFile(t *testing.T) {
	seen := map[app.Rule]bool{}
	for _, r := range Rules() {
		if seen[r.Name] {
			t.Errorf("%s stands there twice", r.Name)
		}
		seen[r.Name] = true
		if len(r.Severities) == 0 || !slices.IsSorted(r.Severities) {
			t.Errorf("%s finds %v", r.Name, r.Severities)
		}
		if file := strings.ReplaceAll(string(r.Name), "-", "_") + ".go"; !r.AtRegister {
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s has no file: %v", r.Name, err)
			}
		}
	}
	for _, name := range namedRules(t) {
		if !seen[name] {
			t.Errorf("%s has no row", name)
		}
	}
}

// namedRules reads the names of the rules from the sources.
func namedRules(t *testing.T) (names []app.Rule) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	sources := []string{"../attendance.go"}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") {
			sources = append(sources, f.Name())
		}
	}
	for _, file := range sources {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)\bRule\s+= "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
			names = append(names, app.Rule(m[1]))
		}
	}
	if len(names) < 38 {
		t.Fatalf("found only %d rules", len(names))
	}
	return names
}

// Every step that can settle something has a text in all four languages.
func TestEveryStepHasItsText(t *testing.T) {
	for _, l := range app.Languages {
		texts := catalogue(t, "settling", l)
		for _, r := range Rules() {
			for _, s := range r.Steps {
				if text, _ := texts["step."+string(s)].(string); text == "" {
					t.Errorf("%s has no words for %s, which settles %s", l, s, r.Name)
				}
			}
		}
	}
}

// docRow is what the table of rules in docs/attendance.md says of one.
type docRow struct{ heading, severities string }

// docRows reads the rows of docs/attendance.md that begin with names of rules.
// Severities stand behind the names that they are of: `a`, `b` S, `c` W/S.
func docRows(t *testing.T) map[app.Rule]docRow {
	t.Helper()
	b, err := os.ReadFile("../../docs/attendance.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, heading := map[app.Rule]docRow{}, ""
	for _, line := range strings.Split(string(b), "\n") {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			heading = strings.ReplaceAll(strings.ToLower(title), " ", "-")
		}
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !regexp.MustCompile("^(`[a-z-]+`(, | [SWI/]+(, |$)))+$").MatchString(cell) {
			continue
		}
		severities := ""
		words := strings.Fields(strings.ReplaceAll(cell, ",", ""))
		for i := len(words) - 1; i >= 0; i-- {
			if name, ok := strings.CutPrefix(words[i], "`"); ok {
				rows[app.Rule(strings.TrimSuffix(name, "`"))] = docRow{heading, severities}
			} else {
				severities = words[i]
			}
		}
	}
	return rows
}

// The table of rules in the docs has each rule once, under the heading that its
// row names and with its severities, and no other.
func TestTheDocsHaveEveryRule(t *testing.T) {
	rows := docRows(t)
	for _, r := range Rules() {
		row, ok := rows[r.Name]
		if !ok {
			t.Errorf("docs/attendance.md does not tell of %s", r.Name)
			continue
		}
		var want, got []string
		for _, s := range r.Severities {
			want = append(want, strings.ToUpper(s.String()[:1]))
		}
		got = strings.Split(row.severities, "/")
		slices.Sort(want)
		slices.Sort(got)
		if row.heading != r.Docs || !slices.Equal(want, got) {
			t.Errorf("docs/attendance.md tells of %s as %s under %q, its row has %s under %q", r.Name, got, row.heading, want, r.Docs)
		}
		delete(rows, r.Name)
	}
	for name := range rows {
		t.Errorf("docs/attendance.md tells of %s, which is no rule", name)
	}
}
