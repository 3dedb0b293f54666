package window

import (
	"context"
	"errors"
	"reflect"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/ui/window/grid"
)

// inquiry is one thing that the window asks the office, with everything on the
// screen that shows the answer: lists, cards, counts, plots. They go through the
// four states of package grid together. What is asked later wins, whatever comes
// first; an answer to something else than what is asked now is worth nothing.
type inquiry struct {
	h     *host
	views []answerView
	// strip says that there is no answer, why and what to do, and offers to ask
	// again; it belongs above what shows the answer. Hidden while all is well.
	strip *fyne.Container

	state      grid.State
	of         any // what was asked: the period, the filter
	at         app.Instant
	generation int
	cancel     context.CancelFunc
	patience   func() // ends the wait for marking what is on the screen as old; nil where nothing waits
}

// answerView is a part of the screen that shows an answer. None of them shows
// anything of it before there is one; grid.Grid is one.
type answerView interface {
	Load()           // asked, and no answer is there
	Fail()           // there is none
	Age(failed bool) // what is shown may not be true any more: it is being asked again, or could not be
	Rest()           // nothing is asked until something is chosen
}

// asks makes a question, with what shows its answer: all of it is Loading.
func (h *host) asks(views ...answerView) *inquiry {
	q := &inquiry{h: h, strip: container.NewStack()}
	q.strip.Hide()
	q.shows(views...)
	return q
}

// shows adds what shows the answer, which did not come yet.
func (q *inquiry) shows(views ...answerView) {
	q.views = append(q.views, views...)
	for _, v := range views {
		v.Load()
	}
}

// patience is how long what is on the screen stays unmarked while the same is
// asked again: an answer that comes sooner changes nothing but the news.
const patience = 400 * time.Millisecond

// load asks in the background and shows the answer in the window; of is what
// narrows the question, such as a period, and nil where nothing does. While
// another question is under way nothing of the last answer stays on the screen;
// while the same is asked again, or could not be, what stays is marked as old.
func load[T any](q *inquiry, of any, get func(context.Context) (T, error), show func(T)) {
	h := q.h
	q.stop()
	ctx, cancel := context.WithCancel(h.ctx)
	generation := q.generation
	q.cancel = cancel
	q.begin(of)
	again := func() { load(q, of, get, show) }
	h.run(func() {
		v, err := get(ctx)
		h.do(func() {
			stale := generation != q.generation || ctx.Err() != nil
			cancel()
			switch {
			case stale || errors.Is(err, context.Canceled):
			case err != nil:
				q.fail(err, again)
			default:
				q.answered()
				show(v)
			}
		})
	})
}

// begin says that it is asked now.
func (q *inquiry) begin(of any) {
	same := reflect.DeepEqual(of, q.of)
	q.of = of
	if q.state == grid.Rows && same {
		generation := q.generation
		q.patience = q.h.later(patience, func() {
			q.h.do(func() {
				if q.generation == generation && q.cancel != nil {
					q.each(func(v answerView) { v.Age(false) })
				}
			})
		})
		return
	}
	q.state = grid.Loading
	q.strip.Hide()
	q.each(answerView.Load)
}

// answered says that the answer is there; whoever asked shows it next.
func (q *inquiry) answered() {
	q.ended()
	q.state, q.at = grid.Rows, q.h.now()
	if q.strip.Visible() {
		q.strip.Hide()
		q.h.say("", widget.MediumImportance) // that it could not be loaded is over
	}
	q.each(func(v answerView) {
		if c, ok := v.(interface{ Known() }); ok {
			c.Known()
		}
	})
}

// answer shows an answer that needs no asking; what is under way is worth nothing.
func (q *inquiry) answer(show func()) {
	q.stop()
	q.answered()
	show()
}

// fail says that there is no answer, why, and what to do.
func (q *inquiry) fail(err error, again func()) {
	h := q.h
	q.ended()
	text := h.t.T("window.load.unknown", "Why", h.reason(err))
	if q.state == grid.Rows {
		text = h.t.T("window.load.failed", "When", h.t.Time(q.at, h.zone), "Why", h.reason(err))
		q.each(func(v answerView) { v.Age(true) })
	} else {
		q.state = grid.Failed
		q.each(answerView.Fail)
	}
	h.say(text, widget.DangerImportance)
	label := wrapped(text)
	label.Importance = widget.DangerImportance
	q.strip.Objects = []fyne.CanvasObject{container.NewBorder(nil, nil, widget.NewIcon(theme.WarningIcon()),
		container.NewVBox(h.button(h.t.T("window.load.again"), theme.ViewRefreshIcon(), again)), label)}
	q.strip.Show()
	q.strip.Refresh()
}

// rest asks nothing until something is chosen elsewhere; what is under way is worth nothing.
func (q *inquiry) rest() {
	q.stop()
	q.state, q.of = grid.Unasked, nil
	q.strip.Hide()
	q.each(answerView.Rest)
}

// stop ends what is under way, as when its dialog closes.
func (q *inquiry) stop() {
	q.generation++
	if q.cancel != nil {
		q.cancel()
	}
	q.ended()
}

// ended says that nothing is under way any more.
func (q *inquiry) ended() {
	q.cancel = nil
	if q.patience != nil {
		q.patience()
		q.patience = nil
	}
}

func (q *inquiry) each(do func(answerView)) {
	for _, v := range q.views {
		do(v)
	}
}

// above puts the strip of a question above what shows its answer.
func (q *inquiry) above(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(q.strip, nil, nil, nil, content)
}
