// Package data keeps everything in one SQLite file: modernc.org/sqlite through
// sqlx, one file of code per kind of thing, its test beside it.
//
// It satisfies the stores that app and its sub-packages declare. Only this
// package knows SQL. Every changing method is one transaction and appends the
// act of the person who asked for it to the trail in that same transaction.
// Records of boxes are immutable: the database itself refuses to change them.
// Personal numbers exist only sealed (see sealer). docs/data.md tells the whole.
package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"klokkast/app"
	"klokkast/app/store"
)

// busyMilliseconds is how long a connection waits for another process that writes.
const busyMilliseconds = 10_000

// readers is the size of the reading pool: a window loads a few pages at once,
// and one connection watches for changes (Mark).
const readers = 5

// Options say how a database is opened.
type Options struct {
	// Demo makes a new database a demo database, for life. Opening an existing
	// database that is not one is refused then.
	Demo bool
	// InstallationName names a new installation; "" takes the computer's name.
	InstallationName string
	// KeyStore keeps the key of the sealed fields. nil: the operating system's
	// key store, or, in a demo, the file beside the database.
	KeyStore KeyStore
	// Decode reads a raw record of an Open Clock Box. With it, Verify compares
	// what was decoded at storing with what the records say; nil leaves that out.
	Decode func(log app.LogKey, raw []byte) (app.Record, error)
	// Check looks for damage in the file before anything in it is changed, for a
	// second at most.
	Check bool
	// Witness is the folder that remembers outside the database what was last sent
	// from it, so that one that was restored or copied does not send twice; ""
	// for databases that send to a simulator only.
	Witness string
	// Machine tells this computer from others; nil: nothing does.
	Machine Machine
	// Now is the clock; nil takes time.Now. It dates the installation, kept
	// copies and acts that come without a time.
	Now func() time.Time
	// Before is called ahead of every statement, and with "" ahead of every transaction,
	// on the goroutine of who asks; an error of it refuses them. nil is nobody. Tests find
	// by it what asks the database where nothing may take long, how it finds what is asked
	// for, and what comes of a database that answers late or not at all.
	Before func(ctx context.Context, statement string) error
}

// Store is one open database. It is safe for use by several goroutines: one
// connection writes, a pool of others reads, and neither waits for the other.
type Store struct {
	path     string
	w, r     *sqlx.DB
	seal     *sealer
	keys     []KeyStore // where the key may be
	keyWhere string
	own      app.ID // this file's installation
	witness  *witness
	machine  string // a keyed hash of this computer's identity; "" where it is not known
	run      string // this run of the program: a random mark
	decode   func(app.LogKey, []byte) (app.Record, error)
	now      func() time.Time
	tx       *sqlx.Tx // set within Together: every write is part of it
	marker   *marker
}

// Open opens the database at path, or makes it (folder 0700, files 0600),
// brings its tables up to date and finds the key of its sealed fields. What an
// older version of the program left is kept as a copy beside it before it is
// changed. Errors that a person can do something about are of type *Error.
// An opening that fails leaves nothing that was not there before.
func Open(ctx context.Context, path string, o Options) (_ *Store, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	made, err := prepareFile(path)
	defer func() {
		if err != nil {
			made.undo()
		}
	}()
	if err != nil {
		return nil, err
	}
	version, err := inspect(ctx, path, o.Check, made.file != nil)
	if err != nil {
		return nil, err
	}
	if err = restrictFile(path); err != nil {
		return nil, err
	}
	run, err := app.NewID()
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, decode: o.Decode, now: o.Now, marker: &marker{}, run: string(run)}
	if err = s.connect(o.Before); err != nil {
		return nil, err
	}
	if err = s.start(ctx, version, o); err == nil {
		err = made.still(path)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// start does what must be done once per opening, on open connections.
func (s *Store) start(ctx context.Context, version int64, o Options) error {
	if err := s.logAhead(ctx); err != nil {
		return s.explain(err)
	}
	if err := s.migrate(ctx, version); err != nil {
		return s.explain(err)
	}
	if err := s.identify(ctx, o); err != nil {
		return s.explain(err)
	}
	return nil
}

// logAhead switches a new file to write-ahead logging. SQLite does not wait for
// another process that does so at the same moment, as it does everywhere else.
func (s *Store) logAhead(ctx context.Context) error {
	until := time.Now().Add(busyMilliseconds * time.Millisecond)
	for {
		_, err := s.w.ExecContext(ctx, `PRAGMA journal_mode(WAL)`)
		var e *Error
		if err == nil || !errors.As(s.explain(err), &e) || e.Kind != ErrBusy || time.Now().After(until) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// connect opens the two pools. The writing one has a single connection, which
// takes the write lock when a transaction begins: no transaction can fail
// half-way because another one wrote in between.
func (s *Store) connect(before func(context.Context, string) error) error {
	w, err := connectTo(dsn(s.path, url.Values{
		"_txlock": {"immediate"},
		"mode":    {"rw"},
		"_pragma": append(commonPragmas(),
			"synchronous(FULL)",     // what is acknowledged to a box is on disk
			"recursive_triggers(1)", // else OR REPLACE deletes without asking the triggers
			"cache_size(-32768)",    // KiB: a large batch stays in memory until its commit
			"secure_delete(1)",      // what was erased does not linger in free pages
		),
	}), before)
	if err != nil {
		return fmt.Errorf("open database for writing: %w", err)
	}
	w.SetMaxOpenConns(1)
	r, err := connectTo(dsn(s.path, url.Values{
		"mode":    {"rw"},
		"_pragma": append(commonPragmas(), "query_only(1)"),
	}), before)
	if err != nil {
		w.Close()
		return fmt.Errorf("open database for reading: %w", err)
	}
	r.SetMaxOpenConns(readers)
	r.SetMaxIdleConns(readers)
	s.w, s.r = w, r
	return nil
}

func commonPragmas() []string {
	return []string{"busy_timeout(" + strconv.Itoa(busyMilliseconds) + ")", "foreign_keys(1)", "trusted_schema(0)"}
}

// dsn names the file as a URI. Put together by hand it would open another file
// for names with #, ? or %.
func dsn(path string, q url.Values) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" && path[0] != '/' {
		path = "/" + path // file:/C:/...
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}
	return u.String()
}

// Close ends all connections; the write-ahead log is written back into the file.
func (s *Store) Close() error {
	s.marker.close()
	err := s.r.Close()
	if e := s.w.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Path is where the database file is.
func (s *Store) Path() string { return s.path }

// KeyWhere says where the key of the sealed fields is kept: keystore or file.
func (s *Store) KeyWhere() string { return s.keyWhere }

// write runs fn in one transaction that holds the write lock from its start.
// When it returns without error, the change is on disk. doing says what was
// being done, for errors.
func (s *Store) write(ctx context.Context, doing string, fn func(tx *sqlx.Tx) error) error {
	if s.tx != nil {
		if err := fn(s.tx); err != nil {
			return fmt.Errorf("%s: %w", doing, s.explain(cancelled(ctx, err)))
		}
		return nil
	}
	tx, err := s.w.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: begin: %w", doing, s.explain(cancelled(ctx, err)))
	}
	if err := fn(tx); err != nil {
		tx.Rollback() // the first error is the one that says what happened
		return fmt.Errorf("%s: %w", doing, s.explain(cancelled(ctx, err)))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: commit: %w", doing, s.explain(cancelled(ctx, err)))
	}
	return nil
}

// Together makes several changes one transaction: all of them, or none. What is
// read meanwhile is the state before it.
func (s *Store) Together(ctx context.Context, doing string, fn func(store.Changes) error) error {
	return s.write(ctx, doing, func(tx *sqlx.Tx) error {
		within := *s
		within.tx = tx
		return fn(&within)
	})
}

// read runs fn on one state of the database, whatever is written meanwhile.
func (s *Store) read(ctx context.Context, doing string, fn func(tx *sqlx.Tx) error) error {
	tx, err := s.r.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("%s: begin: %w", doing, s.explain(err))
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return fmt.Errorf("%s: %w", doing, s.explain(cancelled(ctx, err)))
	}
	return nil
}

// list reads all rows of a query into values, by a row type that knows its columns.
func list[Row, T any](ctx context.Context, s *Store, doing string, convert func(Row) (T, error), query string, args ...any) ([]T, error) {
	out, err := listIn(ctx, s.r, convert, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, s.explain(err))
	}
	return out, nil
}

// listIn is list within a transaction.
func listIn[Row, T any](ctx context.Context, q sqlx.QueryerContext, convert func(Row) (T, error), query string, args ...any) ([]T, error) {
	var rows []Row
	if err := sqlx.SelectContext(ctx, q, &rows, query, args...); err != nil {
		return nil, err
	}
	out := make([]T, 0, len(rows))
	for _, row := range rows {
		v, err := convert(row)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// newFile is what was made for a new database before SQLite opened it.
type newFile struct {
	folders []string    // the innermost first
	file    os.FileInfo // nil where the file was there before
	path    string
}

// prepareFile makes the folder and an empty file that only its owner may read.
func prepareFile(path string) (made newFile, err error) {
	made.path = path
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); !os.IsNotExist(err) {
			break
		}
		made.folders = append(made.folders, dir)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return made, &Error{Kind: kindOfMaking(err), Path: filepath.Dir(path), Err: err}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if os.IsExist(err) {
		return made, nil
	}
	if err != nil {
		return made, &Error{Kind: kindOfMaking(err), Path: filepath.Dir(path), Err: err}
	}
	defer f.Close()
	made.file, err = f.Stat()
	return made, err
}

// kindOfMaking tells a full disk from a folder in which nothing may be made.
func kindOfMaking(err error) ErrorKind {
	if errors.Is(err, syscall.ENOSPC) {
		return ErrFull
	}
	return ErrFolder
}

// undo takes away what a failed opening made: the file as long as it belongs to
// nobody, folders as long as nothing is in them. A key stays: another process
// may be using it for the same new file.
func (m newFile) undo() {
	if m.file != nil {
		if now, err := os.Lstat(m.path); err == nil && os.SameFile(now, m.file) && (now.Size() == 0 || nobodys(m.path)) {
			for _, p := range []string{m.path, m.path + "-wal", m.path + "-shm"} {
				_ = os.Remove(p) // left behind it does no harm
			}
		}
	}
	for _, dir := range m.folders {
		if os.Remove(dir) != nil {
			return
		}
	}
}

// nobodys says that a database has no installation yet, so that nothing was entered in it.
func nobodys(path string) bool {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"ro"}}))
	if err != nil {
		return false
	}
	defer db.Close()
	var n int
	err = db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE name = 'installation'`).Scan(&n)
	if err == nil && n > 0 {
		err = db.QueryRow(`SELECT count(*) FROM installation`).Scan(&n)
	}
	return err == nil && n == 0
}

// still says that the file that was opened is the one at path: another process
// that failed to open the same new file may have taken it away meanwhile.
func (m newFile) still(path string) error {
	now, err := os.Stat(path)
	if err != nil || m.file != nil && !os.SameFile(now, m.file) {
		return &Error{Kind: ErrBusy, Path: path, Err: err}
	}
	return nil
}

// restrictFile takes a database that came from elsewhere away from other
// users' eyes; SQLite gives -wal and -shm the mode of the database.
func restrictFile(path string) error {
	if runtime.GOOS == "windows" {
		return nil // the user's profile is private by its own lists
	}
	for _, p := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(p)
		if err != nil || info.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err := os.Chmod(p, info.Mode().Perm()&0o700); err != nil {
			return &Error{Kind: ErrReadOnly, Path: p, Err: err}
		}
	}
	return nil
}
