package importing_test

import (
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/importing"
)

// The same list in the words of three languages, and as the service writes instants.
func TestAListOfRegistrationsIsReadInWhateverWords(t *testing.T) {
	for name, list := range map[string]string{
		"nl": "Registratienummer;Datum;Uur;Soort;INSZ;Aangifte van werken;Ondernemingsnummer;Status\n9007199254741000;23/11/2026;06:58:12;IN;85.01.15-123.55;1Y1003SQ5VSSZ;0123.456.749;In behandeling\n9007199254741001;23/11/2026;11:02:00;Einde;85011512355;1Y1003SQ5VSSZ;0123456749;Geannuleerd\n",
		"fr": "Numéro;Date et heure;Type;NISS;Déclaration de travaux;Employeur;Statut\n9007199254741000;23/11/2026 06:58:12;Arrivée;85011512355;1Y1003SQ5VSSZ;0123456749;En cours\n9007199254741001;23/11/2026 11:02:00;Sortie;85011512355;1Y1003SQ5VSSZ;0123456749;Annulé\n",
		"de": "id;Zeitpunkt;Art;ENSS;Arbeitsmeldung;Unternehmensnummer;Gültigkeit\n9007199254741000;2026-11-23T05:58:12Z;Kommen;85011512355;1Y1003SQ5VSSZ;0123456749;ausstehend\n9007199254741001;2026-11-23 11:02:00+01:00;Gehen;85011512355;1Y1003SQ5VSSZ;0123456749;storniert\n",
	} {
		t.Run(name, func(t *testing.T) {
			m := &memory{}
			report, err := importing.ImportRegistrations(t.Context(), m, strings.NewReader(list), registrationOptions(), true)
			if err != nil {
				t.Fatal(err)
			}
			if report.New != 2 || report.Refused != 0 {
				t.Fatalf("%d new, %d refused: %v", report.New, report.Refused, said(report.Problems))
			}
			in, out := m.registrations[0].Rows[0], m.registrations[0].Rows[1]
			at := app.At(time.Date(2026, 11, 23, 5, 58, 12, 0, time.UTC))
			if in.ID != 9007199254741000 || in.At != at || in.Type != app.RegisterIn || in.SSIN != "85011512355" || in.Declaration != "1Y1003SQ5VSSZ" ||
				in.Enterprise != "0123456749" || in.Validity != "pending" && in.Validity != "En cours" || in.Cancelled || in.ToMinute {
				t.Errorf("%+v at %s, %q", in, in.At, in.Validity)
			}
			if out.Type != app.RegisterOut || !out.Cancelled || out.At != app.At(time.Date(2026, 11, 23, 10, 2, 0, 0, time.UTC)) {
				t.Errorf("%+v at %s", out, out.At)
			}
		})
	}
}

func registrationOptions() importing.Options {
	zone, _ := app.DefaultZone.Load()
	return importing.Options{Now: app.At(time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)), Zone: zone, Actor: "An", Environment: app.LocalSimulator}
}

func TestWhatIsNoRegistrationIsRefusedWithItsReason(t *testing.T) {
	head := "id;datum;soort;INSZ;aangifte van werken\n"
	for line, want := range map[string]string{
		";23/11/2026 06:58:12;IN;85011512355;1Y1003SQ5VSSZ":          "2 required",
		"x1;23/11/2026 06:58:12;IN;85011512355;1Y1003SQ5VSSZ":        "2 registerId",
		"1234567;23/11/2026;IN;85011512355;1Y1003SQ5VSSZ":            "2 moment",
		"1234567;23/11/2026 06:58:12;;85011512355;1Y1003SQ5VSSZ":     "2 required",
		"1234567;23/11/2026 06:58:12;soms;85011512355;1Y1003SQ5VSSZ": "2 registrationType",
		"1234567;23/11/2026 06:58:12;IN;85011512356;1Y1003SQ5VSSZ":   "2 ssin.check",
		"1234567;23/11/2026 06:58:12;IN;85011512355;":                "2 import.noDeclaration",
	} {
		m := &memory{}
		report, err := importing.ImportRegistrations(t.Context(), m, strings.NewReader(head+line+"\n"), registrationOptions(), true)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, line, said(report.Problems), want)
	}
}

// A list without seconds says so; its declaration may be said for all of it; what it has up to when is its last row, unless somebody says it.
func TestAListOfOneDeclarationTellsUpToWhenItsSiteIsKnown(t *testing.T) {
	long := app.Days{From: app.NewDate(2026, 1, 1)}
	m := &memory{
		sites:        []app.Site{{ID: "s1", Name: "Stadhuis", Phones: true}, {ID: "s2", Name: "Magazijn", Phones: true}, {ID: "s3", Name: "Kantoor"}},
		declarations: []app.Declaration{{ID: "d1", Number: "1Y1003SQ5VSSZ", Days: long}, {ID: "d2", Number: "1Y1003SQ5VSSY", Days: long}},
		links: []app.DeclarationSite{{ID: "l1", DeclarationID: "d1", SiteID: "s1"}, {ID: "l2", DeclarationID: "d1", SiteID: "s2"},
			{ID: "l3", DeclarationID: "d2", SiteID: "s2"}, {ID: "l4", DeclarationID: "d1", SiteID: "s3"}},
	}
	o := registrationOptions()
	o.Declaration = "1Y1003SQ5VSSZ"
	list := "id;datum;uur;soort;INSZ\n1234567;23/11/2026;6u58;in;85011512355\n"
	report, err := importing.ImportRegistrations(t.Context(), m, strings.NewReader(list), o, true)
	if err != nil {
		t.Fatal(err)
	}
	at := app.At(time.Date(2026, 11, 23, 5, 58, 0, 0, time.UTC))
	got := m.registrations[0]
	if len(got.ReadTo) != 1 || got.ReadTo["s1"] != at || report.ReadTo != at { // of s2 another declaration is not in the list; s3 has no phones
		t.Errorf("%v", got.ReadTo)
	}
	if r := got.Rows[0]; !r.ToMinute || r.At != at || r.Declaration != "1Y1003SQ5VSSZ" {
		t.Errorf("%+v at %s", r, r.At)
	}
	o.ReadTo = app.At(time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC))
	if _, err := importing.ImportRegistrations(t.Context(), m, strings.NewReader(list), o, true); err != nil {
		t.Fatal(err)
	}
	if got := m.registrations[1].ReadTo["s1"]; got != o.ReadTo {
		t.Errorf("known up to %s", got)
	}
}

// Columns of titles that nobody knows are proposed by what stands in them.
func TestAListOfRegistrationsIsProposedByItsValues(t *testing.T) {
	list := "Kol A;Kol B;Kol C;Kol D;Kol E;Kol F\n" +
		"900719925474;85.01.15-123.55;23/11/2026 06:58:12;in;1Y1003SQ5VSSZ;0123456749\n900719925475;93051822361;23/11/2026 11:58:12;uit;1Y1003SQ5VSSZ;0123456749\n"
	p, err := importing.Propose(strings.NewReader(list), importing.RegistrationList, registrationOptions())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"id": "Kol A", "ssin": "Kol B", "at": "Kol C", "type": "Kol D", "declaration": "Kol E", "employer": "Kol F"}
	for column, title := range want {
		if p.Profile.Columns[column] != title {
			t.Errorf("%s is %q, want %q", column, p.Profile.Columns[column], title)
		}
	}
	if len(p.Questions) != 0 {
		t.Errorf("%+v", p.Questions)
	}
	for _, s := range p.Samples {
		if strings.Contains(s["ssin"], "123") {
			t.Errorf("%s stands in a sample", s["ssin"])
		}
	}
}
