package wording_test

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/ui/wording"
)

func TestWeekdays(t *testing.T) {
	for w, want := range map[app.Weekdays]string{
		app.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday): "ma–vr",
		app.WeekdaysOf(time.Monday, time.Wednesday):                                           "ma, wo",
		app.WeekdaysOf(time.Saturday, time.Sunday):                                            "za, zo",
		app.WeekdaysOf(time.Monday, time.Friday, time.Saturday, time.Sunday):                  "ma, vr–zo",
		app.AllWeek: "ma–zo", 0: "",
	} {
		if got := wording.Weekdays(catalogue(t).For(app.Dutch), w); got != want {
			t.Errorf("%s: %q, want %q", w, got, want)
		}
	}
}

func TestEveryAbsenceHasItsWord(t *testing.T) {
	for _, l := range app.Languages {
		for _, k := range app.AbsenceKinds {
			if !catalogue(t).For(l).Has("absence." + string(k)) {
				t.Errorf("%s: no word for %s", l, k)
			}
		}
	}
}
