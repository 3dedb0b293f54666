package office

import (
	"cmp"
	"context"
	"slices"
	"time"

	"klokkast/app"
)

// DayHours are hours on the local clock, in minutes after midnight. To at or
// before From is on the next day.
type DayHours struct{ From, To int }

// IsZero says that no hours are given.
func (h DayHours) IsZero() bool { return h == DayHours{} }

// On gives the hours on a day of a zone.
func (h DayHours) On(day app.Date, zone *time.Location) app.Span {
	at := func(d app.Date, minutes int) app.Instant {
		y, m, n := d.YMD()
		return app.At(time.Date(y, m, n, 0, minutes, 0, 0, zone))
	}
	last := day
	if h.To <= h.From {
		last = day.AddDays(1)
	}
	return app.Span{From: at(day, h.From), To: at(last, h.To)}
}

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

// ProposePresences proposes what to state when a site's box was broken: for the
// people who were at the site on that weekday in the four weeks before, or on
// one of the days itself. Nobody knows their hours, so they are given once, for all.
func (o *Office) ProposePresences(ctx context.Context, site app.ID, days app.Days, hours DayHours) ([]ProposedPresence, error) {
	if err := checkSiteStatement(site, days, hours); err != nil {
		return nil, err
	}
	p, err := o.look(ctx)
	if err != nil {
		return nil, err
	}
	zone := p.names.Zone(site)
	usual, known := p.peopleOf(site, days)
	var out []ProposedPresence
	for engagement, weekdays := range usual {
		e := p.names.Engagements[engagement]
		for d := days.From; d <= days.To; d = d.AddDays(1) {
			has := known[personDay{e.WorkerID, d}]
			if e.Days.Holds(d) && (weekdays[d.Weekday()] || has) {
				out = append(out, ProposedPresence{e.WorkerID, engagement, d, hours.On(d, zone), has})
			}
		}
	}
	slices.SortFunc(out, func(a, b ProposedPresence) int {
		return cmp.Or(cmp.Compare(p.names.Worker(a.WorkerID), p.names.Worker(b.WorkerID)), cmp.Compare(a.WorkerID, b.WorkerID), cmp.Compare(a.Day, b.Day))
	})
	return out, nil
}

func checkSiteStatement(site app.ID, days app.Days, hours DayHours) error {
	if err := required("site", string(site), "Stadhuis Leuven"); err != nil {
		return err
	}
	if days.From == 0 || days.To == 0 {
		return &app.FieldError{Field: "from", Code: "required", Example: "2026-11-23"}
	}
	if err := checkDays(days); err != nil {
		return err
	}
	if last := days.From.AddDays(longestSiteStatement - 1); days.To > last {
		return &app.FieldError{Field: "to", Code: "to.range", Example: last.String()}
	}
	if hours.IsZero() {
		return &app.FieldError{Field: "hours", Code: "required", Example: "06:00-14:00"}
	}
	return nil
}

type personDay struct {
	worker app.ID
	day    app.Date
}

// peopleOf gives the weekdays on which people worked at a site, by engagement,
// and who was there on days.
func (p *picture) peopleOf(site app.ID, days app.Days) (usual map[app.ID]*[7]bool, known map[personDay]bool) {
	usual, known = map[app.ID]*[7]bool{}, map[personDay]bool{}
	for _, pr := range p.presences(app.Days{From: days.From.AddDays(-usualDays), To: days.To}, "") {
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
