package officetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/sending"
	"klokkast/app/text"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
	"klokkast/assets"
	"klokkast/data"
	"klokkast/data/datatest"
)

// What tests write down of the company.
const (
	AnnaSSIN    = "85011512355"
	AnnaMasked  = "850*****55"
	AnnaCard    = "04A1B2C3"
	Declaration = "1Y1003SQ5VSSZ"
	BoxUID      = "0a3f00000000000000000000000000ff"
	BoxLog      = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
	// Now is what counts as now until a test sets Company.Now: a Monday, noon in Brussels.
	Now = "2026-11-23 12:00"
	// Why is the reason of every change that the company was made with.
	Why = "test"
)

// Company is a cleaning company on a database of its own. Anna Peeters (007, card
// A-17) and Bart Peeters (008, nothing to tap with, no SSIN) work for Blinkend
// Schoon BV since September 2024; Hulp en Poets BV is a subcontractor. The box
// "Leuven balie" stands at Stadhuis Leuven (L1, of the client Stad Leuven, under
// CIAO, with a declaration of works); it was read, and holds nothing yet. The site
// Ponta Delgada, on the Azores, is undecided. The company works with the simulator,
// in Dutch, and the one who acts is Els.
type Company struct {
	Made
	Store *data.Store
	// Parts is what Open puts every office together from.
	Parts office.Parts
	// Now is what counts as now.
	Now app.Instant
	// Cables has the boxes that are connected: none at first.
	Cables *Cables
	// Tray is the printing system: without a printer at first.
	Tray *Tray

	t      testing.TB
	office *office.Office
	next   uint64    // of the records of the box
	gaps   []app.Gap // that the next reading finds
	mark   int64     // the last line of the trail when the test began
	began  time.Time // since when the company's time runs; zero: it stands still
	plans  *datatest.Plans
	checks bool // readings measure the box's clock, by a computer's that was checked
}

// Made is what the company was made with.
type Made struct {
	Firm, Subcontractor app.Employer
	Anna, Bart          app.Worker
	OfAnna, OfBart      app.Engagement
	Client              app.ID
	Site, Far           app.Site
	Declared            app.Declaration
}

// template is the company's database, once it was made: as a demo's, and as a real one.
type template struct {
	demo  bool
	once  sync.Once
	files map[string][]byte
	made  Made
	err   error
}

var usual, demo = template{}, template{demo: true}

const databaseName = "klokkast.db"

// New returns a company on a database that is no demo's.
func New(t testing.TB) *Company { return usual.company(t) }

// NewDemo returns a company on a demo's database, which is marked for life.
func NewDemo(t testing.TB) *Company { return demo.company(t) }

func (m *template) company(t testing.TB) *Company {
	t.Helper()
	m.once.Do(func() {
		if m.files, m.made, m.err = m.make(t); m.err != nil {
			m.err = fmt.Errorf("make the company: %w", m.err)
		}
	})
	if m.err != nil {
		t.Fatal(m.err)
	}
	dir := t.TempDir()
	for name, content := range m.files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := begin(t, dir, m.demo)
	if err != nil {
		t.Fatal(err)
	}
	c.Made = m.made
	c.mark = Must(c.Store.Trail(context.Background(), "", 1))(t)[0].Seq
	t.Cleanup(func() {
		c.checkPlans(t)
		_ = c.Store.Close()
	})
	c.plans.Forget()
	return c
}

// make enters the company into a new database and gives its files.
func (m *template) make(t testing.TB) (files map[string][]byte, made Made, err error) {
	dir, err := os.MkdirTemp("", "klokkast-template-*")
	if err != nil {
		return nil, made, err
	}
	defer os.RemoveAll(dir)
	if err := data.Blank(context.Background(), filepath.Join(dir, databaseName)); err != nil {
		return nil, made, err
	}
	c, err := begin(t, dir, m.demo)
	if err != nil {
		return nil, made, err
	}
	c.fill()
	if err := c.Store.Close(); err != nil {
		return nil, made, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, made, err
	}
	files = map[string][]byte{}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, made, err
		}
	}
	return files, c.Made, nil
}

// begin opens the database in a folder, with nothing around it yet.
func begin(t testing.TB, dir string, demo bool) (*Company, error) {
	path := filepath.Join(dir, databaseName)
	plans := &datatest.Plans{}
	store, err := data.Open(context.Background(), path, data.Options{Demo: demo, KeyStore: data.FileKeys(data.KeyFileOf(path)), Before: plans.Hear})
	if err != nil {
		return nil, err
	}
	inst, err := store.Installation(context.Background())
	if err != nil {
		return nil, err
	}
	press, err := printer()
	if err != nil {
		return nil, err
	}
	c := &Company{Store: store, t: t, Tray: &Tray{}, plans: plans}
	c.Now = c.At(Now)
	c.Cables = &Cables{installation: inst.ID, now: func() time.Time { return c.now().Time() }}
	c.Parts = office.Parts{
		Store:       store,
		Now:         c.now,
		Finder:      c.Cables,
		Typesetting: press,
		Printing:    c.Tray,
		Background:  func(work func()) { work() },
		Exchange:    sending.Exchange{LockWork: lockWork},
	}
	return c, nil
}

// printer has the texts and fonts that every company prints with: loading them takes longer than most tests.
var printer = sync.OnceValues(func() (documents.Typesetting, error) {
	texts, err := text.Load(assets.Translations())
	if err != nil {
		return documents.Typesetting{}, err
	}
	fonts, err := paper.LoadFonts(assets.PaperFonts())
	return documents.Typesetting{Texts: func(l app.Language) app.Texts { return texts.For(l) }, Fonts: fonts, Program: "Klokkast test"}, err
})

// now is the company's time.
func (c *Company) now() app.Instant {
	if c.began.IsZero() {
		return c.Now
	}
	return c.Now.Add(time.Since(c.began))
}

// lockWork makes a passphrase cheap to try: nothing is kept here that is worth locking.
const lockWork = 10

// Open puts an office together on the company's database, as each start of the program does.
func (c *Company) Open() *office.Office {
	c.t.Helper()
	return Must(office.New(context.Background(), c.Parts))(c.t)
}

// Office returns an office that is kept, for what a test enters and asks itself.
func (c *Company) Office() *office.Office {
	c.t.Helper()
	if c.office == nil {
		c.office = c.Open()
	}
	c.office.Override(workspace.Override{}) // others may have written past it
	return c.office
}

// At returns an instant by a clock in Brussels, from a text such as 2026-11-23 12:00.
func (c *Company) At(local string) app.Instant {
	c.t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", local, app.Belgium())
	if err != nil {
		c.t.Fatal(err)
	}
	return app.At(v)
}

// Must ends the test where there is an error, and gives the value: Must(f())(t).
func Must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Do ends the test where one of the errors is there.
func (c *Company) Do(errs ...error) {
	c.t.Helper()
	for _, err := range errs {
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

// fill enters the company, long before now: badges are entered before anyone taps.
func (c *Company) fill() {
	t, ctx := c.t, context.Background()
	now := c.Now
	c.Now = c.At("2026-01-05 08:00")
	defer func() { c.Now = now }()
	o := c.Office()
	c.Do(o.ChangeSettings(ctx, func(s *workspace.Settings) {
		s.Actor, s.Language, s.Environment = "Els", app.Dutch, app.LocalSimulator
	}))
	c.Firm = Must(o.Staff.SaveEmployer(ctx, app.Employer{Name: "Blinkend Schoon BV", Enterprise: "0123.456.749"}, Why))(t)
	c.Subcontractor = Must(o.Staff.SaveEmployer(ctx, app.Employer{Name: "Hulp en Poets BV", Kind: app.Subcontractor}, Why))(t)
	c.Anna = Must(
		o.Staff.SaveWorker(ctx, app.Worker{FamilyName: "Peeters", GivenName: "Anna", StaffNumber: "007", SSIN: AnnaSSIN, Language: app.Dutch}, Why),
	)(
		t,
	)
	c.Bart = Must(o.Staff.SaveWorker(ctx, app.Worker{FamilyName: "Peeters", GivenName: "Bart", StaffNumber: "008", Language: app.French}, Why))(t)
	engage := func(w app.Worker) app.Engagement {
		return Must(o.Staff.SaveEngagement(ctx, app.Engagement{WorkerID: w.ID, EmployerID: c.Firm.ID, Days: app.Days{From: app.NewDate(2024, 9, 1)}}, Why))(t)
	}
	c.OfAnna, c.OfBart = engage(c.Anna), engage(c.Bart)
	long := c.At("2026-01-01 00:00")
	c.Do(
		o.Staff.GiveBadge(
			ctx,
			acts.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: AnnaCard}, Label: "A-17", EngagementID: c.OfAnna.ID, Span: app.Span{From: long}},
			Why,
		),
	)
	c.Site = Must(
		o.Sites.SaveSiteOfClient(
			ctx,
			app.Site{
				Code:    "L1",
				Name:    "Stadhuis Leuven",
				Address: app.Address{Street: "Grote Markt", HouseNumber: "9", PostCode: "3000", Municipality: "Leuven"},
			},
			"Stad Leuven",
			Why,
		),
	)(
		t,
	)
	c.Client = c.Site.ClientID
	c.Far = Must(o.Sites.SaveSite(ctx, app.Site{Name: "Ponta Delgada", Zone: "Atlantic/Azores"}, Why))(t)
	c.Declared = Must(o.Sites.SaveDeclaration(ctx, app.Declaration{Number: Declaration, Days: app.Days{From: app.NewDate(2026, 1, 1)}}, Why))(t)
	c.Read()
	c.Do(
		o.Sites.DecideSite(ctx, app.SiteDecision{SiteID: c.Site.ID, Decision: app.UnderCIAO, From: long, Reason: Why}),
		o.Sites.LinkDeclaration(ctx, app.DeclarationSite{DeclarationID: c.Declared.ID, SiteID: c.Site.ID, Default: true}, Why),
		o.Boxes.PlaceBox(ctx, BoxUID, c.Site.ID, long, Why),
	)
}

// Give returns a worker a card from a local time on, and enters it then: before anyone taps with it.
func (c *Company) Give(card string, to app.Engagement, from string) {
	c.t.Helper()
	now := c.Now
	c.Now = c.At(from)
	defer func() { c.Now = now }()
	c.Do(
		c.Office().Staff.GiveBadge(
			context.Background(),
			acts.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: card}, EngagementID: to.ID, Span: app.Span{From: c.At(from)}},
			Why,
		),
	)
}

// Tap is one line of a story: a card, a time by a clock in Brussels, a key.
type Tap struct {
	Card, At string
	Key      app.PunchKey
}

// In and Out are taps of Anna's.
func In(at string) Tap  { return Tap{AnnaCard, at, app.KeyIn} }
func Out(at string) Tap { return Tap{AnnaCard, at, app.KeyOut} }

// Unmeasured has the readings that follow not measure the clock of the box, which they do since AtRegister: their punches are held.
func (c *Company) Unmeasured() { c.checks = false }

// Key is the key of a record of the box.
func Key(seq uint64) app.RecordKey {
	return app.RecordKey{LogKey: app.LogKey{Box: BoxUID, Log: BoxLog}, Seq: seq}
}

// Read stores taps as one reading of the box that ends now.
func (c *Company) Read(taps ...Tap) app.Reading {
	t := c.t
	t.Helper()
	ctx := context.Background()
	id, err := app.NewID()
	c.Do(err)
	inst := Must(c.Store.Installation(ctx))(t)
	r := app.Reading{ID: id, Log: Key(0).LogKey, Source: app.FromCable, Installation: inst.ID, Actor: "Els", State: app.ReadingRunning, Started: c.Now}
	if c.checks {
		r.Clock, r.Check = &app.ClockOffset{At: c.Now}, app.ClockCheck{At: c.Now, Source: "test"}
	}
	c.Do(c.Store.BeginReading(ctx, r, app.Box{UID: BoxUID, Make: app.MakeOCB, Label: "Leuven balie", FirstSeen: c.Now}))
	batch := reading.Batch{ReadingID: id, Log: r.Log, Gaps: c.gaps}
	c.gaps = nil
	for _, tap := range taps {
		c.next++
		batch.Records = append(
			batch.Records,
			app.Record{Key: Key(c.next), Type: app.RecordPunch, Raw: []byte{byte(c.next >> 8), byte(c.next), 1}, Punch: &app.Punch{
				Key: Key(
					c.next,
				), At: c.At(tap.At), Identifier: app.IdentifierKey{Kind: app.Card, Value: strings.ToUpper(tap.Card)}, Pressed: tap.Key, ReadingID: id,
			}},
		)
	}
	batch.End = reading.Chain{Seq: c.next}
	if len(taps) > 0 {
		r.New = Must(c.Store.StoreBatch(ctx, batch))(t)
	}
	r.State, r.Ended, r.ReadTo, r.Last, r.Records = app.ReadingDone, c.Now, c.Now, c.next, r.New
	c.Do(c.Store.EndReading(ctx, r))
	return r
}

// AllowPhones lets people register by phone at the company's site.
func (c *Company) AllowPhones() {
	c.t.Helper()
	c.Site.Phones = true
	c.Site = Must(c.Office().Sites.SaveSite(context.Background(), c.Site, Why))(c.t)
}

// Phoned stores what the register shows now: that Anna registered by phone, under a number, and nobody else did.
func (c *Company) Phoned(number int64, at string, is app.RegistrationType) app.RecordKey {
	c.t.Helper()
	e := app.RegisterEntry{Environment: c.Office().Environment(), ID: number, SiteID: c.Site.ID}
	kept := Must(c.Store.KeepEntries(context.Background(), ciao.Showing{
		Environment: e.Environment, Source: app.FromRegister, At: c.Now, ReadTo: map[app.ID]app.Instant{c.Site.ID: c.Now},
		Entries: []ciao.FoundRegistration{{ID: number, Validity: ciao.ValidityPending, RegisterItem: ciao.RegisterItem{
			RegistrationDate: ciao.WireTime{Instant: c.At(at)}, SSIN: AnnaSSIN, Type: is,
			Employer: ciao.WireEmployer{EnterpriseNumber: c.Firm.Enterprise}, Declaration: Declaration,
		}}},
	}))(c.t)
	if kept.New != 1 || kept.Waiting != 0 {
		c.t.Fatalf("the register shows %+v", kept)
	}
	return e.Key()
}

// OtherBox enters a box that nobody has read, and gives its UID.
func (c *Company) OtherBox(label string) string {
	c.t.Helper()
	uid := app.MakeZK.UID(label)
	c.Do(c.Office().Boxes.SaveBox(context.Background(), app.Box{UID: uid, Make: app.MakeZK, Label: label}, Why))
	return uid
}

// Lost has the box lose its next records, before anybody read them.
func (c *Company) Lost(n uint64) {
	c.gaps = append(c.gaps, app.Gap{Log: Key(0).LogKey, First: c.next + 1, Last: c.next + n, Known: c.Now})
	c.next += n
}

// Anomaly returns the one anomaly of a rule.
func (c *Company) Anomaly(rule app.Rule) derived.FoundAnomaly {
	c.t.Helper()
	list := Must(c.Office().Derived.Anomalies(context.Background(), derived.AnomalyFilter{Rule: rule}))(c.t)
	if len(list) != 1 {
		c.t.Fatalf("%d anomalies of %s, want 1", len(list), rule)
	}
	return list[0]
}

// Acts returns what the trail says was done since New, oldest first; target "" is everything.
func (c *Company) Acts(target string) (acts []app.TrailEntry) {
	c.t.Helper()
	for _, e := range Must(c.Store.Trail(context.Background(), target, 10_000))(c.t) {
		if e.Seq > c.mark {
			acts = append([]app.TrailEntry{e}, acts...)
		}
	}
	return acts
}
