package ocb

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"klokkast/app"
)

// RecordSize is the length of a log record in bytes.
const RecordSize = 32

// MaxSeq is the highest sequence number: 48 bits.
const MaxSeq = 1<<48 - 1

// Flags of a record (byte 7). Bits 0–2 are the key.
const (
	keyMask         = 0x07
	FlagUntrusted   = 1 << 3
	FlagWithoutList = 1 << 4
	FlagByHand      = 1 << 5
)

// Time is a box's time as records hold it: seconds since 1970 UTC and 1/256 s.
type Time struct {
	Seconds  uint32
	Fraction uint8
}

// TimeOf cuts t to 1/256 s. Times before 1970 give the zero Time, times after
// 2106-02-07 the last one: a clock that is so wrong is not trusted anyway.
func TimeOf(t time.Time) Time {
	s := t.Unix()
	switch {
	case s < 0:
		return Time{}
	case s > 0xFFFFFFFF:
		return Time{0xFFFFFFFF, 0xFF}
	}
	return Time{uint32(s), uint8(t.Nanosecond() * 256 / int(time.Second))}
}

// Instant returns the time in milliseconds, rounded down. A clock at the very
// first moment of 1970 gives 1 ms, since the zero Instant means "none".
func (t Time) Instant() app.Instant {
	ms := app.Instant(t.Seconds)*1000 + app.Instant(t.Fraction)*1000/256
	return max(1, ms)
}

// Technology of a badge (high nibble of byte 19).
type Technology uint8

// Technologies. Codes that nobody knows yet are read as cards.
const (
	TechUnknown  Technology = 0x0 // on a badge list: a badge of these bytes from any reader
	TechISO14443 Technology = 0x1 // 13.56 MHz, MIFARE and kin: the UID as sent, 4, 7 or 10 bytes
	TechISO15693 Technology = 0x2 // 13.56 MHz vicinity cards: the UID, 8 bytes
	TechEM4100   Technology = 0x3 // 125 kHz, 5 bytes
	TechProx     Technology = 0x4 // 125 kHz Wiegand formats: the bits, left-padded with 0 to bytes
	TechIButton  Technology = 0x5 // 1-Wire ROM, 8 bytes
	TechBarcode  Technology = 0x6 // bar or QR code, text bytes
	TechMagnetic Technology = 0x7 // magnetic stripe, text bytes
	TechPIN      Technology = 0xE // keyed in: ASCII letters and digits
)

// BadgeMax is the longest badge in bytes.
const BadgeMax = 10

// Badge is what was shown to the box.
type Badge struct {
	Tech  Technology
	Bytes []byte // 1 to 10
}

// BadgeSize is the length of a badge's field in bytes: technology and length, then ten bytes.
const BadgeSize = 1 + BadgeMax

// Field returns the badge as bytes 19–29 of a record and as an entry of a badge list.
func (b Badge) Field() (f [BadgeSize]byte, err error) {
	if len(b.Bytes) < 1 || len(b.Bytes) > BadgeMax || b.Tech > 0xF {
		return f, fmt.Errorf("badge of technology %d with %d bytes: want 1 to %d", b.Tech, len(b.Bytes), BadgeMax)
	}
	f[0] = byte(b.Tech)<<4 | byte(len(b.Bytes))
	copy(f[1:], b.Bytes)
	return f, nil
}

var errBadge = errors.New("badge field with a length outside 1–10 or bytes after it")

// ParseBadge reads a badge field.
func ParseBadge(f [BadgeSize]byte) (Badge, error) {
	n := int(f[0] & 0x0F)
	if n < 1 || n > BadgeMax {
		return Badge{}, errBadge
	}
	for _, c := range f[1+n:] {
		if c != 0 {
			return Badge{}, errBadge
		}
	}
	return Badge{Technology(f[0] >> 4), append([]byte(nil), f[1:1+n]...)}, nil
}

// Identifier returns the badge as the program knows it: a card's bytes as
// upper-case hex, valid at all boxes; a PIN as text without leading zeros,
// valid in the group of its box. A PIN with other bytes than ASCII letters and
// digits is given as 0x and hex, so that no control character gets any further.
func (b Badge) Identifier(group string) app.IdentifierKey {
	if b.Tech != TechPIN {
		return app.IdentifierKey{Kind: app.Card, Value: strings.ToUpper(hex.EncodeToString(b.Bytes))}
	}
	return app.IdentifierKey{Kind: app.PIN, Group: group, Value: pinText(b.Bytes)}
}

func pinText(p []byte) string {
	for _, c := range p {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return "0x" + strings.ToUpper(hex.EncodeToString(p))
		}
	}
	if s := strings.TrimLeft(string(p), "0"); s != "" {
		return s
	}
	return "0"
}

// BadgeOf returns the badge of an identifier, for badge lists (TechUnknown) and
// simulated taps. The technology is used for cards only.
func BadgeOf(k app.IdentifierKey, tech Technology) (Badge, error) {
	if k.Kind == app.PIN {
		b := Badge{TechPIN, []byte(k.Value)}
		_, err := b.Field()
		return b, err
	}
	p, err := hex.DecodeString(k.Value)
	if err != nil {
		return Badge{}, errors.New("card is not hex")
	}
	b := Badge{tech, p}
	_, err = b.Field()
	return b, err
}

// Record is one log record.
type Record struct {
	Seq       uint64 // 1 to MaxSeq
	Type      app.RecordType
	Flags     uint8
	Time      Time
	Boot      uint16
	SinceBoot uint32   // 10 ms
	Data      [11]byte // bytes 19–29; its use by type stands in PROTOCOL.md
}

// Encode returns the record's 32 bytes.
func (r Record) Encode() (b [RecordSize]byte) {
	putU48(b[0:], r.Seq)
	b[6], b[7] = byte(r.Type), r.Flags
	putTime(b[8:], r.Time)
	binary.LittleEndian.PutUint16(b[13:], r.Boot)
	binary.LittleEndian.PutUint32(b[15:], r.SinceBoot)
	copy(b[19:30], r.Data[:])
	binary.LittleEndian.PutUint16(b[30:], CRC16(b[:30]))
	return b
}

// Errors of records.
var (
	errRecordSize = errors.New("record is not 32 bytes")
	errRecordCRC  = errors.New("record with a wrong CRC-16")
	errRecordSeq  = errors.New("record with sequence 0")
)

// ParseRecord reads 32 bytes; it checks length, CRC and that there is a sequence.
func ParseRecord(b []byte) (Record, error) {
	if len(b) != RecordSize {
		return Record{}, errRecordSize
	}
	if CRC16(b[:30]) != binary.LittleEndian.Uint16(b[30:]) {
		return Record{}, errRecordCRC
	}
	r := Record{
		Seq:       u48(b),
		Type:      app.RecordType(b[6]),
		Flags:     b[7],
		Time:      Time{binary.LittleEndian.Uint32(b[8:]), b[12]},
		Boot:      binary.LittleEndian.Uint16(b[13:]),
		SinceBoot: binary.LittleEndian.Uint32(b[15:]),
		Data:      [11]byte(b[19:30]),
	}
	if r.Seq == 0 {
		return Record{}, errRecordSeq
	}
	return r, nil
}

// isEvent says that a type is known and not a tap.
func isEvent(t app.RecordType) bool {
	switch t {
	case app.RecordBoot, app.RecordPowerLost, app.RecordPowerBack, app.RecordBatteryLow, app.RecordClockSet,
		app.RecordClockLost, app.RecordCaseOpened, app.RecordCaseClosed, app.RecordLabel, app.RecordBadgeList,
		app.RecordAcked, app.RecordPagesLost, app.RecordStoreFull, app.RecordSeal:
		return true
	}
	return false
}

// App returns the record in the words of the program. group is the PIN group of
// the box. Punch and Event are both nil for a type that nobody knows yet, for a
// key or badge that does not decode: such a record is kept raw and shown as unknown.
func (r Record) App(log app.LogKey, group string) app.Record {
	raw := r.Encode()
	out := app.Record{Key: app.RecordKey{LogKey: log, Seq: r.Seq}, Type: r.Type, Raw: raw[:]}
	switch {
	case r.Type == app.RecordPunch || r.Type == app.RecordRefused:
		out.Punch = r.punch(out.Key, group)
	case isEvent(r.Type):
		out.Event = &app.BoxEvent{Key: out.Key, Type: r.Type, At: r.Time.Instant(), Boot: r.Boot, SinceBoot: r.SinceBoot, Data: r.Data}
	}
	return out
}

func (r Record) punch(key app.RecordKey, group string) *app.Punch {
	badge, err := ParseBadge(r.Data)
	pressed := app.PunchKey(r.Flags & keyMask)
	if err != nil || pressed > app.KeyBreakEnd {
		return nil
	}
	p := &app.Punch{
		Key: key, At: r.Time.Instant(), Identifier: badge.Identifier(group), Pressed: pressed,
		Boot: r.Boot, SinceBoot: r.SinceBoot,
	}
	// Bits 3 to 5 are the program's flags in the same order.
	p.Flags = app.PunchFlags(r.Flags>>3) & (app.TimeUntrusted | app.WithoutList | app.ByHand)
	if r.Type == app.RecordRefused {
		p.Flags |= app.Refused
	}
	return p
}

// ClockSet returns the data of a clock-set record: who set it, the old and the new time.
func ClockSet(source uint8, old, new Time) (d [11]byte) {
	d[0] = source
	putTime(d[1:], old)
	putTime(d[6:], new)
	return d
}

// ParseClockSet reads the data of a clock-set record.
func ParseClockSet(d [11]byte) (source uint8, old, new Time) {
	return d[0], getTime(d[1:]), getTime(d[6:])
}

// CRC16 is CRC-16/CCITT-FALSE: polynomial 0x1021, begin 0xFFFF, no reflection.
// Its check value for "123456789" is 0x29B1.
func CRC16(p []byte) uint16 {
	crc := uint16(0xFFFF)
	for _, c := range p {
		crc = crc<<8 ^ crc16Table[byte(crc>>8)^c]
	}
	return crc
}

var crc16Table = func() (t [256]uint16) {
	for i := range t {
		c := uint16(i) << 8
		for range 8 {
			if c&0x8000 != 0 {
				c = c<<1 ^ 0x1021
			} else {
				c <<= 1
			}
		}
		t[i] = c
	}
	return t
}()

func u48(b []byte) uint64 {
	return uint64(binary.LittleEndian.Uint32(b)) | uint64(binary.LittleEndian.Uint16(b[4:]))<<32
}

func putU48(b []byte, v uint64) {
	binary.LittleEndian.PutUint32(b, uint32(v))
	binary.LittleEndian.PutUint16(b[4:], uint16(v>>32))
}

func getTime(b []byte) Time { return Time{binary.LittleEndian.Uint32(b), b[4]} }

func putTime(b []byte, t Time) {
	binary.LittleEndian.PutUint32(b, t.Seconds)
	b[4] = t.Fraction
}
