package wording

import (
	"slices"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/text"
)

// Answer says in few words what the register answered to a registration, or remarked: "national number (SSIN) not
// accepted". "" where it said nothing. The code and the answer as it came are AnswerDetails.
func Answer(t *text.Translator, g *app.Registration) string {
	if d, ok := strings.CutPrefix(g.Answer, ciao.AnswerDecided); ok {
		return t.T("ciao.reason.decided", "What", known(t, "ciao.decide.", d, ""))
	}
	if key, args := ciao.ProblemKey(g.Answer); g.Answer != "" && key != ciao.OtherProblem { // a note of our own
		return t.T(key, args)
	}
	said := saidBy(t, g.Answer)
	if said != "" && g.State == app.RegAccepted {
		said = t.T("ciao.reason.remark", "What", said)
	}
	if g.Cancellation.State != app.CancelRefused {
		return said
	}
	why, _, _ := strings.Cut(g.Cancellation.Answer, ":") // its code; what engineers are told stands behind it
	return strings.TrimLeft(said+"; "+t.T("ciao.reason.notCancelled", "Why", Problem(t, why)), "; ")
}

// saidBy words the reasons of an answer, each once.
func saidBy(t *text.Translator, answer string) string {
	var said []string
	for _, r := range ciao.Reasons(answer, t.Language()) {
		key, args := r.TextKey()
		if words := t.T(key, args); !slices.Contains(said, words) {
			said = append(said, words)
		}
	}
	return strings.Join(said, "; ")
}

// AnswerSteps says what to do about a registration that the register refused, invalidated or remarked upon, a sentence
// each; none where nothing is to be done.
func AnswerSteps(t *text.Translator, g *app.Registration) []string {
	reasons := ciao.Reasons(g.Answer, t.Language())
	if g.State == app.RegAccepted {
		return acceptedSteps(t, g.Validity, reasons)
	}
	if g.State != app.RegRefused || len(reasons) == 0 {
		return nil
	}
	var steps []string
	again := ""
	for _, r := range reasons {
		steps = addStep(steps, t.T("ciao.reason."+string(r.Matter)+".step"))
		switch {
		case r.Matter == ciao.MatterAlready:
		case r.Matter.AtTheNSSO(): // nothing here shows that it was mended: who sends it again says so
			again = "ciao.reason.againMended"
		case again == "":
			again = "ciao.reason.again"
		}
	}
	if again != "" {
		steps = append(steps, t.T(again))
	}
	return steps
}

// acceptedSteps are those of what was accepted: what the register remarked is put right at the NSSO; what it judged
// invalid may then go again, else only the NSSO changes it.
func acceptedSteps(t *text.Translator, validity string, reasons []ciao.Reason) (steps []string) {
	again := false
	for _, r := range reasons {
		if r.Matter.AtTheNSSO() {
			steps = addStep(steps, t.T("ciao.reason."+string(r.Matter)+".step"))
			again = again || r.Matter != ciao.MatterAlready
		}
	}
	switch {
	case ciao.StandingOf(validity) != ciao.StandsInvalid:
	case again:
		steps = append(steps, t.T("ciao.reason.againMended"))
	default:
		steps = append(steps, t.T("ciao.reason.correct"))
	}
	return steps
}

func addStep(steps []string, step string) []string {
	if slices.Contains(steps, step) {
		return steps
	}
	return append(steps, step)
}

// AnswerAndSteps is Answer and what to do, on one line; "" where the register said nothing and nothing is to be done.
func AnswerAndSteps(t *text.Translator, g *app.Registration) string {
	var all []string
	if said := Answer(t, g); said != "" {
		all = append(all, strings.TrimSuffix(said, ".")+".")
	}
	return strings.Join(append(all, AnswerSteps(t, g)...), " ")
}

// AnswerDetails are for whoever asks the NSSO or the support: the register's own codes and words, and its answer as it
// came, masked; none where it said nothing.
func AnswerDetails(t *text.Translator, g *app.Registration) (lines []string) {
	if g.Answer == "" || strings.HasPrefix(g.Answer, ciao.AnswerDecided) {
		return nil
	}
	for _, r := range ciao.Reasons(g.Answer, t.Language()) {
		line := r.Said
		if r.Code != "" {
			line = strings.TrimSuffix(t.T("ciao.reason.code")+" "+r.Code+": "+r.Said, ": ")
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return append(lines, t.T("ciao.reason.raw")+": "+g.Answer)
}

// Validity words what the register says of a registration that it accepted; a word that nobody knows is not final.
func Validity(t *text.Translator, validity string) string {
	if validity == "" {
		return ""
	}
	key, args := ciao.ValidityKey(validity)
	return t.T(key, args)
}

// RegisterFinding says what the register was found to hold, and what to do. of is the registration as it is now.
func RegisterFinding(t *text.Translator, f *ciao.Finding, of *app.Registration) string {
	if f.Kind != ciao.FoundValidity {
		return t.T("ciao.found."+f.Kind, "ID", strconv.FormatInt(f.RegisterID, 10), "Before", f.Before, "After", f.After)
	}
	reasons := ciao.Reasons(of.Answer, t.Language())
	key := "ciao.found.changed"
	switch {
	case f.Before == f.After && len(reasons) > 0:
		key = "ciao.found.remarked"
	case f.Before == f.After:
		key = "ciao.found.stands"
	}
	said := []string{t.T(key, "Before", Validity(t, f.Before), "After", Validity(t, f.After))}
	if words := saidBy(t, of.Answer); words != "" {
		said = append(said, t.T("ciao.found.with", "What", words))
	}
	steps := acceptedSteps(t, f.After, reasons)
	if len(steps) == 0 && !ciao.PlainlyGood(f.After) {
		steps = []string{t.T("ciao.reason.await")}
	}
	return strings.Join(append(said, steps...), " ")
}
