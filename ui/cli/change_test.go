package cli

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/importing"
	"klokkast/app/office"
)

// words divides a command line as a shell does: by blanks, but not within "…".
func words(line string) (out []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

func missingOut() office.FoundAnomaly {
	return office.FoundAnomaly{Anomaly: app.Anomaly{
		Rule: app.MissingOut, Severity: app.Serious, Subject: app.Subject{Kind: app.AboutEngagement, ID: "g1"}, Anchor: ocbUID + "/l/5",
		WorkerID: "w1", SiteID: "s2", Day: app.NewDate(2026, 11, 2), At: instant("2026-11-02T06:00:00Z"),
	}}
}

// TestChanges: what a command line asks of the office. Times without a zone are
// those of the site: s2 lies on the Azores.
func TestChanges(t *testing.T) {
	a := missingOut()
	key := a.Key().String()
	day := app.NewDate
	anna := app.Worker{ID: "w1", StaffNumber: "007", FamilyName: "Peeters", GivenName: "Anna", SSIN: annaSSIN, Language: app.Dutch}
	bart := app.Engagement{ID: "g2", WorkerID: "w2", EmployerID: "e1", Capacity: app.Employee, Days: app.Days{From: day(2024, 9, 1)}}
	leuven := app.Site{ID: "s1", Code: "L1", Name: "Stadhuis Leuven", ClientID: "c1", Zone: "Europe/Brussels",
		Address: app.Address{Street: "Grote Markt", HouseNumber: "9", PostCode: "3000", Municipality: "Leuven"}}
	with := func(s app.Site, change func(*app.Site)) app.Site { change(&s); return s }
	punch := app.RecordKey{LogKey: app.LogKey{Box: "zkteco:A/1", Log: "file"}, Seq: 17}
	for _, c := range []struct {
		line string
		did  []any
	}{
		{"anomaly explain " + key + " --reason wrong-key --note pressed", []any{"explain", []app.AnomalyKey{a.Key()}, "wrong-key", "pressed"}},
		{"anomaly reopen " + key, []any{"reopen", []app.AnomalyKey{a.Key()}, ""}},
		{"anomaly adjust " + key + ` --at "2026-11-02 14:00" --reason forgot`, []any{"adjust", a.Key(), instant("2026-11-02T15:00:00Z"), "forgot", ""}},
		{`adjust presence --worker anna --site leuven --from "2026-11-02 06:00" --to 2026-11-02T14:00 --reason box-broken`,
			[]any{"presence", app.ID("g1"), app.ID("s1"), instant("2026-11-02T05:00:00Z"), instant("2026-11-02T13:00:00Z"), "box-broken", ""}},
		{"adjustment withdraw a7 --why mistaken", []any{"withdraw", []app.ID{"a7"}, "mistaken"}},
		{"punch ignore zkteco:A/1/file/17 --reason wrong-key", []any{"ignore", []app.RecordKey{punch}, "wrong-key", ""}},
		{"punch ignore zkteco:A/1/file/17 --reason other --note tested", []any{"ignore", []app.RecordKey{punch}, "other", "tested"}},
		{"punch count-again zkteco:A/1/file/17 --why real", []any{"count again", []app.RecordKey{punch}, "real"}},
		{"adjustment withdraw a7 a8", []any{"withdraw", []app.ID{"a7", "a8"}, ""}},

		{"worker add --family-name Maes --given-name Jan --paper fr --limosa-to 2026-12-31 --ssin 85.01.15-123.55",
			[]any{"worker", app.Worker{FamilyName: "Maes", GivenName: "Jan", Language: "fr", LimosaDays: app.Days{To: day(2026, 12, 31)}, SSIN: "85.01.15-123.55"}, "85.01.15-123.55", ""}},
		{`worker change 007 --family-name Maes --why "she married"`, []any{"worker", func() app.Worker { w := anna; w.FamilyName = "Maes"; return w }(), annaSSIN, "she married"}},
		{"worker end bart --last 2026-11-30", []any{"end worker", app.ID("w2"), day(2026, 11, 30), ""}},
		{"worker end bart", []any{"end worker", app.ID("w2"), day(2026, 11, 23), ""}},
		{"engagement add --worker bart --employer hulp --capacity temporary --weekly-hours 19.5 --rounding 15",
			[]any{"engagement", app.Engagement{WorkerID: "w2", EmployerID: "e2", Capacity: app.TemporaryWorker, Days: app.Days{From: day(2026, 11, 23)}, WeeklyHours: 1170,
				Rounding: app.Rounding{Minutes: 15, Mode: app.RoundNearest}}, ""}},
		{"engagement change g2 --to 2026-12-31 --default", []any{"engagement", func() app.Engagement { e := bart; e.Days.To, e.Default = day(2026, 12, 31), true; return e }(), ""}},
		{`badge give 04A1B2C3 --worker anna --from "2026-11-20 06:00" --label A-17`,
			[]any{"give", office.GiveBadge{Key: app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3"}, Label: "A-17", EngagementID: "g1", Span: app.Span{From: instant("2026-11-20T05:00:00Z")}}, ""}},
		{"badge give 17 --pin --group leuven --worker bart",
			[]any{"give", office.GiveBadge{Key: app.IdentifierKey{Kind: app.PIN, Group: "leuven", Value: "17"}, EngagementID: "g2", Span: app.Span{From: instant("2026-11-22T23:00:00Z")}}, ""}},
		{"badge end 04:a1:b2:c3 --why lost", []any{"end badge", app.ID("k1"), instant("2026-11-23T11:00:00Z"), "lost"}},
		{"employer add --name Glans --kind subcontractor --enterprise 0123.456.749", []any{"employer", app.Employer{Name: "Glans", Kind: app.Subcontractor, Enterprise: "0123.456.749"}, ""}},
		{"employer change hulp --foreign-vat PL1234567890", []any{"employer", app.Employer{ID: "e2", Name: "Hulp en Poets BV", Kind: app.Subcontractor, ForeignVAT: "PL1234567890"}, ""}},

		{"site add --name Zwembad --client leuven --coordinates 50.88,4.7", []any{"site", app.Site{Name: "Zwembad", ClientID: "c1", Coordinates: &app.Coordinates{Latitude: 50.88, Longitude: 4.7}}, ""}},
		{`site change L1 --house-number 10 --new-client "KU Leuven"`, []any{"client", "KU Leuven", "", "site",
			with(leuven, func(s *app.Site) { s.Address.HouseNumber, s.ClientID = "10", "c9" }), ""}},
		{`site change L1 --client ""`, []any{"site", with(leuven, func(s *app.Site) { s.ClientID = "" }), ""}},
		{`site end ponta --at "2026-11-30 18:00"`, []any{"end site", app.ID("s2"), instant("2026-11-30T19:00:00Z"), ""}},
		{"site decide L1 no --from 2026-12-01 --reason annex", []any{"decide", app.ID("s1"), app.NotUnder, instant("2026-11-30T23:00:00Z"), "annex"}},
		{"declaration add 1Y1003SQ5VSSA --from 2026-01-01 --to 2026-12-31", []any{"declaration", app.Declaration{Number: "1Y1003SQ5VSSA", Days: app.Days{From: day(2026, 1, 1), To: day(2026, 12, 31)}}, ""}},
		{"declaration add 1y10-03sq-5vssz --label Schools", []any{"declaration", app.Declaration{ID: "d1", Number: "1Y1003SQ5VSSZ", Label: "Schools", Days: app.Days{From: day(2026, 1, 1)}}, ""}},
		{"declaration link 1Y1003SQ5VSSZ ponta", []any{"link", app.DeclarationSite{DeclarationID: "d1", SiteID: "s2", Default: true, Days: app.Days{From: day(2026, 1, 1)}}, ""}},
		{"declaration link 1Y1003SQ5VSSZ L1 --no-default --to 2026-06-30", []any{"link", app.DeclarationSite{ID: "l1", DeclarationID: "d1", SiteID: "s1", Days: app.Days{To: day(2026, 6, 30)}}, ""}},

		{`box label 0a3f00 "Leuven inkom" --group leuven`, []any{"box", app.Box{UID: ocbUID, Make: app.MakeOCB, Label: "Leuven inkom", Group: "leuven"}, "", "label", "sim:/boxes/1", "Leuven inkom"}},
		{`box reopen 0a3f00 --why "The copy was destroyed"`, []any{"reopen box", ocbUID, "The copy was destroyed"}},
		{`box end-placement "leuven balie"`, []any{"end placement", app.ID("p1"), instant("2026-11-23T11:00:00Z"), ""}},

		{"settings set language fr", []any{"language", app.French}},
		{`settings set actor "An Peeters"`, []any{"actor", "An Peeters"}},
		{"clock withdraw fix --why mistake", []any{"withdraw repair", app.ID("fix"), "mistake"}},
		{`badge confirm-notation "leuven balie" reversed --why "holds the card"`, []any{"notation", ocbUID, identity.Reversed, false, "holds the card"}},
		{"badge withdraw-notation n1", []any{"withdraw notation", app.ID("n1"), ""}},
		{`settings set letterhead.name "De Zwaluw bv"`, []any{"letterhead", "De Zwaluw bv", []string(nil), "", ""}},
		{`settings set letterhead.lines "Vesaliusstraat 1;3000 Leuven"`, []any{"letterhead", "", []string{"Vesaliusstraat 1", "3000 Leuven"}, "", ""}},
		{"settings set letterhead.enterprise 0123.456.749", []any{"letterhead", "", []string(nil), "0123.456.749", ""}},
		{"settings set letterhead.logo logo.png", []any{"logo", "logo.png", ""}},
		{"settings set letterhead.logo none", []any{"logo", "", ""}},
		{"settings set extra-holiday 07-11", []any{"holidays", "07-11", []app.Date(nil), ""}},
		{"settings set extra-holiday none", []any{"holidays", "", []app.Date(nil), ""}},
		{"settings set replacement-days 2026-11-02,2027-05-03", []any{"holidays", "", []app.Date{day(2026, 11, 2), day(2027, 5, 3)}, ""}},
		{`settings set threshold.day-limit "8 h"`, []any{"thresholds", office.ThresholdOwner{}, app.Thresholds{"day-limit": 8 * 3_600_000}, []app.Threshold(nil), ""}},
		{"settings set threshold.impossible-travel=80km/h", []any{"thresholds", office.ThresholdOwner{}, app.Thresholds{"impossible-travel": 80}, []app.Threshold(nil), ""}},
		{"settings set threshold.day-limit default", []any{"thresholds", office.ThresholdOwner{}, app.Thresholds(nil), []app.Threshold{"day-limit"}, ""}},
		{"settings set environment production", []any{"settings", office.Settings{Actor: "Els", Language: app.Dutch, Environment: app.Production}}},
	} {
		t.Run(c.line, func(t *testing.T) {
			for _, lang := range []string{"--json", "--lang=nl", "--lang=fr", "--lang=de", "--lang=en"} {
				f := company()
				f.anomalies = []office.FoundAnomaly{a}
				f.punches = []office.PunchRow{{Tap: app.Tap{Punch: app.Punch{Key: punch}}}}
				got := klokkast(t, f, nil, append([]string{lang}, words(c.line)...)...)
				if got.code != ExitFine {
					t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
				}
				wantDid(t, f, c.did...)
				if strings.Contains(got.out, "<no value>") || strings.Count(got.out, "\n") != 2 && lang != "--json" {
					t.Errorf("says %q", got.out)
				}
				if lang == "--json" && at(t, object(t, got.out), "message") == "" {
					t.Error("no message")
				}
			}
		})
	}
}

func TestChangesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ line, code string }{
		{"anomaly explain x|y:z| --reason forgot", "noAnomaly"},
		{"anomaly explain x --reason bored", "usage"},
		{`adjust presence --worker anna --site leuven --from "2023-11-02 06:00" --to "2023-11-02 14:00" --reason forgot`, "noEngagement"},
		{`adjust presence --worker peeters --site leuven --from "2026-11-02 06:00" --to "2026-11-02 14:00" --reason forgot`, "usage"},
		{`adjust presence --worker "" --site leuven --from "2026-11-02 06:00" --to "2026-11-02 14:00" --reason forgot`, "noWorker"},
		{`adjust presence --worker anna --site leuven --from "2026-03-29 02:30" --to "2026-03-29 14:00" --reason forgot`, "usage"}, // the clock jumps over it
		{"punch ignore 17 --reason forgot", "usage"},
		{"punch ignore a/b/17 --reason forgot", "noPunch"},
		{"worker change nobody --paper nl", "noWorker"},
		{"worker add --limosa-from soon", "usage"},
		{"engagement add --worker anna --employer blinkend --weekly-hours 200", "input"},
		{"engagement add --worker anna --employer blinkend --weekly-hours NaN", "input"},
		{"engagement add --worker anna --employer blinkend --rounding 7", "usage"},
		{"engagement change g7", "notFound.engagement"},
		{"badge end 04DEADBEEF", "noBadge"},
		{"site add --name X --coordinates north", "usage"},
		{"site add --name X --client Gent", "noClient"},
		{"site add --name X --client Gent --new-client Gent", "usage"},
		{"site decide L1 maybe", "usage"},
		{"declaration link 1Y1003SQ5VSSA L1", "noDeclaration"},
		{"box label 0a3f00 x --zone Belgium/Gent", "usage"},
		{"box reopen 0a3f00", "usage"},
		{`box end-placement "leuven balie" --at 1960-01-01`, "box.nowhere"},
		{"settings set language es", "usage"},
		{"settings set colour red", "usage"},
		{"settings set actor", "usage"},
		{"clock repair BOX/log/5 --reason x", "usage"},
		{"clock repair BOX/log/5 --proposed --shift 1h --reason x", "usage"},
		{"clock repair BOX-5 --proposed --reason x", "usage"},
		{"clock repair BOX/log/5 --shift soon --reason x", "input"},
		{"clock segments --box nowhere", "noBox"},
		{"badge confirm-notation nowhere reversed", "noBox"},
		{"settings set replacement-days soon", "input"},
		{"settings set threshold.day_limit 8h", "input"},
		{"settings set threshold.day-limit 8", "input"},
		{"site change L1 --threshold day-limit", "usage"},
		{"site change L1 --threshold day-limit=many", "input"},
		{"settings set environment production", "settings.demo"},
	} {
		t.Run(c.line, func(t *testing.T) {
			f := company()
			f.demo = true
			got := klokkast(t, f, nil, append([]string{"--json"}, words(c.line)...)...)
			want(t, object(t, got.out), map[string]any{"error.code": c.code})
			if got.code == ExitFine || f.did != nil {
				t.Errorf("exit code %d, asked %v", got.code, f.did)
			}
		})
	}
}

// A person with two engagements: the default one is meant, unless one is named.
func TestWhichEngagement(t *testing.T) {
	r := &run{parts: Parts{Texts: texts(t)}}
	days := app.Days{From: 1}
	two := []app.Engagement{{ID: "g1", EmployerID: "e1", Days: days}, {ID: "g2", EmployerID: "e2", Days: days}}
	for _, c := range []struct {
		standard int // which is the default; -1 none
		employer string
		want     app.ID
	}{{-1, "", ""}, {1, "", "g2"}, {1, "blinkend", "g1"}, {-1, "hulp", "g2"}} {
		w := office.WorkerRow{Engagements: append([]app.Engagement{}, two...)}
		if c.standard >= 0 {
			w.Engagements[c.standard].Default = true
		}
		got, err := r.engagement(company(), w, c.employer, 100)
		if got.ID != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: got %q, %v", c, got.ID, err)
		}
	}
}

// A number given as "-" comes from standard input and stands in no command line.
func TestSSINFromStandardInput(t *testing.T) {
	f := company()
	got := klokkast(t, f, func(p *Parts) { p.In = strings.NewReader("85.01.15-123.55\r\n") }, "worker", "change", "bart", "--ssin", "-")
	if got.code != ExitFine || f.did[2] != "85.01.15-123.55" || strings.Contains(got.out, "123") {
		t.Errorf("exit code %d, asked %v, says %s%s", got.code, f.did[2], got.out, got.err)
	}
}

// An hour that comes twice is the first one, as a clock on the wall shows it first.
func TestLocalTimes(t *testing.T) {
	for in, want := range map[string]string{
		"2026-10-25 02:30":          "2026-10-25T00:30:00Z",
		"2026-10-25T02:30:00+01:00": "2026-10-25T01:30:00Z",
		"2026-10-25 03:00":          "2026-10-25T02:00:00Z",
		"2026-03-29":                "2026-03-28T23:00:00Z",
		"2026-07-01 06:00":          "2026-07-01T04:00:00Z",
	} {
		got, err := parseInstant("--at", in, app.Belgium())
		if err != nil || got != instant(want) {
			t.Errorf("%s is %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestRecordKeysAreReadAsTheyArePrinted(t *testing.T) {
	name := rapid.StringMatching(`[a-zA-Z0-9:._-]{1,20}`)
	rapid.Check(t, func(t *rapid.T) {
		k := app.RecordKey{LogKey: app.LogKey{Box: name.Draw(t, "box"), Log: name.Draw(t, "log")}, Seq: rapid.Uint64().Draw(t, "seq")}
		if got, err := parseRecordKey(k.String()); err != nil || got != k {
			t.Fatalf("%s is read as %v, %v", k, got, err)
		}
	})
}

func TestReasonsAreThoseOfTheTrade(t *testing.T) {
	want := strings.Join(app.ReasonCodes[:], ",")
	for _, form := range []any{stated{}, punchIgnoreCmd{}} {
		f, _ := reflect.TypeOf(form).FieldByName("Reason")
		if got := f.Tag.Get("enum"); got != want {
			t.Errorf("%T takes %s, the trade has %s", form, got, want)
		}
	}
}

func TestPunchList(t *testing.T) {
	f := company()
	f.punches = []office.PunchRow{{Registration: &app.Registration{ID: "r1", State: app.RegAccepted}, Tap: app.Tap{
		Punch: app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: ocbUID, Log: "l"}, Seq: 5}, At: instant("2026-11-02T06:00:02Z"), Pressed: app.KeyIn, Identifier: app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3"}},
		At:    instant("2026-11-02T06:00:00Z"), WorkerID: "w1", SiteID: "s1", Role: app.TapIn}}}
	got := klokkast(t, f, nil, "--lang", "en", "punch", "list", "--box", "leuven balie", "--month", "2026-11")
	wantText(t, got.out, "02/11/2026 07:00:00", "Peeters Anna", ocbUID+"/l/5")
	if s := (app.Span{From: instant("2026-10-31T23:00:00Z"), To: instant("2026-11-30T23:00:00Z")}); f.punchesAsk.Span != s || f.punchesAsk.Box != ocbUID {
		t.Errorf("asked for %+v", f.punchesAsk)
	}
	want(t, object(t, klokkast(t, f, nil, "punch", "list", "--json").out), map[string]any{
		"punches.0.key": ocbUID + "/l/5", "punches.0.role": "in", "punches.0.state": "accepted", "punches.0.identifier.value": "04A1B2C3", "punches.0.pressed": "in",
	})
}

func TestKeysOfAnomaliesAreShownOnRequest(t *testing.T) {
	f := company()
	a := missingOut()
	f.anomalies = []office.FoundAnomaly{a}
	wantText(t, klokkast(t, f, nil, "anomalies", "--keys").out, a.Key().String())
	if got := klokkast(t, f, nil, "anomalies"); strings.Contains(got.out, a.Key().String()) {
		t.Error("keys are shown to people who did not ask")
	}
}

func TestListsOfTheCompany(t *testing.T) {
	f := company()
	wantText(t, klokkast(t, f, nil, "--lang", "en", "employer", "list").out, "Blinkend Schoon BV", "0123456749")
	want(t, object(t, klokkast(t, f, nil, "employer", "list", "--json").out), map[string]any{"employers.1.kind": "subcontractor"})
	wantText(t, klokkast(t, f, nil, "--lang", "en", "declaration", "list").out, "1Y1003SQ5VSSZ")
	want(t, object(t, klokkast(t, f, nil, "declaration", "list", "--json").out), map[string]any{"declarations.0.number": "1Y1003SQ5VSSZ"})
	wantText(t, klokkast(t, f, nil, "--lang", "en", "settings").out, "Els", "Nederlands", "Simulator")
	want(t, object(t, klokkast(t, f, nil, "settings", "show", "--json").out), map[string]any{"actor": "Els", "language": "nl", "environment": "local-simulator"})
}

// Templates need no database, and come out byte for byte.
func TestTemplates(t *testing.T) {
	closed := func(p *Parts) { p.Open = nil }
	for _, l := range app.Languages {
		for what, file := range map[string][]byte{"staff": importing.StaffTemplate(l), "site": importing.SiteTemplate(l)} {
			if got := klokkast(t, company(), closed, what, "template", "--lang", string(l)); got.out != string(file) {
				t.Errorf("%s template in %s: %q", what, l, got.out)
			}
			want(t, object(t, klokkast(t, company(), closed, what, "template", "--json", "--lang", string(l)).out), map[string]any{"template": string(file)})
		}
	}
}
