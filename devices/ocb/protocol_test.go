package ocb_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

func frames(kind ocb.Kind, session, counter uint16, m ocb.Message) (out [][]byte) {
	msg := m.Encode()
	for i := range ocb.Fragments(len(msg)) {
		f := ocb.Fragment(kind, session, msg, i)
		f.Counter = counter + uint16(i)
		var r [ocb.ReportSize]byte
		f.Encode(&r)
		out = append(out, r[:])
	}
	return out
}

// frame is for messages that take one.
func frame(kind ocb.Kind, session, counter uint16, m ocb.Message) []byte {
	return frames(kind, session, counter, m)[0]
}

func entry(badge ...byte) []byte {
	f, _ := ocb.Badge{Bytes: badge}.Field()
	return f[:]
}

// otherRecords are sequences 3 to 16: one of each type that has no example of its own.
func otherRecords(at ocb.Time, installation, nonce ocb.UID) (out []byte) {
	u48 := func(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v)[:6] }
	u32 := func(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }
	pin, _ := ocb.Badge{Tech: ocb.TechPIN, Bytes: []byte("0042")}.Field()
	for i, r := range []struct {
		t     app.RecordType
		flags uint8
		data  []byte
	}{
		{app.RecordRefused, uint8(app.KeyOut) | ocb.FlagByHand, pin[:]},
		{app.RecordBoot, 0, []byte{2}},
		{app.RecordPowerLost, 0, []byte{80}},
		{app.RecordPowerBack, 0, []byte{80}},
		{app.RecordBatteryLow, 0, []byte{9}},
		{app.RecordClockLost, ocb.FlagUntrusted, nil},
		{app.RecordCaseOpened, 0, []byte{70}},
		{app.RecordCaseClosed, 0, []byte{70}},
		{app.RecordLabel, 0, append([]byte{7}, "Hall é"...)},
		{app.RecordBadgeList, 0, slices.Concat([]byte{ocb.ListRefuse}, u32(5), u32(450))},
		{app.RecordAcked, 0, append(u48(14), installation[11:]...)},
		{app.RecordPagesLost, 0, append(u48(120), u32(4)...)},
		{app.RecordStoreFull, 0, u32(3)},
		{app.RecordSeal, 0, nonce[:11]},
	} {
		rec := ocb.Record{Seq: uint64(3 + i), Type: r.t, Flags: r.flags, Time: at, Boot: 3, SinceBoot: 123456}
		copy(rec.Data[:], r.data)
		raw := rec.Encode()
		out = append(out, raw[:]...)
	}
	return out
}

// at is the time of the examples.
var at = ocb.Time{Seconds: 1795416000 + 1092, Fraction: 128} // 2026-11-23T06:58:12.5Z

// firstPunch is the record that the box of the examples holds.
func firstPunch() []byte {
	badge, _ := ocb.Badge{Tech: ocb.TechISO14443, Bytes: []byte{0x04, 0xA2, 0x2B, 0x52, 0x6F, 0x11, 0x90}}.Field()
	raw := ocb.Record{Seq: 1, Type: app.RecordPunch, Flags: uint8(app.KeyIn) | ocb.FlagWithoutList, Time: at, Boot: 3, SinceBoot: 123456, Data: badge}.Encode()
	return raw[:]
}

// examples are the worked examples of PROTOCOL.md, by name.
func examples(t *testing.T) map[string][]byte {
	t.Helper()
	box, log, installation := counting(0x00), counting(0x10), counting(0xA0)
	nonce, boxNonce := counting(0x20), counting(0x30)
	raw := [ocb.RecordSize]byte(firstPunch())
	later := ocb.Time{Seconds: at.Seconds + 1, Fraction: at.Fraction}
	set := ocb.Record{Seq: 2, Type: app.RecordClockSet, Time: later, Boot: 3, SinceBoot: 123556,
		Data: ocb.ClockSet(1, later, ocb.Time{Seconds: later.Seconds + 90, Fraction: later.Fraction})}.Encode()
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
	helloAnswer := ocb.Message{Command: ocb.CmdHello, Body: ocb.HelloAnswer{
		Nonce: nonce, Version: 1, Session: 0x1234, Box: box, Log: log, BoxNonce: boxNonce, MaxFromBox: 1024, MaxFromHost: 4096,
		ListMax: 4096, Time: uint64(at.Instant()), ClockSet: true}.Encode()}
	put := ocb.ListPut{Entries: slices.Concat(entry(1), entry(2, 3))}.Encode()
	putMAC := ocb.MAC(key, boxNonce, 0x1234, 12, ocb.CmdListPut, put)
	all := map[string][]byte{
		"device-descriptor":        ocb.DeviceDescriptor(0x1209, 0x0001),
		"configuration-descriptor": ocb.ConfigurationDescriptor(),
		"hello-answer-frames":      slices.Concat(frames(ocb.KindResponse, 0, 0, helloAnswer)...),
		"other-records":            otherRecords(at, installation, nonce),
		"info-answer-message": ocb.Message{Command: ocb.CmdInfo, Transaction: 1, Body: ocb.Info{
			Flags: ocb.InfoClockSet, Battery: 88, First: 1, Last: 1, Capacity: 129024, Boot: 3, ListHash: sha256.Sum256(nil),
			PublicKey: ocb.Hash(sealKey.Public().(ed25519.PublicKey)), Maker: "Klokkast", Model: "OCB", Firmware: "1.0", Label: "Hall é"}.Encode()}.Encode(),
		"event-frame":      frame(ocb.KindEvent, 0x1234, 16, ocb.Message{Command: ocb.CmdEvent, Body: raw[:]}),
		"list-put-message": ocb.Message{Command: ocb.CmdListPut, Transaction: 12, Body: append(put, putMAC[:]...)}.Encode(),
		"anchor-messages": append(
			ocb.Message{Command: ocb.CmdLogOpen, Transaction: 7, Body: ocb.Part{Kind: ocb.PartAnchor, Seq: 31}.Encode()}.Encode(),
			ocb.Message{
				Command:     ocb.CmdLogOpen,
				Transaction: 7,
				Body:        ocb.Part{Kind: ocb.PartAnchor, Seq: 127, Anchored: true, Hash: h1}.Encode(),
			}.Encode()...),
		"refusal-frame": frame(ocb.KindResponse, 0x1234, 15, ocb.Message{Command: ocb.CmdLabelSet, Status: ocb.NotPaired, Transaction: 10}),
		"pair-messages": append(
			ocb.Message{Command: ocb.CmdPair, Transaction: 3, Body: ocb.Pair{Installation: installation, Public: hostPublic}.Encode()}.Encode(),
			ocb.Message{Command: ocb.CmdPair, Transaction: 3, Body: ocb.PairAnswer{Public: boxPublic}.Encode()}.Encode()...),
		"hello-frame": frame(ocb.KindRequest, 0, 0, ocb.Message{Command: ocb.CmdHello, Body: ocb.Hello{
			Nonce: nonce, Version: 1, Credit: 24, Installation: installation}.Encode()}),
		"hello-answer-message": helloAnswer.Encode(),
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
	maps.Copy(all, edges(box, log, installation, h0, h1, key, boxNonce, uint64(at.Instant())))
	return all
}

// edges are the examples of what is easily understood in two ways.
func edges(box, log, installation ocb.UID, h0, h1 ocb.Hash, key []byte, boxNonce ocb.UID, now uint64) map[string][]byte {
	message := func(c ocb.Command, s ocb.Status, tx uint16, body []byte) []byte {
		return ocb.Message{Command: c, Status: s, Transaction: tx, Body: body}.Encode()
	}
	opened := func(tx uint16, open ocb.LogOpen, a ocb.LogOpenAnswer, end ocb.Part) []byte {
		return slices.Concat(message(ocb.CmdLogOpen, ocb.OK, tx, open.Encode()), message(ocb.CmdLogOpen, ocb.OK, tx, a.Encode()),
			message(ocb.CmdLogOpen, ocb.OK, tx, end.Encode()))
	}
	ack := ocb.LogAck{Seq: 1, Installation: installation}.Encode()
	mac := ocb.MAC(key, boxNonce, 0x1234, 11, ocb.CmdLogAck, ack)
	return map[string][]byte{
		"malformed-messages":  slices.Concat(message(ocb.CmdInfo, ocb.OK, 2, []byte{0}), message(ocb.CmdInfo, ocb.Malformed, 2, nil)),
		"hello-refused-frame": frame(ocb.KindResponse, 0, 0, ocb.Message{Command: ocb.CmdHello, Status: ocb.OutOfRange}),
		"hello-again-frame": frame(ocb.KindRequest, 0, 0, ocb.Message{Command: ocb.CmdHello, Body: ocb.Hello{
			Nonce: counting(0x40), Version: 1, Credit: 24, Installation: installation}.Encode()}),
		"hello-again-answer-message": message(ocb.CmdHello, ocb.OK, 0, ocb.HelloAnswer{
			Nonce: counting(0x40), Version: 1, Session: 0x1235, Box: box, Log: log, BoxNonce: counting(0x50), MaxFromBox: 1024, MaxFromHost: 4096,
			ListMax: 4096, Time: now + 450, ClockSet: true}.Encode()),
		"heartbeat-later-frame": frame(ocb.KindHeartbeat, 0x1234, 15, ocb.Message{Command: ocb.CmdHeartbeat,
			Body: ocb.Heartbeat{Last: 2, Battery: 100, Time: now + 1250}.Encode()}),
		"log-open-later-frame": frame(ocb.KindRequest, 0x1234, 7, ocb.Message{Command: ocb.CmdLogOpen, Transaction: 8,
			Body: ocb.LogOpen{From: 2, Max: 4096, Credit: 15 + ocb.Credit}.Encode()}),
		"nothing-asked-messages": opened(13, ocb.LogOpen{From: 1, Credit: 38},
			ocb.LogOpenAnswer{First: 1, Granted: 1, Last: 1, Anchored: true, Before: h0}, ocb.Part{Kind: ocb.PartEnd, Hash: h0}),
		"nothing-there-messages": opened(14, ocb.LogOpen{From: 2, Max: 4096, Credit: 42},
			ocb.LogOpenAnswer{First: 1, Granted: 2, Last: 1, Anchored: true, Before: h1}, ocb.Part{Kind: ocb.PartEnd, Seq: 1, Hash: h1}),
		"all-lost-messages": opened(15, ocb.LogOpen{From: 1, Max: 4096, Credit: 46},
			ocb.LogOpenAnswer{Granted: 10, Last: 9, Acked: 4}, ocb.Part{Kind: ocb.PartEnd, Seq: 9}),
		"log-grew-answer-message": message(ocb.CmdLogOpen, ocb.OK, 16, ocb.LogOpenAnswer{First: 1, Granted: 1, Last: 2, Anchored: true, Before: h0}.Encode()),
		"longer-end-message": message(ocb.CmdLogOpen, ocb.OK, 7, append(ocb.Part{Kind: ocb.PartEnd, Seq: 1, Count: 1,
			CRC: ocb.CRC32C(0, firstPunch()), Hash: h1}.Encode(), 0xEE, 0xEE)),
		"unknown-part-message": message(ocb.CmdLogOpen, ocb.OK, 7, []byte{4, 0, 1, 0, 0, 0, 0, 0}),
		"log-ack-again-messages": slices.Concat(message(ocb.CmdLogAck, ocb.OK, 11, append(ack, mac[:]...)),
			message(ocb.CmdLogAck, ocb.OK, 11, ocb.AckAnswer{Acked: 1}.Encode())),
		"log-open-shorter-frame": frame(ocb.KindRequest, 0x1236, 4, ocb.Message{Command: ocb.CmdLogOpen, Transaction: 3,
			Body: ocb.LogOpen{From: 401, Max: 200, Credit: 3 + ocb.Credit}.Encode()}),
		"tcp-ready-report":  append([]byte{'R'}, make([]byte, ocb.ReportSize-1)...),
		"tcp-in-use-report": append([]byte{'B'}, make([]byte, ocb.ReportSize-1)...),
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

// The tests that the document names for each fault are there.
func TestFaultTable(t *testing.T) {
	doc, err := os.ReadFile(protocol)
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z]+)\\.((?:Test|Fuzz)[A-Za-z]+)`").FindAllStringSubmatch(string(doc), -1)
	if len(named) < 30 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, n := range named {
		files, _ := filepath.Glob(filepath.Join("..", n[1], "*_test.go"))
		switch n[1] {
		case "devices":
			files, _ = filepath.Glob("../*_test.go")
		case "office", "reading":
			files, _ = filepath.Glob(filepath.Join("../../app", n[1], "*_test.go"))
		}
		found := false
		for _, f := range files {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			found = found || bytes.Contains(src, []byte("func "+n[2]+"("))
		}
		if !found {
			t.Errorf("%s.%s is no test", n[1], n[2])
		}
	}
}
