package simbox

import "klokkast/devices/ocb"

// stream is a LOG_OPEN under way.
type stream struct {
	tx    uint16
	next  uint64 // sequence that is due
	last  uint64 // fixed when it was opened
	left  uint32 // records that may still be sent
	count uint32
	crc   uint32
	hash  ocb.Hash // after the last record that was sent
	sent  uint64   // its sequence
}

// endStream ends a running stream, also within a message.
func (s *session) endStream() {
	s.stream = nil
	if len(s.out) > 0 && s.outKind[0] == ocb.KindStream {
		s.sent = 0
	}
	var out [][]byte
	var kinds []ocb.Kind
	for i, k := range s.outKind {
		if k != ocb.KindStream {
			out, kinds = append(out, s.out[i]), append(kinds, k)
		}
	}
	s.out, s.outKind = out, kinds
}

// logOpen begins a stream; a running one ends.
func (s *session) logOpen(m ocb.Message) (ocb.Status, []byte) {
	s.endStream()
	o, err := ocb.ParseLogOpen(m.Body)
	if err != nil {
		return ocb.Malformed, nil
	}
	b := s.b
	if o.From == 0 || o.From > ocb.MaxSeq {
		return ocb.OutOfRange, nil
	}
	last := b.s.last()
	if o.From > last+1 {
		return ocb.BeyondEnd, nil
	}
	s.takeCredit(ocb.CreditBody{Counter: o.Credit}.Encode())
	at, err := b.s.read(o.From, 1)
	if err != nil {
		return ocb.StorageFailed, nil
	}
	a := ocb.LogOpenAnswer{First: b.s.first(), Granted: at.first, Last: last, Acked: b.s.acked}
	if at.first == o.From { // what an earlier stream ended with, also where a page behind a loss starts anew
		a.Before, a.Anchored, err = b.s.hash(o.From - 1)
	}
	if err == nil && !a.Anchored {
		a.Before, a.Anchored, err = b.s.before(at.first)
	}
	if err != nil {
		return ocb.StorageFailed, nil
	}
	s.stream = &stream{tx: m.Transaction, next: at.first, last: last, left: o.Max, hash: a.Before, sent: at.first - 1}
	return ocb.OK, a.Encode()
}

// streamOn puts the next part of the stream into the queue.
func (s *session) streamOn() {
	st := s.stream
	if st == nil {
		return
	}
	part, err := s.b.nextPart(st)
	if err != nil { // the host's deadline tells it; the box has nothing better to say
		s.stream = nil
		return
	}
	if part.Kind == ocb.PartEnd {
		s.stream = nil
	}
	s.push(ocb.KindStream, ocb.Message{Command: ocb.CmdLogOpen, Transaction: st.tx, Body: part.Encode()})
}

func (b *Box) nextPart(st *stream) (ocb.Part, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		return ocb.Part{}, ErrOff
	}
	end := ocb.Part{Kind: ocb.PartEnd, Seq: st.sent, Count: st.count, CRC: st.crc, Hash: st.hash}
	if st.left == 0 || st.next > st.last {
		return end, nil
	}
	at, err := b.s.read(st.next, min(ocb.RecordsPerPart, int(min(uint64(st.left), st.last-st.next+1))))
	if err != nil {
		return ocb.Part{}, err
	}
	if len(at.records) == 0 || at.first > st.last {
		return end, nil
	}
	if at.first != st.next || b.s.startsAnew(at.first, st.hash) { // behind a loss: say where it goes on
		h, anchored, err := b.s.before(at.first)
		if err != nil {
			return ocb.Part{}, err
		}
		st.next, st.hash = at.first, h
		return ocb.Part{Kind: ocb.PartAnchor, Seq: at.first, Anchored: anchored, Hash: h}, nil
	}
	n := min(len(at.records)/ocb.RecordSize, int(st.last-st.next+1))
	records := at.records[:n*ocb.RecordSize]
	for i := range n {
		st.hash = st.hash.Next((*[ocb.RecordSize]byte)(records[i*ocb.RecordSize:]))
	}
	first := st.next
	st.next += uint64(n)
	st.sent = st.next - 1
	st.left -= uint32(n)
	st.count += uint32(n)
	st.crc = ocb.CRC32C(st.crc, records)
	return ocb.Part{Kind: ocb.PartRecords, Seq: first, Records: records}, nil
}
