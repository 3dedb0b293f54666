package app

import (
	"errors"
	"testing"
)

func TestAZoneIsWhatItsNameSaysOrThatOfBelgium(t *testing.T) {
	for z, want := range map[Zone]string{
		"": "Europe/Brussels", "Europe/Brussels": "Europe/Brussels", "America/St_Johns": "America/St_Johns", "UTC": "UTC",
		"Europe/Brussel": "Europe/Brussels", "Local": "Europe/Brussels",
	} {
		if got := z.Location().String(); got != want {
			t.Errorf("the zone %q is %s, want %s", z, got, want)
		}
	}
}

func TestAZoneThatNobodyKnowsIsRefusedWithAnExample(t *testing.T) {
	for _, z := range []Zone{"Europe/Brussel", "Local", "../etc/passwd"} {
		_, err := z.Load()
		var field *FieldError
		if !errors.As(err, &field) || field.Code != "zone.unknown" || field.Example != "Europe/Brussels" {
			t.Errorf("the zone %q: %v", z, err)
		}
	}
	for _, z := range []Zone{"", "Europe/Brussels", "UTC"} {
		if _, err := z.Load(); err != nil {
			t.Errorf("the zone %q: %v", z, err)
		}
	}
}

func TestZonesReadEachZoneOnce(t *testing.T) {
	known := Zones{}
	first := known.Location("Europe/London")
	if first.String() != "Europe/London" || known.Location("Europe/London") != first || len(known) != 1 {
		t.Errorf("%v, then %v of %d", first, known.Location("Europe/London"), len(known))
	}
	if nobody := known.Location("Nowhere"); nobody.String() != string(DefaultZone) {
		t.Errorf("a zone that nobody knows is %v", nobody)
	}
}
