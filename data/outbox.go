package data

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

var _ ciao.Store = (*Store)(nil)

// registrationRow is a row of the outbox. Its columns are in the order of the table.
type registrationRow struct {
	ID          app.ID                `db:"id"`
	Environment app.Environment       `db:"environment"`
	Log         int64                 `db:"log"`
	Seq         int64                 `db:"seq"`
	State       app.RegistrationState `db:"state"`
	Held        app.HeldReason        `db:"held"`
	Type        app.RegistrationType  `db:"type"`
	At          app.Instant           `db:"at"`
	Raw         app.Instant           `db:"raw"`
	Worker      optionalID            `db:"worker"`
	Engagement  optionalID            `db:"engagement"`
	Site        optionalID            `db:"site"`
	SSINSealed  []byte                `db:"ssin_sealed"`
	SSINLookup  []byte                `db:"ssin_lookup"`
	Enterprise  string                `db:"enterprise"`
	ForeignVAT  string                `db:"foreign_vat"`
	Capacity    app.Capacity          `db:"capacity"`
	Declaration string                `db:"declaration"`
	Place       asJSON[app.Place]     `db:"place"`
	ApprovedBy  string                `db:"approved_by"`
	Doubt       int64                 `db:"doubt"`
	Created     app.Instant           `db:"created"`
	Queued      app.Instant           `db:"queued"`
	Owner       string                `db:"owner"`
	Lease       app.Instant           `db:"lease"`
	NotBefore   app.Instant           `db:"not_before"`
	LookUps     int                   `db:"look_ups"`
	LookedUp    app.Instant           `db:"looked_up"`
	NeedsPerson bool                  `db:"needs_person"`
	RegisterID  sql.NullInt64         `db:"register_id"`
	Validity    string                `db:"validity"`
	Answer      string                `db:"answer"`
	Answered    app.Instant           `db:"answered"`
	Generation  int                   `db:"generation"`
	Late        bool                  `db:"late"`

	Cancel       app.CancelState `db:"cancel"`
	CancelBy     string          `db:"cancel_by"`
	CancelAt     app.Instant     `db:"cancel_at"`
	CancelDue    app.Instant     `db:"cancel_due"`
	CancelLooks  int             `db:"cancel_looks"`
	CancelAnswer string          `db:"cancel_answer"`

	ReleasedFrom app.HeldReason `db:"released_from"`
	Vouched      bool           `db:"vouched"`

	Run     string      `db:"run"`
	SetBack app.Instant `db:"set_back"`

	Passage uint32 `db:"passage"`
	Line    uint32 `db:"line"`

	Failures     int         `db:"failures"`
	FailedAs     string      `db:"failed_as"`
	FailingSince app.Instant `db:"failing_since"`
	FailedAmong  int         `db:"failed_among"`
	Mended       string      `db:"mended"`

	Changed int64 `db:"changed"`
}

// sendingOrder is the order in which registrations go: of time, and of one second as their log has the taps (rule O1).
const sendingOrder = ` ORDER BY at, log, passage, line, seq`

// latestFirst is that order backwards.
const latestFirst = ` ORDER BY at DESC, log DESC, passage DESC, line DESC, seq DESC`

func registrationPlace(id app.ID) place { return place{"registration", "ssin", id} }

// registrationRow seals what is sealed of a registration.
func (s *Store) registrationRow(r *app.Registration, log int64) registrationRow {
	return registrationRow{
		ID: r.ID, Environment: r.Environment, Log: log, Seq: int64(r.Punch.Seq), State: r.State, Held: r.Held,
		Type: r.Type, At: r.At, Raw: r.Raw,
		Worker: optionalID(r.WorkerID), Engagement: optionalID(r.EngagementID), Site: optionalID(r.SiteID),
		SSINSealed: s.seal.seal(registrationPlace(r.ID), r.SSIN.Reveal()),
		SSINLookup: s.seal.lookup(lookUpSSIN, r.SSIN.Reveal()),
		Enterprise: r.Enterprise, ForeignVAT: r.ForeignVAT, Capacity: r.Capacity, Declaration: r.Declaration,
		Place: asJSON[app.Place]{r.Place}, ApprovedBy: r.ApprovedBy, Doubt: r.Uncertainty.Microseconds(),
		Created: r.Created, Queued: r.Queued, NotBefore: r.NotBefore, Generation: max(r.Generation, 1), Late: r.Late,
		ReleasedFrom: r.ReleasedFrom, Vouched: r.Vouched, Run: s.run,
		Passage: r.Position.Passage, Line: r.Position.Line, Mended: r.Mended,
		Failures: r.Failing.Times, FailedAs: r.Failing.As, FailingSince: r.Failing.Since, FailedAmong: r.Failing.Among,
	}
}

// openRegistration opens what is sealed of a registration.
func (s *Store) openRegistration(r registrationRow, log app.LogKey) (app.Registration, error) {
	ssin, err := s.seal.open(registrationPlace(r.ID), r.SSINSealed)
	state := r.State
	if r.Cancel == app.CancelDone {
		state = app.RegCancelled
	}
	return app.Registration{
		ID: r.ID, Environment: r.Environment, Punch: app.RecordKey{LogKey: log, Seq: uint64(r.Seq)},
		Position: app.Position{Passage: r.Passage, Line: r.Line},
		State:    state, Held: r.Held, Type: r.Type, At: r.At, Raw: r.Raw,
		WorkerID: app.ID(r.Worker), EngagementID: app.ID(r.Engagement), SiteID: app.ID(r.Site),
		SSIN: app.Secret(ssin), Enterprise: r.Enterprise, ForeignVAT: r.ForeignVAT, Capacity: r.Capacity,
		Declaration: r.Declaration, Place: r.Place.V, ApprovedBy: r.ApprovedBy, Uncertainty: microseconds(r.Doubt),
		Created: r.Created, Queued: r.Queued, Owner: r.Owner, Lease: r.Lease, NotBefore: r.NotBefore,
		LookUps: r.LookUps, LookedUp: r.LookedUp, NeedsPerson: r.NeedsPerson, RegisterID: r.RegisterID.Int64,
		Validity: r.Validity, Answer: r.Answer, Answered: r.Answered, Generation: r.Generation, Late: r.Late,
		ReleasedFrom: r.ReleasedFrom, Vouched: r.Vouched, SetBack: r.SetBack, Earlier: r.Run != s.run,
		Mended: r.Mended, Failing: app.Failing{Times: r.Failures, As: r.FailedAs, Since: r.FailingSince, Among: r.FailedAmong},
		Cancellation: app.Cancellation{State: r.Cancel, By: r.CancelBy, At: r.CancelAt, Due: r.CancelDue, Looks: r.CancelLooks, Answer: r.CancelAnswer},
	}, err
}

// registrations reads the rows that a condition, which may end in an order, names.
func (s *Store) registrations(ctx context.Context, q sqlx.QueryerContext, where string, args ...any) ([]app.Registration, error) {
	return s.registrationsFrom(ctx, q, `FROM registration WHERE `+where, args...)
}

func (s *Store) registrationsFrom(ctx context.Context, q sqlx.QueryerContext, from string, args ...any) ([]app.Registration, error) {
	logs, err := logKeys(ctx, q)
	if err != nil {
		return nil, err
	}
	open := func(r registrationRow) (app.Registration, error) { return s.openRegistration(r, logs[r.Log]) }
	return listIn(ctx, q, open, `SELECT "`+strings.Join(columnsOf(registrationRow{}), `", "`)+`" `+from, args...)
}

// condition gathers the parts of a WHERE clause.
type condition struct {
	text string
	args []any
}

func (c *condition) and(text string, args ...any) {
	if c.text != "" {
		c.text += " AND "
	}
	c.text += text
	c.args = append(c.args, args...)
}

// among adds "column IN (...)".
func among[T ~string](c *condition, column string, values []T) {
	marks := make([]byte, 0, 2*len(values))
	args := make([]any, 0, len(values))
	for i, v := range values {
		if i > 0 {
			marks = append(marks, ',')
		}
		marks = append(marks, '?')
		args = append(args, string(v))
	}
	c.and(column+" IN ("+string(marks)+")", args...)
}

// amongRows adds that a row is one of those in the table.
func amongRows(c *condition, rows []int64) {
	args := make([]any, len(rows))
	for i, row := range rows {
		args[i] = row
	}
	c.and("rowid IN ("+strings.TrimSuffix(strings.Repeat("?,", len(rows)), ",")+")", args...)
}

// ofPunches adds that a row is of one of the punches.
func ofPunches(c *condition, keys []app.RecordKey) {
	byLog := map[app.LogKey][]any{}
	for _, k := range keys {
		byLog[k.LogKey] = append(byLog[k.LogKey], k.Seq)
	}
	parts, args := []string{"1 = 0"}, []any{}
	for log, seqs := range byLog {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(seqs)), ", ")
		parts = append(parts, "log = (SELECT id FROM box_log WHERE box = ? AND log = ?) AND seq IN ("+marks+")")
		args = append(append(args, log.Box, log.Log), seqs...)
	}
	c.and("("+strings.Join(parts, " OR ")+")", args...)
}

// Registrations returns rows in the order of their sent time.
func (s *Store) Registrations(ctx context.Context, f ciao.RegistrationFilter) ([]app.Registration, error) {
	c := condition{}
	c.and("1 = 1")
	if f.Environment != "" {
		c.and("environment = ?", f.Environment)
	}
	if len(f.States) > 0 {
		among(&c, shownState, f.States)
	}
	if len(f.IDs) > 0 {
		among(&c, "id", f.IDs)
	}
	if f.Punches != nil {
		ofPunches(&c, f.Punches)
	}
	if f.Sent.From != 0 {
		c.and("at >= ?", f.Sent.From)
	}
	if f.Sent.To != 0 {
		c.and("at < ?", f.Sent.To)
	}
	if f.WorkerID != "" {
		c.and("worker = ?", f.WorkerID)
	}
	if f.SiteID != "" {
		c.and("site = ?", f.SiteID)
	}
	if f.NeedsPerson {
		c.and("needs_person = 1")
	}
	order := sendingOrder
	if f.Limit > 0 {
		order = latestFirst + " LIMIT ?"
		c.args = append(c.args, f.Limit)
	}
	var out []app.Registration
	err := s.read(ctx, "read registrations", func(tx *sqlx.Tx) (err error) {
		out, err = s.registrations(ctx, tx, c.text+order, c.args...)
		return err
	})
	if f.Limit > 0 {
		slices.Reverse(out)
	}
	return out, err
}

// shownState is the state as people see it: cancelled where the register carried that out.
const shownState = `CASE cancel WHEN 'cancelled' THEN 'cancelled' ELSE state END`

// RegistrationSummary counts the outbox of an environment.
func (s *Store) RegistrationSummary(ctx context.Context, e app.Environment) (ciao.RegistrationSummary, error) {
	sum := ciao.RegistrationSummary{Environment: e, States: map[app.RegistrationState]int{}, Validity: map[string]int{},
		NeedsPersonOf: map[app.RegistrationState]int{}}
	err := s.read(ctx, "count registrations", func(tx *sqlx.Tx) error {
		var rows []struct {
			State    app.RegistrationState `db:"state"`
			Validity string                `db:"validity"`
			Needs    bool                  `db:"needs_person"`
			N        int                   `db:"n"`
			Since    app.Instant           `db:"since"`
		}
		err := tx.SelectContext(ctx, &rows, `SELECT state, '' AS validity, needs_person, count(*) AS n, min(at) AS since `+
			by("registration_open", openOnes)+` GROUP BY state, needs_person
			UNION ALL SELECT `+shownState+`, validity, 0, count(*), 0 `+by("registration_settled", `state IN ('accepted', 'refused')`)+` GROUP BY state, cancel, validity`, e)
		if err != nil {
			return err
		}
		for _, r := range rows {
			sum.States[r.State] += r.N
			switch r.State {
			case app.RegAccepted:
				sum.Validity[r.Validity] += r.N
			case app.RegQueued, app.RegSending, app.RegUnknown:
				sum.WaitingSince = earlier(sum.WaitingSince, r.Since)
			}
			if r.Needs {
				sum.NeedsPerson += r.N
				sum.NeedsPersonOf[r.State] += r.N
				sum.NeedsPersonSince = earlier(sum.NeedsPersonSince, r.Since)
			}
		}
		sum.Sender, err = senderState(ctx, tx, e)
		return err
	})
	return sum, err
}

// Accepted counts by the register's word for their validity what it accepted in some time.
func (s *Store) Accepted(ctx context.Context, e app.Environment, answered app.Span) (map[string]int, error) {
	counts := map[string]int{}
	err := s.read(ctx, "count what was accepted", func(tx *sqlx.Tx) error {
		var rows []struct {
			Validity string `db:"validity"`
			N        int    `db:"n"`
		}
		err := tx.SelectContext(ctx, &rows, `SELECT validity, count(*) AS n FROM registration
			WHERE environment = ? AND state = 'accepted' AND cancel = '' AND register_id IS NOT NULL AND answered >= ? AND answered < ?
			AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.registration = registration.id) GROUP BY validity`, e, answered.From, answered.To)
		for _, r := range rows {
			counts[r.Validity] = r.N
		}
		return err
	})
	return counts, err
}

// earlier returns the earlier of two instants of which either may be missing.
func earlier(a, b app.Instant) app.Instant {
	if a == 0 || (b != 0 && b < a) {
		return b
	}
	return a
}

// Attempts ----------------------------------------------------------------

type attemptRow struct {
	ID          app.ID             `db:"id"`
	Environment app.Environment    `db:"environment"`
	Operation   string             `db:"operation"`
	Outcome     app.AttemptOutcome `db:"outcome"`
	Status      int                `db:"status"`
	Problem     string             `db:"problem"`
	TraceID     string             `db:"trace_id"`
	Detail      string             `db:"detail"`
	Started     app.Instant        `db:"started"`
	Ended       app.Instant        `db:"ended"`
}

func attemptRowOf(a app.Attempt) attemptRow {
	return attemptRow{a.ID, a.Environment, a.Operation, a.Outcome, a.Status, a.Problem, a.TraceID, a.Detail, a.Started, a.Ended}
}

func (r attemptRow) value() (app.Attempt, error) {
	return app.Attempt{ID: r.ID, Environment: r.Environment, Operation: r.Operation, Outcome: r.Outcome, Status: r.Status,
		Problem: r.Problem, TraceID: r.TraceID, Detail: r.Detail, Started: r.Started, Ended: r.Ended}, nil
}

// RegistrationAttempts returns the attempts of one registration, newest first.
func (s *Store) RegistrationAttempts(ctx context.Context, id app.ID) ([]app.Attempt, error) {
	return s.attempts(ctx, `id IN (SELECT attempt FROM attempt_item WHERE registration = ?) ORDER BY started DESC, id DESC`, id)
}

// Attempts returns the newest attempts of an environment.
func (s *Store) Attempts(ctx context.Context, e app.Environment, limit int) ([]app.Attempt, error) {
	return s.attempts(ctx, `environment = ? ORDER BY started DESC, id DESC LIMIT ?`, e, limit)
}

func (s *Store) attempts(ctx context.Context, where string, args ...any) (out []app.Attempt, err error) {
	err = s.read(ctx, "read attempts", func(tx *sqlx.Tx) error {
		out, err = listIn(ctx, tx, attemptRow.value, selectAll[attemptRow]("attempt")+` WHERE `+where, args...)
		for i := 0; err == nil && i < len(out); i++ {
			err = tx.SelectContext(ctx, &out[i].Items, `SELECT registration FROM attempt_item WHERE attempt = ? ORDER BY position`, out[i].ID)
		}
		return err
	})
	return out, err
}

func insertAttempt(ctx context.Context, tx *sqlx.Tx, a app.Attempt) error {
	if err := insert(ctx, tx, "attempt", attemptRowOf(a)); err != nil {
		return err
	}
	items := newBulk(ctx, tx, `attempt_item (attempt, position, registration)`, 3)
	for part := range slices.Chunk(indexed(a.Items), rowsPerInsert) {
		for _, item := range part {
			items.add(string(a.ID), item.position, string(item.id))
		}
		if err := items.flush(); err != nil {
			return fmt.Errorf("insert attempt: %w", err)
		}
	}
	return items.close()
}

type positioned struct {
	position int
	id       app.ID
}

func indexed(ids []app.ID) []positioned {
	out := make([]positioned, len(ids))
	for i, id := range ids {
		out[i] = positioned{i, id}
	}
	return out
}

// BeginAttempt writes a look-up or a check down before it goes out.
func (s *Store) BeginAttempt(ctx context.Context, a app.Attempt) error {
	return s.write(ctx, "begin attempt", func(tx *sqlx.Tx) error { return insertAttempt(ctx, tx, a) })
}

// Into the outbox ---------------------------------------------------------

// Enqueue puts rows there. A punch that has a row in that environment is left
// as it is.
func (s *Store) Enqueue(ctx context.Context, regs []app.Registration, act *app.Act) (added int, err error) {
	err = s.write(ctx, "queue registrations", func(tx *sqlx.Tx) error {
		if added, err = s.enqueue(ctx, tx, regs); err != nil || added == 0 {
			return err
		}
		ids := make([]app.ID, len(regs))
		for i := range regs {
			ids[i] = regs[i].ID
		}
		if _, err := s.adoptKnown(ctx, tx, regs[0].Environment, app.At(s.now()), ids, nil); err != nil || act == nil {
			return err
		}
		return s.note(ctx, tx, *act, nil, nil)
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func (s *Store) enqueue(ctx context.Context, tx *sqlx.Tx, regs []app.Registration) (added int, err error) {
	// One of the next generation may follow what was refused, see the schema.
	there, err := tx.PrepareContext(
		ctx,
		`SELECT count(*) FROM registration WHERE environment = ? AND log = ? AND seq = ? AND (generation >= ? OR (state <> 'refused' AND (state <> 'accepted' OR ? = '')))`,
	)
	if err != nil {
		return 0, err
	}
	defer there.Close()
	columns := columnsOf(registrationRow{})
	put := newBulk(ctx, tx, `registration ("`+strings.Join(columns, `", "`)+`")`, len(columns))
	defer put.close()                   //nolint:errcheck // it is asked for what it holds below
	waiting := map[app.RecordKey]bool{} // what it holds: not there yet, and not to be put there twice
	logs := map[app.LogKey]int64{}
	states := map[app.Environment]ciao.SenderState{}
	for i := range regs {
		r := &regs[i]
		log, known := logs[r.Punch.LogKey]
		if !known {
			if log, err = logID(ctx, tx, r.Punch.LogKey); err != nil {
				return 0, fmt.Errorf("find log %s: %w", r.Punch.LogKey, err)
			}
			logs[r.Punch.LogKey] = log
		}
		if waiting[r.Punch] {
			if err := put.flush(); err != nil {
				return 0, err
			}
			clear(waiting)
		}
		var n int
		if err := there.QueryRowContext(ctx, r.Environment, log, int64(r.Punch.Seq), max(r.Generation, 1), r.Mended).Scan(&n); err != nil {
			return 0, err
		}
		if n > 0 {
			continue
		}
		state, known := states[r.Environment]
		if !known {
			if state, err = senderState(ctx, tx, r.Environment); err != nil {
				return 0, err
			}
			states[r.Environment] = state
		}
		put.add(valuesOf(inDoubt(s.registrationRow(r, log), &state))...)
		waiting[r.Punch] = true
		added++
	}
	return added, put.flush()
}

// The one sender ----------------------------------------------------------

func senderState(ctx context.Context, q sqlx.QueryerContext, e app.Environment) (state ciao.SenderState, err error) {
	var row struct {
		NotBefore app.Instant `db:"not_before"`
		Stopped   string      `db:"stopped"`
		State     string      `db:"state"`
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT not_before, stopped, state FROM sender WHERE environment = ?`, e)
	if errors.Is(err, sql.ErrNoRows) {
		return state, nil
	}
	if err != nil {
		return state, fmt.Errorf("read sender: %w", err)
	}
	if err := json.Unmarshal([]byte(row.State), &state); err != nil {
		return state, fmt.Errorf("read sender: %w", err)
	}
	state.NotBefore, state.Stopped = row.NotBefore, row.Stopped
	return state, nil
}

func saveSenderState(ctx context.Context, tx *sqlx.Tx, e app.Environment, state ciao.SenderState) error {
	notBefore, stopped := state.NotBefore, state.Stopped
	state.NotBefore, state.Stopped = 0, "" // columns of their own
	text, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("write sender: %w", err)
	}
	if err := makeSender(ctx, tx, e); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE sender SET not_before = ?, stopped = ?, state = ? WHERE environment = ?`, notBefore, stopped, string(text), e)
	return err
}

func makeSender(ctx context.Context, tx *sqlx.Tx, e app.Environment) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO sender (environment) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM sender WHERE environment = ?1)`, e)
	return err
}

// SenderState returns what is kept between runs of the sender.
func (s *Store) SenderState(ctx context.Context, e app.Environment) (state ciao.SenderState, err error) {
	err = s.read(ctx, "read sender", func(tx *sqlx.Tx) error {
		state, err = senderState(ctx, tx, e)
		return err
	})
	return state, err
}

// ChangeSender changes it in one transaction and gives the result.
func (s *Store) ChangeSender(ctx context.Context, e app.Environment, act *app.Act, change func(*ciao.SenderState)) (state ciao.SenderState, err error) {
	err = s.write(ctx, "change sender", func(tx *sqlx.Tx) error {
		before, err := senderState(ctx, tx, e)
		if err != nil {
			return err
		}
		if state, err = senderState(ctx, tx, e); err != nil { // a second one: change may touch its maps
			return err
		}
		change(&state)
		if err := saveSenderState(ctx, tx, e, state); err != nil {
			return err
		}
		if act == nil {
			return nil
		}
		return s.note(ctx, tx, *act, before, state)
	})
	return state, err
}

// TakeSender makes t.Owner the one sender. What a former one left as "sending"
// becomes unknown, never queued: it may have reached the register. A database
// that was restored or copied stops with ciao.CodeRestored.
func (s *Store) TakeSender(ctx context.Context, t ciao.SenderTake) (recovered int, err error) {
	var marker app.ID
	err = s.write(ctx, "become the sender", func(tx *sqlx.Tx) error {
		if err := makeSender(ctx, tx, t.Environment); err != nil {
			return err
		}
		var now struct {
			Owner string      `db:"owner"`
			Lease app.Instant `db:"lease"`
		}
		if err := tx.GetContext(ctx, &now, `SELECT owner, lease FROM sender WHERE environment = ?`, t.Environment); err != nil {
			return err
		}
		const impossible = time.Hour // a lease that long was written by a clock that was ahead; who lives has renewed it since
		if now.Owner != "" && now.Owner != t.Owner && now.Lease > t.Now && now.Lease < t.Lease.Add(impossible) && (t.Dead == nil || !t.Dead(now.Owner)) {
			return &ciao.BusyError{Owner: now.Owner, Until: now.Lease}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE sender SET owner = ?, lease = ? WHERE environment = ?`, t.Owner, t.Lease, t.Environment); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE registration SET state = 'unknown', owner = '', lease = 0, look_ups = 0, looked_up = 0,
			failures = CASE failed_as WHEN ?3 THEN failures + 1 ELSE 1 END, failed_as = ?3, failing_since = CASE failed_as WHEN ?3 THEN failing_since ELSE ?1 END,
			answered = ?1, not_before = ?2 WHERE environment = ?4 AND state = 'sending'`, t.Now, t.LookUp, ciao.CodeDied, t.Environment)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		recovered = int(n)
		_, err = tx.ExecContext(
			ctx,
			`UPDATE registration INDEXED BY registration_cancelling SET cancel = 'unknown', cancel_looks = 0, cancel_due = ?
				WHERE environment = ? AND cancel = 'sending'`,
			t.LookUp,
			t.Environment,
		)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE attempt INDEXED BY attempt_running SET outcome = 'fate-unknown', problem = ?, ended = ? WHERE environment = ? AND outcome = 'running'`,
			ciao.CodeDied, t.Now, t.Environment)
		if err != nil {
			return err
		}
		state, err := senderState(ctx, tx, t.Environment)
		if err != nil {
			return err
		}
		sign, err := s.signOf(ctx, tx, t.Environment, state)
		if err != nil || sign == "" {
			return err
		}
		marker, err = s.setBack(ctx, tx, t.Environment, sign, t.Now, t.LookUp)
		return err
	})
	if err == nil && marker != "" {
		err = s.witness.remember(t.Environment, marker)
	}
	return recovered, err
}

// KeepSender renews the lease.
func (s *Store) KeepSender(ctx context.Context, e app.Environment, owner string, lease app.Instant) (state ciao.SenderState, err error) {
	err = s.write(ctx, "stay the sender", func(tx *sqlx.Tx) error {
		if err := extend(ctx, tx, e, owner, lease); err != nil {
			return err
		}
		state, err = senderState(ctx, tx, e)
		return err
	})
	return state, err
}

func extend(ctx context.Context, tx *sqlx.Tx, e app.Environment, owner string, lease app.Instant) error {
	result, err := tx.ExecContext(ctx, `UPDATE sender SET lease = ? WHERE environment = ? AND owner = ?`, lease, e, owner)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ciao.ErrSenderLost, err)
	}
	return nil
}

// LeaveSender returns the place up.
func (s *Store) LeaveSender(ctx context.Context, e app.Environment, owner string) error {
	return s.write(ctx, "leave the sender", func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE sender SET owner = '', lease = 0 WHERE environment = ? AND owner = ?`, e, owner)
		return err
	})
}

// Out of the outbox -------------------------------------------------------

// Claim marks what may go next as "sending", and writes the attempt down with it.
func (s *Store) Claim(ctx context.Context, c ciao.Claim) (regs []app.Registration, err error) {
	err = s.write(ctx, "claim registrations", func(tx *sqlx.Tx) error {
		regs = nil
		if err := extend(ctx, tx, c.Environment, c.Owner, c.Lease); err != nil {
			return err
		}
		state, err := senderState(ctx, tx, c.Environment)
		if err != nil {
			return err
		}
		if state.Stopped != "" { // by what a box said just now
			return nil
		}
		rows, err := claimable(ctx, tx, c, state.Parked)
		if err != nil || len(rows) == 0 {
			return err
		}
		mine := condition{}
		amongRows(&mine, rows)
		args := append([]any{c.Owner, c.Lease}, mine.args...)
		if _, err := tx.ExecContext(ctx, `UPDATE registration SET state = 'sending', owner = ?, lease = ? WHERE `+mine.text, args...); err != nil {
			return err
		}
		if regs, err = s.registrations(ctx, tx, mine.text+sendingOrder, mine.args...); err != nil {
			return err
		}
		c.Attempt.Items = nil
		for i := range regs {
			c.Attempt.Items = append(c.Attempt.Items, regs[i].ID)
		}
		return insertAttempt(ctx, tx, c.Attempt)
	})
	if err == nil && len(regs) > 0 {
		err = s.witness.remember(c.Environment, c.Attempt.ID)
	}
	if err != nil {
		return nil, err
	}
	return regs, nil
}

// Finish keeps what an attempt brought, in one transaction.
func (s *Store) Finish(ctx context.Context, a app.Attempt, changes []ciao.Change) error {
	return s.write(ctx, "keep the register's answer", func(tx *sqlx.Tx) error {
		if err := finishAttempt(ctx, tx, a); err != nil {
			return err
		}
		return s.applyChanges(ctx, tx, a.Environment, changes)
	})
}

func (s *Store) applyChanges(ctx context.Context, tx *sqlx.Tx, e app.Environment, changes []ciao.Change) error {
	once := prepared{tx: tx, statements: map[string]*sqlx.Stmt{}}
	defer once.close()
	for i := range changes {
		if err := applyChange(ctx, &once, e, changes[i]); err != nil {
			return fmt.Errorf("registration %s: %w", changes[i].ID, err)
		}
	}
	return s.judgeAnswered(ctx, tx, e, changes)
}

func finishAttempt(ctx context.Context, tx *sqlx.Tx, a app.Attempt) error {
	_, err := tx.ExecContext(ctx, `UPDATE attempt SET outcome = ?, status = ?, problem = ?, trace_id = ?, detail = ?, started = ?, ended = ? WHERE id = ?`,
		a.Outcome, a.Status, a.Problem, a.TraceID, a.Detail, a.Started, a.Ended, a.ID)
	return err
}

// prepared parses each statement of a transaction once, however often it runs:
// for hundreds of rows the parser would cost more than the rows.
type prepared struct {
	tx         *sqlx.Tx
	statements map[string]*sqlx.Stmt
}

func (p *prepared) statement(ctx context.Context, text string) (*sqlx.Stmt, error) {
	if s := p.statements[text]; s != nil {
		return s, nil
	}
	s, err := p.tx.PreparexContext(ctx, text)
	if err == nil {
		p.statements[text] = s
	}
	return s, err
}

func (p *prepared) close() {
	for _, s := range p.statements {
		s.Close() //nolint:errcheck // the transaction tells what went wrong
	}
}

func (p *prepared) exec(ctx context.Context, text string, args ...any) error {
	s, err := p.statement(ctx, text)
	if err == nil {
		_, err = s.ExecContext(ctx, args...)
	}
	return err
}

func (p *prepared) get(ctx context.Context, into any, text string, args ...any) error {
	s, err := p.statement(ctx, text)
	if err == nil {
		err = s.GetContext(ctx, into, args...)
	}
	return err
}

func applyChange(ctx context.Context, tx *prepared, e app.Environment, c ciao.Change) error {
	if c.RegisterID != 0 {
		var taken int
		err := tx.get(ctx, &taken, `SELECT count(*) FROM registration WHERE environment = ? AND register_id = ? AND id <> ?`, e, c.RegisterID, c.ID)
		if err != nil {
			return err
		}
		if taken > 0 { // one id for two punches: a person has to look
			c.State, c.RegisterID, c.Validity, c.Answer, c.NeedsPerson = app.RegUnknown, 0, "", ciao.CodeOtherID, true
		}
	}
	set := `UPDATE registration SET state = ?, not_before = ?, look_ups = ?, looked_up = ?, needs_person = ?, register_id = ?,
		validity = ?, answer = ?, answered = ?, failures = ?, failed_as = ?, failing_since = ?, failed_among = ?, owner = '', lease = 0 WHERE id = ?`
	args := []any{c.State, c.NotBefore, c.LookUps, c.LookedUp, c.NeedsPerson, sql.NullInt64{Int64: c.RegisterID, Valid: c.RegisterID != 0},
		c.Validity, c.Answer, c.Answered, c.Failing.Times, c.Failing.As, c.Failing.Since, c.Failing.Among, c.ID}
	switch {
	case c.From != app.RegSending && c.State == app.RegAccepted && c.From != app.RegAccepted: // found, whatever was decided meanwhile
		set += ` AND state IN ('queued', 'unknown')`
	case c.From != app.RegSending && c.Saw && c.From != app.RegAccepted:
		set += ` AND state = ? AND needs_person = ? AND looked_up = ?`
		args = append(args, c.From, c.SawNeeds, c.SawLookedUp)
	case c.From != app.RegSending:
		set += ` AND state = ?`
		args = append(args, c.From)
	case c.State == app.RegAccepted: // an answer that came late is knowledge all the same
		set += ` AND ((state = 'sending' AND owner = ?) OR state = 'unknown')`
		args = append(args, c.Owner)
	default:
		set += ` AND state = 'sending' AND owner = ?`
		args = append(args, c.Owner)
	}
	return tx.exec(ctx, set, args...)
}

// Look-ups and checks -----------------------------------------------------

// Conditions for rows about which the register is to be asked: those of unknown
// fate, and released ones that were never looked up.
const (
	unknownFate     = `state = 'unknown'`
	releasedUnasked = `state = 'queued' AND approved_by <> '' AND looked_up = 0 AND look_ups = 0`
)

// DueLookUps returns the rows whose look-up is due, of at most so many persons, by person.
func (s *Store) DueLookUps(ctx context.Context, e app.Environment, now app.Instant, persons int) (out []app.Registration, err error) {
	const enough = 500 // rows, in which so many persons are mostly found
	var due []string
	err = s.r.SelectContext(ctx, &due, `SELECT ssin_lookup `+by("registration_unasked", releasedUnasked)+` AND not_before <= ?2
		UNION ALL SELECT ssin_lookup `+by("registration_state", unknownFate)+` AND not_before <= ?2 LIMIT ?3`, e, now, enough)
	if err != nil {
		return nil, fmt.Errorf("find whom to look up: %w", s.explain(err))
	}
	seen := map[string]bool{}
	for _, person := range due { // all of a person's, so that it takes one question
		if seen[person] || len(seen) == persons {
			continue
		}
		seen[person] = true
		for _, what := range []string{by("registration_unasked_person", releasedUnasked), by("registration_fate_person", unknownFate)} {
			rows, err := s.due(ctx, what+` AND ssin_lookup = ?3 AND not_before <= ?2`, e, now, []byte(person))
			if err != nil {
				return nil, err
			}
			out = append(out, rows...)
		}
	}
	slices.SortFunc(out, func(a, b app.Registration) int {
		return cmp.Or(cmp.Compare(a.SSIN, b.SSIN), cmp.Compare(a.At, b.At), a.Punch.Compare(b.Punch))
	})
	return out, nil
}

// DueChecks returns accepted rows whose validity is to be asked again.
func (s *Store) DueChecks(ctx context.Context, e app.Environment, now app.Instant, limit int) ([]app.Registration, error) {
	return s.due(ctx, by("registration_state", `state = 'accepted' AND cancel <> 'cancelled' AND register_id IS NOT NULL AND not_before BETWEEN 1 AND ?2`)+`
		ORDER BY not_before LIMIT ?3`, e, now, limit)
}

func (s *Store) due(ctx context.Context, from string, args ...any) (out []app.Registration, err error) {
	err = s.read(ctx, "read what is due", func(tx *sqlx.Tx) error {
		out, err = s.registrationsFrom(ctx, tx, from, args...)
		return err
	})
	return out, err
}

// KnownRegistration returns the newest one that the register gave an id, other than except.
func (s *Store) KnownRegistration(ctx context.Context, e app.Environment, except app.ID) (app.Registration, bool, error) {
	found, err := s.due(ctx, by("registration_known", `id <> ?2 AND state = 'accepted' AND cancel = '' AND register_id IS NOT NULL`)+`
		ORDER BY answered DESC LIMIT 1`, e, except)
	if err != nil || len(found) == 0 {
		return app.Registration{}, false, err
	}
	return found[0], true, nil
}

// RegisterIDs says which of the register's ids belong to which rows.
func (s *Store) RegisterIDs(ctx context.Context, e app.Environment, ids []int64) (map[int64]app.ID, error) {
	out := map[int64]app.ID{}
	for part := range slices.Chunk(ids, rowsPerInsert) {
		args := []any{e}
		for _, id := range part {
			args = append(args, id)
		}
		var rows []struct {
			ID         app.ID `db:"id"`
			RegisterID int64  `db:"register_id"`
		}
		err := s.r.SelectContext(ctx, &rows, `SELECT id, register_id FROM registration INDEXED BY registration_register_id
			WHERE environment = ? AND register_id IN (`+strings.TrimSuffix(strings.Repeat("?,", len(part)), ",")+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("find the register's ids: %w", s.explain(err))
		}
		for _, r := range rows {
			out[r.RegisterID] = r.ID
		}
	}
	return out, nil
}

// The credential ----------------------------------------------------------

type credentialRow struct {
	Environment app.Environment `db:"environment"`
	ClientID    string          `db:"client_id"`
	KeySealed   []byte          `db:"key_sealed"`
	Base        string          `db:"base"`
	Token       string          `db:"token"`
	Expires     app.Instant     `db:"expires"`
	At          app.Instant     `db:"at"`
}

func credentialPlace(e app.Environment) place { return place{"credential", "key", app.ID(e)} }

// credentialNote is what the trail keeps of a credential: no key, ever.
type credentialNote struct {
	Environment app.Environment `json:"environment"`
	ClientID    string          `json:"clientId"`
	Base        string          `json:"base"`
	Token       string          `json:"token"`
	Expires     app.Instant     `json:"expires,omitzero"`
}

// SaveCredential keeps a credential, its key sealed, and lets a sender go on
// that was stopped for want of a good one.
func (s *Store) SaveCredential(ctx context.Context, c ciao.Credential, act app.Act) error {
	return s.write(ctx, "keep credential", func(tx *sqlx.Tx) error {
		row := credentialRow{c.Environment, c.ClientID, s.seal.seal(credentialPlace(c.Environment), string(c.Key)), c.Base, c.Token, c.Expires, c.At}
		if err := save(ctx, tx, "credential", row); err != nil {
			return err
		}
		state, err := senderState(ctx, tx, c.Environment)
		if err != nil {
			return err
		}
		if state.Stopped != ciao.CodeRestored { // that one has nothing to do with credentials
			state.Stopped, state.StoppedTrace = "", ""
		}
		state.Parked = nil
		if err := saveSenderState(ctx, tx, c.Environment, state); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, credentialNote{c.Environment, c.ClientID, c.Base, c.Token, c.Expires})
	})
}

// Credential returns the credential of an environment; false where there is none.
func (s *Store) Credential(ctx context.Context, e app.Environment) (ciao.Credential, bool, error) {
	row, err := find[credentialRow](ctx, s.r, "credential", `environment = ?`, e)
	if errors.Is(err, sql.ErrNoRows) {
		return ciao.Credential{}, false, nil
	}
	if err != nil {
		return ciao.Credential{}, false, fmt.Errorf("read credential: %w", s.explain(err))
	}
	key, err := s.seal.open(credentialPlace(e), row.KeySealed)
	if err != nil {
		return ciao.Credential{}, false, fmt.Errorf("read credential: %w", err)
	}
	return ciao.Credential{Environment: row.Environment, ClientID: row.ClientID, Key: ciao.PrivateKey(key),
		Base: row.Base, Token: row.Token, Expires: row.Expires, At: row.At}, true, nil
}
