package machine

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAMissingIdentityIsNone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "machine-id")
	for _, content := range []string{"", "\n", "uninitialized\n"} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if id, err := firstOf(file, filepath.Join(dir, "none")); id != "" || err != nil {
			t.Errorf("%q: %q, %v", content, id, err)
		}
	}
	if err := os.WriteFile(file, []byte("0123456789abcdef0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if id, err := firstOf(filepath.Join(dir, "none"), file); id != "0123456789abcdef0123456789abcdef" || err != nil {
		t.Errorf("%q, %v", id, err)
	}
}
