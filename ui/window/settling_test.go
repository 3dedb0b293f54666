package window

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/office"
)

// What a step changes is shown before it is done.
func TestAStatementShowsFirstWhatItChanges(t *testing.T) {
	w, d := open(t, app.English)
	d.effect = office.Effect{Days: []office.DayEffect{{WorkerID: an, Day: app.NewDate(2026, 11, 20), After: 8 * time.Hour, Presences: [2]int{1, 1}, Incomplete: [2]bool{true, false}}},
		Sent: []office.SentEffect{{Registration: app.Registration{State: app.RegAccepted, Type: app.RegisterIn, WorkerID: an}, Type: app.RegisterOut, WorkerID: an}}}
	p := to[*anomaliesPage](t, w, "anomalies")
	p.grid.Select(key(app.MissingOut, p))
	p.askTime()
	f := w.host.form
	f.row("at").control.(*fyne.Container).Objects[1].(interface{ SetText(string) }).SetText("1502")
	test.Tap(f.save)
	if d.called("Preview") != 1 || d.called("AdjustMissing") != 0 {
		t.Fatal("it was done before anyone saw what it changes")
	}
	if edges := d.proposal.Edges; len(edges) != 1 || edges[0].At.String() != "2026-11-20T14:02:00.000Z" {
		t.Errorf("looked at %+v", edges)
	}
	test.Tap(w.host.effect)
	if d.called("AdjustMissing") != 1 || !strings.Contains(w.status.Text, "Ctrl+Z") {
		t.Errorf("agreed to, and %d done; status %q", d.called("AdjustMissing"), w.status.Text)
	}
}

func TestUndoIsOffered(t *testing.T) {
	w, d := open(t, app.English)
	undoLast(w.host, d)
	if d.called("Undo") != 0 || !strings.Contains(w.status.Text, "nothing to undo") {
		t.Errorf("with nothing to undo: %q", w.status.Text)
	}
	d.undoable = "anomaly.explained"
	undoLast(w.host, d)
	if d.called("Undo") != 1 || !strings.Contains(w.status.Text, "explained") || w.status.Importance != widget.SuccessImportance {
		t.Errorf("status %q", w.status.Text)
	}
}

func TestTapsOfSeveralAnomaliesAreIgnoredTogether(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*anomaliesPage](t, w, "anomalies")
	p.grid.SelectAll()
	p.askIgnore()
	w.host.form.row("reason").control.(*choice).set("wrong-key")
	test.Tap(w.host.form.save)
	if len(d.ignored) != 2 || len(d.proposal.Ignore) != 2 {
		t.Errorf("ignored %v after looking at %v", d.ignored, d.proposal.Ignore)
	}
}

func TestTheCardShowsTheDayAndWhatWasDone(t *testing.T) {
	w, d := open(t, app.English)
	d.history = []office.HistoryStep{{At: noon, By: "Els", What: "anomaly.open", Note: "not agreed after all"}}
	p := to[*anomaliesPage](t, w, "anomalies")
	p.grid.Select(key(app.MissingOut, p))
	if !strings.Contains(p.history.Text, "Els") || !strings.Contains(p.history.Text, "reopened") || !p.history.Visible() {
		t.Errorf("history %q", p.history.Text)
	}
	if p.line.MinSize().Height == 0 {
		t.Error("the day is not drawn")
	}
	p.grid.Select(key(app.NightWork, p))
	if len(p.punches.Shown()) != 0 {
		t.Error("punches of the anomaly before")
	}
}

func TestHoursOfASite(t *testing.T) {
	w, d := open(t, app.English)
	d.proposed = []office.ProposedPresence{
		{WorkerID: an, EngagementID: engaged, Day: app.NewDate(2026, 11, 19), Span: app.Span{From: noon, To: noon + 3_600_000}},
		{WorkerID: an, EngagementID: engaged, Day: app.NewDate(2026, 11, 20), Span: app.Span{From: noon, To: noon + 3_600_000}, Known: true},
	}
	p := to[*anomaliesPage](t, w, "anomalies")
	p.grid.Select(key(app.MissingOut, p))
	p.askSite()
	f := w.host.form
	f.row("hours").control.(interface{ SetText(string) }).SetText("six to two")
	test.Tap(f.save)
	if f.row("hours").problem.Text == "" || d.called("ProposePresences") != 0 {
		t.Error("hours that are none")
	}
	f.row("hours").control.(interface{ SetText(string) }).SetText("06:00-14:00")
	test.Tap(f.save)
	test.Tap(w.host.form.save) // for whom: those without hours are ticked
	if len(d.stated) != 1 || d.stated[0].SiteID != townHall || d.stated[0].Reason != "box-broken" || d.stated[0].EngagementID != engaged {
		t.Errorf("stated %+v", d.stated)
	}
}
