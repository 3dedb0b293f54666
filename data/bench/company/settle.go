package main

import (
	"context"
	"time"

	"klokkast/app"
	"klokkast/data"
)

// settlement is what somebody has the store keep about what went wrong.
type settlement func(context.Context, *data.Store) error

// settledUntil is how old something is that was seen to: what is newer still waits for somebody.
const settledUntil = 62 * 24 * time.Hour

// settle sees to what went wrong in what a reading brought, some days later: it states
// edges that nobody tapped, and puts the times of a lost clock right.
func (c *company) settle(s *session) (list []settlement) {
	at := s.reading.Started.Add(50 * time.Hour)
	if s.reading.Started.Add(settledUntil) > c.now {
		return nil
	}
	if s.shift != 0 {
		r := app.ClockRepair{
			ID: c.ids.at(at), Log: s.box.key, First: s.since, Last: s.reading.Last, Shift: -s.shift.Truncate(time.Millisecond), Source: "boot", Reason: "other", By: actor, At: at,
		}
		list = append(list, func(ctx context.Context, store *data.Store) error {
			return store.RepairClock(ctx, r, c.act("clock.repair", "box", app.ID(r.Log.Box), at))
		})
	}
	for _, e := range s.entries {
		if e.forgotten == nil || e.who == nil {
			continue
		}
		key := app.RecordKey{LogKey: s.box.key, Seq: e.seq}
		a := app.Adjustment{
			ID: c.ids.at(at), Kind: e.forgotten.kind, EngagementID: e.who.engagement, SiteID: s.box.place.site.ID, Punch: &key, Reason: "forgot", By: actor, At: at,
		}
		if edge := e.forgotten.at - e.forgotten.at%60_000; a.Kind == app.AdjustOut {
			a.To = edge
		} else {
			a.From = edge
		}
		list = append(list, func(ctx context.Context, store *data.Store) error {
			return store.Adjust(ctx, []app.Adjustment{a}, c.act("adjustment.add", "engagement", a.EngagementID, at))
		})
	}
	return list
}
