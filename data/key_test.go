package data

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"klokkast/app"
)

// memoryKeys is a key store for tests.
type memoryKeys struct {
	keys map[string][]byte
	err  error
}

func (m *memoryKeys) Where() string { return "keystore" }

func (m *memoryKeys) Key(_ context.Context, name string) ([]byte, error) {
	if m.err != nil {
		return nil, m.err
	}
	if k, ok := m.keys[name]; ok {
		return k, nil
	}
	return nil, ErrNoKey
}

func (m *memoryKeys) Keep(_ context.Context, name string, key []byte) error {
	if m.err == nil {
		m.keys[name] = key
	}
	return m.err
}

func TestKeyInAKeyStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klokkast.db")
	store := &memoryKeys{keys: map[string][]byte{}}
	o := testOptions(path)
	o.KeyStore = store
	s, err := Open(t.Context(), path, o)
	must(t, err)
	v := newStaff(t, s)
	id := get(t, s.Installation).ID
	if s.KeyWhere() != "keystore" || len(store.keys[string(id)]) != keyBytes {
		t.Errorf("key in %s: %d bytes", s.KeyWhere(), len(store.keys[string(id)]))
	}
	exported := filepath.Join(t.TempDir(), "kept.key")
	must(t, s.ExportKey(t.Context(), exported, did("key.export", "")))
	must(t, s.Close())

	open := func(o Options) error {
		s, err := Open(t.Context(), path, o)
		if err == nil {
			s.Close()
		}
		return err
	}
	good := store.keys[string(id)]
	store.keys[string(id)] = bytes.Repeat([]byte{9}, keyBytes)
	if err := open(o); kindOf(err) != ErrKeyWrong {
		t.Errorf("another key: %v", err)
	}
	delete(store.keys, string(id))
	if err := open(o); kindOf(err) != ErrKeyMissing {
		t.Errorf("no key: %v", err)
	}
	store.err = errors.New("locked")
	if err := open(o); kindOf(err) != ErrKeyStore {
		t.Errorf("a locked key store: %v", err)
	}
	store.err = nil
	store.keys[string(id)] = good
	must(t, open(o))

	// On another computer, with the exported key beside the database.
	must(t, os.Rename(exported, KeyFileOf(path)))
	s = openAt(t, path)
	same(t, get(t, s.Workers), []app.Worker{v.worker})
	if s.KeyWhere() != "file" {
		t.Errorf("key in %s", s.KeyWhere())
	}
}

func TestKeyFileThatIsNoKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "klokkast.db")
	must(t, openAt(t, path).Close())
	for _, content := range []string{"", "hello", strings.Repeat("0", 64)} {
		must(t, os.WriteFile(KeyFileOf(path), []byte(content), 0o600))
		if _, err := Open(t.Context(), path, testOptions(path)); kindOf(err) != ErrKeyWrong {
			t.Errorf("key %q: %v", content, err)
		}
	}
	must(t, os.Remove(KeyFileOf(path)))
	if _, err := Open(t.Context(), path, testOptions(path)); kindOf(err) != ErrKeyMissing {
		t.Errorf("no key file: %v", err)
	}
	if _, err := os.Stat(KeyFileOf(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a new key was made for an old database")
	}
}

func TestAKeyIsNeverOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "some.key")
	must(t, FileKeys(path).Keep(t.Context(), "", bytes.Repeat([]byte{1}, keyBytes)))
	if err := FileKeys(path).Keep(t.Context(), "", bytes.Repeat([]byte{2}, keyBytes)); err == nil {
		t.Error("overwritten")
	}
}

// Not even a key store that never answers keeps the program from starting.
func TestKeyStoreThatNeverAnswers(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	never := make(chan struct{})
	defer close(never)
	start := time.Now()
	_, err := limited(t.Context(), 20*time.Millisecond, func() (string, error) { <-never; return "", nil })
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
}

func TestSystemKeysFallBackToTheFile(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere") // the question is asked
	for _, works := range []bool{true, false} {
		if works {
			keyring.MockInit()
		} else {
			keyring.MockInitWithError(errors.New("no secret service"))
		}
		path := filepath.Join(t.TempDir(), "klokkast.db")
		where := ""
		for range 2 { // made, found again
			s, err := Open(t.Context(), path, Options{})
			must(t, err)
			where = s.KeyWhere()
			must(t, s.Close())
		}
		_, err := os.Stat(KeyFileOf(path))
		if works != (where == "keystore") || works != errors.Is(err, fs.ErrNotExist) {
			t.Errorf("key store works: %v; key in the %s; file: %v", works, where, err)
		}
	}
}
