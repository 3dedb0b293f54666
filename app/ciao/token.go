package ciao

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"klokkast/app"
)

const (
	assertionBack = 10 * time.Second  // iat lies this far back
	assertionLife = 300 * time.Second // exp after iat
	// retryOffset is the clock error above which invalid_client is tried once more:
	// a computer that is ahead by more than assertionBack may be refused by a
	// register that allows no difference.
	retryOffset = 5 * time.Second
	// tellOffset is the clock error that the user is told of.
	tellOffset = 2 * time.Minute
)

// assertion signs the JWT that proves who the client is (RFC 7523): header
// exactly alg and typ, aud one string, whole seconds, a new jti each time.
func assertion(key *rsa.PrivateKey, clientID, audience string, now app.Instant) (string, error) {
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return "", fmt.Errorf("make a jti: %w", err)
	}
	issued := now.Time().Add(-assertionBack).Unix()
	return jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": clientID,
		"sub": clientID,
		"aud": audience,
		"jti": hex.EncodeToString(id[:]),
		"iat": issued,
		"exp": issued + int64(assertionLife/time.Second),
	}).SignedString(key)
}

// tokenCache holds the access token, in memory only; one renewal runs at a time.
type tokenCache struct {
	renewing chan struct{} // capacity 1: held by who renews
	mu       sync.Mutex
	token    string
	until    app.Instant // to be renewed from here on
}

func newTokenCache() *tokenCache { return &tokenCache{renewing: make(chan struct{}, 1)} }

func (c *tokenCache) get(now app.Instant) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token, c.token != "" && now < c.until
}

func (c *tokenCache) set(token string, until app.Instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.token, c.until = token, until
}

// drop forgets a token that the register refused; a newer one stays.
func (c *tokenCache) drop(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token == token {
		c.token, c.until = "", 0
	}
}

// tokenAnswer is the success and the error form of RFC 6749, 5.
type tokenAnswer struct {
	AccessToken string      `json:"access_token"`
	TokenType   string      `json:"token_type"`
	ExpiresIn   json.Number `json:"expires_in"`
	Error       string      `json:"error"`
	Description string      `json:"error_description"`
}

// signedIn says that there is a token that counts still.
func (c *Client) signedIn() bool {
	_, ok := c.tokens.get(c.clock.Now())
	return ok
}

// accessToken returns a token, renewing it where it is missing or nearly over.
// The error is always an *Outcome whose fate is "not processed".
func (c *Client) accessToken(ctx context.Context) (string, error) {
	if t, ok := c.tokens.get(c.clock.Now()); ok {
		return t, nil
	}
	select {
	case c.tokens.renewing <- struct{}{}:
		defer func() { <-c.tokens.renewing }()
	case <-ctx.Done():
		return "", c.failed(&reply{err: ctx.Err()}, CodeCancelled)
	}
	if t, ok := c.tokens.get(c.clock.Now()); ok { // somebody renewed it meanwhile
		return t, nil
	}
	used := c.Offset()
	token, o := c.askToken(ctx)
	if o == nil {
		return token, nil
	}
	// A clock that is wrong makes the assertion look old or not yet valid. The
	// answer told the register's time: once more with it, once. Not every service
	// words that as invalid_client.
	refused := o.Code == oauthInvalidClient || o.Status == http.StatusBadRequest || o.Status == http.StatusUnauthorized
	if off := c.Offset(); refused && abs(off-used) > retryOffset {
		if token, o = c.askToken(ctx); o == nil {
			return token, nil
		}
	}
	return "", o
}

func (c *Client) askToken(ctx context.Context) (string, *Outcome) {
	now := c.clock.Now().Add(c.Offset())
	signed, err := assertion(c.key, c.clientID, c.addresses.Token, now)
	if err != nil {
		return "", c.failed(&reply{err: err}, CodeAssertion)
	}
	form := url.Values{
		formGrantType:     {grantCredentials},
		formAssertionType: {assertionTypeJWT},
		formAssertion:     {signed},
	}
	req, err := http.NewRequest(http.MethodPost, c.addresses.Token, nil)
	if err != nil {
		return "", c.failed(&reply{err: err}, CodeAddress)
	}
	req.Header.Set("Content-Type", typeForm)
	req.Header.Set("Accept", typeJSON)
	setBody(req, []byte(form.Encode()), nil)
	r := roundTrip(ctx, c.httpFor(c.addresses.Token), c.clock, c.timing.Request, req)
	c.noteDate(r)
	return c.readToken(r)
}

func (c *Client) readToken(r *reply) (string, *Outcome) {
	if r.err != nil {
		return "", c.failed(r, tokenFailure(r))
	}
	var a tokenAnswer
	isJSON := r.is(typeJSON) && decodeJSON(r.body, &a) == nil
	if r.status == http.StatusOK && isJSON && a.AccessToken != "" && strings.EqualFold(a.TokenType, "Bearer") {
		life := tokenLife(a.ExpiresIn)
		c.tokens.set(a.AccessToken, r.sent.Add(life-min(life/10, 30*time.Second)))
		return a.AccessToken, nil
	}
	o := c.failed(r, CodeTokenRefused)
	switch {
	case isJSON && a.Error != "":
		o.Code = a.Error
		o.Detail = mask(strings.Join(nonEmpty(a.Error, a.Description), ": "))
	case r.status == http.StatusTooManyRequests || r.status >= http.StatusInternalServerError:
		o.Code = CodeTokenDown
	case r.status >= 200 && r.status < 300: // a service page, or half an answer: it says nothing of our credential
		o.Code, o.Down = CodeTokenDown, true
	case r.status >= 300 && r.status < 400:
		o.Code = CodeRedirect
	}
	return "", o
}

// tokenFailure words why no token came: none of it can have registered anything.
func tokenFailure(r *reply) string {
	if !r.reached {
		return r.unreached()
	}
	return CodeTokenDown
}

func tokenLife(n json.Number) time.Duration {
	seconds, err := n.Int64()
	if err != nil || seconds <= 0 {
		return defaultTokenLife
	}
	return time.Duration(min(seconds, 24*60*60)) * time.Second
}

func abs(d time.Duration) time.Duration { return max(d, -d) }
