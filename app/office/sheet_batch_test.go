package office_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/store"
	"klokkast/app/timesheet/paper"
)

// WriteSheet prints one timesheet into a folder and gives its path.
func (b *bench) WriteSheet(ctx context.Context, e app.ID, days app.Days, lang app.Language, dir string, reveal bool) (string, error) {
	written, err := b.Sheets.WriteSheets(ctx, documents.SheetOrder{Days: days, Engagements: []app.ID{e}, Language: lang, Folder: dir, Reveal: reveal}, nil)
	if err != nil {
		return "", err
	}
	if len(written.Failed) > 0 {
		return "", written.Failed[0].Err
	}
	return written.Sheets[0].Path, nil
}

// papers returns the versions that are remembered of papers.
func (b *bench) papers() int {
	b.t.Helper()
	return len(must[[]store.Paper](b.t)(b.store.Papers(b.t.Context())))
}

// unprintable returns Bart a name that no font draws.
func (b *bench) unprintable() {
	b.t.Helper()
	b.bart.FamilyName = "Claes 中"
	must[app.Worker](b.t)(b.Staff.SaveWorker(b.t.Context(), b.bart, why))
}

func inFolder(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, e := range must[[]os.DirEntry](t)(os.ReadDir(dir)) {
		names = append(names, e.Name())
	}
	return names
}

func TestABatchWritesTheSameFilesAsOneByOne(t *testing.T) {
	b, dir := newBench(t), filepath.Join(t.TempDir(), "new", "papers")
	var steps []int
	got := must[documents.SheetsWritten](t)(b.Sheets.WriteSheets(t.Context(), documents.SheetOrder{Days: october, Folder: dir, Language: app.English},
		func(done, total int) { steps = append(steps, done, total) }))
	if len(got.Sheets) != 2 || len(got.Failed) != 0 || !slices.Equal(steps, []int{1, 2, 2, 2}) {
		t.Fatalf("written %+v, steps %v", got, steps)
	}
	for _, s := range got.Sheets {
		alone := must[string](t)(b.WriteSheet(t.Context(), s.Engagement, october, app.English, t.TempDir(), false))
		if want, have := must[[]byte](t)(os.ReadFile(alone)), must[[]byte](t)(os.ReadFile(s.Path)); string(want) != string(have) {
			t.Errorf("%s differs from the sheet that is printed alone", filepath.Base(s.Path))
		}
	}
}

// Files are passed on by their names: unasked, none is made that does not name its person.
func TestAFolderOfEveryonesSheetsNamesWhoseCannotBePrinted(t *testing.T) {
	b := newBench(t)
	b.unprintable()
	got := must[documents.SheetsWritten](t)(b.Sheets.WriteSheets(t.Context(), documents.SheetOrder{Days: october, Folder: t.TempDir()}, nil))
	if len(got.Sheets) != 1 || got.Sheets[0].Engagement != b.ofAn.ID || b.papers() != 1 {
		t.Errorf("written %+v, %d papers are remembered", got.Sheets, b.papers())
	}
	var undrawable *paper.UndrawableError
	if len(got.Failed) != 1 || got.Failed[0].Engagement != b.ofBart.ID || !errors.As(got.Failed[0].Err, &undrawable) {
		t.Errorf("failed %+v", got.Failed)
	}
}

func TestASheetThatIsAskedForOrBoundIsPrintedWhateverTheName(t *testing.T) {
	for name, order := range map[string]documents.SheetOrder{
		"a bundle": {Days: october, Bundle: filepath.Join(t.TempDir(), "all.pdf")},
		"asked":    {Days: october, Folder: t.TempDir()},
	} {
		b := newBench(t)
		b.unprintable()
		if name == "asked" {
			order.Engagements = []app.ID{b.ofAn.ID, b.ofBart.ID}
		}
		got := must[documents.SheetsWritten](t)(b.Sheets.WriteSheets(t.Context(), order, nil))
		if len(got.Sheets) != 2 || len(got.Failed) != 0 || b.papers() != 2 {
			t.Errorf("%s: written %+v, failed %+v", name, got.Sheets, got.Failed)
		}
	}
}

func TestABundleHoldsTheChosenSheetsInOrder(t *testing.T) {
	b, file := newBench(t), filepath.Join(t.TempDir(), "all.pdf")
	order := documents.SheetOrder{Days: october, Engagements: []app.ID{b.ofBart.ID, b.ofAn.ID}, Bundle: file, Language: app.English}
	got := must[documents.SheetsWritten](t)(b.Sheets.WriteSheets(t.Context(), order, nil))
	want := []documents.WrittenSheet{{Engagement: b.ofBart.ID, Path: file}, {Engagement: b.ofAn.ID, Path: file}}
	if !slices.Equal(got.Sheets, want) || b.papers() != 2 {
		t.Errorf("written %+v, %d papers are remembered", got.Sheets, b.papers())
	}
	first := must[[]byte](t)(os.ReadFile(file))
	must[documents.SheetsWritten](t)(b.Sheets.WriteSheets(t.Context(), order, nil))
	if string(first) != string(must[[]byte](t)(os.ReadFile(file))) {
		t.Error("the same bundle has other bytes the second time")
	}
}

func TestACancelledBatchLeavesNothingHalf(t *testing.T) {
	b, dir := newBench(t), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	got, err := b.Sheets.WriteSheets(ctx, documents.SheetOrder{Days: october, Folder: dir}, func(int, int) { cancel() })
	if !errors.Is(err, context.Canceled) || len(got.Sheets) != 1 {
		t.Fatalf("written %+v, %v", got, err)
	}
	if names := inFolder(t, dir); len(names) != 1 || filepath.Join(dir, names[0]) != got.Sheets[0].Path || b.papers() != 1 {
		t.Errorf("%v stand in the folder; %d papers are remembered", names, b.papers())
	}
	ctx, cancel = context.WithCancel(t.Context())
	empty := t.TempDir()
	got, err = b.Sheets.WriteSheets(ctx, documents.SheetOrder{Days: october, Bundle: filepath.Join(empty, "all.pdf")}, func(int, int) { cancel() })
	if names := inFolder(t, empty); !errors.Is(err, context.Canceled) || len(got.Sheets) != 0 || len(names) != 0 || b.papers() != 1 {
		t.Errorf("written %+v, %v; %v stand in the folder", got, err, names)
	}
}

func TestAFolderThatCannotBeWrittenEndsTheBatch(t *testing.T) {
	b := newBench(t)
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Sheets.WriteSheets(t.Context(), documents.SheetOrder{Days: october, Folder: filepath.Join(file, "in it")}, nil); err == nil ||
		len(got.Failed) != 0 {
		t.Errorf("written %+v, %v", got, err)
	}
}

func TestALookAtASheetIsNoPaper(t *testing.T) {
	b := newBench(t)
	pages := must[[]*paper.Page](t)(b.Sheets.LaySheet(t.Context(), b.ofAn.ID, october, app.Dutch, false))
	if len(pages) != 1 || b.papers() != 0 {
		t.Errorf("%d pages, %d papers are remembered", len(pages), b.papers())
	}
}
