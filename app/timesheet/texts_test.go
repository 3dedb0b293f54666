package timesheet

import (
	"testing"

	"klokkast/app"
	"klokkast/app/text"
	"klokkast/assets"
)

var _ Texts = (*text.Translator)(nil)

// textsOf words sheets in tests from the real catalogues.
func textsOf(t testing.TB, l app.Language) Texts {
	t.Helper()
	c, err := text.Load(assets.Translations())
	if err != nil {
		t.Fatal(err)
	}
	return c.For(l)
}
