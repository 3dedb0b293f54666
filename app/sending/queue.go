package sending

import (
	"context"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/derived"
)

// QueueNew puts the punches into the outbox that may be sent, of those that belong to the same days as the given ones.
func (o *Register) QueueNew(ctx context.Context, p *derived.Snapshot, keys []app.RecordKey) error {
	if _, err := o.Connection.Session(ctx); err != nil {
		return nil // no credential: nothing is registered from here
	}
	pieces := map[attendance.Piece]bool{}
	var list []attendance.Piece
	for _, k := range keys {
		if piece, ok := p.Engine.PieceOf(k); ok && !pieces[piece] {
			pieces[piece] = true
			list = append(list, piece)
		}
	}
	taps := p.Engine.TapsOf(list)
	if len(taps) == 0 {
		return nil
	}
	all := make([]app.RecordKey, len(taps))
	for i := range taps {
		all[i] = taps[i].Punch.Key
	}
	rows, err := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: o.work.Environment(), Punches: all})
	if err != nil {
		return fmt.Errorf("gather the registrations of new punches: %w", err)
	}
	in, err := o.derived.PlanInput(ctx, p, rows)
	if err != nil {
		return err
	}
	in.Taps, in.Adjustments = taps, nil
	if _, err := ciao.Enqueue(ctx, o.work.Store, ciao.Plan(in), o.work.Now()); err != nil {
		return fmt.Errorf("queue for the register: %w", err)
	}
	return nil
}

// QueueRest is queue where anything may be sent that waits for no tap.
func (o *Register) QueueRest(ctx context.Context) error {
	if _, err := o.Connection.Session(ctx); err != nil {
		return nil // no credential: nothing is registered from here
	}
	p, err := o.derived.Snapshot(ctx)
	switch {
	case err != nil:
		return err
	case p.Register.Eligible() == 0:
		return o.unsend(ctx, p)
	}
	return o.queue(ctx)
}

// queuedAtOnce is how many punches are looked at for one transaction: a tap never waits until a whole backlog is queued.
const queuedAtOnce = 100

// queue puts what may be registered into the outbox, where this installation has
// a way to the register. Sending it is another step.
func (o *Register) queue(ctx context.Context) error {
	line, err := o.Connection.Session(ctx)
	if err != nil {
		return nil // no credential: nothing is registered from here
	}
	p, err := o.planned(ctx, line)
	if err != nil {
		return err
	}
	defer o.work.Changed()
	for part := range slices.Chunk(p.Register.Current, queuedAtOnce) {
		if _, err := ciao.Enqueue(ctx, o.work.Store, part, p.At); err != nil {
			return fmt.Errorf("queue for the register: %w", err)
		}
	}
	return o.unsend(ctx, p)
}

// unsend asks a person about what is queued and was registered by phone, as is known by now.
func (o *Register) unsend(ctx context.Context, p *derived.Snapshot) error {
	if err := ciao.Unsend(ctx, o.work.Store, o.work.Environment(), p.Register.Current); err != nil {
		return fmt.Errorf("hold what was registered by phone: %w", err)
	}
	return nil
}
