package office_test

import (
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/derived"
	"klokkast/app/papers"
	"klokkast/app/sending"
)

// anOn2November is how An's second of November stands: "08:00 12:00", "08:00 ?".
func (b *bench) anOn2November() (edges []string) {
	b.t.Helper()
	day := app.NewDate(2026, 11, 2)
	clock := func(s *app.Side) string {
		if s == nil {
			return "?"
		}
		return s.At.In(b.zone).Format("15:04")
	}
	for _, p := range must[[]app.Presence](b.t)(b.Derived.Presences(b.t.Context(), app.Days{From: day, To: day}, b.an.ID, "")) {
		edges = append(edges, clock(p.In)+" "+clock(p.Out))
	}
	return edges
}

func (b *bench) stands(want ...string) {
	b.t.Helper()
	got := b.anOn2November()
	if len(got) != len(want) {
		b.t.Fatalf("An's day is %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			b.t.Errorf("An's day is %q, want %q", got, want)
		}
	}
}

// held counts what is held, by reason.
func (b *bench) held() map[app.HeldReason]int {
	b.t.Helper()
	m := map[app.HeldReason]int{}
	for _, r := range must[[]sending.RegisterRow](b.t)(b.Register.Rows(b.t.Context(), sending.RegisterFilter{State: app.RegHeld}, 0)) {
		m[r.Held]++
	}
	return m
}

func (b *bench) send() ciao.Report {
	b.t.Helper()
	return must[ciao.Report](b.t)(b.Register.Send(b.t.Context(), nil))
}

// An registers by phone at eight and taps the box a little later; she leaves with the box.
// The register gets her OUT alone, with the declaration of her IN.
func TestPhoneAndBoxAreOneAct(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	other := must[app.Declaration](t)(b.Sites.SaveDeclaration(ctx, app.Declaration{Number: "2Y1003SQ5VSSZ"}, why))
	if err := b.Sites.LinkDeclaration(ctx, app.DeclarationSite{DeclarationID: other.ID, SiteID: b.site.ID}, why); err != nil {
		t.Fatal(err)
	}
	must[int64](t)(reg.Phone(register.Phoned{
		SSIN: b.an.SSIN.Reveal(), Type: app.RegisterIn, Time: b.at("2026-11-02 08:00").Time(), Declaration: other.Number, Employer: "0123456749",
	}))
	must[int](t)(b.read(tap{"04A1", "2026-11-02 08:07", app.KeyNone}))
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	must[int](t)(b.read(tap{"04A1", "2026-11-02 12:00", app.KeyOut}))
	b.afterReading()
	b.stands("08:00 12:00")
	if h := b.held(); h[app.HeldByPhone] != 1 || len(h) != 1 {
		t.Errorf("held: %v", h)
	}
	if report := b.send(); report.Accepted != 1 {
		t.Errorf("%+v", report)
	}
	rows := must[[]app.Registration](t)(b.store.Registrations(ctx, ciao.RegistrationFilter{Environment: app.LocalSimulator}))
	if len(rows) != 1 || rows[0].Type != app.RegisterOut || rows[0].Declaration != other.Number {
		t.Errorf("%+v", rows)
	}
	for _, p := range must[[]derived.PunchRow](t)(b.Derived.PunchRows(ctx, derived.PunchFilter{WorkerID: b.an.ID})) {
		if p.Punch.Key.ByRegister() && p.Registration != nil {
			t.Errorf("what she registered by phone was sent: %+v", p)
		}
	}
	s := must[*papers.InspectionSheet](t)(b.Papers.InspectionSheet(ctx, b.site.ID, b.now))
	if len(s.Last) != 3 || !s.Last[2].ByPhone || s.Last[2].RegisterID == 0 || s.Last[2].Employer != "Blinkend Schoon BV" || s.Last[1].Held != app.HeldByPhone {
		t.Errorf("an inspector sees %+v", s.Last)
	}
	if len(s.There.Boxes) != 2 || !s.There.People[0].InByPhone || s.There.People[0].OutByPhone {
		t.Errorf("an inspector sees %+v", s.There)
	}
	for _, r := range must[[]app.Reading](t)(b.Boxes.Readings(ctx, "")) {
		if r.Log.ByRegister() {
			t.Errorf("a reading of a box: %+v", r)
		}
	}
	if n := len(must[[]app.Box](t)(b.store.Boxes(ctx))); n != 1 {
		t.Errorf("%d boxes", n)
	}
}

// What An tapped without a key waits until the register was asked, and goes at once then. (Bart's
// tap goes first: by it the question is known to find what is there.)
func TestAKeylessTapWaitsForThePhones(t *testing.T) {
	b := newBench(t)
	b.atRegister()
	b.withPhones()
	must[int](t)(b.read(tap{"04B2", "2026-11-02 07:00", app.KeyIn}, tap{"04A1", "2026-11-02 08:00", app.KeyNone}))
	b.afterReading()
	if h := b.held(); h[app.HeldPhonesUnchecked] != 1 || len(h) != 1 {
		t.Errorf("held: %v", h)
	}
	if report := b.send(); report.Accepted != 2 || report.Consulted == nil || report.Consulted.Code != "" {
		t.Errorf("%d %+v", report.Accepted, report.Consulted)
	}
	if h := b.held(); len(h) != 0 {
		t.Errorf("held: %v", h)
	}
}

// A person's word that the phones were checked frees it, too; without search it is what there is.
func TestAPersonCheckedThePhones(t *testing.T) {
	b := newBench(t)
	b.atRegister()
	b.withPhones()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 08:00", app.KeyNone}))
	must[app.ID](t)(b.Phones.Checked(t.Context(), b.site.ID, b.at("2026-11-02 19:59"), "looked at the NSSO"))
	if h := b.held(); len(h) != 0 {
		t.Errorf("held: %v", h)
	}
}

// What was sent, and turns out to be registered by phone besides, stays, and is said.
func TestSentAndByPhoneBesides(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 08:00", app.KeyIn}, tap{"04A1", "2026-11-02 12:00", app.KeyOut}))
	b.afterReading()
	if report := b.send(); report.Accepted != 2 {
		t.Fatalf("%+v", report)
	}
	id := b.phone(reg, b.an.SSIN, "2026-11-02 07:52", app.RegisterIn, "0123456749")
	b.now = b.at("2026-11-02 20:30")
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	b.stands("07:52 12:00")
	found := b.anomalies(app.CorrectionDue)
	if len(found) != 1 || !app.FactByPhone.Get(&found[0].Anomaly) {
		t.Fatalf("%+v", found)
	}
	b.now = b.at("2026-11-03 08:00") // proposed from the next day on
	list := must[[]sending.DossierRow](t)(b.Dossiers.Rows(ctx))
	if len(list) != 1 || list[0].Dossier.Correction.Kind != app.CorrectExtra {
		t.Errorf("%+v", list)
	}
	// Cancelled at the register it counts no more, and ours stands there alone.
	reg.Judge(id, "", true)
	b.now = b.at("2026-11-03 09:00")
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	b.stands("08:00 12:00")
	if found := b.anomalies(app.CorrectionDue); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

// What is queued, and turns out to be registered by phone before it left, waits for a person.
func TestQueuedAndByPhone(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 08:00", app.KeyIn}))
	b.afterReading()
	if err := b.Register.QueueRest(ctx); err != nil {
		t.Fatal(err)
	}
	b.phone(reg, b.an.SSIN, "2026-11-02 07:52", app.RegisterIn, "0123456749")
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	if report := b.send(); report.Accepted != 0 {
		t.Errorf("%+v", report)
	}
	asked := must[*sending.Asked](t)(b.Register.AskedAbout(ctx, sending.RegistrationChoice{}))
	if len(asked.Rows) != 1 || asked.Rows[0].Answer != ciao.CodeByPhone {
		t.Fatalf("%+v", asked)
	}
	if n := must[int](t)(b.Register.DecideAll(ctx, sending.RegistrationChoice{}, ciao.DecideDrop, why)); n != 1 {
		t.Errorf("%d", n)
	}
	b.stands("07:52 ?")
	b.now = b.at("2026-11-03 08:00")
	if found, list := b.anomalies(app.RefusedRule), must[[]sending.DossierRow](t)(b.Dossiers.Rows(ctx)); len(found)+len(list) != 0 {
		t.Errorf("the register has it by phone: %+v %+v", found, list)
	}
}

// The register judges it invalid: the hours count, and somebody has to look.
func TestAnInvalidRegistrationByPhoneCounts(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	id := b.phone(reg, b.an.SSIN, "2026-11-02 08:00", app.RegisterIn, "0123456749")
	b.phone(reg, b.an.SSIN, "2026-11-02 12:00", app.RegisterOut, "0123456749")
	reg.Judge(id, ciao.ValidityInvalid, false)
	must[int](t)(b.read())
	must[*ciao.Consulted](t)(b.Phones.Consult(t.Context()))
	b.stands("08:00 12:00")
	if found := b.anomalies(app.RefusedRule); len(found) != 1 || !app.FactByPhone.Get(&found[0].Anomaly) {
		t.Errorf("%+v", found)
	}
}

// What another environment's register shows is nobody's hours here, and its consultations prove nothing.
func TestPhonesOfAnotherEnvironment(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 07:00", app.KeyNone}))
	at := b.at("2026-11-02 12:00")
	kept := must[ciao.Kept](t)(b.store.KeepEntries(ctx, ciao.Showing{
		Environment: app.Production, Source: app.FromRegister, At: b.now, ReadTo: map[app.ID]app.Instant{b.site.ID: b.now},
		Entries: []ciao.FoundRegistration{{ID: 77, RegisterItem: ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: at}, SSIN: b.an.SSIN.Reveal(),
			Type: app.RegisterOut, Employer: ciao.WireEmployer{EnterpriseNumber: "0123456749"}, Declaration: "1Y1003SQ5VSSZ"}}},
	}))
	if kept.New != 1 {
		t.Fatalf("%+v", kept)
	}
	b.refresh()
	b.stands("07:00 ?")
	if h := b.held(); h[app.HeldPhonesUnchecked] != 1 {
		t.Errorf("held: %v", h)
	}
	b.phone(reg, b.an.SSIN, "2026-11-02 11:00", app.RegisterOut, "0123456749")
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	b.stands("07:00 11:00")
}
