package ciao

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"software.sslmate.com/src/go-pkcs12"

	"klokkast/app"
)

// KeyFile is what a file with a private key holds.
type KeyFile struct {
	Key PrivateKey // PKCS #8, PEM
	// Expires is when the certificate beside the key ends; zero where there is none.
	Expires app.Instant
}

// ReadKeyFile reads a private key as the NSSO's users keep it: PEM (PKCS #8 or
// PKCS #1, with or without its certificate), the same PKCS #8 in DER, or PKCS #12
// (.p12, .pfx), which a password protects. Errors are ErrKey (mostly one that
// says in what way), ErrKeyPassword or ErrKeyEncrypted and never hold any part
// of the key. A certificate that is over is taken, and told by Expires.
func ReadKeyFile(content []byte, password app.Secret) (KeyFile, error) {
	if block, _ := pem.Decode(content); block != nil {
		return readPEM(content)
	}
	if _, err := x509.ParsePKCS8PrivateKey(content); err == nil {
		return readPEM(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: content}))
	}
	return readPKCS12(content, password)
}

func readPEM(content []byte) (KeyFile, error) {
	var f KeyFile
	var certificates []*x509.Certificate
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return KeyFile{}, ErrKeyEncrypted
		case block.Type == "CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return KeyFile{}, fmt.Errorf("%w: its certificate is not readable", ErrKey)
			}
			certificates = append(certificates, c)
		case block.Type == "EC PARAMETERS": // stands before the key of that kind
		case f.Key == nil:
			f.Key = pem.EncodeToMemory(block)
		}
	}
	if f.Key == nil && len(certificates) > 0 {
		return KeyFile{}, ErrKeyMissing
	}
	key, err := ParseKey(f.Key)
	if err != nil {
		return KeyFile{}, err
	}
	return keyFileOf(key, certificates)
}

func readPKCS12(content []byte, password app.Secret) (KeyFile, error) {
	key, certificate, others, err := pkcs12.DecodeChain(content, password.Reveal())
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return KeyFile{}, ErrKeyPassword
	}
	if err != nil {
		return KeyFile{}, fmt.Errorf("%w: neither PEM nor PKCS #12", ErrKey)
	}
	rsaKey, ok := key.(*rsa.PrivateKey)
	if !ok {
		return KeyFile{}, ErrKeyKind
	}
	return keyFileOf(rsaKey, append(others, certificate))
}

// keyFileOf brings a key into the one form that is kept, with the end of the
// certificate that belongs to it.
func keyFileOf(key *rsa.PrivateKey, certificates []*x509.Certificate) (KeyFile, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return KeyFile{}, fmt.Errorf("%w: not writable", ErrKey)
	}
	f := KeyFile{Key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}
	if _, err := ParseKey(f.Key); err != nil { // too short
		return KeyFile{}, err
	}
	for _, c := range certificates {
		if key.PublicKey.Equal(c.PublicKey) {
			f.Expires = app.At(c.NotAfter)
		}
	}
	if f.Expires == 0 && len(certificates) > 0 {
		return KeyFile{}, ErrKeyCertificate
	}
	return f, nil
}
