package ciao_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

var credentials = sync.OnceValues(register.NewCredentials) // one key pair for all: making one is slow

func keys(t testing.TB) register.Credentials {
	t.Helper()
	c, err := credentials()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shifted is a clock that is wrong by so much.
type shifted struct {
	ciao.SystemClock
	by time.Duration
}

func (s shifted) Now() app.Instant { return s.SystemClock.Now().Add(s.by) }

func startRegister(t testing.TB) (*register.Register, *register.Server) {
	t.Helper()
	r, err := register.New(register.Options{Clients: []register.Credentials{keys(t)}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return r, s
}

func newClient(t testing.TB, base, token string, o ciao.ClientOptions) *ciao.Client {
	t.Helper()
	c, err := ciao.NewClient(ciao.Credential{Environment: app.LocalSimulator, ClientID: keys(t).ClientID, Key: keys(t).PrivateKey, Base: base, Token: token}, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// documented is the registration of the documented example.
func documented() []app.Registration {
	return []app.Registration{{
		SSIN: "90010100123", Type: app.RegisterIn, Enterprise: "0123456749", Declaration: "1Y1003SQ5VSSZ",
		At:    app.At(time.Date(2026, 11, 23, 6, 58, 12, 0, time.UTC)),
		Place: app.Place{Coordinates: &app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}},
	}}
}

func one() []app.Registration {
	return []app.Registration{{
		SSIN: "85011512355", Type: app.RegisterIn, Enterprise: "0123456749", Declaration: "1Y1003SQ5VSSZ",
		At: app.At(time.Now().Add(-time.Hour)) / 1000 * 1000, Place: app.Place{Coordinates: &app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}},
	}}
}

// TestAWrongClockIsCorrectedForTheAssertion: 45 minutes off either way, one
// refusal, and then the register's own time is used.
func TestAWrongClockIsCorrectedForTheAssertion(t *testing.T) {
	for _, off := range []time.Duration{-45 * time.Minute, 45 * time.Minute, 20 * time.Second, 0} {
		reg, s := startRegister(t)
		c := newClient(t, s.Base, s.Token, ciao.ClientOptions{Clock: shifted{by: off}})
		if _, o := c.Register(t.Context(), one(), nil); o.Code != "" {
			t.Errorf("%v off: %v", off, o)
		}
		want := 2
		if off == 0 {
			want = 1
		}
		if n := reg.Stats().Requests["token"]; n != want {
			t.Errorf("%v off: asked %d times for a token, want %d", off, n, want)
		}
		if got := c.Offset() + off; got.Abs() > 2*time.Second {
			t.Errorf("%v off: measured %v", off, c.Offset())
		}
		if check := c.ClockCheck(); check.Source != "ciao" || (check.Offset-off).Abs() > 2*time.Second {
			t.Errorf("check %+v", check)
		}
	}
}

func TestOneRenewalAtATime(t *testing.T) {
	reg, s := startRegister(t)
	reg.Add(register.Fault{Kind: register.Delay, Operation: "token", Seconds: 0.1})
	c := newClient(t, s.Base, s.Token, ciao.ClientOptions{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, o := c.One(t.Context(), 1); o.Code != "resourceNotFound" {
				t.Error(o)
			}
		})
	}
	wg.Wait()
	if n := reg.Stats().Requests["token"]; n != 1 {
		t.Errorf("%d tokens for eight at once", n)
	}
	reg.Revoke() // a look-up renews a refused token once, by itself
	if _, o := c.One(t.Context(), 1); o.Code != "resourceNotFound" {
		t.Error(o)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	_, s := startRegister(t)
	other, err := register.NewCredentials()
	if err != nil {
		t.Fatal(err)
	}
	stolen := ciao.Credential{Environment: app.LocalSimulator, ClientID: keys(t).ClientID, Key: other.PrivateKey, Base: s.Base, Token: s.Token}
	elsewhere := ciao.Credential{Environment: app.LocalSimulator, ClientID: keys(t).ClientID, Key: keys(t).PrivateKey, Base: s.Base, Token: s.Token + "?x=1"}
	for name, c := range map[string]ciao.Credential{"another's key": stolen, "another audience": elsewhere} {
		client, err := ciao.NewClient(c, ciao.ClientOptions{})
		if err != nil {
			t.Fatal(err)
		}
		_, o := client.Register(t.Context(), one(), nil)
		if o.Fate != app.AttemptNotProcessed || (o.Code != "invalid_client" && o.Code != "invalid_request") {
			t.Errorf("%s: %v", name, o)
		}
	}
}

// TestFates: what each status says of what was sent (docs/ciao.md).
func TestFates(t *testing.T) {
	const problem = `{"type":"urn:problem-type:belgif:x"}`
	tests := []struct {
		status      int
		mediaType   string
		body        string
		fate        app.AttemptOutcome
		code        string
		header, val string
	}{
		{200, "application/json", `{"items":[{"createdPresenceRegistration":{"id":1,"validity":"pending"}}]}`, app.AttemptAnswered, "", "", ""},
		{200, "application/json; charset=utf-8", `{"items":[{"notCreatedPresenceRegistration":{}}]}`, app.AttemptAnswered, "", "", ""},
		{200, "application/json", `{"items":[]}`, app.AttemptFateUnknown, "malformed", "", ""},
		{200, "text/html", `<html>`, app.AttemptFateUnknown, "malformed", "", ""},
		{200, "", ``, app.AttemptFateUnknown, "malformed", "", ""},
		{201, "application/json", `{"items":[]}`, app.AttemptFateUnknown, "unexpected", "", ""},
		{202, "", ``, app.AttemptFateUnknown, "unexpected", "", ""},
		{204, "", ``, app.AttemptFateUnknown, "unexpected", "", ""},
		{302, "", ``, app.AttemptNotProcessed, "redirect", "Location", "/elsewhere"},
		{307, "", ``, app.AttemptNotProcessed, "redirect", "Location", "/elsewhere"},
		{400, "application/problem+json", problem, app.AttemptNotProcessed, "x", "", ""},
		{400, "text/html", `<html>`, app.AttemptNotProcessed, "badRequest", "", ""},
		{401, "", ``, app.AttemptNotProcessed, "invalidAccessToken", "", ""},
		{403, "application/problem+json", problem, app.AttemptNotProcessed, "x", "", ""},
		{404, "", ``, app.AttemptNotProcessed, "address-not-found", "", ""},
		{409, "application/problem+json", problem, app.AttemptFateUnknown, "x", "", ""},
		{413, "", ``, app.AttemptNotProcessed, "payloadTooLarge", "", ""},
		{415, "", ``, app.AttemptNotProcessed, "media-type", "", ""},
		{429, "", ``, app.AttemptNotProcessed, "tooManyRequests", "Retry-After", "7"},
		{500, "application/problem+json", problem, app.AttemptFateUnknown, "x", "", ""},
		{502, "text/html", `<html>`, app.AttemptFateUnknown, "badGateway", "", ""},
		{503, "application/problem+json", problem, app.AttemptNotProcessed, "x", "", ""},
		{501, "application/problem+json", problem, app.AttemptFateUnknown, "x", "", ""},
		{503, "text/html", `<html>`, app.AttemptFateUnknown, "serviceUnavailable", "", ""},
		{504, "application/problem+json", problem, app.AttemptFateUnknown, "x", "", ""},
	}
	for _, c := range tests {
		t.Run(fmt.Sprint(c.status, c.mediaType), func(t *testing.T) {
			var requests atomic.Int32
			s := fakeRegister(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header().Set("BelGov-Trace-Id", "trace-1")
				w.Header().Set("Content-Type", c.mediaType)
				if c.header != "" {
					w.Header().Set(c.header, c.val)
				}
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			})
			_, o := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{}).Register(t.Context(), one(), nil)
			if o.Fate != c.fate || o.Code != c.code || o.TraceID != "trace-1" {
				t.Errorf("fate %s, code %q, trace %q; want %s, %q", o.Fate, o.Code, o.TraceID, c.fate, c.code)
			}
			if requests.Load() != 1 {
				t.Errorf("%d requests on the wire, want 1", requests.Load())
			}
		})
	}
}

// fakeRegister returns out tokens and leaves the rest to h.
func fakeRegister(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"access_token":"t","token_type":"bearer"}`)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestWaits: the longer of header and body; a date counts from the answer's own Date.
func TestWaits(t *testing.T) {
	date := time.Date(2020, 5, 4, 3, 2, 1, 0, time.UTC) // the register's clock is years behind: only differences count
	in := func(d time.Duration) string { return date.Add(d).Format(http.TimeFormat) }
	tests := []struct {
		header, body string
		want         time.Duration
	}{
		{"30", ``, 30 * time.Second},
		{in(90 * time.Second), ``, 90 * time.Second},
		{"30", `,"retryAfterSec":60`, time.Minute},
		{"60", `,"retryAfterSec":30,"retryAfter":"2020-05-04T03:02:11Z"`, time.Minute},
		{"", `,"retryAfter":"2020-05-04T05:02:01+00:00"`, 2 * time.Hour},
		{"", `,"retryAfterSec":"45"`, 45 * time.Second},
		{"", ``, 0},
		{"soon", `,"retryAfter":{"x":1}`, 0},
		{"-5", ``, 0},
		{"99999999999", ``, 24 * time.Hour},
		{in(-time.Hour), ``, 0},
	}
	for _, c := range tests {
		s := fakeRegister(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", date.Format(http.TimeFormat))
			w.Header().Set("Retry-After", c.header)
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusTooManyRequests)
			io.WriteString(w, `{"type":"urn:problem-type:belgif:tooManyRequests"`+c.body+`}`)
		})
		_, o := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{}).Register(t.Context(), one(), nil)
		if o.Wait != c.want {
			t.Errorf("%q with %s: wait %v, want %v", c.header, c.body, o.Wait, c.want)
		}
	}
}

func TestWhatGoesOut(t *testing.T) {
	var got *http.Request
	var body string
	s := fakeRegister(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	c := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{})
	c.Register(t.Context(), one(), nil)
	if got.URL.Path != ciao.PathRegister || got.Header.Get("Authorization") != "Bearer t" || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %v", got.URL, got.Header)
	}
	if _, has := got.Header["Idempotency-Key"]; has || got.ContentLength != int64(len(body)) {
		t.Errorf("headers %v, length %d", got.Header, got.ContentLength)
	}
	c.Query(t.Context(), ciao.Question{SSIN: "85011512355", From: 1000, To: 2000})
	if strings.Contains(got.URL.String(), "85011512355") || !strings.Contains(body, `"ssin":"85011512355"`) {
		t.Errorf("the SSIN belongs in the body: %s %s", got.URL, body)
	}
}

func TestAnEndlessAnswerIsGivenUp(t *testing.T) {
	s := fakeRegister(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for range 80 {
			io.WriteString(w, strings.Repeat(" ", 64<<10))
		}
	})
	_, o := newClient(t, s.URL, s.URL+"/token", ciao.ClientOptions{}).Register(t.Context(), one(), nil)
	if o.Fate != app.AttemptFateUnknown || o.Code != ciao.CodeNoAnswer {
		t.Errorf("%v", o)
	}
}

func TestNothingIsSentOnceTheFenceIsDown(t *testing.T) {
	reg, s := startRegister(t)
	c := newClient(t, s.Base, s.Token, ciao.ClientOptions{})
	_, o := c.Register(t.Context(), one(), func() error { return ciao.ErrSenderLost })
	if o.Fate != app.AttemptNotProcessed || reg.Stats().Requests["register"] != 0 {
		t.Errorf("%v", o)
	}
}

func TestNobodyListens(t *testing.T) {
	c := newClient(t, "http://"+nobodysPort(t), "http://"+nobodysPort(t)+"/token", ciao.ClientOptions{})
	if _, o := c.Register(t.Context(), one(), nil); o.Fate != app.AttemptNotProcessed || o.Code != ciao.CodeNoConnection || !o.Down {
		t.Errorf("%v", o)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, o := c.Register(ctx, one(), nil); o.Fate != app.AttemptNotProcessed {
		t.Errorf("%v", o)
	}
}

// nobodysPort returns an address of this computer that refuses connections: the
// far end of a connection holds its port as long as the test runs, and nobody
// can listen there meanwhile.
func nobodysPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.LocalAddr().String()
}

// TestOnlyThisComputerWhereItMust: a demo dials nothing else, whatever its address says.
func TestOnlyThisComputerWhereItMust(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1") // must not be used: it would hide the address
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	c := ciao.Credential{
		Environment: app.NSSOSimulation,
		ClientID:    "x",
		Key:         keys(t).PrivateKey,
		Base:        "https://192-0-2-1.example.be",
		Token:       "https://192-0-2-1.example.be/token",
	}
	o := ciao.ClientOptions{LoopbackOnly: true, Hosts: []ciao.AddedHost{{Environment: app.NSSOSimulation, Host: "192-0-2-1.example.be"}}}
	client, err := ciao.NewClient(c, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, o := client.Register(t.Context(), one(), nil); o.Fate != app.AttemptNotProcessed {
		t.Error(o)
	}
}

func TestProductionNeverGoesInTheClear(t *testing.T) {
	c := ciao.Credential{Environment: app.Production, ClientID: "x", Key: keys(t).PrivateKey, Base: "http://127.0.0.1:9", Token: ciao.TokenURL}
	if _, err := ciao.NewClient(c, ciao.ClientOptions{}); !errors.Is(err, ciao.ErrAddress) {
		t.Errorf("error %v", err)
	}
	for _, base := range []string{"", "ftp://127.0.0.1", "https://", "https://user:pass@127.0.0.1", "::"} {
		c.Environment, c.Base = app.LocalSimulator, base
		if _, err := ciao.NewClient(c, ciao.ClientOptions{}); err == nil {
			t.Errorf("%q was taken", base)
		}
	}
}

// TestCertificatesAreAlwaysChecked: a stranger's is refused; one that the
// company added is taken.
func TestCertificatesAreAlwaysChecked(t *testing.T) {
	reg, err := register.New(register.Options{Clients: []register.Credentials{keys(t)}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(reg)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the refused handshake
	s.StartTLS()
	defer s.Close()
	base, token := s.URL+register.BasePath, s.URL+register.TokenPath
	_, o := newClient(t, base, token, ciao.ClientOptions{}).Register(t.Context(), one(), nil)
	if o.Fate != app.AttemptNotProcessed || len(reg.Stored()) != 0 {
		t.Errorf("a stranger's certificate: %v", o)
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	if _, o := newClient(t, base, token, ciao.ClientOptions{Roots: pool}).Register(t.Context(), one(), nil); o.Code != "" || len(reg.Stored()) != 1 {
		t.Errorf("the company's certificate: %v", o)
	}
}

func TestKeys(t *testing.T) {
	for name, key := range map[string]string{
		"nothing":      "",
		"a public key": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		"rubbish":      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	} {
		if _, err := ciao.ParseKey(ciao.PrivateKey(key)); !errors.Is(err, ciao.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := fmt.Sprintf("%v %s %x %+v", ciao.PrivateKey("secret"), ciao.PrivateKey("secret"), ciao.PrivateKey("secret"), ciao.Credential{Key: ciao.PrivateKey("secret")}); strings.Contains(
		s,
		"secret",
	) ||
		strings.Contains(s, "736563") {
		t.Errorf("a key is printed: %s", s)
	}
}
