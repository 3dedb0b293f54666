package cli

import (
	"context"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/dossier"
	"klokkast/app/export"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/papers"
	closing "klokkast/app/period" // the flags that choose days have its name
	"klokkast/app/printing"
	"klokkast/app/reading"
	"klokkast/app/store"
	"klokkast/app/timesheet"
)

// Office is what the commands ask for; *office.Office satisfies it. It is
// declared by subject, so that a command takes no more than it needs.
type Office interface {
	Company
	Boxes
	BoxServices
	Findings
	Judgements
	Repairs
	Staff
	Places
	Plans
	Register
	Checks
	Dossiers
	Approvals
	Sheets
	Exports
	Papers
	Imports
}

// Company is what every command may ask.
type Company interface {
	Environment() app.Environment
	Language() app.Language
	Names(ctx context.Context) (*office.Names, error)
	WorkerRows(ctx context.Context) ([]office.WorkerRow, error)
	SiteRows(ctx context.Context) ([]office.SiteRow, error)
	Demo() bool
	// Time gives what counts as now: a demo has a time of its own.
	Time() app.Instant
	Settings() office.Settings
	ChangeSettings(ctx context.Context, change func(*office.Settings)) error
	SetRegister(ctx context.Context, values map[office.RegisterSetting]string, why string) error
	SetHolidays(ctx context.Context, extra string, replacements []app.Date, why string) error
	Thresholds(ctx context.Context, of office.ThresholdOwner) ([]attendance.Effective, error)
	ChangeThresholds(ctx context.Context, of office.ThresholdOwner, set app.Thresholds, reset []app.Threshold, why string) error
	SetLanguage(ctx context.Context, l app.Language) error
	SetActor(ctx context.Context, name string) error
	SetLetterhead(ctx context.Context, l app.Letterhead, logo *string, why string) error
	SetLogo(ctx context.Context, file, why string) error
	Employers(ctx context.Context) ([]app.Employer, error)
	Today(ctx context.Context) (*office.Today, error)
	RevealSSIN(ctx context.Context, worker app.ID) (string, error)
}

// Boxes reads and places clock boxes.
type Boxes interface {
	BoxRows(ctx context.Context) ([]office.BoxRow, error)
	// ScanBoxes calls seen at first and whenever a box is plugged in or out, until ctx ends.
	ScanBoxes(ctx context.Context, seen func([]reading.Found))
	ReadBox(ctx context.Context, path string, opt office.ReadOptions, p office.Progress) (app.Reading, error)
	// FindBox gives the path of a connected box named by path, UID or label.
	FindBox(ctx context.Context, name string) (string, error)
	OtherMakes
	SaveBox(ctx context.Context, b app.Box, why string) error
	ReopenBox(ctx context.Context, uid, why string) error
	EndPlacement(ctx context.Context, id app.ID, at app.Instant, why string) error
	PlaceBox(ctx context.Context, boxUID string, site app.ID, from app.Instant, why string) error
}

// OtherMakes takes in files of boxes that have no cable.
type OtherMakes interface {
	PreviewImport(ctx context.Context, file string, opt office.ImportOptions) (*office.ImportPlan, error)
	ImportFile(ctx context.Context, file string, opt office.ImportOptions, p office.Progress) (reading.Imported, error)
	// PreviewTable gives the first rows of a table by a mapping, by that of a box, or by a proposal.
	PreviewTable(ctx context.Context, file, box string, m *reading.Mapping, rows int) (reading.TablePreview, error)
	BoxMapping(ctx context.Context, uid string) (reading.Mapping, bool, error)
	SaveMapping(ctx context.Context, b app.Box, m reading.Mapping, why string) error
	ForgetMapping(ctx context.Context, uid, why string) error
	TerminalUsers(ctx context.Context, file string, opt office.UserOptions) (*office.UserList, error)
}

// BoxServices is what a connected box does besides being read.
type BoxServices interface {
	BoxDetail(ctx context.Context, path string) (*office.BoxDetail, error)
	SetBoxTime(ctx context.Context, path string) (before, after app.ClockOffset, err error)
	PairBox(ctx context.Context, path string, waiting func()) error
	UnpairBox(ctx context.Context, path string) error
	BoxPairings(ctx context.Context, path string) ([]string, error)
	IdentifyBox(ctx context.Context, path string) error
	LabelBox(ctx context.Context, path, label string) error
	PushBadges(ctx context.Context, path string, refuse bool) (count int, version uint32, err error)
	ProveBox(ctx context.Context, path string) error
	WatchBox(ctx context.Context, path string, seen func(office.SeenTap), p office.Progress) error
}

// Findings is what was derived from punches.
type Findings interface {
	Anomalies(ctx context.Context, f office.AnomalyFilter) ([]office.FoundAnomaly, error)
	SettledByReadings(ctx context.Context, since app.Instant) ([]office.FoundAnomaly, error)
	AnomalyDetails(ctx context.Context, f office.AnomalyFilter) ([]office.AnomalyDetail, error)
	AnomalyCard(ctx context.Context, k app.AnomalyKey) (*office.AnomalyCard, error)
	Presences(ctx context.Context, days app.Days, worker, site app.ID) ([]app.Presence, error)
	Workdays(ctx context.Context, days app.Days, worker app.ID) ([]app.Workday, error)
	PunchRows(ctx context.Context, f office.PunchFilter) ([]office.PunchRow, error)
}

// Judgements is what supervisors state about what was derived.
type Judgements interface {
	Explain(ctx context.Context, keys []app.AnomalyKey, reason, note string) error
	Reopen(ctx context.Context, keys []app.AnomalyKey, note string) error
	AdjustMissing(ctx context.Context, key app.AnomalyKey, at app.Instant, reason, note string) error
	// Preview says what a proposal would change, and changes nothing.
	Preview(ctx context.Context, p office.Proposal) (*office.Effect, error)
	AdjustPresences(ctx context.Context, list []app.Adjustment) error
	ProposePresences(ctx context.Context, site app.ID, days app.Days, hours app.Hours) ([]office.ProposedPresence, error)
	WithdrawAdjustments(ctx context.Context, ids []app.ID, why string) error
	IgnorePunches(ctx context.Context, keys []app.RecordKey, reason, note string) error
	CountAgain(ctx context.Context, keys []app.RecordKey, why string) error
	GiveBadges(ctx context.Context, list []office.GiveBadge, why string) error
}

// Repairs confirms what boxes got wrong: their clocks, and how they show badges.
type Repairs interface {
	WrongClocks(ctx context.Context, box string) ([]office.WrongClock, error)
	PreviewRepair(ctx context.Context, c office.ShiftChoice) (*office.ClockEffect, error)
	RepairClock(ctx context.Context, c office.ShiftChoice, anyway bool, reason string) (app.ClockRepair, error)
	WithdrawRepair(ctx context.Context, id app.ID, why string) error
	Notations(ctx context.Context) ([]app.BadgeNotation, error)
	NotationProposals(ctx context.Context, card string) ([]office.NotationProposal, error)
	ConfirmNotation(ctx context.Context, box string, kind identity.NotationKind, inverse bool, why string) (app.BadgeNotation, error)
	WithdrawNotation(ctx context.Context, id app.ID, why string) error
}

// Staff enters people and what they tap with.
type Staff interface {
	SaveEmployer(ctx context.Context, e app.Employer, why string) (app.Employer, error)
	SaveWorker(ctx context.Context, w app.Worker, why string) (app.Worker, error)
	EndWorker(ctx context.Context, id app.ID, last app.Date, why string) error
	SaveEngagement(ctx context.Context, e app.Engagement, why string) (app.Engagement, error)
	GiveBadge(ctx context.Context, g office.GiveBadge, why string) error
	// Held tells whose custody makes room when an identifier is given for a span.
	Held(ctx context.Context, key app.IdentifierKey, span app.Span) ([]app.Custody, error)
	ReaderNotation() identity.ReadingKind
	SetReaderNotation(ctx context.Context, how identity.ReadingKind) error
	EndBadge(ctx context.Context, custody app.ID, at app.Instant, why string) error
}

// Places enters sites, clients and declarations of works.
type Places interface {
	Clients(ctx context.Context) ([]app.Client, error)
	SaveSiteOfClient(ctx context.Context, s app.Site, client, why string) (app.Site, error)
	SaveSite(ctx context.Context, s app.Site, why string) (app.Site, error)
	EndSite(ctx context.Context, id app.ID, at app.Instant, why string) error
	DecideSite(ctx context.Context, d app.SiteDecision) error
	Declarations(ctx context.Context) ([]app.Declaration, error)
	SaveDeclaration(ctx context.Context, d app.Declaration, why string) (app.Declaration, error)
	LinkDeclaration(ctx context.Context, d app.DeclarationSite, why string) error
}

// Plans says who is expected where, and who is away.
type Plans interface {
	PlanWeek(ctx context.Context, site app.ID, day app.Date) (*office.PlanWeek, error)
	PlanLine(ctx context.Context, id app.ID) (app.PlanLine, error)
	AddPlanLine(ctx context.Context, l app.PlanLine, why string) (app.PlanLine, error)
	ChangePlanLine(ctx context.Context, id app.ID, from app.Date, to app.PlanLine, why string) (app.PlanLine, error)
	EndPlanLine(ctx context.Context, id app.ID, last app.Date, why string) error
	CopyPlanWeek(ctx context.Context, site app.ID, from, to app.Date, why string) (office.CopiedWeek, error)
	ExceptPlan(ctx context.Context, x app.PlanException, why string) (app.PlanException, error)
	WithdrawPlanException(ctx context.Context, id app.ID, why string) error
	ExpectedAt(ctx context.Context, site app.ID, at app.Instant) ([]office.Expected, error)
	Absences(ctx context.Context, days app.Days, worker app.ID) ([]app.Absence, error)
	NoteAbsence(ctx context.Context, a app.Absence, why string) (app.Absence, error)
	WithdrawAbsence(ctx context.Context, id app.ID, why string) error
}

// Register is the way to CIAO.
type Register interface {
	RegisterCounts(ctx context.Context) (*office.RegisterCounts, error)
	RegisterRows(ctx context.Context, f office.RegisterFilter, limit int) ([]office.RegisterRow, error)
	Send(ctx context.Context, p office.Progress) (ciao.Report, error)
	SendingAhead(ctx context.Context) (*office.SendingAhead, error)
	ResumeSending(ctx context.Context, why string) (ciao.Report, error)
	Release(ctx context.Context, keys []app.RecordKey, notRegistered bool, why string) (int, error)
	SetRegistersSince(ctx context.Context, employer app.ID, at app.Instant, why string) error
	EnterCredential(ctx context.Context, e office.CredentialEntry) error
	// ChangeHosts adds hosts to an environment of the register and takes added ones away.
	ChangeHosts(ctx context.Context, e app.Environment, add, remove []string, why string) error
	UnlockKey(ctx context.Context, passphrase app.Secret) error
	Access(ctx context.Context) (office.Access, error)
	TestConnection(ctx context.Context) ([]ciao.StepResult, error)
	Decide(ctx context.Context, registration app.ID, d ciao.PersonDecision, why string) error
	// AskedAbout tells what waits for a person's decision; DecideAll decides about it in bulk.
	AskedAbout(ctx context.Context, c office.RegistrationChoice) (*office.Asked, error)
	DecideAll(ctx context.Context, c office.RegistrationChoice, d ciao.PersonDecision, why string) (int, error)
	Resend(ctx context.Context, registration app.ID, why string) (app.Registration, error)
	CancelRegistration(ctx context.Context, registration app.ID, why string) error
	RegisterFindings(ctx context.Context, settled bool) ([]office.RegisterFinding, error)
	SettleFinding(ctx context.Context, id app.ID, why string) error
	Delays(ctx context.Context, days app.Days, by ciao.DelayBy) (ciao.DelayReport, error)
	// KeepSending sends by itself in the mode that is set until ctx ends.
	KeepSending(ctx context.Context, tell func(office.SendingStatus))
	// SendAfterReading sends where the mode says that a reading is followed by it.
	SendAfterReading(ctx context.Context) (ciao.Report, bool, error)
}

// Checks say what is, or would be, wrong at the register.
type Checks interface {
	Preflight(ctx context.Context, f office.PreflightFilter) (*office.Preflight, error)
	DeclarationRadar(ctx context.Context) ([]ciao.RadarItem, error)
	Reconcile(ctx context.Context, days app.Days, worker app.ID, p office.Progress) (*ciao.Reconciliation, error)
	LastReconciliation(ctx context.Context) (*ciao.Reconciliation, error)
}

// Dossiers ask the NSSO to correct its register.
type Dossiers interface {
	DossierRows(ctx context.Context) ([]office.DossierRow, error)
	DossierBundle(ctx context.Context, id app.ID, reveal bool) (*dossier.Bundle, error)
	MakeDossiers(ctx context.Context, keys []string, why string) ([]app.Dossier, error)
	HandInDossier(ctx context.Context, id app.ID, day app.Date, reference, note string) error
	AnswerDossier(ctx context.Context, id app.ID, day app.Date, outcome app.DossierOutcome, note string) error
	DropDossier(ctx context.Context, id app.ID, why string) error
}

// Approvals closes periods.
type Approvals interface {
	ApprovalRows(ctx context.Context, c office.ApprovalChoice) ([]office.ApprovalRow, error)
	Approve(ctx context.Context, c office.ApprovalChoice, p office.Progress) ([]office.ApprovalRow, error)
	WithdrawApproval(ctx context.Context, id app.ID, why string) error
	Approvals(ctx context.Context, days app.Days, worker app.ID) ([]app.Approval, error)
	ApprovalSnapshot(ctx context.Context, approval app.ID) (*closing.Snapshot, error)
	Additions(ctx context.Context, worker app.ID) ([]office.WorkerAddition, error)
}

// Sheets prints timesheets.
type Sheets interface {
	SheetRows(ctx context.Context, days app.Days) ([]office.SheetRow, error)
	WriteSheets(ctx context.Context, order office.SheetOrder, p office.Progress) (office.SheetsWritten, error)
	Printers(ctx context.Context) ([]printing.Printer, error)
	PrintSheets(ctx context.Context, order office.SheetOrder, job printing.Job, p office.Progress) (office.SheetsWritten, printing.Job, error)
	// GroupRows gives the sites with hours in some days, or the teams.
	GroupRows(ctx context.Context, kind timesheet.PaperKind, days app.Days) ([]office.GroupRow, error)
	Teams(ctx context.Context) ([]office.Team, error)
	SaveTeam(ctx context.Context, t office.Team, why string) (office.Team, error)
	RemoveTeam(ctx context.Context, id app.ID, why string) error
}

// Exports writes hours as lists, for spreadsheets and payroll offices.
type Exports interface {
	ExportWorkbook(ctx context.Context, c office.ExportChoice, l export.Layout, dir string, p office.Progress) (office.Exported, error)
	ExportCSV(ctx context.Context, c office.ExportChoice, profile export.Profile, dir string, p office.Progress) (office.Exported, error)
	PreviewCSV(ctx context.Context, c office.ExportChoice, profile export.Profile, lines int) ([]string, error)
	ExportProfiles(ctx context.Context) ([]export.Profile, error)
	ExportProfile(ctx context.Context, name string) (export.Profile, error)
	SaveExportProfile(ctx context.Context, p export.Profile, why string) error
	RemoveExportProfile(ctx context.Context, name, why string) error
}

// Papers prints what is not a timesheet.
type Papers interface {
	PresenceList(ctx context.Context, site app.ID, from, to app.Instant) (*papers.PresenceList, error)
	WritePresenceList(ctx context.Context, site app.ID, from, to app.Instant, opt office.PaperOptions) (string, error)
	InspectionSheet(ctx context.Context, site app.ID, at app.Instant) (*papers.InspectionSheet, error)
	WriteInspectionSheet(ctx context.Context, site app.ID, at app.Instant, opt office.PaperOptions) (string, error)
	// Readings gives those of a box, or of all with "", newest first.
	Readings(ctx context.Context, box string) ([]app.Reading, error)
	Chart(ctx context.Context, q office.ChartQuestion) (*papers.Chart, error)
	WriteChart(ctx context.Context, q office.ChartQuestion, opt office.PaperOptions) (string, error)
	WriteDossiers(ctx context.Context, ids []app.ID, opt office.PaperOptions) ([]string, error)
	WriteReadingReceipt(ctx context.Context, reading app.ID, opt office.PaperOptions) (string, error)
}

// Imports takes lists in, and checks the database.
type Imports interface {
	ImportStaff(ctx context.Context, file string, apply bool) (*importing.Report, error)
	ImportSites(ctx context.Context, file string, apply bool) (*importing.Report, error)
	ImportAbsences(ctx context.Context, file string, apply bool) (*importing.Report, error)
	Verify(ctx context.Context) ([]store.Finding, error)
	VerifyPaperFile(ctx context.Context, path string) (*office.FileCheck, error)
	VerifyPaperCode(ctx context.Context, code string) (*office.PaperCheck, error)
}

var _ Office = (*office.Office)(nil)
