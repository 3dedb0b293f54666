package ocb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Longest messages in bytes, header and check included.
const (
	MaxFromBox  = 1024
	MaxFromHost = 4096
	headerSize  = 8
	checkSize   = 4
)

// Command names what a message is about. A response repeats its request's.
type Command uint8

// Commands. Those marked M change state and end with a MAC.
const (
	CmdHello      Command = 0x01
	CmdInfo       Command = 0x02
	CmdTimeGet    Command = 0x03
	CmdTimeSet    Command = 0x04 // M
	CmdLogOpen    Command = 0x10
	CmdCredit     Command = 0x11
	CmdLogAck     Command = 0x12 // M
	CmdSeal       Command = 0x13
	CmdListBegin  Command = 0x20 // M
	CmdListPut    Command = 0x21 // M
	CmdListCommit Command = 0x22 // M
	CmdLabelSet   Command = 0x30 // M
	CmdIdentify   Command = 0x31
	CmdPair       Command = 0x40 // button
	CmdUnpair     Command = 0x41 // M, or button
	CmdPairList   Command = 0x42 // button
	CmdAbort      Command = 0x50
	CmdBye        Command = 0x51
	CmdHeartbeat  Command = 0x60
	CmdEvent      Command = 0x61
)

var commandNames = map[Command]string{
	CmdHello: "HELLO", CmdInfo: "INFO", CmdTimeGet: "TIME_GET", CmdTimeSet: "TIME_SET",
	CmdLogOpen: "LOG_OPEN", CmdCredit: "CREDIT", CmdLogAck: "LOG_ACK", CmdSeal: "SEAL",
	CmdListBegin: "LIST_BEGIN", CmdListPut: "LIST_PUT", CmdListCommit: "LIST_COMMIT",
	CmdLabelSet: "LABEL_SET", CmdIdentify: "IDENTIFY", CmdPair: "PAIR", CmdUnpair: "UNPAIR",
	CmdPairList: "PAIR_LIST", CmdAbort: "ABORT", CmdBye: "BYE", CmdHeartbeat: "HEARTBEAT", CmdEvent: "EVENT",
}

// String returns the command's name in PROTOCOL.md.
func (c Command) String() string {
	if s, ok := commandNames[c]; ok {
		return s
	}
	return fmt.Sprintf("command 0x%02X", uint8(c))
}

// Status is a box's verdict on a request; 0 in requests. A box's refusal is an
// error that callers can test for with errors.Is.
type Status uint8

// Statuses.
const (
	OK             Status = 0
	Unknown        Status = 1 // no such command
	Malformed      Status = 2
	NotPaired      Status = 3
	BadMAC         Status = 4 // paired, but with another key
	PressButton    Status = 5
	PairingsFull   Status = 6
	Busy           Status = 7 // a stream runs
	BeyondEnd      Status = 8 // a sequence that the log has not reached
	ChainDiffers   Status = 9
	OutOfRange     Status = 10
	ListTooLarge   Status = 11
	ListOrder      Status = 12 // entries not ascending, doubled or out of place
	ListHash       Status = 13
	StorageFailed  Status = 14
	Implausible    Status = 15 // a time before 2020
	NoSession      Status = 16
	OldTransaction Status = 17
)

var statusNames = [...]string{"ok", "unknown command", "malformed", "not paired", "wrong MAC", "press the button",
	"pairing store full", "busy", "beyond the end of the log", "chain differs", "out of range", "badge list too large",
	"badge list out of order", "badge list differs from its hash", "storage failed", "implausible time", "no session",
	"old transaction"}

// Error returns the status in words, for engineers.
func (s Status) Error() string {
	if int(s) < len(statusNames) {
		return "box answers: " + statusNames[s]
	}
	return fmt.Sprintf("box answers: status %d", uint8(s))
}

// Message is one request, response, stream part, credit, heartbeat or event.
type Message struct {
	Command     Command
	Status      Status
	Transaction uint16
	Body        []byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// CRC32C continues a CRC-32C (Castagnoli) with p; begin with 0.
func CRC32C(crc uint32, p []byte) uint32 { return crc32.Update(crc, castagnoli, p) }

// Encode returns the message's bytes: header, body, CRC-32C.
func (m Message) Encode() []byte {
	b := make([]byte, headerSize, headerSize+len(m.Body)+checkSize)
	b[0], b[1] = byte(m.Command), byte(m.Status)
	binary.LittleEndian.PutUint16(b[2:], m.Transaction)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(m.Body)))
	b = append(b, m.Body...)
	return binary.LittleEndian.AppendUint32(b, CRC32C(0, b))
}

// Errors of messages.
var (
	errShort   = errors.New("message cut short")
	errLength  = errors.New("message length does not fit its bytes")
	errBadCRC  = errors.New("message with a wrong CRC-32C")
	errTooLong = errors.New("message too long")
)

// ParseMessage reads a whole message of at most limit bytes. The body is a copy.
func ParseMessage(b []byte, limit int) (Message, error) {
	if len(b) > limit {
		return Message{}, errTooLong
	}
	if len(b) < headerSize+checkSize {
		return Message{}, errShort
	}
	end := len(b) - checkSize
	if uint64(binary.LittleEndian.Uint32(b[4:])) != uint64(end-headerSize) {
		return Message{}, errLength
	}
	if CRC32C(0, b[:end]) != binary.LittleEndian.Uint32(b[end:]) {
		return Message{}, errBadCRC
	}
	return Message{
		Command:     Command(b[0]),
		Status:      Status(b[1]),
		Transaction: binary.LittleEndian.Uint16(b[2:]),
		Body:        append([]byte(nil), b[headerSize:end]...),
	}, nil
}
