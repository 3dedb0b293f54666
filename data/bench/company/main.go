// Command company makes up the database of a cleaning company that has worked with
// the program for years, for measuring: people, sites and boxes, punches as boxes
// record them, readings, what was sent to the register, and what goes wrong in all
// of it. The same seed makes the same company. It opens as a demo that stands still
// on the first working morning after its last month.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"time"

	"klokkast/app"
)

func main() {
	debug.SetGCPercent(400) // hundreds of bytes are made of each punch and thrown away
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "company:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	o := options{Faults: usualFaults()}
	flags := flag.NewFlagSet("company", flag.ContinueOnError)
	flags.StringVar(&o.Dir, "dir", "", "new folder for the database")
	flags.IntVar(&o.Punches, "punches", 500_000, "how many punches")
	flags.IntVar(&o.People, "people", 0, "how many people (one to 500 punches)")
	flags.IntVar(&o.Sites, "sites", 0, "how many sites, each with a box (one to 5 people)")
	flags.IntVar(&o.Months, "months", 30, "how many months")
	flags.Uint64Var(&o.Seed, "seed", 1, "another seed makes another company")
	until := flags.String("until", "", "first day after the last month, as 2026-12-01 (this month's)")
	flags.Float64Var(&o.Faults.all, "faults", 1, "how much more goes wrong than usual; 0: nothing does")
	flags.StringVar(&o.Approve, "approve", "", "the program, to have it approve all months but the last two")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := o.complete(*until); err != nil {
		return err
	}
	started := time.Now()
	c, err := write(ctx, o)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d punches of %d people at %d sites, %d readings, %d registrations, in %.1f s\n",
		filepath.Join(o.Dir, databaseName), c.punches, o.People, o.Sites, c.readings, c.registrations, time.Since(started).Seconds())
	if o.Approve == "" {
		return nil
	}
	return approve(ctx, o)
}

// options say which company.
type options struct {
	Dir                            string
	Punches, People, Sites, Months int
	Seed                           uint64
	Until                          app.Date // the first of a month
	Approve                        string   // the program that approves its months; "": none of them is
	Faults                         faults
}

// faults are how often something goes wrong: of so many, one.
type faults struct {
	all           float64 // factor of all of them
	forgottenOut  float64 // days on which the last OUT is forgotten
	forgottenIn   float64 // days on which the first IN is
	doubleTap     float64 // taps that are made twice
	unknownBadge  float64 // taps by a badge that nobody holds
	clockReset    float64 // weeks of a box in which its clock goes back to 2000
	sequenceGap   float64 // weeks of a box in which it loses records
	unread        float64 // weeks of a box from which on it is not read for long
	refused       float64 // registrations that the register refuses
	withoutNumber float64 // people whose number is missing
}

func usualFaults() faults {
	return faults{
		all: 1, forgottenOut: 0.004, forgottenIn: 0.002, doubleTap: 0.003, unknownBadge: 0.0005, clockReset: 0.0005, sequenceGap: 0.0005,
		unread: 0.004, refused: 0.0005, withoutNumber: 0.002,
	}
}

// complete fills in what was not said, and refuses what makes no company.
func (o *options) complete(until string) error {
	if o.Dir == "" {
		return fmt.Errorf("--dir says where")
	}
	if o.People == 0 {
		o.People = max(10, o.Punches/500)
	}
	if o.Sites == 0 {
		o.Sites = max(4, o.People/5)
	}
	if o.Punches < 1 || o.People < 2 || o.Sites < 2 || o.Months < 1 {
		return fmt.Errorf("a company has two people and sites, and a punch and a month")
	}
	day := app.At(time.Now()).DateIn(app.Belgium())
	if until != "" {
		var err error
		if day, err = app.ParseDate(until); err != nil {
			return fmt.Errorf("--until: %w", err)
		}
	}
	o.Until = app.MonthOf(day).First()
	if until != "" && o.Until != day {
		return fmt.Errorf("--until is the first day of a month")
	}
	return nil
}
