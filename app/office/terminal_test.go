package office_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/office"
	"klokkast/app/reading"
	"klokkast/devices"
)

// copier is a terminal as others make them: a memory without chain or mark, read
// from a place on over a socket. One line asks, one line answers.
type copier struct {
	t      *testing.T
	serial string
	mu     sync.Mutex
	memory []copied
	cut    int // the connection goes after so many records; 0: it does not
	asked  []int
}

// copied is one tap as the terminal keeps it.
type copied struct {
	Badge string
	At    time.Time
	Out   bool
}

func (c *copier) listen() string {
	c.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.serve(conn)
		}
	}()
	return l.Addr().String()
}

func (c *copier) serve(conn net.Conn) {
	defer conn.Close()
	lines, out := bufio.NewScanner(conn), json.NewEncoder(conn)
	for lines.Scan() {
		var place, limit int
		if _, err := fmt.Sscanf(lines.Text(), "from %d %d", &place, &limit); err != nil {
			c.mu.Lock()
			n := len(c.memory)
			c.mu.Unlock()
			if out.Encode(map[string]any{"serial": c.serial, "count": n, "time": time.Now()}) != nil {
				return
			}
			continue
		}
		c.mu.Lock()
		c.asked = append(c.asked, place)
		part := c.memory[min(place, len(c.memory)):min(place+limit, len(c.memory))]
		gone := c.cut > 0 && place+len(part) > c.cut
		c.mu.Unlock()
		if gone || out.Encode(part) != nil {
			return
		}
	}
}

// copierClient is its driver.
type copierClient struct {
	conn  net.Conn
	lines *bufio.Reader
}

func dialCopier(ctx context.Context, address string) (reading.Device, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", reading.NotFound, err)
	}
	return &copierClient{conn, bufio.NewReader(conn)}, nil
}

func (c *copierClient) ask(line string, answer any) error {
	if _, err := fmt.Fprintln(c.conn, line); err != nil {
		return fmt.Errorf("%w: %w", reading.Unplugged, err)
	}
	text, err := c.lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%w: %w", reading.Unplugged, err)
	}
	return json.Unmarshal(text, answer)
}

type copierState struct {
	Serial string
	Count  uint64
	Time   time.Time
}

// Info implements reading.Device.
func (c *copierClient) Info(context.Context) (app.BoxInfo, error) {
	var s copierState
	err := c.ask("state", &s)
	return app.BoxInfo{
		Log: app.LogKey{Box: app.MakeZK.UID(s.Serial), Log: app.FileLog}, Make: app.MakeZK, Label: "Magazijn", Battery: -1, Last: s.Count, Capacity: 1000,
	}, err
}

// ClockOffset implements reading.Device.
func (c *copierClient) ClockOffset(context.Context) (app.ClockOffset, error) {
	var s copierState
	err := c.ask("state", &s)
	return app.ClockOffset{At: app.At(s.Time)}, err
}

// From implements reading.Terminal.
func (c *copierClient) From(_ context.Context, place reading.Place, limit int) ([]app.Record, error) {
	var s copierState
	if err := c.ask("state", &s); err != nil {
		return nil, err
	}
	var part []copied
	if err := c.ask(fmt.Sprintf("from %d %d", place, limit), &part); err != nil {
		return nil, err
	}
	log := app.LogKey{Box: app.MakeZK.UID(s.Serial), Log: app.FileLog}
	var out []app.Record
	for _, p := range part {
		raw := []byte(fmt.Sprintf("%s %s %t", p.Badge, p.At.UTC().Format(time.RFC3339), p.Out))
		sum := fnv.New64a()
		sum.Write(raw) //nolint:errcheck // it never fails
		pressed := app.KeyIn
		if p.Out {
			pressed = app.KeyOut
		}
		key := app.RecordKey{LogKey: log, Seq: sum.Sum64() >> 1}
		out = append(out, app.Record{Key: key, Type: app.RecordPunch, Raw: raw, Punch: &app.Punch{
			Key: key, At: app.At(p.At), Identifier: app.IdentifierKey{Kind: app.Card, Value: p.Badge}, Pressed: pressed,
		}})
	}
	return out, nil
}

// Close implements reading.Device.
func (c *copierClient) Close() error { return c.conn.Close() }

// taps puts so many taps into the memory, two a minute: an IN and, in the same second, an OUT.
func (c *copier) taps(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	for range n {
		i := len(c.memory)
		c.memory = append(c.memory, copied{Badge: "04A1", At: first.Add(time.Duration(i/2) * time.Minute), Out: i%2 == 1})
	}
}

// A terminal without chain and mark is read from a place on: what is new comes
// once, whatever happens in between, and a memory that was cleared is read whole.
func TestATerminalIsReadFromAPlaceOn(t *testing.T) {
	b := newBench(t)
	c := &copier{t: t, serial: "ABC123"}
	c.taps(5000)
	path := "copier:" + c.listen()
	o := must[*office.Office](t)(office.New(t.Context(), office.Parts{
		Background: inline,
		Store:      b.store, Now: b.Now, Finder: &devices.Finder{Drivers: map[string]devices.Driver{"copier": dialCopier}}, BoxPatience: time.Millisecond,
	}))
	stored := func() int { return len(must[[]app.Punch](t)(b.store.Punches(t.Context(), app.Span{}))) }

	c.cut = 4500 // in the second piece
	r, err := o.Boxes.ReadBox(t.Context(), path, boxes.ReadOptions{}, nil)
	if !errors.Is(err, reading.Unplugged) || r.State != app.ReadingStopped || r.New != stored() || r.ReadTo != 0 {
		t.Errorf("cut off: %v, %+v, %d stored", err, r, stored())
	}
	c.cut = 0
	r = must[app.Reading](t)(o.Boxes.ReadBox(t.Context(), path, boxes.ReadOptions{}, nil))
	if r.State != app.ReadingDone || stored() != 5000 || r.Last != 5000 || r.ReadTo == 0 || r.Acked != 0 || r.Clock == nil {
		t.Errorf("the rest: %+v, %d stored", r, stored())
	}

	order := must[[]app.Punch](t)(b.store.Punches(t.Context(), app.Span{}))
	slices.SortFunc(order, func(x, y app.Punch) int { return x.Position.Compare(y.Position) })
	for i, p := range order { // also within a second, and across the cut
		if p.Position.Loose || p.Position.Passage != 1 || p.Pressed != []app.PunchKey{app.KeyIn, app.KeyOut}[i%2] || i > 0 && p.At < order[i-1].At {
			t.Fatalf("tap %d stands at %+v: not as in the memory", i, p.Position)
		}
	}

	known := must[[]app.Box](t)(b.store.Boxes(t.Context()))
	own := known[slices.IndexFunc(known, func(x app.Box) bool { return x.UID == "zkteco:ABC123" })]
	own.Zone, own.Label = "Europe/Lisbon", "Depot"
	ok(t, o.Boxes.SaveBox(t.Context(), own, "it stands there"))

	c.taps(10)
	c.asked = nil
	r = must[app.Reading](t)(o.Boxes.ReadBox(t.Context(), path, boxes.ReadOptions{}, nil))
	if r.New != 10 || r.Records != 10 || c.asked[0] != 4980 || stored() != 5010 {
		t.Errorf("the tail: %+v, asked from %v", r, c.asked)
	}

	c.memory = append(c.memory[4990:], copied{"04A2", b.now.Time(), false}, copied{"04A2", b.now.Time().Add(time.Hour), true}) // somebody cleared it
	r = must[app.Reading](t)(o.Boxes.ReadBox(t.Context(), path, boxes.ReadOptions{}, nil))
	if r.Problem != reading.ProblemCleared || r.State != app.ReadingDone || r.New != 2 || stored() != 5012 || r.Last != 22 {
		t.Errorf("after a clearing: %+v, %d stored", r, stored())
	}
	if err := o.Boxes.IdentifyBox(t.Context(), path); !errors.Is(err, reading.Refused) {
		t.Errorf("it was asked to beep: %v", err)
	}
	listed := func(r boxes.BoxRow) bool {
		return r.Box.UID == "zkteco:ABC123" && r.Punches == 5012 && r.Unacked == 0 && r.Box.Zone == "Europe/Lisbon" && r.Box.Label == "Depot"
	}
	if rows := must[[]boxes.BoxRow](t)(o.Boxes.Rows(t.Context())); !slices.ContainsFunc(rows, listed) {
		t.Errorf("the list of boxes: %+v", rows)
	}
}
