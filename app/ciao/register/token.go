package register

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	clockLeeway      = 5 * time.Second
	longestAssertion = 10 * time.Minute
)

// token answers the OAuth token endpoint (RFC 6749 with RFC 7523).
func (r *Register) token(w http.ResponseWriter, req *http.Request) {
	f := r.take("token")
	if r.strikeBefore(w, req, f) {
		return
	}
	if err := req.ParseForm(); err != nil || !strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		r.oauthError(w, http.StatusBadRequest, "invalid_request", "the body is no form")
		return
	}
	form := req.PostForm
	for name, values := range form {
		if !slices.Contains([]string{"grant_type", "client_assertion_type", "client_assertion", "scope"}, name) || len(values) > 1 {
			r.oauthError(w, http.StatusBadRequest, "invalid_request", "unknown or repeated parameter")
			return
		}
	}
	switch {
	case len(req.URL.RawQuery) > 0:
		r.oauthError(w, http.StatusBadRequest, "invalid_request", "parameters belong in the body")
		return
	case form.Get("grant_type") != "client_credentials":
		r.oauthError(w, http.StatusBadRequest, "unsupported_grant_type", "")
		return
	case form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
		r.oauthError(w, http.StatusBadRequest, "invalid_request", "client_assertion_type")
		return
	}
	scheme := "http://"
	if req.TLS != nil {
		scheme = "https://"
	}
	if err := r.checkAssertion(form.Get("client_assertion"), scheme+req.Host+req.URL.Path); err != nil {
		r.oauthError(w, http.StatusUnauthorized, "invalid_client", err.Error())
		return
	}
	token := randomHex(24)
	r.mu.Lock()
	r.tokens[token] = r.now().Add(r.options.TokenLife)
	r.mu.Unlock()
	body, _ := json.Marshal(map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": int64(r.options.TokenLife / time.Second)})
	r.answer(w, req, f, body)
}

func (r *Register) oauthError(w http.ResponseWriter, status int, code, why string) {
	body, _ := json.Marshal(map[string]string{"error": code, "error_description": why})
	r.write(w, status, "application/json", body)
}

// checkAssertion checks the client's JWT as strictly as any server might.
func (r *Register) checkAssertion(assertion, audience string) error {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return errors.New("the assertion is no JWT")
	}
	header, err := decodePart(parts[0])
	if err != nil {
		return err
	}
	if len(header) != 2 || header["alg"] != "RS256" || header["typ"] != "JWT" {
		return errors.New("the header must be exactly alg RS256 and typ JWT")
	}
	claims, err := decodePart(parts[1])
	if err != nil {
		return err
	}
	id, _ := claims["iss"].(string)
	r.mu.Lock()
	key := r.clients[id]
	r.mu.Unlock()
	if key == nil {
		return errors.New("unknown client")
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation())
	if _, err := parser.Parse(assertion, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
		return errors.New("the signature does not fit")
	}
	return r.checkClaims(claims, id, audience)
}

func (r *Register) checkClaims(claims map[string]any, id, audience string) error {
	now := r.now()
	issued, okI := wholeSeconds(claims["iat"])
	expires, okE := wholeSeconds(claims["exp"])
	jti, _ := claims["jti"].(string)
	switch {
	case claims["sub"] != id:
		return errors.New("iss and sub differ")
	case claims["aud"] != audience: // one string, byte for byte
		return errors.New("the audience is not the token endpoint")
	case !okI || !okE:
		return errors.New("iat and exp must be whole seconds")
	case issued.After(now.Add(clockLeeway)):
		return errors.New("issued in the future")
	case !expires.After(now.Add(-clockLeeway)):
		return errors.New("expired")
	case expires.Sub(issued) > longestAssertion:
		return errors.New("valid for too long")
	case len(jti) < 16:
		return errors.New("jti is missing or short")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for old, until := range r.seen {
		if until.Before(now.Add(-clockLeeway)) {
			delete(r.seen, old)
		}
	}
	if _, used := r.seen[jti]; used {
		return errors.New("jti was used before")
	}
	r.seen[jti] = expires
	return nil
}

func decodePart(part string) (map[string]any, error) {
	b, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil, errors.New("the assertion is no JWT")
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, errors.New("the assertion is no JWT")
	}
	return m, nil
}

func wholeSeconds(v any) (time.Time, bool) {
	f, ok := v.(float64)
	if !ok || f != float64(int64(f)) {
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0), true
}

// authorized checks the access token; it answers itself where it does not do.
func (r *Register) authorized(w http.ResponseWriter, req *http.Request) bool {
	token, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	if !ok {
		r.problem(w, http.StatusUnauthorized, problem{Type: "urn:problem-type:belgif:noAccessToken", Title: "No Access Token"})
		return false
	}
	r.mu.Lock()
	until, known := r.tokens[token]
	r.mu.Unlock()
	switch {
	case !known:
		r.problem(w, http.StatusUnauthorized, problem{Type: "urn:problem-type:belgif:invalidAccessToken", Title: "Invalid Access Token"})
		return false
	case !until.After(r.now()):
		r.problem(w, http.StatusUnauthorized, problem{Type: "urn:problem-type:belgif:expiredAccessToken", Title: "Expired Access Token"})
		return false
	}
	return true
}
