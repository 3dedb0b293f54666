package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/reading"
)

func TestAConnectedBoxDoesWhatItIsAskedFor(t *testing.T) {
	for _, c := range []struct {
		line string
		did  []any
	}{
		{"box pair --wait 5s", []any{"pair", "sim:/boxes/1"}},
		{"box unpair --box usb:1-2", []any{"unpair", "usb:1-2"}},
		{"box identify", []any{"identify", "sim:/boxes/1"}},
		{"box prove", []any{"prove", "sim:/boxes/1"}},
		{"box badges push --refuse", []any{"push", "sim:/boxes/1", true}},
		{"box time --set", []any{"time", "sim:/boxes/1"}},
	} {
		for _, lang := range []string{"--lang=nl", "--lang=fr", "--lang=de", "--lang=en", "--json"} {
			f := company()
			got := klokkast(t, f, nil, append([]string{lang}, words(c.line)...)...)
			if got.code != ExitFine || got.out == "" || strings.Contains(got.out, "<no value>") {
				t.Errorf("%s %s: exit code %d: %s%s", c.line, lang, got.code, got.out, got.err)
			}
			wantDid(t, f, c.did...)
		}
	}
}

func TestBoxInfo(t *testing.T) {
	f := company()
	at := instant("2026-11-20T06:00:00Z")
	point := app.ClockOffset{At: at, Offset: -1500 * time.Millisecond, Uncertainty: 20 * time.Millisecond}
	f.detail = &office.BoxDetail{
		Info:   app.BoxInfo{Log: app.LogKey{Box: ocbUID, Log: "l"}, Label: "Balie", Firmware: "1.2", Battery: -1, First: 1, Last: 99, Acked: 90, Capacity: 129024, Paired: true},
		Clock:  point,
		Ledger: office.OffsetLedger{Points: []office.OffsetPoint{{ClockOffset: point, Checked: true, SinceSet: true}}, DriftPPM: -12.34, Counted: 3},
	}
	got := klokkast(t, f, nil, "--lang", "en", "box", "info")
	wantText(t, got.out, "Balie", "1 to 99, acknowledged up to 90; room for 129,024", "-1.50 s (± 0.02 s)", "may be the one that is off", "-12.3 ppm over 3 measurements")
	want(t, object(t, klokkast(t, f, nil, "box", "info", "--json").out), map[string]any{
		"info.label": "Balie", "info.battery": -1, "clock.offsetMs": -1500, "clockChecked": false, "driftPpm": -12.34,
		"ledger.0.sinceSet": true, "ledger.0.at": "2026-11-20T06:00:00.000Z", "ledger.0.offsetMs": -1500,
	})
}

func TestABoxThatRefusesIsNotCalledUnread(t *testing.T) {
	f := company()
	f.boxErr = fmt.Errorf("prove the box: %w", reading.NotPaired)
	got := klokkast(t, f, nil, "--lang", "en", "box", "prove")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.err, "The clock box did not do it: not paired with this computer")
	want(t, object(t, klokkast(t, f, nil, "box", "prove", "--json").out), map[string]any{"error.code": "box.fault.not-paired"})
	f.boxErr = fmt.Errorf("set the box's clock: %w", &office.ClockError{Reason: office.ClockSuspected, Offset: 2 * time.Minute})
	want(t, object(t, klokkast(t, f, nil, "box", "time", "--set", "--json").out), map[string]any{"error.code": "clock.suspected"})
	wantText(t, klokkast(t, f, nil, "--lang", "nl", "box", "time", "--set").err, "120 s")
}

// A gap that another installation has is no loss, and says who has it.
func TestBoxListSaysWhoReadElsewhere(t *testing.T) {
	f := company()
	gap := app.Gap{Log: app.LogKey{Box: ocbUID, Log: "l"}, First: 1, Last: 126, ReadElsewhere: true}
	f.boxes[0].Unacked, f.boxes[0].Gaps = 0, []app.Gap{gap}
	f.boxes[0].Elsewhere = []office.Elsewhere{{Gap: gap, By: "00a1b2c3d4", At: instant("2026-11-20T16:00:00Z")}}
	got := klokkast(t, f, nil, "--lang", "en", "box", "list")
	wantText(t, got.out, "1 to 126 read elsewhere by …00a1b2c3d4 (20/11/2026 17:00)")
	if strings.Contains(got.out, "gap") {
		t.Errorf("called a gap: %s", got.out)
	}
	want(t, object(t, klokkast(t, f, nil, "box", "list", "--json").out), map[string]any{
		"boxes.0.gaps.0.readElsewhere": true, "boxes.0.gaps.0.by": "00a1b2c3d4", "boxes.0.gaps.0.at": "2026-11-20T16:00:00.000Z",
	})
	f.boxes[0].Gaps = append(f.boxes[0].Gaps, app.Gap{First: 200, Last: 201})
	wantText(t, klokkast(t, f, nil, "--lang", "en", "box", "list").out, "1 gap in the numbering")
}

// seenTap is a tap of nobody, as a watch tells it.
func seenTap(p app.Punch) office.SeenTap {
	return office.SeenTap{PunchRow: office.PunchRow{Tap: app.Tap{Punch: p, At: p.At}}, Names: &office.Names{}}
}

// A cable that is pulled out in the middle is waited for; each tap is one line.
func TestBoxWatchGoesOnAfterAReplug(t *testing.T) {
	f := company()
	f.watch = func(time int, seen func(office.SeenTap)) error {
		seen(seenTap(app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: ocbUID, Log: "l"}, Seq: uint64(time)}, At: instant("2026-11-23T10:00:00Z"),
			Identifier: app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3"}, Pressed: app.KeyIn}))
		if time == 1 {
			return fmt.Errorf("watch the box: %w", reading.Unplugged)
		}
		return nil
	}
	got := klokkast(t, f, nil, "--json", "box", "watch")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if got.code != ExitFine || len(lines) != 2 {
		t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
	}
	for i, l := range lines {
		want(t, object(t, l), map[string]any{"key": fmt.Sprintf("%s/l/%d", ocbUID, i+1), "pressed": "in", "identifier.value": "04A1B2C3"})
	}
}

// Several boxes are read at once: each reading waits until all have begun.
func TestBoxReadAllAtOnce(t *testing.T) {
	f := company()
	f.boxes = append(f.boxes, office.BoxRow{Connected: "usb:1"}, office.BoxRow{Connected: "usb:2", Problem: "no-permission"})
	var begun sync.WaitGroup
	begun.Add(len(connectedOf(f)))
	f.read = func(_ context.Context, path string, p office.Progress) (app.Reading, error) {
		begun.Done()
		begun.Wait()
		p(1, 2)
		if path == "usb:2" {
			return app.Reading{}, fmt.Errorf("open the box: %w", reading.NoPermission)
		}
		return app.Reading{State: app.ReadingDone, New: 3, Records: 3}, nil
	}
	got := klokkast(t, f, nil, "--lang", "en", "box", "read", "--all")
	if got.code != ExitFailed {
		t.Errorf("exit code %d", got.code)
	}
	wantText(t, got.out, "3 new records stored of 3 read")
	wantText(t, got.err, "usb:2: This computer may not use", "klokkast box udev-rule | sudo tee /etc/udev/rules.d/70-klokkast.rules", "plug it in again")
	begun.Add(len(connectedOf(f)))
	want(t, object(t, klokkast(t, f, nil, "--json", "box", "read", "--all").out), map[string]any{
		"readings.1.path": "usb:1", "readings.1.new": 3, "readings.2.path": "usb:2", "readings.2.error.code": "box.fault.no-permission",
	})
}

func connectedOf(f *fake) (paths []string) {
	for _, b := range f.boxes {
		if b.Connected != "" {
			paths = append(paths, b.Connected)
		}
	}
	return paths
}

func TestBoxListFollowsPlugs(t *testing.T) {
	f := company()
	f.scans = [][]reading.Found{nil, {{Path: "usb:1"}}}
	got := klokkast(t, f, nil, "--json", "box", "list", "--follow")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if got.code != ExitFine || len(lines) != 2 {
		t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
	}
	want(t, object(t, lines[1]), map[string]any{"boxes.0.uid": ocbUID})
	f.boxes = append(f.boxes, office.BoxRow{Connected: "usb:2", Problem: "no-permission"})
	wantText(t, klokkast(t, f, nil, "--lang", "en", "box", "list", "--follow").out, "the udev rule is missing")
}

func TestBoxUdevRule(t *testing.T) {
	rule := func(p *Parts) { p.UdevRule = "# for people\nSUBSYSTEM==\"usb\"\n" }
	if got := klokkast(t, company(), rule, "box", "udev-rule"); got.code != ExitFine || got.out != "# for people\nSUBSYSTEM==\"usb\"\n" || got.err != "" {
		t.Errorf("%+v", got)
	}
	want(t, object(t, klokkast(t, company(), rule, "--json", "box", "udev-rule").out), map[string]any{
		"file": "/etc/udev/rules.d/70-klokkast.rules", "rule": "# for people\nSUBSYSTEM==\"usb\"\n",
	})
}

// Without a box the watch waits for one; after a replug the box that was named
// by its path is found under another.
func TestBoxWatchWaitsForABox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := company()
		f.later = 3
		f.watch = func(int, func(office.SeenTap)) error { return nil }
		begun := time.Now()
		got := klokkast(t, f, nil, "--lang", "en", "box", "watch")
		if got.code != ExitFine || f.watched != 1 || time.Since(begun) != 3*comeBack {
			t.Errorf("exit code %d after %s, watched %d times: %s", got.code, time.Since(begun), f.watched, got.err)
		}
		wantText(t, got.err, "waiting until one is plugged in")
		if n := strings.Count(got.err, "waiting"); n != 1 {
			t.Errorf("said %d times that it waits", n)
		}
	})
}

// All boxes are watched at once, those too that come later; one that fails is
// told and the others go on.
func TestBoxWatchAll(t *testing.T) {
	f := company()
	f.scans = [][]reading.Found{nil, {{Path: "usb:1"}}, {{Path: "usb:1"}, {Path: "usb:2"}, {Path: "usb:3", Fault: reading.NoPermission}}}
	var both sync.WaitGroup
	both.Add(2)
	f.watchAll = func(_ context.Context, path string, seen func(office.SeenTap)) error {
		both.Done()
		both.Wait() // each ends only after the other has begun
		seen(seenTap(app.Punch{Key: app.RecordKey{LogKey: app.LogKey{Box: path, Log: "l"}, Seq: 7}, At: instant("2026-11-23T10:00:00Z"), Identifier: app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3"}}))
		return &reading.QuarantinedError{Box: path, Reason: reading.ReasonChain}
	}
	got := klokkast(t, f, nil, "--json", "--lang", "en", "box", "watch", "--all")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	slices.Sort(lines)
	if got.code != ExitFine || len(lines) != 2 {
		t.Fatalf("exit code %d: %s%s", got.code, got.out, got.err)
	}
	want(t, object(t, lines[0]), map[string]any{"key": "usb:1/l/7"})
	want(t, object(t, lines[1]), map[string]any{"key": "usb:2/l/7"})
	wantText(t, got.err, "usb:3: This computer may not use", "usb:1: This clock box is not read any more", "usb:2: This clock box is not read any more")
	if got := klokkast(t, f, nil, "box", "watch", "--all", "--box", "x"); got.code != ExitUsage {
		t.Errorf("exit code %d", got.code)
	}
}
