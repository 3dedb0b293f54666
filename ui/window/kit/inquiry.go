package kit

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

// Inquiry is one thing that the window asks the office, with everything on the
// screen that shows the answer: lists, cards, counts, plots. They go through the
// four states of package grid together. What is asked later wins, whatever comes
// first; an answer to something else than what is asked now is worth nothing.
type Inquiry struct {
	h     *Host
	views []answerView
	// strip says that there is no answer, why and what to do, and offers to ask
	// again; it belongs above what shows the answer. Hidden while all is well.
	Strip *fyne.Container

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

// Asks makes a question, with what shows its answer: all of it is Loading.
func (h *Host) Asks(views ...answerView) *Inquiry {
	q := &Inquiry{h: h, Strip: container.NewStack()}
	q.Strip.Hide()
	q.Shows(views...)
	return q
}

// Shows adds what shows the answer, which did not come yet.
func (q *Inquiry) Shows(views ...answerView) {
	q.views = append(q.views, views...)
	for _, v := range views {
		v.Load()
	}
}

// patience is how long what is on the screen stays unmarked while the same is
// asked again: an answer that comes sooner changes nothing but the news.
const patience = 400 * time.Millisecond

// Load asks in the background and shows the answer in the window; of is what
// narrows the question, such as a period, and nil where nothing does. While
// another question is under way nothing of the last answer stays on the screen;
// while the same is asked again, or could not be, what stays is marked as old.
func Load[T any](q *Inquiry, of any, get func(context.Context) (T, error), show func(T)) {
	h := q.h
	q.Stop()
	ctx, cancel := context.WithCancel(h.Ctx)
	generation := q.generation
	q.cancel = cancel
	q.begin(of)
	again := func() { Load(q, of, get, show) }
	h.Run(func() {
		v, err := get(ctx)
		h.Do(func() {
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
func (q *Inquiry) begin(of any) {
	same := reflect.DeepEqual(of, q.of)
	q.of = of
	if q.state == grid.Rows && same {
		generation := q.generation
		q.patience = q.h.Later(patience, func() {
			q.h.Do(func() {
				if q.generation == generation && q.cancel != nil {
					q.each(func(v answerView) { v.Age(false) })
				}
			})
		})
		return
	}
	q.state = grid.Loading
	q.Strip.Hide()
	q.each(answerView.Load)
}

// answered says that the answer is there; whoever asked shows it next.
func (q *Inquiry) answered() {
	q.ended()
	q.state, q.at = grid.Rows, q.h.Now()
	if q.Strip.Visible() {
		q.Strip.Hide()
		q.h.Say("", widget.MediumImportance) // that it could not be loaded is over
	}
	q.each(func(v answerView) {
		if c, ok := v.(interface{ Known() }); ok {
			c.Known()
		}
	})
}

// Answer shows an answer that needs no asking; what is under way is worth nothing.
func (q *Inquiry) Answer(show func()) {
	q.Stop()
	q.answered()
	show()
}

// fail says that there is no answer, why, and what to do.
func (q *Inquiry) fail(err error, again func()) {
	h := q.h
	q.ended()
	text := h.Texts.T("window.load.unknown", "Why", h.Reason(err))
	if q.state == grid.Rows {
		text = h.Texts.T("window.load.failed", "When", h.Texts.Time(q.at, h.Zone), "Why", h.Reason(err))
		q.each(func(v answerView) { v.Age(true) })
	} else {
		q.state = grid.Failed
		q.each(answerView.Fail)
	}
	h.Say(text, widget.DangerImportance)
	label := Wrapped(text)
	label.Importance = widget.DangerImportance
	q.Strip.Objects = []fyne.CanvasObject{container.NewBorder(nil, nil, widget.NewIcon(theme.WarningIcon()),
		container.NewVBox(h.Button(h.Texts.T("window.load.again"), theme.ViewRefreshIcon(), again)), label)}
	q.Strip.Show()
	q.Strip.Refresh()
}

// Rest asks nothing until something is chosen elsewhere; what is under way is worth nothing.
func (q *Inquiry) Rest() {
	q.Stop()
	q.state, q.of = grid.Unasked, nil
	q.Strip.Hide()
	q.each(answerView.Rest)
}

// Stop ends what is under way, as when its dialog closes.
func (q *Inquiry) Stop() {
	q.generation++
	if q.cancel != nil {
		q.cancel()
	}
	q.ended()
}

// ended says that nothing is under way any more.
func (q *Inquiry) ended() {
	q.cancel = nil
	if q.patience != nil {
		q.patience()
		q.patience = nil
	}
}

func (q *Inquiry) each(do func(answerView)) {
	for _, v := range q.views {
		do(v)
	}
}

// Above puts the strip of a question above what shows its answer.
func (q *Inquiry) Above(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(q.Strip, nil, nil, nil, content)
}
