package cli

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/app/workspace"
	"klokkast/devices/simbox"
	"klokkast/ui/officetest"
)

// atBox is a company with its box on a cable, paired.
func atBox(t *testing.T) (*officetest.Company, *simbox.Box) {
	t.Helper()
	c := officetest.New(t)
	box := c.Cables.Plug(t, "usb:1", officetest.Known())
	c.Pair(box, "usb:1")
	return c, box
}

// checked notes that this computer's clock was found right.
func checked(t *testing.T, c *officetest.Company) {
	t.Helper()
	c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{At: c.Now, Source: "test"} }))
}

// tap is a tap on a box.
func tap(t *testing.T, box *simbox.Box, card string, key app.PunchKey) {
	t.Helper()
	if _, err := box.Tap(officetest.Card(t, card), key); err != nil {
		t.Fatal(err)
	}
}

func TestAConnectedBoxDoesWhatItIsAskedFor(t *testing.T) {
	answers := []string{"--json", "--lang=nl", "--lang=fr", "--lang=de", "--lang=en"}
	if testing.Short() { // the words need no race detector
		answers = answers[:1]
	}
	for _, c := range []struct {
		line string
		did  func(t *testing.T, c *officetest.Company, box *simbox.Box) bool
	}{
		{"box pair --wait 5s", func(_ *testing.T, _ *officetest.Company, box *simbox.Box) bool { return len(box.Pairings()) == 1 }},
		{"box unpair --box usb:1", func(_ *testing.T, _ *officetest.Company, box *simbox.Box) bool { return len(box.Pairings()) == 0 }},
		{"box identify", func(_ *testing.T, c *officetest.Company, _ *simbox.Box) bool {
			return c.Cables.Beeps()[0] == simbox.BeepHere
		}},
		{"box prove", func(*testing.T, *officetest.Company, *simbox.Box) bool { return true }}, // it says so; a box that does not is below
		{"box badges push --refuse", func(t *testing.T, c *officetest.Company, box *simbox.Box) bool {
			tap(t, box, officetest.AnnaCard, app.KeyIn)
			tap(t, box, "04DEADBEEF", app.KeyIn)
			beeps := c.Cables.Beeps()
			return beeps[0] == simbox.BeepTaken && beeps[1] == simbox.BeepRefused
		}},
		{"box time --set", func(_ *testing.T, c *officetest.Company, box *simbox.Box) bool { return box.Now().Equal(c.Now.Time()) }},
	} {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			for _, lang := range answers {
				company, box := atBox(t)
				checked(t, company)
				if err := box.Drift(90 * time.Second); err != nil {
					t.Fatal(err)
				}
				got := klokkast(t, company, nil, append([]string{lang}, words(c.line)...)...)
				if got.code != ExitFine || got.out == "" || strings.Contains(got.out, "<no value>") {
					t.Errorf("%s: exit code %d: %s%s", lang, got.code, got.out, got.err)
				}
				if !c.did(t, company, box) {
					t.Errorf("%s: the box did not do it", lang)
				}
			}
		})
	}
}

func TestBoxInfo(t *testing.T) {
	c, box := atBox(t)
	checked(t, c)
	if err := box.Drift(-1500 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	for range 9 {
		tap(t, box, officetest.AnnaCard, app.KeyIn)
	}
	asked(t, c, "box read")
	c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) { s.Check = app.ClockCheck{} }))
	wantText(t, said(t, c, "box info"), "Leuven balie", "1 to 11, acknowledged up to 10; room for 129,024", "-1.50 s (± 0.00 s)", "may be the one that is off")
	want(t, asked(t, c, "box info"), map[string]any{
		"info.label": "Leuven balie", "info.battery": 100, "clock.offsetMs": -1500, "clockChecked": false, "info.paired": true,
		"ledger.0.checked": true, "ledger.0.sinceSet": true, "ledger.0.at": "2026-11-23T11:00:00.000Z", "ledger.0.offsetMs": -1500,
	})
	checked(t, c)
	c.Now = c.Now.Add(10 * 24 * time.Hour)
	checked(t, c)
	if err := box.Drift(-time.Second); err != nil {
		t.Fatal(err)
	}
	asked(t, c, "box read")
	wantText(t, said(t, c, "box info"), "-1.2 ppm over 2 measurements")
	want(t, asked(t, c, "box info"), map[string]any{"clockChecked": true, "counted": 2})
}

func TestABoxThatRefusesIsNotCalledUnread(t *testing.T) {
	c := officetest.New(t)
	box := c.Cables.Plug(t, "usb:1", officetest.Known())
	got := klokkast(t, c, nil, "--lang", "en", "box", "badges", "push")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.err, "The clock box did not do it: not paired with this computer")
	want(t, object(t, klokkast(t, c, nil, "box", "badges", "push", "--json").out), map[string]any{"error.code": "box.fault.not-paired"})
	c.Pair(box, "usb:1")
	c.Do(c.Office().ChangeSettings(t.Context(), func(s *workspace.Settings) {
		s.Check = app.ClockCheck{At: c.Now, Source: "test", Offset: 2 * time.Minute}
	}))
	want(t, object(t, klokkast(t, c, nil, "box", "time", "--set", "--json").out), map[string]any{"error.code": "clock.wrong"})
	wantText(t, klokkast(t, c, nil, "--lang", "nl", "box", "time", "--set").err, "120 s")
}

// A gap that another installation has is no loss, and says who has it.
func TestBoxListSaysWhoReadElsewhere(t *testing.T) {
	first, second := officetest.New(t), officetest.NewDemo(t) // two installations
	factory := officetest.Known()
	factory.Pages = 4 // of 126 records each
	box := first.Cables.Plug(t, "usb:1", factory)
	second.Cables.PlugSame("usb:1", box)
	first.Pair(box, "usb:1")
	second.Pair(box, "usb:1")
	for range 2 {
		for range 200 {
			tap(t, box, officetest.AnnaCard, app.KeyIn)
		}
		asked(t, first, "box read")
	}
	for range 180 {
		tap(t, box, officetest.AnnaCard, app.KeyIn)
	}
	asked(t, second, "box read")
	inst := officetest.Must(first.Store.Installation(t.Context()))(t)
	id := strings.ReplaceAll(string(inst.ID), "-", "")
	by := id[len(id)-10:]
	list := said(t, second, "box list")
	wantText(t, list, "1 to 126 read elsewhere by …"+by+" (23/11/2026 12:00)")
	if strings.Contains(list, "gap") {
		t.Errorf("called a gap: %s", list)
	}
	want(t, asked(t, second, "box list"), map[string]any{
		"boxes.0.gaps.0.readElsewhere": true, "boxes.0.gaps.0.by": by, "boxes.0.gaps.0.at": "2026-11-23T11:00:00.000Z",
	})
}

// inBubble runs a test in a bubble of its own time. The loop that waits for signals must have begun outside.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	signal.Stop(c)
	synctest.Test(t, f)
}

// running begins a command and gives what ends it, as Ctrl-C does.
func running(t *testing.T, c *officetest.Company, args ...string) (end func() ran) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan ran, 1)
	go func() { done <- klokkastUntil(ctx, t, c, nil, args...) }()
	settle()
	return func() ran {
		settle()
		cancel()
		return <-done
	}
}

// settle lets everything that goes on in a bubble come to rest.
func settle() {
	time.Sleep(5 * comeBack)
	synctest.Wait()
}

// A cable that is pulled out in the middle is waited for, and found under another path; each tap is one line.
func TestBoxWatchGoesOnAfterAReplug(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c, box := atBox(t)
		end := running(t, c, "--json", "box", "watch", "--box", "usb:1")
		tap(t, box, officetest.AnnaCard, app.KeyIn)
		settle()
		c.Cables.Unplug("usb:1")
		settle()
		tap(t, box, officetest.AnnaCard, app.KeyOut) // it is told when it is back
		c.Cables.PlugSame("usb:7", box)
		settle()
		tap(t, box, "04DEADBEEF", app.KeyIn)
		got := end()
		lines := strings.Split(strings.TrimSpace(got.out), "\n")
		if got.code != ExitFine || len(lines) != 3 {
			t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
		}
		want(t, object(t, lines[0]), map[string]any{"workerId": string(c.Anna.ID), "pressed": "in", "identifier.value": officetest.AnnaCard})
		want(t, object(t, lines[1]), map[string]any{"workerId": string(c.Anna.ID), "pressed": "out"})
		want(t, object(t, lines[2]), map[string]any{"identifier.value": "04DEADBEEF"})
		if punches := at(t, asked(t, c, "punch list"), "punches").([]any); len(punches) != 3 {
			t.Errorf("%d punches are stored, want all 3", len(punches))
		}
	})
}

// Without a box the watch waits for one.
func TestBoxWatchWaitsForABox(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := officetest.New(t)
		end := running(t, c, "--lang", "en", "box", "watch")
		box := c.Cables.Plug(t, "usb:1", officetest.Known())
		settle()
		tap(t, box, officetest.AnnaCard, app.KeyIn)
		got := end()
		wantText(t, got.out, "Peeters Anna")
		if n := strings.Count(got.err, "waiting until one is plugged in"); n != 1 || got.code != ExitFine {
			t.Errorf("exit code %d; said %d times that it waits: %s", got.code, n, got.err)
		}
	})
}

// All boxes are watched at once, those too that come later; one that fails is
// told and the others go on.
func TestBoxWatchAll(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := officetest.New(t)
		end := running(t, c, "--json", "--lang", "en", "box", "watch", "--all")
		first := c.Cables.Plug(t, "usb:1", officetest.Known())
		settle()
		second := c.Cables.Plug(t, "usb:2", simbox.Factory{Label: "Inkom"})
		third := c.Cables.Plug(t, "usb:4", simbox.Factory{Label: "Kelder"})
		c.Do(
			c.Store.SaveBox(
				t.Context(),
				app.Box{UID: third.LogKey().Box, Make: app.MakeOCB, FirstSeen: c.Now},
				app.Act{Actor: "Els", At: c.Now, What: "box.save"},
			),
		)
		c.Do(c.Store.Quarantine(t.Context(), third.LogKey().Box, reading.ReasonChain, app.Act{Actor: "Els", At: c.Now, What: "box.quarantine"}))
		c.Cables.PlugFaulty("usb:3", reading.NoPermission)
		settle()
		tap(t, first, officetest.AnnaCard, app.KeyIn)
		tap(t, second, officetest.AnnaCard, app.KeyOut)
		got := end()
		lines := strings.Split(strings.TrimSpace(got.out), "\n")
		if got.code != ExitFine || len(lines) != 2 {
			t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
		}
		seen := map[string]bool{}
		for _, l := range lines {
			key, _ := at(t, object(t, l), "key").(string)
			seen[strings.Split(key, "/")[0]] = true
		}
		if !seen[officetest.BoxUID] || !seen[second.LogKey().Box] {
			t.Errorf("taps of %v", seen)
		}
		wantText(t, got.err, "usb:3: This computer may not use", "usb:4: This clock box is not read any more")
	})
	if got := klokkast(t, officetest.New(t), nil, "box", "watch", "--all", "--box", "x"); got.code != ExitUsage {
		t.Errorf("exit code %d", got.code)
	}
}

// Several boxes are read at once: each is opened to be read only when all are.
func TestBoxReadAllAtOnce(t *testing.T) {
	c, first := atBox(t)
	second := c.Cables.Plug(t, "usb:2", simbox.Factory{Label: "Inkom"})
	c.Cables.PlugFaulty("usb:3", reading.NoPermission)
	for _, box := range []*simbox.Box{first, second} {
		for range 3 {
			tap(t, box, officetest.AnnaCard, app.KeyIn)
		}
	}
	var begun sync.WaitGroup
	begun.Add(2)
	c.Cables.Wrap = func(_ string, box reading.Service) reading.Box { return &together{box, &begun} }
	got := klokkast(t, c, nil, "--lang", "en", "box", "read", "--all")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.out, "Leuven balie: 4 new records stored of 4 read", "Inkom: 4 new records stored of 4 read")
	wantText(t, got.err, "usb:3: This computer may not use", "klokkast box udev-rule | sudo tee /etc/udev/rules.d/70-klokkast.rules", "plug it in again")
	begun.Add(2)
	again := map[string]any{} // by path
	for _, r := range at(t, object(t, klokkast(t, c, nil, "--json", "box", "read", "--all").out), "readings").([]any) {
		again[at(t, r, "path").(string)] = r
	}
	if len(again) != 3 || at(t, again["usb:2"], "new") != float64(0) || at(t, again["usb:3"], "error.code") != "box.fault.no-permission" {
		t.Errorf("%v", again)
	}
}

// together is a box that gives nothing before all of them are asked.
type together struct {
	reading.Service
	begun *sync.WaitGroup
}

func (b *together) ClockOffset(ctx context.Context) (app.ClockOffset, error) {
	b.begun.Done()
	b.begun.Wait()
	return b.Service.ClockOffset(ctx)
}

func TestBoxListFollowsPlugs(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := officetest.New(t)
		end := running(t, c, "--json", "box", "list", "--follow")
		c.Cables.Plug(t, "usb:1", officetest.Known())
		got := end()
		lines := strings.Split(strings.TrimSpace(got.out), "\n")
		if got.code != ExitFine || len(lines) != 2 {
			t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
		}
		want(t, object(t, lines[0]), map[string]any{"boxes.0.uid": officetest.BoxUID, "boxes.0.connected": nil})
		want(t, object(t, lines[1]), map[string]any{"boxes.0.uid": officetest.BoxUID, "boxes.0.connected": "usb:1"})
		c.Cables.PlugFaulty("usb:2", reading.NoPermission)
		wantText(t, running(t, c, "--lang", "en", "box", "list", "--follow")().out, "the udev rule is missing")
	})
}

func TestBoxUdevRule(t *testing.T) {
	rule := func(p *Parts) { p.UdevRule = "# for people\nSUBSYSTEM==\"usb\"\n" }
	if got := klokkast(t, nil, rule, "box", "udev-rule"); got.code != ExitFine || got.out != "# for people\nSUBSYSTEM==\"usb\"\n" || got.err != "" {
		t.Errorf("%+v", got)
	}
	want(t, object(t, klokkast(t, nil, rule, "--json", "box", "udev-rule").out), map[string]any{
		"file": "/etc/udev/rules.d/70-klokkast.rules", "rule": "# for people\nSUBSYSTEM==\"usb\"\n",
	})
}
