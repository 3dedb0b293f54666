// Package plan turns the plan of sites into shifts: weekly lines, less what is
// cancelled, at other hours, given to somebody who stands in, or taken away by
// absence. It is pure: the days are an argument, and the same facts in any
// order give the same shifts.
package plan

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
)

// Facts are what shifts are made from. The order of no slice matters, and a
// fact that stands there twice counts once.
type Facts struct {
	Lines       []app.PlanLine
	Exceptions  []app.PlanException
	Absences    []app.Absence
	Engagements []app.Engagement
	Sites       []app.Site
}

// Book is Facts, looked up once. It is not changed afterwards, so that several
// goroutines may read it.
type Book struct {
	byWorker    map[app.ID][]*line // own ones and those that the worker stands in for, by id
	bySite      map[app.ID][]*line // by id
	engagements map[app.ID]*app.Engagement
	absences    map[app.ID][]*app.Absence // by worker; by first day, then id
}

// line is a plan line with its site and its exceptions.
type line struct {
	*app.PlanLine
	engagement *app.Engagement
	zone       *time.Location
	siteEnded  app.Instant
	exceptions []*app.PlanException // by the time of entering, then id
}

// NewBook looks facts up. A line of an unknown site or engagement makes no shift.
func NewBook(f Facts) *Book {
	b := &Book{byWorker: map[app.ID][]*line{}, bySite: map[app.ID][]*line{}, engagements: map[app.ID]*app.Engagement{}, absences: map[app.ID][]*app.Absence{}}
	for i := range f.Engagements {
		b.engagements[f.Engagements[i].ID] = &f.Engagements[i]
	}
	lines := b.addLines(f)
	b.addExceptions(f, lines)
	b.addAbsences(f)
	return b
}

func (b *Book) addLines(f Facts) map[app.ID]*line {
	sites := make(map[app.ID]*app.Site, len(f.Sites))
	for i := range f.Sites {
		sites[f.Sites[i].ID] = &f.Sites[i]
	}
	lines, zones := make(map[app.ID]*line, len(f.Lines)), app.Zones{}
	for i := range f.Lines {
		l := &f.Lines[i]
		e, s := b.engagements[l.EngagementID], sites[l.SiteID]
		if e == nil || s == nil || l.Withdrawn != 0 || lines[l.ID] != nil {
			continue
		}
		n := &line{PlanLine: l, engagement: e, zone: zones.Location(s.Zone), siteEnded: s.Ended}
		lines[l.ID] = n
		b.byWorker[e.WorkerID] = append(b.byWorker[e.WorkerID], n)
		b.bySite[l.SiteID] = append(b.bySite[l.SiteID], n)
	}
	for _, list := range b.bySite {
		sortLines(list)
	}
	return lines
}

func sortLines(list []*line) {
	slices.SortFunc(list, func(a, b *line) int { return cmp.Compare(a.ID, b.ID) })
}

// addExceptions returns lines their exceptions, and people who stand in the lines that they do.
func (b *Book) addExceptions(f Facts, lines map[app.ID]*line) {
	seen := make(map[app.ID]bool, len(f.Exceptions))
	for i := range f.Exceptions {
		x := &f.Exceptions[i]
		l := lines[x.LineID]
		if l == nil || x.Withdrawn != 0 || seen[x.ID] {
			continue
		}
		seen[x.ID] = true
		l.exceptions = append(l.exceptions, x)
		if e := b.engagements[x.StandIn]; e != nil && !slices.Contains(b.byWorker[e.WorkerID], l) {
			b.byWorker[e.WorkerID] = append(b.byWorker[e.WorkerID], l)
		}
	}
	for _, l := range lines {
		slices.SortFunc(l.exceptions, func(x, y *app.PlanException) int {
			return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.ID, y.ID))
		})
	}
	for _, list := range b.byWorker {
		sortLines(list)
	}
}

func (b *Book) addAbsences(f Facts) {
	seen := make(map[app.ID]bool, len(f.Absences))
	for i := range f.Absences {
		a := &f.Absences[i]
		if a.Withdrawn == 0 && !seen[a.ID] {
			seen[a.ID] = true
			b.absences[a.WorkerID] = append(b.absences[a.WorkerID], a)
		}
	}
	for _, list := range b.absences {
		slices.SortFunc(list, func(x, y *app.Absence) int {
			return cmp.Or(cmp.Compare(x.Days.From, y.Days.From), cmp.Compare(x.ID, y.ID))
		})
	}
}

// Empty says that no site has a plan.
func (b *Book) Empty() bool { return len(b.bySite) == 0 }

// Workers returns everyone who has a line or stands in for somebody, by id.
func (b *Book) Workers() []app.ID {
	list := make([]app.ID, 0, len(b.byWorker))
	for id := range b.byWorker {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

// Sites returns the sites that ever had a plan, by id.
func (b *Book) Sites() []app.ID {
	list := make([]app.ID, 0, len(b.bySite))
	for id := range b.bySite {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

// Planned says that a site has a plan on a day.
func (b *Book) Planned(site app.ID, day app.Date) bool {
	return slices.ContainsFunc(b.bySite[site], func(l *line) bool { return l.Days.Holds(day) })
}

// Person returns the shifts of a worker that begin on days, in whatever state,
// by start. An open From is the beginning of the plan; To must be set.
func (b *Book) Person(worker app.ID, days app.Days) []app.Shift {
	var list []app.Shift
	for _, l := range b.byWorker[worker] {
		for _, s := range b.expand(l, days) {
			if s.WorkerID == worker {
				list = append(list, s)
			}
		}
	}
	return inOrder(list)
}

// Site returns the shifts at a site that begin on days, as Person does.
func (b *Book) Site(site app.ID, days app.Days) []app.Shift {
	var list []app.Shift
	for _, l := range b.bySite[site] {
		list = append(list, b.expand(l, days)...)
	}
	return inOrder(list)
}

func inOrder(list []app.Shift) []app.Shift {
	slices.SortFunc(list, func(x, y app.Shift) int {
		return cmp.Or(
			cmp.Compare(x.From, y.From),
			cmp.Compare(x.SiteID, y.SiteID),
			cmp.Compare(x.LineID, y.LineID),
			cmp.Compare(x.WorkerID, y.WorkerID),
			cmp.Compare(x.EngagementID, y.EngagementID),
		)
	})
	return list
}
