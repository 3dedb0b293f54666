package host

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestTurnRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x turn
		if !x.rested(time.Second) {
			t.Error("nobody had it yet")
		}
		x.Lock()
		time.Sleep(time.Minute)
		if x.rested(time.Second) {
			t.Error("somebody has it")
		}
		x.Unlock()
		time.Sleep(time.Second - time.Nanosecond)
		if x.rested(time.Second) {
			t.Error("somebody had it less than a second ago")
		}
		time.Sleep(time.Nanosecond)
		if !x.rested(time.Second) {
			t.Error("a second is over")
		}
	})
}
