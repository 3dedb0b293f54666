package ciao

import (
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"klokkast/app"
)

// TestTheDoormanLetsNothingElseOut: whatever made a client ask, a request for
// another host does not leave, and neither does one for the NSSO that a name
// server leads to this computer.
func TestTheDoormanLetsNothingElseOut(t *testing.T) {
	c := newHTTP(false, hosts{env: app.Production}, nil, nil, time.Second)
	for _, address := range []string{"https://services-sim.socialsecurity.be/v1", "http://services.socialsecurity.be/v1", "https://127.0.0.1:9/v1", "https://services.socialsecurity.be:8443/"} {
		req, err := http.NewRequest(http.MethodPost, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Do(req)
		var elsewhere *HostError
		if !errors.As(err, &elsewhere) {
			t.Errorf("%s: %v", address, err)
		}
	}
	req, _ := http.NewRequest(http.MethodPost, ProductionBase, nil)
	req.Host = "evil.example"
	if _, err := c.Do(req); err == nil {
		t.Error("a Host header of another one went out")
	}
}

// TestTheNSSOIsNeverOnThisComputer by whatever a name server says; a proxy in front of it may be.
func TestTheNSSOIsNeverOnThisComputer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	// "localhost" added by force stands for a name that resolves to this computer.
	may := hosts{env: app.Production, added: []string{"localhost"}}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if _, err := dial(false, may, time.Second)(t.Context(), "tcp", "localhost:"+port); !errors.Is(err, errElsewhere) {
		t.Errorf("dialled: %v", err)
	}
	c, err := dial(false, hosts{env: app.Production}, time.Second)(t.Context(), "tcp", l.Addr().String()) // a proxy
	if err != nil {
		t.Fatalf("a proxy on this computer: %v", err)
	}
	c.Close()
}
