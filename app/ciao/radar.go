package ciao

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// LongestDeclaration is how many years a declaration of recurring works lasts at most. [O]
const LongestDeclaration = 5

// RadarInput is what Radar looks at. Lists need no order.
type RadarInput struct {
	Now              app.Instant
	Today            app.Date // in Belgium
	Sites            []app.Site
	Decisions        []app.SiteDecision
	Declarations     []app.Declaration
	DeclarationSites []app.DeclarationSite
	// Within gives how many days ahead an end is told of at a site (threshold declaration-expiring).
	Within func(app.Site) int64
	// Findings are the anomalies: those about days with punches that no
	// declaration covers, or several do, are taken over.
	Findings []app.Anomaly
}

// RadarCode says what is the matter with a declaration, or a site's want of one;
// its text is radar.CODE.
type RadarCode string

// What the radar tells of, the most pressing first.
const (
	RadarOutside   RadarCode = "outside"    // punches on days that no declaration covers (rules no-declaration, declaration-expired)
	RadarMissing   RadarCode = "missing"    // a site under CIAO has none today
	RadarEnded     RadarCode = "ended"      // it ended, and none goes on
	RadarAmbiguous RadarCode = "ambiguous"  // several cover punches, and none is the default (rule ambiguous-declaration)
	RadarEnding    RadarCode = "ending"     // it ends soon
	RadarTooLong   RadarCode = "too-long"   // longer than 5 years
	RadarEndless   RadarCode = "endless"    // it has no end: it lasts at most 5 years
	RadarUnlinked  RadarCode = "unattached" // it covers no site
)

// RadarItem is one thing that the radar tells of.
type RadarItem struct {
	Code          RadarCode `json:"code"`
	DeclarationID app.ID    `json:"declarationId,omitempty"`
	SiteID        app.ID    `json:"siteId,omitempty"`
	Until         app.Date  `json:"until,omitzero"`    // last day of the declaration at the site
	Left          int       `json:"daysLeft"`          // from today to Until; negative when over
	Covered       bool      `json:"covered,omitempty"` // another declaration goes on afterwards
	// Days and Punches say when, and how often, somebody punched outside.
	Days    []app.Date `json:"days,omitempty"`
	Punches int        `json:"punches,omitempty"`
}

// Radar tells of the declarations of works that need someone's eye: of sites
// that fall under CIAO now and have not ended, and of declarations as such. It is pure.
func Radar(in RadarInput) []RadarItem {
	r := &radar{in: in, declarations: by(in.Declarations, func(d *app.Declaration) app.ID { return d.ID }),
		links: group(in.DeclarationSites, func(l *app.DeclarationSite) app.ID { return l.SiteID })}
	under := newPlanner(PlanInput{Decisions: in.Decisions})
	for i := range in.Sites {
		if s := &in.Sites[i]; s.Ended == 0 && under.decisionAt(s.ID, in.Now) == app.UnderCIAO {
			r.site(s)
		}
	}
	r.asSuch()
	r.punches()
	order := []RadarCode{RadarOutside, RadarMissing, RadarEnded, RadarAmbiguous, RadarEnding, RadarTooLong, RadarEndless, RadarUnlinked}
	slices.SortStableFunc(r.items, func(a, b RadarItem) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Code), slices.Index(order, b.Code)), cmp.Compare(a.Until, b.Until),
			cmp.Compare(a.SiteID, b.SiteID), cmp.Compare(a.DeclarationID, b.DeclarationID))
	})
	return r.items
}

type radar struct {
	in           RadarInput
	declarations map[app.ID]app.Declaration
	links        map[app.ID][]app.DeclarationSite
	items        []RadarItem
}

// covers returns the days on which a declaration covers a site.
func (r *radar) covers(l app.DeclarationSite) app.Days {
	d := r.declarations[l.DeclarationID].Days
	d.From = max(d.From, l.Days.From)
	if l.Days.To != 0 && (d.To == 0 || l.Days.To < d.To) {
		d.To = l.Days.To
	}
	return d
}

// site tells of what ends or is missing at a site under CIAO.
func (r *radar) site(s *app.Site) {
	today := r.in.Today
	var last RadarItem // the declaration that ended last
	covered := false
	for _, l := range r.links[s.ID] {
		days := r.covers(l)
		if days.Holds(today) {
			covered = true
		}
		if days.To == 0 {
			continue
		}
		left := int(days.To - today)
		item := RadarItem{DeclarationID: l.DeclarationID, SiteID: s.ID, Until: days.To, Left: left}
		switch {
		case left < 0:
			if item.Code = RadarEnded; last.Until < item.Until {
				last = item
			}
		case days.Holds(today) && int64(left) <= r.in.Within(*s):
			item.Code, item.Covered = RadarEnding, r.goesOn(s.ID, days.To)
			r.items = append(r.items, item)
		}
	}
	switch {
	case covered:
	case last.Code != "":
		r.items = append(r.items, last)
	default:
		r.items = append(r.items, RadarItem{Code: RadarMissing, SiteID: s.ID})
	}
}

// goesOn says that some declaration covers a site on the day after.
func (r *radar) goesOn(site app.ID, until app.Date) bool {
	return slices.ContainsFunc(r.links[site], func(l app.DeclarationSite) bool { return r.covers(l).Holds(until + 1) })
}

// asSuch tells of declarations that are too long or of no use, wherever they are.
func (r *radar) asSuch() {
	linked := map[app.ID]bool{}
	for _, l := range r.in.DeclarationSites {
		linked[l.DeclarationID] = true
	}
	for _, d := range r.in.Declarations {
		over := d.Days.To != 0 && d.Days.To < r.in.Today
		item := RadarItem{DeclarationID: d.ID, Until: d.Days.To, Left: int(d.Days.To - r.in.Today)}
		y, m, day := d.Days.From.YMD()
		switch {
		case over:
			continue
		case d.Days.To == 0:
			item.Code, item.Left = RadarEndless, 0
			r.items = append(r.items, item)
		case d.Days.From != 0 && d.Days.To >= app.NewDate(y+LongestDeclaration, m, day):
			item.Code = RadarTooLong
			r.items = append(r.items, item)
		}
		if !linked[d.ID] {
			item.Code = RadarUnlinked
			r.items = append(r.items, item)
		}
	}
}

// punches takes over what the rules found about days with punches, a line for each site.
func (r *radar) punches() {
	type at struct {
		code RadarCode
		site app.ID
	}
	found := map[at]*RadarItem{}
	for i := range r.in.Findings {
		a := &r.in.Findings[i]
		code := RadarOutside
		switch a.Rule {
		case app.NoDeclaration, app.DeclarationExpired:
		case app.AmbiguousDeclared:
			code = RadarAmbiguous
		default:
			continue
		}
		key := at{code, a.SiteID}
		if found[key] == nil {
			found[key] = &RadarItem{Code: code, SiteID: a.SiteID}
		}
		found[key].Days = append(found[key].Days, a.Day)
		found[key].Punches += len(a.Punches)
	}
	for _, item := range found {
		slices.Sort(item.Days)
		item.Days = slices.Compact(item.Days)
		r.items = append(r.items, *item)
	}
}
