package cli

import (
	"strings"
	"time"

	"klokkast/app"
)

// days gives the range that the flags choose; none given is open on both sides.
func (p *period) days() (app.Days, error) {
	if p.Month != "" {
		if p.From != "" || p.To != "" {
			return app.Days{}, wrong("together", "A", "--month", "B", "--from/--to")
		}
		m, err := parseMonth(p.Month)
		return m.Days(), err
	}
	from, err := parseDate("--from", p.From)
	if err != nil {
		return app.Days{}, err
	}
	to, err := parseDate("--to", p.To)
	if err != nil {
		return app.Days{}, err
	}
	if from != 0 && to != 0 && to < from {
		return app.Days{}, wrong("toBeforeFrom")
	}
	return app.Days{From: from, To: to}, nil
}

func parseDate(flag, s string) (app.Date, error) {
	d, err := app.ParseDate(s)
	if err != nil {
		return 0, wrong("date", "Flag", flag, "Got", s)
	}
	return d, nil
}

func parseMonth(s string) (app.Month, error) {
	m, err := app.ParseMonth(s)
	if err != nil {
		return app.Month{}, wrong("month", "Got", s)
	}
	return m, nil
}

// parseInstant reads a local day and time of zone, or RFC 3339 with its own.
func parseInstant(flag, s string, zone *time.Location) (app.Instant, error) {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return app.At(t), nil
		}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, wrong("time", "Flag", flag, "Got", s)
	}
	return app.At(t), nil
}

// thisMonth gives the month of today where most of the company works.
func (r *run) thisMonth() app.Month {
	return app.MonthOf(r.parts.Now().DateIn(defaultZone()))
}

// defaultZone is the zone of times that belong to no site.
func defaultZone() *time.Location {
	zone, err := time.LoadLocation(app.DefaultZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// workerNamed gives the worker whom a person means by staff number, id or (a
// part of) the name; "" means nobody in particular.
func (r *run) workerNamed(o Company, name string) (app.ID, error) {
	if name == "" {
		return "", nil
	}
	rows, err := o.WorkerRows(r.ctx)
	if err != nil {
		return "", err
	}
	var things []thing
	for _, w := range rows {
		things = append(things, thing{w.Worker.ID, w.Worker.StaffNumber, w.Worker.Name()})
	}
	return choose(things, name, "noWorker")
}

func (r *run) siteNamed(o Company, name string) (app.Site, error) {
	rows, err := o.SiteRows(r.ctx)
	if err != nil {
		return app.Site{}, err
	}
	var things []thing
	sites := map[app.ID]app.Site{}
	for _, s := range rows {
		things = append(things, thing{s.Site.ID, s.Site.Code, s.Site.Name})
		sites[s.Site.ID] = s.Site
	}
	id, err := choose(things, name, "noSite")
	return sites[id], err
}

// ids gives the ids behind --worker and --site; "" where a flag is not given.
func (w *whose) ids(r *run, o Company) (worker, site app.ID, err error) {
	if worker, err = r.workerNamed(o, w.Worker); err != nil || w.Site == "" {
		return worker, "", err
	}
	s, err := r.siteNamed(o, w.Site)
	return worker, s.ID, err
}

// thing is a worker or a site by what people call it.
type thing struct {
	id         app.ID
	code, name string
}

// choose finds the one thing that is meant: by id or number before the whole
// name, by the whole name before a part of it.
func choose(things []thing, name, none string) (app.ID, error) {
	want := strings.ToLower(strings.TrimSpace(name))
	matches := [3][]app.ID{}
	for _, t := range things {
		has := strings.ToLower(t.name)
		switch {
		case string(t.id) == want || t.code != "" && strings.ToLower(t.code) == want:
			matches[0] = append(matches[0], t.id)
		case has == want:
			matches[1] = append(matches[1], t.id)
		case strings.Contains(has, want):
			matches[2] = append(matches[2], t.id)
		}
	}
	for _, m := range matches {
		switch len(m) {
		case 0:
			continue
		case 1:
			return m[0], nil
		}
		return "", wrong("many", "Name", name, "Count", len(m))
	}
	return "", failure(none, "Name", name)
}
