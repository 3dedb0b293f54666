package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klokkast/app"
	"klokkast/app/reading"
	"klokkast/devices/ocb"
)

// maxChunk is how many records one Chunk takes at most.
const maxChunk = 4096

// maxJumps is how many lost ranges may follow each other without a record: one,
// and a few more where pages are reused while they are read.
const maxJumps = 16

// Before a box is given up, however long no record came, the log was opened so often and an answer waited for as long
// as the protocol's own time for so many, or it was opened so often that a gap showed at once: the computer may have slept in between.
const (
	leastOpens = 3
	manyOpens  = 64
)

// errChain is a chain that does not come out although every CRC did.
var errChain = errors.New("the chain does not come out")

// fetch is one Chunk under way: perhaps several LOG_OPENs, each from behind
// the last good record of the one before.
type fetch struct {
	b       *Box
	after   reading.Chain
	at      reading.Chain // behind the last good record
	before  reading.Chain
	begun   bool // before is known
	limit   int
	last    uint64 // of the log, fixed by the first LOG_OPEN
	named   uint64 // the last of the log that the box had named before it was asked
	ask     int    // records that the next LOG_OPEN asks for: few where the cable is bad
	records []app.Record
	lost    []reading.Range
	proven  proven

	progress time.Time     // when the last good record came
	idle     int           // LOG_OPENs since then
	waited   time.Duration // in vain, since then, as it was meant: a sleep does not count
	unheard  int           // of them in a row that nothing answered
	stalled  int           // of them in a row whose stream stopped
	asked    uint32        // of the running stream
	count    uint32
	crc      uint32
	jumps    int // since the last good record
}

// proven is how far the box's chain was compared with that of the records that came.
type proven struct {
	records, lost int
	at            reading.Chain
}

// Chunk fetches at most limit (and 4,096) records after a point of the chain.
// What is lost, damaged, doubled or out of order on the way is asked for
// again; what cannot be had before the deadline is a Silent fault. What came before that, or before the cable went, is
// in a *reading.CutOffError. See reading.Box for what is proven.
func (b *Box) Chunk(ctx context.Context, after reading.Chain, limit int) (reading.Chunk, error) {
	b.turn.Lock()
	defer b.turn.Unlock()
	if after.Seq == 0 {
		after.Hash = ocb.ChainStart(b.l.greeted().Box, b.l.greeted().Log)
	}
	out, err := b.chunk(ctx, after, limit)
	if errors.Is(err, errChain) { // once more from the beginning, before it is held against the box
		out, err = b.chunk(ctx, after, limit)
	}
	if errors.Is(err, errChain) {
		return reading.Chunk{}, fmt.Errorf("%w: %w", &reading.WrongChainError{After: after.Seq}, err)
	}
	return out, err
}

func (b *Box) chunk(ctx context.Context, after reading.Chain, limit int) (reading.Chunk, error) {
	limit = min(max(limit, 1), maxChunk)
	f := &fetch{b: b, after: after, at: after, before: after, limit: limit, ask: limit, progress: time.Now()}
	defer b.l.endStream()
	for {
		had := len(f.records)
		done, err := f.open(ctx)
		if err != nil {
			f.abort()
			return reading.Chunk{}, f.cutOff(err)
		}
		got := len(f.records) - had
		if done && (f.complete() || got == 0) {
			return reading.Chunk{Records: f.records, Before: f.before, End: f.at, Last: f.last, Lost: f.lost}, nil
		}
		f.adapt(got)
		f.idle++
		if f.hopeless() {
			f.abort()
			return reading.Chunk{}, f.cutOff(fmt.Errorf("%w: no record after %d", reading.Silent, f.at.Seq))
		}
	}
}

// cutOff makes an error of the cable one that holds what came.
func (f *fetch) cutOff(err error) error {
	if !f.begun || !errors.Is(err, reading.Unplugged) && !errors.Is(err, reading.Silent) {
		return err
	}
	p := f.proven
	return &reading.CutOffError{
		Proven: reading.Chunk{Records: f.records[:p.records:p.records], Before: f.before, End: p.at, Last: f.last, Lost: f.lost[:p.lost:p.lost]},
		Rest:   reading.Chunk{Records: f.records[p.records:], Before: p.at, End: f.at, Last: f.last, Lost: f.lost[p.lost:]},
		Err:    err,
	}
}

// hopeless says that no more records are to be expected.
func (f *fetch) hopeless() bool {
	t := f.b.l.timing
	asked := f.idle >= manyOpens || f.idle >= leastOpens && f.waited >= leastOpens*t.Resend
	return asked && time.Since(f.progress) > t.Progress
}

// complete says that nothing more is wanted.
func (f *fetch) complete() bool { return f.at.Seq >= f.last || len(f.records) == f.limit }

// adapt chooses how many records the next LOG_OPEN asks for. A box fills its messages: 31 records lie in 18 frames, of
// which one in twenty lost, doubled, swapped and damaged leaves hardly any message whole; a single record takes one frame,
// and as long an exchange. Twice as many after what came whole and a quarter less after what did not settles where
// about three in ten come: there most records arrive for what is asked.
func (f *fetch) adapt(got int) {
	switch {
	case f.asked > 0 && f.count == f.asked:
		f.ask *= 2
	case got > 0:
		f.ask = got
	default:
		f.ask = min(f.ask, ocb.RecordsPerPart) * 3 / 4
	}
	f.ask = min(max(f.ask, 1), f.limit)
}

// beginStream makes a place for the messages of a LOG_OPEN; those of older ones are dropped from now on.
func (l *link) beginStream(tx uint16) <-chan ocb.Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.gap:
	default:
	}
	l.stream, l.streamTx = make(chan ocb.Message, streamRoom), tx
	return l.stream
}

func (l *link) endStream() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stream = nil
}

// creditNow is the credit that a LOG_OPEN takes along.
func (l *link) creditNow() uint16 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.credit()
}

// abort ends the running stream when its records are no longer wanted. It is not repeated: the next LOG_OPEN ends it as well.
func (f *fetch) abort() {
	l := f.b.l
	l.endStream()
	if l.cause() != nil {
		return
	}
	tx := l.nextTransaction()
	ctx, cancel := context.WithTimeout(context.Background(), l.timing.Resend)
	defer cancel()
	_, _ = l.request(ctx, ocb.CmdAbort, tx, plain([]byte{0, 0}))
}

// open opens the log behind the last good record and takes the stream. done is
// false without an error when the rest must be asked for again.
func (f *fetch) open(ctx context.Context) (done bool, err error) {
	l := f.b.l
	if err := f.b.renew(ctx); err != nil {
		return false, err
	}
	tx := l.nextTransaction()
	stream := l.beginStream(tx)
	from := f.at.Seq + 1
	f.asked, f.count, f.crc = uint32(min(f.ask, f.limit-len(f.records))), 0, 0
	body := ocb.LogOpen{From: from, Max: f.asked, Credit: l.creditNow()}.Encode()
	// What older streams still have under way comes before the answer: a slow port needs more patience each time.
	asked := time.Now()
	f.named = l.lastNamed()
	patience := f.patience(l.timing.Resend, f.unheard)
	m, err := l.requestOnce(ctx, patience, ocb.CmdLogOpen, tx, plain(body))
	if errors.Is(err, errNoAnswer) {
		f.unheard++
		f.waited += patience
		return false, nil
	}
	f.unheard = 0
	f.b.trip.took(time.Since(asked))
	if err != nil {
		return false, fmt.Errorf("LOG_OPEN: %w", err)
	}
	if m.Status == ocb.BeyondEnd && from > 1 {
		return false, &reading.WrongChainError{After: f.at.Seq, Behind: true}
	}
	if m.Status != ocb.OK {
		return false, verdict(ocb.CmdLogOpen, m.Status)
	}
	a, err := ocb.ParseLogOpenAnswer(m.Body)
	if err != nil {
		return false, damaged(ocb.CmdLogOpen, err)
	}
	if err := f.check(a); err != nil {
		return false, err
	}
	if f.ended(a) {
		return true, nil
	}
	if err := f.granted(a); err != nil {
		return false, err
	}
	l.named(a.Last)
	if f.complete() { // the chain to here is what was to be compared
		return true, nil
	}
	return f.take(ctx, stream)
}

// patience is how long something is waited for that did not come so often before: on a cable that loses frames by what
// was learnt of the box, else as the protocol says: then it is only slow.
func (f *fetch) patience(usual time.Duration, missed int) time.Duration {
	if s := f.b.Stats(); s.Gaps+s.Damaged == 0 {
		return max(f.b.trip.atLeast(usual, missed), f.b.l.patience(0))
	}
	return f.b.trip.patience(usual, missed)
}

// check refuses an answer to LOG_OPEN that no log can give.
func (f *fetch) check(a ocb.LogOpenAnswer) error {
	from := f.at.Seq + 1
	if a.Granted < from || a.Last > ocb.MaxSeq || a.Granted > a.Last+1 { // last + 1: all that there was from there on is lost
		return fmt.Errorf("LOG_OPEN from %d answered with %d to %d: %w", from, a.Granted, a.Last, reading.Protocol)
	}
	if a.First > a.Granted || a.Acked > a.Last {
		return fmt.Errorf("a log from %d to %d, acknowledged to %d: %w", a.First, a.Last, a.Acked, reading.Protocol)
	}
	return nil
}

// ended says that all behind what came is lost, up to the log's end: a chunk ends with a record, and the loss is the next one alone.
func (f *fetch) ended(a ocb.LogOpenAnswer) bool {
	return len(f.records) > 0 && a.Granted > f.at.Seq+1 && a.Granted == a.Last+1
}

// granted compares the box's chain with ours before a record is taken.
func (f *fetch) granted(a ocb.LogOpenAnswer) error {
	from := f.at.Seq + 1
	if !f.begun { // a log that ends before what the box had named itself is not read to its end
		f.last = max(a.Last, f.named)
	}
	switch {
	case a.Granted > from:
		f.jump(a.Granted, a.Anchored, a.Before)
	case !a.Anchored: // the record before is damaged in the box: it has no chain to show
		f.at.Hash = ocb.Hash{}
	case a.Before != f.at.Hash && f.begun:
		return errChain
	case a.Before != f.at.Hash:
		return &reading.WrongChainError{After: f.at.Seq}
	}
	if !f.begun {
		f.begun = true
		if a.Granted > from {
			f.before = f.at
		}
	}
	if a.Anchored || len(f.records) == f.proven.records {
		f.proven = proven{len(f.records), len(f.lost), f.at}
	}
	return nil
}

// jump notes that the box has nothing up to next.
func (f *fetch) jump(next uint64, anchored bool, h ocb.Hash) {
	if next > f.at.Seq+1 {
		f.lost = append(f.lost, reading.Range{First: f.at.Seq + 1, Last: next - 1})
	}
	f.at, f.jumps = reading.Chain{Seq: next - 1}, f.jumps+1
	if anchored {
		f.at.Hash = h
	}
}

// take takes the stream until its end (done), or until something is missing.
func (f *fetch) take(ctx context.Context, stream <-chan ocb.Message) (done bool, err error) {
	l := f.b.l
	patience := min(f.patience(l.timing.Stall, f.stalled), l.timing.Stall)
	stall := time.NewTimer(patience)
	defer stall.Stop()
	for {
		select {
		case m := <-stream:
			stall.Reset(patience)
			done, again, err := f.part(m)
			if done || again || err != nil {
				return done, err
			}
			if time.Since(f.progress) > l.timing.Progress {
				return false, nil
			}
			if f.count == f.asked && !f.complete() { // the next LOG_OPEN proves these; no need to wait for the end
				return false, nil
			}
		case <-l.gap:
			return f.drain(stream)
		case <-stall.C:
			since := l.streaming()
			if since >= patience || time.Since(f.progress) > l.timing.Progress {
				f.stalled++
				f.waited += patience
				return false, nil
			}
			stall.Reset(patience - since)
		case <-l.failed:
			if done, err := f.drain(stream); done || err != nil {
				return done, err
			}
			return false, l.cause()
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// drain takes what came before the gap.
func (f *fetch) drain(stream <-chan ocb.Message) (done bool, err error) {
	for {
		select {
		case m := <-stream:
			done, again, err := f.part(m)
			if done || again || err != nil {
				return done, err
			}
		default:
			return false, nil
		}
	}
}

// part takes one message of the stream. again says that something is missing before it.
func (f *fetch) part(m ocb.Message) (done, again bool, err error) {
	p, err := ocb.ParsePart(m.Body)
	if err != nil {
		return false, false, fmt.Errorf("stream: %w: %w", reading.Protocol, err)
	}
	switch p.Kind {
	case ocb.PartRecords:
		if p.Seq != f.at.Seq+1 {
			return false, true, nil
		}
		return false, false, f.keep(p.Records)
	case ocb.PartAnchor:
		if p.Seq <= f.at.Seq {
			return false, true, nil
		}
		if f.jumps >= maxJumps {
			return false, false, fmt.Errorf("stream: nothing but lost ranges: %w", reading.Protocol)
		}
		f.jump(p.Seq, p.Anchored, p.Hash)
		return false, false, nil
	}
	if p.Seq != f.at.Seq || p.Count != f.count || p.CRC != f.crc {
		return false, true, nil
	}
	if p.Hash != f.at.Hash {
		return false, false, errChain
	}
	if f.jumps > 0 {
		return false, false, fmt.Errorf("stream: a lost range at its end: %w", reading.Protocol)
	}
	return true, false, nil
}

// keep takes the records of one message, at most 31.
func (f *fetch) keep(raw []byte) error {
	for ; len(raw) > 0; raw = raw[ocb.RecordSize:] {
		b := (*[ocb.RecordSize]byte)(raw)
		r, err := ocb.ParseRecord(b[:])
		if err != nil || r.Seq != f.at.Seq+1 {
			return fmt.Errorf("record %d: %w: %w", f.at.Seq+1, reading.Protocol, err)
		}
		if len(f.records) == f.limit {
			return fmt.Errorf("more records than asked for: %w", reading.Protocol)
		}
		f.records = append(f.records, r.App(f.b.log, f.b.log.Box))
		f.at = reading.Chain{Seq: r.Seq, Hash: ocb.Hash(f.at.Hash).Next(b)}
		f.count++
		f.crc = ocb.CRC32C(f.crc, b[:])
	}
	f.progress, f.idle, f.waited, f.stalled, f.jumps = time.Now(), 0, 0, 0, 0
	return nil
}
