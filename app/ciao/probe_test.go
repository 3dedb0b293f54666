package ciao_test

import (
	"net"
	"testing"
	"time"

	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

// states returns step and state of each, as one line.
func states(results []ciao.StepResult) (line string) {
	for _, r := range results {
		line += string(r.Step) + " " + string(r.State)
		if r.Code != "" {
			line += " (" + r.Code + ")"
		}
		line += "; "
	}
	return line
}

func TestTheConnectionTestNamesTheStepThatFails(t *testing.T) {
	type story struct {
		fault register.Fault
		clock ciao.Clock
		want  string
	}
	for name, s := range map[string]story{
		"all is well": {want: "key fine; network fine; clock fine; token fine; scope fine; "},
		"clock": {clock: shifted{by: -45 * time.Minute},
			want: "key fine; network fine; clock failed (clock-off); token fine; scope fine; "},
		"token": {fault: register.Fault{Kind: register.ErrorBefore, Operation: "token", Status: 401, Times: 1},
			want: "key fine; network fine; clock fine; token failed (token-refused); scope skipped; "},
		"token endpoint down": {fault: register.Fault{Kind: register.ErrorBefore, Operation: "token", Status: 500},
			want: "key fine; network fine; clock fine; token failed (token-unavailable); scope skipped; "},
		"scope": {fault: register.Fault{Kind: register.ErrorBefore, Operation: "one", Status: 403, Times: 1},
			want: "key fine; network fine; clock fine; token fine; scope failed (missingScope); "},
		"register down": {fault: register.Fault{Kind: register.ErrorBefore, Operation: "one", Status: 500},
			want: "key fine; network fine; clock fine; token fine; scope unknown (internalServerError); "},
	} {
		reg, server := startRegister(t)
		if s.fault.Kind != "" {
			reg.Add(s.fault)
		}
		c := newClient(t, server.Base, server.Token, ciao.ClientOptions{Clock: s.clock})
		if got := states(c.Probe(t.Context())); got != s.want {
			t.Errorf("%s: %s\nwant %s", name, got, s.want)
		}
		if n := reg.Stats().Requests["register"]; n != 0 {
			t.Errorf("%s: %d registrations were tried", name, n)
		}
	}
}

func TestTheConnectionTestOfANetworkThatIsDown(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + closed.Addr().String()
	closed.Close()
	c := newClient(t, base, base+"/token", ciao.ClientOptions{})
	const want = "key fine; network failed (no-connection); clock skipped; token skipped; scope skipped; "
	if got := states(c.Probe(t.Context())); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
