package host

import (
	"testing"

	"klokkast/devices/ocb"
)

// A LIST_PUT is no longer than what the box takes.
func TestListPartFitsTheBox(t *testing.T) {
	for longest, want := range map[uint16]int{4096: listPart, 256: listPart, 215: listPart, 214: listPart - 1, 100: 4, 61: 1, 0: 1} {
		if got := listPartOf(longest); got != want {
			t.Errorf("%d bytes: %d entries, want %d", longest, got, want)
		}
	}
	if longest := ocb.ListPutFrame + listPart*ocb.BadgeSize; longest > 256 {
		t.Errorf("a LIST_PUT has %d bytes", longest)
	}
}
