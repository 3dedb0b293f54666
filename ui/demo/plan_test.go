package demo

import (
	"reflect"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

func month(t *testing.T, text string, seed uint64) *Month {
	t.Helper()
	m, err := app.ParseMonth(text)
	if err != nil {
		t.Fatal(err)
	}
	d, err := MakeMonth(m, seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheSameMonthAndSeedMakeTheSameDemo(t *testing.T) {
	a, b, other := month(t, "2026-10", 3), month(t, "2026-10", 3), month(t, "2026-10", 4)
	if !reflect.DeepEqual(a.Boxes, b.Boxes) || !reflect.DeepEqual(a.People, b.People) || !reflect.DeepEqual(a.Seeds, b.Seeds) {
		t.Error("two runs with one seed differ")
	}
	if reflect.DeepEqual(a.Boxes, other.Boxes) {
		t.Error("another seed makes the same boxes")
	}
}

func TestEveryNumberOfTheDemoIsValidByItsCheckDigits(t *testing.T) {
	d := month(t, "2026-10", 1)
	seen := map[string]bool{}
	for i, p := range d.People {
		if i == withoutSSIN {
			if p.ssin != "" {
				t.Error("the person without a number has one")
			}
			continue
		}
		if _, err := identity.ParseSSIN(p.ssin); err != nil {
			t.Errorf("person %d: %v", i, err)
		}
		if seen[p.ssin] || seen[p.badge] {
			t.Errorf("person %d shares a number or a badge with another", i)
		}
		seen[p.ssin], seen[p.badge] = true, true
	}
	for i := range places {
		if _, err := identity.ParseDeclaration(declarationNumber(i)); err != nil {
			t.Errorf("declaration %d: %v", i, err)
		}
	}
	for _, n := range []string{ownNumber, subNumber} {
		if _, err := identity.ParseEnterprise(n); err != nil {
			t.Error(err)
		}
	}
}

func TestEveryRuleOfTheStoryIsSeeded(t *testing.T) {
	d := month(t, "2026-10", 1)
	n := map[app.Rule]int{}
	for _, s := range d.Seeds {
		n[s.Rule]++
	}
	for _, r := range []app.Rule{app.MissingOut, app.MissingIn, app.DuplicateTap, app.UnknownBadge, app.Overlap, app.LongPresence,
		app.NoBreak, app.NoDeclaration, app.IdentityRule, app.SequenceGap, app.ClockDrift, app.ClockReset, app.NotShown, app.Late} {
		if n[r] == 0 {
			t.Errorf("%s is not seeded", r)
		}
	}
}

func TestNothingHappensAfterTheDemosOwnTime(t *testing.T) {
	for _, text := range []string{"2026-02", "2026-03", "2026-10", "2027-12"} {
		d := month(t, text, 1)
		if d.Halfway >= d.Now {
			t.Errorf("%s: read halfway at %s, after its end %s", text, d.Halfway, d.Now)
		}
		taps := 0
		for _, b := range d.Boxes {
			for i, tap := range b.Taps {
				taps++
				if tap.At >= d.Now {
					t.Errorf("%s: a tap at %s, after %s", text, tap.At, d.Now)
				}
				if i > 0 && tap.At < b.Taps[i-1].At {
					t.Errorf("%s: box %s is not in the order of time", text, b.Label)
				}
			}
		}
		if taps < 3000 {
			t.Errorf("%s: only %d taps in a month of 60 people", text, taps)
		}
	}
}

func TestNobodyTapsWhileAPageIsLost(t *testing.T) {
	d := month(t, "2026-10", 1)
	b := d.Boxes[losingBox]
	for _, tap := range b.Taps {
		if tap.Badge != "" && tap.At >= b.LoseFirst && tap.At <= b.LoseLast {
			t.Errorf("a tap at %s would be lost", tap.At)
		}
	}
}

// The night of 25 October 2026 has 25 hours, that of 29 March 23.
func TestNightBreaksLastHalfAnHourAlsoWhenTheClockChanges(t *testing.T) {
	for _, text := range []string{"2026-03", "2026-10"} {
		d := month(t, text, 1)
		start := map[string]app.Instant{}
		for _, tap := range d.Boxes[len(places)-1].Taps {
			switch tap.Key {
			case app.KeyBreakStart:
				start[tap.Badge] = tap.At
			case app.KeyBreakEnd:
				if l := tap.At.Sub(start[tap.Badge]); l < 26*time.Minute || l > 34*time.Minute {
					t.Errorf("%s: a break of %s at %s", text, l, tap.At)
				}
			}
		}
	}
}
