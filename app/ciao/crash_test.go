package ciao_test

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/sending"
)

// secrets of the process that crashes: made up, valid, and in no other test.
const (
	crashSSIN     = "90010100123"
	crashPassword = "zeven bezems dansen"
)

// crash holds what a sender holds in memory and dies of it, having printed it
// in every way that a careless line of code could.
func crash() {
	regs := []app.Registration{{ID: "r1", SSIN: crashSSIN, Type: app.RegisterIn}}
	held := map[string]any{
		"registrations": regs, "pointer": &regs[0], "worker": app.Worker{ID: "w", SSIN: crashSSIN},
		"candidate": &ciao.Candidate{Registration: regs[0]}, "question": ciao.Question{SSIN: crashSSIN},
		"credential": ciao.Credential{ClientID: "x", Key: ciao.PrivateKey("-----BEGIN PRIVATE KEY-----\nc2VjcmV0")},
		"entry":      &sending.CredentialEntry{FilePassword: crashPassword, Passphrase: crashPassword},
		"wire":       &ciao.RegisterRequest{Items: []ciao.RegisterItem{{SSIN: crashSSIN}}},
		"query":      &ciao.QueryRequest{SSIN: crashSSIN},
		"found":      &ciao.FoundRegistration{ID: 1, RegisterItem: ciao.RegisterItem{SSIN: crashSSIN}},
		"outcome":    &ciao.Outcome{Code: "badRequest"},
	}
	slog.Error("crash", "held", held, "registration", regs[0], "ssin", regs[0].SSIN)
	for _, verb := range []string{"%v", "%+v", "%s", "%#v", "%q", "%x"} {
		fmt.Fprintf(os.Stderr, verb+"\n", held)
		fmt.Fprintf(os.Stderr, verb+"\n", regs[0].SSIN)
	}
	var none *app.Registration
	debug.SetTraceback("all")
	panic(fmt.Sprintf("%+v %v", held, none.SSIN)) // a nil pointer, while all that is in use
}

// TestNothingPersonalInACrash: a process dies with numbers and a key in
// memory; what it printed and its trace hold none of them.
func TestNothingPersonalInACrash(t *testing.T) {
	if os.Getenv("KLOKKAST_CRASH") != "" {
		crash()
	}
	p := exec.Command(os.Args[0], "-test.run=^TestNothingPersonalInACrash$")
	p.Env = append(os.Environ(), "KLOKKAST_CRASH=1", "GOTRACEBACK=all")
	out, err := p.CombinedOutput()
	text := string(out)
	if err == nil || !strings.Contains(text, "goroutine") || !strings.Contains(text, "900*****23") {
		t.Fatalf("it did not crash as it should: %v\n%s", err, text)
	}
	passwordHex, hexed := fmt.Sprintf("%x", crashPassword), fmt.Sprintf("%x", crashSSIN)
	for _, secret := range []string{crashSSIN, hexed, "c2VjcmV0", crashPassword, passwordHex, "PRIVATE KEY"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q stands in the crash:\n%s", secret, text)
		}
	}
}
