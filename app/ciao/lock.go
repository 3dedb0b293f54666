package ciao

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"klokkast/app"
)

// lockedPrefix begins what age encrypted (age-encryption.org/v1).
const lockedPrefix = "age-encryption.org/v1\n"

// ShortestPassphrase is the fewest characters of a passphrase that locks a key.
const ShortestPassphrase = 12

// LockWork is the logarithm of scrypt's cost: about a second, and 256 MiB, a guess.
const LockWork = 18

// Lock encrypts a key by a passphrase, for computers without a key store.
// Where the database and its key file are copied together, the passphrase is
// what still protects the key. work is the logarithm of what a guess costs, at
// most LockWork: less than that is for tests alone.
func (k PrivateKey) Lock(passphrase app.Secret, work int) (PrivateKey, error) {
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("lock the private key: %w", err)
	}
	recipient.SetWorkFactor(work)
	var locked bytes.Buffer
	w, err := age.Encrypt(&locked, recipient)
	if err == nil {
		_, err = w.Write(k)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("lock the private key: %w", err)
	}
	return locked.Bytes(), nil
}

// Locked says that the key lies encrypted by a passphrase and must be unlocked before it is used.
func (k PrivateKey) Locked() bool { return bytes.HasPrefix(k, []byte(lockedPrefix)) }

// Unlock returns the key that Lock got; ErrPassphrase where the passphrase is another.
func (k PrivateKey) Unlock(passphrase app.Secret) (PrivateKey, error) {
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, ErrPassphrase // an empty one
	}
	identity.SetMaxWorkFactor(LockWork)
	r, err := age.Decrypt(bytes.NewReader(k), identity)
	var other *age.NoIdentityMatchError
	if errors.As(err, &other) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("unlock the private key: %w", err)
	}
	key, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unlock the private key: %w", err)
	}
	return key, nil
}
