package simbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"klokkast/devices/ocb"
)

// Layout of a page: 64 bytes of header, 126 records of 32 bytes.
const (
	pageSize       = 4096
	headerSize     = 64
	recordsPerPage = (pageSize - headerSize) / ocb.RecordSize
	minPages       = 3 // one being written, one kept for the box's own records, one to spare
)

var pageMark = [4]byte{'O', 'C', 'B', 'P'}

// errFull says that nothing acknowledged is left to overwrite.
var errFull = errors.New("store is full")

// page is what the box keeps in memory of one page.
type page struct {
	slot  int    // place in the file
	first uint64 // sequence of its first record
	n     int    // records, damaged ones included
	start ocb.Hash
	bad   []int // indexes of damaged records below n, ascending
}

func (p *page) last() uint64 { return p.first + uint64(p.n) - 1 }

// store is a ring of pages in one file, as flash would hold them. Its callers
// hold the box's lock.
type store struct {
	f     *os.File
	log   ocb.UID
	slots int
	pages []*page // ascending; the last one is being written
	free  []int   // slots that hold nothing
	end   ocb.Hash
	acked uint64
	lazy  bool // do not wait for the disk: bulk loads
}

// header is a page's first 64 bytes: mark, first sequence, start hash, log id, CRC-32C.
func header(first uint64, start ocb.Hash, log ocb.UID) []byte {
	b := make([]byte, headerSize)
	copy(b, pageMark[:])
	var seq [8]byte
	binary.LittleEndian.PutUint64(seq[:], first)
	copy(b[4:10], seq[:6])
	copy(b[10:], start[:])
	copy(b[42:], log[:])
	binary.LittleEndian.PutUint32(b[58:], ocb.CRC32C(0, b[:58]))
	return b
}

func parseHeader(b []byte, log ocb.UID) (first uint64, start ocb.Hash, ok bool) {
	if [4]byte(b) != pageMark || ocb.CRC32C(0, b[:58]) != binary.LittleEndian.Uint32(b[58:]) || ocb.UID(b[42:58]) != log {
		return 0, start, false
	}
	var seq [8]byte
	copy(seq[:6], b[4:10])
	return binary.LittleEndian.Uint64(seq[:]), ocb.Hash(b[10:42]), true
}

// openStore reads all pages, repairs a torn tail and finds what is damaged.
// reached is the sequence at which the newest page began when that was last
// noted: a newest page whose header is lost must not have its numbers used again.
func openStore(path string, box, log ocb.UID, slots int, acked, reached uint64) (*store, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	s := &store{f: f, log: log, slots: slots, acked: acked, end: ocb.ChainStart(box, log)}
	if err := s.scan(); err != nil {
		_ = f.Close()
		return nil, err
	}
	if reached > 0 && s.next() <= reached {
		s.skipTo(reached + recordsPerPage)
	}
	return s, nil
}

func (s *store) scan() error {
	buf := make([]byte, pageSize)
	for slot := range s.slots {
		n, err := s.f.ReadAt(buf, int64(slot)*pageSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read page %d: %w", slot, err)
		}
		clear(buf[n:])
		first, start, ok := parseHeader(buf, s.log)
		if !ok {
			s.free = append(s.free, slot)
			continue
		}
		p := &page{slot: slot, first: first, start: start}
		p.examine(buf)
		s.pages = append(s.pages, p)
	}
	slices.SortFunc(s.pages, func(a, b *page) int { return int(int64(a.first - b.first)) })
	for i, p := range s.pages[:max(0, len(s.pages)-1)] {
		p.fill(s.pages[i+1].first)
	}
	if len(s.pages) == 0 {
		return nil
	}
	last := s.pages[len(s.pages)-1]
	if err := s.mend(last); err != nil {
		return err
	}
	h, err := s.hashAt(last, last.last())
	s.end = h
	return err
}

// examine counts the records of a page up to the last good one.
func (p *page) examine(buf []byte) {
	var bad []int
	for i := range recordsPerPage {
		r, err := ocb.ParseRecord(buf[headerSize+i*ocb.RecordSize:][:ocb.RecordSize])
		if err != nil || r.Seq != p.first+uint64(i) {
			bad = append(bad, i)
			continue
		}
		p.n, p.bad = i+1, slices.Clone(bad)
	}
}

// fill counts damaged records at the end of a page that another one follows.
func (p *page) fill(next uint64) {
	for p.n < recordsPerPage && p.first+uint64(p.n) < next {
		p.bad = append(p.bad, p.n)
		p.n++
	}
}

// mend blanks what stands behind the last good record of the newest page: the
// torn tail of a record whose tap was never confirmed.
func (s *store) mend(p *page) error {
	at := int64(p.slot)*pageSize + headerSize + int64(p.n)*ocb.RecordSize
	rest := make([]byte, pageSize-headerSize-p.n*ocb.RecordSize)
	if _, err := s.f.WriteAt(rest, at); err != nil {
		return fmt.Errorf("mend the newest page: %w", err)
	}
	return nil
}

// next is the sequence of the record that comes next.
func (s *store) next() uint64 {
	if len(s.pages) == 0 {
		return 1
	}
	p := s.pages[len(s.pages)-1]
	return p.first + uint64(p.n)
}

func (s *store) last() uint64 { return s.next() - 1 }

// first is the oldest sequence that is there; 0 when the log is empty.
func (s *store) first() uint64 {
	if len(s.pages) == 0 || s.pages[0].n == 0 {
		return 0
	}
	return s.pages[0].first
}

// skipTo leaves numbers out: the next page begins there, with a chain from zeros.
func (s *store) skipTo(seq uint64) {
	s.end = ocb.Hash{}
	s.pages = append(s.pages, &page{slot: -1, first: seq})
}

// room returns the records that still fit without overwriting anything unacknowledged.
func (s *store) room() int {
	n := len(s.free) * recordsPerPage
	for i, p := range s.pages {
		if i == len(s.pages)-1 {
			if p.slot >= 0 {
				n += recordsPerPage - p.n
			}
		} else if p.last() <= s.acked {
			n += recordsPerPage
		}
	}
	return n
}

// append writes the next record. own marks the box's own records, for which one page is kept back.
func (s *store) append(r ocb.Record, own bool) (ocb.Record, error) {
	if !own && s.room() <= recordsPerPage {
		return r, errFull
	}
	if p := s.newest(); p == nil || p.n == recordsPerPage || p.slot < 0 {
		if err := s.turn(); err != nil {
			return r, err
		}
	}
	p := s.newest()
	r.Seq = p.first + uint64(p.n)
	raw := r.Encode()
	if _, err := s.f.WriteAt(raw[:], int64(p.slot)*pageSize+headerSize+int64(p.n)*ocb.RecordSize); err != nil {
		return r, fmt.Errorf("write record: %w", err)
	}
	if err := s.sync(); err != nil {
		return r, err
	}
	p.n++
	s.end = s.end.Next(&raw)
	return r, nil
}

func (s *store) newest() *page {
	if len(s.pages) == 0 {
		return nil
	}
	return s.pages[len(s.pages)-1]
}

// turn begins a new page: on a free slot, else on the oldest page if all of it is acknowledged.
func (s *store) turn() error {
	first := s.next()
	if p := s.newest(); p != nil && p.slot < 0 { // a place holder of skipTo
		first = p.first
		s.pages = s.pages[:len(s.pages)-1]
	}
	slot := -1
	switch {
	case len(s.free) > 0:
		slot, s.free = s.free[0], s.free[1:]
	case len(s.pages) > 1 && s.pages[0].last() <= s.acked:
		slot = s.pages[0].slot
		s.pages = s.pages[1:]
	default:
		return errFull
	}
	blank := make([]byte, pageSize)
	if _, err := s.f.WriteAt(blank, int64(slot)*pageSize); err != nil {
		return fmt.Errorf("erase page: %w", err)
	}
	if err := s.sync(); err != nil {
		return err
	}
	if _, err := s.f.WriteAt(header(first, s.end, s.log), int64(slot)*pageSize); err != nil {
		return fmt.Errorf("begin page: %w", err)
	}
	s.pages = append(s.pages, &page{slot: slot, first: first, start: s.end})
	return s.sync()
}

func (s *store) sync() error {
	if s.lazy {
		return nil
	}
	if err := s.f.Sync(); err != nil {
		return fmt.Errorf("flush the store: %w", err)
	}
	return nil
}

// find returns the page that holds seq, or the first one after it; nil behind the end.
func (s *store) find(seq uint64) *page {
	i, _ := slices.BinarySearchFunc(s.pages, seq, func(p *page, seq uint64) int {
		if p.n == 0 || p.last() < seq {
			return -1
		}
		return 1
	})
	if i == len(s.pages) || s.pages[i].n == 0 {
		return nil
	}
	return s.pages[i]
}

func (s *store) raw(p *page, i, n int) ([]byte, error) {
	b := make([]byte, n*ocb.RecordSize)
	if _, err := s.f.ReadAt(b, int64(p.slot)*pageSize+headerSize+int64(i)*ocb.RecordSize); err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	return b, nil
}

// hashAt returns h(seq) of a sequence of the page (or of the one before its
// first), hashing at most one page. Over a damaged record the chain begins
// again from zeros.
func (s *store) hashAt(p *page, seq uint64) (ocb.Hash, error) {
	h := p.start
	if p.slot < 0 {
		return h, nil
	}
	n := int(seq + 1 - p.first)
	raw, err := s.raw(p, 0, n)
	if err != nil {
		return h, err
	}
	for i := range n {
		if slices.Contains(p.bad, i) {
			h = ocb.Hash{}
			continue
		}
		h = h.Next((*[ocb.RecordSize]byte)(raw[i*ocb.RecordSize:]))
	}
	return h, nil
}

// hash returns h(seq); known is false where that record or its page is gone.
func (s *store) hash(seq uint64) (h ocb.Hash, known bool, err error) {
	if seq == s.last() {
		return s.end, true, nil
	}
	if p := s.find(seq); p != nil && p.first <= seq {
		if slices.Contains(p.bad, int(seq-p.first)) {
			return h, false, nil
		}
		h, err = s.hashAt(p, seq)
		return h, err == nil, err
	}
	if p := s.find(seq + 1); p != nil && p.first == seq+1 { // the last one of a page that is gone
		return p.start, true, nil
	}
	return h, false, nil
}

// stretch is a run of good records that follow each other.
type stretch struct {
	first   uint64
	records []byte
}

// read returns up to limit good records from seq on: those after a lost or damaged
// range if seq lies in one, and never across one. An empty stretch says that
// nothing is left; its first is then the next sequence.
func (s *store) read(seq uint64, limit int) (stretch, error) {
	for {
		p := s.find(seq)
		if p == nil {
			return stretch{first: s.next()}, nil
		}
		seq = max(seq, p.first)
		i := int(seq - p.first)
		for i < p.n && slices.Contains(p.bad, i) {
			i++
		}
		if i == p.n { // the rest of the page is damaged
			seq = p.first + uint64(p.n)
			continue
		}
		n := 1
		for n < limit && i+n < p.n && !slices.Contains(p.bad, i+n) {
			n++
		}
		raw, err := s.raw(p, i, n)
		return stretch{p.first + uint64(i), raw}, err
	}
}

// before returns the chain just before seq; known is false where nobody can tell
// any more. Up to a page is hashed for it: who streams keeps the chain itself.
func (s *store) before(seq uint64) (h ocb.Hash, known bool, err error) {
	if p := s.find(seq); p != nil && p.first == seq {
		return p.start, true, nil
	}
	return s.hash(seq - 1)
}

// startsAnew says that seq begins a page whose start hash is not h, where the chain had begun again from zeros behind a loss.
func (s *store) startsAnew(seq uint64, h ocb.Hash) bool {
	p := s.find(seq)
	return p != nil && p.first == seq && p.start != h
}

// lost returns the ranges that are damaged or missing between pages.
func (s *store) lost() (out [][2]uint64) {
	add := func(from, to uint64) {
		if n := len(out); n > 0 && out[n-1][1]+1 == from {
			out[n-1][1] = to
			return
		}
		out = append(out, [2]uint64{from, to})
	}
	for i, p := range s.pages {
		if i > 0 && s.pages[i-1].first+uint64(s.pages[i-1].n) < p.first {
			add(s.pages[i-1].first+uint64(s.pages[i-1].n), p.first-1)
		}
		for _, b := range p.bad {
			add(p.first+uint64(b), p.first+uint64(b))
		}
	}
	return out
}
