package data_test

import (
	"strconv"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/importing"
)

// list imports rows as one list, and gives its id.
func (w *world) list(rows ...importing.RegistrationRow) app.ID {
	w.t.Helper()
	kept := importing.Import{ID: w.id(), Kind: importing.RegistrationList, File: "lijst.csv", By: "Ilse", At: w.time.Now(), Lines: len(rows), New: len(rows), Subjects: map[app.ID]int{}}
	for i := range rows {
		rows[i].Line = i + 2
		kept.Subjects[app.ID(strconv.FormatInt(rows[i].ID, 10))] = rows[i].Line
	}
	w.must(w.store.SaveRegistrations(w.t.Context(), importing.RegistrationChanges{Environment: app.LocalSimulator, Rows: rows,
		ReadTo: map[app.ID]app.Instant{w.site(): w.time.Now()}}, kept, act("import.registrations")))
	return kept.ID
}

func (w *world) listed(id int64, worker int, ago time.Duration, is app.RegistrationType) importing.RegistrationRow {
	f := w.phoned(id, madeUpSSIN(worker), ago, is)
	return importing.RegistrationRow{ID: id, SSIN: madeUpSSIN(worker), Type: is, At: f.RegistrationDate.Instant, Declaration: phoneDeclaration,
		Enterprise: ownNumber, Raw: `{"INSZ":"` + f.SSIN + `"}`}
}

func (w *world) undo(id app.ID, apply bool) importing.Undo {
	w.t.Helper()
	u, err := w.store.UndoImport(w.t.Context(), id, apply, act("import.undo"))
	w.must(err)
	return u
}

// A list that is taken back leaves nothing that counts, nor says up to when all is known; taken in again, it counts again.
func TestAListOfRegistrationsCanBeTakenBack(t *testing.T) {
	w := newPhones(t, 2)
	w.boxRead()
	id := w.list(w.listed(900, 0, 2*time.Hour, app.RegisterIn), w.listed(901, 0, time.Hour, app.RegisterOut))
	if n := len(w.phoneTaps()); n != 2 {
		t.Fatalf("%d taps", n)
	}
	if u := w.undo(id, false); !u.Preview || len(u.Taken) != 2 || len(w.phoneTaps()) != 2 {
		t.Errorf("%+v", u)
	}
	if u := w.undo(id, true); len(u.Taken) != 2 || len(u.Left) != 0 || u.Taken[0].How != importing.Withdrawn {
		t.Errorf("%+v", u)
	}
	if e := w.entry(900); !e.Withdrawn || len(w.phoneTaps()) != 0 {
		t.Errorf("%+v", e)
	}
	readings, err := w.store.Readings(t.Context())
	w.must(err)
	for _, r := range readings {
		if r.Source == app.FromList && (r.ReadTo != 0 || r.State != app.ReadingStopped) {
			t.Errorf("%+v", r)
		}
	}
	again := w.list(w.listed(900, 0, 2*time.Hour, app.RegisterIn))
	if e := w.entry(900); !e.Counts() || len(w.phoneTaps()) != 1 {
		t.Errorf("%+v", e)
	}
	// What the register itself shows stays, whatever becomes of the list.
	w.show(w.phoned(900, madeUpSSIN(0), 2*time.Hour, app.RegisterIn))
	if u := w.undo(again, true); len(u.Taken) != 0 || len(u.Left) != 1 || u.Left[0].Reasons[0].Code != importing.LeftShown {
		t.Errorf("%+v", u)
	}
	if len(w.phoneTaps()) != 1 {
		t.Error("what the register shows does not count any more")
	}
}

func TestOfTwoListsOneStays(t *testing.T) {
	w := newPhones(t, 1)
	w.boxRead()
	first := w.list(w.listed(900, 0, time.Hour, app.RegisterIn))
	cancelled := w.listed(900, 0, time.Hour, app.RegisterIn)
	cancelled.Cancelled = true
	second := w.list(cancelled)
	if len(w.phoneTaps()) != 0 {
		t.Error("a cancelled one counts")
	}
	if u := w.undo(second, true); len(u.Taken) != 1 || u.Taken[0].How != importing.Restored {
		t.Errorf("%+v", u)
	}
	if len(w.phoneTaps()) != 1 {
		t.Error("it does not count as before")
	}
	w.list(w.listed(900, 0, time.Hour, app.RegisterIn))
	if u := w.undo(first, true); len(u.Taken) != 0 || len(u.Left) != 1 || u.Left[0].Reasons[0].Code != importing.LeftByImport {
		t.Errorf("%+v", u)
	}
	if len(w.phoneTaps()) != 1 {
		t.Error("what another list shows does not count any more")
	}
}

// A list without seconds never makes a second act of what a box holds in that minute.
func TestAListWithoutSecondsIsOfTheWholeMinute(t *testing.T) {
	w := newPhones(t, 1)
	w.punch(0, time.Hour, app.KeyIn)
	w.boxRead()
	row := w.listed(900, 0, time.Hour, app.RegisterIn)
	row.At -= row.At % 60_000
	row.ToMinute = true
	w.list(row)
	w.is(900, app.EntryBoxOrPhone, app.WaitsForSame)
	w.enqueue()
	w.is(900, app.EntryOurs, "")
	if r := w.registrations()[0]; r.RegisterID != 900 {
		t.Errorf("number %d", r.RegisterID)
	}
	// The register's own word is to the second; a list says no less of it afterwards.
	other := w.phoned(901, madeUpSSIN(0), 30*time.Minute+12*time.Second, app.RegisterOut)
	w.show(other)
	row = w.listed(901, 0, 30*time.Minute+12*time.Second, app.RegisterOut)
	row.At -= row.At % 60_000
	row.ToMinute = true
	w.list(row)
	if e := w.entry(901); e.At != other.RegistrationDate.Instant {
		t.Errorf("%s, want %s", e.At, other.RegistrationDate)
	}
}
