package acts

import (
	"cmp"
	"context"
	"slices"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/plan"
	"klokkast/app/workspace"
)

// ProposedPresence is a presence that someone may want to state for a person of a site.
type ProposedPresence struct {
	WorkerID     app.ID
	EngagementID app.ID
	Day          app.Date
	Span         app.Span
	// Known says that the person has punches or a statement at the site that day
	// already: to state more would count the time twice.
	Known bool
}

// usualDays is how far back it is looked who works at a site on which weekdays.
const usualDays = 28

// longestSiteStatement is how many days one proposal covers at most.
const longestSiteStatement = 62

// ProposePresences proposes what to state when a site's box was broken. Where
// the site has a plan for the days: what it expects. Otherwise the people who
// were at the site on that weekday in the four weeks before, or on one of the
// days itself; nobody knows their hours, so they are given once, for all. Hours
// that are given go before those of the plan.
func (o *Judgements) ProposePresences(ctx context.Context, site app.ID, days app.Days, hours app.Hours) ([]ProposedPresence, error) {
	if err := checkSiteStatement(site, days); err != nil {
		return nil, err
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	usual, known := peopleOf(p, site, days)
	out, planned := proposePlanned(p, site, days)
	if !planned {
		if hours.IsZero() {
			return nil, &app.FieldError{Field: "hours", Code: "required", Example: "06:00-14:00"}
		}
		out = proposeUsual(p, usual, known, days)
	}
	zone := p.Names.Zone(site)
	for i := range out {
		c := &out[i]
		c.Known = known[personDay{c.WorkerID, c.Day}]
		if !hours.IsZero() {
			c.Span.From, c.Span.To = hours.On(c.Day, zone)
		}
	}
	slices.SortStableFunc(out, func(a, b ProposedPresence) int {
		return cmp.Or(
			cmp.Compare(p.Names.Worker(a.WorkerID), p.Names.Worker(b.WorkerID)),
			cmp.Compare(a.WorkerID, b.WorkerID),
			cmp.Compare(a.Day, b.Day),
			cmp.Compare(a.Span.From, b.Span.From),
		)
	})
	return out, nil
}

// proposePlanned returns the shifts that a site's plan expects; false where it has none for the days.
func proposePlanned(p *derived.Snapshot, site app.ID, days app.Days) (out []ProposedPresence, planned bool) {
	f := &p.Facts
	book := plan.NewBook(plan.Facts{Lines: f.PlanLines, Exceptions: f.PlanExceptions, Absences: f.Absences, Engagements: f.Engagements, Sites: f.Sites})
	shifts := book.Site(site, days)
	for _, s := range shifts {
		if s.State == app.ShiftExpected {
			out = append(out, ProposedPresence{WorkerID: s.WorkerID, EngagementID: s.EngagementID, Day: s.Day, Span: app.Span{From: s.From, To: s.To}})
		}
	}
	return out, len(shifts) > 0
}

// proposeUsual returns the days on which people usually work at the site, or did, without hours.
func proposeUsual(p *derived.Snapshot, usual map[app.ID]*[7]bool, known map[personDay]bool, days app.Days) (out []ProposedPresence) {
	for engagement, weekdays := range usual {
		e := p.Names.Engagements[engagement]
		for d := days.From; d <= days.To; d = d.AddDays(1) {
			if e.Days.Holds(d) && (weekdays[d.Weekday()] || known[personDay{e.WorkerID, d}]) {
				out = append(out, ProposedPresence{WorkerID: e.WorkerID, EngagementID: engagement, Day: d})
			}
		}
	}
	return out
}

func checkSiteStatement(site app.ID, days app.Days) error {
	if err := workspace.Required("site", string(site), "Stadhuis Leuven"); err != nil {
		return err
	}
	if days.From == 0 || days.To == 0 {
		return &app.FieldError{Field: "from", Code: "required", Example: "2026-11-23"}
	}
	if err := workspace.CheckDays(days); err != nil {
		return err
	}
	if last := days.From.AddDays(longestSiteStatement - 1); days.To > last {
		return &app.FieldError{Field: "to", Code: "to.range", Example: last.String()}
	}
	return nil
}

type personDay struct {
	worker app.ID
	day    app.Date
}

// peopleOf returns the weekdays on which people worked at a site, by engagement,
// and who was there on days.
func peopleOf(p *derived.Snapshot, site app.ID, days app.Days) (usual map[app.ID]*[7]bool, known map[personDay]bool) {
	usual, known = map[app.ID]*[7]bool{}, map[personDay]bool{}
	for _, pr := range p.Presences(app.Days{From: days.From.AddDays(-usualDays), To: days.To}, "") {
		if pr.SiteID != site {
			continue
		}
		if usual[pr.EngagementID] == nil {
			usual[pr.EngagementID] = &[7]bool{}
		}
		if days.Holds(pr.Day) {
			known[personDay{pr.WorkerID, pr.Day}] = true
		} else {
			usual[pr.EngagementID][pr.Day.Weekday()] = true
		}
	}
	return usual, known
}
