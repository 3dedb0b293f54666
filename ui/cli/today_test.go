package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
)

func aDay(f *fake) {
	at := func(s string) *app.Side { return &app.Side{At: instant(s), Raw: instant(s)} }
	f.today = office.Today{
		Date: app.NewDate(2026, 11, 23), Workdays: 3, BySeverity: map[app.Severity]int{app.Serious: 7, app.Warning: 2},
		Present: []app.Presence{
			{WorkerID: "w1", SiteID: "s1", In: at("2026-11-23T05:58:00Z"), State: app.PresenceOpen},
			{WorkerID: "w2", SiteID: "s1", In: at("2026-11-22T21:00:00Z"), State: app.PresenceOpen, Breaks: []app.Break{{Start: *at("2026-11-23T02:00:00Z")}}},
		},
		Boxes: f.boxes,
		Older: []office.OlderRecords{{Box: ocbUID, Punches: 100_000, From: instant("2023-11-20T06:00:00Z"), To: instant("2026-11-01T06:00:00Z")}},
		Register: office.RegisterCounts{
			Eligible: 12, States: map[app.RegistrationState]int{app.RegQueued: 1},
			Held: []office.HeldCount{{Reason: app.HeldClock, Count: 5}, {Reason: app.NeverIgnored, Never: true, Count: 900}},
		},
		ClockUnchecked: true,
		Settled: []office.FoundAnomaly{{Anomaly: app.Anomaly{Rule: app.MissingOut, WorkerID: "w1", SiteID: "s1", Day: app.NewDate(2026, 11, 19)}, Status: app.AnomalyGone,
			Gone: &app.Gone{At: instant("2026-11-23T09:52:00Z"), ReadingID: "r1", By: "Karel"}}},
	}
	for range 7 {
		f.today.Newest = append(f.today.Newest, office.FoundAnomaly{Anomaly: app.Anomaly{
			Rule: app.MissingOut, Severity: app.Serious, WorkerID: "w1", SiteID: "s1", Day: app.NewDate(2026, 11, 20), At: instant("2026-11-20T06:00:00Z")}, Status: app.AnomalyOpen})
	}
}

func TestToday(t *testing.T) {
	f := company()
	aDay(f)
	got := faked(t, f, nil, "--lang", "en", "today")
	wantText(t, got.out, "23 November 2026", "2 people present · 3 workdays begun", "Serious: 7 · warnings: 2", "06:58", "22/11/2026 22:00", "on break",
		"1 anomaly settled by itself today, by a reading of Karel at 10:52: Check-out missing, Peeters Anna, 19/11/2026.", "Leuven balie stands at no site: 100,000 punches", "not checked in the last 7 days", "… and 2 more", "CIAO: 13 to send · 5 held")
	if n := strings.Count(got.out, "\n"); n > 26 {
		t.Errorf("Today has %d lines: no first look\n%s", n, got.out)
	}
	want(t, object(t, faked(t, f, nil, "today", "--json").out), map[string]any{
		"date": "2026-11-23", "environment": "local-simulator", "present.0.worker": "Peeters Anna", "present.0.site": "Stadhuis Leuven",
		"present.0.since": "2026-11-23T05:58:00.000Z", "present.1.onBreak": true, "workdays": 3, "anomalies.serious": 7, "anomalies.information": 0,
		"newest.6.rule": "missing-out", "settled.0.gone.readingId": "r1", "boxes.0.uid": ocbUID, "older.0.box": ocbUID, "older.0.punches": 100_000, "older.0.placed": false,
		"register.eligible": 12, "register.held.0.count": 5, "register.states.accepted": 0, "clockUnchecked": true,
	})
}

func TestTodayOfAnEmptyCompanyIsShort(t *testing.T) {
	f := company()
	f.today = office.Today{Date: app.NewDate(2026, 11, 23)}
	for _, lang := range app.Languages {
		if got := faked(t, f, nil, "--lang", string(lang), "today"); strings.Count(got.out, "\n") > 6 || got.code != ExitFine {
			t.Errorf("exit code %d:\n%s", got.code, got.out)
		}
	}
}

func TestCiaoSince(t *testing.T) {
	for _, employer := range []string{"blinkend", "0123.456.749", "BE 0123456749", "e1"} {
		f := company()
		got := faked(t, f, nil, "--lang", "en", "ciao", "since", employer, "--from", "2026-11-01 06:00", "--why", "we start")
		wantText(t, got.out, "Punches for Blinkend Schoon BV are registered from 01/11/2026 06:00 on.")
		wantDid(t, f, "since", app.ID("e1"), instant("2026-11-01T05:00:00Z"), "we start")
	}
	f := company()
	want(t, object(t, faked(t, f, nil, "--json", "ciao", "since", "blinkend", "--from", "2026-11-01").out), map[string]any{"kind": "employer", "ids.0": "e1"})
	wantDid(t, f, "since", app.ID("e1"), instant("2026-10-31T23:00:00Z"), "")
	got := faked(t, company(), nil, "--json", "ciao", "since", "Nobody NV", "--from", "2026-11-01")
	want(t, object(t, got.out), map[string]any{"error.code": "noEmployer"})
}

func TestCiaoCredentialShowsNoKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key.pem")
	const key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"
	if err := os.WriteFile(file, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	f := company()
	for _, json := range [][]string{nil, {"--json"}} {
		got := faked(t, f, nil, append(json, "ciao", "credential", "--environment", "nsso-simulation", "--client-id", "self_service_expeditor_1", "--key", file)...)
		if got.code != ExitFine || strings.Contains(got.out+got.err, "c2VjcmV0") {
			t.Errorf("exit code %d: %s%s", got.code, got.out, got.err)
		}
		wantDid(t, f, "credential", app.NSSOSimulation, "self_service_expeditor_1", len(key),
			"https://services-sim.socialsecurity.be/REST/presenceRegistration/v1", "https://services.socialsecurity.be/REST/oauth/v5/token", "", "")
	}
	// Where a simulator listens is not known beforehand.
	if got := faked(t, f, nil, "ciao", "credential", "--environment", "local-simulator", "--client-id", "x", "--key", file); got.code != ExitUsage {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	got := faked(t, f, nil, "ciao", "credential", "--environment", "production", "--client-id", "x", "--key", file+".missing")
	if got.code != ExitFailed || len(f.did) != 0 {
		t.Errorf("exit code %d, did %v", got.code, f.did)
	}
}

func TestSecretsComeFromFilesNeverFromFlags(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"key.p12": "\x00key", "password": "sesam\r\nsecond line", "passphrase": "twaalf tekens lang"}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f := company()
	got := faked(t, f, nil, "ciao", "credential", "--environment", "nsso-simulation", "--client-id", "x", "--key", filepath.Join(dir, "key.p12"),
		"--key-password-file", filepath.Join(dir, "password"), "--passphrase-file", filepath.Join(dir, "passphrase"))
	wantDid(t, f, "credential", app.NSSOSimulation, "x", 4, "https://services-sim.socialsecurity.be/REST/presenceRegistration/v1",
		"https://services.socialsecurity.be/REST/oauth/v5/token", "sesam", "twaalf tekens lang")
	if strings.Contains(got.out+got.err, "sesam") || strings.Contains(got.out+got.err, "twaalf") {
		t.Errorf("a secret is shown: %s%s", got.out, got.err)
	}
	f = company()
	got = faked(t, f, nil, "ciao", "send", "--passphrase-file", filepath.Join(dir, "missing"))
	if got.code != ExitFailed || f.sends != 0 {
		t.Errorf("sent without its passphrase: exit code %d", got.code)
	}
	f.reports = []ciao.Report{{}}
	faked(t, f, nil, "ciao", "send", "--passphrase-file", filepath.Join(dir, "passphrase"))
	wantDid(t, f, "unlock", "twaalf tekens lang")
}

func TestCiaoTestNamesTheStepThatFails(t *testing.T) {
	f := company()
	f.access = office.Access{Known: true, ClientID: "x", Protected: office.ByPassphrase, Expires: instant("2026-12-01T00:00:00Z"), DaysLeft: 8}
	f.steps = []ciao.StepResult{{Step: ciao.StepKey, State: ciao.StepFine}, {Step: ciao.StepNetwork, State: ciao.StepFine},
		{Step: ciao.StepClock, State: ciao.StepFailed, Code: ciao.CodeClockOff, Offset: -5 * time.Minute}}
	got := faked(t, f, nil, "--json", "ciao", "test")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(t, object(t, got.out), map[string]any{"steps.2.step": "clock", "steps.2.state": "failed", "steps.2.offsetMs": -300000.0, "access.protected": "passphrase", "access.daysLeft": 8.0})
	got = faked(t, f, nil, "--lang", "en", "ciao", "test")
	wantText(t, got.out, "This computer's clock is off by 0:05. Synchronise it")
	wantText(t, got.out, "ends in 8 days, on 01/12/2026")
}

// TestTodayTellsOfDeclarationsThatNeedAttention: the radar is not looked at by itself.
func TestTodayTellsOfDeclarationsThatNeedAttention(t *testing.T) {
	f := company()
	if got := faked(t, f, nil, "--lang", "en", "today"); strings.Contains(got.out, "radar") {
		t.Errorf("all is well, and it says:\n%s", got.out)
	}
	f.today.Declarations = 2
	got := faked(t, f, nil, "--lang", "en", "today")
	wantText(t, got.out, "2 declarations of works need attention", "klokkast declaration radar")
	got = faked(t, f, nil, "--json", "today")
	want(t, object(t, got.out), map[string]any{"declarations": 2})
}
