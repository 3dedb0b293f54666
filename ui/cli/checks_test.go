package cli

import (
	"context"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/store"
	"klokkast/ui/officetest"
)

func TestPreflight(t *testing.T) {
	c := officetest.New(t)
	c.AtRegister()
	c.Unmeasured()
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	c.Read(officetest.In("2026-11-04 07:00"), officetest.Out("2026-11-04 11:00"), officetest.Tap{Card: "04B2C3D4", At: "2026-11-23 07:00", Key: app.KeyIn})
	asked(t, c, "plan add L1 --worker 008 --on 2026-11-23 --hours 14:00-15:00")
	got := klokkast(t, c, nil, "--lang", "en", "ciao", "preflight", "--day", "2026-11-23", "--site", "L1")
	wantText(t, got.out, "Peeters Bart", "no SSIN entered", "complete the worker’s details", "would be refused", "planned", "punched", "Stadhuis Leuven")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, klokkast(t, c, nil, "ciao", "preflight", "--json", "--day", "2026-11-23").out), map[string]any{
		"refused": true, "causes.0.code": "ssin-missing", "causes.0.name": "Peeters Bart", "causes.0.remedy": "complete-identity",
		"lines.0.worker": "Peeters Bart", "lines.0.site": "Stadhuis Leuven", "lines.0.day": "2026-11-23", "lines.0.source": "punch", "lines.2.source": "shift", "days.from": "2026-11-23",
	})
	for _, none := range []string{"--day 2026-11-23 --site ponta", "--day 2026-11-23 --worker anna"} {
		if lines := at(t, asked(t, c, "ciao preflight "+none), "lines").([]any); len(lines) != 0 {
			t.Errorf("%s: %v", none, lines)
		}
	}
	wantText(t, said(t, c, "ciao preflight --day 2026-11-04 --worker anna"), "waits for you") // what only waits is no failure
	want(t, asked(t, c, "ciao preflight --day 2026-11-04 --worker anna"), map[string]any{"refused": false, "causes.0.refused": false})
	if got := klokkast(t, c, nil, "ciao", "preflight", "--day", "2026-11-23", "--month", "2026-11"); got.code != ExitUsage {
		t.Errorf("a day and a month: %d", got.code)
	}
}

// Each line names a person and a site, or what else it is about.
func TestEachLineOfThePreflightSaysWhoAndWhere(t *testing.T) {
	c := officetest.New(t) // no credential; Bart has no number, and neither punch nor shift
	wantText(t, klokkast(t, c, nil, "--lang", "en", "ciao", "preflight", "--day", "2026-11-23").out, "the whole company", "every site")
	for _, l := range at(t, object(t, klokkast(t, c, nil, "ciao", "preflight", "--json", "--day", "2026-11-23").out), "lines").([]any) {
		if line := l.(map[string]any); line["who"] == "" || line["where"] == "" {
			t.Errorf("it does not say who or where: %v", line)
		}
	}
}

func TestRadar(t *testing.T) {
	c := officetest.New(t)
	asked(t, c, "declaration add 1Y1003SQ5VSSZ --from 2026-11-05 --to 2026-11-30")
	asked(t, c, "declaration add 1Y1003SQ5VSSA --from 2026-12-01 --to 2027-12-31")
	asked(t, c, "declaration link 1Y1003SQ5VSSA L1")
	c.Read(officetest.In("2026-11-03 07:00"), officetest.Out("2026-11-03 11:00"), officetest.In("2026-11-04 07:00"), officetest.Out("2026-11-04 11:00"))
	wantText(
		t,
		said(t, c, "declaration radar"),
		"punches on days without a declaration",
		"ends soon, another follows",
		"Stadhuis Leuven",
		"03/11/2026, 04/11/2026",
	)
	want(t, asked(t, c, "declaration radar"), map[string]any{
		"items.0.code": "outside", "items.0.punches": 4, "items.1.code": "ending", "items.1.daysLeft": 7, "items.1.covered": true, "items.1.site": "Stadhuis Leuven",
	})
}

func TestReconcile(t *testing.T) {
	c := officetest.New(t)
	if got := klokkast(t, c, nil, "ciao", "reconcile", "--last"); got.code != ExitFine {
		t.Errorf("none yet: %d", got.code)
	}
	reg := c.AtRegister()
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	c.Read(officetest.In("2026-11-20 07:00"), officetest.Out("2026-11-20 11:00"), officetest.Tap{Card: "04B2C3D4", At: "2026-11-21 08:00", Key: app.KeyIn})
	asked(t, c, "ciao send")
	extra := reg.Stored()[0].RegisterItem
	extra.RegistrationDate = reg.Stored()[1].RegistrationDate
	id := officetest.Must(reg.Put(extra))(t)
	c.Now = c.Now.Add(time.Hour)
	got := klokkast(t, c, nil, "--lang", "en", "ciao", "reconcile", "--month", "2026-11")
	wantText(
		t,
		got.out,
		"in the register, not punched here",
		"make a correction dossier",
		"9007199254741002",
		"Asked: 1 of 2",
		"no SSIN to ask by",
		"Peeters Bart",
	)
	if got.code != ExitFailed || id != 9007199254741002 {
		t.Errorf("exit code %d, number %d", got.code, id)
	}
	last := object(t, klokkast(t, c, nil, "ciao", "reconcile", "--last", "--json").out)
	want(
		t,
		last,
		map[string]any{"complete": false, "reconciliation.persons.1.problem": "no-ssin", "reconciliation.by": "Els", "reconciliation.days.from": "2026-11-01"},
	)
	extras := 0
	for _, d := range at(t, last, "reconciliation.differences").([]any) {
		if at(t, d, "kind") == "extra" && at(t, d, "step") == "dossier" {
			extras++
		}
	}
	if extras != 1 {
		t.Errorf("%d extras in %v", extras, last)
	}
	one := object(t, klokkast(t, c, nil, "ciao", "reconcile", "--month", "2026-11", "--worker", "anna", "--json").out)
	if persons := at(t, one, "reconciliation.persons").([]any); len(persons) != 1 {
		t.Errorf("of Anna alone: %v", persons)
	}
	reg.Set(register.Settings{Query: "finds-nothing"})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "ciao", "reconcile", "--month", "2026-11").out, "Cannot tell:")
	if got := klokkast(t, c, nil, "ciao", "reconcile", "--last", "--month", "2026-11"); got.code != ExitUsage {
		t.Errorf("the last of a month: %d", got.code)
	}
}

// What the register holds otherwise names the fields, and its number exactly, also beyond what a float holds.
func TestReconcileNamesWhatIsOtherwise(t *testing.T) {
	c := officetest.New(t)
	c.Parts.Store = comparing{c.Store, otherwise(c)}
	wantText(
		t,
		klokkast(t, c, nil, "--lang", "en", "ciao", "reconcile", "--last").out,
		"otherwise in the register: place and time",
		"make a correction dossier",
		"9007199254740993",
	)
}

// comparing is a database in which a comparison was kept.
type comparing struct {
	store.Store
	kept ciao.Reconciliation
}

func (s comparing) Reconciliations(context.Context, app.Environment, int) ([]ciao.Reconciliation, error) {
	return []ciao.Reconciliation{s.kept}, nil
}

// otherwise is a comparison that found one of Anna's registrations with another place and time.
func otherwise(c *officetest.Company) ciao.Reconciliation {
	key := officetest.Key(7)
	return ciao.Reconciliation{ID: "r1", Environment: app.LocalSimulator, Days: october, By: "Els", At: c.Now,
		Persons: []ciao.AskedPerson{{WorkerID: c.Anna.ID, Asked: true, Ours: 2, Theirs: 3}},
		Differences: []ciao.Difference{
			{Kind: ciao.DiffDifferent, Step: ciao.StepDossier, WorkerID: c.Anna.ID, SiteID: c.Site.ID, Punch: &key, RegisterID: 1<<53 + 1,
				Type: app.RegisterIn, At: instant("2026-10-05T05:00:00Z"), Fields: []string{"place", "time"}},
		}}
}

// withDossiers is a company with the dossier of a punch that the register refused, and a proposal: a statement that only the
// NSSO can enter. It gives the id of the dossier.
func withDossiers(t *testing.T) (c *officetest.Company, id string) {
	t.Helper()
	c, box := atBox(t)
	reg := c.AtRegister()
	tapAt(t, c, box, "2026-10-20 07:00", app.KeyIn)
	c.Now = c.At("2026-10-20 12:00")
	checked(t, c)
	asked(t, c, "box read")
	reg.Set(register.Settings{Declarations: []string{"1Y1003SQ5VSSA"}})
	asked(t, c, "ciao send")
	c.Now = c.At("2026-11-05 12:00")
	id = at(t, asked(t, c, "dossier make --all"), "ids.0").(string)
	c.Now = c.At(officetest.Now)
	c.Do(
		c.Office().Judgements.AdjustPresence(
			t.Context(),
			app.Adjustment{EngagementID: c.OfAnna.ID, SiteID: c.Site.ID, Reason: "box-broken", From: c.At("2026-10-27 06:00"), To: c.At("2026-10-27 10:00")},
		),
	)
	return c, id
}

func TestDossiersAreListedWithTheirCountdown(t *testing.T) {
	c, id := withDossiers(t)
	asked(t, c, "dossier hand-in "+id+" --on 2026-11-06 --reference RSZ-1")
	list := asked(t, c, "dossier list")
	wantText(t, said(t, c, "dossier list"), "proposed", "3 days left", "missing|", "handed in on 06/11/2026", id)
	want(t, list, map[string]any{
		"dossiers.1.state": "proposed", "dossiers.1.deadline.daysLeft": 3, "dossiers.1.deadline.urgency": "urgent", "dossiers.1.worker": "Peeters Anna", "dossiers.1.stands": true,
		"dossiers.0.state": "handed-in",
	})
	if others := at(t, asked(t, c, "dossier list --worker bart"), "dossiers").([]any); len(others) != 0 {
		t.Errorf("Bart's: %v", others)
	}
	second := at(t, asked(t, c, "dossier make --all"), "ids.0").(string)
	asked(t, c, "dossier hand-in "+second+" --on 2026-11-22")
	asked(t, c, "adjustment withdraw "+at(t, list, "dossiers.1.correction.adjustment").(string)+" --yes")
	wantText(t, said(t, c, "dossier list"), "handed in on 22/11/2026 (no longer so)")
}

func TestADossierIsShownMadeAndStepped(t *testing.T) {
	c, id := withDossiers(t)
	wantText(
		t,
		said(t, c, "dossier show "+id),
		"request for correction",
		"refused by your register",
		"0200000000000111",
		"chain proven up to 2",
		officetest.AnnaMasked,
	)
	made := asked(t, c, "dossier make --all")
	want(t, made, map[string]any{"kind": "dossier"})
	if list := at(t, made, "ids").([]any); len(list) != 1 {
		t.Errorf("made %v", list)
	}
	if got := klokkast(t, c, nil, "dossier", "make"); got.code != ExitUsage {
		t.Errorf("of nothing: %d", got.code)
	}
	asked(t, c, `dossier hand-in `+id+` --on 2026-11-06 --reference RSZ-1 --note "by post"`)
	asked(t, c, "dossier answer "+id+" --as partly --on 2026-11-10")
	second := at(t, made, "ids.0").(string)
	asked(t, c, "dossier drop "+second+` --why "read after all"`)
	wantReasons(t, c, []string{"--note", "by post", "--why", "read after all"})
	want(t, asked(t, c, "dossier list"), map[string]any{
		"dossiers.1.id": id, "dossiers.1.state": "answered", "dossiers.1.steps.0.reference": "RSZ-1", "dossiers.1.steps.0.note": "by post", "dossiers.1.steps.0.day": "2026-11-06",
		"dossiers.1.steps.1.outcome": "partly", "dossiers.1.steps.1.day": "2026-11-10", "dossiers.0.id": second, "dossiers.0.state": "dropped", "dossiers.0.steps.0.note": "read after all",
	})
	if got := klokkast(t, c, nil, "dossier", "answer", id, "--as", "maybe"); got.code != ExitUsage {
		t.Errorf("an answer nobody gives: %d", got.code)
	}
}

// TestStatusSaysWhatIsUp: in words, and in fields for scripts.
func TestStatusSaysWhatIsUp(t *testing.T) {
	tapped := func(t *testing.T) (*officetest.Company, *register.Register) {
		c := officetest.New(t)
		reg := c.AtRegister()
		c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
		return c, reg
	}
	t.Run("an outage", func(t *testing.T) {
		c, reg := tapped(t)
		reg.Add(register.Fault{Kind: register.DropBefore}, register.Fault{Kind: register.DropBefore, Operation: "query"})
		klokkast(t, c, nil, "ciao", "send")
		wantText(t, said(t, c, "ciao status"), "2 registrations of unknown fate")
		want(t, asked(t, c, "ciao status"), map[string]any{"states.unknown": 2, "nextLookUp": "2026-11-23T11:00:01.000Z"})
		c.Now = c.Now.Add(time.Hour)
		klokkast(t, c, nil, "ciao", "send")
		wantText(t, said(t, c, "ciao status"), "2 punches wait")
		want(t, asked(t, c, "ciao status"), map[string]any{"outage": "2026-11-23T11:00:00.000Z"})
	})
	t.Run("no mandate", func(t *testing.T) {
		c, reg := tapped(t)
		reg.Set(register.Settings{Forbidden: []string{"0123456749"}})
		klokkast(t, c, nil, "ciao", "send")
		wantText(t, said(t, c, "ciao status"), "0123.456.749")
		want(t, asked(t, c, "ciao status"), map[string]any{"parked.0": "0123456749"})
	})
	t.Run("a wrong clock", func(t *testing.T) {
		c, reg := tapped(t)
		reg.SetClock(c.Now.Time().Add(3 * time.Minute))
		klokkast(t, c, nil, "ciao", "send")
		wantText(t, said(t, c, "ciao status"), "0:03")
		want(t, asked(t, c, "ciao status"), map[string]any{"clockOffMs": 180_500})
	})
	t.Run("another register", func(t *testing.T) {
		c, _ := tapped(t)
		asked(t, c, "ciao send")
		c.AtRegister()
		for range 4 {
			c.Now = c.Now.Add(10 * time.Hour)
			klokkast(t, c, nil, "ciao", "send")
		}
		wantText(t, said(t, c, "ciao status"), "knows nothing of what was sent")
		status := object(t, klokkast(t, c, nil, "--lang", "en", "--json", "ciao", "status").out)
		want(t, status, map[string]any{"notices.0": "This register knows nothing of what was sent from here: another environment, or a new simulator?"})
		if at(t, status, "stranger") == nil {
			t.Error("since when is not said")
		}
	})
}
