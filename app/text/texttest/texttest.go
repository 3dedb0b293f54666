// Package texttest gives tests the program's own texts, read once per test
// binary: reading them takes longer than most tests.
package texttest

import (
	"sync"
	"testing"

	"klokkast/app/text"
	"klokkast/assets"
)

var load = sync.OnceValues(func() (*text.Catalogue, error) { return text.Load(assets.Translations()) })

// Catalogue is what the program speaks, in its four languages.
func Catalogue(t testing.TB) *text.Catalogue {
	t.Helper()
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}
