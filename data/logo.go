package data

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

// KeepLogo keeps a picture for the head of papers and gives its hash. One that
// is there already stays as it is.
func (s *Store) KeepLogo(ctx context.Context, png []byte, at app.Instant) (hash string, err error) {
	sum := sha256.Sum256(png)
	hash = hex.EncodeToString(sum[:])
	return hash, s.write(ctx, "keep the logo", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(
			ctx,
			`INSERT INTO logo (hash, png, at) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM logo WHERE hash = ?)`,
			hash,
			png,
			at,
			hash,
		)
		return err
	})
}

// Logo returns a picture by its hash.
func (s *Store) Logo(ctx context.Context, hash string) ([]byte, error) {
	var png []byte
	err := s.r.GetContext(ctx, &png, `SELECT png FROM logo WHERE hash = ?`, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &missingRow{app.NotFoundError{Kind: "logo", Name: hash}}
	}
	if err != nil {
		return nil, fmt.Errorf("read the logo: %w", s.explain(err))
	}
	return png, nil
}
