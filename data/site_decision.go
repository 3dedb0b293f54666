package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type siteDecisionRow struct {
	ID       app.ID       `db:"id"`
	Site     app.ID       `db:"site"`
	Decision app.Decision `db:"decision"`
	Starts   app.Instant  `db:"starts"`
	Reason   string       `db:"reason"`
	By       string       `db:"by"`
	At       app.Instant  `db:"at"`
}

func rowOfSiteDecision(d app.SiteDecision) siteDecisionRow {
	return siteDecisionRow{d.ID, d.SiteID, d.Decision, d.From, d.Reason, d.By, d.At}
}

func (r siteDecisionRow) value() (app.SiteDecision, error) {
	return app.SiteDecision{ID: r.ID, SiteID: r.Site, Decision: r.Decision, From: r.Starts, Reason: r.Reason, By: r.By, At: r.At}, nil
}

// SiteDecisions returns all decisions by id.
func (s *Store) SiteDecisions(ctx context.Context) ([]app.SiteDecision, error) {
	return list(ctx, s, "read site decisions", siteDecisionRow.value, selectAll[siteDecisionRow]("site_decision")+` ORDER BY id`)
}

// DecideSite appends a decision; earlier ones stay as they were.
func (s *Store) DecideSite(ctx context.Context, d app.SiteDecision, act app.Act) error {
	return s.write(ctx, "decide site", func(tx *sqlx.Tx) error {
		if err := insert(ctx, tx, "site_decision", rowOfSiteDecision(d)); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, d)
	})
}
