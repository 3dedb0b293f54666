package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What a finding states is read and written by its type, app.Fact: a name in quotes
// may be misspelt, and nothing says of which type it is. Tests may name them: they
// show what stands in JSON.
func TestFactsAreReadByTheirTypes(t *testing.T) {
	byName := regexp.MustCompile(`\.Facts\["|Facts: +(app\.Facts|map\[string\]string)\{"`)
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen += strings.Count(string(source), "app.Fact")
		if found := byName.FindString(string(source)); found != "" {
			t.Errorf("%s reads or writes a fact by its name (%s): declare it in app/facts.go", path, found)
		}
		return nil
	})
	if err != nil || seen < 30 {
		t.Errorf("%v; only %d facts were seen", err, seen)
	}
}
