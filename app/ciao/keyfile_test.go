package ciao_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"klokkast/app"
	"klokkast/app/ciao"
)

// rsaKey is the test's key as Go knows it.
func rsaKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := ciao.ParseKey(keys(t).PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// certificate is one of the test's key that ends then.
func certificate(t testing.TB, ends time.Time) *x509.Certificate {
	t.Helper()
	key := rsaKey(t)
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "made up"}, NotBefore: ends.AddDate(-2, 0, 0), NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestKeyFilesOfEveryKindGiveTheSameKey(t *testing.T) {
	ends := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	key, cert := rsaKey(t), certificate(t, ends)
	p12, err := pkcs12.Modern.Encode(key, cert, nil, "sesam-open-u")
	if err != nil {
		t.Fatal(err)
	}
	legacy, err := pkcs12.LegacyDES.Encode(key, cert, nil, "sesam-open-u")
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	certPEM := block("CERTIFICATE", cert.Raw)
	pkcs8, _ := pem.Decode(keys(t).PrivateKey)
	over := time.Date(2021, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		content  []byte
		password app.Secret
		expires  app.Instant
	}{
		"PKCS #8":                {keys(t).PrivateKey, "", 0},
		"PKCS #8 in DER":         {pkcs8.Bytes, "", 0},
		"one that is over":       {append(append([]byte{}, pkcs1...), block("CERTIFICATE", certificate(t, over).Raw)...), "", app.At(over)},
		"PKCS #1":                {pkcs1, "", 0},
		"key and certificate":    {append(append([]byte{}, pkcs1...), certPEM...), "", app.At(ends)},
		"certificate before key": {append(append([]byte{}, certPEM...), keys(t).PrivateKey...), "", app.At(ends)},
		"PKCS #12":               {p12, "sesam-open-u", app.At(ends)},
		"PKCS #12 of old":        {legacy, "sesam-open-u", app.At(ends)},
	} {
		f, err := ciao.ReadKeyFile(c.content, c.password)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := ciao.ParseKey(f.Key)
		if err != nil || !got.Equal(key) || f.Expires != c.expires {
			t.Errorf("%s: another key, or ends %v, want %v (%v)", name, f.Expires, c.expires, err)
		}
	}
}

func TestKeyFilesThatCannotBeUsedSayWhy(t *testing.T) {
	p12, err := pkcs12.Modern.Encode(rsaKey(t), certificate(t, time.Now()), nil, "sesam-open-u")
	if err != nil {
		t.Fatal(err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	ecP12, err := pkcs12.Modern.Encode(curve, certificate(t, time.Now()), nil, "sesam-open-u")
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&other.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content  []byte
		password app.Secret
		want     error
	}{
		"another password":   {p12, "sesam-open-v", ciao.ErrKeyPassword},
		"no password":        {p12, "", ciao.ErrKeyPassword},
		"an encrypted PEM":   {block("ENCRYPTED PRIVATE KEY", []byte{1, 2, 3}), "", ciao.ErrKeyEncrypted},
		"a certificate only": {block("CERTIFICATE", certificate(t, time.Now()).Raw), "", ciao.ErrKeyMissing},
		"a public key only":  {block("PUBLIC KEY", public), "", ciao.ErrKeyMissing},
		"too short":          {block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(small)), "", ciao.ErrKeyShort},
		"EC, as openssl ecparam -genkey writes it": {append(block("EC PARAMETERS", []byte{6, 0}), block("EC PRIVATE KEY", sec1)...), "", ciao.ErrKeyKind},
		"EC in PKCS #8":         {block("PRIVATE KEY", ec), "", ciao.ErrKeyKind},
		"EC in PKCS #12":        {ecP12, "sesam-open-u", ciao.ErrKeyKind},
		"another's certificate": {append(block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(other)), block("CERTIFICATE", certificate(t, time.Now()).Raw)...), "", ciao.ErrKeyCertificate},
		"something else":        {[]byte("a letter"), "", ciao.ErrKey},
		"nothing":               {nil, "", ciao.ErrKey},
	} {
		if f, err := ciao.ReadKeyFile(c.content, c.password); !errors.Is(err, c.want) || f.Key != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestALockedKeyOpensByItsPassphraseAlone(t *testing.T) {
	plain := keys(t).PrivateKey
	locked, err := ciao.PrivateKey(plain).Lock("twaalf tekens lang", 10)
	if err != nil {
		t.Fatal(err)
	}
	if !locked.Locked() || ciao.PrivateKey(plain).Locked() {
		t.Error("locked and open keys are not told apart")
	}
	if _, err := ciao.ParseKey(locked); !errors.Is(err, ciao.ErrLocked) {
		t.Errorf("a locked key was read: %v", err)
	}
	for _, wrong := range []app.Secret{"", "twaalf tekens lanh"} {
		if _, err := locked.Unlock(wrong); !errors.Is(err, ciao.ErrPassphrase) {
			t.Errorf("passphrase of %d characters: %v", len(wrong), err)
		}
	}
	if got, err := locked.Unlock("twaalf tekens lang"); err != nil || string(got) != string(plain) {
		t.Errorf("it does not open: %v", err)
	}
	if _, err := locked[:len(locked)-5].Unlock("twaalf tekens lang"); err == nil {
		t.Error("a key that was cut short opened")
	}
}
