package data

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"klokkast/app"
)

// ErrorKind is what went wrong with a database as a whole. Each has a text in
// the catalogues under error.database.KIND.
type ErrorKind string

// Kinds of *Error.
const (
	ErrNewer       ErrorKind = "newer"       // made by a newer version of the program
	ErrNotDatabase ErrorKind = "notDatabase" // the file is something else
	ErrIsFolder    ErrorKind = "isFolder"    // a folder stands where the file should be
	ErrForeign     ErrorKind = "foreign"     // a database, but of another program
	ErrFolder      ErrorKind = "folder"      // the folder or file cannot be made
	ErrReadOnly    ErrorKind = "readOnly"    // the file cannot be written
	ErrFull        ErrorKind = "full"        // no room on the disk
	ErrDamaged     ErrorKind = "damaged"     // the file is torn
	ErrBusy        ErrorKind = "busy"        // another program holds it too long
	ErrDisk        ErrorKind = "disk"        // reading or writing the disk failed
	ErrNotDemo     ErrorKind = "notDemo"     // a demo was asked for in a database with real people
	ErrKeyWrong    ErrorKind = "keyWrong"    // the key found is not this database's
	ErrKeyMissing  ErrorKind = "keyMissing"  // no key found
	ErrKeyStore    ErrorKind = "keyStore"    // the key store does not answer
)

// Error says why a database as a whole cannot be used, in a way that a person
// can act on.
type Error struct {
	Kind ErrorKind
	Path string // of the file or folder meant
	// Have and Known are schema versions, for ErrNewer.
	Have, Known int64
	Err         error
}

// Error is for engineers.
func (e *Error) Error() string {
	s := "database " + string(e.Kind) + ": " + e.Path
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// TextKey returns the catalogue key and its values, for the faces.
func (e *Error) TextKey() (string, map[string]any) {
	return "error.database." + string(e.Kind), map[string]any{"Path": e.Path, "Have": e.Have, "Known": e.Known}
}

// explain turns what SQLite says into what a person can act on, where there is
// such a thing; other errors stay as they are.
func (s *Store) explain(err error) error {
	if taken := takenField(err); taken != nil {
		return taken
	}
	return explain(s.path, err)
}

func explain(path string, err error) error {
	var known *Error
	var e *sqlite.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || !errors.As(err, &e) {
		return err
	}
	kinds := map[int]ErrorKind{
		sqlite3.SQLITE_FULL:     ErrFull,
		sqlite3.SQLITE_READONLY: ErrReadOnly,
		sqlite3.SQLITE_PERM:     ErrReadOnly,
		sqlite3.SQLITE_CANTOPEN: ErrFolder,
		sqlite3.SQLITE_NOTADB:   ErrNotDatabase,
		sqlite3.SQLITE_CORRUPT:  ErrDamaged,
		sqlite3.SQLITE_BUSY:     ErrBusy,
		sqlite3.SQLITE_IOERR:    ErrDisk,
	}
	kind, ok := kinds[e.Code()&0xff] // the upper bits tell variants of the same
	if !ok {
		return err
	}
	return &Error{Kind: kind, Path: path, Err: err}
}

// cancelled returns the context's own error for one that only says that a
// statement was interrupted or a transaction is over since the context ended.
func cancelled(ctx context.Context, err error) error {
	var e *sqlite.Error
	interrupted := errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_INTERRUPT
	if ctx.Err() != nil && (interrupted || errors.Is(err, sql.ErrTxDone)) {
		return ctx.Err()
	}
	return err
}

// takenField returns the field error of a value that must be unique and that
// something else has already, or of a span that would overlap; nil for other errors.
func takenField(err error) *app.FieldError {
	var e *sqlite.Error
	if !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_CONSTRAINT {
		return nil
	}
	for _, t := range uniqueFields() {
		if strings.Contains(e.Error(), t.says) {
			return &app.FieldError{Field: t.field, Code: t.code, Example: t.example}
		}
	}
	return nil
}

// uniqueFields lists what SQLite says of each broken promise of uniqueness, and
// what that means to the person who entered it. Examples are made up.
func uniqueFields() []struct{ says, field, code, example string } {
	return []struct{ says, field, code, example string }{
		{"failed: worker.staff_number", "staffNumber", "staffNumber.taken", "1042"},
		{"failed: worker.ssin_lookup", "ssin", "ssin.taken", "85.01.15-123.55"},
		{"failed: employer.enterprise", "enterpriseNumber", "enterprise.taken", "0123.456.749"},
		{"failed: identifier.kind", "value", "identifier.taken", "04A3F21B"},
		{"failed: client.name", "name", "client.taken", "Residentie Zonneweelde"},
		{"failed: site.code", "code", "siteCode.taken", "W-017"},
		{"failed: declaration.number", "number", "declaration.taken", "1Y1003SQ5VSSZ"},
		{"failed: ignored.log", "punch", "ignored.taken", ""},
		{"failed: approval.worker", "version", "approval.taken", "2"},
		{"failed: approval.withdraws", "version", "approval.taken", "2"},
		{"segment is repaired already", "segment", "clockRepair.taken", ""},
		{"log is cut there already", "punch", "clockCut.taken", ""},
		{"notation is confirmed already", "notation", "badgeNotation.taken", ""},
		{"an open dossier already", "dossier", "dossier.taken", ""},
		{"custody of one identifier never overlaps", "span", "custody.overlap", ""},
		{"a box stands at one site at a time", "span", "placement.overlap", ""},
	}
}
