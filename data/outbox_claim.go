package data

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

// ready is the condition for rows that may go as far as they themselves say: the
// condition of the indexes by which they are found, word for word. What was released
// is looked up first. An instant before which one may not go is taken off by ripen.
const ready = unripe + ` AND not_before = 0`

// unripe is that for rows that may have to wait for an instant of their own.
const unripe = `state = 'queued' AND needs_person = 0 AND (approved_by = '' OR looked_up > 0)`

// ripen takes the instant off what was to wait until now.
func ripen(ctx context.Context, tx *sqlx.Tx, e app.Environment, now app.Instant) error {
	_, err := tx.ExecContext(ctx, `UPDATE registration INDEXED BY registration_state SET not_before = 0
		WHERE environment = ? AND `+unripe+` AND not_before BETWEEN 1 AND ?`, e, now)
	return err
}

// A lane is what may go in one request: of one employer, and of what a request
// ended with an unknown fate, only what did so in the same company.
type lane struct {
	Enterprise string `db:"enterprise"`
	ForeignVAT string `db:"foreign_vat"`
	Among      int    `db:"failed_among"` // items of that request; 0: none did
}

func (l lane) employer() string { return l.Enterprise + l.ForeignVAT }

// limit is how many may go together, of so many at most: half of those that failed together.
func (l lane) limit(most int) int {
	if l.Among == 0 {
		return most
	}
	return min(most, max(l.Among/2, 1))
}

// next is a row that may go next: where it stands in the order of sending, and whose it is.
type next struct {
	lane
	Row     int64       `db:"rowid"`
	Person  string      `db:"ssin_lookup"`
	At      app.Instant `db:"at"`
	Log     int64       `db:"log"`
	Passage uint32      `db:"passage"`
	Line    uint32      `db:"line"`
	Seq     int64       `db:"seq"`
}

// nextColumns are those of an index, so that no row itself is read to pass it by.
const nextColumns = `rowid, enterprise, foreign_vat, failed_among, ssin_lookup, at, log, passage, line, seq`

// before says that n stands before o in the order of sending.
func (n *next) before(o *next) bool {
	return cmp.Or(cmp.Compare(n.At, o.At), cmp.Compare(n.Log, o.Log), cmp.Compare(n.Passage, o.Passage), cmp.Compare(n.Line, o.Line), cmp.Compare(n.Seq, o.Seq)) < 0
}

// claiming finds the next batch. It goes through no more rows than it takes, and
// those of persons who wait, however long the queue is.
type claiming struct {
	tx     *sqlx.Tx
	c      ciao.Claim
	parked map[string]ciao.Parked
	open   map[string]app.Instant // see openSince
}

// claimable returns the rows of the next batch: of the employer of the oldest
// punch that may go, in the order of time, without those of a person who has an
// earlier one that may go in another lane.
func claimable(ctx context.Context, tx *sqlx.Tx, c ciao.Claim, parked map[string]ciao.Parked) ([]int64, error) {
	q := claiming{tx: tx, c: c, parked: parked}
	if err := ripen(ctx, tx, c.Environment, c.Now); err != nil {
		return nil, err
	}
	lanes, err := q.lanes(ctx)
	if err == nil && c.Latest != 0 && len(lanes) > 0 {
		lanes, err = q.postpone(ctx, lanes)
	}
	if err != nil || len(lanes) == 0 {
		return nil, err
	}
	if q.open, err = openSince(ctx, tx, c); err != nil {
		return nil, err
	}
	chosen, err := q.oldest(ctx, lanes)
	if err != nil {
		return nil, err
	}
	if len(c.Only) > 0 {
		return q.take(ctx, chosen, nil)
	}
	return q.take(ctx, chosen, slices.DeleteFunc(lanes, func(l lane) bool { return l == chosen }))
}

// lanes returns those with something that may go, without those of parked employers.
func (q *claiming) lanes(ctx context.Context) (lanes []lane, err error) {
	if len(q.c.Only) > 0 {
		only := condition{}
		only.and(`environment = ? AND `+ready, q.c.Environment)
		among(&only, "id", q.c.Only)
		err = q.tx.SelectContext(ctx, &lanes, `SELECT DISTINCT enterprise, foreign_vat, failed_among FROM registration WHERE `+only.text, only.args...)
	} else {
		lanes, err = q.allLanes(ctx)
	}
	return slices.DeleteFunc(lanes, func(l lane) bool { _, is := q.parked[l.employer()]; return is }), err
}

// allLanes jumps from one lane to the next: DISTINCT would go through all rows, and so
// would a comparison with (enterprise, foreign_vat, failed_among), through those of the last.
func (q *claiming) allLanes(ctx context.Context) (lanes []lane, err error) {
	first := func(where, order string) string {
		return `SELECT * FROM (SELECT enterprise, foreign_vat, failed_among ` + by("registration_ready", ready+where) + ` ORDER BY ` + order + ` LIMIT 1)`
	}
	jump := first(` AND enterprise = ?2 AND foreign_vat = ?3 AND failed_among > ?4`, `failed_among`) +
		` UNION ALL ` + first(` AND enterprise = ?2 AND foreign_vat > ?3`, `foreign_vat, failed_among`) +
		` UNION ALL ` + first(` AND enterprise > ?2`, `enterprise, foreign_vat, failed_among`) + ` LIMIT 1`
	for last := (lane{Among: -1}); ; last = lanes[len(lanes)-1] {
		var after []lane
		err := q.tx.SelectContext(ctx, &after, jump, q.c.Environment, last.Enterprise, last.ForeignVAT, last.Among)
		if err != nil || len(after) == 0 {
			return lanes, err
		}
		lanes = append(lanes, after...)
	}
}

// postpone lets what is later than the register's clock wait until it is as far in
// its past, and returns the lanes that are left.
func (q *claiming) postpone(ctx context.Context, lanes []lane) ([]lane, error) {
	after := q.c.Now.Sub(q.c.Latest).Milliseconds() // from when a punch was made until it may go, by this computer's clock
	var postponed int64
	for _, l := range lanes {
		result, err := q.tx.ExecContext(ctx, `UPDATE registration INDEXED BY registration_ready SET not_before = at + ?1 WHERE environment = ?2 AND `+ready+`
			AND enterprise = ?3 AND foreign_vat = ?4 AND failed_among = ?5 AND at > ?6`, after, q.c.Environment, l.Enterprise, l.ForeignVAT, l.Among, q.c.Latest)
		if err != nil {
			return nil, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return nil, err
		}
		postponed += n
	}
	if postponed == 0 {
		return lanes, nil
	}
	return q.lanes(ctx)
}

// oldest returns the lane of the oldest punch that may go.
func (q *claiming) oldest(ctx context.Context, lanes []lane) (lane, error) {
	chosen := lanes[0]
	var first *next
	for i := 0; len(lanes) > 1 && i < len(lanes); i++ {
		err := q.pages(ctx, lanes[i], 1, func(free []next) (bool, error) {
			if first == nil || free[0].before(first) {
				first, chosen = &free[0], lanes[i]
			}
			return false, nil
		})
		if err != nil {
			return lane{}, err
		}
	}
	return chosen, nil
}

// take returns the first rows of a lane, without those of a person whose earlier
// punch goes in one of the others first.
func (q *claiming) take(ctx context.Context, l lane, others []lane) (rows []int64, err error) {
	limit := l.limit(q.c.Limit)
	err = q.pages(ctx, l, limit, func(free []next) (bool, error) {
		waits := map[string]*next{}
		if len(others) > 0 {
			if waits, err = q.earliestElsewhere(ctx, others, free); err != nil {
				return false, err
			}
		}
		for i := range free {
			if first := waits[free[i].Person]; first != nil && first.before(&free[i]) {
				continue
			}
			if rows = append(rows, free[i].Row); len(rows) == limit {
				return false, nil
			}
		}
		return true, nil
	})
	return rows, err
}

// pages gives the rows of a lane that may go, in the order of sending, some at a
// time and at least one, until more is false.
func (q *claiming) pages(ctx context.Context, l lane, size int, page func(free []next) (more bool, err error)) error {
	from, c := ` FROM registration INDEXED BY registration_ready WHERE `, condition{}
	c.and(`environment = ? AND `+ready+` AND enterprise = ? AND foreign_vat = ? AND failed_among = ?`, q.c.Environment, l.Enterprise, l.ForeignVAT, l.Among)
	if len(q.c.Only) > 0 {
		from = ` FROM registration WHERE `
		among(&c, "id", q.c.Only)
	}
	query := `SELECT ` + nextColumns + from + c.text + ` AND (at, log, passage, line, seq) > (?, ?, ?, ?, ?)` + sendingOrder + ` LIMIT ?`
	for after := (next{At: -1}); ; size = max(size, q.c.Limit) {
		var rows []next
		args := append(slices.Clone(c.args), after.At, after.Log, after.Passage, after.Line, after.Seq, size)
		if err := q.tx.SelectContext(ctx, &rows, query, args...); err != nil {
			return err
		}
		last := len(rows) < size
		if !last {
			after = rows[size-1]
		}
		free := slices.DeleteFunc(rows, func(n next) bool { since, is := q.open[n.Person]; return is && n.At >= since })
		if len(free) > 0 {
			if more, err := page(free); err != nil || !more {
				return err
			}
		}
		if last {
			return nil
		}
	}
}

// earliestElsewhere returns the first of each of the rows' persons that may go in
// one of the other lanes. No more is read of a lane than that.
func (q *claiming) earliestElsewhere(ctx context.Context, others []lane, rows []next) (map[string]*next, error) {
	persons := map[string]bool{}
	args := []any{}
	for i := range rows {
		if p := rows[i].Person; !persons[p] {
			persons[p] = true
			args = append(args, []byte(p))
		}
	}
	for _, l := range others {
		args = append(args, l.Enterprise, l.ForeignVAT, l.Among)
	}
	query := `WITH person (of) AS (VALUES (?)` + strings.Repeat(`, (?)`, len(persons)-1) + `),
		other (employer, foreigner, company) AS (VALUES (?, ?, ?)` + strings.Repeat(`, (?, ?, ?)`, len(others)-1) + `)
		SELECT r.` + nextColumns + ` FROM person CROSS JOIN other CROSS JOIN registration r ON r.rowid = (
			SELECT rowid FROM registration INDEXED BY registration_ready_person WHERE environment = ? AND ` + ready + `
			AND ssin_lookup = of AND enterprise = employer AND foreign_vat = foreigner AND failed_among = company` + sendingOrder + ` LIMIT 1)`
	var found []next
	if err := q.tx.SelectContext(ctx, &found, query, append(args, q.c.Environment)...); err != nil {
		return nil, err
	}
	first := map[string]*next{}
	for i := range found {
		if n := &found[i]; first[n.Person] == nil || n.before(first[n.Person]) {
			first[n.Person] = n
		}
	}
	return first, nil
}

// openSince returns the persons who have something under way, where it is not for
// what is claimed ahead to go after that, or, not for too long, of unknown fate, and
// the time of the earliest of it: what they punched later waits.
func openSince(ctx context.Context, tx *sqlx.Tx, c ciao.Claim) (map[string]app.Instant, error) {
	var rows []struct {
		Person []byte      `db:"ssin_lookup"`
		At     app.Instant `db:"at"`
	}
	// Grouped here: GROUP BY would go through every registration there ever was, by person.
	err := tx.SelectContext(ctx, &rows, `SELECT ssin_lookup, at `+by("registration_state", `state = 'sending' AND NOT (?3 AND owner = ?4)`)+`
		UNION ALL SELECT ssin_lookup, at `+by("registration_fate", unknownFate+` AND answered > ?2`), c.Environment, c.WaitSince, c.Ahead, c.Owner)
	if err != nil {
		return nil, err
	}
	open := make(map[string]app.Instant, len(rows))
	for _, r := range rows {
		open[string(r.Person)] = earlier(open[string(r.Person)], r.At)
	}
	return open, nil
}
