package cli

import (
	"slices"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
	"klokkast/app/papers"
)

func TestChartsAreShownAndPrinted(t *testing.T) {
	f := company()
	hours := &papers.Hours{DaysCounted: 2, LeftOut: 1}
	hours.PresentMinutes[7] = 150
	f.chart = &papers.Chart{Kind: papers.SiteHours, About: "Stadhuis Leuven", Days: october, Data: hours}
	got := faked(t, f, nil, "--lang", "en", "site", "hours", "L1", "--month", "2026-10", "--out", "hours.pdf")
	wantText(t, got.out, "Presence by the hour of the day: Stadhuis Leuven", "07 – 08", "2.5", "2 days", "1 presence is not counted", "hours.pdf")
	q := office.ChartQuestion{Kind: papers.SiteHours, Subject: "s1", Days: october}
	if f.charted != q || !slices.Equal(f.paper, []any{q, office.PaperOptions{Out: "hours.pdf", Language: app.English}}) {
		t.Errorf("asked for %+v, printed %+v", f.charted, f.paper)
	}
	want(t, object(t, faked(t, f, nil, "site", "hours", "L1", "--json").out), map[string]any{"kind": "hours", "about": "Stadhuis Leuven", "hours.daysCounted": 2, "hours.presentMinutes.7": 150})
}

func TestAWorkersWeeksAsJSON(t *testing.T) {
	f := company()
	f.chart = &papers.Chart{Kind: papers.WorkerWeeks, Days: october, Data: &papers.Weeks{Weeks: []papers.Week{{Monday: october.From, WorkedMinutes: 90, ContractMinutes: 2280}}}}
	want(t, object(t, faked(t, f, nil, "worker", "weeks", "anna", "--json").out), map[string]any{"weeks.0.workedMinutes": 90, "weeks.0.contractMinutes": 2280})
	if f.charted.Subject != "w1" {
		t.Errorf("asked for %+v", f.charted)
	}
}

func TestAnEmptyChartSaysWhatToDo(t *testing.T) {
	f := company()
	f.chart = &papers.Chart{Kind: papers.WorkerWeeks, Data: &papers.Weeks{}}
	wantText(t, faked(t, f, nil, "--lang", "en", "worker", "weeks", "anna").out, "Choose another one")
}

func TestTheDelayReportIsPrinted(t *testing.T) {
	f := company()
	got := faked(t, f, nil, "--lang", "en", "ciao", "delays", "--by", "week", "--out", "delays.pdf")
	wantText(t, got.out, "delays.pdf")
	if q := f.paper[0].(office.ChartQuestion); q.Kind != papers.Delays || q.By != ciao.ByWeek {
		t.Errorf("printed %+v", q)
	}
}

func TestDossiersArePrinted(t *testing.T) {
	f := withDossiers()
	got := faked(t, f, nil, "--lang", "fr", "dossier", "print", "d9", "--out", "d9.pdf", "--reveal")
	wantText(t, got.out, "d9.pdf")
	if !slices.Equal(f.paper, []any{app.ID("d9"), office.PaperOptions{Out: "d9.pdf", Language: app.French, Reveal: true}}) {
		t.Errorf("printed %+v", f.paper)
	}
	want(t, object(t, faked(t, f, nil, "dossier", "print", "--open", "--out", "d.pdf", "--json").out), map[string]any{"printed.0.dossierId": "d9"})
	for _, args := range [][]string{{"dossier", "print", "--out", "x"}, {"dossier", "print", "d9", "--open", "--out", "x"}, {"dossier", "print", "d9", "d8", "--out", "x.pdf"}} {
		if got := faked(t, f, nil, args...); got.code == 0 {
			t.Errorf("%v was taken", args)
		}
	}
}
