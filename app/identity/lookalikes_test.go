package identity_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app/identity"
)

// LookAlikes finds what Alike says of each, among cards that are often one in several notations.
func TestLookAlikesAreThoseThatAreAlike(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		card := rapid.StringMatching(`(00){0,2}([0-9A-F]{2}){2,7}`)
		var known []string
		for range rapid.IntRange(0, 12).Draw(rt, "cards") {
			v := card.Draw(rt, "card")
			if len(known) > 0 && rapid.Bool().Draw(rt, "another notation") {
				list := identity.Notations(rapid.SampledFrom(known).Draw(rt, "of"))
				if len(list) > 0 {
					n := rapid.SampledFrom(list).Draw(rt, "notation")
					v = rapid.SampledFrom([]string{n.Hex, n.Decimal, "00" + n.Hex}).Draw(rt, "written")
				}
			}
			known = append(known, v)
		}
		seen := card.Draw(rt, "seen")
		if len(known) > 0 && rapid.Bool().Draw(rt, "known") {
			seen = rapid.SampledFrom(known).Draw(rt, "as seen")
		}
		var want []int
		for i, k := range known {
			if _, ok := identity.Alike(seen, k); ok {
				want = append(want, i)
			}
		}
		if got := identity.NewLookAlikes(known).Of(seen); !slices.Equal(got, want) {
			rt.Fatalf("like %q among %q: %v, want %v", seen, known, got, want)
		}
	})
}
