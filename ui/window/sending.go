package window

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/ciao"
	"klokkast/app/sending"
	"klokkast/app/workspace"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// byItself is what goes to the register by itself while the window is open, and
// its line at the foot of the window.
type byItself struct {
	label *widget.Label
	ctx   context.Context // ends with the window
	end   func()          // nil before it began
	all   sync.WaitGroup
	waits bool // the first sending of all waits for people to agree to it
	asked bool // they were, once
}

// keepSending begins to send by itself, where that is set. The first sending of
// all waits until people saw what goes.
func (w *Window) keepSending() {
	w.sending.ctx, w.sending.end = context.WithCancel(context.Background())
	w.sending.waits = true
	w.beginSending()
}

// beginSending begins if nobody has to agree first; else it asks, once.
func (w *Window) beginSending() {
	ctx := w.sending.ctx
	w.sending.all.Add(1)
	w.opt.Run(func() {
		defer w.sending.all.Done()
		a, err := w.firstByItself(ctx)
		if err != nil || a == nil { // who cannot look cannot send either, and says why
			w.opt.do(w.goOnSending)
			return
		}
		w.opt.do(func() { w.askFirst(a) })
	})
}

// goOnSending sends by itself from now on, until the window closes.
func (w *Window) goOnSending() {
	w.sending.waits = false
	w.sending.all.Add(1)
	w.opt.keep(func() {
		defer w.sending.all.Done()
		w.desk.Register.KeepSending(w.sending.ctx, func(sending.SendingStatus) { w.opt.do(w.showSending) })
	})
}

// firstByItself returns what would go by itself as the first sending of all; nil where that is not so.
func (w *Window) firstByItself(ctx context.Context) (*kit.Ahead, error) {
	if mode := w.desk.Register.SendingNow().Mode; mode == ciao.Manual || mode == "" {
		return nil, nil
	}
	a, err := kit.LookAhead(ctx, w.desk)
	if err != nil || !a.First || a.Count == 0 {
		return nil, err
	}
	return a, nil
}

// askFirst shows what would go by itself at once, and begins when that is agreed
// to. Otherwise nothing goes by itself until somebody sent, or the program starts anew.
func (w *Window) askFirst(a *kit.Ahead) {
	w.showSending()
	if w.sending.asked || w.sending.ctx.Err() != nil {
		return
	}
	w.sending.asked = true
	t := w.host.Texts
	said := append([]string{t.T("sending.ahead.byMode", "Mode", wording.RegisterSetting(t, workspace.SetMode, string(a.Mode)))}, a.Lines(t)...)
	w.host.ConfirmLines(t.T("sending.ahead.title"), said, t.N("sending.ahead.yes", a.Count), w.goOnSending)
}

// Wait waits, after the app has ended, until what goes on without the window has
// ended in order, also where the program was told to end and the window was not closed.
func (w *Window) Wait() {
	w.ended.Store(true)
	w.stop()
	ended := make(chan struct{})
	go func() {
		w.sending.all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(closePatience): // what was under way is looked up at the next start
	}
}

// newSendingLabel makes the line anew, in the current language.
func (w *Window) newSendingLabel() fyne.CanvasObject {
	w.sending.label = widget.NewLabel("")
	w.sending.label.Truncation = fyne.TextTruncateEllipsis
	return w.sending.label
}

// showSending writes how sending by itself stands; where it is done by hand,
// nothing is to be said.
func (w *Window) showSending() { w.showStatus(w.desk.Register.SendingNow()) }

func (w *Window) showStatus(s sending.SendingStatus) {
	l := w.sending.label
	if w.sending.waits && s.Mode != ciao.Manual && s.Mode != "" {
		l.Importance = widget.LowImportance
		text := w.host.Texts.T("window.loading")
		if w.sending.asked {
			l.Importance, text = widget.DangerImportance, w.host.Texts.T("sending.ahead.waits")
		}
		l.SetText(text)
		return
	}
	l.Importance = widget.MediumImportance
	if s.Why != nil || s.Report != nil && s.Report.Stopped != "" {
		l.Importance = widget.DangerImportance
	}
	text := ""
	if s.Mode != ciao.Manual && s.Mode != "" {
		text = wording.Sending(w.host.Texts, s)
	}
	l.SetText(text)
}
