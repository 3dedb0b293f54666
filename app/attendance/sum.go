package attendance

import (
	"encoding/binary"
	"hash"
	"hash/fnv"
)

// sum is a hash of 64 bits that is the same in each run and on each machine. Texts are
// taken with their length, so that no two lists of parts are one.
type sum struct{ h hash.Hash64 }

func newSum() sum { return sum{fnv.New64a()} }

func (s sum) number(list ...int64) {
	var b [8]byte
	for _, v := range list {
		binary.LittleEndian.PutUint64(b[:], uint64(v))
		_, _ = s.h.Write(b[:]) // never fails
	}
}

func (s sum) text(list ...string) {
	for _, v := range list {
		s.number(int64(len(v)))
		_, _ = s.h.Write([]byte(v)) // never fails
	}
}

func (s sum) flag(v bool) {
	if v {
		s.number(1)
	} else {
		s.number(0)
	}
}

func (s sum) sum() uint64 { return s.h.Sum64() }
