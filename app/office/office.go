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
	staff := NewStaff(work, derived)
	connection := NewConnection(work, p.Exchange)
	register := NewRegister(work, derived, connection)
	dossiers := NewDossiers(work, derived, staff, register)
	boxes := NewBoxes(work, derived, register, p.Finder, p.BoxPatience)
	printer := NewPrinter(work, p.Press, p.Own, p.Printing)
	approvals := NewApprover(work, derived, staff, printer)
	sheets := NewSheets(work, printer, approvals)
	return &Office{
		Workspace: work, Cache: derived, Staff: staff, Sites: NewSites(work, derived, staff), Plan: NewPlan(work, staff),
		Judgements: NewJudgements(work, derived, staff), Connection: connection, Register: register, Dossiers: dossiers,
		Boxes: boxes, Files: NewFiles(work, derived, boxes), Reconciliation: NewReconciliation(work, derived, connection, boxes),
		Printer: printer, Approver: approvals, Sheets: sheets, Checks: NewChecks(work, approvals),
		Exports: NewExports(work, printer, approvals, sheets), Papers: NewPapers(work, derived, printer, register, dossiers, boxes),
	}, nil
}
