package ciao

import (
	"maps"
	"testing"

	"klokkast/app"
	"klokkast/app/apptest"
	"klokkast/assets"
)

// TestEveryCodeHasAText: reasons, states, problems and errors, in all languages.
func TestEveryCodeHasAText(t *testing.T) {
	var keys []string
	for _, r := range []app.HeldReason{
		app.HeldNotPlaced, app.HeldBeforeStart, app.HeldBeyondWindow, app.HeldNotUnderCIAO, app.HeldUndecided, app.HeldNoDeclaration,
		app.HeldManyDeclarations, app.HeldNoHolder, app.HeldManyEmployers, app.HeldNoEngagement, app.HeldNoSSIN, app.HeldNoEmployerNumber,
		app.HeldNoPlace, app.HeldClock, app.HeldAttributed, app.HeldPairing, app.HeldNightShift, app.HeldRestored, app.HeldLate, app.HeldFuture,
		app.HeldByPhone, app.HeldPhonesUnchecked,
		app.NeverAdjustment, app.NeverIgnored, app.NeverRefusedBadge, app.NeverNoEffect,
	} {
		keys = append(keys, "held."+string(r))
	}
	for _, s := range []app.RegistrationState{app.RegHeld, app.RegQueued, app.RegSending, app.RegAccepted, app.RegRefused, app.RegUnknown, app.RegCancelled} {
		keys = append(keys, "regstate."+string(s))
	}
	for _, code := range append(codes(), "something new") {
		key, _ := ProblemKey(code)
		keys = append(keys, key)
	}
	for _, err := range []error{ErrKey, ErrKeyKind, ErrKeyShort, ErrKeyMissing, ErrKeyCertificate, ErrKeyPassword, ErrKeyEncrypted, ErrAddress, &HostError{}, &HostError{Environment: app.LocalSimulator}, &HostError{Demo: true}, ErrNotLoopback, ErrNotSendingInstallation, ErrNotReleasable, ErrNotAsked, ErrNotRefused, ErrUnchanged, ErrNotCancellable, ErrCancelOff, ErrSenderLost, &BusyError{}} {
		key, _ := err.(interface {
			TextKey() (string, map[string]any)
		}).TextKey()
		keys = append(keys, key)
	}
	for _, kind := range []string{FoundDouble, FoundElsewhere, FoundVanished, FoundOtherNumber} {
		keys = append(keys, "ciao.found."+kind)
	}
	for _, d := range []PersonDecision{DecideSend, DecideRegistered, DecideDrop} {
		keys = append(keys, "ciao.decide."+string(d))
	}
	for _, s := range []Standing{StandsPending, StandsRegistered, StandsValid, StandsInvalid, StandsCancelled, StandsOther} {
		keys = append(keys, "ciao.validity."+string(s))
	}
	for _, m := range Matters() {
		keys = append(keys, "ciao.reason."+string(m), "ciao.reason."+string(m)+".step")
	}
	for _, l := range app.Languages {
		texts, err := apptest.Area(assets.Translations(), "ciao", l)
		if err != nil {
			t.Fatal(err)
		}
		answers, err := apptest.Area(assets.Translations(), "answer", l)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(texts, answers)
		for _, k := range keys {
			if texts[k] == nil || texts[k] == "" {
				t.Errorf("%s: no text for %s", l, k)
			}
		}
	}
}
