package office_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/sending"
	"klokkast/app/workspace"
)

// atRegister connects a bench to a simulated register of its own time, and
// makes its site and employer such that punches go there.
func (b *bench) atRegister() *register.Register {
	b.t.Helper()
	b.measured = true
	ctx := b.t.Context()
	made := must[register.Credentials](b.t)(register.NewCredentials())
	reg := must[*register.Register](b.t)(register.New(register.Options{Clients: []register.Credentials{made}, Now: func() time.Time { return b.now.Time() }}))
	server := must[*register.Server](b.t)(reg.Listen("127.0.0.1:0"))
	b.t.Cleanup(func() { server.Close() })
	timing := ciao.DefaultTiming()
	timing.Gather, timing.LookUpAfter, timing.LookUpApart = time.Millisecond, time.Second, time.Second
	b.Connection.Exchange = sending.Exchange{
		Credential: &ciao.Credential{Environment: app.LocalSimulator, ClientID: made.ClientID, Key: made.PrivateKey, Base: server.Base, Token: server.Token},
		Clock:      benchClock{b}, Timing: timing,
	}
	employers := must[[]app.Employer](b.t)(b.Staff.Employers(ctx))
	long := b.at("2026-01-01 00:00")
	declaration := must[app.Declaration](b.t)(b.Sites.SaveDeclaration(ctx, app.Declaration{Number: "1Y1003SQ5VSSZ"}, why))
	for _, err := range []error{
		b.Staff.SetRegistersSince(ctx, employers[0].ID, long, why),
		b.Sites.DecideSite(ctx, app.SiteDecision{SiteID: b.site.ID, Decision: app.UnderCIAO, From: long, Reason: why}),
		b.Sites.LinkDeclaration(ctx, app.DeclarationSite{DeclarationID: declaration.ID, SiteID: b.site.ID, Default: true}, why),
	} {
		if err != nil {
			b.t.Fatal(err)
		}
	}
	return reg
}

// benchClock stands still at the bench's time, and sleeps in real time.
type benchClock struct{ b *bench }

func (c benchClock) Now() app.Instant { return c.b.now }
func (c benchClock) Sleep(ctx context.Context, d time.Duration) error {
	return ciao.SystemClock{}.Sleep(ctx, d)
}

// keep runs KeepSending and gives what it tells; the returned function ends it.
func (b *bench) keep() (<-chan sending.SendingStatus, func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	told, done := make(chan sending.SendingStatus, 1000), make(chan struct{})
	go func() {
		defer close(done)
		b.Register.KeepSending(ctx, func(s sending.SendingStatus) { told <- s })
	}()
	end := func() {
		cancel()
		<-done
	}
	b.t.Cleanup(end)
	return told, end
}

// until waits for a status that fits.
func until(t *testing.T, told <-chan sending.SendingStatus, what string, fits func(sending.SendingStatus) bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case s := <-told:
			if fits(s) {
				return
			}
		case <-deadline:
			t.Fatalf("nobody told: %s", what)
		}
	}
}

func mode(m ciao.Mode) func(sending.SendingStatus) bool {
	return func(s sending.SendingStatus) bool { return s.Mode == m && s.Why == nil }
}

func accepted(n int) func(sending.SendingStatus) bool {
	return func(s sending.SendingStatus) bool { return s.Report != nil && s.Report.Accepted == n }
}

func (b *bench) sendIn(m ciao.Mode, more ...string) {
	b.t.Helper()
	values := map[workspace.RegisterSetting]string{workspace.SetMode: string(m)}
	for i := 0; i+1 < len(more); i += 2 {
		values[workspace.RegisterSetting(more[i])] = more[i+1]
	}
	if err := b.Connection.SetRegister(b.t.Context(), values, why); err != nil {
		b.t.Fatal(err)
	}
}

// afterReading says that something was read past the office, as its own reading does.
func (b *bench) afterReading() {
	b.t.Helper()
	list := must[[]app.Reading](b.t)(b.Store.Readings(b.t.Context()))
	b.ChangedBy(list[len(list)-1].ID)
}

// TestSendingAfterEachReading: a change of the mode takes effect at once, what
// was read before goes with it, and each reading after it.
func TestSendingAfterEachReading(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:58", app.KeyIn}))
	told, end := b.keep()
	until(t, told, "by hand at first", mode(ciao.Manual))
	if b.Register.SendingNow().Mode != ciao.Manual || len(reg.Stored()) != 0 {
		t.Error("something went by itself")
	}
	b.sendIn(ciao.AfterReading)
	until(t, told, "the first one is accepted", accepted(1))
	must[int](t)(b.read(tap{"04A1", "2026-11-02 12:01", app.KeyOut}))
	b.afterReading()
	until(t, told, "the second one is accepted", accepted(1))
	b.sendIn(ciao.Manual)
	until(t, told, "by hand again", mode(ciao.Manual))
	must[int](t)(b.read(tap{"04A1", "2026-11-02 12:31", app.KeyIn}))
	b.afterReading()
	end()
	if n := len(reg.Stored()); n != 2 || reg.Stats().Doubles != 0 {
		t.Errorf("the register holds %d", n)
	}
	if s := b.Register.SendingNow(); s.Mode != ciao.Manual || s.Report != nil {
		t.Errorf("after its end: %+v", s)
	}
}

// TestSendingBySchedule: nothing goes before its time, and all that is due then.
func TestSendingBySchedule(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	clock := &steppedClock{asked: make(chan time.Duration, 100), step: make(chan struct{})}
	clock.now.Store(int64(b.now))
	b.Connection.Exchange.Clock = clock
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:58", app.KeyIn}, tap{"04A1", "2026-11-02 12:01", app.KeyOut}))
	b.sendIn(ciao.Scheduled, "at", "22:30")
	told, _ := b.keep()
	until(t, told, "when it is due", func(s sending.SendingStatus) bool { return s.Next == b.at("2026-11-02 22:30") })
	if d := <-clock.asked; d != 2*time.Hour+30*time.Minute || len(reg.Stored()) != 0 {
		t.Fatalf("waits %v, and %d are registered", d, len(reg.Stored()))
	}
	clock.step <- struct{}{}
	until(t, told, "both are accepted", accepted(2))
	until(t, told, "when it is due again", func(s sending.SendingStatus) bool { return s.Next == b.at("2026-11-03 22:30") })
}

// steppedClock sleeps until the test lets it go on; its time jumps then.
type steppedClock struct {
	now   atomic.Int64
	asked chan time.Duration
	step  chan struct{}
}

func (c *steppedClock) Now() app.Instant { return app.Instant(c.now.Load()) }
func (c *steppedClock) Sleep(ctx context.Context, d time.Duration) error {
	c.asked <- d
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.step:
		c.now.Store(int64(c.Now().Add(d)))
		return nil
	}
}

// TestWhySendingDoesNotGo: no credential is an obstacle that is told, not a silence.
func TestWhySendingDoesNotGo(t *testing.T) {
	b := newBench(t)
	b.sendIn(ciao.Live)
	told, _ := b.keep()
	until(t, told, "that there is no credential", func(s sending.SendingStatus) bool {
		var none *sending.NoCredentialError
		return errors.As(s.Why, &none)
	})
}

// TestCancellingIsOffUnlessTheCompanyWantsIt, and then asks for a reason.
func TestCancellingIsOffUnlessTheCompanyWantsIt(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	reg := b.atRegister()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:58", app.KeyIn}))
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	id := must[[]sending.RegisterRow](t)(b.Register.Rows(ctx, sending.RegisterFilter{State: app.RegAccepted}, 0))[0].Registration.ID
	if err := b.Register.CancelRegistration(ctx, id, why); !errors.Is(err, ciao.ErrCancelOff) {
		t.Errorf("switched off: %v", err)
	}
	b.sendIn(ciao.Manual, "cancel", "on")
	var field *app.FieldError
	if err := b.Register.CancelRegistration(ctx, id, ""); !errors.As(err, &field) {
		t.Errorf("without a reason: %v", err)
	}
	if err := b.Register.CancelRegistration(ctx, "no such", why); err == nil {
		t.Error("of nothing")
	}
	if err := b.Register.CancelRegistration(ctx, id, why); err != nil {
		t.Fatal(err)
	}
	if r := must[ciao.Report](t)(b.Register.Send(ctx, nil)); r.Cancelled != 1 || !reg.Stored()[0].Cancelled {
		t.Errorf("report %+v", r)
	}
	if rows := must[[]sending.RegisterRow](t)(b.Register.Rows(ctx, sending.RegisterFilter{State: app.RegCancelled}, 0)); len(rows) != 1 {
		t.Errorf("shown %+v", rows)
	}
}

// TestALimitOnLateness holds what is late, and lets a person release it.
func TestALimitOnLateness(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	reg := b.atRegister()
	b.sendIn(ciao.Manual, "late-limit", "60")
	must[int](t)(b.read(tap{"04A1", "2026-11-02 18:59", app.KeyIn}, tap{"04A1", "2026-11-02 19:01", app.KeyOut}))
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	rows := must[[]sending.RegisterRow](t)(b.Register.Rows(ctx, sending.RegisterFilter{Held: app.HeldLate}, 0))
	if len(rows) != 1 || !rows[0].Releasable || len(reg.Stored()) != 1 {
		t.Fatalf("held %+v, stored %d", rows, len(reg.Stored()))
	}
	if n := must[int](t)(b.Register.Release(ctx, []app.RecordKey{rows[0].Registration.Punch}, false, "box was in the safe")); n != 1 {
		t.Errorf("released %d", n)
	}
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	if len(reg.Stored()) != 2 {
		t.Errorf("stored %d", len(reg.Stored()))
	}
	report := must[ciao.DelayReport](t)(b.Register.Delays(ctx, app.Days{From: app.NewDate(2026, 11, 2), To: app.NewDate(2026, 11, 2)}, ciao.BySite))
	if report.All.Count != 2 || report.Rows[0].Key != string(b.site.ID) || report.All.Most != 61*time.Minute {
		t.Errorf("delays %+v", report)
	}
}

// TestTheRegistersWaitKeepsEveryoneOff: neither a test nor a reading asks it anything.
func TestTheRegistersWaitKeepsEveryoneOff(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	reg := b.atRegister()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:58", app.KeyIn}))
	reg.Add(register.Fault{Kind: register.TooManyFailed, Seconds: 600, Times: 1})
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	before := reg.Stats().Requests["token"]
	steps := must[[]ciao.StepResult](t)(b.Connection.TestConnection(ctx))
	if steps[1].State != ciao.StepUnknown || steps[1].Code != "tooManyRequests" || reg.Stats().Requests["token"] != before {
		t.Errorf("steps %+v", steps)
	}
}
