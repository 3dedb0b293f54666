package wording_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

// TestNoticesSayWhatIsUpAndSinceWhen, in every language; where all is well, nothing.
func TestNoticesSayWhatIsUpAndSinceWhen(t *testing.T) {
	now := app.At(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	left := ciao.Pending{
		Queued:       3,
		Unknown:      2,
		Unproven:     2,
		NeedsPerson:  1,
		NeedsUnknown: 1,
		NeedsSince:   now.Add(-3 * time.Hour),
		NextLookUp:   now.Add(time.Minute),
	}
	up := ciao.SenderState{FailingSince: now.Add(-20 * time.Minute), OffsetMS: -150_000, Parked: map[string]ciao.Parked{"0206731645": {}}, KnowsNoneSince: now,
		Search: ciao.Search{Next: now.Add(7 * time.Minute)}}
	for _, l := range app.Languages {
		say := catalogue(t).For(l)
		lines := wording.Notices(say, up.Notices(left, now))
		all := strings.Join(lines, "\n")
		if len(lines) != 7 {
			t.Errorf("%s: %d notices, want 7:\n%s", l, len(lines), all)
		}
		for _, want := range []string{"6:00", "9:07:00", "8:40", "5", "0:02", "0206.731.645", "9:01:00"} { // Belgian time
			if !strings.Contains(all, want) {
				t.Errorf("%s: nothing says %s:\n%s", l, want, all)
			}
		}
	}
}

func TestNoticesWaitUntilItMatters(t *testing.T) {
	now := app.At(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	nearly := ciao.SenderState{FailingSince: now.Add(-ciao.OutageTold + time.Second), OffsetMS: 120_000}
	if got := wording.Notices(catalogue(t).For(app.English), nearly.Notices(ciao.Pending{Queued: 3, Unknown: 1}, now)); len(got) != 0 {
		t.Errorf("told too early: %q", got)
	}
}

// TestSendingByItselfTellsOfAnOutage: the foot of the window and ciao run advise the NSSO's own app.
func TestSendingByItselfTellsOfAnOutage(t *testing.T) {
	now := app.At(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC))
	say := catalogue(t).For(app.English)
	report := ciao.Report{Problem: ciao.CodeNoConnection, FailingSince: now.Add(-time.Hour), Left: ciao.Pending{Queued: 4}}
	s := sending.SendingStatus{Mode: ciao.Live, Report: &report, At: now}
	if text := wording.Sending(say, s); !strings.Contains(text, "4 punches wait") || !strings.Contains(text, "NSSO's own app") {
		t.Errorf("%q", text)
	}
	report.FailingSince = now.Add(-time.Minute)
	if text := wording.Sending(say, s); strings.Contains(text, "own app") || !strings.Contains(text, "No connection") {
		t.Errorf("after a minute: %q", text)
	}
	s.Why = errors.New("x") // what keeps it from beginning goes first
	if text := wording.Sending(say, s); strings.Contains(text, "own app") {
		t.Errorf("%q", text)
	}
}
