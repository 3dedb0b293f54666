package anomalies

import (
	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/text"
	"klokkast/ui/window/dayline"
)

// lineOf makes the line of the day of an anomaly's card: one row a site.
func lineOf(names *derived.Names, c *derived.AnomalyCard, t *text.Translator) dayline.Day {
	d := dayline.Day{Span: c.Span, Zone: names.Zone(c.SiteID)}
	at := map[app.ID]int{}
	row := func(site app.ID) *dayline.Row {
		i, ok := at[site]
		if !ok {
			i = len(d.Rows)
			at[site] = i
			d.Rows = append(d.Rows, dayline.Row{Label: names.Site(site)})
		}
		return &d.Rows[i]
	}
	for i := range c.Presences {
		r := row(c.Presences[i].SiteID)
		r.Bars = append(r.Bars, barOf(&c.Presences[i]))
	}
	mine := map[app.RecordKey]bool{}
	for _, e := range c.Evidence {
		mine[e.Punch.Key] = true
	}
	for i := range c.Taps {
		tap := &c.Taps[i]
		if !c.Span.Holds(tap.At) {
			continue
		}
		r := row(tap.SiteID)
		r.Ticks = append(r.Ticks, dayline.Tick{At: tap.At, Mark: tapMark(t, tap), Mine: mine[tap.Punch.Key], Faint: tap.RegistersAs() == ""})
	}
	return d
}

func barOf(p *app.Presence) dayline.Bar {
	b := dayline.Bar{Span: app.Span{From: p.Start(), To: p.LastTap}, NoStart: p.In == nil,
		NoEnd: p.Out == nil, Open: p.State == app.PresenceOpen, Stated: p.Adjusted}
	if p.Out != nil {
		b.Span.To = p.Out.At
	}
	for _, k := range p.Breaks {
		if k.Start.At != 0 && k.End != nil {
			b.Breaks = append(b.Breaks, app.Span{From: k.Start.At, To: k.End.At})
		}
	}
	return b
}

// tapMark is the key of a tap, marked where the person registered by phone.
func tapMark(t *text.Translator, tap *app.Tap) string {
	if tap.Punch.Key.ByRegister() {
		return keyMark(t, tap.Punch.Pressed) + app.PhoneMark
	}
	return keyMark(t, tap.Punch.Pressed)
}

// keyMark is the key in a letter or two; a dot for none.
func keyMark(t *text.Translator, k app.PunchKey) string {
	if k == app.KeyNone {
		return "·"
	}
	return t.T("window.mark." + k.String())
}

// leadingStep returns the step that fits best and is taken on another screen, and
// which; "" where there is none.
func (p *Screen) leadingStep() (attendance.StepCode, string) {
	if p.card == nil {
		return "", ""
	}
	for _, s := range p.card.Steps {
		if screen := screenOf(s.Code); s.Applies && screen != "" {
			return s.Code, screen
		}
	}
	return "", ""
}

func screenOf(c attendance.StepCode) string {
	switch c {
	case attendance.StepEngagement, attendance.StepEmployer, attendance.StepIdentity:
		return "staff"
	case attendance.StepDecideSite, attendance.StepDeclaration, attendance.StepChooseDeclared, attendance.StepPlace:
		return "sites"
	case attendance.StepReadBox, attendance.StepSetClock:
		return "boxes"
	case attendance.StepCorrect, attendance.StepAskRegister:
		return "ciao"
	}
	return ""
}

func (p *Screen) goToStep() {
	if _, screen := p.leadingStep(); screen != "" {
		p.h.GoTo(screen, "")
	}
}
