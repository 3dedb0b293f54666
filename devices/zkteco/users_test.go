package zkteco_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/devices/zkteco"
)

const secret = "82643915" // a password that must appear nowhere

func newRecord(pin, name string, card uint32) []byte {
	b := make([]byte, 72)
	binary.LittleEndian.PutUint16(b, 1)
	copy(b[3:11], secret)
	copy(b[11:35], name)
	binary.LittleEndian.PutUint32(b[35:], card)
	b[39] = 1
	copy(b[48:], pin)
	return b
}

func oldRecord(pin uint32, name string, card uint64) []byte {
	b := make([]byte, 28)
	binary.LittleEndian.PutUint16(b, 1)
	copy(b[3:8], secret)
	copy(b[8:16], name)
	binary.LittleEndian.PutUint32(b[16:], uint32(card))
	b[20] = byte(card >> 32)
	b[21] = 1
	binary.LittleEndian.PutUint32(b[24:], pin)
	return b
}

func TestUsers(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want []zkteco.User
		bad  int
	}{
		"72 bytes": {
			bytes.Join([][]byte{newRecord("0012", "Fatima", 4660466), newRecord("A7", "Zo\xeb", 0), newRecord("9", "Zoë", 0)}, nil),
			[]zkteco.User{{Record: 1, PIN: "12", Name: "Fatima", Card: 4660466}, {Record: 2, PIN: "A7", Name: "Zoë", Card: 0}, {Record: 3, PIN: "9", Name: "Zoë", Card: 0}}, 0,
		},
		"28 bytes": {
			bytes.Join([][]byte{oldRecord(12, "Fatima", 0x1200471CF2), oldRecord(13, "An\x00rest", 0)}, nil),
			[]zkteco.User{{Record: 1, PIN: "12", Name: "Fatima", Card: 0x1200471CF2}, {Record: 2, PIN: "13", Name: "An", Card: 0}}, 0,
		},
		"one of 72 makes no sense": {
			bytes.Join([][]byte{newRecord("1", "An", 0), newRecord("", "", 0), newRecord("3", "Bo", 0)}, nil),
			[]zkteco.User{{Record: 1, PIN: "1", Name: "An", Card: 0}, {Record: 3, PIN: "3", Name: "Bo", Card: 0}}, 1,
		},
		"seven of 72 are as long as eighteen of 28": {
			bytes.Repeat(newRecord("5", "An", 0), 7),
			[]zkteco.User{{Record: 1, PIN: "5", Name: "An", Card: 0}, {Record: 2, PIN: "5", Name: "An", Card: 0}, {Record: 3, PIN: "5", Name: "An", Card: 0}, {Record: 4, PIN: "5", Name: "An", Card: 0}, {Record: 5, PIN: "5", Name: "An", Card: 0}, {Record: 6, PIN: "5", Name: "An", Card: 0}, {Record: 7, PIN: "5", Name: "An", Card: 0}}, 0,
		},
		"hostile name":              {newRecord("5", "\x1b[31m=1+1\n", 0), []zkteco.User{{Record: 1, PIN: "5", Name: "[31m=1+1", Card: 0}}, 0},
		"a name cut in a character": {newRecord("5", strings.Repeat("a", 23)+"ë", 0), []zkteco.User{{Record: 1, PIN: "5", Name: strings.Repeat("a", 23), Card: 0}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, bad, err := zkteco.ParseUsers(bytes.NewReader(c.file))
			if err != nil || len(bad) != c.bad {
				t.Fatal(bad, err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	for name, file := range map[string][]byte{
		"empty": {}, "text": []byte(strings.Repeat("no users here ", 72)), "cut short": newRecord("1", "An", 0)[:71], "zeros": make([]byte, 504),
	} {
		if _, _, err := zkteco.ParseUsers(bytes.NewReader(file)); !errors.Is(err, zkteco.ErrNotUsers) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzUsers(f *testing.F) {
	f.Add(newRecord("12", "Fatima", 7))
	f.Add(oldRecord(12, "Fatima", 7))
	f.Fuzz(func(t *testing.T, b []byte) {
		users, bad, err := zkteco.ParseUsers(bytes.NewReader(b))
		if err == nil && len(users) <= len(bad) {
			t.Error("more nonsense than people")
		}
		if 28*(len(users)+len(bad)) > len(b) {
			t.Errorf("%d users and %d others in %d bytes", len(users), len(bad), len(b))
		}
		for _, u := range users {
			if u.PIN == "" || strings.ContainsAny(u.Name, "\x00\n\x1b") {
				t.Errorf("%q", u.Name)
			}
		}
	})
}
