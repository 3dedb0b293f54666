package data

import (
	"testing"

	"klokkast/app"
	"klokkast/app/office"
)

func TestPaperKeepsItsVersionWhileItsDataDo(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	print := func(engagement app.ID, hash string) office.Paper {
		p, err := s.NotePaper(t.Context(), office.Paper{ID: newID(t), Kind: "timesheet", EngagementID: engagement, Language: app.Dutch, Hash: hash,
			Days: app.MonthOf(app.NewDate(2026, 10, 1)).Days(), At: 1, Version: 99})
		must(t, err)
		return p
	}
	for _, engagement := range []app.ID{v.engagement.ID, ""} { // of one person, of the company
		one := print(engagement, "aa")
		same(t, print(engagement, "aa"), one)
		two := print(engagement, "bb")
		three := print(engagement, "aa") // as before once more is a new state of the data
		if one.Version != 1 || two.Version != 2 || three.Version != 3 {
			t.Errorf("versions %d, %d, %d", one.Version, two.Version, three.Version)
		}
	}
	if papers := get(t, s.Papers); len(papers) != 6 {
		t.Errorf("%d papers", len(papers))
	}
}
