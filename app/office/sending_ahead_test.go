package office_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/sending"
)

func (b *bench) ahead() *sending.SendingAhead {
	b.t.Helper()
	return must[*sending.SendingAhead](b.t)(b.Register.SendingAhead(b.t.Context()))
}

// What would be sent is what is sent then, and nothing goes by looking.
func TestWhatWouldBeSentIsSaidBeforeItGoes(t *testing.T) {
	b := newBench(t)
	reg := b.atRegister()
	if a := b.ahead(); a.Count != 0 || len(a.Asks) != 0 || !a.First || a.Oldest != 0 {
		t.Errorf("with nothing to send: %+v", a)
	}
	must[int](t)(b.read(tap{"04FF", "2026-11-02 06:50", app.KeyIn}, // of nobody
		tap{"04A1", "2026-11-02 06:58", app.KeyIn}, tap{"04B2", "2026-11-02 07:10", app.KeyIn}, tap{"04A1", "2026-11-02 12:01", app.KeyOut}))
	a := b.ahead()
	if a.Count != 3 || a.People != 2 || a.On != 1 || a.Days != (app.Days{From: b.day("2026-11-02"), To: b.day("2026-11-02")}) ||
		a.Oldest != b.at("2026-11-02 06:58") {
		t.Errorf("would be sent: %+v", a)
	}
	if diff := cmp.Diff([]sending.SiteCount{{SiteID: b.site.ID, Count: 3}}, a.Sites); diff != "" {
		t.Error(diff)
	}
	if len(a.Held) != 1 || a.Held[0].Count != 1 || a.Held[0].Oldest != b.at("2026-11-02 06:50") {
		t.Errorf("held: %+v", a.Held)
	}
	if diff := cmp.Diff([]sending.AskReason{sending.AskFirst}, a.Asks); diff != "" || len(reg.Stored()) != 0 {
		t.Errorf("%s\n%d registered by looking", diff, len(reg.Stored()))
	}
	must[ciao.Report](t)(b.Register.Send(t.Context(), nil))
	if n := len(reg.Stored()); n != a.Count {
		t.Errorf("%d were sent, %d announced", n, a.Count)
	}
	if a := b.ahead(); a.Count != 0 || a.First || len(a.Asks) != 0 {
		t.Errorf("afterwards: %+v", a)
	}
}

// People are asked where it is the first sending, more than 200, or older than a
// day; otherwise one click is enough.
func TestWhenPeopleAreAskedBeforeSomethingGoes(t *testing.T) {
	b := newBench(t)
	b.atRegister()
	must[int](t)(b.read(tap{"04A1", "2026-11-02 06:58", app.KeyIn}))
	must[ciao.Report](t)(b.Register.Send(t.Context(), nil))
	must[int](t)(b.read(tap{"04A1", "2026-11-02 12:01", app.KeyOut}))
	if a := b.ahead(); a.Count != 1 || len(a.Asks) != 0 {
		t.Errorf("a punch of today asks %v", a.Asks)
	}
	b.now = b.at("2026-11-03 12:01")
	b.refresh()
	if a := b.ahead(); len(a.Asks) != 0 {
		t.Errorf("24 h are no more than a day: %v", a.Asks)
	}
	b.now = b.at("2026-11-03 12:02")
	b.refresh()
	if diff := cmp.Diff([]sending.AskReason{sending.AskOld}, b.ahead().Asks); diff != "" {
		t.Error(diff)
	}
	var taps []tap
	for i := range sending.SendUnasked {
		key := app.KeyIn
		if i%2 == 1 {
			key = app.KeyOut
		}
		at := time.Date(2026, 11, 3, 0, 10, 0, 0, time.UTC).Add(time.Duration(i) * 3 * time.Minute)
		taps = append(taps, tap{"04B2", fmt.Sprint(at.Format("2006-01-02 15:04")), key})
	}
	must[int](t)(b.read(taps...))
	a := b.ahead()
	if diff := cmp.Diff([]sending.AskReason{sending.AskMany, sending.AskOld}, a.Asks); diff != "" || a.Count != sending.SendUnasked+1 || a.On != 2 {
		t.Errorf("%d on %d days: %s", a.Count, a.On, diff)
	}
}
