package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// witness remembers outside the database what was last sent from it. A
// database that does not know that request any more was restored from a
// backup; one that has sent before, at a place where no witness remembers it,
// was copied here. Either way what it calls unsent may be registered already.
//
// It is one small file an installation, in the folder of Options.Witness, and
// holds no personal data. A nil witness remembers nothing.
type witness struct{ path string }

// seen is what the file holds: the last request of each environment, and under
// placeKey a mark of its own, which the database knows it by.
type seen map[app.Environment]app.ID

const placeKey app.Environment = "place"

func newWitness(folder string, installation app.ID) *witness {
	if folder == "" {
		return nil
	}
	return &witness{filepath.Join(folder, string(installation)+".json")}
}

func (w *witness) read() (seen, error) {
	text, err := os.ReadFile(w.path)
	if errors.Is(err, fs.ErrNotExist) {
		return seen{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was last sent: %w", err)
	}
	s := seen{}
	if json.Unmarshal(text, &s) != nil {
		return seen{}, nil // torn: as good as none, which stops rather than sends
	}
	return s, nil
}

// remember notes a request before its first byte goes out.
func (w *witness) remember(e app.Environment, attempt app.ID) error {
	if w == nil {
		return nil
	}
	s, err := w.read()
	if err != nil {
		return err
	}
	s[e] = attempt
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("note what is sent: %w", err)
	}
	if err := w.write(text); err != nil {
		return fmt.Errorf("note what is sent: %w", err)
	}
	return nil
}

// write makes the file appear whole or not at all.
func (w *witness) write(text []byte) error {
	if err := os.MkdirAll(filepath.Dir(w.path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(w.path), ".klokkast-*.tmp") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing there any more when all went well
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), w.path)
	}
	return err
}

// place returns the mark of the file, which is made where there is none; "" without
// a witness.
func (w *witness) place() (string, error) {
	if w == nil {
		return "", nil
	}
	s, err := w.read()
	if err != nil || s[placeKey] != "" {
		return string(s[placeKey]), err
	}
	id, err := app.NewID()
	if err != nil {
		return "", err
	}
	return string(id), w.remember(placeKey, id)
}

// restored says that the database is older than what was last sent from it, or
// was copied from the place that it knows.
func (w *witness) restored(ctx context.Context, tx *sqlx.Tx, e app.Environment, place string) (bool, error) {
	if w == nil {
		return false, nil
	}
	s, err := w.read()
	if err != nil {
		return false, err
	}
	if place != "" && string(s[placeKey]) != place {
		return true, nil
	}
	var known int
	if last := s[e]; last != "" {
		err = tx.GetContext(ctx, &known, `SELECT count(*) FROM attempt WHERE id = ?`, last)
		return known == 0, err
	}
	err = tx.GetContext(ctx, &known, `SELECT 1 FROM attempt WHERE environment = ? AND operation = ? LIMIT 1`, e, operationRegister)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Operations of attempts that matter here.
const (
	operationRegister = "register"
	// operationRestored marks where a restored database went on: from there the
	// witness can tell it from another copy of the same backup.
	operationRestored = "restored"
)
