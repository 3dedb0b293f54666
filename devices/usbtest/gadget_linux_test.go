//go:build cgo

package usbtest

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/gadget"
	"klokkast/devices/ocb"
	"klokkast/devices/simbox"
	"klokkast/devices/usbport"
)

// udc is the device controller of the kernel that has no hardware (dummy_hcd).
const udc = "dummy_udc.0"

// A board with a badge reader is a clock box: the kernel's own device side, f_hid, instead of USB/IP.
func TestGadget(t *testing.T) {
	l := newLab(t)
	if _, err := os.Stat(filepath.Join("/sys/class/udc", udc)); err != nil {
		t.Skip("no device controller of dummy_hcd")
	}
	const n = 1500
	dir := l.life(n, "Pi")
	typed, typing := io.Pipe()
	defer typing.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ready, served := make(chan gadget.Ready, 1), make(chan error, 1)
	go func() {
		served <- gadget.Serve(ctx, gadget.Options{
			Dir: dir, Shape: gadget.Shape{Vendor: usbport.TestID.Vendor, Product: usbport.TestID.Product, Serial: "PI"}, Controller: udc,
			Reader: "-", Input: typed, Notation: gadget.Hex, Tech: ocb.TechISO14443, ClockKept: true,
		}, func(r gadget.Ready) { ready <- r })
	}()
	select {
	case r := <-ready:
		t.Log("box on", r.Device)
	case err := <-served:
		t.Fatal(err)
	}
	s, o := newStore(), reading.Options{Installation: installation, ChunkSize: 200}
	pulled := false
	o.Progress = func(p reading.Progress) {
		if p.Done >= 500 && !pulled {
			pulled = true
			bind(t, "")
		}
	}
	if _, err := l.readOnce(s, o); !errors.Is(err, reading.Unplugged) {
		t.Error("unplugged at 500:", err)
	}
	l.found(0)
	bind(t, udc)
	begun := time.Now()
	before := len(s.records)
	r, err := l.readOnce(s, o)
	if err != nil || r.State != app.ReadingDone || r.Acked < n || r.Acked != r.Last {
		t.Fatalf("%+v, %v", r, err)
	}
	end := r.Acked // what the box recorded meanwhile is read too
	took := time.Since(begun)
	t.Logf("%d records after the replug in %s: %.0f records/s", n-before, took.Round(time.Millisecond), float64(n-before)/took.Seconds())
	bind(t, "") // out and in again while nobody talks to it
	l.found(0)
	time.Sleep(500 * time.Millisecond)
	bind(t, udc)
	l.found(1)
	for _, text := range []string{"in", "04A22B526F1190", "nonsense", "pin 12"} {
		if _, err := io.WriteString(typing, text+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	last := tail(t, l, s, end+3) // the acknowledgement and two taps
	if p := last[end+2].Punch; p == nil || p.Pressed != app.KeyIn || p.Identifier.Value != "04A22B526F1190" {
		t.Errorf("the badge: %+v", last[end+2])
	}
	if p := last[end+3].Punch; p == nil || p.Pressed != app.KeyNone || p.Identifier.Value != "12" || p.Identifier.Kind != app.PIN {
		t.Errorf("the PIN: %+v", last[end+3])
	}
	_ = typing.Close()
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	l.found(0)
	b, err := simbox.Open(dir, simbox.Options{Off: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	s.same(t, b, end)
	if left, _ := filepath.Glob("/sys/kernel/config/usb_gadget/*"); len(left) != 0 {
		t.Error("left in configfs:", left)
	}
}

// bind connects the gadget to a controller, or takes it off.
func bind(t *testing.T, controller string) {
	if err := os.WriteFile("/sys/kernel/config/usb_gadget/klokkast/UDC", []byte(controller+"\n"), 0); err != nil {
		t.Error(err)
	}
}

// tail returns what the box holds behind the store, once it reaches to seq.
func tail(t *testing.T, l *lab, s *store, seq uint64) map[uint64]app.Record {
	t.Helper()
	h := l.open()
	defer h.Close()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		c, err := h.Chunk(t.Context(), s.state.Last, 100)
		if err != nil {
			t.Fatal(err)
		}
		if c.End.Seq < seq {
			continue
		}
		out := map[uint64]app.Record{}
		for _, r := range c.Records {
			out[r.Key.Seq] = r
		}
		return out
	}
	t.Fatalf("record %d did not come", seq)
	return nil
}
