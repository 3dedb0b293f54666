package ciao_test

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"klokkast/app/ciao"
)

// strict is a register written apart from package register, from what is
// official alone: it reads the bytes of each request itself, without net/http,
// and refuses whatever it could refuse. It keeps them as a capture.
type strict struct {
	t     testing.TB
	base  string
	key   *rsa.PublicKey
	mu    sync.Mutex
	jtis  map[string]bool
	texts []string // captured requests
	wrong []string
	next  int64
	items []json.RawMessage
}

func startStrict(t testing.TB) *strict {
	t.Helper()
	block, _ := pem.Decode(keys(t).PrivateKey)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &strict{t: t, base: "http://" + l.Addr().String(), key: &parsed.(*rsa.PrivateKey).PublicKey, jtis: map[string]bool{}, next: 9_100_000_000_000_000_001}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		all.Wait()
		for _, w := range s.wrong {
			t.Error(w)
		}
	})
	return s
}

// request is one request as it came.
type request struct {
	line    string
	headers map[string]string
	body    []byte
}

func (s *strict) serve(c net.Conn) {
	defer c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	r, raw, err := readRequest(c)
	s.texts = append(s.texts, raw)
	if err != nil {
		s.say("%v in %q", err, raw)
		return
	}
	for name, want := range map[string]string{"idempotency-key": "", "expect": "", "transfer-encoding": "", "cookie": "", "origin": "", "connection": "close"} {
		if got := r.headers[name]; got != want && (want == "" || got != "") {
			s.say("%s: header %s is %q", r.line, name, got)
		}
	}
	switch r.line {
	case "POST /REST/oauth/v5/token HTTP/1.1":
		s.answer(c, s.token(r))
	case "POST /REST/presenceRegistration/v1" + ciao.PathRegister + " HTTP/1.1":
		s.answer(c, s.register(r))
	default:
		s.say("an address that nobody documented: %s", r.line)
	}
}

func (s *strict) say(format string, args ...any) {
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

func (s *strict) answer(c net.Conn, body string) {
	fmt.Fprintf(
		c,
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: %s\r\nBelGov-Trace-Id: 0af7651916cd43dd8448eb211c80319c\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"),
		len(body),
		body,
	)
}

// readRequest takes only a request with a length, each header once, in plain ASCII.
func readRequest(c io.Reader) (request, string, error) {
	var raw bytes.Buffer
	in := bufio.NewReader(io.TeeReader(c, &raw))
	r := request{headers: map[string]string{}}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return r, raw.String(), err
		}
		text, ok := strings.CutSuffix(line, "\r\n")
		switch name, value, found := strings.Cut(text, ": "); {
		case !ok:
			return r, raw.String(), fmt.Errorf("a line without CRLF")
		case r.line == "":
			r.line = text
		case text == "":
			var length int
			if _, err := fmt.Sscanf(r.headers["content-length"], "%d", &length); err != nil {
				return r, raw.String(), fmt.Errorf("no Content-Length")
			}
			r.body = make([]byte, length)
			_, err := io.ReadFull(in, r.body)
			return r, raw.String(), err
		case !found:
			return r, raw.String(), fmt.Errorf("no header: %q", text)
		default:
			name = strings.ToLower(name)
			if _, twice := r.headers[name]; twice {
				return r, raw.String(), fmt.Errorf("header %s twice", name)
			}
			r.headers[name] = value
		}
	}
}

// token checks form and assertion to the letter of RFC 7521 and 7523 and of the NSSO's page.
func (s *strict) token(r request) string {
	if got := r.headers["content-type"]; got != "application/x-www-form-urlencoded" {
		s.say("the form is %q", got)
	}
	if r.headers["authorization"] != "" {
		s.say("the token request is authorised")
	}
	form, err := url.ParseQuery(string(r.body))
	if err != nil {
		s.say("form: %v", err)
	}
	names := []string{}
	for name, values := range form {
		names = append(names, name)
		if len(values) != 1 {
			s.say("%s comes %d times", name, len(values))
		}
	}
	slices.Sort(names)
	if want := []string{"client_assertion", "client_assertion_type", "grant_type"}; !slices.Equal(names, want) {
		s.say("form fields %v, want %v", names, want)
	}
	if form.Get("grant_type") != "client_credentials" || form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		s.say("form %v", form)
	}
	s.assertion(form.Get("client_assertion"))
	return `{"access_token":"strict-token","token_type":"Bearer","expires_in":600}`
}

func (s *strict) assertion(jwt string) {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		s.say("no JWT: %d parts", len(parts))
		return
	}
	header, claims := s.part(parts[0]), s.part(parts[1])
	if len(header) != 2 || string(header["alg"]) != `"RS256"` || string(header["typ"]) != `"JWT"` {
		s.say("JWT header %v", header)
	}
	id, _ := json.Marshal(keys(s.t).ClientID)
	audience, _ := json.Marshal(s.base + "/REST/oauth/v5/token")
	for name, want := range map[string]string{"iss": string(id), "sub": string(id), "aud": string(audience)} { // aud is one string, no list
		if string(claims[name]) != want {
			s.say("claim %s is %s, want %s", name, claims[name], want)
		}
	}
	if len(claims) != 6 {
		s.say("claims %v", claims)
	}
	var iat, exp int64
	for name, into := range map[string]*int64{"iat": &iat, "exp": &exp} {
		if !regexp.MustCompile(`^[0-9]{10}$`).Match(claims[name]) { // whole seconds, no 1.7e9
			s.say("claim %s is %s", name, claims[name])
		}
		_ = json.Unmarshal(claims[name], into)
	}
	if now := time.Now().Unix(); iat > now || iat < now-60 || exp != iat+300 {
		s.say("iat %d, exp %d at %d", iat, exp, now)
	}
	jti := string(claims["jti"])
	if len(jti) < 34 || s.jtis[jti] { // 128 bits in hex, and the quotes
		s.say("jti %s is short or used", jti)
	}
	s.jtis[jti] = true
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err != nil || rsa.VerifyPKCS1v15(s.key, crypto.SHA256, sum[:], signature) != nil {
		s.say("the signature does not fit")
	}
}

func (s *strict) part(text string) map[string]json.RawMessage {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	var m map[string]json.RawMessage
	if err != nil || json.Unmarshal(b, &m) != nil {
		s.say("part of the JWT cannot be read")
	}
	return m
}

// wireItem is one item as the third-party example has it, to the blank.
var wireItem = regexp.MustCompile(`^\{"registrationDate":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ","ssin":"\d{11}","type":"(IN|OUT)",` +
	`"employer":\{("enterpriseNumber":"[01]\d{9}"|"foreignVatNumber":"[A-Z0-9]+")\},` +
	`"placeOfWork":\{("coordinates":\{"longitude":\d+(\.\d{1,5})?,"latitude":\d+(\.\d{1,5})?\}|"address":\{[^{}]*\})\},` +
	`"contractualRelationshipReference":"[A-HJ-NP-Z0-9]{13}"\}$`)

func (s *strict) register(r request) string {
	if r.headers["content-type"] != "application/json" || r.headers["authorization"] != "Bearer strict-token" {
		s.say("headers %v", r.headers)
	}
	if accept := r.headers["accept"]; !strings.Contains(accept, "application/json") || !strings.Contains(accept, "application/problem+json") {
		s.say("accepts %q", accept)
	}
	var body map[string][]json.RawMessage
	if err := json.Unmarshal(r.body, &body); err != nil || len(body) != 1 || len(body["items"]) == 0 {
		s.say("body %s", r.body)
	}
	var answers []string
	for _, item := range body["items"] {
		if !wireItem.Match(item) {
			s.say("an item unlike the example: %s", item)
		}
		s.items = append(s.items, item)
		answers = append(answers, fmt.Sprintf(`{"createdPresenceRegistration":{"id":%d,"validity":"pending","remarks":[]}}`, s.next))
		s.next++
	}
	return `{"items":[` + strings.Join(answers, ",") + `]}`
}

// TestTheClientPleasesAStricterRegister: all that is official, by a server that shares no line with ours.
func TestTheClientPleasesAStricterRegister(t *testing.T) {
	s := startStrict(t)
	for range 2 { // two clients: two assertions
		c := newClient(t, s.base+"/REST/presenceRegistration/v1", s.base+"/REST/oauth/v5/token", ciao.ClientOptions{})
		regs := append(one(), one()...)
		regs[1].Type, regs[1].Place = "OUT", regs[0].Place
		regs[1].At = regs[1].At.Add(time.Hour / 2)
		entries, o := c.Register(t.Context(), regs, nil)
		if o.Code != "" || len(entries) != 2 || entries[1].Created.ID <= entries[0].Created.ID || entries[0].Created.ID < 1<<53 {
			t.Fatalf("entries %+v, %v", entries, o)
		}
		if o.TraceID != "0af7651916cd43dd8448eb211c80319c" {
			t.Errorf("trace %q", o.TraceID)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.texts) != 4 || len(s.items) != 4 {
		t.Errorf("%d requests, %d items; want one token and one request each", len(s.texts), len(s.items))
	}
}

// TestTheWireIsAsDocumented captures the documented registration and holds it,
// byte for byte but for blanks and what differs in each request, against the example.
func TestTheWireIsAsDocumented(t *testing.T) {
	s := startStrict(t)
	c := newClient(t, s.base+"/REST/presenceRegistration/v1", s.base+"/REST/oauth/v5/token", ciao.ClientOptions{})
	if _, o := c.Register(t.Context(), documented(), nil); o.Code != "" {
		t.Fatal(o)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	got := strings.ReplaceAll(strings.Join(s.texts, "\n\n"), strings.TrimPrefix(s.base, "http://"), "services.socialsecurity.be")
	got = regexp.MustCompile(`client_assertion=[A-Za-z0-9_.-]+`).ReplaceAllString(got, "client_assertion=JWT")
	got = regexp.MustCompile(`(client_assertion=JWT[^\n]*)|Content-Length: \d+`).ReplaceAllStringFunc(got, func(x string) string {
		if strings.HasPrefix(x, "Content-Length") {
			return "Content-Length: N"
		}
		return x
	})
	want, err := os.ReadFile("testdata/wire.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got = strings.ReplaceAll(got, "\r\n", "\n"); got != strings.TrimSuffix(string(want), "\n") {
		t.Errorf("on the wire:\n%s\n\ndocumented:\n%s", got, want)
	}
}
