package window

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
)

// manyWait lets 3,936 registrations wait, as the first ones of all.
func (d *fakeDesk) manyWait() {
	d.ahead = office.SendingAhead{
		Environment: app.LocalSimulator, Count: 3936, People: 21, On: 30, Days: app.Days{From: app.NewDate(2026, 10, 24), To: app.NewDate(2026, 11, 22)},
		Sites: []office.SiteCount{{SiteID: townHall, Count: 3936}}, Oldest: noon - 30*86_400_000,
		Held:  []office.HeldCount{{Reason: app.HeldBeyondWindow, Count: 17, Oldest: noon - 60*86_400_000}},
		First: true, Asks: []office.AskReason{office.AskFirst, office.AskMany, office.AskOld},
	}
}

// top gives what the dialog on top shows; nil where there is none.
func top(w *Window) *seen {
	if o := w.win.Canvas().Overlays().Top(); o != nil {
		return look(o)
	}
	return nil
}

// Every click that sends shows first what goes, and does nothing until it is agreed to.
func TestOneClickSendsNoThousands(t *testing.T) {
	for name, click := range map[string]func(t *testing.T, w *Window){
		"Today":    func(t *testing.T, w *Window) { test.Tap(to[*todayPage](t, w, "today").send) },
		"Register": func(t *testing.T, w *Window) { test.Tap(to[*ciaoPage](t, w, "ciao").send) },
		"Resume": func(t *testing.T, w *Window) {
			to[*ciaoPage](t, w, "ciao").askResume()
			setText(w.host.form.row("why").control, "the key was renewed")
			test.Tap(w.host.form.save)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, d := open(t, app.English)
			d.manyWait()
			sent := func() int { return d.called("Send") + d.called("ResumeSending") }
			click(t, w)
			s := top(w)
			if s == nil || sent() != 0 {
				t.Fatalf("sent %d times without a question", sent())
			}
			for _, want := range []string{"3,936 registrations of 21 people", "Of 30 days", "Stadhuis Leuven (3,936)", "The oldest", "17 are held", "Older than the sending window", "first sending", "more than 200", "24 hours"} {
				if !s.says(want) {
					t.Errorf("nothing says %q: %q", want, s.texts)
				}
			}
			test.Tap(s.buttons["Cancel"])
			if sent() != 0 || top(w) != nil {
				t.Errorf("cancelled, and sent %d times", sent())
			}
			click(t, w)
			test.Tap(top(w).buttons["Send 3,936 registrations"])
			if sent() != 1 {
				t.Errorf("agreed, and sent %d times", sent())
			}
		})
	}
}

func TestAFewOfTodayGoAtOneClick(t *testing.T) {
	w, d := open(t, app.English)
	d.ahead = office.SendingAhead{Count: 3, Oldest: noon}
	test.Tap(to[*todayPage](t, w, "today").send)
	if d.called("Send") != 1 || top(w) != nil {
		t.Errorf("sent %d times", d.called("Send"))
	}
	d.fail["SendingAhead"] = context.DeadlineExceeded
	test.Tap(to[*todayPage](t, w, "today").send)
	if d.called("Send") != 1 || top(w) == nil {
		t.Error("what would go is not known, and it was sent, or nobody was told")
	}
}

// Before punches go by themselves that went by hand it is asked: the first time even where nothing waits.
func TestSwitchingOnIsAskedFirst(t *testing.T) {
	w, d := open(t, app.English)
	d.manyWait()
	d.ahead.Count, d.ahead.Asks = 0, nil
	p := to[*ciaoPage](t, w, "ciao")
	turnOn := func() *seen {
		d.set = nil
		p.askConnection()
		f := w.host.form
		f.row(string(office.SetMode)).control.(*choice).set(string(ciao.Live))
		setText(f.row(string(office.SetBatch)).control, "100")
		test.Tap(f.save)
		return top(w)
	}
	s := turnOn()
	if s == nil || !s.says("From now on punches go by themselves") {
		t.Fatal("nobody was asked")
	}
	if d.set[office.SetMode] != "" || d.set[office.SetBatch] != "100" {
		t.Errorf("set without an answer: %v", d.set)
	}
	test.Tap(s.buttons["Cancel"])
	if d.set[office.SetMode] != "" {
		t.Errorf("set although it was refused: %v", d.set)
	}
	test.Tap(turnOn().buttons["Switch it on"])
	if d.set[office.SetMode] != string(ciao.Live) {
		t.Errorf("agreed, and not set: %v", d.set)
	}
	d.ahead.First = false
	if turnOn() != nil || d.set[office.SetMode] != string(ciao.Live) {
		t.Errorf("asked although it sent before and nothing waits: %v", d.set)
	}
}

// A window that opens with a mode that sends by itself asks before the first sending of all, and says that it does not send.
func TestAWindowThatSendsByItselfAsksBeforeTheFirstSending(t *testing.T) {
	d := newFakeDesk(t)
	d.stage = &stage{}
	d.manyWait()
	d.status = office.SendingStatus{Mode: ciao.Live}
	w := openOn(t, d, Options{Language: app.English, Texts: catalogue(t), Run: d.stage.run, do: d.stage.do, later: d.stage.later})
	s := top(w)
	if s == nil || d.called("KeepSending") != 0 {
		t.Fatalf("sends by itself without a question: %v", d.calls)
	}
	test.Tap(s.buttons["Cancel"])
	w.reload()
	if d.called("KeepSending") != 0 || top(w) != nil || !strings.Contains(w.sending.label.Text, "NOT SENDING") {
		t.Errorf("refused; it says %q", w.sending.label.Text)
	}
	d.ahead.First = false // somebody sent by hand
	w.reload()
	if d.called("KeepSending") != 1 || strings.Contains(w.sending.label.Text, "NOT SENDING") {
		t.Errorf("nothing goes by itself after the first sending: %q", w.sending.label.Text)
	}
}

// The question fits a small window, with much to say.
func TestTheQuestionFitsASmallWindow(t *testing.T) {
	for _, l := range app.Languages {
		w, d := open(t, l)
		d.manyWait()
		for range 20 {
			d.ahead.Held = append(d.ahead.Held, d.ahead.Held[0])
		}
		w.win.Resize(fyne.NewSize(900, 600))
		test.Tap(to[*todayPage](t, w, "today").send)
		if size := w.win.Canvas().Overlays().Top().MinSize(); size.Width > 900 || size.Height > 600 {
			t.Errorf("%s: the question needs %v", l, size)
		}
	}
}
