// Package derived keeps what follows from everything that was read and entered: a
// read-only snapshot, joined with what people decided, and the questions that
// screens and commands ask of it. The next snapshot is made from the last one, or
// from what an earlier run kept beside the database, and derives only what a change touches.
package derived

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"sync"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// Snapshot is what was derived of everything, joined with what people decided. It
// never changes: the next one is made from it where
// anything changed, and derives only what that touches.
type Snapshot struct {
	Facts      attendance.Input // but for punches and events, which the engine has
	clients    []app.Client
	Engine     *attendance.Engine
	env        app.Environment
	mark       store.Mark     // the state of the database that it was made of
	since      store.Since    // which readings it knows
	Noted      []FoundAnomaly // all findings but informations about people's days, of which there are many: see Informations
	byKey      map[app.AnomalyKey]int
	states     map[app.AnomalyKey]app.AnomalyState
	Names      *Names
	Register   *RegisterPlan
	atRegister []app.Anomaly // what is wrong there
	At         app.Instant
}

// snapshotLife is how long a snapshot is shown though time goes on.
const snapshotLife = 5 * 1000

// Cache derives what follows from everything that was read and entered, and keeps
// the answer while nothing changed. It is safe from any goroutine.
type Cache struct {
	work *workspace.Workspace

	deriving  turn // is held while a snapshot is made: whoever waits gets it, too
	gathering turn // is held while the facts of one are gathered, and guards last
	mu        sync.Mutex
	snapshot  *Snapshot // the last derivation
	made      int       // the count of changes that it was made of
	last      *Snapshot // the last one gathered, whatever changed since: the next is made from it

	desk    *desk      // what was concluded of the register; of who derives alone
	plain   plainNotes // of the desks
	markKey [32]byte   // of the marks of facts

	keeping keeping
	noting  noting
	sights  map[app.AnomalyKey]string // what was found at the last look; nil: not read yet. Of who notes alone
}

// turn is held by one at a time; who waits for it may give up.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) leave() { <-t }

// NewCache makes one over a workspace. After each change it notes what was found and
// what is gone, away from whoever changed something: background runs that work (nil:
// on a goroutine of its own), and Settle waits for it.
func NewCache(work *workspace.Workspace, background func(work func())) *Cache {
	if background == nil {
		background = func(work func()) { go work() }
	}
	o := &Cache{work: work, deriving: newTurn(), gathering: newTurn(), keeping: newKeeping()}
	_, _ = rand.Read(o.markKey[:])                                        // it never fails
	o.noting.ctx, o.noting.end = context.WithCancel(context.Background()) // what changed is on disk, even if who asked for it has gone
	o.noting.background = background
	work.OnChange(o.changed)
	return o
}

// Snapshot returns the snapshot of now: the one that there is, unless time went on or
// this or another program wrote to the database.
func (o *Cache) Snapshot(ctx context.Context) (*Snapshot, error) {
	if err := o.Settle(ctx); err != nil {
		return nil, err
	}
	return o.current(ctx)
}

// current is Snapshot for who notes what was found.
func (o *Cache) current(ctx context.Context) (*Snapshot, error) {
	if err := o.deriving.take(ctx); err != nil {
		return nil, fmt.Errorf("derive: %w", err)
	}
	defer o.deriving.leave()
	p := o.kept()
	if now := o.work.Now(); p != nil && now >= p.At && now < p.At+snapshotLife {
		mark, err := o.work.Store.Mark(ctx)
		if err != nil {
			return nil, err
		}
		if mark == p.mark {
			return p, nil
		}
	}
	return o.renew(ctx)
}

// Fresh returns a snapshot of this very moment: what is frozen by it is never derived again.
func (o *Cache) Fresh(ctx context.Context) (*Snapshot, error) {
	if err := o.Settle(ctx); err != nil {
		return nil, err
	}
	if err := o.deriving.take(ctx); err != nil {
		return nil, fmt.Errorf("derive: %w", err)
	}
	defer o.deriving.leave()
	return o.renew(ctx)
}

// renew makes the next snapshot, from the last one where there was one.
func (o *Cache) renew(ctx context.Context) (*Snapshot, error) {
	seen := o.work.Changes()
	p, err := o.FactsNow(ctx)
	if err != nil {
		return nil, err
	}
	p.Names = NamesOf(p)
	if err := o.planRegister(ctx, p); err != nil {
		return nil, err
	}
	p.judge()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.snapshot, o.made = p, seen
	return p, nil
}

// kept returns the last snapshot, where nothing changed in this program since; nil where something did.
func (o *Cache) kept() *Snapshot {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.made != o.work.Changes() {
		return nil
	}
	return o.snapshot
}

// FactsNow returns the beginning of a snapshot of this very moment: facts and
// engine, and nothing yet of the register. It takes as long as what is new needs.
func (o *Cache) FactsNow(ctx context.Context) (*Snapshot, error) {
	if err := o.gathering.take(ctx); err != nil {
		return nil, fmt.Errorf("gather the facts: %w", err)
	}
	defer o.gathering.leave()
	p := &Snapshot{At: o.work.Now(), env: o.work.Environment(), byKey: map[app.AnomalyKey]int{}, states: map[app.AnomalyKey]app.AnomalyState{}}
	if o.last != nil && o.last.env != p.env { // what people registered by phone is another environment's
		o.last = nil
	}
	if err := o.readChanged(ctx, p, o.last); err != nil {
		return nil, err
	}
	o.last = p
	return p, nil
}

// readChanged reads what changed since the last snapshot, and derives what it touches.
// What people enter stands in the trail in the transaction that keeps it: where
// the trail has not grown, only boxes, their readings, and what was found by them can be new.
func (o *Cache) readChanged(ctx context.Context, p, last *Snapshot) error {
	mark, err := o.work.Store.Mark(ctx) // first: what is written meanwhile is found the next time
	if err != nil {
		return err
	}
	p.mark = mark
	if last != nil {
		p.Facts, p.clients, p.since = last.Facts, last.clients, last.since
	}
	if last == nil || mark.Acts != last.mark.Acts {
		if err := o.readEntered(ctx, p); err != nil {
			return err
		}
	}
	if last == nil {
		if last, err = o.resume(ctx, p); err != nil {
			return fmt.Errorf("go on from what was kept: %w", err)
		}
		if last != nil {
			p.Facts, p.since = last.Facts, last.since
		}
	}
	records := attendance.NewRecords()
	if last != nil {
		records = last.Engine.Records()
	}
	if last == nil || mark != last.mark {
		news, err := o.readReadings(ctx, p, records)
		if err != nil {
			return err
		}
		if last == nil || news || mark.Acts != last.mark.Acts {
			if p.Facts.Entries, err = o.work.Store.RegisterEntries(ctx, ciao.EntryFilter{Environment: p.env, Counting: true}); err != nil {
				return fmt.Errorf("gather the facts: %w", err)
			}
		}
	}
	s := o.work.Settings()
	p.Facts.Now = p.At
	p.Facts.Settings = attendance.Settings{Thresholds: s.Company, ExtraHoliday: s.ExtraHoliday, Replacements: s.Replacements}
	if last == nil {
		p.Engine = attendance.Start(&p.Facts, records)
	} else {
		p.Engine = last.Engine.Next(&p.Facts, records)
	}
	return nil
}

// readEntered reads what people entered.
func (o *Cache) readEntered(ctx context.Context, p *Snapshot) error {
	in := &p.Facts
	err := cmp.Or(
		Load(ctx, &in.Workers, o.work.Store.Workers),
		Load(ctx, &in.Employers, o.work.Store.Employers),
		Load(ctx, &in.Engagements, o.work.Store.Engagements),
		Load(ctx, &in.Identifiers, o.work.Store.Identifiers),
		Load(ctx, &in.Custodies, o.work.Store.Custodies),
		Load(ctx, &p.clients, o.work.Store.Clients),
		Load(ctx, &in.Sites, o.work.Store.Sites),
		Load(ctx, &in.SiteDecisions, o.work.Store.SiteDecisions),
		Load(ctx, &in.Declarations, o.work.Store.Declarations),
		Load(ctx, &in.DeclarationSites, o.work.Store.DeclarationSites),
		Load(ctx, &in.Placements, o.work.Store.Placements),
		Load(ctx, &in.Adjustments, o.work.Store.Adjustments),
		Load(ctx, &in.Ignored, o.work.Store.Ignored),
		Load(ctx, &in.Repairs, o.work.Store.ClockRepairs),
		Load(ctx, &in.Cuts, o.work.Store.ClockCuts),
		Load(ctx, &in.Notations, o.work.Store.BadgeNotations),
		Load(ctx, &in.PlanLines, o.work.Store.PlanLines),
		Load(ctx, &in.PlanExceptions, o.work.Store.PlanExceptions),
		Load(ctx, &in.Absences, o.work.Store.Absences),
	)
	if err != nil {
		return fmt.Errorf("gather the facts: %w", err)
	}
	return nil
}

// readReadings reads what readings brought since the last snapshot, and says whether
// anything of that was registered by phone.
func (o *Cache) readReadings(ctx context.Context, p *Snapshot, records *attendance.Records) (phones bool, err error) {
	err = cmp.Or(
		Load(ctx, &p.Facts.Boxes, o.work.Store.Boxes),
		Load(ctx, &p.Facts.Gaps, o.work.Store.Gaps),
		Load(ctx, &p.Facts.States, o.work.Store.AnomalyStates), // with when they came back, which is no act
	)
	if err != nil {
		return false, fmt.Errorf("gather the facts: %w", err)
	}
	elsewhere := p.elsewhere
	fetched, err := o.work.Store.Fetched(ctx, p.since, func(k app.LogKey) store.RecordSink {
		if elsewhere(k) {
			return attendance.NewRecords().Log(k) // of another environment: nobody looks there
		}
		return records.Log(k)
	})
	if err != nil {
		return false, fmt.Errorf("gather the facts: %w", err)
	}
	for _, r := range fetched.Readings {
		phones = phones || r.Log.ByRegister()
	}
	readings := slices.DeleteFunc(fetched.Readings, func(r app.Reading) bool { return elsewhere(r.Log) })
	p.Facts.Readings, p.since = mergeReadings(p.Facts.Readings, readings), fetched.Since
	p.Facts.Fills = fills(p.Facts.Readings)
	return phones, nil
}

// elsewhere says that a log is of another environment.
func (p *Snapshot) elsewhere(k app.LogKey) bool { return k.ByRegister() && k.Log != string(p.env) }

// fills returns how full boxes were after each reading that knows: the records
// that nobody had acknowledged yet, which the box may not overwrite.
func fills(readings []app.Reading) (list []attendance.Fill) {
	for _, r := range readings {
		if acked := max(r.Acked, r.BoxAcked); r.Capacity > 0 {
			list = append(list, attendance.Fill{Box: r.Log.Box, At: max(r.Started, r.Ended), Used: r.BoxLast - min(acked, r.BoxLast), Capacity: r.Capacity})
		}
	}
	return list
}

// mergeReadings puts new readings behind the known ones, and changed ones in their place.
func mergeReadings(known, fetched []app.Reading) []app.Reading {
	if len(fetched) == 0 {
		return known
	}
	changed := make(map[app.ID]int, len(fetched))
	for i := range fetched {
		changed[fetched[i].ID] = i
	}
	out := make([]app.Reading, 0, len(known)+len(fetched))
	for _, r := range known {
		if i, ok := changed[r.ID]; ok {
			r = fetched[i]
			delete(changed, r.ID)
		}
		out = append(out, r)
	}
	for _, r := range fetched {
		if _, ok := changed[r.ID]; ok {
			out = append(out, r)
		}
	}
	return out
}

// Load reads a list of the store into a place.
func Load[T any](ctx context.Context, into *[]T, from func(context.Context) ([]T, error)) error {
	v, err := from(ctx)
	*into = v
	return err
}

// judge joins the anomalies of attendance and of the register with their states.
func (p *Snapshot) judge() {
	for _, s := range p.Facts.States {
		p.states[s.Key] = s
	}
	all := append(p.Engine.Noted(), p.atRegister...)
	p.Noted = make([]FoundAnomaly, 0, len(all))
	for _, a := range all {
		f := found(a, p.states[a.Key()])
		p.byKey[a.Key()] = len(p.Noted)
		p.Noted = append(p.Noted, f)
	}
	p.nameReaders()
}

// Informations returns the informations about some days of a worker ("": of all), as they were decided.
func (p *Snapshot) Informations(worker app.ID, days app.Days) []FoundAnomaly {
	list := p.Engine.Informations(worker, days)
	out := make([]FoundAnomaly, len(list))
	for i, a := range list {
		out[i] = found(a, p.states[a.Key()])
	}
	return out
}

// CountOpen counts what is open, by severity.
func (p *Snapshot) CountOpen() map[app.Severity]int {
	n := map[app.Severity]int{}
	for i := range p.Noted {
		if a := &p.Noted[i]; a.Status == app.AnomalyOpen {
			n[a.Severity]++
		}
	}
	informs := p.Engine.CountInformations()
	for k := range p.states {
		if _, noted := p.byKey[k]; noted || !attendance.RuleOf(k.Rule).Informs() {
			continue
		}
		if a, ok := p.Anomaly(k); ok && a.Status != app.AnomalyOpen {
			informs--
		}
	}
	if informs > 0 {
		n[app.Information] += informs
	}
	return n
}

// found returns an anomaly the status that its last decision and its evidence make.
func found(a app.Anomaly, s app.AnomalyState) FoundAnomaly {
	f := FoundAnomaly{Anomaly: a, Status: app.AnomalyOpen, State: s}
	switch {
	case app.FactAdjusted.Get(&a) != "":
		f.Status = app.AnomalyAdjusted
	case s.Status == app.AnomalyExplained && s.At >= s.Returned && s.Evidence == attendance.Evidence(&a):
		f.Status = app.AnomalyExplained
	case s.Status == app.AnomalyExplained:
		f.Changed = true
	}
	return f
}

// NamesOf are the names behind the ids of a snapshot.
func NamesOf(p *Snapshot) *Names {
	zones := app.Zones{}
	zones.Location("") // of what is at no site
	for i := range p.Facts.Sites {
		zones.Location(p.Facts.Sites[i].Zone)
	}
	return &Names{
		zones:       zones,
		Workers:     ByID(p.Facts.Workers, func(v app.Worker) app.ID { return v.ID }),
		Engagements: ByID(p.Facts.Engagements, func(v app.Engagement) app.ID { return v.ID }),
		Employers:   ByID(p.Facts.Employers, func(v app.Employer) app.ID { return v.ID }),
		Sites:       ByID(p.Facts.Sites, func(v app.Site) app.ID { return v.ID }),
		Clients:     ByID(p.clients, func(v app.Client) app.ID { return v.ID }),
		Boxes:       boxesByUID(p.Facts.Boxes),
	}
}

func boxesByUID(list []app.Box) map[string]app.Box {
	m := make(map[string]app.Box, len(list))
	for _, b := range list {
		m[b.UID] = b
	}
	return m
}

// Names returns the names behind all ids.
func (o *Cache) Names(ctx context.Context) (*Names, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return p.Names, nil
}

// Anomaly is what was found under a key; false where nothing is.
func (p *Snapshot) Anomaly(k app.AnomalyKey) (FoundAnomaly, bool) {
	if i, ok := p.byKey[k]; ok {
		return p.Noted[i], true
	}
	if !attendance.RuleOf(k.Rule).Informs() || k.Subject.Kind != app.AboutEngagement {
		return FoundAnomaly{}, false
	}
	for _, a := range p.Informations(p.Names.Engagements[app.ID(k.Subject.ID)].WorkerID, app.Days{}) {
		if a.Key() == k {
			return a, true
		}
	}
	return FoundAnomaly{}, false
}

// Unsettled says that someone has to look at it: open, and a warning or above.
func (f *FoundAnomaly) Unsettled() bool {
	return f.Status == app.AnomalyOpen && f.Severity >= app.Warning
}

// OpenPerWorker counts what someone has to look at, by worker.
func (p *Snapshot) OpenPerWorker() map[app.ID]int {
	n := map[app.ID]int{}
	for i := range p.Noted {
		if a := &p.Noted[i]; a.WorkerID != "" && a.Unsettled() {
			n[a.WorkerID]++
		}
	}
	return n
}

// OpenPerSite counts what someone has to look at, by site.
func (p *Snapshot) OpenPerSite() map[app.ID]int {
	n := map[app.ID]int{}
	for i := range p.Noted {
		if a := &p.Noted[i]; a.SiteID != "" && a.Unsettled() {
			n[a.SiteID]++
		}
	}
	return n
}

// AnomalyFilter narrows the anomalies shown; zero fields do not.
type AnomalyFilter struct {
	Days        app.Days
	Rule        app.Rule
	Status      app.AnomalyStatus
	WorkerID    app.ID
	SiteID      app.ID
	MinSeverity app.Severity
	Since       app.Instant // of those that are gone: since when
}

func (f *AnomalyFilter) fits(a *FoundAnomaly) bool {
	return (f.Rule == "" || a.Rule == f.Rule) &&
		(f.Status == "" || a.Status == f.Status) &&
		(f.WorkerID == "" || a.WorkerID == f.WorkerID) &&
		(f.SiteID == "" || a.SiteID == f.SiteID) &&
		a.Severity >= f.MinSeverity &&
		(a.Day == 0 || f.Days.Holds(a.Day)) // standing findings have no day and always show
}

// Anomalies returns what is found, serious first, then newest first. Those that
// are gone are given where the filter asks for them alone: newest gone first.
func (o *Cache) Anomalies(ctx context.Context, f AnomalyFilter) ([]FoundAnomaly, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if f.Status == app.AnomalyGone {
		return o.gone(ctx, f)
	}
	out := []FoundAnomaly{}
	lists := [][]FoundAnomaly{p.Noted}
	if f.MinSeverity <= app.Information && (f.Rule == "" || attendance.RuleOf(f.Rule).Informs()) {
		lists = append(lists, p.Informations(f.WorkerID, f.Days))
	}
	for _, list := range lists {
		for i := range list {
			if f.fits(&list[i]) {
				out = append(out, list[i])
			}
		}
	}
	sort.SliceStable(out, func(a, b int) bool {
		x, y := &out[a], &out[b]
		switch {
		case x.Severity != y.Severity:
			return x.Severity > y.Severity
		case x.Day != y.Day:
			return x.Day > y.Day
		default:
			return x.Key().String() < y.Key().String()
		}
	})
	return out, nil
}

// Presences returns the presences whose workday lies in days, by start.
func (o *Cache) Presences(ctx context.Context, days app.Days, worker, site app.ID) ([]app.Presence, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	out := []app.Presence{}
	for _, pr := range p.Presences(days, worker) {
		if site == "" || pr.SiteID == site {
			out = append(out, pr)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Start() < out[b].Start() })
	return out, nil
}

// Workdays returns the workdays in days, by worker and day.
func (o *Cache) Workdays(ctx context.Context, days app.Days, worker app.ID) ([]app.Workday, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return append([]app.Workday{}, p.Workdays(days, worker)...), nil
}

// HashOf returns SHA-256 of v's JSON, hex.
func HashOf(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:]), nil
}
