package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type installationRow struct {
	ID       app.ID      `db:"id"`
	Name     string      `db:"name"`
	Created  app.Instant `db:"created"`
	Own      bool        `db:"own"`
	Demo     bool        `db:"demo"`
	Sends    bool        `db:"sends"`
	KeyCheck []byte      `db:"key_check"`
	Machine  string      `db:"machine"`
	Place    string      `db:"place"`
}

func (r installationRow) value() app.Installation {
	return app.Installation{ID: r.ID, Name: r.Name, Created: r.Created, Demo: r.Demo, Sends: r.Sends}
}

// fits says that key is the one that this installation's fields are sealed by.
func (r installationRow) fits(key []byte) bool {
	sealer, err := newSealer(key, r.ID)
	return err == nil && sealer.fits(r.KeyCheck)
}

const selectInstallation = `SELECT id, name, created, own, demo, sends, key_check, machine, place FROM installation`

// Installation returns the installation that this file belongs to.
func (s *Store) Installation(ctx context.Context) (app.Installation, error) {
	row, err := ownInstallation(ctx, s.r)
	if err != nil {
		return app.Installation{}, fmt.Errorf("read installation: %w", s.explain(err))
	}
	return row.value(), nil
}

// SetSending says whether this installation is the one of the company that
// sends to the register.
func (s *Store) SetSending(ctx context.Context, sends bool, act app.Act) error {
	return s.changeInstallation(ctx, act, func(row *installationRow) { row.Sends = sends })
}

// NameInstallation returns the installation another name.
func (s *Store) NameInstallation(ctx context.Context, name string, act app.Act) error {
	return s.changeInstallation(ctx, act, func(row *installationRow) { row.Name = name })
}

func (s *Store) changeInstallation(ctx context.Context, act app.Act, change func(*installationRow)) error {
	return s.write(ctx, "change installation", func(tx *sqlx.Tx) error {
		row, err := ownInstallation(ctx, tx)
		if err != nil {
			return err
		}
		before := row.value()
		change(&row)
		if err := save(ctx, tx, "installation", row); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, row.value())
	})
}

func ownInstallation(ctx context.Context, q sqlx.QueryerContext) (row installationRow, err error) {
	err = sqlx.GetContext(ctx, q, &row, selectInstallation+` WHERE own = 1`)
	return row, err
}

// identify finds the installation of the file, or makes it at the first
// opening, and the key of its sealed fields.
func (s *Store) identify(ctx context.Context, o Options) error {
	row, err := ownInstallation(ctx, s.r)
	if errors.Is(err, sql.ErrNoRows) {
		if err = s.found(ctx, o); err == nil {
			row, err = ownInstallation(ctx, s.r) // another process may have been first
		}
	}
	if err != nil {
		return fmt.Errorf("find installation: %w", err)
	}
	if o.Demo && !row.Demo {
		return &Error{Kind: ErrNotDemo, Path: s.path}
	}
	s.own = row.ID
	if !row.Demo {
		s.witness = newWitness(o.Witness, row.ID)
	}
	if err := s.unlock(ctx, row, o); err != nil {
		return err
	}
	s.machine = s.machineHash(o.Machine)
	return s.settleHome(ctx, row)
}

// found makes the installation. All of it happens under the write lock, for
// another process may be about to do the same. The key is kept before the row
// that needs it is committed: a crash in between leaves a key that nothing uses.
func (s *Store) found(ctx context.Context, o Options) error {
	return s.write(ctx, "make installation", func(tx *sqlx.Tx) error {
		if _, err := ownInstallation(ctx, tx); !errors.Is(err, sql.ErrNoRows) {
			return err // made by another process meanwhile
		}
		id, err := app.NewID()
		if err != nil {
			return err
		}
		key, _, err := newKey(ctx, string(id), s.keyStores(o, o.Demo))
		if err != nil {
			return &Error{Kind: ErrKeyStore, Path: KeyFileOf(s.path), Err: err}
		}
		sealer, err := newSealer(key, id)
		if err != nil {
			return err
		}
		row := installationRow{ID: id, Name: o.InstallationName, Created: app.At(s.now()), Own: true, Demo: o.Demo, KeyCheck: sealer.check}
		if row.Name == "" {
			row.Name, _ = os.Hostname() // a name for people; "" is as good as any
		}
		return save(ctx, tx, "installation", row)
	})
}

// unlock finds the key and refuses one that does not fit: with a wrong one,
// look-ups would miss and what is sealed anew could not be opened by the right one.
func (s *Store) unlock(ctx context.Context, row installationRow, o Options) error {
	s.keys = s.keyStores(o, row.Demo)
	key, where, kind, err := findKey(ctx, string(row.ID), s.keys, row.fits)
	if kind != "" {
		return &Error{Kind: kind, Path: KeyFileOf(s.path), Err: err}
	}
	s.keyWhere = where
	s.seal, err = newSealer(key, row.ID)
	return err
}

// keyStores lists where a key may be, in the order of asking: what was set by
// the caller; else the file for a demo; else the system's store and then the
// file. A file that exists is asked first, for it costs nothing.
func (s *Store) keyStores(o Options, demo bool) []KeyStore {
	file := FileKeys(KeyFileOf(s.path))
	if o.KeyStore != nil {
		return []KeyStore{o.KeyStore}
	}
	if demo {
		return []KeyStore{file}
	}
	if _, err := os.Stat(KeyFileOf(s.path)); err == nil {
		return []KeyStore{file, SystemKeys()}
	}
	return []KeyStore{SystemKeys(), file}
}

// ExportKey writes the key of the sealed fields to a file, mode 0600, in the
// form of a key file: kept apart from the backups, it opens them on another
// computer. The file must not exist yet.
func (s *Store) ExportKey(ctx context.Context, path string, act app.Act) error {
	row, err := ownInstallation(ctx, s.r)
	if err != nil {
		return fmt.Errorf("export key: %w", s.explain(err))
	}
	key, _, kind, err := findKey(ctx, string(row.ID), s.keys, row.fits)
	if kind != "" {
		return &Error{Kind: kind, Path: path, Err: err}
	}
	if err := FileKeys(path).Keep(ctx, string(row.ID), key); err != nil {
		return err
	}
	return s.NoteAct(ctx, act)
}
