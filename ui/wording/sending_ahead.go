package wording

import (
	"time"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/sending"
	"klokkast/app/text"
)

// aheadSites is how many sites are named at most before something is sent.
const aheadSites = 6

// Ahead words what the next sending would send, and what it would not, a
// sentence each: how many and whose, the days, the sites, the oldest, why a
// person is asked first, and what is held and why. Lines that begin with spaces belong to the one before.
func Ahead(t *text.Translator, names *derived.Names, a *sending.SendingAhead) []string {
	if a.Count == 0 {
		return append([]string{t.T("sending.ahead.none", "Environment", Environment(t, a.Environment))}, aheadLeft(t, a)...)
	}
	lines := []string{
		t.N("sending.ahead.count", a.Count, "People", t.N("sending.ahead.people", a.People), "Environment", Environment(t, a.Environment)),
		t.N("sending.ahead.days", a.On, "Days", t.Days(a.Days)),
		t.T("sending.ahead.sites", "Sites", t.List(aheadSiteNames(t, names, a))),
		t.T("sending.ahead.oldest", "At", t.DateTime(a.Oldest, aheadZone(names, a))),
	}
	return append(append(lines, aheadAsks(t, a)...), aheadLeft(t, a)...)
}

// aheadZone is the zone in which the oldest is told: the site's where there is one.
func aheadZone(names *derived.Names, a *sending.SendingAhead) *time.Location {
	if len(a.Sites) == 1 {
		return names.Zone(a.Sites[0].SiteID)
	}
	return app.Belgium()
}

func aheadSiteNames(t *text.Translator, names *derived.Names, a *sending.SendingAhead) (list []string) {
	rest := 0
	for i, s := range a.Sites {
		if i >= aheadSites {
			rest++
			continue
		}
		name := names.Site(s.SiteID)
		if name == "" {
			name = t.T("word.somewhere")
		}
		list = append(list, t.T("sending.ahead.site", "Site", name, "Count", t.Number(s.Count)))
	}
	if rest > 0 {
		list = append(list, t.N("sending.ahead.moreSites", rest))
	}
	return list
}

// aheadLeft words what would not go.
func aheadLeft(t *text.Translator, a *sending.SendingAhead) (lines []string) {
	held := 0
	for _, h := range a.Held {
		held += h.Count
	}
	if held > 0 {
		lines = append(lines, t.N("sending.ahead.held", held))
		for _, h := range a.Held {
			oldest := t.Date(h.Oldest.DateIn(app.Belgium()))
			lines = append(lines, "  "+t.T("sending.ahead.heldFor", "Count", t.Number(h.Count), "Oldest", oldest, "Why", Held(t, h.Reason)))
		}
	}
	if a.Unknown > 0 {
		lines = append(lines, t.N("sending.ahead.unknown", a.Unknown))
	}
	if a.NeedsPerson > 0 {
		lines = append(lines, t.N("sending.ahead.needsPerson", a.NeedsPerson))
	}
	return lines
}

// aheadAsks words why a person is asked first; nil where nobody is.
func aheadAsks(t *text.Translator, a *sending.SendingAhead) (lines []string) {
	for _, why := range a.Asks {
		switch why {
		case sending.AskFirst:
			lines = append(lines, t.T("sending.ahead.ask.first", "Environment", Environment(t, a.Environment)))
		case sending.AskMany:
			lines = append(lines, t.T("sending.ahead.ask.many", "Most", t.Number(sending.SendUnasked)))
		case sending.AskOld:
			lines = append(lines, t.T("sending.ahead.ask.old", "Hours", t.Number(int(sending.SendUnaskedAge.Hours()))))
		}
	}
	if a.Count > 0 && a.Environment == app.Production {
		lines = append(lines, t.T("sending.ahead.real"))
	}
	return lines
}
