package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/papers"
	"klokkast/app/printing"
	"klokkast/app/reading"
	"klokkast/app/store"
	"klokkast/app/timesheet/paper"
)

// The people, numbers and places here are made up; check digits are valid.
const (
	annaSSIN   = "85011512355"
	annaMasked = "850*****55"
	ocbUID     = "0a3f00000000000000000000000000ff"
)

// fake is an office that holds a small company in memory.
type fake struct {
	environment app.Environment
	language    app.Language
	boxes       []office.BoxRow
	read        func(ctx context.Context, path string, p office.Progress) (app.Reading, error)
	imported    reading.Imported
	importErr   error
	importOpt   office.ImportOptions
	importFile  string
	placed      []any
	anomalies   []office.FoundAnomaly
	anomalyAsk  office.AnomalyFilter
	presences   []app.Presence
	workdays    []app.Workday
	asked       app.Days
	counts      office.RegisterCounts
	vouched     bool
	askedAbout  office.Asked
	askedOf     office.RegistrationChoice
	rows        []office.RegisterRow
	rowsAsk     office.RegisterFilter
	rowsLimit   int
	access      office.Access
	steps       []ciao.StepResult
	reports     []ciao.Report
	sends       int
	resumed     string
	sendErr     error
	released    []app.RecordKey
	decided     []any
	sheets      []office.SheetRow
	ordered     office.SheetOrder
	printers    []printing.Printer
	job         printing.Job
	undrawable  app.ID // the engagement whose sheet cannot be printed
	writeErr    error  // ends the printing
	papers      *office.FileCheck
	verified    []string
	wrote       []any
	paper       []any // what was asked of the last paper
	chart       *papers.Chart
	charted     office.ChartQuestion
	present     *papers.PresenceList
	inspected   *papers.InspectionSheet
	readings    []app.Reading
	findings    []store.Finding
	report      *importing.Report
	importedBy  []any
	reveals     []app.ID
	closed      int
	today       office.Today
	demo        bool
	punches     []office.PunchRow
	punchesAsk  office.PunchFilter
	detail      *office.BoxDetail
	boxErr      error // of what a box is asked for
	watch       func(time int, seen func(office.SeenTap)) error
	watchAll    func(ctx context.Context, path string, seen func(office.SeenTap)) error // instead of watch
	scans       [][]reading.Found
	later       int // how often no box is there yet
	watched     int
	plan        *office.ImportPlan
	preview     reading.TablePreview
	mappings    map[string]reading.Mapping
	users       *office.UserList
	notation    identity.ReadingKind
	looked      office.ShiftChoice
	effect      office.Effect // what a preview says
	proposal    office.Proposal
	proposed    []office.ProposedPresence
	card        *office.AnomalyCard
	ahead       office.SendingAhead
	statuses    []office.SendingStatus // what KeepSending tells
	after       *ciao.Report           // what is sent after a reading; nil: nothing
	sending     office.RegisterSettings
	did         []any // every other change, as it was asked for
	fakeGroups
	fakePeriods
	fakeExports
	fakeChecks
}

func (f *fake) Environment() app.Environment { return f.environment }
func (f *fake) Language() app.Language       { return f.language }
func (f *fake) Close() error                 { f.closed++; return nil }

func (f *fake) Names(context.Context) (*office.Names, error) {
	n := &office.Names{
		Workers: map[app.ID]app.Worker{}, Sites: map[app.ID]app.Site{}, Boxes: map[string]app.Box{},
		Employers:   map[app.ID]app.Employer{"e1": {ID: "e1", Name: "Blinkend Schoon BV"}},
		Engagements: map[app.ID]app.Engagement{"g1": {ID: "g1", WorkerID: "w1"}, "g2": {ID: "g2", WorkerID: "w2"}},
		Clients:     map[app.ID]app.Client{"c1": {ID: "c1", Name: "Stad Leuven"}},
	}
	workers, _ := f.WorkerRows(context.Background())
	for _, w := range workers {
		n.Workers[w.Worker.ID] = w.Worker
	}
	sites, _ := f.SiteRows(context.Background())
	for _, s := range sites {
		n.Sites[s.Site.ID] = s.Site
	}
	for _, b := range f.boxes {
		n.Boxes[b.Box.UID] = b.Box
	}
	return n, nil
}

func (f *fake) WorkerRows(context.Context) ([]office.WorkerRow, error) {
	engagement := func(id, worker app.ID) []app.Engagement {
		return []app.Engagement{{ID: id, WorkerID: worker, EmployerID: "e1", Capacity: app.Employee, Days: app.Days{From: app.NewDate(2024, 9, 1)}}}
	}
	return []office.WorkerRow{
		{Worker: app.Worker{ID: "w1", StaffNumber: "007", FamilyName: "Peeters", GivenName: "Anna", SSIN: annaSSIN, Language: app.Dutch},
			Engagements: engagement("g1", "w1"), Anomalies: 1,
			Badges: []office.Badge{{Identifier: app.Identifier{Key: app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3"}, Label: "A-17"}, Custody: app.Custody{ID: "k1", EngagementID: "g1", Span: app.Span{From: 1}}}}},
		{Worker: app.Worker{ID: "w2", StaffNumber: "008", FamilyName: "Peeters", GivenName: "Bart", Language: app.French}, Engagements: engagement("g2", "w2")},
	}, nil
}

func (f *fake) SiteRows(context.Context) ([]office.SiteRow, error) {
	return []office.SiteRow{
		{Site: app.Site{ID: "s1", Code: "L1", Name: "Stadhuis Leuven", ClientID: "c1", Zone: "Europe/Brussels",
			Address: app.Address{Street: "Grote Markt", HouseNumber: "9", PostCode: "3000", Municipality: "Leuven"}},
			Decision:     app.SiteDecision{SiteID: "s1", Decision: app.UnderCIAO},
			Declarations: []office.DeclaredSite{{Declaration: app.Declaration{ID: "d1", Number: "1Y1003SQ5VSSZ"}, Link: app.DeclarationSite{ID: "l1", DeclarationID: "d1", SiteID: "s1", Default: true}}},
			Placements:   []app.Placement{{ID: "p1", BoxUID: ocbUID, SiteID: "s1", Span: app.Span{From: 1}}}},
		{Site: app.Site{ID: "s2", Name: "Ponta Delgada", Zone: "Atlantic/Azores"}, Decision: app.SiteDecision{Decision: app.Undecided}},
	}, nil
}

func (f *fake) Employers(context.Context) ([]app.Employer, error) {
	return []app.Employer{
		{ID: "e1", Name: "Blinkend Schoon BV", Kind: app.OwnCompany, Enterprise: "0123456749"},
		{ID: "e2", Name: "Hulp en Poets BV", Kind: app.Subcontractor},
	}, nil
}
func (f *fake) Today(context.Context) (*office.Today, error) { return &f.today, nil }
func (f *fake) SetRegistersSince(_ context.Context, employer app.ID, at app.Instant, why string) error {
	return f.note("since", employer, at, why)
}
func (f *fake) ChangeHosts(_ context.Context, e app.Environment, add, remove []string, why string) error {
	return f.note("hosts", e, add, remove, why)
}

func (f *fake) EnterCredential(_ context.Context, e office.CredentialEntry) error {
	return f.note("credential", e.Environment, e.ClientID, len(e.File), e.Base, e.Token, e.FilePassword.Reveal(), e.Passphrase.Reveal())
}
func (f *fake) UnlockKey(_ context.Context, passphrase app.Secret) error {
	return f.note("unlock", passphrase.Reveal())
}
func (f *fake) Access(context.Context) (office.Access, error)             { return f.access, nil }
func (f *fake) TestConnection(context.Context) ([]ciao.StepResult, error) { return f.steps, nil }

func (f *fake) Demo() bool        { return f.demo }
func (f *fake) Time() app.Instant { return instant("2026-11-23T11:00:00Z") }
func (f *fake) Settings() office.Settings {
	return office.Settings{Actor: "Els", Language: f.language, Environment: f.environment, Register: f.sending}
}
func (f *fake) ChangeSettings(_ context.Context, change func(*office.Settings)) error {
	s := f.Settings()
	change(&s)
	return f.note("settings", s)
}
func (f *fake) WrongClocks(_ context.Context, box string) ([]office.WrongClock, error) {
	w := wrongClock()
	accepted := wrongClock()
	accepted.First, accepted.Accepted = 40, &app.ClockRepair{ID: "fix", By: "Els", Shift: time.Hour, Source: "person", Reason: "battery"}
	return []office.WrongClock{w, accepted}, f.note("clocks", box)
}

// wrongClock is a box that fell to 2000 for two punches.
func wrongClock() office.WrongClock {
	from := instant("2000-01-01T02:00:00Z")
	return office.WrongClock{Fits: true, Segment: attendance.Segment{Log: app.LogKey{Box: ocbUID, Log: "log"}, First: 5, Last: 7, Kind: attendance.ClockReset, Records: 3, Punches: 2,
		RawFrom: from, RawTo: from.Add(4 * time.Hour), Proposed: 235_764 * time.Hour, Source: attendance.FromBoot}}
}

func (f *fake) PreviewRepair(_ context.Context, c office.ShiftChoice) (*office.ClockEffect, error) {
	w := wrongClock()
	f.looked = c
	return &office.ClockEffect{Clock: w, Shift: w.Proposed, Source: w.Source, Left: []app.Registration{{ID: "r"}}, Effect: f.effect,
		Punches: []office.MovedPunch{{Key: w.Key(), Raw: w.RawFrom, At: w.RawFrom.Add(w.Proposed), WorkerID: "w1", SiteID: "s1", Role: app.TapIn}}}, nil
}

func (f *fake) RepairClock(_ context.Context, c office.ShiftChoice, anyway bool, reason string) (app.ClockRepair, error) {
	shift := time.Duration(0)
	if c.Shift != nil {
		shift, c.Shift = *c.Shift, nil
	}
	return app.ClockRepair{ID: "fix"}, f.note("repair", c, shift, anyway, reason)
}
func (f *fake) WithdrawRepair(_ context.Context, id app.ID, why string) error {
	return f.note("withdraw repair", id, why)
}
func (f *fake) Notations(context.Context) ([]app.BadgeNotation, error) {
	return []app.BadgeNotation{{ID: "n1", Box: ocbUID, Kind: "reversed", By: "Els"}, {ID: "n2", Box: ocbUID, Kind: "last3", By: "Els", Withdrawn: 1}}, nil
}
func (f *fake) NotationProposals(context.Context, string) ([]office.NotationProposal, error) {
	seen, known := app.IdentifierKey{Kind: app.Card, Value: "C3B2A104"}, app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3"}
	return []office.NotationProposal{{Box: ocbUID, Seen: seen, Known: app.Identifier{Key: known, Label: "A-17"}, WorkerID: "w1", Kind: identity.Reversed}}, nil
}
func (f *fake) ConfirmNotation(_ context.Context, box string, kind identity.NotationKind, inverse bool, why string) (app.BadgeNotation, error) {
	return app.BadgeNotation{ID: "n1"}, f.note("notation", box, kind, inverse, why)
}
func (f *fake) WithdrawNotation(_ context.Context, id app.ID, why string) error {
	return f.note("withdraw notation", id, why)
}
func (f *fake) Resend(_ context.Context, id app.ID, why string) (app.Registration, error) {
	return app.Registration{ID: "r9", Generation: 2}, f.note("resend", id, why)
}
func (f *fake) CancelRegistration(_ context.Context, id app.ID, why string) error {
	return f.note("cancel", id, why)
}
func (f *fake) RegisterFindings(_ context.Context, settled bool) ([]office.RegisterFinding, error) {
	return []office.RegisterFinding{{Finding: ciao.Finding{ID: "f1", Kind: ciao.FoundDouble, Registration: "r1", RegisterID: 9007199254741001},
		Of: app.Registration{ID: "r1", Type: app.RegisterIn, At: instant("2026-11-23T06:00:00Z"), WorkerID: "w1", SiteID: "s1"}}}, f.note("findings", settled)
}
func (f *fake) SettleFinding(_ context.Context, id app.ID, why string) error {
	return f.note("settle", id, why)
}
func (f *fake) Delays(_ context.Context, days app.Days, by ciao.DelayBy) (ciao.DelayReport, error) {
	at := instant("2026-11-23T06:00:00Z")
	report := ciao.Delays([]app.Registration{{SiteID: "s1", State: app.RegAccepted, At: at, Answered: at.Add(90 * time.Second)},
		{SiteID: "s1", State: app.RegAccepted, At: at, Answered: at.Add(time.Hour)}}, by, time.UTC)
	return report, f.note("delays", days, by)
}
func (f *fake) KeepSending(ctx context.Context, tell func(office.SendingStatus)) {
	for _, s := range f.statuses {
		tell(s)
	}
}
func (f *fake) SendAfterReading(ctx context.Context) (ciao.Report, bool, error) {
	if f.after == nil {
		return ciao.Report{}, false, nil
	}
	return *f.after, true, nil
}
func (f *fake) SetRegister(_ context.Context, values map[office.RegisterSetting]string, why string) error {
	return f.note("register", values, why)
}
func (f *fake) SetLetterhead(_ context.Context, l app.Letterhead, _ *string, why string) error {
	return f.note("letterhead", l.Name, l.Lines, l.Enterprise, why)
}
func (f *fake) SetLogo(_ context.Context, file, why string) error {
	return f.note("logo", file, why)
}
func (f *fake) SetHolidays(_ context.Context, extra string, replacements []app.Date, why string) error {
	return f.note("holidays", extra, replacements, why)
}
func (f *fake) Thresholds(_ context.Context, of office.ThresholdOwner) ([]attendance.Effective, error) {
	l := attendance.Levels{Company: app.Thresholds{attendance.DayLimitAfter: 8 * 3_600_000}}
	if of.Site != "" {
		l.Site = app.Thresholds{attendance.ShortBelow: 2 * 3_600_000}
	}
	return l.All(), nil
}
func (f *fake) ChangeThresholds(_ context.Context, of office.ThresholdOwner, set app.Thresholds, reset []app.Threshold, why string) error {
	return f.note("thresholds", of, set, reset, why)
}
func (f *fake) SetLanguage(_ context.Context, l app.Language) error { return f.note("language", l) }
func (f *fake) SetActor(_ context.Context, name string) error       { return f.note("actor", name) }
func (f *fake) SaveBox(_ context.Context, b app.Box, why string) error {
	return f.note("box", b, why)
}
func (f *fake) ReopenBox(_ context.Context, uid, why string) error {
	return f.note("reopen box", uid, why)
}
func (f *fake) EndPlacement(_ context.Context, id app.ID, at app.Instant, why string) error {
	return f.note("end placement", id, at, why)
}
func (f *fake) PunchRows(_ context.Context, a office.PunchFilter) ([]office.PunchRow, error) {
	f.punchesAsk = a
	return f.punches, nil
}
func (f *fake) Explain(_ context.Context, keys []app.AnomalyKey, reason, note string) error {
	return f.note("explain", keys, reason, note)
}
func (f *fake) Reopen(_ context.Context, keys []app.AnomalyKey, note string) error {
	return f.note("reopen", keys, note)
}
func (f *fake) AdjustMissing(_ context.Context, key app.AnomalyKey, at app.Instant, reason, note string) error {
	return f.note("adjust", key, at, reason, note)
}
func (f *fake) AdjustPresences(_ context.Context, list []app.Adjustment) error {
	for _, a := range list {
		_ = f.note("presence", a.EngagementID, a.SiteID, a.From, a.To, a.Reason, a.Note)
	}
	return nil
}
func (f *fake) ProposePresences(_ context.Context, site app.ID, days app.Days, hours app.Hours) ([]office.ProposedPresence, error) {
	_ = f.note("propose", site, days, hours.String())
	return f.proposed, nil
}
func (f *fake) WithdrawAdjustments(_ context.Context, ids []app.ID, why string) error {
	return f.note("withdraw", ids, why)
}
func (f *fake) IgnorePunches(_ context.Context, keys []app.RecordKey, reason, note string) error {
	return f.note("ignore", keys, reason, note)
}
func (f *fake) CountAgain(_ context.Context, keys []app.RecordKey, why string) error {
	return f.note("count again", keys, why)
}
func (f *fake) Preview(_ context.Context, p office.Proposal) (*office.Effect, error) {
	f.proposal = p
	return &f.effect, nil
}
func (f *fake) SettledByReadings(context.Context, app.Instant) ([]office.FoundAnomaly, error) {
	return f.today.Settled, nil
}
func (f *fake) AnomalyDetails(ctx context.Context, a office.AnomalyFilter) ([]office.AnomalyDetail, error) {
	found, err := f.Anomalies(ctx, a)
	var out []office.AnomalyDetail
	for _, x := range found {
		out = append(out, office.AnomalyDetail{FoundAnomaly: x, Steps: []office.Step{{Code: attendance.StepExplain, Applies: true}}})
	}
	return out, err
}
func (f *fake) AnomalyCard(_ context.Context, k app.AnomalyKey) (*office.AnomalyCard, error) {
	if f.card == nil || f.card.Key() != k {
		return nil, app.NotFound("anomaly", string(k.Rule))
	}
	return f.card, nil
}
func (f *fake) SaveEmployer(_ context.Context, e app.Employer, why string) (app.Employer, error) {
	return e, f.note("employer", e, why)
}
func (f *fake) SaveWorker(_ context.Context, w app.Worker, why string) (app.Worker, error) {
	return w, f.note("worker", w, w.SSIN.Reveal(), why)
}
func (f *fake) EndWorker(_ context.Context, id app.ID, last app.Date, why string) error {
	return f.note("end worker", id, last, why)
}
func (f *fake) SaveEngagement(_ context.Context, e app.Engagement, why string) (app.Engagement, error) {
	return e, f.note("engagement", e, why)
}
func (f *fake) GiveBadge(_ context.Context, g office.GiveBadge, why string) error {
	return f.note("give", g, why)
}
func (f *fake) EndBadge(_ context.Context, custody app.ID, at app.Instant, why string) error {
	return f.note("end badge", custody, at, why)
}
func (f *fake) Clients(context.Context) ([]app.Client, error) {
	return []app.Client{{ID: "c1", Name: "Stad Leuven"}}, nil
}
func (f *fake) SaveSiteOfClient(_ context.Context, s app.Site, client, why string) (app.Site, error) {
	s.ClientID = "c9"
	return s, errors.Join(f.note("client", client, why), f.note("site", s, why))
}
func (f *fake) SaveSite(_ context.Context, s app.Site, why string) (app.Site, error) {
	return s, f.note("site", s, why)
}
func (f *fake) EndSite(_ context.Context, id app.ID, at app.Instant, why string) error {
	return f.note("end site", id, at, why)
}
func (f *fake) DecideSite(_ context.Context, d app.SiteDecision) error {
	return f.note("decide", d.SiteID, d.Decision, d.From, d.Reason)
}
func (f *fake) Declarations(context.Context) ([]app.Declaration, error) {
	return []app.Declaration{{ID: "d1", Number: "1Y1003SQ5VSSZ", Days: app.Days{From: app.NewDate(2026, 1, 1)}}}, nil
}
func (f *fake) SaveDeclaration(_ context.Context, d app.Declaration, why string) (app.Declaration, error) {
	return d, f.note("declaration", d, why)
}
func (f *fake) LinkDeclaration(_ context.Context, d app.DeclarationSite, why string) error {
	return f.note("link", d, why)
}

// note keeps what was asked for.
func (f *fake) note(what ...any) error {
	f.did = append(f.did, what...)
	return nil
}

func (f *fake) RevealSSIN(_ context.Context, id app.ID) (string, error) {
	f.reveals = append(f.reveals, id)
	return annaSSIN, nil
}

func (f *fake) BoxRows(context.Context) ([]office.BoxRow, error) {
	if f.later > 0 {
		f.later--
		return nil, nil
	}
	return f.boxes, nil
}

func (f *fake) ScanBoxes(ctx context.Context, seen func([]reading.Found)) {
	for _, list := range f.scans {
		seen(list)
	}
}
func (f *fake) ReadBox(ctx context.Context, path string, o office.ReadOptions, p office.Progress) (app.Reading, error) {
	return f.read(ctx, path, p)
}
func (f *fake) FindBox(_ context.Context, name string) (string, error) {
	if strings.Contains(name, ":") {
		return name, nil
	}
	return "", app.NotFound("box", name)
}
func (f *fake) ImportFile(_ context.Context, file string, o office.ImportOptions, _ office.Progress) (reading.Imported, error) {
	f.importFile, f.importOpt = file, o
	return f.imported, f.importErr
}
func (f *fake) PreviewImport(_ context.Context, file string, o office.ImportOptions) (*office.ImportPlan, error) {
	f.importFile, f.importOpt = file, o
	return f.plan, f.importErr
}
func (f *fake) PreviewTable(_ context.Context, file, box string, m *reading.Mapping, rows int) (reading.TablePreview, error) {
	p := f.preview
	if m != nil {
		p.Mapping = *m
	}
	return p, f.note("preview", file, box, rows)
}
func (f *fake) BoxMapping(_ context.Context, uid string) (reading.Mapping, bool, error) {
	m, ok := f.mappings[uid]
	return m, ok, nil
}
func (f *fake) SaveMapping(_ context.Context, b app.Box, m reading.Mapping, why string) error {
	return f.note("mapping", b, m, why)
}
func (f *fake) ForgetMapping(_ context.Context, uid, why string) error {
	return f.note("forget mapping", uid, why)
}
func (f *fake) TerminalUsers(_ context.Context, file string, o office.UserOptions) (*office.UserList, error) {
	return f.users, f.note("users", file, o)
}
func (f *fake) GiveBadges(_ context.Context, list []office.GiveBadge, why string) error {
	return f.note("give all", list, why)
}
func (f *fake) Held(_ context.Context, key app.IdentifierKey, _ app.Span) ([]app.Custody, error) {
	if key.Value == "00471CF2" {
		return []app.Custody{{ID: "k1", EngagementID: "g1"}}, nil
	}
	return nil, nil
}
func (f *fake) ReaderNotation() identity.ReadingKind { return f.notation }
func (f *fake) SetReaderNotation(_ context.Context, how identity.ReadingKind) error {
	return f.note("notation", how)
}
func (f *fake) PlaceBox(_ context.Context, uid string, site app.ID, from app.Instant, why string) error {
	f.placed = append(f.placed, uid, site, from, why)
	return nil
}
func (f *fake) Anomalies(_ context.Context, a office.AnomalyFilter) ([]office.FoundAnomaly, error) {
	f.anomalyAsk = a
	return f.anomalies, nil
}
func (f *fake) Presences(_ context.Context, d app.Days, _, _ app.ID) ([]app.Presence, error) {
	f.asked = d
	return f.presences, nil
}
func (f *fake) Workdays(context.Context, app.Days, app.ID) ([]app.Workday, error) {
	return f.workdays, nil
}
func (f *fake) RegisterCounts(context.Context) (*office.RegisterCounts, error) { return &f.counts, nil }
func (f *fake) RegisterRows(_ context.Context, a office.RegisterFilter, limit int) ([]office.RegisterRow, error) {
	f.rowsAsk, f.rowsLimit = a, limit
	return f.rows, nil
}
func (f *fake) SendingAhead(context.Context) (*office.SendingAhead, error) { return &f.ahead, nil }
func (f *fake) Send(context.Context, office.Progress) (ciao.Report, error) {
	if f.sendErr != nil {
		return ciao.Report{}, f.sendErr
	}
	f.sends++
	return f.reports[f.sends-1], nil
}
func (f *fake) ResumeSending(_ context.Context, why string) (ciao.Report, error) {
	f.resumed = why
	return f.Send(context.Background(), nil)
}
func (f *fake) Release(_ context.Context, keys []app.RecordKey, word bool, _ string) (int, error) {
	f.released, f.vouched = keys, word
	return len(keys), nil
}
func (f *fake) Decide(_ context.Context, id app.ID, d ciao.PersonDecision, why string) error {
	f.decided = append(f.decided, id, d, why)
	return nil
}
func (f *fake) SheetRows(context.Context, app.Days) ([]office.SheetRow, error) { return f.sheets, nil }
func (f *fake) WriteSheets(_ context.Context, order office.SheetOrder, _ office.Progress) (out office.SheetsWritten, err error) {
	f.ordered = order
	for _, g := range order.Groups {
		out.Sheets = append(out.Sheets, office.WrittenSheet{Group: g, Path: order.Folder + "/" + string(g.ID) + ".pdf"})
	}
	for _, e := range order.Engagements {
		if e == f.undrawable {
			out.Failed = append(out.Failed, office.SheetFailure{Engagement: e, Err: &paper.UndrawableError{Field: "worker.familyName", Rune: '中'}})
			continue
		}
		path := order.Folder + "/" + string(e) + ".pdf"
		if order.Bundle != "" {
			path = order.Bundle
		}
		out.Sheets = append(out.Sheets, office.WrittenSheet{Engagement: e, Path: path})
	}
	return out, f.writeErr
}
func (f *fake) PresenceList(_ context.Context, site app.ID, from, to app.Instant) (*papers.PresenceList, error) {
	f.paper = []any{site, from, to}
	return f.present, nil
}
func (f *fake) WritePresenceList(_ context.Context, _ app.ID, _, _ app.Instant, opt office.PaperOptions) (string, error) {
	f.wrote = append(f.wrote, opt)
	return opt.Out, nil
}
func (f *fake) Chart(_ context.Context, q office.ChartQuestion) (*papers.Chart, error) {
	f.charted = q
	return f.chart, nil
}
func (f *fake) WriteChart(_ context.Context, q office.ChartQuestion, opt office.PaperOptions) (string, error) {
	f.paper = []any{q, opt}
	return opt.Out, nil
}
func (f *fake) WriteDossiers(_ context.Context, ids []app.ID, opt office.PaperOptions) (files []string, err error) {
	for _, id := range ids {
		f.paper = []any{id, opt}
		files = append(files, opt.Out)
	}
	return files, nil
}
func (f *fake) InspectionSheet(_ context.Context, site app.ID, at app.Instant) (*papers.InspectionSheet, error) {
	f.paper = []any{site, at}
	return f.inspected, nil
}
func (f *fake) WriteInspectionSheet(_ context.Context, _ app.ID, _ app.Instant, opt office.PaperOptions) (string, error) {
	f.wrote = append(f.wrote, opt)
	return opt.Out, nil
}
func (f *fake) Readings(context.Context, string) ([]app.Reading, error) { return f.readings, nil }
func (f *fake) WriteReadingReceipt(_ context.Context, id app.ID, opt office.PaperOptions) (string, error) {
	f.paper = []any{id, opt}
	return opt.Out, nil
}
func (f *fake) Printers(context.Context) ([]printing.Printer, error) {
	return f.printers, nil
}
func (f *fake) PrintSheets(ctx context.Context, order office.SheetOrder, job printing.Job, p office.Progress) (office.SheetsWritten, printing.Job, error) {
	f.job = job
	printer, err := printing.Choose(f.printers, job.Printer)
	if err != nil {
		return office.SheetsWritten{}, job, err
	}
	job.Printer = printer.Name
	written, err := f.WriteSheets(ctx, order, p)
	for i := range written.Sheets {
		if order.Folder+order.Bundle == "" {
			written.Sheets[i].Path = ""
		}
	}
	return written, job, err
}
func (f *fake) ImportStaff(_ context.Context, file string, apply bool) (*importing.Report, error) {
	f.importedBy = append(f.importedBy, "staff", file, apply)
	return f.report, f.importErr
}
func (f *fake) ImportSites(_ context.Context, file string, apply bool) (*importing.Report, error) {
	f.importedBy = append(f.importedBy, "sites", file, apply)
	return f.report, f.importErr
}
func (f *fake) ImportAbsences(_ context.Context, file string, apply bool) (*importing.Report, error) {
	f.importedBy = append(f.importedBy, "absences", file, apply)
	return f.report, f.importErr
}
func (f *fake) Verify(context.Context) ([]store.Finding, error) { return f.findings, nil }
func (f *fake) VerifyPaperFile(_ context.Context, path string) (*office.FileCheck, error) {
	f.verified = append(f.verified, path)
	return f.papers, nil
}
func (f *fake) VerifyPaperCode(_ context.Context, code string) (*office.PaperCheck, error) {
	f.verified = append(f.verified, code)
	return &f.papers.Papers[0], nil
}

func (f *fake) BoxDetail(_ context.Context, path string) (*office.BoxDetail, error) {
	return f.detail, f.note("detail", path)
}
func (f *fake) SetBoxTime(_ context.Context, path string) (before, after app.ClockOffset, err error) {
	return app.ClockOffset{Offset: 90 * time.Second}, app.ClockOffset{Offset: time.Millisecond}, errors.Join(f.boxErr, f.note("time", path))
}
func (f *fake) PairBox(_ context.Context, path string, waiting func()) error {
	waiting()
	return errors.Join(f.boxErr, f.note("pair", path))
}
func (f *fake) UnpairBox(_ context.Context, path string) error { return f.note("unpair", path) }
func (f *fake) BoxPairings(context.Context, string) ([]string, error) {
	return []string{ocbUID}, f.boxErr
}
func (f *fake) IdentifyBox(_ context.Context, path string) error { return f.note("identify", path) }
func (f *fake) LabelBox(_ context.Context, path, label string) error {
	return errors.Join(f.boxErr, f.note("label", path, label))
}
func (f *fake) PushBadges(_ context.Context, path string, refuse bool) (int, uint32, error) {
	return 12, 1764000000, f.note("push", path, refuse)
}
func (f *fake) ProveBox(_ context.Context, path string) error {
	return errors.Join(f.boxErr, f.note("prove", path))
}
func (f *fake) WatchBox(ctx context.Context, path string, seen func(office.SeenTap), _ office.Progress) error {
	if f.watchAll != nil {
		return f.watchAll(ctx, path, seen)
	}
	f.watched++
	return f.watch(f.watched, seen)
}

var _ Office = (*fake)(nil)

// company is a fake of a company that uses the simulator, in Dutch.
func company() *fake {
	return &fake{
		environment: app.LocalSimulator, language: app.Dutch,
		boxes: []office.BoxRow{
			{Box: app.Box{UID: ocbUID, Make: app.MakeOCB, Label: "Leuven balie"}, Known: true, Connected: "sim:/boxes/1", SiteID: "s1",
				LastRead: instant("2026-11-20T16:00:00Z"), LastState: app.ReadingDone, Punches: 1234, Unacked: 2},
		},
	}
}

// faked runs a command line on the fake.
func faked(t *testing.T, f *fake, change func(*Parts), args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	got := ran{}
	catalogue := texts(t)
	p := Parts{
		Out: &out, Err: &errs, Texts: catalogue, Language: app.English, Version: "0.1.0",
		Now: func() app.Instant { return instant("2027-01-01T00:00:00Z") }, // an office has its own time
		Open: func(_ context.Context, o OpenOptions) (Office, io.Closer, error) {
			got.opened = o
			return f, f, nil
		},
	}
	if change != nil {
		change(&p)
	}
	got.code = Run(context.Background(), args, p)
	got.out, got.err = out.String(), errs.String()
	if missing := catalogue.Missing(); len(missing) > 0 {
		t.Errorf("klokkast %s: no text for %v", strings.Join(args, " "), missing)
	}
	return got
}

// wantDid compares what was asked of the office since the last look.
func wantDid(t *testing.T, f *fake, what ...any) {
	t.Helper()
	if diff := cmp.Diff(what, f.did); diff != "" {
		t.Errorf("asked the office otherwise (-want +got):\n%s", diff)
	}
	f.did = nil
}

func (f *fake) AskedAbout(_ context.Context, c office.RegistrationChoice) (*office.Asked, error) {
	f.askedOf = c
	return &f.askedAbout, nil
}

func (f *fake) DecideAll(_ context.Context, c office.RegistrationChoice, d ciao.PersonDecision, why string) (int, error) {
	f.askedOf = c
	f.decided = append(f.decided, d, why)
	return len(f.askedAbout.Rows) - f.askedAbout.Single, nil
}

// The fake's plan: Anna's mornings at Stadhuis Leuven, where Bart stands in on Tuesday.
func (f *fake) PlanWeek(_ context.Context, site app.ID, day app.Date) (*office.PlanWeek, error) {
	monday := day.Monday()
	from := func(d app.Date) app.Shift {
		return app.Shift{LineID: "line", Day: d, SiteID: site, WorkerID: "w1", EngagementID: "g1", State: app.ShiftExpected, Hours: app.Hours{From: 360, To: 600},
			From: d.Start(app.Belgium()).Add(6 * 3600e9), To: d.Start(app.Belgium()).Add(10 * 3600e9)}
	}
	w := &office.PlanWeek{SiteID: site, Days: app.Days{From: monday, To: monday + 6}}
	given, standIn, away := from(monday+1), from(monday+1), from(monday+2)
	given.State, given.By = app.ShiftGivenToOthers, "g2"
	standIn.WorkerID, standIn.EngagementID, standIn.For = "w2", "g2", "g1"
	away.State, away.Absence = app.ShiftAbsent, "away"
	w.Shifts = []app.Shift{from(monday), given, standIn, away}
	w.Lines = []app.PlanLine{{ID: "line", SiteID: site, EngagementID: "g1", Weekdays: 31, Hours: app.Hours{From: 360, To: 600}, Days: app.Days{From: monday}, EveryWeeks: 1}}
	w.Exceptions = []app.PlanException{{ID: "except", LineID: "line", Days: app.Days{From: monday + 1, To: monday + 1}, Kind: app.ShiftReplaced, StandIn: "g2"}}
	w.Absences = []app.Absence{{ID: "away", WorkerID: "w1", Days: app.Days{From: monday + 2, To: monday + 2}, Kind: "sick"}}
	return w, nil
}

func (f *fake) PlanLine(_ context.Context, id app.ID) (app.PlanLine, error) {
	return app.PlanLine{ID: id, SiteID: "s1", EngagementID: "g1", Weekdays: 31, Hours: app.Hours{From: 360, To: 600}, Days: app.Days{From: app.NewDate(2026, 11, 2)}, EveryWeeks: 2}, nil
}

func (f *fake) AddPlanLine(_ context.Context, l app.PlanLine, why string) (app.PlanLine, error) {
	f.did = append(f.did, l, why)
	l.ID = "new"
	return l, nil
}

func (f *fake) ChangePlanLine(_ context.Context, id app.ID, from app.Date, to app.PlanLine, why string) (app.PlanLine, error) {
	f.did = append(f.did, id, from, to, why)
	return to, nil
}

func (f *fake) EndPlanLine(_ context.Context, id app.ID, last app.Date, why string) error {
	f.did = append(f.did, id, last, why)
	return nil
}

func (f *fake) CopyPlanWeek(_ context.Context, site app.ID, from, to app.Date, why string) (office.CopiedWeek, error) {
	f.did = append(f.did, site, from, to, why)
	return office.CopiedWeek{Added: 3, There: 2, Clashes: 1}, nil
}

func (f *fake) ExceptPlan(_ context.Context, x app.PlanException, why string) (app.PlanException, error) {
	f.did = append(f.did, x, why)
	x.ID = "new"
	return x, nil
}

func (f *fake) WithdrawPlanException(_ context.Context, id app.ID, why string) error {
	f.did = append(f.did, id, why)
	return nil
}

func (f *fake) ExpectedAt(_ context.Context, site app.ID, at app.Instant) ([]office.Expected, error) {
	f.did = append(f.did, site, at)
	w, _ := f.PlanWeek(context.Background(), site, at.DateIn(app.Belgium()))
	return []office.Expected{{Shift: w.Shifts[0], State: office.ExpectedIn, Since: w.Shifts[0].From}}, nil
}

func (f *fake) Absences(_ context.Context, days app.Days, worker app.ID) ([]app.Absence, error) {
	f.did = append(f.did, days, worker)
	return []app.Absence{{ID: "away", WorkerID: "w1", Days: app.Days{From: app.NewDate(2026, 11, 25), To: app.NewDate(2026, 11, 25)}, Kind: "sick", Note: "griep"}}, nil
}

func (f *fake) NoteAbsence(_ context.Context, a app.Absence, why string) (app.Absence, error) {
	f.did = append(f.did, a, why)
	a.ID = "new"
	return a, nil
}

func (f *fake) WithdrawAbsence(_ context.Context, id app.ID, why string) error {
	f.did = append(f.did, id, why)
	return nil
}
