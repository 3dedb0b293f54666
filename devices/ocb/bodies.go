package ocb

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Version of the protocol.
const Version = 1

// Credit is how many frames of a box may be under way to the host. Kernels
// queue about 32 reports and drop the oldest silently.
const Credit = 24

// RecordsPerPart is how many records one stream message carries: 31 × 32
// bytes, 8 of part header and 12 of message fill 18 frames to 97 %.
const RecordsPerPart = 31

// TextMax is the longest text of a box in bytes (maker, model, firmware, label).
const TextMax = 64

var errBody = errors.New("body does not fit its command")

// cursor reads a body; after the first field that does not fit all are zero.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) take(n int) []byte {
	if n > len(c.b) {
		c.b, c.bad = nil, true
		return make([]byte, n) // n is a constant of the format or one length byte
	}
	p := c.b[:n]
	c.b = c.b[n:]
	return p
}

func (c *cursor) u8() uint8   { return c.take(1)[0] }
func (c *cursor) u16() uint16 { return binary.LittleEndian.Uint16(c.take(2)) }
func (c *cursor) u32() uint32 { return binary.LittleEndian.Uint32(c.take(4)) }
func (c *cursor) u48() uint64 { return u48(c.take(6)) }
func (c *cursor) u64() uint64 { return binary.LittleEndian.Uint64(c.take(8)) }
func (c *cursor) uid() UID    { return UID(c.take(16)) }
func (c *cursor) b32() Hash   { return Hash(c.take(32)) }
func (c *cursor) text() string {
	n := int(c.u8())
	if n > TextMax {
		c.bad = true
		return ""
	}
	return string(c.take(n))
}

// exact is for requests: nothing may follow.
func (c *cursor) exact() error {
	if c.bad || len(c.b) != 0 {
		return errBody
	}
	return nil
}

// atLeast is for answers: a newer box may add fields at the end.
func (c *cursor) atLeast() error {
	if c.bad {
		return errBody
	}
	return nil
}

type builder []byte

func (b builder) u8(v uint8) builder   { return append(b, v) }
func (b builder) u16(v uint16) builder { return binary.LittleEndian.AppendUint16(b, v) }
func (b builder) u32(v uint32) builder { return binary.LittleEndian.AppendUint32(b, v) }
func (b builder) u48(v uint64) builder { return appendU48(b, v) }
func (b builder) u64(v uint64) builder { return binary.LittleEndian.AppendUint64(b, v) }
func (b builder) raw(p []byte) builder { return append(b, p...) }
func (b builder) text(s string) builder {
	s = s[:min(len(s), TextMax)]
	return append(b.u8(uint8(len(s))), s...)
}

// Hello is the body of HELLO.
type Hello struct {
	Nonce        UID // echoed, so that the answer to an older HELLO is not taken for this one's
	Version      uint8
	Credit       uint16 // highest counter that the box may use at first
	Installation UID
}

// Encode returns the body.
func (h Hello) Encode() []byte {
	return builder(nil).raw(h.Nonce[:]).u8(h.Version).u16(h.Credit).raw(h.Installation[:])
}

// ParseHello reads the body.
func ParseHello(b []byte) (h Hello, err error) {
	c := cursor{b: b}
	h = Hello{c.uid(), c.u8(), c.u16(), c.uid()}
	return h, c.exact()
}

// HelloAnswer is the answer to HELLO.
type HelloAnswer struct {
	Nonce       UID
	Version     uint8
	Session     uint16
	Box, Log    UID
	BoxNonce    UID // for the MACs of this session
	MaxFromBox  uint16
	MaxFromHost uint16
	ListMax     uint32 // badges that a list may hold
	Time        uint64 // milliseconds since 1970 by the box's clock
	ClockSet    bool
}

// Encode returns the body.
func (h HelloAnswer) Encode() []byte {
	return builder(nil).raw(h.Nonce[:]).u8(h.Version).u16(h.Session).raw(h.Box[:]).raw(h.Log[:]).raw(h.BoxNonce[:]).
		u16(h.MaxFromBox).u16(h.MaxFromHost).u32(h.ListMax).u64(h.Time).u8(flag(h.ClockSet))
}

// ParseHelloAnswer reads the body.
func ParseHelloAnswer(b []byte) (h HelloAnswer, err error) {
	c := cursor{b: b}
	h = HelloAnswer{c.uid(), c.u8(), c.u16(), c.uid(), c.uid(), c.uid(), c.u16(), c.u16(), c.u32(), c.u64(), c.u8() != 0}
	return h, c.atLeast()
}

func flag(on bool) uint8 {
	if on {
		return 1
	}
	return 0
}

// Flags of INFO.
const (
	InfoClockSet  = 1 << 0
	InfoPaired    = 1 << 1 // with the installation of this session
	InfoCaseOpen  = 1 << 2
	InfoOnBattery = 1 << 3
	InfoRefuses   = 1 << 4 // badges that are not on the list
)

// Info is the answer to INFO.
type Info struct {
	Flags       uint8
	Battery     uint8 // percent; 255 unknown
	First, Last uint64
	Acked       uint64
	Capacity    uint32 // records
	Boot        uint16
	ListVersion uint32
	ListCount   uint32
	ListHash    Hash
	PublicKey   Hash
	Refused     uint32 // punches refused because the store is full, since it last had room
	Maker       string
	Model       string
	Firmware    string
	Label       string
}

// Encode returns the body.
func (i Info) Encode() []byte {
	return builder(nil).u8(i.Flags).u8(i.Battery).u48(i.First).u48(i.Last).u48(i.Acked).u32(i.Capacity).u16(i.Boot).
		u32(i.ListVersion).u32(i.ListCount).raw(i.ListHash[:]).raw(i.PublicKey[:]).u32(i.Refused).
		text(i.Maker).text(i.Model).text(i.Firmware).text(i.Label)
}

// ParseInfo reads the body.
func ParseInfo(b []byte) (i Info, err error) {
	c := cursor{b: b}
	i = Info{c.u8(), c.u8(), c.u48(), c.u48(), c.u48(), c.u32(), c.u16(), c.u32(), c.u32(), c.b32(), c.b32(), c.u32(),
		c.text(), c.text(), c.text(), c.text()}
	return i, c.atLeast()
}

// TimeAnswer is the answer to TIME_GET.
type TimeAnswer struct {
	Time      uint64 // milliseconds since 1970
	ClockSet  bool
	Boot      uint16
	SinceBoot uint32 // 10 ms
}

// Encode returns the body.
func (t TimeAnswer) Encode() []byte {
	return builder(nil).u64(t.Time).u8(flag(t.ClockSet)).u16(t.Boot).u32(t.SinceBoot)
}

// ParseTimeAnswer reads the body.
func ParseTimeAnswer(b []byte) (t TimeAnswer, err error) {
	c := cursor{b: b}
	t = TimeAnswer{c.u64(), c.u8() != 0, c.u16(), c.u32()}
	return t, c.atLeast()
}

// TimeSet is the body of TIME_SET before its MAC.
type TimeSet struct{ Time uint64 }

// Encode returns the body.
func (t TimeSet) Encode() []byte { return builder(nil).u64(t.Time) }

// ParseTimeSet reads the body.
func ParseTimeSet(b []byte) (t TimeSet, err error) {
	c := cursor{b: b}
	t = TimeSet{c.u64()}
	return t, c.exact()
}

// LogOpen is the body of LOG_OPEN.
type LogOpen struct {
	From   uint64 // first sequence wanted, from 1
	Max    uint32 // records at most
	Credit uint16
}

// Encode returns the body.
func (o LogOpen) Encode() []byte { return builder(nil).u48(o.From).u32(o.Max).u16(o.Credit) }

// ParseLogOpen reads the body.
func ParseLogOpen(b []byte) (o LogOpen, err error) {
	c := cursor{b: b}
	o = LogOpen{c.u48(), c.u32(), c.u16()}
	return o, c.exact()
}

// LogOpenAnswer is the answer to LOG_OPEN; the stream follows it.
type LogOpenAnswer struct {
	First   uint64 // oldest sequence still there; 0 when the log is empty
	Granted uint64 // the stream begins here: From, or the first one after it that is still there
	Last    uint64 // of the log, fixed now
	Acked   uint64
	// Anchored says that Before is h(Granted−1); else the chain there is lost and begins again from zeros.
	Anchored bool
	Before   Hash
}

// Encode returns the body.
func (o LogOpenAnswer) Encode() []byte {
	return builder(nil).u48(o.First).u48(o.Granted).u48(o.Last).u48(o.Acked).u8(flag(o.Anchored)).raw(o.Before[:])
}

// ParseLogOpenAnswer reads the body.
func ParseLogOpenAnswer(b []byte) (o LogOpenAnswer, err error) {
	c := cursor{b: b}
	o = LogOpenAnswer{c.u48(), c.u48(), c.u48(), c.u48(), c.u8() != 0, c.b32()}
	return o, c.atLeast()
}

// Parts of a stream.
const (
	PartRecords uint8 = 1
	PartAnchor  uint8 = 2
	PartEnd     uint8 = 3
)

// Part is one message of a stream: records, an anchor after a lost range, or the end.
type Part struct {
	Kind    uint8
	Seq     uint64 // records: of the first; anchor: of the next record; end: of the last record, or From−1
	Records []byte // records: 1 to 31 times 32 bytes
	// Anchored: Hash is h(Seq−1); else the chain begins again from zeros.
	Anchored bool
	Hash     Hash   // anchor; end: h(Seq)
	Count    uint32 // end: records in this stream
	CRC      uint32 // end: CRC-32C over their bytes
}

// Encode returns the body.
func (p Part) Encode() []byte {
	b := builder(make([]byte, 0, 8+len(p.Records)+40)).u8(p.Kind)
	switch p.Kind {
	case PartRecords:
		return b.u8(uint8(len(p.Records) / RecordSize)).u48(p.Seq).raw(p.Records)
	case PartAnchor:
		return b.u8(flag(p.Anchored)).u48(p.Seq).raw(p.Hash[:])
	}
	return b.u8(0).u48(p.Seq).u32(p.Count).u32(p.CRC).raw(p.Hash[:])
}

// ParsePart reads the body. Records is part of b.
func ParsePart(b []byte) (p Part, err error) {
	c := cursor{b: b}
	p.Kind = c.u8()
	n := c.u8()
	p.Seq = c.u48()
	switch p.Kind {
	case PartRecords:
		if c.bad || n == 0 || n > RecordsPerPart || len(c.b) != int(n)*RecordSize {
			return Part{}, errBody
		}
		p.Records = c.b
		return p, nil
	case PartAnchor:
		p.Anchored = n&1 != 0
		p.Hash = c.b32()
	case PartEnd:
		p.Count, p.CRC, p.Hash = c.u32(), c.u32(), c.b32()
	default:
		return Part{}, fmt.Errorf("stream part of kind %d", p.Kind)
	}
	return p, c.atLeast()
}

// CreditBody is the body of CREDIT: the highest counter that the box may use, modulo 2¹⁶.
type CreditBody struct{ Counter uint16 }

// Encode returns the body.
func (t CreditBody) Encode() []byte { return builder(nil).u16(t.Counter) }

// ParseCredit reads the body.
func ParseCredit(b []byte) (t CreditBody, err error) {
	c := cursor{b: b}
	t = CreditBody{c.u16()}
	return t, c.exact()
}

// LogAck is the body of LOG_ACK before its MAC.
type LogAck struct {
	Seq          uint64
	Hash         Hash
	Installation UID
}

// Encode returns the body.
func (a LogAck) Encode() []byte {
	return builder(nil).u48(a.Seq).raw(a.Hash[:]).raw(a.Installation[:])
}

// ParseLogAck reads the body.
func ParseLogAck(b []byte) (a LogAck, err error) {
	c := cursor{b: b}
	a = LogAck{c.u48(), c.b32(), c.uid()}
	return a, c.exact()
}

// AckAnswer is the answer to LOG_ACK: the mark as it now stands.
type AckAnswer struct{ Acked uint64 }

// Encode returns the body.
func (a AckAnswer) Encode() []byte { return builder(nil).u48(a.Acked) }

// ParseAckAnswer reads the body.
func ParseAckAnswer(b []byte) (a AckAnswer, err error) {
	c := cursor{b: b}
	a = AckAnswer{c.u48()}
	return a, c.atLeast()
}

// SealAnswer is the answer to SEAL, whose body is the nonce alone or, to have the seal recorded, the nonce and a MAC.
type SealAnswer struct {
	Seq       uint64
	Hash      Hash
	Time      uint64
	Signature [64]byte
}

// Encode returns the body.
func (s SealAnswer) Encode() []byte {
	return builder(nil).u48(s.Seq).raw(s.Hash[:]).u64(s.Time).raw(s.Signature[:])
}

// ParseSealAnswer reads the body.
func ParseSealAnswer(b []byte) (s SealAnswer, err error) {
	c := cursor{b: b}
	s = SealAnswer{c.u48(), c.b32(), c.u64(), [64]byte(c.take(64))}
	return s, c.atLeast()
}

// ListRefuse in ListBegin's flags has the box refuse badges that are not on the
// list. By default it records them as punches.
const ListRefuse = 1 << 0

// ListBegin is the body of LIST_BEGIN before its MAC.
type ListBegin struct {
	ListVersion uint32
	Count       uint32
	Hash        Hash // SHA-256 over all entries
	Flags       uint8
}

// Encode returns the body.
func (l ListBegin) Encode() []byte {
	return builder(nil).u32(l.ListVersion).u32(l.Count).raw(l.Hash[:]).u8(l.Flags)
}

// ParseListBegin reads the body.
func ParseListBegin(b []byte) (l ListBegin, err error) {
	c := cursor{b: b}
	l = ListBegin{c.u32(), c.u32(), c.b32(), c.u8()}
	return l, c.exact()
}

// ListPutFrame is what a LIST_PUT has besides its entries, in bytes; ListPutMax is how many entries it carries at most.
const (
	ListPutFrame = headerSize + 6 + MACSize + checkSize
	ListPutMax   = (MaxFromHost - ListPutFrame) / BadgeSize
)

// ListPut is the body of LIST_PUT before its MAC: entries in ascending order of their bytes.
type ListPut struct {
	Index   uint32
	Entries []byte // times 11 bytes
}

// Encode returns the body.
func (l ListPut) Encode() []byte {
	return builder(nil).u32(l.Index).u16(uint16(len(l.Entries) / BadgeSize)).raw(l.Entries)
}

// ParseListPut reads the body. Entries is part of b.
func ParseListPut(b []byte) (l ListPut, err error) {
	c := cursor{b: b}
	l.Index = c.u32()
	n := int(c.u16())
	if c.bad || n == 0 || n > ListPutMax || len(c.b) != n*BadgeSize {
		return ListPut{}, errBody
	}
	l.Entries = c.b
	return l, nil
}

// ListCommit is the body of LIST_COMMIT before its MAC.
type ListCommit struct{ ListVersion uint32 }

// Encode returns the body.
func (l ListCommit) Encode() []byte { return builder(nil).u32(l.ListVersion) }

// ParseListCommit reads the body.
func ParseListCommit(b []byte) (l ListCommit, err error) {
	c := cursor{b: b}
	l = ListCommit{c.u32()}
	return l, c.exact()
}

// LabelSet is the body of LABEL_SET before its MAC: at most 64 bytes of UTF-8.
type LabelSet struct{ Label string }

// Encode returns the body.
func (l LabelSet) Encode() []byte { return builder(nil).text(l.Label) }

// ParseLabelSet reads the body.
func ParseLabelSet(b []byte) (l LabelSet, err error) {
	c := cursor{b: b}
	l = LabelSet{c.text()}
	return l, c.exact()
}

// Pair is the body of PAIR.
type Pair struct {
	Installation UID
	Public       [32]byte // X25519
}

// Encode returns the body.
func (p Pair) Encode() []byte { return builder(nil).raw(p.Installation[:]).raw(p.Public[:]) }

// ParsePair reads the body.
func ParsePair(b []byte) (p Pair, err error) {
	c := cursor{b: b}
	p = Pair{c.uid(), c.b32()}
	return p, c.exact()
}

// PairAnswer is the answer to PAIR.
type PairAnswer struct{ Public [32]byte }

// Encode returns the body.
func (p PairAnswer) Encode() []byte { return builder(nil).raw(p.Public[:]) }

// ParsePairAnswer reads the body.
func ParsePairAnswer(b []byte) (p PairAnswer, err error) {
	c := cursor{b: b}
	p = PairAnswer{c.b32()}
	return p, c.atLeast()
}

// PairingsMax is how many installations a box keeps.
const PairingsMax = 8

// ParsePairings reads the answer to PAIR_LIST: a count and as many installation ids.
func ParsePairings(b []byte) ([]UID, error) {
	c := cursor{b: b}
	n := int(c.u8())
	if n > PairingsMax {
		return nil, errBody
	}
	var out []UID
	for range n {
		out = append(out, c.uid())
	}
	return out, c.atLeast()
}

// EncodePairings returns the answer to PAIR_LIST.
func EncodePairings(u []UID) []byte {
	b := builder(nil).u8(uint8(len(u)))
	for _, x := range u {
		b = b.raw(x[:])
	}
	return b
}

// Heartbeat is the body of HEARTBEAT.
type Heartbeat struct {
	Last    uint64
	Battery uint8
	Time    uint64
}

// Encode returns the body.
func (h Heartbeat) Encode() []byte { return builder(nil).u48(h.Last).u8(h.Battery).u64(h.Time) }

// ParseHeartbeat reads the body.
func ParseHeartbeat(b []byte) (h Heartbeat, err error) {
	c := cursor{b: b}
	h = Heartbeat{c.u48(), c.u8(), c.u64()}
	return h, c.atLeast()
}
