package usbip_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
	"klokkast/devices/usbip"
)

// kernel is the host's end of the wire: it writes headers and reads answers.
type kernel struct {
	t    *testing.T
	conn net.Conn
}

func plug(t *testing.T) (*kernel, *usbip.Gadget) {
	t.Helper()
	near, far := net.Pipe()
	_ = near.SetDeadline(time.Now().Add(10 * time.Second))
	g := usbip.Serve(far, usbip.ClockBox(0x1209, 1, "T"), 0)
	t.Cleanup(func() { g.Close() })
	return &kernel{t, near}, g
}

// ask sends a header (command, sequence, direction in, endpoint, length) with setup and data.
func (k *kernel) ask(command, seq, in, endpoint, length uint32, setup [8]byte, data []byte) {
	k.t.Helper()
	h := make([]byte, 48)
	for i, v := range []uint32{command, seq, 0, in, endpoint, 0, length} {
		binary.BigEndian.PutUint32(h[4*i:], v)
	}
	copy(h[40:], setup[:])
	if _, err := k.conn.Write(append(h, data...)); err != nil {
		k.t.Error(err)
	}
}

// answer reads an answer; want is how many bytes of data follow it.
func (k *kernel) answer(data bool) (command, seq uint32, status int32, body []byte) {
	k.t.Helper()
	h := make([]byte, 48)
	if _, err := io.ReadFull(k.conn, h); err != nil {
		k.t.Fatal(err)
	}
	if data {
		body = make([]byte, binary.BigEndian.Uint32(h[24:]))
		if _, err := io.ReadFull(k.conn, body); err != nil {
			k.t.Fatal(err)
		}
	}
	return binary.BigEndian.Uint32(h), binary.BigEndian.Uint32(h[4:]), int32(binary.BigEndian.Uint32(h[20:])), body
}

// reply reads an answer of either kind with the data that it has.
func (k *kernel) reply() (command, seq uint32, status int32) {
	k.t.Helper()
	h := make([]byte, 48)
	if _, err := io.ReadFull(k.conn, h); err != nil {
		k.t.Fatal(err)
	}
	command = binary.BigEndian.Uint32(h)
	if command == 3 {
		if _, err := io.CopyN(io.Discard, k.conn, int64(binary.BigEndian.Uint32(h[24:]))); err != nil {
			k.t.Fatal(err)
		}
	}
	return command, binary.BigEndian.Uint32(h[4:]), int32(binary.BigEndian.Uint32(h[20:]))
}

// The shape that PROTOCOL.md promises, as the kernel asks for it.
func TestDescriptors(t *testing.T) {
	k, _ := plug(t)
	get := func(kind byte, descriptor uint16, length uint32) []byte {
		setup := [8]byte{kind, 6, byte(descriptor), byte(descriptor >> 8), 0, 0, byte(length), byte(length >> 8)}
		go k.ask(1, 7, 1, 0, length, setup, nil)
		_, seq, status, body := k.answer(true)
		if seq != 7 || status != 0 {
			t.Fatalf("descriptor %04x: status %d of %d", descriptor, status, seq)
		}
		return body
	}
	if d := get(0x80, 0x0100, 18); !bytes.Equal(d[8:12], []byte{0x09, 0x12, 1, 0}) {
		t.Errorf("device % x", d)
	}
	c := get(0x80, 0x0200, 255)
	if int(binary.LittleEndian.Uint16(c[2:])) != len(c) || !bytes.Equal(c[len(c)-14:], []byte{7, 5, 0x81, 3, 64, 0, 1, 7, 5, 0x01, 3, 64, 0, 1}) {
		t.Errorf("configuration % x", c)
	}
	if r := get(0x81, 0x2200, 255); !bytes.Equal(r, ocb.ReportDescriptor()) || len(r) != 34 {
		t.Errorf("report descriptor % x", r)
	}
	if d := get(0x80, 0x0100, 8); len(d) != 8 {
		t.Errorf("more than was asked for: %d", len(d))
	}
	go k.ask(1, 8, 1, 0, 4, [8]byte{0xC0, 99}, nil)
	if _, _, status, _ := k.answer(true); status != -32 {
		t.Errorf("an unknown request: %d, not a stall", status)
	}
}

// Reports both ways, a report of no bytes, a transfer that is taken back, and the unplug.
func TestReports(t *testing.T) {
	k, g := plug(t)
	var r [ocb.ReportSize]byte
	go k.ask(1, 1, 0, 1, 64, [8]byte{}, bytes.Repeat([]byte{0x43}, 64))
	if command, _, status, _ := k.answer(false); command != 3 || status != 0 {
		t.Error(command, status)
	}
	if n, err := g.ReadReport(&r); n != 64 || err != nil || r[63] != 0x43 {
		t.Error(n, err)
	}
	k.ask(1, 2, 1, 1, 64, [8]byte{}, nil)
	go func() { _ = g.WriteEmpty() }()
	if _, seq, _, body := k.answer(true); seq != 2 || len(body) != 0 {
		t.Error("an empty report:", seq, body)
	}
	k.ask(1, 3, 1, 1, 64, [8]byte{}, nil)
	unlink := make([]byte, 48)
	binary.BigEndian.PutUint32(unlink, 2)
	binary.BigEndian.PutUint32(unlink[4:], 4)
	binary.BigEndian.PutUint32(unlink[20:], 3)
	if _, err := k.conn.Write(unlink); err != nil {
		t.Fatal(err)
	}
	if command, seq, status, _ := k.answer(false); command != 4 || seq != 4 || status != -104 {
		t.Error("unlink:", command, seq, status)
	}
	k.ask(1, 5, 1, 1, 64, [8]byte{}, nil)
	go func() { _ = g.WriteReport(&r) }()
	if _, seq, _, body := k.answer(true); seq != 5 || len(body) != 64 {
		t.Error("the taken back transfer got the report:", seq)
	}
	_ = k.conn.Close()
	for range 4 { // until the endpoint's room is used up: never a hang, and no other error
		if err := g.WriteReport(&r); err != nil && !errors.Is(err, reading.Unplugged) {
			t.Error("write into a pulled cable:", err)
		}
	}
	if _, err := g.ReadReport(&r); !errors.Is(err, reading.Unplugged) {
		t.Error(err)
	}
}

// A transfer is taken back at the very moment at which its report comes. The
// kernel drops a device that answers a transfer which it said it had not found:
// the answer must be on the wire before that.
func TestUnlinkMeetsReport(t *testing.T) {
	k, g := plug(t)
	for round := uint32(1); round < 1000; round++ {
		seq := 2 * round
		k.ask(1, seq, 1, 1, 64, [8]byte{}, nil)
		wrote := make(chan error, 1)
		go func() { wrote <- g.WriteReport(new([ocb.ReportSize]byte)) }()
		if round%2 == 0 {
			runtime.Gosched()
		}
		go func() {
			h := make([]byte, 48)
			binary.BigEndian.PutUint32(h, 2)
			binary.BigEndian.PutUint32(h[4:], seq+1)
			binary.BigEndian.PutUint32(h[20:], seq)
			_, _ = k.conn.Write(h)
		}()
		answered := false
		for {
			command, _, status := k.reply()
			if command == 3 {
				answered = true
				continue
			}
			if answered != (status == 0) {
				t.Fatalf("round %d: answered %t, then unlink with status %d", round, answered, status)
			}
			break
		}
		if !answered { // the report waits for the next transfer
			k.ask(1, seq+100000, 1, 1, 64, [8]byte{}, nil)
			k.reply()
		}
		if err := <-wrote; err != nil {
			t.Fatal(err)
		}
	}
}

// A write under way when the cable goes out is an unplug too, whatever the socket says.
func TestUnplugUnderWrite(t *testing.T) {
	k, g := plug(t)
	k.ask(1, 1, 1, 1, 64, [8]byte{}, nil)
	time.Sleep(20 * time.Millisecond) // the transfer waits for a report now
	ended := make(chan error, 1)
	go func() { ended <- g.WriteReport(new([ocb.ReportSize]byte)) }()
	time.Sleep(20 * time.Millisecond) // it writes its answer, which nobody reads
	_ = g.Close()
	if err := <-ended; !errors.Is(err, reading.Unplugged) {
		t.Error(err)
	}
}

// Headers of a stranger end the cable; they never panic nor take memory by a length that they name.
func FuzzHeaders(f *testing.F) {
	f.Add(append([]byte{0, 0, 0, 1}, make([]byte, 44)...))
	f.Add(append([]byte{0, 0, 0, 2}, make([]byte, 44)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		near, far := net.Pipe()
		g := usbip.Serve(far, usbip.ClockBox(1, 2, "F"), 0)
		go func() { _, _ = io.Copy(io.Discard, near) }()
		go func() {
			var r [ocb.ReportSize]byte
			for {
				if _, err := g.ReadReport(&r); err != nil {
					return
				}
			}
		}()
		_ = near.SetWriteDeadline(time.Now().Add(2 * time.Second))
		_, _ = near.Write(b)
		_ = near.Close()
		select {
		case <-g.Gone():
		case <-time.After(5 * time.Second):
			t.Error("the cable did not end")
		}
	})
}
