package attendance

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
)

// tap is one punch on its way: whose, where, and what it did.
type tap struct {
	p        *app.Punch // nil for a record that stood in the input twice
	at       app.Instant
	offset   time.Duration
	doubt    time.Duration
	site     *site
	holder   custody // zero where nobody held the identifier
	presence *presence
	first    *tap // of a duplicate: the tap that counts
	engaged  *app.Engagement
	order    int32 // its place among the person's taps

	key         app.PunchKey // pressed, by it or by a duplicate of it
	role        role
	offsetKnown bool
	repaired    bool
	unsettled   bool
	older       bool // unsettled, but certainly from before its box was placed
	asked       bool // its presence is a keyless one over night (P2)
}

// role is app.TapRole in one byte.
type role uint8

const (
	roleNone role = iota
	roleIn
	roleOut
	roleBreakStart
	roleBreakEnd
	roleDuplicate
	roleIgnored
	roleNoEffect
	roleUnknown
	roleNoSite
	roleUnsettled
	roleRefused
)

func (r role) tapRole() app.TapRole {
	return [...]app.TapRole{"", app.TapIn, app.TapOut, app.TapBreakStart, app.TapBreakEnd, app.TapDuplicate, app.TapIgnored,
		app.TapNoEffect, app.TapUnknown, app.TapNoSite, app.TapUnsettled, app.TapRefused}[r]
}

// compareTaps is the order of rule O1: by corrected time, then record key.
func compareTaps(a, b *tap) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return a.p.Key.Compare(b.p.Key)
}

// group is taps of one person, or of one identifier that nobody held.
type group struct {
	worker app.ID            // of a person
	ident  app.IdentifierKey // of an unknown identifier
	taps   []*tap            // in order
}

// attribution is every tap with its place and holder.
type attribution struct {
	persons []*group // by worker
	unknown []*group // by identifier
	rest    []*tap   // of nobody and nowhere: no-site, unsettled, ignored or refused
}

// attribute gives each tap its site and holder (O1).
func (f *facts) attribute() attribution {
	var a attribution
	persons, unknown := map[app.ID]*group{}, map[app.IdentifierKey]*group{}
	for i := range f.taps {
		t := &f.taps[i]
		if t.p == nil {
			continue
		}
		t.key = t.p.Pressed
		f.place(t)
		t.holder, _ = f.holderOf(t)
		switch {
		case t.holder.Custody != nil:
			g := persons[t.holder.engagement.WorkerID]
			if g == nil {
				g = &group{worker: t.holder.engagement.WorkerID}
				persons[g.worker] = g
				a.persons = append(a.persons, g)
			}
			g.taps = append(g.taps, t)
		case t.role == roleNone || t.role == roleRefused:
			if t.role == roleNone {
				t.role = roleUnknown
			}
			g := unknown[t.p.Identifier]
			if g == nil {
				g = &group{ident: t.p.Identifier}
				unknown[g.ident] = g
				a.unknown = append(a.unknown, g)
			}
			g.taps = append(g.taps, t)
		default:
			a.rest = append(a.rest, t)
		}
	}
	// People who only have a stated presence have a timesheet too, and whoever
	// has a shift may be missing.
	others := f.planned()
	for i := range f.in.Adjustments {
		if e := f.engagements[f.in.Adjustments[i].EngagementID]; e != nil {
			others = append(others, e.WorkerID)
		}
	}
	for _, id := range others {
		if persons[id] == nil {
			persons[id] = &group{worker: id}
			a.persons = append(a.persons, persons[id])
		}
	}
	slices.SortFunc(a.persons, func(x, y *group) int { return cmp.Compare(x.worker, y.worker) })
	slices.SortFunc(a.unknown, func(x, y *group) int { return cmp.Compare(identText(x.ident), identText(y.ident)) })
	slices.SortFunc(a.rest, compareTaps)
	return a
}

// place finds the site of a tap, or why it has none that counts.
func (f *facts) place(t *tap) {
	b := f.boxOf(t.p.Key.Box)
	t.site = b.at(t.at)
	switch {
	case t.unsettled && (t.older || len(b.places) == 0):
		t.role, t.site = roleNoSite, nil
	case t.unsettled:
		t.role, t.site = roleUnsettled, nil
	case t.site == nil:
		t.role = roleNoSite
	case f.ignored[t.p.Key]:
		t.role = roleIgnored
	case t.p.Flags&app.Refused != 0:
		t.role = roleRefused
	}
}

func (f *facts) boxOf(uid string) *box {
	i, _ := slices.BinarySearchFunc(f.boxes, uid, func(b *box, uid string) int { return cmp.Compare(b.uid, uid) })
	return f.boxes[i]
}

// holderOf gives who held the identifier of a tap at its moment. A PIN that is
// known for all boxes is known in each group, too; a card that nobody knows may
// be one in the notation of its box.
func (f *facts) holderOf(t *tap) (custody, bool) {
	if t.unsettled { // its moment is not known, so neither is its holder
		return custody{}, false
	}
	k := t.p.Identifier
	if c, ok := f.idents[k].holder(t.at); ok {
		return c, true
	}
	if k.Group == "" {
		return f.holderByNotation(t.p.Key.Box, k, t.at)
	}
	k.Group = ""
	return f.idents[k].holder(t.at)
}

// identText is the name of an identifier in the identity of anomalies.
func identText(k app.IdentifierKey) string {
	if k.Group == "" {
		return string(k.Kind) + ":" + k.Value
	}
	return string(k.Kind) + ":" + k.Group + ":" + k.Value
}

// markDuplicates finds double taps (D1) among taps in order. The first of a
// run counts, with the key of whichever pressed one.
func (f *facts) markDuplicates(taps []*tap) {
	type run struct {
		counts *tap
		last   app.Instant
	}
	runs := map[*site]run{}
	for _, t := range taps {
		if t.role != roleNone && t.role != roleUnknown {
			continue
		}
		r, ok := runs[t.site]
		within := f.limits.duration(DuplicateWithin, t.site, t.holder.engagement)
		if !ok || t.at.Sub(r.last) > within || !oneTap(r.counts.key, t.key) {
			runs[t.site] = run{t, t.at}
			continue
		}
		t.role, t.first = roleDuplicate, r.counts
		if r.counts.key == app.KeyNone {
			r.counts.key = t.key
		}
		r.last = t.at
		runs[t.site] = r
	}
}

// oneTap says that two keys can be of one tap: the same, or one of them none.
func oneTap(a, b app.PunchKey) bool {
	return a == b || a == app.KeyNone || b == app.KeyNone
}
