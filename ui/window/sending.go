package window

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// sendingDesk sends by itself, and says how that stands.
type sendingDesk interface {
	// KeepSending sends in the mode that is set, until ctx ends.
	KeepSending(ctx context.Context, tell func(office.SendingStatus))
	SendingNow() office.SendingStatus
}

// sending is what goes to the register by itself while the window is open, and
// its line at the foot of the window.
type sending struct {
	label *widget.Label
	end   func() // nil before it began
	all   sync.WaitGroup
}

// keepSending begins to send by itself, where that is set.
func (w *Window) keepSending() {
	ctx, end := context.WithCancel(context.Background())
	w.sending.end = end
	w.sending.all.Add(1)
	w.opt.Run(func() {
		defer w.sending.all.Done()
		w.desk.KeepSending(ctx, func(office.SendingStatus) { w.opt.do(w.showSending) })
	})
}

// Wait waits, after the window was closed, until what goes on without it has
// ended in order.
func (w *Window) Wait() {
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
func (w *Window) showSending() {
	s := w.desk.SendingNow()
	l := w.sending.label
	l.Importance = widget.MediumImportance
	if s.Why != nil || s.Report != nil && s.Report.Stopped != "" {
		l.Importance = widget.DangerImportance
	}
	text := ""
	if s.Mode != ciao.Manual && s.Mode != "" {
		text = wording.Sending(w.host.t, s)
	}
	l.SetText(text)
}
