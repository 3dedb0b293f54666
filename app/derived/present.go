package derived

import (
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
)

// LongestPresence is after how long an OUT that did not come is missing.
func (p *Snapshot) LongestPresence(site, engagement app.ID) time.Duration {
	l := attendance.Levels{Company: p.Facts.Settings.Thresholds, Site: p.Names.Sites[site].Thresholds, Engagement: p.Names.Engagements[engagement].Thresholds}
	limit, _ := l.Of(attendance.MissingOutAfter)
	return time.Duration(limit.Holds) * time.Millisecond
}

// UnknownThere is somebody who came and of whom it is not known whether they are
// still there, by name and site.
type UnknownThere struct {
	app.Presence
	Since app.Instant // the last moment at which they were known to be there
}

// Present returns who is known to be at a site at a moment, as their presences, and of whom that is not known.
func (p *Snapshot) Present(at app.Instant) (inside []app.Presence, unknown []UnknownThere) {
	today := at.DateIn(app.Belgium())
	for _, pr := range p.Open() {
		later := p.Presences(app.Days{From: pr.Day, To: today + 1}, pr.WorkerID)
		switch where, since := app.StandsAt(&pr, at, app.SeenAgain(&pr, later), p.LongestPresence(pr.SiteID, pr.EngagementID)); where {
		case app.WhereInside:
			inside = append(inside, pr)
		case app.WhereUnknown:
			unknown = append(unknown, UnknownThere{pr, since})
		}
	}
	return inside, unknown
}

// longestShift is how many days a presence may reach beyond that on which it begins.
const LongestShift = 4
