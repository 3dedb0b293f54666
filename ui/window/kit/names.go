package kit

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/text"
)

// AnomalyDay returns the day under which an anomaly is listed: that of its
// workday, else the local day on which its fact began.
func AnomalyDay(n *derived.Names, a *derived.FoundAnomaly) app.Date {
	if a.Day == 0 && a.At != 0 {
		return a.At.DateIn(n.Zone(a.SiteID))
	}
	return a.Day
}

// PlaceOf returns the site or, where there is none, the box of an anomaly.
func PlaceOf(n *derived.Names, a *derived.FoundAnomaly) string {
	if s := n.Site(a.SiteID); s != "" || a.Box == "" {
		return s
	}
	return n.Box(a.Box)
}

// DaysText writes a range of days; an open side says so.
func DaysText(t *text.Translator, d app.Days) string {
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

// SpanText writes a span of instants as days.
func SpanText(t *text.Translator, s app.Span, zone *time.Location) string {
	from := t.DateTime(s.From, zone)
	if s.To == 0 {
		return t.T("window.from", "From", from)
	}
	return from + " – " + t.DateTime(s.To, zone)
}

// Lines joins texts that are not empty, one a line.
func Lines(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n")
}

// EngagementName names an engagement: employer and days.
func EngagementName(t *text.Translator, n *derived.Names, e app.Engagement) string {
	return n.Employers[e.EmployerID].Name + ", " + DaysText(t, e.Days)
}

// WorkerOptions lists engagements to choose from, by person: "Peeters An (Blinkend Schoon, vanaf 01/03/2026)".
func WorkerOptions(t *text.Translator, n *derived.Names) []Option {
	var os []Option
	for _, e := range n.Engagements {
		w, ok := n.Workers[e.WorkerID]
		if !ok || w.Ended != 0 {
			continue
		}
		os = append(os, Option{string(e.ID), w.Name() + " (" + EngagementName(t, n, e) + ")"})
	}
	SortOptions(os)
	return os
}

// SiteOptions lists the sites that have not ended.
func SiteOptions(n *derived.Names) []Option {
	var os []Option
	for _, s := range n.Sites {
		if s.Ended == 0 {
			os = append(os, Option{string(s.ID), siteLabel(s)})
		}
	}
	SortOptions(os)
	return os
}

func siteLabel(s app.Site) string {
	if s.Address.Municipality == "" {
		return s.Name
	}
	return s.Name + ", " + s.Address.Municipality
}

// Upper writes a text with a capital, where it stands alone.
func Upper(s string) string {
	if s == "" {
		return ""
	}
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
