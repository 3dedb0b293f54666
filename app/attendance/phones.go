package attendance

import (
	"slices"
	"time"

	"klokkast/app"
)

// What people registered by phone or otherwise, and the register shows, counts beside
// the taps at boxes: as records of a box of its own at each site, which nobody sees.

// placePhones lets a box that stands for the phones of a site stand there for ever. It
// is one of those that must be read (principle 1) where people may register by phone.
func (f *facts) placePhones(b *box) {
	id, ok := app.PhonesSite(b.uid)
	if !ok {
		return
	}
	b.phones = true
	s := f.sites[id]
	if s == nil {
		return
	}
	b.places, s.phones = []place{{site: s}}, b
	if s.Phones {
		s.stays = append(s.stays, stay{box: b})
	}
}

// indexEntries looks up what the register said of registrations.
func (f *facts) indexEntries() {
	f.entries = make(map[app.RecordKey]*app.RegisterEntry, len(f.in.Entries))
	for i := range f.in.Entries {
		f.entries[f.in.Entries[i].Key()] = &f.in.Entries[i]
	}
}

// settlePhones settles a log of registrations: their time is the register's own, and a
// number that is not there is no record that was lost.
func (f *facts) settlePhones(l *boxLog) {
	l.gaps = nil
	if n := len(l.records); n > 0 {
		l.segments, l.epochs = []segment{{hi: n, good: true}}, []epoch{{hi: n}}
	}
	for i := range l.records {
		r := &l.records[i]
		r.at, r.mark = r.raw, markKnown
		l.lastTap = max(l.lastTap, r.at)
	}
	for _, r := range l.readings {
		if r.State != app.ReadingDone || r.ReadTo == 0 { // nobody asked for all
			continue
		}
		to := min(r.ReadTo, readingTime(r))
		l.doneTo, l.lastRead, l.askedAt = max(l.doneTo, to), max(l.lastRead, r.Ended, r.Started), max(l.askedAt, to)
		if r.Source == app.FromRegister {
			l.askedAt = max(l.askedAt, r.Started, r.Ended)
		}
	}
}

// askedSince says that the register was asked after an instant who registered by phone at
// a site, if that is allowed there: what it shows later may still be of before.
func (s *site) askedSince(i app.Instant) bool { return !s.Phones || s.phones.askedAt > i }

// registered returns by which engagement a worker registered: by the one of that day
// with the employer whom the register names, the default of several.
func (f *facts) registered(worker app.ID, k app.RecordKey, at app.Instant) (custody, bool) {
	on := at.DateIn(f.belgium)
	var best *app.Engagement
	most := 0
	for _, e := range f.byWorker[worker] {
		fits := 1
		if f.employs(e, f.entries[k]) {
			fits += 4
		}
		if e.Days.Holds(on) {
			fits += 2
		}
		if fits > most || fits == most && e.Default && !best.Default {
			best, most = e, fits
		}
	}
	if best == nil {
		return custody{}, false
	}
	return custody{&app.Custody{EngagementID: best.ID}, best}, true
}

// employs says that an engagement is with the employer of a registration.
func (f *facts) employs(e *app.Engagement, entry *app.RegisterEntry) bool {
	employer := f.employers[e.EmployerID]
	if entry == nil || employer == nil {
		return false
	}
	return entry.Enterprise != "" && entry.Enterprise == employer.Enterprise || entry.ForeignVAT != "" && entry.ForeignVAT == employer.ForeignVAT
}

// byPhone says that a tap was made by phone or otherwise, and at no box.
func (t *tap) byPhone() bool { return t.log != nil && t.log.box.phones }

// declaredBy says that a tap is declared by itself: the register has it, or the act of
// which it is one, with a declaration.
func (f *facts) declaredBy(t *tap) bool {
	if t.entry != nil {
		t = t.entry
	}
	e := f.entries[t.p.Key]
	return e != nil && e.Declaration != ""
}

// counts returns the tap that counts for a double tap, or for one that is one act with it; any other tap itself.
func (t *tap) counts() *tap {
	for t.first != nil {
		t = t.first
	}
	return t
}

// oneActWithin is how far apart a tap at a box and one by phone may be to be one act.
const oneActWithin = 15 * time.Minute

// joinActs finds among a person's taps, in order, those that are one act done twice: at
// a box and by phone, at one site, at most 15 min apart, in one direction or without a
// key at the box. The register's direction counts, the earlier of two INs, the later of two OUTs.
func joinActs(taps []*tap) {
	if !slices.ContainsFunc(taps, (*tap).byPhone) {
		return
	}
	at := map[*site][]*tap{}
	for _, t := range taps {
		if t.role == roleNone {
			at[t.site] = append(at[t.site], t)
		}
	}
	for _, list := range at {
		acts := map[*tap][]*tap{}
		for i, t := range list {
			if e := entryOf(list, i); e != nil {
				t.entry = e
				acts[e] = append(acts[e], t)
			}
		}
		for e, others := range acts {
			joinAct(e, others)
		}
	}
}

// joinAct lets one tap of an act count: a registration and others, in order, at boxes.
func joinAct(e *tap, others []*tap) {
	all := append([]*tap{e}, others...)
	slices.SortStableFunc(all, compareTaps)
	counts := all[0]
	if wayOf(e.key) == outwards {
		counts = all[len(all)-1]
	}
	for _, t := range all {
		if t != counts {
			t.role, t.first = roleSameAct, counts
		}
	}
	counts.key = e.key
}

// entryOf returns the registration by phone that is one act with a tap at a box: the
// nearer of the last one before it and the next one, of equally near ones the earlier; nil: none.
func entryOf(list []*tap, i int) *tap {
	if list[i].byPhone() {
		return nil
	}
	before, after := entryBeside(list, i, -1), entryBeside(list, i, +1)
	if before == nil || after != nil && after.at.Sub(list[i].at) < list[i].at.Sub(before.at) {
		return after
	}
	return before
}

// entryBeside looks for a registration from a tap on, one way. What was pressed in the
// other direction between them makes them two acts.
func entryBeside(list []*tap, i, step int) *tap {
	t := list[i]
	pressed := map[direction]bool{wayOf(t.key): true}
	for k := i + step; k >= 0 && k < len(list) && list[k].at.Sub(t.at).Abs() <= oneActWithin; k += step {
		e := list[k]
		if !e.byPhone() {
			pressed[wayOf(e.key)] = true
			continue
		}
		if pressed[wayOf(e.key).other()] {
			return nil
		}
		return e
	}
	return nil
}

// wayOf returns the direction of a key.
func wayOf(key app.PunchKey) direction {
	switch key {
	case app.KeyIn, app.KeyBreakEnd:
		return inwards
	case app.KeyOut, app.KeyBreakStart:
		return outwards
	}
	return nowhere
}

// other returns the opposite direction.
func (d direction) other() direction {
	switch d {
	case inwards:
		return outwards
	case outwards:
		return inwards
	}
	return nowhere
}
