package attendance

import (
	"testing"

	"klokkast/app"
)

func TestPhonesUnchecked(t *testing.T) {
	s := tell(t, "2026-11-23").allowPhones("A", "00:00").punch("An", "in 07:00 · out 12:00")
	s.derive().none(PhonesUnchecked)
	s.in.Now++
	r := s.derive()
	if a := r.find(PhonesUnchecked); a.SiteID != "A" || a.At != s.at("00:00") || a.Box != "" || a.Anchor != "" {
		t.Errorf("found %+v", a)
	}
	r.none(app.BoxUnread)
	s.in.Sites[0].Ended = s.at("12:00")
	s.derive().none(PhonesUnchecked)
}

// Where nobody ever looked, the first tap tells since when it is needed, or the declaration by which people can register.
func TestPhonesNeverChecked(t *testing.T) {
	s := tell(t, "2026-11-23").allowPhones("A", "").allowPhones("B", "").allowPhones("C", "").punch("An", "in 07:00 · out 12:00")
	s.in.Declarations = []app.Declaration{{ID: "d", Number: "1Y1003SQ5VSSZ", Days: app.Days{From: s.day.AddDays(-3)}}}
	s.in.DeclarationSites = []app.DeclarationSite{{ID: "l", DeclarationID: "d", SiteID: "B"}}
	s.in.Now = s.at("08:00+7")
	found := map[app.ID]app.Instant{}
	for _, a := range s.derive().Anomalies {
		if a.Rule == PhonesUnchecked {
			found[a.SiteID] = a.At
			if app.FactReason.Get(&a) != neverAsked {
				t.Errorf("%+v", a)
			}
		}
	}
	if len(found) != 2 || found["A"] != s.at("07:00") || found["B"] != s.day.AddDays(-3).Start(brussels) {
		t.Errorf("found %v", found)
	}
}
