package timesheet

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/text"
	"klokkast/app/text/texttest"
	"klokkast/assets"
)

var _ app.Texts = (*text.Translator)(nil)

// textsOf words sheets in tests from the real catalogues.
func textsOf(t testing.TB, l app.Language) app.Texts {
	t.Helper()
	return texttest.Catalogue(t).For(l)
}

// Whatever a text that goes onto the paper holds, the fonts draw it: one arrow
// in a caption would keep a whole month from being printed.
func TestTextsCanBeDrawn(t *testing.T) {
	f := fonts(t)
	files, err := fs.Glob(assets.Translations(), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := fs.ReadFile(assets.Translations(), name)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatal(err)
		}
		for key, value := range texts {
			if !printed(key) {
				continue
			}
			forms, ok := value.(map[string]any)
			if !ok {
				forms = map[string]any{"other": value}
			}
			for _, s := range forms {
				if err := f.Draws(key, s.(string)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
}

// printed says that the texts of a key stand on paper: our own, reasons, and titles of anomalies.
func printed(key string) bool {
	return strings.HasPrefix(key, "timesheet.") || strings.HasPrefix(key, "paper.undrawn.") || strings.HasPrefix(key, "reason.") ||
		strings.HasPrefix(key, "absence.") || strings.HasPrefix(key, "approval.change.") || strings.HasPrefix(key, "approval.cause.") ||
		strings.HasPrefix(key, "anomaly.") && strings.HasSuffix(key, ".title")
}
