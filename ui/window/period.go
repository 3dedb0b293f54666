package window

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/ui/window/field"
)

// period picks a range of days: a kind of length and the day it stands at,
// with arrows to go back and forth, or two free dates.
type period struct {
	h       *host
	length  *choice
	from    *field.Date
	to      *field.Date
	days    app.Days
	changed func()
	object  fyne.CanvasObject
}

// Lengths of a period.
const (
	aDay   = "day"
	aWeek  = "week"
	aMonth = "month"
	aFree  = "free"
)

func newPeriod(h *host, length string, changed func()) *period {
	p := &period{h: h, changed: changed}
	var options []option
	for _, l := range []string{aDay, aWeek, aMonth, aFree} {
		options = append(options, option{l, h.t.T("window.period." + l)})
	}
	p.length = newChoice(options, length)
	p.from, p.to = h.newDate(0), h.newDate(0)
	p.set(around(length, h.today()))
	p.length.OnChanged = func(string) {
		if l := p.length.value(); l != aFree {
			p.choose(around(l, p.days.From))
		}
	}
	read := func(string) { p.read() }
	p.from.OnSubmitted, p.to.OnSubmitted = read, read
	p.from.OnLeave, p.to.OnLeave = p.left, p.left
	p.from.OnKey, p.to.OnKey = h.onKey, h.onKey
	back := h.button("", theme.NavigateBackIcon(), func() { p.step(-1) })
	next := h.button("", theme.NavigateNextIcon(), func() { p.step(1) })
	today := h.button(h.t.T("window.period.today"), nil, func() {
		l := p.length.value()
		if l == aFree {
			l = aDay
			p.length.set(l)
		}
		p.choose(around(l, h.today()))
	})
	p.object = container.NewHBox(p.length, back, sized(112, 0, p.from), widget.NewLabel("–"), sized(112, 0, p.to), next, today)
	return p
}

// around gives the period of a length that holds a day.
func around(length string, d app.Date) app.Days {
	switch length {
	case aWeek:
		return app.Days{From: d.Monday(), To: d.Monday().AddDays(6)}
	case aMonth:
		return app.MonthOf(d).Days()
	}
	return app.Days{From: d, To: d}
}

// step goes one period back or forth.
func (p *period) step(n int) {
	d := p.days
	switch l := p.length.value(); l {
	case aWeek:
		p.choose(app.Days{From: d.From.AddDays(7 * n), To: d.To.AddDays(7 * n)})
	case aMonth:
		p.choose(app.MonthOf(d.From).Add(n).Days())
	default:
		size := int(d.To-d.From) + 1
		p.choose(app.Days{From: d.From.AddDays(size * n), To: d.To.AddDays(size * n)})
	}
}

// left takes the dates when the keyboard leaves an entry that was changed.
func (p *period) left() {
	from, err1 := p.from.Date()
	to, err2 := p.to.Date()
	if err1 != nil || err2 != nil || from != p.days.From || to != p.days.To {
		p.read()
	}
}

// read takes the dates that were typed; one that is not a date is put right.
func (p *period) read() {
	from, err1 := p.from.Date()
	to, err2 := p.to.Date()
	if err1 != nil || err2 != nil || from == 0 {
		p.h.say(p.h.t.T("window.field.date", "Example", p.h.t.Date(p.h.today())), widget.DangerImportance)
		p.set(p.days)
		return
	}
	if to == 0 || to < from {
		to = from
	}
	p.length.set(aFree)
	p.choose(app.Days{From: from, To: to})
}

func (p *period) set(d app.Days) {
	p.days = d
	p.from.SetDate(d.From)
	p.to.SetDate(d.To)
}

func (p *period) choose(d app.Days) {
	p.set(d)
	p.changed()
}

// span gives the period as instants in a zone.
func (p *period) span(zone *time.Location) app.Span {
	return app.Span{From: p.days.From.Start(zone), To: p.days.To.End(zone)}
}
