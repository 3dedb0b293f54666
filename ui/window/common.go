package window

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/text"
)

// anomalyDay gives the day under which an anomaly is listed: that of its
// workday, else the local day on which its fact began.
func anomalyDay(n *office.Names, a *office.FoundAnomaly) app.Date {
	if a.Day == 0 && a.At != 0 {
		return a.At.DateIn(n.Zone(a.SiteID))
	}
	return a.Day
}

// placeOf gives the site or, where there is none, the box of an anomaly.
func placeOf(n *office.Names, a *office.FoundAnomaly) string {
	if s := n.Site(a.SiteID); s != "" || a.Box == "" {
		return s
	}
	return n.Box(a.Box)
}

// daysText writes a range of days; an open side says so.
func daysText(t *text.Translator, d app.Days) string {
	switch {
	case d.From == 0 && d.To == 0:
		return t.T("window.always")
	case d.To == 0:
		return t.T("window.from", "From", d.From)
	case d.From == 0:
		return t.T("window.until", "To", d.To)
	}
	return t.Days(d)
}

// spanText writes a span of instants as days.
func spanText(t *text.Translator, s app.Span, zone *time.Location) string {
	from := t.DateTime(s.From, zone)
	if s.To == 0 {
		return t.T("window.from", "From", from)
	}
	return from + " – " + t.DateTime(s.To, zone)
}

// lines joins texts that are not empty, one a line.
func lines(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n")
}

// engagementName names an engagement: employer and days.
func engagementName(t *text.Translator, n *office.Names, e app.Engagement) string {
	return n.Employers[e.EmployerID].Name + ", " + daysText(t, e.Days)
}

// workerOptions lists engagements to choose from, by person: "Peeters An (Blinkend Schoon, vanaf 01/03/2026)".
func workerOptions(t *text.Translator, n *office.Names) []option {
	var os []option
	for _, e := range n.Engagements {
		w, ok := n.Workers[e.WorkerID]
		if !ok || w.Ended != 0 {
			continue
		}
		os = append(os, option{string(e.ID), w.Name() + " (" + engagementName(t, n, e) + ")"})
	}
	sortOptions(os)
	return os
}

// siteOptions lists the sites that have not ended.
func siteOptions(n *office.Names) []option {
	var os []option
	for _, s := range n.Sites {
		if s.Ended == 0 {
			os = append(os, option{string(s.ID), siteLabel(s)})
		}
	}
	sortOptions(os)
	return os
}

func siteLabel(s app.Site) string {
	if s.Address.Municipality == "" {
		return s.Name
	}
	return s.Name + ", " + s.Address.Municipality
}

// upper writes a text with a capital, where it stands alone.
func upper(s string) string {
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
