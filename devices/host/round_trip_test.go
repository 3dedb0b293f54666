package host

import (
	"testing"
	"time"
)

func TestRoundTrip(t *testing.T) {
	const usual = 400 * time.Millisecond
	var r roundTrip
	want := func(missed int, least, most time.Duration) {
		t.Helper()
		if got := r.patience(usual, missed); got < least || got > most {
			t.Errorf("after %d missed: %s, want %s to %s", missed, got, least, most)
		}
	}
	want(0, usual, usual) // nothing learnt: the protocol's own time
	want(3, 8*usual, 8*usual)
	want(60, 8*usual, 8*usual)
	for range 20 {
		r.took(2 * time.Millisecond)
	}
	want(0, usual/8, usual/8)
	want(1, usual/4, usual/4)
	want(6, 8*usual, 8*usual) // a box that got slow is waited for all the same
	for range 40 {
		r.took(150 * time.Millisecond)
	}
	want(0, 150*time.Millisecond, usual)
	r.took(10 * time.Second)
	want(0, usual, usual)
}
