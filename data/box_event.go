package data

import (
	"context"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
)

type boxEventRow struct {
	Log       int64          `db:"log"`
	Seq       int64          `db:"seq"`
	Type      app.RecordType `db:"type"`
	At        app.Instant    `db:"at"`
	Boot      uint16         `db:"boot"`
	SinceBoot uint32         `db:"since_boot"`
	Data      []byte         `db:"data"`
	Reading   int64          `db:"reading"`
}

// BoxEvents returns the box events with From ≤ box time < To by box, log and
// sequence; a zero From or To is open.
func (s *Store) BoxEvents(ctx context.Context, span app.Span) ([]app.BoxEvent, error) {
	var out []app.BoxEvent
	err := s.read(ctx, "read box events", func(tx *sqlx.Tx) error {
		logs, err := logKeys(ctx, tx)
		if err != nil {
			return err
		}
		readings, err := readingIDs(ctx, tx)
		if err != nil {
			return err
		}
		from, to := bounds(span)
		convert := func(r boxEventRow) (app.BoxEvent, error) { return r.value(logs[r.Log], readings[r.Reading]), nil }
		out, err = listIn(ctx, tx, convert, selectAll[boxEventRow]("box_event")+` WHERE at >= ? AND at < ?`, from, to)
		return err
	})
	sortByKey(out, func(e *app.BoxEvent) *app.RecordKey { return &e.Key })
	return out, err
}

func (r boxEventRow) value(log app.LogKey, reading app.ID) app.BoxEvent {
	e := app.BoxEvent{Key: app.RecordKey{LogKey: log, Seq: uint64(r.Seq)}, Type: r.Type, At: r.At,
		Boot: r.Boot, SinceBoot: r.SinceBoot, ReadingID: reading}
	copy(e.Data[:], r.Data)
	return e
}
