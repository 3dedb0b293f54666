package attendance

import (
	"os"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/apptest"
)

// Every rule, threshold, severity and reason has its texts in all four languages.
func TestTextsAreThere(t *testing.T) {
	var keys []string
	for _, r := range Rules() {
		keys = append(keys, r.TextKeys()...)
	}
	for _, r := range app.ReasonCodes {
		keys = append(keys, "reason."+r)
	}
	for _, s := range []app.Severity{app.Information, app.Warning, app.Serious} {
		keys = append(keys, "severity."+s.String())
	}
	for _, l := range app.Languages {
		texts := catalogue(t, "anomaly", l)
		for _, k := range keys {
			if s, _ := texts[k].(string); strings.TrimSpace(s) == "" {
				t.Errorf("%s has no %s", l, k)
			}
			delete(texts, k)
		}
		for k := range texts {
			t.Errorf("%s has %s, which nothing asks for", l, k)
		}
	}
}

// catalogue reads one of the catalogues.
func catalogue(t *testing.T, name string, l app.Language) (texts map[string]any) {
	t.Helper()
	texts, err := apptest.Area(os.DirFS("../../assets/translations"), name, l)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
