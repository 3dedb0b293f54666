package host

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"klokkast/devices/ocb"
)

// Keys keeps the pairing keys of this installation, one per box. Implementations: the operating
// system's key store, or Folder where there is none.
type Keys interface {
	// Key returns the key of a box (its uid in hex); nil without error when there is none.
	Key(box string) ([]byte, error)
	// Save keeps a key; nil forgets it.
	Save(box string, key []byte) error
}

// MemoryKeys keeps keys until the program ends: for demos and tests.
type MemoryKeys struct {
	mu sync.Mutex
	m  map[string][]byte
}

// Key returns the key of a box.
func (k *MemoryKeys) Key(box string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.m[box], nil
}

// Save keeps a key.
func (k *MemoryKeys) Save(box string, key []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.m == nil {
		k.m = map[string][]byte{}
	}
	k.m[box] = key
	return nil
}

// Folder keeps keys as files of their own, readable by their owner only.
type Folder string

func (f Folder) path(box string) (string, error) {
	if _, err := ocb.ParseUID(box); err != nil || strings.Contains(box, "-") {
		return "", fmt.Errorf("pairing key: box uid: %w", errUID)
	}
	return filepath.Join(string(f), box+".key"), nil
}

var errUID = errors.New("want 32 hex digits")

// Key reads the key of a box.
func (f Folder) Key(box string) ([]byte, error) {
	path, err := f.path(box)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read pairing key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, errors.New("read pairing key: the file is damaged")
	}
	return key, nil
}

// Save writes the key of a box.
func (f Folder) Save(box string, key []byte) error {
	path, err := f.path(box)
	if err != nil {
		return err
	}
	if key == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("forget pairing key: %w", err)
		}
		return nil
	}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return fmt.Errorf("keep pairing key: %w", err)
	}
	if err := os.WriteFile(path+".new", []byte(hex.EncodeToString(key)+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep pairing key: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("keep pairing key: %w", err)
	}
	return nil
}
