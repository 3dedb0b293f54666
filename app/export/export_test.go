package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/export"
	"klokkast/app/period"
	"klokkast/app/text/texttest"
	"klokkast/app/timesheet"
)

// Made-up people and places.
const (
	engagement app.ID = "01900000-0000-7000-8000-0000005c3f9a"
	office     app.ID = "01900000-0000-7000-8000-000000000001"
	school     app.ID = "01900000-0000-7000-8000-000000000002"
	client     app.ID = "01900000-0000-7000-8000-000000000003"
	worker     app.ID = "01900000-0000-7000-8000-000000000004"
)

var october = app.Month{Year: 2026, Month: time.October}.Days()

func texts(t *testing.T, l app.Language) app.Texts {
	t.Helper()
	return texttest.Catalogue(t).For(l)
}

func zone(t *testing.T) *time.Location {
	t.Helper()
	z, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t *testing.T, s string) app.Instant {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, zone(t))
	if err != nil {
		t.Fatal(err)
	}
	return app.At(v)
}

// shift is a complete presence with the workday that it makes alone.
func shift(t *testing.T, site app.ID, in, out string) app.Workday {
	t.Helper()
	from, to := at(t, in), at(t, out)
	p := app.Presence{
		EngagementID: engagement,
		WorkerID:     worker,
		SiteID:       site,
		State:        app.PresenceComplete,
		In:           &app.Side{At: from},
		Out:          &app.Side{At: to},
		Worked:       to.Sub(from),
	}
	return app.Workday{WorkerID: worker, Day: from.DateIn(zone(t)), Presences: []app.Presence{p}, Worked: to.Sub(from)}
}

// month is October 2026 of one person: plain days, two sites in a day, a night
// from Saturday to Sunday, a holiday of the company, absences, and hours that
// are less than was settled of September.
func month(t *testing.T, family string) *export.Part {
	t.Helper()
	two := shift(t, office, "2026-10-06 06:00", "2026-10-06 08:20")
	second := shift(t, school, "2026-10-06 09:00", "2026-10-06 11:07")
	two.Presences, two.Worked = append(two.Presences, second.Presences...), two.Worked+second.Worked
	night := shift(t, school, "2026-10-10 22:00", "2026-10-11 04:30")
	night.Night, night.Sunday = night.Worked, 4*time.Hour+30*time.Minute
	off := shift(t, office, "2026-10-15 08:00", "2026-10-15 10:00")
	off.Sunday = off.Worked
	late := shift(t, office, "2026-09-30 15:00", "2026-09-30 16:30").Presences[0]
	s := timesheet.Sheet{
		Employer: app.Employer{Name: "=Poetsbedrijf bv", Enterprise: "0123456749"},
		Worker:   app.Worker{ID: worker, StaffNumber: "0042", FamilyName: family, GivenName: "An", SSIN: "85073003328"},
		Engagement: app.Engagement{
			ID:       engagement,
			WorkerID: worker,
			Capacity: app.Employee,
			Days:     app.Days{From: app.NewDate(2021, 3, 1)},
			Rounding: app.Rounding{Minutes: 15},
		},
		Days: october, Holidays: []app.Date{app.NewDate(2026, 10, 15)}, Environment: app.LocalSimulator,
		Sites:    map[app.ID]app.Site{office: {ID: office, Code: "W1", Name: "+Kantoor", ClientID: client}, school: {ID: school, Name: "School"}},
		Workdays: []app.Workday{shift(t, office, "2026-10-05 06:01", "2026-10-05 13:44"), two, night, off},
		Additions: []period.Addition{
			{EngagementID: engagement, Day: app.NewDate(2026, 9, 30), Was: period.Figures{Worked: 480}, Is: period.Figures{Worked: 390},
				Changes: []period.Change{{Was: &period.Presence{Presence: late}}}, Causes: []period.Cause{{Code: period.LeftOut}}},
		},
	}
	m, err := timesheet.Build(s, texts(t, app.Dutch))
	if err != nil {
		t.Fatal(err)
	}
	return &export.Part{Model: m, Clients: map[app.ID]app.Client{client: {ID: client, Name: "@Stad"}}, Absences: []app.Absence{
		{ID: "a1", WorkerID: worker, Days: app.Days{From: app.NewDate(2026, 10, 19), To: app.NewDate(2026, 10, 20)}, Kind: "sick"},
		{
			ID:       "a2",
			WorkerID: worker,
			Days:     app.Days{From: app.NewDate(2026, 10, 21), To: app.NewDate(2026, 10, 21)},
			Kind:     "training",
			Hours:    app.Hours{From: 480, To: 720},
		},
		{ID: "a3", WorkerID: worker, Days: october, Kind: "holiday", Withdrawn: 1},
	}}
}

// write returns the cells of a CSV file by a profile.
func write(t *testing.T, p export.Profile, parts ...*export.Part) (raw string, cells [][]string) {
	t.Helper()
	var b bytes.Buffer
	c, err := export.NewCSV(&b, p, texts(t, app.English))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		if err := c.Add(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
	r.Comma = rune(p.Delimiter[0])
	cells, err = r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), cells
}

func profile(rows export.Rows, columns string) export.Profile {
	return export.Profile{
		Name:         "p",
		Rows:         rows,
		Columns:      export.ParseColumns(columns),
		Delimiter:    ";",
		Dates:        "DD/MM/YYYY",
		Encoding:     export.UTF8,
		DecimalComma: true,
	}
}

func TestDaysInAFile(t *testing.T) {
	_, got := write(
		t,
		profile(export.PerDay, "date,kind,in,out,worked_decimal,saturday_minutes,sunday_hhmm,holiday_minutes,absence,away_minutes,site"),
		month(t, "Peeters"),
	)
	want := [][]string{
		{"05/10/2026", "work", "06:01", "13:44", "7,72", "0", "0:00", "0", "", "0", "'+Kantoor"},
		{"06/10/2026", "work", "06:00", "11:07", "4,45", "0", "0:00", "0", "", "0", "'+Kantoor + School"},
		{"10/10/2026", "work", "22:00", "04:30", "6,50", "120", "4:30", "0", "", "0", "School"},
		{"15/10/2026", "work", "08:00", "10:00", "2,00", "0", "0:00", "120", "", "0", "'+Kantoor"},
		{"19/10/2026", "absence", "", "", "0,00", "0", "0:00", "0", "sick", "0", ""},
		{"20/10/2026", "absence", "", "", "0,00", "0", "0:00", "0", "sick", "0", ""},
		{"21/10/2026", "absence", "", "", "0,00", "0", "0:00", "0", "training", "240", ""},
		{"30/09/2026", "addition", "", "", "-1,50", "0", "0:00", "0", "", "0", ""},
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if strings.Join(got[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("row %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// Whatever a row stands for, the file adds up to the total of the paper.
func TestFilesAddUpToThePaper(t *testing.T) {
	p := month(t, "Peeters")
	want := int(p.Model.WithLate.Hours)
	for _, rows := range export.AllRows {
		_, cells := write(t, profile(rows, "worked_minutes"), p)
		sum := 0
		for _, c := range cells {
			n, err := strconv.Atoi(c[0])
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
		if sum != want {
			t.Errorf("rows per %s add up to %d minutes, the paper says %d", rows, sum, want)
		}
	}
}

// Decimal hours are rounded; those of the rows add up to the rounded total, in every column, whatever a row stands for, and
// none is off by a hundredth or more.
func TestDecimalsAddUp(t *testing.T) {
	var decimals []string
	for _, id := range export.Columns() {
		if strings.HasSuffix(string(id), "_decimal") {
			decimals = append(decimals, string(id))
		}
	}
	hundredths := func(cell string) int {
		n, err := strconv.Atoi(strings.Replace(cell, ",", "", 1))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := month(t, "Peeters")
		for i := range p.Model.Days {
			d := &p.Model.Days[i]
			if d.Worked && len(d.Lines) == 1 { // the day and its one stay
				d.Hours += timesheet.Minutes(rapid.IntRange(-60, 60).Draw(rt, "minutes"))
				d.Lines[0].Share.Hours = d.Hours
				d.Break = timesheet.Minutes(rapid.IntRange(0, 100).Draw(rt, "break"))
			}
		}
		for _, rows := range export.AllRows {
			for _, column := range decimals {
				if !slices.Contains(export.RowsWith(export.ColumnID(column)), rows) {
					continue
				}
				exact := strings.Replace(column, "_decimal", "_minutes", 1)
				_, cells := write(t, profile(rows, column+","+exact), p, month(t, "Maes"))
				_, total := write(t, profile(export.PerPeriod, column), p, month(t, "Maes"))
				sum, want := 0, 0
				for _, c := range cells {
					n := hundredths(c[0])
					minutes, err := strconv.Atoi(c[1])
					if err != nil {
						t.Fatal(err)
					}
					if off := 60*n - 100*minutes; off <= -60 || off >= 60 || minutes == 0 && n != 0 {
						rt.Fatalf("%s of %d minutes is %s", column, minutes, c[0])
					}
					sum += n
				}
				for _, c := range total {
					want += hundredths(c[0])
				}
				if sum != want {
					rt.Fatalf("%s per %s: rows add up to %d hundredths, the total is %d", column, rows, sum, want)
				}
			}
		}
	})
}

// Three days of 7:19 are 21:57, not three times 7.32.
func TestThreeDaysOfDecimals(t *testing.T) {
	p := month(t, "Peeters")
	days := p.Model.Days[:0]
	for i := range p.Model.Days {
		if d := p.Model.Days[i]; d.Worked && len(days) < 3 {
			d.Hours = 7*60 + 19
			days = append(days, d)
		}
	}
	p.Model.Days, p.Model.Late = days, nil
	_, got := write(t, profile(export.PerDay, "worked_decimal"), p)
	_, total := write(t, profile(export.PerPeriod, "worked_decimal"), p)
	if len(got) != 3 || got[0][0] != "7,32" || got[1][0] != "7,31" || got[2][0] != "7,32" || total[0][0] != "21,95" {
		t.Errorf("%q, in all %q", got, total)
	}
}

func TestTextsAreDefusedAndFiguresAreNot(t *testing.T) {
	p := month(t, "=HYPERLINK(\"x\")")
	raw, cells := write(t, profile(export.PerDay, "family_name,employer,client,worked_minutes"), p)
	if cells[0][0] != `'=HYPERLINK("x")` || cells[0][1] != "'=Poetsbedrijf bv" || cells[0][2] != "'@Stad" {
		t.Errorf("the first row is %q", cells[0])
	}
	if last := cells[len(cells)-1][3]; last != "-90" {
		t.Errorf("a negative figure is %q", last)
	}
	for _, line := range strings.Split(raw, "\r\n") {
		for _, cell := range strings.Split(line, ";") {
			if c := strings.Trim(cell, `"`); c != "" && strings.ContainsAny(c[:1], "=+@\t\r") {
				t.Errorf("the cell %q is a formula", cell)
			}
		}
	}
}

// Whatever a name holds, the file has the same columns in each line and no cell that a program reckons.
func TestAnyNameStaysOneHarmlessCell(t *testing.T) {
	part := month(t, "")
	rapid.Check(t, func(rt *rapid.T) {
		m := *part.Model
		m.Sheet.Worker.FamilyName = rapid.String().Draw(rt, "name")
		p := profile(export.PerDay, "family_name,worked_minutes")
		p.Delimiter = rapid.SampledFrom(export.Delimiters[:]).Draw(rt, "delimiter")
		_, cells := write(t, p, &export.Part{Model: &m})
		for _, row := range cells {
			if len(row) != 2 {
				rt.Fatalf("a row has %d cells", len(row))
			}
			if bare := strings.TrimSpace(row[0]); bare != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(bare)[0]) {
				rt.Fatalf("the cell %q is a formula", row[0])
			}
		}
	})
}

func TestLettersThatAnEncodingLacksAreNamed(t *testing.T) {
	p := profile(export.PerDay, "family_name")
	p.Encoding = export.Windows1252
	var b bytes.Buffer
	c, err := export.NewCSV(&b, p, texts(t, app.Dutch))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Add(month(t, "Żółw Łucja")); err != nil {
		t.Fatal(err)
	}
	var unfit *export.UnfitError
	if err := c.Close(); !errors.As(err, &unfit) || string(unfit.Letters) != "ŻłŁ" {
		t.Errorf("the error is %v", err)
	}
	// A letter with a loose accent is the letter that the encoding has.
	fine, _ := write(t, p, month(t, "Rene\u0301e €"))
	if !strings.HasPrefix(fine, "Ren\xe9e \x80") {
		t.Errorf("the file begins with %q", fine[:12])
	}
}

func TestMarkHeadingsAndCodes(t *testing.T) {
	p := profile(export.PerDay, "date=Jour,absence,worked_hhmm")
	p.Encoding, p.Header, p.Dates, p.EveryDay, p.Codes = export.UTF8BOM, true, "YYYYMMDD", true, map[app.AbsenceKind]string{"sick": "200"}
	raw, cells := write(t, p, month(t, "Peeters"))
	if !strings.HasPrefix(raw, "\ufeffJour;Absence;Worked (h:mm)\r\n20261001;;0:00\r\n") {
		t.Errorf("the file begins with %q", raw[:60])
	}
	if len(cells) != 1+31+1 || cells[19][1] != "200" {
		t.Errorf("%d rows, that of the 19th is %q", len(cells), cells[19])
	}
}

func TestProfilesAreChecked(t *testing.T) {
	for _, p := range export.Presets() {
		if err := p.Check(); err != nil {
			t.Errorf("preset %s: %v", p.Name, err)
		}
	}
	for name, spoil := range map[string]func(*export.Profile){
		"no name":        func(p *export.Profile) { p.Name = "" },
		"no column":      func(p *export.Profile) { p.Columns = nil },
		"unknown column": func(p *export.Profile) { p.Columns = export.ParseColumns("salary") },
		"other rows":     func(p *export.Profile) { p.Rows, p.Columns = export.PerPresence, export.ParseColumns("night_minutes") },
		"delimiter":      func(p *export.Profile) { p.Delimiter = ";;" },
		"dates":          func(p *export.Profile) { p.Dates = "DD/MM/YY" },
		"encoding":       func(p *export.Profile) { p.Encoding = "latin-1" },
		"code":           func(p *export.Profile) { p.Codes = map[app.AbsenceKind]string{"away": "1"} },
	} {
		p := export.Presets()[0]
		spoil(&p)
		if p.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func workbook(t *testing.T, l export.Layout, parts ...*export.Part) []byte {
	t.Helper()
	w, err := export.NewWorkbook(l, texts(t, app.English))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, p := range parts {
		if err := w.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := w.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every formula of a spreadsheet, reckoned again, gives the value that is stored
// with it, and those of the first sheet give the figures of the paper.
func TestSpreadsheetReckonsToThePaper(t *testing.T) {
	a, b := month(t, "Peeters"), month(t, "Janssens: [Łucja]/?*")
	for _, layout := range export.Layouts {
		f, err := excelize.OpenReader(bytes.NewReader(workbook(t, layout, a, b)))
		if err != nil {
			t.Fatal(err)
		}
		formulas := 0
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			for y, row := range rows {
				for x, stored := range row {
					cell, _ := excelize.CoordinatesToCellName(x+1, y+1)
					if formula, _ := f.GetCellFormula(sheet, cell); formula == "" {
						continue
					}
					formulas++
					again, err := f.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
					if err != nil || !near(again, stored) {
						t.Errorf("%s: %s!%s is stored as %s and reckoned as %s, %v", layout, sheet, cell, stored, again, err)
					}
				}
			}
		}
		if formulas < 30 {
			t.Errorf("%s: only %d formulas", layout, formulas)
		}
		// Columns: who (4), days (2), then the figures; the last one is with what is late.
		rows, _ := f.GetRows("Totals", excelize.Options{RawCellValue: true})
		line := rows[4]
		total := a.Model.Total
		for column, want := range map[int]timesheet.Minutes{6: total.Hours, 7: total.Rounded, 8: total.Break, 9: total.Night, 15: a.Model.WithLate.Hours} {
			if got, _ := strconv.ParseFloat(line[column], 64); timesheet.Minutes(math.Round(got*24*60)) != want {
				t.Errorf("%s: column %d of the totals is %s, want %s", layout, column, line[column], want)
			}
		}
		if line[4] != "4" || line[5] != "2" {
			t.Errorf("%s: %s days worked, %s absent", layout, line[4], line[5])
		}
	}
}

func near(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && math.Abs(x-y) < 1e-9
}

func TestSpreadsheetHoldsDatesAndTimes(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(workbook(t, export.EachApart, month(t, "Peeters"))))
	if err != nil {
		t.Fatal(err)
	}
	const sheet, monday = "Peeters An", 6 + 5 // the headings stand in row 6
	for cell, want := range map[string]string{"A11": "05/10/2026", "F11": "7:43", "E11": "'+Kantoor", "B25": "sick", "A6": "Date"} {
		if got, _ := f.GetCellValue(sheet, cell); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
	if kind, _ := f.GetCellType(sheet, "A"+strconv.Itoa(monday)); kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Error("a date is a text")
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 6 {
		t.Errorf("the headings do not stay: %+v, %v", panes, err)
	}
	titles := false
	for _, n := range f.GetDefinedName() {
		titles = titles || n.Name == "_xlnm.Print_Titles" && n.Scope == sheet && n.RefersTo == "'Peeters An'!$6:$6"
	}
	if !titles {
		t.Errorf("no headings on every page: %+v", f.GetDefinedName())
	}
}

// Another program reckons the file to the same totals, without an error in any cell.
func TestLibreOfficeReckonsTheSame(t *testing.T) {
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed here")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "hours.xlsx")
	p := month(t, "Peeters")
	if err := os.WriteFile(file, workbook(t, export.OneList, p), 0o600); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(dir, "again")
	out, err := exec.CommandContext(t.Context(), program, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", again, file).
		CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f, err := excelize.OpenFile(filepath.Join(again, "hours.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sheets := f.GetSheetList(); len(sheets) != 4 {
		t.Errorf("the sheets are %q", sheets)
	}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if strings.HasPrefix(cell, "#") || strings.HasPrefix(cell, "Err:") {
					t.Errorf("%s holds the error %s", sheet, cell)
				}
			}
		}
		if sheet != "Totals" {
			continue
		}
		last := rows[len(rows)-1]
		for column, want := range map[int]timesheet.Minutes{6: p.Model.Total.Hours, 15: p.Model.WithLate.Hours} {
			if got, _ := strconv.ParseFloat(last[column], 64); timesheet.Minutes(math.Round(got*24*60)) != want {
				t.Errorf("column %d adds up to %s, want %s", column, last[column], want)
			}
		}
	}
}

// A row with a time that somebody registered by phone has the mark of that beside those of its notes.
func TestTimesByPhoneAreMarked(t *testing.T) {
	p := month(t, "Peeters")
	d := &p.Model.Days[4]
	d.Lines[0].Out.ByPhone = true
	for _, rows := range []export.Rows{export.PerPresence, export.PerDay} {
		marked := 0
		for _, r := range export.RowsOf(p, rows, false) {
			if slices.Contains(r.Marks, app.PhoneMark) {
				marked++
				if r.Days.From != d.Date || r.Out != d.Lines[0].Out.Text {
					t.Errorf("%s: %+v", rows, r)
				}
			}
		}
		if marked != 1 {
			t.Errorf("%s: %d rows are marked", rows, marked)
		}
	}
	if slices.Contains(d.Marks, app.PhoneMark) {
		t.Errorf("the sheet's own notes: %v", d.Marks)
	}
}
