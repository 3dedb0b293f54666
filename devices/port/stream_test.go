package port_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
	"klokkast/devices/port"
)

// By the words of PROTOCOL.md alone: one report of the server first, reports however TCP cuts them, and the end of the stream as
// the unplug, with what is not whole dropped.
func TestStreamAsWritten(t *testing.T) {
	l, err := port.Listen("tcp:127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	heard, ended, served := make(chan byte, 10), make(chan error, 2), make(chan error, 1)
	go func() {
		served <- port.Serve(ctx, l, func(p ocb.Port) error {
			var r [ocb.ReportSize]byte
			for {
				if _, err := p.ReadReport(&r); err != nil {
					ended <- err
					return err
				}
				heard <- r[1]
				if err := p.WriteReport(&r); err != nil {
					return err
				}
			}
		})
	}()
	dial := func(first byte) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", strings.TrimPrefix(port.Address(l), "tcp:"))
		if err != nil {
			t.Fatal(err)
		}
		greeting := make([]byte, ocb.ReportSize)
		if _, err := io.ReadFull(c, greeting); err != nil || greeting[0] != first || strings.Trim(string(greeting[1:]), "\x00") != "" {
			t.Fatalf("% x, %v", greeting, err)
		}
		return c
	}
	c := dial(0x52)
	other := dial(0x42)
	if n, err := other.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("who is told that it is in use hears more:", n, err)
	}
	report := append([]byte{0x43, 7}, make([]byte, ocb.ReportSize-2)...)
	for _, piece := range [][]byte{report[:1], report[1:40], report[40:], report[:63]} { // the last one is not whole
		if _, err := c.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if got := <-heard; got != 7 {
		t.Error("heard", got)
	}
	if _, err := io.ReadFull(c, make([]byte, ocb.ReportSize)); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, reading.Unplugged) || len(heard) != 0 {
		t.Error("the end of the stream is", err, len(heard))
	}
	for { // the next one is taken when this one is closed
		p, err := port.Dial(t.Context(), port.Address(l))
		if errors.Is(err, reading.InUse) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		stop()
		var r [ocb.ReportSize]byte
		if _, err := p.ReadReport(&r); !errors.Is(err, reading.Unplugged) {
			t.Error("the server ends:", err)
		}
		p.Close()
		break
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
