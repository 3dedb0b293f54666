package importing_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/importing"
)

// withPeople is a store with two people, one of whom works since 2026-12-10.
func withPeople() *memory {
	return &memory{
		workers: []app.Worker{
			{ID: "w1", StaffNumber: "0042", FamilyName: "Peeters", GivenName: "An"},
			{ID: "w2", StaffNumber: "7", FamilyName: "El Amrani", GivenName: "Łucja"},
			{ID: "w3", FamilyName: "Peeters", GivenName: "Bo"},
			{ID: "w4", FamilyName: "Peeters", GivenName: "Bo"},
		},
		engagements: []app.Engagement{
			{ID: "e1", WorkerID: "w1", Days: app.Days{From: app.NewDate(2021, 3, 1)}},
			{ID: "e2", WorkerID: "w2", Days: app.Days{From: app.NewDate(2026, 12, 10)}},
		},
	}
}

func absences(t *testing.T, m *memory, csv string, apply bool) *importing.Report {
	t.Helper()
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := importing.ImportAbsences(t.Context(), m, strings.NewReader(csv), importing.Options{Now: 1_700_000_000_000, Zone: zone, Actor: "Els"}, apply)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAbsencesAreImportedOnce(t *testing.T) {
	m := withPeople()
	list := "personeelsnummer;naam;van;tot;code;uren\n0042;Peeters An;21/12/2026;24/12/2026;vakantie;\n;ŁUCJA el amrani;11/12/2026;;Ziekte;08:00-12:00\n"
	if r := absences(t, m, list, false); r.New != 2 || len(m.absences) != 0 {
		t.Fatalf("a preview: %+v, %d are kept", r, len(m.absences))
	}
	for round, want := range []int{2, 0} {
		if r := absences(t, m, list, true); r.New != want || r.Same != 2-want || r.Refused != 0 {
			t.Errorf("round %d: %d new, %d same, %d refused", round, r.New, r.Same, r.Refused)
		}
	}
	if len(m.absences) != 2 || len(m.acts) != 1 {
		t.Fatalf("%d absences, %d acts", len(m.absences), len(m.acts))
	}
	a, b := m.absences[0], m.absences[1]
	if a.WorkerID != "w1" || a.Kind != "holiday" || a.Days != (app.Days{From: app.NewDate(2026, 12, 21), To: app.NewDate(2026, 12, 24)}) || a.By != "Els" {
		t.Errorf("the first is %+v", a)
	}
	if b.WorkerID != "w2" || b.Kind != "sick" || b.Hours != (app.Hours{From: 480, To: 720}) || b.Days.From != b.Days.To {
		t.Errorf("the second is %+v", b)
	}
	// Another list that overlaps adds only the days that are missing.
	if r := absences(t, m, "matricule,du,au,code\n0042,18/12/2026,26/12/2026,congé\n", true); r.New != 1 {
		t.Errorf("the longer one: %+v", r)
	}
	var days []string
	for _, x := range m.absences[2:] {
		days = append(days, x.Days.From.String()+"/"+x.Days.To.String())
	}
	if want := []string{"2026-12-18/2026-12-20", "2026-12-25/2026-12-26"}; !slices.Equal(days, want) {
		t.Errorf("it added %v, want %v", days, want)
	}
}

func TestWrongAbsencesAreNamedByLine(t *testing.T) {
	m := withPeople()
	m.absences = []app.Absence{{ID: "a", WorkerID: "w1", Days: app.Days{From: app.NewDate(2026, 12, 1), To: app.NewDate(2026, 12, 1)}, Kind: "sick"}}
	list := "staff number;name;from;to;kind;hours\n" +
		"0042;;01/12/2026;02/12/2026;holiday;\n" + // 2: sick already
		"99;;01/12/2026;;sick;\n" + // 3: nobody
		";Peeters Bo;01/12/2026;;sick;\n" + // 4: two of that name
		"0042;Claes Jan;03/12/2026;;sick;\n" + // 5: somebody else's number
		"7;;01/12/2026;02/12/2026;sick;\n" + // 6: not engaged yet
		"0042;;03/12/2026;02/12/2026;sick;\n" + // 7: ends before it begins
		"0042;;03/12/2026;;moon;\n" + // 8: no such kind
		"0042;;03/12/2026;;sick;all day\n" + // 9: no hours
		"0042;;03/12/2026;03/12/2062;sick;\n" + // 10: a slip of the year
		";;03/12/2026;;sick;\n" + // 11: nobody
		"7;;09/12/2026;12/12/2026;sick;\n" // 12: fine, with a note
	r := absences(t, m, list, true)
	want := []string{"2 import.absenceOther", "3 import.absenceUnknown", "4 import.absenceAmbiguous", "5 import.absenceOtherName", "6 import.absenceNotEngaged",
		"7 to.beforeFrom", "8 absence.kind", "9 absence.hours", "10 absence.long", "11 import.absenceNobody"}
	var got []string
	for _, p := range r.Problems {
		got = append(got, fmt.Sprintf("%d %s", p.Line, p.Code))
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems %q, want %q", got, want)
	}
	if r.New != 1 || r.Refused != 10 || len(r.Notes) != 1 || r.Notes[0].Code != "import.note.absencePartly" {
		t.Errorf("%d new, %d refused, notes %v", r.New, r.Refused, r.Notes)
	}
}

func TestTemplateOfAbsencesIsRead(t *testing.T) {
	for _, l := range app.Languages {
		f, err := importing.ParseAbsences(bytes.NewReader(importing.AbsenceTemplate(l)))
		if err != nil || len(f.Problems) != 1 || f.Problems[0].Code != "import.note.example" || len(f.Rows) != 0 || f.Lines != 0 {
			t.Errorf("%s: %+v, %v", l, f, err)
		}
	}
}
