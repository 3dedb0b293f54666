package office

import (
	"cmp"
	"context"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// PresenceList gives who is or was at a site between two moments, both
// included; the same twice asks about one moment. SSINs are masked.
func (o *Papers) PresenceList(ctx context.Context, site app.ID, from, to app.Instant) (*papers.PresenceList, error) {
	p, err := o.derived.look(ctx)
	if err != nil {
		return nil, err
	}
	return p.presenceList(o, site, from, to, false)
}

// WritePresenceList prints the list and gives the path of its file.
func (o *Papers) WritePresenceList(ctx context.Context, site app.ID, from, to app.Instant, opt PaperOptions) (string, error) {
	p, err := o.derived.look(ctx)
	if err != nil {
		return "", err
	}
	l, err := p.presenceList(o, site, from, to, opt.Reveal)
	if err != nil {
		return "", err
	}
	var shown []app.ID
	if opt.Reveal {
		for _, x := range l.People {
			shown = append(shown, x.WorkerID)
		}
	}
	name := timesheet.PlainName(to.In(p.names.Zone(site)).Format("2006-01-02-1504"), "presence-list", l.Site.Name)
	return o.printer.writePaper(ctx, l, name, opt, shown...)
}

func (p *picture) presenceList(o *Papers, site app.ID, from, to app.Instant, reveal bool) (*papers.PresenceList, error) {
	s, ok := p.names.Sites[site]
	if !ok {
		return nil, app.NotFound("site", string(site))
	}
	if to < from {
		return nil, &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: from.String()}
	}
	q := papers.PresenceQuestion{
		Site: s, From: from, To: to, Workers: p.names.Workers, Engagements: p.names.Engagements, Employers: p.names.Employers,
		Boxes: p.boxesRead(site, app.Span{From: from, To: to}), Reveal: reveal,
		Longest: func(engagement app.ID) time.Duration { return p.longestPresence(site, engagement) },
	}
	// A shift that reaches into the time began at most some days before it, and
	// one without IN is of the day of its first known tap.
	zone, around := p.names.Zone(site), app.Date(longestShift)
	days := app.Days{From: from.DateIn(zone) - around, To: to.DateIn(zone) + around}
	q.Presences = p.presences(days, "")
	for _, open := range p.open() {
		if !days.Holds(open.Day) {
			q.Presences = append(q.Presences, open)
		}
	}
	return papers.BuildPresenceList(o.printer.made(to), q), nil
}

// longestPresence is after how long an OUT that did not come is missing.
func (p *picture) longestPresence(site, engagement app.ID) time.Duration {
	l := attendance.Levels{Company: p.facts.Settings.Thresholds, Site: p.names.Sites[site].Thresholds, Engagement: p.names.Engagements[engagement].Thresholds}
	limit, _ := l.Of(attendance.MissingOutAfter)
	return time.Duration(limit.Holds) * time.Millisecond
}

// UnknownThere is somebody who came and of whom it is not known whether they are
// still there, by name and site.
type UnknownThere struct {
	app.Presence
	Since app.Instant // the last moment at which they were known to be there
}

// present gives who is known to be at a site at a moment, as their presences, and of whom that is not known.
func (p *picture) present(at app.Instant) (inside []app.Presence, unknown []UnknownThere) {
	today := at.DateIn(app.Belgium())
	for _, pr := range p.open() {
		later := p.presences(app.Days{From: pr.Day, To: today + 1}, pr.WorkerID)
		switch where, since := papers.StandsAt(&pr, at, papers.SeenAgain(&pr, later), p.longestPresence(pr.SiteID, pr.EngagementID)); where {
		case papers.Inside:
			inside = append(inside, pr)
		case papers.Unknown:
			unknown = append(unknown, UnknownThere{pr, since})
		}
	}
	return inside, unknown
}

// longestShift is how many days a presence may reach beyond that on which it begins.
const longestShift = 4

// boxesRead gives the boxes that stood at a site in some time, and up to when
// each was read, by label.
func (p *picture) boxesRead(site app.ID, during app.Span) []papers.BoxRead {
	out := []papers.BoxRead{}
	for _, pl := range p.facts.Placements {
		if pl.SiteID != site || pl.Span.From > during.To || pl.Span.To != 0 && pl.Span.To <= during.From {
			continue
		}
		if slices.ContainsFunc(out, func(b papers.BoxRead) bool { return b.UID == pl.BoxUID }) {
			continue
		}
		b := papers.BoxRead{UID: pl.BoxUID, Label: p.names.Box(pl.BoxUID)}
		for i := range p.facts.Readings {
			if r := &p.facts.Readings[i]; r.Log.Box == pl.BoxUID {
				b.ReadTo = max(b.ReadTo, r.ReadTo)
			}
		}
		if pl.Span.To != 0 && pl.Span.To <= b.ReadTo { // it was taken away since, and all its taps are here
			b.ReadTo = max(b.ReadTo, during.To)
		}
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b papers.BoxRead) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.UID, b.UID))
	})
	return out
}
