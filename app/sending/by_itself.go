package sending

import (
	"context"
	"fmt"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// SendingStatus says how sending by itself stands in this process.
type SendingStatus struct {
	Mode ciao.Mode
	// Why says why nothing goes by itself although it should; nil where it does.
	Why error
	// Report is what the last run did; nil before any.
	Report *ciao.Report
	At     app.Instant // of the last run
	// Next is when the schedule sends next; zero in other modes.
	Next app.Instant
}

// SendingNow returns how sending by itself stands in this process; the mode alone
// where KeepSending does not run in it.
func (o *Register) SendingNow() SendingStatus {
	o.mu.Lock()
	keeper := o.auto
	o.mu.Unlock()
	if keeper == nil {
		return SendingStatus{Mode: o.work.Settings().Register.SendingMode()}
	}
	return keeper.now()
}

// tryAgain is how long sending waits after it could not begin, unless somebody
// changes something first; and how often it looks for what another process read.
const tryAgain = time.Minute

// KeepSending sends by itself in the mode that is set, until ctx ends, and tells
// of every run and of every obstacle; another mode, credential or passphrase
// takes effect at once. One of them runs in a process.
func (o *Register) KeepSending(ctx context.Context, tell func(SendingStatus)) {
	k := &autoSender{o: o, tell: tell, read: make(chan struct{}, 1), changed: make(chan struct{}, 1)}
	o.mu.Lock()
	if o.auto != nil {
		o.mu.Unlock()
		return
	}
	o.auto = k
	o.mu.Unlock()
	end := o.work.Subscribe(func() { Nudge(k.changed) })
	defer func() {
		end()
		o.mu.Lock()
		o.auto = nil
		o.mu.Unlock()
	}()
	for ctx.Err() == nil {
		k.period(ctx)
	}
}

// SendAfterReading sends once where the mode says that a reading is followed by
// it, and nobody in this process does so by itself; false where nothing was to be done.
func (o *Register) SendAfterReading(ctx context.Context) (ciao.Report, bool, error) {
	o.mu.Lock()
	kept := o.auto != nil
	o.mu.Unlock()
	if mode := o.work.Settings().Register.SendingMode(); kept || (mode != ciao.AfterReading && mode != ciao.Live) {
		return ciao.Report{}, false, nil
	}
	report, err := o.Send(ctx, nil)
	return report, true, err
}

// autoSender is one KeepSending under way.
type autoSender struct {
	o       *Register
	tell    func(SendingStatus)
	read    chan struct{} // something was read or imported
	changed chan struct{} // something changed

	mu     sync.Mutex
	status SendingStatus
}

// Nudge wakes whoever waits for a channel, once.
func Nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (k *autoSender) now() SendingStatus {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.status
}

// say keeps how things stand, and tells it.
func (k *autoSender) say(change func(*SendingStatus)) {
	k.mu.Lock()
	change(&k.status)
	s := k.status
	k.mu.Unlock()
	k.tell(s)
}

// period works by one set of settings and one way to the register, until either changes.
func (k *autoSender) period(ctx context.Context) {
	settings := k.o.work.Settings().Register
	mode := settings.SendingMode()
	if mode == ciao.Manual {
		k.say(func(s *SendingStatus) { *s = SendingStatus{Mode: mode} })
		k.await(ctx, func() bool { return k.o.work.Settings().Register.SendingMode() != ciao.Manual })
		return
	}
	line, err := k.o.Connection.Session(ctx)
	if err != nil {
		k.say(func(s *SendingStatus) { s.Mode, s.Why, s.Next = mode, err, 0 })
		k.rest(ctx)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() {
		defer cancel()
		k.await(ctx, func() bool {
			now, err := k.o.Connection.Session(ctx)
			return err != nil || now != line
		})
	})
	k.say(func(s *SendingStatus) { s.Mode, s.Why, s.Next = mode, nil, 0 })
	if mode == ciao.Scheduled {
		k.bySchedule(ctx, line, settings.Schedule())
		return
	}
	k.byReading(ctx, line, &all)
}

// await waits until something changed so that over says so, or ctx ends.
func (k *autoSender) await(ctx context.Context, over func() bool) {
	for !over() {
		select {
		case <-ctx.Done():
			return
		case <-k.changed:
		}
	}
}

// rest waits a while, or until something changed.
func (k *autoSender) rest(ctx context.Context) {
	t := time.NewTimer(tryAgain)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-k.changed:
	case <-t.C:
	}
}

// byReading queues what may go after each reading, also of another process,
// and hands it to the sender, which gathers and sends.
func (k *autoSender) byReading(ctx context.Context, line *Session, all *sync.WaitGroup) {
	wake := make(chan struct{}, 1)
	Nudge(k.read) // what was read before
	all.Go(func() {
		seen := -1
		tick := time.NewTicker(tryAgain)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-k.read:
			case <-tick.C:
				n, err := k.o.readings(ctx)
				if before := seen; err != nil || n == before {
					continue
				}
				seen = n
			}
			if err := k.o.queue(ctx); err != nil {
				k.say(func(s *SendingStatus) { s.Why = err })
				continue
			}
			Nudge(wake)
		}
	})
	line.Sender.Run(ctx, wake, func(report ciao.Report, err error) {
		if ctx.Err() == nil || report.Requests > 0 {
			k.ran(ctx, line, report, err)
		}
		if report.Consulted != nil { // what had waited for that may go
			Nudge(k.read)
		}
	})
}

// bySchedule sends when the schedule says so, and what that left again when its time has come.
func (k *autoSender) bySchedule(ctx context.Context, line *Session, schedule ciao.Schedule) {
	clock := k.o.Connection.clock()
	last := clock.Now()
	var again app.Instant
	for {
		next := schedule.Next(last, app.Belgium())
		k.say(func(s *SendingStatus) { s.Next = next })
		until := next
		if again != 0 && again < next {
			until = again
		}
		if clock.Sleep(ctx, until.Sub(clock.Now())) != nil {
			return
		}
		if until == next {
			last = next
			if err := k.o.queue(ctx); err != nil {
				k.say(func(s *SendingStatus) { s.Why = err })
				continue
			}
		}
		report, err := line.Sender.Send(ctx, ciao.SendOptions{})
		if err == nil && report.Consulted != nil {
			report, err = k.o.sendFreed(ctx, line, ciao.SendOptions{}, report)
		}
		k.ran(ctx, line, report, err)
		if again = report.NextAt; err != nil {
			again = clock.Now().Add(tryAgain)
		}
	}
}

// ran tells what a run did; what it changed is seen on the screens.
func (k *autoSender) ran(ctx context.Context, line *Session, report ciao.Report, err error) {
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("send to the register: %w", err)
	}
	if ctx.Err() != nil {
		err = nil // somebody ended it: no obstacle
	}
	k.o.Connection.noteClock(context.WithoutCancel(ctx), line.client.ClockCheck())
	k.say(func(s *SendingStatus) { s.Why, s.Report, s.At = err, &report, k.o.work.Now() })
	if report.Requests+report.Recovered+report.Adopted+report.Requeued+report.Changed+report.Cancelled > 0 || report.Consulted != nil {
		k.o.work.Changed()
	}
}

// clock is what sending goes by.
func (o *Connection) clock() ciao.Clock {
	if o.Exchange.Clock != nil {
		return o.Exchange.Clock
	}
	return ciao.SystemClock{}
}

// wakeSending tells the keeper of this process that something was read.
func (o *Register) wakeSending() {
	o.mu.Lock()
	keeper := o.auto
	o.mu.Unlock()
	if keeper != nil {
		Nudge(keeper.read)
	}
}

// readings counts what was read so far, whoever read it.
func (o *Register) readings(ctx context.Context) (int, error) {
	list, err := o.work.Store.Readings(ctx)
	return len(list), err
}
