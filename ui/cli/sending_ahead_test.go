package cli

import (
	"fmt"
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao/register"
	"klokkast/ui/officetest"
)

// waiting is a company that never sent anything: 210 taps of two people on 2 and 3 November wait, and two of Bart's are
// held, because his number is missing.
func waiting(t *testing.T) (*officetest.Company, *register.Register) {
	t.Helper()
	c := officetest.New(t)
	reg := c.AtRegister()
	o, ctx := c.Office(), t.Context()
	claes := officetest.Must(
		o.Staff.SaveWorker(ctx, app.Worker{FamilyName: "Claes", GivenName: "Els", StaffNumber: "009", SSIN: "93051822361"}, officetest.Why),
	)(
		t,
	)
	ofClaes := officetest.Must(
		o.Staff.SaveEngagement(ctx, app.Engagement{WorkerID: claes.ID, EmployerID: c.Firm.ID, Days: app.Days{From: app.NewDate(2026, 1, 1)}}, officetest.Why),
	)(
		t,
	)
	c.Give("04E1E2E3", ofClaes, "2026-01-01 00:00")
	c.Give("04B2C3D4", c.OfBart, "2026-01-01 00:00")
	var taps []officetest.Tap
	for i := range 210 {
		card, key, day := officetest.AnnaCard, app.KeyIn, 2+i/190
		if i%2 == 1 {
			key = app.KeyOut
		}
		if day == 3 {
			card = "04E1E2E3"
		}
		minutes := 6*60 + 4*(i%190)
		taps = append(taps, officetest.Tap{Card: card, At: fmt.Sprintf("2026-11-%02d %02d:%02d", day, minutes/60, minutes%60), Key: key})
	}
	taps = append(
		taps,
		officetest.Tap{Card: "04B2C3D4", At: "2026-11-03 14:00", Key: app.KeyIn},
		officetest.Tap{Card: "04B2C3D4", At: "2026-11-03 15:00", Key: app.KeyOut},
	)
	c.Read(taps...)
	return c, reg
}

// atTerminal lets a person sit there who answers with a line.
func atTerminal(answer string) func(*Parts) {
	return func(p *Parts) {
		p.In = strings.NewReader(answer + "\n")
		p.Terminal = func() bool { return true }
	}
}

// Whoever sits at the terminal sees first what goes, and is asked.
func TestWhoSitsAtTheTerminalIsAskedBeforeAFirstLargeOrLateSending(t *testing.T) {
	for _, q := range []struct {
		name, args, answer string
		few                bool // and of today, after others were sent
		sends, asks        bool
	}{
		{name: "no", args: "ciao send", answer: "n", asks: true},
		{name: "nothing", args: "ciao send", asks: true},
		{name: "yes", args: "ciao send", answer: "y", sends: true, asks: true},
		{name: "yes in another language", args: "ciao send", answer: " Ja ", sends: true, asks: true},
		{name: "sure", args: "ciao send --yes", sends: true},
		{name: "few and of today", args: "ciao send", few: true, sends: true},
		{name: "resume", args: "ciao send --resume --why x", answer: "n", asks: true},
		{name: "json", args: "--json ciao send", sends: true},
	} {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			c, reg := waiting(t)
			if q.few {
				asked(t, c, "ciao send --wait --yes")
				c.Read(officetest.In("2026-11-23 07:00"))
			}
			before := len(reg.Stored())
			got := klokkast(t, c, atTerminal(q.answer), append([]string{"--lang", "en"}, strings.Fields(q.args)...)...)
			if sent := len(reg.Stored()) - before; (sent > 0) != q.sends || got.code != ExitFine {
				t.Errorf("sent %d, exit code %d: %s", sent, got.code, got.err)
			}
			if asked := strings.Contains(got.err, "Send them?"); asked != q.asks || asked != strings.Contains(got.out, "210 registrations of 2 people") {
				t.Errorf("asked %v: %s%s", asked, got.out, got.err)
			}
			if q.asks {
				wantText(t, got.out, "02/11/2026", "2 are held", "first sending", "more than 200", "24 hours")
			}
			if q.asks && !q.sends {
				wantText(t, got.out, "Nothing was sent.")
			}
		})
	}
}

// A script is not asked: nobody could answer.
func TestAScriptIsNotAsked(t *testing.T) {
	c, reg := waiting(t)
	got := klokkast(t, c, func(p *Parts) { p.In = strings.NewReader("") }, "--lang", "en", "ciao", "send")
	if len(reg.Stored()) == 0 || got.code != ExitFine || strings.Contains(got.err, "Send them?") {
		t.Errorf("sent %d, exit code %d: %s", len(reg.Stored()), got.code, got.err)
	}
}

func TestADryRunShowsWhatWouldGoAndSendsNothing(t *testing.T) {
	c, reg := waiting(t)
	wantText(t, said(t, c, "ciao send --dry-run"), "210 registrations of 2 people", "2 are held", "Nothing was changed")
	want(t, asked(t, c, "ciao send --dry-run"), map[string]any{
		"dryRun": true, "count": 210, "people": 2, "on": 2, "days.from": "2026-11-02", "sites.0.count": 210, "oldest": "2026-11-02T05:00:00.000Z",
		"held.0.reason": "no-ssin", "held.0.count": 2, "first": true, "asks.0": "first", "asks.2": "old", "mode": "manual", "simulated": true,
	})
	if n := len(reg.Stored()); n != 0 {
		t.Errorf("sent %d", n)
	}
}

// Before punches go by themselves that went by hand, it is asked the same way:
// the first time even where nothing waits yet.
func TestSwitchingOnIsAskedTheSameWay(t *testing.T) {
	c := officetest.New(t)
	c.AtRegister()
	got := klokkast(t, c, atTerminal("n"), "--lang", "en", "settings", "set", "register.mode", "live")
	if acts := c.Acts("installation:" + string(officetest.Must(c.Store.Installation(t.Context()))(t).ID)); got.code != ExitFine || len(acts) != 0 {
		t.Errorf("exit code %d, did %v", got.code, acts)
	}
	wantText(t, got.out, "go by themselves", "Nothing was changed.")
	got = klokkast(t, c, atTerminal("y"), "--lang", "en", "settings", "set", "register.mode=live")
	if got.code != ExitFine {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	want(t, asked(t, c, "ciao status"), map[string]any{"mode": "live"})
}
