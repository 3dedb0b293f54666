package office_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/papers"
)

// What a chart tells is what was worked, and its paper is the same again.
func TestChartsOfWhatWasWorked(t *testing.T) {
	b := newBench(t)
	days, ctx, dir := b.worked(), t.Context(), t.TempDir()
	hours := must[*papers.Chart](t)(b.Papers.Chart(ctx, documents.ChartQuestion{Kind: papers.SiteHours, Subject: string(b.site.ID), Days: days}))
	if h := hours.Data.(*papers.Hours); h.DaysCounted != 2 || h.PresentMinutes[6] != 120 || h.PresentMinutes[9] != 30 || hours.About != "Stadhuis Leuven" {
		t.Errorf("%+v", hours)
	}
	weeks := must[*papers.Chart](t)(b.Papers.Chart(ctx, documents.ChartQuestion{Kind: papers.WorkerWeeks, Subject: string(b.an.ID), Days: days}))
	if w := weeks.Data.(*papers.Weeks).Weeks; len(w) != 1 || w[0].WorkedMinutes != 360 || w[0].ContractMinutes != 38*60 ||
		w[0].Monday != app.NewDate(2026, 10, 26) {
		t.Errorf("%+v", weeks.Data)
	}
	for _, q := range []documents.ChartQuestion{
		{Kind: papers.SiteHours, Subject: string(b.site.ID)}, {Kind: papers.WorkerWeeks, Subject: string(b.an.ID)}, {Kind: papers.BoxDrift, Subject: b.box}, {Kind: papers.Delays},
	} {
		print := func(name string) []byte {
			t.Helper()
			return must[[]byte](t)(os.ReadFile(must[string](t)(b.Papers.WriteChart(ctx, q, documents.PaperOptions{Out: filepath.Join(dir, name)}))))
		}
		if !bytes.Equal(print("first.pdf"), print("again.pdf")) {
			t.Errorf("%s: printed again, it has other bytes", q.Kind)
		}
		if q.Kind == papers.Delays {
			continue
		}
		var missing *app.NotFoundError
		if q.Subject = "nobody"; !errors.As(second(b.Papers.Chart(ctx, q)), &missing) {
			t.Errorf("%s of nobody is shown", q.Kind)
		}
	}
}
