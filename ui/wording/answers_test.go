package wording_test

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/ui/wording"
)

// The reason of a refusal is said with what to do, in every language, without code or brace; those stand in the details.
func TestARefusalSaysWhatToDo(t *testing.T) {
	g := app.Registration{State: app.RegRefused, Answer: `{"errors":[{"code":5,"description":"INSS unknown"},{"code":4,"description":"no such DUC"}]}`}
	want := map[app.Language][]string{
		app.English: {"national number (SSIN) not accepted; declaration of works not accepted. Correct the person's national number", "Then send the punch again"},
		app.Dutch:   {"INSZ niet aanvaard; aangifte van werken niet aanvaard. Verbeter het INSZ", "Verzend de prikking daarna opnieuw"},
		app.French:  {"NISS non accepté; déclaration de travaux non acceptée. Corrigez le NISS", "Renvoyez ensuite le pointage"},
		app.German:  {"ENSS nicht angenommen; Arbeitsmeldung nicht angenommen. Berichtigen Sie die ENSS", "Senden Sie die Stempelung danach erneut"},
	}
	for _, l := range app.Languages {
		said := wording.AnswerAndSteps(catalogue(t).For(l), &g)
		if strings.ContainsAny(said, `{}"`) || !strings.HasPrefix(said, want[l][0]) || !strings.Contains(said, want[l][1]) {
			t.Errorf("%s: %s", l, said)
		}
	}
	details := strings.Join(wording.AnswerDetails(catalogue(t).For(app.English), &g), "\n")
	if !strings.Contains(details, "code 5: INSS unknown") || !strings.Contains(details, `"code":5`) {
		t.Errorf("details: %s", details)
	}
}

func TestAnswersInWords(t *testing.T) {
	say := catalogue(t).For(app.English)
	for _, c := range []struct {
		name string
		g    app.Registration
		want string
	}{
		{"nothing said", app.Registration{State: app.RegAccepted, Validity: "valid"}, ""},
		{"an unknown shape", app.Registration{State: app.RegRefused, Answer: `{"why":["the moon is full"]}`}, "“the moon is full”. Ask the NSSO what is not in order"},
		{"no words", app.Registration{State: app.RegRefused, Answer: `{"n":1}`}, "no reason in words. Ask the NSSO"},
		{"mended at the NSSO", app.Registration{State: app.RegRefused, Answer: `{"code":"EMPLOYER NOT ACTIVE"}`},
			"employer not active at the NSSO. Ask the NSSO why the employer is not active, and have it put right there. Then send the punch again and say what was put right"},
		{"registered already", app.Registration{State: app.RegRefused, Answer: `["SAME DECLARATION HAS ALREADY BEEN REGISTERED"]`}, "already registered. Compare with the register"},
		{"a remark", app.Registration{State: app.RegAccepted, Validity: "pending", Answer: `["RELATED DIMONA NOT OK"]`},
			"remark of the register: the person's Dimona is not in order. Put the person's Dimona right at the NSSO."},
		{"invalid", app.Registration{State: app.RegAccepted, Validity: "FAILED"}, "Ask the NSSO for a correction within 30 days"},
		{"decided", app.Registration{State: app.RegAccepted, Answer: ciao.AnswerDecided + string(ciao.DecideRegistered)}, "a person decided: It is there"},
		{"a note of our own", app.Registration{State: app.RegUnknown, NeedsPerson: true, Answer: ciao.CodeOtherID}, "The register gave a number that belongs to another punch"},
		{"a cancellation that was refused", app.Registration{State: app.RegAccepted, Validity: "valid",
			Cancellation: app.Cancellation{State: app.CancelRefused, Answer: "missingScope: urn:x; {}"}}, "not cancelled: Your access at the NSSO does not include this service."},
		{"looked up first", app.Registration{State: app.RegUnknown, Answer: `{"code":"alreadyExists"}`}, "already registered."},
	} {
		got := wording.AnswerAndSteps(say, &c.g)
		if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: %q", c.name, got)
		}
		if c.name == "registered already" && strings.Contains(got, "send the punch again") {
			t.Errorf("what is there is sent again: %q", got)
		}
	}
}

// A change of judgement says what it means and what to do, a word that nobody knows is not final.
func TestAChangeOfJudgementSaysWhatToDo(t *testing.T) {
	say := catalogue(t).For(app.English)
	for _, c := range []struct {
		before, after, answer string
		want                  []string
	}{
		{"valid", "invalid", `["RELATED DIMONA NOT OK"]`,
			[]string{"The register now says: not valid (before: valid).", "It remarks: the person's Dimona is not in order.", "Put the person's Dimona right", "klokkast ciao resend --mended"}},
		{"valid", "valid", `["DUC IS NOT ACTIVE AT THIS DATE"]`, []string{"The register says: valid.", "declaration of works not valid on that day", "Put the days of the declaration"}},
		{"ON HOLD", "ON HOLD", "", []string{"The register still says: not final: “ON HOLD”.", "ask the NSSO"}},
	} {
		got := wording.RegisterFinding(say, &ciao.Finding{Kind: ciao.FoundValidity, Before: c.before, After: c.after}, &app.Registration{State: app.RegAccepted, Answer: c.answer})
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s → %s: nothing says %q: %s", c.before, c.after, want, got)
			}
		}
	}
}
