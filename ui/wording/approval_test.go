package wording_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/ui/wording"
)

func TestWhatBlocksAPeriodIsWorded(t *testing.T) {
	c := catalogue(t)
	at := app.NewDate(2026, 11, 5).Start(names{}.Zone(""))
	missing := &derived.FoundAnomaly{Anomaly: app.Anomaly{Rule: app.MissingOut, WorkerID: "w", SiteID: "s", Day: app.NewDate(2026, 11, 5), At: at}}
	approval := &app.Approval{Days: app.MonthOf(app.NewDate(2026, 11, 1)).Days(), By: "Els", At: at, Version: 2}
	for _, x := range []struct {
		b    documents.Blocker
		says string // in English
	}{
		{documents.Blocker{Code: documents.BlockedByAnomaly, Anomaly: missing}, "Peeters An"},
		{documents.Blocker{Code: documents.BlockedByPresence, Presence: &app.Presence{SiteID: "s", In: &app.Side{At: at}}}, "still at Stadhuis Leuven"},
		{documents.Blocker{Code: documents.BlockedByClock, Anomaly: missing}, "May hold taps of Peeters An"},
		{documents.Blocker{Code: documents.BlockedByBadge, Anomaly: missing}, "Perhaps Peeters An's badge"},
		{documents.Blocker{Code: documents.BlockedByPeriod, Approval: approval}, "30/11/2026 is approved already by Els"},
		{documents.Blocker{Code: documents.BlockedByFuture}, "not begun"},
		{documents.Blocker{Code: documents.BlockedByClosed, Approval: approval}, "by Els on 05/11/2026 (version 2)"},
	} {
		for _, l := range app.Languages {
			if got := wording.Blocker(c.For(l), names{}, "w", &x.b); got == "" || strings.Contains(got, "{{") || strings.Contains(got, "approval.blocked") ||
				strings.Contains(got, "<no value>") {
				t.Errorf("%s %s: %q", l, x.b.Code, got)
			}
		}
		if got := wording.Blocker(c.For(app.English), names{}, "w", &x.b); !strings.Contains(got, x.says) {
			t.Errorf("%s: %q, want %q in it", x.b.Code, got, x.says)
		}
	}
	for _, d := range []documents.Doubt{{Code: documents.DoubtNotOver}, {Code: documents.DoubtBoxUnread, Box: "b", SiteID: "s"}, {Code: documents.DoubtBoxUnread, Box: "b", SiteID: "s", ReadTo: at}} {
		for _, l := range app.Languages {
			if got := wording.PeriodDoubt(c.For(l), names{}, &d); strings.Contains(got, "[[") || strings.Contains(got, "<no value>") ||
				(d.Box != "") != strings.Contains(got, "Inkom") {
				t.Errorf("%s %s: %q", l, d.Code, got)
			}
		}
	}
	for _, s := range []documents.ApprovalStatus{documents.PeriodBlocked, documents.PeriodReady, documents.PeriodApproved, documents.PeriodChanged} {
		if got := wording.PeriodStatus(c.For(app.French), s); got == "" || got == string(s) {
			t.Errorf("no text for status %s", s)
		}
	}
}
