package ciao

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"klokkast/app"
)

// Proxy is the way out of the company's network: ProxySystem, ProxyNone, or
// the URL of a proxy.
type Proxy string

// Proxies that have no address.
const (
	ProxySystem Proxy = "system" // that of the environment: HTTPS_PROXY, NO_PROXY
	ProxyNone   Proxy = "none"
)

// ProxyOf reads what a person entered. Credentials are refused: they would lie
// readable in the database and the trail.
func ProxyOf(text string) (Proxy, error) {
	text = strings.TrimSpace(text)
	if p := Proxy(strings.ToLower(text)); p == "" || p == ProxySystem || p == ProxyNone {
		return p, nil
	}
	const example = "http://proxy.example.be:3128"
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5"):
		return "", &app.FieldError{Field: "proxy", Code: "proxy.format", Example: example}
	case u.User != nil:
		return "", &app.FieldError{Field: "proxy", Code: "proxy.credentials", Example: example}
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", &app.FieldError{Field: "proxy", Code: "proxy.format", Example: example}
	}
	return Proxy(u.Scheme + "://" + u.Host), nil
}

type proxyFunction func(*http.Request) (*url.URL, error)

func (p Proxy) function() (proxyFunction, error) {
	known, err := ProxyOf(string(p))
	switch {
	case err != nil:
		return nil, err
	case known == "" || known == ProxySystem:
		return http.ProxyFromEnvironment, nil
	case known == ProxyNone:
		return nil, nil
	}
	u, err := url.Parse(string(known))
	if err != nil {
		return nil, fmt.Errorf("use the proxy: %w", err)
	}
	return http.ProxyURL(u), nil
}

// Root is an additional trusted root certificate of the company.
type Root struct {
	PEM         string `json:"pem"`
	Subject     string `json:"subject"`
	Fingerprint string `json:"fingerprint"` // SHA-256 of the first one, in hex
}

// ErrNoRoot says that a file holds no certificate that signs others.
var ErrNoRoot = errors.New("no root certificate")

// ReadRoot reads certificates in PEM. One that signs no others is refused: a
// server's own in its place would be of no use the day it is renewed.
func ReadRoot(file []byte) (Root, error) {
	var root Root
	var kept bytes.Buffer
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue // a key in the same file is left there
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || !c.IsCA {
			return Root{}, ErrNoRoot
		}
		if root.Fingerprint == "" {
			sum := sha256.Sum256(c.Raw)
			root.Subject, root.Fingerprint = c.Subject.String(), hex.EncodeToString(sum[:])
		}
		if err := pem.Encode(&kept, &pem.Block{Type: block.Type, Bytes: block.Bytes}); err != nil {
			return Root{}, fmt.Errorf("keep the certificate: %w", err)
		}
	}
	if root.Fingerprint == "" {
		return Root{}, ErrNoRoot
	}
	root.PEM = kept.String()
	return root, nil
}

// AddRoot returns the system's trusted roots with the company's added.
func AddRoot(r Root) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's trusted roots: %w", err)
	}
	if !pool.AppendCertsFromPEM([]byte(r.PEM)) {
		return nil, ErrNoRoot
	}
	return pool, nil
}
