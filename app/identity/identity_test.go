package identity_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/identity"
)

// code returns the code of a refusal; "" for none.
func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var field *app.FieldError
	if !errors.As(err, &field) {
		t.Fatalf("refusal is no *app.FieldError: %v", err)
	}
	if field.Field == "" || field.Example == "" {
		t.Errorf("refusal %s lacks its field or its example", field.Code)
	}
	return field.Code
}

type example struct{ in, want, code string }

func check(t *testing.T, parse func(string) (string, error), examples []example) {
	t.Helper()
	for _, e := range examples {
		got, err := parse(e.in)
		if got != e.want || code(t, err) != e.code {
			t.Errorf("%q: got %q, %v; want %q, code %q", e.in, got, err, e.want, e.code)
		}
		var field *app.FieldError
		if errors.As(err, &field) && len(e.in) > 5 && strings.Contains(field.Field+field.Code, e.in) {
			t.Errorf("%q: the refusal repeats the value", e.in)
		}
	}
}

func TestParseSSIN(t *testing.T) {
	check(t, identity.ParseSSIN, []example{
		{"85011512355", "85011512355", ""}, // 1985
		{"93051822361", "93051822361", ""}, // 1993
		{"05011512353", "05011512353", ""}, // 2005
		{"53480200724", "53480200724", ""}, // BIS, sex known
		{"90231512323", "90231512323", ""}, // BIS, sex unknown
		{"90431512366", "90431512366", ""},
		{"85.01.15-123.55", "85011512355", ""},
		{" 85 01 15 123\u00a055\t", "85011512355", ""},
		{"85.01.15–123.55", "85011512355", ""}, // en dash of a word processor
		{"\ufeff85011512355", "85011512355", ""},
		{withCheck(1900, 904000123), withCheck(1900, 904000123), ""}, // BIS without month and day
		{withCheck(1900, 904500123), withCheck(1900, 904500123), ""}, // BIS without day
		{withCheck(2000, 40229001), withCheck(2000, 40229001), ""},   // 29 February 2004
		{"05011512379", "", "ssin.check"},
		{"85011512356", "", "ssin.check"},
		{"", "", "ssin.missing"},
		{" .-", "", "ssin.missing"},
		{"8501151235", "", "ssin.length"},
		{"850115123555", "", "ssin.length"},
		{"850115I2355", "", "ssin.characters"},
		{"8,50112E+10", "", "ssin.scientific"},
		{"8.50115E+10", "", "ssin.scientific"},
		{"8E10", "", "ssin.scientific"},
		{withCheck(1900, 850230123), "", "ssin.date"}, // 30 February
		{withCheck(1900, 850015123), "", "ssin.date"}, // month 00, no BIS number
		{withCheck(1900, 851315123), "", "ssin.date"},
		{withCheck(1900, 50229001), "", "ssin.date"},  // 1905 was no leap year
		{withCheck(1900, 903315123), "", "ssin.date"}, // BIS month 13
		{withCheck(1900, 906015123), "", "ssin.date"},
		{withCheck(1900, 902032123), "", "ssin.date"}, // BIS without month, day 32
	})
}

// withCheck makes a number of the first nine digits.
func withCheck(century, base int64) string {
	n := base
	if century == 2000 {
		n += 2_000_000_000
	}
	return fmt.Sprintf("%09d%02d", base, 97-n%97)
}

func TestRepairSSIN(t *testing.T) {
	for _, e := range []struct {
		in, want string
		repaired bool
		code     string
	}{
		{"85011512355", "85011512355", false, ""},
		{"5011512353", "05011512353", true, ""},
		{" 5011512353", "05011512353", true, ""},
		{strings.TrimLeft(withCheck(2000, 131001), "0"), withCheck(2000, 131001), true, ""},   // 31 January 2000
		{strings.TrimLeft(withCheck(2000, 1231001), "0"), withCheck(2000, 1231001), true, ""}, // 31 December 2000
		{"5011512354", "", false, "ssin.length"},                                              // a zero would not make it right
		{"8501151235", "", false, "ssin.length"},
		{"85011512356", "", false, "ssin.check"},
		{"5,01151E+09", "", false, "ssin.scientific"},
	} {
		got, repaired, err := identity.RepairSSIN(e.in)
		if got != e.want || repaired != e.repaired || code(t, err) != e.code {
			t.Errorf("%q: got %q, %v, %v", e.in, got, repaired, err)
		}
	}
}

func TestFormatSSIN(t *testing.T) {
	if got := identity.FormatSSIN("85011512355"); got != "85.01.15-123.55" {
		t.Errorf("got %q", got)
	}
	if got := identity.FormatSSIN("123"); got != "123" {
		t.Errorf("got %q", got)
	}
}

func TestBirthDate(t *testing.T) {
	for ssin, want := range map[string]string{
		"85011512355":              "1985-01-15",
		"05011512353":              "2005-01-15",
		"53480200724":              "1953-08-02", // BIS, sex known
		"90231512323":              "1990-03-15", // BIS, sex unknown
		"85011512356":              "",
		"":                         "",
		withCheck(1900, 904000123): "",
	} {
		got, ok := identity.BirthDate(ssin)
		if got.String() != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", ssin, got, ok)
		}
	}
}

func TestCheckAge(t *testing.T) {
	today := app.NewDate(2026, 11, 23)
	for ssin, want := range map[string]string{
		"85011512355":              "",
		withCheck(1900, 904000123): "", // born nobody knows when
		withCheck(2000, 790115123): "ssin.age",
		withCheck(2000, 121123001): "",         // fourteen today
		withCheck(2000, 121124001): "ssin.age", // tomorrow
		withCheck(1900, 70115123):  "ssin.age",
	} {
		if got := code(t, identity.CheckAge(ssin, today)); got != want {
			t.Errorf("%s: got %q, want %q", ssin, got, want)
		}
	}
}

// ssins draws valid numbers of people of working age, BIS numbers among them.
func ssins() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		day := app.NewDate(1940, 1, 1).AddDays(rapid.IntRange(0, 26000).Draw(t, "day")) // to 2011
		y, m, d := day.YMD()
		raised := rapid.SampledFrom([]int{0, 20, 40}).Draw(t, "raised")
		order := rapid.IntRange(1, 998).Draw(t, "order")
		century := int64(y / 100 * 100)
		return withCheck(century, int64(((y%100*100+int(m)+raised)*100+d)*1000+order))
	})
}

// One changed digit is always caught: by the check, or, where the other
// century's check happens to fit, by the age.
func TestOneWrongDigitIsCaught(t *testing.T) {
	today := app.NewDate(2026, 11, 23)
	rapid.Check(t, func(t *rapid.T) {
		ssin := ssins().Draw(t, "ssin")
		if got, err := identity.ParseSSIN(ssin); err != nil || got != ssin {
			t.Fatalf("valid number refused: %v", err)
		}
		if err := identity.CheckAge(ssin, today); err != nil {
			t.Fatalf("age of a valid number refused: %v", err)
		}
		at := rapid.IntRange(0, 10).Draw(t, "at")
		b := []byte(ssin)
		b[at] = '0' + (b[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		wrong, err := identity.ParseSSIN(string(b))
		if err != nil {
			return
		}
		if at != 1 {
			t.Fatalf("%s accepted for %s", wrong, ssin)
		}
		if identity.CheckAge(wrong, today) == nil {
			t.Fatalf("%s accepted for %s, age included", wrong, ssin)
		}
	})
}

func TestSSINRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ssin := ssins().Draw(t, "ssin")
		if got, err := identity.ParseSSIN(identity.FormatSSIN(ssin)); got != ssin || err != nil {
			t.Fatalf("%s: got %q, %v", ssin, got, err)
		}
		bare := strings.TrimLeft(ssin, "0")
		if got, repaired, err := identity.RepairSSIN(bare); got != ssin || repaired != (bare != ssin) || err != nil {
			t.Fatalf("%s: repaired to %q, %v, %v", ssin, got, repaired, err)
		}
	})
}

func TestParseEnterprise(t *testing.T) {
	check(t, identity.ParseEnterprise, []example{
		{"0206731645", "0206731645", ""},
		{"0123456749", "0123456749", ""},
		{"BE 0123.456.749", "0123456749", ""},
		{"be0123456749", "0123456749", ""},
		{"BE-0123-456-749", "0123456749", ""},
		{"0123456748", "", "enterprise.check"},
		{"2123456749", "", "enterprise.first"},
		{"123456749", "", "enterprise.length"},
		{"01234567490", "", "enterprise.length"},
		{"NL123456789B01", "", "enterprise.characters"},
		{"1,23457E+08", "", "enterprise.scientific"},
		{"BE", "", "enterprise.missing"},
		{"", "", "enterprise.missing"},
	})
	if got := identity.FormatEnterprise("0123456749"); got != "0123.456.749" {
		t.Errorf("formatted as %q", got)
	}
}

func TestRepairEnterprise(t *testing.T) {
	for _, e := range []struct {
		in, want string
		repaired bool
		code     string
	}{
		{"123456749", "0123456749", true, ""},
		{"BE 123.456.749", "0123456749", true, ""},
		{"0123456749", "0123456749", false, ""},
		{"123456748", "", false, "enterprise.length"},
		{"23456749", "", false, "enterprise.length"},
	} {
		got, repaired, err := identity.RepairEnterprise(e.in)
		if got != e.want || repaired != e.repaired || code(t, err) != e.code {
			t.Errorf("%q: got %q, %v, %v", e.in, got, repaired, err)
		}
	}
}

func TestOneWrongDigitOfAnEnterpriseIsCaught(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.IntRange(0, 19_999_999).Draw(t, "base")
		good := fmt.Sprintf("%08d%02d", base, 97-base%97)
		if got, err := identity.ParseEnterprise(identity.FormatEnterprise(good)); got != good || err != nil {
			t.Fatalf("valid number refused: %v", err)
		}
		b := []byte(good)
		at := rapid.IntRange(0, 9).Draw(t, "at")
		b[at] = '0' + (b[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := identity.ParseEnterprise(string(b)); err == nil {
			t.Fatalf("%s accepted for %s", b, good)
		}
	})
}

func TestParseForeignVAT(t *testing.T) {
	check(t, identity.ParseForeignVAT, []example{
		{"NL 123456789.B01", "NL123456789B01", ""},
		{"fr12 345 678 901", "FR12345678901", ""},
		{"CHE-123.456.789", "CHE123456789", ""},
		{"BE0123456749", "", "vat.belgian"},
		{"123456789", "", "vat.format"},
		{"NLABC", "", "vat.format"},
		{"", "", "vat.missing"},
	})
}

func TestParseDeclaration(t *testing.T) {
	check(t, identity.ParseDeclaration, []example{
		{"1Y1003SQ5VSSZ", "1Y1003SQ5VSSZ", ""},
		{" 1y10-03sq 5vssz", "1Y1003SQ5VSSZ", ""},
		{"1Y1003SQ5VSS", "", "declaration.length"},
		{"1Y1003SQ5VSSZZ", "", "declaration.length"},
		{"1YI003SQ5VSSZ", "", "declaration.letters"},
		{"1Y1OO3SQ5VSSZ", "", "declaration.letters"},
		{"1Y1003SQ5VSS?", "", "declaration.characters"},
		{"1,1003E+12", "", "declaration.scientific"},
		{"", "", "declaration.missing"},
	})
}

func TestParseLimosa(t *testing.T) {
	check(t, identity.ParseLimosa, []example{
		{"L123456789", "L123456789", ""},
		{" l 1234-5678 ", "L1234-5678", ""},
		{"123456789", "", "limosa.format"},
		{"L12", "", "limosa.format"},
		{"L12345é", "", "limosa.format"},
		{"", "", "limosa.missing"},
	})
}

func TestParsePostCode(t *testing.T) {
	check(t, identity.ParsePostCode, []example{
		{"1000", "1000", ""}, {" B-9000 ", "9000", ""}, {"BE 4700", "4700", ""},
		{"0999", "", "postcode.format"}, {"10000", "", "postcode.format"}, {"1O00", "", "postcode.format"},
		{"", "", "postcode.missing"},
	})
}

func TestParseCoordinates(t *testing.T) {
	brussels := app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}
	for _, e := range []struct {
		lat, lon string
		want     app.Coordinates
		code     string
	}{
		{"50.8503", "4.3517", brussels, ""},
		{"50,8503", " 4,3517°", brussels, ""},
		{"50.850301", "4.351699", brussels, ""},
		{"4.3517", "50.8503", app.Coordinates{Latitude: 4.3517, Longitude: 50.8503}, "coordinates.swapped"},
		{"48.8566", "2.3522", app.Coordinates{Latitude: 48.8566, Longitude: 2.3522}, "coordinates.outside"},
		{"50.85", "", app.Coordinates{}, "coordinates.missing"},
		{"NaN", "4.35", app.Coordinates{}, "coordinates.format"},
		{"5E1", "4.35", app.Coordinates{}, "coordinates.format"},
		{"50.850.3", "4.35", app.Coordinates{}, "coordinates.format"},
	} {
		got, err := identity.ParseCoordinates(e.lat, e.lon)
		if got != e.want || code(t, err) != e.code {
			t.Errorf("%s %s: got %v, %v", e.lat, e.lon, got, err)
		}
	}
	for _, pair := range []string{"50.8503, 4.3517", "50.8503,4.3517", "50,8503; 4,3517", "50,8503, 4,3517", "50.8503  4.3517", identity.FormatCoordinates(brussels)} {
		if got, err := identity.ParseCoordinatePair(pair); got != brussels || err != nil {
			t.Errorf("%q: got %v, %v", pair, got, err)
		}
	}
	for _, pair := range []string{"", "50.8503", "1,2,3,4", "50.8503, 4.3517, 12"} {
		if _, err := identity.ParseCoordinatePair(pair); err == nil {
			t.Errorf("%q accepted", pair)
		}
	}
}

func TestCanonicalCard(t *testing.T) {
	check(t, identity.CanonicalCard, []example{
		{"04:a3:f2:1b", "04A3F21B", ""},
		{"0x04A3F21B", "04A3F21B", ""},
		{"04 A3 F2 1B 5C 60 80", "04A3F21B5C6080", ""},
		{"12E4", "12E4", ""}, // hex, not 120000
		{"1,23457E+09", "", "card.scientific"},
		{"04A3F21", "", "card.length"},
		{"04", "", "card.length"},
		{"0102030405060708090A0B", "", "card.length"},
		{"04G3F21B", "", "card.characters"},
		{"", "", "card.missing"},
	})
	check(t, identity.CanonicalCardDecimal, []example{
		{"0012345678", "00BC614E", ""},
		{"4294967295", "FFFFFFFF", ""},
		{"4294967296", "0100000000", ""},
		{"1,23457E+09", "", "card.scientific"},
		{"00BC614E", "", "card.decimal"},
		{"0", "", "card.length"},
		{"99999999999999999999", "", "card.length"},
		{"", "", "card.missing"},
	})
	check(t, identity.CanonicalPIN, []example{
		{"1042", "1042", ""}, {"   00012", "12", ""}, {"000", "0", ""}, {"A12", "A12", ""},
		{"1,2E+05", "", "pin.scientific"}, {"12;3", "", "pin.format"}, {strings.Repeat("1", 25), "", "pin.format"},
		{"", "", "pin.missing"},
	})
}

func TestNotations(t *testing.T) {
	got := map[identity.NotationKind]string{}
	for _, n := range identity.Notations("04A3F21B5C6080") {
		got[n.Kind] = n.Hex
	}
	for kind, want := range map[identity.NotationKind]string{
		identity.Plain:          "04A3F21B5C6080",
		identity.Reversed:       "80605C1BF2A304",
		identity.First4:         "04A3F21B",
		identity.Last4:          "1B5C6080",
		identity.First4Reversed: "1BF2A304",
		identity.Last4Reversed:  "80605C1B",
		identity.First3:         "04A3F2",
		identity.Last3:          "5C6080",
		identity.First3Reversed: "F2A304",
		identity.Last3Reversed:  "80605C",
	} {
		if got[kind] != want {
			t.Errorf("%s: got %s, want %s", kind, got[kind], want)
		}
	}

	card := identity.Notations("00BC614E")[0]
	if card.Decimal != "0012345678" || card.Facility != "188,24910" {
		t.Errorf("00BC614E is shown as %+v", card)
	}
	if n := identity.Notations("not a card"); n != nil {
		t.Errorf("notations of no card: %v", n)
	}
}

func TestAlike(t *testing.T) {
	for _, e := range []struct {
		a, b string
		want identity.NotationKind
	}{
		{"04A3F21B", "04A3F21B", identity.Plain},
		{"0004A3F21B", "04A3F21B", identity.Plain}, // padded
		{"04A3F21B", "1BF2A304", identity.Reversed},
		{"04A3F21B5C6080", "1B5C6080", identity.Last4},
		{"1BF2A304", "04A3F21B5C6080", identity.First4Reversed},
		{"A3F21B", "04A3F21B", identity.Last3},
		{"04A3F21B", "04A3F21C", ""},
		{"", "", ""},
		{"nobody", "nobody", ""},
	} {
		if got, ok := identity.Alike(e.a, e.b); got != e.want || ok != (e.want != "") {
			t.Errorf("%s and %s: got %q, %v", e.a, e.b, got, ok)
		}
	}
}

// A reader that types the card's number in decimal passes on digits that look
// like bytes.
func TestNotationBetween(t *testing.T) {
	for _, e := range []struct {
		seen, known string
		want        identity.NotationKind
		inverse     bool
	}{
		{"04A3F21B", "04A3F21B", identity.Plain, false},
		{"1BF2A304", "04A3F21B", identity.Reversed, false},
		{"0077853211", "04A3F21B", identity.Decimal, false},
		{"0468886276", "04A3F21B", identity.ReversedDecimal, false},
		{"04A3F21B5C6080", "04A3F21B", identity.First4, true},
		{"04A3F21B", "04A3F21B5C6080", identity.First4, false},
	} {
		kind, inverse, ok := identity.NotationBetween(e.seen, e.known)
		if !ok || kind != e.want || inverse != e.inverse {
			t.Errorf("%s for %s is %s, inverse %t, %t; want %s, %t", e.seen, e.known, kind, inverse, ok, e.want, e.inverse)
		}
	}
	if kind, _, ok := identity.NotationBetween("04A3F21B", "04A3F21C"); ok {
		t.Errorf("two cards are taken for one by %s", kind)
	}
}

// Whatever notation a reader uses, confirming it finds the card again, and no
// card that differs in what the reader shows.
func TestEveryNotationMatchesItsCard(t *testing.T) {
	kinds := []identity.NotationKind{
		identity.Plain,
		identity.Reversed,
		identity.Last4,
		identity.First4,
		identity.Last3,
		identity.First3,
		identity.Last4Reversed,
		identity.First4Reversed,
		identity.Last3Reversed,
		identity.First3Reversed,
		identity.Decimal,
		identity.ReversedDecimal,
		identity.Last4Decimal,
		identity.First4Decimal,
		identity.Last4ReversedDecimal,
		identity.Last3Decimal,
		identity.First3Decimal,
	}
	rapid.Check(t, func(t *rapid.T) {
		card := strings.ToUpper(hex.EncodeToString(rapid.SliceOfN(rapid.Byte(), 4, 8).Draw(t, "card")))
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		if parsed, ok := identity.ParseNotation(string(kind)); !ok || parsed != kind {
			t.Fatalf("%s is not known by its name", kind)
		}
		seen, ok := identity.Convert(card, kind)
		if !ok {
			return
		}
		if !identity.Matches(seen, card, kind, false) || !identity.Matches(card, seen, kind, true) {
			t.Fatalf("%s shown as %s in %s is not found again", card, seen, kind)
		}
	})
}

// Whatever notation a reader uses, its card is recognised, either way round.
func TestEveryNotationIsRecognised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytes := rapid.SliceOfN(rapid.Byte(), 3, 10).Draw(t, "card")
		card := fmt.Sprintf("%X", bytes)
		for _, n := range identity.Notations(card) {
			_, one := identity.Alike(card, n.Hex)
			_, other := identity.Alike(n.Hex, card)
			if !one || !other {
				t.Fatalf("%s is not known as %s of %s", n.Hex, n.Kind, card)
			}
		}
	})
}

func TestCardCandidates(t *testing.T) {
	for text, want := range map[string]string{
		"0012345678":    "00BC614E 0012345678", // decimal, or five bytes of hex
		"04A3F21B":      "04A3F21B",
		"188,24910":     "00BC614E",
		"300,1":         "",
		"hello":         "",
		"2863311530123": "029AAAAAA88B",
	} {
		var got []string
		for _, n := range identity.CardCandidates(text) {
			got = append(got, n.Hex)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %s", text, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"items[0].ssin 85011512355 is unknown":  "items[0].ssin 850*****55 is unknown",
		"85.01.15-123.55":                       "850*****55",
		"q=85+01+15+123+55":                     "q=850*****55", // a form's blanks
		"85 01 15 123 55, 05011512353":          "850*****55, 050*****53",
		"2026-11-23 85011512355":                "2026-11-23 850*****55",
		"2026112385011512355":                   "2026112385011512355", // one longer number
		"x85011512356":                          "x85011512356",        // the check does not fit
		`{"value":"90231512323"}`:               `{"value":"902*****23"}`,
		"at 06:58:12.355 of 2026-11-23":         "at 06:58:12.355 of 2026-11-23",
		"/workers/85011512355?x=85.01.15%2D123": "/workers/850*****55?x=85.01.15%2D123",
		"12 85.01.15-123.55.":                   "12 850*****55.",
		"":                                      "",
	} {
		if got := identity.Mask(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNoNumberPassesTheMask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ssin := ssins().Draw(t, "ssin")
		shown := rapid.SampledFrom([]string{ssin, identity.FormatSSIN(ssin), ssin[:6] + " " + ssin[6:9] + "-" + ssin[9:]}).Draw(t, "shown")
		before := rapid.SampledFrom([]string{"", "ssin=", "2026-11-23T06:58:12Z ", `{"a":1,"b":"`, "é", "123 "}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", ".", `"}`, " 42", "-", "x"}).Draw(t, "after")
		masked := identity.Mask(before + shown + after)
		if masked != before+app.Secret(ssin).Masked()+after {
			t.Fatalf("got %q", masked)
		}
		if identity.Mask(masked) != masked {
			t.Fatalf("masking twice changes %q", masked)
		}
	})
}

func FuzzMask(f *testing.F) {
	f.Add("ssin 85.01.15-123.55 and 05011512353")
	f.Add("85 85 85 01 15 123 55")
	f.Fuzz(func(t *testing.T, s string) {
		masked := identity.Mask(s)
		for _, word := range strings.Fields(masked) {
			if _, err := identity.ParseSSIN(word); err == nil && len(word) == 11 {
				t.Errorf("%q passed the mask", word)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"85.01.15-123.55", "BE 0123.456.749", "8,50112E+10", "04:A3:F2:1B", "50.8503, 4.3517", "1Y1003SQ5VSSZ", "000#", "''12", "0'7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsers := map[string]func(string) (string, error){
			"ssin": identity.ParseSSIN, "enterprise": identity.ParseEnterprise, "vat": identity.ParseForeignVAT,
			"declaration": identity.ParseDeclaration, "limosa": identity.ParseLimosa, "post code": identity.ParsePostCode,
			"card": identity.CanonicalCard, "pin": identity.CanonicalPIN,
		}
		for name, parse := range parsers {
			got, err := parse(s)
			if err != nil {
				if got != "" || code(t, err) == "" {
					t.Errorf("%s %q: value %q with %v", name, s, got, err)
				}
				continue
			}
			if again, err := parse(got); again != got || err != nil {
				t.Errorf("%s %q: canonical %q is read as %q, %v", name, s, got, again, err)
			}
		}
		if c, err := identity.ParseCoordinatePair(s); err == nil {
			if again, err := identity.ParseCoordinatePair(identity.FormatCoordinates(c)); again != c || err != nil {
				t.Errorf("%q: %v is read as %v, %v", s, c, again, err)
			}
		}
		identity.CardCandidates(s)
		identity.Notations(s)
		identity.Alike(s, s)
	})
}
