package data

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

// sealedCheck opens what is sealed where it stands, and compares look-ups.
type sealedCheck struct {
	seal    *sealer
	lookUps map[string][]byte // of numbers that were met: a company has few people and many rows
	found   []store.Finding
}

// mostLookUps is how many look-ups are kept, so that memory does not grow with the rows.
const mostLookUps = 1 << 15

// number checks a sealed SSIN and its look-up.
func (c *sealedCheck) number(at place, sealed, lookUp []byte) bool {
	ssin, err := c.seal.open(at, sealed)
	if err != nil {
		return false
	}
	want, ok := c.lookUps[ssin]
	if !ok {
		if len(c.lookUps) >= mostLookUps || c.lookUps == nil {
			c.lookUps = map[string][]byte{}
		}
		want = c.seal.lookup(lookUpSSIN, ssin)
		c.lookUps[ssin] = want
	}
	return bytes.Equal(want, lookUp)
}

func (c *sealedCheck) broken(target string) {
	c.found = append(c.found, finding("sealed", target, "sealed-broken"))
}

// eachRow goes through the rows of a query, one after the other.
func eachRow(ctx context.Context, tx *sqlx.Tx, gone func(int), query string, each func(*sql.Rows) error) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	count := counter{gone: gone}
	defer count.end()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
		count.row()
	}
	return rows.Err()
}

// nobody hears of rows that are not counted.
func nobody(int) {}

func (s *Store) checkWorkers(ctx context.Context, tx *sqlx.Tx, _ func(int)) (out []store.Finding, err error) {
	var workers []workerRow
	if err := tx.SelectContext(ctx, &workers, selectAll[workerRow]("worker")); err != nil {
		return nil, err
	}
	for _, r := range workers {
		w, err := s.openWorker(r)
		again := s.workerRow(w)
		if err != nil || !bytes.Equal(again.SSINLookup, r.SSINLookup) || !bytes.Equal(again.LimosaLookup, r.LimosaLookup) ||
			!bytes.Equal(again.BirthLookup, r.BirthLookup) {
			out = append(out, finding("sealed", "worker:"+string(r.ID), "sealed-broken"))
		}
	}
	return out, nil
}

func (s *Store) checkRegistrations(ctx context.Context, tx *sqlx.Tx, gone func(int)) ([]store.Finding, error) {
	c := sealedCheck{seal: s.seal}
	err := eachRow(ctx, tx, gone, `SELECT id, ssin_sealed, ssin_lookup FROM registration`, func(rows *sql.Rows) error {
		var id string
		var sealed, lookUp sql.RawBytes
		if err := rows.Scan(&id, &sealed, &lookUp); err != nil {
			return err
		}
		if !c.number(registrationPlace(app.ID(id)), sealed, lookUp) {
			c.broken("registration:" + id)
		}
		return nil
	})
	return c.found, err
}

func (s *Store) checkEntries(ctx context.Context, tx *sqlx.Tx, _ func(int)) ([]store.Finding, error) {
	c := sealedCheck{seal: s.seal}
	err := eachRow(ctx, tx, nobody, `SELECT environment, id, ssin_sealed, ssin_lookup, raw_sealed FROM register_entry`, func(rows *sql.Rows) error {
		var environment string
		var id int64
		var sealed, lookUp, raw sql.RawBytes
		if err := rows.Scan(&environment, &id, &sealed, &lookUp, &raw); err != nil {
			return err
		}
		e := app.Environment(environment)
		_, err := s.seal.open(entryPlace(e, id, "raw"), raw)
		if !c.number(entryPlace(e, id, "ssin"), sealed, lookUp) || err != nil {
			c.broken(fmt.Sprintf("entry:%s/%d", environment, id))
		}
		return nil
	})
	return c.found, err
}

func (s *Store) checkAccounts(ctx context.Context, tx *sqlx.Tx, _ func(int)) ([]store.Finding, error) {
	c := sealedCheck{seal: s.seal}
	err := eachRow(ctx, tx, nobody, `SELECT id, account_sealed FROM list_import`, func(rows *sql.Rows) error {
		var id string
		var sealed sql.RawBytes
		if err := rows.Scan(&id, &sealed); err != nil {
			return err
		}
		if _, err := s.seal.open(accountPlace(app.ID(id)), sealed); err != nil {
			c.broken("import:" + id)
		}
		return nil
	})
	return c.found, err
}
