package register

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Files of ReadCredentials in its folder.
const (
	IDFile  = "client-id.txt"
	KeyFile = "private-key.pem"
)

// keyBits is what RS256 needs at least.
const keyBits = 2048

// Credentials are a client of the simulated register and its key pair.
type Credentials struct {
	ClientID   string
	PrivateKey []byte // PEM, PKCS #8
	public     *rsa.PublicKey
}

// NewCredentials makes a client with a fresh key pair.
func NewCredentials() (Credentials, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return Credentials{}, fmt.Errorf("make a key pair: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Credentials{}, fmt.Errorf("make a key pair: %w", err)
	}
	return Credentials{
		ClientID:   "simulated:" + randomHex(6),
		PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		public:     &key.PublicKey,
	}, nil
}

// ReadCredentials returns those in a folder, and makes them there the first time:
// client-id.txt and private-key.pem.
func ReadCredentials(folder string) (Credentials, error) {
	idFile, keyFile := filepath.Join(folder, IDFile), filepath.Join(folder, KeyFile)
	key, err := os.ReadFile(keyFile)
	if errors.Is(err, os.ErrNotExist) {
		return makeCredentials(folder, idFile, keyFile)
	}
	if err != nil {
		return Credentials{}, fmt.Errorf("read credentials: %w", err)
	}
	id, err := os.ReadFile(idFile)
	if err != nil {
		return Credentials{}, fmt.Errorf("read credentials: %w", err)
	}
	block, _ := pem.Decode(key)
	if block == nil {
		return Credentials{}, errors.New("read credentials: no private key in " + keyFile)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return Credentials{}, errors.New("read credentials: no RSA key in " + keyFile)
	}
	return Credentials{ClientID: string(id), PrivateKey: key, public: &private.PublicKey}, nil
}

func makeCredentials(folder, idFile, keyFile string) (Credentials, error) {
	c, err := NewCredentials()
	if err != nil {
		return c, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return c, fmt.Errorf("keep credentials: %w", err)
	}
	if err := writeFile(idFile, []byte(c.ClientID)); err != nil { // the key last: it says that both are there
		return c, err
	}
	return c, writeFile(keyFile, c.PrivateKey)
}

// writeFile puts a whole file there, readable by its owner only.
func writeFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // best effort
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
