package data_test

import (
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao/register"
	"klokkast/data"
	"klokkast/data/datatest"
)

// Between two requests nothing goes through the queue, or through all that was ever
// registered: each statement finds what it is after by an index for just that. Where
// one is missing, SQLite says SCAN, or takes an index of which only the beginning fits.
func TestABatchCostsTheSameHoweverLongTheQueueIs(t *testing.T) {
	w := newWorld(t, 9)
	w.shift(9)
	w.heldShifts(9, 1)
	w.release(false)
	w.enqueue()
	var plans datatest.Plans
	s, err := data.Open(t.Context(), w.path, data.Options{Demo: true, KeyStore: data.FileKeys(data.KeyFileOf(w.path)), Now: w.time.Time,
		Before: plans.Hear})
	w.must(err)
	t.Cleanup(func() { s.Close() })
	w.must(s.Resumed(t.Context(), app.LocalSimulator)) // what another run queued is this one's
	plans.Forget()
	w.store = s
	w.register.Add(register.Fault{Kind: register.ErrorAfter, Skip: 1, Times: 1}, register.Fault{Kind: register.Exists, Skip: 3, Times: 1})
	if r := w.send(time.Hour); r.Requests < 3 {
		t.Fatalf("report %+v", r)
	}
	db, err := sql.Open("sqlite", w.path)
	w.must(err)
	defer db.Close()
	heard := plans.Heard()
	if len(heard) < 20 {
		t.Fatalf("heard of %d statements", len(heard))
	}
	for _, asked := range heard {
		statement := asked.Statement
		if strings.Contains(statement, "answered > ?2 OR looked_up") {
			continue // what has an unknown fate, once a run
		}
		for _, step := range datatest.Steps(t, db, statement) {
			if slow(statement, step) {
				t.Errorf("%s\n%s", step, statement)
			}
		}
	}
}

// counted is what is counted once at the end of a run.
const (
	counted = "registration_open (environment=?)"
	ofState = "registration_state (environment=? AND state=?)"
)

var (
	tables = regexp.MustCompile(`^SCAN (registration|attempt|attempt_item|finding|record|punch|trail)\b`)
	// beginnings are indexes of which only the beginning fits: all of an environment, or of a state.
	beginnings = []string{"registration_state (environment=?)", ofState, "registration_person (environment=?)",
		"sqlite_autoindex_registration_2 (environment=?)", "registration_register_id (environment=?)", "attempt_started (environment=?)"}
)

// slow says that a step goes through more than it gives. A batch itself may be sorted,
// and no more than two are under way.
func slow(statement, step string) bool {
	begins := func(index string) bool { return strings.HasSuffix(step, "INDEX "+index) }
	switch {
	case strings.Contains(step, counted):
		return !strings.Contains(statement, "GROUP BY")
	case strings.Contains(step, "USE TEMP B-TREE"):
		return !strings.Contains(statement, "id IN (")
	case strings.Contains(statement, "state = 'sending'") && begins(ofState):
		return false
	}
	return tables.MatchString(step) || slices.ContainsFunc(beginnings, begins)
}
