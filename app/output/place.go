package output

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// besides returns the endings of what stands beside a database: what SQLite keeps
// there (https://sqlite.org/tempfiles.html) and the key of the sealed fields.
func besides() [4]string { return [...]string{"-wal", "-shm", "-journal", ".key"} }

// survey is one look at the disk, for one or many paths.
type survey struct {
	own        []spot          // what the program lives on, there or not
	folderSeen map[string]bool // whether a folder on the way is precious
}

// spot is a place past all links.
type spot struct {
	path string
	info os.FileInfo // nil where nothing is
}

func spotAt(path string) spot {
	real, _ := resolve(path)
	s := spot{path: real}
	if info, err := os.Stat(path); err == nil { // not real: links of /proc are more than their text
		s.info = info
	}
	return s
}

// is says that two paths lead to the same place, whether something is there or not.
func (s spot) is(other spot) bool {
	switch {
	case s.info != nil && other.info != nil:
		return os.SameFile(s.info, other.info)
	case s.info != nil || other.info != nil:
		return false
	case isRoot(s.path) || isRoot(other.path):
		return s.path == other.path
	}
	// File systems may know a name by other letters, once it is there.
	return folded(filepath.Base(s.path)) == folded(filepath.Base(other.path)) && spotAt(filepath.Dir(s.path)).is(spotAt(filepath.Dir(other.path)))
}

func isRoot(path string) bool { return filepath.Dir(path) == path }

func folded(name string) string {
	return norm.NFC.String(cases.Fold().String(strings.TrimRight(name, ". "))) // Windows drops them
}

func (g *Guard) survey() *survey {
	v := &survey{folderSeen: map[string]bool{}}
	for _, folder := range g.Own.Folders {
		v.own = append(v.own, spotAt(folder))
	}
	for _, database := range g.Own.Databases {
		real, _ := resolve(database)
		for _, d := range []string{database, real} { // SQLite works beside the one, the key may stand beside the other
			v.own = append(v.own, spotAt(d))
			for _, b := range besides() {
				v.own = append(v.own, spotAt(d+b))
			}
		}
	}
	return v
}

// final returns the file that a path leads to, past all links, where it may be written.
func (v *survey) final(path string, ending Ending) (string, error) {
	if err := v.spares(path); err != nil {
		return "", err
	}
	if isFolder(path) {
		return "", &Error{Problem: FileWanted, Path: path, Ending: ending}
	}
	real, nowhere := resolve(path)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() || !filepath.IsLocal(filepath.Base(real)) {
		return "", &Error{Problem: Special, Path: path}
	}
	if nowhere {
		return "", &Error{Problem: LeadsNowhere, Path: path}
	}
	for _, p := range []string{path, real} {
		if !strings.EqualFold(filepath.Ext(p), string(ending)) {
			return "", &Error{Problem: OtherEnding, Path: path, Ending: ending}
		}
	}
	return real, parents(real)
}

// parents says that the folder of a file is one, or can become one.
func parents(file string) error {
	at, _ := resolve(file)
	for !isRoot(at) {
		at = filepath.Dir(at)
		info, err := os.Stat(at)
		switch {
		case err == nil && info.IsDir():
			return nil
		case err == nil:
			return &Error{Problem: NoFolder, Path: at}
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
			return failed("look for a folder", err)
		}
	}
	return nil
}

// spares says that neither a path nor a folder on the way to it is precious.
func (v *survey) spares(path string) error {
	if path == "" {
		return &Error{Problem: FileWanted}
	}
	at := spotAt(path)
	precious, err := v.precious(at)
	for ; err == nil && !precious && !isRoot(at.path); precious, err = v.preciousFolder(at) {
		at = spotAt(filepath.Dir(at.path))
	}
	if precious {
		return &Error{Problem: Precious, Path: path}
	}
	return err
}

// preciousFolder is precious for a folder on the way, which is looked at once.
func (v *survey) preciousFolder(at spot) (bool, error) {
	known, seen := v.folderSeen[at.path]
	if seen {
		return known, nil
	}
	precious, err := v.precious(at)
	if err == nil {
		v.folderSeen[at.path] = precious
	}
	return precious, err
}

// precious says that a file or folder, there already or not, must not be made, written or replaced.
func (v *survey) precious(at spot) (bool, error) {
	if slices.ContainsFunc(v.own, at.is) {
		return true, nil
	}
	for _, b := range besides() {
		stem := at.path[:max(0, len(at.path)-len(b))]
		if strings.EqualFold(at.path[len(stem):], b) && kindOf(stem) == aDatabase {
			return true, nil
		}
	}
	if at.info == nil || !at.info.Mode().IsRegular() {
		return false, nil
	}
	kind := kindOf(at.path)
	if kind == unreadable {
		return false, failed("look into a file that is there", fs.ErrPermission)
	}
	return kind != anything, nil
}

// maxLinks is how many links that lead nowhere are followed.
const maxLinks = 40

// resolve returns the absolute path of the place that a path leads to: every link
// on the way followed, as the system does it, and the names that are not there yet
// as they are. nowhere says that its last name is a link to what is not there.
func resolve(path string) (real string, nowhere bool) {
	if !filepath.IsAbs(path) {
		if here, err := os.Getwd(); err == nil {
			path = here + string(filepath.Separator) + path // not Join, which takes ".." as if there were no links
		}
	}
	return follow(path, 0)
}

func follow(path string, links int) (real string, nowhere bool) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, false
	}
	head, last := cut(path)
	if head == path || links > maxLinks {
		return filepath.Clean(path), true
	}
	if to, err := os.Readlink(strings.TrimRightFunc(path, isSeparator)); err == nil { // and what it names is not there
		if !filepath.IsAbs(to) {
			to = head + string(filepath.Separator) + to
		}
		real, _ = follow(to, links+1)
		return real, true
	}
	folder, _ := follow(head, links)
	return filepath.Join(folder, last), false
}

// isSeparator says that a sign stands between the names of a path on this system.
func isSeparator(sign rune) bool { return sign < utf8.RuneSelf && os.IsPathSeparator(uint8(sign)) }

// cut takes the last name off a path, which is neither cleaned nor looked at.
func cut(path string) (head, last string) {
	trimmed := strings.TrimRightFunc(path, isSeparator)
	i := strings.LastIndexFunc(trimmed, isSeparator)
	if volume := len(filepath.VolumeName(path)); i <= volume {
		root := path[:volume] + string(filepath.Separator)
		if len(trimmed) <= volume {
			return path, ""
		}
		return root, strings.TrimLeftFunc(trimmed[volume:], isSeparator)
	}
	return trimmed[:i], trimmed[i+1:]
}

// isFolder says that a path is a folder, or is written like one.
func isFolder(path string) bool {
	if strings.TrimRightFunc(path, isSeparator) != path {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// longestEnding is how long what counts as an ending is, with its dot.
const longestEnding = 6

// endingOf returns what a name says that it is, "" where it says nothing: 2026.10
// has no ending, and jan.janssens has none.
func endingOf(path string) string {
	e := filepath.Ext(path)
	isLetter := func(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
	isOther := func(c rune) bool { return c != '.' && !isLetter(c) && (c < '0' || c > '9') }
	if len(e) > longestEnding || strings.IndexFunc(e, isLetter) < 0 || strings.IndexFunc(e, isOther) >= 0 {
		return ""
	}
	return e
}

// kind is what a file is by its first bytes.
type kind int

const (
	anything kind = iota
	aDatabase
	aLog // of a database: https://sqlite.org/fileformat2.html, "The Rollback Journal" and "WAL File Format"
	aKey
	unreadable
)

// keySize is how long a file of one key is at most: 64 bytes in hex, and a line's end.
const keySize = 2*64 + 2

// kindOf looks at the beginning of a regular file.
func kindOf(path string) kind {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return anything
	}
	f, err := os.Open(path)
	if err != nil {
		return unreadable
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return unreadable
	}
	return kindOfBytes(head[:n])
}

func kindOfBytes(head []byte) kind {
	has := func(mark string) bool { return bytes.HasPrefix(head, []byte(mark)) }
	switch {
	case has("SQLite format 3\x00"):
		return aDatabase
	case has("\x37\x7f\x06\x82"), has("\x37\x7f\x06\x83"), has("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"):
		return aLog
	case bytes.Contains(head, []byte("-----BEGIN ")) && bytes.Contains(head, []byte("PRIVATE KEY-----")):
		return aKey
	}
	const least = 16 // bytes
	text := bytes.TrimSpace(head)
	if _, err := hex.DecodeString(string(text)); err == nil && len(head) <= keySize && len(text) >= 2*least {
		return aKey
	}
	return anything
}

// isSpecial refuses what is neither a folder nor can become one.
func isSpecial(out string) error {
	info, err := os.Stat(out)
	switch {
	case err == nil && info.Mode().IsRegular():
		return &Error{Problem: NoFolder, Path: out}
	case err == nil:
		return &Error{Problem: Special, Path: out}
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
		return failed("look for a folder", err)
	}
	return nil
}
