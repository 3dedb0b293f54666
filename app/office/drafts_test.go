package office_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/documents"
	"klokkast/app/export"
)

// figuresOf reads the figures of some days as lists give them: one line a person,
// with what came late, and every row of it.
func (b *bench) figuresOf(days app.Days) string {
	b.t.Helper()
	b.refresh()
	profile := export.Profile{Name: "all", Delimiter: ";", Encoding: export.UTF8, Dates: "YYYY-MM-DD", Header: true}
	var out strings.Builder
	for _, rows := range []export.Rows{export.PerPeriod, export.PerDay} {
		profile.Rows, profile.Columns = rows, nil
		for _, column := range export.ColumnsOf(rows) {
			if strings.HasSuffix(string(column), "_minutes") || column == "date" || column == "name" || column == "employer" || column == "days_worked" {
				profile.Columns = append(profile.Columns, export.Column{ID: column})
			}
		}
		done, err := b.Exports.ExportCSV(b.t.Context(), documents.ExportChoice{Days: days, Language: app.English}, profile, b.t.TempDir(), nil)
		if err != nil {
			b.t.Fatal(err)
		}
		file, err := os.ReadFile(done.File)
		if err != nil {
			b.t.Fatal(err)
		}
		out.Write(file)
	}
	for _, r := range must[[]documents.SheetRow](b.t)(b.Sheets.Rows(b.t.Context(), days)) {
		fmt.Fprintln(&out, r.Engagement.ID, r.Days, r.Worked, r.Additions, r.Added)
	}
	return out.String()
}

// papersOf reads the words of everyone's sheet in some days, and of the team's and
// the site's, but for what an approval changes on them.
func (b *bench) papersOf(days app.Days, groups []documents.SheetGroup) string {
	b.t.Helper()
	b.refresh()
	dir := b.t.TempDir()
	must[documents.SheetsWritten](b.t)(b.Sheets.WriteSheets(b.t.Context(), documents.SheetOrder{Days: days, Folder: dir, Language: app.English}, nil))
	must[documents.SheetsWritten](
		b.t,
	)(
		b.Sheets.WriteSheets(b.t.Context(), documents.SheetOrder{Days: days, Groups: groups, Folder: dir, Language: app.English}, nil),
	)
	var out strings.Builder
	for _, name := range inFolder(b.t, dir) {
		for line := range strings.Lines(pdfWords(b.t, filepath.Join(dir, name))) {
			if line = strings.Join(strings.Fields(line), " "); line != "" && !mayDiffer(line) {
				fmt.Fprintln(&out, line)
			}
		}
	}
	return out.String()
}

// mayDiffer says that a line of a paper tells of the approval or of the version, is
// a line of the code, or one at the top of a page that another line on it moved.
func mayDiffer(line string) bool {
	for _, word := range []string{"pprov", "version", "draft", "data ", " · Vroeg"} {
		if strings.Contains(line, word) {
			return true
		}
	}
	return strings.Count(line, "-") >= 3 || strings.HasSuffix(line, "–")
}

// saturdayLate is a closed October to which 3:20 on a Saturday come, read late.
func saturdayLate(t *testing.T) *bench {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut}))
	b.approve(documents.ApprovalChoice{Days: october})
	b.now += 60_000
	must[int](t)(b.read(tap{"04A1", "2026-10-10 08:00", app.KeyIn}, tap{"04A1", "2026-10-10 11:20", app.KeyOut}))
	return b
}

// Late additions stand on every draft of days whose approval would settle them,
// with all their kinds, also where days between are not approved.
func TestADraftShowsWhatItsApprovalWouldCarry(t *testing.T) {
	for _, days := range []app.Days{november, december, {From: app.NewDate(2026, 12, 7), To: app.NewDate(2026, 12, 13)}} {
		b := saturdayLate(t)
		team := must[acts.Team](t)(b.Staff.SaveTeam(t.Context(), acts.Team{Name: "Vroeg", Workers: []app.ID{b.an.ID, b.bart.ID}}, why))
		groups := []documents.SheetGroup{{Kind: "timesheet-team", ID: team.ID}}
		draft, papers := b.figuresOf(days), b.papersOf(days, groups)
		if !strings.Contains(draft, "200;200;0;0;200;0;0") {
			t.Errorf("%s: the draft's list lacks 200 minutes of a Saturday:\n%s", days, draft)
		}
		if n := strings.Count(papers, "of which on Saturdays 0:00 3:20"); n != 2 { // An's and the team's
			t.Errorf("%s: 3:20 on a Saturday stand on %d papers:\n%s", days, n, papers)
		}
		b.now = b.at("2027-01-05 08:00")
		b.approve(documents.ApprovalChoice{Days: days})
		if approved := b.figuresOf(days); approved != draft {
			t.Errorf("%s: the draft says\n%s\nand its approval closes\n%s", days, draft, approved)
		}
		if approved := b.papersOf(days, groups); approved != papers {
			t.Errorf("%s: the draft's papers say\n%s\nand its approval's\n%s", days, papers, approved)
		}
	}
}

// randomShifts are complete presences, some over midnight, weekends and holidays, at
// whole and odd minutes and seconds apart.
func randomShifts(rt *rapid.T, label string, days app.Days) (taps []tap) {
	day := days.From
	for range rapid.IntRange(0, 6).Draw(rt, label) {
		day += app.Date(rapid.IntRange(1, 6).Draw(rt, "days later"))
		if day > days.To {
			break
		}
		from, minutes := rapid.IntRange(0, 22*60).Draw(rt, "from"), rapid.IntRange(1, 10*60).Draw(rt, "minutes")
		card := rapid.SampledFrom([]string{"04A1", "04A1", "04C3", "04B2"}).Draw(rt, "card")
		at := func(m int) string { return fmt.Sprintf("%s %02d:%02d", day+app.Date(m/1440), m/60%24, m%60) }
		taps = append(taps, tap{card, at(from), app.KeyIn}, tap{card, at(from + minutes), app.KeyOut})
	}
	return taps
}

// Whatever is read, ignored and closed before, a draft says what its approval
// closes: every figure, on every list and paper.
func TestDraftsAreWhatApprovalsClose(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		ctx := t.Context()
		second := b.ofAn // An works for a second engagement, and another badge is of it
		second.ID, second.Rounding = "", app.Rounding{Minutes: 15, Mode: app.RoundUp}
		second = must[app.Engagement](t)(b.Staff.SaveEngagement(ctx, second, why))
		b.give("04C3", second, "2026-10-01 08:00")
		if rapid.Bool().Draw(rt, "rounds") {
			b.ofAn.Rounding = app.Rounding{Minutes: 15}
			must[app.Engagement](t)(b.Staff.SaveEngagement(ctx, b.ofAn, why))
		}
		must[int](t)(b.read(randomShifts(rt, "October", october)...))
		b.now = b.at("2026-12-01 08:00")
		b.approve(documents.ApprovalChoice{Days: october})
		for range rapid.IntRange(1, 2).Draw(rt, "readings") {
			b.now += 60_000
			must[int](t)(b.read(randomShifts(rt, "late", october)...))
			b.refresh()
		}
		if shifts := int(b.next) / 2; shifts > 0 && rapid.Bool().Draw(rt, "deducts") {
			in := app.RecordKey{
				LogKey: app.LogKey{Box: b.box, Log: strings.Repeat("cd", 16)},
				Seq:    2*uint64(rapid.IntRange(1, shifts).Draw(rt, "left out")) - 1,
			}
			out := in
			out.Seq++
			if err := b.Judgements.IgnorePunches(ctx, []app.RecordKey{in, out}, "other", "not theirs"); err != nil {
				t.Fatal(err)
			}
		}
		days := rapid.SampledFrom([]app.Days{november, december}).Draw(rt, "days")
		b.now = b.at("2027-01-05 08:00")
		b.refresh()
		draft := b.figuresOf(days)
		closed := b.approve(documents.ApprovalChoice{Days: days})
		if slices.ContainsFunc([]app.ID{b.an.ID, b.bart.ID}, func(w app.ID) bool { return closed[w].Approval == nil }) {
			rt.Skip("something has to be settled first")
		}
		if approved := b.figuresOf(days); approved != draft {
			rt.Fatalf("%s: the draft says\n%s\nand its approval closes\n%s", days, draft, approved)
		}
	})
}

// pdfWords returns the text of a file as pdftotext reads it.
func pdfWords(t *testing.T, path string) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	return string(must[[]byte](t)(exec.Command("pdftotext", "-layout", path, "-").Output()))
}
