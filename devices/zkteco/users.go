package zkteco

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"klokkast/app/reading"
)

// User is a person as a terminal knows them: user.dat of a USB stick. The file
// holds their passwords in clear; those bytes are never looked at.
type User = reading.TerminalUser

// BadUser is a record that makes no sense; it is kept aside, never guessed at.
type BadUser struct {
	Record int
	Code   string // BadPIN
}

// Sizes of a record, of newer and older terminals.
const (
	userNew = 72
	userOld = 28
	// maxUsers bounds the file: terminals hold some 10,000 people.
	maxUsers = 65536
	// maxPrivilege: user 0, enroller 2, manager 6, administrator 14, and bit 0 for a disabled one.
	maxPrivilege = 15
)

// ErrNotUsers is a file that is no user.dat.
const ErrNotUsers FileError = "not-users"

// OpenUsers reads a user.dat.
func OpenUsers(path string) ([]User, []BadUser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open user file: %w", err)
	}
	defer f.Close()
	return ParseUsers(f)
}

// ParseUsers reads a user.dat. Which of the two record sizes it has is told by
// its length and, where both fit, by which of them gives sensible PINs; when
// that does not tell either, it is ErrNotUsers.
func ParseUsers(r io.Reader) ([]User, []BadUser, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxUsers*userNew+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read user file: %w", err)
	}
	if len(b) == 0 || len(b) > maxUsers*userNew {
		return nil, nil, ErrNotUsers
	}
	var best []User
	var bestBad []BadUser
	fits := 0
	for _, size := range []int{userNew, userOld} {
		if len(b)%size != 0 {
			continue
		}
		users, bad := users(b, size)
		if len(users) <= len(bad) {
			continue
		}
		switch {
		case fits == 0 || len(bad) < len(bestBad):
			best, bestBad, fits = users, bad, 1
		case len(bad) == len(bestBad):
			fits++
		}
	}
	if fits != 1 {
		return nil, nil, ErrNotUsers
	}
	return best, bestBad, nil
}

func users(b []byte, size int) (out []User, bad []BadUser) {
	read := newUser
	if size == userOld {
		read = oldUser
	}
	for n := 1; len(b) >= size; n, b = n+1, b[size:] {
		u, ok := read(b[:size])
		if !ok {
			bad = append(bad, BadUser{n, BadPIN})
			continue
		}
		u.Record = n
		out = append(out, u)
	}
	return out, bad
}

// newUser: 0 id u16 · 2 privilege · 3 password 8 (left alone) · 11 name 24 · 35 card u32 · 39 group · 40 zones 8 · 48 PIN 24.
func newUser(b []byte) (User, bool) {
	pin := text(b[48:72])
	if b[2] > maxPrivilege || !plain(pin, 24) {
		return User{}, false
	}
	return User{PIN: trimZeros(pin), Name: name(b[11:35]), Card: uint64(binary.LittleEndian.Uint32(b[35:]))}, true
}

// oldUser: 0 id u16 · 2 privilege · 3 password 5 (left alone) · 8 name 8 · 16 card 5 · 21 group · 22 zones u16 · 24 PIN u32.
func oldUser(b []byte) (User, bool) {
	pin := binary.LittleEndian.Uint32(b[24:])
	if b[2] > maxPrivilege || pin == 0 || pin > 999_999_999 { // nine digits are all that such a terminal takes
		return User{}, false
	}
	card := uint64(binary.LittleEndian.Uint32(b[16:])) | uint64(b[20])<<32
	return User{PIN: strconv.FormatUint(uint64(pin), 10), Name: name(b[8:16]), Card: card}, true
}

// text returns a field up to its first zero.
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}

// name returns a field for people: UTF-8, or else the usual code page of Windows.
// A field that was cut within a character loses that character only.
func name(field []byte) string {
	s := text(field)
	if cut := []byte(s); !utf8.ValidString(s) {
		for i := 1; i < utf8.UTFMax && i < len(cut); i++ {
			if head := cut[:len(cut)-i]; len(s) >= len(field)-1 && utf8.Valid(head) && utf8.RuneStart(cut[len(head)]) && cut[len(head)] >= 0xC0 &&
				i < runeLength(cut[len(head)]) {
				return clean(string(head))
			}
		}
		out, err := charmap.Windows1252.NewDecoder().Bytes(cut)
		if err != nil {
			return clean(strings.ToValidUTF8(s, ""))
		}
		s = string(out)
	}
	return clean(s)
}

// runeLength is how many bytes a character with this first byte has.
func runeLength(first byte) int {
	switch {
	case first >= 0xF0:
		return 4
	case first >= 0xE0:
		return 3
	}
	return 2
}

func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s))
}
