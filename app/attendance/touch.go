package attendance

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"time"

	"klokkast/app"
)

// touch finds whom and what new facts touch: everything else stays as it was
// derived. Where it is not sure it takes too much; what it does not know of,
// such as a new kind of fact, touches everything.
type touch struct {
	old, new *facts
	all      bool
	people   map[int32]*touched
	logs     map[app.LogKey]bool // settled anew
	boxes    map[string]bool     // their logs are settled anew, and all their people touched
	sites    map[app.ID]bool     // all their people are touched
	read     map[app.ID]bool     // sites of which more was read, and nothing else
	idents   map[identName]bool  // held by others now

	changedEngagements map[app.ID]bool

	strangers     map[int32]bool
	everyStranger bool
}

// identName is an identifier without its group: a PIN of all boxes counts in each group.
type identName struct {
	kind  app.IdentifierKind
	value string
}

func nameOf(k app.IdentifierKey) identName { return identName{k.Kind, k.Value} }

// touched says what of one person is derived anew.
type touched struct {
	all   bool
	times []app.Instant // of taps that came, went or changed, in order once found
	sites map[app.ID]bool
	now   app.Instant
	// shifts is from when on there may be shifts that were not there before; zero: none.
	shifts app.Instant
}

// touches says that a block which has its taps still is not as it was.
func (t *touched) touches(b *block) bool {
	if t.all || b.wakes != 0 && t.now >= b.wakes {
		return true
	}
	if slices.ContainsFunc(b.waits, func(s app.ID) bool { return t.sites[s] }) {
		return true
	}
	i, _ := slices.BinarySearch(t.times, b.first)
	return i < len(t.times) && t.times[i] <= b.last
}

// earliest returns from when on a person's blocks may be others than before; false: none is.
func (t *touched) earliest(p *person) (at app.Instant, ok bool) {
	at = end
	if len(t.times) > 0 {
		at = t.times[0]
	}
	if t.shifts != 0 {
		at = min(at, t.shifts)
	}
	for _, page := range p.pages {
		if page.first >= at {
			break
		}
		if page.wakes != 0 && t.now >= page.wakes || slices.ContainsFunc(page.waits, func(s app.ID) bool { return t.sites[s] }) {
			at = page.first
			break
		}
	}
	return at, at != end
}

// pageBefore returns from which page on a person's blocks have to be looked at again, where something of
// an instant changed: the block before it may reach to it now, and the border before that one stays.
func (p *person) pageBefore(at app.Instant) (n int) {
	for k, page := range p.pages {
		if page.first >= at {
			break
		}
		n = k
	}
	if n > 0 && !(len(p.pages[n].list()) > 1 && p.pages[n].list()[1].first < at) {
		n-- // only its first block begins before
	}
	return n
}

func newTouch(old, new *facts) *touch {
	return &touch{old: old, new: new, people: map[int32]*touched{}, logs: map[app.LogKey]bool{}, boxes: map[string]bool{},
		sites: map[app.ID]bool{}, read: map[app.ID]bool{}, idents: map[identName]bool{}, strangers: map[int32]bool{}}
}

func (t *touch) person(no int32) *touched {
	if t.people[no] == nil {
		t.people[no] = &touched{sites: t.read, now: t.new.now}
	}
	return t.people[no]
}

func (t *touch) wholly(no int32) { t.person(no).all = true }

func (t *touch) worker(id app.ID) {
	if no, ok := t.new.workerNo[id]; ok {
		t.wholly(no)
	} else if no, ok := t.old.workerNo[id]; ok {
		t.wholly(no)
	}
}

// compared are the lists of Input that are compared one by one below, or that
// only the findings made anew each time rest on.
var compared = map[string]bool{"Workers": true, "Employers": true, "Engagements": true, "Identifiers": true, "Custodies": true, "Boxes": true,
	"Placements": true, "Sites": true, "SiteDecisions": true, "Declarations": true, "DeclarationSites": true, "Punches": true, "Events": true,
	"Readings": true, "Gaps": true, "Adjustments": true, "Ignored": true, "Fills": true, "Repairs": true, "States": true, "Settings": true, "Now": true,
	"Cuts": true, "PlanLines": true, "PlanExceptions": true, "Absences": true, "Notations": true,
	"Entries": true}

// otherwise says that facts differ which touch everything: settings, and all
// that is not compared.
func (t *touch) otherwise() bool {
	a, b := t.old.in, t.new.in
	x, y := a.Settings, b.Settings
	if x.Holidays != nil || y.Holidays != nil || x.ExtraHoliday != y.ExtraHoliday || !slices.Equal(x.Replacements, y.Replacements) ||
		!maps.Equal(t.old.limits.company, t.new.limits.company) {
		return true
	}
	if len(t.new.entries) > 0 && !slices.EqualFunc(a.Employers, b.Employers, t.sameEmployer) {
		return true // by whose number a registration by phone finds its engagement
	}
	if t.new.now < t.old.now || t.old.apart != t.new.apart || t.old.ahead.String() != t.new.ahead.String() {
		return true
	}
	old, new := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range old.NumField() {
		if !compared[old.Type().Field(i).Name] && !reflect.DeepEqual(old.Field(i).Interface(), new.Field(i).Interface()) {
			return true
		}
	}
	return false
}

// compareFacts compares everything but what was recorded and read.
func (t *touch) compareFacts() {
	if t.all = len(t.old.logs) == 0 || t.otherwise(); t.all {
		t.everyStranger = true
		return
	}
	t.compareEngagements()
	t.compareHolders()
	t.compareSites()
	t.comparePlacements()
	t.compareNotations()
	t.comparePlan()
	t.compareAdjustments()
	t.compareStates()
	t.compareEntries()
}

// compareEntries: for whom a registration by phone counts follows from the employer in it.
func (t *touch) compareEntries() {
	a, b := t.old.in.Entries, t.new.in.Entries
	if len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) {
		return
	}
	for k, x := range t.old.entries {
		y := t.new.entries[k]
		if y != nil && t.sameEntry(x, y) {
			continue
		}
		if r := t.old.find(k); r != nil && r.holder >= 0 {
			t.wholly(r.holder)
		}
	}
	for k := range t.new.entries {
		if r := t.old.find(k); r != nil && t.old.entries[k] == nil && r.holder >= 0 {
			t.wholly(r.holder)
		}
	}
}

// sameEntry and sameEmployer compare what was kept behind a veil with what is known.
func (t *touch) sameEntry(x, y *app.RegisterEntry) bool {
	v := veiledEntry(*y, t.old.veil)
	return x.Enterprise == v.Enterprise && x.ForeignVAT == v.ForeignVAT && x.Declaration == v.Declaration
}

func (t *touch) sameEmployer(x, y app.Employer) bool {
	v := veiledEmployer(y, t.old.veil)
	return x.ID == v.ID && x.Enterprise == v.Enterprise && x.ForeignVAT == v.ForeignVAT
}

// compareNotations: where a box means cards by notations, every holder may count there.
func (t *touch) compareNotations() {
	same := func(a, b []app.BadgeNotation) bool {
		return slices.EqualFunc(a, b, func(x, y app.BadgeNotation) bool { return plainNotation(x) == plainNotation(y) })
	}
	for _, uid := range unequal(t.old.notations, t.new.notations, same) {
		t.boxes[uid], t.everyStranger = true, true
	}
	if len(t.idents) > 0 {
		for uid := range t.new.notations {
			t.boxes[uid] = true
		}
	}
}

func (t *touch) comparePlan() {
	lines := differingIDs(
		pointers(t.old.in.PlanLines, func(l *app.PlanLine) app.ID { return l.ID }),
		pointers(t.new.in.PlanLines, func(l *app.PlanLine) app.ID { return l.ID }),
		plainLine,
	)
	exceptions := differingIDs(
		pointers(t.old.in.PlanExceptions, func(x *app.PlanException) app.ID { return x.ID }),
		pointers(t.new.in.PlanExceptions, func(x *app.PlanException) app.ID { return x.ID }),
		plainException,
	)
	absences := differingIDs(
		pointers(t.old.in.Absences, func(a *app.Absence) app.ID { return a.ID }),
		pointers(t.new.in.Absences, func(a *app.Absence) app.ID { return a.ID }),
		plainAbsence,
	)
	// What a line is for its own person it is for those who stand in, too.
	everyone := len(lines)+len(exceptions)+len(absences) > 0 || len(t.sites) > 0 || len(t.changedEngagements) > 0
	for _, f := range [...]*facts{t.old, t.new} {
		if len(lines) > 0 && f.plan != nil { // not-planned is about whoever taps at a site with a plan
			for _, l := range f.in.PlanLines {
				if lines[l.ID] {
					t.sites[l.SiteID] = true
				}
			}
		}
		for id := range f.planned {
			switch no, ok := t.new.workerNo[id]; {
			case !ok:
			case everyone:
				t.wholly(no)
			case t.old.now.DateIn(t.old.belgium) != t.new.now.DateIn(t.new.belgium): // tomorrow's shifts
				const days = 2 // of what begins after midnight
				t.person(no).shifts = t.old.now.Add(-days * 24 * time.Hour)
			}
		}
	}
}

func (t *touch) compareEngagements() {
	changed := differingIDs(t.old.engagements, t.new.engagements, plainEngagement)
	t.changedEngagements = changed
	for _, f := range [...]*facts{t.old, t.new} {
		for id := range changed {
			if e := f.engagements[id]; e != nil {
				t.worker(e.WorkerID)
			}
		}
		if len(changed) == 0 {
			continue
		}
		for k, d := range f.idents {
			if slices.ContainsFunc(d.custodies, func(c custody) bool { return changed[c.EngagementID] }) {
				t.idents[nameOf(k)] = true
			}
		}
	}
}

// differingIDs returns what is in one map and not, or otherwise, in the other, by what plain leaves of it.
func differingIDs[K comparable, T any](a, b map[K]*T, plain func(T) T) map[K]bool {
	changed := map[K]bool{}
	for k, x := range a {
		if y := b[k]; y == nil || x != y && !reflect.DeepEqual(plain(*x), plain(*y)) {
			changed[k] = true
		}
	}
	for k := range b {
		if a[k] == nil {
			changed[k] = true
		}
	}
	return changed
}

func (t *touch) compareHolders() {
	for _, k := range unequal(t.old.idents, t.new.idents, sameHolders) {
		t.idents[nameOf(k)] = true
		t.everyStranger = true // they may be like a badge that is known now
		for _, f := range [...]*facts{t.old, t.new} {
			if d := f.idents[k]; d != nil {
				for _, c := range d.custodies {
					t.worker(c.engagement.WorkerID)
				}
			}
		}
	}
}

func unequal[K comparable, V any](a, b map[K]V, same func(a, b V) bool) (keys []K) {
	for k, x := range a {
		if y, ok := b[k]; !ok || !same(x, y) {
			keys = append(keys, k)
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	return keys
}

func sameHolders(a, b *ident) bool {
	return a.id == b.id && slices.EqualFunc(a.custodies, b.custodies, func(x, y custody) bool { return *x.Custody == *y.Custody })
}

func (t *touch) compareSites() {
	same := func(a, b *site) bool {
		return reflect.DeepEqual(plainSite(*a.Site), plainSite(*b.Site)) &&
			slices.EqualFunc(a.decisions, b.decisions, func(x, y *app.SiteDecision) bool { return plainDecision(*x) == plainDecision(*y) }) &&
			slices.EqualFunc(a.declared, b.declared, func(x, y declared) bool {
				return plainDeclaration(*x.declaration) == plainDeclaration(*y.declaration) && *x.link == *y.link
			})
	}
	for _, id := range unequal(t.old.sites, t.new.sites, same) {
		t.sites[id] = true
		for _, f := range [...]*facts{t.old, t.new} {
			if s := f.sites[id]; s != nil {
				for _, b := range s.boxes() {
					t.boxes[b.uid] = true
				}
			}
		}
	}
}

func (t *touch) comparePlacements() {
	same := func(a, b place) bool { return a.site.ID == b.site.ID && a.span == b.span }
	for _, f := range [...]*facts{t.old, t.new} {
		for _, b := range f.boxes {
			x, y := t.old.knownBox(b.uid), t.new.knownBox(b.uid)
			if x.zone.String() != y.zone.String() {
				t.boxes[b.uid] = true
			}
			if slices.EqualFunc(x.places, y.places, same) {
				continue
			}
			t.boxes[b.uid] = true
			for _, list := range [...][]place{x.places, y.places} {
				for _, p := range list {
					t.sites[p.site.ID] = true
				}
			}
		}
	}
}

func (f *facts) knownBox(uid string) *box {
	i, ok := slices.BinarySearchFunc(f.boxes, uid, func(b *box, uid string) int { return cmp.Compare(b.uid, uid) })
	if !ok {
		return &box{uid: uid, zone: f.belgium}
	}
	return f.boxes[i]
}

func (t *touch) compareAdjustments() {
	adjustments := func(f *facts) map[app.ID]*app.Adjustment {
		return pointers(f.in.Adjustments, func(a *app.Adjustment) app.ID { return a.ID })
	}
	old, new := adjustments(t.old), adjustments(t.new)
	changed := differingIDs(old, new, plainAdjustment)
	for _, side := range [...]map[app.ID]*app.Adjustment{old, new} {
		for id, a := range side {
			if changed[id] || t.sites[a.SiteID] {
				t.adjustment(a)
			}
		}
	}
}

// adjustment touches whom a statement is about: by its engagement, and who made the tap that it names.
func (t *touch) adjustment(a *app.Adjustment) {
	for _, f := range [...]*facts{t.old, t.new} {
		if e := f.engagements[a.EngagementID]; e != nil {
			t.worker(e.WorkerID)
		}
	}
	if a.Punch == nil {
		return
	}
	if r := t.old.find(*a.Punch); r != nil && r.holder >= 0 {
		t.wholly(r.holder) // whoever holds it now is found when its log changes hands
	}
}

func (t *touch) compareStates() {
	for k := range differingIDs(t.old.explained, t.new.explained, plainState) {
		switch k.Subject.Kind {
		case app.AboutEngagement:
			for _, f := range [...]*facts{t.old, t.new} {
				if e := f.engagements[app.ID(k.Subject.ID)]; e != nil {
					t.worker(e.WorkerID)
				}
			}
		case app.AboutBox:
			for _, l := range t.old.logs {
				if l.key.Box == k.Subject.ID {
					t.logs[l.key] = true
				}
			}
		}
	}
}

// settleLogs settles the logs that are new or touched, and takes the others as they were.
func (t *touch) settleLogs(records *Records) {
	f := t.new
	readings, gaps, repairs, cuts := f.byLog()
	before := make(map[app.LogKey]*boxLog, len(t.old.logs))
	for _, l := range t.old.logs {
		before[l.key] = l
	}
	var again []int
	var more []*LogRecords
	for _, b := range f.boxes {
		for _, k := range b.keys {
			given := f.sumOf(k, readings[k], gaps[k], repairs[k], cuts[k])
			old := before[k]
			if old != nil && records.logs[k] == nil && !t.settlesAgain(old, given) {
				f.logs = append(f.logs, &boxLog{old.logState, old.logBody, b})
				continue
			}
			l := &boxLog{&logState{key: k, given: given}, &logBody{limit: f.limits.duration(DriftLimit, nil, nil), repairs: repairs[k], cuts: cuts[k],
				ignored: f.ignored[k], readings: readings[k], gaps: gaps[k]}, b}
			if old != nil {
				l.records, l.events = old.body().records, old.body().events
			}
			again = append(again, len(f.logs))
			more = append(more, records.logs[k])
			f.logs = append(f.logs, l)
		}
	}
	atOnce(len(again), func(i int) {
		l := f.logs[again[i]]
		l.takeIn(more[i], f.words.readings)
		l.count = len(l.records)
		l.readings, l.gaps = slices.Clone(l.readings), slices.Clone(l.gaps)
		f.settleLog(l)
	})
	for _, i := range again {
		t.compareLogs(before[f.logs[i].key], f.logs[i])
	}
	f.indexPunches()
}

// byLog returns what belongs to each log. Of a fact that stands twice in Input the last counts.
func (f *facts) byLog() (
	readings map[app.LogKey][]*app.Reading, gaps map[app.LogKey][]*app.Gap, repairs map[app.LogKey][]*app.ClockRepair, cuts map[app.LogKey][]*app.ClockCut,
) {
	readings = map[app.LogKey][]*app.Reading{}
	taken := make([]bool, len(f.readings))
	for i := range f.in.Readings {
		r := f.readings[f.readingNo[i]]
		if !taken[f.readingNo[i]] {
			taken[f.readingNo[i]] = true
			readings[r.Log] = append(readings[r.Log], r)
		}
	}
	gaps = ofLogs(f.in.Gaps, func(g *app.Gap) app.LogKey { return g.Log })
	repairs = ofLogs(f.in.Repairs, func(r *app.ClockRepair) app.LogKey { return r.Log })
	cuts = ofLogs(f.in.Cuts, func(c *app.ClockCut) app.LogKey { return c.Log })
	return readings, gaps, repairs, cuts
}

// ofLogs groups facts by their logs.
func ofLogs[T any](list []T, log func(*T) app.LogKey) map[app.LogKey][]*T {
	m := map[app.LogKey][]*T{}
	for i := range list {
		m[log(&list[i])] = append(m[log(&list[i])], &list[i])
	}
	return m
}

// settlesAgain says that a log is not as it was: given is the sum of what belongs to it now.
func (t *touch) settlesAgain(old *boxLog, given uint64) bool {
	if t.all || t.logs[old.key] || t.boxes[old.key.Box] || old.unfetched || old.given != given {
		return true
	}
	return len(t.idents) > 0 && slices.ContainsFunc(old.shown, func(k int32) bool { return t.idents[nameOf(t.new.words.idents[k])] })
}

// compareLogs touches those whose taps in a log came, went or changed.
func (t *touch) compareLogs(old, new *boxLog) {
	if old == nil {
		old = &boxLog{&logState{key: new.key}, &logBody{}, new.box}
	}
	for _, l := range [...]*boxLog{old, new} {
		for _, k := range l.strangers {
			t.strangers[k] = true
		}
		if t.boxes[new.key.Box] {
			for _, no := range l.holders {
				t.wholly(no)
			}
		}
	}
	if t.all {
		return
	}
	if new.key.Log == app.FileLog {
		t.compareFiles(old, new)
		return
	}
	a, b := old.body().records, new.body().records
	i, k := 0, 0
	for i < len(a) || k < len(b) {
		c := 0
		switch {
		case i == len(a):
			c = 1
		case k == len(b):
			c = -1
		default:
			c = cmp.Compare(a[i].seq, b[k].seq)
		}
		switch {
		case c < 0:
			t.record(&a[i])
			i++
		case c > 0:
			t.record(&b[k])
			k++
		default:
			t.compareRecords(&a[i], &b[k])
			i, k = i+1, k+1
		}
	}
}

// compareFiles is compareLogs for logs of files, whose records can come to stand elsewhere.
func (t *touch) compareFiles(old, new *boxLog) {
	all := old.ordered != new.ordered // then what is of one instant may be otherwise
	a, b := old.body().records, new.body().records
	for i := range a {
		if _, ok := new.find(a[i].seq); !ok || all {
			t.record(&a[i])
		}
	}
	for k := range b {
		r := &b[k]
		if i, ok := old.find(r.seq); ok && !all {
			t.compareRecords(&a[i], r)
		} else {
			t.record(r)
		}
	}
}

func (t *touch) compareRecords(a, b *record) {
	if *a != *b {
		t.record(a)
		t.record(b)
	}
}

func (t *touch) record(r *record) {
	if r.isPunch() && r.holder >= 0 {
		p := t.person(r.holder)
		p.times = append(p.times, r.at)
	}
}

// compareBoxes finds the sites where the proof of what is missing changed.
func (t *touch) compareBoxes() {
	t.new.gatherBoxes()
	for _, b := range t.new.boxes {
		old := t.old.knownBox(b.uid)
		same := slices.EqualFunc(old.holes, b.holes, sameHole)
		if same && old.readTo == b.readTo && old.askedAt == b.askedAt {
			continue
		}
		for _, p := range b.places {
			if same && old.readTo <= b.readTo && old.askedAt <= b.askedAt {
				t.read[p.site.ID] = true
			} else {
				t.sites[p.site.ID] = true
			}
		}
	}
}

func sameHole(a, b hole) bool {
	return a.span == b.span && a.lost == b.lost && (a.gap == nil) == (b.gap == nil) && (a.gap == nil || *a.gap == *b.gap)
}

// findPeople finds everyone whom all this touches.
func (t *touch) findPeople() {
	for id := range t.sites {
		for _, f := range [...]*facts{t.old, t.new} {
			if s := f.sites[id]; s != nil {
				for _, b := range s.boxes() {
					for _, l := range b.logs {
						for _, no := range l.holders {
							t.wholly(no)
						}
					}
				}
			}
		}
	}
	for _, f := range [...]*facts{t.old, t.new} {
		for _, set := range [...]func(*facts) map[app.ID]bool{func(f *facts) map[app.ID]bool { return f.stating }, func(f *facts) map[app.ID]bool { return f.planned }} {
			for id := range set(f) {
				if !set(t.other(f))[id] || t.all {
					t.worker(id)
				}
			}
		}
		if t.all {
			for no := range f.logsOf {
				t.wholly(no)
			}
		}
	}
	for _, p := range t.people {
		slices.Sort(p.times)
	}
}

func (t *touch) other(f *facts) *facts {
	if f == t.old {
		return t.new
	}
	return t.old
}

// waiting touches the people who wait for more reading at a site, or for an instant.
func (t *touch) waiting(people map[int32]*person) {
	for no, p := range people {
		if p.wakes != 0 && t.new.now >= p.wakes || slices.ContainsFunc(p.waits, func(s app.ID) bool { return t.read[s] }) {
			t.person(no)
		}
		if slices.ContainsFunc(p.shifts, func(s app.ID) bool { return t.sites[s] }) {
			t.wholly(no)
		}
	}
}

// sumOf is a sum over all that a log is settled by beside its records, its box and the rules: two that are
// equal were made of the same.
func (f *facts) sumOf(k app.LogKey, readings []*app.Reading, gaps []*app.Gap, repairs []*app.ClockRepair, cuts []*app.ClockCut) uint64 {
	s := stamp{}
	for _, r := range readings {
		s.texts(string(r.ID), string(r.Source), string(r.State), r.Check.Source)
		s.numbers(int64(r.Started), int64(r.Ended), int64(r.First), int64(r.Last), int64(r.ReadTo), int64(r.Check.At), int64(r.Check.Offset))
		if c := r.Clock; c != nil {
			s.numbers(1, int64(c.At), int64(c.Offset), int64(c.Uncertainty))
		}
	}
	for _, g := range gaps {
		s.numbers(2, int64(g.First), int64(g.Last), int64(g.Known))
		s.yes(g.ReadElsewhere)
	}
	for _, r := range repairs {
		s.texts(string(r.ID), r.Source)
		s.numbers(3, int64(r.First), int64(r.Last), int64(r.Shift), int64(r.At), int64(r.Withdrawn))
	}
	for _, c := range cuts {
		s.texts(string(c.ID))
		s.numbers(4, int64(c.First), int64(c.At), int64(c.Withdrawn))
	}
	for _, seq := range sortedKeys(f.ignored[k]) {
		s.numbers(5, int64(seq))
	}
	return s.sum()
}
