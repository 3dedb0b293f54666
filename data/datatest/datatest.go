// Package datatest gives tests new databases that begin as copies of one file,
// made once per test binary. To bring a new database up to date takes longer
// than most tests, and ten times so under the race detector.
package datatest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Template is the database that others begin as copies of.
type Template struct {
	// Make makes the file, when the first copy is asked for: data.Blank. (This
	// package does not import data, so that data's own tests can use it.)
	Make func(ctx context.Context, path string) error

	once    sync.Once
	content []byte
	err     error
}

// New puts a copy into a folder of the test's own and gives its path.
func (m *Template) New(t testing.TB) string {
	t.Helper()
	m.once.Do(m.read)
	if m.err != nil {
		t.Fatal(m.err)
	}
	path := filepath.Join(t.TempDir(), "klokkast.db")
	if err := os.WriteFile(path, m.content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (m *Template) read() {
	dir, err := os.MkdirTemp("", "klokkast-template-*")
	if err != nil {
		m.err = err
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if m.err = m.Make(context.Background(), path); m.err == nil {
		m.content, m.err = os.ReadFile(path)
	}
}
