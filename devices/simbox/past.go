package simbox

import (
	"fmt"
	"time"

	"klokkast/app"
	"klokkast/devices/ocb"
)

// PastEvent is something that happened to the box before now. What happens is
// its Type: a punch (with Badge and Key; refused ones too), a boot, power lost
// or back, battery low, case, clock lost, or clock set.
type PastEvent struct {
	At    time.Time // true time, not before the previous event's
	Type  app.RecordType
	Badge ocb.Badge
	Key   app.PunchKey
	// Offset is, for clock set, the box's clock minus true time from then on.
	Offset time.Duration
	// Drift is added silently to the box's clock before the event.
	Drift time.Duration
	// Percent is the battery, for the power records.
	Percent uint8
}

// Past writes events at past times in bulk, as if the box had lived through
// them: boot numbers, time since boot and a wrong clock come out as they would.
// It is meant for a fresh box opened with Options.Off, before PowerOn; the first event should
// be a boot. The clock is left with the last offset. It returns how many records were written.
func (b *Box) Past(events []PastEvent) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		return 0, ErrOff
	}
	lazy := b.s.lazy
	b.s.lazy = true
	h := history{b: b, boot: b.m.Boot, offset: time.Duration(b.m.OffsetMillis) * time.Millisecond, set: b.m.ClockSet}
	n := 0
	var err error
	for _, e := range events {
		if err = h.live(e); err != nil {
			err = fmt.Errorf("past event %d: %w", n+1, err)
			break
		}
		n++
	}
	b.s.lazy = lazy
	b.m.Boot, b.m.OffsetMillis, b.m.ClockSet = h.boot, h.offset.Milliseconds(), h.set
	if e := b.m.save(b.dir); err == nil {
		err = e
	}
	if e := b.s.f.Sync(); err == nil && e != nil {
		err = fmt.Errorf("flush the store: %w", e)
	}
	return n, err
}

// history is the state of a box that lives through its past.
type history struct {
	b      *Box
	boot   uint16
	bootAt time.Time
	offset time.Duration
	set    bool
}

func (h *history) live(e PastEvent) error {
	if h.bootAt.IsZero() || e.Type == app.RecordBoot {
		h.bootAt = e.At
		if e.Type == app.RecordBoot {
			h.boot++
		}
	}
	h.offset += e.Drift
	var data [11]byte
	flags := uint8(0)
	switch e.Type {
	case app.RecordPunch, app.RecordRefused:
		f, err := e.Badge.Field()
		if err != nil {
			return err
		}
		data, flags = f, uint8(e.Key)
	case app.RecordBoot:
		data[0] = 1
	case app.RecordPowerLost, app.RecordPowerBack, app.RecordBatteryLow:
		data[0] = e.Percent
	case app.RecordClockLost:
		h.set = false
	case app.RecordClockSet:
		data = ocb.ClockSet(1, ocb.TimeOf(h.clock(e.At)), ocb.TimeOf(e.At.Add(e.Offset)))
	}
	if !h.set {
		flags |= ocb.FlagUntrusted
	}
	r := ocb.Record{
		Type: e.Type, Flags: flags, Time: ocb.TimeOf(h.clock(e.At)), Boot: h.boot,
		SinceBoot: uint32(e.At.Sub(h.bootAt) / (10 * time.Millisecond)), Data: data,
	}
	own := e.Type != app.RecordPunch && e.Type != app.RecordRefused
	if _, err := h.b.write(r, own); err != nil {
		return err
	}
	if e.Type == app.RecordClockSet { // recorded first, then applied
		h.offset, h.set = e.Offset, true
	}
	return nil
}

func (h *history) clock(at time.Time) time.Time {
	if !h.set {
		return time.Unix(0, 0).Add(at.Sub(h.bootAt))
	}
	return at.Add(h.offset)
}
