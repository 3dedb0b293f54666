package kit

import (
	"context"
	"errors"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Works are the long pieces of work under way: reading, importing, sending,
// printing. Each has a line at the foot of the window, on every screen, with
// its progress and a Cancel button, and outlives a change of screen.
type Works struct {
	Lines   *fyne.Container
	Area    fyne.CanvasObject // box, scrolling when there are many
	Running map[string]*work
	// group counts them down for whoever waits until all have ended.
	Group sync.WaitGroup
	// changed is called in the window when one begins or ends; nil for none.
	Changed func()
}

type work struct {
	Cancel context.CancelFunc
	line   fyne.CanvasObject
	Bar    *widget.ProgressBar
	busy   *widget.ProgressBarInfinite
	Count  *widget.Label
	Stop   *Button
}

// NewWorks makes the place where work is listed, with nothing under way.
func NewWorks() *Works {
	w := &Works{Lines: container.NewVBox(), Running: map[string]*work{}}
	w.Area = container.New(someLines{w.Lines}, container.NewVScroll(w.Lines))
	return w
}

// someLines gives the lines the height of three at most: more of them scroll,
// instead of making the window grow.
type someLines struct{ box *fyne.Container }

func (l someLines) MinSize([]fyne.CanvasObject) fyne.Size {
	size := l.box.MinSize()
	if n := len(l.box.Objects); n > 3 {
		size.Height *= 3 / float32(n)
	}
	return fyne.NewSize(0, size.Height)
}

func (someLines) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// Has says that a piece of work of that key is under way.
func (w *Works) Has(key string) bool { return w.Running[key] != nil }

func (w *Works) notify() {
	if w.Changed != nil {
		w.Changed()
	}
}

// CancelAll asks all to stop.
func (w *Works) CancelAll() {
	for _, x := range w.Running {
		x.Cancel()
	}
}

// progressEvery is the least time between two steps of a bar: a reading
// reports thousands of times, and the window needs its time for people.
const progressEvery = 60 * time.Millisecond

// Work begins a long piece of work in the background; key keeps it from being
// begun twice. done is called in the window with how it ended: nil, or why not;
// an error that is not a cancelling is also shown.
func (h *Host) Work(key, title string, do func(context.Context, Progress) error, done func(error)) {
	if h.Works.Has(key) {
		return
	}
	// Not h.ctx: a change of language builds the window anew and must not stop a reading.
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.Ctx))
	x := h.newWork(title, cancel)
	h.Works.Running[key] = x
	h.Works.Lines.Add(x.line)
	h.Works.Area.Refresh()
	h.Works.notify()
	h.Works.Group.Add(1)
	h.Run(func() {
		err := do(ctx, x.progress(h))
		h.Works.Group.Done()
		h.Do(func() {
			cancel()
			x.busy.Stop()
			delete(h.Works.Running, key)
			h.Works.Lines.Remove(x.line)
			h.Works.Area.Refresh()
			h.Works.notify()
			if errors.Is(err, context.Canceled) {
				h.Say(h.Texts.T("window.work.stopped", "Title", title), widget.WarningImportance)
			}
			if done != nil {
				done(err)
			}
			if err != nil && !errors.Is(err, context.Canceled) && !asks(err) {
				h.Fail(err)
			}
		})
	})
}

func (h *Host) newWork(title string, cancel context.CancelFunc) *work {
	x := &work{Cancel: cancel, Bar: widget.NewProgressBar(), busy: widget.NewProgressBarInfinite(), Count: Quiet("")}
	x.Bar.Hide()
	x.Stop = h.Button(h.Texts.T("window.cancel"), theme.CancelIcon(), func() {
		x.Stop.Disable()
		x.Count.SetText(h.Texts.T("window.work.stopping"))
		cancel()
	})
	label := widget.NewLabel(title)
	label.Truncation = fyne.TextTruncateEllipsis
	x.line = container.NewBorder(nil, nil, Sized(320, 0, label), container.NewHBox(x.Count, x.Stop), container.NewStack(x.Bar, x.busy))
	return x
}

// progress returns the function that moves the bar, from any goroutine.
func (x *work) progress(h *Host) Progress {
	var mu sync.Mutex
	var last time.Time
	return func(done, total int) {
		mu.Lock()
		t := time.Now()
		skip := done != total && t.Sub(last) < progressEvery
		if !skip {
			last = t
		}
		mu.Unlock()
		if skip {
			return
		}
		h.Do(func() { x.show(h, done, total) })
	}
}

func (x *work) show(h *Host, done, total int) {
	if x.Stop.Disabled() {
		return
	}
	if total > 0 {
		x.busy.Stop()
		x.busy.Hide()
		x.Bar.Show()
		x.Bar.SetValue(float64(done) / float64(total))
		x.Count.SetText(h.Texts.T("window.work.of", "Done", h.Texts.Number(done), "Total", h.Texts.Number(total)))
		return
	}
	if done > 0 {
		x.Count.SetText(h.Texts.Number(done))
	}
}

// asker is an error that asks a person something instead of reporting a failure.
type asker interface{ Asks() }

// asks says that whoever began the work shows the error as a question.
func asks(err error) bool {
	var a asker
	return errors.As(err, &a)
}

// Question marks an error that asks, so that it is not shown as a failure.
type Question struct{ Err error }

// Error is what the error says.
func (q Question) Error() string { return q.Err.Error() }

// Asks says that it is no failure.
func (Question) Asks() {}

// Unwrap returns what asks.
func (q Question) Unwrap() error { return q.Err }
