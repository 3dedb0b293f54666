package kittest

import (
	"testing"

	"klokkast/app/text"
	"klokkast/app/text/texttest"
)

// Catalogue is what the program speaks.
func Catalogue(t testing.TB) *text.Catalogue {
	t.Helper()
	return texttest.Catalogue(t)
}
