package cli

import (
	"testing"

	"klokkast/app"
	"klokkast/ui/officetest"
)

// What Anna registered by phone stands among her taps and on her day, marked, and at no box.
func TestWhatIsRegisteredByPhoneIsMarked(t *testing.T) {
	c := officetest.New(t)
	c.AllowPhones()
	c.Read(officetest.In("2026-11-23 06:00"), officetest.Tap{Card: officetest.AnnaCard, At: "2026-11-23 10:05", Key: app.KeyNone})
	key := c.Phoned(4711, "2026-11-23 10:00", app.RegisterOut)
	want(t, asked(t, c, "punch list"), map[string]any{
		"punches.0.role": "out", "punches.0.oneActWith": key.String(), "punches.0.byPhone": nil,
		"punches.1.role": "same-act", "punches.1.byPhone": true, "punches.1.key": key.String(), "punches.1.worker": "Peeters Anna", "punches.1.site": "Stadhuis Leuven",
	})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "punch", "list").out, "Same act", "by phone or otherwise", key.String())
	want(t, asked(t, c, "presences"), map[string]any{"presences.0.outByPhone": nil, "workdays.0.workedMs": (4*60 + 5) * 60_000})

	c.Now = c.At("2026-11-23 12:05")
	c.Phoned(4712, "2026-11-23 10:30", app.RegisterIn)
	want(t, asked(t, c, "presences"), map[string]any{"presences.1.inByPhone": true, "presences.1.in.punch.box": key.Box})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "presences").out, "10:30†", "† by phone or otherwise")
	c.Now = c.At("2026-11-23 13:00")
	c.Read()
	want(t, asked(t, c, "presences"), map[string]any{"presences.1.phonesUnchecked": true, "presences.1.boxReadTo": "2026-11-23T11:05:00.000Z"})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "presences").out, "open; phones checked up to 23/11/2026 12:05")
	c.Now = c.At("2026-11-23 12:06")
	want(t, asked(t, c, "today"), map[string]any{"present.0.byPhone": true})
	want(t, asked(t, c, "site present leuven"), map[string]any{"people.0.inByPhone": true, "boxes.0.phones": true, "boxes.1.label": "Leuven balie"})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "site", "present", "leuven").out, "It is known to 23/11/2026 12:05 who registered by phone.", "by phone or otherwise")
	if boxes := at(t, asked(t, c, "box list"), "boxes").([]any); len(boxes) != 1 {
		t.Errorf("%d boxes: %v", len(boxes), boxes)
	}
	if got := klokkast(t, c, nil, "box", "place", key.Box, "Stadhuis Leuven"); got.code == ExitFine {
		t.Error("phones were placed as a box")
	}
}
