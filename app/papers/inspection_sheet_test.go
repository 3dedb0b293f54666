package papers_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/papers"
	"klokkast/app/timesheet/paper"
)

// an inspected site on 2 November 2026 at 9:30 in Brussels, with long names and all that a sheet holds.
func inspected(t *testing.T) *papers.InspectionSheet {
	t.Helper()
	at := app.Instant(1793608200000) // 2026-11-02T08:30:00Z
	site := app.Site{
		ID:      "s",
		Name:    "Gemeentelijk Administratief Centrum Sint-Katelijne-Waver, blok B",
		Contact: app.Contact{Name: "Władysława Ćwik-Öztürk", Phone: "+32 16 27 20 00"},
		Address: app.Address{
			Street:       "Lemanstraat",
			HouseNumber:  "63",
			PostCode:     "2860",
			Municipality: "Sint-Katelijne-Waver",
		},
		Coordinates: &app.Coordinates{Latitude: 51.0669, Longitude: 4.5347},
	}
	own := app.Employer{ID: "e1", Name: "Blinkend Schoon BV", Kind: app.OwnCompany, Enterprise: "0123456749"}
	agency := app.Employer{ID: "e2", Name: "Agence Intérim du Nord", Kind: app.Agency, ForeignVAT: "FR12345678901"}
	there := &papers.PresenceList{Site: site, From: at - 9*3600_000, To: at, People: []papers.PersonThere{
		{
			WorkerID:    "w1",
			Name:        "Νικολαΐδου-Παπαδοπούλου Nguyễn-Đặng Çağlayan-Öztürk",
			StaffNumber: "1042",
			SSIN:        "850*****28",
			Employer:    own.Name,
			Where:       app.WhereInside,
			In:          at - 3600_000,
		}},
		Boxes: []papers.BoxRead{{UID: "b", Label: "Inkom", ReadTo: at}}}
	f := papers.InspectionFacts{Site: site, Client: "Gemeente Sint-Katelijne-Waver", There: there, Employers: []app.Employer{own, agency, own},
		Decisions: []app.SiteDecision{
			{Decision: app.UnderCIAO, From: at - 1000, By: "Łukasz Żak", Reason: "schoonmaak van 800 m²"},
			{Decision: app.NotUnder, From: at + 1000},
		},
		Works: []papers.DeclaredWorks{{Number: "1Y1003SQ5VSSZ", Days: app.Days{From: app.NewDate(2026, 1, 1)}, Default: true},
			{
				Number: "1Y1003SQ5VST0",
				Days:   app.Days{From: app.NewDate(2027, 1, 1)},
			}, {Number: "1Y1003SQ5VST8", Days: app.Days{From: app.NewDate(2024, 1, 1), To: app.NewDate(2026, 11, 1)}}},
		Expected: []papers.ExpectedThere{{Name: "Claes Bart", Employer: agency.Name, From: at - 3600_000, To: at + 3*3600_000, State: "missing"}},
		Last: []papers.LastRegistration{
			{
				At:          at - 3600_000,
				Type:        app.RegisterIn,
				Name:        "Peeters An",
				Enterprise:  own.Enterprise,
				Declaration: "1Y1003SQ5VSSZ",
				State:       app.RegAccepted,
				RegisterID:  900719925474,
			},
			{At: at - 7200_000, Type: app.RegisterOut, Name: "Claes Bart", Enterprise: agency.ForeignVAT, State: app.RegHeld, Held: app.HeldClock},
		}}
	return papers.BuildInspectionSheet(papers.Made{Program: "Klokkast test", At: at, Environment: app.Production}, f)
}

func TestAnInspectionSheetSaysWhatHoldsAtTheMoment(t *testing.T) {
	s := inspected(t)
	if s.Decision.Decision != app.UnderCIAO || s.ValidDeclarations() != 1 {
		t.Errorf("decision %s, %d declarations", s.Decision.Decision, s.ValidDeclarations())
	}
	if len(s.Declarations) != 2 || s.Declarations[0].Number != "1Y1003SQ5VSSZ" || s.Declarations[1].Valid {
		t.Errorf("declarations %+v", s.Declarations)
	}
	if len(s.Employers) != 2 || s.Employers[0].ID != "e2" {
		t.Errorf("employers %+v", s.Employers)
	}
}

func TestInspectionSheetsInFourLanguages(t *testing.T) {
	for _, l := range app.Languages {
		s := inspected(t)
		first, words := printed(t, l, s)
		for _, want := range []string{"Gemeentelijk Administratief Centrum", "Lemanstraat 63, 2860", "Władysława Ćwik-Öztürk +32 16 27 20 00", "1Y1003SQ5VSSZ", "1Y1003SQ5VST0", "0123.456.749", "FR12345678901",
			"850*****28", "Claes Bart", "900719925474", texts(t, l).T("papers.inspection.later"), texts(t, l).T("word.decision.yes"), texts(t, l).T("expected.missing"), "Łukasz Żak"} {
			if !strings.Contains(words, want) {
				t.Errorf("%s: %q is not on the paper:\n%s", l, want, words)
			}
		}
		if strings.Contains(words, "1Y1003SQ5VST8") || strings.Contains(words, texts(t, l).T("papers.inspection.noDeclaration")) {
			t.Errorf("%s: a declaration that ended, or a warning without a reason:\n%s", l, words)
		}
		if again, _ := printed(t, l, inspected(t)); string(again) != string(first) {
			t.Errorf("%s: other bytes", l)
		}
	}
}

func TestASiteWithoutADeclarationIsWarnedOf(t *testing.T) {
	s := inspected(t)
	s.Declarations = s.Declarations[1:] // the one of later
	if _, words := printed(t, app.English, s); !strings.Contains(words, "No declaration of works covers this site") {
		t.Error(words)
	}
	empty := papers.BuildInspectionSheet(
		papers.Made{Program: "Klokkast test", At: s.At, Environment: app.LocalSimulator},
		papers.InspectionFacts{There: &papers.PresenceList{To: s.At}},
	)
	_, words := printed(t, app.English, empty)
	for _, want := range []string{"SIMULATED", "Undecided", "Nobody is planned", "Nothing was registered here"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not on an empty sheet:\n%s", want, words)
		}
	}
}

func TestPapersBearTheLetterhead(t *testing.T) {
	s := inspected(t)
	papers.PutLetterhead(s, paper.Letterhead{Name: "Poetsbedrijf De Zwaluw bv", Lines: []string{"Grote Markt 1, 3000 Leuven"}})
	if _, words := printed(t, app.Dutch, s); !strings.Contains(words, "Poetsbedrijf De Zwaluw bv") || !strings.Contains(words, "Grote Markt 1, 3000 Leuven") {
		t.Error(words)
	}
	papers.PutLetterhead(s, paper.Letterhead{Name: "中"})
	if _, words := printed(t, app.Dutch, s); !strings.Contains(words, "[�1] U+4E2D") {
		t.Error(words)
	}
}
