package importing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/importing"
)

func declarations(t *testing.T, m *memory, csv string) *importing.Report {
	t.Helper()
	r, err := importing.ImportDeclarations(t.Context(), m, strings.NewReader(csv), options(t), true)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A list of declarations brings each once, with the sites that it covers.
func TestDeclarationsAreImportedOnce(t *testing.T) {
	m := withBox()
	sites(t, m, "code;naam\n007;School\nW-2;Bibliotheek\nW-3;Markt\nW-4;Markt\n")
	const list = "aangifte van werken;van;tot;omschrijving;werfcode;werf\n" +
		"1Y1003SQ5VSSZ;01/09/2024;31/08/2027;Kantoren;7;School\n" +
		"1Y1003SQ5VSSZ;01/09/2024;31/08/2027;;;Bibliotheek\n" +
		"1Y1003SQ5VSSA;01/01/2026;;;;\n"
	r := declarations(t, m, list)
	expect(t, "first", counts(r)+"; "+said(append(slices.Clone(r.Problems), r.Notes...)), "2 new, 1 changed, 0 same, 0 refused; 2 import.note.zerosLost")
	if len(m.declarations) != 2 || len(m.links) != 2 || m.declarations[0].Label != "Kantoren" || m.links[1].Days.To != app.NewDate(2027, 8, 31) {
		t.Errorf("%+v, %+v", m.declarations, m.links)
	}
	expect(t, "again", counts(declarations(t, m, list)), "0 new, 0 changed, 3 same, 0 refused")
	expect(t, "longer", counts(declarations(t, m, "number;to\n1Y1003SQ5VSSZ;31/08/2028\n")), "0 new, 1 changed, 0 same, 0 refused")
	if m.links[0].Days.To != app.NewDate(2028, 8, 31) && m.declarations[0].Days.To != app.NewDate(2028, 8, 31) {
		t.Errorf("%+v", m.declarations)
	}
	if k := m.imports[len(m.imports)-1]; k.Kind != importing.DeclarationList || k.Changed != 1 {
		t.Errorf("%+v", k)
	}
	for row, code := range map[string]string{
		"1Y1003SQ5VSSB;;;;;Zwembad": "siteUnknown", "1Y1003SQ5VSSB;;;;;Markt": "siteAmbiguous", "1Y1003SQ5VSSB;;;;W-2;School": "siteOtherName",
	} {
		expect(t, row, said(declarations(t, m, "aangifte van werken;van;tot;omschrijving;werfcode;werf\n"+row+"\n").Problems), "2 import."+code)
	}
	for row, code := range map[string]string{
		";01/09/2024;;;;": "required", "123;;;;;": "declaration.length", "1Y1003SQ5VSSB;01/01/2026;01/01/2031;;;": "declaration.tooLong",
		"1Y1003SQ5VSSB;01/01/2026;01/01/2025;;;": "to.beforeFrom",
	} {
		expect(t, row, said(declarations(t, m, "aangifte van werken;van;tot;omschrijving;werfcode;werf\n"+row+"\n").Problems), "2 "+code)
	}
	if len(m.declarations) != 2 {
		t.Errorf("a refused row brought a declaration: %+v", m.declarations)
	}
}

// Every template is read by its own import, in every language: its example is passed
// over and said, and what is written over the example is a row.
func TestTemplatesAreRead(t *testing.T) {
	for _, l := range app.Languages {
		for _, kind := range []importing.ListKind{importing.StaffList, importing.SiteList, importing.AbsenceList, importing.DeclarationList} {
			m := withPeople()
			m.employers = company().employers
			csv := string(importing.Template(kind, l))
			var r *importing.Report
			switch kind {
			case importing.StaffList:
				r = staff(t, m, csv)
			case importing.SiteList:
				r = sites(t, m, csv)
			case importing.AbsenceList:
				r = absences(t, m, csv, true)
			case importing.DeclarationList:
				r = declarations(t, m, csv)
			}
			expect(t, fmt.Sprint(kind, l), counts(r)+"; "+said(append(slices.Clone(r.Problems), r.Notes...)), "0 new, 0 changed, 0 same, 0 refused; 2 import.note.example")
		}
		m := company()
		csv := string(importing.Template(importing.StaffList, l))
		for _, mark := range []string{"(wis deze regel)", "(effacez cette ligne)", "(diese Zeile löschen)", "(delete this line)"} {
			csv = strings.Replace(csv, mark, "An", 1)
		}
		expect(t, "written over", counts(staff(t, m, csv)), "1 new, 0 changed, 0 same, 0 refused")
		m = company()
		csv = string(importing.Template(importing.SiteList, l))
		for _, mark := range []string{" (wis deze regel)", " (effacez cette ligne)", " (diese Zeile löschen)", " (delete this line)"} {
			csv = strings.Replace(csv, mark, "", 1)
		}
		expect(t, "written over", counts(sites(t, m, csv)), "1 new, 0 changed, 0 same, 0 refused")
	}
}
