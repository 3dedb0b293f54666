package ciao_test

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

func TestProxies(t *testing.T) {
	for text, want := range map[string]ciao.Proxy{
		"": "", "system": ciao.ProxySystem, "NONE": ciao.ProxyNone, " http://proxy.example.be:3128/ ": "http://proxy.example.be:3128",
		"socks5://10.0.0.1:1080": "socks5://10.0.0.1:1080",
	} {
		if got, err := ciao.ProxyOf(text); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	for text, code := range map[string]string{
		"proxy.example.be:3128": "proxy.format", "ftp://proxy.example.be": "proxy.format", "http://proxy.example.be/path": "proxy.format",
		"http://:3128": "proxy.format", "http://ann:geheim@proxy.example.be:3128": "proxy.credentials",
	} {
		var field *app.FieldError
		if _, err := ciao.ProxyOf(text); !errors.As(err, &field) || field.Code != code || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v, want %s", text, err, code)
		}
	}
}

// TestTheProxyIsUsedForOthersOnly: it sees what goes out of this computer, and nothing of what stays.
func TestTheProxyIsUsedForOthersOnly(t *testing.T) {
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Method != http.MethodConnect || r.Host != "register.invalid:443" {
			t.Errorf("the proxy was asked for %s %s", r.Method, r.Host)
		}
		http.Error(w, "not from here", http.StatusForbidden)
	}))
	defer proxy.Close()
	c := ciao.Credential{
		Environment: app.NSSOSimulation,
		ClientID:    "x",
		Key:         keys(t).PrivateKey,
		Base:        "https://register.invalid",
		Token:       "https://register.invalid/token",
	}
	client, err := ciao.NewClient(
		c,
		ciao.ClientOptions{Proxy: ciao.Proxy(proxy.URL), Hosts: []ciao.AddedHost{{Environment: app.NSSOSimulation, Host: "register.invalid"}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	_, o := client.Register(t.Context(), one(), nil)
	if o.Code != ciao.CodeNoConnection || o.Fate != app.AttemptNotProcessed || asked.Load() != 1 {
		t.Errorf("by a proxy that refuses: %v, asked %d times", o, asked.Load())
	}
	_, s := startRegister(t)
	if _, o := newClient(t, s.Base, s.Token, ciao.ClientOptions{Proxy: ciao.Proxy(proxy.URL)}).Register(t.Context(), one(), nil); o.Code != "" ||
		asked.Load() != 1 {
		t.Errorf("to this computer: %v, the proxy was asked %d times", o, asked.Load())
	}
}

// TestARootOfTheCompany is kept whole; what signs nothing is refused.
func TestARootOfTheCompany(t *testing.T) {
	reg, err := register.New(register.Options{Clients: []register.Credentials{keys(t)}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewTLSServer(reg) // signed by itself, and marked as one that may sign
	defer s.Close()
	file := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	root, err := ciao.ReadRoot(append([]byte("a word before\n"), file...))
	if err != nil || len(root.Fingerprint) != 64 || root.Subject == "" {
		t.Fatalf("root %+v, %v", root, err)
	}
	pool, err := ciao.AddRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, s.URL+register.BasePath, s.URL+register.TokenPath, ciao.ClientOptions{Roots: pool})
	if _, o := c.Register(t.Context(), one(), nil); o.Code != "" {
		t.Errorf("with the company's root: %v", o)
	}
	for name, text := range map[string]string{"nothing": "", "a key": string(keys(t).PrivateKey), "rubbish": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		if _, err := ciao.ReadRoot([]byte(text)); !errors.Is(err, ciao.ErrNoRoot) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestALongAnswerIsMaskedBeforeItIsCut: half a number would pass for something else.
func TestALongAnswerIsMaskedBeforeItIsCut(t *testing.T) {
	const ssin = "85011512355"
	for cut := 3980; cut <= 4000; cut++ {
		s := fakeRegister(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusBadRequest)
			title := strings.Repeat("x", cut-len("urn:problem-type:belgif:badRequest; ")-1)
			io.WriteString(w, `{"type":"urn:problem-type:belgif:badRequest","title":"`+title+` `+ssin+`"}`)
		})
		_, o := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{}).Register(t.Context(), one(), nil)
		for n := 4; n <= len(ssin); n++ {
			if strings.Contains(o.Detail, ssin[:n]) {
				t.Fatalf("cut at %d: %d digits of the number are left", cut, n)
			}
		}
	}
}

// TestACancelledRequestEndsAtOnce: nobody waits a minute for a Cancel.
func TestACancelledRequestEndsAtOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	base := "http://" + l.Addr().String() // takes connections and never answers
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		c, err := l.Accept()
		if err == nil {
			cancel()
			defer c.Close()
			io.Copy(io.Discard, c)
		}
	}()
	_, o := newClient(t, base, base+"/token", ciao.ClientOptions{}).Register(ctx, one(), nil)
	if o.Fate != app.AttemptNotProcessed || ctx.Err() == nil {
		t.Errorf("%v: without a token nothing was registered", o)
	}
}
