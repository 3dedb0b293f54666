package ciao

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"syscall"
	"time"

	"klokkast/app"
)

// newHTTP makes the HTTP client for one kind of address: those of this computer
// only, which no proxy may stand in front of, or those of the environment's
// other hosts. It never follows a redirect and makes a new connection for each
// request: Go's transport repeats by itself a request that an idle connection
// swallowed.
func newHTTP(loopbackOnly bool, may hosts, roots *x509.CertPool, proxy proxyFunction, connect time.Duration) *http.Client {
	t := &http.Transport{
		DialContext:            dial(loopbackOnly, may, connect),
		TLSHandshakeTimeout:    connect,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		DisableKeepAlives:      true,
		DisableCompression:     true, // see readBody
		MaxResponseHeaderBytes: 64 << 10,
	}
	if !loopbackOnly {
		t.Proxy = proxy
	}
	return &http.Client{
		Transport:     doorman{may, t},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// LoopbackClient returns an HTTP client that reaches this computer only, whatever a
// name resolves to, follows no redirect and uses no proxy.
func LoopbackClient(connect time.Duration) *http.Client {
	return newHTTP(true, hosts{env: app.LocalSimulator}, nil, nil, connect)
}

// dial connects. Control sees the address that is really dialled, after any name
// was resolved: where only this computer is allowed, nothing else; and the NSSO
// is never on this computer, where only a proxy in front of it may be.
func dial(loopbackOnly bool, may hosts, connect time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		dialer := &net.Dialer{Timeout: connect}
		name, _, _ := net.SplitHostPort(address)
		direct := may.far(name, false) || may.far(name, true)
		dialer.ControlContext = func(_ context.Context, _, dialled string, _ syscall.RawConn) error {
			near := requireLoopback(dialled) == nil
			switch {
			case loopbackOnly && !near:
				return ErrNotLoopback
			case !loopbackOnly && near && direct:
				return errElsewhere
			}
			return nil
		}
		return dialer.DialContext(ctx, network, address)
	}
}

func requireLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return ErrNotLoopback
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return ErrNotLoopback
	}
	return nil
}

// reply is what came of one request on the wire.
type reply struct {
	reached bool  // a connection was made: the request may have been read
	err     error // no whole answer
	status  int
	header  http.Header
	body    []byte
	sent    app.Instant // this computer's clock when it began
	ended   app.Instant
}

func (r *reply) is(mediaType string) bool {
	t, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(t), mediaType)
}

// date returns the answer's own Date; false where it has none.
func (r *reply) date() (app.Instant, bool) {
	t, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		return 0, false
	}
	return app.At(t), true
}

// offset returns the register's clock minus this computer's, from the answer's
// Date, which has whole seconds: it stands for the middle of its second.
func (r *reply) offset() (time.Duration, bool) {
	d, ok := r.date()
	if !ok {
		return 0, false
	}
	middle := r.sent + (r.ended-r.sent)/2
	return d.Add(500 * time.Millisecond).Sub(middle), true
}

// fencedBody gives a body once. It has no GetBody, so that the transport can
// not rewind it, and its first byte goes out only while may gives nil: a
// process that was asleep between claiming and sending sends nothing any more.
type fencedBody struct {
	io.Reader
	may   func() error
	begun bool
}

func (b *fencedBody) Read(p []byte) (int, error) {
	if !b.begun {
		if b.may != nil {
			if err := b.may(); err != nil {
				return 0, err
			}
		}
		b.begun = true
	}
	return b.Reader.Read(p)
}

func (b *fencedBody) Close() error { return nil }

// roundTrip puts one request on the wire and reads the answer.
func roundTrip(ctx context.Context, client *http.Client, clock Clock, limit time.Duration, req *http.Request) *reply {
	r := &reply{sent: clock.Now()}
	defer func() { r.ended = clock.Now() }()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { r.reached = true }})
	req.Header.Set("User-Agent", userAgent)
	res, err := client.Do(req.WithContext(ctx))
	if err != nil {
		r.err = fmt.Errorf("no answer: %w", bare(err))
		return r
	}
	defer res.Body.Close() //nolint:errcheck // read to its end or given up
	r.status, r.header = res.StatusCode, res.Header
	r.body, err = readBody(res)
	switch {
	case err != nil:
		r.err = fmt.Errorf("answer cut off: %w", bare(err))
	case int64(len(r.body)) > mostAnswerBytes:
		r.err = errors.New("answer longer than 4 MiB")
	}
	return r
}

// readBody reads an answer up to the limit. We ask for no compression, but who
// names none accepts any (RFC 9110, 12.5.3): gzip is read all the same, and the
// limit holds for what comes out of it.
func readBody(res *http.Response) ([]byte, error) {
	var body io.Reader = res.Body
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		unpacked, err := gzip.NewReader(res.Body)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		body = unpacked
	}
	return io.ReadAll(io.LimitReader(body, mostAnswerBytes+1))
}

// bare takes the method and URL off an error of net/http.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
