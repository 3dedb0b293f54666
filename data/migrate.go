package data

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks this program's files in the SQLite header: "Klok".
const applicationID = 0x4B6C6F6B

// headerText begins every SQLite file that is not empty.
const headerText = "SQLite format 3\x00"

// inspect looks at a file before anything in it is changed and gives the
// version of its tables; 0 for a new one, which was made just now. Check looks for
// damage, too.
func inspect(ctx context.Context, path string, check, made bool) (version int64, err error) {
	empty, err := checkHeader(path)
	if err != nil || made {
		return 0, err
	}
	if empty {
		// The key is kept when the tables are there: what was in the file is gone.
		if _, err := os.Stat(KeyFileOf(path)); err == nil {
			return 0, &Error{Kind: ErrDamaged, Path: path}
		}
		return 0, nil
	}
	// A connection that may write moves the log that a crash left into the file when
	// it closes; one that may not leaves a log. A damaged file is to stay as it is.
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
		return inspectAs(ctx, "rw", path, check)
	}
	return inspectAs(ctx, "ro", path, check)
}

func inspectAs(ctx context.Context, mode, path string, check bool) (int64, error) {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {mode}, "_pragma": {"busy_timeout(10000)", "query_only(1)"}}))
	if err != nil {
		return 0, explain(path, err)
	}
	defer db.Close()
	version, err := inspectTables(ctx, db, path)
	if err == nil && check && version > 0 {
		err = findDamage(ctx, db, path)
	}
	return version, err
}

// checkTime is how long damage is looked for at a start: enough for the years of
// a company. Verify looks for as long as it takes.
const checkTime = time.Second

func findDamage(ctx context.Context, db *sql.DB, path string) error {
	within, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var found string
	err := db.QueryRowContext(within, `PRAGMA quick_check(1)`).Scan(&found)
	switch {
	case within.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("check database: %w", explain(path, err))
	case found != "ok":
		return &Error{Kind: ErrDamaged, Path: path, Err: errors.New(found)}
	}
	return nil
}

// checkHeader says whether the file is empty, and refuses what is no SQLite file.
func checkHeader(path string) (empty bool, err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return false, &Error{Kind: ErrIsFolder, Path: path}
	case err == nil && !info.Mode().IsRegular(): // a pipe would be waited for
		return false, &Error{Kind: ErrNotDatabase, Path: path}
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0) // SQLite itself would go on without the right to write
	if err != nil {
		return false, &Error{Kind: ErrReadOnly, Path: path, Err: err}
	}
	defer f.Close()
	head := make([]byte, len(headerText))
	n, err := io.ReadFull(f, head)
	if n == 0 && errors.Is(err, io.EOF) {
		return true, nil
	}
	if err != nil || string(head) != headerText {
		return false, &Error{Kind: ErrNotDatabase, Path: path, Err: err}
	}
	return false, nil
}

func inspectTables(ctx context.Context, db *sql.DB, path string) (int64, error) {
	var id, tables, versioned int64
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return 0, fmt.Errorf("open database: %w", explain(path, err))
	}
	err := db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version')
		FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).Scan(&tables, &versioned)
	if err != nil {
		return 0, fmt.Errorf("open database: %w", explain(path, err))
	}
	switch {
	case tables == versioned: // new, or the program died before its first migration
		return 0, nil
	case id != applicationID || versioned == 0:
		return 0, &Error{Kind: ErrForeign, Path: path}
	}
	var version int64
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version); err != nil {
		return 0, fmt.Errorf("open database: %w", explain(path, err))
	}
	newest, err := newestVersion(migrations())
	if err != nil {
		return 0, err
	}
	if version > newest {
		return 0, &Error{Kind: ErrNewer, Path: path, Have: version, Known: newest}
	}
	return version, nil
}

// Blank makes at path a new file with all tables and nothing in them, which Open
// then takes for a new database. A file that is there already stays as it is (an
// error for which errors.Is(err, fs.ErrExist) holds).
func Blank(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("make an empty database at %s: %w", path, fs.ErrExist)
	}
	if _, err := prepareFile(path); err != nil {
		return err
	}
	s := &Store{path: path, now: time.Now, marker: &marker{}}
	if err := s.connect(nil); err != nil {
		return err
	}
	err := s.logAhead(ctx)
	if err == nil {
		err = s.migrate(ctx, 0)
	}
	return errors.Join(err, s.Close())
}

func migrations() fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return sub
}

// newestVersion is the number that the last migration's file name begins with.
func newestVersion(files fs.FS) (int64, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("no migrations compiled in: %w", err)
	}
	return goose.NumericComponent(names[len(names)-1])
}

// migrate brings the tables up to date. Each migration and its record are one
// transaction, so that a crash leaves the old tables or the new ones.
func (s *Store) migrate(ctx context.Context, version int64) error {
	return s.migrateWith(ctx, version, migrations())
}

func (s *Store) migrateWith(ctx context.Context, version int64, files fs.FS) error {
	newest, err := newestVersion(files)
	if err != nil || version == newest {
		return err
	}
	if version > 0 {
		if err := s.keepCopy(ctx, version); err != nil {
			return fmt.Errorf("keep a copy before migrating: %w", err)
		}
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.w.DB, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	for stalled := false; ; {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		// Another process may be migrating the same file: what it did is refused here
		// as done already, and what is left is for whoever comes first.
		now, e := p.GetDBVersion(ctx)
		switch {
		case e == nil && now == newest:
			return nil
		case e == nil && now > version:
			version, stalled = now, false
		case stalled || ctx.Err() != nil:
			return fmt.Errorf("migrate database from version %d: %w", version, err)
		default: // it may have made the table of versions, and nothing else yet
			stalled = true
		}
	}
}

// keepCopy writes the database as it is beside itself, named after its version
// and the time. One in which nobody worked yet is worth no copy.
func (s *Store) keepCopy(ctx context.Context, version int64) error {
	var used bool
	if err := s.w.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM installation)`).Scan(&used); err != nil || !used {
		return err
	}
	base := strings.TrimSuffix(s.path, filepath.Ext(s.path))
	name := fmt.Sprintf("%s-version-%d-%s%s", base, version, s.now().Format("2006-01-02-150405"), filepath.Ext(s.path))
	err := s.Backup(ctx, name)
	if errors.Is(err, fs.ErrExist) { // of this version and second: by a process that migrates at the same moment
		return nil
	}
	return err
}

// Backup writes a whole, compact copy of the database to path, mode 0600, while
// others go on working. The key of the sealed fields is not in it. A file that
// exists is never overwritten (an error for which errors.Is(err, fs.ErrExist) holds).
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("back up database to %s: %w", path, fs.ErrExist)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".klokkast-*.tmp") // 0600
	if err != nil {
		return &Error{Kind: ErrFolder, Path: filepath.Dir(path), Err: err}
	}
	temp.Close()
	defer os.Remove(temp.Name()) // nothing there any more when all went well
	if _, err := s.w.ExecContext(ctx, `VACUUM INTO ?`, dsn(temp.Name(), nil)); err != nil {
		return fmt.Errorf("back up database: %w", explain(path, err))
	}
	if err := syncFile(temp.Name()); err != nil {
		return fmt.Errorf("back up database: %w", err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("back up database: %w", err)
	}
	return nil
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
