package host_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/host"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
	"klokkast/devices/simbox"
)

const office = app.ID("01930000-0000-7000-8000-0000000000a1")

// quick makes every wait of a test short; the box's heartbeat is 25 ms to match.
var quick = host.Timing{
	Resend: 40 * time.Millisecond, Answer: 4 * time.Second, Progress: 4 * time.Second, Stall: 70 * time.Millisecond,
	Credit: 25 * time.Millisecond, Goodbye: 300 * time.Millisecond,
}

func newBox(t testing.TB, f simbox.Factory) (*simbox.Box, string) {
	t.Helper()
	dir := t.TempDir()
	if err := simbox.Create(dir, f); err != nil {
		t.Fatal(err)
	}
	return openBox(t, dir), dir
}

func openBox(t testing.TB, dir string) *simbox.Box {
	t.Helper()
	b, err := simbox.Open(dir, simbox.Options{Heartbeat: 25 * time.Millisecond, Lazy: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// connect puts a cable between a box and a host, with faults on it.
func connect(t testing.TB, b *simbox.Box, f port.Faults, o host.Options) (*host.Box, *port.Faulty) {
	t.Helper()
	near, far := port.Pair()
	bad := port.WithFaults(near, f)
	served := make(chan error, 1)
	go func() { served <- b.Serve(far) }()
	if o.Timing == (host.Timing{}) {
		o.Timing = quick
	}
	o.Installation = office
	h, err := host.Open(t.Context(), bad, o)
	if err != nil {
		t.Fatal("open:", err)
	}
	t.Cleanup(func() {
		h.Close()
		select {
		case err := <-served:
			if err != nil {
				t.Error("the box's side ended with", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("the box's side did not end")
		}
	})
	return h, bad
}

func badge(n int) ocb.Badge {
	return ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{0x04, byte(n >> 16), byte(n >> 8), byte(n)}}
}

func past(t testing.TB, b *simbox.Box, n int) {
	t.Helper()
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	events := make([]simbox.PastEvent, n)
	for i := range events {
		events[i] = simbox.PastEvent{At: at.Add(time.Duration(i) * 20 * time.Second), Type: app.RecordPunch, Badge: badge(i % 50), Key: app.PunchKey(i%2 + 1)}
	}
	if _, err := b.Past(events); err != nil {
		t.Fatal(err)
	}
}

// readAll takes chunk after chunk from a point to the end.
func readAll(ctx context.Context, b *host.Box, after reading.Chain, limit int) (out []app.Record, lost []reading.Range, end reading.Chain, err error) {
	end = after
	for {
		c, err := b.Chunk(ctx, end, limit)
		if err != nil {
			return out, lost, end, err
		}
		out, lost, end = append(out, c.Records...), append(lost, c.Lost...), c.End
		if end.Seq >= c.Last {
			return out, lost, end, nil
		}
	}
}

func sequences(records []app.Record) error {
	for i, r := range records {
		if r.Key.Seq != uint64(i+1) {
			return fmt.Errorf("record %d has sequence %d", i+1, r.Key.Seq)
		}
	}
	return nil
}

func TestReadEverything(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{Label: "Entrance"})
	past(t, b, 1000)
	h, _ := connect(t, b, port.Faults{}, host.Options{})
	info, err := h.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if info.Label != "Entrance" || info.Last != 1001 || info.First != 1 || info.Paired || info.Log != b.LogKey() {
		t.Errorf("info: %+v", info)
	}
	records, lost, end, err := readAll(t.Context(), h, reading.Chain{}, 300)
	if err != nil || len(lost) != 0 || end.Seq != 1001 {
		t.Fatal(err, lost, end.Seq)
	}
	if err := sequences(records); err != nil || len(records) != 1001 {
		t.Fatal(err, len(records))
	}
	if records[0].Event == nil || records[0].Type != app.RecordBoot {
		t.Errorf("first record: %+v", records[0])
	}
	p := records[1].Punch
	if p == nil || p.Identifier != (app.IdentifierKey{Kind: app.Card, Value: "04000000"}) || p.Pressed != app.KeyIn ||
		p.At.String() != "2026-10-01T06:00:00.000Z" {
		t.Errorf("first punch: %+v", p)
	}
	// From the end on there is nothing, and that is no fault.
	c, err := h.Chunk(t.Context(), end, 10)
	if err != nil || len(c.Records) != 0 || c.End != end {
		t.Fatal(c, err)
	}
}

// Faults of every kind on both directions: the right records or a clear error, never others.
func TestBadCables(t *testing.T) {
	for _, f := range []port.Faults{
		{Drop: 0.01}, {Drop: 0.05}, {Double: 0.1}, {Swap: 0.03}, {Corrupt: 0.03}, {Short: 0.03, Zero: 0.1},
		{Drop: 0.02, Double: 0.02, Swap: 0.02, Corrupt: 0.02, Short: 0.01, Zero: 0.02},
		{Corrupt: 0.05}, {Drop: 0.05, Double: 0.05, Swap: 0.05, Corrupt: 0.05},
	} {
		t.Run(fmt.Sprintf("%+v", f), func(t *testing.T) {
			t.Parallel()
			f.Seed = 7
			b, _ := newBox(t, simbox.Factory{})
			past(t, b, 600)
			h, bad := connect(t, b, f, host.Options{})
			records, lost, _, err := readAll(t.Context(), h, reading.Chain{}, 4096)
			if err != nil || len(lost) > 0 {
				t.Fatalf("%v, lost %v, stats %+v", err, lost, h.Stats())
			}
			if err := sequences(records); err != nil || len(records) != 601 {
				t.Fatal(err, len(records))
			}
			t.Logf("%d faults, %+v", bad.Injected.Load(), h.Stats())
		})
	}
}

// Rates drawn at random up to 5 % each, both ways: a reading comes through, and so does all else that a box is asked for.
func TestRandomFaults(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 5))
			rate := func() float64 { return r.Float64() * 0.05 }
			f := port.Faults{Drop: rate(), Double: rate(), Swap: rate(), Corrupt: rate(), Short: rate(), Zero: rate(), Seed: seed}
			b, _ := newBox(t, simbox.Factory{})
			past(t, b, 300)
			b.PressButton(time.Minute)
			h, bad := connect(t, b, f, host.Options{})
			if err := h.Pair(t.Context(), nil); err != nil {
				t.Fatal("pair:", err)
			}
			records, lost, end, err := readAll(t.Context(), h, reading.Chain{}, 200)
			if err != nil || len(lost) > 0 || sequences(records) != nil || len(records) != 301 {
				t.Fatalf("%d records, %v, lost %v, %+v", len(records), err, lost, h.Stats())
			}
			for _, rec := range records {
				if raw, err := b.Raw(rec.Key.Seq, 1); err != nil || !bytes.Equal(raw, rec.Raw) {
					t.Fatalf("record %d is not the box's", rec.Key.Seq)
				}
			}
			if err := h.Acknowledge(t.Context(), end); err != nil || b.Counts().Acked != end.Seq {
				t.Error("acknowledge:", err, b.Counts())
			}
			var badges []app.IdentifierKey
			for i := range 100 {
				badges = append(badges, badge(i).Identifier(""))
			}
			if err := errors.Join(h.PushList(t.Context(), 1, badges, false), h.SetLabel(t.Context(), "Hall"), h.Prove(t.Context())); err != nil {
				t.Error(err)
			}
			if i, err := h.Info(t.Context()); err != nil || i.Label != "Hall" {
				t.Error(i.Label, err)
			}
			t.Logf("%+v: %d faults, %+v", f, bad.Injected.Load(), h.Stats())
		})
	}
}

func TestSilence(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{})
	past(t, b, 3000)
	o := host.Options{Timing: quick}
	o.Timing.Answer, o.Timing.Progress = 300*time.Millisecond, 300*time.Millisecond
	h, bad := connect(t, b, port.Faults{}, o)
	bad.Stop()
	begun := time.Now()
	if _, err := h.Chunk(t.Context(), reading.Chain{}, 4096); !errors.Is(err, reading.Silent) {
		t.Fatal("a silent box gives", err)
	}
	if d := time.Since(begun); d > 10*time.Second {
		t.Error("that took", d)
	}
}

func TestUnplug(t *testing.T) {
	for _, after := range []int64{0, 1, 5, 40} {
		b, _ := newBox(t, simbox.Factory{})
		past(t, b, 3000)
		h, bad := connect(t, b, port.Faults{}, host.Options{})
		bad.UnplugAfter(after)
		if _, err := h.Chunk(t.Context(), reading.Chain{}, 4096); !errors.Is(err, reading.Unplugged) {
			t.Fatalf("unplugged after %d reports gives %v", after, err)
		}
	}
}

func TestCancel(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{})
	past(t, b, 3000)
	near, far := port.Pair()
	go b.Serve(far)
	h, err := host.Open(t.Context(), port.Paced(near, time.Millisecond), host.Options{Timing: quick})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := h.Chunk(ctx, reading.Chain{}, 4096); !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, reading.Silent) {
		t.Fatal(err)
	}
	// The session goes on.
	c, err := h.Chunk(t.Context(), reading.Chain{}, 100)
	if err != nil || len(c.Records) != 100 {
		t.Fatal(len(c.Records), err)
	}
}

func TestAcknowledge(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{})
	past(t, b, 200)
	keys := new(host.MemoryKeys)
	h, _ := connect(t, b, port.Faults{}, host.Options{Keys: keys})
	_, _, end, err := readAll(t.Context(), h, reading.Chain{}, 4096)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Acknowledge(t.Context(), end); !errors.Is(err, reading.NotPaired) {
		t.Fatal("unpaired:", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	waited := 0
	if err := h.Pair(ctx, func() { waited++ }); !errors.Is(err, reading.PressButton) || waited != 1 {
		t.Fatal("without the button:", err, waited)
	}
	cancel()
	b.PressButton(time.Minute)
	if err := h.Pair(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wrong := end
	wrong.Hash[0] ^= 1
	if err := h.Acknowledge(t.Context(), wrong); !errors.Is(err, ocb.ChainDiffers) {
		t.Fatal("wrong hash:", err)
	}
	if err := h.Acknowledge(t.Context(), reading.Chain{Seq: end.Seq + 9}); !errors.Is(err, ocb.BeyondEnd) {
		t.Fatal("beyond the end:", err)
	}
	if err := h.Acknowledge(t.Context(), end); err != nil {
		t.Fatal(err)
	}
	if c := b.Counts(); c.Acked != end.Seq || c.Last != end.Seq+1 {
		t.Errorf("counts %+v", c)
	}
	if err := h.Acknowledge(t.Context(), end); err != nil { // again: nothing changes
		t.Fatal(err)
	}
	if c := b.Counts(); c.Last != end.Seq+1 {
		t.Errorf("a repeated acknowledgement was recorded: %+v", c)
	}
	c, err := h.Chunk(t.Context(), end, 10)
	if err != nil || len(c.Records) != 1 || c.Records[0].Type != app.RecordAcked {
		t.Fatal(c.Records, err)
	}
	if err := h.Unpair(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.Acknowledge(t.Context(), c.End); !errors.Is(err, reading.NotPaired) || len(b.Pairings()) != 0 {
		t.Fatal("after UNPAIR:", err)
	}
}

func TestServices(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{Label: "Old", ListMax: 500})
	b.PressButton(time.Minute)
	h, _ := connect(t, b, port.Faults{}, host.Options{})
	ctx := t.Context()
	if err := h.SetLabel(ctx, "New"); !errors.Is(err, reading.NotPaired) {
		t.Fatal("label without pairing:", err)
	}
	if err := h.Pair(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.Prove(ctx); err != nil {
		t.Fatal(err)
	}
	if err := h.SetLabel(ctx, "New"); err != nil {
		t.Fatal(err)
	}
	if i, err := h.Info(ctx); err != nil || i.Label != "New" || !i.Paired {
		t.Errorf("%+v %v", i, err)
	}
	if err := b.Drift(-90 * time.Second); err != nil {
		t.Fatal(err)
	}
	o, err := h.ClockOffset(ctx)
	if err != nil || (o.Offset+90*time.Second).Abs() > o.Uncertainty+2*time.Millisecond || o.Uncertainty > time.Second {
		t.Errorf("offset %+v, %v", o, err)
	}
	if err := h.SetTime(ctx, time.Now); err != nil {
		t.Fatal(err)
	}
	if o, err = h.ClockOffset(ctx); err != nil || o.Offset.Abs() > 200*time.Millisecond+2*o.Uncertainty {
		t.Errorf("offset after TIME_SET %+v, %v", o, err)
	}
	if err := h.SetTime(ctx, func() time.Time { return time.Unix(0, 0) }); !errors.Is(err, ocb.Implausible) {
		t.Errorf("1970: %v", err)
	}
	var badges []app.IdentifierKey
	for i := range 450 {
		badges = append(badges, badge(i).Identifier(""))
	}
	badges = append(badges, badges[0]) // a double is sent once
	if err := h.PushList(ctx, 3, badges, true); err != nil {
		t.Fatal(err)
	}
	if r, err := b.Tap(badge(449), app.KeyIn); err != nil || r.Type != app.RecordPunch {
		t.Error("listed badge:", r, err)
	}
	if r, err := b.Tap(badge(999), app.KeyIn); err != nil || r.Type != app.RecordRefused {
		t.Error("unlisted badge:", r, err)
	}
	for i := range 100 {
		badges = append(badges, badge(10000+i).Identifier(""))
	}
	if err := h.PushList(ctx, 4, badges, true); !errors.Is(err, ocb.ListTooLarge) {
		t.Error("551 badges:", err)
	}
	if got, err := h.Pairings(ctx); err != nil || !slices.Equal(got, b.Pairings()) {
		t.Error("pairings", got, err)
	}
}

func TestWatch(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{})
	h, _ := connect(t, b, port.Faults{}, host.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			b.Tap(badge(5), app.KeyOut)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	var got app.Record
	if err := h.Watch(ctx, func(r app.Record) { got = r; cancel() }); err != nil {
		t.Fatal(err)
	}
	if got.Punch == nil || got.Punch.Pressed != app.KeyOut {
		t.Errorf("%+v", got)
	}
}

// A clone answers with another history at our last sequence; a restored box ends before it.
func TestOtherChains(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{})
	past(t, b, 100)
	h, _ := connect(t, b, port.Faults{}, host.Options{})
	var wrong *reading.WrongChainError
	if _, err := h.Chunk(t.Context(), reading.Chain{Seq: 50, Hash: ocb.Hash{1}}, 10); !errors.As(err, &wrong) || wrong.Behind {
		t.Error("another history:", err)
	}
	if _, err := h.Chunk(t.Context(), reading.Chain{Seq: 500}, 10); !errors.As(err, &wrong) || !wrong.Behind {
		t.Error("behind:", err)
	}
}

func TestTwoBoxesAtOnce(t *testing.T) {
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			b, _ := newBox(t, simbox.Factory{Label: "Same label"})
			past(t, b, 500+i)
			h, _ := connect(t, b, port.Faults{}, host.Options{})
			records, _, _, err := readAll(t.Context(), h, reading.Chain{}, 100)
			if err != nil || len(records) != 501+i || sequences(records) != nil || records[0].Key.Box != b.UID().String() {
				t.Fatal(len(records), err)
			}
		})
	}
}

// The box hears a second cable: the first program keeps it.
func TestInUse(t *testing.T) {
	b, dir := newBox(t, simbox.Factory{})
	connect(t, b, port.Faults{}, host.Options{})
	_, far := port.Pair()
	if err := b.Serve(far); !errors.Is(err, reading.InUse) {
		t.Error("second cable:", err)
	}
	if _, err := simbox.Open(dir, simbox.Options{}); !errors.Is(err, reading.InUse) {
		t.Error("second process:", err)
	}
}

// On a slow machine a message's 18 frames take longer than the driver's
// patience with a stream that stopped: while frames come, nothing is asked for again.
func TestSlowPort(t *testing.T) {
	b, _ := newBox(t, simbox.Factory{})
	past(t, b, 93)
	near, far := port.Pair()
	go b.Serve(far)
	h, err := host.Open(t.Context(), port.Paced(near, 8*time.Millisecond), host.Options{Timing: quick})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	c, err := h.Chunk(t.Context(), reading.Chain{}, 93)
	if err != nil || len(c.Records) != 93 {
		t.Fatal(len(c.Records), err)
	}
	if s := h.Stats(); s.Frames > 100 { // three times 18, the answers and heartbeats
		t.Errorf("frames came twice: %+v", s)
	}
}
