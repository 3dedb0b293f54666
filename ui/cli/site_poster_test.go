package cli

import (
	"path/filepath"
	"testing"

	"klokkast/ui/officetest"
)

// A poster has the address that somebody copied from the NSSO, and none is ever made up.
func TestSitePoster(t *testing.T) {
	c := officetest.New(t)
	out := filepath.Join(t.TempDir(), "poster.pdf")
	if got := klokkast(t, c, nil, "--lang", "en", "site", "poster", "L1", "--out", out); got.code != ExitFailed {
		t.Errorf("without an address: exit code %d", got.code)
	} else {
		wantText(t, got.err, "The address of declaration 1Y1003SQ5VSSZ is missing: copy it from the NSSO")
	}
	for _, wrong := range []string{"www.example.be/x", "http://example.be/x", "https://me@example.be/x", "https://", "javascript:alert(1)"} {
		if got := klokkast(t, c, nil, "declaration", "add", "1Y1003SQ5VSSZ", "--self-address", wrong); got.code != ExitUsage && got.code != ExitFailed {
			t.Errorf("%s was taken for an address: %d", wrong, got.code)
		}
	}
	asked(t, c, "declaration add 1Y1003SQ5VSSZ --self-address https://ciao.example.be/q/1Y1003SQ5VSSZ?c=8f")
	want(t, asked(t, c, "declaration list"), map[string]any{"declarations.0.selfAddress": "https://ciao.example.be/q/1Y1003SQ5VSSZ?c=8f"})
	want(t, asked(t, c, "site poster L1 --languages nl,fr,de,en --out "+out), map[string]any{"languages.0": "nl", "languages.3": "en", "file": out})
	isPDF(t, out)
	if got := klokkast(t, c, nil, "site", "poster", "L1", "--languages", "nl,xx", "--out", out, "--force"); got.code != ExitUsage {
		t.Errorf("in a language that nobody speaks: %d", got.code)
	}
	asked(t, c, "declaration add 1Y1003SQ5VSSZ --to 2026-10-31")
	wantText(t, klokkast(t, c, nil, "--lang", "en", "site", "poster", "L1", "--out", out, "--force").err, "No declaration of works runs today")
}
