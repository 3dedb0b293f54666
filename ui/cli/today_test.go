package cli

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/workspace"
	"klokkast/ui/officetest"
)

// aDay is a company on Monday noon: Anna came this morning, Bart last evening and takes a break. A box that was long unread
// was read by Karel this morning. Seven unknown cards were tapped, and two taps are held; a box that stands nowhere has
// punches of 2023.
func aDay(t *testing.T) *officetest.Company {
	t.Helper()
	c := unread(t)
	c.AtRegister()
	asked(t, c, "--actor Karel box read --box usb:2")
	asked(t, c, "worker change bart --ssin 93.05.18-223.61")
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	first := officetest.Tap{Card: "04B2C3D4", At: "2026-11-22 22:00", Key: app.KeyIn}
	taps := []officetest.Tap{first, {Card: "04B2C3D4", At: "2026-11-23 03:00", Key: app.KeyBreakStart}, officetest.In("2026-11-23 06:58")}
	for i := range 7 {
		taps = append(taps, officetest.Tap{Card: fmt.Sprintf("0400DEAD%02X", i), At: fmt.Sprintf("2026-11-23 07:%02d", i), Key: app.KeyIn})
	}
	c.Now = c.At("2026-11-23 12:00")
	c.Read(taps...)
	asked(t, c, "box read --box usb:2")
	old := officetest.OnStick(t, "old.dat", "OIN7\r\n12\t2023-11-20 06:58:00\t1\t0\t1\t0\r\n12\t2023-11-20 16:58:00\t1\t0\t1\t0\r\n")
	asked(t, c, "box import --status no --label Kelder "+old)
	return c
}

func TestToday(t *testing.T) {
	c := aDay(t)
	c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{} }))
	list := said(t, c, "today")
	wantText(
		t,
		list,
		"23 November 2026",
		"2 people present · 1 workday begun",
		"Serious: 7 · warnings: 0",
		"06:58",
		"22/11/2026 22:00",
		"on break",
		"1 anomaly settled by itself today, by a reading of Karel at 10:52: Box not read, Stadhuis Leuven, 12/11/2026.",
		"Kelder stands at no site: 2 punches",
		"not checked in the last 7 days",
		"… and 2 more",
		"CIAO: 3 to send · 9 held",
	)
	if n := strings.Count(list, "\n"); n > 29 {
		t.Errorf("Today has %d lines: no first look\n%s", n, list)
	}
	day := asked(t, c, "today")
	want(t, day, map[string]any{
		"date": "2026-11-23", "environment": "local-simulator", "present.0.worker": "Peeters Anna", "present.0.site": "Stadhuis Leuven",
		"present.0.since": "2026-11-23T05:58:00.000Z", "present.1.onBreak": true, "workdays": 1, "anomalies.serious": 7, "anomalies.information": 2,
		"newest.6.rule": "unknown-badge", "settled.0.gone.by": "Karel", "boxes.0.uid": officetest.BoxUID, "older.0.box": "zkteco:OIN7", "older.0.punches": 2, "older.0.placed": false,
		"register.eligible": 3, "register.states.accepted": 0, "clockUnchecked": true,
	})
}

func TestTodayOfAnEmptyCompanyIsShort(t *testing.T) {
	for _, lang := range app.Languages {
		c := officetest.Empty(t)
		checked(t, c)
		if got := klokkast(t, c, nil, "--lang", string(lang), "today"); strings.Count(got.out, "\n") > 6 || got.code != ExitFine {
			t.Errorf("exit code %d:\n%s", got.code, got.out)
		}
	}
}

func TestCiaoSince(t *testing.T) {
	for _, employer := range []string{"blinkend", "0123.456.749", "BE 0123456749", "{firm}"} {
		c := officetest.New(t)
		names := ids(c)
		before := answer(t, c, names, "employer list")
		line := words(strings.NewReplacer(names...).Replace("--lang en ciao since '" + employer + "' --from 2026-11-01T06:00 --why started"))
		_ = line
		got := klokkast(
			t,
			c,
			nil,
			"--lang",
			"en",
			"ciao",
			"since",
			strings.NewReplacer(names...).Replace(employer),
			"--from",
			"2026-11-01 06:00",
			"--why",
			"we start",
		)
		wantText(t, got.out, "Punches for Blinkend Schoon BV are registered from 01/11/2026 06:00 on.")
		wantDifferences(
			t,
			differences(before, answer(t, c, names, "employer list")),
			map[string]any{"employers.{firm}.registersSince": "2026-11-01T05:00:00.000Z"},
		)
		wantReasons(t, c, []string{"--why", "we start"})
	}
	c := officetest.New(t)
	want(t, asked(t, c, "ciao since blinkend --from 2026-11-01"), map[string]any{"kind": "employer", "ids.0": string(c.Firm.ID)})
	want(t, asked(t, c, "employer list"), map[string]any{"employers.0.registersSince": "2026-10-31T23:00:00.000Z"})
	got := klokkast(t, c, nil, "--json", "ciao", "since", "Nobody NV", "--from", "2026-11-01")
	want(t, object(t, got.out), map[string]any{"error.code": "noEmployer"})
}

// keyFile is a file with a private key that the register's simulator made.
func keyFile(t *testing.T) (path, key string) {
	t.Helper()
	made := officetest.Must(register.NewCredentials())(t)
	return officetest.OnStick(t, "key.pem", string(made.PrivateKey)), string(made.PrivateKey)
}

func TestCiaoCredentialShowsNoKey(t *testing.T) {
	t.Parallel()
	file, key := keyFile(t)
	secret := strings.Split(key, "\n")[1]
	passphrase := officetest.OnStick(t, "passphrase", "twaalf tekens lang")
	for _, json := range [][]string{nil, {"--json"}} {
		c := officetest.New(t)
		got := klokkast(
			t,
			c,
			nil,
			append(
				json,
				"ciao",
				"credential",
				"--environment",
				"nsso-simulation",
				"--client-id",
				"self_service_expeditor_1",
				"--key",
				file,
				"--passphrase-file",
				passphrase,
			)...)
		if got.code != ExitFine || strings.Contains(got.out+got.err, secret) {
			t.Errorf("exit code %d: %s%s", got.code, got.out, got.err)
		}
		c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Environment = app.NSSOSimulation }))
		want(t, asked(t, c, "ciao status"), map[string]any{"access.clientId": "self_service_expeditor_1", "access.known": true,
			"access.base": "https://services-sim.socialsecurity.be/REST/presenceRegistration/v1", "access.tokenUrl": "https://services.socialsecurity.be/REST/oauth/v5/token"})
		for _, a := range c.Acts("") {
			if strings.Contains(a.Payload, secret) {
				t.Error("the trail has the key")
			}
		}
	}
	// Where a simulator listens is not known beforehand.
	c := officetest.New(t)
	if got := klokkast(t, c, nil, "ciao", "credential", "--environment", "local-simulator", "--client-id", "x", "--key", file); got.code != ExitUsage {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	got := klokkast(t, c, nil, "ciao", "credential", "--environment", "production", "--client-id", "x", "--key", file+".missing")
	if acts := c.Acts(""); got.code != ExitFailed || len(acts) != 0 {
		t.Errorf("exit code %d, did %v", got.code, acts)
	}
}

func TestSecretsComeFromFilesNeverFromFlags(t *testing.T) {
	t.Parallel()
	file, _ := keyFile(t)
	passphrase := officetest.OnStick(t, "passphrase", "twaalf tekens lang\r\nsecond line")
	c := officetest.New(t)
	got := klokkast(t, c, nil, "ciao", "credential", "--environment", "nsso-simulation", "--client-id", "x", "--key", file, "--passphrase-file", passphrase)
	if got.code != ExitFine || strings.Contains(got.out+got.err, "twaalf") {
		t.Errorf("exit code %d, a secret is shown: %s%s", got.code, got.out, got.err)
	}
	c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Environment = app.NSSOSimulation }))
	want(t, asked(t, c, "ciao status"), map[string]any{"access.protected": "passphrase", "access.locked": true})
	for file, code := range map[string]string{passphrase + ".missing": "failed", officetest.OnStick(t, "wrong", "dertien tekens lang"): "ciao.passphrase"} {
		got := klokkast(t, c, nil, "--json", "ciao", "send", "--yes", "--passphrase-file", file)
		if want(t, object(t, got.out), map[string]any{"error.code": code}); got.code != ExitFailed {
			t.Errorf("sent without its passphrase: exit code %d", got.code)
		}
	}
	want(t, asked(t, c, "ciao send --yes --passphrase-file "+passphrase), map[string]any{"requests": 0}) // nothing waits
}

// p12File puts the client's key of a simulated register into a file with a password, beside a certificate that ends then.
func p12File(t *testing.T, c *ciao.Credential, password string, ends time.Time) string {
	t.Helper()
	key := officetest.Must(ciao.ParseKey(c.Key))(t)
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "made up"}, NotBefore: ends.AddDate(-2, 0, 0), NotAfter: ends}
	cert := officetest.Must(x509.ParseCertificate(officetest.Must(x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key))(t)))(t)
	return officetest.OnStick(t, "key.p12", string(officetest.Must(pkcs12.Modern.Encode(key, cert, nil, password))(t)))
}

func TestCiaoTestNamesTheStepThatFails(t *testing.T) {
	t.Parallel()
	c := officetest.New(t)
	reg := c.AtRegister()
	made := c.Parts.Exchange.Credential
	file := p12File(t, made, "sesam-open-u", instant("2026-12-01T00:00:00Z").Time())
	password := officetest.OnStick(t, "password", "sesam-open-u\r\nsecond line")
	passphrase := officetest.OnStick(t, "passphrase", "twaalf tekens lang")
	c.Parts.Exchange.Credential = nil // it is entered
	entry := "ciao credential --environment local-simulator --client-id " + made.ClientID + " --base " + made.Base + " --token-url " + made.Token + " --key " + file + " --passphrase-file " + passphrase
	if got := klokkast(t, c, nil, words(entry)...); got.code != ExitFailed {
		t.Errorf("a file without its password: exit code %d", got.code)
	}
	got := klokkast(t, c, nil, words(entry+" --key-password-file "+password)...)
	if got.code != ExitFine || strings.Contains(got.out+got.err, "sesam") || strings.Contains(got.out+got.err, "twaalf") {
		t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
	}
	test := "ciao test --passphrase-file " + passphrase
	wantText(t, said(t, c, test), "ends in 8 days, on 01/12/2026")
	reg.SetClock(c.Now.Time().Add(5 * time.Minute))
	got = klokkast(t, c, nil, words("--json "+test)...)
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(
		t,
		object(t, got.out),
		map[string]any{"steps.2.step": "clock", "steps.2.state": "failed", "steps.2.offsetMs": -300500, "access.protected": "passphrase", "access.daysLeft": 8},
	)
	wantText(t, klokkast(t, c, nil, append([]string{"--lang", "en"}, words(test)...)...).out, "This computer's clock is off by 0:05. Synchronise it")
}

// TestTodayTellsOfDeclarationsThatNeedAttention: the radar is not looked at by itself.
func TestTodayTellsOfDeclarationsThatNeedAttention(t *testing.T) {
	c := officetest.New(t)
	asked(t, c, "declaration add 1Y1003SQ5VSSZ --to 2027-12-31")
	if list := said(t, c, "today"); strings.Contains(list, "radar") {
		t.Errorf("all is well, and it says:\n%s", list)
	}
	asked(t, c, "declaration add 1Y1003SQ5VSSZ --to 2026-11-27")
	wantText(t, said(t, c, "today"), "1 declaration of works needs attention", "klokkast declaration radar")
	want(t, asked(t, c, "today"), map[string]any{"declarations": 1})
}
