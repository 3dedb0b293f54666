// Package host drives a clock box over any ocb.Port: it is the computer's side
// of OCB/1 and makes a connected box a reading.Box and reading.Service.
//
// Three goroutines belong to a connection: a reader, which alone calls
// ReadReport, a writer, which alone calls WriteReport and gives credit, and
// whoever calls a method. No caller ever waits on the port itself: every
// operation has a deadline. Close says BYE, joins reader and writer, and only
// then closes the port, because closing a HID handle under a Read corrupts
// memory in the library below.
package host

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// Timing are the patience and the rhythm of a connection. The zero value of
// each field means its default.
type Timing struct {
	Resend   time.Duration // an unanswered request goes out again after: 400 ms, or longer where the box is known to be slow
	Answer   time.Duration // and is given up after as many tries as fit in: 5 s
	Progress time.Duration // a stream without a new record is given up after, and three LOG_OPENs: 5 s
	Stall    time.Duration // a stream without any frame is asked for again after: 700 ms
	Credit   time.Duration // CREDIT at least every: 250 ms (the protocol asks for 500)
	Goodbye  time.Duration // BYE is waited for: 1 s
	Quiet    time.Duration // between the answer to BYE and the closing of the port: 50 ms
	Silence  time.Duration // a watched box that sends nothing, not even heartbeats, is given up after: 2 s
}

func (t Timing) filled() Timing {
	for _, d := range []struct {
		v   *time.Duration
		def time.Duration
	}{
		{&t.Resend, 400 * time.Millisecond}, {&t.Answer, 5 * time.Second}, {&t.Progress, 5 * time.Second},
		{&t.Stall, 700 * time.Millisecond}, {&t.Credit, 250 * time.Millisecond}, {&t.Goodbye, time.Second},
		{&t.Quiet, 50 * time.Millisecond}, {&t.Silence, 2 * time.Second},
	} {
		if *d.v <= 0 {
			*d.v = d.def
		}
	}
	return t
}

// creditStep is after how many frames a new CREDIT goes out: with half of the
// 24 still outstanding the box never waits for it on a cable (12 ms), and each
// CREDIT is a report of its own that costs as much as one of the box.
const creditStep = ocb.Credit / 2

// streamRoom is how many stream messages may wait for their reader: more than
// a LOG_OPEN of maxChunk records can bring.
const streamRoom = maxChunk/ocb.RecordsPerPart + 16

// link is the session layer: frames in and out, credit, requests and answers.
type link struct {
	port   ocb.Port
	timing Timing
	out    chan outgoing
	due    chan struct{} // CREDIT is due
	failed chan struct{} // closed when the port failed
	stop   chan struct{} // closed to end the writer
	joined sync.WaitGroup

	mu        sync.Mutex
	err       error // why the port failed
	greeting  greeting
	hello     ocb.HelloAnswer // of the session
	session   uint16
	in        ocb.Assembler
	expect    ocb.Expected
	told      uint16 // credit that the writer gave last
	waiting   map[uint16]chan ocb.Message
	stream    chan ocb.Message
	streamTx  uint16
	gap       chan struct{} // has an element when frames were lost since it was drained
	bye       bool          // the answer to BYE ends the reader
	byeTx     uint16
	transact  uint16
	onEvent   func(ocb.Record)
	lastFrame time.Time
	lastPart  time.Time     // when the last frame of a stream came
	counter   uint16        // writer's
	trip      roundTrip     // of all requests but LOG_OPEN
	last      uint64        // the highest sequence of its log that the box named
	higher    chan struct{} // closed when it names a higher one
	stats     Stats
}

// Stats count what a connection met.
type Stats struct {
	Frames, Foreign, Repeated, Gaps, Damaged, Resent int64
}

type outgoing struct {
	kind    ocb.Kind
	session uint16
	msg     []byte
}

func newLink(p ocb.Port, t Timing) *link {
	l := &link{
		port: p, timing: t.filled(), out: make(chan outgoing, 4), due: make(chan struct{}, 1), failed: make(chan struct{}),
		stop: make(chan struct{}), waiting: map[uint16]chan ocb.Message{}, gap: make(chan struct{}, 1),
		in: ocb.Assembler{Limit: ocb.MaxFromBox}, greeting: newGreeting(), higher: make(chan struct{}), lastFrame: time.Now(),
	}
	l.joined.Go(l.read)
	l.joined.Go(l.write)
	return l
}

// fail notes why the port ended, once.
func (l *link) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
		close(l.failed)
	}
}

func (l *link) cause() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// read is the reader goroutine. It ends with the port, or with the answer to BYE.
func (l *link) read() {
	var r [ocb.ReportSize]byte
	for {
		n, err := l.port.ReadReport(&r)
		if err != nil {
			l.fail(err)
			return
		}
		if n == 0 { // real kernels give these
			continue
		}
		f, err := ocb.ParseFrame(r[:n])
		if l.hear(&f, err) {
			return
		}
	}
}

// hear takes one frame and says whether it was the last one.
func (l *link) hear(f *ocb.Frame, err error) (last bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Frames++
	switch {
	case err != nil:
		l.stats.Damaged++
	case f.Session == 0 && f.Kind == ocb.KindResponse:
		l.hearHello(f)
	case f.Session == 0 || f.Session != l.session:
		l.stats.Foreign++
	case f.Kind == ocb.KindHeartbeat:
		l.hearHeartbeat(f)
	default:
		return l.hearFrame(f)
	}
	return false
}

// hearHeartbeat learns from its counter that frames before it were lost.
func (l *link) hearHeartbeat(f *ocb.Frame) {
	m, ok, err := l.in.Add(f)
	if err != nil || !ok || m.Command != ocb.CmdHeartbeat {
		l.stats.Damaged++
		return
	}
	l.lastFrame = time.Now()
	if h, err := ocb.ParseHeartbeat(m.Body); err == nil {
		l.raise(h.Last)
	}
	if ocb.Compare(l.expect.Next, f.Counter+1) == ocb.Skipped {
		l.expect.Next = f.Counter + 1
		l.lost()
	}
}

// named notes the last sequence of its log that the box named: whatever names one, the log must have it.
func (l *link) named(last uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.raise(last)
}

func (l *link) raise(last uint64) {
	if last > l.last {
		l.last = last
		close(l.higher)
		l.higher = make(chan struct{})
	}
}

// lastNamed is the highest sequence that the box named so far.
func (l *link) lastNamed() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *link) lost() {
	l.stats.Gaps++
	l.in.Reset()
	select {
	case l.gap <- struct{}{}:
	default:
	}
	l.wantCredit()
}

func (l *link) wantCredit() {
	select {
	case l.due <- struct{}{}:
	default:
	}
}

func (l *link) hearFrame(f *ocb.Frame) (last bool) {
	switch l.expect.Hear(f.Counter) {
	case ocb.Skipped:
		l.lost()
	case ocb.Repeated, ocb.Absurd:
		l.stats.Repeated++
		return false
	}
	l.lastFrame = time.Now()
	if f.Kind == ocb.KindStream {
		l.lastPart = l.lastFrame
	}
	if l.credit()-l.told >= creditStep {
		l.wantCredit()
	}
	m, ok, err := l.in.Add(f)
	if err != nil {
		l.stats.Damaged++
		if !errors.Is(err, ocb.ErrStray) { // of a stray one's message the loss was noted before
			l.lost()
		}
		return false
	}
	if !ok {
		return false
	}
	return l.deliver(f.Kind, m)
}

func (l *link) deliver(k ocb.Kind, m ocb.Message) (last bool) {
	switch k {
	case ocb.KindResponse:
		if c, ok := l.waiting[m.Transaction]; ok {
			delete(l.waiting, m.Transaction)
			c <- m
		}
		return l.bye && m.Command == ocb.CmdBye && m.Transaction == l.byeTx
	case ocb.KindStream:
		if l.stream == nil || m.Command != ocb.CmdLogOpen || m.Transaction != l.streamTx {
			l.stats.Foreign++
			return false
		}
		select {
		case l.stream <- m:
		default: // more than was asked for: the reader of the stream finds the gap
		}
	case ocb.KindEvent:
		if m.Command != ocb.CmdEvent {
			return false
		}
		if r, err := ocb.ParseRecord(m.Body); err == nil {
			l.raise(r.Seq)
			if l.onEvent != nil {
				l.onEvent(r)
			}
		}
	}
	return false
}

// write is the writer goroutine: it alone numbers frames and writes.
func (l *link) write() {
	tick := time.NewTicker(l.timing.Credit)
	defer tick.Stop()
	for {
		var err error
		select {
		case o := <-l.out:
			err = l.writeMessage(o)
		case <-l.due:
			err = l.writeCredit()
		case <-tick.C:
			err = l.writeCredit()
		case <-l.stop:
			return
		case <-l.failed:
			return
		}
		if err != nil {
			l.fail(err)
			return
		}
	}
}

// credit is the highest counter that the box may use now.
func (l *link) credit() uint16 { return l.expect.Next + ocb.Credit - 1 }

func (l *link) writeCredit() error {
	l.mu.Lock()
	session, credit := l.session, l.credit()
	l.told = credit
	l.mu.Unlock()
	if session == 0 {
		return nil
	}
	return l.writeMessage(outgoing{ocb.KindCredit, session, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: credit}.Encode()}.Encode()})
}

func (l *link) writeMessage(o outgoing) error {
	var r [ocb.ReportSize]byte
	for i := range ocb.Fragments(len(o.msg)) {
		f := ocb.Fragment(o.kind, o.session, o.msg, i)
		if o.session != 0 {
			l.mu.Lock()
			if o.session != l.session { // of a session that is over
				l.mu.Unlock()
				return nil
			}
			l.counter++
			f.Counter = l.counter
			l.mu.Unlock()
		}
		f.Encode(&r)
		if err := l.port.WriteReport(&r); err != nil {
			return err
		}
	}
	return nil
}

// streaming is how long ago a frame of a stream came. A message of it takes 18
// frames: on a slow machine they may take longer than the patience for one.
func (l *link) streaming() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.lastPart)
}

// leastTries is how often anything is asked before it is given up, and tries how often HELLO is. Tries and what was meant to be
// waited for are counted rather than the clock: a computer that slept in between has waited long, but asked once.
const leastTries = 3

func (t Timing) tries() int { return max(leastTries, int(t.Answer/t.Resend)) }

// quiet is how long nothing came from the box.
func (l *link) quiet() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.lastFrame)
}

func (l *link) enqueue(ctx context.Context, o outgoing) error {
	stuck := time.NewTimer(l.timing.Answer)
	defer stuck.Stop()
	select {
	case l.out <- o:
		return nil
	case <-l.failed:
		return l.cause()
	case <-stuck.C:
		return fmt.Errorf("%w: it takes nothing", reading.Silent)
	case <-ctx.Done():
		return deadline(ctx, "a write")
	}
}

// deadline tells a caller's own end from a box that fell silent.
func deadline(ctx context.Context, what string) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return fmt.Errorf("%w: no answer to %s", reading.Silent, what)
}

// nextTransaction numbers requests of a session from 1.
func (l *link) nextTransaction() uint16 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.transact++
	return l.transact
}

// body gives a request's body in the session that the box has now: a MAC holds for one session alone.
type body func(session ocb.HelloAnswer) []byte

// plain is a body that is the same in every session.
func plain(b []byte) body { return func(ocb.HelloAnswer) []byte { return b } }

// request sends a request, again while it is not answered, and gives the answer.
func (l *link) request(ctx context.Context, c ocb.Command, tx uint16, b body) (ocb.Message, error) {
	answer, done := l.await(tx)
	defer done()
	begun, waited := time.Now(), time.Duration(0)
	for try := 0; try < leastTries || waited < l.timing.Answer; try++ {
		patience := l.patience(try)
		m, err := l.ask(ctx, patience, c, tx, b, answer, nil)
		if err == nil {
			l.learn(time.Since(begun))
		}
		if !errors.Is(err, errNoAnswer) {
			return m, err
		}
		waited += patience
	}
	return ocb.Message{}, fmt.Errorf("%w: no answer to %s", reading.Silent, c)
}

// requestOnce sends a request that is not repeated with its transaction: errNoAnswer says that none came in time, or that frames were lost meanwhile,
// perhaps those of the answer; a stream behind it would be taken for nothing.
func (l *link) requestOnce(ctx context.Context, patience time.Duration, c ocb.Command, tx uint16, b body) (ocb.Message, error) {
	answer, done := l.await(tx)
	defer done()
	return l.ask(ctx, patience, c, tx, b, answer, l.gap)
}

// await makes a place for the answer to a request.
func (l *link) await(tx uint16) (answer chan ocb.Message, done func()) {
	answer = make(chan ocb.Message, 1)
	l.mu.Lock()
	l.waiting[tx] = answer
	l.mu.Unlock()
	return answer, func() {
		l.mu.Lock()
		delete(l.waiting, tx)
		l.mu.Unlock()
	}
}

// ask sends a request in the session that there is now, and waits so long for its answer.
func (l *link) ask(
	ctx context.Context, patience time.Duration, c ocb.Command, tx uint16, b body, answer <-chan ocb.Message, gap <-chan struct{},
) (ocb.Message, error) {
	session := l.greeted()
	msg := ocb.Message{Command: c, Transaction: tx, Body: b(session)}.Encode()
	if err := l.enqueue(ctx, outgoing{ocb.KindRequest, session.Session, msg}); err != nil {
		return ocb.Message{}, err
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case m := <-answer:
		if m.Command != c {
			return ocb.Message{}, fmt.Errorf("%w: %s answered as %s", reading.Protocol, c, m.Command)
		}
		return m, nil
	case <-gap:
		return ocb.Message{}, errNoAnswer
	case <-wait.C:
		l.mu.Lock()
		l.stats.Resent++
		l.mu.Unlock()
		return ocb.Message{}, errNoAnswer
	case <-l.failed:
		return ocb.Message{}, l.cause()
	case <-ctx.Done():
		return ocb.Message{}, deadline(ctx, c.String())
	}
}

// patience is how long a try of a request waits for its answer. Where nothing was lost so far the box may be slow: what it
// hears twice it may have to answer twice, so that it is given more time with each try, and as much as its answers are known to take.
// On a cable that loses frames it is asked again as soon as its answer is due.
func (l *link) patience(try int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stats.Gaps+l.stats.Damaged > 0 {
		return l.trip.sooner(l.timing.Resend, try)
	}
	return l.trip.atLeast(l.timing.Resend, min(try, 2))
}

// learn notes how long an answer took, repetitions included.
func (l *link) learn(took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trip.took(took)
}

var errNoAnswer = errors.New("no answer yet")

// close says BYE, joins reader and writer and closes the port. A box that is
// dead keeps the reader in its Read: then the port is closed over it, which
// ports whose library cannot take that put off until the Read has ended.
func (l *link) close() error {
	var quiet time.Duration
	tx := l.nextTransaction()
	if l.open() && l.cause() == nil {
		l.mu.Lock()
		l.bye, l.byeTx = true, tx
		l.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), l.timing.Goodbye)
		before := l.resent()
		_, _ = l.request(ctx, ocb.CmdBye, tx, plain(nil))
		cancel()
		quiet = l.timing.Quiet
		if l.resent() > before { // each BYE is answered, a later one as late as it was sent
			quiet += l.timing.Resend
		}
	}
	close(l.stop)
	joined := make(chan struct{})
	go func() { l.joined.Wait(); close(joined) }()
	select {
	case <-joined:
	case <-time.After(l.timing.Goodbye):
	}
	// A report that comes in while the library below cancels its transfer can keep its Close for ever.
	time.Sleep(quiet)
	return l.port.Close()
}

// open says that a session is.
func (l *link) open() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.session != 0
}

func (l *link) resent() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stats.Resent
}
