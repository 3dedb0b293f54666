package data

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// keyBytes is the length of the key of the sealed fields.
const keyBytes = 32

// ErrNoKey says that a key store works and holds no key of that name.
var ErrNoKey = errors.New("no such key")

// KeyStore keeps the key of the sealed fields outside the database, so that a
// copied database file alone tells no personal number.
type KeyStore interface {
	// Key returns the key kept under name; ErrNoKey where there is none, another
	// error where the store cannot be asked.
	Key(ctx context.Context, name string) ([]byte, error)
	// Keep puts the key there for good.
	Keep(ctx context.Context, name string, key []byte) error
	// Where is keystore or file, for the person who wonders.
	Where() string
}

// KeyFileOf is the path of the key file of the database at path.
func KeyFileOf(path string) string { return path + ".key" }

// systemKeys is the operating system's key store.
type systemKeys struct{ limit time.Duration }

// keyService is the name under which this program's keys stand in a key store.
const keyService = "klokkast"

// keyStoreLimit bounds one question to the key store: long enough for a person
// to type the password of a locked one, and not for ever on a machine whose
// message bus does not answer.
const keyStoreLimit = 60 * time.Second

// SystemKeys returns the key store of the operating system: Credential Manager,
// Keychain, or the Secret Service.
func SystemKeys() KeyStore { return systemKeys{keyStoreLimit} }

func (systemKeys) Where() string { return "keystore" }

func (k systemKeys) Key(ctx context.Context, name string) ([]byte, error) {
	text, err := limited(ctx, k.limit, func() (string, error) { return keyring.Get(keyService, name) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, ErrNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("ask the key store: %w", err)
	}
	return decodeKey(text)
}

func (k systemKeys) Keep(ctx context.Context, name string, key []byte) error {
	_, err := limited(ctx, k.limit, func() (string, error) {
		return "", keyring.Set(keyService, name, hex.EncodeToString(key))
	})
	if err != nil {
		return fmt.Errorf("keep a key in the key store: %w", err)
	}
	return nil
}

// limited runs ask in a goroutine of its own: the libraries of key stores know
// no time limit. One that never answers is abandoned.
func limited(ctx context.Context, limit time.Duration, ask func() (string, error)) (string, error) {
	if !busLikely() {
		return "", errors.New("no message bus in this session")
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := ask()
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// busLikely says that asking makes sense. Without a session bus the D-Bus
// library would start one (dbus-launch), in which no key store lives.
func busLikely() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return false
	}
	_, err := os.Stat(dir + "/bus")
	return err == nil
}

// fileKeys keeps one key in a file that only its owner may read.
type fileKeys struct{ path string }

// FileKeys keeps the key in the file at path, mode 0600.
func FileKeys(path string) KeyStore { return fileKeys{path} }

func (fileKeys) Where() string { return "file" }

func (k fileKeys) Key(context.Context, string) ([]byte, error) {
	b, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	return decodeKey(string(b))
}

// Keep never overwrites another key: without it, what it sealed is lost. The
// file appears whole or not at all.
func (k fileKeys) Keep(ctx context.Context, name string, key []byte) error {
	if _, err := os.Lstat(k.path); err == nil {
		return fmt.Errorf("write key file %s: %w", k.path, fs.ErrExist)
	}
	f, err := os.CreateTemp(filepath.Dir(k.path), ".klokkast-*.tmp") // 0600
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	defer os.Remove(f.Name()) // nothing there any more when all went well
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), k.path)
	}
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	return nil
}

// errKeyForm says that something else than a key stands where a key should.
var errKeyForm = errors.New("not a key: want 64 hexadecimal digits")

func decodeKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keyBytes {
		return nil, errKeyForm
	}
	return key, nil
}

// newKey makes a key and keeps it in the first store that takes it and gives it
// back. A key that an earlier, interrupted start left is used again.
func newKey(ctx context.Context, name string, stores []KeyStore) (key []byte, where string, err error) {
	var problems []error
	for _, store := range stores {
		key, err := store.Key(ctx, name)
		if errors.Is(err, ErrNoKey) {
			key = make([]byte, keyBytes)
			rand.Read(key) // never fails (crypto/rand)
			if err = store.Keep(ctx, name, key); err == nil {
				key, err = store.Key(ctx, name)
			}
		}
		if err == nil {
			return key, store.Where(), nil
		}
		problems = append(problems, err)
	}
	return nil, "", errors.Join(problems...)
}

// findKey returns the first key that fits the database.
func findKey(ctx context.Context, name string, stores []KeyStore, fits func([]byte) bool) (key []byte, where string, kind ErrorKind, err error) {
	kind = ErrKeyMissing
	var problems []error
	for _, store := range stores {
		key, err := store.Key(ctx, name)
		switch {
		case err == nil && fits(key):
			return key, store.Where(), "", nil
		case err == nil || errors.Is(err, errKeyForm):
			kind = ErrKeyWrong
		case !errors.Is(err, ErrNoKey) && kind == ErrKeyMissing:
			kind = ErrKeyStore
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", store.Where(), err))
		}
	}
	return nil, "", kind, errors.Join(problems...)
}
