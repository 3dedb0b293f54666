package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/ui/officetest"
)

// isPDF says that a file is there, and a PDF.
func isPDF(t *testing.T, path string) {
	t.Helper()
	if b, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Errorf("%s is no PDF: %v", path, err)
	}
}

func TestBoxReceipt(t *testing.T) {
	c := officetest.New(t)
	older := c.Read(officetest.In("2026-11-20 07:00"))
	c.Now = c.Now.Add(time.Minute)
	newer := c.Read(officetest.Out("2026-11-20 11:00"))
	c.OtherBox("Kelder")
	out := filepath.Join(t.TempDir(), "r.pdf")
	wantText(t, said(t, c, "box receipt "+string(older.ID)+" --out "+out), "Written: "+out)
	isPDF(t, out)
	want(t, asked(t, c, `box receipt "Leuven balie" --out `+out), map[string]any{"readingId": string(newer.ID), "file": out}) // the last one of the box
	got := klokkast(t, c, nil, "--lang", "en", "box", "receipt", "Kelder", "--out", out)
	wantText(t, got.err, "Kelder")
	if got.code != ExitFailed {
		t.Errorf("a box that was never read gives %d", got.code)
	}
}
