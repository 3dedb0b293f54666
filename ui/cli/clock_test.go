package cli

import (
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/devices/simbox"
	"klokkast/ui/officetest"
)

// tapAt is a tap of Anna's when it is that late.
func tapAt(t *testing.T, c *officetest.Company, box *simbox.Box, at string, key app.PunchKey) {
	t.Helper()
	c.Now = c.At(at)
	tap(t, box, officetest.AnnaCard, key)
}

// fallen is a company whose box's clock fell to 2000 for two taps of Anna's, at 15:00 and 19:00; it gives the name of what
// the box recorded meanwhile. The box was read the next morning.
func fallen(t *testing.T) (c *officetest.Company, segment string) {
	t.Helper()
	c = officetest.New(t)
	c.AtRegister()
	c.Now = c.At("2026-11-23 06:00")
	box := c.Cables.Plug(t, "usb:1", officetest.Known())
	c.Do(box.SetClock(c.Now.Time()))
	c.Pair(box, "usb:1")
	tapAt(t, c, box, "2026-11-23 07:00", app.KeyIn)
	tapAt(t, c, box, "2026-11-23 12:00", app.KeyOut)
	c.Now = c.At("2026-11-23 13:00")
	c.Do(box.Drift(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Sub(c.Now.Time())))
	tapAt(t, c, box, "2026-11-23 15:00", app.KeyIn)
	tapAt(t, c, box, "2026-11-23 19:00", app.KeyOut)
	c.Now = c.At("2026-11-23 20:00")
	c.Do(box.SetClock(c.Now.Time()))
	tapAt(t, c, box, "2026-11-23 21:00", app.KeyIn)
	tapAt(t, c, box, "2026-11-23 23:30", app.KeyOut)
	c.Now = c.At("2026-11-24 08:00")
	checked(t, c)
	asked(t, c, "box read")
	clocks := officetest.Must(c.Office().Judgements.WrongClocks(t.Context(), officetest.BoxUID))(t)
	if len(clocks) != 1 {
		t.Fatalf("%d wrong clocks", len(clocks))
	}
	return c, clocks[0].Key().String()
}

func TestWrongClocksAreListed(t *testing.T) {
	c, segment := fallen(t)
	got := klokkast(t, c, nil, "clock", "segments", "--box", "leuven balie", "--lang", "nl")
	wantText(t, got.out, "klok teruggevallen, 2 prikkingen", "+9.823 dagen 12 uur", "wacht op bevestiging", segment)
	want(
		t,
		asked(t, c, "clock segments"),
		map[string]any{"segments.0.segment": segment, "segments.0.source": "boot", "segments.0.shiftMs": 848_750_400_000, "segments.0.fits": true},
	)
	asked(t, c, "clock repair "+segment+" --proposed --reason battery")
	list := asked(t, c, "clock segments")
	id := at(t, list, "segments.0.repair.id").(string)
	want(t, list, map[string]any{"segments.0.source": "boot", "segments.0.repair.reason": "battery"})
	wantText(t, klokkast(t, c, nil, "clock", "segments", "--lang", "nl").out, "aanvaard door Els ("+id+")")
	c.OtherBox("Inkom")
	if other := at(t, asked(t, c, "clock segments --box Inkom"), "segments").([]any); len(other) != 0 {
		t.Errorf("of another box: %v", other)
	}
}

func TestARepairIsSeenBeforeItIsMade(t *testing.T) {
	c, segment := fallen(t)
	repair := "clock repair " + segment + " --proposed --reason battery"
	wantText(t, said(t, c, repair+" --dry-run"), "Shift +9,823 days 12 hours", "5: 01/01/2000 03:00:00 = 23/11/2026 15:00:00  Peeters Anna, In",
		"The clock of Leuven balie was wrong", "Peeters Anna, 23/11/2026: now 7:30, then 11:30", "Nothing was changed")
	want(t, asked(t, c, repair+" --dry-run"), map[string]any{
		"dryRun": true, "punches.0.seq": 5, "punches.0.at": "2026-11-23T14:00:00.000Z", "effect.goes.0.rule": "clock-reset", "fits": true, "left": 0,
	})
	want(t, asked(t, c, "clock segments"), map[string]any{"segments.0.repair": nil})
	other := said(t, c, "clock repair "+segment+" --shift 1000h --reason battery --dry-run")
	wantText(t, other, "Shift +41 days 16 hours", "overlaps punches")

	// What was sent of it is told when it is taken back, and when it is made again; nothing is done about that without --yes.
	withdraw := "clock withdraw " + at(t, repaired(t, c, repair), "segments.0.repair.id").(string) + " --why mistake"
	asked(t, c, "ciao release --held clock --why checked --yes")
	asked(t, c, "ciao send")
	if got := klokkast(t, c, nil, words(withdraw)...); got.code != ExitFailed || at(t, asked(t, c, "clock segments"), "segments.0.repair") == nil {
		t.Errorf("what reaches the register was done without --yes: %d", got.code)
	}
	asked(t, c, withdraw+" --yes")
	wantReasons(t, c, words(withdraw))
	want(t, asked(t, c, "clock segments"), map[string]any{"segments.0.repair": nil})
	wantText(t, said(t, c, repair+" --dry-run"), "2 punches were sent already")

	// An approved day is reached with --yes only.
	clock := c.Anomaly(app.ClockReset)
	asked(t, c, "anomaly explain "+clock.Key().String()+" --reason agreed")
	asked(t, c, "approve --from 2026-11-23 --to 2026-11-23 --worker anna")
	if got := klokkast(t, c, nil, words(repair)...); got.code != ExitFailed || at(t, asked(t, c, "clock segments"), "segments.0.repair") != nil {
		t.Errorf("what reaches an approved day was done without --yes: %d %s", got.code, got.out)
	}
	repaired(t, c, repair+" --yes")
}

func TestASegmentIsCutAndJoined(t *testing.T) {
	c, segment := fallen(t)
	second := strings.TrimSuffix(segment, "5") + "6"
	cut := "clock cut " + second + ` --reason "set once more"`
	want(t, asked(t, c, cut+" --dry-run"), map[string]any{"dryRun": true})
	want(t, asked(t, c, "clock segments"), map[string]any{"segments.0.punches": 2})
	asked(t, c, cut)
	list := asked(t, c, "clock segments")
	want(t, list, map[string]any{"segments.0.punches": 1, "segments.1.segment": second, "cuts.0.first": 6, "cuts.0.reason": "set once more"})
	id := at(t, list, "cuts.0.id").(string)
	wantText(t, klokkast(t, c, nil, "clock", "segments", "--lang", "nl").out, "logboek geknipt door Els op", "set once more", id)
	if got := klokkast(t, c, nil, words("clock cut "+segment+" --reason x")...); got.code == ExitFine {
		t.Error("cut where a segment begins")
	}
	asked(t, c, "clock join "+id+" --why mistake")
	want(t, asked(t, c, "clock segments"), map[string]any{"segments.0.punches": 2})
	if got := klokkast(t, c, nil, words("clock join "+id)...); got.code == ExitFine {
		t.Error("joined twice")
	}
}

// repaired makes a repair and gives the segments as they stand then.
func repaired(t *testing.T, c *officetest.Company, line string) map[string]any {
	t.Helper()
	asked(t, c, line)
	list := asked(t, c, "clock segments")
	if at(t, list, "segments.0.repair") == nil {
		t.Errorf("%s: nothing was repaired", line)
	}
	return list
}

func TestTheShiftIsChosenInOneWay(t *testing.T) {
	for _, q := range []struct {
		line   string
		shift  int
		source string
		reason string
	}{
		{`--proposed --reason "battery empty"`, 848_750_400_000, "boot", "battery empty"},
		{"--shift=-2h5min --anyway --reason x", -125 * 60_000, "person", "x"},
		{`--at "2026-11-23 14:58" --reason x`, 848_750_400_000 - 120_000, "person", "x"},
		{`--at "2026-11-23 14:58" --punch 5 --reason x`, 848_750_400_000 - 120_000, "person", "x"},
	} {
		c, segment := fallen(t)
		want(
			t,
			repaired(t, c, "clock repair "+segment+" "+q.line),
			map[string]any{"segments.0.shiftMs": q.shift, "segments.0.source": q.source, "segments.0.repair.reason": q.reason},
		)
	}
	c, segment := fallen(t)
	if got := klokkast(t, c, nil, words("--json clock repair "+segment+" --shift=-2h5min --reason x")...); got.code == ExitFine {
		t.Errorf("what overlaps was done without --anyway: %s", got.out)
	}
}

func TestNotationsAreListedAndSeenBeforeTheyAreConfirmed(t *testing.T) {
	c := officetest.New(t)
	c.Read(officetest.Tap{Card: "C3B2A104", At: "2026-11-02 08:00", Key: app.KeyIn}, officetest.Tap{Card: "C3B2A104", At: "2026-11-02 12:00", Key: app.KeyOut})
	wantText(t, said(t, c, "badge notations"), "C3B2A104 = A-17", "bytes reversed", "proposed: reversed")
	want(
		t,
		asked(t, c, "badge notations"),
		map[string]any{"proposals.0.seen": "C3B2A104", "proposals.0.known": officetest.AnnaCard, "proposals.0.notation": "reversed"},
	)
	line := `badge confirm-notation "leuven balie" reversed`
	wantText(t, said(t, c, line+" --dry-run"), "Nothing was changed", "Peeters Anna, 02/11/2026: now nothing, then 4:00")
	if len(c.Acts("")) > 0 {
		t.Error("a dry run changed something")
	}
	asked(t, c, line)
	list := asked(t, c, "badge notations")
	want(t, list, map[string]any{"notations.0.kind": "reversed", "notations.0.by": "Els"})
	wantText(t, said(t, c, "badge notations"), "accepted by Els")
	asked(t, c, "badge withdraw-notation "+at(t, list, "notations.0.id").(string))
	wantText(t, said(t, c, "badge notations"), "withdrawn")
}
