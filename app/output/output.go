// Package output is the one room that decides where a file goes that a person
// asks for, and that writes it: timesheets, papers, lists, the folder of a demo.
// Whatever else is on the disk is more precious than a paper that can be printed
// again, so a Guard says no, before anything is made, to
//
//   - what the program itself lives on: its databases, what SQLite keeps beside
//     them, the keys, the folder of the boxes' pairing keys, the memory of what
//     was sent. Whatever the path is spelt like (a link, "..", other letters, a
//     name that is not there yet), and whether or not replacing was asked for;
//   - any other SQLite database, any file that holds a key;
//   - what is no file: a folder, a device, a pipe, a link that leads nowhere;
//   - a name with another ending than its content has;
//   - a file that this program did not write, unless replacing it was asked for.
//
// "Did not write" is told by the bytes: the SHA-256 of every file written is
// remembered (Memory), so that a sheet that was signed, annotated or changed
// since counts as somebody else's, and one that is only printed anew does not.
//
// A file appears whole or not at all: it is written under a temporary name beside
// its place, onto the disk, and renamed.
package output

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Ending is that of a kind of file, with its dot, in small letters.
type Ending string

// The endings of what the program writes.
const (
	PDF  Ending = ".pdf"
	XLSX Ending = ".xlsx"
	CSV  Ending = ".csv"
)

// Own is what the program lives on, wherever the person keeps it. What is not
// there (yet) may be named too.
type Own struct {
	Databases []string // files; what SQLite and the program keep beside each is meant with it
	Folders   []string // with all that is in them
}

// Memory remembers which files the program wrote, by the SHA-256 of their bytes in hex.
type Memory interface {
	// Wrote says that a file with that hash was written.
	Wrote(ctx context.Context, hash string) (bool, error)
	// NoteWritten remembers one; noting it again changes nothing.
	NoteWritten(ctx context.Context, hash string) error
}

// Guard decides and writes. The zero Guard knows nothing of its own: it still
// spares what it recognises by content, and takes every file for somebody else's.
type Guard struct {
	Own    Own
	Memory Memory // nil remembers nothing
}

// Place returns the path of the file that out means: out itself where it has the
// ending of name, or a file called name in the folder out. A folder is what is
// one already, ends in a slash, or has no ending at all.
func (g *Guard) Place(out, name string) (string, error) {
	ending := Ending(filepath.Ext(name))
	if err := g.survey().spares(out); err != nil {
		return "", err
	}
	if isFolder(out) {
		return filepath.Join(out, name), nil
	}
	switch e := endingOf(out); {
	case strings.EqualFold(e, string(ending)):
		return out, nil
	case e != "":
		return "", &Error{Problem: OtherEnding, Path: out, Ending: ending}
	}
	if err := isSpecial(out); err != nil {
		return "", err
	}
	return filepath.Join(out, name), nil
}

// Folder checks a folder into which several files are to go. It is not made.
func (g *Guard) Folder(out string) error {
	if err := g.survey().spares(out); err != nil {
		return err
	}
	if !isFolder(out) && endingOf(out) != "" {
		if _, err := os.Stat(out); err != nil {
			return &Error{Problem: FolderWanted, Path: out}
		}
	}
	return parents(filepath.Join(out, "x"))
}

// Check says whether files may be written to these paths; the first thing that
// stands against any of them is the error. Files of others are counted, so that
// a person can be asked once about all of them. Nothing is made.
func (g *Guard) Check(ctx context.Context, replace bool, ending Ending, paths ...string) error {
	foreign, v := &Error{Problem: Foreign}, g.survey()
	for _, path := range paths {
		final, err := v.final(path, ending)
		if err != nil {
			return err
		}
		if replace {
			continue
		}
		ours, err := g.wrote(ctx, final)
		if err != nil {
			return err
		}
		if !ours {
			foreign.Paths = append(foreign.Paths, path)
		}
	}
	if len(foreign.Paths) > 0 {
		foreign.Path = foreign.Paths[0]
		return foreign
	}
	return nil
}

// Write writes one file, with the folders that it needs, for its owner alone. It
// gives the SHA-256 of its bytes in hex. Where anything fails, or stands against
// it, the path is as it was before. Errors hold no path in their Error: the name
// of a file may hold a person's.
func (g *Guard) Write(ctx context.Context, path string, replace bool, ending Ending, write func(io.Writer) error) (hash string, err error) {
	if err := g.Check(ctx, replace, ending, path); err != nil {
		return "", err
	}
	final, err := g.survey().final(path, ending) // through links, which stay
	if err != nil {
		return "", err
	}
	if err := makeFolder(filepath.Dir(final)); err != nil {
		return "", err
	}
	sum := sha256.New()
	temp, err := writeTemp(filepath.Dir(final), func(w io.Writer) error { return write(io.MultiWriter(w, sum)) })
	if err != nil {
		return "", err
	}
	defer os.Remove(temp) // nothing there any more when all went well
	// Making it may have taken minutes.
	if err := g.Check(ctx, replace, ending, path); err != nil {
		return "", err
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	if g.Memory != nil {
		// Also when someone cancels now: the file is whole. And where the database is
		// busy, a list of who is in a burning house still comes: it is only asked about the next time.
		_ = g.Memory.NoteWritten(context.WithoutCancel(ctx), hash)
	}
	if err := os.Rename(temp, final); err != nil {
		return "", failed("write a file", err)
	}
	return hash, nil
}

// makeFolder makes a folder, for its owner alone.
func makeFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return failed("make a folder", err)
	}
	return nil
}

// MakeFolder checks a folder as Folder does, and makes it.
func (g *Guard) MakeFolder(out string) error {
	if err := g.Folder(out); err != nil {
		return err
	}
	return makeFolder(out)
}

// Home checks a folder that something is to live in (a demo, a simulated box)
// and makes it: it is new, or empty, or holds one of the files by which its own
// earlier life is known. Nothing is ever put beside what somebody else keeps.
func (g *Guard) Home(folder string, signs ...string) error {
	if err := g.survey().spares(folder); err != nil {
		return err
	}
	if err := parents(filepath.Join(folder, "x")); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("look into a folder", err)
	}
	known := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Type().IsRegular() && slices.Contains(signs, e.Name()) })
	beside := func(database string) bool { return spotAt(folder).is(spotAt(filepath.Dir(database))) }
	if !known && slices.ContainsFunc(g.Own.Databases, beside) { // what lives there would take its name
		return &Error{Problem: Precious, Path: folder}
	}
	if !known && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !isRemnant(e.Name()) }) {
		return &Error{Problem: Occupied, Path: folder}
	}
	return makeFolder(folder)
}

// isRemnant says that a file is what a program leaves that is killed while it writes, or a disk's own.
func isRemnant(name string) bool {
	return name == "lost+found" || strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".new") || strings.HasPrefix(name, ".new-")
}

// writeTemp writes a file of a name of its own into a folder, onto the disk.
func writeTemp(folder string, write func(io.Writer) error) (path string, err error) {
	f, err := os.CreateTemp(folder, ".klokkast-*.tmp") // made with 0600
	if err != nil {
		return "", failed("make a file", err)
	}
	err = write(f)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(f.Name())
		return "", failed("write a file", err)
	}
	return f.Name(), nil
}

// wrote says that nothing is at a path, or what the program wrote.
func (g *Guard) wrote(ctx context.Context, path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if errors.Is(err, fs.ErrPermission) { // what cannot be read cannot be recognised
		return false, nil
	}
	if err != nil {
		return false, failed("look at a file", err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil || g.Memory == nil {
		return false, nil
	}
	ours, err := g.Memory.Wrote(ctx, hex.EncodeToString(sum.Sum(nil)))
	if err != nil {
		return false, fmt.Errorf("look whether a file was written here: %w", err)
	}
	return ours, nil
}
