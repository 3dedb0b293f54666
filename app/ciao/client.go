package ciao

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/identity"
)

// ClientOptions says how a client may talk.
type ClientOptions struct {
	// LoopbackOnly refuses every address outside this computer: demo databases.
	// The local simulator's environment is always so.
	LoopbackOnly bool
	// Roots replaces the trusted roots: the system's with one of the company's
	// added, see AddRoot. There is no way to leave the check out.
	Roots *x509.CertPool
	// Proxy chooses the way out; "" is the environment's, see ProxyOf. It is never
	// used for an address of this computer.
	Proxy Proxy
	// Addresses replaces those that the credential's base gives.
	Addresses *Addresses
	// Hosts are those that a person added, of any environment.
	Hosts  []AddedHost
	Clock  Clock  // nil: the system's
	Timing Timing // zero: DefaultTiming
}

// Client puts single requests on the wire and says what is known of their
// fate. It repeats nothing by itself, save asking for a token. Safe for
// several goroutines.
type Client struct {
	env       app.Environment
	clientID  string
	key       *rsa.PrivateKey
	addresses Addresses
	clock     Clock
	timing    Timing
	tokens    *tokenCache
	far       *http.Client // for hosts elsewhere, by TLS
	near      *http.Client // for this computer only

	mu      sync.Mutex
	offset  time.Duration // the register's clock minus this computer's
	checked app.Instant   // when it was last seen
}

// NewClient makes a client for one credential.
func NewClient(c Credential, o ClientOptions) (*Client, error) {
	key, err := ParseKey(c.Key)
	if err != nil {
		return nil, err
	}
	if c.ClientID == "" {
		return nil, errors.New("credential without a client id")
	}
	may := hostsOf(c.Environment, o.Hosts)
	addresses := AddressesAt(c.Base, c.Token)
	if o.Addresses != nil {
		addresses = *o.Addresses
	} else if err := may.check(c.Base, false); err != nil {
		return nil, o.refusal(err)
	}
	if err := may.checkAll(addresses); err != nil {
		return nil, o.refusal(err)
	}
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	if o.Timing == (Timing{}) {
		o.Timing = DefaultTiming()
	}
	loopback := o.LoopbackOnly || c.Environment == app.LocalSimulator
	proxy, err := o.Proxy.function()
	if err != nil {
		return nil, err
	}
	return &Client{
		env: c.Environment, clientID: c.ClientID, key: key, addresses: addresses,
		clock: o.Clock, timing: o.Timing, tokens: newTokenCache(),
		far:  newHTTP(loopback, may, o.Roots, proxy, o.Timing.Connect),
		near: newHTTP(true, may, o.Roots, nil, o.Timing.Connect),
	}, nil
}

// refusal returns why an address may not be used, as a demo's where it is one.
func (o *ClientOptions) refusal(err error) error {
	if o.LoopbackOnly {
		return OfDemo(err)
	}
	return err
}

// Offset returns the register's clock minus this computer's, as last seen; 0 before.
func (c *Client) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// ClockCheck returns the last check of this computer's clock against the register's.
func (c *Client) ClockCheck() app.ClockCheck {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.checked == 0 {
		return app.ClockCheck{}
	}
	return app.ClockCheck{At: c.checked, Offset: -c.offset, Source: "ciao"}
}

// CheckClock compares this computer's clock with the register's, by asking for
// a token: nothing is registered. The error is an *Outcome.
func (c *Client) CheckClock(ctx context.Context) (app.ClockCheck, error) {
	before := c.ClockCheck()
	c.tokens.set("", 0) // a kept one would tell nothing
	_, err := c.accessToken(ctx)
	check := c.ClockCheck()
	if check != before || err == nil {
		return check, nil // a refusal tells the time, too
	}
	return app.ClockCheck{}, err
}

// setOffset recalls what an earlier run saw.
func (c *Client) setOffset(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.checked == 0 {
		c.offset = d
	}
}

func (c *Client) noteDate(r *reply) {
	off, ok := r.offset()
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset, c.checked = off, r.ended
}

// httpFor returns the connection maker that fits an address.
func (c *Client) httpFor(address string) *http.Client {
	if u, err := url.Parse(address); err == nil && u.Scheme == "https" && !loopbackName(u.Hostname()) {
		return c.far
	}
	return c.near
}

// setBody returns a request a body that can be sent once.
func setBody(req *http.Request, body []byte, may func() error) {
	req.Body = &fencedBody{Reader: bytes.NewReader(body), may: may}
	req.ContentLength = int64(len(body))
	req.GetBody = nil
}

// call makes one request with a token. A body that is bytes is JSON already.
func (c *Client) call(ctx context.Context, method, address string, body any, may func() error) (*reply, *Outcome) {
	if address == "" {
		return nil, c.failed(&reply{}, CodeNotConfigured)
	}
	token, o := c.signIn(ctx)
	if o != nil {
		return nil, o
	}
	req, err := http.NewRequest(method, address, nil)
	if err != nil {
		return nil, c.failed(&reply{err: err}, CodeAddress)
	}
	if body != nil {
		b, ready := body.([]byte)
		if !ready {
			if b, err = json.Marshal(body); err != nil {
				return nil, c.failed(&reply{err: err}, CodeAddress)
			}
		}
		setBody(req, b, may)
		req.Header.Set("Content-Type", typeJSON)
	}
	req.Header.Set("Accept", typeJSON+", "+typeProblem)
	req.Header.Set("Authorization", "Bearer "+token)
	if may != nil {
		if err := may(); err != nil {
			return nil, c.failed(&reply{err: err}, CodeFenced)
		}
	}
	r := roundTrip(ctx, c.httpFor(address), c.clock, c.timing.Request, req)
	c.noteDate(r)
	if r.status == http.StatusUnauthorized {
		c.tokens.drop(token)
	}
	return r, nil
}

// Register sends items in one request. may is asked just before the first byte
// goes out; an error of it means that nothing was sent. The entries are given
// only where the outcome is "answered", one for each item.
func (c *Client) Register(ctx context.Context, regs []app.Registration, may func() error) ([]RegisterEntry, *Outcome) {
	body, err := c.registerBody(regs)
	if err != nil {
		return nil, c.failed(&reply{err: err}, CodeAddress)
	}
	return c.register(ctx, body, len(regs), may)
}

// registerBody is what goes out for items.
func (c *Client) registerBody(regs []app.Registration) ([]byte, error) {
	body := RegisterRequest{Items: make([]RegisterItem, len(regs))}
	for i := range regs {
		body.Items[i] = itemOf(&regs[i])
	}
	return json.Marshal(body)
}

// register is Register for a body of so many items.
func (c *Client) register(ctx context.Context, body []byte, items int, may func() error) ([]RegisterEntry, *Outcome) {
	r, o := c.call(ctx, http.MethodPost, c.addresses.Register, body, may)
	if o != nil {
		return nil, o
	}
	o = c.classify(r)
	if o.Status != http.StatusOK || o.Code != "" {
		return nil, o
	}
	entries, err := decodeRegisterAnswer(r.body, items)
	if err != nil {
		o.Fate, o.Code, o.Detail = app.AttemptFateUnknown, CodeMalformed, mask(err.Error())
		return nil, o
	}
	return entries, o
}

// Question is one look-up: a person's registrations with From ≤ instant ≤ To.
type Question struct {
	SSIN     app.Secret
	From, To app.Instant
}

// Format keeps the number masked where a verb does not fit: fmt then prints a
// pointer's content raw, past all methods of what is in it.
func (q Question) Format(f fmt.State, _ rune) {
	type plain Question
	fmt.Fprintf(f, "%+v", plain(q))
}

// Query asks for a person's registrations and reads all pages. Complete is
// false where the answer can not be trusted to hold all that fit: then
// "nothing found" means nothing. The register may know the person by another
// number than the one that was asked about, see otherNumber.
func (c *Client) Query(ctx context.Context, q Question) (found []FoundRegistration, complete bool, o *Outcome) {
	found, complete, o = c.pages(ctx, QueryRequest{SSIN: q.SSIN.Reveal(), From: WireTime{q.From}, To: WireTime{q.To}})
	return found, complete && answersQuestion(found, q), o
}

// pages reads all pages of a search; complete says that all came.
func (c *Client) pages(ctx context.Context, body QueryRequest) (found []FoundRegistration, complete bool, o *Outcome) {
	total := -1
	body.PageSize = queryPageSize
	for body.Page = 1; body.Page <= mostQueryPages; body.Page++ {
		var a QueryAnswer
		if o = c.ask(ctx, http.MethodPost, c.addresses.Query, body, &a); o.Code != "" {
			return nil, false, o
		}
		if a.Items == nil || a.Total == nil || (total >= 0 && *a.Total != total) {
			// Not the shape that is assumed, or the list changed while it was read.
			o.Code = CodeMalformed
			return nil, false, o
		}
		total = *a.Total
		found = append(found, a.Items...)
		if len(found) >= total || len(a.Items) == 0 {
			break
		}
	}
	return found, len(found) == total, o
}

// answersQuestion says that all found belong to what was asked, and are of one
// person: a search that ignores its filters proves nothing.
func answersQuestion(found []FoundRegistration, q Question) bool {
	seen := make(map[int64]bool, len(found))
	for i := range found {
		f := &found[i]
		if f.SSIN != found[0].SSIN || f.RegistrationDate.Instant < q.From || f.RegistrationDate.Instant > q.To || seen[f.ID] {
			return false
		}
		seen[f.ID] = true
	}
	return true
}

// otherNumber returns the number by which an answer knows the person, where it is
// another than the one that was asked about: the register answers with the last
// number that it knows [O-SOAP]. "" where it is the same, or nothing was found.
func otherNumber(found []FoundRegistration, asked app.Secret) app.Secret {
	if len(found) == 0 || found[0].SSIN == asked.Reveal() {
		return ""
	}
	return app.Secret(found[0].SSIN)
}

// form names how questions are asked: a look-up counts only if one of the same
// form once found what was known to be there.
func (c *Client) form() string { return "POST " + c.addresses.Query + " ssin+period v1" }

// One asks for a registration by the register's id.
func (c *Client) One(ctx context.Context, id int64) (FoundRegistration, *Outcome) {
	var f FoundRegistration
	address := strings.ReplaceAll(c.addresses.One, "{id}", strconv.FormatInt(id, 10))
	o := c.ask(ctx, http.MethodGet, address, nil, &f)
	if o.Code == "" && f.ID != id {
		o.Code = CodeMalformed
	}
	return f, o
}

// ask makes a reading request, which may be repeated at will; an expired token
// is renewed once.
func (c *Client) ask(ctx context.Context, method, address string, body, answer any) *Outcome {
	var o *Outcome
	for range 2 {
		var r *reply
		if r, o = c.call(ctx, method, address, body, nil); o != nil {
			return o
		}
		if o = c.classify(r); o.Status == http.StatusUnauthorized {
			continue
		}
		if o.Code == "" {
			if err := decodeJSON(r.body, answer); err != nil {
				o.Code, o.Detail = CodeMalformed, mask(err.Error())
			}
		}
		return o
	}
	return o
}

// mask is the one way by which a text from outside is kept or shown. It masks
// first and cuts then: half a number would not be known for one.
func mask(text string) string {
	const most = 4000 // of one text that is kept
	text = identity.Mask(text)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
