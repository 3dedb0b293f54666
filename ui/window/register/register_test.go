package register

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/ciao"
	simulated "klokkast/app/ciao/register"
	"klokkast/app/sending"
	"klokkast/app/workspace"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit/kittest"
)

func theRegister(t *testing.T, prepare ...func(*officetest.Company)) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, app.English, prepare...)
	return s, kittest.Shows(s, New(s.Host, s.Office))
}

// heldRegistrations has two punches held as too old, one of which a person leaves out.
func heldRegistrations(c *officetest.Company) {
	c.AtRegister()
	c.Read(officetest.In("2026-09-01 06:00"), officetest.Out("2026-09-01 14:00"),
		officetest.Tap{Card: officetest.AnnaCard, At: "2026-09-02 06:00", Key: app.KeyIn})
}

func TestReleasingTakesOnlyWhatMayBeReleasedAndNamesTheOldest(t *testing.T) {
	s, p := theRegister(t, heldRegistrations, func(c *officetest.Company) {
		c.Do(c.Office().Judgements.IgnorePunches(t.Context(), []app.RecordKey{officetest.Key(3)}, "wrong-key", ""))
	})
	p.held.Select(string(app.NeverIgnored))
	if !p.release.Disabled() {
		t.Error("what is never sent can be released")
	}
	p.held.Select(string(app.HeldBeyondWindow))
	test.Tap(p.release)
	if !strings.Contains(s.Texts(), "01/09/2026") {
		t.Errorf("the oldest is not named: %s", s.Texts())
	}
	s.Types("why", "the box came late")
	s.Host.Form.Row("notRegistered").Control.(interface{ SetChecked(bool) }).SetChecked(true)
	test.Tap(s.Host.Form.Save)
	if !strings.Contains(s.Said, "2 punches released") {
		t.Errorf("status %q, %s", s.Said, s.Texts())
	}
	for _, r := range kittest.MustBe(s.Own().Register.Rows(t.Context(), sending.RegisterFilter{}, 0))(t) {
		if released := r.Registration.State == app.RegQueued; released != (r.Registration.Punch.Seq != 3) {
			t.Errorf("%d is %s", r.Registration.Punch.Seq, r.Registration.State)
		}
	}
}

func TestEnteringTheAccessToTheRegister(t *testing.T) {
	s := kittest.EnterAt(t, app.English, officetest.New(t), func(c *officetest.Company) {
		c.Parts.Exchange.LockWork = cheapLock
		c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Environment = app.Production }))
	})
	p := kittest.Shows(s, New(s.Host, s.Office))
	p.askCredential()
	f := s.Host.Form
	test.Tap(f.Save)
	if !f.Row("clientId").Problem.Visible() || !f.Row("key").Problem.Visible() || !f.Row("passphrase").Problem.Visible() || f.Row("base").Problem.Visible() {
		t.Error("client id, key and passphrase are needed, addresses are known")
	}
	s.NoMissing()
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, keyFile(t, s.Company.Now.Add(time.Hour)), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Types("clientId", " my-client ")
	s.Types("key", file)
	s.Types("passphrase", passphrase)
	test.Tap(f.Save)
	if s.Top() != nil {
		t.Fatalf("not kept: %s", s.Texts())
	}
	if a := kittest.MustBe(s.Own().Connection.Access(t.Context()))(t); !a.Known || a.ClientID != "my-client" || a.Base == "" {
		t.Errorf("kept %+v", a)
	}
}

const (
	passphrase = "twaalf tekens lang"
	cheapLock  = 10 // logarithm of scrypt's cost
)

// keyFile is a private key with a certificate that ends then.
func keyFile(t *testing.T, ends app.Instant) []byte {
	t.Helper()
	key := kittest.MustBe(rsa.GenerateKey(rand.Reader, 2048))(t)
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: ends.Time()}
	signed := kittest.MustBe(x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key))(t)
	private := kittest.MustBe(x509.MarshalPKCS8PrivateKey(key))(t)
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})...)
}

func TestALockedKeyIsSaidAndUnlocked(t *testing.T) {
	s, p := theRegister(t, func(c *officetest.Company) {
		c.Parts.Exchange.LockWork = cheapLock
		c.Do(c.Open().Connection.EnterCredential(t.Context(),
			sending.CredentialEntry{Environment: app.LocalSimulator, ClientID: "my-client", File: keyFile(t, c.Now.Add(20*24*time.Hour)),
				Passphrase: passphrase, Base: "http://127.0.0.1:1/base", Token: "http://127.0.0.1:1/token"}))
	})
	if !p.unlock.Visible() || !strings.Contains(p.stopped.Text, "NOT SENDING: passphrase needed") || !strings.Contains(p.stopped.Text, "ends in 20 days") {
		t.Errorf("not said: %q", p.stopped.Text)
	}
	test.Tap(p.unlock)
	f := s.Host.Form
	s.Types("passphrase", "another one altogether")
	test.Tap(f.Save)
	if !strings.Contains(f.General.Text, "does not fit") {
		t.Errorf("a wrong passphrase: %q", f.General.Text)
	}
	s.Types("passphrase", passphrase)
	test.Tap(f.Save)
	p.Reload()
	if s.Top() != nil || p.unlock.Visible() {
		t.Error("it is still locked")
	}
}

func TestTheConnectionTestShowsEachStep(t *testing.T) {
	s, p := theRegister(t, func(c *officetest.Company) { c.AtRegister() })
	before := s.Asked()
	p.testConnection()
	if s.Asked() == before || !strings.Contains(s.Texts(), "http://127.0.0.1:") {
		t.Errorf("nothing was tried, or nobody is told where: %s", s.Texts())
	}
	rows := stepRows(s.Host, []ciao.StepResult{{Step: ciao.StepKey, State: ciao.StepFine},
		{Step: ciao.StepNetwork, State: ciao.StepFailed, Code: ciao.CodeNoConnection}, {Step: ciao.StepClock, State: ciao.StepSkipped}})
	if rows[1].state != "Failed" || !strings.Contains(rows[1].why, "internet connection") || rows[2].why != "" {
		t.Errorf("shown %+v", rows)
	}
}

func TestAConnectionTestThatCannotBeginKnowsNothing(t *testing.T) {
	s, p := theRegister(t)
	s.BreakDown(kittest.ErrGone)
	p.testConnection()
	if now := kittest.Look(s.Top()); !now.Says("nothing is known of it") || now.Buttons[s.Host.Texts.T("window.load.again")] == nil {
		t.Errorf("%q", now.Texts)
	}
}

func TestSendingThatStoppedCanBeResumed(t *testing.T) {
	s, p := theRegister(t, func(c *officetest.Company) {
		c.AtRegister()
		right := c.Parts.Exchange.Credential
		wrong := *right
		wrong.ClientID = "somebody else"
		c.Parts.Exchange.Credential = &wrong
		c.Read(officetest.In("2026-11-23 06:02"))
		if r := kittest.MustBe(c.Open().Register.Send(t.Context(), nil))(t); r.Stopped == "" {
			t.Fatalf("%+v", r)
		}
		c.Parts.Exchange.Credential = right
	})
	if !p.resume.Visible() || !strings.Contains(p.stopped.Text, "client id") {
		t.Errorf("why it stopped: %q", p.stopped.Text)
	}
	test.Tap(p.resume)
	s.Types("why", "the client id was put right")
	test.Tap(s.Host.Form.Save)
	s.Tap("Send 1 registration")
	if s.Sent() != 1 || s.Did("ciao.resume") != 1 {
		t.Errorf("it was not resumed: %q", s.Said)
	}
	p.Reload()
	if p.resume.Visible() {
		t.Error("nothing stopped, and there is a button to resume")
	}
}

// TestTheCIAOScreenSaysWhatIsUp: an outage, and an employer that waits for a
// permission, with the button that lets it go on.
func TestTheCIAOScreenSaysWhatIsUp(t *testing.T) {
	_, p := theRegister(t)
	if p.resume.Visible() {
		t.Error("there is something to resume before anything stopped")
	}
	shown := p.format(&sending.RegisterCounts{Notices: ciao.Notices{Outage: 1_764_000_000_000, Waiting: 12, Parked: []string{"0206731645"}}})
	for _, want := range []string{"12 punches wait", "0206.731.645"} {
		if !strings.Contains(shown.stopped, want) {
			t.Errorf("the screen does not say %q: %q", want, shown.stopped)
		}
	}
	if !shown.resume {
		t.Error("nothing to resume with")
	}
}

// TestDelayBarsHoldEveryRegistration: the plot and the table say the same.
func TestDelayBarsHoldEveryRegistration(t *testing.T) {
	s, _ := theRegister(t)
	at := app.Instant(1_764_000_000_000)
	r := ciao.Delays([]app.Registration{
		{SiteID: "s1", State: app.RegAccepted, At: at, Answered: at.Add(30 * time.Second)},
		{SiteID: "s2", State: app.RegAccepted, At: at, Answered: at.Add(50 * time.Hour)},
	}, ciao.BySite, time.UTC)
	rows := delayRows(s.Host.Texts, r, func(d ciao.DelayRow) string { return d.Key })
	if len(rows) != 3 || rows[0].name != "s2" || rows[2].count != "2" || rows[0].late != "100.0 %" {
		t.Errorf("rows %+v", rows)
	}
}

// TestALineOfTheChecksOpensWhatMendsIt: the person, the site, the box or a form of this screen.
func TestALineOfTheChecksOpensWhatMendsIt(t *testing.T) {
	s, p := theRegister(t)
	names, worker, site := s.Names(), s.Company.Anna.ID, s.Company.Site.ID
	for remedy, want := range map[ciao.Remedy][2]string{
		ciao.MendIdentity: {"staff", names.Worker(worker)}, ciao.MendDeclaration: {"sites", names.Site(site)}, ciao.MendPlacement: {"boxes", "0a0b"},
	} {
		s.Gone = nil
		p.mending(names, &ciao.PreflightLine{Remedy: remedy, WorkerID: worker, SiteID: site, Box: "0a0b"})()
		if len(s.Gone) != 1 || s.Gone[0] != want || want[1] == "" {
			t.Errorf("%s goes to %v, want %v", remedy, s.Gone, want)
		}
	}
	s.Gone = nil
	p.mending(names, &ciao.PreflightLine{Remedy: ciao.MendCredential})()
	if s.Host.Form == nil || s.Host.Form.Row("clientId") == nil || s.Gone != nil {
		t.Errorf("the form of the access is not open; went to %v", s.Gone)
	}
}

// A comparison that was never made has no result.
func TestNoDifferencesAreClaimedBeforeAnyComparison(t *testing.T) {
	_, p := theRegister(t)
	body, end := p.reconcileTab()
	defer end()
	win := test.NewTempWindow(t, body)
	win.Resize(fyne.NewSize(900, 500))
	s := kittest.Look(win.Content())
	if s.Says("No differences") || !s.Says("Nothing was compared with the register yet, so nothing is known") {
		t.Errorf("%q", s.Texts)
	}
}

// Escape closes lists and questions too, whether something in them has the keyboard or not.
func TestEscapeClosesDialogs(t *testing.T) {
	s, p := theRegister(t)
	escape := func() { s.Host.Window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) }
	p.showChecks()
	if s.Top() == nil {
		t.Fatal("no dialog")
	}
	p.h.Tell("one", "above the other")
	escape()
	if s.Top() == nil {
		t.Fatal("both are gone")
	}
	escape()
	if s.Top() != nil {
		t.Error("the checks stay")
	}
	asked := false
	p.h.Confirm("really?", "it cannot be undone", "yes", func() { asked = true })
	s.Host.Window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Top() != nil || asked {
		t.Error("the question stays, or was answered", asked)
	}
	escape() // nothing is open
	p.askConnection()
	s.Host.Window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // a drop-down list comes first
	if s.Top() != nil {
		t.Error("the form stays")
	}
}

func TestOneClickAtTheRegisterSendsNoHundreds(t *testing.T) {
	s, p := theRegister(t, kittest.ManyWait)
	kittest.AgreeFirst(t, s, func() { test.Tap(p.send) })
}

func TestResumingSendsNoHundredsUnasked(t *testing.T) {
	s, p := theRegister(t, kittest.ManyWait)
	kittest.AgreeFirst(t, s, func() {
		p.askResume()
		s.Types("why", "the key was renewed")
		test.Tap(s.Host.Form.Save)
	})
}

// Before punches go by themselves that went by hand it is asked: the first time even where nothing waits.
func TestSwitchingOnIsAskedFirst(t *testing.T) {
	s, p := theRegister(t, func(c *officetest.Company) { c.AtRegister() })
	turnOn := func(batch string) {
		p.askConnection()
		s.Chooses(string(workspace.SetMode), string(ciao.Live))
		s.Types(string(workspace.SetBatch), batch)
		test.Tap(s.Host.Form.Save)
	}
	kept := func() (ciao.Mode, string) {
		r := s.Office.Settings().Register
		return r.SendingMode(), r.Value(workspace.SetBatch)
	}
	turnOn("100")
	if !strings.Contains(s.Texts(), "From now on punches go by themselves") {
		t.Fatal("nobody was asked")
	}
	if mode, batch := kept(); mode != ciao.Manual || batch != "100" {
		t.Errorf("set without an answer: %s, %s", mode, batch)
	}
	s.Tap("Cancel")
	if mode, _ := kept(); mode != ciao.Manual {
		t.Errorf("set although it was refused: %s", mode)
	}
	turnOn("90")
	s.Tap("Switch it on")
	if mode, _ := kept(); mode != ciao.Live {
		t.Errorf("agreed, and it is %s", mode)
	}
	s.Run(func() {
		s.Company.Read(officetest.In("2026-11-23 06:02"))
		if r := kittest.MustBe(s.Office.Register.Send(t.Context(), nil))(t); r.Accepted != 1 {
			t.Errorf("%+v", r)
		}
		s.Company.Do(s.Office.Connection.SetRegister(t.Context(), map[workspace.RegisterSetting]string{workspace.SetMode: string(ciao.Manual)}, officetest.Why))
	})
	turnOn("80")
	if mode, _ := kept(); s.Top() != nil || mode != ciao.Live {
		t.Errorf("asked although it sent before and nothing waits: %s", s.Texts())
	}
}

func TestTheRegisterScreen(t *testing.T) {
	tab := func(s *kittest.Stage, p *Screen, n int) func() {
		return func() {
			p.showChecks()
			kittest.Walk(s.Top(), func(o fyne.CanvasObject) {
				if tabs, ok := o.(*container.AppTabs); ok {
					tabs.SelectIndex(n)
				}
			})
		}
	}
	kittest.Holds(t, kittest.Script[*Screen]{
		Open: func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Ready: func(_ *kittest.Stage, p *Screen) {
			if rows := p.held.Shown(); len(rows) > 0 {
				p.held.Select(rows[0].key)
			}
			for _, r := range p.rows.Shown() {
				if r.r.Registration.ID != "" {
					p.rows.Select(r.key)
				}
			}
		},
		Rows: func(p *Screen) map[string]int {
			return map[string]int{"held": len(p.held.Shown()), "rows": len(p.rows.Shown())}
		},
		Forms: func(s *kittest.Stage, p *Screen) map[string]func() {
			x := &phones{p: p, names: s.Names()}
			return map[string]func(){
				"phones checked": func() { x.askChecked(phoneSite{site: "x"}) }, "phones list": x.askList,
				"by phone": func() { x.askDecide([]entryRow{{}}, app.EntryRegistered) }, "of a box": func() { x.askDecide([]entryRow{{}, {}}, app.EntryOurs) },
				"which site": func() { x.askPlace([]entryRow{{}}) },
				"decide":     p.askDecide, "since": func() { p.askSince(s.Company.Firm, nil) }, "credential": p.askCredential,
				"passphrase": p.askPassphrase, "resume": p.askResume, "connection": p.askConnection,
				"release": func() { p.confirmRelease(p.held.Shown()[0], nil, s.Company.Now) },
				"decide all": func() {
					p.showDecideAll(&decideAll{p: p, asked: &sending.Asked{Why: ciao.AsksUnproven, Oldest: s.Company.Now,
						Newest: s.Company.Now, Rows: []app.Registration{p.rows.Shown()[0].r.Registration}}, names: s.Names()})
				},
			}
		},
		Dialogs: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"pre-flight": tab(s, p, 0), "radar": tab(s, p, 1), "comparison": tab(s, p, 2), "dossiers": tab(s, p, 3),
				"delays": p.showDelays, "since": p.showSince, "attempts": p.showAttempts,
				"findings": p.showFindings, "phones": p.showPhones,
			}
		},
		Lists: func(_ *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){"connection": p.testConnection}
		},
		Twice: true,
	})
}

// A refused row says what was refused and what to do; the register's code and its answer as it came are folded away.
func TestARefusalIsSaidInWords(t *testing.T) {
	s := kittest.Enter(t, app.English, func(c *officetest.Company) {
		reg := c.AtRegister()
		c.Read(officetest.In("2026-11-23 07:00"))
		reg.Set(simulated.Settings{Declarations: []string{"1Y1003SQ5VSSA"}})
		kittest.MustBe(c.Office().Register.Send(t.Context(), nil))(t)
	})
	p := kittest.Shows(s, New(s.Host, s.Office))
	row := p.rows.Shown()[0]
	if !strings.HasPrefix(row.answer, "Declaration of works not accepted. Correct the number") || strings.ContainsAny(row.answer, "{}") {
		t.Errorf("the row says %q", row.answer)
	}
	p.rows.Select(row.key)
	p.showAttempts()
	if shown := s.Texts(); !strings.Contains(shown, "Then send the punch again") || strings.Contains(shown, "contractualRelationshipNotFound") {
		t.Errorf("open at once: %s", shown)
	}
}
