package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/ui/window/field"
)

// Period picks a range of days: a kind of length and the day it stands at,
// with arrows to go back and forth, or two free dates.
type Period struct {
	h       *Host
	Length  *Choice     // ADay, AWeek, AMonth or AFree
	From    *field.Date // the first day
	To      *field.Date // the last day
	Days    app.Days    // what is chosen
	changed func()
	Object  fyne.CanvasObject // all of it in a row
}

// Lengths of a period.
const (
	ADay   = "day"
	AWeek  = "week"
	AMonth = "month"
	AFree  = "free"
)

// NewPeriod makes a picker of the period of that length that holds today; changed is called when another is chosen.
func NewPeriod(h *Host, length string, changed func()) *Period {
	p := &Period{h: h, changed: changed}
	var options []Option
	for _, l := range []string{ADay, AWeek, AMonth, AFree} {
		options = append(options, Option{l, h.Texts.T("window.period." + l)})
	}
	p.Length = NewChoice(options, length)
	p.From, p.To = h.newDate(0), h.newDate(0)
	p.Set(Around(length, h.Today()))
	p.Length.OnChanged = func(string) {
		if l := p.Length.Value(); l != AFree {
			p.Choose(Around(l, p.Days.From))
		}
	}
	read := func(string) { p.Read() }
	p.From.OnSubmitted, p.To.OnSubmitted = read, read
	p.From.OnLeave, p.To.OnLeave = p.left, p.left
	p.From.OnKey, p.To.OnKey = h.OnKey, h.OnKey
	back := h.Button("", theme.NavigateBackIcon(), func() { p.Step(-1) })
	next := h.Button("", theme.NavigateNextIcon(), func() { p.Step(1) })
	today := h.Button(h.Texts.T("window.period.today"), nil, func() {
		l := p.Length.Value()
		if l == AFree {
			l = ADay
			p.Length.Set(l)
		}
		p.Choose(Around(l, h.Today()))
	})
	p.Object = container.NewHBox(p.Length, back, Sized(112, 0, p.From), widget.NewLabel("–"), Sized(112, 0, p.To), next, today)
	return p
}

// Around returns the period of a length that holds a day.
func Around(length string, d app.Date) app.Days {
	switch length {
	case AWeek:
		return app.Days{From: d.Monday(), To: d.Monday().AddDays(6)}
	case AMonth:
		return app.MonthOf(d).Days()
	}
	return app.Days{From: d, To: d}
}

// Step goes one period back or forth.
func (p *Period) Step(n int) {
	d := p.Days
	switch l := p.Length.Value(); l {
	case AWeek:
		p.Choose(app.Days{From: d.From.AddDays(7 * n), To: d.To.AddDays(7 * n)})
	case AMonth:
		p.Choose(app.MonthOf(d.From).Add(n).Days())
	default:
		size := int(d.To-d.From) + 1
		p.Choose(app.Days{From: d.From.AddDays(size * n), To: d.To.AddDays(size * n)})
	}
}

// left takes the dates when the keyboard leaves an entry that was changed.
func (p *Period) left() {
	from, err1 := p.From.Date()
	to, err2 := p.To.Date()
	if err1 != nil || err2 != nil || from != p.Days.From || to != p.Days.To {
		p.Read()
	}
}

// Read takes the dates that were typed; one that is not a date is put right.
func (p *Period) Read() {
	from, err1 := p.From.Date()
	to, err2 := p.To.Date()
	if err1 != nil || err2 != nil || from == 0 {
		p.h.Say(p.h.Texts.T("window.field.date", "Example", p.h.Texts.Date(p.h.Today())), widget.DangerImportance)
		p.Set(p.Days)
		return
	}
	if to == 0 || to < from {
		to = from
	}
	p.Length.Set(AFree)
	p.Choose(app.Days{From: from, To: to})
}

// Set shows a period without telling anyone.
func (p *Period) Set(d app.Days) {
	p.Days = d
	p.From.SetDate(d.From)
	p.To.SetDate(d.To)
}

// Choose shows a period, and says that it changed.
func (p *Period) Choose(d app.Days) {
	p.Set(d)
	p.changed()
}

// Span returns the period as instants in a zone.
func (p *Period) Span(zone *time.Location) app.Span {
	return app.Span{From: p.Days.From.Start(zone), To: p.Days.To.End(zone)}
}

// Choices of the filters that are no code of the trade.
const (
	Anything  = ""
	ThisWeek  = "week"
	ThisMonth = "month"
)
