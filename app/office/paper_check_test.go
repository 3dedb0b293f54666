package office_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/timesheet"
	"klokkast/data"
)

// file prints An's sheet of some days and gives its path.
func (b *bench) file(days app.Days) string {
	b.t.Helper()
	return must[string](b.t)(b.WriteSheet(b.t.Context(), b.ofAn.ID, days, app.English, b.t.TempDir(), false))
}

// check compares a file with the data of now; it holds one sheet.
func (b *bench) check(path string) (documents.FileVerdict, documents.PaperCheck) {
	b.t.Helper()
	b.refresh()
	c := must[*documents.FileCheck](b.t)(b.Checks.VerifyPaperFile(b.t.Context(), path))
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
	if file != documents.FileOriginal || c.Verdict != documents.PaperSame || !c.Code.Draft || c.Code.Version != 1 || c.EngagementID != b.ofAn.ID {
		t.Errorf("at once: %s, %+v", file, c)
	}
	must[int](t)(b.read(tap{"04A1", "2026-10-06 13:00", app.KeyIn}, tap{"04A1", "2026-10-06 13:30", app.KeyOut}))
	_, c = b.check(first)
	if c.Verdict != documents.PaperChanged || len(c.Differences) != 1 || c.Differences[0].Day != app.NewDate(2026, 10, 6) || c.Differences[0].Hours() != 30 {
		t.Errorf("after a late tap: %+v", c)
	}
	_, second := b.check(b.file(october))
	if second.Verdict != documents.PaperSame || second.Code.Version != 2 {
		t.Errorf("printed again: %+v", second)
	}
	if again := must[*documents.PaperCheck](t)(b.Checks.VerifyPaperCode(t.Context(), c.Code.String())); again.Verdict != documents.PaperChanged ||
		len(again.Differences) != 1 {
		t.Errorf("the code of the first one, typed: %+v", again)
	}
}

// Whoever changes a file is told so, though its code is still that of a paper.
func TestAChangedFileIsTold(t *testing.T) {
	b := worked(t)
	b.approve(documents.ApprovalChoice{Days: october})
	path := b.file(october)
	if file, c := b.check(path); file != documents.FileOriginal || c.Verdict != documents.PaperSame || c.Code.Draft {
		t.Errorf("%s, %+v", file, c)
	}
	forged := append(must[[]byte](t)(os.ReadFile(path)), "% 99 hours\n"...)
	if err := os.WriteFile(path, forged, 0o600); err != nil {
		t.Fatal(err)
	}
	if file, c := b.check(path); file != documents.FileOther || c.Verdict != documents.PaperCompare {
		t.Errorf("forged: %s, %+v", file, c)
	}
}

// Whatever bears a copied code: the paper is never said to equal the data. What was
// printed with the code is given instead.
func TestACopiedCodeProvesNothing(t *testing.T) {
	b := worked(t)
	draft := must[[]byte](t)(os.ReadFile(b.file(october)))
	b.approve(documents.ApprovalChoice{Days: october})
	approved := must[[]byte](t)(os.ReadFile(b.file(october)))
	ofBart := must[[]byte](t)(os.ReadFile(must[string](t)(b.WriteSheet(t.Context(), b.ofBart.ID, october, app.English, t.TempDir(), false))))
	site := must[documents.SheetsWritten](
		t,
	)(
		b.Sheets.WriteSheets(
			t.Context(),
			documents.SheetOrder{Days: october, Groups: []documents.SheetGroup{{Kind: timesheet.OfSite, ID: b.site.ID}}, Folder: t.TempDir()},
			nil,
		),
	)
	ofSite := must[[]byte](t)(os.ReadFile(site.Sheets[0].Path))
	code := func(file []byte) string { return timesheet.CodesIn(file)[0].String() }
	bare := func(code string) []byte {
		return []byte("%PDF-1.4\n1 0 obj << /Producer (Klokkast test) /Keywords (" + code + ") >> endobj\n% worked 199:00\n%%EOF\n")
	}
	for name, forged := range map[string][]byte{
		"a file of its own": bare(code(approved)), "of a draft": bare(code(draft)), "of a site": bare(code(ofSite)), "the code of somebody else": bare(code(ofBart)),
		"an update behind it": append(bytes.Clone(approved), "4 0 obj << >> endobj\ntrailer << /Prev 9 >>\n%%EOF\n"...),
		"one byte":            bytes.Replace(approved, []byte("/Title"), []byte("/Titel"), 1),
		"a draft, cut":        draft[:len(draft)-1],
	} {
		path := filepath.Join(t.TempDir(), "forged.pdf")
		if err := os.WriteFile(path, forged, 0o600); err != nil {
			t.Fatal(err)
		}
		file, c := b.check(path)
		if file == documents.FileOriginal || c.Original || c.Verdict == documents.PaperSame || c.Printed == nil || len(c.Printed.Facts) == 0 {
			t.Errorf("%s: %s, %+v", name, file, c)
		}
	}
	for _, file := range [][]byte{approved, draft, ofSite} {
		c := must[*documents.PaperCheck](t)(b.Checks.VerifyPaperCode(t.Context(), code(file)))
		if c.Original || c.Verdict == documents.PaperSame || c.Printed == nil {
			t.Errorf("typed: %+v", c)
		} else if worked, _ := c.Printed.Hours(); worked != 12*60 {
			t.Errorf("printed with the code were %s", worked)
		}
	}
}

// A paper that another computer printed from the same approval has the same bytes:
// it is the original here, too.
func TestAnApprovedFileOfAnotherComputerIsTheOriginal(t *testing.T) {
	b := worked(t)
	b.approve(documents.ApprovalChoice{Days: october})
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := b.store.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	key := must[[]byte](t)(os.ReadFile(b.store.Path() + ".key"))
	if err := os.WriteFile(copied+".key", key, 0o600); err != nil {
		t.Fatal(err)
	}
	path := must[string](t)(b.WriteSheet(t.Context(), b.ofAn.ID, october, app.French, t.TempDir(), true))
	store, err := data.Open(t.Context(), copied, data.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	other := *b
	other.store, other.Office = store, must[*office.Office](
		t,
	)(
		office.New(
			t.Context(),
			office.Parts{Background: inline, Store: store, Now: func() app.Instant { return b.now }, Typesetting: must[documents.Typesetting](t)(testPress())},
		),
	)
	if file, c := other.check(path); file != documents.FileOriginal || c.Verdict != documents.PaperSame || c.Paper != nil {
		t.Errorf("%s, %+v", file, c)
	}
	forged := append(must[[]byte](t)(os.ReadFile(path)), '\n')
	if err := os.WriteFile(path, forged, 0o600); err != nil {
		t.Fatal(err)
	}
	if file, c := other.check(path); file != documents.FileUnknown || c.Verdict != documents.PaperCompare {
		t.Errorf("forged: %s, %+v", file, c)
	}
}

// An approved paper stays true when something comes late: the check says what
// came. Withdrawn and approved anew, the old paper is told from the new one.
func TestAnApprovedPaperIsComparedWithItsApproval(t *testing.T) {
	b := worked(t)
	b.approve(documents.ApprovalChoice{Days: october})
	first := b.file(october)
	b.now += 60_000
	must[int](t)(b.read(tap{"04A1", "2026-10-06 13:00", app.KeyIn}, tap{"04A1", "2026-10-06 13:30", app.KeyOut}))
	if _, c := b.check(first); c.Verdict != documents.PaperSame || len(c.Since) != 1 || c.Since[0].Difference().Worked != 30 {
		t.Errorf("after a late tap: %+v", c)
	}
	if err := b.Approvals.WithdrawApproval(t.Context(), b.standing(b.an, october).ID, "the afternoon was missing"); err != nil {
		t.Fatal(err)
	}
	if _, c := b.check(first); c.Verdict != documents.PaperChanged || !c.Withdrawn || len(c.Differences) != 1 {
		t.Errorf("withdrawn: %+v", c)
	}
	b.refresh()
	b.approve(documents.ApprovalChoice{Days: october})
	second := b.file(october)
	if _, c := b.check(second); c.Verdict != documents.PaperSame || c.Code.Version != 3 || len(c.Since) != 0 {
		t.Errorf("approved anew: %+v", c)
	}
	if _, c := b.check(first); c.Verdict != documents.PaperChanged || !c.Withdrawn || len(c.Differences) != 1 || c.Code.Version != 1 {
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
	b.approve(documents.ApprovalChoice{Days: october})
	week := app.Days{From: app.NewDate(2026, 10, 5), To: app.NewDate(2026, 10, 11)}
	if _, c := b.check(b.file(week)); c.Verdict != documents.PaperSame || c.Code.Days != week || c.Code.Draft || c.Approval == nil {
		t.Errorf("%+v", c)
	}
}

func TestWhatIsNoPaperIsTold(t *testing.T) {
	b := worked(t)
	other := timesheet.NewCode(timesheet.OfEngagement, true, b.ofAn.ID, october, 7, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if c := must[*documents.PaperCheck](t)(b.Checks.VerifyPaperCode(t.Context(), other.String())); c.Verdict != documents.PaperChanged || c.Paper != nil {
		t.Errorf("a draft of another state, never noted: %+v", c)
	}
	other.Subject = "0123456789"
	if c := must[*documents.PaperCheck](t)(b.Checks.VerifyPaperCode(t.Context(), other.String())); c.Verdict != documents.PaperUnknown {
		t.Errorf("of nobody: %+v", c)
	}
	var wrong *app.FieldError
	if _, err := b.Checks.VerifyPaperCode(t.Context(), "04G1M"); !errors.As(err, &wrong) || wrong.Field != "code" {
		t.Errorf("half a code: %v", err)
	}
	letter := filepath.Join(t.TempDir(), "letter.pdf")
	if err := os.WriteFile(letter, []byte("%PDF-1.4"), 0o600); err != nil {
		t.Fatal(err)
	}
	var none *documents.NoCodeError
	for _, path := range []string{letter, t.TempDir()} {
		if _, err := b.Checks.VerifyPaperFile(t.Context(), path); !errors.As(err, &none) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
