package table_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/filelog"
	"klokkast/app/reading"
	"klokkast/devices/lines"
	"klokkast/devices/table"
	"klokkast/devices/zkteco"
)

var keys = map[string]app.PunchKey{"IN": app.KeyIn, "UIT": app.KeyOut}

// today is when the files of these tests were exported.
var today = time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)

func csv() table.Mapping {
	return table.Mapping{
		Separator: ";", Skip: 1, Badge: table.Column{From: 2}, BadgeForm: reading.BadgePIN, Date: table.Column{From: 3}, Clock: table.Column{From: 4},
		Layout: "DD/MM/YYYY hh:mm", Status: table.Column{From: 5}, Keys: keys,
	}
}

const titles = "Naam;Nummer;Datum;Uur;Richting\r\n"

func TestRows(t *testing.T) {
	fixed := table.Mapping{
		Badge: table.Column{From: 9, Width: 14}, BadgeForm: reading.BadgeHex, Date: table.Column{From: 23, Width: 14}, Layout: "YYYYMMDDhhmmss", Encoding: reading.Windows1252,
	}
	at := func(h, m, s int) time.Time { return time.Date(2026, 11, 23, h, m, s, 0, time.UTC) }
	for name, c := range map[string]struct {
		m    table.Mapping
		file string
		want []table.Row
	}{
		"csv": {csv(), titles + "An;0012;23/11/2026;06:58;IN\r\n\r\n\"Bo; \"\"de lange\"\"\";7;23/11/2026;15:02;UIT\r\nCé;9;23/11/2026;15:03;?", []table.Row{
			{Line: 2, Kind: app.PIN, Badge: "12", Local: at(6, 58, 0), Status: "IN", Key: app.KeyIn},
			{Line: 4, Kind: app.PIN, Badge: "7", Local: at(15, 2, 0), Status: "UIT", Key: app.KeyOut},
			{Line: 5, Kind: app.PIN, Badge: "9", Local: at(15, 3, 0), Status: "?", Unnamed: true},
		}},
		"what is wrong": {csv(), titles + "An;12;31/11/2026;06:58;IN\nAn;1*2;23/11/2026;06:58;IN\nAn;12\nAn;;23/11/2026;06:58;IN\nAn;12;23/11/2026;25:00;IN\nAn;4,1E+09;23/11/2026;06:58;IN\n", []table.Row{
			{Line: 2, Kind: app.PIN, Badge: "12", Status: "IN", Key: app.KeyIn, Problem: zkteco.BadLayout, Column: 4, Value: "31/11/2026 06:58", Wanted: "DD/MM/YYYY hh:mm"},
			{Line: 3, Problem: zkteco.BadPIN, Column: 2, Value: "1*2", Wanted: "1042"},
			{Line: 4, Kind: app.PIN, Badge: "12", Problem: zkteco.BadColumns, Column: 4, Wanted: "DD/MM/YYYY hh:mm"},
			{Line: 5, Problem: zkteco.BadColumns, Column: 2, Wanted: "1042"},
			{Line: 6, Kind: app.PIN, Badge: "12", Status: "IN", Key: app.KeyIn, Problem: zkteco.BadLayout, Column: 4, Value: "23/11/2026 25:00", Wanted: "DD/MM/YYYY hh:mm"},
			{Line: 7, Problem: zkteco.Scientific, Column: 2, Value: "4,1E+09", Wanted: "1042"},
		}},
		"fixed width, Windows-1252": {fixed, "F\xe9lix   04A22B526F119020261123065812\nAn      04A22B52      20261123150200 more", []table.Row{
			{Line: 1, Kind: app.Card, Badge: "04A22B526F1190", Local: at(6, 58, 12)},
			{Line: 2, Kind: app.Card, Badge: "04A22B52", Local: at(15, 2, 0)},
		}},
		"decimal cards": {table.Mapping{Separator: ",", Badge: table.Column{From: 1}, BadgeForm: reading.BadgeDecimal, Date: table.Column{From: 2}, Layout: "YYYY-MM-DD hh:mm:ss"},
			"0004660466,2026-11-23  06:58:12\n-1,2026-11-23 06:58:12", []table.Row{
				{Line: 1, Kind: app.Card, Badge: "00471CF2", Local: at(6, 58, 12)},
				{Line: 2, Problem: zkteco.BadCard, Column: 1, Value: "-1", Wanted: "0012345678"},
			}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := table.Preview(strings.NewReader(c.file), &c.m, 100, today)
			if err != nil {
				t.Fatal(err)
			}
			got := p.Rows
			for i := range got {
				got[i].Text = ""
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParse(t *testing.T) {
	file := titles + "An;12;25/10/2026;01:50;IN\n\nAn;12;25/10/2026;02:30;UIT\nAn;x*y;25/10/2026;09:00;UIT\n"
	raws, err := table.Parse(strings.NewReader(file), csv())
	if err != nil || len(raws) != 4 || raws[0].Number != 1 || raws[3].Number != 5 || string(raws[1].Text) != "An;12;25/10/2026;01:50;IN" {
		t.Fatal(raws, err)
	}
	r, err := table.NewReader(csv(), app.DefaultZone.Location())
	if err != nil {
		t.Fatal(err)
	}
	if said := r.Read(raws[0]); said.Problem != nil || len(said.Taps) != 0 {
		t.Errorf("a title is a tap or wrong: %+v", said)
	}
	want := []filelog.Tap{{Kind: app.PIN, Value: "12", Local: time.Date(2026, 10, 25, 2, 30, 0, 0, time.UTC), Status: "UIT", Key: app.KeyOut}}
	if d := cmp.Diff(want, r.Read(raws[2]).Taps); d != "" {
		t.Error(d)
	}
	if said := r.Read(raws[3]); said.Problem == nil || said.Problem.Line != 5 || said.Problem.Column != 2 || said.Problem.Value != "x*y" {
		t.Errorf("%+v", said.Problem)
	}
	if _, err := table.Parse(strings.NewReader("nothing\n"), csv()); !errors.Is(err, table.ErrNoTap) {
		t.Error(err)
	}
}

func TestMappings(t *testing.T) {
	b, err := json.Marshal(csv())
	if err != nil {
		t.Fatal(err)
	}
	var back table.Mapping
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, csv()) {
		t.Errorf("%s: %+v, %v", b, back, err)
	}
	for name, change := range map[string]func(*table.Mapping){
		"separator":          func(m *table.Mapping) { m.Separator = "::" },
		"quote as separator": func(m *table.Mapping) { m.Separator = `"` },
		"no badge":           func(m *table.Mapping) { m.Badge.From = 0 },
		"no date":            func(m *table.Mapping) { m.Date.From = 0 },
		"column":             func(m *table.Mapping) { m.Clock.From = 100000 },
		"negative":           func(m *table.Mapping) { m.Status.From = -1 },
		"form":               func(m *table.Mapping) { m.BadgeForm = "roman" },
		"no minutes":         func(m *table.Mapping) { m.Layout = "DD/MM/YYYY hh" },
		"two days":           func(m *table.Mapping) { m.Layout = "DD/DD/MM/YYYY hh:mm" },
		"letters":            func(m *table.Mapping) { m.Layout = "DD/MM/YYYY at hh:mm" },
		"skip":               func(m *table.Mapping) { m.Skip = -1 },
	} {
		m := csv()
		change(&m)
		var field *app.FieldError
		if err := m.Validate(); !errors.As(err, &field) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := table.Parse(strings.NewReader(titles), m); !errors.As(err, &field) {
			t.Errorf("%s: parsed: %v", name, err)
		}
	}
}

func TestPropose(t *testing.T) {
	for name, c := range map[string]struct {
		file, want string // the mapping as people would write it down
	}{
		"two columns, Dutch": {titles + "An;12;23/11/2026;06:58;IN\nBo;7;23/11/2026;15:02;UIT\nCe;9;24/11/2026;15:02;UIT\n",
			`{"separator":";","skip":1,"badge":{"from":2},"badgeForm":"pin","date":{"from":3},"clock":{"from":4},"layout":"DD/MM/YYYY hh:mm","status":{"from":5},"keys":{"IN":"in","UIT":"out"}}`},
		"French": {"Date;Heure;Nom;Matricule;Sens\n23.11.2026;06:58:00;An;12;Entrée\n23.11.2026;15:02:00;An;12;Sortie\n",
			`{"separator":";","skip":1,"badge":{"from":4},"badgeForm":"pin","date":{"from":1},"clock":{"from":2},"layout":"DD.MM.YYYY hh:mm:ss","status":{"from":5},"keys":{"Entrée":"in","Sortie":"out"}}`},
		"German, cards in hex": {"Zeit\tAusweis\tRichtung\n2026-11-23T06:58:00\t04a22b52\tKommen\n2026-11-23T15:02:00\t04A22B53\tGehen\n",
			`{"separator":"\t","skip":1,"badge":{"from":2},"badgeForm":"card-hex","date":{"from":1},"layout":"YYYY-MM-DDThh:mm:ss","status":{"from":3},"keys":{"Gehen":"out","Kommen":"in"}}`},
		"English, numbers as status": {"Name,Card No.,Time,State\nAn,0004660466,2026-11-23 06:58,0\nBo,0004660467,2026-11-23 15:02,1\n",
			`{"separator":",","skip":1,"badge":{"from":2},"badgeForm":"card-decimal","date":{"from":3},"layout":"YYYY-MM-DD hh:mm","status":{"from":4}}`},
		"no titles":         {"12,2026-11-23 06:58:12\n7,2026-11-23 15:02:00\n", `{"separator":",","badge":{"from":1},"badgeForm":"pin","date":{"from":2},"layout":"YYYY-MM-DD hh:mm:ss"}`},
		"keys, no titles":   {"12|23/11/26 06:58|I\n7|23/11/26 15:02|O\n", `{"separator":"|","badge":{"from":1},"badgeForm":"pin","date":{"from":2},"layout":"DD/MM/YY hh:mm","status":{"from":3},"keys":{"I":"in","O":"out"}}`},
		"time first":        {"time\tid\n2026-11-23 06:58\t12\n2026-11-23 15:02\t7\n", `{"separator":"\t","skip":1,"badge":{"from":2},"badgeForm":"pin","date":{"from":1},"layout":"YYYY-MM-DD hh:mm"}`},
		"fixed width":       {"00012 20261123 0658 x\n00007 20261123 1502 y\n", `{"badge":{"from":1,"width":6},"badgeForm":"pin","date":{"from":7,"width":13},"layout":"YYYYMMDD hhmm"}`},
		"nothing like it":   {"hello\nworld\n", `{"badge":{"from":1},"badgeForm":"pin","date":{"from":2},"layout":"YYYY-MM-DD hh:mm:ss"}`},
		"an ANSI code page": {"Nom;Num\xe9ro;Date\nAnn\xe9;12;23/11/2026 06:58\n", `{"separator":";","skip":1,"encoding":"windows-1252","badge":{"from":2},"badgeForm":"pin","date":{"from":3},"layout":"DD/MM/YYYY hh:mm"}`},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := table.Preview(strings.NewReader(c.file), nil, 100, today)
			if err != nil {
				t.Fatal(err)
			}
			want, err := reading.ParseMapping(strings.NewReader(c.want))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, p.Mapping); d != "" {
				t.Error(d)
			}
			for _, r := range p.Rows {
				if r.Problem != "" && name != "nothing like it" {
					t.Errorf("line %d: %s", r.Line, r.Problem)
				}
			}
		})
	}
	if err := table.Propose(nil, today).Mapping.Validate(); err != nil {
		t.Error(err)
	}
	if _, err := table.Preview(strings.NewReader("PK\x03\x04\x00\x00"), nil, 5, today); !errors.Is(err, table.ErrNotWorkbook) {
		t.Errorf("a spreadsheet: %v", err)
	}
}

// said returns the taps of lines by a mapping, and what is wrong with the others.
func said(t *testing.T, raws []filelog.Raw, m table.Mapping) (taps []filelog.Tap, bad []reading.LineProblem) {
	t.Helper()
	r, err := table.NewReader(m, app.DefaultZone.Location())
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range raws {
		s := r.Read(raw)
		taps = append(taps, s.Taps...)
		if s.Problem != nil {
			bad = append(bad, *s.Problem)
		}
	}
	return taps, bad
}

// Any bytes under any mapping: no panic, and no line that disappears.
func FuzzTable(f *testing.F) {
	f.Add(titles+"An;12;23/11/2026;06:58;IN\n", ";", 2, 3, 4, "DD/MM/YYYY hh:mm")
	f.Add("An      04A22B52      20261123150200 more", "", 9, 23, 0, "YYYYMMDDhhmmss")
	f.Fuzz(func(t *testing.T, file, separator string, badge, date, clock int, layout string) {
		m := table.Mapping{
			Separator: separator,
			Badge:     table.Column{From: badge},
			BadgeForm: reading.BadgePIN,
			Date:      table.Column{From: date},
			Clock:     table.Column{From: clock},
			Layout:    layout,
		}
		parsed, err := table.Parse(strings.NewReader(file), m)
		if err != nil {
			return
		}
		taps, bad := said(t, parsed, m)
		lines := 0
		for _, l := range strings.Split(strings.TrimPrefix(file, "\uFEFF"), "\n") {
			if strings.TrimSpace(l) != "" {
				lines++
			}
		}
		if len(taps)+len(bad) > lines {
			t.Errorf("%d taps and %d bad lines of %d", len(taps), len(bad), lines)
		}
	})
}

// Files whose lines end in CR alone, or mixed, are read to their end; a cell in quotes may hold one.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"CR":                        strings.ReplaceAll(titles, "\r\n", "\r") + "An;12;23/11/2026;06:58;IN\rBo;13;23/11/2026;07:01;IN\rAn;12;23/11/2026;11:02;UIT\r",
		"mixed, and a CR in quotes": titles + "An;12;23/11/2026;06:58;IN\rBo;13;23/11/2026;07:01;IN\n\"An\rmet een e\";12;23/11/2026;11:02;UIT",
		"lines of Unicode":          titles + "An;12;23/11/2026;06:58;IN\u2028Bo;13;23/11/2026;07:01;IN\u0085An;12;23/11/2026;11:02;UIT\f",
	} {
		f, err := table.Parse(strings.NewReader(file), csv())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if taps, bad := said(t, f, csv()); len(taps) != 3 || len(bad) != 0 {
			t.Errorf("%s: %d taps, bad %v", name, len(taps), bad)
		}
		if p, err := table.Preview(strings.NewReader(file), nil, 10, today); err != nil || len(p.Rows) != 3 || p.Mapping.Skip != 1 {
			t.Errorf("%s: proposed %+v, %v", name, p, err)
		}
	}
}

// A line that is too long is said with its length, and those around it are read; where nothing else is a tap, the file is refused by it.
func TestLongLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x;", 1<<20)
	f, err := table.Parse(strings.NewReader(titles+"An;12;23/11/2026;06:58;IN\n"+long+"\nAn;12;23/11/2026;11:02;UIT\n"), csv())
	if _, bad := said(t, f, csv()); err != nil || len(bad) != 1 || bad[0].Line != 3 || bad[0].Length != len(long) || bad[0].Limit != table.MaxLine {
		t.Error(bad, err)
	}
	var named *lines.LongLineError
	if _, err := table.Parse(strings.NewReader(titles+long), csv()); !errors.As(err, &named) || named.Line != 2 || named.Length != len(long) ||
		!errors.Is(err, table.ErrNoTap) {
		t.Error(err)
	}
	p, err := table.Preview(strings.NewReader(titles+"An;12;23/11/2026;06:58;IN\n"+long+"\nAn;12;23/11/2026;11:02;UIT\n"), nil, 10, today)
	if err != nil || len(p.Rows) != 3 || p.Rows[1].Problem != zkteco.TooLong || p.Rows[1].Length != len(long) || p.Mapping.Date.From != 3 {
		t.Errorf("%+v, %v", p, err)
	}
}

// What a proposal costs grows with the text, not with its square: counted in allocations, of which a time that is tried takes a few.
func TestProposalIsLinear(t *testing.T) {
	for name, unit := range map[string]string{"letters": "a", "digits": "1", "dates": "2026-11-23 06:58:1 ", "marks": "e\u0301", "separators": ";", "cells": "2026-11-23 06:58:1,"} {
		cost := func(bytes int) float64 {
			body := make([]string, 40)
			for i := range body {
				body[i] = strings.Repeat(unit, bytes/len(unit))
			}
			return testing.AllocsPerRun(1, func() { table.Propose(body, today) })
		}
		if few, many := cost(500), cost(4000); many > 16*few+1000 || many > 500_000 {
			t.Errorf("%s: %g allocations for lines of 500 bytes, %g for lines of 4,000", name, few, many)
		}
	}
}

// So does what a whole file costs: four times the lines, four times the allocations.
func TestAFileIsLinear(t *testing.T) {
	for name, row := range map[string]string{
		"one order":  "An;%d;%02d.11.2026;06:58;IN;x\n",
		"two orders": "An,%d,%02d/11/2026 06:58,IN,x\n",
		"two taps":   "%d;2026-11-%02d;06:58;11:02\n",
	} {
		cost := func(lines int) float64 {
			var b strings.Builder
			b.WriteString("Nr;Datum;In;Uit\n")
			for i := range lines {
				fmt.Fprintf(&b, row, 100+i%7, 1+i%12)
			}
			file := b.String()
			p, err := table.Preview(strings.NewReader(file), nil, 10, today)
			if err != nil {
				t.Fatal(err)
			}
			return testing.AllocsPerRun(1, func() {
				if _, err := table.Preview(strings.NewReader(file), nil, 10, today); err != nil {
					t.Error(err)
				}
				if _, err := table.Parse(strings.NewReader(file), p.Mapping); err != nil {
					t.Error(err)
				}
			})
		}
		if few, many := cost(2000), cost(8000); many > 4.4*few {
			t.Errorf("%s: %g allocations for 2,000 lines, %g for 8,000", name, few, many)
		}
	}
}

func BenchmarkPropose(b *testing.B) {
	for name, unit := range map[string]string{"fixed": "a", "digits": "1", "cells": "2026-11-23 06:58:1,"} {
		for _, size := range []int{400, 4000} {
			b.Run(fmt.Sprintf("%s of %d", name, size), func(b *testing.B) {
				body := make([]string, 100)
				for i := range body {
					body[i] = strings.Repeat(unit, size/len(unit))
				}
				b.SetBytes(int64(100 * size))
				for b.Loop() {
					table.Propose(body, today)
				}
			})
		}
	}
}
