package wording_test

import (
	"testing"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/ui/wording"
)

// What a screen shows of a threshold can be typed back as it stands there, in
// every language; also where it is none of the round defaults.
func TestLimitsAreReadAsWritten(t *testing.T) {
	for _, l := range app.Languages {
		say := catalogue(t).For(l)
		for _, d := range attendance.Defaults() {
			for _, v := range []int64{d.Value, d.Min, d.Max, d.Min + (d.Max-d.Min)/60_000/3*60_000} {
				text := wording.Limit(say, d.Unit, v)
				if got, err := d.Unit.Parse(text); err != nil || got != v {
					t.Errorf("%s: %s of %d is written %q and read as %d, %v", l, d.Name, v, text, got, err)
				}
			}
			if wording.Threshold(say, d.Name) == string(d.Name) {
				t.Errorf("%s: %s has no name", l, d.Name)
			}
		}
		for _, level := range []attendance.Level{attendance.LevelDefault, attendance.LevelCompany, attendance.LevelSite, attendance.LevelEngagement} {
			if !say.Has("word.level." + string(level)) {
				t.Errorf("%s: level %s has no text", l, level)
			}
		}
	}
}
