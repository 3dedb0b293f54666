package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/office"
)

func TestWrongClocksAreListed(t *testing.T) {
	f := company()
	got := faked(t, f, nil, "clock", "segments", "--box", "leuven balie", "--lang", "nl")
	wantText(t, got.out, "klok teruggevallen, 2 prikkingen", "+9.823 dagen 12 uur", "wacht op bevestiging", ocbUID+"/log/5", "aanvaard door Els (fix)")
	if diff := cmp.Diff([]any{"clocks", ocbUID}, f.did); diff != "" {
		t.Error(diff)
	}
	want(t, object(t, faked(t, f, nil, "clock", "segments", "--json").out), map[string]any{
		"segments.0.source": "boot", "segments.0.shiftMs": float64(848_750_400_000), "segments.0.fits": true, "segments.1.repair.id": "fix", "segments.1.source": "person",
	})
}

func TestARepairIsSeenBeforeItIsMade(t *testing.T) {
	f := company()
	f.effect = office.Effect{Goes: []app.Anomaly{{Rule: app.ClockReset, Box: ocbUID}}}
	repair := []string{"clock", "repair", ocbUID + "/log/5", "--proposed", "--reason", "battery", "--lang", "en"}
	got := faked(t, f, nil, append(repair, "--dry-run")...)
	wantText(t, got.out, "Shift +9,823 days 12 hours", "overlaps punches", "5: 01/01/2000 03:00:00 = 23/11/2026 15:00:00  Peeters Anna, In",
		"The clock of Leuven balie was wrong", "1 punch was sent already", "Nothing was changed")
	if f.did != nil || f.looked.Segment.Seq != 5 {
		t.Errorf("asked %v, looked at %+v", f.did, f.looked)
	}
	want(t, object(t, faked(t, f, nil, append(repair, "--dry-run", "--json")...).out), map[string]any{
		"dryRun": true, "punches.0.seq": float64(5), "punches.0.at": "2026-11-23T14:00:00.000Z", "effect.goes.0.rule": "clock-reset", "fits": false, "left": float64(1),
	})
	f.effect.Sent = []office.SentEffect{{}}
	if got := faked(t, f, nil, repair...); got.code != ExitFailed || f.did != nil {
		t.Errorf("what reaches the register was done without --yes: %d, %v", got.code, f.did)
	}
	if faked(t, f, nil, append(repair, "--yes")...); len(f.did) == 0 || f.did[0] != "repair" {
		t.Errorf("with --yes: %v", f.did)
	}
}

func TestTheShiftIsChosenInOneWay(t *testing.T) {
	segment := app.RecordKey{LogKey: app.LogKey{Box: "BOX", Log: "log"}, Seq: 5}
	for _, c := range []struct {
		line string
		want []any
	}{
		{`--proposed --reason "battery empty"`, []any{"repair", office.ShiftChoice{Segment: segment}, time.Duration(0), false, "battery empty"}},
		{"--shift=-2h5min --anyway --reason x", []any{"repair", office.ShiftChoice{Segment: segment}, -125 * time.Minute, true, "x"}},
		{`--at "2026-11-23 06:58" --reason x`, []any{"repair", office.ShiftChoice{Segment: segment, Punch: 5, At: instant("2026-11-23T05:58:00Z")}, time.Duration(0), false, "x"}},
		{`--punch 6 --at "2026-11-23 06:58" --reason x`, []any{"repair", office.ShiftChoice{Segment: segment, Punch: 6, At: instant("2026-11-23T05:58:00Z")}, time.Duration(0), false, "x"}},
	} {
		f := company()
		got := faked(t, f, nil, words("clock repair BOX/log/5 "+c.line)...)
		if diff := cmp.Diff(c.want, f.did); diff != "" || got.code != ExitFine {
			t.Errorf("%s: %d, %s", c.line, got.code, diff)
		}
	}
}

func TestNotationsAreListedAndSeenBeforeTheyAreConfirmed(t *testing.T) {
	f := company()
	wantText(t, faked(t, f, nil, "badge", "notations", "--lang", "en").out, "C3B2A104 = A-17", "bytes reversed", "proposed: reversed", "accepted by Els (n1)", "withdrawn")
	want(t, object(t, faked(t, f, nil, "badge", "notations", "--json").out), map[string]any{
		"proposals.0.seen": "C3B2A104", "proposals.0.known": "04A1B2C3", "proposals.0.notation": "reversed", "notations.1.kind": "last3",
	})
}
