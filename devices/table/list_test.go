package table

import (
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"klokkast/app/reading"
)

// A list in the letters of an older program is read by its words; an encoding that a person says is taken.
func TestLettersOfAList(t *testing.T) {
	const list = "Matricule;Nom;Prénom;Entrée\n1;Müller;Zoé;01/02/2020\n2;Lefèvre;André;\n"
	for e, c := range map[reading.Encoding]*charmap.Charmap{
		reading.Windows1252: charmap.Windows1252, reading.CP850: charmap.CodePage850, reading.Macintosh: charmap.Macintosh,
	} {
		raw, err := c.NewEncoder().String(list)
		if err != nil {
			t.Fatal(err)
		}
		if text, found := Letters([]byte(raw), ""); text != list || found.Encoding != e || found.Words == "" {
			t.Errorf("%s: found %+v: %s", e, found, text)
		}
		if text, found := Letters([]byte(raw), e); text != list || found.Encoding != e || len(found.Others) > 0 {
			t.Errorf("%s said: %+v: %s", e, found, text)
		}
	}
}

// UTF-16 without its mark is known by its zero bytes.
func TestLettersInUTF16(t *testing.T) {
	const list = "Matricule;Nom\r\n1;Müller\r\n"
	for first := range 2 {
		var raw []byte
		for _, r := range list {
			pair := [2]byte{byte(r), byte(r >> 8)}
			raw = append(raw, pair[first], pair[1-first])
		}
		if text, _ := Letters(raw, ""); text != list {
			t.Errorf("%d: %q", first, text)
		}
	}
}

// Cells of a workbook are texts: dates by their style, zeros that a style shows, and no row is shifted.
func TestSheetOfAList(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	zeros, date := "0000", "dd/mm/yyyy"
	for cell, v := range map[string]any{
		"A1": "Stamnr", "B1": "Naam", "C1": "In dienst", "D1": "Huisnummer", "A3": 101, "B3": "Oost", "C3": 45536, "D3": 45605, "A4": "0102", "B4": "West", "C4": 45536,
	} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for format, cells := range map[string][]string{zeros: {"A3"}, date: {"C3", "D3"}} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			if err := f.SetCellStyle("Sheet1", c, c, style); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	rows, used, sheets, err := Sheet(b.Bytes(), "")
	if err != nil || used != "Sheet1" || len(sheets) != 1 || len(rows) != 4 || len(rows[1]) != 0 {
		t.Fatalf("%q %q %q %v", rows, used, sheets, err)
	}
	if got := rows[2]; got[0] != "0101" || got[2] != "2024-09-01" || got[3] != "2024-11-09" {
		t.Errorf("%q", got)
	}
	if got := rows[3]; got[0] != "0102" || got[2] != "45536" {
		t.Errorf("%q", got)
	}
	if _, _, _, err := Sheet(b.Bytes(), "Blad9"); err == nil {
		t.Error("a sheet that is not there was read")
	}
}
