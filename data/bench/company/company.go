package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"klokkast/app"
	"klokkast/data"
)

const (
	actor        = "Demo"
	environment  = app.LocalSimulator
	databaseName = "klokkast.db"
	demoSign     = "demo.json" // by which the program knows a demo's folder and its time
)

// company is one that is being made up.
type company struct {
	ctx       context.Context
	o         options
	zone      *time.Location
	ids       *ids
	first     app.Date    // of its first month
	entered   app.Instant // when staff and sites were entered
	today     app.Date    // the working day on which it stands still
	now       app.Instant // at which hour
	employers [2]app.Employer
	people    []*person
	places    []place
	r         *rand.Rand // of what happens from day to day
	turn      int        // whose turn it is to work
	register  int64      // number that the register gave last

	punches, readings, registrations int
}

// write makes up a company and writes its database into a new folder.
func write(ctx context.Context, o options) (*company, error) {
	c := newCompany(ctx, o)
	if err := c.foundFolder(); err != nil {
		return nil, err
	}
	path := filepath.Join(o.Dir, databaseName)
	f, err := data.OpenFill(ctx, path, data.Options{
		Demo: true, InstallationName: "office", KeyStore: data.FileKeys(data.KeyFileOf(path)), Now: func() time.Time { return c.entered.Time() },
	})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(c.enter(f), c.live(f)); err != nil {
		return nil, errors.Join(err, f.Abandon())
	}
	return c, f.Close(ctx)
}

func newCompany(ctx context.Context, o options) *company {
	c := &company{ctx: ctx, o: o, zone: app.Belgium(), ids: newIDs(o.Seed), r: rand.New(rand.NewPCG(o.Seed, 0x11FE)), register: 9_000_000_000}
	c.first = app.MonthOf(o.Until).Add(-o.Months).First()
	c.entered = c.first.AddDays(-30).Start(c.zone).Add(9 * time.Hour)
	c.today = o.Until
	for w := c.today.Weekday(); w == time.Saturday || w == time.Sunday; w = c.today.Weekday() {
		c.today++
	}
	c.now = c.today.Start(c.zone).Add(10 * time.Hour)
	since := c.first.Start(c.zone)
	c.employers = [...]app.Employer{
		{ID: c.ids.at(c.entered), Name: "Blinkend Schoon BV", Kind: app.OwnCompany, Enterprise: ownNumber, RegistersSince: since},
		{ID: c.ids.at(c.entered), Name: "Netto Partners SRL", Kind: app.Subcontractor, Enterprise: subNumber, RegistersSince: since},
	}
	c.makeSites()
	c.makeStaff()
	return c
}

// foundFolder makes the folder, with the sign of a demo whose time stands still.
func (c *company) foundFolder() error {
	if err := os.MkdirAll(c.o.Dir, 0o700); err != nil {
		return fmt.Errorf("make the company's folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(c.o.Dir, databaseName)); !os.IsNotExist(err) {
		return fmt.Errorf("%s holds a database already", c.o.Dir)
	}
	sign, err := json.Marshal(map[string]any{"month": app.MonthOf(c.o.Until).Add(-1).String(), "seed": max(c.o.Seed, 1), "lived": true})
	if err != nil {
		return fmt.Errorf("make the company's folder: %w", err)
	}
	if err := os.WriteFile(filepath.Join(c.o.Dir, demoSign), sign, 0o600); err != nil {
		return fmt.Errorf("make the company's folder: %w", err)
	}
	return nil
}

// enter has the store keep settings, staff, sites and boxes.
func (c *company) enter(f *data.Fill) error {
	settings := map[string]any{"actor": actor, "language": app.Dutch, "environment": environment, "clockCheck": app.ClockCheck{At: c.now.Add(-time.Hour), Source: "demo"}}
	if err := f.Store().SetSetting(c.ctx, "office", settings, c.act("settings.save", "setting", "office", c.entered)); err != nil {
		return fmt.Errorf("enter settings: %w", err)
	}
	if err := c.enterStaff(f.Store()); err != nil {
		return fmt.Errorf("enter staff: %w", err)
	}
	if err := c.enterSites(f); err != nil {
		return fmt.Errorf("enter sites: %w", err)
	}
	return c.freshlyTapped(f)
}

func (c *company) act(what, kind string, id app.ID, at app.Instant) app.Act {
	return app.Act{Actor: actor, At: at, What: what, Target: kind + ":" + string(id)}
}

// goesWrong says that of so many things this one goes wrong.
func (c *company) goesWrong(r *rand.Rand, share float64) bool {
	return r.Float64() < share*c.o.Faults.all
}
