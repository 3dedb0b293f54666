package attendance

import "testing"

// The days of November 2026 are ordinary ones; 2026-11-23 is a Monday.
func TestPairing(t *testing.T) {
	for _, c := range []struct{ name, story, days, rules string }{
		{"a day with a break", "in 06:58 · break 09:00 · back 09:16 · out 15:02", "2026-11-23 7:48 A 06:58–15:02 (09:00–09:16)", ""},
		{"without keys", "tap 07:00 · tap 12:00", "2026-11-23 5:00 A 07:00–12:00", ""},
		{"P1: in or out is per site", "@A tap 07:00 · @B tap 10:30 · tap 12:00 · @A tap 12:30",
			"2026-11-23 1:30 A 07:00–! B 10:30–12:00 A 12:30–! *", "S missing-out, S missing-out"},
		{"P1: who left elsewhere since comes anew, whenever that visit began", "@A tap 07:00 · @B tap 10:00 · @A tap 10:30 · @B tap 12:00",
			"2026-11-23 3:30 A 07:00–10:30 B 10:00–! B 12:00–! *", "S missing-out, S missing-out"},
		{"P1: leaving elsewhere without an IN is leaving, too", "@A tap 07:00 · @B out 10:30 · @A tap 12:30 · tap 15:30",
			"2026-11-23 3:00 A 07:00–! B !–10:30 A 12:30–15:30 *", "S missing-out, S missing-in"},
		{"P1: being elsewhere is not leaving", "@A tap 07:00 · @B in 10:00 · @A tap 12:00 · @B out 13:00",
			"2026-11-23 6:00 A 07:00–12:00 B 10:00–13:00", "S overlap"},
		{"P2: eleven hours later it is a new IN", "tap 07:00 · tap 18:00 · tap 22:00", "2026-11-23 4:00 A 07:00–! A 18:00–22:00 *", "S missing-out, I night-work"},
		{"P2: a moment earlier it is the OUT", "tap 07:00 · tap 17:59:59", "2026-11-23 10:59:59 A 07:00–17:59:59", "W day-limit, W no-break"},
		{"P2: a key closes up to 24 hours", "in 07:00 · out 07:00+1", "2026-11-23 24:00 A 07:00–07:00", "W day-limit, S long-presence, I night-work, W no-break"},
		{"P2: later it belongs to nothing", "in 07:00 · out 07:00:01+1",
			"2026-11-23 0:00 A 07:00–! *\n2026-11-24 0:00 A !–07:00:01 *", "S missing-out, S missing-in"},
		{"P3: the same direction within 15 minutes is a repetition", "in 07:00 · in 07:15 · out 12:00 · out 12:15",
			"2026-11-23 5:00 A 07:00–12:00", "W key-contradiction, W key-contradiction"},
		{"P3: later it is a forgotten counterpart", "in 07:00 · in 07:15:01 · out 12:00",
			"2026-11-23 4:44:59 A 07:00–! A 07:15:01–12:00 *", "S missing-out"},
		{"P3: OUT while out", "in 07:00 · out 12:00 · out 13:00", "2026-11-23 5:00 A 07:00–12:00 A !–13:00 *", "S missing-in"},
		{"P3: a break start soon after an OUT is a repetition, and the break end after it an IN", "in 07:00 · out 10:00 · break 10:15 · back 10:30 · out 12:00",
			"2026-11-23 4:30 A 07:00–10:00 A 10:30–12:00", "W key-contradiction"},
		{"P3: it repeats the tap before it, itself a repetition", "in 07:00 · out 10:00 · out 10:10 · break 10:25 · back 11:30 · out 12:00",
			"2026-11-23 3:30 A 07:00–10:00 A 11:30–12:00", "W key-contradiction, W key-contradiction"},
		{"P3: later a break start opens a presence without IN", "in 07:00 · out 10:00 · break 10:15:01 · back 10:30 · out 12:00",
			"2026-11-23 4:30 A 07:00–10:00 A !–12:00 (10:15:01–10:30) *", "S missing-in"},
		{"P3: after a repeated break start the two hours are of the OUT", "in 07:00 · out 10:00 · break 10:10 · back 12:00:01 · out 13:00",
			"2026-11-23 3:59:59 A 07:00–10:00 A !–13:00 (?–12:00:01) *", "W key-contradiction, S missing-in"},
		{"P3: IN instead of OUT, put right at once", "in 07:00 · in 12:00 · out 12:00:10", "2026-11-23 5:00:10 A 07:00–12:00:10", "W key-contradiction"},
		{"P3: OUT instead of IN, put right at once", "out 07:00 · in 07:00:10 · out 12:00", "2026-11-23 4:59:50 A 07:00:10–12:00", "W key-contradiction"},
		{"P3: OUT instead of break end, put right at once", "in 07:00 · break 09:00 · out 09:15 · back 09:15:20 · out 12:00",
			"2026-11-23 4:44:40 A 07:00–12:00 (09:00–09:15:20)", "W key-contradiction"},
		{"P3: two keys that go together both count", "in 07:00 · out 07:01 · in 07:02 · out 12:00", "2026-11-23 4:59 A 07:00–07:01 A 07:02–12:00", ""},
		{"P3: a break end that is wrong either way does not cost the IN", "in 07:00 · back 07:00:30 · out 12:00", "2026-11-23 5:00 A 07:00–12:00", "W key-contradiction"},
		{"B1: IN ends a break", "in 07:00 · break 09:00 · in 09:15 · out 12:00", "2026-11-23 4:45 A 07:00–12:00 (09:00–09:15)", ""},
		{"B1: a tap without key ends a break", "in 07:00 · break 09:00 · tap 09:15 · tap 12:00", "2026-11-23 4:45 A 07:00–12:00 (09:00–09:15)", ""},
		{"B1: OUT ends break and presence", "in 07:00 · break 09:00 · out 12:00", "2026-11-23 2:00 A 07:00–12:00 (09:00–12:00)", "W short-presence, W key-contradiction"},
		{"B1: break end after OUT is an IN", "in 07:00 · out 12:00 · back 14:00 · out 15:00", "2026-11-23 6:00 A 07:00–12:00 A 14:00–15:00", ""},
		{"B1: too long after OUT it has no IN", "in 07:00 · out 12:00 · back 14:00:01 · out 15:00",
			"2026-11-23 5:59:59 A 07:00–12:00 A !–15:00 (?–14:00:01) *", "S missing-in"},
		{"B1: break end at work", "in 07:00 · back 09:00 · out 12:00", "2026-11-23 5:00 A 07:00–12:00", "W key-contradiction"},
		{"B1: break start on break", "in 07:00 · break 09:00 · break 09:10 · back 09:20 · out 12:00", "2026-11-23 4:40 A 07:00–12:00 (09:00–09:20)", "W key-contradiction"},
		{"B1: a break with nothing open, once", "break 09:00 · back 09:20 · break 10:00 · back 10:10 · out 12:00",
			"2026-11-23 2:30 A !–12:00 (09:00–09:20) (10:00–10:10) *", "S missing-in"},
		{"B1: eleven hours after the break start an IN is a new one", "in 07:00 · break 09:00 · in 20:00 · out 23:30",
			"2026-11-23 5:30 A 07:00–! (09:00–?) A 20:00–23:30 *", "S missing-out, I night-work"},
		{"B1: a moment earlier it ends the break", "in 07:00 · break 09:00 · in 19:59:59 · out 20:00",
			"2026-11-23 2:00:01 A 07:00–20:00 (09:00–19:59:59)", "W long-presence, W short-presence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := tell(t, "2026-11-23").punch("An", c.story).derive()
			r.expectDays("An", c.days)
			if got := r.rules(); got != c.rules {
				t.Errorf("found %q, want %q", got, c.rules)
			}
		})
	}
}
