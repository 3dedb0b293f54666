package identity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app/identity"
)

func TestCardReadings(t *testing.T) {
	for _, c := range []struct {
		text      string
		preferred identity.ReadingKind
		want      []string // how, hex
	}{
		{"0004660466", "", []string{"decimal 00471CF2", "decimal-reversed F21C4700", "hex 0004660466", "hex-reversed 6604660400"}},
		{"0004660466\r\n", identity.AsDecimalReversed, []string{"decimal-reversed F21C4700", "decimal 00471CF2", "hex 0004660466", "hex-reversed 6604660400"}},
		{"04a3f21b", "", []string{"hex 04A3F21B", "hex-reversed 1BF2A304"}},
		{"071,07410", "", []string{"facility 00471CF2", "facility-reversed F21C4700"}},
		{"04A3F21B", identity.AsDecimal, []string{"hex 04A3F21B", "hex-reversed 1BF2A304"}}, // what is preferred but cannot be
		{"hello", "", nil}, {"", "", nil}, {"1,2,3", "", nil}, {"12E+05", "", nil},
	} {
		var got []string
		for _, r := range identity.CardReadings(c.text, c.preferred) {
			got = append(got, string(r.How)+" "+r.Hex)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
	}
	first := identity.CardReadings("0004660466", "")[0]
	if first.Decimal != "0004660466" || first.Facility != "071,07410" {
		t.Errorf("%+v", first)
	}
}

func TestFromAzerty(t *testing.T) {
	for text, want := range map[string]string{
		"ààà'§§à'§§": "0004660466", "ààà'--à'--": "0004660466", "à'q\"fé&b": "04a3f21b", "à/&;à/'": "0/1,0/4",
	} {
		if got, ok := identity.FromAzerty(text); !ok || got != want {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"0004660466", "04a3f21b", "", "hello", "04-A3-F2"} {
		if got, ok := identity.FromAzerty(text); ok {
			t.Errorf("%q was taken for AZERTY: %q", text, got)
		}
	}
}
