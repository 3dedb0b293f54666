package today

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/window/field"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// Screen is the first screen: what a site supervisor needs to have the day in order.
type Screen struct {
	h    *kit.Host
	desk *office.Office
	load *kit.Inquiry

	title    *widget.Label
	read     *kit.Button
	send     *kit.Button
	severity map[app.Severity]*kit.Button
	notices  *kit.Warning
	presence *kit.Fact
	present  *grid.Grid[presentRow]
	planned  *kit.Fact
	expected *grid.Grid[expectedRow]
	people   *fyne.Container // who is present and, with a plan, who is expected
	newest   *grid.Grid[newestRow]
	boxes    *grid.Grid[todayBox]
	ciao     *kit.Button
}

type presentRow struct {
	key, person, site, since, note string
	unknown                        bool // whether the person is still there
}

type newestRow struct {
	key, day, what, who, site string
	anomaly                   string // its identity, to go to
}

type todayBox struct {
	key, box, site, read string
	late                 bool
}

// New makes the screen of today on an office.
func New(h *kit.Host, desk *office.Office) *Screen {
	p := &Screen{h: h, desk: desk, severity: map[app.Severity]*kit.Button{}}
	p.title = kit.Heading(h.Texts.LongDate(h.Today()))
	p.read = h.MainButton(h.Texts.T("window.boxes.readAll"), theme.DownloadIcon(), func() { kit.ReadAll(h, desk) })
	p.send = h.Button(h.Texts.T("window.ciao.send"), theme.UploadIcon(), func() { kit.Send(h, desk) })
	for _, s := range severities {
		p.severity[s] = h.Button("", nil, func() { h.GoTo("anomalies", s.String()) })
	}
	p.notices = kit.NewWarning(widget.WarningImportance)
	p.presence = h.Fact(h.Texts.T("window.today.presence")).Strong()
	p.ciao = h.Button("", nil, func() { h.GoTo("ciao", "") })
	p.ciao.Alignment = widget.ButtonAlignLeading
	p.present = kit.NewGrid(h, h.Texts.T("window.today.nobody"), func(r presentRow) string { return r.key }, []grid.Column[presentRow]{
		{Key: "person", Title: h.Texts.T("window.col.person"), Width: 130, Text: func(r presentRow) string { return r.person }},
		{Key: "site", Title: h.Texts.T("window.col.site"), Width: 90, Text: func(r presentRow) string { return r.site }},
		{Key: "since", Title: h.Texts.T("window.col.since"), Width: 92, Firm: true, Text: func(r presentRow) string { return r.since }},
		{Key: "note", Title: "", Width: 230, Text: func(r presentRow) string { return r.note }, Look: func(r presentRow) widget.Importance {
			if r.unknown {
				return widget.WarningImportance
			}
			return widget.LowImportance
		}},
	})
	p.newExpected()
	p.newest = kit.NewGrid(h, h.Texts.T("window.today.allWell"), func(r newestRow) string { return r.key }, []grid.Column[newestRow]{
		{Key: "day", Title: h.Texts.T("window.col.day"), Width: 80, Firm: true, Text: func(r newestRow) string { return r.day }},
		{Key: "what", Title: h.Texts.T("window.col.what"), Width: 170, Text: func(r newestRow) string { return r.what }},
		{Key: "who", Title: h.Texts.T("window.col.person"), Width: 150, Text: func(r newestRow) string { return r.who }},
		{Key: "site", Title: h.Texts.T("window.col.site"), Width: 150, Text: func(r newestRow) string { return r.site }},
	})
	p.newest.OnOpen = func(r newestRow) { h.GoTo("anomalies", r.anomaly) }
	p.boxes = kit.NewGrid(h, h.Texts.T("window.boxes.empty"), func(r todayBox) string { return r.key }, []grid.Column[todayBox]{
		{Key: "box", Title: h.Texts.T("window.col.box"), Width: 150, Text: func(r todayBox) string { return r.box }},
		{Key: "site", Title: h.Texts.T("window.col.site"), Width: 150, Text: func(r todayBox) string { return r.site }},
		{Key: "read", Title: h.Texts.T("window.col.readTo"), Width: 128, Firm: true,
			Text: func(r todayBox) string { return r.read }, Look: func(r todayBox) widget.Importance {
				if r.late {
					return widget.WarningImportance
				}
				return widget.MediumImportance
			}},
	})
	p.boxes.OnOpen = func(r todayBox) { h.GoTo("boxes", r.key) }
	p.load = h.Asks(p.presence, p.planned, p.notices, p.present, p.expected, p.newest, p.boxes, kit.Marked{Name: "CIAO:", Set: p.ciao.SetText})
	for _, s := range severities {
		p.load.Shows(kit.Marked{Name: kit.Upper(wording.Severity(h.Texts, s)), Set: func(text string) { p.showSeverity(s, text, widget.LowImportance) }})
	}
	return p
}

// severities from the worst on.
var severities = [...]app.Severity{app.Serious, app.Warning, app.Information}

// Content lays the screen out.
func (p *Screen) Content() fyne.CanvasObject {
	counts := container.NewHBox(kit.Bold(p.h.Texts.T("window.today.anomalies")))
	for _, s := range severities {
		counts.Add(p.severity[s])
	}
	top := container.NewVBox(
		container.NewBorder(nil, nil, nil, kit.Toolbar(p.read, p.send), p.title),
		p.load.Strip, counts, p.notices.Label,
	)
	p.people = container.NewStack(kit.Card(p.presence.Label, p.present))
	right := container.NewVSplit(
		kit.Card(kit.Bold(p.h.Texts.T("window.today.newest")), p.newest),
		kit.Card(kit.Bold(p.h.Texts.T("window.today.boxes")), p.boxes),
	)
	return container.NewBorder(top, p.ciao, nil, nil, kit.Split(0.48, p.people, right))
}

// Filter is the entry that Ctrl+F goes to; nil where there is none.
func (p *Screen) Filter() *field.Entry { return nil }

// Narrow shows only what another screen leads to.
func (p *Screen) Narrow(string) {}

type todayData struct {
	today *office.Today
	names *derived.Names
}

// Reload asks the office again, in the background.
func (p *Screen) Reload() {
	kit.Load(p.load, nil, func(ctx context.Context) (todayShown, error) {
		t, err := p.desk.Today(ctx)
		if err != nil {
			return todayShown{}, err
		}
		n, err := p.desk.Derived.Names(ctx)
		if err != nil {
			return todayShown{}, err
		}
		return p.rows(todayData{t, n}), nil
	}, p.show)
}

// todayShown is everything that the screen shows, formatted.
type todayShown struct {
	date     string
	presence string
	present  []presentRow
	planned  string
	expected []expectedRow
	counts   map[app.Severity]int
	newest   []newestRow
	boxes    []todayBox
	notices  string
	ciao     string
}

// lateAfter is when a box counts as long unread here, in days; the rule box-unread decides by its own threshold.
const lateAfter = 7

func (p *Screen) rows(d todayData) todayShown {
	t, h := p.h.Texts, p.h
	s := todayShown{
		date: t.LongDate(d.today.Date), counts: d.today.BySeverity,
		presence: p.counted(d.today),
		ciao:     ciaoLine(h, &d.today.Register), notices: p.notes(d),
	}
	for i := range d.today.Present {
		s.present = append(s.present, p.presentRow(d, &d.today.Present[i]))
	}
	for i := range d.today.Unknown { // below those who are known to be there
		u := &d.today.Unknown[i]
		r := p.presentRow(d, &u.Presence)
		r.unknown, r.note = true, t.T("papers.presence.unknownSince", "At", sinceText(h, u.Since, d.names.Zone(u.SiteID)))
		s.present = append(s.present, r)
	}
	s.planned, s.expected = p.expectedRows(d)
	for i := range d.today.Newest {
		a := &d.today.Newest[i]
		key := a.Key().String()
		s.newest = append(s.newest, newestRow{key: key, anomaly: key, day: t.DayMonth(kit.AnomalyDay(d.names, a)),
			what: wording.Rule(t, a.Rule), who: d.names.Worker(a.WorkerID), site: kit.PlaceOf(d.names, a)})
	}
	now := h.Now()
	for i := range d.today.Boxes {
		b := &d.today.Boxes[i]
		r := todayBox{key: b.Box.UID, box: kit.BoxName(h, b), site: d.names.Site(b.SiteID), read: t.T("window.boxes.never"), late: true}
		if b.LastRead != 0 {
			r.read = "–" // read, and it is not known how far
			r.late = now.Sub(b.LastRead).Hours() > 24*lateAfter
		}
		if b.ReadTo != 0 { // what is known of people ends there, whenever the file was imported
			r.read = t.DateTime(b.ReadTo, h.Zone)
		}
		s.boxes = append(s.boxes, r)
	}
	return s
}

// counted says how many people are known to be at work, and apart from them of how many that is not known.
func (p *Screen) counted(today *office.Today) string {
	t := p.h.Texts
	text := t.N("window.today.present", today.PeoplePresent())
	if n := today.PeopleUnknown(); n > 0 {
		text += " · " + t.N("window.today.unknown", n)
	}
	return text + " · " + t.N("window.today.workdays", today.Workdays)
}

func (p *Screen) presentRow(d todayData, pr *app.Presence) presentRow {
	r := presentRow{key: string(pr.WorkerID) + string(pr.SiteID) + pr.Start().String(), person: d.names.Worker(pr.WorkerID), site: d.names.Site(pr.SiteID),
		since: sinceText(p.h, pr.Start(), d.names.Zone(pr.SiteID))}
	if n := len(pr.Breaks); n > 0 && pr.Breaks[n-1].End == nil {
		r.note = p.h.Texts.T("window.today.onBreak")
	} else if pr.In.ByPhone() {
		r.note = p.h.Texts.T("word.byPhone")
	}
	return r
}

// notes are the lines that need someone's eye today.
func (p *Screen) notes(d todayData) string {
	t := p.h.Texts
	lines := wording.Access(t, d.today.Access)
	if d.today.Register.Stopped != "" {
		lines = append(lines, wording.Stopped(t, d.today.Register.Stopped))
	}
	lines = append(lines, wording.Notices(t, d.today.Register.Notices)...)
	lines = append(lines, wording.Phones(t, d.today.Phones)...)
	if n := d.today.Register.Doubtful; n > 0 {
		lines = append(lines, t.N("window.today.doubtful", n))
	}
	if n := d.today.Register.Findings; n > 0 {
		lines = append(lines, t.N("window.today.findings", n))
	}
	if d.today.Declarations > 0 {
		lines = append(lines, t.N("window.today.radar", d.today.Declarations))
	}
	if d.today.ClockUnchecked {
		lines = append(lines, t.T("window.today.clock"))
	}
	if settled := wording.Settled(t, d.names, d.today.Settled); settled != "" {
		lines = append(lines, settled)
	}
	for _, o := range d.today.Older {
		key := "window.today.older.unplaced"
		if o.Placed {
			key = "window.today.older.placed"
		}
		lines = append(lines, t.N(key, o.Punches, "Box", d.names.Box(o.Box), "From", t.Date(o.From.DateIn(p.h.Zone)), "To", t.Date(o.To.DateIn(p.h.Zone))))
	}
	const most = 4 // more would push the lists from the screen
	if len(lines) > most {
		rest := len(lines) - most + 1
		lines = append(lines[:most-1], t.N("window.today.more", rest))
	}
	return strings.Join(lines, "\n")
}

func (p *Screen) show(s todayShown) {
	p.title.SetText(s.date)
	p.presence.SetText(s.presence)
	p.present.SetRows(s.present)
	p.showExpected(s.planned, s.expected)
	p.newest.SetRows(s.newest)
	p.boxes.SetRows(s.boxes)
	for _, v := range severities {
		look := widget.LowImportance
		if s.counts[v] > 0 {
			look = severityLook(v)
		}
		p.showSeverity(v, kit.Upper(wording.Severity(p.h.Texts, v))+"  "+p.h.Texts.Number(s.counts[v]), look)
	}
	p.notices.SetText(s.notices)
	p.ciao.SetText(s.ciao)
}

func (p *Screen) showSeverity(s app.Severity, text string, look widget.Importance) {
	b := p.severity[s]
	b.Importance = look
	b.SetText(text)
}

// severityLook is the weight of a severity on a button.
func severityLook(s app.Severity) widget.Importance {
	switch s {
	case app.Serious:
		return widget.DangerImportance
	case app.Warning:
		return widget.WarningImportance
	}
	return widget.MediumImportance
}

// sinceText writes a time of today as 06:58, one of another day with its day.
func sinceText(h *kit.Host, at app.Instant, zone *time.Location) string {
	if at.DateIn(zone) == h.Now().DateIn(zone) {
		return h.Texts.Time(at, zone)
	}
	day := strings.Fields(h.Texts.DayMonth(at.DateIn(zone))) // without its weekday, which has no room here
	return day[len(day)-1] + " " + h.Texts.Time(at, zone)
}

// ciaoLine is the outbox in one line.
func ciaoLine(h *kit.Host, c *sending.RegisterCounts) string {
	t := h.Texts
	parts := []string{t.T("window.today.eligible", "Count", t.Number(c.Eligible+c.States[app.RegQueued]-c.NeedsPersonOf[app.RegQueued]))}
	held := 0
	for _, x := range c.Held {
		if !x.Never {
			held += x.Count
		}
	}
	for _, x := range []struct {
		label string
		n     int
	}{
		{kit.Upper(wording.State(t, app.RegHeld)), held},
		{kit.Upper(wording.State(t, app.RegAsked)), c.NeedsPerson},
		{kit.Upper(wording.State(t, app.RegUnknown)), c.States[app.RegUnknown] - c.NeedsPersonOf[app.RegUnknown]},
		{kit.Upper(wording.State(t, app.RegRefused)), c.States[app.RegRefused]},
		{kit.Upper(wording.State(t, app.RegAccepted)), c.States[app.RegAccepted]},
	} {
		parts = append(parts, x.label+" "+t.Number(x.n))
	}
	return "CIAO: " + strings.Join(parts, "  ·  ")
}
