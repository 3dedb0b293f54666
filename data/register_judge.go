package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
)

// What the register shows counts as somebody's registration by phone only where it is
// surely none of ours: its number is unknown, nothing of ours has its type, second and
// declaration, nothing of its employer is under way or of unknown fate, and every box
// of its site was read past it. Until then it waits. Once it counts, only what shows
// that it is ours changes that: what is sent tomorrow says nothing against it.

// openEntries is the condition on entries that wait for something; an index has them alone.
const openEntries = `state NOT IN ('registered', 'ours')`

// waitingEntries is the condition on those of them that wait for a fate or a box.
const waitingEntries = openEntries + ` AND state = 'box-or-phone'`

// rejudge judges anew the entries that a condition names, in whatever environment.
func (s *Store) rejudge(ctx context.Context, tx *sqlx.Tx, where string, args ...any) error {
	rows, err := listIn(ctx, tx, func(r entryRow) (entryRow, error) { return r, nil }, selectAll[entryRow]("register_entry")+" WHERE "+where+" ORDER BY environment, id", args...)
	if err != nil || len(rows) == 0 {
		return err
	}
	var w *entryWriter
	for _, r := range rows {
		if w == nil || w.env != r.Environment {
			if w != nil {
				if err := w.close(); err != nil {
					return err
				}
			}
			w = s.entries(ctx, tx, r.Environment, 0)
		}
		if _, err := w.judge(r); err != nil {
			return fmt.Errorf("judge entry %d: %w", r.ID, err)
		}
	}
	return w.close()
}

// judgeShown judges an entry that was shown, and counts what became of it.
func (w *entryWriter) judgeShown(id int64, kept *ciao.Kept) error {
	r, err := w.known(id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		r, err = w.judge(r)
	}
	switch r.State {
	case app.EntryOurs:
		kept.Ours++
	case app.EntryBoxOrPhone:
		kept.Waiting++
	case app.EntryWhichSite:
		kept.WhichSite++
	case app.EntryWho:
		kept.Who++
	}
	return err
}

// judge says what became of an entry, and lets its tap follow.
func (w *entryWriter) judge(r entryRow) (entryRow, error) {
	next := r
	if err := w.find(&next); err != nil {
		return r, err
	}
	var err error
	if next.State, next.Waits, err = w.become(&next); err != nil {
		return r, err
	}
	if next.State != r.State || next.Waits != r.Waits || next.Worker != r.Worker || next.Site != r.Site || next.Decided != r.Decided || next.SiteSaid != r.SiteSaid {
		if err := w.save(next); err != nil {
			return r, err
		}
	}
	return next, w.tap(&next)
}

// find fills in whose an entry is and where it was.
func (w *entryWriter) find(r *entryRow) error {
	workers, err := w.ids(`SELECT id FROM worker WHERE ssin_lookup = ?`, r.SSINLookup)
	if err != nil {
		return err
	}
	r.Worker = ""
	if len(workers) == 1 {
		r.Worker = optionalID(workers[0])
	}
	if r.SiteSaid || (r.Site != "" && r.State != app.EntryWhichSite) {
		return nil
	}
	site, err := w.siteOf(r)
	r.Site = optionalID(site)
	return err
}

// become says what an entry is by what is known now.
func (w *entryWriter) become(r *entryRow) (app.EntryState, app.EntryWait, error) {
	ours, err := w.holds(`SELECT 1 FROM registration WHERE environment = ? AND register_id = ?`, w.env, r.ID)
	switch {
	case err != nil:
		return "", "", err
	case ours || r.Decided == app.EntryOurs:
		return app.EntryOurs, "", nil
	case r.Worker == "":
		return app.EntryWho, "", nil
	case r.Site == "":
		return app.EntryWhichSite, "", nil
	case r.Decided == app.EntryRegistered:
		return app.EntryRegistered, "", nil
	}
	double, err := w.holds(`SELECT 1 FROM registration WHERE environment = ? AND at >= ? AND at < ? AND type = ? AND declaration = ? AND ssin_lookup = ? AND register_id IS NOT NULL`,
		w.env, r.At, r.until(), r.Type, r.Declaration, r.SSINLookup)
	if err != nil || double {
		return app.EntryOurs, "", err // the register holds it twice
	}
	same, err := w.hasSame(r)
	if err != nil || same {
		return app.EntryBoxOrPhone, app.WaitsForSame, err
	}
	if r.State == app.EntryRegistered {
		return app.EntryRegistered, "", nil
	}
	fate, err := w.holds(`SELECT 1 FROM registration WHERE environment = ? AND state IN ('sending', 'unknown') AND enterprise = ? AND foreign_vat = ?`,
		w.env, r.Enterprise, r.ForeignVAT)
	if err == nil && !fate && r.Enterprise == "" && r.ForeignVAT == "" { // a list that names no employers
		fate, err = w.holds(`SELECT 1 FROM registration WHERE environment = ? AND state IN ('sending', 'unknown')`, w.env)
	}
	if err != nil || fate {
		return app.EntryBoxOrPhone, app.WaitsForFate, err
	}
	past, err := w.boxesReadPast(app.ID(r.Site), r.At)
	if err != nil || !past {
		return app.EntryBoxOrPhone, app.WaitsForBoxes, err
	}
	return app.EntryRegistered, "", nil
}

// until is the end of the second, or of the minute, in which an entry was.
func (r *entryRow) until() app.Instant {
	if r.ToMinute {
		return r.At.Add(time.Minute)
	}
	return r.At.Add(time.Second)
}

// hasSame says that a registration of ours, whatever its state, or a stored tap has an entry's type, second and
// declaration. One that the register accepted under another number is another's.
func (w *entryWriter) hasSame(r *entryRow) (bool, error) {
	same, err := w.holds(`SELECT 1 FROM registration WHERE environment = ? AND at >= ? AND at < ? AND type = ? AND declaration = ?
		AND ssin_lookup = ? AND register_id IS NULL`, w.env, r.At, r.until(), r.Type, r.Declaration, r.SSINLookup)
	if err == nil && !same { // of whomever: the register may know the person by another number
		same, err = w.holds(`SELECT 1 FROM registration WHERE environment = ? AND at >= ? AND at < ? AND type = ? AND declaration = ?
			AND state IN ('queued', 'sending', 'unknown', 'refused') AND register_id IS NULL`, w.env, r.At, r.until(), r.Type, r.Declaration)
	}
	if err != nil || same {
		return same, err
	}
	keys := []any{int64(app.KeyNone), int64(app.KeyIn), int64(app.KeyBreakEnd)}
	if r.Type == app.RegisterOut {
		keys = []any{int64(app.KeyNone), int64(app.KeyOut), int64(app.KeyBreakStart)}
	}
	args := append([]any{r.At, r.until()}, keys...)
	args = append(args, int64(app.Refused), r.Declaration, r.Site, w.env, r.ID, r.Worker)
	return w.holds(`SELECT 1 FROM punch p JOIN box_log l ON l.id = p.log JOIN box b ON b.uid = l.box JOIN shown s ON s.id = p.shown
		JOIN placement pl ON pl.box = l.box AND pl.starts <= p.at AND (pl.ends = 0 OR p.at < pl.ends)
		WHERE p.at >= ? AND p.at < ? AND p.pressed IN (?, ?, ?) AND p.flags & ? = 0 AND b.make <> 'register'
		AND (pl.site IN (SELECT ds.site FROM declaration_site ds JOIN declaration d ON d.id = ds.declaration WHERE d.number = ?) OR pl.site = ?)
		AND NOT EXISTS (SELECT 1 FROM registration g WHERE g.log = p.log AND g.seq = p.seq AND g.environment = ? AND g.register_id <> ?)
		AND coalesce((SELECT e.worker FROM identifier i JOIN custody c ON c.identifier = i.id JOIN engagement e ON e.id = c.engagement
			WHERE i.kind = s.kind AND i."group" IN (s."group", '') AND i.value = s.value AND c.starts <= p.at AND (c.ends = 0 OR p.at < c.ends) LIMIT 1), ?11) = ?11`,
		args...)
}

// boxesReadPast says that every box that stood at a site around an instant was read past it, without a gap there.
func (w *entryWriter) boxesReadPast(site app.ID, at app.Instant) (bool, error) {
	from, to := at.Add(-ciao.EntryMargin), at.Add(ciao.EntryMargin)
	var stays []struct {
		Box    string      `db:"box"`
		Ends   app.Instant `db:"ends"`
		ReadTo app.Instant `db:"read_to"`
	}
	statement, err := w.once.statement(w.ctx, `SELECT p.box, p.ends, coalesce((SELECT max(r.read_to) FROM reading r JOIN box_log l ON l.id = r.log WHERE l.box = p.box), 0) AS read_to
		FROM placement p JOIN box b ON b.uid = p.box WHERE p.site = ? AND b.make <> 'register' AND p.starts <= ? AND (p.ends = 0 OR p.ends > ?)
		AND (p.ends = 0 OR p.starts < p.ends)`)
	if err == nil {
		err = statement.SelectContext(w.ctx, &stays, site, to, from)
	}
	if err != nil {
		return false, err
	}
	for _, s := range stays {
		needed := to
		if s.Ends != 0 {
			needed = min(needed, s.Ends)
		}
		if s.ReadTo < needed {
			return false, nil
		}
		if hidden, err := w.hidden(s.Box, from, to); err != nil || hidden {
			return false, err
		}
	}
	return true, nil
}

// hidden says that records of a box from that time may be among those that are missing.
func (w *entryWriter) hidden(box string, from, to app.Instant) (bool, error) {
	var gaps []gapRow
	err := w.tx.SelectContext(w.ctx, &gaps, `SELECT g.log, g.first, g.last, g.read_elsewhere, g.known FROM gap g JOIN box_log l ON l.id = g.log WHERE l.box = ?`, box)
	if err != nil {
		return false, err
	}
	edge := func(log int64, where, order string, seq int64, open app.Instant) (app.Instant, error) {
		var at sql.NullInt64
		err := w.tx.GetContext(w.ctx, &at, `SELECT at FROM (SELECT seq, at FROM punch WHERE log = ?1 AND seq `+where+` ?2 UNION ALL
			SELECT seq, at FROM box_event WHERE log = ?1 AND seq `+where+` ?2) ORDER BY seq `+order+` LIMIT 1`, log, seq)
		if errors.Is(err, sql.ErrNoRows) {
			return open, nil
		}
		return app.Instant(at.Int64), err
	}
	for _, g := range gaps {
		before, err := edge(g.Log, "<", "DESC", g.First, 0)
		if err != nil {
			return false, err
		}
		after, err := edge(g.Log, ">", "ASC", g.Last, math.MaxInt64)
		if err != nil {
			return false, err
		}
		if before <= to && from <= after {
			return true, nil
		}
	}
	return false, nil
}

// sitesOfDeclaration returns the sites that a declaration covers on a day; where none is, those that it covers at all.
func (w *entryWriter) sitesOfDeclaration(number string, at app.Instant) ([]app.ID, error) {
	const query = `SELECT DISTINCT ds.site FROM declaration_site ds JOIN declaration d ON d.id = ds.declaration WHERE d.number = ?1`
	day := dayText(at.DateIn(app.Belgium()))
	sites, err := w.ids(query+` AND (ds.first_day = '' OR ds.first_day <= ?2) AND (ds.last_day = '' OR ds.last_day >= ?2)`, number, day)
	if err != nil || len(sites) > 0 {
		return sites, err
	}
	return w.ids(query, number)
}

// siteOf returns the site at which an entry was: the one of its declaration, or the one of several that its place names; "" where a person has to say.
func (w *entryWriter) siteOf(r *entryRow) (app.ID, error) {
	sites, err := w.sitesOfDeclaration(r.Declaration, r.At)
	if err != nil || len(sites) == 1 {
		return firstID(sites), err
	}
	var there []app.ID
	for _, id := range sites {
		row, err := find[siteRow](w.ctx, w.tx, "site", "id = ?", id)
		if err != nil {
			return "", err
		}
		site, err := row.value()
		if err != nil {
			return "", err
		}
		if isPlace(&site, &r.Place.V) {
			there = append(there, id)
		}
	}
	if len(there) == 1 {
		return there[0], nil
	}
	return "", nil
}

func firstID(ids []app.ID) app.ID {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// nearSite is how far from a site's coordinates a place may be that is taken for it, in metres.
const nearSite = 200

// isPlace says that a place which the register shows is a site's.
func isPlace(s *app.Site, p *app.Place) bool {
	if c := p.Coordinates; c != nil && s.Coordinates != nil {
		const metres = 111_195 // of a degree of latitude
		north := (c.Latitude - s.Coordinates.Latitude) * metres
		east := (c.Longitude - s.Coordinates.Longitude) * metres * math.Cos(c.Latitude*math.Pi/180)
		return math.Hypot(north, east) <= nearSite
	}
	a := p.Address
	same := func(x, y string) bool { return strings.EqualFold(strings.TrimSpace(x), strings.TrimSpace(y)) }
	return a != nil && a.PostCode != "" && same(a.PostCode, s.Address.PostCode) && same(a.Street, s.Address.Street) && same(a.HouseNumber, s.Address.HouseNumber)
}

// sameEntry joins an entry e with a registration g that has its person, type, second (of a list without them: minute) and declaration: the register
// holds it. What a person called a registration by phone, and what was cancelled, is none.
const sameEntry = `e.environment = g.environment AND e.ssin_lookup = g.ssin_lookup AND g.at >= e.at AND g.at < e.at + CASE e.to_minute WHEN 1 THEN 60000 ELSE 1000 END AND e.type = g.type AND e.declaration = g.declaration
	AND e.cancelled = 0 AND e.withdrawn = 0 AND e.decided <> 'registered' AND NOT EXISTS (SELECT 1 FROM registration o WHERE o.environment = e.environment AND o.register_id = e.id)`

// adoptKnown gives what is not sent yet, and which the register was seen to hold, an unknown fate; and what is of unknown
// fate, and the same in all that is sent, the register's number: the lowest where there are several. It says how many got
// one. It looks at some registrations, or (nil) at those that some entries can be.
func (s *Store) adoptKnown(ctx context.Context, tx *sqlx.Tx, e app.Environment, now app.Instant, regs []app.ID, entries []int64) (adopted int, err error) {
	if any, err := anyEntries(ctx, tx, e); err != nil || !any {
		return 0, err
	}
	if regs != nil {
		for part := range slices.Chunk(regs, rowsPerInsert) {
			n, err := s.adoptSome(ctx, tx, e, now, `g.id IN (`+marks(len(part))+`)`, anyOf(part))
			if err != nil {
				return 0, err
			}
			adopted += n
		}
		return adopted, nil
	}
	for part := range slices.Chunk(entries, rowsPerInsert) {
		n, err := s.adoptSome(ctx, tx, e, now, `e.id IN (`+marks(len(part))+`)`, anyOf(part))
		if err != nil {
			return 0, err
		}
		adopted += n
	}
	return adopted, nil
}

// adoptSome is adoptKnown of what a condition names.
func (s *Store) adoptSome(ctx context.Context, tx *sqlx.Tx, e app.Environment, now app.Instant, where string, args []any) (int, error) {
	var found []struct {
		Registration app.ID                `db:"registration"`
		State        app.RegistrationState `db:"state"`
		RegisterID   int64                 `db:"id"`
		Validity     string                `db:"validity"`
		Remarks      string                `db:"remarks"`
		Whole        bool                  `db:"whole"`
	}
	err := tx.SelectContext(ctx, &found, `SELECT g.id AS registration, g.state, e.id, e.validity, e.remarks, e.enterprise = g.enterprise AND e.foreign_vat = g.foreign_vat AS whole
		FROM registration g JOIN register_entry e ON `+sameEntry+` WHERE g.environment = ? AND g.state IN ('queued', 'unknown') AND `+where+` ORDER BY e.id`,
		append([]any{e}, args...)...)
	if err != nil {
		return 0, err
	}
	given, taken := map[app.ID]bool{}, map[int64]bool{}
	for _, f := range found {
		if f.State == app.RegQueued {
			_, err := tx.ExecContext(ctx, `UPDATE registration SET state = 'unknown', answered = queued, not_before = 0, look_ups = 0, looked_up = 0
				WHERE id = ? AND state = 'queued'`, f.Registration)
			if err != nil {
				return 0, err
			}
		}
		if !f.Whole || given[f.Registration] || taken[f.RegisterID] {
			continue
		}
		given[f.Registration], taken[f.RegisterID] = true, true
		_, err := tx.ExecContext(ctx, `UPDATE registration SET state = 'accepted', register_id = ?, validity = ?, answer = ?, answered = ?, not_before = ?,
			needs_person = 0, owner = '', lease = 0 WHERE id = ? AND state = 'unknown'`, f.RegisterID, f.Validity, f.Remarks, now, now, f.Registration)
		if err != nil {
			return 0, err
		}
		if err := s.rejudge(ctx, tx, `environment = ? AND id = ?`, e, f.RegisterID); err != nil {
			return 0, err
		}
	}
	return len(given), nil
}

func anyEntries(ctx context.Context, tx *sqlx.Tx, e app.Environment) (yes bool, err error) {
	err = tx.GetContext(ctx, &yes, `SELECT EXISTS (SELECT 1 FROM register_entry WHERE environment = ?)`, e)
	return yes, err
}

// judgeStored judges anew what new taps of a box, or how far it was read, can say something of.
func (s *Store) judgeStored(ctx context.Context, tx *sqlx.Tx, log int64, from, to app.Instant) error {
	if err := s.rejudge(ctx, tx, waitingEntries); err != nil || to == 0 {
		return err
	}
	return s.rejudge(ctx, tx, `environment IN ('production', 'nsso-simulation', 'local-simulator') AND at BETWEEN ? AND ? AND state = 'registered'
		AND EXISTS (SELECT 1 FROM punch p WHERE `+inItsTime+` AND +p.log = ?)`, from.Add(-time.Minute), to, log)
}

// inItsTime is the condition on a punch p that it is of the second, or the minute, of an entry.
const inItsTime = `p.at >= register_entry.at AND p.at < register_entry.at + CASE register_entry.to_minute WHEN 1 THEN 60000 ELSE 1000 END`

// punchSpan returns the first and the last instant of the punches of records.
func punchSpan(records []app.Record) (from, to app.Instant) {
	for i := range records {
		if p := records[i].Punch; p != nil {
			if from == 0 || p.At < from {
				from = p.At
			}
			to = max(to, p.At)
		}
	}
	return from, to
}

// judgeAnswered judges anew what changes of registrations can say something of: whose numbers they have now, and all that waits for a fate.
func (s *Store) judgeAnswered(ctx context.Context, tx *sqlx.Tx, e app.Environment, changes []ciao.Change) error {
	if any, err := anyEntries(ctx, tx, e); err != nil || !any {
		return err
	}
	var ids []any
	for i := range changes {
		if changes[i].RegisterID != 0 && changes[i].From != app.RegAccepted {
			ids = append(ids, changes[i].RegisterID)
		}
	}
	for part := range slices.Chunk(ids, rowsPerInsert) {
		if err := s.rejudge(ctx, tx, `environment = ? AND id IN (`+marks(len(part))+`)`, append([]any{e}, part...)...); err != nil {
			return err
		}
	}
	return s.rejudge(ctx, tx, openEntries+` AND waits = 'fate' AND environment = ? AND NOT EXISTS (SELECT 1 FROM registration g WHERE g.environment = register_entry.environment
		AND g.state IN ('sending', 'unknown') AND g.enterprise = register_entry.enterprise AND g.foreign_vat = register_entry.foreign_vat)`, e)
}

// judgePlaced judges anew what depends on where a box stands: what waits, and what counts at the second of one of its taps.
func (s *Store) judgePlaced(ctx context.Context, tx *sqlx.Tx, box string) error {
	if err := s.rejudge(ctx, tx, waitingEntries); err != nil {
		return err
	}
	return s.rejudge(ctx, tx, `state = 'registered' AND EXISTS (SELECT 1 FROM punch p WHERE `+inItsTime+` AND +p.log IN (SELECT id FROM box_log WHERE box = ?))`, box)
}

// judgePerson judges anew what depends on a worker's number: what waits, and what was this person's by another one.
func (s *Store) judgePerson(ctx context.Context, tx *sqlx.Tx, worker app.ID) error {
	if err := s.rejudge(ctx, tx, openEntries); err != nil {
		return err
	}
	return s.rejudge(ctx, tx, `worker = ?1 AND ssin_lookup IS NOT (SELECT ssin_lookup FROM worker WHERE id = ?1)`, worker)
}
