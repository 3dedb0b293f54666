package host

import (
	"context"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// Options of a connection.
type Options struct {
	Installation app.ID
	Keys         Keys // nil: no pairing is known and none is kept
	Timing       Timing
	// Now gives this computer's time; nil means the system's clock.
	Now func() time.Time
	// Closed is called after Close with what else must be closed.
	Closed func() error
}

// Box is a connected box. Its methods take turns; they may be called from any goroutine.
type Box struct {
	o            Options
	l            *link
	installation ocb.UID
	turn         turn // one operation at a time
	log          app.LogKey
	public       ed25519.PublicKey
	trip         roundTrip // of LOG_OPEN
	once         sync.Once
	closed       error
}

var (
	_ reading.Service = (*Box)(nil)
	_ reading.Reviver = (*Box)(nil)
)

// Open says HELLO on a port, which from then on is the Box's to close, also
// when Open fails.
func Open(ctx context.Context, p ocb.Port, o Options) (*Box, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Keys == nil {
		o.Keys = new(MemoryKeys)
	}
	if o.Closed == nil {
		o.Closed = func() error { return nil }
	}
	b := &Box{o: o}
	if o.Installation != "" {
		var err error
		if b.installation, err = ocb.ParseUID(string(o.Installation)); err != nil {
			_ = errors.Join(p.Close(), o.Closed())
			return nil, fmt.Errorf("installation id: %w", err)
		}
	}
	b.l = newLink(p, o.Timing)
	if err := b.greet(ctx); err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("greet the box: %w", err)
	}
	return b, nil
}

func (b *Box) greet(ctx context.Context) error {
	a, err := b.l.greet(ctx, b.installation)
	if err != nil {
		return err
	}
	if log := ocb.LogKeyOf(a.Box, a.Log); b.log == (app.LogKey{}) {
		b.log = log
	} else if log != b.log {
		return fmt.Errorf("another box or log answers than before: %w", reading.Protocol)
	}
	b.l.mu.Lock()
	b.l.transact = 0
	b.l.mu.Unlock()
	return nil
}

// Log names the log of the box.
func (b *Box) Log() app.LogKey { return b.log }

// Stats count what the connection met so far.
func (b *Box) Stats() Stats {
	b.l.mu.Lock()
	defer b.l.mu.Unlock()
	return b.l.stats
}

// Rested says that no operation is under way and that none ended within d. A
// box that is watched rests between its taps.
func (b *Box) Rested(d time.Duration) bool { return b.turn.rested(d) }

// Close says goodbye and lets the port go.
func (b *Box) Close() error {
	b.once.Do(func() { b.closed = errors.Join(b.l.close(), b.o.Closed()) })
	return b.closed
}

// renew begins another session before transaction numbers run out: they never
// come again within one, so that no MAC can be played back.
func (b *Box) renew(ctx context.Context) error {
	b.l.mu.Lock()
	used := b.l.transact
	b.l.mu.Unlock()
	if used < 60000 {
		return nil
	}
	return b.greet(ctx)
}

// call sends a request and gives the body of its answer.
func (b *Box) call(ctx context.Context, c ocb.Command, body []byte) ([]byte, error) {
	if err := b.renew(ctx); err != nil {
		return nil, err
	}
	tx := b.l.nextTransaction()
	m, err := b.l.request(ctx, c, tx, plain(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	return m.Body, verdict(c, m.Status)
}

// callSigned sends a state-changing request with its MAC.
func (b *Box) callSigned(ctx context.Context, c ocb.Command, body []byte) ([]byte, error) {
	key, err := b.o.Keys.Key(b.log.Box)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, fmt.Errorf("%s: %w", c, reading.NotPaired)
	}
	if err := b.renew(ctx); err != nil {
		return nil, err
	}
	tx := b.l.nextTransaction()
	m, err := b.l.request(ctx, c, tx, func(s ocb.HelloAnswer) []byte {
		mac := ocb.MAC(key, s.BoxNonce, s.Session, tx, c, body)
		return slices.Concat(body, mac[:])
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	return m.Body, verdict(c, m.Status)
}

// verdict turns a box's refusal into a fault.
func verdict(c ocb.Command, s ocb.Status) error {
	fault := reading.Refused
	switch s {
	case ocb.OK:
		return nil
	case ocb.NotPaired, ocb.BadMAC:
		fault = reading.NotPaired
	case ocb.PressButton:
		fault = reading.PressButton
	case ocb.PairingsFull:
		fault = reading.PairingsFull
	case ocb.Busy:
		fault = reading.Busy
	case ocb.Malformed, ocb.NoSession, ocb.OldTransaction:
		fault = reading.Protocol
	}
	return fmt.Errorf("%s: %w: %w", c, fault, s)
}

func damaged(c ocb.Command, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("answer to %s: %w: %w", c, reading.Protocol, err)
}

// Info asks the box about itself. Texts are cleaned of control characters.
func (b *Box) Info(ctx context.Context) (app.BoxInfo, error) {
	b.turn.Lock()
	defer b.turn.Unlock()
	i, err := b.info(ctx)
	if err != nil {
		return app.BoxInfo{}, err
	}
	b.l.named(i.Last)
	if i.First > i.Last || i.Acked > i.Last {
		return app.BoxInfo{Log: b.log}, fmt.Errorf("INFO: a log from %d to %d, acknowledged to %d: %w", i.First, i.Last, i.Acked, reading.Protocol)
	}
	key, err := b.o.Keys.Key(b.log.Box)
	if err != nil {
		return app.BoxInfo{}, err
	}
	out := app.BoxInfo{
		Log: b.log, Make: app.MakeOCB, Maker: reading.CleanText(i.Maker), Model: reading.CleanText(i.Model),
		Firmware: reading.CleanText(i.Firmware), Label: reading.CleanText(i.Label),
		Battery: int(i.Battery), ClockSet: i.Flags&ocb.InfoClockSet != 0, First: i.First, Last: i.Last, Acked: i.Acked,
		Capacity: uint64(i.Capacity), Paired: i.Flags&ocb.InfoPaired != 0 && key != nil,
	}
	if i.Battery > 100 {
		out.Battery = -1
	}
	if i.PublicKey != (ocb.Hash{}) {
		out.PublicKey = hex.EncodeToString(i.PublicKey[:])
	}
	return out, nil
}

func (b *Box) info(ctx context.Context) (ocb.Info, error) {
	body, err := b.call(ctx, ocb.CmdInfo, nil)
	if err != nil {
		return ocb.Info{}, err
	}
	i, err := ocb.ParseInfo(body)
	if err == nil && i.PublicKey != (ocb.Hash{}) {
		b.public = slices.Clone(i.PublicKey[:])
	}
	return i, damaged(ocb.CmdInfo, err)
}

// clockExchanges is how many exchanges a measurement of the clock takes: the one with the shortest round trip counts.
const clockExchanges = 8

// ClockOffset measures the box's clock against this computer's, at the
// midpoint of the quickest of eight exchanges, ± half its round trip.
func (b *Box) ClockOffset(ctx context.Context) (app.ClockOffset, error) {
	b.turn.Lock()
	defer b.turn.Unlock()
	var best app.ClockOffset
	for i := range clockExchanges {
		sent := b.o.Now()
		at, half, err := b.exchange(ctx)
		if err != nil {
			return app.ClockOffset{}, err
		}
		middle := sent.Add(half)
		// Both clocks are read in whole milliseconds.
		o := app.ClockOffset{At: app.At(middle), Offset: at.Sub(middle).Round(time.Millisecond), Uncertainty: half + time.Millisecond}
		if i == 0 || o.Uncertainty < best.Uncertainty {
			best = o
		}
	}
	return best, nil
}

// Acknowledge tells the box that everything up to a point is stored.
func (b *Box) Acknowledge(ctx context.Context, upTo reading.Chain) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	body, err := b.callSigned(ctx, ocb.CmdLogAck, ocb.LogAck{Seq: upTo.Seq, Hash: upTo.Hash, Installation: b.installation}.Encode())
	if err != nil {
		return err
	}
	a, err := ocb.ParseAckAnswer(body)
	if err != nil {
		return damaged(ocb.CmdLogAck, err)
	}
	if a.Acked != upTo.Seq {
		return fmt.Errorf("answer to LOG_ACK: %w", &reading.OtherMarkError{Asked: upTo.Seq, Told: a.Acked})
	}
	return nil
}

// Revive begins another session on the same cable, as after a reset of the box.
func (b *Box) Revive(ctx context.Context) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	if err := b.l.cause(); err != nil {
		return err
	}
	return b.greet(ctx)
}

// Prove has the box sign a fresh nonce. A signature that its public key did
// not make is a WrongChain fault: another box, or a copy of it.
func (b *Box) Prove(ctx context.Context) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	if b.public == nil {
		if _, err := b.info(ctx); err != nil {
			return err
		}
	}
	seal := ocb.Seal{Box: b.l.greeted().Box, Log: b.l.greeted().Log}
	_, _ = rand.Read(seal.Nonce[:])
	body, err := b.call(ctx, ocb.CmdSeal, seal.Nonce[:])
	if err != nil {
		return err
	}
	a, err := ocb.ParseSealAnswer(body)
	if err != nil {
		return damaged(ocb.CmdSeal, err)
	}
	b.l.named(a.Seq)
	seal.Seq, seal.Hash, seal.Time, seal.Signature = a.Seq, a.Hash, a.Time, a.Signature
	if !seal.Good(b.public) {
		return fmt.Errorf("the box's seal is not by its key: %w", reading.WrongChain)
	}
	return nil
}

// buttonPoll is how often PAIR asks whether the button is pressed.
const buttonPoll = 250 * time.Millisecond

// Pair agrees on a key while the button is pressed, and keeps it.
func (b *Box) Pair(ctx context.Context, waiting func()) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	own, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	p := ocb.Pair{Installation: b.installation, Public: [32]byte(own.PublicKey().Bytes())}
	for first := true; ; first = false {
		body, err := b.call(ctx, ocb.CmdPair, p.Encode())
		if err == nil {
			return b.paired(own, p, body)
		}
		if !errors.Is(err, reading.PressButton) {
			return err
		}
		if first && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", reading.PressButton, ctx.Err())
		case <-time.After(buttonPoll):
		}
	}
}

func (b *Box) paired(own *ecdh.PrivateKey, p ocb.Pair, body []byte) error {
	a, err := ocb.ParsePairAnswer(body)
	if err != nil {
		return damaged(ocb.CmdPair, err)
	}
	public, err := ecdh.X25519().NewPublicKey(a.Public[:])
	if err != nil {
		return damaged(ocb.CmdPair, err)
	}
	secret, err := own.ECDH(public)
	if err != nil {
		return damaged(ocb.CmdPair, err)
	}
	return b.o.Keys.Save(b.log.Box, ocb.PairingKey(secret, b.l.greeted().Box, p.Installation, p.Public, a.Public))
}

// Unpair makes box and installation forget each other.
func (b *Box) Unpair(ctx context.Context) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	if _, err := b.callSigned(ctx, ocb.CmdUnpair, slices.Clone(b.installation[:])); err != nil {
		return err
	}
	return b.o.Keys.Save(b.log.Box, nil)
}

// Pairings lists the installations that the box knows, as hex; the button must be held.
func (b *Box) Pairings(ctx context.Context) ([]string, error) {
	b.turn.Lock()
	defer b.turn.Unlock()
	body, err := b.call(ctx, ocb.CmdPairList, nil)
	if err != nil {
		return nil, err
	}
	ids, err := ocb.ParsePairings(body)
	var out []string
	for _, u := range ids {
		out = append(out, u.String())
	}
	return out, damaged(ocb.CmdPairList, err)
}

// Setting the clock: how far off it may be afterwards, besides half a round trip, and how often it is tried.
const (
	setTimeSlack = 150 * time.Millisecond
	setTimeTries = 3
)

// SetTime sets the box's clock. The half of a round trip that the request
// takes is added to the time; now is called just before it is sent. A request that
// was late, because it had to be sent twice, leaves the clock behind: that is seen
// and mended.
func (b *Box) SetTime(ctx context.Context, now func() time.Time) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	_, way, err := b.exchange(ctx)
	if err != nil {
		return err
	}
	for range setTimeTries {
		body := ocb.TimeSet{Time: uint64(max(0, now().Add(way).UnixMilli()))}.Encode()
		if _, err := b.callSigned(ctx, ocb.CmdTimeSet, body); err != nil {
			return err
		}
		right := now()
		var at time.Time
		if at, way, err = b.exchange(ctx); err != nil {
			return err
		}
		if at.Sub(right.Add(way)).Abs() <= way+setTimeSlack {
			return nil
		}
	}
	return fmt.Errorf("set the clock: %w: it stays off", reading.Refused)
}

// exchange asks for the box's time and gives half the round trip that this took.
func (b *Box) exchange(ctx context.Context) (at time.Time, half time.Duration, err error) {
	begun := time.Now() // monotonic, whatever this computer's clock does
	body, err := b.call(ctx, ocb.CmdTimeGet, nil)
	half = time.Since(begun) / 2
	if err != nil {
		return at, half, err
	}
	a, err := ocb.ParseTimeAnswer(body)
	if err != nil || a.Time > 1<<42 {
		return at, half, fmt.Errorf("answer to TIME_GET: %w", reading.Protocol)
	}
	return time.UnixMilli(int64(a.Time)), half, nil
}

// SetLabel names the box; at most 64 bytes.
func (b *Box) SetLabel(ctx context.Context, label string) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	if len(label) > ocb.TextMax || !utf8.ValidString(label) {
		return &app.FieldError{Field: "label", Code: "label.length", Example: "Entrance 2"}
	}
	_, err := b.callSigned(ctx, ocb.CmdLabelSet, ocb.LabelSet{Label: label}.Encode())
	return err
}

// Identify makes the box beep.
func (b *Box) Identify(ctx context.Context) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	_, err := b.call(ctx, ocb.CmdIdentify, []byte{3})
	return err
}

// listPart is how many entries one LIST_PUT of ours carries: four frames, which pass a bad cable whole, and cost
// little more than the 72 of the longest.
const listPart = 15

// listPartOf is how many entries a LIST_PUT carries to a box that takes messages of so many bytes.
func listPartOf(longest uint16) int {
	return min(max(1, (int(longest)-ocb.ListPutFrame)/ocb.BadgeSize), listPart)
}

// PushList replaces the badge list. Doubles are sent once.
func (b *Box) PushList(ctx context.Context, version uint32, badges []app.IdentifierKey, refuse bool) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	entries, err := listEntries(badges)
	if err != nil {
		return err
	}
	if uint64(len(entries)/ocb.BadgeSize) > uint64(b.l.greeted().ListMax) {
		return fmt.Errorf("badge list of %d: %w: %w", len(entries)/ocb.BadgeSize, reading.Refused, ocb.ListTooLarge)
	}
	begin := ocb.ListBegin{ListVersion: version, Count: uint32(len(entries) / ocb.BadgeSize), Hash: sha256.Sum256(entries)}
	if refuse {
		begin.Flags = ocb.ListRefuse
	}
	if _, err := b.callSigned(ctx, ocb.CmdListBegin, begin.Encode()); err != nil {
		return err
	}
	index := 0
	for part := range slices.Chunk(entries, listPartOf(b.l.greeted().MaxFromHost)*ocb.BadgeSize) {
		if _, err := b.callSigned(ctx, ocb.CmdListPut, ocb.ListPut{Index: uint32(index), Entries: part}.Encode()); err != nil {
			return err
		}
		index += len(part) / ocb.BadgeSize
	}
	_, err = b.callSigned(ctx, ocb.CmdListCommit, ocb.ListCommit{ListVersion: version}.Encode())
	return err
}

// listEntries returns badges as sorted entries without doubles. The program does
// not know a card's technology: its entries match any reader.
func listEntries(badges []app.IdentifierKey) ([]byte, error) {
	var fields [][ocb.BadgeSize]byte
	for i, k := range badges {
		badge, err := ocb.BadgeOf(k, ocb.TechUnknown)
		if err != nil {
			return nil, fmt.Errorf("badge %d of the list: %w", i+1, err)
		}
		f, err := badge.Field()
		if err != nil {
			return nil, fmt.Errorf("badge %d of the list: %w", i+1, err)
		}
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b [ocb.BadgeSize]byte) int { return slices.Compare(a[:], b[:]) })
	fields = slices.Compact(fields)
	var out []byte
	for _, f := range fields {
		out = append(out, f[:]...)
	}
	return out, nil
}

// Named is the highest sequence that the box named so far: heartbeats name one four times a second.
func (b *Box) Named() (last uint64, higher <-chan struct{}) {
	b.l.mu.Lock()
	defer b.l.mu.Unlock()
	return b.l.last, b.l.higher
}

// Watch passes the box's announcements on until ctx ends, the port fails or
// the box falls silent: its heartbeats are supervised.
func (b *Box) Watch(ctx context.Context, tap func(app.Record)) error {
	records := make(chan ocb.Record, 16)
	b.l.mu.Lock()
	b.l.onEvent = func(r ocb.Record) {
		select {
		case records <- r:
		default: // a hint: the log has it
		}
	}
	b.l.mu.Unlock()
	defer func() {
		b.l.mu.Lock()
		b.l.onEvent = nil
		b.l.mu.Unlock()
	}()
	pulse := time.NewTicker(b.l.timing.Silence / 4)
	defer pulse.Stop()
	for quiet := 0; ; {
		select {
		case r := <-records:
			tap(r.App(b.log, b.log.Box))
		case <-pulse.C:
			if b.l.quiet() <= b.l.timing.Silence {
				quiet = 0
			} else if quiet++; quiet > 1 { // once may be a computer that wakes up
				return fmt.Errorf("watch: %w", reading.Silent)
			}
		case <-ctx.Done():
			return nil
		case <-b.l.failed:
			return b.l.cause()
		}
	}
}
