package data_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/reading"
	"klokkast/data"
	"klokkast/data/datatest"
)

// These tests run the whole way from the outbox in a real SQLite file, by real
// HTTP on loopback, to the simulated register. Minutes pass in virtual time;
// only the limit of one request is real.

// virtualTime is a clock whose sleepers wake in order as soon as everyone who
// takes part sleeps: while a request is under way, no time passes.
type virtualTime struct {
	mu       sync.Mutex
	now      app.Instant
	awake    int
	sleepers map[chan struct{}]app.Instant
	runs     bool // the register's clock runs on: for clients in processes of their own
}

func newTime() *virtualTime {
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	return &virtualTime{now: app.At(start), sleepers: map[chan struct{}]app.Instant{}}
}

func (v *virtualTime) Now() app.Instant {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

func (v *virtualTime) Time() time.Time {
	if v.runs {
		return time.Now()
	}
	return v.Now().Time()
}

func (v *virtualTime) pass(d time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now = v.now.Add(d)
}

// join says that one more takes part until the returned function is called.
func (v *virtualTime) join() (leave func()) {
	v.mu.Lock()
	v.awake++
	v.mu.Unlock()
	return func() {
		v.mu.Lock()
		v.awake--
		v.wake()
		v.mu.Unlock()
	}
}

func (v *virtualTime) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	c := make(chan struct{})
	v.mu.Lock()
	v.sleepers[c] = v.now.Add(d)
	v.awake--
	v.wake()
	v.mu.Unlock()
	<-c
	return ctx.Err()
}

func (v *virtualTime) wake() {
	if v.awake > 0 || len(v.sleepers) == 0 {
		return
	}
	first := slices.Min(slices.Collect(maps.Values(v.sleepers)))
	v.now = max(v.now, first)
	for c, at := range v.sleepers {
		if at <= v.now {
			delete(v.sleepers, c)
			v.awake++
			close(c)
		}
	}
}

var credentials = sync.OnceValues(register.NewCredentials) // one key pair for all: making one is slow

// blank is what the databases of these tests begin as.
var blank = datatest.Template{Make: data.Blank}

// world is one company with its database and the register.
type world struct {
	t        testing.TB
	time     *virtualTime
	path     string
	store    *data.Store
	register *register.Register
	server   *register.Server
	timing   ciao.Timing
	batch    int
	facts    ciao.PlanInput
	log      app.LogKey
	seq      uint64
	reading  app.ID
	taken    map[app.Instant]bool // seconds in which somebody punched
	witness  string               // folder of what was last sent; "" for a demo
	machine  string               // identity of the computer
}

const (
	ownNumber   = "0123456749"
	otherNumber = "0206731645"
	// fast is the real limit of one request here: hanging ones cost that much, and
	// a busy machine must manage the others within it.
	fast = 1500 * time.Millisecond
)

func newWorld(t testing.TB, workers int) *world {
	t.Helper()
	return newWorldAt(t, workers, "")
}

// newWorldAt is a company whose witness lies in a folder; with "" it is a demo.
func newWorldAt(t testing.TB, workers int, witness string) *world {
	t.Helper()
	w := &world{t: t, time: newTime(), path: blank.New(t), batch: 5, taken: map[app.Instant]bool{}, witness: witness}
	w.timing = ciao.DefaultTiming()
	w.timing.Request = fast
	c, err := credentials()
	w.must(err)
	w.register, err = register.New(register.Options{Clients: []register.Credentials{c}, Now: w.time.Time})
	w.must(err)
	w.server, err = w.register.Listen("127.0.0.1:0")
	w.must(err)
	t.Cleanup(func(own *register.Server) func() { return func() { own.Close() } }(w.server))
	w.store = w.open()
	w.found(workers)
	return w
}

func (w *world) open() *data.Store {
	s, err := data.Open(w.t.Context(), w.path, data.Options{Demo: w.witness == "", Witness: w.witness, Machine: computer(w.machine),
		KeyStore: data.FileKeys(data.KeyFileOf(w.path)), Now: w.time.Time})
	w.must(err)
	w.t.Cleanup(func() { s.Close() })
	return s
}

// computer is one of an identity.
type computer string

func (c computer) Identity() (string, error) { return string(c), nil }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) id() app.ID {
	id, err := app.NewID()
	w.must(err)
	return id
}

func act(what string) app.Act { return app.Act{Actor: "Ilse", What: what, Target: "test:1"} }

// madeUpSSIN returns a number of nobody with valid check digits: born on 1985-01-15.
func madeUpSSIN(n int) app.Secret {
	nine := 850115000 + n + 1
	return app.Secret(fmt.Sprintf("%09d%02d", nine, 97-nine%97))
}

// found makes the company: two employers, one site under CIAO with a declaration, workers by turns of both.
func (w *world) found(workers int) {
	ctx := w.t.Context()
	long := app.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	own := app.Employer{ID: w.id(), Name: "Zuiver bv", Kind: app.OwnCompany, Enterprise: ownNumber, RegistersSince: long}
	sub := app.Employer{ID: w.id(), Name: "Blink bv", Kind: app.Subcontractor, Enterprise: otherNumber, RegistersSince: long}
	site := app.Site{ID: w.id(), Name: "Kantoor Wetstraat", Zone: app.DefaultZone, Coordinates: &app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}}
	declaration := app.Declaration{ID: w.id(), Number: "1Y1003SQ5VSSZ"}
	link := app.DeclarationSite{ID: w.id(), DeclarationID: declaration.ID, SiteID: site.ID, Default: true}
	decision := app.SiteDecision{ID: w.id(), SiteID: site.ID, Decision: app.UnderCIAO, From: long, By: "Ilse", At: long}
	for _, e := range []app.Employer{own, sub} {
		w.must(w.store.SaveEmployer(ctx, e, act("employer.save")))
	}
	w.must(w.store.SaveSite(ctx, site, act("site.save")))
	brussels, err := app.DefaultZone.Load()
	w.must(err)
	w.facts = ciao.PlanInput{
		Environment: app.LocalSimulator, Zone: brussels,
		Employers: []app.Employer{own, sub}, Sites: []app.Site{site}, Decisions: []app.SiteDecision{decision},
		Declarations: []app.Declaration{declaration}, DeclarationSites: []app.DeclarationSite{link},
	}
	for n := range workers {
		worker := app.Worker{ID: w.id(), FamilyName: fmt.Sprint("Made-up ", n), SSIN: madeUpSSIN(n), Language: app.Dutch}
		w.must(w.store.SaveWorker(ctx, worker, act("worker.save")))
		engagement := app.Engagement{ID: w.id(), WorkerID: worker.ID, EmployerID: own.ID, Capacity: app.Employee}
		if n%3 == 2 {
			engagement.EmployerID = sub.ID
		}
		w.must(w.store.SaveEngagement(ctx, engagement, act("engagement.save")))
		w.facts.Workers = append(w.facts.Workers, worker)
		w.facts.Engagements = append(w.facts.Engagements, engagement)
	}
	w.log = app.LogKey{Box: strings.Repeat("0a", 16), Log: strings.Repeat("0b", 16)}
	w.reading = w.id()
	i, err := w.store.Installation(ctx)
	w.must(err)
	w.must(w.store.BeginReading(ctx, app.Reading{ID: w.reading, Log: w.log, Source: app.FromCable, Installation: i.ID, Actor: "Ilse",
		State: app.ReadingRunning, Started: w.time.Now()}, app.Box{UID: w.log.Box, Make: app.MakeOCB, FirstSeen: w.time.Now()}))
}

// punch makes a tap of a worker about that long ago, IN or OUT as pressed; no two have the same second.
func (w *world) punch(worker int, ago time.Duration, key app.PunchKey) {
	w.seq++
	at := w.time.Now().Add(-ago)
	for w.taken[at/1000] {
		at = at.Add(-time.Second)
	}
	w.taken[at/1000] = true
	p := app.Punch{Key: app.RecordKey{LogKey: w.log, Seq: w.seq}, At: at, Pressed: key, ReadingID: w.reading,
		Identifier: app.IdentifierKey{Kind: app.Card, Value: fmt.Sprintf("%08X", worker)}}
	raw := make([]byte, 32)
	raw[0], raw[1], raw[2] = byte(w.seq), byte(w.seq>>8), byte(app.RecordPunch)
	_, err := w.store.StoreBatch(w.t.Context(), reading.Batch{ReadingID: w.reading, Log: w.log, End: reading.Chain{Seq: w.seq},
		Records: []app.Record{{Key: p.Key, Type: app.RecordPunch, Raw: raw, Punch: &p}}})
	w.must(err)
	role := map[app.PunchKey]app.TapRole{app.KeyIn: app.TapIn, app.KeyOut: app.TapOut}[key]
	e := w.facts.Engagements[worker]
	w.facts.Taps = append(w.facts.Taps, app.Tap{Punch: p, At: at, OffsetKnown: true, Role: role,
		WorkerID: e.WorkerID, EngagementID: e.ID, SiteID: w.facts.Sites[0].ID})
}

// shift makes an IN and an OUT for each of the workers.
func (w *world) shift(workers int) {
	for n := range workers {
		w.punch(n, 5*time.Hour+time.Duration(n)*time.Second, app.KeyIn)
		w.punch(n, 1*time.Hour+time.Duration(n)*time.Second, app.KeyOut)
	}
}

func (w *world) plan() []ciao.Candidate {
	in := w.facts
	in.Now = w.time.Now()
	var err error
	in.Registrations, err = w.store.Registrations(w.t.Context(), ciao.RegistrationFilter{Environment: app.LocalSimulator})
	w.must(err)
	return ciao.Plan(in)
}

func (w *world) enqueue() int {
	n, err := ciao.Enqueue(w.t.Context(), w.store, w.plan(), w.time.Now())
	w.must(err)
	return n
}

func (w *world) credential() ciao.Credential {
	c, err := credentials()
	w.must(err)
	return ciao.Credential{Environment: app.LocalSimulator, ClientID: c.ClientID, Key: c.PrivateKey, Base: w.server.Base, Token: w.server.Token}
}

func (w *world) sender(store ciao.Store) *ciao.Sender {
	client, err := ciao.NewClient(w.credential(), ciao.ClientOptions{LoopbackOnly: true, Clock: w.time, Timing: w.timing})
	w.must(err)
	s, err := ciao.NewSender(store, client, ciao.SenderOptions{Clock: w.time, Timing: w.timing, Batch: w.batch})
	w.must(err)
	return s
}

// send runs one sender for as long as it has something to do within patience.
func (w *world) send(patience time.Duration) ciao.Report {
	w.t.Helper()
	defer w.time.join()()
	report, err := w.sender(w.store).Send(w.t.Context(), ciao.SendOptions{Patience: patience})
	w.must(err)
	return report
}

func (w *world) registrations(states ...app.RegistrationState) []app.Registration {
	regs, err := w.store.Registrations(w.t.Context(), ciao.RegistrationFilter{Environment: app.LocalSimulator, States: states})
	w.must(err)
	return regs
}

// exactlyOnce checks the promise: the register holds what was queued, each once, and we know it.
func (w *world) exactlyOnce(want int) {
	w.t.Helper()
	stats := w.register.Stats()
	if stats.Stored != want || stats.Doubles != 0 {
		w.t.Errorf("the register holds %d, %d of them doubles; want %d, each once", stats.Stored, stats.Doubles, want)
	}
	// One that the client gave up may still look as if it were under way.
	givenUp := stats.Faults[register.HangBefore] + stats.Faults[register.HangAfter] + stats.Faults[register.SlowBytes]
	if (stats.Together > 1 && givenUp == 0) || stats.Mixed > 0 {
		w.t.Errorf("%d requests at once, %d with several employers; want one at a time, one employer each", stats.Together, stats.Mixed)
	}
	byID := map[int64]register.Stored{}
	for _, s := range w.register.Stored() {
		byID[s.ID] = s
	}
	for _, r := range w.registrations() {
		s, ok := byID[r.RegisterID]
		if r.State != app.RegAccepted || !ok {
			w.t.Errorf("registration of punch %d: state %s, at the register: %t", r.Punch.Seq, r.State, ok)
			continue
		}
		if s.SSIN != r.SSIN.Reveal() || s.RegistrationDate.Instant != r.At || s.Type != r.Type {
			w.t.Errorf("registration of punch %d goes by the id of another", r.Punch.Seq)
		}
	}
}

func TestAPunchIsQueuedOnceAndAcceptedOnce(t *testing.T) {
	w := newWorld(t, 4)
	w.shift(4)
	if n := w.enqueue(); n != 8 {
		t.Fatalf("queued %d, want 8", n)
	}
	if n := w.enqueue(); n != 0 {
		t.Fatalf("queued %d again, want none", n)
	}
	one := w.registrations()[3]
	for _, c := range []struct {
		punches []app.RecordKey
		want    int
	}{{nil, 8}, {[]app.RecordKey{}, 0}, {[]app.RecordKey{one.Punch, {LogKey: one.Punch.LogKey, Seq: 1 << 40}, {LogKey: app.LogKey{Box: "none", Log: "none"}, Seq: one.Punch.Seq}}, 1}} {
		rows, err := w.store.Registrations(w.t.Context(), ciao.RegistrationFilter{Environment: app.LocalSimulator, Punches: c.punches})
		if err != nil || len(rows) != c.want || c.want == 1 && rows[0].ID != one.ID {
			t.Errorf("of %d punches: %d rows, %v; want %d", len(c.punches), len(rows), err, c.want)
		}
	}
	report := w.send(0)
	if report.Accepted != 8 || report.Left.Queued != 0 || report.Problem != "" {
		t.Errorf("report %+v", report)
	}
	w.exactlyOnce(8)
	if report := w.send(0); report.Requests != 0 {
		t.Errorf("%d requests with nothing to send", report.Requests)
	}
	for _, r := range w.registrations() {
		attempts, err := w.store.RegistrationAttempts(t.Context(), r.ID)
		w.must(err)
		// One of them is looked up besides, to learn the register's search.
		attempts = slices.DeleteFunc(attempts, func(a app.Attempt) bool { return a.Operation == "query" })
		if len(attempts) != 1 || attempts[0].Outcome != app.AttemptAnswered || !strings.HasPrefix(attempts[0].TraceID, "sim-") {
			t.Errorf("attempts %+v", attempts)
		}
	}
}

func TestAcceptedRefusedAndUnansweredEndInTheRightState(t *testing.T) {
	w := newWorld(t, 3)
	w.batch = 2
	w.shift(2)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.Partial, Times: 1}, register.Fault{Kind: register.HangAfter, Times: 1})
	report := w.send(time.Second)
	// First batch of two: one accepted, one refused. The second hangs after storing.
	if report.Accepted != 1 || report.Refused != 1 || report.Unknown != 2 {
		t.Fatalf("report %+v", report)
	}
	states := map[app.RegistrationState]int{}
	for _, r := range w.registrations() {
		states[r.State]++
		if r.State == app.RegRefused && !strings.Contains(r.Answer, "onDemand") {
			t.Errorf("the reasons of a refusal are not kept: %q", r.Answer)
		}
	}
	want := map[app.RegistrationState]int{app.RegAccepted: 1, app.RegRefused: 1, app.RegUnknown: 2}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Error(diff)
	}
	if report.NextAt == 0 {
		t.Error("nobody says when the next look-up is")
	}
	report = w.send(time.Hour)
	if report.Adopted != 2 || report.Left.Unknown != 0 {
		t.Errorf("after the look-ups: %+v", report)
	}
	if s := w.register.Stats(); s.Stored != 3 || s.Doubles != 0 {
		t.Errorf("register %+v", s)
	}
}

// TestEachFault: whatever goes wrong, each punch is registered exactly once.
func TestEachFault(t *testing.T) {
	faults := []register.Fault{
		{Kind: register.Delay, Seconds: 0.1},
		{Kind: register.ErrorBefore}, {Kind: register.ErrorAfter},
		{Kind: register.ErrorBefore, Status: 502}, {Kind: register.ErrorAfter, Status: 504},
		{Kind: register.DropBefore}, {Kind: register.DropAfter},
		{Kind: register.HangBefore}, {Kind: register.HangAfter},
		{Kind: register.SlowBytes, Seconds: 5}, {Kind: register.CutShort},
		{Kind: register.Malformed}, {Kind: register.WrongCount}, {Kind: register.HTMLPage}, {Kind: register.Created},
		{Kind: register.TooMany, Seconds: 30}, {Kind: register.TooManyDate, Seconds: 30}, {Kind: register.TooManyBare},
		{Kind: register.Unavailable, Seconds: 5}, {Kind: register.UnavailableBare},
		{Kind: register.ExpiredToken}, {Kind: register.RefuseUnnamed},
		{Kind: register.ErrorBefore, Operation: "token"}, {Kind: register.HangBefore, Operation: "token"},
		{Kind: register.HTMLPage, Operation: "token"}, {Kind: register.Malformed, Operation: "token"}, {Kind: register.Created, Operation: "token"},
		{Kind: register.TooMany, Operation: "token", Seconds: 20}, {Kind: register.DropAfter, Operation: "token"},
	}
	for _, f := range faults {
		t.Run(fmt.Sprint(f.Operation, f.Kind, f.Status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 3)
			w.shift(3)
			w.enqueue()
			f.Times = 1
			f.Skip = 1
			if f.Operation != "" {
				f.Skip = 0
			}
			w.register.Add(f)
			report := w.send(2 * time.Hour)
			if w.register.Stats().Faults[f.Kind] != 1 {
				t.Error("the fault did not strike")
			}
			if report.Stopped != "" || report.Left.Queued+report.Left.Unknown > 0 {
				t.Errorf("left undone: %+v", report)
			}
			w.exactlyOnce(6)
		})
	}
}

// TestErrorTimeoutAndTooManyInOneRun is the sequence that the task names.
func TestErrorTimeoutAndTooManyInOneRun(t *testing.T) {
	w := newWorld(t, 6)
	w.shift(6)
	w.enqueue()
	w.register.Add(
		register.Fault{Kind: register.ErrorAfter, Times: 1},
		register.Fault{Kind: register.HangAfter, Times: 1},
		register.Fault{Kind: register.TooMany, Seconds: 90, Times: 2},
		register.Fault{Kind: register.ErrorBefore, Operation: "query", Times: 2},
		register.Fault{Kind: register.TooManyDate, Operation: "query", Seconds: 20, Times: 1},
	)
	report := w.send(3 * time.Hour)
	if report.Stopped != "" || report.Left.Queued+report.Left.Unknown > 0 {
		t.Errorf("left undone: %+v", report)
	}
	w.exactlyOnce(12)
}

func TestTwoSendersAtOnce(t *testing.T) {
	w := newWorld(t, 8)
	w.shift(8)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.Delay, Seconds: 0.02}, register.Fault{Kind: register.ErrorAfter, Times: 1, Skip: 1})
	stores := []*data.Store{w.store, w.open(), w.open()} // as three processes would
	var wg sync.WaitGroup
	leaves := []func(){w.time.join(), w.time.join(), w.time.join()}
	for i, s := range stores {
		wg.Go(func() {
			defer leaves[i]()
			_, err := w.sender(s).Send(t.Context(), ciao.SendOptions{Patience: 2 * time.Hour})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w.exactlyOnce(16)
}

func TestASecondSenderIsToldThatOneIsAtWork(t *testing.T) {
	w := newWorld(t, 1)
	w.shift(1)
	w.enqueue()
	_, err := w.store.TakeSender(
		t.Context(),
		ciao.SenderTake{Environment: app.LocalSimulator, Owner: "another", Now: w.time.Now(), Lease: w.time.Now().Add(time.Minute)},
	)
	w.must(err)
	_, err = w.sender(w.store).Send(t.Context(), ciao.SendOptions{})
	var busy *ciao.BusyError
	if !errors.As(err, &busy) || busy.Owner != "another" {
		t.Errorf("error %v, want a BusyError", err)
	}
}

// dyingStore is a store whose process dies at the n-th call: it is carried out
// or not, and nothing after it is.
type dyingStore struct {
	ciao.Store
	mu    sync.Mutex
	left  int
	after bool // dies after the call was carried out
}

var errDied = errors.New("the process died")

func (d *dyingStore) die() (carriedOut bool, dead error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left--
	switch {
	case d.left > 0:
		return true, nil
	case d.left == 0:
		return d.after, errDied
	}
	return false, errDied
}

func (d *dyingStore) KeepSender(ctx context.Context, e app.Environment, o string, l app.Instant) (ciao.SenderState, error) {
	if _, err := d.die(); err != nil {
		return ciao.SenderState{}, err
	}
	return d.Store.KeepSender(ctx, e, o, l)
}

func (d *dyingStore) Claim(ctx context.Context, c ciao.Claim) ([]app.Registration, error) {
	do, dead := d.die()
	if !do {
		return nil, dead
	}
	regs, err := d.Store.Claim(ctx, c)
	if dead != nil {
		return nil, dead
	}
	return regs, err
}

func (d *dyingStore) Finish(ctx context.Context, a app.Attempt, c []ciao.Change) error {
	do, dead := d.die()
	if !do {
		return dead
	}
	err := d.Store.Finish(ctx, a, c)
	if dead != nil {
		return dead
	}
	return err
}

func (d *dyingStore) ChangeSender(ctx context.Context, e app.Environment, a *app.Act, c func(*ciao.SenderState)) (ciao.SenderState, error) {
	do, dead := d.die()
	if !do {
		return ciao.SenderState{}, dead
	}
	state, err := d.Store.ChangeSender(ctx, e, a, c)
	if dead != nil {
		return ciao.SenderState{}, dead
	}
	return state, err
}

func (d *dyingStore) Change(ctx context.Context, e app.Environment, c []ciao.Change) error {
	do, dead := d.die()
	if !do {
		return dead
	}
	err := d.Store.Change(ctx, e, c)
	if dead != nil {
		return dead
	}
	return err
}

func (d *dyingStore) LookAgain(ctx context.Context, e app.Environment) error {
	do, dead := d.die()
	if !do {
		return dead
	}
	err := d.Store.LookAgain(ctx, e)
	if dead != nil {
		return dead
	}
	return err
}

func (d *dyingStore) LeaveSender(ctx context.Context, e app.Environment, o string) error {
	if _, err := d.die(); err != nil {
		return err
	}
	return d.Store.LeaveSender(ctx, e, o)
}

func TestASenderThatDiesAnywhere(t *testing.T) {
	w := newWorld(t, 20)
	queued := 0
	for n := 1; n <= 12; n++ {
		for _, after := range []bool{false, true} {
			w.punch(n, time.Hour, app.KeyIn)
			w.punch(n+1, time.Hour-time.Minute, app.KeyOut)
			w.punch(n+2, time.Hour, app.KeyIn)
			queued += w.enqueue()
			leave := w.time.join()
			_, err := w.sender(&dyingStore{Store: w.store, left: n, after: after}).Send(t.Context(), ciao.SendOptions{Patience: time.Hour})
			leave()
			if err != nil && !errors.Is(err, errDied) {
				t.Fatal(err)
			}
			for _, r := range w.registrations(app.RegSending) {
				if r.Owner == "" {
					t.Error("sending without an owner")
				}
			}
		}
	}
	report := w.send(5 * time.Hour)
	if report.Left.Queued+report.Left.Unknown > 0 {
		t.Errorf("left undone: %+v", report)
	}
	w.exactlyOnce(queued)
}

// Out and in again within a second, out of a file: in the order of its lines, whatever stands for their sequences.
func TestTapsOfOneSecondGoInTheOrderOfTheirLog(t *testing.T) {
	w := newWorld(t, 1)
	for _, tap := range []struct {
		key  app.PunchKey
		line uint32
	}{{app.KeyIn, 3}, {app.KeyOut, 4}, {app.KeyOut, 2}, {app.KeyIn, 1}} { // in, out, in, out
		w.punch(0, time.Hour, tap.key)
		last := &w.facts.Taps[len(w.facts.Taps)-1]
		last.Punch.Position = app.Position{Passage: 1, Line: tap.line}
		last.At, last.Punch.At = w.facts.Taps[0].At, w.facts.Taps[0].Punch.At
	}
	if n := w.enqueue(); n != 4 {
		t.Fatalf("queued %d, want 4", n)
	}
	take := ciao.SenderTake{Environment: app.LocalSimulator, Owner: "one", Now: w.time.Now(), Lease: w.time.Now().Add(time.Minute)}
	_, err := w.store.TakeSender(t.Context(), take)
	w.must(err)
	regs, err := w.store.Claim(t.Context(), ciao.Claim{Environment: app.LocalSimulator, Owner: "one", Now: w.time.Now(), Lease: take.Lease, Limit: 10,
		Attempt: app.Attempt{ID: w.id(), Environment: app.LocalSimulator, Operation: "register", Outcome: app.AttemptRunning, Started: w.time.Now()}})
	w.must(err)
	for _, list := range [][]app.Registration{regs, w.registrations()} {
		var types []app.RegistrationType
		for _, r := range list {
			types = append(types, r.Type)
		}
		if !slices.Equal(types, []app.RegistrationType{app.RegisterIn, app.RegisterOut, app.RegisterIn, app.RegisterOut}) {
			t.Errorf("they go as %v", types)
		}
	}
}

func TestADeadOwnersRowsAreUnknownNotQueued(t *testing.T) {
	w := newWorld(t, 1)
	w.shift(1)
	w.enqueue()
	take := ciao.SenderTake{Environment: app.LocalSimulator, Owner: "dead", Now: w.time.Now(), Lease: w.time.Now().Add(time.Minute)}
	_, err := w.store.TakeSender(t.Context(), take)
	w.must(err)
	regs, err := w.store.Claim(t.Context(), ciao.Claim{Environment: app.LocalSimulator, Owner: "dead", Now: w.time.Now(), Lease: take.Lease, Limit: 10,
		Attempt: app.Attempt{ID: w.id(), Environment: app.LocalSimulator, Operation: "register", Outcome: app.AttemptRunning, Started: w.time.Now()}})
	w.must(err)
	if len(regs) != 2 {
		t.Fatalf("claimed %d", len(regs))
	}
	w.time.pass(2 * time.Minute)
	report := w.send(0)
	if report.Recovered != 2 || report.Requests != 0 || len(w.registrations(app.RegUnknown)) != 2 {
		t.Errorf("report %+v", report)
	}
	// The dead one wakes up and wants to go on.
	if _, err := w.store.KeepSender(t.Context(), app.LocalSimulator, "dead", take.Lease); !errors.Is(err, ciao.ErrSenderLost) {
		t.Errorf("error %v, want ErrSenderLost", err)
	}
}

func TestUnknownIsResentOnlyAfterTwoLookUpsThatMeanSomething(t *testing.T) {
	w := newWorld(t, 2)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0) // one that the register holds: it proves the form of question
	w.punch(1, 30*time.Minute, app.KeyIn)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.DropBefore, Times: 1})
	begun, before := w.time.Now(), w.register.Stats().Requests["query"]+1 // one before the first sending of this sender
	if r := w.send(0); r.Unknown != 1 {
		t.Fatalf("report %+v", r)
	}
	for range 3 {
		w.send(0) // however often one tries
	}
	if n := w.register.Stats().Requests["query"] - before; n != 0 {
		t.Errorf("%d look-ups within the first minute", n)
	}
	r := w.send(time.Hour)
	if r.Requeued != 1 || r.Accepted != 1 {
		t.Errorf("report %+v", r)
	}
	if waited := w.time.Now().Sub(begun); waited < 2*time.Minute {
		t.Errorf("resent after %v: two look-ups a minute apart, the first after a minute, take 2 min", waited)
	}
	w.exactlyOnce(2)
}

func TestLookUpsThatMeanNothingAskAPerson(t *testing.T) {
	for _, query := range []string{"off", "forbidden", "bad-request", "ignores-filters", "finds-nothing", "incomplete"} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 2)
			w.punch(0, time.Hour, app.KeyIn)
			w.enqueue()
			w.send(0)
			w.register.Set(register.Settings{Query: query})
			w.punch(1, 30*time.Minute, app.KeyIn)
			w.enqueue()
			w.register.Add(register.Fault{Kind: register.DropBefore, Times: 1})
			r := w.send(5 * time.Hour)
			unknown := w.registrations(app.RegUnknown)
			if r.Requeued != 0 || len(unknown) != 1 || !unknown[0].NeedsPerson {
				t.Fatalf("report %+v, rows %+v", r, unknown)
			}
			before := unknown[0]
			if err := w.store.DecideRegistration(t.Context(), before.ID, ciao.DecideSend, act("ciao.decide")); err != nil {
				t.Fatal(err)
			}
			if err := w.store.DecideRegistration(t.Context(), before.ID, ciao.DecideDrop, act("ciao.decide")); !errors.Is(err, ciao.ErrNotAsked) {
				t.Errorf("decided twice: %v", err)
			}
			w.send(time.Hour)
			w.exactlyOnce(2)
			if after := w.registrations()[1]; after.ApprovedBy != "Ilse" {
				t.Errorf("nobody knows who decided: %+v", after)
			}
		})
	}
}

func TestWithoutAKnownRegistrationNothingIsProven(t *testing.T) {
	w := newWorld(t, 1)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.DropBefore, Times: 1})
	w.send(30 * time.Minute)
	if rows := w.registrations(app.RegUnknown); len(rows) != 1 || !rows[0].NeedsPerson {
		t.Fatalf("rows %+v", rows)
	}
	// Another punch is accepted: from now on "not found" means something.
	w.punch(0, 5*time.Minute, app.KeyOut)
	w.enqueue()
	w.send(2 * time.Hour)
	w.exactlyOnce(2)
}

func TestAdoptionIsOfTheSameOnly(t *testing.T) {
	w := newWorld(t, 2)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	w.punch(1, 30*time.Minute, app.KeyIn)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.HangAfter, Times: 1})
	w.send(0)
	mine := w.register.Stored()[1]
	other := mine.RegisterItem
	other.Declaration = "2Y1003SQ5VSSZ"
	elsewhere, err := w.register.Put(other)
	w.must(err)
	double, err := w.register.Put(mine.RegisterItem)
	w.must(err)
	r := w.send(time.Hour)
	if got := w.registrations()[1]; got.RegisterID != mine.ID {
		t.Errorf("adopted %d, want the lowest id %d", got.RegisterID, mine.ID)
	}
	kinds := map[string]int64{}
	for _, f := range r.Findings {
		kinds[f.Kind] = f.RegisterID
	}
	if kinds[ciao.FoundElsewhere] != elsewhere || kinds[ciao.FoundDouble] != double {
		t.Errorf("findings %+v", r.Findings)
	}
}

func TestReleasedPunchesAreLookedUpFirst(t *testing.T) {
	w := newWorld(t, 2)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	w.punch(0, 40*24*time.Hour, app.KeyIn)
	w.punch(1, 40*24*time.Hour, app.KeyIn)
	if n := w.enqueue(); n != 0 {
		t.Fatalf("queued %d that are older than the window", n)
	}
	held := slices.DeleteFunc(w.plan(), func(c ciao.Candidate) bool { return c.Held() != app.HeldBeyondWindow })
	item := held[0].Registration
	_, err := w.register.Put(ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: item.At}, SSIN: item.SSIN.Reveal(), Type: item.Type,
		Employer: ciao.WireEmployer{EnterpriseNumber: item.Enterprise}, Declaration: item.Declaration}) // by the NSSO's own app, long ago
	w.must(err)
	n, err := ciao.Release(t.Context(), w.store, held, false, app.Act{Actor: "Ilse", At: w.time.Now(), Why: "agreed with the NSSO"})
	if err != nil || n != 2 {
		t.Fatalf("released %d, %v", n, err)
	}
	r := w.send(time.Hour)
	if r.Adopted != 1 || r.Accepted != 1 {
		t.Errorf("report %+v", r)
	}
	w.exactlyOnce(3)
	trail, err := w.store.Trail(t.Context(), "", 1)
	w.must(err)
	if len(trail) != 1 || trail[0].What != "ciao.release" || !strings.Contains(trail[0].Payload, `"count":2`) {
		t.Errorf("trail %+v", trail)
	}
}

func TestMissingPermissionParksOneEmployer(t *testing.T) {
	w := newWorld(t, 6)
	w.shift(6) // workers 2 and 5 are the subcontractor's
	w.enqueue()
	w.register.Set(register.Settings{Forbidden: []string{otherNumber}})
	r := w.send(time.Hour)
	if r.Accepted != 8 || r.Left.Queued != 4 || !slices.Equal(r.Parked, []string{otherNumber}) || r.Stopped != "" {
		t.Errorf("report %+v", r)
	}
	w.register.Set(register.Settings{})
	w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
	w.send(time.Hour)
	w.exactlyOnce(12)
}

// bad queues a row whose form the register refuses.
func (w *world) bad(worker int) {
	w.punch(worker, 10*time.Minute, app.KeyIn)
	candidates := w.plan()
	for i := range candidates {
		if c := &candidates[i]; c.Ready() && c.Registration.Punch.Seq == w.seq {
			r := c.Registration
			r.ID, r.State, r.Declaration, r.Created, r.Queued = w.id(), app.RegQueued, "IO-not-a-number", w.time.Now(), w.time.Now()
			_, err := w.store.Enqueue(w.t.Context(), []app.Registration{r}, nil)
			w.must(err)
		}
	}
}

func TestA400RefusesTheCulpritAndNobodyElse(t *testing.T) {
	for _, named := range []bool{true, false} {
		t.Run(fmt.Sprint("named ", named), func(t *testing.T) {
			w := newWorld(t, 2)
			w.batch = 20
			w.shift(2)
			w.bad(0)
			w.enqueue()
			w.register.Set(register.Settings{UnnamedIssues: !named})
			r := w.send(time.Hour)
			if r.Refused != 1 || r.Accepted != 4 || r.Stopped != "" {
				t.Errorf("report %+v", r)
			}
			refused := w.registrations(app.RegRefused)
			if len(refused) != 1 || refused[0].Declaration != "IO-not-a-number" {
				t.Errorf("refused %+v", refused)
			}
			if named && r.Requests != 2 {
				t.Errorf("%d requests, want 2: the others go again at once", r.Requests)
			}
			if s := w.register.Stats(); s.Doubles != 0 {
				t.Errorf("register %+v", s)
			}
		})
	}
}

func TestTheFailureBudgetStopsAndAsks(t *testing.T) {
	w := newWorld(t, 8)
	w.batch = 20
	w.shift(8)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.RefuseUnnamed})
	r := w.send(time.Hour)
	if r.Stopped != ciao.CodeTooManyFailed || r.Requests != 10 {
		t.Errorf("report %+v: want a stop after 10 refused requests", r)
	}
	if again := w.send(time.Hour); again.Requests != 0 || again.Stopped != ciao.CodeTooManyFailed {
		t.Errorf("went on by itself: %+v", again)
	}
}

func TestTooLargeIsHalvedAndRemembered(t *testing.T) {
	w := newWorld(t, 8)
	w.batch = 200
	w.shift(8)
	w.enqueue()
	w.register.Set(register.Settings{MaxItems: 3})
	r := w.send(time.Hour)
	if r.Stopped != "" || r.Refused != 0 {
		t.Errorf("report %+v", r)
	}
	w.exactlyOnce(16)
	state, err := w.store.SenderState(t.Context(), app.LocalSimulator)
	w.must(err)
	if state.BatchLimit < 1 || state.BatchLimit > 3 {
		t.Errorf("remembered %d, want what passed", state.BatchLimit)
	}
}

func TestRetryAfterHoldsOverARestart(t *testing.T) {
	w := newWorld(t, 1)
	w.shift(1)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.TooManyDate, Seconds: 7200, Times: 1})
	r := w.send(time.Minute)
	if wait := r.NextAt.Sub(w.time.Now()); wait < 119*time.Minute || wait > 121*time.Minute {
		t.Errorf("next at %v from now, want 2 h", wait)
	}
	before := w.register.Stats().Requests["register"]
	if r := w.send(time.Minute); r.Requests != 0 || w.register.Stats().Requests["register"] != before {
		t.Error("a new sender did not wait")
	}
	w.send(3 * time.Hour)
	w.exactlyOnce(2)
}

func TestWhoIsDeniedAgainAndAgainGoesOnOnceSomebodyResumes(t *testing.T) {
	w := newWorld(t, 1)
	w.shift(1)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.ExpiredToken})
	r := w.send(time.Hour)
	if r.Stopped != ciao.CodeTokenAgain || w.register.Stats().Requests["token"] != 3 {
		t.Errorf("report %+v after %d tokens", r, w.register.Stats().Requests["token"])
	}
	w.register.Clear()
	w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
	w.send(time.Hour)
	w.exactlyOnce(2)
}

func TestARedirectIsNeverFollowed(t *testing.T) {
	w := newWorld(t, 1)
	w.shift(1)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.Redirect})
	r := w.send(time.Hour)
	if r.Stopped != ciao.CodeRedirect || w.register.Stats().Requests["register"] != 1 {
		t.Errorf("report %+v, requests %+v", r, w.register.Stats().Requests)
	}
}

func TestLaterPunchesOfAPersonWaitForAnUnknownOne(t *testing.T) {
	w := newWorld(t, 2)
	w.batch = 1
	w.punch(0, 3*time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	w.register.Set(register.Settings{Query: "off"}) // the fate stays unknown
	w.register.Add(register.Fault{Kind: register.DropBefore, Times: 1})
	w.punch(0, 2*time.Hour, app.KeyOut)
	w.punch(0, time.Hour, app.KeyIn)
	w.punch(1, 30*time.Minute, app.KeyIn)
	w.enqueue()
	r := w.send(5 * time.Minute)
	if r.Accepted != 1 || r.Left.Queued != 1 {
		t.Errorf("within 5 min %+v: want the other person's sent and his own held back", r)
	}
	r = w.send(20 * time.Minute)
	if r.Accepted != 1 || r.Left.Queued != 0 {
		t.Errorf("after 10 min %+v: want it to go", r)
	}
}

func TestARefusalAsExistingLeadsToALookUp(t *testing.T) {
	w := newWorld(t, 2)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	w.punch(1, 30*time.Minute, app.KeyIn)
	w.enqueue()
	r := w.registrations(app.RegQueued)[0]
	id, err := w.register.Put(ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: r.At}, SSIN: r.SSIN.Reveal(), Type: r.Type,
		Employer: ciao.WireEmployer{EnterpriseNumber: r.Enterprise}, Declaration: r.Declaration})
	w.must(err)
	w.register.Add(register.Fault{Kind: register.Exists, Times: 1})
	report := w.send(time.Hour)
	if report.Adopted != 1 || w.registrations()[1].RegisterID != id {
		t.Errorf("report %+v", report)
	}
}

func TestValidityIsAskedAgain(t *testing.T) {
	w := newWorld(t, 1)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	if v := w.registrations()[0].Validity; v != ciao.ValidityPending {
		t.Fatalf("validity %q", v)
	}
	w.time.pass(2 * time.Minute)
	r := w.send(0)
	if got := w.registrations()[0]; got.Validity != ciao.ValidityValid || r.Changed != 1 || len(r.Findings) != 0 {
		t.Errorf("validity %q, findings %+v", got.Validity, r.Findings)
	}
	w.register.Judge(w.register.Stored()[0].ID, ciao.ValidityInvalid, false)
	w.time.pass(25 * time.Hour)
	if r := w.send(0); len(r.Findings) != 1 || r.Findings[0].Kind != ciao.FoundValidity || r.Findings[0].Before != ciao.ValidityValid {
		t.Errorf("nobody is told: %+v", r.Findings)
	}
	got := w.registrations()[0]
	if got.Validity != ciao.ValidityInvalid {
		t.Errorf("a later change was missed: %q", got.Validity)
	}
	in := w.facts
	in.Now, in.Registrations = w.time.Now(), w.registrations()
	anomalies := ciao.Anomalies(in, ciao.Plan(in), nil)
	if len(anomalies) != 1 || anomalies[0].Rule != app.RefusedRule {
		t.Errorf("anomalies %+v", anomalies)
	}
}

// TestWhatIsSentIsFrozen: a later derivation that disagrees changes nothing, and says so.
func TestWhatIsSentIsFrozen(t *testing.T) {
	w := newWorld(t, 2)
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.send(0)
	other := w.facts.Engagements[1]
	w.facts.Taps[0].WorkerID, w.facts.Taps[0].EngagementID = other.WorkerID, other.ID
	if n := w.enqueue(); n != 0 {
		t.Errorf("queued %d again", n)
	}
	in := w.facts
	in.Now, in.Registrations = w.time.Now(), w.registrations()
	found := ciao.Anomalies(in, ciao.Plan(in), nil)
	found = slices.DeleteFunc(found, func(a app.Anomaly) bool { return a.Rule == app.SentLate })
	if len(found) != 1 || found[0].Rule != app.CorrectionDue || found[0].Facts["differs"] != "worker,ssin" {
		t.Errorf("anomalies %+v", found)
	}
}

func TestCredentialIsSealed(t *testing.T) {
	w := newWorld(t, 0)
	c := w.credential()
	w.must(w.store.SaveCredential(t.Context(), c, act("ciao.credential")))
	got, ok, err := w.store.Credential(t.Context(), app.LocalSimulator)
	if err != nil || !ok || string(got.Key) != string(c.Key) || got.ClientID != c.ClientID || got.Base != c.Base || got.Token != c.Token {
		t.Errorf("credential %v %v", ok, err)
	}
	if _, ok, _ := w.store.Credential(t.Context(), app.Production); ok {
		t.Error("one environment's credential counts for another")
	}
	trail, err := w.store.Trail(t.Context(), "", 0)
	w.must(err)
	text, _ := json.Marshal(trail)
	if s := string(text) + fmt.Sprintf("%v %+v %s", got, got, got.Key); strings.Contains(s, "PRIVATE KEY") {
		t.Error("the key is in the trail or in what is printed")
	}
}

// TestNoSSINIsKeptInTheClear: problems echo them.
func TestNoSSINIsKeptInTheClear(t *testing.T) {
	w := newWorld(t, 1)
	w.batch = 3
	w.bad(0)
	w.register.Set(register.Settings{EchoItems: true})
	w.send(0)
	refused := w.registrations(app.RegRefused)
	if len(refused) != 1 {
		t.Fatal("nothing was refused")
	}
	attempts, err := w.store.Attempts(t.Context(), app.LocalSimulator, 10)
	w.must(err)
	text := fmt.Sprintf("%+v %+v", refused, attempts)
	if ssin := madeUpSSIN(0).Reveal(); strings.Contains(text, ssin) || !strings.Contains(text, madeUpSSIN(0).Masked()) {
		t.Errorf("not masked: %s", text)
	}
}

// TestTwentyThousand: a month of a large company, with a fault now and then.
// Unless KLOKKAST_LONG is set, it is a tenth of that.
func TestTwentyThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds; runs without the race detector")
	}
	workers, each := uint64(200), uint64(10)
	if os.Getenv("KLOKKAST_LONG") != "" {
		each = 100
	}
	w := newWorld(t, int(workers))
	w.batch, w.timing.Request = 200, 5*time.Second
	batch := reading.Batch{ReadingID: w.reading, Log: w.log}
	for range workers * each {
		w.seq++
		p := app.Punch{Key: app.RecordKey{LogKey: w.log, Seq: w.seq}, At: w.time.Now().Add(-time.Duration(workers*each-w.seq) * time.Minute),
			Pressed: app.KeyIn + app.PunchKey(w.seq/workers%2), Identifier: app.IdentifierKey{Kind: app.Card, Value: "04"}}
		raw := make([]byte, 32)
		raw[0], raw[1], raw[2] = byte(w.seq), byte(w.seq>>8), byte(app.RecordPunch)
		batch.Records = append(batch.Records, app.Record{Key: p.Key, Type: app.RecordPunch, Raw: raw, Punch: &p})
		e := w.facts.Engagements[w.seq%workers]
		role := map[app.PunchKey]app.TapRole{app.KeyIn: app.TapIn, app.KeyOut: app.TapOut}[p.Pressed]
		w.facts.Taps = append(w.facts.Taps, app.Tap{Punch: p, At: p.At, OffsetKnown: true, Role: role,
			WorkerID: e.WorkerID, EngagementID: e.ID, SiteID: w.facts.Sites[0].ID})
	}
	batch.End.Seq = w.seq
	_, err := w.store.StoreBatch(t.Context(), batch)
	w.must(err)
	began := time.Now()
	n := w.enqueue()
	t.Logf("%d queued in %v", n, time.Since(began))
	w.register.Add(register.Fault{Kind: register.ErrorAfter, Skip: 7, Times: 1}, register.Fault{Kind: register.DropBefore, Skip: 20, Times: 1},
		register.Fault{Kind: register.WrongCount, Skip: 30, Times: 1}, register.Fault{Kind: register.TooMany, Seconds: 60, Skip: 40, Times: 2})
	began = time.Now()
	report := w.send(12 * time.Hour)
	report.Findings = nil
	t.Logf("%d requests in %v: %+v", report.Requests, time.Since(began), report)
	w.exactlyOnce(n)
}

// story is a run of days on which anything may go wrong.
type story struct {
	Batch int
	Days  []storyDay
}

type storyDay struct {
	Punches int
	Faults  []register.Fault
	Dies    int  // at which call of the store the sender dies; it may come through
	After   bool // after the call was carried out
}

func stories() *rapid.Generator[story] {
	kinds := rapid.SampledFrom([]register.Kind{
		register.ErrorBefore, register.ErrorAfter, register.DropBefore, register.DropAfter, register.CutShort, register.Malformed,
		register.WrongCount, register.HTMLPage, register.Created, register.TooMany, register.TooManyDate, register.TooManyBare,
		register.Unavailable, register.UnavailableBare, register.HangAfter, register.HangBefore,
	})
	fault := rapid.Custom(func(t *rapid.T) register.Fault {
		return register.Fault{
			Kind: kinds.Draw(t, "kind"), Operation: rapid.SampledFrom([]string{"register", "register", "query", "token"}).Draw(t, "operation"),
			Times: rapid.IntRange(1, 2).Draw(t, "times"), Skip: rapid.IntRange(0, 2).Draw(t, "skip"), Seconds: 3,
		}
	})
	day := rapid.Custom(func(t *rapid.T) storyDay {
		return storyDay{
			Punches: rapid.IntRange(1, 6).Draw(t, "punches"), Faults: rapid.SliceOfN(fault, 0, 3).Draw(t, "faults"),
			Dies: rapid.IntRange(2, 30).Draw(t, "dies"), After: rapid.Bool().Draw(t, "after"),
		}
	})
	return rapid.Custom(func(t *rapid.T) story {
		return story{Batch: rapid.IntRange(1, 6).Draw(t, "batch"), Days: rapid.SliceOfN(day, 1, 5).Draw(t, "days")}
	})
}

// TestAnythingAtAll: faults in any order, senders that die, and at the end the
// register holds exactly what was to be sent, each once.
func TestAnythingAtAll(t *testing.T) {
	for seed := range 24 {
		story := stories().Example(seed)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 5)
			w.timing.Request = 300 * time.Millisecond
			w.batch = story.Batch
			w.punch(0, 6*time.Hour, app.KeyIn)
			queued := w.enqueue()
			w.send(time.Hour) // one that is known to be there
			for n, day := range story.Days {
				queued += w.live(n, day)
			}
			w.register.Clear()
			w.must(ciao.Resume(t.Context(), w.store, app.LocalSimulator, act("ciao.resume")))
			report := w.send(12 * time.Hour)
			if report.Left.Queued+report.Left.Unknown > 0 {
				t.Errorf("left undone: %+v", report)
			}
			w.exactlyOnce(queued)
			if t.Failed() {
				t.Logf("%+v", story)
			}
		})
	}
}

// live lives through one day and gives how many punches it queued.
func (w *world) live(n int, day storyDay) int {
	for i := range day.Punches {
		w.punch(i%5, time.Hour, app.KeyIn+app.PunchKey(n%2))
	}
	queued := w.enqueue()
	w.register.Add(day.Faults...)
	defer w.time.join()()
	dying := &dyingStore{Store: w.store, left: day.Dies, after: day.After}
	_, err := w.sender(dying).Send(w.t.Context(), ciao.SendOptions{Patience: 20 * time.Minute})
	if err != nil && !errors.Is(err, errDied) {
		w.t.Fatal(err)
	}
	return queued
}

// TestLivePunchesGoWithinSeconds: the running sender is woken, gathers and sends.
func TestLivePunchesGoWithinSeconds(t *testing.T) {
	w := newWorld(t, 3)
	w.time.now = app.At(time.Now())
	timing := hasty()
	timing.Gather, timing.Request = 20*time.Millisecond, 5*time.Second
	client, err := ciao.NewClient(w.credential(), ciao.ClientOptions{Timing: timing})
	w.must(err)
	sender, err := ciao.NewSender(w.store, client, ciao.SenderOptions{Timing: timing})
	w.must(err)
	ctx, cancel := context.WithCancel(t.Context())
	wake, done, accepted := make(chan struct{}, 1), make(chan struct{}), make(chan int, 100)
	go func() {
		defer close(done)
		sender.Run(ctx, wake, func(r ciao.Report, err error) {
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			accepted <- r.Accepted
		})
	}()
	if n := <-accepted; n != 0 {
		t.Errorf("accepted %d of nothing", n)
	}
	w.shift(3)
	w.enqueue()
	wake <- struct{}{}
	if n := <-accepted; n != 6 {
		t.Errorf("accepted %d at once, want 6", n)
	}
	cancel()
	<-done
	w.exactlyOnce(6)
}

// TestSenderProcess is no test of its own: it is the process that
// TestKilledSenders starts and kills.
func TestSenderProcess(t *testing.T) {
	path := os.Getenv("KLOKKAST_SENDER_DB")
	if path == "" {
		t.Skip("started by TestKilledSenders")
	}
	key, err := os.ReadFile(os.Getenv("KLOKKAST_SENDER_KEY"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := data.Open(t.Context(), path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	base := os.Getenv("KLOKKAST_SENDER_URL")
	client, err := ciao.NewClient(ciao.Credential{Environment: app.LocalSimulator, ClientID: os.Getenv("KLOKKAST_SENDER_ID"), Key: key,
		Base: base + register.BasePath, Token: base + register.TokenPath}, ciao.ClientOptions{Timing: hasty()})
	if err != nil {
		t.Fatal(err)
	}
	sender, err := ciao.NewSender(s, client, ciao.SenderOptions{Timing: hasty(), Batch: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sender.Send(t.Context(), ciao.SendOptions{Patience: time.Minute}); err != nil {
		t.Fatal(err)
	}
}

// hasty is a timing of tenths of seconds, in the same proportions.
func hasty() ciao.Timing {
	h := ciao.DefaultTiming()
	h.Request, h.LookUpAfter, h.LookUpApart, h.PersonWait = 500*time.Millisecond, 700*time.Millisecond, 700*time.Millisecond, 2*time.Second
	h.AskAgain, h.ProofFor, h.ProofGap, h.SearchAgain = 2*time.Second, 3*time.Second, 20*time.Millisecond, 2*time.Second
	h.Lease, h.BackoffMin, h.BackoffMax = time.Minute, 10*time.Millisecond, 100*time.Millisecond
	return h
}

// TestKilledSenders: real processes on the same file, killed at any moment,
// several at a time. A dead one's place is free at once.
func TestKilledSenders(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds; runs without the race detector")
	}
	kills := 8
	if os.Getenv("KLOKKAST_LONG") != "" {
		kills = 30
	}
	w := newWorld(t, 40)
	w.time.now, w.time.runs = app.At(time.Now()), true
	w.heldShifts(40, 1)
	released := w.release(false)
	for range 4 {
		w.shift(40)
	}
	queued := w.enqueue() + released
	w.register.Add(register.Fault{Kind: register.Delay, Seconds: 0.02, Chance: 0.7}, register.Fault{Kind: register.ErrorAfter, Chance: 0.1},
		register.Fault{Kind: register.DropBefore, Chance: 0.1}, register.Fault{Kind: register.DropAfter, Chance: 0.1})
	c, err := credentials()
	w.must(err)
	keyFile := filepath.Join(t.TempDir(), "key.pem")
	w.must(os.WriteFile(keyFile, c.PrivateKey, 0o600))
	start := func() *exec.Cmd {
		p := exec.Command(os.Args[0], "-test.run=^TestSenderProcess$")
		p.Env = append(os.Environ(), "KLOKKAST_SENDER_DB="+w.path, "KLOKKAST_SENDER_KEY="+keyFile,
			"KLOKKAST_SENDER_ID="+c.ClientID, "KLOKKAST_SENDER_URL="+w.server.URL)
		w.must(p.Start())
		return p
	}
	for n := range kills {
		first, second := start(), start()
		time.Sleep(time.Duration(100+97*n%400) * time.Millisecond)
		w.must(first.Process.Kill())
		time.Sleep(50 * time.Millisecond)
		w.must(second.Process.Kill())
		first.Wait()  //nolint:errcheck // it was killed
		second.Wait() //nolint:errcheck // it was killed
		time.Sleep(hasty().Request)
	}
	sent := w.register.Stats().Stored
	w.register.Clear()
	last := start()
	if err := last.Wait(); err != nil {
		t.Errorf("the last one: %v", err)
	}
	if sent == 0 || sent == queued {
		t.Logf("%d of %d were registered when the killing ended: the moments were badly chosen", sent, queued)
	}
	w.exactlyOnce(queued)
}
