package cli

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/identity"
	"klokkast/app/office"
)

// days returns the range that the flags choose; none given is open on both sides.
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

// parseInstant reads a local day and time of zone, or RFC 3339 with its own. An
// hour that comes twice is the first of the two; one that does not exist is wrong.
func parseInstant(flag, s string, zone *time.Location) (app.Instant, error) {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05"} {
		t, err := time.ParseInLocation(layout, s, zone)
		if err != nil {
			continue
		}
		if t.Format(layout) != s {
			return 0, wrong("noSuchTime", "Flag", flag, "Got", s)
		}
		if before := t.Add(-time.Hour); before.Format(layout) == s {
			t = before
		}
		return app.At(t), nil
	}
	if d, err := app.ParseDate(s); err == nil && d != 0 {
		return d.Start(zone), nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, wrong("time", "Flag", flag, "Got", s)
	}
	return app.At(t), nil
}

// knownZone says that there is a time zone of that name; "" is none in particular.
func knownZone(z app.Zone) error {
	if _, err := z.Load(); err != nil {
		return wrong("zone", "Got", string(z))
	}
	return nil
}

// orThisMonth returns days, or those of this month where none were chosen.
func (r *run) orThisMonth(days app.Days) app.Days {
	if days == (app.Days{}) {
		return r.thisMonth().Days()
	}
	return days
}

// today returns the day of now where most of the company works.
func (r *run) today() app.Date { return r.parts.Now().DateIn(app.Belgium()) }

// thisMonth returns the month of today where most of the company works.
func (r *run) thisMonth() app.Month {
	return app.MonthOf(r.today())
}

// workerNamed returns the id of the worker whom a person means; "" means nobody in particular.
func (r *run) workerNamed(o *office.Office, name string) (app.ID, error) {
	if name == "" {
		return "", nil
	}
	w, err := r.worker(o, name)
	return w.Worker.ID, err
}

// worker returns the worker whom a person means by staff number, id or (a part of) the name.
func (r *run) worker(o *office.Office, name string) (acts.WorkerRow, error) {
	rows, err := o.Staff.Rows(r.ctx)
	if err != nil {
		return acts.WorkerRow{}, err
	}
	return pick(rows, name, "noWorker", func(w acts.WorkerRow) thing {
		return thing{string(w.Worker.ID), w.Worker.StaffNumber, w.Worker.Name()}
	})
}

// site returns the site that a person means by code, id or (a part of) the name.
func (r *run) site(o *office.Office, name string) (acts.SiteRow, error) {
	rows, err := o.Sites.Rows(r.ctx)
	if err != nil {
		return acts.SiteRow{}, err
	}
	return pick(rows, name, "noSite", func(s acts.SiteRow) thing { return thing{string(s.Site.ID), s.Site.Code, s.Site.Name} })
}

// employer returns the employer whom a person means by enterprise number, VAT
// number, id or (a part of) the name.
func (r *run) employer(o *office.Office, name string) (app.Employer, error) {
	all, err := o.Staff.Employers(r.ctx)
	if err != nil {
		return app.Employer{}, err
	}
	if number, err := identity.ParseEnterprise(name); err == nil {
		name = number
	}
	return pick(all, name, "noEmployer", func(e app.Employer) thing { return thing{string(e.ID), e.Enterprise + e.ForeignVAT, e.Name} })
}

// ids returns the ids behind --worker and --site; "" where a flag is not given.
func (w *whose) ids(r *run, o *office.Office) (worker, site app.ID, err error) {
	if worker, err = r.workerNamed(o, w.Worker); err != nil || w.Site == "" {
		return worker, "", err
	}
	s, err := r.site(o, w.Site)
	return worker, s.Site.ID, err
}

// thing is what people may call something by.
type thing struct{ id, code, name string }

// fits says how well a name given in lower case fits: 0 by id or code, 1 as the
// whole name, 2 as a part of it, -1 not at all.
func (t thing) fits(want string) int {
	has := strings.ToLower(t.name)
	switch {
	case want == "":
		return -1
	case strings.ToLower(t.id) == want || strings.ToLower(t.code) == want:
		return 0
	case has == want:
		return 1
	case strings.Contains(has, want):
		return 2
	}
	return -1
}

// pick finds the one of all that a name means; none is the text for none.
func pick[T any](all []T, name, none string, as func(T) thing) (found T, err error) {
	want := strings.ToLower(strings.TrimSpace(name))
	var matches [3][]T
	for _, v := range all {
		if how := as(v).fits(want); how >= 0 {
			matches[how] = append(matches[how], v)
		}
	}
	for _, m := range matches {
		switch len(m) {
		case 0:
			continue
		case 1:
			return m[0], nil
		}
		return found, wrong("many", "Name", name, "Count", len(m))
	}
	return found, failure(none, "Name", name)
}
