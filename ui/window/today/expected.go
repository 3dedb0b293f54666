package today

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"klokkast/app/derived"
	"klokkast/ui/window/grid"
	"klokkast/ui/window/kit"
	"klokkast/ui/wording"
)

// expectedRow is one shift of today at a site with a plan.
type expectedRow struct {
	key, person, site, hours, state, since string
	siteID                                 string
	what                                   derived.ExpectedState
}

// expectedOrder has what asks for something first.
var expectedOrder = []derived.ExpectedState{derived.ExpectedMissing, derived.ExpectedUnknown,
	derived.ExpectedIn, derived.ExpectedLater, derived.ExpectedLeft, derived.ExpectedAway}

func (p *Screen) newExpected() {
	t := p.h.Texts
	p.planned = p.h.Fact(t.T("window.today.expected.title")).Strong()
	p.expected = kit.NewGrid(p.h, "", func(r expectedRow) string { return r.key }, []grid.Column[expectedRow]{
		{Key: "person", Title: t.T("window.col.person"), Width: 160, Text: func(r expectedRow) string { return r.person }},
		{Key: "site", Title: t.T("window.col.site"), Width: 150, Text: func(r expectedRow) string { return r.site }},
		{Key: "hours", Title: t.T("window.plan.hours"), Width: 96, Firm: true, Text: func(r expectedRow) string { return r.hours }},
		{Key: "state", Title: "", Width: 110, Text: func(r expectedRow) string { return r.state },
			Look: func(r expectedRow) widget.Importance { return expectedLook(r.what) },
			Compare: func(a, b expectedRow) int {
				return slices.Index(expectedOrder, a.what) - slices.Index(expectedOrder, b.what)
			}},
		{Key: "since", Title: t.T("window.col.since"), Width: 60, Firm: true, Text: func(r expectedRow) string { return r.since }},
	})
	p.expected.OnOpen = func(r expectedRow) { p.h.GoTo("plan", r.siteID) }
}

func expectedLook(s derived.ExpectedState) widget.Importance {
	switch s {
	case derived.ExpectedMissing:
		return widget.DangerImportance
	case derived.ExpectedUnknown:
		return widget.WarningImportance
	case derived.ExpectedIn:
		return widget.SuccessImportance
	}
	return widget.LowImportance
}

func (p *Screen) expectedRows(d todayData) (title string, rows []expectedRow) {
	t := p.h.Texts
	count := map[derived.ExpectedState]int{}
	for i, e := range d.today.Expected {
		count[e.State]++
		s := &e.Shift
		r := expectedRow{key: strconv.Itoa(i) + string(s.LineID) + string(s.WorkerID),
			person: d.names.Worker(s.WorkerID), site: d.names.Site(s.SiteID), siteID: string(s.SiteID),
			hours: s.Hours.String(), state: wording.ExpectedState(t, e.State), what: e.State}
		if e.Since != 0 {
			r.since = sinceText(p.h, e.Since, d.names.Zone(s.SiteID))
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b expectedRow) int {
		return slices.Index(expectedOrder, a.what) - slices.Index(expectedOrder, b.what)
	})
	title = t.T(
		"window.today.expected",
		"Missing",
		t.Number(count[derived.ExpectedMissing]),
		"In",
		t.Number(count[derived.ExpectedIn]),
		"All",
		t.Number(len(rows)),
	)
	return title, rows
}

// showExpected shows the shifts of today below who is present; without a plan
// there is no such list.
func (p *Screen) showExpected(title string, rows []expectedRow) {
	p.planned.SetText(title)
	p.expected.SetRows(rows)
	if p.people == nil { // not on the screen yet
		return
	}
	both := len(p.people.Objects) == 1 && isSplit(p.people.Objects[0])
	if (len(rows) > 0) == both {
		return
	}
	present := kit.Card(p.presence.Label, p.present)
	if len(rows) > 0 {
		below := container.NewVSplit(present, kit.Card(p.planned.Label, p.expected))
		below.SetOffset(0.5)
		present = below
	}
	p.people.Objects = []fyne.CanvasObject{present}
	p.people.Refresh()
}

func isSplit(o fyne.CanvasObject) bool {
	_, ok := o.(*container.Split)
	return ok
}
