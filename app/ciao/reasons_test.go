package ciao

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
)

func TestReasonsOfTheShapesThatAreKnown(t *testing.T) {
	problem := &Problem{Type: ProblemBadRequest, Issues: []Issue{
		{Type: "urn:problem-type:belgif:input-validation:schemaViolation", In: "body", Name: "items[0].ssin", Value: "850*****55", Detail: "is no SSIN"}}}
	for _, c := range []struct {
		name, answer string
		want         []Reason
	}{
		{"nothing", "  ", nil},
		{"what a person decided", AnswerDecided + string(DecideRegistered), nil},
		{"codes of the older service", `{"presenceRegistration":{"ssin":"850*****55","type":"IN","employer":{"enterpriseNumber":"0206731645"}},` +
			`"errors":[{"code":5,"description":"INSS unknown"},{"code":"3","description":"not found"},{"code":4,"description":""},{"code":6}]}`,
			[]Reason{{MatterPerson, "5", "INSS unknown"}, {MatterEmployer, "3", "not found"}, {MatterDeclaration, "4", ""}, {MatterTime, "6", ""}}},
		{"of the simulated register", `{"reasons":[{"code":"contractualRelationshipNotFound","description":"refused by the simulated register"}]}`,
			[]Reason{{MatterDeclaration, "contractualRelationshipNotFound", "refused by the simulated register"}}},
		{"an issue, as it is kept", problem.refusedItems(1)[0],
			[]Reason{{MatterPerson, "urn:problem-type:belgif:input-validation:schemaViolation", "is no SSIN"}}},
		{"a problem that stands alone", "badRequest: " + problemDetail(&Problem{Type: ProblemBadRequest, Title: "Bad Request", Issues: problem.Issues}),
			[]Reason{{MatterPerson, "urn:problem-type:belgif:input-validation:schemaViolation", "is no SSIN 850*****55"}}},
		{"a problem without a word", "badRequest", []Reason{{Matter: MatterOther}}},
		{"a path that names the employer", "items[3].employer.enterpriseNumber: is unknown", []Reason{{MatterEmployer, "", "is unknown"}}},
		{"remarks", `["RELATED DIMONA NOT OK","EMPLOYER NOT ACTIVE","DUC IS NOT ACTIVE AT THIS DATE","SAME DECLARATION HAS ALREADY BEEN REGISTERED"]`,
			[]Reason{{MatterDimona, "", "RELATED DIMONA NOT OK"}, {MatterNotActive, "", "EMPLOYER NOT ACTIVE"},
				{MatterNotRunning, "", "DUC IS NOT ACTIVE AT THIS DATE"}, {MatterAlready, "", "SAME DECLARATION HAS ALREADY BEEN REGISTERED"}}},
		{"exists already, in a code", `{"code":"presenceRegistrationAlreadyExists"}`, []Reason{{MatterAlready, "presenceRegistrationAlreadyExists", ""}}},
		{"words in several languages", `[{"code":"X12","description":{"nl":"Niet toegelaten","fr":"Non autorisé"}}]`, []Reason{{MatterOther, "X12", "Non autorisé"}}},
		{"a code alone", `{"reason":{"code":"notOnThatDay"}}`, []Reason{{MatterOther, "notOnThatDay", "not on that day"}}},
		{"a shape that nobody knows", `{"why":["the moon is full"],"value":"850*****55 is secret"}`, []Reason{{MatterOther, "", "the moon is full"}}},
		{"cut off", `{"reasons":[{"code":"4","description":"unknown reference"},{"code":"5","descr…`,
			[]Reason{{MatterDeclaration, "4", "unknown reference"}, {MatterPerson, "5", ""}}},
		{"no words at all", `{"a":{"b":[1,true,null]}}`, []Reason{{Matter: MatterOther}}},
		{"plain words", "not today, please", []Reason{{MatterOther, "", "not today, please"}}},
		{"a code of our own", CodeOtherID, []Reason{{Matter: MatterOther}}},
	} {
		if diff := cmp.Diff(c.want, Reasons(c.answer, app.French)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestWhatIsMendedAtTheNSSO(t *testing.T) {
	for _, m := range Matters() {
		want := m == MatterDimona || m == MatterNotActive || m == MatterNotRunning || m == MatterAlready
		if m.AtTheNSSO() != want {
			t.Errorf("%s at the NSSO: %t", m, m.AtTheNSSO())
		}
	}
}

// FuzzReasons: whatever stands there, it is read without end, in lines without braces where it is JSON, and never as nothing.
func FuzzReasons(f *testing.F) {
	for _, s := range []string{`{"reasons":[{"code":"4"}]}`, `["A B"]`, `[[[[{"nl":"x"}]]]]`, "items[0].ssin: x; y", `{"a`, strings.Repeat("[", 200), "decided:x", "\x00", `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		found := Reasons(answer, app.Dutch)
		if (len(found) == 0) != (strings.TrimSpace(answer) == "" || strings.HasPrefix(strings.TrimSpace(answer), AnswerDecided)) || len(found) > mostReasons {
			t.Fatalf("%d reasons of %q", len(found), answer)
		}
		for _, r := range found {
			if strings.ContainsAny(r.Said+r.Code, "\n\r\t") || utf8.RuneCountInString(r.Said) > mostSaid+1 || r.Matter == "" {
				t.Errorf("%q of %q", r, answer)
			}
			if json.Valid([]byte(answer)) && strings.HasPrefix(r.Said, "{") && !strings.Contains(answer, `"{`) {
				t.Errorf("braces reach people: %q of %q", r, answer)
			}
		}
	})
}
