package window

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/papers"
	"klokkast/app/printing"
	"klokkast/app/reading"
	"klokkast/app/text"
	"klokkast/app/text/texttest"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/assets"
)

// stage runs background work at once and knows on which side it is, so that
// the fake desk can tell when it is called on the window's goroutine.
type stage struct {
	depth   int
	waiting []*wait
}

// wait is something that is done after a while; no while passes by itself in a test.
type wait struct {
	while time.Duration
	do    func()
}

func (s *stage) later(while time.Duration, do func()) func() {
	w := &wait{while, do}
	s.waiting = append(s.waiting, w)
	return func() { s.waiting = slices.DeleteFunc(s.waiting, func(other *wait) bool { return other == w }) }
}

// pass lets the while pass that everything waits for.
func (s *stage) pass() {
	due := s.waiting
	s.waiting = nil
	for _, w := range due {
		w.do()
	}
}

func (s *stage) run(work func()) {
	s.depth++
	defer func() { s.depth-- }()
	work()
}

func (s *stage) do(f func()) {
	depth := s.depth
	s.depth = 0
	defer func() { s.depth = depth }()
	f()
}

// fakeDesk is a desk with a small made-up company. Every slow method fails the
// test when it is called on the window's goroutine.
type fakeDesk struct {
	sending office.RegisterSettings
	set     map[office.RegisterSetting]string // what SetRegister was asked for
	noted   []office.RegisterFinding
	delayed []app.Registration
	status  office.SendingStatus
	fakePeriods
	exports
	decidings
	t       *testing.T
	stage   *stage // nil: whoever uses it watches by itself
	mu      sync.Mutex
	calls   []string
	watch   func()
	lang    app.Language
	env     app.Environment
	fail    map[string]error // by method
	down    error            // of every method
	gate    chan struct{}    // holds every answer back until it is closed; nil holds none
	names   *office.Names
	workers []office.WorkerRow
	sites   []office.SiteRow
	boxes   []office.BoxRow
	punches []office.PunchRow
	found   []office.FoundAnomaly
	regs    []office.RegisterRow
	counts  office.RegisterCounts
	sheets  []office.SheetRow

	read       func(ctx context.Context, p office.Progress) (app.Reading, error)
	importFile func(opt office.ImportOptions) (reading.Imported, error)
	save       func(w app.Worker) error
	explained  []app.AnomalyKey
	adjusted   app.Instant
	given      []office.GiveBadge
	ignored    []app.RecordKey
	stated     []app.Adjustment
	proposed   []office.ProposedPresence
	proposal   office.Proposal
	effect     office.Effect // what a preview says
	undoable   string
	history    []office.HistoryStep
	released   []app.RecordKey
	written    []app.ID
	paper      []any // what was asked of the last other paper
	groups     map[timesheet.PaperKind][]office.GroupRow
	team       office.Team
	head       app.Letterhead
	logo       string
	verified   *office.FileCheck
	writing    func(ctx context.Context) error
	ordered    office.SheetOrder
	engagement app.Engagement // the last that was kept
	undrawable app.ID         // the engagement whose sheet cannot be printed
	printers   []printing.Printer
	job        printing.Job
	credential office.CredentialEntry
	access     office.Access
	steps      []ciao.StepResult
	state      func(a app.Adjustment) error
	withdrawn  app.ID
	paired     bool
	refuse     bool
	pair       func(ctx context.Context, waiting func()) error
	plug       func([]reading.Found)
	watchBox   func(ctx context.Context, seen func(office.SeenTap)) error
	presences  []app.Presence
	planned    []any // what was entered of the plan
	expected   []office.Expected
	thresholds app.Thresholds
	accepted   *app.ClockRepair
	shift      office.ShiftChoice
	fits       bool
	confirmed  identity.NotationKind
	extra      string
	replacing  []app.Date

	previewImport func(opt office.ImportOptions) (*office.ImportPlan, error)
	previewTable  func(m *reading.Mapping) (reading.TablePreview, error)
	mapped        app.Box
	mapping       reading.Mapping
	users         *office.UserList
	held          map[string][]app.Custody
	notation      identity.ReadingKind

	neverCompared bool // with the register
	ahead         office.SendingAhead
}

// slow is what every method that may take long begins with.
func (d *fakeDesk) slow(ctx context.Context, name string) error {
	d.t.Helper()
	if d.stage != nil && d.stage.depth == 0 {
		d.t.Errorf("%s was called on the window's goroutine", name)
	}
	d.mu.Lock()
	d.calls = append(d.calls, name)
	gate := d.gate
	d.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return cmp.Or(d.fail[name], d.down)
}

// block holds every answer back from now on, until the function is called that it gives.
func (d *fakeDesk) block() (unblock func()) {
	gate := make(chan struct{})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gate = gate
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.gate == gate {
			d.gate = nil
		}
		close(gate)
	}
}

// breakDown lets every answer be an error; nil ends that.
func (d *fakeDesk) breakDown(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = err
}

func (d *fakeDesk) called(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, c := range d.calls {
		if c == name {
			n++
		}
	}
	return n
}

const (
	an, engaged, own, townHall, client = app.ID("worker-an"), app.ID("engagement-an"), app.ID("employer-own"), app.ID("site-hall"), app.ID("client-town")
	boxUID                             = "0a3f0a3f0a3f0a3f0a3f0a3f0a3f0a3f"
)

// noon is the fakes' present: Monday 23 November 2026, 12:00 in Belgium.
var noon = app.At(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC))

func punchKey(seq uint64) app.RecordKey {
	return app.RecordKey{LogKey: app.LogKey{Box: boxUID, Log: "log"}, Seq: seq}
}

func newFakeDesk(t *testing.T) *fakeDesk {
	card := app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3D4"}
	worker := app.Worker{ID: an, FamilyName: "Peeters", GivenName: "An", StaffNumber: "1001", SSIN: "85011512355", Language: app.Dutch}
	engagement := app.Engagement{ID: engaged, WorkerID: an, EmployerID: own, Capacity: app.Employee, Days: app.Days{From: app.NewDate(2026, 3, 1)}, WeeklyHours: 38 * 60, Default: true}
	site := app.Site{ID: townHall, Name: "Stadhuis Leuven", Code: "L01", ClientID: client, Zone: app.DefaultZone, Address: app.Address{Street: "Grote Markt", HouseNumber: "9", PostCode: "3000", Municipality: "Leuven"}}
	box := app.Box{UID: boxUID, Make: app.MakeOCB, Label: "Inkom"}
	placement := app.Placement{ID: "placement", BoxUID: boxUID, SiteID: townHall, Span: app.Span{From: noon - 1e9}}
	tap := func(seq uint64, at app.Instant, role app.TapRole) office.PunchRow {
		return office.PunchRow{Tap: app.Tap{Punch: app.Punch{Key: punchKey(seq), At: at, Identifier: card, Pressed: app.KeyIn}, At: at, WorkerID: an, SiteID: townHall, Role: role, Day: app.NewDate(2026, 11, 20)}}
	}
	friday := app.At(time.Date(2026, 11, 20, 5, 58, 12, 0, time.UTC))
	in := tap(1, friday, app.TapIn)
	in.Registration = &app.Registration{ID: "reg-1", State: app.RegAccepted, Validity: "pending"}
	unknown := tap(2, friday+60_000, app.TapUnknown)
	unknown.WorkerID, unknown.Punch.Identifier.Value = "", "04DEADBEEF"
	d := &fakeDesk{
		t: t, lang: app.Dutch, env: app.LocalSimulator, fail: map[string]error{},
		names: &office.Names{
			Workers: map[app.ID]app.Worker{an: worker}, Engagements: map[app.ID]app.Engagement{engaged: engagement},
			Employers: map[app.ID]app.Employer{own: {ID: own, Name: "Blinkend Schoon BV", Kind: app.OwnCompany, Enterprise: "0123456749"}},
			Sites:     map[app.ID]app.Site{townHall: site}, Clients: map[app.ID]app.Client{client: {ID: client, Name: "Stad Leuven"}}, Boxes: map[string]app.Box{boxUID: box},
		},
		workers: []office.WorkerRow{
			{Worker: worker, Engagements: []app.Engagement{engagement}, Badges: []office.Badge{{Identifier: app.Identifier{ID: "card", Key: card}, Custody: app.Custody{ID: "custody", IdentifierID: "card", EngagementID: engaged, Span: app.Span{From: noon - 1e9}}}}, Anomalies: 2},
			{Worker: app.Worker{ID: "worker-gone", FamilyName: "Aerts", GivenName: "Tom", Language: app.French, Ended: noon - 1e9}},
		},
		sites:   []office.SiteRow{{Site: site, Decision: app.SiteDecision{Decision: app.UnderCIAO, From: noon - 1e9, By: "An", Reason: "contract"}, Declarations: []office.DeclaredSite{{Declaration: app.Declaration{ID: "d", Number: "1Y1003SQ5VSSZ"}, Link: app.DeclarationSite{ID: "l", Default: true}}}, Placements: []app.Placement{placement}}},
		boxes:   []office.BoxRow{{Box: box, Known: true, Connected: "sim:1", SiteID: townHall, LastRead: noon - 1e9, LastState: app.ReadingDone, Punches: 1234}},
		punches: []office.PunchRow{in, unknown},
		found: []office.FoundAnomaly{
			{Anomaly: app.Anomaly{Rule: app.MissingOut, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutEngagement, ID: string(engaged)}, Anchor: punchKey(1).String(), WorkerID: an, SiteID: townHall, Day: app.NewDate(2026, 11, 20), At: friday, Punches: []app.RecordKey{punchKey(1)}}, Status: app.AnomalyOpen},
			{Anomaly: app.Anomaly{Rule: app.UnknownBadge, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutIdentifier, ID: "card:04DEADBEEF"}, SiteID: townHall, At: friday + 60_000, Punches: []app.RecordKey{punchKey(2)}, Facts: map[string]string{"alike": "card"}}, Status: app.AnomalyOpen},
			{Anomaly: app.Anomaly{Rule: app.NightWork, Severity: app.Information, Subject: app.Subject{Kind: app.AboutEngagement, ID: string(engaged)}, WorkerID: an, Day: app.NewDate(2026, 11, 21)}, Status: app.AnomalyOpen},
			{Anomaly: app.Anomaly{Rule: app.DayLimit, Severity: app.Warning, Subject: app.Subject{Kind: app.AboutEngagement, ID: string(engaged)}, WorkerID: an, Day: app.NewDate(2026, 11, 19)}, Status: app.AnomalyExplained, State: app.AnomalyState{Reason: "agreed", Note: "inventory", By: "An", At: noon}},
		},
		regs: []office.RegisterRow{
			{Registration: app.Registration{Punch: punchKey(3), At: friday, Type: app.RegisterIn, State: app.RegHeld, WorkerID: an, SiteID: townHall}, Held: app.HeldBeyondWindow, Releasable: true},
			{Registration: app.Registration{Punch: punchKey(4), At: friday + 1000, Type: app.RegisterOut, State: app.RegHeld, WorkerID: an, SiteID: townHall}, Held: app.HeldBeyondWindow},
			{Registration: app.Registration{ID: "reg-5", Punch: punchKey(5), At: friday, Type: app.RegisterIn, State: app.RegUnknown, NeedsPerson: true, WorkerID: an, SiteID: townHall}},
		},
		counts: office.RegisterCounts{States: map[app.RegistrationState]int{app.RegAccepted: 7}, Held: []office.HeldCount{{Reason: app.HeldBeyondWindow, Count: 2, Oldest: friday}, {Reason: app.NeverIgnored, Never: true, Count: 1, Oldest: friday}}, NeedsPerson: 1},
		sheets: []office.SheetRow{{Engagement: engagement, Worked: 7*time.Hour + 52*time.Minute, Days: 1, Open: 1}},
	}
	return d
}

func (d *fakeDesk) Installation() app.Installation {
	return app.Installation{ID: "i", Name: "kantoor", Demo: true}
}
func (d *fakeDesk) Environment() app.Environment { return d.env }
func (d *fakeDesk) Demo() bool                   { return true }
func (d *fakeDesk) Actor() string                { return "An" }
func (d *fakeDesk) SetActor(ctx context.Context, _ string) error {
	return d.slow(ctx, "SetActor")
}
func (d *fakeDesk) SetLanguage(ctx context.Context, l app.Language) error {
	d.lang = l
	return d.slow(ctx, "SetLanguage")
}
func (d *fakeDesk) Subscribe(f func()) func() {
	d.watch = f
	return func() { d.watch = nil }
}
func (d *fakeDesk) ScanBoxes(_ context.Context, seen func([]reading.Found)) { d.plug = seen }
func (d *fakeDesk) Names(ctx context.Context) (*office.Names, error) {
	return d.names, d.slow(ctx, "Names")
}
func (d *fakeDesk) BoxRows(ctx context.Context) ([]office.BoxRow, error) {
	return d.boxes, d.slow(ctx, "BoxRows")
}
func (d *fakeDesk) ReadBox(ctx context.Context, _ string, _ office.ReadOptions, p office.Progress) (app.Reading, error) {
	if err := d.slow(ctx, "ReadBox"); err != nil {
		return app.Reading{}, err
	}
	return d.read(ctx, p)
}
func (d *fakeDesk) SendingAhead(ctx context.Context) (*office.SendingAhead, error) {
	return &d.ahead, d.slow(ctx, "SendingAhead")
}
func (d *fakeDesk) Send(ctx context.Context, p office.Progress) (ciao.Report, error) {
	p(1, 1)
	return ciao.Report{Accepted: 3}, d.slow(ctx, "Send")
}
func (d *fakeDesk) Today(ctx context.Context) (*office.Today, error) {
	in := app.Side{At: noon - 3_600_000}
	return &office.Today{
		Date: app.NewDate(2026, 11, 23), Present: []app.Presence{{WorkerID: an, SiteID: townHall, State: app.PresenceOpen, In: &in}}, Workdays: 1, Expected: d.expected,
		BySeverity: map[app.Severity]int{app.Serious: 2, app.Information: 1}, Newest: d.found[:min(2, len(d.found))], Boxes: d.boxes, Register: d.counts, ClockUnchecked: true,
		Older: []office.OlderRecords{{Box: boxUID, Punches: 12, From: noon - 2e9, To: noon - 1e9}},
	}, d.slow(ctx, "Today")
}
func (d *fakeDesk) ImportFile(ctx context.Context, _ string, opt office.ImportOptions, _ office.Progress) (reading.Imported, error) {
	if err := d.slow(ctx, "ImportFile"); err != nil {
		return reading.Imported{}, err
	}
	return d.importFile(opt)
}
func (d *fakeDesk) PreviewImport(ctx context.Context, _ string, opt office.ImportOptions) (*office.ImportPlan, error) {
	if err := d.slow(ctx, "PreviewImport"); err != nil {
		return nil, err
	}
	return d.previewImport(opt)
}
func (d *fakeDesk) PreviewTable(ctx context.Context, _, _ string, m *reading.Mapping, _ int) (reading.TablePreview, error) {
	if err := d.slow(ctx, "PreviewTable"); err != nil {
		return reading.TablePreview{}, err
	}
	return d.previewTable(m)
}
func (d *fakeDesk) SaveMapping(ctx context.Context, b app.Box, m reading.Mapping, _ string) error {
	d.mapped, d.mapping = b, m
	return d.slow(ctx, "SaveMapping")
}
func (d *fakeDesk) TerminalUsers(ctx context.Context, _ string, _ office.UserOptions) (*office.UserList, error) {
	return d.users, d.slow(ctx, "TerminalUsers")
}
func (d *fakeDesk) Held(ctx context.Context, key app.IdentifierKey, _ app.Span) ([]app.Custody, error) {
	return d.held[key.Value], d.slow(ctx, "Held")
}
func (d *fakeDesk) ReaderNotation() identity.ReadingKind { return d.notation }
func (d *fakeDesk) GiveReadBadge(ctx context.Context, g office.GiveBadge, how identity.ReadingKind, why string) error {
	d.notation = how
	return d.GiveBadge(ctx, g, why)
}
func (d *fakeDesk) PlaceBox(ctx context.Context, _ string, _ app.ID, _ app.Instant, _ string) error {
	return d.slow(ctx, "PlaceBox")
}
func (d *fakeDesk) EndPlacement(ctx context.Context, _ app.ID, _ app.Instant, _ string) error {
	return d.slow(ctx, "EndPlacement")
}
func (d *fakeDesk) SaveBox(ctx context.Context, _ app.Box, _ string) error {
	return d.slow(ctx, "SaveBox")
}
func (d *fakeDesk) ReopenBox(ctx context.Context, _, _ string) error {
	return d.slow(ctx, "ReopenBox")
}
func (d *fakeDesk) Readings(ctx context.Context, _ string) ([]app.Reading, error) {
	return []app.Reading{{ID: "r", Source: app.FromCable, State: app.ReadingStopped, Problem: "unplugged", Started: noon, Records: 12, New: 3, Actor: "An"}}, d.slow(ctx, "Readings")
}
func (d *fakeDesk) BoxDetail(ctx context.Context, _ string) (*office.BoxDetail, error) {
	return &office.BoxDetail{
		Info:  app.BoxInfo{Maker: "Open Clock Box", Model: "Pi Zero", Firmware: "1.4.2", Battery: 87, ClockSet: true, First: 101, Last: 1350, Acked: 1300, Capacity: 100000, Paired: d.paired},
		Clock: app.ClockOffset{At: noon, Offset: -2340 * time.Millisecond, Uncertainty: 4 * time.Millisecond}, ClockChecked: d.paired,
	}, d.slow(ctx, "BoxDetail")
}
func (d *fakeDesk) SetBoxTime(ctx context.Context, _ string) (before, after app.ClockOffset, err error) {
	return app.ClockOffset{Offset: -2340 * time.Millisecond}, app.ClockOffset{Offset: 10 * time.Millisecond}, d.slow(ctx, "SetBoxTime")
}
func (d *fakeDesk) PairBox(ctx context.Context, _ string, waiting func()) error {
	if err := d.slow(ctx, "PairBox"); err != nil {
		return err
	}
	return d.pair(ctx, waiting)
}
func (d *fakeDesk) UnpairBox(ctx context.Context, _ string) error {
	d.paired = false
	return d.slow(ctx, "UnpairBox")
}
func (d *fakeDesk) IdentifyBox(ctx context.Context, _ string) error {
	return d.slow(ctx, "IdentifyBox")
}
func (d *fakeDesk) PushBadges(ctx context.Context, _ string, refuse bool) (int, uint32, error) {
	d.refuse = refuse
	return 62, 1, d.slow(ctx, "PushBadges")
}
func (d *fakeDesk) WatchBox(ctx context.Context, _ string, seen func(office.SeenTap), _ office.Progress) error {
	if err := d.slow(ctx, "WatchBox"); err != nil {
		return err
	}
	return d.watchBox(ctx, seen)
}
func (d *fakeDesk) PunchRows(ctx context.Context, f office.PunchFilter) ([]office.PunchRow, error) {
	var rows []office.PunchRow
	for _, p := range d.punches {
		if (f.WorkerID == "" || p.WorkerID == f.WorkerID) && f.Span.Holds(p.At) {
			rows = append(rows, p)
		}
	}
	return rows, d.slow(ctx, "PunchRows")
}
func (d *fakeDesk) Anomalies(ctx context.Context, f office.AnomalyFilter) ([]office.FoundAnomaly, error) {
	var rows []office.FoundAnomaly
	for _, a := range d.found {
		if f.Status == "" || a.Status == f.Status {
			rows = append(rows, a)
		}
	}
	return rows, d.slow(ctx, "Anomalies")
}
func (d *fakeDesk) Explain(ctx context.Context, keys []app.AnomalyKey, reason, _ string) error {
	d.explained = keys
	if reason == "" {
		return &app.FieldError{Field: "reason", Code: "reason.unknown", Example: "forgot"}
	}
	return d.slow(ctx, "Explain")
}
func (d *fakeDesk) Reopen(ctx context.Context, _ []app.AnomalyKey, _ string) error {
	return d.slow(ctx, "Reopen")
}
func (d *fakeDesk) AdjustMissing(ctx context.Context, _ app.AnomalyKey, at app.Instant, _, _ string) error {
	d.adjusted = at
	return d.slow(ctx, "AdjustMissing")
}
func (d *fakeDesk) AdjustPresences(ctx context.Context, list []app.Adjustment) error {
	d.stated = list
	if err := d.slow(ctx, "AdjustPresences"); err != nil {
		return err
	}
	if d.state != nil {
		return d.state(list[0])
	}
	return nil
}
func (d *fakeDesk) ProposePresences(ctx context.Context, _ app.ID, _ app.Days, _ app.Hours) ([]office.ProposedPresence, error) {
	return d.proposed, d.slow(ctx, "ProposePresences")
}
func (d *fakeDesk) Preview(ctx context.Context, p office.Proposal) (*office.Effect, error) {
	d.proposal = p
	return &d.effect, d.slow(ctx, "Preview")
}
func (d *fakeDesk) CountAgain(ctx context.Context, _ []app.RecordKey, _ string) error {
	return d.slow(ctx, "CountAgain")
}
func (d *fakeDesk) Undoable() string { return d.undoable }
func (d *fakeDesk) Undo(ctx context.Context) (string, error) {
	return d.undoable, d.slow(ctx, "Undo")
}
func (d *fakeDesk) AnomalyCard(ctx context.Context, k app.AnomalyKey) (*office.AnomalyCard, error) {
	c := &office.AnomalyCard{}
	for _, a := range d.found {
		if a.Key() == k {
			c.FoundAnomaly = a
		}
	}
	c.Steps = []office.Step{{Code: attendance.StepExplain, Applies: true}}
	for _, p := range d.punches {
		if slices.Contains(c.Punches, p.Punch.Key) {
			c.Evidence = append(c.Evidence, office.EvidencePunch{Tap: p.Tap})
			c.Taps = append(c.Taps, p.Tap)
			c.Span = app.Span{From: p.At - 3_600_000, To: p.At + 6*3_600_000}
		}
	}
	c.History = d.history
	return c, d.slow(ctx, "AnomalyCard")
}
func (d *fakeDesk) WithdrawAdjustment(ctx context.Context, id app.ID, _ string) error {
	d.withdrawn = id
	return d.slow(ctx, "WithdrawAdjustment")
}
func (d *fakeDesk) Presences(ctx context.Context, _ app.Days, _, _ app.ID) ([]app.Presence, error) {
	return d.presences, d.slow(ctx, "Presences")
}
func (d *fakeDesk) GiveBadges(ctx context.Context, list []office.GiveBadge, _ string) error {
	d.given = list
	return d.slow(ctx, "GiveBadges")
}
func (d *fakeDesk) IgnorePunches(ctx context.Context, keys []app.RecordKey, _, _ string) error {
	d.ignored = keys
	return d.slow(ctx, "IgnorePunches")
}
func (d *fakeDesk) WorkerRows(ctx context.Context) ([]office.WorkerRow, error) {
	return slices.Clone(d.workers), d.slow(ctx, "WorkerRows")
}
func (d *fakeDesk) SaveWorker(ctx context.Context, w app.Worker, _ string) (app.Worker, error) {
	if err := d.slow(ctx, "SaveWorker"); err != nil {
		return w, err
	}
	if err := d.save(w); err != nil {
		return w, err
	}
	w.ID = "worker-new"
	d.workers = append(d.workers, office.WorkerRow{Worker: w})
	return w, nil
}
func (d *fakeDesk) EndWorker(ctx context.Context, _ app.ID, _ app.Date, _ string) error {
	return d.slow(ctx, "EndWorker")
}
func (d *fakeDesk) SaveEngagement(ctx context.Context, e app.Engagement, _ string) (app.Engagement, error) {
	d.engagement = e
	return e, d.slow(ctx, "SaveEngagement")
}
func (d *fakeDesk) SaveEmployer(ctx context.Context, e app.Employer, _ string) (app.Employer, error) {
	return e, d.slow(ctx, "SaveEmployer")
}
func (d *fakeDesk) Employers(ctx context.Context) ([]app.Employer, error) {
	return []app.Employer{d.names.Employers[own]}, d.slow(ctx, "Employers")
}
func (d *fakeDesk) GiveBadge(ctx context.Context, _ office.GiveBadge, _ string) error {
	return d.slow(ctx, "GiveBadge")
}
func (d *fakeDesk) EndBadge(ctx context.Context, _ app.ID, _ app.Instant, _ string) error {
	return d.slow(ctx, "EndBadge")
}
func (d *fakeDesk) RevealSSIN(ctx context.Context, _ app.ID) (string, error) {
	return "85011512355", d.slow(ctx, "RevealSSIN")
}
func (d *fakeDesk) ImportStaff(ctx context.Context, _ string, apply bool) (*importing.Report, error) {
	return &importing.Report{Preview: !apply, New: 2, Problems: []*importing.Problem{{Kind: importing.Refused, Line: 3, Column: "NISS", Why: &app.FieldError{Field: "ssin", Code: "ssin.check", Example: "85.01.15-123.55"}}}}, d.slow(ctx, "ImportStaff")
}
func (d *fakeDesk) ImportAbsences(ctx context.Context, _ string, apply bool) (*importing.Report, error) {
	return &importing.Report{Preview: !apply, New: 1}, d.slow(ctx, "ImportAbsences")
}
func (d *fakeDesk) SiteRows(ctx context.Context) ([]office.SiteRow, error) {
	return d.sites, d.slow(ctx, "SiteRows")
}
func (d *fakeDesk) SaveSite(ctx context.Context, s app.Site, _ string) (app.Site, error) {
	return s, d.slow(ctx, "SaveSite")
}
func (d *fakeDesk) EndSite(ctx context.Context, _ app.ID, _ app.Instant, _ string) error {
	return d.slow(ctx, "EndSite")
}
func (d *fakeDesk) SaveSiteOfClient(ctx context.Context, s app.Site, _, _ string) (app.Site, error) {
	s.ClientID = "client-new"
	return s, d.slow(ctx, "SaveSiteOfClient")
}
func (d *fakeDesk) Clients(ctx context.Context) ([]app.Client, error) {
	return []app.Client{d.names.Clients[client]}, d.slow(ctx, "Clients")
}
func (d *fakeDesk) DecideSite(ctx context.Context, _ app.SiteDecision) error {
	return d.slow(ctx, "DecideSite")
}
func (d *fakeDesk) DeclareSite(ctx context.Context, _ app.Declaration, _ app.DeclarationSite, _ string) error {
	return d.slow(ctx, "DeclareSite")
}
func (d *fakeDesk) Declarations(ctx context.Context) ([]app.Declaration, error) {
	return []app.Declaration{{ID: "d", Number: "1Y1003SQ5VSSZ"}}, d.slow(ctx, "Declarations")
}
func (d *fakeDesk) ImportSites(ctx context.Context, _ string, apply bool) (*importing.Report, error) {
	return &importing.Report{Preview: !apply}, d.slow(ctx, "ImportSites")
}
func (d *fakeDesk) RegisterCounts(ctx context.Context) (*office.RegisterCounts, error) {
	return &d.counts, d.slow(ctx, "RegisterCounts")
}
func (d *fakeDesk) RegisterRows(ctx context.Context, f office.RegisterFilter, _ int) ([]office.RegisterRow, error) {
	var rows []office.RegisterRow
	for _, r := range d.regs {
		if (f.State == "" || r.Registration.State == f.State) && (f.Held == "" || r.Held == f.Held) {
			rows = append(rows, r)
		}
	}
	return rows, d.slow(ctx, "RegisterRows")
}
func (d *fakeDesk) Attempts(ctx context.Context, _ app.ID) ([]app.Attempt, error) {
	return []app.Attempt{{ID: "a", Operation: "register", Outcome: app.AttemptFateUnknown, Status: 502, Problem: "badGateway", Started: noon}}, d.slow(ctx, "Attempts")
}
func (d *fakeDesk) Release(ctx context.Context, keys []app.RecordKey, _ bool, _ string) (int, error) {
	d.released = keys
	return len(keys), d.slow(ctx, "Release")
}
func (d *fakeDesk) Decide(ctx context.Context, _ app.ID, _ ciao.PersonDecision, _ string) error {
	return d.slow(ctx, "Decide")
}
func (d *fakeDesk) ResumeSending(ctx context.Context, _ string) (ciao.Report, error) {
	return ciao.Report{Accepted: 1}, d.slow(ctx, "ResumeSending")
}
func (d *fakeDesk) ChangeHosts(ctx context.Context, e app.Environment, add, remove []string, why string) error {
	for _, h := range add {
		d.sending.Hosts = append(d.sending.Hosts, ciao.AddedHost{Environment: e, Host: h, Why: why})
	}
	return d.slow(ctx, "ChangeHosts")
}

func (d *fakeDesk) EnterCredential(ctx context.Context, e office.CredentialEntry) error {
	d.credential = e
	if e.ClientID == "" {
		return errors.Join(&app.FieldError{Field: "clientId", Code: "required", Example: "x"}, &app.FieldError{Field: "key", Code: "required", Example: "x"},
			&app.FieldError{Field: "passphrase", Code: "passphrase.needed", Example: "x"})
	}
	return d.slow(ctx, "EnterCredential")
}
func (d *fakeDesk) UnlockKey(ctx context.Context, passphrase app.Secret) error {
	if passphrase.Reveal() != "twaalf tekens lang" {
		return ciao.ErrPassphrase
	}
	d.access.Locked = false
	return d.slow(ctx, "UnlockKey")
}
func (d *fakeDesk) Access(ctx context.Context) (office.Access, error) {
	return d.access, d.slow(ctx, "Access")
}
func (d *fakeDesk) SetRegister(ctx context.Context, values map[office.RegisterSetting]string, _ string) error {
	d.set = values
	return d.slow(ctx, "SetRegister")
}
func (d *fakeDesk) Resend(ctx context.Context, id app.ID, why string) (app.Registration, error) {
	return app.Registration{}, d.slow(ctx, "Resend "+string(id)+" "+why)
}
func (d *fakeDesk) CancelRegistration(ctx context.Context, id app.ID, why string) error {
	return d.slow(ctx, "CancelRegistration "+string(id)+" "+why)
}
func (d *fakeDesk) RegisterFindings(ctx context.Context, _ bool) ([]office.RegisterFinding, error) {
	return d.noted, d.slow(ctx, "RegisterFindings")
}
func (d *fakeDesk) SettleFinding(ctx context.Context, id app.ID, why string) error {
	return d.slow(ctx, "SettleFinding "+string(id)+" "+why)
}
func (d *fakeDesk) Delays(ctx context.Context, _ app.Days, by ciao.DelayBy) (ciao.DelayReport, error) {
	return ciao.Delays(d.delayed, by, time.UTC), d.slow(ctx, "Delays")
}
func (d *fakeDesk) KeepSending(ctx context.Context, tell func(office.SendingStatus)) {
	_ = d.slow(ctx, "KeepSending")
	tell(d.status)
}
func (d *fakeDesk) SendingNow() office.SendingStatus { return d.status }
func (d *fakeDesk) TestConnection(ctx context.Context) ([]ciao.StepResult, error) {
	return d.steps, d.slow(ctx, "TestConnection")
}
func (d *fakeDesk) SetRegistersSince(ctx context.Context, _ app.ID, _ app.Instant, _ string) error {
	return d.slow(ctx, "SetRegistersSince")
}
func (d *fakeDesk) SheetRows(ctx context.Context, _ app.Days) ([]office.SheetRow, error) {
	return d.sheets, d.slow(ctx, "SheetRows")
}
func (d *fakeDesk) WriteSheets(ctx context.Context, o office.SheetOrder, p office.Progress) (out office.SheetsWritten, err error) {
	d.ordered = o
	for _, g := range o.Groups {
		out.Sheets = append(out.Sheets, office.WrittenSheet{Group: g, Path: o.Folder + "/" + string(g.ID) + ".pdf"})
	}
	for i, e := range o.Engagements {
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		if d.writing != nil {
			if err := d.writing(ctx); err != nil {
				return out, err
			}
		}
		if e == d.undrawable {
			out.Failed = append(out.Failed, office.SheetFailure{Engagement: e, Err: &paper.UndrawableError{Field: "worker.familyName", Rune: '中'}})
			continue
		}
		d.mu.Lock()
		d.written = append(d.written, e)
		d.mu.Unlock()
		path := o.Folder + "/" + string(e) + ".pdf"
		if o.Bundle != "" {
			path = o.Bundle
		}
		out.Sheets = append(out.Sheets, office.WrittenSheet{Engagement: e, Path: path})
		p(i+1, len(o.Engagements))
	}
	return out, d.slow(ctx, "WriteSheets")
}
func (d *fakeDesk) LaySheet(ctx context.Context, _ app.ID, _ app.Days, _ app.Language, _ bool) ([]*paper.Page, error) {
	fonts, err := paper.LoadFonts(assets.PaperFonts())
	if err != nil {
		return nil, err
	}
	pages, err := paper.Lay(fonts, func(doc *paper.Document) {
		doc.Begin(paper.Foot{Page: func(int, int) string { return "" }})
		for range 200 {
			doc.Small("a line of a sheet")
		}
	})
	return pages, errors.Join(err, d.slow(ctx, "LaySheet"))
}
func (d *fakeDesk) Printers(ctx context.Context) ([]printing.Printer, error) {
	return d.printers, d.slow(ctx, "Printers")
}
func (d *fakeDesk) PrintSheets(ctx context.Context, o office.SheetOrder, job printing.Job, p office.Progress) (office.SheetsWritten, printing.Job, error) {
	d.job = job
	if err := d.slow(ctx, "PrintSheets"); err != nil {
		return office.SheetsWritten{}, job, err
	}
	written, err := d.WriteSheets(ctx, o, p)
	return written, job, err
}

func (d *fakeDesk) GroupRows(ctx context.Context, kind timesheet.PaperKind, _ app.Days) ([]office.GroupRow, error) {
	err := d.slow(ctx, "GroupRows")
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.groups[kind]), err
}

func (d *fakeDesk) LayGroup(ctx context.Context, _ office.SheetGroup, days app.Days, lang app.Language, reveal bool) ([]*paper.Page, error) {
	return d.LaySheet(ctx, "", days, lang, reveal)
}

func (d *fakeDesk) Teams(context.Context) ([]office.Team, error) { return nil, nil }

func (d *fakeDesk) SaveTeam(ctx context.Context, t office.Team, _ string) (office.Team, error) {
	d.mu.Lock()
	d.team = t
	d.mu.Unlock()
	return t, d.slow(ctx, "SaveTeam")
}

func (d *fakeDesk) RemoveTeam(ctx context.Context, id app.ID, _ string) error {
	d.mu.Lock()
	d.team = office.Team{ID: id}
	d.mu.Unlock()
	return d.slow(ctx, "RemoveTeam")
}

func (d *fakeDesk) VerifyPaperFile(ctx context.Context, path string) (*office.FileCheck, error) {
	return d.verified, d.slow(ctx, "VerifyPaperFile")
}

func (d *fakeDesk) VerifyPaperCode(ctx context.Context, code string) (*office.PaperCheck, error) {
	d.mu.Lock()
	d.paper = []any{code}
	d.mu.Unlock()
	return &d.verified.Papers[0], d.slow(ctx, "VerifyPaperCode")
}

func (d *fakeDesk) WriteInspectionSheet(ctx context.Context, site app.ID, at app.Instant, opt office.PaperOptions) (string, error) {
	d.mu.Lock()
	d.paper = []any{site, at, opt}
	d.mu.Unlock()
	return opt.Out + "/inspection.pdf", d.slow(ctx, "WriteInspectionSheet")
}

func (d *fakeDesk) WritePresenceList(ctx context.Context, site app.ID, from, to app.Instant, opt office.PaperOptions) (string, error) {
	d.mu.Lock()
	d.paper = []any{site, from, to, opt}
	d.mu.Unlock()
	return opt.Out + "/presence.pdf", d.slow(ctx, "WritePresenceList")
}

func (d *fakeDesk) Chart(ctx context.Context, q office.ChartQuestion) (*papers.Chart, error) {
	return &papers.Chart{Kind: q.Kind, Days: q.Days, Data: &papers.Hours{}}, d.slow(ctx, "Chart")
}

func (d *fakeDesk) WriteChart(ctx context.Context, q office.ChartQuestion, opt office.PaperOptions) (string, error) {
	d.mu.Lock()
	d.paper = []any{q, opt}
	d.mu.Unlock()
	return opt.Out + "/chart.pdf", d.slow(ctx, "WriteChart")
}

func (d *fakeDesk) WriteDossiers(ctx context.Context, ids []app.ID, opt office.PaperOptions) ([]string, error) {
	d.mu.Lock()
	d.paper = []any{ids[0], opt}
	d.mu.Unlock()
	return []string{opt.Out + "/dossier.pdf"}, d.slow(ctx, "WriteDossiers")
}

func (d *fakeDesk) WriteReadingReceipt(ctx context.Context, reading app.ID, opt office.PaperOptions) (string, error) {
	d.mu.Lock()
	d.paper = []any{reading, opt}
	d.mu.Unlock()
	return opt.Out + "/receipt.pdf", d.slow(ctx, "WriteReadingReceipt")
}

func catalogue(t *testing.T) *text.Catalogue {
	t.Helper()
	return texttest.Catalogue(t)
}

// open makes a window on fakes; background work runs at once.
func open(t *testing.T, l app.Language) (*Window, *fakeDesk) {
	t.Helper()
	d := newFakeDesk(t)
	d.stage = &stage{}
	return openOn(t, d, Options{Language: l, Texts: catalogue(t), Run: d.stage.run, do: d.stage.do, later: d.stage.later}), d
}

func openOn(t *testing.T, d *fakeDesk, opt Options) *Window {
	t.Helper()
	a := test.NewTempApp(t)
	opt.Now = func() app.Instant { return noon }
	opt.Export = t.TempDir()
	w := New(a, d, opt)
	w.win.Resize(fyne.NewSize(1300, 800))
	w.Show()
	return w
}

// to shows a screen and gives its page.
func to[P page](t *testing.T, w *Window, name string) P {
	t.Helper()
	w.goTo(name, "")
	p, ok := w.pages[w.current].page.(P)
	if !ok || w.pages[w.current].name != name {
		t.Fatalf("shown is %s, want %s", w.pages[w.current].name, name)
	}
	return p
}

// queue brings work back to the test's own goroutine, which is the window's.
type queue chan func()

func (q queue) do(f func()) { q <- f }

// until runs what came back until it is so.
func (q queue) until(t *testing.T, so func() bool) {
	t.Helper()
	limit := time.After(10 * time.Second)
	for !so() {
		select {
		case f := <-q:
			f()
		case <-limit:
			t.Fatal("waited in vain")
		}
	}
}

func (d *fakeDesk) Thresholds(ctx context.Context, of office.ThresholdOwner) ([]attendance.Effective, error) {
	l := attendance.Levels{Company: d.thresholds}
	if of.Site != "" {
		l = attendance.Levels{Site: d.thresholds}
	}
	return l.All(), d.slow(ctx, "Thresholds")
}

func (d *fakeDesk) ChangeThresholds(ctx context.Context, of office.ThresholdOwner, set app.Thresholds, reset []app.Threshold, why string) error {
	if err := d.slow(ctx, "ChangeThresholds"); err != nil {
		return err
	}
	after := app.Thresholds{}
	maps.Copy(after, d.thresholds)
	maps.Copy(after, set)
	for _, name := range reset {
		delete(after, name)
	}
	d.thresholds = after
	return nil
}

func (d *fakeDesk) Settings() office.Settings {
	return office.Settings{ExtraHoliday: "07-11", Register: d.sending, Letterhead: d.head}
}

func (d *fakeDesk) SetLetterhead(ctx context.Context, l app.Letterhead, logo *string, _ string) error {
	d.head = l
	if logo != nil {
		d.logo = *logo
	}
	return d.slow(ctx, "SetLetterhead")
}

func (d *fakeDesk) SetHolidays(ctx context.Context, extra string, replacements []app.Date, why string) error {
	d.extra, d.replacing = extra, replacements
	return d.slow(ctx, "SetHolidays")
}

// wrongClock is a box that fell to 2000 for the punches 1 and 2.
func (d *fakeDesk) wrongClock() office.WrongClock {
	return office.WrongClock{Fits: true, Accepted: d.accepted, Segment: attendance.Segment{Log: punchKey(1).LogKey, First: 1, Last: 2, Kind: attendance.ClockReset, Punches: 2,
		RawFrom: noon - 1e9, RawTo: noon - 1e8, Proposed: time.Hour, Source: attendance.FromBoot}}
}

func (d *fakeDesk) WrongClocks(ctx context.Context, box string) ([]office.WrongClock, error) {
	return []office.WrongClock{d.wrongClock()}, d.slow(ctx, "WrongClocks")
}

func (d *fakeDesk) PreviewRepair(ctx context.Context, c office.ShiftChoice) (*office.ClockEffect, error) {
	d.shift = c
	w := d.wrongClock()
	return &office.ClockEffect{Clock: w, Shift: w.Proposed, Source: w.Source, Fits: d.fits}, d.slow(ctx, "PreviewRepair")
}

func (d *fakeDesk) RepairClock(ctx context.Context, c office.ShiftChoice, anyway bool, reason string) (app.ClockRepair, error) {
	d.accepted = &app.ClockRepair{ID: "fix", By: "Els", Reason: reason, Shift: time.Hour}
	if anyway != !d.fits {
		d.t.Errorf("anyway is %t for a shift that fits: %t", anyway, d.fits)
	}
	return *d.accepted, d.slow(ctx, "RepairClock")
}

func (d *fakeDesk) WithdrawRepair(ctx context.Context, id app.ID, why string) error {
	d.accepted = nil
	return d.slow(ctx, "WithdrawRepair")
}

func (d *fakeDesk) Notations(ctx context.Context) ([]app.BadgeNotation, error) {
	return []app.BadgeNotation{{ID: "n1", Box: boxUID, Kind: "last3", By: "Els"}, {ID: "n2", Box: "another", Kind: "reversed"}}, d.slow(ctx, "Notations")
}

func (d *fakeDesk) NotationProposals(ctx context.Context, card string) ([]office.NotationProposal, error) {
	seen, known := app.IdentifierKey{Kind: app.Card, Value: card}, app.IdentifierKey{Kind: app.Card, Value: "EFBEAD04"}
	return []office.NotationProposal{{Box: boxUID, Seen: seen, Known: app.Identifier{ID: "card", Key: known}, WorkerID: an, Kind: identity.Reversed}}, d.slow(ctx, "NotationProposals")
}

func (d *fakeDesk) ConfirmNotation(ctx context.Context, box string, kind identity.NotationKind, inverse bool, why string) (app.BadgeNotation, error) {
	d.confirmed = kind
	return app.BadgeNotation{ID: "n3"}, d.slow(ctx, "ConfirmNotation")
}

func (d *fakeDesk) WithdrawNotation(ctx context.Context, id app.ID, why string) error {
	return d.slow(ctx, "WithdrawNotation")
}

// decidings are what was decided in bulk.
type decidings struct {
	decidedAll ciao.PersonDecision
	choice     office.RegistrationChoice
}

func (d *fakeDesk) AskedAbout(ctx context.Context, c office.RegistrationChoice) (*office.Asked, error) {
	a := &office.Asked{Why: ciao.AsksUnproven}
	for _, r := range d.regs {
		if g := r.Registration; g.NeedsPerson && c.Fits(&g) {
			a.Rows, a.Oldest, a.Newest = append(a.Rows, g), g.At, g.At
		}
	}
	return a, d.slow(ctx, "AskedAbout")
}

func (d *fakeDesk) DecideAll(ctx context.Context, c office.RegistrationChoice, what ciao.PersonDecision, _ string) (int, error) {
	d.decidedAll, d.choice = what, c
	return 1, d.slow(ctx, "DecideAll")
}
