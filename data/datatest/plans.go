package datatest

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Plans hears of every statement that a database is asked (data.Options.Before), and how SQLite finds what
// each is after. Whoever holds one finds out what goes through a whole table: also of a question that is new.
type Plans struct {
	mu    sync.Mutex
	heard map[Asked]bool
}

// Asked is a statement, and the method of the database that it was asked by: for a test's list of what may.
type Asked struct {
	By, Statement string
}

// Hear takes a statement; it is for data.Options.Before.
func (p *Plans) Hear(_ context.Context, statement string) error {
	asked := Asked{asker(), statement}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.heard == nil {
		p.heard = map[Asked]bool{}
	}
	p.heard[asked] = true
	return nil
}

// Forget lets what was heard go: what follows counts.
func (p *Plans) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.heard)
}

// Heard returns what was asked, each once, in a fixed order.
func (p *Plans) Heard() []Asked {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.SortedFunc(maps.Keys(p.heard), func(a, b Asked) int { return strings.Compare(a.By+a.Statement, b.By+b.Statement) })
}

// asker names the outermost function of package data on the way to a statement: a method of the store, or what runs in a goroutine of its own.
func asker() string {
	var calls [64]uintptr
	frames := runtime.CallersFrames(calls[:runtime.Callers(3, calls[:])])
	name := ""
	for {
		frame, more := frames.Next()
		if rest, ok := strings.CutPrefix(frame.Function, "klokkast/data."); ok && !strings.HasSuffix(frame.File, "_test.go") {
			name = rest
		}
		if !more {
			break
		}
	}
	name, _, _ = strings.Cut(strings.NewReplacer("(*", "", ")", "").Replace(name), ".func")
	return strings.TrimPrefix(name, "Store.")
}

// Steps returns how SQLite finds what a statement is after, nothing for one that is after nothing.
func Steps(t testing.TB, db *sql.DB, statement string) []string {
	t.Helper()
	if !regexp.MustCompile(`^\s*(SELECT|UPDATE|DELETE|INSERT|WITH)\b`).MatchString(statement) {
		return nil
	}
	args := make([]any, strings.Count(statement, "?")) // NULL: the plan does not depend on them
	if regexp.MustCompile(`\?\d`).MatchString(statement) {
		args = make([]any, 20)
	}
	rows, err := db.Query("EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil && strings.Contains(err.Error(), "no such table") {
		return nil // one of the asker's own, for a moment
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// Small are the tables that grow with the company, not with what was ever done in it: staff, sites, boxes and their
// settings. All others grow for ever, also those of later versions.
var Small = []string{
	"absence", "badge_notation", "badge_notation_withdrawn", "box", "box_log", "client", "credential", "custody", "declaration", "declaration_site",
	"employer", "engagement", "identifier", "installation", "logo", "meaning", "placement", "plan_line", "registration_count", "sender", "setting", "shown", "site", "site_decision",
	"worker", "goose_db_version",
}

// Open are the indexes of what is open only: whoever goes through one of them goes through what is to be done.
var Open = []string{
	"registration_released", "registration_cancel", "registration_set_back", "registration_ready", "registration_ready_person", "registration_fate",
	"registration_look_up", "registration_unproven", "registration_run", "registration_open", "registration_failing", "registration_cancelling",
	"registration_unasked", "anomaly_sight_open", "anomaly_sight_returned", "punch_same", "list_import_thing_taken", "registration_unasked_person", "registration_fate_person", "attempt_running", "register_entry_open",
}

// Step is how SQLite finds something that was asked.
type Step struct {
	Asked
	Step string
}

// Wide returns how the database at path found what was heard of, where that goes through all of a table that grows.
func (p *Plans) Wide(t testing.TB, path string) (found []Step) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, asked := range p.Heard() {
		for _, step := range wide(t, db, asked.Statement) {
			found = append(found, Step{asked, step})
		}
	}
	return found
}

// wide returns the steps of a statement that go through all of a table that grows, or sort what comes of one.
// A page in the order of an index goes through what it shows.
func wide(t testing.TB, db *sql.DB, statement string) (found []string) {
	t.Helper()
	steps := Steps(t, db, statement)
	// grows says that the table of a step does, and that it goes through more than what is open.
	grows := func(step string) bool {
		_, step, _ = strings.Cut(step, " ")
		name, rest, _ := strings.Cut(step, " ")
		table := tableOf(statement, name)
		index := strings.TrimSpace(rest[strings.LastIndex(rest, " ")+1:])
		return isTable(t, db, table) && !slices.Contains(Small, table) && !slices.Contains(Open, index)
	}
	// Rows that are alike in what the index has in order are sorted among themselves only.
	sorts := slices.ContainsFunc(steps, func(s string) bool { return strings.HasPrefix(s, "USE TEMP B-TREE") && !strings.Contains(s, "LAST") })
	paged := page.MatchString(statement)
	for _, step := range steps {
		switch {
		case strings.HasPrefix(step, "SCAN ") && (sorts || !paged) && grows(step),
			loose.MatchString(step) && sorts && paged && grows(step):
			found = append(found, step)
		}
	}
	return found
}

// page is a statement that gives a part of a list, and loose a step that finds by one column what may be much.
var (
	page  = regexp.MustCompile(`(?s)\bLIMIT\b[^()]*$`)
	loose = regexp.MustCompile(`^SEARCH .*\(\w+=\?\)$`)
)

// tableOf returns the table that a statement calls so.
func tableOf(statement, name string) string {
	called := regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE|,)\s+"?(\w+)"?\s+(?:AS\s+)?` + regexp.QuoteMeta(name) + `\b`)
	if m := called.FindStringSubmatch(statement); m != nil {
		return m[1]
	}
	return name
}

func isTable(t testing.TB, db *sql.DB, name string) bool {
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?`, name).Scan(&n); err != nil {
		t.Fatal(fmt.Errorf("look for a table: %w", err))
	}
	return n > 0
}
