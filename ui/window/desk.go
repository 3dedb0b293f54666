package window

import (
	"context"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/export"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/printing"
	"klokkast/app/reading"
	"klokkast/app/timesheet/paper"
)

// Desk is everything that the window asks for; *office.Office is one. It is
// declared by subject, and each screen takes no more of it than it needs.
//
// Methods with a context may take long: the window calls them in the
// background only. The others answer from memory.
type Desk interface {
	scanDesk
	companyDesk
	todayDesk
	boxesDesk
	punchesDesk
	anomaliesDesk
	staffDesk
	sitesDesk
	planDesk
	ciaoDesk
	sheetsDesk
}

// companyDesk is what the window's frame asks for.
type companyDesk interface {
	Installation() app.Installation
	Environment() app.Environment
	Demo() bool
	Actor() string
	SetActor(ctx context.Context, name string) error
	SetLanguage(ctx context.Context, l app.Language) error
	thresholdDesk
	holidayDesk
	letterheadDesk
	Subscribe(f func()) (cancel func())
	sendingDesk
	undoDesk
}

type namesDesk interface {
	Names(ctx context.Context) (*office.Names, error)
}

type readDesk interface {
	BoxRows(ctx context.Context) ([]office.BoxRow, error)
	ReadBox(ctx context.Context, path string, opt office.ReadOptions, p office.Progress) (app.Reading, error)
}

type sendDesk interface {
	namesDesk
	// SendingAhead says what would be sent, and whether a person is asked first.
	SendingAhead(ctx context.Context) (*office.SendingAhead, error)
	Send(ctx context.Context, p office.Progress) (ciao.Report, error)
}

type todayDesk interface {
	namesDesk
	readDesk
	sendDesk
	Today(ctx context.Context) (*office.Today, error)
}

type boxesDesk interface {
	namesDesk
	chartDesk
	repairDesk
	readDesk
	filesDesk
	PlaceBox(ctx context.Context, boxUID string, site app.ID, from app.Instant, why string) error
	EndPlacement(ctx context.Context, id app.ID, at app.Instant, why string) error
	SaveBox(ctx context.Context, b app.Box, why string) error
	ReopenBox(ctx context.Context, uid, why string) error
	WriteReadingReceipt(ctx context.Context, reading app.ID, opt office.PaperOptions) (string, error)
	Readings(ctx context.Context, boxUID string) ([]app.Reading, error)
	SiteRows(ctx context.Context) ([]office.SiteRow, error)
	serviceDesk
}

// filesDesk takes in files of boxes that have no cable.
type filesDesk interface {
	PreviewImport(ctx context.Context, file string, opt office.ImportOptions) (*office.ImportPlan, error)
	ImportFile(ctx context.Context, file string, opt office.ImportOptions, p office.Progress) (reading.Imported, error)
	PreviewTable(ctx context.Context, file, box string, m *reading.Mapping, rows int) (reading.TablePreview, error)
	SaveMapping(ctx context.Context, b app.Box, m reading.Mapping, why string) error
	TerminalUsers(ctx context.Context, file string, opt office.UserOptions) (*office.UserList, error)
	GiveBadges(ctx context.Context, list []office.GiveBadge, why string) error
}

type punchesDesk interface {
	namesDesk
	PunchRows(ctx context.Context, f office.PunchFilter) ([]office.PunchRow, error)
	ignoreDesk
}

type anomaliesDesk interface {
	namesDesk
	repairDesk
	Anomalies(ctx context.Context, f office.AnomalyFilter) ([]office.FoundAnomaly, error)
	WorkerRows(ctx context.Context) ([]office.WorkerRow, error)
	AnomalyCard(ctx context.Context, k app.AnomalyKey) (*office.AnomalyCard, error)
	Explain(ctx context.Context, keys []app.AnomalyKey, reason, note string) error
	Reopen(ctx context.Context, keys []app.AnomalyKey, note string) error
	AdjustMissing(ctx context.Context, key app.AnomalyKey, at app.Instant, reason, note string) error
	GiveBadges(ctx context.Context, list []office.GiveBadge, why string) error
	ignoreDesk
	statementDesk
}

type staffDesk interface {
	namesDesk
	chartDesk
	thresholdDesk
	statementDesk
	WorkerRows(ctx context.Context) ([]office.WorkerRow, error)
	SaveWorker(ctx context.Context, w app.Worker, why string) (app.Worker, error)
	EndWorker(ctx context.Context, id app.ID, last app.Date, why string) error
	SaveEngagement(ctx context.Context, e app.Engagement, why string) (app.Engagement, error)
	SaveEmployer(ctx context.Context, e app.Employer, why string) (app.Employer, error)
	Employers(ctx context.Context) ([]app.Employer, error)
	GiveBadge(ctx context.Context, g office.GiveBadge, why string) error
	readerDesk
	EndBadge(ctx context.Context, custody app.ID, at app.Instant, why string) error
	RevealSSIN(ctx context.Context, worker app.ID) (string, error)
	ImportStaff(ctx context.Context, file string, apply bool) (*importing.Report, error)
	ImportAbsences(ctx context.Context, file string, apply bool) (*importing.Report, error)
}

// readerDesk knows the desk's badge reader.
type readerDesk interface {
	Held(ctx context.Context, key app.IdentifierKey, span app.Span) ([]app.Custody, error)
	ReaderNotation() identity.ReadingKind
	GiveReadBadge(ctx context.Context, g office.GiveBadge, how identity.ReadingKind, why string) error
}

type sitesDesk interface {
	namesDesk
	papersDesk
	thresholdDesk
	SiteRows(ctx context.Context) ([]office.SiteRow, error)
	SaveSite(ctx context.Context, s app.Site, why string) (app.Site, error)
	EndSite(ctx context.Context, id app.ID, at app.Instant, why string) error
	SaveSiteOfClient(ctx context.Context, s app.Site, client, why string) (app.Site, error)
	Clients(ctx context.Context) ([]app.Client, error)
	DecideSite(ctx context.Context, d app.SiteDecision) error
	DeclareSite(ctx context.Context, d app.Declaration, link app.DeclarationSite, why string) error
	Declarations(ctx context.Context) ([]app.Declaration, error)
	PlaceBox(ctx context.Context, boxUID string, site app.ID, from app.Instant, why string) error
	EndPlacement(ctx context.Context, id app.ID, at app.Instant, why string) error
	ImportSites(ctx context.Context, file string, apply bool) (*importing.Report, error)
}

type ciaoDesk interface {
	namesDesk
	chartDesk
	sendDesk
	checksDesk
	RegisterCounts(ctx context.Context) (*office.RegisterCounts, error)
	RegisterRows(ctx context.Context, f office.RegisterFilter, limit int) ([]office.RegisterRow, error)
	Attempts(ctx context.Context, registration app.ID) ([]app.Attempt, error)
	Release(ctx context.Context, keys []app.RecordKey, notRegistered bool, why string) (int, error)
	Decide(ctx context.Context, registration app.ID, d ciao.PersonDecision, why string) error
	AskedAbout(ctx context.Context, c office.RegistrationChoice) (*office.Asked, error)
	DecideAll(ctx context.Context, c office.RegistrationChoice, d ciao.PersonDecision, why string) (int, error)
	// ResumeSending lets a sender go on that stopped until a person looked.
	ResumeSending(ctx context.Context, why string) (ciao.Report, error)
	EnterCredential(ctx context.Context, e office.CredentialEntry) error
	// ChangeHosts adds hosts to an environment of the register and takes added ones away.
	ChangeHosts(ctx context.Context, e app.Environment, add, remove []string, why string) error
	UnlockKey(ctx context.Context, passphrase app.Secret) error
	Access(ctx context.Context) (office.Access, error)
	TestConnection(ctx context.Context) ([]ciao.StepResult, error)
	Settings() office.Settings
	// SetRegister changes when and how the register is reached, by what was typed.
	SetRegister(ctx context.Context, values map[office.RegisterSetting]string, why string) error
	Resend(ctx context.Context, registration app.ID, why string) (app.Registration, error)
	CancelRegistration(ctx context.Context, registration app.ID, why string) error
	RegisterFindings(ctx context.Context, settled bool) ([]office.RegisterFinding, error)
	SettleFinding(ctx context.Context, id app.ID, why string) error
	Delays(ctx context.Context, days app.Days, by ciao.DelayBy) (ciao.DelayReport, error)
	Environment() app.Environment
	SetRegistersSince(ctx context.Context, employer app.ID, at app.Instant, why string) error
	Employers(ctx context.Context) ([]app.Employer, error)
}

// exportDesk writes hours as lists.
type exportDesk interface {
	ExportWorkbook(ctx context.Context, c office.ExportChoice, l export.Layout, dir string, p office.Progress) (office.Exported, error)
	ExportCSV(ctx context.Context, c office.ExportChoice, profile export.Profile, dir string, p office.Progress) (office.Exported, error)
	PreviewCSV(ctx context.Context, c office.ExportChoice, profile export.Profile, lines int) ([]string, error)
	ExportProfiles(ctx context.Context) ([]export.Profile, error)
	SaveExportProfile(ctx context.Context, p export.Profile, why string) error
	RemoveExportProfile(ctx context.Context, name, why string) error
}

type sheetsDesk interface {
	approvalsDesk
	exportDesk
	SheetRows(ctx context.Context, days app.Days) ([]office.SheetRow, error)
	WriteSheets(ctx context.Context, order office.SheetOrder, p office.Progress) (office.SheetsWritten, error)
	LaySheet(ctx context.Context, engagement app.ID, days app.Days, lang app.Language, reveal bool) ([]*paper.Page, error)
	printDesk
	PrintSheets(ctx context.Context, order office.SheetOrder, job printing.Job, p office.Progress) (office.SheetsWritten, printing.Job, error)
	groupsDesk
	verifyDesk
}
