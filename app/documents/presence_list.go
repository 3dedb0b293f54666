package documents

import (
	"cmp"
	"context"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/papers"
	"klokkast/app/timesheet"
)

// PresenceList returns who is or was at a site between two moments, both
// included; the same twice asks about one moment. SSINs are masked.
func (o *Papers) PresenceList(ctx context.Context, site app.ID, from, to app.Instant) (*papers.PresenceList, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return layPresenceList(p, o, site, from, to, false)
}

// WritePresenceList prints the list and gives the path of its file.
func (o *Papers) WritePresenceList(ctx context.Context, site app.ID, from, to app.Instant, opt PaperOptions) (string, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return "", err
	}
	l, err := layPresenceList(p, o, site, from, to, opt.Reveal)
	if err != nil {
		return "", err
	}
	var shown []app.ID
	if opt.Reveal {
		for _, x := range l.People {
			shown = append(shown, x.WorkerID)
		}
	}
	name := timesheet.PlainName(to.In(p.Names.Zone(site)).Format("2006-01-02-1504"), "presence-list", l.Site.Name)
	return o.printer.writePaper(ctx, l, name, opt, shown...)
}

func layPresenceList(p *derived.Snapshot, o *Papers, site app.ID, from, to app.Instant, reveal bool) (*papers.PresenceList, error) {
	s, ok := p.Names.Sites[site]
	if !ok {
		return nil, app.NotFound("site", string(site))
	}
	if to < from {
		return nil, &app.FieldError{Field: "to", Code: "to.beforeFrom", Example: from.String()}
	}
	q := papers.PresenceQuestion{
		Site: s, From: from, To: to, Workers: p.Names.Workers, Engagements: p.Names.Engagements, Employers: p.Names.Employers,
		Boxes: boxesRead(p, site, app.Span{From: from, To: to}), Reveal: reveal,
		Longest: func(engagement app.ID) time.Duration { return p.LongestPresence(site, engagement) },
	}
	// A shift that reaches into the time began at most some days before it, and
	// one without IN is of the day of its first known tap.
	zone, around := p.Names.Zone(site), app.Date(derived.LongestShift)
	days := app.Days{From: from.DateIn(zone) - around, To: to.DateIn(zone) + around}
	q.Presences = p.Presences(days, "")
	for _, open := range p.Open() {
		if !days.Holds(open.Day) {
			q.Presences = append(q.Presences, open)
		}
	}
	return papers.BuildPresenceList(o.printer.made(to), q), nil
}

// boxesRead returns the boxes that stood at a site in some time, and up to when
// each was read, by label.
func boxesRead(p *derived.Snapshot, site app.ID, during app.Span) []papers.BoxRead {
	out := []papers.BoxRead{}
	if p.Names.Sites[site].Phones {
		out = append(out, papers.BoxRead{UID: app.MakeRegister.UID(string(site)), Phones: true, ReadTo: p.Engine.PhonesReadTo(site)})
	}
	for _, pl := range p.Facts.Placements {
		if pl.SiteID != site || pl.Span.From > during.To || pl.Span.To != 0 && pl.Span.To <= during.From {
			continue
		}
		if slices.ContainsFunc(out, func(b papers.BoxRead) bool { return b.UID == pl.BoxUID }) {
			continue
		}
		b := papers.BoxRead{UID: pl.BoxUID, Label: p.Names.Box(pl.BoxUID)}
		for i := range p.Facts.Readings {
			if r := &p.Facts.Readings[i]; r.Log.Box == pl.BoxUID {
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
