package table_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/table"
)

func at(from int) table.Column { return table.Column{From: from} }

// told returns what a mapping makes of a line, in short: "12 2026-11-02 06:58:00 in" for each tap, else why it is none.
func told(t *testing.T, m table.Mapping, number int, line string) string {
	t.Helper()
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	r, err := table.NewReader(m, brussels)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range r.Rows(number, []byte(line)) {
		switch {
		case row.None != "":
			out = append(out, string(row.None))
		case row.Problem != "":
			out = append(out, fmt.Sprintf("%s in column %d: %q", row.Problem, row.Column, row.Value))
		default:
			text := fmt.Sprintf("%s %s %s", row.Badge, row.Local.Format("2006-01-02 15:04:05"), row.Key)
			if row.At > 0 {
				text += " = " + row.At.Time().UTC().Format("15:04:05.000")
			}
			if row.Unnamed {
				text += " of " + row.Status
			}
			out = append(out, text)
		}
	}
	return strings.Join(out, ", ")
}

// What a mapping makes of a single line.
func TestReader(t *testing.T) {
	simple := table.Mapping{
		Separator: ";", Skip: 2, Badge: at(1), BadgeForm: reading.BadgePIN, Date: at(2), Layout: "DD/MM/YYYY hh:mm:ss", Status: at(3), Keys: reading.Keys{"I": app.KeyIn, "O": app.KeyOut},
	}
	with := func(change func(*table.Mapping)) table.Mapping {
		m := simple
		change(&m)
		return m
	}
	layout := func(l string) table.Mapping { return with(func(m *table.Mapping) { m.Layout = l }) }
	day := with(func(m *table.Mapping) {
		m.Clock, m.Layout, m.Status, m.Keys = at(3), "DD/MM/YYYY hh:mm", table.Column{}, nil
		m.Also = []reading.AlsoTap{{Clock: at(4), Key: app.KeyOut}}
	})
	breaks := with(func(m *table.Mapping) {
		m.Clock, m.Layout, m.Status, m.Keys = at(3), "DD/MM/YYYY hh:mm", table.Column{}, nil
		m.Also = []reading.AlsoTap{{Clock: at(4), Key: app.KeyBreakStart}, {Clock: at(5), Key: app.KeyBreakEnd}, {Date: at(6), Clock: at(7), Key: app.KeyOut}}
	})
	whole := with(func(m *table.Mapping) {
		m.Layout, m.Status, m.Keys, m.Also = "DD/MM/YYYY hh:mm", table.Column{}, nil, []reading.AlsoTap{{Clock: at(3), Key: app.KeyOut}}
	})
	six := with(func(m *table.Mapping) {
		m.Clock, m.More, m.Layout, m.Status, m.Keys = at(3), []table.Column{at(4), at(5), at(6), at(7)}, "YYYY M D h m s", table.Column{}, nil
	})
	apart := with(func(m *table.Mapping) { m.Clock, m.More, m.Layout = at(4), []table.Column{at(5)}, "MM/DD/YY hh:mm AM" })
	form := func(f reading.BadgeForm) table.Mapping { return with(func(m *table.Mapping) { m.BadgeForm = f }) }
	dos := with(func(m *table.Mapping) { m.Encoding, m.Keys = reading.CP850, reading.Keys{"entrée": app.KeyIn} })
	mac := with(func(m *table.Mapping) { m.Encoding, m.Keys = reading.Macintosh, reading.Keys{"entrée": app.KeyIn} })
	blanks := with(func(m *table.Mapping) { m.Separator, m.Clock, m.Status = " ", at(3), at(4) })
	const in = "12 2026-11-02 06:58:12 in"
	for _, c := range []struct {
		name string
		m    table.Mapping
		line string
		want string
	}{
		{"a tap", simple, "0012;02/11/2026 06:58:12;I", in},
		{"quotes, blanks", simple, ` "12" ; 2/11/2026  6:58:12;"I" ;`, in},
		{"a hard blank, a mark", simple, "\ufeff12\u00a0;02/11/2026 06:58:12;I", in},
		{"another case", simple, "12;02/11/2026 06:58:12;i", in},
		{"a status that nobody named", simple, "12;02/11/2026 06:58:12;Break", "12 2026-11-02 06:58:12 none of Break"},
		{"a dash for nothing", simple, "12;02/11/2026 06:58:12;-", "12 2026-11-02 06:58:12 none"},
		{"a text that is no status", simple, "12;02/11/2026 06:58:12;" + strings.Repeat("x", 65), `status-long in column 3: "` + strings.Repeat("x", 59) + `…"`},
		{"a number that must stay a text", simple, `="0012";'02/11/2026 06:58:12;I`, in},
		{"no status", simple, "12;02/11/2026 06:58:12", "12 2026-11-02 06:58:12 none"},
		{"a hyphen", simple, "EMP-20001;02/11/2026 06:58:12;I", "EMP-20001 2026-11-02 06:58:12 in"},
		{"an apostrophe before a number", simple, "'0012;02/11/2026 06:58:12;I", in},
		{"a colon, a blank", simple, "A:1 2;02/11/2026 06:58:12;I", "A:12 2026-11-02 06:58:12 in"},
		{"a number with decimals", simple, "12.0;02/11/2026 06:58:12;I", in},
		{"a shortened number", simple, "4,1E+09;02/11/2026 06:58:12;I", `scientific in column 1: "4,1E+09"`},
		{"bytes of a card", form(reading.BadgeHex), "04:a2:2b:52;02/11/2026 06:58:12;I", "04A22B52 2026-11-02 06:58:12 in"},
		{"a card as a number", form(reading.BadgeDecimal), "'0004660466;02/11/2026 06:58:12;I", "00471CF2 2026-11-02 06:58:12 in"},
		{"no card", form(reading.BadgeHex), "12G;02/11/2026 06:58:12;I", `card in column 1: "12G"`},
		{"a day that is none", simple, "12;31/11/2026 06:58:12;I", `layout in column 2: "31/11/2026 06:58:12"`},
		{"a line that was cut", simple, "12;02/11/2026 06:5", `layout in column 2: "02/11/2026 06:5"`},
		{"a line that was cut early", simple, "EMP-20001", `columns in column 2: ""`},
		{"a zone", layout("YYYY-MM-DDThh:mm:ssZ"), "12;2026-11-02T05:58:12Z;I", in + " = 05:58:12.000"},
		{"a zone in summer", layout("YYYY-MM-DDThh:mm:ssZ"), "12;2026-07-02T05:58:12.5+01:00;I", "12 2026-07-02 06:58:12 in = 04:58:12.500"},
		{"seconds since 1970", layout("epoch"), "12;1793599092;I", in + " = 05:58:12.000"},
		{"milliseconds", layout("epochms"), "12;1793599092000;I", in + " = 05:58:12.000"},
		{"AM in its own column", apart, "12;11/2/26;I;6:58;PM", "12 2026-11-02 18:58:00 in"},
		{"six columns", six, "12;2026;11;2;6;58;12", "12 2026-11-02 06:58:12 none"},
		{"IN and OUT in one row", day, "12;02/11/2026;06:58;11:02", "12 2026-11-02 06:58:00 in, 12 2026-11-02 11:02:00 out"},
		{"a night", day, "12;02/11/2026;22:00;06:00", "12 2026-11-02 22:00:00 in, 12 2026-11-03 06:00:00 out"},
		{"no OUT", day, "12;02/11/2026;06:58;", "12 2026-11-02 06:58:00 in"},
		{"no IN", day, "12;02/11/2026;--:--;11:02", "12 2026-11-02 11:02:00 out"},
		{"nobody came", day, "12;02/11/2026;;", "note"},
		{"an OUT that is none", day, "12;02/11/2026;06:58;25:02", `layout in column 4: "02/11/2026 25:02"`},
		{"dates of their own", breaks, "12;02/11/2026;20:00;23:50;00:20;03/11/2026;04:00",
			"12 2026-11-02 20:00:00 in, 12 2026-11-02 23:50:00 break-start, 12 2026-11-03 00:20:00 break-end, 12 2026-11-03 04:00:00 out"},
		{"two whole times", whole, "12;02/11/2026 22:00;03/11/2026 06:00", "12 2026-11-02 22:00:00 in, 12 2026-11-03 06:00:00 out"},
		{"CP850", dos, "12;02/11/2026 06:58:12;Entr\x82e", in},
		{"Mac Roman", mac, "12;02/11/2026 06:58:12;Entr\x8ee", in},
		{"UTF-8 where CP850 was said", dos, "12;02/11/2026 06:58:12;Entrée", in},
		{"blanks as separator", blanks, "  12   02/11/2026 06:58:12  I", in},
		{"nothing", simple, "", "empty"},
		{"nothing but separators", simple, ` ;"";; `, "empty"},
		{"a ruler", simple, "------;-------;---", "title"},
		{"titles further down", simple, "Badge;Datum;Status", "title"},
		{"a total", simple, "Totaal;;4", "total"},
		{"a total behind the name", simple, ";;Sous-total: 4", "total"},
		{"a page", simple, "Pagina 2 van 3", "total"},
		{"a note", simple, "Overzicht van alle boekingen", "note"},
		{"no note", simple, "12;;", `columns in column 2: ""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, told(t, c.m, 9, c.line)); d != "" {
				t.Error(d)
			}
		})
	}
	if got := told(t, simple, 2, "Periode 1;02/11/2026;x"); got != "title" {
		t.Errorf("before the first tap: %s", got)
	}
	if got := told(t, simple, 2, "12;02/11/2026 06:58:12;I"); got != in {
		t.Errorf("a tap where titles were expected: %s", got)
	}
	if got := told(t, simple, 2, strings.Repeat("x", 5000)); !strings.HasPrefix(got, "too-long") {
		t.Errorf("a long line: %s", got)
	}
}

// Any line by any mapping: at least one row, no panic, and a tap is whole.
func FuzzRows(f *testing.F) {
	f.Add(`{"separator":";","badge":{"from":1},"badgeForm":"pin","date":{"from":2},"clock":{"from":3},"also":[{"clock":{"from":4},"key":"out"}],"layout":"DD/MM/YYYY hh:mm"}`, "12;2/11/2026;6:58;11:02")
	f.Add(`{"badge":{"from":1,"width":3},"badgeForm":"card-hex","date":{"from":4},"layout":"YYYYMMDD hhmm","encoding":"cp850"}`, "AB 20261102 0658")
	f.Fuzz(func(t *testing.T, mapping, line string) {
		m, err := reading.ParseMapping(strings.NewReader(mapping))
		if err != nil {
			return
		}
		r, err := table.NewReader(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		rows := r.Rows(1, []byte(line))
		if len(rows) == 0 || len(rows) > 1+len(m.Also) {
			t.Fatalf("%d rows", len(rows))
		}
		for _, row := range rows {
			if row.Tap() && (row.Badge == "" || row.Local.Year() < 1970 || row.Line != 1) {
				t.Errorf("%+v", row)
			}
			if !row.Tap() && len(rows) > 1 {
				t.Errorf("no tap beside taps: %+v", rows)
			}
		}
	})
}
