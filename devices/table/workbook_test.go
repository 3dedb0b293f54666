package table_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"klokkast/app/reading"
	"klokkast/devices/table"
)

// book returns a workbook of sheets, in order, each row a slice of cells.
func book(t testing.TB, formats []string, sheets ...[][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	styles := map[string]int{}
	for _, format := range formats {
		if format == "" {
			continue
		}
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		styles[format] = id
	}
	for i, rows := range sheets {
		name := []string{"Sheet1", "Blad2", "Blad3"}[i]
		if i > 0 {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		for r, row := range rows {
			for c, v := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if v == nil {
					continue
				}
				if err := f.SetCellValue(name, cell, v); err != nil {
					t.Fatal(err)
				}
				if _, isText := v.(string); c < len(formats) && formats[c] != "" && !isText {
					if err := f.SetCellStyle(name, cell, cell, styles[formats[c]]); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// serial is the number of a day and a clock in a spreadsheet.
func serial(day, h, m, s int) float64 {
	at := time.Date(2026, 11, day, h, m, s, 0, time.UTC)
	return at.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
}

// Dates of workbooks are numbers with a style, clocks are fractions, and badges are numbers: all of them are read as what a person sees.
func TestWorkbooks(t *testing.T) {
	const want = "12 2026-11-02 06:58:12 in\n4100000000 2026-11-02 07:01:00 in\n12 2026-11-13 11:02:00 out"
	titles := []any{"Nr", "Datum", "Actie"}
	whole := [][]any{titles, {12, serial(2, 6, 58, 12), "In"}, {4_100_000_000, serial(2, 7, 1, 0), "In"}, nil, {12, serial(13, 11, 2, 0), "Uit"}, {"Totaal", 3}}
	two := [][]any{
		{"Nr", "Datum", "Uur", "Actie"}, {12, serial(2, 0, 0, 0), serial(2, 6, 58, 12) - serial(2, 0, 0, 0), "In"},
		{4_100_000_000, serial(2, 0, 0, 0), serial(2, 7, 1, 0) - serial(2, 0, 0, 0), "In"}, {12, serial(13, 0, 0, 0), serial(13, 11, 2, 0) - serial(13, 0, 0, 0), "Uit"},
	}
	texts := [][]any{titles, {"12", "02/11/2026 06:58:12", "In"}, {"4100000000", "2/11/2026 7:01:00", "In"}, {"12", "13/11/2026 11:02:00", "Uit"}}
	for name, file := range map[string][]byte{
		"date and clock":           book(t, []string{"", "dd/mm/yyyy hh:mm:ss"}, whole),
		"a style that hides hours": book(t, []string{"0", "d mmm yy;@"}, whole),
		"numbers without a style":  book(t, nil, whole),
		"in two columns":           book(t, []string{"", "dd/mm/yyyy", "[$-813]h:mm AM/PM"}, two),
		"texts":                    book(t, nil, texts),
		"another sheet":            book(t, []string{"", "yyyy-mm-dd hh:mm"}, [][]any{{"Uitleg", "x"}, {"bij", "de lijst"}}, whole),
	} {
		t.Run(name, func(t *testing.T) {
			taps, asks, p := proposed(t, string(file))
			if d := cmp.Diff(want, taps); d != "" || asks != "" {
				t.Errorf("asks %q: %s\n%+v", asks, d, p.Mapping)
			}
			parsed, err := table.Parse(bytes.NewReader(file), p.Mapping)
			if err != nil {
				t.Fatal(err)
			}
			// A raw line is text that can be read again by itself.
			if again, bad := said(t, parsed, p.Mapping); len(again) != 3 || len(bad) != 0 || again[0].Value != "12" {
				t.Errorf("%+v, bad %+v", again, bad)
			}
		})
	}
	if raw := rawLine(t, book(t, []string{"0", "dd/mm/yyyy hh:mm"}, whole), 3); raw != "4100000000\t2026-11-02 07:01:00\tIn" {
		t.Errorf("%q", raw)
	}
}

func rawLine(t *testing.T, file []byte, number int) string {
	t.Helper()
	p, err := table.Preview(bytes.NewReader(file), nil, 100, today)
	if err != nil {
		t.Fatal(err)
	}
	return p.Lines[number-1]
}

func TestSheets(t *testing.T) {
	november := [][]any{{"Nr", "Tijdstip"}, {"12", "2026-11-02 06:58"}}
	december := [][]any{{"Nr", "Tijdstip"}, {"13", "2026-12-01 06:58"}}
	file := book(t, nil, november, december)
	taps, asks, p := proposed(t, string(file))
	if taps != "12 2026-11-02 06:58:00" || asks != "sheet" || p.Questions[0].Answers[1].Value != "Blad2" {
		t.Errorf("%q, %q, %+v", taps, asks, p.Questions)
	}
	other, err := table.Preview(bytes.NewReader(file), &reading.Mapping{Sheet: "Blad2"}, 10, today)
	if err != nil || other.Mapping.Sheet != "Blad2" || other.Rows[0].Badge != "13" {
		t.Errorf("%+v, %v", other, err)
	}
	m := p.Mapping
	m.Sheet = "Blad9"
	var none *table.NoSheetError
	if _, err := table.Parse(bytes.NewReader(file), m); !errors.As(err, &none) || len(none.Sheets) != 2 {
		t.Error(err)
	}
}

// What is no workbook says so, and one that would take more memory than it holds is refused.
func TestWhatIsNoWorkbook(t *testing.T) {
	for file, want := range map[string]error{
		"PK\x03\x04\x00\x00": table.ErrNotWorkbook, "\xd0\xcf\x11\xe0\xa1\xb1": table.ErrOldWorkbook, "a\x00b\x01\n": table.ErrNotText,
		string(book(t, nil, [][]any{})): table.ErrNoTap,
	} {
		if _, err := table.Preview(strings.NewReader(file), nil, 5, today); !errors.Is(err, want) {
			t.Errorf("%.10q: %v", file, err)
		}
	}
	f := excelize.NewFile()
	defer f.Close()
	if err := errors.Join(f.SetCellValue("Sheet1", "A1", 1), f.SetCellValue("Sheet1", "A200000", 1)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Preview(&b, nil, 5, today); !errors.Is(err, table.ErrTooLarge) {
		t.Error(err)
	}
}

// Any bytes behind the beginning of a workbook: no panic, and no more lines than a table has.
func FuzzWorkbook(f *testing.F) {
	f.Add(book(f, []string{"", "dd/mm/yyyy hh:mm"}, [][]any{{"Nr", "Tijdstip"}, {12, serial(2, 6, 58, 12)}, {13, true}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := table.Preview(bytes.NewReader(b), nil, 10, today)
		if err == nil && p.Mapping.Validate() != nil {
			t.Errorf("%+v", p.Mapping)
		}
	})
}

// Sheets that a zip could hold and no spreadsheet writes: cells far out, rows out of order, styles and texts that are not there.
func TestOddSheets(t *testing.T) {
	for name, c := range map[string]struct{ rows, want string }{
		"no such text":    {`<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1" s="99"><v>46328.5</v></c></row>`, "\t46328.5"},
		"no numbers":      {`<row><c><v>12</v></c><c><v>46328.5</v></c></row><row><c><v>13</v></c></row>`, "12\t46328.5|13"},
		"out of order":    {`<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>`, "2||\t1\t1"},
		"no cell":         {`<row r="1"><c r="?"><v>12</v></c></row>`, "not-workbook"},
		"row 0":           {`<row r="0"><c r="A0"><v>12</v></c></row>`, "not-workbook"},
		"negative":        {`<row r="-1"><c r="A-1"><v>12</v></c></row>`, "not-workbook"},
		"the last column": {`<row r="1"><c r="XFD1"><v>12</v></c><c r="A1"><v>1e999</v></c></row>`, "too-large"},
		"no number":       {`<row r="1"><c r="A1" t="n"><v>NaN</v></c><c r="B1" t="d"><v>2026-11-02T06:58:12</v></c><c r="C1" t="inlineStr"><is><t>x</t></is></c></row>`, "NaN\t2026-11-02 06:58:12\tx"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := table.Preview(bytes.NewReader(handmade(t, c.rows)), nil, 10, today)
			got := strings.Join(p.Lines, "|")
			var code table.FileError
			if errors.As(err, &code) {
				got = string(code)
			}
			if got != c.want {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// handmade returns a workbook of one sheet with rows as they stand.
func handmade(t *testing.T, rows string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(book(t, nil, [][]any{{"x", 1}})), int64(len(book(t, nil, [][]any{{"x", 1}}))))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, "sheet1.xml") {
			before, _, _ := strings.Cut(string(content), "<sheetData>")
			_, after, _ := strings.Cut(string(content), "</sheetData>")
			content = []byte(before + "<sheetData>" + rows + "</sheetData>" + after)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
