package office_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/ciao/register"
	"klokkast/app/documents"
	"klokkast/app/identity"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/app/workspace"
	"klokkast/data"
)

// failing makes a real database fail: each table gets triggers that count down,
// and the write of a row that comes to zero is refused by SQLite itself. They
// are put there from outside, as a full disk or a broken page would be.
type failing struct {
	t  *testing.T
	db *sql.DB
}

func newFailing(t *testing.T, path string) failing {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	f := failing{t, db}
	f.exec(`CREATE TABLE test_writes (left INTEGER NOT NULL)`)
	f.exec(`INSERT INTO test_writes VALUES (-1)`)
	for _, table := range f.tables() {
		for _, change := range []string{"INSERT", "UPDATE", "DELETE"} {
			f.exec(fmt.Sprintf(`CREATE TRIGGER test_fails_%[1]s_%[2]s BEFORE %[2]s ON "%[1]s" BEGIN
				UPDATE test_writes SET left = left - 1;
				SELECT RAISE(ABORT, 'the disk is broken') WHERE (SELECT left FROM test_writes) = 0; END`, table, change))
		}
	}
	return f
}

func (f failing) exec(query string, args ...any) {
	f.t.Helper()
	if _, err := f.db.ExecContext(f.t.Context(), query, args...); err != nil {
		f.t.Fatal(err)
	}
}

// tables returns those that acts change; what was seen of anomalies is noted at each look.
func (f failing) tables() []string {
	return f.strings(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'
		AND name NOT IN ('test_writes', 'anomaly_sight') ORDER BY name`)
}

func (f failing) strings(query string) (out []string) {
	f.t.Helper()
	rows, err := f.db.QueryContext(f.t.Context(), query)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			f.t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		f.t.Fatal(err)
	}
	return out
}

// at has the n-th row that is written from now on fail; -1 none.
func (f failing) at(n int) { f.exec(`UPDATE test_writes SET left = ?`, n) }

// dump returns everything that is in the database.
func (f failing) dump() map[string]string {
	f.t.Helper()
	all := map[string]string{}
	for _, table := range f.tables() {
		var columns []string
		for _, c := range f.strings(fmt.Sprintf(`SELECT name FROM pragma_table_info('%s')`, table)) {
			columns = append(columns, `quote("`+c+`")`)
		}
		row := strings.Join(columns, " || ',' || ")
		all[table] = strings.Join(f.strings(fmt.Sprintf(`SELECT %s FROM "%s" ORDER BY 1`, row, table)), "\n")
	}
	return all
}

// changed names the tables in which two dumps differ.
func changed(before, after map[string]string) (tables []string) {
	for table := range before {
		if before[table] != after[table] {
			tables = append(tables, table)
		}
	}
	return tables
}

// whole does an act over and over, the disk failing at its first row, its
// second, and so on, until it is through: whatever comes before leaves the
// database as it was. It gives how many rows the act writes.
func (f failing) whole(name string, act func() error) int {
	f.t.Helper()
	before := f.dump()
	for n := 1; n < 500; n++ {
		f.at(n)
		err := act()
		f.at(-1)
		tables := changed(before, f.dump())
		switch {
		case err == nil && len(tables) == 0:
			f.t.Errorf("%s: changes nothing", name)
			return 0
		case err == nil:
			return n - 1
		case !strings.Contains(err.Error(), "the disk is broken"):
			f.t.Fatalf("%s, failing at row %d: %v", name, n, err)
		case len(tables) > 0:
			f.t.Errorf("%s: failed at row %d (%v) and yet changed %v", name, n, err, tables)
			return 0
		}
	}
	f.t.Fatalf("%s never ends", name)
	return 0
}

// Every act of a person is done whole or not at all, wherever in it the disk fails.
func TestActsAreWhole(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	must[int](t)(b.read(
		tap{"04A1", "2026-10-05 08:00", app.KeyIn}, tap{"04A1", "2026-10-05 16:00", app.KeyOut},
		tap{"04A1", "2026-10-06 08:00", app.KeyIn}, tap{"04B2", "2026-10-07 08:00", app.KeyIn},
		tap{"04C3", "2026-10-08 08:00", app.KeyIn}, tap{"04C3", "2026-10-08 12:00", app.KeyOut},
	))
	f := newFailing(t, b.store.Path())
	for _, a := range b.acts(ctx) {
		rows := f.whole(a.name, func() error { return a.do() })
		if rows < a.atLeast {
			t.Errorf("%s writes %d rows, which is less than it should be about", a.name, rows)
		}
	}
}

// anAct is something that people do, which writes so many rows at least.
type anAct struct {
	name    string
	atLeast int
	do      func() error
}

func (b *bench) acts(ctx context.Context) []anAct {
	t := b.t
	badge := func(value string, of app.ID) acts.GiveBadge {
		return acts.GiveBadge{
			Key:          app.IdentifierKey{Kind: app.Card, Value: value},
			Label:        "spare",
			EngagementID: of,
			Span:         app.Span{From: b.at("2026-10-20 08:00")},
		}
	}
	keys := func(rule app.Rule) (out []app.AnomalyKey) {
		for _, a := range b.anomalies(rule) {
			out = append(out, a.Key())
		}
		return out
	}
	list := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	logo := anImage(t, 60, 20)
	week := app.Days{From: app.NewDate(2026, 10, 5), To: app.NewDate(2026, 10, 11)}
	approve := func() error {
		b.refresh()
		_, err := b.Approvals.Approve(ctx, documents.ApprovalChoice{Days: week, Workers: []app.ID{b.els(ctx)}}, nil)
		return err
	}
	tap := func(n uint64) app.RecordKey { // of those that the story read
		return app.RecordKey{LogKey: app.LogKey{Box: b.box, Log: strings.Repeat("cd", 16)}, Seq: n}
	}
	stated := func(day string) app.Adjustment {
		return app.Adjustment{
			Kind:         app.AdjustPresence,
			EngagementID: b.ofAn.ID,
			SiteID:       b.site.ID,
			From:         b.at(day + " 08:00"),
			To:           b.at(day + " 09:00"),
			Reason:       "forgot",
		}
	}
	return []anAct{
		{"give badges", 6, func() error {
			return b.Staff.GiveBadges(ctx, []acts.GiveBadge{badge("04D4", b.ofAn.ID), badge("04B2", b.ofAn.ID)}, why)
		}},
		{"give a badge that was read", 4, func() error { return b.Staff.GiveReadBadge(ctx, badge("04E5", b.ofBart.ID), identity.AsDecimal, why) }},
		{"undo", 2, func() error { _, err := b.Undo(ctx); return err }},
		{"explain", 3, func() error { return b.Judgements.Explain(ctx, keys(app.MissingOut), "agreed", "called") }},
		{"undo explaining", 3, func() error { _, err := b.Undo(ctx); return err }},
		{"ignore taps", 4, func() error {
			return b.Judgements.IgnorePunches(ctx, []app.RecordKey{tap(1), tap(2)}, "other", "not theirs")
		}},
		{"count them again", 4, func() error { return b.Judgements.CountAgain(ctx, []app.RecordKey{tap(1), tap(2)}, why) }},
		{"state presences", 4, func() error {
			return b.Judgements.AdjustPresences(ctx, []app.Adjustment{stated("2026-10-12"), stated("2026-10-13")})
		}},
		{"withdraw them", 4, func() error {
			var ids []app.ID
			for _, a := range must[[]app.Adjustment](t)(b.store.Adjustments(ctx)) {
				ids = append(ids, a.ID)
			}
			return b.Judgements.WithdrawAdjustments(ctx, ids, why)
		}},
		{"keep the letterhead and the logo", 4, func() error { return b.SetLetterhead(ctx, app.Letterhead{Name: "De Zwaluw"}, &logo, why) }},
		{"import staff", 6, func() error {
			_, err := b.Files.ImportStaff(ctx, list("staff.csv", "staff_number,family_name,given_name,employer_enterprise_number,engaged_from\n"+
				"21,Maes,Els,0123.456.749,2026-01-01\n22,Smets,Jo,0123.456.749,2026-01-01\n"), true)
			return err
		}},
		{"import sites", 4, func() error {
			_, err := b.Files.ImportSites(ctx, list("sites.csv", "site_code,site_name,client,ciao,ciao_from\nL9,Zwembad,Stad Leuven,yes,2026-01-01\n"), true)
			return err
		}},
		{"import absences", 4, func() error {
			_, err := b.Files.ImportAbsences(
				ctx,
				list("absences.csv", "staff_number,from,to,kind\n7,2026-10-20,2026-10-21,sick\n8,2026-10-20,2026-10-21,holiday\n"),
				true,
			)
			return err
		}},
		{"take an import back", 8, func() error {
			last, err := b.Files.FindImport(ctx, "last")
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Files.UndoImport(ctx, last.ID, why, true)
			return err
		}},
		{"approve", 3, approve},
		{"withdraw the approvals", 3, func() error {
			a, ok, err := b.Derived.ClosedBy(ctx, b.els(ctx), week.From)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			return b.Approvals.WithdrawApprovals(ctx, []app.ID{a.ID}, why)
		}},
		{"a site with a new client", 4, func() error {
			_, err := b.Sites.SaveSiteOfClient(ctx, app.Site{Name: "Kliniek"}, "AZ Zuid", why)
			return err
		}},
		{"a declaration with its site", 4, func() error {
			return b.Sites.DeclareSite(
				ctx,
				app.Declaration{Number: "1Y1003SQ5VSSZ", Days: week},
				app.DeclarationSite{SiteID: b.site.ID, Days: week, Default: true},
				why,
			)
		}},
		{"copy a week of the plan", 4, b.copiedWeek(ctx)},
		{"end the worker", 8, func() error { return b.Staff.EndWorker(ctx, b.an.ID, app.NewDate(2026, 10, 31), why) }},
		{"end the site", 6, func() error { return b.Sites.EndSite(ctx, b.site.ID, b.at("2026-10-31 00:00"), why) }},
	}
}

// els returns the worker that the import brought.
func (b *bench) els(ctx context.Context) app.ID {
	for _, w := range must[[]app.Worker](b.t)(b.store.Workers(ctx)) {
		if w.StaffNumber == "21" {
			return w.ID
		}
	}
	b.t.Fatal("nobody was imported")
	return ""
}

// copiedWeek plans a week, and gives the act of copying it.
func (b *bench) copiedWeek(ctx context.Context) func() error {
	b.t.Helper()
	one, two := b.line("mon", "06:00-10:00"), b.line("tue", "06:00-10:00")
	one.Days.To, two.Days.To = b.day("2026-11-08"), b.day("2026-11-08")
	b.planned(one)
	b.planned(two)
	return func() error {
		_, err := b.Plan.CopyPlanWeek(ctx, b.site.ID, b.day("2026-11-02"), b.day("2026-11-09"), why)
		return err
	}
}

// The credential and that this installation sends by it are one thing.
func TestEnteringACredentialIsWhole(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), blank.New(t)
	store := must[*data.Store](t)(data.Open(ctx, path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path))}))
	t.Cleanup(func() { store.Close() })
	off := must[*office.Office](t)(office.New(ctx, office.Parts{
		Background: inline,
		Store:      store, Now: func() app.Instant { return app.At(time.Now()) }, Exchange: sending.Exchange{LockWork: 10},
	}))
	if err := errors.Join(off.ChangeSettings(ctx, func(s *workspace.Settings) { s.Environment = app.NSSOSimulation }),
		off.Connection.ChangeHosts(ctx, app.NSSOSimulation, []string{"127.0.0.1"}, nil, "a test")); err != nil {
		t.Fatal(err)
	}
	made := must[register.Credentials](t)(register.NewCredentials())
	f := newFailing(t, path)
	rows := f.whole("enter the credential", func() error {
		err := off.Connection.EnterCredential(ctx, sending.CredentialEntry{Environment: app.NSSOSimulation, ClientID: made.ClientID, File: made.PrivateKey,
			Base: "https://127.0.0.1:1/v1", Token: "https://127.0.0.1:1/token", Passphrase: "twaalf tekens lang"})
		if err != nil && off.Installation().Sends {
			t.Error("it failed, and yet this installation sends")
		}
		return err
	})
	if rows < 5 || !off.Installation().Sends {
		t.Errorf("%d rows, sends %v", rows, off.Installation().Sends)
	}
}
