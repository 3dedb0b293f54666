package attendance

import (
	"testing"

	"klokkast/app"
)

func TestAGapElsewhereInTimeChangesNothing(t *testing.T) {
	s := tell(t, "2026-11-23").punch("Bo", "in 01:00 · out 04:00").punch("An", "in 07:00 · out 12:00").punch("An", "out 15:00")
	s.inRecordOrder()
	for i := range s.in.Punches {
		if s.in.Punches[i].Key.Seq >= 2 {
			s.in.Punches[i].Key.Seq += 5
		}
	}
	s.in.Gaps = []app.Gap{{Log: app.LogKey{Box: "boxA", Log: "log"}, First: 2, Last: 6, Known: s.in.Now, ReadElsewhere: true}}
	r := s.derive()
	if a := r.find(app.SequenceGap); a.Severity != app.Information {
		t.Errorf("read elsewhere is %s", a.Severity)
	}
	r.find(app.MissingIn)
}
