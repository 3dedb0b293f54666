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
		if got := klokkast(t, f, nil, "ciao", c.command, c.id); got.code != ExitUsage {
			t.Errorf("%s without a reason: exit code %d", c.command, got.code)
		}
		if got := klokkast(t, f, nil, "ciao", c.command, "--why", "number mended"); got.code != ExitUsage {
			t.Errorf("%s of nothing: exit code %d", c.command, got.code)
		}
		got := klokkast(t, f, nil, "--json", "ciao", c.command, c.id, "--why", "number mended")
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
	got := klokkast(t, f, nil, "--lang", "en", "ciao", "findings")
	wantText(t, got.out, "9007199254741001", "more than once")
	got = klokkast(t, f, nil, "--json", "ciao", "findings")
	wantText(t, got.out, `"registerId": 9007199254741001`, `"kind": "double"`)
}

// TestDelaysAsTableAndFields: the median, and the share of those above ten minutes.
func TestDelaysAsTableAndFields(t *testing.T) {
	f := company()
	got := klokkast(t, f, nil, "--lang", "en", "ciao", "delays", "--by", "site")
	wantText(t, got.out, "50.0 %")
	got = klokkast(t, f, nil, "--json", "ciao", "delays", "--by", "site")
	want(t, object(t, got.out), map[string]any{"by": "site", "lateMinutes": 10, "all.count": 2, "all.late": 1, "all.lateShare": 0.5, "rows.0.key": "s1"})
}

// TestRunSaysEachObstacleOnce: and by hand it does not run at all.
func TestRunSaysEachObstacleOnce(t *testing.T) {
	f := company()
	if got := klokkast(t, f, nil, "ciao", "run"); got.code == ExitFine {
		t.Errorf("it ran although sending is done by hand: %s", got.out)
	}
	f.sending.Mode = ciao.Live
	locked := office.SendingStatus{Mode: ciao.Live, Why: ciao.ErrLocked}
	f.statuses = []office.SendingStatus{locked, locked, {Mode: ciao.Live, Report: &ciao.Report{Requests: 1, Accepted: 3}}}
	got := klokkast(t, f, nil, "--lang", "en", "ciao", "run")
	wantText(t, got.out, "NOT SENDING", "3")
	if n := strings.Count(got.out, "NOT SENDING"); n != 1 {
		t.Errorf("the obstacle is said %d times:\n%s", n, got.out)
	}
}
