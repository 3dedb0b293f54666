package simbox

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"klokkast/app"
	"klokkast/devices/ocb"
)

// firmware is what the simulated box says of itself.
const firmware = "sim-1"

// earliest is the first time that TIME_SET takes: before it a host's clock is surely wrong. latest is the last second
// that a record can hold. Both in milliseconds since 1970.
var earliest = uint64(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli())

const latest = math.MaxUint32*1000 + 999

// request answers one request. The same one again (a host that did not hear
// the answer) is answered from memory and not executed again.
func (s *session) request(m ocb.Message) {
	if m.Transaction == s.lastTx && m.Command == s.lastCmd && string(m.Body) == s.lastBody && s.answer != nil && m.Command != ocb.CmdLogOpen {
		s.out, s.outKind = append(s.out, s.answer), append(s.outKind, ocb.KindResponse)
		return
	}
	status, body := ocb.OldTransaction, []byte(nil)
	news := m.Transaction > s.lastTx
	if news || m.Command == ocb.CmdBye {
		status, body = s.execute(m)
	}
	answer := ocb.Message{Command: m.Command, Status: status, Transaction: m.Transaction, Body: body}.Encode()
	if news { // an old BYE must not let old transactions in again
		s.lastTx, s.lastCmd, s.lastBody, s.answer = m.Transaction, m.Command, string(m.Body), answer
	}
	s.out, s.outKind = append(s.out, answer), append(s.outKind, ocb.KindResponse)
}

// signed are the commands that change state.
var signed = map[ocb.Command]bool{
	ocb.CmdTimeSet: true, ocb.CmdLogAck: true, ocb.CmdListBegin: true, ocb.CmdListPut: true, ocb.CmdListCommit: true, ocb.CmdLabelSet: true,
}

// fixed are the lengths of bodies that have no parser of their own.
var fixed = map[ocb.Command]int{
	ocb.CmdInfo: 0, ocb.CmdTimeGet: 0, ocb.CmdIdentify: 1, ocb.CmdPairList: 0, ocb.CmdAbort: 2, ocb.CmdBye: 0,
}

func (s *session) execute(m ocb.Message) (ocb.Status, []byte) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if !s.b.on {
		return ocb.StorageFailed, nil
	}
	if signed[m.Command] {
		body, status := s.verify(m)
		if status != ocb.OK {
			return status, nil
		}
		m.Body = body
	}
	if n, ok := fixed[m.Command]; ok && len(m.Body) != n {
		return ocb.Malformed, nil
	}
	switch m.Command {
	case ocb.CmdInfo:
		return ocb.OK, s.info()
	case ocb.CmdTimeGet:
		b := s.b
		return ocb.OK, ocb.TimeAnswer{Time: uint64(max(0, b.clock().UnixMilli())), ClockSet: b.m.ClockSet, Boot: b.m.Boot, SinceBoot: b.sinceBoot()}.Encode()
	case ocb.CmdTimeSet:
		return s.timeSet(m.Body), nil
	case ocb.CmdLogOpen:
		return s.logOpen(m)
	case ocb.CmdLogAck:
		return s.logAck(m.Body)
	case ocb.CmdSeal:
		return s.seal(m)
	case ocb.CmdListBegin:
		return s.listBegin(m.Body), nil
	case ocb.CmdListPut:
		return s.listPut(m.Body), nil
	case ocb.CmdListCommit:
		return s.listCommit(m.Body), nil
	case ocb.CmdLabelSet:
		return s.labelSet(m.Body), nil
	case ocb.CmdIdentify:
		s.b.o.Beep(BeepHere)
		return ocb.OK, nil
	case ocb.CmdPair:
		return s.pair(m.Body)
	case ocb.CmdUnpair:
		return s.unpair(m), nil
	case ocb.CmdPairList:
		return s.pairList()
	case ocb.CmdAbort:
		if tx := binary.LittleEndian.Uint16(m.Body); tx == 0 || s.stream != nil && tx == s.stream.tx {
			s.drop()
		}
		return ocb.OK, nil
	case ocb.CmdBye:
		s.drop()
		s.unheard, s.left = heartbeatsUnheard, true // nobody listens any more
		return ocb.OK, nil
	}
	return ocb.Unknown, nil
}

// drop forgets the stream and all that waits to be sent, also in the middle of a message.
func (s *session) drop() { s.stream, s.out, s.outKind, s.sent = nil, nil, nil, 0 }

// verify takes the MAC off a body and checks it.
func (s *session) verify(m ocb.Message) ([]byte, ocb.Status) {
	p := s.b.m.pairing(s.installation)
	if p == nil {
		return nil, ocb.NotPaired
	}
	n := len(m.Body) - ocb.MACSize
	if n < 0 {
		return nil, ocb.Malformed
	}
	want := ocb.MAC(p.Key, s.nonce, s.id, m.Transaction, m.Command, m.Body[:n])
	if !hmac.Equal(want[:], m.Body[n:]) {
		return nil, ocb.BadMAC
	}
	return m.Body[:n], ocb.OK
}

func (s *session) info() []byte {
	b := s.b
	i := ocb.Info{
		Battery: b.battery, First: b.s.first(), Last: b.s.last(), Acked: b.s.acked, Capacity: uint32(b.m.Pages * recordsPerPage),
		Boot: b.m.Boot, ListVersion: b.m.List.Version, ListCount: uint32(len(b.m.List.Entries) / ocb.BadgeSize),
		ListHash: sha256.Sum256(b.m.List.Entries), PublicKey: ocb.Hash(b.PublicKey()), Refused: b.m.Refused,
		Maker: "Klokkast", Model: b.m.Model, Firmware: firmware, Label: b.m.Label,
	}
	for flag, on := range map[uint8]bool{
		ocb.InfoClockSet: b.m.ClockSet, ocb.InfoPaired: b.m.pairing(s.installation) != nil,
		ocb.InfoCaseOpen: b.caseOpen, ocb.InfoRefuses: b.m.List.Refuse,
	} {
		if on {
			i.Flags |= flag
		}
	}
	return i.Encode()
}

func (s *session) timeSet(body []byte) ocb.Status {
	t, err := ocb.ParseTimeSet(body)
	switch {
	case err != nil:
		return ocb.Malformed
	case s.stream != nil:
		return ocb.Busy
	case t.Time < earliest || t.Time > latest:
		return ocb.Implausible
	}
	if s.b.setClock(time.UnixMilli(int64(t.Time)), 1) != nil {
		return ocb.StorageFailed
	}
	return ocb.OK
}

// logAck marks what is stored at the office, after comparing the chains. A
// lower mark than the one that stands changes nothing.
func (s *session) logAck(body []byte) (ocb.Status, []byte) {
	b := s.b
	a, err := ocb.ParseLogAck(body)
	switch {
	case err != nil:
		return ocb.Malformed, nil
	case a.Installation != s.installation:
		return ocb.BadMAC, nil
	case a.Seq > b.s.last():
		return ocb.BeyondEnd, nil
	case a.Seq <= b.s.acked:
		return ocb.OK, ocb.AckAnswer{Acked: b.s.acked}.Encode()
	}
	h, known, err := b.s.hash(a.Seq)
	if err != nil {
		return ocb.StorageFailed, nil
	}
	if !known || h != a.Hash {
		return ocb.ChainDiffers, nil
	}
	b.s.acked, b.m.Acked = a.Seq, a.Seq
	if b.m.save(b.dir) != nil {
		return ocb.StorageFailed, nil
	}
	var d [11]byte
	le48(d[:], a.Seq)
	copy(d[6:], s.installation[11:])
	if b.own(app.RecordAcked, d) != nil || b.reportFull() != nil {
		return ocb.StorageFailed, nil
	}
	return ocb.OK, ocb.AckAnswer{Acked: a.Seq}.Encode()
}

// reportFull records how many punches were refused, once there is room again.
func (b *Box) reportFull() error {
	if b.m.Refused == 0 || b.s.room() <= recordsPerPage {
		return nil
	}
	var d [11]byte
	le32(d[:], b.m.Refused)
	if err := b.own(app.RecordStoreFull, d); err != nil {
		return err
	}
	b.m.Refused = 0
	return b.m.save(b.dir)
}

// seal signs how the log stands. With a MAC behind the nonce the seal is also recorded, first.
func (s *session) seal(m ocb.Message) (ocb.Status, []byte) {
	b := s.b
	body := m.Body
	if len(body) > len(ocb.UID{}) {
		var status ocb.Status
		if body, status = s.verify(m); status != ocb.OK {
			return status, nil
		}
	}
	if len(body) != len(ocb.UID{}) {
		return ocb.Malformed, nil
	}
	if len(m.Body) > len(body) && b.own(app.RecordSeal, [11]byte(body[:11])) != nil {
		return ocb.StorageFailed, nil
	}
	seal := ocb.Seal{Box: b.m.UID, Log: b.m.Log, Seq: b.s.last(), Hash: b.s.end, Time: uint64(max(0, b.clock().UnixMilli())), Nonce: ocb.UID(body)}
	sig := ed25519.Sign(b.m.sealKey(), seal.Text())
	return ocb.OK, ocb.SealAnswer{Seq: seal.Seq, Hash: seal.Hash, Time: seal.Time, Signature: [64]byte(sig)}.Encode()
}

// pendingList is a badge list that is being pushed. Until LIST_COMMIT the one in force stays.
type pendingList struct {
	ocb.ListBegin
	entries []byte
}

func (s *session) listBegin(body []byte) ocb.Status {
	l, err := ocb.ParseListBegin(body)
	if err != nil {
		return ocb.Malformed
	}
	if uint64(l.Count) > uint64(s.b.m.ListMax) {
		return ocb.ListTooLarge
	}
	s.pending = &pendingList{ListBegin: l}
	return ocb.OK
}

// listPut takes the next entries. After a refusal for what they are only LIST_BEGIN helps.
func (s *session) listPut(body []byte) ocb.Status {
	l, err := ocb.ParseListPut(body)
	if err != nil {
		return ocb.Malformed
	}
	status := s.pending.put(l)
	if status != ocb.OK {
		s.pending = nil
	}
	return status
}

func (p *pendingList) put(l ocb.ListPut) ocb.Status {
	if p == nil || int(l.Index) != len(p.entries)/ocb.BadgeSize {
		return ocb.ListOrder
	}
	if (len(p.entries)+len(l.Entries))/ocb.BadgeSize > int(p.Count) {
		return ocb.ListTooLarge
	}
	for e := range slices.Chunk(l.Entries, ocb.BadgeSize) {
		if _, err := ocb.ParseBadge([ocb.BadgeSize]byte(e)); err != nil {
			return ocb.Malformed
		}
		if n := len(p.entries); n > 0 && bytes.Compare(p.entries[n-ocb.BadgeSize:], e) >= 0 {
			return ocb.ListOrder
		}
		p.entries = append(p.entries, e...)
	}
	return ocb.OK
}

func (s *session) listCommit(body []byte) ocb.Status {
	l, err := ocb.ParseListCommit(body)
	p := s.pending
	switch {
	case err != nil:
		return ocb.Malformed
	case p == nil || l.ListVersion != p.ListVersion || len(p.entries) != int(p.Count)*ocb.BadgeSize:
		return ocb.ListOrder
	case sha256.Sum256(p.entries) != p.Hash:
		return ocb.ListHash
	}
	b := s.b
	s.pending = nil
	b.m.List = list{Version: p.ListVersion, Entries: p.entries, Refuse: p.Flags&ocb.ListRefuse != 0}
	d := [11]byte{p.Flags}
	le32(d[1:], p.ListVersion)
	le32(d[5:], p.Count)
	if b.m.save(b.dir) != nil || b.own(app.RecordBadgeList, d) != nil {
		return ocb.StorageFailed
	}
	return ocb.OK
}

func (s *session) labelSet(body []byte) ocb.Status {
	l, err := ocb.ParseLabelSet(body)
	if err != nil || !utf8.ValidString(l.Label) {
		return ocb.Malformed
	}
	b := s.b
	d := [11]byte{uint8(len(l.Label))}
	copy(d[1:], l.Label)
	b.m.Label = l.Label
	if b.m.save(b.dir) != nil || b.own(app.RecordLabel, d) != nil {
		return ocb.StorageFailed
	}
	return ocb.OK
}

// pair agrees on a key while the button is pressed. An installation that the
// box knows gets a new key in its old place.
func (s *session) pair(body []byte) (ocb.Status, []byte) {
	b := s.b
	p, err := ocb.ParsePair(body)
	if err != nil || p.Installation != s.installation {
		return ocb.Malformed, nil
	}
	if !b.pressed() {
		return ocb.PressButton, nil
	}
	place := b.m.pairing(p.Installation)
	if place == nil && len(b.m.Pairings) >= ocb.PairingsMax {
		return ocb.PairingsFull, nil
	}
	host, err := ecdh.X25519().NewPublicKey(p.Public[:])
	if err != nil {
		return ocb.Malformed, nil
	}
	own, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return ocb.StorageFailed, nil
	}
	secret, err := own.ECDH(host)
	if err != nil { // a public key of low order
		return ocb.Malformed, nil
	}
	public := [32]byte(own.PublicKey().Bytes())
	key := ocb.PairingKey(secret, b.m.UID, p.Installation, p.Public, public)
	if place == nil {
		b.m.Pairings = append(b.m.Pairings, pairing{Installation: p.Installation.String()})
		place = &b.m.Pairings[len(b.m.Pairings)-1]
	}
	place.Key = key
	if b.m.save(b.dir) != nil {
		return ocb.StorageFailed, nil
	}
	return ocb.OK, ocb.PairAnswer{Public: public}.Encode()
}

// unpair forgets an installation: itself with its MAC, any other one with the button held; then a MAC may stand there as well.
func (s *session) unpair(m ocb.Message) ocb.Status {
	b := s.b
	body, held := m.Body, b.pressed()
	if !held {
		var status ocb.Status
		if body, status = s.verify(m); status != ocb.OK {
			return status
		}
	} else if len(body) == len(ocb.UID{})+ocb.MACSize {
		body = body[:len(ocb.UID{})]
	}
	if len(body) != len(ocb.UID{}) {
		return ocb.Malformed
	}
	who := ocb.UID(body)
	if !held && who != s.installation {
		return ocb.PressButton
	}
	b.m.Pairings = slices.DeleteFunc(b.m.Pairings, func(p pairing) bool { return p.Installation == who.String() })
	if b.m.save(b.dir) != nil {
		return ocb.StorageFailed
	}
	return ocb.OK
}

func (s *session) pairList() (ocb.Status, []byte) {
	if !s.b.pressed() {
		return ocb.PressButton, nil
	}
	var out []ocb.UID
	for _, p := range s.b.m.Pairings {
		u, err := ocb.ParseUID(p.Installation)
		if err == nil {
			out = append(out, u)
		}
	}
	return ocb.OK, ocb.EncodePairings(out)
}

// Pairings lists the installations that the box knows, as hex.
func (b *Box) Pairings() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.m.Pairings {
		out = append(out, p.Installation)
	}
	return out
}

// PairWith plants a pairing without button and exchange: for demos and tests
// in which the host's key store is filled by the same hand.
func (b *Box) PairWith(installation ocb.UID, key []byte) error {
	if len(key) != sha256.Size {
		return errors.New("a pairing key has 32 bytes")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.m.pairing(installation); p != nil {
		p.Key = slices.Clone(key)
	} else if len(b.m.Pairings) < ocb.PairingsMax {
		b.m.Pairings = append(b.m.Pairings, pairing{installation.String(), slices.Clone(key)})
	} else {
		return ocb.PairingsFull
	}
	return b.m.save(b.dir)
}
