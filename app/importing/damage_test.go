package importing_test

import (
	"slices"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/importing"
)

// A spreadsheet took the zeros off, or a program puts them on: one person stays one
// person, by whichever list comes first, and the number keeps its zeros.
func TestLostZerosOfAStaffNumber(t *testing.T) {
	for name, e := range map[string]struct{ first, second, numbers, said string }{
		"the second list lost them":   {"0101;Oost;Ine;", "101;Oost;Ine;", "0101", "2 import.note.zerosLost"},
		"the first list lost them":    {"101;Oost;Ine;", "0101;Oost;Ine;", "0101", "2 import.note.zerosBack"},
		"several of them":             {"000101;Oost;Ine;", "0101;oost;INE;", "000101", "2 import.note.zerosLost"},
		"known by SSIN":               {"0101;Oost;Ine;85011512355", "101;Oost;Ine;85011512355", "0101", "2 import.note.zerosLost"},
		"another given name: ask":     {"0101;Oost;Ine;", "101;Oost;Jan;", "0101", "2 import.staffNumberZeros"},
		"no given name: ask":          {"0101;Oost;Ine;", "101;Oost;;", "0101", "2 import.staffNumberZeros"},
		"another SSIN: another":       {"0101;Oost;Ine;85011512355", "101;Oost;Ine;93051822361", "0101 101", "2 import.note.staffNumberAlike"},
		"another name: somebody else": {"0101;Oost;Ine;", "101;Maes;Jo;", "0101 101", "2 import.note.staffNumberAlike"},
		"letters are no zeros":        {"A0101;Oost;Ine;", "A101;Oost;Ine;", "A0101 A101", ""},
	} {
		m := company()
		const head = "personeelsnummer;familienaam;voornaam;insz\n"
		staff(t, m, head+e.first+"\n")
		r := staff(t, m, head+e.second+"\n")
		var numbers []string
		for _, w := range m.workers {
			numbers = append(numbers, w.StaffNumber)
		}
		expect(t, name, strings.Join(numbers, " "), e.numbers)
		expect(t, name, said(append(slices.Clone(r.Problems), r.Notes...)), e.said)
		if again := staff(t, m, head+e.second+"\n"); again.New+again.Changed != 0 {
			t.Errorf("%s, again: %s", name, counts(again))
		}
	}
	m := withPeople()
	r := absences(t, m, "personeelsnummer;naam;van;code\n42;Peeters An;21/12/2026;vakantie\n", true)
	expect(t, "an absence", counts(r)+"; "+said(r.Notes), "1 new, 0 changed, 0 same, 0 refused; 2 import.note.zerosLost")
}

// What a spreadsheet did to numbers, dates and letters is put right where that is certain, and said; else the row is refused.
func TestDamageInAStaffList(t *testing.T) {
	const head = "personeelsnummer;naam;voornaam;insz;in dienst;badge;badge vanaf;pin;pingroep;uren per week\n"
	for name, e := range map[string]struct{ row, said, value string }{
		"an exponent":         {"4,1E+09;Oost;Ine;;;;;;;", "2 number.scientific", "4,1E+09"},
		"an English exponent": {"4.1E+09;Oost;Ine;;;;;;;", "2 number.scientific", "4.1E+09"},
		"an SSIN, too":        {"1;Oost;Ine;8,50115E+10;;;;;;", "2 ssin.scientific", "850*****10"},
		"decimals":            {"1042,00;Oost;Ine;;;;;12.0;hal-1;38,0", "2 import.note.decimals, 2 import.note.decimals, 2 import.note.badgeFromToday", "1042,00"},
		"a day's number":      {"1;Oost;Ine;;45536;;;;;", "2 import.note.dateSerial", "45536"},
		"an SSIN's zero":      {"1;Oost;Ine;5011512353;;;;;;", "2 import.note.ssinRepaired", "501*****53"},
		"a badge's zero":      {"1;Oost;Ine;;;4A3F21B;1/1/2026;;;", "2 import.note.badgeZeros", "4A3F21B"},
		"letters":             {"1;MÃ¼ller;ZoÃ©;;;;;;;", "2 import.note.letters, 2 import.note.letters", "MÃ¼ller"},
		"a narrow column":     {"1;Oost;Ine;;########;;;;;", "2 import.cellError", "########"},
		"an error":            {"1;#NAAM?;Ine;;;;;;;", "2 import.cellError", "#NAAM?"},
		"hard blanks":         {"\u00a01\u00a0; Oost\u00a0;\u202fIne;;01/09/2024\u00a0;;;;;", "", ""},
		"a month by its name": {"1;Oost;Ine;;1-sep-2024;;;;;", "", ""},
	} {
		m := company()
		r := staff(t, m, head+e.row+"\n")
		all := append(slices.Clone(r.Problems), r.Notes...)
		expect(t, name, said(all), e.said)
		if len(all) > 0 {
			expect(t, name+": the value", all[0].Value, e.value)
		}
		if r.Refused > 0 {
			continue
		}
		w, e := m.workers[0], m.engagements[0]
		if strings.Contains(w.FamilyName, "Ã") || w.GivenName == "" || w.StaffNumber != "1" && w.StaffNumber != "1042" {
			t.Errorf("%s: %+v", name, w)
		}
		if strings.Contains(name, "day's") || strings.Contains(name, "month by") || strings.Contains(name, "hard") {
			expect(t, name, e.Days.From.String(), "2024-09-01")
		}
	}
	m := company()
	staff(t, m, head+"1;Oost;Ine;;;00123456;1/1/2026;;;\n")
	r := staff(t, m, head+"1;Oost;Ine;;;123456;1/1/2026;;;\n")
	expect(t, "a badge that lost two zeros", counts(r)+"; "+said(r.Notes), "0 new, 0 changed, 1 same, 0 refused; 2 import.note.badgeZeros")
}

// The order of day and month is proven by the data; where they prove nothing, the day comes first.
func TestMonthFirstIsProven(t *testing.T) {
	const head = "staff number;name;first name;from;to\n"
	for name, e := range map[string]struct{ rows, first, said string }{
		"proven":       {"1;Oost;Ine;02/01/2024;\n2;Maes;Jo;01/13/2024;\n", "2024-02-01", "0 import.note.monthFirst"},
		"by the end":   {"1;Oost;Ine;02/01/2024;12/31/2026\n", "2024-02-01", "0 import.note.monthFirst"},
		"not proven":   {"1;Oost;Ine;02/01/2024;\n", "2024-01-02", ""},
		"contradicted": {"1;Oost;Ine;02/01/2024;\n2;Maes;Jo;01/13/2024;\n3;Claes;An;13/01/2024;\n", "2024-01-02", "3 date.format"},
	} {
		m := company()
		r := staff(t, m, head+e.rows)
		expect(t, name, m.engagements[0].Days.From.String(), e.first)
		expect(t, name, said(append(slices.Clone(r.Problems), r.Notes...)), e.said)
	}
}

// A house number that became a date is asked for, with the likely one; a known one stays.
func TestHouseNumbersThatBecameDates(t *testing.T) {
	for value, likely := range map[string]string{
		"9/nov": "9-11", "09/nov": "9-11", "9-Nov": "9-11", "11-sep": "9-11", "9 nov": "9-11", "2026-11-09": "9-11", "09/11/2026": "9-11", "nov-26": "11-26",
		"46335": "9-11", "12-okt": "10-12", "3-mrt": "3-3", "2-août": "2-8", "9-nov.": "9-11",
		"9-11": "", "9": "", "9/11": "", "12A": "", "9 bus 3": "", "100": "", "1250": "", "9bis": "",
	} {
		m := withBox()
		r := sites(t, m, "code;naam;huisnummer\nW-1;School;"+value+"\n")
		switch {
		case likely == "":
			expect(t, value, said(r.Problems), "")
			expect(t, value, m.sites[0].Address.HouseNumber, value)
			continue
		case len(r.Problems) != 1 || r.Problems[0].Code != "houseNumber.date" || r.Problems[0].Value != value:
			t.Errorf("%s: %s", value, said(r.Problems))
			continue
		}
		example := r.Problems[0].Why.(*app.FieldError).Example
		expect(t, value, example, likely)
		sites(t, m, "code;naam;huisnummer\nW-1;School;"+likely+"\n")
		r = sites(t, m, "code;naam;huisnummer;straat\nW-1;School;"+value+";Markt\n")
		expect(t, value+" where it is known", counts(r)+"; "+said(r.Notes), "0 new, 1 changed, 0 same, 0 refused; 2 import.note.houseNumberKept")
		expect(t, value, m.sites[0].Address.HouseNumber, likely)
	}
}

func TestDamageInASiteList(t *testing.T) {
	const head = "code;naam;telefoon;postcode;breedtegraad;lengtegraad\n"
	for name, e := range map[string]struct{ row, phone, said string }{
		"a lost zero":        {"1;School;16272000;3000.0;;", "016272000", "2 import.note.decimals, 2 import.note.phoneRepaired"},
		"of a mobile number": {"1;School;470123456;;;", "0470123456", "2 import.note.phoneRepaired"},
		"a lost +":           {"1;School;32470123456;;;", "+32470123456", "2 import.note.phoneRepaired"},
		"nothing lost":       {"1;School;016 27 20 00;;50.87939;4.70093", "016 27 20 00", ""},
		"a decimal comma":    {"1;School;;;50,87939;4,70093", "", ""},
		"an exponent":        {"1;School;3,247E+10;;;", "", "2 number.scientific"},
		"of the code":        {"1,7E+10;School;;;;", "", "2 number.scientific"},
	} {
		m := withBox()
		r := sites(t, m, head+e.row+"\n")
		expect(t, name, said(append(slices.Clone(r.Problems), r.Notes...)), e.said)
		if r.Refused == 0 {
			expect(t, name, m.sites[0].Contact.Phone, e.phone)
		}
	}
	m := withBox()
	sites(t, m, head+"007;School;;;;\n")
	r := sites(t, m, head+"7;School;;;;\n")
	expect(t, "a code's zeros", counts(r)+"; "+said(r.Notes)+"; "+m.sites[0].Code, "0 new, 0 changed, 1 same, 0 refused; 2 import.note.zerosLost; 007")
}

// What stays of an import says the same later: every reason, with its values.
func TestAnAccountIsReadAsItWasWritten(t *testing.T) {
	m := company()
	r := staff(t, m, "personeelsnummer;naam;voornaam;insz;in dienst\n0101;Oost;Ine;;45536\n101;Oost;Jan;;\n2;Maes;Jo;85011512356;\n\"open;x\n")
	kept := m.imports[0]
	text, err := kept.Account.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := importing.DecodeAccount(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Problems) != len(r.Problems) || len(got.Notes) != len(r.Notes) || len(got.Refused) != 3 {
		t.Fatalf("%+v", got)
	}
	for i, p := range append(slices.Clone(got.Problems), got.Notes...) {
		was := append(slices.Clone(r.Problems), r.Notes...)[i]
		key, args := p.TextKey()
		wasKey, wasArgs := was.TextKey()
		if key != wasKey || len(args) != len(wasArgs) || p.Code != was.Code || p.Value != was.Value || p.Line != was.Line {
			t.Errorf("%+v, was %+v", p, was)
		}
		var reason, wasReason *importing.Reason
		if reason, _ = p.Why.(*importing.Reason); reason != nil {
			wasReason = was.Why.(*importing.Reason)
			for name, v := range wasReason.Args {
				if reason.Args[name] != v {
					t.Errorf("%s: %s is %v, was %v", p.Code, name, reason.Args[name], v)
				}
			}
		}
	}
	want := "\ufeffpersoneelsnummer;naam;voornaam;insz;in dienst\r\n101;Oost;Jan;;\r\n2;Maes;Jo;85011512356;\r\n\"open;x\r\n"
	if list := string(got.RefusedList()); list != want {
		t.Errorf("refused: %q, want %q", list, want)
	}
}

// A name in one column is cut, which is said; a person who is known keeps the name as it is.
func TestNamesInOneColumn(t *testing.T) {
	for full, want := range map[string]string{
		"Oost Ine": "Oost|Ine", "Van den Berg, Jan Willem": "Van den Berg|Jan Willem", "DE SMET Jan Willem": "DE SMET|Jan Willem",
		"Van den Berg Jan": "Van den Berg|Jan", "OOST INE": "OOST|INE", "Oost": "Oost|",
	} {
		m := company()
		csv := "personeelsnummer;naam en voornaam\n1;" + full + "\n"
		r := staff(t, m, csv)
		expect(t, full, m.workers[0].FamilyName+"|"+m.workers[0].GivenName, want)
		if strings.HasSuffix(want, "|") == (said(r.Notes) == "2 import.note.nameSplit") {
			t.Errorf("%s: %s", full, said(r.Notes))
		}
		expect(t, full, counts(staff(t, m, csv)), "0 new, 0 changed, 1 same, 0 refused")
	}
	m := company()
	staff(t, m, "personeelsnummer;naam;voornaam\n007;Van den Berg;Jan Willem\n")
	r := staff(t, m, "personeelsnummer;naam en voornaam\n7;van den berg jan willem\n")
	expect(t, "known", counts(r)+"; "+said(r.Notes), "0 new, 0 changed, 1 same, 0 refused; 2 import.note.zerosLost")
}
