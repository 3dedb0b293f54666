package attendance

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
)

// tap is one punch on its way: whose, where, and what it did.
type tap struct {
	p        *app.Punch
	at       app.Instant
	offset   time.Duration
	doubt    time.Duration
	site     *site
	holder   custody // zero where nobody held the identifier
	presence *presence
	first    *tap // of a duplicate, or of what is one act with another: the tap that counts
	entry    *tap // of a tap at a box: the registration by phone with which it is one act
	waiting  []*tap
	log      *boxLog
	place    int32 // in its log
	engaged  *app.Engagement
	order    int32 // its place among the person's taps

	key         app.PunchKey // pressed, by it or by a duplicate of it
	role        role
	offsetKnown bool
	repaired    bool
	asked       bool // its presence is a keyless one over night (P2)
	unread      bool // a tap before it may wait in a box that was not read
	phones      bool // a registration by phone before it may not have been looked for
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
	roleSameAct
)

func (r role) tapRole() app.TapRole {
	return [...]app.TapRole{"", app.TapIn, app.TapOut, app.TapBreakStart, app.TapBreakEnd, app.TapDuplicate, app.TapIgnored,
		app.TapNoEffect, app.TapUnknown, app.TapNoSite, app.TapUnsettled, app.TapRefused, app.TapSameAct}[r]
}

// registers says that a tap of the role is an IN or an OUT to the register.
func (r role) registers() bool { return r >= roleIn && r <= roleBreakEnd }

// compareTaps is the order of rule O1: by corrected time, then as the log has them.
func compareTaps(a, b *tap) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	return a.p.CompareRecords(b.p)
}

// ref is a punch in its log.
type ref struct {
	at  app.Instant
	log *boxLog
	i   int32
}

func (r ref) record() *record { return r.log.record(int(r.i)) }

func (r ref) key() app.RecordKey { return app.RecordKey{LogKey: r.log.key, Seq: r.record().seq} }

// compareRefs is the order of rule O1: by corrected time, then as the log has them.
func compareRefs(a, b ref) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	if a.log == b.log {
		x, y := a.record(), b.record()
		return cmp.Or(x.position().Compare(y.position()), cmp.Compare(x.seq, y.seq))
	}
	return a.key().Compare(b.key())
}

// refsIn adds punches of a log to a list.
func (l *boxLog) refsIn(list []ref, punches []int32) []ref {
	for _, i := range punches {
		list = append(list, ref{l.record(int(i)).at, l, i})
	}
	return list
}

// attribute returns each punch of a log its holder (O1).
func (f *facts) attribute(l *boxLog) {
	l.byWorker, l.unheld = map[int32][]int32{}, map[int32][]int32{}
	shown := map[int32]bool{}
	for i := range l.records {
		r := &l.records[i]
		if !r.isPunch() {
			continue
		}
		shown[r.what] = true
		role := f.place(l, r)
		c, held := f.holderOf(l, r)
		switch {
		case held:
			r.holder = f.workerNo[c.engagement.WorkerID]
			l.byWorker[r.holder] = append(l.byWorker[r.holder], int32(i))
		case !l.box.phones && (role == roleNone || role == roleRefused):
			r.holder = unheld
			l.unheld[r.what] = append(l.unheld[r.what], int32(i))
		default:
			r.holder = nobody
			l.rest = append(l.rest, int32(i))
		}
	}
	l.shown, l.holders, l.strangers = sortedKeys(shown), sortedKeys(l.byWorker), sortedKeys(l.unheld)
}

// place says why a punch does not count where it was made; roleNone: it does.
func (f *facts) place(l *boxLog, r *record) role {
	unsettled := r.mark&markUnsettled != 0
	switch {
	case unsettled && (r.mark&markOlder != 0 || len(l.box.places) == 0), !unsettled && l.box.at(r.at) == nil:
		r.mark |= markNoSite
	case l.ignored[r.seq], r.flags&app.Withdrawn != 0:
		r.mark |= markIgnored
	}
	return r.role()
}

// role is what the record alone says of a punch.
func (r *record) role() role {
	switch {
	case r.mark&markNoSite != 0:
		return roleNoSite
	case r.mark&markUnsettled != 0:
		return roleUnsettled
	case r.mark&markIgnored != 0:
		return roleIgnored
	case r.flags&app.Refused != 0:
		return roleRefused
	}
	return roleNone
}

// holderOf returns who held the identifier of a punch at its moment. A PIN that is
// known for all boxes is known in each group, too; a card that nobody knows may
// be one in the notation of its box.
func (f *facts) holderOf(l *boxLog, r *record) (custody, bool) {
	if r.mark&markUnsettled != 0 { // its moment is not known, so neither is its holder
		return custody{}, false
	}
	k := f.words.idents[r.what]
	if k.Kind == app.ByRegister {
		return f.registered(app.ID(k.Value), app.RecordKey{LogKey: l.key, Seq: r.seq}, r.at)
	}
	if c, ok := f.idents[k].holder(r.at); ok {
		return c, true
	}
	if k.Group == "" {
		return f.holderByNotation(l.key.Box, k, r.at)
	}
	k.Group = ""
	return f.idents[k].holder(r.at)
}

// tapsOf makes the taps of punches, in their order.
func (f *facts) tapsOf(refs []ref) []*tap {
	type pair struct {
		tap   tap
		punch app.Punch
	}
	room := make([]pair, len(refs))
	list := make([]*tap, len(refs))
	for k, r := range refs {
		room[k].punch = f.punchOf(r.log, r.record())
		f.fillTap(&room[k].tap, r, &room[k].punch)
		list[k] = &room[k].tap
	}
	return list
}

// punchOf returns a punch as the box recorded it.
func (f *facts) punchOf(l *boxLog, r *record) app.Punch {
	return app.Punch{Key: app.RecordKey{LogKey: l.key, Seq: r.seq}, At: r.raw, Identifier: f.words.idents[r.what], Pressed: r.pressed,
		Flags: r.flags, Boot: r.boot, SinceBoot: r.since, ReadingID: f.words.readings[r.fetched], Position: r.position()}
}

func (f *facts) fillTap(t *tap, r ref, p *app.Punch) {
	rec := r.record()
	*t = tap{p: p, log: r.log, place: r.i, at: rec.at, key: rec.pressed, role: rec.role(), offsetKnown: rec.mark&markKnown != 0, repaired: rec.mark&markRepaired != 0}
	t.offset, t.doubt = r.log.offsetOf(int(r.i))
	if rec.mark&(markNoSite|markUnsettled) == 0 {
		t.site = r.log.box.at(t.at)
	}
	if rec.holder >= 0 {
		t.holder, _ = f.holderOf(r.log, rec)
	} else if t.role == roleNone {
		t.role = roleUnknown
	}
}

func (f *facts) boxOf(uid string) *box {
	i, _ := slices.BinarySearchFunc(f.boxes, uid, func(b *box, uid string) int { return cmp.Compare(b.uid, uid) })
	return f.boxes[i]
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
	type door struct { // what is tapped at a box and by phone is one act, or two, by another rule
		site   *site
		phones bool
	}
	runs := map[door]run{}
	for _, t := range taps {
		if t.role != roleNone && t.role != roleUnknown {
			continue
		}
		at := door{t.site, t.byPhone()}
		r, ok := runs[at]
		within := f.limits.duration(DuplicateWithin, t.site, t.holder.engagement)
		if !ok || t.at.Sub(r.last) > within || !oneTap(r.counts.key, t.key) {
			runs[at] = run{t, t.at}
			continue
		}
		t.role, t.first = roleDuplicate, r.counts
		if r.counts.key == app.KeyNone {
			r.counts.key = t.key
		}
		r.last = t.at
		runs[at] = r
	}
}

// oneTap says that two keys can be of one tap: the same, or one of them none.
func oneTap(a, b app.PunchKey) bool {
	return a == b || a == app.KeyNone || b == app.KeyNone
}
