package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"klokkast/ui/officetest"
)

// written puts a list into a folder of the test's own.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A company's columns are said once: what the list does not tell is asked, and the
// mapping reads each further list by its titles, until it is forgotten.
func TestAMappingOfAList(t *testing.T) {
	c := officetest.New(t)
	const list = "Stamnr;Werknemer;Roepnaam;Rijksnr.;Begindatum;Bedrijf;Afdeling\n" +
		"0901;Oost;Ine;93.05.18-223.61;01/09/2024;0123456749;A\n0902;West;Jo;;03/04/2024;0123456749;B\n"
	file := written(t, "loon.csv", list)
	got := klokkast(t, c, nil, "--lang", "en", "staff", "import", file)
	wantText(t, got.err, "staff mapping propose", "no column headings")
	wantText(t, klokkast(t, c, nil, "--lang", "nl", "staff", "mapping", "propose", file).out, "Stamnr", "930*****61", "de waarden zien er zo uit", "Welke kolom is family_name?", "DD/MM/YYYY")
	want(t, object(t, klokkast(t, c, nil, "staff", "mapping", "propose", file, "--json").out), map[string]any{
		"saved": false, "mapping.columns.ssin": "Rijksnr.", "reasons.0.column": "staff_number", "reasons.0.code": "values", "questions.0.code": "which",
		"questions.1.code": "dates", "unused.0": "Werknemer", "samples.0.staff_number": "0901",
	})
	got = klokkast(t, c, nil, "--lang", "en", "staff", "mapping", "set", "Loon", "--sample", file, "--column", "family_name=Werknemer", "--column", "given_name=Roepnaam")
	wantText(t, got.err, "nothing was kept", "--dates")
	set := []string{"staff", "mapping", "set", "Loon", "--sample", file, "--column", "family_name=Werknemer", "--column", "given_name=Roepnaam", "--dates", "DD/MM/YYYY", "--why", "payroll"}
	want(t, object(t, klokkast(t, c, nil, append(set, "--dry-run", "--json")...).out), map[string]any{"saved": false, "mapping.columns.family_name": "Werknemer"})
	want(t, object(t, klokkast(t, c, nil, "staff", "mapping", "show", "--json").out), map[string]any{"simulated": true})
	want(t, object(t, klokkast(t, c, nil, append(set, "--json")...).out), map[string]any{
		"saved": true, "mapping.dates": "DD/MM/YYYY", "mapping.titles.6": "Afdeling", "samples.1.family_name": "West",
	})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "staff", "mapping", "show").out, "Loon", "Stamnr", "DD/MM/YYYY")
	want(t, object(t, klokkast(t, c, nil, "staff", "import", file, "--json").out), map[string]any{"new": 2, "refused": 0, "mapping": "Loon"})
	wantText(t, klokkast(t, c, nil, "--lang", "en", "staff", "import", file).out, "Read by the mapping “Loon”.", "0 new, 0 changed, 2 same")

	// Another order, separator and encoding, and a workbook, give the same.
	other := "Afdeling,Begindatum,Roepnaam,Werknemer,Stamnr,Rijksnr.,Bedrijf\nA,01/09/2024,Ine,Oost,0901,93.05.18-223.61,0123456749\nB,03/04/2024,Jo,West,0902,,0123456749\n"
	mac, err := charmap.Macintosh.NewEncoder().String(strings.Replace(other, "A,01", "Entrée,01", 1))
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	defer book.Close()
	for i, line := range strings.Split(strings.TrimSpace(list), "\n") {
		cells := strings.Split(line, ";")
		if err := book.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &cells); err != nil {
			t.Fatal(err)
		}
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"order.csv": other, "mac.csv": mac, "book.xlsx": b.String()} {
		want(t, object(t, klokkast(t, c, nil, "staff", "import", written(t, name, text), "--json").out), map[string]any{"new": 0, "changed": 0, "same": 2, "refused": 0, "mapping": "Loon"})
	}
	wantText(t, klokkast(t, c, nil, "--lang", "en", "site", "import", file, "--mapping", "Loon").err, "Loon")
	klokkast(t, c, nil, "staff", "mapping", "forget", "loon")
	wantText(t, klokkast(t, c, nil, "--lang", "en", "staff", "mapping", "show").out, "Nobody said yet")
	wantText(t, klokkast(t, c, nil, "--lang", "en", "staff", "import").err, "--template")
	wantText(t, klokkast(t, c, nil, "--lang", "en", "declaration", "import", "--template").out, "declaration of works;from;to", "(delete this line)")
}

// Letters of older programs, and damage by spreadsheets, are seen through the command as well.
func TestListsInOldLettersAndWorkbooks(t *testing.T) {
	c := officetest.New(t)
	for i, m := range []*charmap.Charmap{charmap.CodePage850, charmap.Macintosh, charmap.Windows1252} {
		text, err := m.NewEncoder().String("Matricule;Nom;Prénom\n" + strings.Repeat("9", i+2) + ";Müller;Zoé\n")
		if err != nil {
			t.Fatal(err)
		}
		want(t, object(t, klokkast(t, c, nil, "staff", "import", written(t, "alt.csv", text), "--json").out), map[string]any{"new": 1, "rows.0.who": "Müller Zoé"})
	}
	book := excelize.NewFile()
	defer book.Close()
	date := "dd/mm/yyyy"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &date})
	if err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{"A1": "naam", "B1": "huisnummer", "C1": "postcode", "A2": "School", "B2": 45605, "C2": 3000} {
		if err := book.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SetCellStyle("Sheet1", "B2", "B2", style); err != nil {
		t.Fatal(err)
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	want(t, object(t, klokkast(t, c, nil, "site", "import", written(t, "werven.xlsx", b.String()), "--json").out), map[string]any{
		"refused": 1, "problems.0.code": "houseNumber.date", "problems.0.value": "2024-11-09", "problems.0.example": "9-11",
	})
	out := filepath.Join(t.TempDir(), "fout.csv")
	klokkast(t, c, nil, "import", "refused", "last", "--out", out)
	text, err := os.ReadFile(out)
	if err != nil || string(text) != "\ufeffnaam;huisnummer;postcode\r\nSchool;2024-11-09;3000\r\n" {
		t.Errorf("%q, %v", text, err)
	}
}
