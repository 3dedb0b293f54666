package kittest

import (
	"testing"

	"klokkast/app/text"
	"klokkast/app/text/texttest"
)

func Catalogue(t *testing.T) *text.Catalogue {
	t.Helper()
	return texttest.Catalogue(t)
}
