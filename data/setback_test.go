package data_test

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/reading"
	"klokkast/data"
)

// profile is a whole machine at one moment: database and what lies beside it.
type profile struct{ database, witness string }

// snapshot keeps all of it; carryOn goes on with what stands there.
func (w *world) snapshot() profile {
	w.t.Helper()
	p := profile{filepath.Join(w.t.TempDir(), "kept.db"), w.t.TempDir()}
	w.keep(p.database)
	w.must(os.CopyFS(filepath.Join(p.witness, "state"), os.DirFS(w.witness)))
	return p
}

// goBack takes the whole machine back.
func (w *world) goBack(p profile) {
	w.t.Helper()
	w.must(os.RemoveAll(w.witness))
	w.must(os.CopyFS(w.witness, os.DirFS(filepath.Join(p.witness, "state"))))
	w.restore(p.database)
}

// readAgain stores punches that a box still has, by another reading.
func (w *world) readAgain(taps []app.Tap) {
	w.t.Helper()
	w.begin()
	for i := range taps {
		p := taps[i].Punch
		p.ReadingID = w.reading
		w.seq = max(w.seq, p.Key.Seq)
		raw := make([]byte, 32)
		raw[0], raw[1], raw[2] = byte(p.Key.Seq), byte(p.Key.Seq>>8), byte(app.RecordPunch)
		_, err := w.store.StoreBatch(w.t.Context(), reading.Batch{ReadingID: w.reading, Log: w.log, End: reading.Chain{Seq: p.Key.Seq},
			Records: []app.Record{{Key: p.Key, Type: app.RecordPunch, Raw: raw, Punch: &p}}})
		w.must(err)
	}
	w.facts.Taps = append(w.facts.Taps, taps...)
}

// begin begins another reading of the box.
func (w *world) begin() {
	w.t.Helper()
	w.reading = w.id()
	w.must(w.store.BeginReading(w.t.Context(), app.Reading{ID: w.reading, Log: w.log, Source: app.FromCable, Actor: "Ilse",
		State: app.ReadingRunning, Started: w.time.Now()}, app.Box{UID: w.log.Box, Make: app.MakeOCB, FirstSeen: w.time.Now()}))
}

// acked stores the box's own record that an installation acknowledged up to a mark.
func (w *world) acked(by app.ID, mark uint64, at app.Instant) {
	w.t.Helper()
	w.seq++
	e := app.BoxEvent{Key: app.RecordKey{LogKey: w.log, Seq: w.seq}, Type: app.RecordAcked, At: at, ReadingID: w.reading}
	for i := range 6 {
		e.Data[i] = byte(mark >> (8 * i))
	}
	id, err := hex.DecodeString(strings.ReplaceAll(string(by), "-", ""))
	w.must(err)
	copy(e.Data[6:], id[len(id)-5:])
	raw := make([]byte, 32)
	raw[0], raw[1], raw[2] = byte(w.seq), byte(w.seq>>8), byte(app.RecordAcked)
	_, err = w.store.StoreBatch(w.t.Context(), reading.Batch{ReadingID: w.reading, Log: w.log, End: reading.Chain{Seq: w.seq},
		Records: []app.Record{{Key: e.Key, Type: e.Type, Raw: raw, Event: &e}}})
	w.must(err)
}

func (w *world) own() app.ID {
	i, err := w.store.Installation(w.t.Context())
	w.must(err)
	return i.ID
}

func (w *world) state() ciao.SenderState {
	s, err := w.store.SenderState(w.t.Context(), app.LocalSimulator)
	w.must(err)
	return s
}

func (w *world) stopsBy(sign ciao.Sign) {
	w.t.Helper()
	before := w.register.Stats().Stored
	r := w.send(0)
	if s := w.state(); r.Stopped != ciao.CodeRestored || s.SetBack.Sign != sign || r.Requests != 0 || w.register.Stats().Stored != before {
		w.t.Fatalf("want a stop by %q: stopped %q by %q, %d requests", sign, r.Stopped, s.SetBack.Sign, r.Requests)
	}
}

// settled lets it go on and sees to it that each went once.
func (w *world) settled(want int) {
	w.t.Helper()
	r := w.resume()
	for range 3 {
		if r.Stopped == "" && r.Left.Queued+r.Left.Unknown > 0 {
			r = w.send(time.Hour)
		}
	}
	if r.Stopped != "" {
		w.t.Errorf("after a person let it go on: %+v", r)
	}
	w.exactlyOnce(want)
}

// half sends a part of what waits, by one request.
func (w *world) half(people int) (sent int) {
	w.t.Helper()
	w.shift(people)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.TooMany, Seconds: 60, Skip: 1, Times: 1})
	r := w.send(0)
	w.register.Clear()
	if r.Accepted == 0 || r.Left.Queued == 0 {
		w.t.Fatalf("a part is to be sent: %+v", r)
	}
	w.time.pass(2 * time.Minute)
	return r.Accepted
}

// The whole machine is taken back, and what it calls queued was sent: the
// register says so before anything goes.
func TestAWholeMachineSetBackSendsNothingTwice(t *testing.T) {
	for _, again := range []bool{false, true} {
		w := newWorldAt(t, 6, t.TempDir())
		w.half(6)
		kept := w.snapshot()
		if r := w.send(time.Hour); r.Left.Queued != 0 || r.Stopped != "" {
			t.Fatalf("report %+v", r)
		}
		w.goBack(kept)
		w.time.pass(10 * time.Minute)
		w.stopsBy(ciao.SignRegister)
		w.settled(12)
		if again {
			w.goBack(kept)
			w.time.pass(10 * time.Minute)
			w.stopsBy(ciao.SignRegister)
			w.settled(12)
		}
		// It is one that sends again, and its punches are new.
		w.time.pass(10 * time.Minute)
		w.punch(1, 0, app.KeyIn)
		w.time.pass(time.Minute)
		w.enqueue()
		if r := w.send(time.Minute); r.Stopped != "" || r.Accepted != 1 {
			t.Errorf("a new punch does not go: %+v", r)
		}
		w.exactlyOnce(13)
	}
}

// What was never queued in the state that came back was sent all the same.
func TestSetBackToBeforeAnythingWasQueued(t *testing.T) {
	w := newWorldAt(t, 6, t.TempDir())
	w.shift(3)
	kept := w.snapshot()
	w.enqueue()
	if r := w.send(time.Hour); r.Accepted != 6 {
		t.Fatalf("report %+v", r)
	}
	w.goBack(kept)
	w.time.pass(time.Hour)
	w.enqueue()
	w.stopsBy(ciao.SignRegister)
	w.settled(6)
}

func TestABoxSaysThatALaterStateAcknowledged(t *testing.T) {
	w := newWorldAt(t, 4, t.TempDir())
	w.shift(1)
	kept, taps, seq := w.snapshot(), len(w.facts.Taps), w.seq
	w.begin()
	w.punch(1, 3*time.Hour, app.KeyIn)
	w.punch(2, 3*time.Hour, app.KeyIn)
	mark, at := w.seq, w.time.Now()
	w.enqueue()
	if r := w.send(0); r.Accepted != 4 {
		t.Fatalf("report %+v", r)
	}
	lost := slices.Clone(w.facts.Taps[taps:])

	w.goBack(kept)
	w.facts.Taps, w.seq = w.facts.Taps[:taps], seq
	w.time.pass(time.Hour)
	w.readAgain(lost)
	w.acked(w.own(), mark, at) // the box tells it in the same reading
	w.enqueue()
	w.stopsBy(ciao.SignBox)
	if n := len(w.registrations(app.RegQueued)); n != 0 {
		t.Errorf("%d of them are called unsent still", n)
	}
	w.settled(4)
	// Another box, acknowledged before the discovery too, tells nothing new.
	w.begin()
	w.acked(w.own(), w.seq+100, at)
	if s := w.state(); s.Stopped != "" {
		t.Errorf("found a second time: %+v", s)
	}
}

// What honest companies do stops nothing.
func TestHonestSetUpsAreNotStopped(t *testing.T) {
	w := newWorldOf(t, 4, "computer-a")
	w.shift(2)
	w.enqueue()
	if r := w.send(time.Hour); r.Accepted != 4 {
		t.Fatalf("report %+v", r)
	}
	// Our own acknowledgement, read back by the next reading; and another installation's, of what we have not.
	w.begin()
	w.acked(w.own(), w.seq, w.time.Now())
	w.begin()
	w.acked(w.own(), w.seq-1, w.time.Now())
	w.acked(w.id(), w.seq+500, w.time.Now())
	// Registered by phone, newer than anything here.
	_, err := w.register.Put(
		ciao.RegisterItem{RegistrationDate: ciao.WireTime{Instant: w.time.Now()}, SSIN: w.facts.Workers[0].SSIN.Reveal(), Type: app.RegisterIn,
			Employer: ciao.WireEmployer{EnterpriseNumber: ownNumber}, Declaration: "1Y1003SQ5VSSZ"},
	)
	w.must(err)
	for _, wrong := range []time.Duration{0, 40 * 24 * time.Hour} { // the clock runs on, then jumps
		w.time.pass(wrong)
		w.punch(0, time.Minute, app.KeyOut)
		w.enqueue()
		w.must(w.store.Close())
		w.carryOn() // queued by an earlier run
		if r := w.send(time.Hour); r.Stopped != "" || r.Accepted != 1 {
			t.Errorf("report %+v, state %+v", r, w.state())
		}
	}
}

func TestAnotherComputerStops(t *testing.T) {
	for name, other := range map[string]string{"another one": "computer-b", "one without an identity": ""} {
		w := newWorldOf(t, 2, "computer-a")
		w.shift(2) // and nothing was ever sent
		w.must(w.store.Close())
		w.machine = other // with all of the profile
		w.carryOn()
		w.enqueue()
		if r := w.send(0); r.Stopped != ciao.CodeRestored || w.state().SetBack.Sign != ciao.SignMachine {
			t.Errorf("%s: %+v", name, r)
		}
		w.resume()
		w.goesOn(5)
	}
}

// goesOn makes a new punch, by which the register's search is proven where it was
// not, and sees to it that all of them went once.
func (w *world) goesOn(want int) {
	w.t.Helper()
	w.time.pass(time.Hour)
	w.punch(1, time.Minute, app.KeyIn)
	w.enqueue()
	for range 3 {
		if r := w.send(time.Hour); r.Stopped != "" {
			w.t.Fatalf("it stays stopped: %+v", r)
		}
	}
	w.exactlyOnce(want)
}

// newWorldOf is a company on a computer of that identity.
func newWorldOf(t testing.TB, workers int, machine string) *world {
	w := newWorldAt(t, 0, t.TempDir())
	w.must(w.store.Close())
	w.path, w.machine = filepath.Join(t.TempDir(), "new.db"), machine
	w.carryOn()
	w.found(workers)
	return w
}

func TestACopyFromBeforeTheFirstSendingStops(t *testing.T) {
	w := newWorldAt(t, 2, t.TempDir())
	w.shift(2)
	w.must(w.store.Close())
	w.witness = t.TempDir() // another user of the same computer
	w.carryOn()
	w.enqueue()
	w.stopsBy(ciao.SignWitness)
	w.resume()
	w.goesOn(5)
}

// Without a search nothing can tell: what an earlier run queued is confirmed once a run.
func TestWithoutASearchAnEarlierRunIsConfirmed(t *testing.T) {
	w := newWorldAt(t, 6, t.TempDir())
	w.register.Add(register.Fault{Kind: register.NoSearch})
	w.shift(6)
	w.enqueue()
	w.register.Add(register.Fault{Kind: register.TooMany, Seconds: 60, Skip: 1, Times: 1})
	r := w.send(0)
	if r.Accepted == 0 || r.Left.Queued == 0 || r.Stopped != "" {
		t.Fatalf("what this run queued goes: %+v", r)
	}
	w.time.pass(2 * time.Minute)
	w.must(w.store.Close())
	w.carryOn()
	left := r.Left.Queued
	if r = w.send(time.Minute); r.Stopped != ciao.CodeEarlier || r.Requests != 0 || r.Left.Earlier != left || r.Left.EarlierSince == 0 {
		t.Fatalf("an earlier run's went unasked: %+v", r)
	}
	if r = w.resume(); r.Stopped != "" || r.Accepted != left {
		t.Errorf("confirmed: %+v", r)
	}
	w.exactlyOnce(12)
}

// TestALaggingSearchIsWaitedFor: it does not show yet what was sent a moment ago.
func TestALaggingSearchIsWaitedFor(t *testing.T) {
	w := newWorldAt(t, 6, t.TempDir())
	w.register.Add(register.Fault{Kind: register.LaggingSearch, Seconds: 20})
	w.shift(1)
	w.enqueue()
	w.send(10 * time.Minute) // learns how long it takes
	for n := range 5 {
		w.punch(n+1, 2*time.Hour, app.KeyIn)
	}
	w.enqueue()
	kept := w.snapshot()
	if r := w.send(10 * time.Minute); r.Accepted != 5 {
		t.Fatalf("report %+v", r)
	}
	w.goBack(kept) // within the same second
	if r := w.send(10 * time.Minute); r.Stopped != ciao.CodeRestored || w.state().SetBack.Sign != ciao.SignRegister {
		t.Errorf("report %+v", r)
	}
	w.settled(7)
}

// While it is stopped, look-ups settle what they can, and nothing is sent.
func TestLookUpsSettleWhileNothingIsSent(t *testing.T) {
	w := newWorldAt(t, 6, t.TempDir())
	sent := w.half(6)
	kept := w.snapshot()
	w.send(time.Hour)
	w.goBack(kept)
	w.time.pass(time.Hour)
	w.punch(1, 2*time.Hour, app.KeyIn) // read only now, and never sent
	w.enqueue()
	w.stopsBy(ciao.SignRegister)
	w.time.pass(2 * time.Minute)
	r := w.send(time.Minute)
	c, err := w.store.SetBackCounts(t.Context(), app.LocalSimulator)
	w.must(err)
	if r.Requests != 0 || r.Stopped != ciao.CodeRestored || c.Adopted != 12-sent || c.Missing != 1 || c.Unknown != 0 || c.Resumed != 0 {
		t.Errorf("settled %+v; report %+v", c, r)
	}
	w.settled(13)
}

// No word in bulk covers what was set back.
func TestAWordInBulkDoesNotCoverASetBack(t *testing.T) {
	w := newWorldAt(t, 4, t.TempDir())
	w.register.Add(register.Fault{Kind: register.NoSearch})
	w.shift(2)
	w.enqueue()
	kept := w.snapshot()
	w.send(0)
	w.machine = "" // the same computer
	w.goBack(kept)
	w.must(w.store.Close())
	w.witness = t.TempDir()
	w.carryOn()
	w.stopsBy(ciao.SignWitness)
	w.resume()
	w.send(time.Hour)
	var ids []app.ID
	for _, g := range w.registrations(app.RegUnknown) {
		if !g.NeedsPerson || g.SetBack == 0 {
			t.Fatalf("want a person's decision: %+v", g)
		}
		if ciao.SurelyUnsent(&g, &ciao.SenderState{}) {
			t.Error("taken for one that was never sent")
		}
		ids = append(ids, g.ID)
	}
	if len(ids) != 4 {
		t.Fatalf("%d wait for a person", len(ids))
	}
	if s := w.register.Stats(); s.Doubles != 0 {
		t.Errorf("%d doubles", s.Doubles)
	}
}

var _ data.Machine = computer("")

// An answer that failed or was not whole, a few times, is no search that cannot tell.
func TestASearchThatStumblesAsksNoPersonAboutAnEarlierRun(t *testing.T) {
	for _, kind := range []register.Kind{register.WrongCount, register.CutShort, register.Malformed, register.HTMLPage, register.ErrorBefore, register.Redirect} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorldAt(t, 3, t.TempDir())
			w.timing.BackoffMin, w.timing.BackoffMax = 1, 1 // over before the failure is kept, as on a busy machine
			w.shift(3)
			queued := w.enqueue()
			w.must(w.store.Close())
			w.carryOn()
			w.register.Add(register.Fault{Kind: kind, Operation: "query", Times: 3})
			if r := w.send(time.Hour); r.Stopped != "" || r.Accepted != queued {
				t.Errorf("stopped %q, %d of %d accepted", r.Stopped, r.Accepted, queued)
			}
			w.exactlyOnce(queued)
		})
	}
}

// failSearch puts a front before the register that fails the questions that fails names.
func (w *world) failSearch(fails func(body []byte) bool) {
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err == nil && strings.HasSuffix(req.URL.Path, ciao.PathQuery) && fails(body) {
			rw.WriteHeader(http.StatusInternalServerError)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		w.register.ServeHTTP(rw, req)
	}))
	w.t.Cleanup(front.Close)
	w.server.Base, w.server.Token = front.URL+register.BasePath, front.URL+register.TokenPath
}

// A search that stumbles at every second question gets through all persons, some at each try.
func TestASearchThatKeepsStumblingGetsThrough(t *testing.T) {
	w := newWorldAt(t, 15, t.TempDir())
	w.batch = 30
	w.shift(15)
	queued := w.enqueue()
	w.must(w.store.Close())
	w.carryOn()
	var questions atomic.Int32
	w.failSearch(func([]byte) bool { return questions.Add(1)%2 == 0 })
	if r := w.send(time.Hour); r.Stopped != "" || r.Accepted != queued {
		t.Errorf("stopped %q, %d of %d accepted", r.Stopped, r.Accepted, queued)
	}
	w.exactlyOnce(queued)
}

// Where the search fails about one person alone, a person is asked after a while, and others' answers do not put it off.
func TestASearchThatAlwaysFailsAboutOnePersonAsks(t *testing.T) {
	w := newWorldAt(t, 3, t.TempDir())
	w.shift(3)
	queued := w.enqueue()
	w.must(w.store.Close())
	w.carryOn()
	failing := []byte(w.registrations()[0].SSIN.Reveal())
	w.failSearch(func(body []byte) bool { return bytes.Contains(body, failing) })
	if r := w.send(time.Hour); r.Stopped != ciao.CodeEarlier || r.Left.Earlier != queued {
		t.Errorf("stopped %q, %d of %d wait for a person", r.Stopped, r.Left.Earlier, queued)
	}
	if s := w.register.Stats(); s.Stored != 0 {
		t.Errorf("%d were sent", s.Stored)
	}
}

// A search that answers what was not asked does not get better: a person is asked at once, by each run.
func TestASearchThatIgnoresItsQuestionAsksAPersonAboutAnEarlierRun(t *testing.T) {
	w := newWorldAt(t, 3, t.TempDir())
	w.shift(3)
	queued := w.enqueue()
	others := w.registrations()[0]
	others.At = others.At.Add(-100 * 24 * time.Hour) // another installation's, long ago
	_, err := w.register.Put(itemOf(&others))
	w.must(err)
	w.register.Set(register.Settings{Query: "ignores-filters"})
	w.must(w.store.Close())
	w.carryOn()
	if r := w.send(0); r.Stopped != ciao.CodeEarlier || r.Left.Earlier != queued {
		t.Errorf("stopped %q, %d of %d wait for a person", r.Stopped, r.Left.Earlier, queued)
	}
}
