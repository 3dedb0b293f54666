package table_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/table"
)

// writtenTap is a tap of a table that a test writes.
type writtenTap struct {
	badge string
	at    time.Time
	key   app.PunchKey
}

func (w writtenTap) String() string {
	return w.badge + " " + w.at.Format("2006-01-02 15:04:05") + " " + w.key.String()
}

// writer writes tables in one of many forms.
type writer struct {
	separator string
	quoted    bool
	date      string // layouts of package time
	clock     string // "" where both stand in one column
	glue      string
	titles    [5]string // badge, date, clock, key, time in one
	keys      map[app.PunchKey]string
	order     []string // columns
	end       string
	seconds   bool
	name      string // the title of a column that nobody needs
}

func drawWriter(t *rapid.T) writer {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	w := writer{
		name: "Naam", separator: pick("separator", ";", "\t", ",", "|"), quoted: rapid.Bool().Draw(t, "quoted"), glue: " ", end: pick("end", "\n", "\r\n", "\r"),
		date: pick("date", "2006-01-02", "02/01/2006", "01/02/2006", "2/1/2006", "1/2/2006", "02-01-2006", "02.01.2006", "2006/01/02", "02/01/06", "1/2/06", "2 Jan 2006", "02-Jan-06", "20060102"),
	}
	clocks := []string{"15:04:05", "15:04", "3:04 PM", "3:04:05 PM", "15h04"}
	clock := pick("clock", clocks...)
	w.seconds = strings.Contains(clock, "05")
	if w.date == "20060102" && clock == "15h04" {
		clock = "15:04"
	}
	if rapid.Bool().Draw(t, "apart") {
		w.clock = clock
	} else {
		if w.date == "2006-01-02" && clock == "15:04:05" {
			w.glue = pick("glue", " ", "T")
		}
		w.date += w.glue + clock
	}
	w.titles = rapid.SampledFrom([][5]string{
		{"Nummer", "Datum", "Uur", "Richting", "Tijdstip"}, {"Matricule", "Date", "Heure", "Sens", "Date et heure"}, {"Ausweis", "Datum", "Uhrzeit", "Richtung", "Zeitpunkt"},
		{"EnNo", "Date", "Time", "INOUT", "DateTime"}, {"USERID", "CHECKDATE", "CHECKTIME", "CHECKTYPE", "CHECKTIME"}, {"AC-No.", "Date", "Time", "State", "Time"},
	}).Draw(t, "titles")
	if strings.HasPrefix(w.date, "01/02") || strings.HasPrefix(w.date, "1/2") { // who writes the month first writes English, and no semicolons
		w.separator = pick("american", ",", "\t")
		w.titles = [5]string{"EnNo", "Date", "Time", "INOUT", "DateTime"}
		w.name = "Name"
	}
	w.keys = rapid.SampledFrom([]map[app.PunchKey]string{
		{app.KeyIn: "IN", app.KeyOut: "UIT"}, {app.KeyIn: "Entrée", app.KeyOut: "Sortie"}, {app.KeyIn: "Kommen", app.KeyOut: "Gehen"}, {app.KeyIn: "C/In", app.KeyOut: "C/Out"}, {app.KeyIn: "I", app.KeyOut: "O"},
		{app.KeyIn: "E", app.KeyOut: "S"}, {app.KeyIn: "Inklokken", app.KeyOut: "Uitklokken"}, nil,
	}).Draw(t, "keys")
	w.order = []string{"badge", "date"}
	if w.clock != "" {
		w.order = append(w.order, "clock")
	}
	if w.keys != nil {
		w.order = append(w.order, "key")
	}
	for _, extra := range []string{"number", "device", "name", "blank", "verified"} {
		if rapid.IntRange(0, 3).Draw(t, extra) == 0 {
			w.order = append(w.order, extra)
		}
	}
	w.order = rapid.Permutation(w.order).Draw(t, "order")
	return w
}

// row writes the nth row; a tap of nobody writes the titles.
func (w writer) row(n int, tap *writtenTap) string {
	var cells []string
	for _, column := range w.order {
		cell := ""
		switch column {
		case "badge":
			cell = w.titles[0]
			if tap != nil {
				cell = tap.badge
			}
		case "date":
			cell = w.titles[1]
			if w.clock == "" {
				cell = w.titles[4]
			}
			if tap != nil {
				cell = tap.at.Format(w.date)
			}
		case "clock":
			cell = w.titles[2]
			if tap != nil {
				cell = tap.at.Format(w.clock)
			}
		case "key":
			cell = w.titles[3]
			if tap != nil {
				cell = w.keys[tap.key]
			}
		case "number":
			cell = "No"
			if tap != nil {
				cell = strconv.Itoa(n)
			}
		case "device":
			cell = "TMNo"
			if tap != nil {
				cell = "1"
			}
		case "name":
			cell = w.name
			if tap != nil {
				cell = "Renée, Peeters; de oude"
			}
		case "verified":
			cell = "VERIFYCODE"
			if tap != nil {
				cell = []string{"1", "15", "2"}[n%3]
			}
		}
		if w.quoted || strings.ContainsAny(cell, w.separator+`"`) {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, w.separator) + w.end
}

func drawTaps(t *rapid.T, w writer) (taps []writtenTap) {
	people := rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(1, 99999), strconv.Itoa), 2, 6, rapid.ID[string]).Draw(t, "people")
	at := time.Date(2026, time.Month(rapid.IntRange(1, 10).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"), 6, 0, 0, 0, time.UTC)
	in := map[string]bool{}
	for range rapid.IntRange(12, 60).Draw(t, "taps") {
		at = at.Add(time.Duration(rapid.IntRange(61, 40_000).Draw(t, "step")) * time.Second)
		tap := writtenTap{badge: rapid.SampledFrom(people).Draw(t, "who"), at: at.Truncate(time.Minute)}
		if w.seconds {
			tap.at = at
		}
		if w.keys != nil {
			in[tap.badge] = !in[tap.badge]
			tap.key = map[bool]app.PunchKey{true: app.KeyIn, false: app.KeyOut}[in[tap.badge]]
		}
		taps = append(taps, tap)
	}
	return taps
}

// A table in a form that terminals and spreadsheets write is read to the last tap, or the proposal asks.
func TestWrittenTablesAreReadOrAsked(t *testing.T) {
	asked, all, codes := 0, 0, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := drawWriter(t)
		taps := drawTaps(t, w)
		var b strings.Builder
		if rapid.Bool().Draw(t, "heading") {
			b.WriteString("Overzicht" + w.end + w.end)
		}
		titled := rapid.IntRange(0, 4).Draw(t, "titled") > 0
		if titled {
			b.WriteString(w.row(0, nil))
		}
		for i := range taps {
			b.WriteString(w.row(i+1, &taps[i]))
			if rapid.IntRange(0, 20).Draw(t, "empty") == 0 {
				b.WriteString(w.end)
			}
			if titled && rapid.IntRange(0, 30).Draw(t, "page") == 0 {
				b.WriteString(w.row(0, nil))
			}
		}
		if rapid.Bool().Draw(t, "total") {
			fmt.Fprintf(&b, "Totaal%s%d%s", w.separator, len(taps), w.end)
		}
		p, err := table.Preview(strings.NewReader(b.String()), nil, 500, today)
		if err != nil {
			t.Fatal(err)
		}
		if all++; len(p.Questions) > 0 {
			asked++
			codes[p.Questions[0].Code]++
			return
		}
		var got, want []string
		for _, row := range p.Rows {
			got = append(got, writtenTap{row.Badge, row.Local, row.Key}.String()+row.Problem)
		}
		for _, tap := range taps {
			want = append(want, tap.String())
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s\n%+v\n%s", b.String(), p.Mapping, d)
		}
	})
	if asked*2 > all {
		t.Errorf("%d of %d tables are asked about: %v", asked, all, codes)
	}
}

// Rows of days with several INs and OUTs, some of them over midnight, are read to the last tap, or the proposal asks.
func TestWrittenDaysAreReadOrAsked(t *testing.T) {
	asked, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		pairs := rapid.IntRange(1, 3).Draw(t, "pairs")
		names := rapid.SampledFrom([][2]string{{"In", "Uit"}, {"Arrivée", "Départ"}, {"Kommen", "Gehen"}, {"Clock in", "Clock out"}, {"Begin", "Einde"}}).Draw(t, "names")
		separator := rapid.SampledFrom([]string{";", "\t"}).Draw(t, "separator")
		date := rapid.SampledFrom([]string{"2006-01-02", "02/01/2006", "2-1-2006", "02.01.06"}).Draw(t, "date")
		clock := rapid.SampledFrom([]string{"15:04", "15:04:05", "15h04"}).Draw(t, "clock")
		total := rapid.Bool().Draw(t, "total")
		lines := []string{strings.Join([]string{"Personeelsnummer", "Datum"}, separator)}
		for i := range pairs {
			lines[0] += separator + names[0] + separator + names[1]
			if pairs > 1 {
				lines[0] = strings.ReplaceAll(lines[0]+" ", names[1]+" ", fmt.Sprint(names[1], " ", i+1))
			}
		}
		if total {
			lines[0] += separator + "Totaal"
		}
		var want []string
		day := time.Date(2026, 9, 20, 0, 0, 0, 0, time.UTC)
		for range rapid.IntRange(6, 30).Draw(t, "rows") {
			day = day.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "later"))
			badge := strconv.Itoa(rapid.IntRange(100, 120).Draw(t, "badge"))
			row := badge + separator + day.Format(date)
			at, worked := day.Add(time.Duration(rapid.IntRange(0, 23*60).Draw(t, "begin"))*time.Minute), time.Duration(0)
			for range rapid.IntRange(1, pairs).Draw(t, "made") {
				out := at.Add(time.Duration(rapid.IntRange(30, 200).Draw(t, "length")) * time.Minute)
				want = append(want, writtenTap{badge, at, app.KeyIn}.String(), writtenTap{badge, out, app.KeyOut}.String())
				row += separator + at.Format(clock) + separator + out.Format(clock)
				worked += out.Sub(at)
				at = out.Add(time.Duration(rapid.IntRange(5, 60).Draw(t, "break")) * time.Minute)
			}
			if total && strings.Count(row, separator) == 1+2*pairs {
				row += separator + day.Add(worked).Format(clock)
			}
			lines = append(lines, row)
		}
		p, err := table.Preview(strings.NewReader(strings.Join(lines, "\n")), nil, 500, today)
		if err != nil {
			t.Fatal(err)
		}
		if all++; len(p.Questions) > 0 {
			asked++
			return
		}
		var got []string
		for _, row := range p.Rows {
			got = append(got, writtenTap{row.Badge, row.Local, row.Key}.String()+row.Problem)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s\n%+v\n%s", strings.Join(lines, "\n"), p.Mapping, d)
		}
	})
	if asked*2 > all {
		t.Errorf("%d of %d tables are asked about", asked, all)
	}
}

// Any bytes: a proposal without a panic, whose mapping is one, and whose rows are what it reads.
func FuzzPropose(f *testing.F) {
	f.Add([]byte("No\tTMNo\tEnNo\tIOMd\tDateTime\n1\t1\t12\t0\t2026/11/02 06:58:00\n2\t1\t13\t1\t2026/11/02 07:01:00\n"))
	f.Add([]byte("Nr;Datum;In;Uit\n12;02/11/2026;06:58;11:02\nTotaal;;;4:04\n"))
	f.Add([]byte("00012 20261102 0658 x\r00007 20261102 1502 y\r"))
	f.Add([]byte("12 2026 11 2 6 58 0\n13 2026 11 2 7 1 0\n"))
	f.Add([]byte("J\x94rg,Mon Nov 2, 2026 6:58 AM\n\"A\",46328.2903,1793599080\n"))
	f.Add([]byte("\xff\xfe1\x002\x00;\x002\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := table.Preview(strings.NewReader(string(b)), nil, 20, today)
		if err != nil {
			return
		}
		if err := p.Mapping.Validate(); err != nil {
			t.Fatalf("%+v: %v", p.Mapping, err)
		}
		for _, q := range p.Questions {
			if len(q.Flags) == 0 || q.Code == "" {
				t.Errorf("%+v", q)
			}
		}
		again, err := table.Preview(strings.NewReader(string(b)), &p.Mapping, 20, today)
		if err != nil || !slices.EqualFunc(p.Rows, again.Rows, func(a, b reading.TableRow) bool { return cmp.Equal(a, b) }) {
			t.Errorf("the same mapping reads otherwise: %v", err)
		}
	})
}
