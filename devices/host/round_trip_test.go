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
	r.took(10 * time.Second) // a computer that slept
	want(0, usual, 8*usual)
	for range 40 {
		r.took(time.Second)
	}
	want(0, time.Second, 2*time.Second) // a box that is slow on a bad cable
}

// Where nothing is lost a slow box is only slow: it is waited for as long as its answers took.
func TestSlowRoundTrip(t *testing.T) {
	const usual = 400 * time.Millisecond
	var r roundTrip
	if got := r.atLeast(usual, 0); got != usual {
		t.Error("nothing learnt:", got)
	}
	for range 20 {
		r.took(450 * time.Millisecond)
	}
	if got := r.atLeast(usual, 0); got <= 450*time.Millisecond || got > 2*usual {
		t.Error("answers take 450 ms:", got)
	}
	r.took(time.Hour)
	if got := r.atLeast(usual, 0); got != 8*usual {
		t.Error("one took an hour:", got)
	}
	if got := (&roundTrip{}).atLeast(usual, 60); got != 8*usual {
		t.Error("nothing came so far:", got)
	}
}

// On a bad cable a quick box is asked again soon, and as often as ever; a slow one when its answer is due.
func TestSoonerAgain(t *testing.T) {
	const usual = 400 * time.Millisecond
	var r roundTrip
	if got := r.sooner(usual, 0); got != usual {
		t.Error("nothing learnt:", got)
	}
	for range 20 {
		r.took(2 * time.Millisecond)
	}
	for try, want := range []time.Duration{usual / 8, usual / 4, usual / 2, usual, usual} {
		if got := r.sooner(usual, try); got != want {
			t.Errorf("try %d: %s, want %s", try, got, want)
		}
	}
	for range 60 {
		r.took(time.Second)
	}
	if got := r.sooner(usual, 0); got < time.Second || got > 2*time.Second {
		t.Error("answers take a second:", got)
	}
}
