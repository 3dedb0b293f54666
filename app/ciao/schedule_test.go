package ciao_test

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

func TestWhenAScheduleIsDue(t *testing.T) {
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	local := func(text string) app.Instant {
		v, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return app.At(v)
	}
	twice := ciao.Schedule{At: []int{6 * 60, 22*60 + 30}}
	tests := []struct {
		name string
		s    ciao.Schedule
		last string
		want string
	}{
		{"later today", twice, "2026-11-23 06:00", "2026-11-23 22:30"},
		{"tomorrow", twice, "2026-11-23 22:30", "2026-11-24 06:00"},
		{"every half hour", ciao.Schedule{Every: 30 * time.Minute}, "2026-11-23 23:45", "2026-11-24 00:15"},
		{"whichever is sooner", ciao.Schedule{At: []int{12 * 60}, Every: 2 * time.Hour}, "2026-11-23 11:00", "2026-11-23 12:00"},
		{"a time that is skipped", ciao.Schedule{At: []int{2*60 + 30}}, "2026-03-28 12:00", "2026-03-29 03:30"},
		{"over the end of summer time", ciao.Schedule{At: []int{6 * 60}}, "2026-10-24 07:00", "2026-10-25 06:00"},
	}
	for _, c := range tests {
		if got := c.s.Next(local(c.last), zone); got != local(c.want) {
			t.Errorf("%s: %s, want %s", c.name, got.Time().In(zone), c.want)
		}
	}
	once := ciao.Schedule{At: []int{2*60 + 30}}
	first := once.Next(local("2026-10-24 12:00"), zone) // 02:30 comes twice that night
	if second := once.Next(first, zone); second.Sub(first) < 23*time.Hour {
		t.Errorf("due at %s and again at %s", first, second)
	}
	if at := (ciao.Schedule{}).Next(local("2026-10-24 12:00"), zone); at != 0 {
		t.Errorf("an empty one is due at %s", at)
	}
}
