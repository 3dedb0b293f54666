package derived

import (
	"cmp"
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/plan"
)

// Expected is a planned shift and what is known of whoever was to come.
type Expected struct {
	Shift app.Shift
	State ExpectedState
	// Since is when the person came, zero where nobody did or nobody knows.
	Since app.Instant
}

// ExpectedState says what became of a shift so far; its text is expected.CODE.
type ExpectedState string

// What became of a shift.
const (
	ExpectedLater   ExpectedState = "later"   // it has not begun yet
	ExpectedIn      ExpectedState = "in"      // the person is there
	ExpectedLeft    ExpectedState = "left"    // the person was there
	ExpectedMissing ExpectedState = "missing" // nobody tapped, and the boxes were read past it
	ExpectedUnknown ExpectedState = "unknown" // begun; the boxes were not read so far, whether or not the person was seen before
	ExpectedAway    ExpectedState = "away"    // absence is noted
)

// ExpectedAt returns who is expected at a site at a moment, and whether they are
// there; not who is away. By start, then worker.
func (o *Cache) ExpectedAt(ctx context.Context, site app.ID, at app.Instant) ([]Expected, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return p.ExpectedAt(site, at), nil
}

// ExpectedAt are the planned shifts at a site at an instant, each with who came.
func (p *Snapshot) ExpectedAt(site app.ID, at app.Instant) []Expected {
	day := at.DateIn(p.Names.Zone(site))
	list := []Expected{}
	for _, s := range p.Book().Site(site, app.Days{From: day - 1, To: day}) {
		if s.State == app.ShiftExpected && s.From <= at && at < s.To {
			list = append(list, p.expected(s, at))
		}
	}
	return list
}

// ExpectedOn returns the shifts that begin on a day at sites with a plan, those
// of people who are away too, by site, start and worker.
func (o *Cache) ExpectedOn(ctx context.Context, day app.Date) ([]Expected, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return p.ExpectedOn(day), nil
}

// ExpectedOn are the planned shifts of a day, by site and start, each with who came.
func (p *Snapshot) ExpectedOn(day app.Date) []Expected {
	list := []Expected{}
	book := p.Book()
	for _, site := range book.Sites() {
		for _, s := range book.Site(site, app.Days{From: day, To: day}) {
			if s.State == app.ShiftExpected || s.State == app.ShiftAbsent {
				list = append(list, p.expected(s, p.At))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Expected) int {
		return cmp.Or(cmp.Compare(p.Names.Site(a.Shift.SiteID), p.Names.Site(b.Shift.SiteID)), cmp.Compare(a.Shift.SiteID, b.Shift.SiteID),
			cmp.Compare(a.Shift.From, b.Shift.From), cmp.Compare(p.Names.Worker(a.Shift.WorkerID), p.Names.Worker(b.Shift.WorkerID)))
	})
	return list
}

// Book is the plan of all sites.
func (p *Snapshot) Book() *plan.Book {
	return plan.NewBook(plan.Facts{Lines: p.Facts.PlanLines, Exceptions: p.Facts.PlanExceptions, Absences: p.Facts.Absences,
		Engagements: p.Facts.Engagements, Sites: p.Facts.Sites})
}

// expected says what is known of a shift at a moment.
func (p *Snapshot) expected(s app.Shift, at app.Instant) Expected {
	e := Expected{Shift: s, State: ExpectedLater}
	e.State, e.Since = p.presentFor(s, at)
	_, missing := p.Anomaly(app.AnomalyKey{Rule: app.NotShown, Subject: app.Subject{Kind: app.AboutEngagement, ID: string(s.EngagementID)},
		Anchor: s.Day.String() + "/" + string(s.LineID)})
	switch {
	case e.State != "":
	case s.State == app.ShiftAbsent:
		e.State = ExpectedAway
	case missing && at > s.From:
		e.State = ExpectedMissing
	case at < s.From:
		e.State = ExpectedLater
	default:
		e.State = ExpectedUnknown
	}
	return e
}

// early is how long before a shift somebody may come and be there for it.
const early = 60 * 60 * 1000

// presentFor looks for presences of the shift's person at its site and time:
// whether the person is in at a moment or was there before it; "" for neither.
func (p *Snapshot) presentFor(s app.Shift, at app.Instant) (state ExpectedState, since app.Instant) {
	if at < s.From-early { // who is there is there for an earlier one
		return "", 0
	}
	for _, pr := range p.Presences(app.Days{From: s.Day - 1, To: s.Day + 1}, s.WorkerID) {
		start, end, in := pr.Start(), pr.LastTap, pr.State == app.PresenceOpen
		if pr.Out != nil {
			end, in = pr.Out.At, pr.Out.At > at
		}
		where := app.WhereInside
		if in && start <= at {
			where, _ = app.StandsAt(
				&pr,
				at,
				app.SeenAgain(&pr, p.Presences(app.Days{From: pr.Day, To: s.Day + 1}, s.WorkerID)),
				p.LongestPresence(pr.SiteID, pr.EngagementID),
			)
			in = where != app.WhereLeft
		}
		if pr.SiteID != s.SiteID || start > at || start >= s.To || !in && end < s.From-early {
			continue
		}
		switch {
		case in && where == app.WhereUnknown:
			return ExpectedUnknown, start
		case in:
			return ExpectedIn, start
		}
		if since == 0 {
			state, since = ExpectedLeft, start
		}
	}
	return state, since
}
