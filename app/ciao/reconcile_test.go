package ciao_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
)

func TestBoxesAgainstTheStore(t *testing.T) {
	zone := fine(t).Zone
	day := app.NewDate(2026, 11, 22)
	end := day.End(zone)
	in := ciao.CompareInput{Zone: zone, Days: app.Days{From: day, To: day}, Now: at(10, 0), Boxes: []ciao.BoxState{
		{Log: app.LogKey{Box: "fine"}, ReadTo: end},
		{Log: app.LogKey{Box: "early"}, ReadTo: end.Add(-time.Minute)},
		{Log: app.LogKey{Box: "hole"}, ReadTo: end, Gaps: []app.Gap{{First: 5, Last: 9}}},
		{Log: app.LogKey{Box: "untold"}, ReadTo: end, Unacked: 12},
	}}
	type line struct {
		Kind ciao.DifferenceKind
		Step ciao.DifferenceStep
		Box  string
		N    uint64
	}
	got := map[line]bool{}
	for _, d := range ciao.Compare(in) {
		got[line{d.Kind, d.Step, d.Box, d.Last + d.Count}] = true
	}
	want := map[line]bool{
		{ciao.DiffUnread, ciao.StepReadBox, "early", 0}:   true,
		{ciao.DiffGap, ciao.StepReadBox, "hole", 9}:       true,
		{ciao.DiffUnacked, ciao.StepAckBox, "untold", 12}: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	in.Days.To = day + 1 // today is not over: read to now is enough
	in.Boxes = []ciao.BoxState{{Log: app.LogKey{Box: "now"}, ReadTo: at(10, 0)}}
	if got := ciao.Compare(in); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// Of whoever was not asked, nothing is claimed.
func TestNothingIsClaimedOfWhoWasNotAsked(t *testing.T) {
	in := sent(t, func(*app.Registration) {})
	c := ciao.CompareInput{
		Zone:       in.Zone,
		Days:       app.Days{From: app.NewDate(2026, 11, 23), To: app.NewDate(2026, 11, 23)},
		Now:        in.Now,
		Candidates: ciao.Plan(in),
		Persons:    []ciao.AskedPerson{{WorkerID: "w", Problem: "noAnswer"}},
	}
	if got := ciao.Compare(c); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	c.Persons[0] = ciao.AskedPerson{WorkerID: "w", Asked: true} // and the register holds nothing
	got := ciao.Compare(c)
	if len(got) != 1 || got[0].Kind != ciao.DiffMissing || got[0].Step != ciao.StepDossier || got[0].RegisterID != 77 {
		t.Errorf("%+v", got)
	}
}
