package cli

import (
	"slices"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
)

// TestSendingAgainCancellingAndSettlingNeedAReason, and say what was done.
func TestSendingAgainCancellingAndSettlingNeedAReason(t *testing.T) {
	for _, c := range []struct{ command, id string }{{"resend", "r1"}, {"cancel", "r1"}, {"settle", "f1"}} {
		f := company()
		if got := faked(t, f, nil, "ciao", c.command, c.id); got.code != ExitUsage {
			t.Errorf("%s without a reason: exit code %d", c.command, got.code)
		}
		if got := faked(t, f, nil, "ciao", c.command, "--why", "number mended"); got.code != ExitUsage {
			t.Errorf("%s of nothing: exit code %d", c.command, got.code)
		}
		got := faked(t, f, nil, "--json", "ciao", c.command, c.id, "--why", "number mended")
		if got.code != ExitFine {
			t.Errorf("%s: exit code %d: %s%s", c.command, got.code, got.out, got.err)
		}
		object(t, got.out)
		if want := []any{c.command, app.ID(c.id), "number mended"}; !slices.Equal(f.did, want) {
			t.Errorf("%s did %v, want %v once", c.command, f.did, want)
		}
	}
}

// TestFindingsNameThePunchAndTheRegistersNumber: the number exactly, also beyond what a float holds.
func TestFindingsNameThePunchAndTheRegistersNumber(t *testing.T) {
	f := company()
	got := faked(t, f, nil, "--lang", "en", "ciao", "findings")
	wantText(t, got.out, "9007199254741001", "more than once")
	got = faked(t, f, nil, "--json", "ciao", "findings")
	wantText(t, got.out, `"registerId": 9007199254741001`, `"kind": "double"`)
}

// TestDelaysAsTableAndFields: the median, and the share of those above ten minutes.
func TestDelaysAsTableAndFields(t *testing.T) {
	f := company()
	got := faked(t, f, nil, "--lang", "en", "ciao", "delays", "--by", "site")
	wantText(t, got.out, "50.0 %")
	got = faked(t, f, nil, "--json", "ciao", "delays", "--by", "site")
	want(t, object(t, got.out), map[string]any{"by": "site", "lateMinutes": 10, "all.count": 2, "all.late": 1, "all.lateShare": 0.5, "rows.0.key": "s1"})
}

// TestRunSaysEachObstacleOnce: and by hand it does not run at all.
func TestRunSaysEachObstacleOnce(t *testing.T) {
	f := company()
	if got := faked(t, f, nil, "ciao", "run"); got.code == ExitFine {
		t.Errorf("it ran although sending is done by hand: %s", got.out)
	}
	f.sending.Mode = ciao.Live
	locked := office.SendingStatus{Mode: ciao.Live, Why: ciao.ErrLocked}
	f.statuses = []office.SendingStatus{locked, locked, {Mode: ciao.Live, Report: &ciao.Report{Requests: 1, Accepted: 3}}}
	got := faked(t, f, nil, "--lang", "en", "ciao", "run")
	wantText(t, got.out, "NOT SENDING", "3")
	if n := strings.Count(got.out, "NOT SENDING"); n != 1 {
		t.Errorf("the obstacle is said %d times:\n%s", n, got.out)
	}
}

func TestCiaoSendEndsWhereOnlyAPersonCanGoOn(t *testing.T) {
	f := company()
	since := instant("2026-11-02T06:00:00Z")
	f.reports = []ciao.Report{{Accepted: 1, AskedWhy: ciao.AsksUnproven, NextAt: instant("2026-12-23T11:00:00Z"), Left: ciao.Pending{Queued: 499, NeedsPerson: 499, NeedsSince: since}}}
	f.counts.Held = []office.HeldCount{{Reason: app.HeldLate, Count: 3, Releasable: 2, Oldest: since}, {Reason: app.HeldNoSSIN, Count: 4, Oldest: since}}
	got := faked(t, f, nil, "ciao", "send", "--wait", "--json")
	if f.sends != 1 || got.code != ExitFailed {
		t.Errorf("%d rounds, exit code %d", f.sends, got.code)
	}
	want(t, object(t, got.out), map[string]any{"left.needsPerson": 499, "left.needsPersonOldest": "2026-11-02T06:00:00.000Z", "left.waiting": 0, "needsPersonWhy": "unproven", "held": 2})
	f.sends = 0
	got = faked(t, f, nil, "--lang", "en", "ciao", "send", "--wait")
	for _, text := range []string{"499 registrations wait for your decision", "klokkast ciao decide --all", "2 punches are held"} {
		if !strings.Contains(got.out+got.err, text) {
			t.Errorf("nothing says %q:\n%s", text, got.out+got.err)
		}
	}
}

func TestCiaoDecideInBulk(t *testing.T) {
	f := company()
	at := instant("2026-11-02T06:00:00Z")
	f.askedAbout = office.Asked{Rows: make([]app.Registration, 5), Oldest: at, Newest: at + 1000, Single: 2, Why: ciao.AsksNoSearch}
	args := []string{"ciao", "decide", "--site", "L1", "--from", "2026-11-01", "--state", "queued", "--held", "clock", "--as", "send", "--why", "none is there", "--json"}
	got := faked(t, f, nil, args...)
	want(t, object(t, got.out), map[string]any{"count": 3, "single": 2, "decided": 0, "done": false, "reason": "no-search"})
	if len(f.decided) > 0 || f.askedOf.SiteID == "" || f.askedOf.Days.From == 0 || f.askedOf.State != app.RegQueued || f.askedOf.Held != app.HeldClock {
		t.Errorf("asked for %+v, decided %v", f.askedOf, f.decided)
	}
	got = faked(t, f, nil, append(args, "--yes")...)
	want(t, object(t, got.out), map[string]any{"count": 3, "decided": 3, "done": true})
	if len(f.decided) != 2 {
		t.Errorf("decided %v", f.decided)
	}
	for _, wrong := range [][]string{{"--as", "send"}, {"id-1", "--all", "--as", "send"}, {"--all", "--as", "maybe"}, {"--all", "--held", "no-reason", "--as", "send"}} {
		if got := faked(t, f, nil, append(append([]string{"ciao", "decide"}, wrong...), "--why", "x")...); got.code != ExitUsage {
			t.Errorf("%v: exit code %d: %s", wrong, got.code, got.err)
		}
	}
}
