package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/office"
)

type paperRow struct {
	ID         app.ID       `db:"id"`
	Kind       string       `db:"kind"`
	Engagement optionalID   `db:"engagement"`
	FirstDay   dayText      `db:"first_day"`
	LastDay    dayText      `db:"last_day"`
	Language   app.Language `db:"language"`
	Hash       string       `db:"hash"`
	Version    int          `db:"version"`
	At         app.Instant  `db:"at"`
}

func rowOfPaper(p office.Paper) paperRow {
	return paperRow{p.ID, p.Kind, optionalID(p.EngagementID), dayText(p.Days.From), dayText(p.Days.To), p.Language, p.Hash, p.Version, p.At}
}

func (r paperRow) value() (office.Paper, error) {
	return office.Paper{ID: r.ID, Kind: r.Kind, EngagementID: app.ID(r.Engagement), Days: app.Days{From: app.Date(r.FirstDay), To: app.Date(r.LastDay)},
		Language: r.Language, Hash: r.Hash, Version: r.Version, At: r.At}, nil
}

// Papers gives all papers by id.
func (s *Store) Papers(ctx context.Context) ([]office.Paper, error) {
	return list(ctx, s, "read papers", paperRow.value, selectAll[paperRow]("paper")+` ORDER BY id`)
}

// NotePaper gives the paper's version: the stored paper when the newest of its
// kind, engagement, days and language has the same hash, else a new one with
// one version more. p.Version is ignored.
func (s *Store) NotePaper(ctx context.Context, p office.Paper) (office.Paper, error) {
	err := s.write(ctx, "note paper", func(tx *sqlx.Tx) error {
		row := rowOfPaper(p)
		newest, err := find[paperRow](ctx, tx, "paper",
			`kind = ? AND engagement IS ? AND first_day = ? AND last_day = ? AND language = ? ORDER BY version DESC LIMIT 1`,
			row.Kind, row.Engagement, row.FirstDay, row.LastDay, row.Language)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("read papers: %w", err)
		}
		if err == nil && newest.Hash == row.Hash {
			p, err = newest.value()
			return err
		}
		row.Version = newest.Version + 1
		p.Version = row.Version
		return insert(ctx, tx, "paper", row)
	})
	if err != nil {
		return office.Paper{}, err
	}
	return p, nil
}
