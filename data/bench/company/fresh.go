package main

import (
	"fmt"
	"path/filepath"
	"time"

	"klokkast/app"
	"klokkast/data"
	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
)

// The one more box that hangs at the first site and was never read: in the folder of simulated
// boxes beside the database, with taps of this morning.
const (
	freshBox  = "boxes/fresh"
	freshTaps = 500
)

// freshlyTapped makes that box, places it, and has half as many people come and go as it has taps.
func (c *company) freshlyTapped(f *data.Fill) error {
	dir := filepath.Join(c.o.Dir, filepath.FromSlash(freshBox))
	if err := simbox.Create(dir, simbox.Factory{Label: "Fresh"}); err != nil {
		return fmt.Errorf("make a box to read: %w", err)
	}
	b, err := simbox.Open(dir, simbox.Options{Off: true, Lazy: true, Wall: func() time.Time { return c.now.Time() }})
	if err != nil {
		return fmt.Errorf("make a box to read: %w", err)
	}
	defer b.Close()
	start := c.today.Start(c.zone).Add(5 * time.Hour).Time()
	events := []simbox.PastEvent{{At: start, Type: app.RecordBoot}}
	for i := range freshTaps {
		p, key := c.people[i%(freshTaps/2)%len(c.people)], app.KeyIn
		if i >= freshTaps/2 {
			key = app.KeyOut
		}
		badge := ocb.Badge{Tech: ocb.TechISO14443, Bytes: p.badge.raw[:]}
		events = append(events, simbox.PastEvent{At: start.Add(time.Duration(i+1) * 30 * time.Second), Type: app.RecordPunch, Badge: badge, Key: key})
	}
	if _, err := b.Past(events); err != nil {
		return fmt.Errorf("fill a box to read: %w", err)
	}
	log := b.LogKey()
	met := app.Box{UID: log.Box, Make: app.MakeOCB, Label: "Fresh", Group: log.Box, FirstSeen: c.entered}
	if err := f.Box(c.ctx, met, log); err != nil {
		return err
	}
	at := app.Placement{ID: c.ids.at(c.entered), BoxUID: log.Box, SiteID: c.places[0].site.ID, Span: app.Span{From: c.today.AddDays(-1).Start(c.zone)}}
	return f.Store().PlaceBox(c.ctx, at, c.act("box.place", "box", app.ID(log.Box), c.entered))
}
