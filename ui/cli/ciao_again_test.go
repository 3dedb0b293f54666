package cli

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao/register"
	"klokkast/ui/officetest"
)

// TestSendingAgainCancellingAndSettlingNeedAReason, and say what was done.
func TestSendingAgainCancellingAndSettlingNeedAReason(t *testing.T) {
	refused := func(t *testing.T) (*officetest.Company, string) {
		c := officetest.New(t)
		reg := c.AtRegister()
		c.Read(officetest.In("2026-11-23 07:00"))
		reg.Set(register.Settings{Declarations: []string{"1Y1003SQ5VSSA"}})
		asked(t, c, "ciao send")
		asked(t, c, "declaration add 1Y1003SQ5VSSA --from 2026-01-01")
		asked(t, c, "declaration link 1Y1003SQ5VSSZ L1 --no-default --to 2026-06-30")
		asked(t, c, "declaration link 1Y1003SQ5VSSA L1")
		return c, at(t, asked(t, c, "ciao status --state refused"), "rows.0.id").(string)
	}
	accepted := func(t *testing.T) (*officetest.Company, string) {
		c := officetest.New(t)
		c.AtRegister()
		asked(t, c, "settings set register.cancel on")
		c.Read(officetest.In("2026-11-23 07:00"))
		asked(t, c, "ciao send")
		return c, at(t, asked(t, c, "ciao status --state accepted"), "rows.0.id").(string)
	}
	for _, q := range []struct {
		command string
		company func(*testing.T) (*officetest.Company, string)
		done    func(t *testing.T, c *officetest.Company)
	}{
		{"resend", refused, func(t *testing.T, c *officetest.Company) {
			want(t, asked(t, c, "ciao status"), map[string]any{"states.queued": 1})
		}},
		{"cancel", accepted, func(t *testing.T, c *officetest.Company) {
			asked(t, c, "ciao send")
			want(t, asked(t, c, "ciao status"), map[string]any{"states.cancelled": 1, "states.accepted": 0})
		}},
		{"settle", double, func(t *testing.T, c *officetest.Company) {
			if left := at(t, asked(t, c, "ciao findings"), "findings").([]any); len(left) != 0 {
				t.Errorf("still open: %v", left)
			}
		}},
	} {
		t.Run(q.command, func(t *testing.T) {
			c, id := q.company(t)
			before := len(c.Acts(""))
			if got := klokkast(t, c, nil, "ciao", q.command, id); got.code != ExitUsage {
				t.Errorf("without a reason: exit code %d", got.code)
			}
			if got := klokkast(t, c, nil, "ciao", q.command, "--why", "number mended"); got.code != ExitUsage || len(c.Acts("")) != before {
				t.Errorf("of nothing: exit code %d", got.code)
			}
			asked(t, c, "ciao "+q.command+" "+id+` --why "number mended"`)
			q.done(t, c)
			wantReasons(t, c, []string{"--why", "number mended"})
		})
	}
}

// TestAListOfRefusalsSaysWhyAndWhatToDo, in words; the register's code and its answer stand behind --details.
func TestAListOfRefusalsSaysWhyAndWhatToDo(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	c.Read(officetest.In("2026-11-23 07:00"))
	reg.Set(register.Settings{Declarations: []string{"1Y1003SQ5VSSA"}})
	wantText(t, said(t, c, "ciao send"), "1 was refused; klokkast ciao status --state refused says why")
	list := said(t, c, "ciao status --state refused")
	wantText(t, list, "declaration of works not accepted", "What to do:", "- Correct the number of the declaration of works", "- Then send the punch again")
	if strings.ContainsAny(list, "{}") || strings.Contains(list, "contractualRelationshipNotFound") {
		t.Errorf("what machines say reaches people: %s", list)
	}
	wantText(t, said(t, c, "anomalies --rule refused"), "CIAO refused a registration of", "): declaration of works not accepted")
	wantText(t, said(t, c, "ciao status --state refused --details"), "code contractualRelationshipNotFound", `{"reasons":`)
	want(t, asked(t, c, "ciao status --state refused"), map[string]any{
		"rows.0.message": "aangifte van werken niet aanvaard", "rows.0.reasons.0.matter": "declaration", "rows.0.reasons.0.code": "contractualRelationshipNotFound",
	})
}

// TestALetterToTheNSSOHasWords: what the register answered stands there without code or brace, and what has no known fate is
// among the dossiers from the day after, since the 30 days run.
func TestALetterToTheNSSOHasWords(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
	reg.Set(register.Settings{Declarations: []string{"1Y1003SQ5VSSA"}})
	asked(t, c, "ciao send")
	reg.Set(register.Settings{Query: "off"})
	reg.Add(register.Fault{Kind: register.DropAfter})
	c.Read(officetest.In("2026-11-23 11:30"))
	klokkast(t, c, nil, "ciao", "send")
	wantText(t, said(t, c, "today"), "1 of unknown fate: klokkast ciao status --state unknown lists it", "2 refused: klokkast ciao status --state refused says why")
	c.Now = c.Now.Add(24 * time.Hour)
	wantText(t, said(t, c, "dossier list"), "refused by the register", "sent, arrival uncertain")
	key := at(t, asked(t, c, "dossier list"), "dossiers.0.key").(string)
	asked(t, c, "dossier make "+key)
	id := at(t, asked(t, c, "dossier list"), "dossiers.0.id").(string)
	letter := said(t, c, "dossier show "+id)
	wantText(t, letter, "Your register answered: declaration of works not accepted (“refused by the simulated register”)")
	if strings.ContainsAny(letter, "{}[]") || strings.Contains(letter, "contractualRelationshipNotFound") {
		t.Errorf("what machines say stands in the letter: %s", letter)
	}
}

// TestWhatIsNotConfirmedAfterADayIsSeenTo: by a finding once the register was asked again, by a number and a list where it
// cannot be asked, and no longer when it is plainly good.
func TestWhatIsNotConfirmedAfterADayIsSeenTo(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	reg.Set(register.Settings{ValidAfterSeconds: 1e9})
	c.Read(officetest.In("2026-11-23 07:00"))
	asked(t, c, "ciao send")
	c.Now = c.Now.Add(time.Hour)
	reg.Add(register.Fault{Kind: register.ErrorBefore, Operation: "one", Times: 2})
	klokkast(t, c, nil, "ciao", "send")
	want(t, asked(t, c, "ciao status"), map[string]any{"doubtful": 0, "findings": 0})
	c.Now = c.Now.Add(25 * time.Hour)
	for _, command := range []string{"ciao status", "today"} {
		wantText(t, said(t, c, command), "1 was accepted, and for a day the register could not be asked after it: klokkast ciao status --state doubtful")
	}
	wantText(t, said(t, c, "ciao status --state doubtful"), "accepted (pending)", "Look it up in the NSSO's online service")
	klokkast(t, c, nil, "ciao", "send") // fails once more
	c.Now = c.Now.Add(24 * time.Hour)
	asked(t, c, "ciao send") // asks after it by its number
	wantText(t, said(t, c, "ciao findings"), "The register still says: pending.")
	want(t, asked(t, c, "ciao status"), map[string]any{"doubtful": 0, "findings": 1})
	reg.Set(register.Settings{})
	c.Now = c.Now.Add(24 * time.Hour)
	asked(t, c, "ciao send")
	want(t, asked(t, c, "ciao status"), map[string]any{"doubtful": 0, "findings": 0})
}

// double is a company that finds a registration of its own twice in the register; it gives the id of that finding.
func double(t *testing.T) (*officetest.Company, string) {
	t.Helper()
	c := officetest.New(t)
	reg := c.AtRegister()
	c.Read(officetest.In("2026-11-23 07:00"))
	reg.Add(register.Fault{Kind: register.DropAfter, Times: 1})
	klokkast(t, c, nil, "ciao", "send") // stored, and nobody knows
	if _, err := reg.Put(reg.Stored()[0].RegisterItem); err != nil {
		t.Fatal(err)
	}
	c.Now = c.Now.Add(time.Hour)
	klokkast(t, c, nil, "ciao", "send")
	found := asked(t, c, "ciao findings")
	return c, at(t, found, "findings.0.id").(string)
}

// TestFindingsNameThePunchAndTheRegistersNumber: the number exactly, also beyond what a float holds.
func TestFindingsNameThePunchAndTheRegistersNumber(t *testing.T) {
	c, _ := double(t)
	wantText(t, said(t, c, "ciao findings"), "900719925474100", "more than once")
	got := klokkast(t, c, nil, "--json", "ciao", "findings")
	wantText(t, got.out, `"registerId": 9007199254741001`, `"kind": "double"`)
}

// TestDelaysAsTableAndFields: the median, and the share of those above ten minutes.
func TestDelaysAsTableAndFields(t *testing.T) {
	c := officetest.New(t)
	c.AtRegister()
	c.Read(officetest.In("2026-11-23 07:00"))
	c.Now = c.At("2026-11-23 07:02")
	asked(t, c, "ciao send")
	c.Now = c.At("2026-11-23 12:00")
	c.Read(officetest.Out("2026-11-23 11:00"))
	asked(t, c, "ciao send")
	wantText(t, said(t, c, "ciao delays --by site"), "50.0 %")
	want(
		t,
		asked(t, c, "ciao delays --by site"),
		map[string]any{"by": "site", "lateMinutes": 10, "all.count": 2, "all.late": 1, "all.lateShare": 0.5, "rows.0.key": string(c.Site.ID)},
	)
}

// TestRunSaysEachObstacleOnce: and by hand it does not run at all.
func TestRunSaysEachObstacleOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := officetest.New(t) // without a credential
		if got := klokkast(t, c, nil, "ciao", "run"); got.code == ExitFine {
			t.Errorf("it ran although sending is done by hand: %s", got.out)
		}
		asked(t, c, "settings set register.mode=live")
		c.Runs()
		end := running(t, c, "--lang", "en", "ciao", "run")
		time.Sleep(time.Hour)
		got := end()
		if n := strings.Count(got.out, "NOT SENDING"); n != 1 {
			t.Errorf("the obstacle is said %d times:\n%s", n, got.out)
		}
	})
}

func TestRunSaysWhatItSent(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	asked(t, c, "settings set register.mode=live")
	c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	hears := func(p *Parts) { p.Out = &listener{p.Out, new(strings.Builder), "accepted", cancel} }
	got := klokkastUntil(ctx, t, c, hears, "--lang", "en", "ciao", "run")
	wantText(t, got.out, "Sends live", "Sent: 2 accepted, 0 refused, 0 of unknown fate")
	if len(reg.Stored()) != 2 {
		t.Errorf("the register holds %d", len(reg.Stored()))
	}
}

func TestCiaoSendEndsWhereOnlyAPersonCanGoOn(t *testing.T) {
	c, _ := unproven(t)
	c.Read(officetest.Tap{Card: "04C1C2C3", At: "2026-11-23 11:30", Key: app.KeyIn})
	asked(t, c, "badge give 04C1C2C3 --worker anna --from 2026-11-23") // afterwards: held until somebody says so
	got := klokkast(t, c, nil, "ciao", "send", "--wait", "--json")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	want(
		t,
		object(t, got.out),
		map[string]any{
			"rounds":                 1,
			"left.needsPerson":       2,
			"left.needsPersonOldest": "2026-11-23T06:00:00.000Z",
			"left.waiting":           0,
			"needsPersonWhy":         "no-search",
			"held":                   1,
		},
	)
	got = klokkast(t, c, nil, "--lang", "en", "ciao", "send", "--wait")
	for _, text := range []string{"2 registrations wait for your decision", "klokkast ciao decide --all", "1 punch is held"} {
		if !strings.Contains(got.out+got.err, text) {
			t.Errorf("nothing says %q:\n%s", text, got.out+got.err)
		}
	}
}

// released is a company that let go of what was held, at a register that offers no search: whether it is there already only
// a person can say, who is asked. It never left this computer.
func released(t *testing.T) (*officetest.Company, *register.Register) {
	t.Helper()
	c := officetest.New(t)
	reg := c.AtRegister()
	reg.Set(register.Settings{Query: "off"})
	c.Unmeasured()
	c.Read(officetest.In("2026-11-23 07:00"), officetest.Out("2026-11-23 11:00"))
	asked(t, c, "ciao release --held clock --why checked --yes")
	for range 3 {
		klokkast(t, c, nil, "ciao", "send")
		c.Now = c.Now.Add(time.Hour)
	}
	return c, reg
}

func TestCiaoDecideInBulk(t *testing.T) {
	c, reg := released(t)
	line := "ciao decide --site L1 --from 2026-11-01 --state queued --as send --why none"
	want(t, asked(t, c, line), map[string]any{"count": 2, "single": 0, "decided": 0, "done": false, "reason": "no-search"})
	want(t, asked(t, c, "ciao status"), map[string]any{"needsPerson": 2})
	for _, other := range []string{"--site ponta", "--from 2026-11-24", "--state unknown", "--held late"} {
		if got := klokkast(t, c, nil, words("--json ciao decide --as send --why none "+other)...); at(t, object(t, got.out), "count") != float64(0) {
			t.Errorf("%s: %s", other, got.out)
		}
	}
	want(t, asked(t, c, line+" --held clock --yes"), map[string]any{"count": 2, "decided": 2, "done": true})
	wantReasons(t, c, words(line))
	asked(t, c, "ciao send")
	if n := len(reg.Stored()); n != 2 {
		t.Errorf("the register holds %d", n)
	}
	for _, wrong := range [][]string{{"--as", "send"}, {"id-1", "--all", "--as", "send"}, {"--all", "--as", "maybe"}, {"--all", "--held", "no-reason", "--as", "send"}} {
		if got := klokkast(t, c, nil, append(append([]string{"ciao", "decide"}, wrong...), "--why", "x")...); got.code != ExitUsage {
			t.Errorf("%v: exit code %d: %s", wrong, got.code, got.err)
		}
	}
}

// What may have been sent is decided about one by one.
func TestWhatMayHaveBeenSentIsNotSentAgainInBulk(t *testing.T) {
	c, reg := unproven(t)
	got := klokkast(t, c, nil, words("--json ciao decide --all --as send --why none --yes")...)
	want(t, object(t, got.out), map[string]any{"count": 0, "single": 2, "decided": 0, "done": false})
	if got.code != ExitFailed || len(reg.Stored()) != 0 {
		t.Errorf("exit code %d, the register holds %d", got.code, len(reg.Stored()))
	}
}

// listener passes on what is written, and tells once a word was.
type listener struct {
	to   io.Writer
	all  *strings.Builder
	word string
	hear func()
}

func (l *listener) Write(b []byte) (int, error) {
	l.all.Write(b)
	if strings.Contains(strings.ToLower(l.all.String()), l.word) {
		l.hear()
	}
	return l.to.Write(b)
}
