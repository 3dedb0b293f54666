package boxes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
)

// BoxDetail is what a connected box tells of itself now, and what is known of its clock.
type BoxDetail struct {
	Info app.BoxInfo
	// Clock was measured just now.
	Clock app.ClockOffset
	// ClockChecked says that this computer's own clock was found right within the
	// week; without it nobody knows which of the two is off (rule C1).
	ClockChecked bool
	Ledger       OffsetLedger
	Quarantined  string // why the box is closed to reading; "" if it is not
}

// BoxDetail asks a connected box about itself and measures its clock.
func (o *Boxes) BoxDetail(ctx context.Context, path string) (*BoxDetail, error) {
	o.connection.CheckClock(ctx)
	d := &BoxDetail{}
	err := o.serve(ctx, "ask the box", path, false, func(box reading.Service) (err error) {
		if d.Info, err = box.Info(ctx); err != nil {
			return err
		}
		d.Clock, err = box.ClockOffset(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	d.ClockChecked = rightClock(o.work.Settings().Check, o.work.Now())
	ledger, err := o.OffsetLedger(ctx, d.Info.Log.Box)
	if err != nil {
		return nil, err
	}
	d.Ledger = *ledger
	known, _, err := o.work.Store.KnownBox(ctx, d.Info.Log.Box)
	if err != nil {
		return nil, err
	}
	d.Quarantined = known.Quarantined
	return d, nil
}

// atBox opens the box under a path, does something with it and closes it.
func (o *Boxes) atBox(ctx context.Context, doing, path string, do func(reading.Service) error) error {
	return o.serve(ctx, doing, path, true, do)
}

// serve is atBox, to work with the box or only to ask it something.
func (o *Boxes) serve(ctx context.Context, doing, path string, work bool, do func(reading.Service) error) error {
	box, done, err := o.openBox(ctx, path, work)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer done()
	service, ok := box.(reading.Service)
	if !ok {
		return fmt.Errorf("%s: it can only be read: %w", doing, reading.Refused)
	}
	if err := do(service); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// note keeps in the trail what a person had a box do.
func (o *Boxes) note(ctx context.Context, what, uid string, before, after any) error {
	act := o.work.Act(what, "box:"+uid, "")
	act.Before, act.After = before, after
	// What the box did is done: a person who leaves now does not undo it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
	defer cancel()
	return o.work.Done("note what the box did", o.work.Store.NoteAct(ctx, act))
}

const noteTime = 10 * time.Second

// uidOf asks a box who it is.
func uidOf(ctx context.Context, box reading.Device) (string, error) {
	info, err := box.Info(ctx)
	return info.Log.Box, err
}

// Why a box's clock is not set by this computer's (ClockError).
const (
	ClockUnchecked = "unchecked" // no good check of it within seven days
	ClockWrong     = "wrong"     // the last check found it off
	ClockJumped    = "jumped"    // it was set while the box was measured
	ClockSuspected = "suspected" // most boxes were last seen off by the same
)

// ClockError says that this computer's clock is not trusted to set a box's.
type ClockError struct {
	Reason string
	Offset time.Duration // how far most boxes, or this computer, are off
}

// Error returns the reason.
func (e *ClockError) Error() string { return "this computer's clock: " + e.Reason }

// TextKey words it for people.
func (e *ClockError) TextKey() (string, map[string]any) {
	return "error.clock." + e.Reason, map[string]any{"Seconds": int64(e.Offset.Abs().Round(time.Second) / time.Second)}
}

const (
	// rightWithin is how far this computer may be off its source to set others.
	rightWithin = 30 * time.Second
	// jumpedBy is how far wall clock and monotonic clock may part while a box is
	// measured: a clock that is disciplined is slewed by far less.
	jumpedBy = 500 * time.Millisecond
)

// rightClock says that this computer's clock was found right within the week.
func rightClock(c app.ClockCheck, now app.Instant) bool {
	return c.Good(now) && c.Offset.Abs() <= rightWithin
}

// SetBoxTime sets a box's clock by this computer's and measures it before and
// after. A *ClockError refuses it where this computer's own clock is not to be
// trusted; nothing was changed then.
func (o *Boxes) SetBoxTime(ctx context.Context, path string) (before, after app.ClockOffset, err error) {
	o.connection.CheckClock(ctx)
	if err := o.trustClock(ctx); err != nil {
		return before, after, fmt.Errorf("set the box's clock: %w", err)
	}
	var uid string
	err = o.atBox(ctx, "set the box's clock", path, func(box reading.Service) (err error) {
		if uid, err = uidOf(ctx, box); err != nil {
			return err
		}
		clock := o.steadyClock()
		if before, err = box.ClockOffset(ctx); err != nil {
			return err
		}
		if err := clock.jumped(); err != nil {
			return err
		}
		if err := box.SetTime(ctx, func() time.Time { return o.work.Now().Time() }); err != nil {
			return err
		}
		after, err = box.ClockOffset(ctx)
		return errors.Join(err, clock.jumped(), o.note(ctx, "box.time", uid, before, after))
	})
	return before, after, err
}

// trustClock says why this computer's clock may not set a box's; nil when it may.
func (o *Boxes) trustClock(ctx context.Context) error {
	check := o.work.Settings().Check
	switch {
	case !check.Good(o.work.Now()):
		return &ClockError{Reason: ClockUnchecked}
	case !rightClock(check, o.work.Now()):
		return &ClockError{ClockWrong, check.Offset}
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return err
	}
	if c := p.Clock(); c.Suspected {
		return &ClockError{ClockSuspected, c.Offset}
	}
	return nil
}

// steady watches this computer's clock while something is measured by it.
type steady struct {
	now  func() app.Instant
	wall app.Instant
	mono time.Time // with its monotonic reading
}

func (o *Boxes) steadyClock() steady { return steady{o.work.Now, o.work.Now(), time.Now()} }

// jumped returns a *ClockError when the clock was set meanwhile.
func (s steady) jumped() error {
	if apart := s.now().Sub(s.wall) - time.Since(s.mono); apart.Abs() > jumpedBy {
		return &ClockError{ClockJumped, apart}
	}
	return nil
}

// PairBox agrees on a key with a box while its button is pressed; waiting is
// called once when the program has to wait for that, until ctx ends.
func (o *Boxes) PairBox(ctx context.Context, path string, waiting func()) error {
	return o.atBox(ctx, "pair with the box", path, func(box reading.Service) error {
		uid, err := uidOf(ctx, box)
		if err != nil {
			return err
		}
		if err := box.Pair(ctx, waiting); err != nil {
			return err
		}
		return o.note(ctx, "box.pair", uid, nil, nil)
	})
}

// UnpairBox makes box and installation forget each other.
func (o *Boxes) UnpairBox(ctx context.Context, path string) error {
	return o.atBox(ctx, "unpair the box", path, func(box reading.Service) error {
		uid, err := uidOf(ctx, box)
		if err != nil {
			return err
		}
		if err := box.Unpair(ctx); err != nil {
			return err
		}
		return o.note(ctx, "box.unpair", uid, nil, nil)
	})
}

// BoxPairings lists the installations that a box knows, as 32 hex digits each;
// its button must be held.
func (o *Boxes) BoxPairings(ctx context.Context, path string) (ids []string, err error) {
	err = o.atBox(ctx, "list the pairings", path, func(box reading.Service) (err error) {
		ids, err = box.Pairings(ctx)
		return err
	})
	return ids, err
}

// IdentifyBox makes a box beep and blink, so that a person finds it.
func (o *Boxes) IdentifyBox(ctx context.Context, path string) error {
	return o.atBox(ctx, "have the box beep", path, func(box reading.Service) error { return box.Identify(ctx) })
}

// LabelBox names a connected box: in the box itself and, where it is known, in the store.
func (o *Boxes) LabelBox(ctx context.Context, path, label string) error {
	label = reading.CleanText(label)
	return o.atBox(ctx, "label the box", path, func(box reading.Service) error {
		info, err := box.Info(ctx)
		if err != nil {
			return err
		}
		if err := box.SetLabel(ctx, label); err != nil {
			return err
		}
		known, ok, err := o.work.Store.KnownBox(ctx, info.Log.Box)
		if err != nil {
			return err
		}
		if !ok {
			return o.note(ctx, "box.label", info.Log.Box, info.Label, label)
		}
		known.Label = label
		return o.work.Done("keep the label", o.work.Store.SaveBox(ctx, known, o.work.Act("box.label", "box:"+known.UID, "")))
	})
}

// PushBadges puts on a box the badges that someone holds now or will hold:
// all of them, or the old list stays. With refuse the box turns other badges
// away; otherwise it records them. It gives how many, and the list's version:
// the second in which it was made.
func (o *Boxes) PushBadges(ctx context.Context, path string, refuse bool) (count int, version uint32, err error) {
	err = o.atBox(ctx, "push the badges", path, func(box reading.Service) error {
		uid, err := uidOf(ctx, box)
		if err != nil {
			return err
		}
		badges, err := o.allowed(ctx, uid)
		if err != nil {
			return err
		}
		count, version = len(badges), uint32(o.work.Now().Time().Unix())
		if err := box.PushList(ctx, version, badges, refuse); err != nil {
			return err
		}
		type list struct {
			Count   int    `json:"count"`
			Version uint32 `json:"version"`
			Refuse  bool   `json:"refuse"`
		}
		return o.note(ctx, "box.badges", uid, nil, list{count, version, refuse})
	})
	return count, version, err
}

// allowed returns the identifiers in someone's custody now or later, of those
// that count at a box: its own group's and everyone's.
func (o *Boxes) allowed(ctx context.Context, uid string) ([]app.IdentifierKey, error) {
	identifiers, err := o.work.Store.Identifiers(ctx)
	if err != nil {
		return nil, err
	}
	custodies, err := o.work.Store.Custodies(ctx)
	if err != nil {
		return nil, err
	}
	group := uid // of a box that was never read
	if known, ok, err := o.work.Store.KnownBox(ctx, uid); err != nil {
		return nil, err
	} else if ok {
		group = known.Group
	}
	now, held := o.work.Now(), map[app.ID]bool{}
	for _, c := range custodies {
		if c.Span.To == 0 || c.Span.To > now {
			held[c.IdentifierID] = true
		}
	}
	var keys []app.IdentifierKey
	for _, i := range identifiers {
		if held[i.ID] && (i.Key.Group == "" || i.Key.Group == group) {
			keys = append(keys, i.Key)
		}
	}
	return keys, nil
}

// ProveBox has a box sign a fresh nonce with the key that was pinned for it; a
// box never met before is kept with the key that it proved to have. Another
// key, or a seal that its key did not make, puts the box in quarantine:
// *reading.QuarantinedError.
func (o *Boxes) ProveBox(ctx context.Context, path string) error {
	return o.atBox(ctx, "prove the box", path, func(box reading.Service) error {
		info, err := box.Info(ctx)
		if err != nil {
			return err
		}
		known, met, err := o.work.Store.KnownBox(ctx, info.Log.Box)
		if err != nil {
			return err
		}
		if met && known.Quarantined != "" {
			return &reading.QuarantinedError{Box: known.UID, Reason: known.Quarantined}
		}
		if info.PublicKey == "" {
			return fmt.Errorf("the box has no key: %w", reading.Refused)
		}
		err = box.Prove(ctx)
		if errors.Is(err, reading.WrongChain) || met && known.PublicKey != "" && known.PublicKey != info.PublicKey {
			return o.quarantine(ctx, info.Log.Box, met)
		}
		if err != nil || met {
			return err
		}
		fresh := app.Box{UID: info.Log.Box, Make: info.Make, Label: info.Label, PublicKey: info.PublicKey, Group: info.Log.Box, FirstSeen: o.work.Now()}
		return o.work.Done("keep the box's key", o.work.Store.SaveBox(ctx, fresh, o.work.Act("box.pin-key", "box:"+fresh.UID, "")))
	})
}

func (o *Boxes) quarantine(ctx context.Context, uid string, met bool) error {
	refused := &reading.QuarantinedError{Box: uid, Reason: reading.ReasonKey}
	if !met {
		return refused
	}
	act := o.work.Act("box.quarantine", "box:"+uid, reading.ReasonKey)
	return errors.Join(refused, o.work.Done("close the box to reading", o.work.Store.Quarantine(ctx, uid, reading.ReasonKey, act)))
}
