package cli

import (
	"path/filepath"
	"testing"

	"klokkast/ui/officetest"
)

func TestChartsAreShownAndPrinted(t *testing.T) {
	c := bothInOctober(t)
	c.Read(officetest.In("2026-10-12 07:00")) // without an end: not counted
	out := filepath.Join(t.TempDir(), "hours.pdf")
	wantText(
		t,
		said(t, c, "site hours L1 --month 2026-10 --out "+out),
		"Presence by the hour of the day: Stadhuis Leuven",
		"08 – 09",
		"1.0",
		"3 days",
		"1 presence is not counted",
		out,
	)
	isPDF(t, out)
	want(
		t,
		asked(t, c, "site hours L1 --month 2026-10"),
		map[string]any{"kind": "hours", "about": "Stadhuis Leuven", "hours.daysCounted": 3, "hours.presentMinutes.8": 180},
	)
}

func TestAWorkersWeeksAsJSON(t *testing.T) {
	c := workedInOctober(t)
	asked(t, c, "engagement change "+string(c.OfAnna.ID)+" --weekly-hours 38")
	want(
		t,
		asked(t, c, "worker weeks anna --month 2026-10"),
		map[string]any{"about": "Peeters Anna", "weeks.1.workedMinutes": 720, "weeks.1.contractMinutes": 2280},
	)
}

func TestAnEmptyChartSaysWhatToDo(t *testing.T) {
	wantText(t, said(t, officetest.New(t), "worker weeks anna --month 2020-01"), "Choose another one")
}

func TestTheDelayReportIsPrinted(t *testing.T) {
	c := officetest.New(t)
	c.AtRegister()
	c.Read(officetest.In("2026-11-23 07:00"))
	asked(t, c, "ciao send")
	out := filepath.Join(t.TempDir(), "delays.pdf")
	wantText(t, said(t, c, "ciao delays --by week --out "+out), out)
	isPDF(t, out)
}
func TestDossiersArePrinted(t *testing.T) {
	c, d := withDossiers(t)
	out := filepath.Join(t.TempDir(), "d9.pdf")
	got := klokkast(t, c, nil, "--lang", "fr", "dossier", "print", d, "--out", out, "--reveal")
	wantText(t, got.out, out)
	isPDF(t, out)
	if !revealed(c) {
		t.Error("the trail does not say that her number is on paper")
	}
	want(t, asked(t, c, "dossier print --open --out "+out), map[string]any{"printed.0.dossierId": d})
	for _, args := range [][]string{{"dossier", "print", "--out", "x"}, {"dossier", "print", d, "--open", "--out", "x"}, {"dossier", "print", d, "d8", "--out", "x.pdf"}} {
		if got := klokkast(t, c, nil, args...); got.code == 0 {
			t.Errorf("%v was taken", args)
		}
	}
}
