package docs

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the generated parts of the documents anew")

// TestRoomsAreDescribed holds the table of rooms against the packages.
func TestRoomsAreDescribed(t *testing.T) {
	generated(t, "architecture.md", "rooms", roomsTable(packages(t)))
}

// generated holds the part of a document between two marks against what it is
// made from.
func generated(t *testing.T, document, part, want string) {
	t.Helper()
	b, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+part+" -->\n", "<!-- end of "+part+" -->"
	before, rest, ok := strings.Cut(string(b), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for %s", document, part)
	}
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("the %s in docs/%s are not those of the code: go test ./docs -update writes them anew", part, document)
	}
	if err := os.WriteFile(document, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// roomsTable has a line for each package: what it is for, and what it may import.
func roomsTable(list []listed) string {
	says := map[string]string{}
	for _, p := range list {
		if p.Doc != "" {
			says[within(p.ImportPath)] = p.Doc
		}
	}
	var names []string
	for name := range says {
		names = append(names, name)
	}
	slices.Sort(names)
	var out strings.Builder
	out.WriteString("| room | what it is | imports of ours |\n|---|---|---|\n")
	for _, name := range names {
		r := roomOf(name)
		may := strings.Join(r.may, ", ")
		if may == "" {
			may = "nothing"
		}
		what := says[name]
		if words := strings.SplitN(what, " ", 3); words[0] == "Package" || words[0] == "Command" {
			what = words[2]
		}
		if name == "" {
			name = "the top"
		}
		out.WriteString("| `" + name + "` | " + what + " | " + may + " |\n")
	}
	return out.String()
}
