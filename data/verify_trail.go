package data

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/store"
)

type trailCheckRow struct {
	Installation app.ID
	Seq          int64
	Digest       []byte
	Hash         []byte
	Stands       bool // its row of trail_payload is there
	At           int64
	Actor        string
	What         string
	Target       string
	Salt         []byte
	Payload      []byte // nil: erased
}

func (r *trailCheckRow) name() string { return fmt.Sprintf("trail:%s/%d", r.Installation, r.Seq) }

// checkTrail recomputes every installation's chain.
func checkTrail(ctx context.Context, tx *sqlx.Tx, gone func(int)) (out []store.Finding, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.installation, t.seq, t.digest, t.hash, p.seq IS NOT NULL AS stands,
		coalesce(p.at, 0) AS at, coalesce(p.actor, '') AS actor, coalesce(p.what, '') AS what, coalesce(p.target, '') AS target, p.salt, p.payload
		FROM trail t LEFT JOIN trail_payload p ON p.installation = t.installation AND p.seq = t.seq ORDER BY t.installation, t.seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	count := counter{gone: gone}
	defer count.end()
	var previous trailCheckRow
	erased, noted := map[trailLink]string{}, map[trailLink]bool{}
	for rows.Next() {
		row, err := scanTrail(rows)
		if err != nil {
			return out, err
		}
		if row.Installation != previous.Installation {
			previous = trailCheckRow{Installation: row.Installation, Hash: trailStart(row.Installation)}
		}
		if code := trailFault(&previous, &row); code != "" {
			out = append(out, finding("trail", row.name(), code))
		}
		if row.Stands && row.Payload == nil {
			erased[trailLink{row.Installation, row.Seq}] = row.name()
		}
		noteErased(noted, &row)
		previous = row
		count.row()
	}
	for link, name := range erased {
		if !noted[link] {
			out = append(out, finding("trail", name, "trail-erased"))
		}
	}
	return out, rows.Err()
}

// scanTrail reads one link into plain values: by their names it would take twice as long.
func scanTrail(rows *sql.Rows) (r trailCheckRow, err error) {
	var installation string
	var stands int64
	var payload sql.RawBytes // valid until the next row, by when it is compared
	err = rows.Scan(&installation, &r.Seq, &r.Digest, &r.Hash, &stands, &r.At, &r.Actor, &r.What, &r.Target, &r.Salt, &payload)
	r.Installation, r.Stands, r.Payload = app.ID(installation), stands != 0, payload
	return r, err
}

// trailFault returns what is wrong with one link, given the one before it.
func trailFault(previous, row *trailCheckRow) string {
	switch {
	case row.Seq != previous.Seq+1:
		return "trail-gap"
	case !bytes.Equal(row.Hash, trailHash(previous.Hash, row.Seq, row.Digest)):
		return "trail-broken"
	case !row.Stands:
		return "trail-missing"
	case row.Payload == nil:
		return "" // erased; whether someone noted that is asked at the end
	case !bytes.Equal(row.Digest, trailDigest(row.Salt, row.Payload)):
		return "trail-changed"
	}
	var says struct { // not what was before and after, which may be long
		At     app.Instant `json:"at"`
		Actor  string      `json:"actor"`
		What   string      `json:"what"`
		Target string      `json:"target"`
	}
	err := json.Unmarshal(row.Payload, &says)
	if err != nil || says.At != app.Instant(row.At) || says.Actor != row.Actor || says.What != row.What || says.Target != row.Target {
		return "trail-changed" // the columns beside the payload are for searching: they must say the same
	}
	return ""
}

// noteErased notes which links an act of erasing tells of.
func noteErased(noted map[trailLink]bool, row *trailCheckRow) {
	if row.What != trailErasing || row.Payload == nil {
		return
	}
	var says struct {
		After trailErased `json:"after"`
	}
	if json.Unmarshal(row.Payload, &says) != nil {
		return
	}
	for _, link := range says.After.Erased {
		noted[link] = true
	}
}
