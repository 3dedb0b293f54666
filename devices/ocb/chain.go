package ocb

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"

	"klokkast/app"
)

// UID names a box, a log or an installation: 16 bytes.
type UID [16]byte

// String returns 32 lower-case hex digits.
func (u UID) String() string { return hex.EncodeToString(u[:]) }

// ParseUID reads 32 hex digits; hyphens of a UUID are allowed.
func ParseUID(s string) (u UID, err error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(b) != len(u) {
		return u, errors.New("want 32 hex digits")
	}
	return UID(b), nil
}

// Hash is a point of the chain.
type Hash [32]byte

// ChainStart returns h₀ = SHA-256("OCB1" ‖ box uid ‖ log id).
func ChainStart(box, log UID) Hash {
	b := append([]byte("OCB1"), box[:]...)
	return sha256.Sum256(append(b, log[:]...))
}

// Next returns hₙ = SHA-256(hₙ₋₁ ‖ recordₙ).
func (h Hash) Next(record *[RecordSize]byte) Hash {
	var b [len(h) + RecordSize]byte
	copy(b[:], h[:])
	copy(b[len(h):], record[:])
	return sha256.Sum256(b[:])
}

// LogKeyOf returns the log's name in the words of the program.
func LogKeyOf(box, log UID) app.LogKey { return app.LogKey{Box: box.String(), Log: log.String()} }

// MACSize is the length of a MAC in bytes.
const MACSize = sha256.Size

// MAC returns the HMAC-SHA-256 that a state-changing command ends with, over
// "OCB1-MAC", the box's nonce of this session, session, transaction, command
// and the body before the MAC.
func MAC(key []byte, boxNonce UID, session, transaction uint16, c Command, body []byte) [MACSize]byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("OCB1-MAC"))
	h.Write(boxNonce[:])
	var b [5]byte
	binary.LittleEndian.PutUint16(b[0:], session)
	binary.LittleEndian.PutUint16(b[2:], transaction)
	b[4] = byte(c)
	h.Write(b[:])
	h.Write(body)
	return [MACSize]byte(h.Sum(nil))
}

// PairingKey derives an installation's key from the X25519 secret: HMAC-SHA-256
// with the secret as key over "OCB1-PAIR", box uid, installation id and both
// public keys, the host's first.
func PairingKey(secret []byte, box, installation UID, hostPublic, boxPublic [32]byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("OCB1-PAIR"))
	h.Write(box[:])
	h.Write(installation[:])
	h.Write(hostPublic[:])
	h.Write(boxPublic[:])
	return h.Sum(nil)
}

// Seal is a box's signed statement of how its log stood.
type Seal struct {
	Box, Log  UID
	Seq       uint64
	Hash      Hash
	Time      uint64 // milliseconds since 1970 by the box's clock
	Nonce     UID
	Signature [ed25519.SignatureSize]byte
}

// Text returns what is signed: "OCB1-SEAL", uid, log id, sequence u48, h, time u64, nonce.
func (s *Seal) Text() []byte {
	b := append([]byte("OCB1-SEAL"), s.Box[:]...)
	b = append(b, s.Log[:]...)
	b = appendU48(b, s.Seq)
	b = append(b, s.Hash[:]...)
	b = binary.LittleEndian.AppendUint64(b, s.Time)
	return append(b, s.Nonce[:]...)
}

// Good says that public signed the seal.
func (s *Seal) Good(public ed25519.PublicKey) bool {
	return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, s.Text(), s.Signature[:])
}

func appendU48(b []byte, v uint64) []byte {
	var t [6]byte
	putU48(t[:], v)
	return append(b, t[:]...)
}
