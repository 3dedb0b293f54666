package app_test

import (
	"reflect"
	"testing"
	"time"

	"klokkast/app"
)

// What is stated is read again as it was, and stands in JSON as text.
func TestFacts(t *testing.T) {
	day, at := app.NewDate(2026, 11, 23), app.At(time.Date(2026, 11, 23, 5, 58, 12, 345e6, time.UTC))
	a := app.Anomaly{Facts: app.FactsOf(app.FactOtherSite.Is("s"), app.FactFirst.Is(1<<63), app.FactGrace.Is(90*time.Second), app.FactFits.Is(false),
		app.FactUntil.Is(day), app.FactAlike.Is([]app.ID{"a", "b"}), app.FactAcknowledgedAt.Is(at), app.FactDaysLeft.Is(-3))}
	want := app.Facts{"otherSite": "s", "first": "9223372036854775808", "grace": "90000", "fits": "false", "until": "2026-11-23", "alike": "a b",
		"acknowledgedAt": "2026-11-23T05:58:12.345Z", "daysLeft": "-3"}
	if !reflect.DeepEqual(a.Facts, want) {
		t.Errorf("written %v", a.Facts)
	}
	if app.FactOtherSite.Get(&a) != "s" || app.FactFirst.Get(&a) != 1<<63 || app.FactGrace.Get(&a) != 90*time.Second || app.FactUntil.Get(&a) != day ||
		len(app.FactAlike.Get(&a)) != 2 || app.FactAcknowledgedAt.Get(&a) != at || app.FactDaysLeft.Get(&a) != -3 {
		t.Errorf("read otherwise than written: %+v", a)
	}
	if fits, ok := app.FactFits.Of(&a); fits || !ok {
		t.Errorf("fits %t, stated %t", fits, ok)
	}
	if _, ok := app.FactShift.Of(&a); ok {
		t.Error("a shift is stated")
	}
	if more := a.Facts.With(app.FactBy.Is("x")); len(more) != len(a.Facts)+1 || app.FactBy.Get(&a) != "" {
		t.Error("With wrote into what it was made from")
	}
	if app.FactsOf() != nil {
		t.Error("no facts are no nil")
	}
}
