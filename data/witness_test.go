package data_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// keep closes the database and copies its file; carryOn opens what stands there again.
func (w *world) keep(to string) {
	w.t.Helper()
	w.must(w.store.Close())
	copyFile(w.t, w.path, to)
	w.carryOn()
}

func (w *world) carryOn() { w.store = w.open() }

// restore puts a kept copy in the place of the database.
func (w *world) restore(from string) {
	w.t.Helper()
	w.must(w.store.Close())
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(w.path + end); err != nil && !os.IsNotExist(err) {
			w.t.Fatal(err)
		}
	}
	copyFile(w.t, from, w.path)
	w.carryOn()
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) resume() ciao.Report {
	w.t.Helper()
	defer w.time.join()()
	report, err := w.sender(w.store).Send(w.t.Context(), ciao.SendOptions{Patience: 10 * time.Minute, Resume: true, Act: act("ciao.resume")})
	w.must(err)
	return report
}

// A backup is restored after more was sent: what it calls queued and what its
// boxes hold is at the register already. It stops, and once a person lets it go
// on it looks up before it sends: nothing twice, and nothing lost.
func TestARestoredDatabaseStopsAndSendsNothingTwice(t *testing.T) {
	w := newWorldAt(t, 4, t.TempDir())
	w.shift(2)
	w.enqueue()
	if r := w.send(0); r.Accepted != 4 || r.Stopped != "" {
		t.Fatalf("report %+v", r)
	}
	w.punch(2, 4*time.Hour, app.KeyIn)
	w.enqueue() // in the backup it is queued, and not yet sent
	backup := filepath.Join(t.TempDir(), "backup.db")
	w.keep(backup)
	taps, seq := len(w.facts.Taps), w.seq
	w.punch(3, 3*time.Hour, app.KeyIn)
	w.enqueue()
	if r := w.send(0); r.Accepted != 2 {
		t.Fatalf("report %+v", r)
	}
	lost := w.facts.Taps[taps:]

	w.restore(backup)
	w.facts.Taps, w.seq = w.facts.Taps[:taps], seq
	if r := w.send(10 * time.Minute); r.Stopped != ciao.CodeRestored || r.Requests != 0 {
		t.Fatalf("a restored database sent: %+v", r)
	}
	if r := w.send(10 * time.Minute); r.Stopped != ciao.CodeRestored || r.Requests != 0 {
		t.Fatalf("it sent when it was asked again: %+v", r)
	}
	// The box is read again: its punch was made before, so it may have been sent.
	w.readAgain(lost)
	if n := w.enqueue(); n != 1 || len(w.registrations(app.RegQueued)) != 0 {
		t.Fatalf("queued %d, called unsent %d", n, len(w.registrations(app.RegQueued)))
	}
	r := w.resume()
	if r.Stopped != "" || r.Accepted != 0 {
		t.Errorf("after a person looked: %+v", r)
	}
	w.exactlyOnce(6)

	w.time.pass(3 * time.Minute)
	w.punch(1, 0, app.KeyOut)
	w.time.pass(time.Minute)
	w.enqueue()
	if r := w.send(0); r.Accepted != 1 {
		t.Errorf("a new punch does not go: %+v", r)
	}
	// The same backup once more is another restoring.
	w.restore(backup)
	if r := w.send(0); r.Stopped != ciao.CodeRestored {
		t.Errorf("restored a second time and not noticed: %+v", r)
	}
}

func TestACopiedDatabaseStops(t *testing.T) {
	w := newWorldAt(t, 2, t.TempDir())
	w.shift(1)
	w.enqueue()
	if r := w.send(0); r.Accepted != 2 {
		t.Fatalf("report %+v", r)
	}
	w.must(w.store.Close())
	w.witness = t.TempDir() // another computer, or another user
	w.carryOn()
	w.shift(1)
	if r := w.send(0); r.Stopped != ciao.CodeRestored || r.Requests != 0 {
		t.Errorf("a copy sent: %+v", r)
	}
}

func TestADatabaseThatStaysWhereItIsNeverStops(t *testing.T) {
	w := newWorldAt(t, 3, t.TempDir())
	for range 3 {
		w.shift(3)
		w.enqueue()
		if r := w.send(0); r.Stopped != "" || r.Left.Queued != 0 {
			t.Fatalf("report %+v", r)
		}
		w.must(w.store.Close())
		w.carryOn()
	}
	w.exactlyOnce(18)
}
