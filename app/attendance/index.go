package attendance

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/plan"
)

// facts is Input, looked up once: what every person's derivation reads and
// none changes.
type facts struct {
	in          *Input
	limits      limits
	now         app.Instant
	belgium     *time.Location
	holidays    map[app.Date]bool
	sites       map[app.ID]*site
	boxes       []*box // by UID
	workers     map[app.ID]*app.Worker
	employers   map[app.ID]*app.Employer
	engagements map[app.ID]*app.Engagement
	byWorker    map[app.ID][]*app.Engagement // by id
	idents      map[app.IdentifierKey]*ident
	cards       []app.IdentifierKey            // of idents, in order
	notations   map[string][]app.BadgeNotation // in force, by box
	meaning     map[shown][]*ident             // see meant
	readings    map[app.ID]*app.Reading
	ignored     map[app.RecordKey]bool
	stated      map[app.RecordKey][]*app.Adjustment // in and out, by the punch that they name
	wholes      map[app.ID][]*app.Adjustment        // whole presences by worker, by id
	explained   map[app.AnomalyKey]*app.AnomalyState
	plan        *plan.Book // nil: no site has one
	logs        []*boxLog  // by key
	taps        []tap      // one for each punch, by log and sequence
}

// site is a place, with the boxes that stood there.
type site struct {
	*app.Site
	zone      *time.Location
	stays     []stay // by start and box
	decisions []*app.SiteDecision
	declared  []declared
}

// stay is one box's time at a site.
type stay struct {
	box  *box
	span app.Span
}

// declared is a declaration that covers a site, with the days of both.
type declared struct {
	declaration *app.Declaration
	link        *app.DeclarationSite
}

// holds says that work on the Belgian day d is declared.
func (d declared) holds(on app.Date) bool {
	return d.declaration.Days.Holds(on) && d.link.Days.Holds(on)
}

// box is a clock box with what was read of it.
type box struct {
	uid      string
	places   []place // by start
	readTo   app.Instant
	lastRead app.Instant // when it was last read to the end, by the computer's clock
	lastTap  app.Instant // its latest punch, corrected
	holes    []hole
}

// place is where a box stood.
type place struct {
	site *site
	span app.Span
}

// at gives the site where the box stood at an instant, nil for nowhere.
func (b *box) at(i app.Instant) *site {
	for k := len(b.places) - 1; k >= 0; k-- {
		if b.places[k].span.Holds(i) {
			return b.places[k].site
		}
	}
	return nil
}

// ident is an identifier with all its custodies.
type ident struct {
	id        app.ID
	custodies []custody // by start
}

type custody struct {
	*app.Custody
	engagement *app.Engagement
}

// holder gives the custody that holds at an instant.
func (d *ident) holder(i app.Instant) (custody, bool) {
	if d == nil {
		return custody{}, false
	}
	for k := len(d.custodies) - 1; k >= 0; k-- {
		if d.custodies[k].Span.Holds(i) {
			return d.custodies[k], true
		}
	}
	return custody{}, false
}

func index(in *Input) *facts {
	f := &facts{in: in, limits: newLimits(in.Settings.Thresholds), now: in.Now, belgium: zone(app.DefaultZone), plan: newPlan(in)}
	f.indexPeople()
	f.indexSites()
	f.indexJudgements()
	f.indexBoxes()
	f.indexLogs()
	f.holidays = holidaySet(in, f.taps)
	return f
}

// zone gives a location; an unknown name counts as the default one, and a
// machine without zone data falls back to UTC rather than to nothing.
func zone(name string) *time.Location {
	for _, n := range [...]string{name, app.DefaultZone} {
		if n == "" {
			continue
		}
		if z, err := time.LoadLocation(n); err == nil {
			return z
		}
	}
	return time.UTC
}

func (f *facts) indexPeople() {
	f.workers = pointers(f.in.Workers, func(w *app.Worker) app.ID { return w.ID })
	f.employers = pointers(f.in.Employers, func(e *app.Employer) app.ID { return e.ID })
	f.engagements = pointers(f.in.Engagements, func(e *app.Engagement) app.ID { return e.ID })
	f.byWorker = make(map[app.ID][]*app.Engagement, len(f.in.Workers))
	for _, e := range sorted(f.engagements) {
		f.byWorker[e.WorkerID] = append(f.byWorker[e.WorkerID], e)
	}
	byID := make(map[app.ID]*ident, len(f.in.Identifiers))
	f.idents = make(map[app.IdentifierKey]*ident, len(f.in.Identifiers))
	for _, i := range sorted(pointers(f.in.Identifiers, func(i *app.Identifier) app.ID { return i.ID })) {
		if f.idents[i.Key] == nil {
			f.idents[i.Key] = &ident{id: i.ID}
		}
		byID[i.ID] = f.idents[i.Key]
	}
	for _, c := range sorted(pointers(f.in.Custodies, func(c *app.Custody) app.ID { return c.ID })) {
		if d, e := byID[c.IdentifierID], f.engagements[c.EngagementID]; d != nil && e != nil {
			d.custodies = append(d.custodies, custody{c, e})
		}
	}
	for k := range f.idents {
		if k.Kind == app.Card {
			f.cards = append(f.cards, k)
		}
	}
	slices.SortFunc(f.cards, func(a, b app.IdentifierKey) int { return cmp.Compare(identText(a), identText(b)) })
	f.notations, f.meaning = confirmedNotations(f.in), map[shown][]*ident{}
	for _, d := range byID {
		slices.SortStableFunc(d.custodies, func(a, b custody) int { return cmp.Compare(a.Span.From, b.Span.From) })
	}
}

func (f *facts) indexSites() {
	f.sites = make(map[app.ID]*site, len(f.in.Sites))
	for i := range f.in.Sites {
		s := &f.in.Sites[i]
		f.sites[s.ID] = &site{Site: s, zone: zone(s.Zone)}
	}
	for _, d := range sorted(pointers(f.in.SiteDecisions, func(d *app.SiteDecision) app.ID { return d.ID })) {
		if s := f.sites[d.SiteID]; s != nil {
			s.decisions = append(s.decisions, d)
		}
	}
	declarations := pointers(f.in.Declarations, func(d *app.Declaration) app.ID { return d.ID })
	for _, l := range sorted(pointers(f.in.DeclarationSites, func(l *app.DeclarationSite) app.ID { return l.ID })) {
		if s, d := f.sites[l.SiteID], declarations[l.DeclarationID]; s != nil && d != nil {
			s.declared = append(s.declared, declared{d, l})
		}
	}
	for _, s := range f.sites {
		slices.SortStableFunc(s.decisions, func(a, b *app.SiteDecision) int {
			return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.At, b.At))
		})
	}
}

func (f *facts) indexJudgements() {
	f.ignored = make(map[app.RecordKey]bool, len(f.in.Ignored))
	for _, i := range f.in.Ignored {
		if i.Withdrawn == 0 {
			f.ignored[i.Punch] = true
		}
	}
	f.stated, f.wholes = map[app.RecordKey][]*app.Adjustment{}, map[app.ID][]*app.Adjustment{}
	for _, a := range sorted(pointers(f.in.Adjustments, func(a *app.Adjustment) app.ID { return a.ID })) {
		e := f.engagements[a.EngagementID]
		switch {
		case a.Withdrawn != 0:
		case a.Kind != app.AdjustPresence && a.Punch != nil:
			f.stated[*a.Punch] = append(f.stated[*a.Punch], a)
		case a.Kind == app.AdjustPresence && a.From < a.To && e != nil && f.sites[a.SiteID] != nil:
			f.wholes[e.WorkerID] = append(f.wholes[e.WorkerID], a)
		}
	}
	f.explained = make(map[app.AnomalyKey]*app.AnomalyState, len(f.in.States))
	for i := range f.in.States {
		if s := &f.in.States[i]; s.Status == app.AnomalyExplained {
			f.explained[s.Key] = s
		}
	}
}

func (f *facts) indexBoxes() {
	byUID := map[string]*box{}
	get := func(uid string) *box {
		if byUID[uid] == nil {
			byUID[uid] = &box{uid: uid}
		}
		return byUID[uid]
	}
	for i := range f.in.Boxes {
		get(f.in.Boxes[i].UID)
	}
	for _, p := range sorted(pointers(f.in.Placements, func(p *app.Placement) app.ID { return p.ID })) {
		s, b := f.sites[p.SiteID], get(p.BoxUID)
		if s == nil {
			continue
		}
		b.places = append(b.places, place{s, p.Span})
		s.stays = append(s.stays, stay{b, p.Span})
	}
	f.readings = pointers(f.in.Readings, func(r *app.Reading) app.ID { return r.ID })
	for _, r := range f.readings {
		b := get(r.Log.Box)
		if r.State != app.ReadingDone {
			continue
		}
		b.readTo = max(b.readTo, min(r.ReadTo, f.now))
		b.lastRead = max(b.lastRead, r.Ended, r.Started)
	}
	for _, k := range f.logKeys() {
		get(k.Box)
	}
	for _, b := range byUID {
		f.boxes = append(f.boxes, b)
		slices.SortStableFunc(b.places, func(x, y place) int { return cmp.Compare(x.span.From, y.span.From) })
	}
	slices.SortFunc(f.boxes, func(a, b *box) int { return cmp.Compare(a.uid, b.uid) })
	for _, s := range f.sites {
		slices.SortStableFunc(s.stays, func(x, y stay) int {
			return cmp.Or(cmp.Compare(x.span.From, y.span.From), cmp.Compare(x.box.uid, y.box.uid))
		})
	}
}

// logKeys lists the logs of punches and events; runs of one log are met once.
func (f *facts) logKeys() []app.LogKey {
	seen := map[app.LogKey]bool{}
	var last app.LogKey
	for i := range f.in.Punches {
		if k := f.in.Punches[i].Key.LogKey; k != last {
			seen[k], last = true, k
		}
	}
	for i := range f.in.Events {
		seen[f.in.Events[i].Key.LogKey] = true
	}
	for i := range f.in.Gaps {
		seen[f.in.Gaps[i].Log] = true
	}
	for i := range f.in.Readings {
		seen[f.in.Readings[i].Log] = true
	}
	keys := make([]app.LogKey, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareLogs)
	return keys
}

func compareLogs(a, b app.LogKey) int {
	return cmp.Or(cmp.Compare(a.Box, b.Box), cmp.Compare(a.Log, b.Log))
}

// pointers looks facts up by id; a fact that stands there twice counts once.
func pointers[T any](list []T, id func(*T) app.ID) map[app.ID]*T {
	m := make(map[app.ID]*T, len(list))
	for i := range list {
		m[id(&list[i])] = &list[i]
	}
	return m
}

// sorted gives the values of m by id: maps are never walked in their own order.
func sorted[T any](m map[app.ID]*T) []*T {
	list := make([]*T, 0, len(m))
	for _, k := range sortedKeys(m) {
		list = append(list, m[k])
	}
	return list
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
