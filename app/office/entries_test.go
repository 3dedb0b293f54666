package office_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/sending"
)

// withPhones lets people register by phone at the bench's site.
func (b *bench) withPhones() {
	b.t.Helper()
	site := b.site
	site.Phones = true
	b.site = must[app.Site](b.t)(b.Sites.SaveSite(b.t.Context(), site, why))
}

// phone lets somebody register by phone at a local time.
func (b *bench) phone(reg *register.Register, ssin app.Secret, at string, is app.RegistrationType, employer string) int64 {
	b.t.Helper()
	return must[int64](b.t)(reg.Phone(register.Phoned{SSIN: ssin.Reveal(), Type: is, Time: b.at(at).Time(), Declaration: "1Y1003SQ5VSSZ", Employer: employer}))
}

// Somebody taps the box in the morning and registers by phone in the evening: one right day.
func TestBadgeInTheMorningPhoneInTheEvening(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:00", app.KeyIn}))
	b.afterReading()
	if report := must[ciao.Report](t)(b.Register.Send(ctx, nil)); report.Accepted != 1 {
		t.Fatalf("%+v", report)
	}
	b.phone(reg, b.an.SSIN, "2026-11-02 14:00", app.RegisterOut, "0123456749")
	b.now = b.at("2026-11-02 20:30")
	must[int](t)(b.read())
	told := must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	if told == nil || told.By != ciao.ByDeclaration || told.New != 1 || told.Code != "" {
		t.Fatalf("%+v", told)
	}
	day := app.NewDate(2026, 11, 2)
	list := must[[]app.Presence](t)(b.Derived.Presences(ctx, app.Days{From: day, To: day}, b.an.ID, ""))
	if len(list) != 1 || list[0].State != app.PresenceComplete || list[0].Start() != b.at("2026-11-02 06:00") || list[0].Out.At != b.at("2026-11-02 14:00") {
		t.Fatalf("%+v", list)
	}
	// It is asked at most every ten minutes.
	b.now = b.now.Add(5 * time.Minute)
	if told := must[*ciao.Consulted](t)(b.Phones.Consult(ctx)); told != nil {
		t.Errorf("asked again: %+v", told)
	}
	if due := must[app.Instant](t)(b.Phones.ConsultDue(ctx)); due != b.at("2026-11-02 20:40") {
		t.Errorf("due at %s", due)
	}
	state := must[*sending.PhonesState](t)(b.Phones.State(ctx))
	if len(state.Sites) != 1 || state.Sites[0].Registered != 1 || state.Behind != 0 || state.Sites[0].Last == nil || state.Sites[0].Last.Source != app.FromRegister {
		t.Errorf("%+v", state)
	}
}

// Whoever sends asks by itself where something waits for it, and otherwise leaves the register alone.
func TestWhoSendsAsksWhereSomethingWaits(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:00", app.KeyIn}))
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	before := reg.Stats().Requests["query"]
	b.now = b.now.Add(20 * time.Minute)
	if report := must[ciao.Report](t)(b.Register.Send(ctx, nil)); report.Consulted != nil || reg.Stats().Requests["query"] != before {
		t.Error("the register was asked although nobody registers by phone")
	}
	b.withPhones()
	if report := must[ciao.Report](t)(b.Register.Send(ctx, nil)); report.Consulted == nil || report.Consulted.Sites != 1 {
		t.Errorf("%+v", report.Consulted)
	}
	b.now = b.now.Add(20 * time.Minute)
	if report := must[ciao.Report](t)(b.Register.Send(ctx, nil)); report.Consulted != nil {
		t.Error("the register was asked although nothing waits")
	}
}

func TestWordsAboutEntriesCanBeUndone(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	id := b.phone(reg, b.an.SSIN, "2026-11-02 19:59", app.RegisterIn, "0123456749")
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	entry := func() app.RegisterEntry {
		return must[[]app.RegisterEntry](t)(b.Phones.Entries(ctx, sending.EntryChoice{IDs: []int64{id}}))[0]
	}
	if e := entry(); e.State != app.EntryBoxOrPhone || e.Waits != app.WaitsForBoxes {
		t.Fatalf("%+v", e)
	}
	if err := b.Phones.Decide(ctx, []int64{id}, app.EntryRegistered, "An told me"); err != nil {
		t.Fatal(err)
	}
	if e := entry(); !e.Counts() || e.Decided != app.EntryRegistered {
		t.Errorf("%+v", e)
	}
	must[string](t)(b.Undo(ctx))
	if e := entry(); e.State != app.EntryBoxOrPhone || e.Decided != "" {
		t.Errorf("%+v", e)
	}
	reading := must[app.ID](t)(b.Phones.Checked(ctx, b.site.ID, b.at("2026-11-02 19:58"), "looked at the NSSO"))
	row := func() sending.PhonesRow { return must[*sending.PhonesState](t)(b.Phones.State(ctx)).Sites[0] }
	if r := row(); r.ReadTo != b.at("2026-11-02 19:58") || r.Last.ID != reading {
		t.Errorf("%+v", r)
	}
	must[string](t)(b.Undo(ctx))
	if r := row(); r.ReadTo != b.at("2026-11-02 19:50") { // the consultation's, ten minutes before it
		t.Errorf("%+v", r)
	}
	var wrong *app.FieldError
	if _, err := b.Phones.Checked(ctx, b.site.ID, b.now.Add(time.Hour), ""); !errors.As(err, &wrong) {
		t.Errorf("a word about tomorrow: %v", err)
	}
}

// Subcontractors' people are listed apart; one that is known at the site and registered nothing is said to be silent.
func TestSubcontractorsAreListedApart(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	b.now = b.at("2026-10-15 20:00")
	sub := must[app.Employer](t)(b.Staff.SaveEmployer(ctx, app.Employer{Name: "Hulp en Poets BV", Kind: app.Subcontractor, Enterprise: "0206731645"}, why))
	b.phone(reg, "05011512353", "2026-10-15 06:00", app.RegisterIn, "0206731645")
	b.phone(reg, "05011512353", "2026-10-15 10:00", app.RegisterOut, "0206731645")
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	rows := must[[]sending.OtherRow](t)(b.Phones.Others(ctx, sending.OtherChoice{}))
	if len(rows) != 2 || rows[0].EmployerID != sub.ID || rows[0].SiteID != b.site.ID || rows[0].Who != "050*****53" || rows[0].Type != app.RegisterOut {
		t.Fatalf("%+v", rows)
	}
	sums := func(from, to app.Date) sending.OtherSum {
		list := must[[]sending.OtherSum](t)(b.Phones.OtherSums(ctx, sending.OtherChoice{Days: app.Days{From: from, To: to}}))
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		return list[0]
	}
	if s := sums(app.NewDate(2026, 10, 1), app.NewDate(2026, 10, 31)); s.Registrations != 2 || s.People != 1 || s.Days != 1 || s.EmployerID != sub.ID {
		t.Errorf("%+v", s)
	}
	if s := sums(app.NewDate(2026, 11, 1), app.NewDate(2026, 11, 30)); s.Registrations != 0 || s.First != 0 {
		t.Errorf("%+v", s)
	}
	if n := len(must[[]app.Presence](t)(b.Derived.Presences(ctx, app.Days{From: app.NewDate(2026, 10, 1), To: app.NewDate(2026, 11, 30)}, "", ""))); n != 0 {
		t.Errorf("%d presences of people who are not ours", n)
	}
}

// A comparison speaks of three sources: what boxes hold, what was sent, and what was registered by phone.
func TestReconcilingKnowsOfPhones(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	b.withPhones()
	ctx := t.Context()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:00", app.KeyIn}))
	b.afterReading()
	must[ciao.Report](t)(b.Register.Send(ctx, nil))
	out := b.phone(reg, b.an.SSIN, "2026-11-02 14:00", app.RegisterOut, "0123456749")
	b.now = b.at("2026-11-02 20:30")
	must[int](t)(b.read())
	day := app.NewDate(2026, 11, 2)
	compare := func() (kinds []ciao.DifferenceKind, byPhone int) {
		r := must[*ciao.Reconciliation](t)(b.Reconciliation.Reconcile(ctx, app.Days{From: day, To: day}, "", nil))
		if r.CannotTell != "" {
			t.Fatal(r.CannotTell)
		}
		for _, d := range r.Differences {
			if d.Kind != ciao.DiffUnacked { // the bench acknowledges nothing
				kinds = append(kinds, d.Kind)
			}
		}
		slices.Sort(kinds)
		for _, p := range r.Persons {
			byPhone += p.ByPhone
		}
		return kinds, byPhone
	}
	b.now = b.at("2026-11-02 22:00") // it was asked last two hours ago
	must[int](t)(b.read())
	if kinds, n := compare(); !slices.Equal(kinds, []ciao.DifferenceKind{ciao.DiffPhoneNew, ciao.DiffPhonesUnread}) || n != 0 {
		t.Errorf("%v, %d by phone", kinds, n)
	}
	must[*ciao.Consulted](t)(b.Phones.Consult(ctx))
	if kinds, n := compare(); len(kinds) != 0 || n != 1 {
		t.Errorf("%v, %d by phone", kinds, n)
	}
	reg.Judge(out, "invalid", true)
	if kinds, _ := compare(); !slices.Equal(kinds, []ciao.DifferenceKind{ciao.DiffPhoneGone}) {
		t.Errorf("%v", kinds)
	}
}
