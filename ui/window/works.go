package window

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

// works are the long pieces of work under way: reading, importing, sending,
// printing. Each has a line at the foot of the window, on every screen, with
// its progress and a Cancel button, and outlives a change of screen.
type works struct {
	box     *fyne.Container
	area    fyne.CanvasObject // box, scrolling when there are many
	running map[string]*work
	// group counts them down for whoever waits until all have ended.
	group sync.WaitGroup
	// changed is called in the window when one begins or ends; nil for none.
	changed func()
}

type work struct {
	cancel context.CancelFunc
	line   fyne.CanvasObject
	bar    *widget.ProgressBar
	busy   *widget.ProgressBarInfinite
	count  *widget.Label
	stop   *button
}

func newWorks() *works {
	w := &works{box: container.NewVBox(), running: map[string]*work{}}
	w.area = container.New(someLines{w.box}, container.NewVScroll(w.box))
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

// has says that a piece of work of that key is under way.
func (w *works) has(key string) bool { return w.running[key] != nil }

func (w *works) notify() {
	if w.changed != nil {
		w.changed()
	}
}

// cancelAll asks all to stop.
func (w *works) cancelAll() {
	for _, x := range w.running {
		x.cancel()
	}
}

// progressEvery is the least time between two steps of a bar: a reading
// reports thousands of times, and the window needs its time for people.
const progressEvery = 60 * time.Millisecond

// work begins a long piece of work in the background; key keeps it from being
// begun twice. done is called in the window with how it ended: nil, or why not;
// an error that is not a cancelling is also shown.
func (h *host) work(key, title string, do func(context.Context, progressOf) error, done func(error)) {
	if h.works.has(key) {
		return
	}
	// Not h.ctx: a change of language builds the window anew and must not stop a reading.
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.ctx))
	x := h.newWork(title, cancel)
	h.works.running[key] = x
	h.works.box.Add(x.line)
	h.works.area.Refresh()
	h.works.notify()
	h.works.group.Add(1)
	h.run(func() {
		err := do(ctx, x.progress(h))
		h.works.group.Done()
		h.do(func() {
			cancel()
			x.busy.Stop()
			delete(h.works.running, key)
			h.works.box.Remove(x.line)
			h.works.area.Refresh()
			h.works.notify()
			if errors.Is(err, context.Canceled) {
				h.say(h.t.T("window.work.stopped", "Title", title), widget.WarningImportance)
			}
			if done != nil {
				done(err)
			}
			if err != nil && !errors.Is(err, context.Canceled) && !asks(err) {
				h.fail(err)
			}
		})
	})
}

func (h *host) newWork(title string, cancel context.CancelFunc) *work {
	x := &work{cancel: cancel, bar: widget.NewProgressBar(), busy: widget.NewProgressBarInfinite(), count: quiet("")}
	x.bar.Hide()
	x.stop = h.button(h.t.T("window.cancel"), theme.CancelIcon(), func() {
		x.stop.Disable()
		x.count.SetText(h.t.T("window.work.stopping"))
		cancel()
	})
	label := widget.NewLabel(title)
	label.Truncation = fyne.TextTruncateEllipsis
	x.line = container.NewBorder(nil, nil, sized(320, 0, label), container.NewHBox(x.count, x.stop), container.NewStack(x.bar, x.busy))
	return x
}

// progress gives the function that moves the bar, from any goroutine.
func (x *work) progress(h *host) progressOf {
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
		h.do(func() { x.show(h, done, total) })
	}
}

func (x *work) show(h *host, done, total int) {
	if x.stop.Disabled() {
		return
	}
	if total > 0 {
		x.busy.Stop()
		x.busy.Hide()
		x.bar.Show()
		x.bar.SetValue(float64(done) / float64(total))
		x.count.SetText(h.t.T("window.work.of", "Done", h.t.Number(done), "Total", h.t.Number(total)))
		return
	}
	if done > 0 {
		x.count.SetText(h.t.Number(done))
	}
}

// asker is an error that asks a person something instead of reporting a failure.
type asker interface{ asks() }

// asks says that whoever began the work shows the error as a question.
func asks(err error) bool {
	var a asker
	return errors.As(err, &a)
}
