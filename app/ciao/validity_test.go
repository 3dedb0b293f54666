package ciao

import (
	"testing"
	"time"

	"klokkast/app"
)

func TestWordsOfTheRegister(t *testing.T) {
	for word, want := range map[string]Standing{
		"pending": StandsPending, "valid": StandsValid, "VALIDATED": StandsValid, "SUCCESSFULLY REGISTERED": StandsRegistered, "successfully_registered": StandsRegistered,
		"invalid": StandsInvalid, "FAILED": StandsInvalid, "SUCCESSFULLY CANCELLED": StandsCancelled, "ON HOLD": StandsOther, "": StandsOther,
	} {
		if got := StandingOf(word); got != want {
			t.Errorf("%q stands as %s, want %s", word, got, want)
		}
	}
	if Final("ON HOLD") || !Final("VALIDATED") || PlainlyGood("pending") || !PlainlyGood("registered") {
		t.Error("what is not known is not final, and only what is plainly good is good")
	}
}

// What somebody should look at, of what the register says of what it accepted.
func TestWhatTheRegisterSaysIsJudged(t *testing.T) {
	now := app.At(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC))
	const dimona = `["RELATED DIMONA NOT OK"]`
	for _, c := range []struct {
		name, was, is, answer string
		after                 time.Duration
		before                string // of the finding; "-": none
	}{
		{"as it should be", "pending", "valid", "", time.Minute, "-"},
		{"as it should be, in the older words", "SUCCESSFULLY REGISTERED", "VALIDATED", "", time.Minute, "-"},
		{"invalid at last", "pending", "invalid", "", time.Minute, "pending"},
		{"changed its mind", "valid", "invalid", "", time.Minute, "valid"},
		{"changed it back", "invalid", "valid", "", time.Minute, "invalid"},
		{"still pending", "pending", "pending", "", time.Hour, "-"},
		{"still pending after a day", "pending", "pending", "", 24 * time.Hour, "pending"},
		{"a word that nobody knows, after a day", "ON HOLD", "ON HOLD", "", 25 * time.Hour, "ON HOLD"},
		{"registered, and never judged", "registered", "registered", "", 25 * time.Hour, "-"},
		{"a remark that the NSSO has to settle", "valid", "valid", dimona, time.Minute, "valid"},
		{"a remark with the judgement", "pending", "valid", dimona, time.Minute, "valid"},
		{"a remark that says nothing wrong", "valid", "valid", `["address was completed by us"]`, 25 * time.Hour, "-"},
	} {
		reg := app.Registration{ID: "r", RegisterID: 7, Validity: c.was, Answered: now.Add(-c.after)}
		f, ok := Judged(&reg, c.is, c.answer, now)
		if ok != (c.before != "-") || ok && (f.Before != c.before || f.After != c.is || f.Kind != FoundValidity || f.RegisterID != 7) {
			t.Errorf("%s: %t, %+v", c.name, ok, f)
		}
	}
}

// What was to be looked at because it was not good yet needs nobody once it is.
func TestWhatBecameGoodNeedsNobody(t *testing.T) {
	f := Finding{Kind: FoundValidity, Before: "pending", After: "pending"}
	if !f.Passed(&app.Registration{Validity: "valid"}) || f.Passed(&app.Registration{Validity: "pending"}) {
		t.Error("a finding that it is still pending")
	}
	f.After = "invalid"
	if f.Passed(&app.Registration{Validity: "valid"}) {
		t.Error("a change of mind passes unseen")
	}
}
