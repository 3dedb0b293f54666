package window

import (
	"errors"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
)

func TestTheFootSaysHowSendingStands(t *testing.T) {
	w, d := open(t, app.English)
	if text := w.sending.label.Text; text != "" {
		t.Errorf("by hand, and it says %q", text)
	}
	d.status = office.SendingStatus{Mode: ciao.Live, Why: ciao.ErrLocked}
	w.showSending()
	if text := w.sending.label.Text; !strings.HasPrefix(text, "NOT SENDING") || strings.Count(text, "NOT SENDING") != 1 {
		t.Errorf("with a locked key it says %q", text)
	}
	d.status = office.SendingStatus{Mode: ciao.Live, Why: errors.New("x")}
	w.showSending()
	if text := w.sending.label.Text; !strings.HasPrefix(text, "NOT SENDING") {
		t.Errorf("it says %q", text)
	}
	d.status = office.SendingStatus{Mode: ciao.Live, Report: &ciao.Report{Requests: 1, Accepted: 3}}
	w.showSending()
	if text := w.sending.label.Text; !strings.Contains(text, "3") {
		t.Errorf("after three were accepted it says %q", text)
	}
}

// TestDelayBarsHoldEveryRegistration: the plot and the table say the same.
func TestDelayBarsHoldEveryRegistration(t *testing.T) {
	w, _ := open(t, app.English)
	at := app.Instant(1_764_000_000_000)
	r := ciao.Delays([]app.Registration{
		{SiteID: "s1", State: app.RegAccepted, At: at, Answered: at.Add(30 * time.Second)},
		{SiteID: "s2", State: app.RegAccepted, At: at, Answered: at.Add(50 * time.Hour)},
	}, ciao.BySite, time.UTC)
	rows := delayRows(w.host.t, r, func(d ciao.DelayRow) string { return d.Key })
	if len(rows) != 3 || rows[0].name != "s2" || rows[2].count != "2" || rows[0].late != "100.0 %" {
		t.Errorf("rows %+v", rows)
	}
}

// TestTheCIAOScreenSaysWhatIsUp: an outage, and an employer that waits for a
// permission, with the button that lets it go on.
func TestTheCIAOScreenSaysWhatIsUp(t *testing.T) {
	w, d := open(t, app.English)
	p := to[*ciaoPage](t, w, "ciao")
	if p.resume.Visible() {
		t.Error("there is something to resume before anything stopped")
	}
	d.counts.Notices = ciao.Notices{Outage: 1_764_000_000_000, Waiting: 12, Parked: []string{"0206731645"}}
	p.reload()
	for _, want := range []string{"12 punches wait", "0206.731.645"} {
		if !strings.Contains(p.stopped.Text, want) {
			t.Errorf("the screen does not say %q: %q", want, p.stopped.Text)
		}
	}
	if !p.resume.Visible() || !p.stopped.Visible() {
		t.Error("nothing to resume with")
	}
}
