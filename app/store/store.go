// Package store says what the program keeps, in the words of those who ask for
// it: the database as the office needs it, and what comes out of it that is no
// word of the field. Package data satisfies Store with one type; it imports this
// package, and never who asks.
package store

import (
	"cmp"
	"context"
	"io"
	"strings"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/dossier"
	"klokkast/app/filelog"
	"klokkast/app/importing"
	"klokkast/app/reading"
)

// Store is the whole database as the office needs it. The parts are declared
// where they are needed; package data satisfies all of them with one type.
type Store interface {
	reading.FileStore
	filelog.Store
	ciao.Store
	importing.Store
	Facts
	Keeping
	Staff
	Sites
	Boxes
	Plans
	Judgements
	Registered
	// Together makes several changes one transaction: all of them, or none.
	Together(ctx context.Context, doing string, fn func(Changes) error) error
	Sights
	Repairs
	Approvals
	Papers
	Dossiers
	Housekeeping
}

// Registered says which punches have rows in the outbox, and finds these by the punch.
type Registered interface {
	// RegistrationChanges tells of which punches a row was made or changed since a count (0: of all that there are), and
	// gives the count of now.
	RegistrationChanges(ctx context.Context, e app.Environment, since int64, of func(app.RecordKey)) (count int64, err error)
	// RegistrationsOf returns the rows of some punches, in the order of their sent time.
	RegistrationsOf(ctx context.Context, e app.Environment, keys []app.RecordKey) ([]app.Registration, error)
}

// Mark is a state of the database: equal marks, equal contents.
type Mark struct {
	Writes int64 // changes with every transaction of whatever program
	Acts   int64 // grows with every act of a person
}

// Since says which readings of a database are known already.
type Since struct {
	Last    int64   // the number of the last one, in order of their beginning
	LastID  app.ID  // its id
	Running []int64 // the numbers of those that ran when it was looked at
	// Rewritten is how often punches of a log that counted became others, by log.
	Rewritten map[app.LogKey]int64
}

// Fetched is what readings brought since then.
type Fetched struct {
	Readings []app.Reading
	Since    Since // to go on from
}

// RecordSink takes the records of one log; it keeps no pointer to them.
type RecordSink interface {
	Punch(*app.Punch)
	Event(*app.BoxEvent)
	// Whole says that what comes of the log is all that it holds now: what came before counts no more.
	Whole()
}

// Facts gives what the derivation starts from. Every list is complete and
// ordered by id or natural key; spans include what touches their ends.
type Facts interface {
	Workers(ctx context.Context) ([]app.Worker, error)
	Employers(ctx context.Context) ([]app.Employer, error)
	Engagements(ctx context.Context) ([]app.Engagement, error)
	Identifiers(ctx context.Context) ([]app.Identifier, error)
	Custodies(ctx context.Context) ([]app.Custody, error)
	Clients(ctx context.Context) ([]app.Client, error)
	Sites(ctx context.Context) ([]app.Site, error)
	SiteDecisions(ctx context.Context) ([]app.SiteDecision, error)
	Declarations(ctx context.Context) ([]app.Declaration, error)
	DeclarationSites(ctx context.Context) ([]app.DeclarationSite, error)
	Boxes(ctx context.Context) ([]app.Box, error)
	Placements(ctx context.Context) ([]app.Placement, error)
	Readings(ctx context.Context) ([]app.Reading, error)
	// Mark says how far the database is.
	Mark(ctx context.Context) (Mark, error)
	// Fetched returns the readings that began since a state of the database, and
	// those that ran then, as they are now; into gets every record of theirs, log
	// by log, several logs at the same time. The zero Since: everything.
	Fetched(ctx context.Context, since Since, into func(app.LogKey) RecordSink) (Fetched, error)
	Gaps(ctx context.Context) ([]app.Gap, error)
	// Punches returns the punches with From ≤ box time < To; zero ends are open.
	Punches(ctx context.Context, span app.Span) ([]app.Punch, error)
	BoxEvents(ctx context.Context, span app.Span) ([]app.BoxEvent, error)
	Adjustments(ctx context.Context) ([]app.Adjustment, error)       // withdrawn ones too
	Ignored(ctx context.Context) ([]app.Ignored, error)              // withdrawn ones too
	PlanLines(ctx context.Context) ([]app.PlanLine, error)           // withdrawn ones too
	PlanExceptions(ctx context.Context) ([]app.PlanException, error) // withdrawn ones too
	Absences(ctx context.Context) ([]app.Absence, error)             // withdrawn ones too
	AnomalyStates(ctx context.Context) ([]app.AnomalyState, error)
	ClockRepairs(ctx context.Context) ([]app.ClockRepair, error)     // withdrawn ones too
	ClockCuts(ctx context.Context) ([]app.ClockCut, error)           // withdrawn ones too
	BadgeNotations(ctx context.Context) ([]app.BadgeNotation, error) // withdrawn ones too
}

// Keeping keeps what was derived beside the database, from one run of the program to the next. It is
// never needed and may be thrown away at any time.
type Keeping interface {
	// Kept opens what was kept last; nil where nothing is, or nothing whole.
	Kept() KeptFile
	// Keep replaces it by what write writes.
	Keep(write func(io.Writer) error) error
	// Veil hides a text behind something that is the same for the same text, in this database alone.
	Veil(text string) string
	// Shown returns every identifier that was ever shown to a box.
	Shown(ctx context.Context) ([]app.IdentifierKey, error)
	// ReadingsUntil returns the readings that a state of the database knows, in the order of their beginning, as they
	// are now; false where the database did not come from that state.
	ReadingsUntil(ctx context.Context, since Since) ([]app.Reading, bool, error)
}

// KeptFile is a file that stays as it was written.
type KeptFile interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Staff keeps people. A save inserts or changes by id and appends act to the
// trail, with the state before and after, in the same transaction.
type Staff interface {
	SaveEmployer(ctx context.Context, e app.Employer, act app.Act) error
	SaveWorker(ctx context.Context, w app.Worker, act app.Act) error
	SaveEngagement(ctx context.Context, e app.Engagement, act app.Act) error
	SaveIdentifier(ctx context.Context, i app.Identifier, act app.Act) error
	// GiveIdentifier enters a custody; another one of that identifier that
	// overlaps is ended at its start, or begins after its end.
	GiveIdentifier(ctx context.Context, c app.Custody, act app.Act) error
	// EndCustody ends a custody at an instant.
	EndCustody(ctx context.Context, id app.ID, at app.Instant, act app.Act) error
}

// Sites keeps places and declarations, as Staff keeps people.
type Sites interface {
	SaveClient(ctx context.Context, c app.Client, act app.Act) error
	SaveSite(ctx context.Context, s app.Site, act app.Act) error
	// DecideSite appends a decision; the one with the latest From at or before a moment applies.
	DecideSite(ctx context.Context, d app.SiteDecision, act app.Act) error
	SaveDeclaration(ctx context.Context, d app.Declaration, act app.Act) error
	// SaveDeclarationSite: making one a default takes it from the site's others.
	SaveDeclarationSite(ctx context.Context, d app.DeclarationSite, act app.Act) error
}

// Boxes keeps boxes and where they stand.
type Boxes interface {
	SaveBox(ctx context.Context, b app.Box, act app.Act) error // label, zone, group, status keys
	// ReopenBox lifts a quarantine; a box that was closed for its key is pinned anew by its next reading.
	ReopenBox(ctx context.Context, uid string, act app.Act) error
	// PlaceBox enters a placement; one of that box that is still running ends at its start.
	PlaceBox(ctx context.Context, p app.Placement, act app.Act) error
	EndPlacement(ctx context.Context, id app.ID, at app.Instant, act app.Act) error
	// BoxMapping returns how the next table of a box is read; false where nobody said so.
	BoxMapping(ctx context.Context, uid string) (reading.Mapping, bool, error)
	// MappedBoxes returns the boxes whose tables have a mapping, by uid.
	MappedBoxes(ctx context.Context) ([]string, error)
	// FileImports returns all imports of files of punches, oldest first, without the lines that they held.
	FileImports(ctx context.Context) ([]filelog.File, error)
	// LinesOf tells, for those of some records that are of lines of files, which line of which file each is.
	LinesOf(ctx context.Context, keys []app.RecordKey) (map[app.RecordKey]filelog.LineName, error)
	// RecordsOfLine returns the records of a line of files with that name.
	RecordsOfLine(ctx context.Context, line filelog.LineName) ([]app.RecordKey, error)
	// SameTaps returns the records whose punch is another record's, with that one, of those of which something was registered there.
	SameTaps(ctx context.Context, e app.Environment) (map[app.RecordKey]app.RecordKey, error)
}

// Plans keeps who is expected where, and who is away. A line is only ended or
// withdrawn, the others only withdrawn.
type Plans interface {
	// ChangePlan enters new lines with exceptions, and ends or withdraws older lines, all or nothing.
	ChangePlan(ctx context.Context, lines []app.PlanLine, exceptions []app.PlanException, act app.Act) error
	WithdrawPlanException(ctx context.Context, id app.ID, at app.Instant, act app.Act) error
	// AddAbsences enters all or none.
	AddAbsences(ctx context.Context, absences []app.Absence, act app.Act) error
	WithdrawAbsence(ctx context.Context, id app.ID, at app.Instant, act app.Act) error
}

// Changes are what several acts can change in one transaction. Each is as the
// Store has it; what is read meanwhile is the state before.
type Changes interface {
	Staff
	Sites
	Judgements
	Repairs
	EndPlacement(ctx context.Context, id app.ID, at app.Instant, act app.Act) error
	ChangeFileLog(ctx context.Context, c *filelog.Change, act app.Act) error
	Approve(ctx context.Context, a app.Approval, known int, act app.Act) error
	NotePaper(ctx context.Context, p Paper) (Paper, error)
	NotePaperFile(ctx context.Context, hash string, papers []app.ID, at app.Instant) error
	KeepLogo(ctx context.Context, png []byte, at app.Instant) (hash string, err error)
	SaveCredential(ctx context.Context, c ciao.Credential, act app.Act) error
	ciao.EntryWords
	SetSending(ctx context.Context, sends bool, act app.Act) error
	SetSetting(ctx context.Context, key string, v any, act app.Act) error
	NoteAct(ctx context.Context, act app.Act) error
}

// Judgements keeps what supervisors state about what was derived.
type Judgements interface {
	SetAnomalyState(ctx context.Context, s app.AnomalyState, act app.Act) error
	// Adjust puts statements there that one act makes.
	Adjust(ctx context.Context, list []app.Adjustment, act app.Act) error
	WithdrawAdjustment(ctx context.Context, id app.ID, at app.Instant, act app.Act) error
	Ignore(ctx context.Context, i app.Ignored, act app.Act) error
	WithdrawIgnored(ctx context.Context, id app.ID, at app.Instant, act app.Act) error
}

// Sights remembers which anomalies were found, so that one that new facts settle can say so.
type Sights interface {
	// OpenSights returns the occurrence of every anomaly found at the last look.
	OpenSights(ctx context.Context) (map[app.AnomalyKey]string, error)
	// NoteSights keeps what is found now and was not so at the last look, and marks
	// what is found no more as gone: by a reading, or ("") by the newest act of the trail.
	NoteSights(ctx context.Context, at app.Instant, reading app.ID, found []app.Sight, gone []app.AnomalyKey) error
	// GoneSights returns those that went at or after an instant and did not come back, newest first.
	GoneSights(ctx context.Context, since app.Instant) ([]app.Gone, error)
	// GoneSight returns one of them; false where it is not gone.
	GoneSight(ctx context.Context, k app.AnomalyKey) (app.Gone, bool, error)
}

// Approvals keeps which periods were closed, by whom and with what in them. No
// step is ever changed or taken away.
type Approvals interface {
	// Approvals returns all steps by id, withdrawals too, without their snapshots.
	Approvals(ctx context.Context) ([]app.Approval, error)
	// Snapshot returns the bytes that an approval closed.
	Snapshot(ctx context.Context, approval app.ID) ([]byte, error)
	// Approve appends a step of a worker of whom the caller knows this many steps;
	// where there are others meanwhile, it is an *app.FieldError "approval.taken".
	Approve(ctx context.Context, a app.Approval, known int, act app.Act) error
}

// Repairs keeps what people confirmed about boxes: shifts of wrong clocks, where
// one clock ends and another begins, and notations of badges. A withdrawal is a row of its own; act says who and when.
type Repairs interface {
	RepairClock(ctx context.Context, r app.ClockRepair, act app.Act) error
	WithdrawClockRepair(ctx context.Context, id app.ID, act app.Act) error
	CutClock(ctx context.Context, c app.ClockCut, act app.Act) error
	WithdrawClockCut(ctx context.Context, id app.ID, act app.Act) error
	ConfirmNotation(ctx context.Context, n app.BadgeNotation, act app.Act) error
	WithdrawNotation(ctx context.Context, id app.ID, act app.Act) error
}

// Paper is one printed timesheet, so that it can be compared with the data later.
type Paper struct {
	ID           app.ID
	Kind         string // a timesheet.PaperKind, and DraftSuffix where no approval closes the days
	EngagementID app.ID // "" where it is of a site or a team
	Subject      app.ID // the site or the team; else ""
	Days         app.Days
	Language     app.Language
	Hash         string // SHA-256 of the data on it, hex
	Version      int    // from 1; the same data keeps its version
	// ApprovalID is what it was printed from; Hash and Version are the approval's. "": a draft.
	ApprovalID app.ID
	At         app.Instant
	Content    []byte // what stood on it, as JSON; lists leave it out
}

// DraftSuffix ends the kind of papers whose days no approval closed.
const DraftSuffix = "-draft"

// Draft says that no approval closed the days when the paper of an engagement was printed.
func (p *Paper) Draft() bool { return p.EngagementID != "" && strings.HasSuffix(p.Kind, DraftSuffix) }

// Named is the id that its code names: of the engagement, the site or the team.
func (p *Paper) Named() app.ID { return cmp.Or(p.Subject, p.EngagementID) }

// Papers remembers what was printed.
type Papers interface {
	// NextPaper returns the version that a draft has when it is printed now, and the
	// paper that it replaces, with its content; nil where there is none. It is that
	// of the newest of its subject when that has the same hash, whatever the
	// language, else one more.
	NextPaper(ctx context.Context, p Paper) (version int, replaced *Paper, err error)
	// NotePaper remembers a printed paper and gives it as it is kept: an earlier one
	// where it was printed before. A draft whose version NextPaper would not give
	// any more, since others printed meanwhile, is an *app.FieldError "paper.taken".
	NotePaper(ctx context.Context, p Paper) (Paper, error)
	// Papers returns all without their contents.
	Papers(ctx context.Context) ([]Paper, error)
	// PaperContent returns what stood on a paper; nothing where that was not kept.
	PaperContent(ctx context.Context, paper app.ID) ([]byte, error)
	// NotePaperFile remembers that papers were written as one file, by its SHA-256 in hex.
	NotePaperFile(ctx context.Context, hash string, papers []app.ID, at app.Instant) error
	// PapersInFile returns the papers that were written as a file with that hash.
	PapersInFile(ctx context.Context, hash string) ([]app.ID, error)
	// NoteOutput remembers that a file was written for somebody, by its SHA-256 in
	// hex; noting it again changes nothing.
	NoteOutput(ctx context.Context, hash string, at app.Instant) error
	// WroteOutput says that a file with that hash was written.
	WroteOutput(ctx context.Context, hash string) (bool, error)
	// KeepLogo keeps a picture for the head of papers and gives its SHA-256 in hex.
	KeepLogo(ctx context.Context, png []byte, at app.Instant) (hash string, err error)
	Logo(ctx context.Context, hash string) ([]byte, error)
}

// Dossiers keeps the requests to the NSSO to correct its register. Nothing of
// them is ever changed or taken away.
type Dossiers interface {
	// Dossiers returns those of an environment with their steps, by id.
	Dossiers(ctx context.Context, e app.Environment) ([]app.Dossier, error)
	// MakeDossiers keeps all or none; a fact that has an open one already is an
	// *app.FieldError "dossier.taken". Each is noted in the trail by its own target.
	MakeDossiers(ctx context.Context, list []app.Dossier, act app.Act) error
	// StepDossier appends a step to one of which the caller knows this many steps.
	StepDossier(ctx context.Context, id app.ID, step app.DossierStep, known int, act app.Act) error
	// Proofs returns records as they came, with where they stand in their logs'
	// chains, in the order of keys; those that are not stored are left out.
	Proofs(ctx context.Context, keys []app.RecordKey) ([]dossier.Proof, error)
	// SaveReconciliation keeps what a comparison with the register found.
	SaveReconciliation(ctx context.Context, r ciao.Reconciliation, act app.Act) error
	// Reconciliations returns the newest ones of an environment, newest first, at most limit.
	Reconciliations(ctx context.Context, e app.Environment, limit int) ([]ciao.Reconciliation, error)
}

// Counts of what the database holds.
type Counts struct {
	Workers, Sites, Boxes, Readings, Records, Punches, Registrations, Papers, TrailEntries int
}

// Housekeeping is the database itself.
type Housekeeping interface {
	Installation(ctx context.Context) (app.Installation, error)
	// SetSending says whether this is the company's one installation that sends.
	SetSending(ctx context.Context, sends bool, act app.Act) error
	// Setting reads a JSON value into v; false when it was never set.
	Setting(ctx context.Context, key string, v any) (bool, error)
	SetSetting(ctx context.Context, key string, v any, act app.Act) error
	Trail(ctx context.Context, target string, limit int) ([]app.TrailEntry, error)
	// NoteAct appends an act that changes nothing else (a reveal, a print).
	NoteAct(ctx context.Context, act app.Act) error
	// Verify checks the trail's chain, the records against their boxes' chains,
	// foreign keys and the file itself; it returns what is wrong, nothing when all is well.
	// tell hears how far it is; nil is nobody.
	Verify(ctx context.Context, tell func(Checked)) ([]Finding, error)
	Counts(ctx context.Context) (Counts, error)
	// KeyWhere says where the key of the sealed fields is kept: keystore or file.
	KeyWhere() string
}

// Checked says how far verify is: rows of Total. The file itself is looked through beside
// them, in one go of which nothing can be told, and may take longer.
type Checked struct {
	Done, Total int
}

// Finding is one thing that verify found wrong.
type Finding struct {
	What   string // trail, chain, file, foreign-key, paper
	Target string // kind:id, a log key or a sequence; never personal data
	Code   string // catalogue key without "verify."
}
