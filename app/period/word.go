package period

import (
	"fmt"
	"strings"
	"time"

	"klokkast/app"
)

// Words gives texts of the catalogues; a *text.Translator does.
type Words interface {
	// T returns the text of a key; args are names and values in turn.
	T(key string, args ...any) string
}

// Places gives what sites are called and in which zone their clocks are.
type Places interface {
	Site(id app.ID) string
	Zone(site app.ID) *time.Location
}

// What says which presences came, went or are otherwise, in order.
func (a *Addition) What(t Words, p Places) string {
	parts := make([]string, 0, len(a.Changes))
	for i := range a.Changes {
		parts = append(parts, a.Changes[i].text(t, p, a.Day))
	}
	return strings.Join(parts, "; ")
}

// Why says what the causes are.
func (a *Addition) Why(t Words) string {
	parts := make([]string, 0, len(a.Causes))
	for _, c := range a.Causes {
		parts = append(parts, t.T("approval.cause."+string(c.Code)))
	}
	return strings.Join(parts, ", ")
}

func (c *Change) text(t Words, p Places, day app.Date) string {
	switch {
	case c.Was == nil:
		return t.T("approval.change.added", edges("", c.Is, p, day)...)
	case c.Is == nil:
		return t.T("approval.change.removed", edges("", c.Was, p, day)...)
	}
	return t.T("approval.change.changed", append(edges("Was", c.Was, p, day), edges("", c.Is, p, day)...)...)
}

// edges returns site and edges of a presence as arguments of a text.
func edges(prefix string, p *Presence, places Places, day app.Date) []any {
	zone := places.Zone(p.SiteID)
	return []any{prefix + "Site", places.Site(p.SiteID), prefix + "In", clock(p.In, zone, day), prefix + "Out", clock(p.Out, zone, day)}
}

// clock returns what the wall clock showed, with the days after the workday's; "?" where nobody knows.
func clock(s *app.Side, zone *time.Location, day app.Date) string {
	if s == nil {
		return "?"
	}
	text := s.At.In(zone).Format("15:04")
	if later := int(s.At.DateIn(zone) - day); later != 0 {
		text += fmt.Sprintf("%+d", later)
	}
	return text
}

// Site returns the name of a site as the snapshot has it.
func (s *Snapshot) Site(id app.ID) string {
	for i := range s.Sites {
		if s.Sites[i].ID == id {
			return s.Sites[i].Name
		}
	}
	return ""
}

// Zone is the zone of a site as the snapshot has it; that of Belgium where it has none.
func (s *Snapshot) Zone(id app.ID) *time.Location {
	var zone app.Zone
	for i := range s.Sites {
		if s.Sites[i].ID == id {
			zone = s.Sites[i].Zone
		}
	}
	return zone.Location()
}
