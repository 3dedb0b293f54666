package office

import (
	"context"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/output"
	"klokkast/app/printing"
	"klokkast/app/sending"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// Parts is what an office is put together from; main does it.
type Parts struct {
	Store store.Store
	// Now tells the time; it is the computer's clock, or a fixed one in tests and demos.
	Now func() app.Instant
	// Finder finds boxes; nil where the program runs without any.
	Finder boxes.Finder
	// Exchange makes the sender to the register of an environment.
	Exchange sending.Exchange
	// Typesetting prints timesheets.
	Typesetting documents.Typesetting
	// Own is what the program lives on beside the store's own memory: no paper and no list ever takes its place.
	Own output.Own
	// BoxPatience is how long a box is waited for whose cable dropped while it was read; 0: 10 s.
	BoxPatience time.Duration
	// Printing puts papers on paper; nil where the program runs without it.
	Printing printing.System
	// Background runs work away from its caller; nil: on a goroutine of its own.
	Background func(work func())
}

// Office hands out the parts that answer the faces. All are safe from any goroutine.
type Office struct {
	*workspace.Workspace
	Derived        *derived.Cache
	Staff          *acts.Staff
	Sites          *acts.Sites
	Plan           *acts.Plan
	Judgements     *acts.Judgements
	Connection     *sending.Connection
	Register       *sending.Register
	Phones         *sending.Phones
	Dossiers       *sending.Dossiers
	Boxes          *boxes.Boxes
	Files          *boxes.Files
	Reconciliation *boxes.Reconciliation
	Printer        *documents.Printer
	Approvals      *documents.Approvals
	Sheets         *documents.Sheets
	Checks         *documents.Checks
	Exports        *documents.Exports
	Papers         *documents.Papers
}

// New puts an office together and reads its settings.
func New(ctx context.Context, p Parts) (*Office, error) {
	work, err := workspace.New(ctx, p.Store, p.Now)
	if err != nil {
		return nil, err
	}
	cache := derived.NewCache(work, p.Background)
	staff := acts.NewStaff(work, cache)
	connection := sending.NewConnection(work, p.Exchange)
	register := sending.NewRegister(work, cache, connection)
	dossiers := sending.NewDossiers(work, cache, staff, register)
	clockBoxes := boxes.NewBoxes(work, cache, register, p.Finder, p.BoxPatience)
	judgements := acts.NewJudgements(work, cache, staff)
	printer := documents.NewPrinter(work, p.Typesetting, p.Own, p.Printing)
	approvals := documents.NewApprovals(work, cache, staff, printer)
	sheets := documents.NewSheets(work, printer, approvals)
	return &Office{
		Workspace: work, Derived: cache, Staff: staff, Sites: acts.NewSites(work, cache, staff), Plan: acts.NewPlan(work, staff),
		Judgements: judgements, Connection: connection, Register: register, Phones: sending.NewPhones(work, cache, register), Dossiers: dossiers,
		Boxes: clockBoxes, Files: boxes.NewFiles(work, cache, clockBoxes, judgements), Reconciliation: boxes.NewReconciliation(work, cache, connection, clockBoxes),
		Printer: printer, Approvals: approvals, Sheets: sheets, Checks: documents.NewChecks(work, approvals),
		Exports: documents.NewExports(work, printer, approvals, sheets), Papers: documents.NewPapers(work, cache, printer, register, dossiers, clockBoxes),
	}, nil
}
