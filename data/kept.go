package data

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

// What was derived may be kept in a file beside the database, from which the next run of
// the program goes on. It may be thrown away at any time and is never needed; the database is what counts.

// keptMagic begins the file: the way in which it is written.
const keptMagic = "klokkast cache 1\n"

// keptEnd is what stands behind what was kept: its length and a sum over all.
const keptEnd = 8 + 4

// KeptFileOf is where what was derived of a database is kept.
func KeptFileOf(path string) string { return path + ".cache" }

// Kept opens what was kept last, if it is whole: nil where nothing is, or where a byte of it is not as it was written.
func (s *Store) Kept() store.KeptFile {
	f, err := os.Open(KeptFileOf(s.path))
	if err != nil {
		return nil
	}
	size, err := wholeKept(f)
	if err != nil {
		f.Close()
		return nil
	}
	return &keptFile{io.NewSectionReader(f, int64(len(keptMagic)), size), f}
}

type keptFile struct {
	*io.SectionReader
	f *os.File
}

// Close implements store.KeptFile.
func (k *keptFile) Close() error { return k.f.Close() }

// errKept says that a cache is not as it was written.
var errKept = errors.New("not as it was written")

// wholeKept compares a file with its sum, and returns how much stands between its ends.
func wholeKept(f *os.File) (size int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	size = info.Size() - int64(len(keptMagic)) - keptEnd
	if size < 0 || !info.Mode().IsRegular() {
		return 0, errKept
	}
	sum, begin := crc32.New(crc32.MakeTable(crc32.Castagnoli)), make([]byte, len(keptMagic))
	if _, err := io.ReadFull(f, begin); err != nil || string(begin) != keptMagic {
		return 0, errKept
	}
	const piece = 1 << 20
	if _, err := io.CopyBuffer(struct{ io.Writer }{sum}, io.LimitReader(f, size), make([]byte, piece)); err != nil {
		return 0, err
	}
	end := make([]byte, keptEnd)
	if _, err := io.ReadFull(f, end); err != nil || binary.LittleEndian.Uint64(end) != uint64(size) {
		return 0, errKept
	}
	sum.Write(end[:8])
	if binary.LittleEndian.Uint32(end[8:]) != sum.Sum32() {
		return 0, errKept
	}
	return size, nil
}

// Keep replaces what is kept by what write writes. Another program on the same database may do so at
// the same time: one of both stays, whole.
func (s *Store) Keep(write func(io.Writer) error) (err error) {
	path := KeptFileOf(s.path)
	forgetUnfinished(path)
	f, err := os.OpenFile(path+"."+s.run, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("keep what was derived: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			err = fmt.Errorf("keep what was derived: %w", errors.Join(err, os.Remove(f.Name())))
		}
	}()
	out := bufio.NewWriterSize(f, 1<<20)
	if _, err = out.WriteString(keptMagic); err != nil {
		return err
	}
	sum := &summed{w: out, sum: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
	if err = write(sum); err != nil {
		return err
	}
	end := binary.LittleEndian.AppendUint64(nil, uint64(sum.n))
	if _, err = sum.Write(end); err != nil {
		return err
	}
	_, err = out.Write(binary.LittleEndian.AppendUint32(nil, sum.sum.Sum32()))
	if err = errors.Join(err, out.Flush(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// forgetUnfinished removes what programs left behind that ended while they wrote.
func forgetUnfinished(path string) {
	left, _ := filepath.Glob(path + ".*") // the pattern is well formed
	for _, f := range left {
		if info, err := os.Stat(f); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(f) // the next one tries again
		}
	}
}

// summed counts and sums what goes through it.
type summed struct {
	w   io.Writer
	sum interface {
		io.Writer
		Sum32() uint32
	}
	n int64
}

func (s *summed) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.n += int64(n)
	s.sum.Write(b[:n]) //nolint:errcheck // a hash never fails
	return n, err
}

// Veil hides a text behind a hash with the database's key: the same for the same text.
func (s *Store) Veil(text string) string {
	const enough = 16
	return hex.EncodeToString(s.seal.lookup("kept", text)[:enough])
}

// Shown returns every identifier that was ever shown to a box.
func (s *Store) Shown(ctx context.Context) (list []app.IdentifierKey, err error) {
	err = s.read(ctx, "read what was shown", func(tx *sqlx.Tx) error {
		words, err := punchWordsIn(ctx, tx)
		for _, k := range words.shown {
			list = append(list, k)
		}
		return err
	})
	return list, err
}

// ReadingsUntil returns the readings that a state of the database knows, in the order of their beginning, as
// they are now; and false where the database is none that came from that state.
func (s *Store) ReadingsUntil(ctx context.Context, since store.Since) (list []app.Reading, ok bool, err error) {
	err = s.read(ctx, "read readings", func(tx *sqlx.Tx) error {
		var id app.ID
		if since.Last > 0 {
			switch err := tx.GetContext(ctx, &id, `SELECT id FROM reading WHERE number = ?`, since.Last); {
			case errors.Is(err, sql.ErrNoRows):
				return nil
			case err != nil:
				return err
			}
		}
		if ok = id == since.LastID; !ok {
			return nil
		}
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		list, err = manyReadings(ctx, tx, logs, ` WHERE number <= ? ORDER BY number`, since.Last)
		return err
	})
	return list, ok, err
}
