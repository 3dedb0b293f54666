package ciao_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
)

// elsewhere are spellings that look like the host of an environment, or lead to
// it by a way of their own, and are not it.
func elsewhere(host string) []string {
	other := ciao.SimulationHost
	if host == other {
		other = ciao.ProductionHost
	}
	return []string{
		"https://" + other + "/v1", "http://" + host + "/v1", "https://" + host + ":8443/v1", "https://" + host + ":80/v1", "https://" + host + ":0443/v1",
		"https://" + host + "./v1", "https://" + host + ".evil.example/v1", "https://evil." + host + "/v1", "https://" + host + "@evil.example/v1",
		"https://user@" + host + "/v1", "https://user:word@" + host + "/v1", "https://" + host + ":443@evil.example/v1", "https://evil.example/" + host,
		"https://" + strings.ToUpper(
			host,
		) + "/v1", "https://" + strings.Replace(host, "s", "ѕ", 1) + "/v1", "https://" + strings.Replace(host, ".be", "。be", 1) + "/v1",
		"https://xn--" + host + "/v1", "https://" + host + "%2eevil.example/v1", "https://" + host + "%40evil.example/v1", "https://" + host + `\.evil.example/v1`,
		"https://evil.example#" + host, "https://evil.example?" + host, "https://" + host + "?x=/v1", "https://" + host + "#/v1", "https://" + host + "/../v1",
		"https:" + host + "/v1", "https:///" + host, "//" + host + "/v1", host, host + "/v1", "ftp://" + host, "", "::", "https://", " https://" + host, "https://" + host + "\n",
		"https://127.0.0.1/v1", "https://localhost/v1", "http://127.0.0.1:9/v1", "https://[::1]/v1", "https://[::ffff:127.0.0.1]/v1", "https://2130706433/v1", "https://127.1/v1",
		"https://0x7f000001/v1", "https://0.0.0.0/v1", "https://192.0.2.1/v1", "https://localtest.example/v1",
	}
}

func TestAnEnvironmentHasItsHost(t *testing.T) {
	for env, host := range map[app.Environment]string{app.Production: ciao.ProductionHost, app.NSSOSimulation: ciao.SimulationHost} {
		c := ciao.Credential{Environment: env, ClientID: "x", Key: keys(t).PrivateKey, Token: ciao.TokenURL}
		for _, base := range []string{ciao.DefaultBase(env), ciao.DefaultBase(env) + "/", "https://" + host + ":443/REST/presenceRegistration/v2"} {
			c.Base = base
			if _, err := ciao.NewClient(c, ciao.ClientOptions{}); err != nil {
				t.Errorf("%s: its own address %q: %v", env, base, err)
			}
		}
		for _, wrong := range elsewhere(host) {
			c.Base, c.Token = wrong, ciao.TokenURL
			if _, err := ciao.NewClient(c, ciao.ClientOptions{}); !errors.Is(err, ciao.ErrAddress) {
				t.Errorf("%s: the base %q was taken (%v)", env, wrong, err)
			}
			right := ciao.AddressesAt(ciao.DefaultBase(env), ciao.TokenURL)
			for name, at := range map[string]*string{"register": &right.Register, "query": &right.Query, "one": &right.One, "cancel": &right.Cancel} {
				before := *at
				if *at = wrong; wrong != "" || name == "register" {
					if _, err := ciao.NewClient(c, ciao.ClientOptions{Addresses: &right}); !errors.Is(err, ciao.ErrAddress) {
						t.Errorf("%s: %q for %s was taken (%v)", env, wrong, name, err)
					}
				}
				*at = before
			}
		}
		for _, wrong := range elsewhere(ciao.ProductionHost) {
			if strings.Contains(wrong, "be?x=") { // a token's address may have a query
				continue
			}
			c.Base, c.Token = ciao.DefaultBase(env), wrong
			if _, err := ciao.NewClient(c, ciao.ClientOptions{}); !errors.Is(err, ciao.ErrAddress) {
				t.Errorf("%s: tokens from %q (%v)", env, wrong, err)
			}
		}
	}
}

func TestTheLocalSimulatorIsThisComputer(t *testing.T) {
	c := ciao.Credential{Environment: app.LocalSimulator, ClientID: "x", Key: keys(t).PrivateKey}
	for address, fine := range map[string]bool{
		"http://127.0.0.1:9/v1": true, "http://localhost:9/v1": true, "http://[::1]:9/v1": true, "https://127.0.0.1:9/v1": true,
		"http://127.1:9/v1": false, "http://2130706433:9/v1": false, "http://localhost.:9/v1": false, "http://localhost.evil.example/v1": false,
		"http://127.0.0.1@evil.example/v1": false, "http://evil.example:9/v1": false, "https://" + ciao.ProductionHost + "/v1": false, "http://0.0.0.0:9/v1": false,
	} {
		c.Base, c.Token = address, address
		if _, err := ciao.NewClient(c, ciao.ClientOptions{Hosts: []ciao.AddedHost{{Environment: app.LocalSimulator, Host: "evil.example"}}}); (err == nil) != fine {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestAnAddedHostIsTheOnlyDoor(t *testing.T) {
	refused := map[app.Environment][]string{
		app.Production: {
			"127.0.0.1",
			"localhost",
			"::1",
			ciao.SimulationHost,
			ciao.ProductionHost,
			"https://new.example.be",
			"new.example.be:8443",
			"new.example.be.",
			"New.example.be",
			"be",
			"a@b.be",
			"ñ.be",
			"192.0.2.1",
			"",
			"*.be",
			"new.example.be/x",
			"-a.be",
		},
		app.NSSOSimulation: {ciao.ProductionHost, ciao.SimulationHost, "127.1", "2130706433", "192.0.2.1"},
		app.LocalSimulator: {"new.example.be", "127.0.0.1"},
	}
	for env, list := range refused {
		for _, host := range list {
			var field *app.FieldError
			if err := ciao.CheckAddedHost(env, host); !errors.As(err, &field) {
				t.Errorf("%s: %q may be added (%v)", env, host, err)
			}
		}
	}
	c := ciao.Credential{
		Environment: app.Production,
		ClientID:    "x",
		Key:         keys(t).PrivateKey,
		Base:        "https://new.example.be/v1",
		Token:       "https://new.example.be/token",
	}
	hosts := []ciao.AddedHost{{Environment: app.Production, Host: "new.example.be"}}
	if _, err := ciao.NewClient(c, ciao.ClientOptions{Hosts: hosts}); err != nil {
		t.Errorf("an added host: %v", err)
	}
	c.Environment = app.NSSOSimulation
	if _, err := ciao.NewClient(c, ciao.ClientOptions{Hosts: hosts}); !errors.Is(err, ciao.ErrAddress) {
		t.Errorf("a host added to production opens simulation: %v", err)
	}
	// One that was let in past the rule opens nothing.
	c.Environment, c.Base, c.Token = app.Production, "https://127.0.0.1:9/v1", "https://127.0.0.1:9/token"
	if _, err := ciao.NewClient(c, ciao.ClientOptions{Hosts: []ciao.AddedHost{{Environment: app.Production, Host: "127.0.0.1"}}}); !errors.Is(
		err,
		ciao.ErrAddress,
	) {
		t.Errorf("this computer as production: %v", err)
	}
}

// TestAnotherSimulatorOnThisComputer: the NSSO's simulation may be played by
// another program here, once somebody said so.
func TestAnotherSimulatorOnThisComputer(t *testing.T) {
	_, s := startRegister(t)
	c := ciao.Credential{Environment: app.NSSOSimulation, ClientID: keys(t).ClientID, Key: keys(t).PrivateKey, Base: s.Base, Token: s.Token}
	if _, err := ciao.NewClient(c, ciao.ClientOptions{}); !errors.Is(err, ciao.ErrAddress) {
		t.Fatalf("taken without anybody's word: %v", err)
	}
	client, err := ciao.NewClient(c, ciao.ClientOptions{Hosts: []ciao.AddedHost{{Environment: app.NSSOSimulation, Host: "127.0.0.1"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, o := client.Register(t.Context(), one(), nil); o.Code != "" {
		t.Error(o)
	}
}

// TestARedirectLeadsNowhere: neither where tokens come from nor where is registered.
func TestARedirectLeadsNowhere(t *testing.T) {
	var asked atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer other.Close()
	away := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer away.Close()
	_, s := startRegister(t)
	for _, at := range [][2]string{{away.URL, s.Token}, {s.Base, away.URL}} {
		if _, o := newClient(t, at[0], at[1], ciao.ClientOptions{}).Register(t.Context(), one(), nil); o.Fate != app.AttemptNotProcessed ||
			o.Code != ciao.CodeRedirect {
			t.Errorf("%v: %v", at, o)
		}
	}
	if asked.Load() != 0 {
		t.Errorf("a redirect was followed %d times", asked.Load())
	}
}
