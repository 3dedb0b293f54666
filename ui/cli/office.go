package cli

import (
	"context"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/reading"
)

// Office is what the commands ask for; *office.Office satisfies it. It is
// declared by subject, so that a command takes no more than it needs.
type Office interface {
	Company
	Boxes
	Findings
	Register
	Sheets
	Imports
}

// Company is what every command may ask.
type Company interface {
	Environment() app.Environment
	Language() app.Language
	Names(ctx context.Context) (*office.Names, error)
	WorkerRows(ctx context.Context) ([]office.WorkerRow, error)
	SiteRows(ctx context.Context) ([]office.SiteRow, error)
	Employers(ctx context.Context) ([]app.Employer, error)
	Today(ctx context.Context) (*office.Today, error)
	RevealSSIN(ctx context.Context, worker app.ID) (string, error)
}

// Boxes reads and places clock boxes.
type Boxes interface {
	BoxRows(ctx context.Context) ([]office.BoxRow, error)
	ReadBox(ctx context.Context, path string, opt office.ReadOptions, p office.Progress) (app.Reading, error)
	// FindBox gives the path of a connected box named by path, UID or label.
	FindBox(ctx context.Context, name string) (string, error)
	ImportFile(ctx context.Context, file string, opt office.ImportOptions, p office.Progress) (reading.Imported, error)
	PlaceBox(ctx context.Context, boxUID string, site app.ID, from app.Instant, why string) error
}

// Findings is what was derived from punches.
type Findings interface {
	Anomalies(ctx context.Context, f office.AnomalyFilter) ([]office.FoundAnomaly, error)
	Presences(ctx context.Context, days app.Days, worker, site app.ID) ([]app.Presence, error)
	Workdays(ctx context.Context, days app.Days, worker app.ID) ([]app.Workday, error)
}

// Register is the way to CIAO.
type Register interface {
	RegisterCounts(ctx context.Context) (*office.RegisterCounts, error)
	RegisterRows(ctx context.Context, f office.RegisterFilter, limit int) ([]office.RegisterRow, error)
	Send(ctx context.Context, p office.Progress) (ciao.Report, error)
	ResumeSending(ctx context.Context, why string) (ciao.Report, error)
	Release(ctx context.Context, keys []app.RecordKey, why string) (int, error)
	SetRegistersSince(ctx context.Context, employer app.ID, at app.Instant, why string) error
	SaveCredential(ctx context.Context, c ciao.Credential) error
	Decide(ctx context.Context, registration app.ID, d ciao.PersonDecision, why string) error
}

// Sheets prints timesheets.
type Sheets interface {
	SheetRows(ctx context.Context, m app.Month) ([]office.SheetRow, error)
	WriteSheet(ctx context.Context, engagement app.ID, m app.Month, lang app.Language, dir string, reveal bool) (string, error)
	WriteSheets(ctx context.Context, m app.Month, lang app.Language, dir string, reveal bool, p office.Progress) ([]string, error)
}

// Imports takes lists in, and checks the database.
type Imports interface {
	ImportStaff(ctx context.Context, file string, apply bool) (*importing.Report, error)
	ImportSites(ctx context.Context, file string, apply bool) (*importing.Report, error)
	Verify(ctx context.Context) ([]office.Finding, error)
}

var _ Office = (*office.Office)(nil)
