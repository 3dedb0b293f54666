package port

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// Greeting of a serving side: one report with this first byte before any other.
const (
	greetReady = 'R'
	greetBusy  = 'B'
)

// greetTime is how long a greeting may take.
const greetTime = 2 * time.Second

// Conn carries reports over a connection, one after the other.
type Conn struct {
	c    net.Conn
	once sync.Once
}

// ReadReport waits for the next report.
func (p *Conn) ReadReport(r *[ocb.ReportSize]byte) (int, error) {
	if _, err := io.ReadFull(p.c, r[:]); err != nil {
		return 0, fmt.Errorf("%w: %w", reading.Unplugged, err)
	}
	return ocb.ReportSize, nil
}

// WriteReport sends.
func (p *Conn) WriteReport(r *[ocb.ReportSize]byte) error {
	if _, err := p.c.Write(r[:]); err != nil {
		return fmt.Errorf("%w: %w", reading.Unplugged, err)
	}
	return nil
}

// Close ends the connection.
func (p *Conn) Close() (err error) {
	p.once.Do(func() { err = p.c.Close() })
	return err
}

// splitAddress takes tcp:127.0.0.1:4711 or unix:/run/box apart. A simulated box is never reached from
// or served to another machine, so that only loopback addresses pass.
func splitAddress(address string) (network, addr string, err error) {
	network, addr, _ = strings.Cut(address, ":")
	switch network {
	case "unix":
		return network, addr, nil
	case "tcp":
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return "", "", fmt.Errorf("address %q: want tcp:127.0.0.1:PORT: %w", address, reading.NotFound)
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return "", "", fmt.Errorf("address %q is not loopback: %w", address, reading.NotFound)
		}
		return network, addr, nil
	}
	return "", "", fmt.Errorf("address %q: want tcp:127.0.0.1:PORT or unix:PATH: %w", address, reading.NotFound)
}

// Dial connects to a box that Serve serves. Faults: NotFound, InUse, Unplugged.
func Dial(ctx context.Context, address string) (*Conn, error) {
	network, addr, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	c, err := (&net.Dialer{Timeout: greetTime}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", reading.NotFound, err)
	}
	p := &Conn{c: c}
	var r report
	_ = c.SetReadDeadline(time.Now().Add(greetTime))
	if _, err := p.ReadReport(&r); err != nil || r[0] != greetReady {
		_ = p.Close()
		if r[0] == greetBusy {
			return nil, reading.InUse
		}
		return nil, errors.Join(reading.Silent, err)
	}
	_ = c.SetReadDeadline(time.Time{})
	return p, nil
}

// Listen opens tcp:127.0.0.1:PORT (0 for a free one) or unix:PATH. The
// listener's address in the same notation is what Address gives.
func Listen(address string) (net.Listener, error) {
	network, addr, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	return net.Listen(network, addr)
}

// Address returns the notation that Dial takes.
func Address(l net.Listener) string { return l.Addr().Network() + ":" + l.Addr().String() }

// Serve lets one program at a time talk to a box: box is called with each
// connection's port and returns when that is over. A second program is told
// that the box is in use. It ends with ctx, and closes the listener.
func Serve(ctx context.Context, l net.Listener, box func(ocb.Port) error) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var open sync.WaitGroup
	defer open.Wait()
	token := make(chan struct{}, 1)
	for {
		c, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("accept: %w", err)
		}
		select {
		case token <- struct{}{}:
		default:
			_, _ = c.Write(append([]byte{greetBusy}, make([]byte, ocb.ReportSize-1)...))
			_ = c.Close()
			continue
		}
		open.Go(func() {
			defer func() { <-token }()
			p := &Conn{c: c}
			defer p.Close()
			end := context.AfterFunc(ctx, func() { _ = p.Close() })
			defer end()
			if _, err := c.Write(append([]byte{greetReady}, make([]byte, ocb.ReportSize-1)...)); err == nil {
				_ = box(p)
			}
		})
	}
}
