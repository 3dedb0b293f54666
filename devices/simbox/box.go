package simbox

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// Options of a box that is switched on.
type Options struct {
	// Wall is the true time; nil means the system's clock. The box's own clock
	// is the wall's plus an offset.
	Wall func() time.Time
	// Off leaves the box without power: only Past works until PowerOn.
	Off bool
	// Heartbeat is the silence after which the box says that it lives; 0 means 250 ms.
	Heartbeat time.Duration
	// Beep is called when the box would beep; nil is a quiet box.
	Beep func(Beep)
	// Lazy does not wait for the disk at each record; a kill of the process
	// still loses nothing, a power cut of the computer may.
	Lazy bool
}

// Beep is what a person hears.
type Beep int

// Beeps.
const (
	BeepTaken Beep = iota
	BeepRefused
	BeepFull
	BeepHere // IDENTIFY
)

// Box is a simulated box. Its methods may be called from any goroutine.
type Box struct {
	dir string
	o   Options

	mu       sync.Mutex
	m        *memory
	s        *store
	lockFile *os.File
	on       bool
	bootAt   time.Time // wall time
	button   time.Time // held until
	caseOpen bool
	battery  uint8
	serving  bool
	watchers map[chan ocb.Record]bool
	serial   uint16 // of the last session
}

// ErrOff is a request to a box without power.
var ErrOff = errors.New("the box has no power")

// ErrFull is a punch that found no room: the box beeped its refusal and counted it.
var ErrFull = errors.New("the box is full")

// Open opens a box's folder and switches it on (unless Options.Off). One
// process at a time: another one gets reading.InUse.
func Open(dir string, o Options) (*Box, error) {
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 250 * time.Millisecond
	}
	if o.Beep == nil {
		o.Beep = func(Beep) {}
	}
	if !Exists(dir) {
		return nil, fmt.Errorf("no simulated box in %s: %w", filepath.Base(dir), reading.NotFound)
	}
	lf, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the box: %w", err)
	}
	if err := lock(lf); err != nil {
		_ = lf.Close()
		return nil, fmt.Errorf("lock the box: %w", reading.InUse)
	}
	b := &Box{dir: dir, o: o, lockFile: lf, battery: 100, watchers: map[chan ocb.Record]bool{}}
	if err := b.open(); err != nil {
		_ = lf.Close()
		return nil, err
	}
	return b, nil
}

func (b *Box) open() (err error) {
	if b.m, err = load(b.dir); err != nil {
		return err
	}
	b.s, err = openStore(filepath.Join(b.dir, storeFile), b.m.UID, b.m.Log, b.m.Pages, b.m.Acked, b.m.Reached)
	if err != nil {
		return err
	}
	b.s.lazy = b.o.Lazy
	if b.o.Off {
		return nil
	}
	return b.PowerOn()
}

// Close switches the box off without a word in its log, as a pulled plug does.
func (b *Box) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		return nil
	}
	b.on = false
	err := errors.Join(b.s.f.Sync(), b.s.f.Close(), b.lockFile.Close())
	b.s = nil
	return err
}

// PowerOn starts the box: a new boot number, a boot record, and a record for
// every range that it finds lost.
func (b *Box) PowerOn() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.on {
		return nil
	}
	b.on, b.bootAt = true, b.o.Wall()
	b.m.Boot++
	if err := b.m.save(b.dir); err != nil {
		return err
	}
	if err := b.own(app.RecordBoot, [11]byte{1}); err != nil {
		return err
	}
	return b.reportLost()
}

func (b *Box) reportLost() error {
	for _, l := range b.s.lost() {
		if slices.Contains(b.m.Reported, l) {
			continue
		}
		var d [11]byte
		le48(d[0:], l[0])
		le32(d[6:], uint32(l[1]-l[0]+1))
		b.m.Reported = append(b.m.Reported, l)
		if err := errors.Join(b.own(app.RecordPagesLost, d), b.m.save(b.dir)); err != nil {
			return err
		}
	}
	return nil
}

// UID names the box.
func (b *Box) UID() ocb.UID { return b.m.UID }

// LogKey names its log in the words of the program.
func (b *Box) LogKey() app.LogKey { return ocb.LogKeyOf(b.m.UID, b.m.Log) }

// PublicKey is the key of its seals.
func (b *Box) PublicKey() ed25519.PublicKey { return b.m.sealKey().Public().(ed25519.PublicKey) }

// Now is the box's own time.
func (b *Box) Now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock()
}

// ClockSet says that the box's clock was set and not lost since.
func (b *Box) ClockSet() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.m.ClockSet
}

func (b *Box) clock() time.Time {
	if !b.m.ClockSet {
		return time.Unix(0, 0).Add(b.o.Wall().Sub(b.bootAt)) // a clock that was never set counts from 1970
	}
	return b.o.Wall().Add(time.Duration(b.m.OffsetMillis) * time.Millisecond)
}

func (b *Box) sinceBoot() uint32 { return uint32(b.o.Wall().Sub(b.bootAt) / (10 * time.Millisecond)) }

// stamp returns a record of this moment.
func (b *Box) stamp(t app.RecordType, flags uint8, data [11]byte) ocb.Record {
	if !b.m.ClockSet {
		flags |= ocb.FlagUntrusted
	}
	return ocb.Record{Type: t, Flags: flags, Time: ocb.TimeOf(b.clock()), Boot: b.m.Boot, SinceBoot: b.sinceBoot(), Data: data}
}

// write appends a record and notes where a new page begins.
func (b *Box) write(r ocb.Record, own bool) (ocb.Record, error) {
	if b.s == nil {
		return r, ErrOff
	}
	before := b.s.newest()
	r, err := b.s.append(r, own)
	if err != nil {
		return r, err
	}
	if p := b.s.newest(); p != before {
		b.m.Reached = p.first
		if !b.s.lazy {
			return r, b.m.save(b.dir)
		}
	}
	return r, nil
}

// own writes a record of the box's own. When even the page that is kept back
// for them is full they are left out: punches were refused long before.
func (b *Box) own(t app.RecordType, data [11]byte) error {
	_, err := b.write(b.stamp(t, 0, data), true)
	if errors.Is(err, errFull) {
		return nil
	}
	return err
}

// Tap is a person's tap with a badge or a PIN, with a key or none. It returns
// when the record is on disk and the box has beeped. ErrFull and ErrOff take nothing.
func (b *Box) Tap(badge ocb.Badge, key app.PunchKey) (ocb.Record, error) {
	field, err := badge.Field()
	if err != nil {
		return ocb.Record{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.on {
		return ocb.Record{}, ErrOff
	}
	t, flags := app.RecordPunch, uint8(key)
	switch {
	case len(b.m.List.Entries) == 0:
		flags |= ocb.FlagWithoutList
	case b.m.List.Refuse && !listed(b.m.List.Entries, field):
		t = app.RecordRefused
	}
	if badge.Tech == ocb.TechPIN {
		flags |= ocb.FlagByHand
	}
	r, err := b.write(b.stamp(t, flags, field), false)
	switch {
	case errors.Is(err, errFull):
		b.o.Beep(BeepFull)
		b.m.Refused++
		return ocb.Record{}, errors.Join(ErrFull, b.m.save(b.dir))
	case err != nil:
		b.o.Beep(BeepFull)
		return ocb.Record{}, err
	case t == app.RecordRefused:
		b.o.Beep(BeepRefused)
	default:
		b.o.Beep(BeepTaken)
	}
	for w := range b.watchers {
		select {
		case w <- r:
		default: // an event is a hint: a slow host reads it from the log
		}
	}
	return r, nil
}

// listed says that a badge is on the list; an entry without a technology holds for any.
func listed(entries []byte, field [ocb.BadgeSize]byte) bool {
	any := field
	any[0] &= 0x0F
	for e := range slices.Chunk(entries, ocb.BadgeSize) {
		if f := [ocb.BadgeSize]byte(e); f == field || f == any {
			return true
		}
	}
	return false
}

// PressButton holds the box's button for a time.
func (b *Box) PressButton(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.button = b.o.Wall().Add(d)
}

func (b *Box) pressed() bool { return b.o.Wall().Before(b.button) }

// OpenCase and CloseCase are someone with a screwdriver.
func (b *Box) OpenCase() error { return b.event(app.RecordCaseOpened, func() { b.caseOpen = true }) }

// CloseCase closes it again.
func (b *Box) CloseCase() error { return b.event(app.RecordCaseClosed, func() { b.caseOpen = false }) }

// PowerLost and PowerBack are the mains; the box runs on its battery between them.
func (b *Box) PowerLost() error { return b.event(app.RecordPowerLost, func() {}) }

// PowerBack ends PowerLost.
func (b *Box) PowerBack() error { return b.event(app.RecordPowerBack, func() {}) }

// BatteryLow has the box say that its battery is low.
func (b *Box) BatteryLow(percent uint8) error {
	return b.event(app.RecordBatteryLow, func() { b.battery = percent })
}

func (b *Box) event(t app.RecordType, change func()) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.on {
		return ErrOff
	}
	change()
	return b.own(t, [11]byte{b.battery})
}

// SetClock sets the box's clock as its own menu would: recorded, then applied.
func (b *Box) SetClock(t time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.setClock(t, 2)
}

func (b *Box) setClock(t time.Time, source uint8) error {
	if !b.on {
		return ErrOff
	}
	if err := b.own(app.RecordClockSet, ocb.ClockSet(source, ocb.TimeOf(b.clock()), ocb.TimeOf(t))); err != nil {
		return err
	}
	b.m.OffsetMillis, b.m.ClockSet = t.Sub(b.o.Wall()).Milliseconds(), true
	return b.m.save(b.dir)
}

// Drift moves the box's clock silently, as a bad crystal does.
func (b *Box) Drift(d time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.m.OffsetMillis += d.Milliseconds()
	return b.m.save(b.dir)
}

// LoseClock is a dead clock battery: the clock falls back to 1970 and says so.
func (b *Box) LoseClock() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.on {
		return ErrOff
	}
	b.m.ClockSet = false
	if err := b.m.save(b.dir); err != nil {
		return err
	}
	return b.own(app.RecordClockLost, [11]byte{})
}

// Counts are how the store stands.
type Counts struct {
	First, Last, Acked uint64
	Refused            uint32
}

// Counts returns how the store stands.
func (b *Box) Counts() Counts {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Counts{b.s.first(), b.s.last(), b.s.acked, b.m.Refused}
}

func le48(d []byte, v uint64) {
	for i := range 6 {
		d[i] = byte(v >> (8 * i))
	}
}

func le32(d []byte, v uint32) {
	for i := range 4 {
		d[i] = byte(v >> (8 * i))
	}
}
