package attendance

import (
	"testing"

	"klokkast/app"
)

func TestBoxEvents(t *testing.T) {
	s := tellClock(t)
	s.event(app.RecordCaseOpened, s.at("10:00"), 1, 0)
	s.event(app.RecordPowerLost, s.at("11:00"), 1, 0)
	s.event(app.RecordCaseOpened, app.NewDate(2025, 1, 1).Start(brussels), 0, 0)
	s.in.Events[2].Key.Seq = 1 // before it was placed
	s.in.Events[0].Key.Seq, s.in.Events[1].Key.Seq = 2, 3
	s.seq = 3
	s.read("r1", s.at("18:00"), 0, true)
	s.in.Fills = []Fill{{Box: "boxA", At: s.at("18:00"), Used: 901, Capacity: 1000}, {Box: "boxB", At: s.at("18:00"), Used: 900, Capacity: 1000}}
	s.derive().expectRules("S box-event, I box-event, W box-event")
}
