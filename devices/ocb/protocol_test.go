package ocb_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"flag"
	"fmt"
	"os"
	"regexp"
	"testing"

	"klokkast/app"
	"klokkast/devices/ocb"
)

var update = flag.Bool("update", false, "write the worked examples into PROTOCOL.md")

const protocol = "../PROTOCOL.md"

func counting(from byte) (u ocb.UID) {
	for i := range u {
		u[i] = from + byte(i)
	}
	return u
}

func frame(kind ocb.Kind, session, counter uint16, m ocb.Message) []byte {
	f := ocb.Fragment(kind, session, m.Encode(), 0)
	f.Counter = counter
	var r [ocb.ReportSize]byte
	f.Encode(&r)
	return r[:]
}

// examples are the worked examples of PROTOCOL.md, by name.
func examples(t *testing.T) map[string][]byte {
	t.Helper()
	box, log, installation := counting(0x00), counting(0x10), counting(0xA0)
	nonce, boxNonce := counting(0x20), counting(0x30)
	badge, err := ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{0x04, 0xA2, 0x2B, 0x52, 0x6F, 0x11, 0x90}}.Field()
	if err != nil {
		t.Fatal(err)
	}
	at := ocb.Time{Seconds: 1795416000 + 1092, Fraction: 128} // 2026-11-23T06:58:12.5Z
	punch := ocb.Record{Seq: 1, Type: app.RecordPunch, Flags: uint8(app.KeyIn) | ocb.FlagWithoutList, Time: at, Boot: 3, SinceBoot: 123456, Data: badge}
	raw := punch.Encode()
	set := ocb.Record{Seq: 2, Type: app.RecordClockSet, Time: at, Boot: 3, SinceBoot: 123556,
		Data: ocb.ClockSet(1, at, ocb.Time{Seconds: at.Seconds + 90, Fraction: at.Fraction})}.Encode()
	h0 := ocb.ChainStart(box, log)
	h1 := h0.Next(&raw)
	key := bytes.Repeat([]byte{0x42}, 32)
	ack := ocb.LogAck{Seq: 1, Hash: h1, Installation: installation}.Encode()
	mac := ocb.MAC(key, boxNonce, 0x1234, 9, ocb.CmdLogAck, ack)
	seal := ocb.Seal{Box: box, Log: log, Seq: 1, Hash: h1, Time: uint64(at.Instant()), Nonce: nonce}
	sealKey := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))
	host, err := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	own, err := ecdh.X25519().NewPrivateKey(bytes.Repeat([]byte{2}, 32))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := own.ECDH(host.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	hostPublic, boxPublic := [32]byte(host.PublicKey().Bytes()), [32]byte(own.PublicKey().Bytes())
	return map[string][]byte{
		"hello-frame": frame(ocb.KindRequest, 0, 0, ocb.Message{Command: ocb.CmdHello, Body: ocb.Hello{
			Nonce: nonce, Version: 1, Credit: 24, Installation: installation}.Encode()}),
		"hello-answer-message": ocb.Message{Command: ocb.CmdHello, Body: ocb.HelloAnswer{
			Nonce: nonce, Version: 1, Session: 0x1234, Box: box, Log: log, BoxNonce: boxNonce, MaxFromBox: 1024, MaxFromHost: 4096,
			ListMax: 4096, Time: uint64(at.Instant()), ClockSet: true}.Encode()}.Encode(),
		"log-open-frame": frame(ocb.KindRequest, 0x1234, 5, ocb.Message{Command: ocb.CmdLogOpen, Transaction: 7,
			Body: ocb.LogOpen{From: 1, Max: 4096, Credit: 30}.Encode()}),
		"log-open-answer-message": ocb.Message{Command: ocb.CmdLogOpen, Transaction: 7, Body: ocb.LogOpenAnswer{
			First: 1, Granted: 1, Last: 1, Acked: 0, Anchored: true, Before: h0}.Encode()}.Encode(),
		"records-part-message": ocb.Message{Command: ocb.CmdLogOpen, Transaction: 7, Body: ocb.Part{
			Kind: ocb.PartRecords, Seq: 1, Records: raw[:]}.Encode()}.Encode(),
		"end-part-message": ocb.Message{Command: ocb.CmdLogOpen, Transaction: 7, Body: ocb.Part{
			Kind: ocb.PartEnd, Seq: 1, Count: 1, CRC: ocb.CRC32C(0, raw[:]), Hash: h1}.Encode()}.Encode(),
		"credit-frame": frame(ocb.KindCredit, 0x1234, 6, ocb.Message{Command: ocb.CmdCredit, Body: ocb.CreditBody{Counter: 38}.Encode()}),
		"heartbeat-frame": frame(ocb.KindHeartbeat, 0x1234, 14, ocb.Message{Command: ocb.CmdHeartbeat,
			Body: ocb.Heartbeat{Last: 1, Battery: 100, Time: uint64(at.Instant())}.Encode()}),
		"punch-record":     raw[:],
		"clock-set-record": set[:],
		"chain-start":      h0[:],
		"chain-next":       h1[:],
		"log-ack-message":  ocb.Message{Command: ocb.CmdLogAck, Transaction: 9, Body: append(ack, mac[:]...)}.Encode(),
		"seal-text":        seal.Text(),
		"seal-signature":   ed25519.Sign(sealKey, seal.Text()),
		"pairing-key":      ocb.PairingKey(secret, box, installation, hostPublic, boxPublic),
	}
}

func dump(b []byte) string {
	var s bytes.Buffer
	for i := 0; i < len(b); i += 16 {
		fmt.Fprintf(&s, "% X\n", b[i:min(i+16, len(b))])
	}
	return s.String()
}

var block = regexp.MustCompile("(?s)```hex ([a-z-]+)\n(.*?)```")

// The worked examples of the document are what this package writes, to the byte.
func TestProtocolExamples(t *testing.T) {
	doc, err := os.ReadFile(protocol)
	if err != nil {
		t.Fatal(err)
	}
	want := examples(t)
	seen := map[string]bool{}
	next := block.ReplaceAllFunc(doc, func(b []byte) []byte {
		m := block.FindSubmatch(b)
		name := string(m[1])
		seen[name] = true
		bytesOf, ok := want[name]
		if !ok {
			t.Errorf("example %s is not made by anything", name)
			return b
		}
		if string(m[2]) != dump(bytesOf) && !*update {
			t.Errorf("example %s should be\n%s", name, dump(bytesOf))
		}
		return []byte("```hex " + name + "\n" + dump(bytesOf) + "```")
	})
	for name := range want {
		if !seen[name] {
			t.Errorf("PROTOCOL.md lacks the example %s", name)
		}
	}
	if *update {
		if err := os.WriteFile(protocol, next, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Numbers that other implementations can be held against.
func TestKnownChecksums(t *testing.T) {
	if got := ocb.CRC16([]byte("123456789")); got != 0x29B1 {
		t.Errorf("CRC-16/CCITT-FALSE: %04X", got)
	}
	if got := ocb.CRC32C(0, []byte("123456789")); got != 0xE3069283 {
		t.Errorf("CRC-32C: %08X", got)
	}
}
