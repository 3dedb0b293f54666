package data

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"klokkast/app"
)

// sealer is the one place where personal numbers change between their plain
// form and what the database holds of them:
//
//   - sealed: version byte, 24-byte nonce, XChaCha20-Poly1305 with table, column
//     and row id as associated data, so that a value moved to another row does
//     not open;
//   - look-up: HMAC-SHA-256 with a key of its own over the kind of number and
//     the number, so that equal numbers can be found and kept unique unopened.
//
// Both keys come from the database's key by HKDF-SHA-256 with the
// installation's id as salt.
type sealer struct {
	aead   cipher.AEAD
	lookUp []byte
	check  []byte // what installation.key_check holds for this key
}

// sealVersion is the first byte of what is sealed, should the way ever change.
const sealVersion = 1

// errSealed says that a sealed value does not open: moved, changed, or of another key.
var errSealed = errors.New("a sealed field does not open")

// newSealer derives what is needed from a database's key.
func newSealer(key []byte, installation app.ID) (*sealer, error) {
	derive := func(purpose string) ([]byte, error) {
		return hkdf.Key(sha256.New, key, []byte(installation), "klokkast "+purpose, keyBytes)
	}
	seal, err := derive("seal v1")
	if err != nil {
		return nil, fmt.Errorf("derive sealing key: %w", err)
	}
	lookUp, err := derive("look-up v1")
	if err != nil {
		return nil, fmt.Errorf("derive look-up key: %w", err)
	}
	check, err := derive("check v1")
	if err != nil {
		return nil, fmt.Errorf("derive check value: %w", err)
	}
	aead, err := chacha20poly1305.NewX(seal)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	return &sealer{aead: aead, lookUp: lookUp, check: check}, nil
}

// place is where a sealed value stands: it opens nowhere else.
type place struct {
	table, column string
	id            app.ID
}

func (p place) associated() []byte {
	return []byte(p.table + "\x00" + p.column + "\x00" + string(p.id))
}

// seal returns the sealed form of plain; nil for nothing, which is NULL.
func (s *sealer) seal(at place, plain string) []byte {
	if plain == "" {
		return nil
	}
	box := make([]byte, 1+chacha20poly1305.NonceSizeX, 1+chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	box[0] = sealVersion
	rand.Read(box[1:]) // never fails (crypto/rand)
	return s.aead.Seal(box, box[1:], []byte(plain), at.associated())
}

// open returns what seal got; "" for NULL. Errors tell place, never content.
func (s *sealer) open(at place, box []byte) (string, error) {
	if len(box) == 0 {
		return "", nil
	}
	if len(box) < 1+chacha20poly1305.NonceSizeX || box[0] != sealVersion {
		return "", fmt.Errorf("%s.%s of %s: %w", at.table, at.column, at.id, errSealed)
	}
	nonce, sealed := box[1:1+chacha20poly1305.NonceSizeX], box[1+chacha20poly1305.NonceSizeX:]
	plain, err := s.aead.Open(nil, nonce, sealed, at.associated())
	if err != nil {
		return "", fmt.Errorf("%s.%s of %s: %w", at.table, at.column, at.id, errSealed)
	}
	return string(plain), nil
}

// Kinds of number that can be looked up: a kind means the same in every table.
const (
	lookUpSSIN   = "ssin"
	lookUpLimosa = "limosa"
	lookUpBirth  = "birth"
)

// lookup returns the keyed hash of a number; nil for nothing, which is NULL.
func (s *sealer) lookup(kind, plain string) []byte {
	if plain == "" {
		return nil
	}
	h := hmac.New(sha256.New, s.lookUp)
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write([]byte(plain))
	return h.Sum(nil)
}

// fits says that check is what this key makes.
func (s *sealer) fits(check []byte) bool { return hmac.Equal(s.check, check) }
