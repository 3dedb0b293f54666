package period

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/text/texttest"
)

type places struct{}

func (places) Site(id app.ID) string      { return "Site " + string(id) }
func (places) Zone(app.ID) *time.Location { return brussels }

// Every cause, change and error has a text in all languages, and English reads like this.
func TestAnAdditionInWords(t *testing.T) {
	texts := texttest.Catalogue(t)
	for _, l := range app.Languages {
		words := texts.For(l)
		for _, c := range []CauseCode{ReadLater, Attributed, LeftOut, Stated, Unstated, Recounted} {
			if !words.Has("approval.cause." + string(c)) {
				t.Errorf("%s: no text for cause %s", l, c)
			}
		}
		key, args := (&NewerError{2}).TextKey()
		if !words.Has(key) || words.T(key, args) == "" {
			t.Errorf("%s: no text for %s", l, key)
		}
	}
	night := tapped("B", "17:00:00", "23:30:00", 3)
	unknown := tapped("A", "06:00:00", "14:00:00", 1)
	moved := tapped("B", "06:00:00", "14:00:00", 1)
	unknown.Out = nil
	a := Addition{Day: day, Changes: changesOf([]Presence{unknown}, []Presence{moved, night}), Causes: []Cause{{Code: ReadLater}, {Code: Stated}}}
	english := texts.For(app.English)
	if got, want := a.What(english, places{}), "Site A 07:00–? is now Site B 07:00–15:00; added: Site B 18:00–00:30+1"; got != want {
		t.Errorf("what: %s\nwant: %s", got, want)
	}
	if got, want := a.Why(english), "read later, adjustment"; got != want {
		t.Errorf("why: %s, want %s", got, want)
	}
}
