package ciao

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"

	"klokkast/app"
)

// Credential is what the company got from the NSSO for one environment: a
// client id, and the private key whose public half was registered there.
type Credential struct {
	Environment app.Environment
	ClientID    string
	// Key is the RSA private key as PEM (PKCS #8 or PKCS #1), or that locked by a
	// passphrase (see Lock). It never leaves memory but sealed.
	Key     PrivateKey
	Base    string      // of the operations, see AddressesAt
	Token   string      // the token endpoint: also the assertion's audience, byte for byte
	Expires app.Instant // of the registered key or certificate; zero: not known
	At      app.Instant // when it was entered
}

// PrivateKey is a private key as PEM, or locked. Whatever prints it gets "(private key)".
type PrivateKey []byte

// String never gives the key.
func (PrivateKey) String() string { return "(private key)" }

// Format keeps every verb of fmt from the key.
func (k PrivateKey) Format(f fmt.State, _ rune) { fmt.Fprint(f, k.String()) }

// LogValue keeps the key out of logs.
func (k PrivateKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText keeps the key out of JSON.
func (k PrivateKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// smallestKey is the shortest RSA key, in bits, that RS256 may use (RFC 7518, 3.3).
const smallestKey = 2048

// ParseKey reads an RSA private key; ErrLocked where it must be unlocked first.
// Errors never hold any part of it.
func ParseKey(key PrivateKey) (*rsa.PrivateKey, error) {
	if key.Locked() {
		return nil, ErrLocked
	}
	block, _ := pem.Decode(key)
	if block == nil {
		return nil, fmt.Errorf("%w: no PEM block", ErrKey)
	}
	var parsed any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY", "DSA PRIVATE KEY":
		return nil, ErrKeyKind
	case "CERTIFICATE", "PUBLIC KEY", "RSA PUBLIC KEY":
		return nil, ErrKeyMissing
	default:
		return nil, fmt.Errorf("%w: the PEM block is not an unencrypted private key", ErrKey)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: not readable", ErrKey) // the parser's own words might hold a part of it
	}
	rsaKey, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, ErrKeyKind
	}
	if rsaKey.N.BitLen() < smallestKey {
		return nil, fmt.Errorf("%d bits: %w", rsaKey.N.BitLen(), ErrKeyShort)
	}
	return rsaKey, nil
}
