package ciao_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/ciao"
)

func took(site app.ID, when string, minutes ...float64) []app.Registration {
	at, err := time.Parse(time.RFC3339, when)
	if err != nil {
		panic(err)
	}
	var regs []app.Registration
	for _, m := range minutes {
		regs = append(regs, app.Registration{
			SiteID: site, Punch: app.RecordKey{LogKey: app.LogKey{Box: "box of " + string(site)}}, State: app.RegAccepted, At: app.At(at),
			Answered: app.At(at).Add(time.Duration(m * float64(time.Minute))),
		})
	}
	return regs
}

func TestDelays(t *testing.T) {
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	regs := took("a", "2026-11-22T22:30:00Z", 1, 2, 3, 4, 100)              // Sunday evening in Belgium
	regs = append(regs, took("b", "2026-11-22T23:30:00Z", 10, 10.1, -1)...) // Monday there
	waiting := took("b", "2026-11-22T23:30:00Z", 0)
	waiting[0].State = app.RegQueued
	decided := took("b", "2026-11-22T23:30:00Z", 600)
	decided[0].Answer = ciao.AnswerDecided + string(ciao.DecideRegistered)
	refusal := took("b", "2026-11-22T23:30:00Z", 600)
	refusal[0].State = app.RegRefused
	gone := took("a", "2026-11-22T22:30:00Z", 5)
	gone[0].State = app.RegCancelled
	regs = append(append(append(append(regs, waiting...), decided...), refusal...), gone...)

	bySite := ciao.Delays(regs, ciao.BySite, zone)
	if bySite.Waiting != 1 || bySite.All.Count != 9 || bySite.All.Late != 2 || bySite.All.Most != 100*time.Minute {
		t.Errorf("all %+v, %d waiting", bySite.All, bySite.Waiting)
	}
	if len(bySite.Rows) != 2 || bySite.Rows[0].Key != "b" {
		t.Fatalf("rows %+v: want the longest median first", bySite.Rows)
	}
	b, a := bySite.Rows[0], bySite.Rows[1]
	if b.Median != 10*time.Minute || b.P95 != 606*time.Second || b.Late != 1 || b.Bars != [8]int{1, 0, 1, 1} {
		t.Errorf("b %+v", b)
	}
	if a.Count != 6 || a.Median != 3*time.Minute || a.P95 != 100*time.Minute || a.LateShare() != 1.0/6 {
		t.Errorf("a %+v", a)
	}
	byWeek := ciao.Delays(regs, ciao.ByWeek, zone)
	if len(byWeek.Rows) != 2 || byWeek.Rows[0].Key != "2026-W47" || byWeek.Rows[1].Key != "2026-W48" || byWeek.Rows[0].Count != 6 {
		t.Errorf("weeks %+v", byWeek.Rows)
	}
	if byBox := ciao.Delays(regs, ciao.ByBox, zone); len(byBox.Rows) != 2 || byBox.Rows[1].Key != "box of a" {
		t.Errorf("boxes %+v", byBox.Rows)
	}
	if none := ciao.Delays(nil, ciao.BySite, zone); none.All.Count != 0 || none.All.LateShare() != 0 || len(none.Rows) != 0 {
		t.Errorf("of nothing: %+v", none)
	}
}

// TestDelaysAddUp: whatever the delays, rows and bars hold each once, and the ranks are in order.
func TestDelaysAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := rapid.SliceOfN(rapid.Float64Range(0, 3000), 1, 60).Draw(t, "minutes")
		var regs []app.Registration
		for i, m := range minutes {
			regs = append(regs, took(app.ID(rune('a'+i%3)), "2026-11-23T08:00:00Z", m)...)
		}
		r := ciao.Delays(regs, ciao.BySite, time.UTC)
		rows, bars, late := 0, 0, 0
		for _, row := range r.Rows {
			rows += row.Count
			late += row.Late
			if row.Median > row.P95 || row.P95 > row.Most {
				t.Fatalf("row %+v", row)
			}
		}
		for _, n := range r.All.Bars {
			bars += n
		}
		if rows != len(minutes) || bars != len(minutes) || late != r.All.Late {
			t.Fatalf("%d in rows, %d in bars, %d late of %d and %d", rows, bars, late, len(minutes), r.All.Late)
		}
	})
}
