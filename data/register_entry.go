package data

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/reading"
)

type entryRow struct {
	Environment app.Environment      `db:"environment"`
	ID          int64                `db:"id"`
	Type        app.RegistrationType `db:"type"`
	At          app.Instant          `db:"at"`
	ToMinute    bool                 `db:"to_minute"`
	SSINSealed  []byte               `db:"ssin_sealed"`
	SSINLookup  []byte               `db:"ssin_lookup"`
	Worker      optionalID           `db:"worker"`
	Site        optionalID           `db:"site"`
	SiteSaid    bool                 `db:"site_said"`
	Enterprise  string               `db:"enterprise"`
	ForeignVAT  string               `db:"foreign_vat"`
	Declaration string               `db:"declaration"`
	Place       asJSON[app.Place]    `db:"place"`
	Validity    string               `db:"validity"`
	Remarks     string               `db:"remarks"`
	Cancelled   bool                 `db:"cancelled"`
	RawSealed   []byte               `db:"raw_sealed"`
	Source      app.ReadingSource    `db:"source"`
	Import      app.ID               `db:"import"`
	Withdrawn   bool                 `db:"withdrawn"`
	FirstShown  app.Instant          `db:"first_shown"`
	LastShown   app.Instant          `db:"last_shown"`
	State       app.EntryState       `db:"state"`
	Waits       app.EntryWait        `db:"waits"`
	Decided     app.EntryState       `db:"decided"`
}

func entryPlace(e app.Environment, id int64, column string) place {
	return place{"register_entry", column, app.ID(string(e) + "/" + strconv.FormatInt(id, 10))}
}

// openEntry returns an entry; whose number it is stands in it only masked, and only of nobody in staff.
func (s *Store) openEntry(r entryRow) (app.RegisterEntry, error) {
	e := app.RegisterEntry{
		Environment: r.Environment, ID: r.ID, Type: r.Type, At: r.At, WorkerID: app.ID(r.Worker), SiteID: app.ID(r.Site), Enterprise: r.Enterprise,
		ForeignVAT: r.ForeignVAT, Declaration: r.Declaration, Place: r.Place.V, Validity: r.Validity, Remarks: r.Remarks, Cancelled: r.Cancelled,
		FirstShown: r.FirstShown, LastShown: r.LastShown, State: r.State, Waits: r.Waits, Decided: r.Decided, Source: r.Source, Withdrawn: r.Withdrawn,
	}
	if e.WorkerID != "" {
		return e, nil
	}
	ssin, err := s.seal.open(entryPlace(r.Environment, r.ID, "ssin"), r.SSINSealed)
	e.Who = app.Secret(ssin).Masked()
	return e, err
}

// counts says that the tap of an entry counts.
func (r *entryRow) counts() bool {
	return r.State == app.EntryRegistered && !r.Cancelled && !r.Withdrawn
}

// RegisterEntries returns entries by instant and number.
func (s *Store) RegisterEntries(ctx context.Context, f ciao.EntryFilter) ([]app.RegisterEntry, error) {
	c := condition{}
	c.and("environment = ?", f.Environment)
	c.within("at", f.At)
	if len(f.States) > 0 {
		among(&c, "state", f.States)
	}
	if f.SiteID != "" {
		c.and("site = ?", f.SiteID)
	}
	if f.WorkerID != "" {
		c.and("worker = ?", f.WorkerID)
	}
	if len(f.IDs) > 0 {
		c.and("id IN ("+marks(len(f.IDs))+")", anyOf(f.IDs)...)
	}
	if f.Counting {
		c.and("state = 'registered' AND cancelled = 0 AND withdrawn = 0")
	}
	return list(ctx, s, "read what the register showed", s.openEntry, selectAll[entryRow]("register_entry")+" WHERE "+c.text+" ORDER BY at, id", c.args...)
}

// within adds that an instant lies in a span, whose zero ends are open.
func (c *condition) within(column string, span app.Span) {
	if span.From != 0 {
		c.and(column+" >= ?", span.From)
	}
	if span.To != 0 {
		c.and(column+" < ?", span.To)
	}
}

func anyOf[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// EntryCounts counts the entries of an environment by what became of them.
func (s *Store) EntryCounts(ctx context.Context, e app.Environment) (ciao.EntryCounts, error) {
	counts := ciao.EntryCounts{States: map[app.EntryState]int{}, Waits: map[app.EntryWait]int{}, Sites: map[app.ID]ciao.SiteEntries{}}
	var rows []struct {
		State  app.EntryState `db:"state"`
		Waits  app.EntryWait  `db:"waits"`
		Site   optionalID     `db:"site"`
		Off    bool           `db:"off"`
		N      int            `db:"n"`
		Oldest app.Instant    `db:"oldest"`
	}
	err := s.r.SelectContext(ctx, &rows, `SELECT state, waits, site, cancelled OR withdrawn AS off, count(*) AS n, min(at) AS oldest
		FROM register_entry WHERE environment = ? GROUP BY 1, 2, 3, 4`, e)
	if err != nil {
		return counts, fmt.Errorf("count what the register showed: %w", s.explain(err))
	}
	for _, r := range rows {
		if r.Off {
			counts.Cancelled += r.N
			continue
		}
		counts.States[r.State] += r.N
		at := counts.Sites[app.ID(r.Site)]
		switch r.State {
		case app.EntryRegistered:
			at.Registered += r.N
		case app.EntryBoxOrPhone:
			at.Waiting += r.N
		}
		counts.Sites[app.ID(r.Site)] = at
		if r.Waits != "" {
			counts.Waits[r.Waits] += r.N
		}
		if r.State != app.EntryRegistered && r.State != app.EntryOurs {
			counts.OldestOpen = earlier(counts.OldestOpen, r.Oldest)
		}
	}
	return counts, nil
}

// KeepEntries keeps what a consultation or a list showed, each thing once.
func (s *Store) KeepEntries(ctx context.Context, sh ciao.Showing) (kept ciao.Kept, err error) {
	err = s.write(ctx, "keep what the register showed", func(tx *sqlx.Tx) error {
		kept, err = s.keepEntries(ctx, tx, &sh)
		return err
	})
	return kept, err
}

func (s *Store) keepEntries(ctx context.Context, tx *sqlx.Tx, sh *ciao.Showing) (kept ciao.Kept, err error) {
	w := s.entries(ctx, tx, sh.Environment, sh.At)
	w.source, w.actor, w.file, w.imported, w.lines = sh.Source, sh.Actor, sh.File, sh.Import, sh.Lines
	if err := dropOldOthers(ctx, tx, app.At(s.now())); err != nil {
		return kept, err
	}
	for i := range sh.Entries {
		if err := w.show(&sh.Entries[i], sh, &kept); err != nil {
			return kept, fmt.Errorf("entry %d: %w", sh.Entries[i].ID, err)
		}
	}
	ids := make([]int64, len(sh.Entries))
	for i := range sh.Entries {
		ids[i] = sh.Entries[i].ID
	}
	if kept.Adopted, err = s.adoptKnown(ctx, tx, sh.Environment, sh.At, nil, ids); err != nil {
		return kept, err
	}
	for i := range sh.Entries { // after all are there: a later one can show what an earlier one is
		if err := w.judgeShown(sh.Entries[i].ID, &kept); err != nil {
			return kept, fmt.Errorf("entry %d: %w", sh.Entries[i].ID, err)
		}
	}
	if err := w.readTo(sh.ReadTo); err != nil {
		return kept, err
	}
	if err := w.asked(sh.Asked); err != nil {
		return kept, err
	}
	return kept, w.close()
}

// show keeps one thing that was shown.
func (w *entryWriter) show(f *ciao.FoundRegistration, sh *ciao.Showing, kept *ciao.Kept) error {
	ssin, whole := f.Person()
	if !whole {
		kept.Refused++
		return nil
	}
	row := w.rowOf(f, ssin.Reveal(), sh)
	known, err := w.known(f.ID)
	switch {
	case err == nil:
		return w.showAgain(known, row, kept)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	ours, err := w.ids(`SELECT id FROM registration WHERE environment = ? AND register_id = ?`, w.env, f.ID)
	if err != nil {
		return err
	}
	if len(ours) > 0 {
		kept.Ours++
		return nil
	}
	if mine, err := w.isOfOurPeople(&row); err != nil || !mine {
		if err == nil {
			kept.Others++
			err = w.showOther(&row, ssin.Masked())
		}
		return err
	}
	if err := w.once.exec(w.ctx, `DELETE FROM register_other WHERE environment = ? AND id = ?`, w.env, f.ID); err != nil {
		return err
	}
	kept.New++
	if err := insert(w.ctx, w.tx, "register_entry", row); err != nil {
		return err
	}
	return w.noteThing(nil, &row)
}

func (w *entryWriter) rowOf(f *ciao.FoundRegistration, ssin string, sh *ciao.Showing) entryRow {
	second := f.RegistrationDate.Instant
	second -= second % 1000
	raw := f.Raw
	if len(raw) == 0 {
		raw, _ = json.Marshal(f) //nolint:errchkjson // plain values
	}
	r := entryRow{
		Environment: w.env, ID: f.ID, Type: f.Type, At: second, ToMinute: f.ToMinute, SSINLookup: w.s.seal.lookup(lookUpSSIN, ssin),
		SSINSealed: w.s.seal.seal(entryPlace(w.env, f.ID, "ssin"), ssin), RawSealed: w.s.seal.seal(entryPlace(w.env, f.ID, "raw"), string(raw)),
		Enterprise: f.Employer.EnterpriseNumber, ForeignVAT: f.Employer.ForeignVATNumber, Declaration: f.Declaration,
		Place: asJSON[app.Place]{f.Place()}, Validity: f.MaskedValidity(), Remarks: f.MaskedRemarks(), Cancelled: f.Cancelled,
		Source: sh.Source, Import: sh.Import, FirstShown: sh.At, LastShown: sh.At, State: app.EntryWho,
	}
	return r
}

// showAgain keeps what the register shows otherwise now of a known entry. What a list leaves out says nothing.
func (w *entryWriter) showAgain(known, shown entryRow, kept *ciao.Kept) error {
	next := known
	next.Type, next.SSINSealed, next.SSINLookup = shown.Type, shown.SSINSealed, shown.SSINLookup
	if !shown.ToMinute || known.ToMinute || known.At-known.At%60_000 != shown.At { // to the minute it says nothing new
		next.At, next.ToMinute = shown.At, shown.ToMinute
	}
	next.Cancelled = shown.Cancelled
	next.Enterprise, next.ForeignVAT = cmp.Or(shown.Enterprise, known.Enterprise), cmp.Or(shown.ForeignVAT, known.ForeignVAT)
	next.Declaration = cmp.Or(shown.Declaration, known.Declaration)
	next.Validity, next.Remarks = cmp.Or(shown.Validity, known.Validity), cmp.Or(shown.Remarks, known.Remarks)
	if shown.Place.V != (app.Place{}) {
		next.Place = shown.Place
	}
	if shown.Source == app.FromRegister {
		next.RawSealed = shown.RawSealed
	}
	if known.Withdrawn || known.Import != "" {
		next.Import, next.Withdrawn = shown.Import, false
	}
	next.LastShown = max(known.LastShown, shown.LastShown)
	if err := w.save(next); err != nil {
		return err
	}
	switch {
	case known.Withdrawn && !next.Withdrawn: // as good as new
		kept.Changed++
		return w.noteThing(nil, &next)
	case known.says(&next):
		kept.Same++
		return nil
	}
	kept.Changed++
	return w.noteThing(&known, &next)
}

// says tells whether two rows say the same of a registration.
func (r *entryRow) says(o *entryRow) bool {
	return r.Type == o.Type && r.At == o.At && bytes.Equal(r.SSINLookup, o.SSINLookup) && r.Cancelled == o.Cancelled && r.Enterprise == o.Enterprise &&
		r.ForeignVAT == o.ForeignVAT && r.Declaration == o.Declaration && r.Validity == o.Validity && r.Remarks == o.Remarks && r.Withdrawn == o.Withdrawn
}

// isOfOurPeople says that an entry is of somebody in staff by an employer of ours, or by an own company of somebody who
// is not in staff yet. All others' people are listed apart.
func (w *entryWriter) isOfOurPeople(r *entryRow) (bool, error) {
	var n int
	err := w.once.get(w.ctx, &n, `SELECT count(*) FROM employer e WHERE ((e.enterprise <> '' AND e.enterprise = ?1) OR (e.foreign_vat <> '' AND e.foreign_vat = ?2))
		AND (e.kind = 'own' OR EXISTS (SELECT 1 FROM engagement g JOIN worker w ON w.id = g.worker WHERE g.employer = e.id AND w.ssin_lookup = ?3))`,
		r.Enterprise, r.ForeignVAT, r.SSINLookup)
	if err != nil || n > 0 || r.Enterprise != "" || r.ForeignVAT != "" {
		return n > 0, err
	}
	err = w.tx.GetContext(w.ctx, &n, `SELECT count(*) FROM worker WHERE ssin_lookup = ?`, r.SSINLookup) // a list that names no employers
	return n > 0, err
}

// showOther keeps what a person of another employer registered, with a masked number only.
func (w *entryWriter) showOther(r *entryRow, who string) error {
	site, err := w.siteOf(r)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, `INSERT INTO register_other (environment, id, type, at, who, enterprise, foreign_vat, declaration, site, validity, cancelled, first_shown, last_shown)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12) ON CONFLICT (environment, id) DO UPDATE SET type = excluded.type, at = excluded.at,
		who = excluded.who, validity = excluded.validity, cancelled = excluded.cancelled, site = excluded.site, last_shown = excluded.last_shown`,
		r.Environment, r.ID, r.Type, r.At, who, r.Enterprise, r.ForeignVAT, r.Declaration, optionalID(site), r.Validity, r.Cancelled, r.LastShown)
	return err
}

// entryWriter writes entries and their taps in one transaction.
type entryWriter struct {
	s      *Store
	ctx    context.Context // of the one call that made it
	tx     *sqlx.Tx
	env    app.Environment
	at     app.Instant
	source app.ReadingSource
	actor  string
	file   string
	// imported is the import of a list, things what it made or changed so far.
	imported app.ID
	lines    map[int64]int // of a list, by the register's number
	things   int
	logs     map[app.ID]*entryLog // by site
	once     prepared
}

// entryLog is the log of a site's phones, with what this transaction does in it.
type entryLog struct {
	id        int64
	reading   int64 // the number of its reading; 0: none was needed yet
	readTo    app.Instant
	records   int
	rewritten bool
}

func (s *Store) entries(ctx context.Context, tx *sqlx.Tx, e app.Environment, at app.Instant) *entryWriter {
	if at == 0 {
		at = app.At(s.now())
	}
	return &entryWriter{s: s, ctx: ctx, tx: tx, env: e, at: at, source: app.FromRegister, logs: map[app.ID]*entryLog{}, once: prepared{tx: tx, statements: map[string]*sqlx.Stmt{}}}
}

func (w *entryWriter) save(r entryRow) error {
	columns := columnsOf(r)
	sets := make([]string, 0, len(columns))
	for _, c := range columns[2:] {
		sets = append(sets, c+" = :"+c)
	}
	_, err := w.tx.NamedExecContext(w.ctx, `UPDATE register_entry SET `+strings.Join(sets, ", ")+` WHERE environment = :environment AND id = :id`, r)
	return err
}

func (w *entryWriter) ids(query string, args ...any) (list []app.ID, err error) {
	statement, err := w.once.statement(w.ctx, query)
	if err == nil {
		err = statement.SelectContext(w.ctx, &list, args...)
	}
	return list, err
}

func (w *entryWriter) holds(query string, args ...any) (yes bool, err error) {
	err = w.once.get(w.ctx, &yes, `SELECT EXISTS (`+query+`)`, args...)
	return yes, err
}

// known returns the entry with a number; sql.ErrNoRows where there is none.
func (w *entryWriter) known(id int64) (r entryRow, err error) {
	err = w.once.get(w.ctx, &r, selectAll[entryRow]("register_entry")+` WHERE environment = ? AND id = ?`, w.env, id)
	return r, err
}

// log returns the log of a site's phones, which is made, with its box, where it is new.
func (w *entryWriter) log(site app.ID) (*entryLog, error) {
	if l := w.logs[site]; l != nil {
		return l, nil
	}
	if err := meetPhones(w.ctx, w.tx, site, w.at); err != nil {
		return nil, err
	}
	box := app.MakeRegister.UID(string(site))
	if _, err := w.tx.ExecContext(w.ctx, `INSERT INTO box_log (box, log) VALUES (?, ?) ON CONFLICT DO NOTHING`, box, w.env); err != nil {
		return nil, fmt.Errorf("make a log: %w", err)
	}
	l := &entryLog{}
	if err := w.tx.GetContext(w.ctx, &l.id, `SELECT id FROM box_log WHERE box = ? AND log = ?`, box, w.env); err != nil {
		return nil, fmt.Errorf("find a log: %w", err)
	}
	w.logs[site] = l
	return l, nil
}

// meetPhones makes the box that stands for the phones of a site. It needs no placement: its name says where it stands.
func meetPhones(ctx context.Context, tx *sqlx.Tx, site app.ID, at app.Instant) error {
	uid := app.MakeRegister.UID(string(site))
	if _, err := find[boxRow](ctx, tx, "box", "uid = ?", uid); !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return insert(ctx, tx, "box", boxRow{UID: uid, Make: app.MakeRegister, FirstSeen: at})
}

// readingOf returns the number of the reading by which a log's news of this transaction came.
func (w *entryWriter) readingOf(l *entryLog) (int64, error) {
	if l.reading != 0 {
		return l.reading, nil
	}
	id, err := app.NewID()
	if err != nil {
		return 0, err
	}
	r := app.Reading{ID: id, Source: w.source, FileName: w.file, Installation: w.s.own, Actor: w.actor, State: app.ReadingDone, Started: w.at, Ended: w.at}
	if err := insert(w.ctx, w.tx, "reading", rowOfReading(r, l.id)); err != nil {
		return 0, err
	}
	if _, err := w.tx.ExecContext(w.ctx, `UPDATE reading SET import = ? WHERE id = ?`, w.imported, id); err != nil {
		return 0, err
	}
	err = w.tx.GetContext(w.ctx, &l.reading, `SELECT number FROM reading WHERE id = ?`, id)
	return l.reading, err
}

// readTo notes up to when nothing else was registered at sites.
func (w *entryWriter) readTo(sites map[app.ID]app.Instant) error {
	for site, at := range sites {
		l, err := w.log(site)
		if err != nil {
			return err
		}
		if extended, err := w.extend(l, at); err != nil || extended {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := w.readingOf(l); err != nil {
			return err
		}
		l.readTo = at
	}
	return nil
}

// extend lets the last reading of a log go on where that is a consultation of this day, and this one brought nothing new
// of it: the register is asked every ten minutes, perhaps, and a reading is for ever.
func (w *entryWriter) extend(l *entryLog, at app.Instant) (bool, error) {
	if w.source != app.FromRegister || l.reading != 0 {
		return false, nil
	}
	var last struct {
		Number int64             `db:"number"`
		Source app.ReadingSource `db:"source"`
		State  app.ReadingState  `db:"state"`
		Ended  app.Instant       `db:"ended"`
	}
	err := w.tx.GetContext(w.ctx, &last, `SELECT number, source, state, ended FROM reading WHERE log = ? ORDER BY number DESC LIMIT 1`, l.id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	zone := app.Belgium()
	if err != nil || last.Source != app.FromRegister || last.State != app.ReadingDone || last.Ended > w.at || last.Ended.DateIn(zone) != w.at.DateIn(zone) {
		return false, err
	}
	l.rewritten = true // whoever derives reads the log anew, with its readings
	_, err = w.tx.ExecContext(w.ctx, `UPDATE reading SET read_to = max(read_to, ?), ended = ? WHERE number = ?`, at, w.at, last.Number)
	return true, err
}

// asked notes up to when all is known of persons.
func (w *entryWriter) asked(persons map[app.ID]app.Instant) error {
	for worker, upTo := range persons {
		_, err := w.tx.ExecContext(w.ctx, `INSERT INTO register_asked (environment, worker, up_to) VALUES (?, ?, ?)
			ON CONFLICT (environment, worker) DO UPDATE SET up_to = max(up_to, excluded.up_to)`, w.env, worker, upTo)
		if err != nil {
			return err
		}
	}
	return nil
}

// PhonesListed returns the sites where people may register by phone, with up to when a list shows who did.
func (s *Store) PhonesListed(ctx context.Context, e app.Environment) (ciao.Phones, error) {
	var rows []struct {
		Site   app.ID      `db:"site"`
		Listed app.Instant `db:"listed"`
	}
	err := s.r.SelectContext(ctx, &rows, `SELECT s.id AS site, coalesce(max(min(r.read_to, max(r.started, r.ended))), 0) AS listed FROM site s
		LEFT JOIN box_log l ON l.box = 'register:' || s.id AND l.log = ?
		LEFT JOIN reading r ON r.log = l.id AND r.source = ? AND r.state = ?
		WHERE s.phones = 1 GROUP BY s.id`, e, app.FromList, app.ReadingDone)
	if err != nil {
		return nil, fmt.Errorf("read where people register by phone: %w", s.explain(err))
	}
	phones := make(ciao.Phones, len(rows))
	for _, r := range rows {
		phones[r.Site] = r.Listed
	}
	return phones, nil
}

// AskedUpTo says up to when the register was asked about single persons.
func (s *Store) AskedUpTo(ctx context.Context, e app.Environment) (map[app.ID]app.Instant, error) {
	var rows []struct {
		Worker app.ID      `db:"worker"`
		UpTo   app.Instant `db:"up_to"`
	}
	if err := s.r.SelectContext(ctx, &rows, `SELECT worker, up_to FROM register_asked WHERE environment = ?`, e); err != nil {
		return nil, fmt.Errorf("read up to when persons were asked about: %w", s.explain(err))
	}
	out := make(map[app.ID]app.Instant, len(rows))
	for _, r := range rows {
		out[r.Worker] = r.UpTo
	}
	return out, nil
}

// close writes what is known of the readings at the end, and tells whoever derives which logs to read anew.
func (w *entryWriter) close() error {
	w.once.close()
	clear(w.once.statements)
	for _, l := range w.logs {
		if l.reading != 0 {
			_, err := w.tx.ExecContext(w.ctx, `UPDATE reading SET records = ?1, added = ?1, read_to = ?2 WHERE number = ?3`, l.records, l.readTo, l.reading)
			if err != nil {
				return err
			}
		}
		if _, err := w.tx.ExecContext(w.ctx, `UPDATE box_log SET rewriting = 0, rewritten = rewritten + ? WHERE id = ?`, flag(l.rewritten), l.id); err != nil {
			return err
		}
	}
	return nil
}

// tap lets the records of an entry say what it says: one at its site that counts where it does, none elsewhere.
func (w *entryWriter) tap(r *entryRow) error {
	stale, err := w.ids(`SELECT b.box FROM box_log b CROSS JOIN punch p ON p.log = b.id AND p.seq = ?1 AND p.counts = 1
		WHERE b.log = ?2 AND b.box LIKE 'register:%' AND b.box <> ?3`, r.ID, w.env, app.MakeRegister.UID(string(r.Site)))
	if err != nil {
		return err
	}
	for _, box := range stale {
		site, _ := app.PhonesSite(string(box))
		if err := w.rewrite(site, `UPDATE punch SET counts = 0 WHERE log = ? AND seq = ?`, r.ID); err != nil {
			return err
		}
	}
	if r.Site == "" || r.Worker == "" {
		return nil
	}
	l, err := w.log(app.ID(r.Site))
	if err != nil {
		return err
	}
	shown, err := shownID(w.ctx, w.tx, app.IdentifierKey{Kind: app.ByRegister, Value: string(r.Worker)})
	if err != nil {
		return err
	}
	var is struct {
		At      app.Instant  `db:"at"`
		Shown   int64        `db:"shown"`
		Pressed app.PunchKey `db:"pressed"`
		Counts  bool         `db:"counts"`
	}
	err = w.once.get(w.ctx, &is, `SELECT at, shown, pressed, counts FROM punch WHERE log = ? AND seq = ?`, l.id, r.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if r.State != app.EntryRegistered && r.State != app.EntryBoxOrPhone {
			return nil
		}
		return w.newTap(l, r, shown)
	case err != nil:
		return err
	case is.At == r.At && is.Shown == shown && is.Pressed == r.Type.Key() && is.Counts == r.counts():
		return nil
	case !is.Counts && !r.counts(): // of no consequence before it counts
		return nil
	}
	return w.rewrite(app.ID(r.Site), `UPDATE punch SET at = ?3, shown = ?4, pressed = ?5, counts = ?6 WHERE log = ?1 AND seq = ?2`,
		r.ID, r.At, shown, int64(r.Type.Key()), flag(r.counts()))
}

// rewrite changes a punch of a site's phones: its log and number are the first two arguments.
func (w *entryWriter) rewrite(site app.ID, query string, args ...any) error {
	l, err := w.log(site)
	if err != nil {
		return err
	}
	if _, err := w.tx.ExecContext(w.ctx, `UPDATE box_log SET rewriting = 1 WHERE id = ?`, l.id); err != nil {
		return err
	}
	l.rewritten = true
	_, err = w.tx.ExecContext(w.ctx, query, append([]any{l.id}, args...)...)
	return err
}

// newTap puts the record of an entry there: what the register said of it, with numbers masked.
func (w *entryWriter) newTap(l *entryLog, r *entryRow, shown int64) error {
	number, err := w.readingOf(l)
	if err != nil {
		return err
	}
	raw, err := w.s.seal.open(entryPlace(r.Environment, r.ID, "raw"), r.RawSealed)
	if err != nil {
		return err
	}
	ssin, err := w.s.seal.open(entryPlace(r.Environment, r.ID, "ssin"), r.SSINSealed)
	if err != nil {
		return err
	}
	raw = ciao.MaskEntry(raw, app.Secret(ssin))
	err = w.once.exec(w.ctx, `INSERT INTO record (log, seq, type, raw, reading) VALUES (?, ?, ?, ?, ?)`, l.id, r.ID, int64(app.RecordPunch), []byte(raw), number)
	if err != nil {
		return fmt.Errorf("insert the record: %w", err)
	}
	l.records++
	err = w.once.exec(w.ctx, `INSERT INTO punch (log, seq, at, shown, pressed, reading, counts) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		l.id, r.ID, r.At, shown, int64(r.Type.Key()), number, flag(r.counts()))
	if err != nil {
		return fmt.Errorf("insert the tap: %w", err)
	}
	return nil
}

// PlaceEntries says at which site entries were; "" takes that back.
func (s *Store) PlaceEntries(ctx context.Context, e app.Environment, ids []int64, site app.ID, act app.Act) error {
	return s.changeEntries(ctx, e, ids, act, func(r *entryRow) { r.Site, r.SiteSaid = optionalID(site), site != "" })
}

// DecideEntries says what entries that wait are; "" takes that back.
func (s *Store) DecideEntries(ctx context.Context, e app.Environment, ids []int64, is app.EntryState, act app.Act) error {
	return s.changeEntries(ctx, e, ids, act, func(r *entryRow) { r.Decided = is })
}

// toldEntry is what the trail tells of an entry: no number of a person.
type toldEntry struct {
	ID      int64          `json:"id"`
	SiteID  app.ID         `json:"siteId,omitempty"`
	State   app.EntryState `json:"state"`
	Decided app.EntryState `json:"decided,omitempty"`
}

func (r *entryRow) told() toldEntry { return toldEntry{r.ID, app.ID(r.Site), r.State, r.Decided} }

func (s *Store) changeEntries(ctx context.Context, e app.Environment, ids []int64, act app.Act, change func(*entryRow)) error {
	return s.write(ctx, "change what became of what the register showed", func(tx *sqlx.Tx) error {
		w := s.entries(ctx, tx, e, act.At)
		w.actor = act.Actor
		var before, after []toldEntry
		for _, id := range ids {
			r, err := find[entryRow](ctx, tx, "register_entry", "environment = ? AND id = ?", e, id)
			if errors.Is(err, sql.ErrNoRows) {
				return &missingRow{*app.NotFound("entry", strconv.FormatInt(id, 10))}
			}
			if err != nil {
				return err
			}
			before = append(before, r.told())
			change(&r)
			if r.Decided == "" && r.State == app.EntryRegistered {
				r.State = app.EntryWho // to be judged anew
			}
			if r, err = w.judge(r); err != nil {
				return err
			}
			after = append(after, r.told())
		}
		if err := w.close(); err != nil {
			return err
		}
		return s.note(ctx, tx, act, before, after)
	})
}

// PhonesReadTo notes that a person looked, and up to when all is known that was registered by phone at a site.
func (s *Store) PhonesReadTo(ctx context.Context, e app.Environment, site app.ID, readTo app.Instant, act app.Act) (id app.ID, err error) {
	err = s.write(ctx, "note up to when phones were checked", func(tx *sqlx.Tx) error {
		w := s.entries(ctx, tx, e, act.At)
		w.source, w.actor = app.FromPerson, act.Actor
		if err := w.readTo(map[app.ID]app.Instant{site: readTo}); err != nil {
			return err
		}
		if err := w.close(); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &id, `SELECT id FROM reading WHERE number = ?`, w.logs[site].reading); err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, map[string]any{"siteId": site, "readTo": readTo, "reading": id})
	})
	return id, err
}

// WithdrawPhonesReadTo takes such a word back.
func (s *Store) WithdrawPhonesReadTo(ctx context.Context, id app.ID, act app.Act) error {
	return s.write(ctx, "take back up to when phones were checked", func(tx *sqlx.Tx) error {
		n, err := withdrawReadings(ctx, tx, `r.id = ? AND r.source = ? AND r.state = ?`, id, app.FromPerson, app.ReadingDone)
		if err == nil && n == 0 {
			err = &missingRow{*app.NotFound("reading", string(id))}
		}
		if err != nil {
			return err
		}
		return s.note(ctx, tx, act, nil, nil)
	})
}

// withdrawReadings lets readings count as read up to nothing, and has their logs read anew by whoever derives.
func withdrawReadings(ctx context.Context, tx *sqlx.Tx, where string, args ...any) (int, error) {
	var rows []struct {
		Number int64 `db:"number"`
		Log    int64 `db:"log"`
	}
	if err := tx.SelectContext(ctx, &rows, `SELECT r.number, r.log FROM reading r WHERE `+where, args...); err != nil {
		return 0, err
	}
	for _, r := range rows {
		_, err := tx.ExecContext(ctx, `UPDATE reading SET state = ?, problem = ?, read_to = 0 WHERE number = ?`, app.ReadingStopped, reading.ProblemUndone, r.Number)
		if err != nil {
			return 0, err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE box_log SET rewritten = rewritten + 1 WHERE id = ?`, r.Log); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// othersKept is how long other employers' entries are kept.
const othersKept = 13 // months

func othersSince(now app.Instant) app.Instant {
	return app.At(now.Time().In(app.Belgium()).AddDate(0, -othersKept, 0))
}

func dropOldOthers(ctx context.Context, tx *sqlx.Tx, now app.Instant) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM register_other WHERE at < ?`, othersSince(now))
	return err
}

type otherRow struct {
	Environment app.Environment      `db:"environment"`
	ID          int64                `db:"id"`
	Type        app.RegistrationType `db:"type"`
	At          app.Instant          `db:"at"`
	Who         string               `db:"who"`
	Enterprise  string               `db:"enterprise"`
	ForeignVAT  string               `db:"foreign_vat"`
	Site        optionalID           `db:"site"`
	Declaration string               `db:"declaration"`
	Validity    string               `db:"validity"`
	Cancelled   bool                 `db:"cancelled"`
	FirstShown  app.Instant          `db:"first_shown"`
	LastShown   app.Instant          `db:"last_shown"`
}

func (r otherRow) value() (app.OtherEntry, error) {
	return app.OtherEntry{Environment: r.Environment, ID: r.ID, Type: r.Type, At: r.At, Who: r.Who, Enterprise: r.Enterprise, ForeignVAT: r.ForeignVAT,
		SiteID: app.ID(r.Site), Declaration: r.Declaration, Validity: r.Validity, Cancelled: r.Cancelled, FirstShown: r.FirstShown, LastShown: r.LastShown}, nil
}

// OtherEntries returns what other employers' people registered at our sites, by instant and number.
func (s *Store) OtherEntries(ctx context.Context, f ciao.OtherFilter) ([]app.OtherEntry, error) {
	c := condition{}
	c.and("environment = ?", f.Environment)
	c.and("at >= ?", othersSince(app.At(s.now())))
	c.within("at", f.At)
	if f.SiteID != "" {
		c.and("site = ?", f.SiteID)
	}
	if f.Employer != "" {
		c.and("(enterprise = ? OR foreign_vat = ?)", f.Employer, f.Employer)
	}
	return list(ctx, s, "read what others registered", otherRow.value, selectAll[otherRow]("register_other")+" WHERE "+c.text+" ORDER BY at, id", c.args...)
}
