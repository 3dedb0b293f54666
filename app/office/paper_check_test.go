package office_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/timesheet"
)

// file prints An's sheet of some days and gives its path.
func (b *bench) file(days app.Days) string {
	b.t.Helper()
	return must[string](b.t)(b.WriteSheet(b.t.Context(), b.ofAn.ID, days, app.English, b.t.TempDir(), false))
}

// check compares a file with the data of now; it holds one sheet.
func (b *bench) check(path string) (office.FileVerdict, office.PaperCheck) {
	b.t.Helper()
	b.refresh()
	c := must[*office.FileCheck](b.t)(b.VerifyPaperFile(b.t.Context(), path))
	if len(c.Papers) != 1 {
		b.t.Fatalf("%d papers in the file", len(c.Papers))
	}
	return c.File, c.Papers[0]
}

func worked(t *testing.T) *bench {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut},
		tap{"04A1", "2026-10-06 08:00", app.KeyIn}, tap{"04A1", "2026-10-06 12:00", app.KeyOut}))
	return b
}

// A draft equals the data until a day changes; then that day is told, the next
// print has another version, and says what changed.
func TestADraftIsComparedDayByDay(t *testing.T) {
	b := worked(t)
	first := b.file(october)
	file, c := b.check(first)
	if file != office.FileOriginal || c.Verdict != office.PaperSame || !c.Code.Draft || c.Code.Version != 1 || c.EngagementID != b.ofAn.ID {
		t.Errorf("at once: %s, %+v", file, c)
	}
	must[int](t)(b.read(tap{"04A1", "2026-10-06 13:00", app.KeyIn}, tap{"04A1", "2026-10-06 13:30", app.KeyOut}))
	_, c = b.check(first)
	if c.Verdict != office.PaperChanged || len(c.Differences) != 1 || c.Differences[0].Day != app.NewDate(2026, 10, 6) || c.Differences[0].Hours() != 30 {
		t.Errorf("after a late tap: %+v", c)
	}
	_, second := b.check(b.file(october))
	if second.Verdict != office.PaperSame || second.Code.Version != 2 {
		t.Errorf("printed again: %+v", second)
	}
	if again := must[*office.PaperCheck](t)(b.VerifyPaperCode(t.Context(), c.Code.String())); again.Verdict != office.PaperChanged || len(again.Differences) != 1 {
		t.Errorf("the code of the first one, typed: %+v", again)
	}
}

// Whoever changes a file is told so, though its code is still that of a paper.
func TestAChangedFileIsTold(t *testing.T) {
	b := worked(t)
	b.approve(office.ApprovalChoice{Days: october})
	path := b.file(october)
	if file, c := b.check(path); file != office.FileOriginal || c.Verdict != office.PaperSame || c.Code.Draft {
		t.Errorf("%s, %+v", file, c)
	}
	forged := append(must[[]byte](t)(os.ReadFile(path)), "% 99 hours\n"...)
	if err := os.WriteFile(path, forged, 0o600); err != nil {
		t.Fatal(err)
	}
	if file, c := b.check(path); file != office.FileOther || c.Verdict != office.PaperSame {
		t.Errorf("forged: %s, %+v", file, c)
	}
}

// An approved paper stays true when something comes late: the check says what
// came. Withdrawn and approved anew, the old paper is told from the new one.
func TestAnApprovedPaperIsComparedWithItsApproval(t *testing.T) {
	b := worked(t)
	b.approve(office.ApprovalChoice{Days: october})
	first := b.file(october)
	b.now += 60_000
	must[int](t)(b.read(tap{"04A1", "2026-10-06 13:00", app.KeyIn}, tap{"04A1", "2026-10-06 13:30", app.KeyOut}))
	if _, c := b.check(first); c.Verdict != office.PaperSame || len(c.Since) != 1 || c.Since[0].Difference().Worked != 30 {
		t.Errorf("after a late tap: %+v", c)
	}
	if err := b.WithdrawApproval(t.Context(), b.standing(b.an, october).ID, "the afternoon was missing"); err != nil {
		t.Fatal(err)
	}
	if _, c := b.check(first); c.Verdict != office.PaperChanged || !c.Withdrawn || len(c.Differences) != 1 {
		t.Errorf("withdrawn: %+v", c)
	}
	b.refresh()
	b.approve(office.ApprovalChoice{Days: october})
	second := b.file(october)
	if _, c := b.check(second); c.Verdict != office.PaperSame || c.Code.Version != 3 || len(c.Since) != 0 {
		t.Errorf("approved anew: %+v", c)
	}
	if _, c := b.check(first); c.Verdict != office.PaperChanged || !c.Withdrawn || len(c.Differences) != 1 || c.Code.Version != 1 {
		t.Errorf("the first one: %+v", c)
	}
	s := must[[]byte](t)(b.Store.Snapshot(t.Context(), b.standing(b.an, october).ID))
	if !bytes.Contains(s, []byte(`"revision":{"version":1,"reason":"the afternoon was missing","days":[{`)) {
		t.Errorf("the approval does not say what changed: %s", s)
	}
}

// A week of an approved month is printed from the month's approval.
func TestAPartOfAnApprovedMonthIsComparedToo(t *testing.T) {
	b := worked(t)
	b.approve(office.ApprovalChoice{Days: october})
	week := app.Days{From: app.NewDate(2026, 10, 5), To: app.NewDate(2026, 10, 11)}
	if _, c := b.check(b.file(week)); c.Verdict != office.PaperSame || c.Code.Days != week || c.Code.Draft || c.Approval == nil {
		t.Errorf("%+v", c)
	}
}

func TestWhatIsNoPaperIsTold(t *testing.T) {
	b := worked(t)
	other := timesheet.NewCode(timesheet.OfEngagement, true, b.ofAn.ID, october, 7, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if c := must[*office.PaperCheck](t)(b.VerifyPaperCode(t.Context(), other.String())); c.Verdict != office.PaperChanged || c.Paper != nil {
		t.Errorf("a draft of another state, never noted: %+v", c)
	}
	other.Subject = "0123456789"
	if c := must[*office.PaperCheck](t)(b.VerifyPaperCode(t.Context(), other.String())); c.Verdict != office.PaperUnknown {
		t.Errorf("of nobody: %+v", c)
	}
	var wrong *app.FieldError
	if _, err := b.VerifyPaperCode(t.Context(), "04G1M"); !errors.As(err, &wrong) || wrong.Field != "code" {
		t.Errorf("half a code: %v", err)
	}
	letter := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(letter, []byte("%PDF-1.4"), 0o600); err != nil {
		t.Fatal(err)
	}
	var none *office.NoCodeError
	for _, path := range []string{letter, t.TempDir()} {
		if _, err := b.VerifyPaperFile(t.Context(), path); !errors.As(err, &none) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
