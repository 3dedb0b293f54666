package data

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"
	"sync"

	"github.com/jmoiron/sqlx"

	"klokkast/app/store"
)

// verifiers is how many connections check at the same time: SQLite takes half of the time to
// look through the file, in one statement, and all else goes beside it.
const verifiers = 2

// tellEvery is after how many rows it is told how far a check is.
const tellEvery = 4096

// Verify checks the file itself, its references, the trail's chains, the
// records against their boxes' chains, what was decoded of them (where
// Options.Decode was given), the sealed fields and what was approved: each log,
// and each of the others, on one state of the database. Rows are streamed, so that
// it takes no more memory for more of them. It returns what is wrong, nothing when all is well.
// tell hears how far it is, from several goroutines but never from two at once; nil is nobody.
func (s *Store) Verify(ctx context.Context, tell func(store.Checked)) ([]store.Finding, error) {
	v := verification{s: s, tell: tell}
	err := s.read(ctx, "verify", func(tx *sqlx.Tx) error { return v.plan(ctx, tx) })
	if err == nil {
		err = v.run(ctx)
	}
	out := v.findings()
	if isDamage(err) { // so much that it cannot be read to the end
		damaged := finding("file", "", "file-damaged")
		if !slices.Contains(out, damaged) {
			out = append([]store.Finding{damaged}, out...)
		}
		return out, nil
	}
	return out, err
}

// finding names what is wrong: its kind, where it is, and a code.
func finding(what, target, code string) store.Finding {
	return store.Finding{What: what, Target: target, Code: code}
}

// verification is one run of Verify.
type verification struct {
	s     *Store
	parts []*part // in the order in which what they find is told
	tell  func(store.Checked)
	mu    sync.Mutex // of told
	told  store.Checked
}

// part is what is checked on one state of the database, by one connection.
type part struct {
	group int // parts of one group are told together
	check checking
	found []store.Finding
}

// checking is told of rows as it has gone through them.
type checking func(ctx context.Context, tx *sqlx.Tx, gone func(rows int)) ([]store.Finding, error)

// plan says what there is to be checked.
func (v *verification) plan(ctx context.Context, tx *sqlx.Tx) error {
	words, err := punchWordsIn(ctx, tx)
	if err != nil {
		return err
	}
	if v.tell != nil {
		err = tx.GetContext(ctx, &v.told.Total, `SELECT (SELECT count(*) FROM record) + (SELECT count(*) FROM registration) + (SELECT count(*) FROM approval WHERE withdraws IS NULL)
			+ (SELECT count(*) FROM trail)`)
		if err != nil {
			return err
		}
	}
	groups := [][]checking{
		{uncounted(checkFile)}, {uncounted(checkReferences)}, {checkTrail}, nil,
		{v.s.checkWorkers, v.s.checkRegistrations, v.s.checkEntries, v.s.checkAccounts},
		{checkApprovals},
	}
	for id, key := range words.logs {
		groups[3] = append(groups[3], (&logCheck{s: v.s, id: id, key: key, shown: words.shown}).run)
	}
	for i, group := range groups {
		for _, check := range group {
			v.parts = append(v.parts, &part{group: i, check: check})
		}
	}
	return nil
}

// uncounted is a check of something else than rows.
func uncounted(check func(context.Context, *sqlx.Tx) ([]store.Finding, error)) checking {
	return func(ctx context.Context, tx *sqlx.Tx, _ func(int)) ([]store.Finding, error) { return check(ctx, tx) }
}

// run goes through the parts, several at a time. Where one meets damage, the others go on: what can be read tells where it is.
func (v *verification) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	queue := make(chan *part, len(v.parts))
	for _, p := range v.parts {
		queue <- p
	}
	close(queue)
	errs := make([]error, verifiers)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			for p := range queue {
				err := v.one(ctx, p)
				if err != nil && !isDamage(err) {
					errs[i] = err
					stop()
					return
				}
				errs[i] = cmp.Or(errs[i], err)
			}
		})
	}
	all.Wait()
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil && !isDamage(err) }); i >= 0 {
		return errs[i]
	}
	return cmp.Or(errs...)
}

func (v *verification) one(ctx context.Context, p *part) error {
	defer func() { p.check = nil }() // with what it knows of its log
	return v.s.read(ctx, "verify", func(tx *sqlx.Tx) (err error) {
		p.found, err = p.check(ctx, tx, v.gone)
		return err
	})
}

// isDamage says that something could not be read to its end.
func isDamage(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == ErrDamaged
}

// gone tells that rows were gone through.
func (v *verification) gone(rows int) {
	if v.tell == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.told.Done = min(v.told.Done+rows, v.told.Total) // more may have come meanwhile
	v.tell(v.told)
}

// findings returns what was found, group by group.
func (v *verification) findings() (out []store.Finding) {
	begin := 0
	for i, p := range v.parts {
		if i > 0 && p.group != v.parts[i-1].group {
			begin = len(out)
		}
		out = append(out, p.found...)
		slices.SortFunc(out[begin:], func(a, b store.Finding) int {
			return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Code, b.Code))
		})
	}
	return out
}

// counter tells of rows now and then.
type counter struct {
	gone func(rows int)
	rows int
}

func (c *counter) row() {
	if c.rows++; c.rows == tellEvery {
		c.end()
	}
}

func (c *counter) end() {
	c.gone(c.rows)
	c.rows = 0
}

// checkFile asks SQLite whether pages, indexes and constraints are sound.
func checkFile(ctx context.Context, tx *sqlx.Tx) ([]store.Finding, error) {
	var says []string
	if err := tx.SelectContext(ctx, &says, `PRAGMA integrity_check(10)`); err != nil {
		return nil, err
	}
	if len(says) == 1 && says[0] == "ok" {
		return nil, nil
	}
	return []store.Finding{finding("file", "", "file-damaged")}, nil
}

func checkReferences(ctx context.Context, tx *sqlx.Tx) (out []store.Finding, err error) {
	rows, err := tx.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var table, parent string
		var row, key sql.NullInt64
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return out, err
		}
		out = append(out, finding("foreign-key", table+":"+parent, "reference-missing"))
	}
	return out, rows.Err()
}

// checkApprovals compares each snapshot with the hash that was approved.
func checkApprovals(ctx context.Context, tx *sqlx.Tx, gone func(int)) (out []store.Finding, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, hash, snapshot FROM approval WHERE withdraws IS NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	count := counter{gone: gone}
	defer count.end()
	for rows.Next() {
		var id, hash string
		var snapshot sql.RawBytes
		if err := rows.Scan(&id, &hash, &snapshot); err != nil {
			return out, err
		}
		if sum := sha256.Sum256(snapshot); hex.EncodeToString(sum[:]) != hash {
			out = append(out, finding("approval", "approval:"+id, "approval-changed"))
		}
		count.row()
	}
	return out, rows.Err()
}
