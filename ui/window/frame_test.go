package window

import (
	"testing"

	"klokkast/app"
)

// The longest name of a screen does not run into its shortcut, in any language.
func TestNamesInTheSidebarKeepAwayFromTheirShortcuts(t *testing.T) {
	for _, l := range app.Languages {
		w, _ := open(t, l)
		for i, s := range w.pages {
			w.show(i) // the name is bold now
			end := s.entry.label.Position().X + s.entry.label.MinSize().Width
			if begin := s.entry.hint.Position().X; end > begin {
				t.Errorf("%s: %s ends at %.0f, its shortcut begins at %.0f", l, s.entry.label.Text, end, begin)
			}
		}
	}
}
