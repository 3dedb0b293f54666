package main

import (
	"cmp"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/data"
)

// batch is what is written of a week.
type batch struct {
	sessions []*session
	sent     []request
	settled  []settlement
	err      error
}

// live goes through the weeks: one goroutine makes them up, this one writes.
func (c *company) live(f *data.Fill) error {
	weeks := make(chan batch, 2)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(weeks)
		c.makeUp(f, func(b batch) bool {
			select {
			case weeks <- b:
				return b.err == nil
			case <-stop:
				return false
			}
		})
	}()
	for b := range weeks {
		if err := cmp.Or(b.err, c.ctx.Err()); err != nil {
			return err
		}
		if err := b.write(c, f); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) write(c *company, f *data.Fill) error {
	for _, s := range b.sessions {
		if err := f.Read(c.ctx, s.reading, s.records, s.gaps); err != nil {
			return err
		}
	}
	for _, r := range b.sent {
		if err := f.Send(r.attempt, r.sealed); err != nil {
			return err
		}
	}
	for _, s := range b.settled {
		if err := s(c.ctx, f.Store()); err != nil {
			return err
		}
	}
	return nil
}

// makeUp makes weeks up until the last one, or until told to stop.
func (c *company) makeUp(f *data.Fill, more func(batch) bool) {
	total, done := c.chances(c.first, c.today), 0
	for monday := c.first.Monday(); monday <= c.today; monday += 7 {
		done += c.chances(max(monday, c.first), min(monday.AddDays(6), c.today))
		wanted := int(float64(c.o.Punches) * float64(done) / float64(total))
		c.punches += c.week(monday, wanted-c.punches)
		b := c.readWeek(f, monday)
		for _, s := range b.sessions {
			c.readings++
			b.settled = append(b.settled, c.settle(s)...)
		}
		if !more(b) {
			return
		}
	}
}

// chances counts the working days from one to another, both included, at each site
// whose box was read after them: only what was read is in the database.
func (c *company) chances(from, to app.Date) (n int) {
	for d := from; d <= to; d++ {
		if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		evening := d.Start(c.zone).Add(18 * time.Hour)
		for i := range c.places {
			if plan := c.places[i].box.plan; len(plan) > 0 && plan[len(plan)-1] > evening {
				n++
			}
		}
	}
	return n
}

// readWeek reads the boxes whose turn it is in a week, in the order of time, and sends what each day brought.
func (c *company) readWeek(f *data.Fill, monday app.Date) (b batch) {
	type turn struct {
		box *box
		at  app.Instant
	}
	var turns []turn
	end := monday.AddDays(7).Start(c.zone)
	for i := range c.places {
		x := &c.places[i].box
		for _, at := range x.plan {
			if at >= monday.Start(c.zone) && at < end {
				turns = append(turns, turn{x, at})
			}
		}
	}
	slices.SortFunc(turns, func(a, b turn) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.box.number, b.box.number)) })
	for len(turns) > 0 {
		day := turns[0].at.DateIn(c.zone)
		var read []*session
		for len(turns) > 0 && turns[0].at.DateIn(c.zone) == day {
			read = append(read, c.readAt(turns[0].box, turns[0].at))
			turns = turns[1:]
		}
		b.sessions = append(b.sessions, read...)
		sent, err := c.send(f, day, read)
		if b.sent, b.err = append(b.sent, sent...), err; err != nil {
			return b
		}
	}
	return b
}
