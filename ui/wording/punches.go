package wording

import (
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/text"
)

// punchesNamed is how many punches a text names at most; the rest is counted.
const punchesNamed = 10

// Explained says what Anomaly says, and names the punches that it rests on.
func Explained(t *text.Translator, n Names, d *derived.AnomalyDetail) string {
	said := Anomaly(t, n, &d.Anomaly)
	if g := d.Registration; g != nil && Answer(t, g) != "" {
		said = t.T("ciao.reason.why", "Said", strings.TrimSuffix(said, "."), "Why", Answer(t, g))
	}
	if len(d.Evidence) == 0 {
		return said
	}
	list := slices.Clone(d.Evidence)
	slices.SortStableFunc(list, func(a, b derived.EvidencePunch) int {
		return a.Compare(&b.Tap)
	})
	var punches []string
	for i := range list[:min(len(list), punchesNamed)] {
		punches = append(punches, punch(t, n, &d.Anomaly, &list[i].Tap))
	}
	if more := len(list) - len(punches); more > 0 {
		punches = append(punches, t.N("word.punches.more", more))
	}
	return t.T("word.punches", "Said", said, "Punches", strings.Join(punches, ", "))
}

// punch names one punch of an anomaly: what it did and when, with the day where
// that is not the anomaly's, and the site where it is another one. One whose
// time nobody can trust yet is named by its record and the box's own time.
func punch(t *text.Translator, n Names, a *app.Anomaly, p *app.Tap) string {
	if p.Role == app.TapUnsettled && p.Punch.Key.Log == app.FileLog { // its record has no number that says anything
		return t.T("word.punch.unsettledLine", "What", Key(t, p.Punch.Pressed), "When", t.DateTimeSeconds(p.Punch.At, n.Zone(p.SiteID)))
	}
	if p.Role == app.TapUnsettled {
		return t.T("word.punch.unsettled", "Record", t.Number(int(p.Punch.Key.Seq)), "When", t.DateTimeSeconds(p.Punch.At, n.Zone(p.SiteID)))
	}
	zone := n.Zone(p.SiteID)
	when := t.TimeSeconds(p.At, zone)
	if !attendance.RuleOf(a.Rule).ToTheSecond {
		when = t.Time(p.At, zone)
	}
	if on := p.At.DateIn(zone); on != a.Day {
		when = t.DayMonth(on) + " " + when
	}
	site := ""
	if p.SiteID != a.SiteID {
		site = n.Site(p.SiteID)
	}
	return t.T("word.punch", "What", Role(t, p.Role), "When", when, "Site", site)
}
