package papers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/dossier"
	"klokkast/app/papers"
	"klokkast/app/timesheet/paper"
)

// correction is the dossier of a registration at the wrong time, with every kind
// of evidence; everyone and everything in it is made up.
func correction() *papers.CorrectionDossier {
	day := app.NewDate(2026, 11, 23)
	log := app.LogKey{Box: "0a3f00000000000000000000000000ff", Log: "11111111111111111111111111111111"}
	line := func(at app.Instant) app.CorrectionLine {
		return app.CorrectionLine{Type: app.RegisterOut, At: at, WorkerID: "w", SiteID: "s", Enterprise: "0123456749", Declaration: "1Y1003SQ5VSSZ",
			Place: app.Place{Coordinates: &app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}}}
	}
	has := line(at(12, 0))
	has.Registration, has.RegisterID, has.Validity, has.Answer, has.Answered = "r", 9007199254740993, "invalid", "remark: outsideDeclaration", at(12, 5)
	reading := app.Reading{ID: "reading-1", Log: log, Source: app.FromCable, Actor: "Els", State: app.ReadingDone, Started: at(13, 0)}
	return &papers.CorrectionDossier{Made: made, Bundle: &dossier.Bundle{
		Dossier: app.Dossier{ID: "0193-dossier", By: "Ilse", At: at(15, 0), Steps: []app.DossierStep{}, Correction: app.Correction{
			Kind: app.CorrectDifferent, Environment: app.Production, WorkerID: "w", SiteID: "s", Day: day, Has: []app.CorrectionLine{has}, Wants: []app.CorrectionLine{line(at(14, 30))}, Differs: []string{"time"},
		}},
		Deadline: dossier.DeadlineOf(day, day.AddDays(2)), Made: day.AddDays(2),
		Worker: dossier.Person{
			ID:          "w",
			Name:        "Peeters An",
			StaffNumber: "101",
			SSIN:        "850*****55",
		}, Employer: app.Employer{Name: "Blinkend Schoon BV", Enterprise: "0123456749"},
		Sites: []app.Site{{ID: "s", Name: "Stadhuis Leuven"}}, Zone: app.DefaultZone,
		Evidence: []dossier.Evidence{
			{
				Proof: dossier.Proof{
					Key:       app.RecordKey{LogKey: log, Seq: 4711},
					Type:      app.RecordPunch,
					Raw:       strings.Repeat("0102abcd", 8),
					ReadingID: "reading-1",
					Chain: &dossier.Chain{
						Before: strings.Repeat(
							"b1",
							32,
						), After: strings.Repeat("a2", 32), PointSeq: 4720, Point: strings.Repeat("c3", 32), Proven: true, Seal: &dossier.Seal{Seq: 4720, Raw: strings.Repeat("5e", 32)}},
				},
				BoxLabel: "Inkom", At: at(14, 32), Pressed: app.KeyOut, Role: app.TapOut, Corrected: at(14, 30), Reading: reading,
				Clock: dossier.Clock{
					Known:         true,
					OffsetMS:      120_000,
					UncertaintyMS: 40,
					Before:        &app.ClockOffset{At: at(6, 0), Offset: 2 * time.Minute, Uncertainty: 4 * time.Millisecond},
				},
				Held: &dossier.Custody{
					Kind:    app.Card,
					Value:   "04A1B2C3",
					Label:   "blauw 12",
					Holder:  "Peeters An",
					Span:    app.Span{From: at(0, 0)},
					Entered: at(5, 0),
				},
			},
			{
				Proof:    dossier.Proof{Key: app.RecordKey{LogKey: log, Seq: 99}, Raw: "7\t2026-11-23 14:30:00  0\u200b中", Text: true, Line: 17},
				BoxLabel: "Poort", At: at(14, 30), Role: app.TapOut, Corrected: at(14, 30), Reading: app.Reading{FileName: "attlog.dat"},
			},
		},
		Stated:   &dossier.Statement{Kind: app.AdjustOut, To: at(14, 30), Reason: "forgot", Note: "belde om 14.35", By: "Ilse", At: at(14, 40)},
		Requests: []app.Attempt{{Operation: "register", Outcome: app.AttemptAnswered, Status: 200, TraceID: "trace-7", Started: at(12, 4), Detail: "1 item"}},
	}}
}

func TestTheDossierHoldsRequestAndEvidence(t *testing.T) {
	first, words := printed(t, app.English, correction())
	flat := strings.Join(strings.Fields(words), " ")
	for _, want := range []string{
		"Check In and Out at Work: request for correction", "28 days left", "23 December 2026", "National Social Security Office", "0123.456.749", "850*****55", // the letter
		"Read and confirmed, Peeters An", "For the employer", "page 1 of",
		"Annex 1: what the register holds", "9007199254740993", "outsideDeclaration", "23/11/2026 14:30:00", "23/11/2026 12:00:00",
		"Annex 2: raw records", "0102abcd 0102abcd", strings.Repeat("b1", 32), strings.Repeat("a2", 32), strings.Repeat("c3", 32), "5e5e5e5e", `7\t2026-11-23 14:30:00\x20\x200\u200b\u4e2d`,
		"Annex 3: the clock", "120.000 s ahead (± 0.040 s)", "Annex 4: holder", "04A1B2C3", "blauw 12",
		"Annex 5: the supervisor", "belde om 14.35", "forgot to tap", "Annex 6: requests", "trace-7",
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("the dossier does not say %q", want)
		}
	}
	if t.Failed() {
		t.Log(words)
	}
	if again, _ := printed(t, app.English, correction()); !bytes.Equal(first, again) {
		t.Error("the same dossier gives other bytes")
	}
}

func TestTheDossierInEveryLanguage(t *testing.T) {
	for lang, want := range map[app.Language][]string{
		app.Dutch: {"GESIMULEERD", "Bijlage 6"}, app.French: {"SIMULÉ", "Annexe 6"}, app.German: {"SIMULIERT", "Anlage 6"}, app.English: {"SIMULATED", "Annex 6"},
	} {
		d := correction()
		d.Environment = app.LocalSimulator
		d.Bundle.Revealed, d.Bundle.Worker.SSIN = true, "85011512355"
		d.Letterhead = paper.Letterhead{Name: "Blinkend Schoon", Lines: []string{"Vesaliusstraat 1"}}
		pdf, words := printed(t, lang, d)
		for _, w := range append(want, "85.01.15-123.55", "Vesaliusstraat 1") {
			if !strings.Contains(words, w) {
				t.Errorf("%s: no %q", lang, w)
			}
		}
		// The letter and each annex say it: they are taken apart.
		if n := strings.Count(words, want[0]); n != 7 {
			t.Errorf("%s: simulated is said %d times, want 7", lang, n)
		}
		if strings.Contains(words, "papers.") || strings.Contains(words, "word.") || strings.Contains(words, "dossier.") {
			t.Errorf("%s: a key on paper:\n%s", lang, words)
		}
		keepForEyes(t, "dossier-"+string(lang), pdf)
	}
}

// keepForEyes keeps a paper where KLOKKAST_PAPERS says, to be looked at.
func keepForEyes(t *testing.T, name string, pdf []byte) {
	t.Helper()
	dir := os.Getenv("KLOKKAST_PAPERS")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".pdf"), pdf, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEachAnnexHasABookmark(t *testing.T) {
	pdf, _ := printed(t, app.English, correction())
	path := filepath.Join(t.TempDir(), "dossier.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("qpdf", "--json", "--json-key=outlines", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(out), `"title": "`); n != 7 {
		t.Errorf("%d bookmarks, want 7:\n%s", n, out)
	}
}

// What is not there has no annex, and what the register lacks is said to be nothing.
func TestADossierWithoutRecords(t *testing.T) {
	d := correction()
	b := d.Bundle
	b.Evidence, b.Stated, b.Requests = nil, nil, nil
	b.Dossier.Correction.Kind, b.Dossier.Correction.Has, b.Dossier.Correction.Differs = app.CorrectMissing, nil, nil
	b.Deadline = dossier.DeadlineOf(b.Dossier.Correction.Day, b.Dossier.Correction.Day.AddDays(31))
	_, words := printed(t, app.English, d)
	if strings.Contains(words, "Annex 2") || !strings.Contains(words, "Nothing.") || !strings.Contains(words, "time is over: ask the NSSO now") {
		t.Error(words)
	}
}

func TestADossierCallsAPersonByNumberWhereNoFontDrawsTheName(t *testing.T) {
	d := correction()
	d.Bundle.Worker.Name = "中 An"
	_, words := printed(t, app.Dutch, d)
	pages := strings.Split(words, "\f")
	call := "nr. " + d.Bundle.Worker.StaffNumber + " · " + d.Bundle.Employer.Name
	if !strings.Contains(pages[0], call) || !strings.Contains(pages[0], "U+4E2D") {
		t.Errorf("%q is not on the letter:\n%s", call, pages[0])
	}
	if strings.Contains(words, "An 中") {
		t.Error(words)
	}
}
