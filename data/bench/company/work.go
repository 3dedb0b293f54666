package main

import (
	"math/rand/v2"
	"slices"
	"time"

	"klokkast/app"
)

// entry is one thing that a box records.
type entry struct {
	kind app.RecordType
	at   app.Instant // in truth
	key  app.PunchKey
	who  *person // nil: nobody's
	raw  [7]byte // the badge
	lost int     // how many records get lost

	registers app.RegistrationType // "" for what is no registration
	forgotten *forgotten
	seq       uint64
	by        app.Instant // the box's own time
	untrusted bool
}

// forgotten is the edge that nobody tapped of a presence of which this is the other one.
type forgotten struct {
	kind app.AdjustmentKind
	at   app.Instant
}

// week lets people work until as many taps were made as there are to be by then, and
// returns how many were: a day more or less, but never more than there are to be in all.
func (c *company) week(monday app.Date, wanted int) (made int) {
	var starts [7]app.Instant
	for i := range starts {
		starts[i] = monday.AddDays(i).Start(c.zone)
	}
	for round := range 5 {
		for range c.people {
			if made >= wanted {
				return made
			}
			p := c.people[c.turn%len(c.people)]
			c.turn++
			weekday := p.weekdays[round]
			day := monday.AddDays(weekday)
			if day < max(c.first, p.first) || day > c.today || p.last != 0 && day > p.last {
				continue
			}
			made += c.day(p, starts[weekday], c.o.Punches-c.punches-made)
		}
	}
	return made
}

// visit is a tap that somebody means to make.
type visit struct {
	at  *place
	by  app.Instant
	key app.PunchKey
}

// day lets somebody work on a day, and returns how many taps of it will be read, of at most so many.
func (c *company) day(p *person, start app.Instant, most int) (made int) {
	visits := c.visits(p, start)
	var forgot *forgotten
	switch keys := visits[0].at.box.keys; {
	case p.night:
	case c.goesWrong(c.r, c.o.Faults.forgottenOut):
		last := len(visits) - 1
		forgot = &forgotten{kind: app.AdjustOut, at: visits[last].by}
		visits = visits[:last]
	case keys && len(visits) == 2 && c.goesWrong(c.r, c.o.Faults.forgottenIn):
		forgot = &forgotten{kind: app.AdjustIn, at: visits[0].by}
		visits = visits[1:]
	}
	for i, v := range visits {
		e := &entry{kind: app.RecordPunch, at: v.by, key: v.key, who: p, raw: p.badge.raw, registers: registersAs(v.key)}
		if i == len(visits)-1 {
			e.forgotten = forgot
		}
		if !v.at.box.keys {
			e.key = app.KeyNone
		}
		made += v.at.box.take(e, most-made)
		if c.goesWrong(c.r, c.o.Faults.doubleTap) {
			again := *e
			again.at, again.registers, again.forgotten = e.at.Add(time.Duration(4+c.r.IntN(12))*time.Second), "", nil
			made += v.at.box.take(&again, most-made)
		}
		if c.goesWrong(c.r, c.o.Faults.unknownBadge) {
			made += v.at.box.take(stranger(v.at, e, c.r), most-made)
		}
	}
	return made
}

func registersAs(k app.PunchKey) app.RegistrationType {
	if k == app.KeyIn || k == app.KeyBreakEnd {
		return app.RegisterIn
	}
	return app.RegisterOut
}

// stranger is a tap by a badge that nobody holds, a minute later.
func stranger(at *place, e *entry, r *rand.Rand) *entry {
	x := &entry{kind: app.RecordPunch, at: e.at.Add(time.Minute), raw: [7]byte{0xFE, 0xED, 0, byte(at.box.number >> 8), byte(at.box.number), byte(r.IntN(3)), 1}}
	if at.box.keys {
		x.key = app.KeyIn
	}
	return x
}

// visits are the taps that somebody means to make on a day.
func (c *company) visits(p *person, start app.Instant) []visit {
	begin := start.Add(time.Duration(p.begins*60+c.r.IntN(600)-240) * time.Second)
	if p.night && p.home.box.keys {
		begin = start.Add(time.Duration(22*3600+c.r.IntN(300)) * time.Second)
	}
	at := begin
	minutes := func(least, more int) app.Instant {
		at = at.Add(time.Duration(least*60+c.r.IntN(more*60)) * time.Second)
		return at
	}
	switch {
	case p.night && p.home.box.keys:
		return []visit{
			{p.home, begin, app.KeyIn}, {p.home, minutes(235, 10), app.KeyBreakStart}, {p.home, minutes(28, 4), app.KeyBreakEnd}, {p.home, minutes(190, 10), app.KeyOut},
		}
	case c.r.IntN(2) == 0:
		return []visit{{p.home, begin, app.KeyIn}, {p.home, minutes(190, 150), app.KeyOut}}
	case p.home != p.second:
		return []visit{
			{p.home, begin, app.KeyIn}, {p.home, minutes(100, 60), app.KeyOut}, {p.second, minutes(30, 15), app.KeyIn}, {p.second, minutes(100, 60), app.KeyOut},
		}
	case p.home.box.keys:
		return []visit{
			{p.home, begin, app.KeyIn}, {p.home, minutes(110, 40), app.KeyBreakStart}, {p.home, minutes(20, 10), app.KeyBreakEnd}, {p.home, minutes(110, 60), app.KeyOut},
		}
	}
	return []visit{{p.home, begin, app.KeyIn}, {p.home, minutes(110, 40), app.KeyOut}, {p.home, minutes(20, 10), app.KeyIn}, {p.home, minutes(110, 60), app.KeyOut}}
}

// take lets a box record something, where it will be read and there may be more; it returns how many.
func (b *box) take(e *entry, most int) int {
	if most <= 0 || len(b.plan) == 0 || e.at >= b.plan[len(b.plan)-1] {
		return 0
	}
	b.pending = append(b.pending, e)
	return 1
}

// before takes out of what a box holds all up to an instant, in the order of time.
func (b *box) before(t app.Instant) []*entry {
	slices.SortStableFunc(b.pending, func(x, y *entry) int { return int(x.at - y.at) })
	n, _ := slices.BinarySearchFunc(b.pending, t, func(e *entry, t app.Instant) int { return int(e.at - t) })
	now := slices.Clone(b.pending[:n])
	b.pending = slices.Delete(b.pending, 0, n)
	return now
}
