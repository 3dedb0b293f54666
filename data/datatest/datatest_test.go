package datatest_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"klokkast/app"
	"klokkast/data"
	"klokkast/data/datatest"
)

func installation(t testing.TB, path string) app.Installation {
	t.Helper()
	s, err := data.Open(t.Context(), path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	own, err := s.Installation(t.Context())
	if found, e := s.Verify(t.Context(), nil); e != nil || len(found) > 0 {
		t.Errorf("verify: %v, %v", found, e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// A copy becomes a database of its own: its installation and its key are nobody else's.
func TestACopyIsADatabaseOfItsOwn(t *testing.T) {
	blank := datatest.Template{Make: data.Blank}
	one, two := blank.New(t), blank.New(t)
	a, b := installation(t, one), installation(t, two)
	if a.ID == "" || a.ID == b.ID || a.Sends {
		t.Errorf("installations %+v and %+v", a, b)
	}
	if again := installation(t, one); again.ID != a.ID {
		t.Errorf("opened again it is %s, not %s", again.ID, a.ID)
	}
}

// What Blank cannot make it does not leave half made for another to open.
func TestBlankOverADatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "there.db")
	own := installation(t, path)
	if err := data.Blank(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	if installation(t, path).ID != own.ID {
		t.Error("changed")
	}
}

func BenchmarkOpenNew(b *testing.B) {
	blank := datatest.Template{Make: data.Blank}
	for name, path := range map[string]func(testing.TB) string{
		"migrated": func(t testing.TB) string { return filepath.Join(t.TempDir(), "klokkast.db") },
		"copied":   blank.New,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, err := data.Open(b.Context(), path(b), data.Options{Demo: true})
				if err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
	}
}
