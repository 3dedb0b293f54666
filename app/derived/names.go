package derived

import (
	"cmp"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// The views are what a screen or a command shows: facts and derived things
// joined with names, as data. Nothing in them is worded or formatted; the
// faces do that in the user's language.

// Names gives the name behind an id wherever a view holds one. A worker's is
// "Family Given"; a box's is its label, or its short UID.
type Names struct {
	Workers     map[app.ID]app.Worker
	Engagements map[app.ID]app.Engagement
	Employers   map[app.ID]app.Employer
	Sites       map[app.ID]app.Site
	Clients     map[app.ID]app.Client
	Boxes       map[string]app.Box
	zones       app.Zones // those of Sites, so that a list reads none of them anew
}

// Worker returns the worker's name, or "".
func (n *Names) Worker(id app.ID) string { return n.Workers[id].Name() }

// WorkerOf returns the name of whoever works by an engagement, or "".
func (n *Names) WorkerOf(engagement app.ID) string {
	return n.Worker(n.Engagements[engagement].WorkerID)
}

// Site returns the site's name, or "".
func (n *Names) Site(id app.ID) string { return n.Sites[id].Name }

// Box returns what people call a box (app.Box.Name); of what was registered by phone, that has no box, the site.
func (n *Names) Box(uid string) string {
	if site, ok := app.PhonesSite(uid); ok {
		return n.Site(site)
	}
	if b, ok := n.Boxes[uid]; ok {
		return b.Name()
	}
	b := app.Box{UID: uid}
	return b.Name()
}

// Zone is the site's time zone, app.DefaultZone where it has none or a wrong one.
func (n *Names) Zone(site app.ID) *time.Location {
	zone := n.Sites[site].Zone
	if known, ok := n.zones[zone]; ok {
		return known
	}
	return zone.Location()
}

// FoundAnomaly is a derived anomaly with what people decided about it.
type FoundAnomaly struct {
	app.Anomaly
	Status app.AnomalyStatus
	// State is the last decision; zero where there was none.
	State app.AnomalyState
	// Changed says that it was explained, but its evidence changed since.
	Changed bool
	// Gone says when and by what new facts settled it; nil unless Status is gone.
	Gone *app.Gone
}

// PunchFilter narrows the punches shown.
type PunchFilter struct {
	Span     app.Span // box time
	WorkerID app.ID
	SiteID   app.ID
	Box      string
}

// PunchRow is one punch and what it turned out to be.
type PunchRow struct {
	app.Tap
	Registration *app.Registration // in the current environment, if one was queued
}

// Delay names a row of the delay report: a site, a box or a week.
func (n *Names) Delay(t interface{ T(string, ...any) string }, by ciao.DelayBy, key string) string {
	var name string
	switch by {
	case ciao.BySite:
		name = n.Site(app.ID(key))
	case ciao.ByBox:
		name = n.Box(key)
	case ciao.ByWeek:
		year, week, _ := strings.Cut(key, "-W")
		return t.T("sending.delays.week", "Week", strings.TrimPrefix(week, "0"), "Year", year)
	}
	return cmp.Or(name, key)
}

// AtRegisterByPhone says that the register has it because the person registered by phone or otherwise.
func (r *PunchRow) AtRegisterByPhone() bool {
	return r.Punch.Key.ByRegister() || r.Registration == nil && r.Entry != (app.RecordKey{})
}

// ByID indexes a list by its ids.
func ByID[T any](list []T, id func(T) app.ID) map[app.ID]T {
	m := make(map[app.ID]T, len(list))
	for _, v := range list {
		m[id(v)] = v
	}
	return m
}
