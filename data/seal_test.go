package data

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"testing"
)

func TestPlainNumbersAreNowhereInTheFiles(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	look := func(when string) {
		for _, suffix := range []string{"", "-wal", "-shm", ".key"} {
			b, _ := os.ReadFile(s.Path() + suffix)
			for _, plain := range []string{v.worker.SSIN.Reveal(), v.worker.Limosa.Reveal(), "1985-07-30"} {
				bare := sha256.Sum256([]byte(plain))
				if bytes.Contains(b, []byte(plain)) || bytes.Contains(b, bare[:]) {
					t.Errorf("%s: %s or its bare hash is in klokkast.db%s", when, plain, suffix)
				}
			}
		}
	}
	look("in the write-ahead log")
	must(t, s.settle(t.Context()))
	look("in the database")
	b, _ := os.ReadFile(s.Path())
	if !bytes.Contains(b, []byte("Öztürk")) {
		t.Error("the name is not in there either: this test looks at the wrong file")
	}
}

func TestSealOpensOnlyInItsPlace(t *testing.T) {
	s, err := newSealer(bytes.Repeat([]byte{7}, keyBytes), "installation")
	must(t, err)
	at := place{"worker", "ssin", "a"}
	box := s.seal(at, "85073003328")
	if plain, err := s.open(at, box); err != nil || plain != "85073003328" {
		t.Fatalf("opened %q: %v", plain, err)
	}
	if bytes.Equal(box, s.seal(at, "85073003328")) {
		t.Error("sealed twice alike")
	}
	for _, elsewhere := range []place{{"worker", "ssin", "b"}, {"worker", "limosa", "a"}, {"registration", "ssin", "a"}} {
		if _, err := s.open(elsewhere, box); !errors.Is(err, errSealed) {
			t.Errorf("opens in %v", elsewhere)
		}
	}
	for i := range box {
		forged := bytes.Clone(box)
		forged[i] ^= 1
		if _, err := s.open(at, forged); !errors.Is(err, errSealed) {
			t.Errorf("opens with byte %d changed", i)
		}
	}
	for _, short := range [][]byte{{1}, box[:24], box[:30]} {
		if _, err := s.open(at, short); !errors.Is(err, errSealed) {
			t.Errorf("%d bytes open", len(short))
		}
	}
	other, _ := newSealer(bytes.Repeat([]byte{8}, keyBytes), "installation")
	if _, err := other.open(at, box); err == nil || other.fits(s.check) || bytes.Equal(other.lookup("ssin", "1"), s.lookup("ssin", "1")) {
		t.Error("another key does the same")
	}
	if bytes.Equal(s.lookup("ssin", "1"), s.lookup("limosa", "1")) || !bytes.Equal(s.lookup("ssin", "1"), s.lookup("ssin", "1")) {
		t.Error("look-ups are not by kind and number")
	}
	if s.seal(at, "") != nil || s.lookup("ssin", "") != nil {
		t.Error("nothing is sealed as something")
	}
}
