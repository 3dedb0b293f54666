package dossier_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/dossier"
	"klokkast/app/text/texttest"
)

// forgotten is the dossier of an OUT that was never tapped; all of it made up.
func forgotten() *dossier.Bundle {
	day := app.NewDate(2026, 11, 20)
	out := app.At(time.Date(2026, 11, 20, 13, 30, 0, 0, time.UTC))
	return &dossier.Bundle{
		Dossier: app.Dossier{Correction: app.Correction{
			Kind: app.CorrectMissing, Anchor: "a", WorkerID: "w", SiteID: "s", Day: day, Has: []app.CorrectionLine{},
			Wants: []app.CorrectionLine{{Type: app.RegisterOut, At: out, WorkerID: "w", SiteID: "s", Enterprise: "0123456749", Declaration: "1Y1003SQ5VSSZ",
				Place: app.Place{Coordinates: &app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}}}},
		}},
		Deadline: dossier.DeadlineOf(day, day.AddDays(3)), Made: day.AddDays(3),
		Worker: dossier.Person{ID: "w", Name: "Peeters An", SSIN: "850*****55"}, Employer: app.Employer{Name: "Blinkend Schoon BV", Enterprise: "0123456749"},
		Sites: []app.Site{{ID: "s", Name: "Stadhuis Leuven"}}, Zone: app.DefaultZone,
		Evidence: []dossier.Evidence{{Clock: dossier.Clock{Known: true}, Held: &dossier.Custody{Holder: "Peeters An"}}},
		Stated:   &dossier.Statement{Reason: "forgot", Note: "belde om 14.35", By: "Ilse", At: out},
	}
}

func TestTheLetterSaysWhatIsAsked(t *testing.T) {
	l := dossier.LetterOf(texttest.Catalogue(t).For(app.Dutch), forgotten())
	if want := []string{"OUT, 20/11/2026 14:30:00, Stadhuis Leuven (breedtegraad 50,85030, lengtegraad 4,35170), werkgever 0123.456.749, aangifte van werken 1Y1003SQ5VSSZ"}; !slices.Equal(
		l.Wants,
		want,
	) {
		t.Errorf("wanted: %q", l.Wants)
	}
	all := strings.Join(l.Ask, "\n")
	for _, want := range []string{"Blinkend Schoon BV", "0123.456.749", "Peeters An", "850*****55", "toe te voegen", "Ilse", "vergeten te prikken (belde om 14.35)"} {
		if !strings.Contains(all, want) {
			t.Errorf("the letter does not say %q:\n%s", want, all)
		}
	}
	if len(l.Has) != 0 || len(l.Enclosed) != 4 || strings.Contains(all, "30 dagen") {
		t.Errorf("%+v", l)
	}
}

// A letter in UTC would name another minute than the register shows.
func TestALetterWithoutAZoneTellsBelgianTimes(t *testing.T) {
	texts := texttest.Catalogue(t).For(app.Dutch)
	want := dossier.LetterOf(texts, forgotten())
	for _, zone := range []app.Zone{"", "Nowhere"} {
		b := forgotten()
		b.Zone = zone
		if got := dossier.LetterOf(texts, b); !reflect.DeepEqual(got, want) {
			t.Errorf("zone %q: %+v, want %+v", zone, got, want)
		}
	}
}

func TestTheLetterOfOneThatIsOver(t *testing.T) {
	b := forgotten()
	b.Deadline = dossier.DeadlineOf(b.Dossier.Correction.Day, app.NewDate(2026, 12, 21))
	l := dossier.LetterOf(texttest.Catalogue(t).For(app.French), b)
	if !strings.Contains(l.Ask[len(l.Ask)-1], "Le délai de 30 jours a expiré le 20/12/2026") {
		t.Errorf("%q", l.Ask)
	}
}

// Another person's punch names that person on its own line; what the register
// refused is told in its own words.
func TestTheLetterNamesOthersAndAnswers(t *testing.T) {
	b := forgotten()
	c := &b.Dossier.Correction
	c.Kind, c.Differs = app.CorrectDifferent, []string{"worker", "ssin"}
	has := c.Wants[0]
	has.WorkerID, has.RegisterID, has.Answer = "x", 1<<53+1, "remark:\n  late"
	c.Has = []app.CorrectionLine{has}
	b.Others = []dossier.Person{{ID: "x", Name: "Claes Bart", SSIN: "930*****61"}}
	l := dossier.LetterOf(texttest.Catalogue(t).For(app.English), b)
	if !strings.Contains(l.Has[0], "Claes Bart (SSIN 930*****61)") || !strings.HasSuffix(l.Has[0], "registration number 9007199254740993") {
		t.Errorf("%q", l.Has)
	}
	if strings.Contains(l.Wants[0], "Peeters") { // the letter is about her
		t.Errorf("%q", l.Wants)
	}
	if !slices.Contains(l.Ask, "What is not right: person and SSIN.") || !slices.Contains(l.Ask, "Your register answered: “remark: late”") {
		t.Errorf("%q", l.Ask)
	}
}

// Every kind of correction, in every language, is worded without a hole.
func TestEveryKindHasItsLetter(t *testing.T) {
	c := texttest.Catalogue(t)
	kinds := []app.CorrectionKind{app.CorrectMissing, app.CorrectDifferent, app.CorrectRefused, app.CorrectInvalid, app.CorrectExtra,
		app.CorrectCancelled, app.CorrectUnknown, app.CorrectNotSent}
	for _, lang := range []app.Language{app.Dutch, app.French, app.German, app.English} {
		seen := map[string]app.CorrectionKind{}
		for _, k := range kinds {
			b := forgotten()
			b.Dossier.Correction.Kind = k
			ask := dossier.LetterOf(c.For(lang), b).Ask[2]
			if other, ok := seen[ask]; ok {
				t.Errorf("%s: %s asks what %s asks", lang, k, other)
			}
			seen[ask] = k
		}
	}
	if m := c.Missing(); len(m) > 0 {
		t.Errorf("texts are missing: %v", m)
	}
}
