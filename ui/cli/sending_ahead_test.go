package cli

import (
	"strings"
	"testing"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/office"
)

func waiting() *fake {
	f := company()
	f.reports = []ciao.Report{{Accepted: 3936}}
	f.ahead = office.SendingAhead{
		Environment: app.LocalSimulator, Mode: ciao.Manual, Count: 3936, People: 2, On: 2, Days: app.Days{From: app.NewDate(2026, 11, 2), To: app.NewDate(2026, 11, 3)},
		Sites: []office.SiteCount{{SiteID: "s1", Count: 3936}}, Oldest: instant("2026-11-02T06:00:00Z"),
		Held:  []office.HeldCount{{Reason: app.HeldClock, Count: 5, Oldest: instant("2026-11-01T06:00:00Z")}},
		First: true, Asks: []office.AskReason{office.AskFirst, office.AskMany, office.AskOld},
	}
	return f
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
	for _, c := range []struct {
		name, args, answer string
		change             func(*fake)
		sends              int
		asks               bool
	}{
		{name: "no", args: "ciao send", answer: "n", asks: true},
		{name: "nothing", args: "ciao send", asks: true},
		{name: "yes", args: "ciao send", answer: "y", sends: 1, asks: true},
		{name: "yes in another language", args: "ciao send", answer: " Ja ", sends: 1, asks: true},
		{name: "sure", args: "ciao send --yes", sends: 1},
		{name: "few and of today", args: "ciao send", change: func(f *fake) { f.ahead.Asks = nil }, sends: 1},
		{name: "resume", args: "ciao send --resume --why x", answer: "n", asks: true},
		{name: "json", args: "--json ciao send", sends: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := waiting()
			if c.change != nil {
				c.change(f)
			}
			got := faked(t, f, atTerminal(c.answer), append([]string{"--lang", "en"}, strings.Fields(c.args)...)...)
			if f.sends != c.sends || got.code != ExitFine {
				t.Errorf("sent %d times, exit code %d: %s", f.sends, got.code, got.err)
			}
			if asked := strings.Contains(got.err, "Send them?"); asked != c.asks || asked != strings.Contains(got.out, "3,936 registrations of 2 people") {
				t.Errorf("asked %v: %s%s", asked, got.out, got.err)
			}
			if c.asks {
				wantText(t, got.out, "02/11/2026", "5 are held", "first sending", "more than 200", "24 hours")
			}
			if c.asks && c.sends == 0 {
				wantText(t, got.out, "Nothing was sent.")
			}
		})
	}
}

// A script is not asked: nobody could answer.
func TestAScriptIsNotAsked(t *testing.T) {
	f := waiting()
	got := faked(t, f, func(p *Parts) { p.In = strings.NewReader("") }, "--lang", "en", "ciao", "send")
	if f.sends != 1 || got.code != ExitFine || strings.Contains(got.err, "Send them?") {
		t.Errorf("sent %d times, exit code %d: %s", f.sends, got.code, got.err)
	}
}

func TestADryRunShowsWhatWouldGoAndSendsNothing(t *testing.T) {
	f := waiting()
	got := faked(t, f, nil, "--lang", "en", "ciao", "send", "--dry-run")
	wantText(t, got.out, "3,936 registrations of 2 people", "5 are held", "Nothing was changed")
	got = faked(t, f, nil, "--json", "ciao", "send", "--dry-run")
	want(t, object(t, got.out), map[string]any{
		"dryRun": true, "count": 3936, "people": 2, "on": 2, "days.from": "2026-11-02", "sites.0.count": 3936, "oldest": "2026-11-02T06:00:00.000Z",
		"held.0.reason": "clock", "held.0.count": 5, "first": true, "asks.0": "first", "asks.2": "old", "mode": "manual", "simulated": true,
	})
	if f.sends != 0 {
		t.Errorf("sent %d times", f.sends)
	}
}

// Before punches go by themselves that went by hand, it is asked the same way:
// the first time even where nothing waits yet.
func TestSwitchingOnIsAskedTheSameWay(t *testing.T) {
	f := waiting()
	f.ahead.Count, f.ahead.Asks = 0, nil
	got := faked(t, f, atTerminal("n"), "--lang", "en", "settings", "set", "register.mode", "live")
	if got.code != ExitFine || len(f.did) != 0 {
		t.Errorf("exit code %d, did %v", got.code, f.did)
	}
	wantText(t, got.out, "go by themselves", "Nothing was changed.")
	got = faked(t, f, atTerminal("y"), "--lang", "en", "settings", "set", "register.mode=live")
	if got.code != ExitFine || len(f.did) == 0 {
		t.Errorf("exit code %d, did %v: %s", got.code, f.did, got.err)
	}
}
