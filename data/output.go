package data

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// NoteOutput remembers that a file was written for somebody, by its SHA-256 in hex.
func (s *Store) NoteOutput(ctx context.Context, hash string, at app.Instant) error {
	return s.write(ctx, "note a file that was written", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO output (hash, at) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM output WHERE hash = ?)`, hash, at, hash)
		return err
	})
}

// WroteOutput says that a file with that hash was written.
func (s *Store) WroteOutput(ctx context.Context, hash string) (wrote bool, err error) {
	if err := s.r.GetContext(ctx, &wrote, `SELECT EXISTS (SELECT 1 FROM output WHERE hash = ?)`, hash); err != nil {
		return false, fmt.Errorf("look for a file that was written: %w", s.explain(err))
	}
	return wrote, nil
}
