package officetest

import (
	"strings"
	"testing"

	"klokkast/data/datatest"
)

// whole is what may go through all of a table that grows, and why: by the method of the store that asks, or by the
// statement. What is not in this list fails the test that asked it: it wants an index, or a page of a list.
var whole = []struct{ by, statement, why string }{
	{by: "Verify", why: "it looks at everything"},
	{by: "verification.", why: "it looks at everything"},
	{by: "Counts", why: "it counts everything, for who asks how much there is"},
	{by: "migrate", why: "once a version"},

	{statement: "SELECT number, id FROM reading", why: "derivation names readings: it loads all of them"},
	{by: "Readings", why: "derivation: what boxes said of themselves, and when they were read to"},
	{by: "Fetched", statement: "FROM reading WHERE number > ?", why: "derivation: readings that ran when it last looked"},
	{by: "AnomalyStates", statement: "FROM anomaly_state", why: "derivation: what people said of warnings"},
	{by: "Adjustments", why: "derivation: statements of people"},
	{by: "Ignored", why: "derivation: statements of people"},
	{by: "ClockRepairs", why: "derivation: statements of people"},
	{by: "ClockCuts", why: "derivation: statements of people"},
	{by: "PlanExceptions", why: "derivation: the plan"},
	{by: "Approvals", why: "derivation: which days are closed"},
	{by: "Registrations", why: "derivation: what was sent of which tap"},

	{statement: "FROM register_entry WHERE state = 'registered' AND EXISTS", why: "a box is moved by a person, once in a while"},
	{by: "Papers", why: "which papers hold the days of a sheet"},
	{by: "Imports", why: "imports of lists, by hand: some a month"},
	{by: "FileImports", why: "imports of files, by hand"},
	{by: "UndoImport", statement: "FROM list_import_subject s", why: "imports that speak of one person or site: few"},
	{by: "Dossiers", why: "what only the NSSO can correct: some a month"},
}

func mayBeWhole(asked datatest.Asked) bool {
	for _, w := range whole {
		if strings.HasPrefix(asked.By, w.by) && strings.Contains(strings.Join(strings.Fields(asked.Statement), " "), w.statement) {
			return true
		}
	}
	return false
}

// checkPlans looks how SQLite found all that a test asked for: what went through all of a table that grows fails the test.
func (c *Company) checkPlans(t testing.TB) {
	t.Helper()
	for _, w := range c.plans.Wide(t, c.Store.Path()) {
		if !mayBeWhole(w.Asked) {
			t.Errorf("%s goes through all of it: %s\n%s", w.By, w.Step, w.Statement)
		}
	}
}
