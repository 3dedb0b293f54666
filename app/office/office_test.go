package office_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/app/sending"
	"klokkast/app/store"
	"klokkast/app/text"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
	"klokkast/assets"
	"klokkast/data"
	"klokkast/data/datatest"
)

// bench is an office on a real database with one company, two workers, a site
// and a box, on Monday 2 November 2026 at 20:00 in Brussels.
type bench struct {
	*office.Office
	t        *testing.T
	store    *data.Store
	now      app.Instant
	zone     *time.Location
	an, bart app.Worker
	ofAn     app.Engagement
	ofBart   app.Engagement
	site     app.Site
	box      string
	next     uint64
	measured bool // readings measure the box's clock, by a computer's that was checked
}

const why = "test"

// testPress has the texts and fonts that every bench prints with: loading them takes longer than most tests.
var testPress = sync.OnceValues(func() (documents.Typesetting, error) {
	texts, err := text.Load(assets.Translations())
	if err != nil {
		return documents.Typesetting{}, err
	}
	fonts, err := paper.LoadFonts(assets.PaperFonts())
	return documents.Typesetting{Texts: func(l app.Language) app.Texts { return texts.For(l) }, Fonts: fonts, Program: "Klokkast test"}, err
})

// blank is what the databases of these tests begin as.
var blank = datatest.Template{Make: data.Blank}

// inline runs what belongs behind an act before it returns: a test's clock and
// store are the test's own, and what follows is there to be looked at.
func inline(work func()) { work() }

func newBench(t *testing.T) *bench {
	t.Helper()
	ctx := t.Context()
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	store, err := data.Open(ctx, blank.New(t), data.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	b := &bench{t: t, store: store, zone: zone, box: strings.Repeat("ab", 16)}
	b.now = b.at("2026-11-02 20:00")
	press, err := testPress()
	if err != nil {
		t.Fatal(err)
	}
	b.Office, err = office.New(ctx, office.Parts{
		Background: inline,
		Store:      store, Now: func() app.Instant { return b.now },
		Typesetting: press,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.fill()
	return b
}

func (b *bench) at(local string) app.Instant {
	b.t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", local, b.zone)
	if err != nil {
		b.t.Fatal(err)
	}
	return app.At(v)
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (b *bench) fill() {
	t, ctx := b.t, b.t.Context()
	entered := b.now
	b.now = b.at("2026-10-01 08:00") // badges are entered before anyone taps
	defer func() { b.now = entered }()
	firm := must[app.Employer](t)(b.Staff.SaveEmployer(ctx, app.Employer{Name: "Blinkend Schoon BV", Enterprise: "0123.456.749"}, why))
	b.an = must[app.Worker](t)(b.Staff.SaveWorker(ctx, app.Worker{FamilyName: "Peeters", GivenName: "An", StaffNumber: "7", SSIN: "85.01.15-123.55"}, why))
	b.bart = must[app.Worker](t)(b.Staff.SaveWorker(ctx, app.Worker{FamilyName: "Claes", GivenName: "Bart", StaffNumber: "8", SSIN: "93051822361"}, why))
	engage := func(w app.Worker) app.Engagement {
		return must[app.Engagement](
			t,
		)(
			b.Staff.SaveEngagement(ctx, app.Engagement{WorkerID: w.ID, EmployerID: firm.ID, Days: app.Days{From: app.NewDate(2026, 1, 1)}}, why),
		)
	}
	b.ofAn, b.ofBart = engage(b.an), engage(b.bart)
	b.site = must[app.Site](
		t,
	)(
		b.Sites.SaveSite(ctx, app.Site{Name: "Stadhuis Leuven", Coordinates: &app.Coordinates{Latitude: 50.88145, Longitude: 4.7156}}, why),
	)
	b.give("04A1", b.ofAn, "2026-10-01 08:00")
	b.give("04B2", b.ofBart, "2026-10-01 08:00")
	must[int](t)(b.read())
	if err := b.Boxes.PlaceBox(ctx, b.box, b.site.ID, b.at("2026-10-01 00:00"), why); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) give(card string, e app.Engagement, from string) {
	b.t.Helper()
	g := acts.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: card}, EngagementID: e.ID, Span: app.Span{From: b.at(from)}}
	if err := b.Staff.GiveBadge(b.t.Context(), g, why); err != nil {
		b.t.Fatal(err)
	}
}

// tap is one line of a story: card, local time, key.
type tap struct {
	card, at string
	key      app.PunchKey
}

// read stores taps as one reading that ends at the present time.
func (b *bench) read(taps ...tap) (int, error) {
	ctx := b.t.Context()
	inst := b.Installation()
	log := app.LogKey{Box: b.box, Log: strings.Repeat("cd", 16)}
	id, err := app.NewID()
	if err != nil {
		return 0, err
	}
	r := app.Reading{ID: id, Log: log, Source: app.FromCable, Installation: inst.ID, Actor: "test", State: app.ReadingRunning, Started: b.now}
	if b.measured {
		r.Clock, r.Check = &app.ClockOffset{At: b.now}, app.ClockCheck{At: b.now, Source: "test"}
	}
	if err := b.store.BeginReading(ctx, r, app.Box{UID: b.box, Make: app.MakeOCB, Label: "Box", FirstSeen: b.now}); err != nil {
		return 0, err
	}
	batch := reading.Batch{ReadingID: id, Log: log}
	for _, tp := range taps {
		b.next++
		key := app.RecordKey{LogKey: log, Seq: b.next}
		batch.Records = append(batch.Records, app.Record{Key: key, Type: app.RecordPunch, Raw: []byte{byte(b.next), 1}, Punch: &app.Punch{
			Key: key, At: b.at(tp.at), Identifier: app.IdentifierKey{Kind: app.Card, Value: tp.card}, Pressed: tp.key, ReadingID: id,
		}})
	}
	batch.End = reading.Chain{Seq: b.next}
	added := 0
	if len(taps) > 0 {
		if added, err = b.store.StoreBatch(ctx, batch); err != nil {
			return 0, err
		}
	}
	r.State, r.Ended, r.ReadTo, r.Last, r.New, r.Records = app.ReadingDone, b.now, b.now, b.next, added, added
	return added, b.store.EndReading(ctx, r)
}

func (b *bench) anomalies(rule app.Rule) []derived.FoundAnomaly {
	b.t.Helper()
	b.Override(workspace.Override{}) // the store was written past the office
	return must[[]derived.FoundAnomaly](b.t)(b.Derived.Anomalies(b.t.Context(), derived.AnomalyFilter{Rule: rule}))
}

func TestAWrongWorkerIsRefusedFieldByField(t *testing.T) {
	b := newBench(t)
	_, err := b.Staff.SaveWorker(t.Context(), app.Worker{SSIN: "85011512356", Language: "xx"}, why)
	var fields []string
	for _, e := range unjoin(err) {
		var f *app.FieldError
		if errors.As(e, &f) {
			fields = append(fields, f.Field)
		}
	}
	slices.Sort(fields)
	if want := []string{"familyName", "language", "ssin"}; !slices.Equal(fields, want) {
		t.Errorf("refused are %v, want %v", fields, want)
	}
	if strings.Contains(err.Error(), "85011512356") {
		t.Error("the error holds the number")
	}
	if rows := must[[]acts.WorkerRow](t)(b.Staff.Rows(t.Context())); len(rows) != 2 {
		t.Errorf("%d workers, want the two of before", len(rows))
	}
}

func unjoin(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return []error{err}
}

func TestOfficialNumbersAreKeptInTheirBareForm(t *testing.T) {
	b := newBench(t)
	if got := b.an.SSIN.Reveal(); got != "85011512355" {
		t.Errorf("the SSIN is kept as %q", got)
	}
	firms := must[[]app.Employer](t)(b.Staff.Employers(t.Context()))
	if firms[0].Enterprise != "0123456749" {
		t.Errorf("the enterprise number is kept as %q", firms[0].Enterprise)
	}
	number, err := b.Staff.RevealSSIN(t.Context(), b.an.ID)
	if err != nil || number != "85011512355" {
		t.Error(number, err)
	}
	trail := must[[]app.TrailEntry](t)(b.store.Trail(t.Context(), "worker:"+string(b.an.ID), 10))
	if !slices.ContainsFunc(trail, func(e app.TrailEntry) bool { return e.What == "ssin.reveal" }) {
		t.Error("showing the number left no trace")
	}
	for _, e := range trail {
		if strings.Contains(e.Payload, "85011512355") {
			t.Error("the trail holds the number in clear")
		}
	}
}

// An's badge is handed to Bart at noon: from then on the taps are Bart's.
func TestABadgeHandedOverAtNoon(t *testing.T) {
	b := newBench(t)
	b.give("04A1", b.ofBart, "2026-11-02 12:00")
	must[int](t)(b.read(
		tap{"04A1", "2026-11-02 06:00", app.KeyIn}, tap{"04A1", "2026-11-02 11:00", app.KeyOut},
		tap{"04A1", "2026-11-02 13:00", app.KeyIn}, tap{"04A1", "2026-11-02 17:00", app.KeyOut},
	))
	b.Override(workspace.Override{})
	for w, want := range map[app.ID]time.Duration{b.an.ID: 5 * time.Hour, b.bart.ID: 4 * time.Hour} {
		days := must[[]app.Workday](t)(b.Derived.Workdays(t.Context(), app.Days{}, w))
		if len(days) != 1 || days[0].Worked != want {
			t.Errorf("%+v, want one day of %s", days, want)
		}
	}
}

func TestEndingAWorkerEndsEngagementAndBadgeAndDeletesNothing(t *testing.T) {
	b := newBench(t)
	if err := b.Staff.EndWorker(t.Context(), b.an.ID, app.NewDate(2026, 11, 30), "left"); err != nil {
		t.Fatal(err)
	}
	rows := must[[]acts.WorkerRow](t)(b.Staff.Rows(t.Context()))
	last := rows[len(rows)-1]
	if last.Worker.ID != b.an.ID || last.Worker.Ended != b.at("2026-12-01 00:00") || last.Engagements[0].Days.To != app.NewDate(2026, 11, 30) {
		t.Errorf("%+v", last)
	}
	if len(last.Badges) != 1 || last.Badges[0].Custody.Span.To != b.at("2026-12-01 00:00") {
		t.Errorf("the badge: %+v", last.Badges)
	}
}

// A forgotten OUT is stated by the supervisor: the hours count, marked, and
// taking the statement back makes the day incomplete again.
func TestAForgottenOutIsAdjustedAndTakenBack(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-30 06:00", app.KeyIn}))
	list := b.anomalies(app.MissingOut)
	if len(list) != 1 || list[0].Status != app.AnomalyOpen {
		t.Fatalf("%+v", list)
	}
	ctx, key := t.Context(), list[0].Key()
	var f *app.FieldError
	if err := b.Judgements.AdjustMissing(ctx, key, b.at("2026-10-30 05:00"), "forgot", ""); !errors.As(err, &f) || f.Field != "to" {
		t.Errorf("an OUT before its IN: %v", err)
	}
	if err := b.Judgements.AdjustMissing(ctx, key, b.at("2026-10-30 14:00"), "forgot", ""); err != nil {
		t.Fatal(err)
	}
	if list = b.anomalies(app.MissingOut); len(list) != 1 || list[0].Status != app.AnomalyAdjusted {
		t.Errorf("after the statement: %+v", list)
	}
	days := must[[]app.Workday](t)(b.Derived.Workdays(ctx, app.Days{}, b.an.ID))
	if days[0].Worked != 8*time.Hour || days[0].Adjusted != 8*time.Hour || days[0].Incomplete {
		t.Errorf("the day: %+v", days[0])
	}
	if err := b.Judgements.WithdrawAdjustment(ctx, app.ID(list[0].Facts["adjusted"]), "mistake"); err != nil {
		t.Fatal(err)
	}
	if list = b.anomalies(app.MissingOut); len(list) != 1 || list[0].Status != app.AnomalyOpen {
		t.Errorf("after taking it back: %+v", list)
	}
}

func TestAnExplanationNeedsAReasonAndReopensByHand(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-30 14:00", app.KeyOut}))
	ctx, keys := t.Context(), []app.AnomalyKey{b.anomalies(app.MissingIn)[0].Key()}
	var f *app.FieldError
	if err := b.Judgements.Explain(ctx, keys, "because", ""); !errors.As(err, &f) || f.Field != "reason" {
		t.Errorf("an unknown reason: %v", err)
	}
	if err := b.Judgements.Explain(ctx, keys, "other", " "); !errors.As(err, &f) || f.Field != "note" {
		t.Errorf("another reason without a word: %v", err)
	}
	if err := b.Judgements.Explain(ctx, keys, "agreed", "called the client"); err != nil {
		t.Fatal(err)
	}
	if got := b.anomalies(app.MissingIn)[0]; got.Status != app.AnomalyExplained || got.State.By == "" {
		t.Errorf("%+v", got)
	}
	if err := b.Judgements.Reopen(ctx, keys, "not agreed after all"); err != nil {
		t.Fatal(err)
	}
	if got := b.anomalies(app.MissingIn)[0]; got.Status != app.AnomalyOpen {
		t.Errorf("%+v", got)
	}
}

func TestAStatementOfAWholePresenceIsBounded(t *testing.T) {
	b := newBench(t)
	adj := app.Adjustment{EngagementID: b.ofAn.ID, SiteID: b.site.ID, Reason: "box-broken", From: b.at("2026-10-29 06:00"), To: b.at("2026-10-31 06:00")}
	var f *app.FieldError
	if err := b.Judgements.AdjustPresence(t.Context(), adj); !errors.As(err, &f) || f.Field != "to" {
		t.Errorf("two days in one: %v", err)
	}
	adj.To = b.at("2026-10-29 10:00")
	if err := b.Judgements.AdjustPresence(t.Context(), adj); err != nil {
		t.Fatal(err)
	}
	rows := must[[]sending.RegisterRow](t)(b.Register.Rows(t.Context(), sending.RegisterFilter{Held: app.NeverAdjustment}, 0))
	if len(rows) != 1 {
		t.Errorf("%d rows say that a statement is never sent, want 1", len(rows))
	}
}

func TestTheSameMonthPrintsTheSameBytesAndKeepsItsVersion(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:00", app.KeyIn}, tap{"04A1", "2026-11-02 09:00", app.KeyOut}))
	b.Override(workspace.Override{})
	ctx, month := t.Context(), app.Month{Year: 2026, Month: time.November}
	print := func() []byte {
		path := must[string](t)(b.WriteSheet(ctx, b.ofAn.ID, month.Days(), app.French, filepath.Join(t.TempDir(), "out"), false))
		return must[[]byte](t)(os.ReadFile(path))
	}
	first, again := print(), print()
	if string(first) != string(again) {
		t.Error("two prints of the same data differ")
	}
	papers := must[[]store.Paper](t)(b.store.Papers(ctx))
	if len(papers) != 1 || papers[0].Version != 1 {
		t.Errorf("%+v", papers)
	}
	b.next += 0
	must[int](t)(b.read(tap{"04A1", "2026-11-02 12:00", app.KeyIn}, tap{"04A1", "2026-11-02 15:00", app.KeyOut}))
	b.Override(workspace.Override{})
	print()
	if papers = must[[]store.Paper](t)(b.store.Papers(ctx)); len(papers) != 2 || papers[len(papers)-1].Version+papers[0].Version != 3 {
		t.Errorf("after more hours: %+v", papers)
	}
}

func TestWithoutACredentialNothingIsSentAndTheReasonIsSaid(t *testing.T) {
	b := newBench(t)
	var missing *sending.NoCredentialError
	if _, err := b.Register.Send(t.Context(), nil); !errors.As(err, &missing) || missing.Environment != app.LocalSimulator {
		t.Errorf("%v", err)
	}
}

func TestWatchersHearOfChangesUntilTheyStop(t *testing.T) {
	b := newBench(t)
	heard := 0
	stop := b.Subscribe(func() { heard++ })
	b.give("04C3", b.ofAn, "2026-11-01 08:00")
	if heard == 0 {
		t.Error("a change was not heard of")
	}
	stop()
	before := heard
	b.give("04C4", b.ofAn, "2026-11-01 08:00")
	if heard != before {
		t.Error("heard of a change after stopping")
	}
}

func TestSettingsOfADemoStayWithTheSimulator(t *testing.T) {
	b := newBench(t)
	if err := b.ChangeSettings(context.Background(), func(s *workspace.Settings) { s.Environment = app.Production }); err != nil {
		t.Fatal(err)
	}
	if b.Environment() != app.LocalSimulator {
		t.Errorf("a demo talks to %s", b.Environment())
	}
}

// Two employers in one day: each timesheet has its own hours, and the person's
// workday has both.
func TestADayOfTwoEngagementsIsSplitOnPaper(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	other := must[app.Employer](t)(b.Staff.SaveEmployer(ctx, app.Employer{Name: "Netto Partners SRL", Kind: app.Subcontractor, Enterprise: "0206731645"}, why))
	second := must[app.Engagement](
		t,
	)(
		b.Staff.SaveEngagement(ctx, app.Engagement{WorkerID: b.an.ID, EmployerID: other.ID, Days: app.Days{From: app.NewDate(2026, 1, 1)}}, why),
	)
	b.give("04E5", second, "2026-10-01 08:00")
	must[int](t)(b.read(
		tap{"04A1", "2026-11-02 06:00", app.KeyIn}, tap{"04A1", "2026-11-02 10:00", app.KeyOut},
		tap{"04E5", "2026-11-02 12:00", app.KeyIn}, tap{"04E5", "2026-11-02 15:00", app.KeyOut},
	))
	b.Override(workspace.Override{})
	days := must[[]app.Workday](t)(b.Derived.Workdays(ctx, app.Days{}, b.an.ID))
	if len(days) != 1 || days[0].Worked != 7*time.Hour {
		t.Errorf("the person's day: %+v", days)
	}
	rows := must[[]documents.SheetRow](t)(b.Sheets.Rows(ctx, app.Month{Year: 2026, Month: time.November}.Days()))
	for _, r := range rows {
		want := map[app.ID]time.Duration{b.ofAn.ID: 4 * time.Hour, second.ID: 3 * time.Hour}[r.Engagement.ID]
		if r.Worked != want {
			t.Errorf("engagement with %s: %s on paper, want %s", r.Engagement.EmployerID, r.Worked, want)
		}
	}
}

// The company enters its credential in the office: from then on this is the
// installation that sends. Nothing listens at the address, so nothing is sent.
func TestEnteringTheCredentialMakesThisTheInstallationThatSends(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "real.db")
	store, err := data.Open(ctx, path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	now := app.At(time.Now())
	off := must[*office.Office](t)(office.New(ctx, office.Parts{Background: inline, Store: store, Now: func() app.Instant { return now }}))
	if err := off.ChangeSettings(ctx, func(s *workspace.Settings) { s.Environment = app.NSSOSimulation }); err != nil {
		t.Fatal(err)
	}
	if off.Installation().Sends {
		t.Fatal("an installation sends before anyone said so")
	}
	if err := off.Connection.ChangeHosts(ctx, app.NSSOSimulation, []string{"127.0.0.1"}, nil, "a test"); err != nil {
		t.Fatal(err)
	}
	made := must[register.Credentials](t)(register.NewCredentials())
	entry := sending.CredentialEntry{
		Environment: app.NSSOSimulation, ClientID: made.ClientID, File: made.PrivateKey, Base: "https://127.0.0.1:1/v1", Token: "https://127.0.0.1:1/token",
	}
	var field *app.FieldError
	if err := off.Connection.EnterCredential(ctx, entry); !errors.As(err, &field) || field.Field != "passphrase" || off.Installation().Sends {
		t.Fatalf("no key store and no passphrase, and yet: %v", err)
	}
	entry.Passphrase = "twaalf tekens lang"
	if err := off.Connection.EnterCredential(ctx, entry); err != nil {
		t.Fatal(err)
	}
	if kept := must[app.Installation](t)(store.Installation(ctx)); !off.Installation().Sends || !kept.Sends {
		t.Errorf("it does not send: %+v", kept)
	}
	if _, err := off.Register.Send(ctx, nil); errors.Is(err, ciao.ErrNotSendingInstallation) {
		t.Error(err)
	}
}

// Where there is no key store the key is locked by a passphrase: it lies so in
// the database, nothing is sent before it is given, and it opens for one run.
func TestALockedKeySendsNothingUntilItsPassphraseIsGiven(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "real.db")
	store := must[*data.Store](t)(data.Open(ctx, path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path))}))
	t.Cleanup(func() { store.Close() })
	now := app.At(time.Now())
	begin := func() *office.Office {
		off := must[*office.Office](t)(office.New(ctx, office.Parts{
			Background: inline,
			Store:      store, Now: func() app.Instant { return now }, Exchange: sending.Exchange{LockWork: 10},
		}))
		if err := off.ChangeSettings(ctx, func(s *workspace.Settings) { s.Environment = app.NSSOSimulation }); err != nil {
			t.Fatal(err)
		}
		return off
	}
	if err := begin().Connection.ChangeHosts(ctx, app.NSSOSimulation, []string{"127.0.0.1"}, nil, "a test"); err != nil {
		t.Fatal(err)
	}
	made := must[register.Credentials](t)(register.NewCredentials())
	entry := sending.CredentialEntry{Environment: app.NSSOSimulation, ClientID: made.ClientID, File: made.PrivateKey,
		Base: "https://127.0.0.1:1/v1", Token: "https://127.0.0.1:1/token", Passphrase: "twaalf tekens lang"}
	if err := begin().Connection.EnterCredential(ctx, entry); err != nil {
		t.Fatal(err)
	}
	kept, _, err := store.Credential(ctx, app.NSSOSimulation)
	if err != nil || !kept.Key.Locked() {
		t.Fatalf("the key lies open in the database (%v)", err)
	}

	off := begin() // the program was started again
	access := must[sending.Access](t)(off.Connection.Access(ctx))
	if !access.Locked || access.Protected != sending.ByPassphrase {
		t.Errorf("access %+v", access)
	}
	if _, err := off.Register.Send(ctx, nil); !errors.Is(err, ciao.ErrLocked) {
		t.Errorf("sent with a locked key: %v", err)
	}
	steps := must[[]ciao.StepResult](t)(off.Connection.TestConnection(ctx))
	if steps[0].State != ciao.StepFailed || steps[0].Code != ciao.CodeKeyLocked || steps[1].State != ciao.StepSkipped {
		t.Errorf("steps %+v", steps)
	}
	if err := off.Connection.UnlockKey(ctx, "twaalf tekens kort"); !errors.Is(err, ciao.ErrPassphrase) {
		t.Errorf("another passphrase: %v", err)
	}
	if err := off.Connection.UnlockKey(ctx, "twaalf tekens lang"); err != nil {
		t.Fatal(err)
	}
	if must[sending.Access](t)(off.Connection.Access(ctx)).Locked {
		t.Error("still locked")
	}
	// Nothing listens there: the key is used, the network fails.
	if steps := must[[]ciao.StepResult](t)(off.Connection.TestConnection(ctx)); steps[0].State != ciao.StepFine || steps[1].State != ciao.StepFailed {
		t.Errorf("steps %+v", steps)
	}
}

func TestTheEndOfAKeyIsWarnedOf60And30And7DaysAhead(t *testing.T) {
	for left, want := range map[int]int{61: -1, 60: 60, 31: 60, 30: 30, 8: 30, 7: 7, 0: 7, -1: 0} {
		days, ok := sending.Access{Known: true, Expires: 1, DaysLeft: left}.Warns()
		if !ok {
			days = -1
		}
		if days != want {
			t.Errorf("%d days left: warned of %d, want %d", left, days, want)
		}
	}
}
