package data_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
	"klokkast/app/importing"
)

// doneAct is one thing that somebody did: at a box, or by phone.
type doneAct struct {
	worker int
	at     app.Instant
	key    app.PunchKey
	phone  bool
}

// history is a company in which anything happens in any order.
type history struct {
	*consulting
	random *rand.Rand
	acts   []doneAct
	inBox  []doneAct // not read yet
	second map[app.Instant]bool
}

// now is a second in which nobody else did anything.
func (h *history) now() app.Instant {
	at := h.time.Now()
	at -= at % 1000
	for h.second[at] {
		at += 1000
	}
	h.second[at] = true
	return at
}

// happen lets one thing happen.
func (h *history) happen() {
	a := doneAct{worker: h.random.IntN(4), at: h.now(), key: []app.PunchKey{app.KeyIn, app.KeyOut}[h.random.IntN(2)]}
	switch h.random.IntN(14) {
	case 0, 1, 2:
		h.inBox, h.acts = append(h.inBox, a), append(h.acts, a)
	case 3, 4, 5:
		a.phone = true
		h.acts = append(h.acts, a)
		h.register1(a)
	case 6: // a state of the database that was lost sent it already, and a list shows it before the box is read
		h.inBox, h.acts = append(h.inBox, a), append(h.acts, a)
		h.register1(a)
		h.listAll()
	case 7, 8:
		h.readBox()
	case 9, 10:
		kinds := []register.Kind{register.ErrorAfter, register.DropAfter, register.Unavailable, register.DropBefore, register.CutShort, register.Created, register.WrongCount}
		h.register.Add(register.Fault{Kind: kinds[h.random.IntN(len(kinds))], Times: 1, Operation: []string{"register", "register", "query"}[h.random.IntN(3)]})
		h.enqueue()
		h.send([]time.Duration{0, time.Minute, 5 * time.Minute}[h.random.IntN(3)])
	case 11:
		h.time.pass(11 * time.Minute)
		h.consult(true)
	case 12: // a restart
		h.must(h.store.Close())
		h.store = h.open()
	case 13: // somebody exports what the register holds, and imports it
		h.listAll()
	}
	h.time.pass(time.Duration(h.random.IntN(240)) * time.Second)
	h.never()
}

// never fails where at this moment something of a box counts as registered by phone, or anything twice.
func (h *history) never() {
	h.t.Helper()
	phones, counted := map[app.Instant]bool{}, map[app.Instant]bool{}
	for _, a := range h.acts {
		phones[a.at] = a.phone
	}
	punches, err := h.store.Punches(h.t.Context(), app.Span{})
	h.must(err)
	for _, p := range punches {
		if p.Identifier.Kind == app.ByRegister && !phones[p.At] {
			h.t.Errorf("a tap of a box is taken for one by phone: %s", p.Key)
		}
		if counted[p.At] {
			h.t.Errorf("counts twice: %s", p.Key)
		}
		counted[p.At] = true
	}
}

// listAll imports a list of all that the register holds.
func (h *history) listAll() {
	var rows []importing.RegistrationRow
	for _, s := range h.register.Stored() {
		rows = append(rows, importing.RegistrationRow{ID: s.ID, SSIN: app.Secret(s.SSIN), Type: s.Type, At: s.RegistrationDate.Instant,
			Declaration: s.Declaration, Enterprise: s.Employer.EnterpriseNumber, Validity: "pending"})
	}
	h.list(rows...)
}

// register1 puts an act into the register past this program.
func (h *history) register1(a doneAct) {
	is := app.RegisterIn
	if a.key == app.KeyOut {
		is = app.RegisterOut
	}
	_, err := h.register.Phone(register.Phoned{SSIN: madeUpSSIN(a.worker).Reveal(), Type: is, Time: a.at.Time(), Declaration: phoneDeclaration, Employer: h.employerOf(a.worker)})
	h.must(err)
}

func (h *history) employerOf(worker int) string {
	if worker%3 == 2 {
		return otherNumber
	}
	return ownNumber
}

func (h *history) readBox() {
	for _, a := range h.inBox {
		h.punch(a.worker, h.time.Now().Sub(a.at), a.key)
	}
	h.inBox = nil
	h.boxRead()
}

// What people did counts once and stands in the register once, whatever was read late, had no answer, was sent by a state that
// was lost, was shown by a consultation or a list, and whenever the program was started anew.
func TestEveryActCountsOnce(t *testing.T) {
	seeds := 12
	if os.Getenv("KLOKKAST_LONG") != "" {
		seeds = 150
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := &history{consulting: newConsulting(t, 4), random: rand.New(rand.NewPCG(uint64(seed), 7)), second: map[app.Instant]bool{}}
			h.timing.Request = 300 * time.Millisecond
			for range 40 {
				h.happen()
			}
			h.register.Clear()
			h.readBox()
			h.enqueue()
			for range 3 {
				h.must(ciao.Resume(t.Context(), h.store, app.LocalSimulator, act("ciao.resume")))
				h.send(6 * time.Hour)
				h.time.pass(11 * time.Minute)
				h.boxRead()
				h.consult(true)
			}
			h.check()
		})
	}
}

func (h *history) check() {
	h.t.Helper()
	if s := h.register.Stats(); s.Stored != len(h.acts) || s.Doubles != 0 {
		h.t.Errorf("the register holds %d of %d, %d of them doubles", s.Stored, len(h.acts), s.Doubles)
	}
	var want, got []string
	for _, a := range h.acts {
		want = append(want, fmt.Sprint(a.at, " ", a.key, " ", a.phone))
	}
	punches, err := h.store.Punches(h.t.Context(), app.Span{})
	h.must(err)
	for _, p := range punches {
		got = append(got, fmt.Sprint(p.At, " ", p.Pressed, " ", p.Identifier.Kind == app.ByRegister))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		h.t.Errorf("what counts:\n%q\nwhat was done:\n%q", got, want)
	}
	for _, r := range h.registrations() {
		if r.State != app.RegAccepted {
			h.t.Errorf("punch %d is %s, needs a person: %t", r.Punch.Seq, r.State, r.NeedsPerson)
		}
	}
	counts, err := h.store.EntryCounts(h.t.Context(), app.LocalSimulator)
	h.must(err)
	if n := counts.States[app.EntryBoxOrPhone]; n > 0 {
		h.t.Errorf("%d wait still: %v", n, counts.Waits)
	}
}
