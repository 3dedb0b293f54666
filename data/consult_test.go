package data_test

import (
	"context"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/store"
)

// consulting is a world whose sender asks who registered by phone, as the program has it.
type consulting struct {
	*world
	wanted bool
	// noPhones says that people may register by phone nowhere.
	noPhones bool
	asked    int // how often it was looked what there is to ask
}

func newConsulting(t *testing.T, workers int) *consulting {
	return &consulting{world: newPhones(t, workers), wanted: true}
}

func (w *consulting) plan(ctx context.Context, _ bool) (ciao.Consultation, error) {
	w.asked++
	c := ciao.Consultation{Wanted: w.wanted}
	readings, err := w.store.Readings(ctx)
	site := ciao.PhoneSite{SiteID: w.site(), Declarations: []ciao.DeclaredFor{{Number: phoneDeclaration}}}
	for _, r := range readings {
		if _, phones := app.PhonesSite(r.Log.Box); phones {
			site.ReadTo = max(site.ReadTo, r.ReadTo)
		}
	}
	if w.noPhones {
		c.Elsewhere = site.Declarations
	} else {
		c.Sites = append(c.Sites, site)
	}
	for _, v := range w.facts.Workers {
		c.Persons = append(c.Persons, ciao.ConsultPerson{WorkerID: v.ID, SSIN: v.SSIN})
	}
	return c, err
}

// consult runs a sender once.
func (w *consulting) consult(person bool) *ciao.Consulted {
	w.t.Helper()
	defer w.time.join()()
	client, err := ciao.NewClient(w.credential(), ciao.ClientOptions{LoopbackOnly: true, Clock: w.time, Timing: w.timing})
	w.must(err)
	s, err := ciao.NewSender(w.store, client, ciao.SenderOptions{Clock: w.time, Timing: w.timing, Batch: w.batch, Consults: w.plan})
	w.must(err)
	var report ciao.Report
	if person {
		report, err = s.Consult(w.t.Context(), act("ciao.consult"))
	} else {
		report, err = s.Send(w.t.Context(), ciao.SendOptions{Patience: time.Minute})
	}
	w.must(err)
	return report.Consulted
}

// phone lets a worker register by phone about that long ago.
func (w *consulting) phone(worker int, ago time.Duration, is app.RegistrationType) int64 {
	w.t.Helper()
	id, err := w.register.Phone(register.Phoned{SSIN: madeUpSSIN(worker).Reveal(), Type: is, Time: w.time.Time().Add(-ago), Declaration: phoneDeclaration, Employer: ownNumber})
	w.must(err)
	return id
}

// readTo is up to when all is known of the phones of the site.
func (w *consulting) readTo() app.Instant {
	w.t.Helper()
	plan, err := w.plan(w.t.Context(), false)
	w.must(err)
	return plan.Sites[0].ReadTo
}

func TestAConsultationFindsWhoRegisteredByPhone(t *testing.T) {
	w := newConsulting(t, 3)
	w.punch(0, 3*time.Hour, app.KeyIn)
	w.boxRead()
	w.enqueue()
	w.consult(false)
	first := w.register.Stats().Requests["query"]
	in := w.phone(1, 2*time.Hour, app.RegisterIn)
	w.time.pass(5 * time.Minute)
	if told := w.consult(true); told != nil || w.register.Stats().Requests["query"] != first {
		t.Error("the register was asked again within ten minutes")
	}
	w.time.pass(20 * time.Minute)
	w.wanted = false
	if told := w.consult(false); told != nil {
		t.Error("the register was asked although nothing waits")
	}
	told := w.consult(true)
	if told == nil || told.By != ciao.ByDeclaration || told.Code != "" || told.New != 1 || told.Ours != 1 || told.Sites != 1 {
		t.Fatalf("%+v", told)
	}
	w.is(in, app.EntryRegistered, "")
	if got := w.readTo(); got != told.ReadTo || got > w.time.Now() || w.time.Now().Sub(got) > 15*time.Minute {
		t.Errorf("known up to %s, it is %s", got, w.time.Now())
	}
	w.time.pass(11 * time.Minute)
	w.register.Judge(in, "invalid", false)
	if told := w.consult(true); told.Changed != 1 || w.entry(in).Validity != "invalid" {
		t.Errorf("%+v", told)
	}
	if len(w.phoneTaps()) != 1 {
		t.Error("an invalid one does not count")
	}
}

func TestWhereNothingOfOursIsThereANumberProvesTheSearch(t *testing.T) {
	w := newConsulting(t, 2)
	w.boxRead()
	if told := w.consult(true); told.Code != ciao.CodeUnproven || told.Sites != 0 || w.readTo() != 0 {
		t.Errorf("an empty answer proved something: %+v", told)
	}
	w.phone(1, 2*time.Hour, app.RegisterIn)
	w.time.pass(11 * time.Minute)
	if told := w.consult(true); told.Code != "" || told.New != 1 || told.Sites != 1 {
		t.Errorf("%+v", told)
	}
}

func TestWhereNobodyAsksByDeclarationPersonsAreAskedAbout(t *testing.T) {
	for _, form := range []string{"off", "bad-request", "forbidden", "ignores-filters", "finds-nothing"} {
		t.Run(form, func(t *testing.T) {
			w := newConsulting(t, 25)
			w.register.Set(register.Settings{ByDeclaration: form})
			w.punch(0, 3*time.Hour, app.KeyIn)
			w.boxRead()
			w.enqueue()
			w.send(time.Minute)
			w.time.pass(11 * time.Minute)
			in := w.phone(24, 2*time.Hour, app.RegisterIn)
			_, err := w.register.Phone(register.Phoned{SSIN: madeUpSSIN(3).Reveal(), Type: app.RegisterIn, Declaration: "1Y1003SQ5VSSY", Employer: ownNumber})
			w.must(err) // of another company's works
			before := w.register.Stats().Requests["query"]
			told := w.consult(true)
			if told.By != ciao.ByPerson || told.Asked != 20 || told.Sites != 0 || w.readTo() != 0 {
				t.Errorf("%+v", told)
			}
			if n := w.register.Stats().Requests["query"] - before; n > 23 {
				t.Errorf("%d searches in one run", n)
			}
			w.time.pass(11 * time.Minute)
			before = w.register.Stats().Requests["query"]
			told = w.consult(true)
			if told.Sites != 1 || w.readTo() == 0 || told.Code != "" {
				t.Errorf("everyone was asked about: %+v", told)
			}
			if n := w.register.Stats().Requests["query"] - before; n > 21 {
				t.Errorf("%d searches: what the register does not offer was asked again", n)
			}
			if w.entry(in).State != app.EntryRegistered || len(w.phoneTaps()) != 1 {
				t.Errorf("%+v", w.entry(in))
			}
		})
	}
}

// A register that stumbles over a question by declaration, and never says that it does not know it: after three times persons are asked about.
func TestWhereTheQuestionByDeclarationAlwaysFailsPersonsAreAskedAbout(t *testing.T) {
	for _, form := range []string{"error", "page"} {
		t.Run(form, func(t *testing.T) {
			w := newConsulting(t, 5)
			w.register.Set(register.Settings{ByDeclaration: form})
			w.punch(0, 3*time.Hour, app.KeyIn)
			w.boxRead()
			w.enqueue()
			w.send(time.Minute)
			w.time.pass(11 * time.Minute)
			in := w.phone(4, 2*time.Hour, app.RegisterIn)
			for n := range 3 {
				if told := w.consult(true); n < 2 && (told == nil || told.Code == "" || told.By != ciao.ByDeclaration) {
					t.Errorf("consultation %d: %+v", n, told)
				}
				w.time.pass(11 * time.Minute)
			}
			before := w.register.Stats().Requests["query"]
			w.consult(true)
			if w.readTo() == 0 || w.entry(in).State != app.EntryRegistered {
				t.Errorf("known up to %v, %+v", w.readTo(), w.entry(in))
			}
			if n := w.register.Stats().Requests["query"] - before; n > 7 {
				t.Errorf("%d searches for 5 people", n)
			}
		})
	}
}

// Where our own people register by phone nowhere, a person who asks sees all the same what people of other employers registered there.
func TestAPersonSeesWhatOthersRegisteredWhereNobodyPhones(t *testing.T) {
	w := newConsulting(t, 2)
	w.noPhones = true
	w.punch(0, 3*time.Hour, app.KeyIn)
	w.boxRead()
	w.enqueue()
	w.send(time.Minute)
	w.time.pass(11 * time.Minute)
	_, err := w.register.Phone(register.Phoned{SSIN: madeUpSSIN(70).Reveal(), Type: app.RegisterIn, Time: w.time.Time().Add(-time.Hour),
		Declaration: phoneDeclaration, Employer: "0403170701"})
	w.must(err)
	told := w.consult(true)
	others, err := w.store.OtherEntries(t.Context(), ciao.OtherFilter{Environment: app.LocalSimulator})
	w.must(err)
	if told == nil || told.Others != 1 || told.Sites != 0 || len(others) != 1 || others[0].Who != madeUpSSIN(70).Masked() {
		t.Errorf("told %+v, others %+v", told, others)
	}
	w.register.Set(register.Settings{ByDeclaration: "off"})
	w.time.pass(11 * time.Minute)
	before := w.register.Stats().Requests["query"]
	if told = w.consult(true); told.Code == "" || w.register.Stats().Requests["query"]-before > 2 {
		t.Errorf("told %+v after %d searches", told, w.register.Stats().Requests["query"]-before)
	}
}

// A clock that was years ahead while consulting failed, or was learnt not to be offered, delays no consultation afterwards.
func TestAClockThatWasAheadDelaysNoConsultation(t *testing.T) {
	const ahead = 5 * 365 * 24 * time.Hour
	for _, form := range []string{"error", "off"} {
		t.Run(form, func(t *testing.T) {
			w := newConsulting(t, 3)
			w.punch(0, 3*time.Hour, app.KeyIn)
			w.boxRead()
			w.enqueue()
			w.send(time.Minute)
			w.register.Set(register.Settings{ByDeclaration: form})
			w.time.pass(ahead)
			w.consult(true)
			w.time.pass(11*time.Minute - ahead)
			w.register.Set(register.Settings{})
			in := w.phone(2, 2*time.Hour, app.RegisterIn)
			if told := w.consult(true); told == nil || told.By != ciao.ByDeclaration || w.entry(in).State != app.EntryRegistered {
				t.Errorf("told %+v", told)
			}
		})
	}
}

func TestAConsultationThatFailsDelaysNoRegistering(t *testing.T) {
	w := newConsulting(t, 2)
	w.register.Add(register.Fault{Kind: register.ErrorBefore, Status: 500, Operation: "query", Times: 100})
	w.punch(0, time.Hour, app.KeyIn)
	w.enqueue()
	w.consult(false)
	if r := w.registrations()[0]; r.State != app.RegAccepted {
		t.Errorf("it is %s", r.State)
	}
	state, err := w.store.SenderState(t.Context(), app.LocalSimulator)
	w.must(err)
	if state.Stopped != "" || state.FailingSince != 0 || state.NotBefore > w.time.Now() {
		t.Errorf("%+v", state)
	}
	w.register.Clear()
	w.phone(1, 30*time.Minute, app.RegisterIn)
	w.time.pass(15 * time.Minute)
	if told := w.consult(true); told == nil || told.New != 1 {
		t.Errorf("%+v", told)
	}
}

// Whom the register knows by another number by now, it is that person all the same.
func TestAPersonAskedAboutIsKnownByAnotherNumber(t *testing.T) {
	w := newConsulting(t, 2)
	w.boxRead()
	in := w.phone(1, time.Hour, app.RegisterIn)
	w.register.Set(register.Settings{ByDeclaration: "off", Renumbered: map[string]string{madeUpSSIN(1).Reveal(): madeUpSSIN(70).Reveal()}})
	w.consult(true)
	if e := w.entry(in); e.WorkerID != w.facts.Workers[1].ID {
		t.Errorf("%+v", e)
	}
}

// What is asked every ten minutes is one reading a day as long as nothing new comes, and who derives hears of it.
func TestConsultationsOfADayAreOneReading(t *testing.T) {
	w := newConsulting(t, 2)
	w.boxRead()
	w.phone(1, 2*time.Hour, app.RegisterIn)
	w.consult(true)
	before, err := w.store.Fetched(t.Context(), store.Since{}, func(app.LogKey) store.RecordSink { return nobody{} })
	w.must(err)
	known := w.readTo()
	for range 3 {
		w.time.pass(11 * time.Minute)
		w.consult(true)
	}
	readings, err := w.store.Readings(t.Context())
	w.must(err)
	n := 0
	for _, r := range readings {
		if r.Source == app.FromRegister {
			n++
		}
	}
	if n != 1 || w.readTo() <= known {
		t.Errorf("%d readings, known up to %s", n, w.readTo())
	}
	after, err := w.store.Fetched(t.Context(), before.Since, func(app.LogKey) store.RecordSink { return nobody{} })
	w.must(err)
	if n := len(after.Readings); n == 0 || after.Readings[n-1].ReadTo != w.readTo() {
		t.Errorf("%+v", after.Readings)
	}
}

// A register that cannot tell is asked once an hour by itself, however much waits.
func TestARegisterThatCannotTellIsLeftAlone(t *testing.T) {
	w := newConsulting(t, 2)
	w.register.Set(register.Settings{Query: "off"})
	w.boxRead()
	w.consult(false)
	before := w.register.Stats().Requests["query"]
	for range 5 {
		w.time.pass(11 * time.Minute)
		w.consult(false)
	}
	if n := w.register.Stats().Requests["query"] - before; n != 0 {
		t.Errorf("%d searches within an hour", n)
	}
}

// What is pending is asked about until the register has judged it, however long ago it was.
func TestWhatIsPendingIsAskedAboutAgain(t *testing.T) {
	w := newConsulting(t, 2)
	w.register.Set(register.Settings{ValidAfterSeconds: 20 * 24 * 3600})
	w.boxRead()
	in := w.phone(1, 2*time.Hour, app.RegisterIn)
	w.consult(true)
	w.time.pass(10 * 24 * time.Hour)
	w.consult(true)
	w.time.pass(5 * 24 * time.Hour)
	w.register.Judge(in, "invalid", false)
	w.consult(true)
	if e := w.entry(in); e.Validity != "invalid" || !e.Counts() {
		t.Errorf("%+v", e)
	}
}
