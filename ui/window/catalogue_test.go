package window

import (
	"testing"

	"klokkast/app/text"
	"klokkast/app/text/texttest"
)

func catalogue(t *testing.T) *text.Catalogue {
	t.Helper()
	return texttest.Catalogue(t)
}
