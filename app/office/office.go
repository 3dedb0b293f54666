// Package office is what the faces ask for: the window and the commands read,
// enter, derive, send and print through its parts, so that everything the window can
// do a command can do too.
package office

import (
	"context"
	"time"

	"klokkast/app"
	"klokkast/app/output"
	"klokkast/app/printing"
	"klokkast/app/store"
)

// Parts is what an office is put together from; main does it.
type Parts struct {
	Store store.Store
	// Now tells the time; it is the computer's clock, or a fixed one in tests and demos.
	Now func() app.Instant
	// Finder finds boxes; nil where the program runs without any.
	Finder Finder
	// Exchange makes the sender to the register of an environment.
	Exchange Exchange
	// Press prints timesheets.
	Press Press
	// Own is what the program lives on beside the store's own memory: no paper and no list ever takes its place.
	Own output.Own
	// BoxPatience is how long a box is waited for whose cable dropped while it was read; 0: 10 s.
	BoxPatience time.Duration
	// Printing puts papers on paper; nil where the program runs without it.
	Printing printing.System
}

// Office hands out the parts that answer the faces. All are safe from any goroutine.
type Office struct {
	*Workspace
	*Cache
	*Staff
	*Sites
	*Plan
	*Judgements
	*Connection
	*Register
	*Dossiers
	*Boxes
	*Files
	*Reconciliation
	*Printer
	*Approver
	*Sheets
	*Checks
	*Exports
	*Papers
}

// New puts an office together and reads its settings.
func New(ctx context.Context, p Parts) (*Office, error) {
	work, err := NewWorkspace(ctx, p.Store, p.Now)
	if err != nil {
		return nil, err
	}
	derived := NewCache(work)
	staff := &Staff{work: work, derived: derived}
	connection := &Connection{work: work, Exchange: p.Exchange, open: map[app.Environment]openKey{}}
	register := &Register{work: work, derived: derived, connection: connection}
	work.OnChange(func(reading app.ID) {
		if reading != "" {
			register.wakeSending()
		}
	})
	dossiers := &Dossiers{work: work, derived: derived, staff: staff, register: register}
	boxes := &Boxes{work: work, derived: derived, connection: connection, register: register, Finder: p.Finder, BoxPatience: p.BoxPatience}
	printer := &Printer{work: work, Press: p.Press, Own: p.Own, Printing: p.Printing}
	approvals := &Approver{work: work, derived: derived, staff: staff, printer: printer}
	sheets := &Sheets{work: work, printer: printer, approvals: approvals}
	return &Office{
		Workspace: work, Cache: derived, Staff: staff, Sites: &Sites{work: work, derived: derived, staff: staff},
		Plan: &Plan{work: work, staff: staff}, Judgements: &Judgements{work: work, derived: derived, staff: staff},
		Connection: connection, Register: register, Dossiers: dossiers,
		Boxes: boxes, Files: &Files{work: work, derived: derived, boxes: boxes},
		Reconciliation: &Reconciliation{work: work, derived: derived, connection: connection, boxes: boxes},
		Printer:        printer, Approver: approvals, Sheets: sheets, Checks: &Checks{work: work, approvals: approvals},
		Exports: &Exports{work: work, printer: printer, approvals: approvals, sheets: sheets},
		Papers:  &Papers{work: work, derived: derived, printer: printer, register: register, dossiers: dossiers, boxes: boxes},
	}, nil
}
