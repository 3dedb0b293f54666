package attendance

import (
	"cmp"
	"slices"
	"sort"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/plan"
)

// facts is Input, looked up once: what every person's derivation reads and
// none changes.
type facts struct {
	in          *Input
	limits      limits
	now         app.Instant
	belgium     *time.Location
	sites       map[app.ID]*site
	boxes       []*box // by UID
	workers     map[app.ID]*app.Worker
	employers   map[app.ID]*app.Employer
	engagements map[app.ID]*app.Engagement
	byWorker    map[app.ID][]*app.Engagement // by id
	entries     map[app.RecordKey]*app.RegisterEntry
	idents      map[app.IdentifierKey]*ident
	cards       []app.IdentifierKey            // of idents, in order
	likes       lazy[identity.LookAlikes]      // of cards
	notations   map[string][]app.BadgeNotation // in force, by box
	meaning     sync.Map                       // shown → []*ident, see meant
	ignored     map[app.LogKey]map[uint64]bool
	stated      map[app.LogKey]map[uint64][]*app.Adjustment // in and out, by the punch that they name
	wholes      map[app.ID][]*app.Adjustment                // whole presences by worker, by id
	explained   map[app.AnomalyKey]*app.AnomalyState
	plan        *plan.Book      // nil: no site has one
	planned     map[app.ID]bool // those who ever have a shift
	words       spoken
	workerNo    map[app.ID]int32    // the numbers of those who are engaged
	readings    []*app.Reading      // by number; nil: not known
	readingNo   []int32             // the numbers of Input's readings
	logs        []*boxLog           // by key
	logsOf      map[int32][]*boxLog // those with taps of a worker
	stating     map[app.ID]bool     // workers about whom there is a statement
	ahead       *time.Location      // see zonesOf
	behind      *time.Location
	days        *calendar
	apart       time.Duration // see apartFor
	veil        Veil          // facts that were kept have numbers behind it; nil: they are all there
}

// site is a place, with the boxes that stood there.
type site struct {
	*app.Site
	zone      *time.Location
	stays     []stay // by start and box; where people may register by phone, also of the box that stands for that
	phones    *box   // that box; nil: nothing is known of phones
	decisions []*app.SiteDecision
	declared  []declared
}

// boxes returns the boxes that ever stood at the site, with the one that stands for phones.
func (s *site) boxes() (list []*box) {
	for _, st := range s.stays {
		list = append(list, st.box)
	}
	if s.phones != nil && !s.Phones {
		list = append(list, s.phones)
	}
	return list
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
	keys     []app.LogKey
	logs     []*boxLog      // by key
	zone     *time.Location // of its clock, where that shows local time
	phones   bool           // it is no clock box: it stands for the phones at its site
	askedAt  app.Instant    // of phones: when the register was last asked for all
}

// place is where a box stood.
type place struct {
	site *site
	span app.Span
}

// at returns the site where the box stood at an instant, nil for nowhere.
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

// holder returns the custody that holds at an instant.
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

// index looks up everything but the logs, of which logs lists the keys.
func index(in *Input, logs []app.LogKey) *facts {
	f := &facts{in: in, limits: newLimits(in.Settings.Thresholds), now: in.Now, belgium: app.Belgium(), days: newCalendar(in.Settings), plan: newPlan(in)}
	f.planned = f.planners()
	f.indexPeople()
	f.indexEntries()
	f.indexSites()
	f.indexJudgements()
	f.indexBoxes(logs)
	f.apart = f.apartFor()
	f.ahead, f.behind = f.zonesOf()
	return f
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
	f.notations = confirmedNotations(f.in)
	for _, d := range byID {
		slices.SortStableFunc(d.custodies, func(a, b custody) int { return cmp.Compare(a.Span.From, b.Span.From) })
	}
}

func (f *facts) indexSites() {
	f.sites = make(map[app.ID]*site, len(f.in.Sites))
	zones := app.Zones{}
	for i := range f.in.Sites {
		s := &f.in.Sites[i]
		f.sites[s.ID] = &site{Site: s, zone: zones.Location(s.Zone)}
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
	f.ignored = map[app.LogKey]map[uint64]bool{}
	for _, i := range f.in.Ignored {
		if i.Withdrawn != 0 {
			continue
		}
		if f.ignored[i.Punch.LogKey] == nil {
			f.ignored[i.Punch.LogKey] = map[uint64]bool{}
		}
		f.ignored[i.Punch.LogKey][i.Punch.Seq] = true
	}
	f.stating = map[app.ID]bool{}
	f.stated, f.wholes = map[app.LogKey]map[uint64][]*app.Adjustment{}, map[app.ID][]*app.Adjustment{}
	for _, a := range sorted(pointers(f.in.Adjustments, func(a *app.Adjustment) app.ID { return a.ID })) {
		e := f.engagements[a.EngagementID]
		if e != nil {
			f.stating[e.WorkerID] = true
		}
		switch {
		case a.Withdrawn != 0:
		case a.Kind != app.AdjustPresence && a.Punch != nil:
			m := f.stated[a.Punch.LogKey]
			if m == nil {
				m = map[uint64][]*app.Adjustment{}
				f.stated[a.Punch.LogKey] = m
			}
			m[a.Punch.Seq] = append(m[a.Punch.Seq], a)
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

func (f *facts) indexBoxes(more []app.LogKey) {
	byUID := map[string]*box{}
	get := func(uid string) *box {
		if byUID[uid] == nil {
			byUID[uid] = &box{uid: uid, zone: f.belgium}
		}
		return byUID[uid]
	}
	zones := app.Zones{}
	for i := range f.in.Boxes {
		get(f.in.Boxes[i].UID).zone = zones.Location(f.in.Boxes[i].Zone)
	}
	for _, p := range sorted(pointers(f.in.Placements, func(p *app.Placement) app.ID { return p.ID })) {
		s, b := f.sites[p.SiteID], get(p.BoxUID)
		if _, phones := app.PhonesSite(p.BoxUID); s == nil || phones {
			continue
		}
		b.places = append(b.places, place{s, p.Span})
		s.stays = append(s.stays, stay{b, p.Span})
	}
	for i := range f.in.Readings {
		get(f.in.Readings[i].Log.Box)
	}
	for _, k := range more {
		b := get(k.Box)
		b.keys = append(b.keys, k)
	}
	for id, s := range f.sites {
		if s.Phones {
			get(app.MakeRegister.UID(string(id)))
		}
	}
	for _, b := range byUID {
		f.placePhones(b)
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

// sorted returns the values of m by id: maps are never walked in their own order.
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

// log returns a log by its key, nil where there is none.
func (f *facts) log(k app.LogKey) *boxLog {
	i, ok := slices.BinarySearchFunc(f.logs, k, func(l *boxLog, k app.LogKey) int { return compareLogs(l.key, k) })
	if !ok {
		return nil
	}
	return f.logs[i]
}

// find returns the place of a record in its log.
func (l *boxLog) find(seq uint64) (int, bool) {
	if l.key.Log == app.FileLog {
		in := l.body()
		k, ok := slices.BinarySearchFunc(in.bySeq, seq, func(i int32, seq uint64) int { return cmp.Compare(in.records[i].seq, seq) })
		if !ok {
			return -1, false
		}
		return int(in.bySeq[k]), true
	}
	return sort.Find(l.count, func(i int) int { return cmp.Compare(seq, l.record(i).seq) })
}

// find returns a record, nil where there is none.
func (f *facts) find(k app.RecordKey) *record {
	if l := f.log(k.LogKey); l != nil {
		if i, ok := l.find(k.Seq); ok {
			return l.record(i)
		}
	}
	return nil
}

// indexPunches notes in which logs each worker's taps are.
func (f *facts) indexPunches() {
	f.logsOf = map[int32][]*boxLog{}
	for _, l := range f.logs {
		for _, no := range l.holders {
			f.logsOf[no] = append(f.logsOf[no], l)
		}
	}
}

// gatherBoxes puts together what the logs of each box say.
func (f *facts) gatherBoxes() {
	for _, l := range f.logs {
		b := l.box
		b.logs = append(b.logs, l)
		b.readTo = max(b.readTo, min(l.doneTo, f.now), l.cutTo)
		b.askedAt = max(b.askedAt, min(l.askedAt, f.now))
		b.lastRead, b.lastTap = max(b.lastRead, l.lastRead), max(b.lastTap, l.lastTap)
		b.holes = append(b.holes, l.holes...)
	}
}
