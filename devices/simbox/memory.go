package simbox

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"klokkast/devices/ocb"
)

// Sign is the file by which the folder of a simulated box is known.
const Sign = memoryFile

// Files of a box's folder.
const (
	memoryFile = "box.json" // identity, keys, marks: what a box keeps beside its log
	storeFile  = "log.ocb"
	lockFile   = "lock"
)

// memory is what a box keeps beside its log.
type memory struct {
	UID      ocb.UID     `json:"-"`
	Log      ocb.UID     `json:"-"`
	UIDText  string      `json:"uid"`
	LogText  string      `json:"log"`
	SealKey  []byte      `json:"sealKey"` // Ed25519 seed, made inside the box; never leaves it
	Pages    int         `json:"pages"`
	ListMax  int         `json:"listMax"`
	Label    string      `json:"label"`
	Model    string      `json:"model"`
	Boot     uint16      `json:"boot"`
	Acked    uint64      `json:"acked"`
	Reached  uint64      `json:"reached"` // first sequence of the newest page
	Refused  uint32      `json:"refused"` // punches, since the store is full
	Reported [][2]uint64 `json:"reported,omitempty"`
	// OffsetMillis is the box's clock minus the computer's; ClockSet whether it was ever set.
	OffsetMillis int64     `json:"offsetMillis"`
	ClockSet     bool      `json:"clockSet"`
	Pairings     []pairing `json:"pairings,omitempty"`
	List         list      `json:"list"`
}

type pairing struct {
	Installation string `json:"installation"`
	Key          []byte `json:"key"`
}

// list is the badge list in force.
type list struct {
	Version uint32 `json:"version"`
	Entries []byte `json:"entries,omitempty"` // times 11 bytes, ascending
	Refuse  bool   `json:"refuse,omitempty"`
}

func (m *memory) sealKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(m.SealKey) }

func (m *memory) pairing(installation ocb.UID) *pairing {
	for i := range m.Pairings {
		if m.Pairings[i].Installation == installation.String() {
			return &m.Pairings[i]
		}
	}
	return nil
}

// load reads a box's memory.
func load(dir string) (*memory, error) {
	b, err := os.ReadFile(filepath.Join(dir, memoryFile))
	if err != nil {
		return nil, fmt.Errorf("read the box's memory: %w", err)
	}
	m := new(memory)
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("read the box's memory: %w", err)
	}
	var errs [2]error
	m.UID, errs[0] = ocb.ParseUID(m.UIDText)
	m.Log, errs[1] = ocb.ParseUID(m.LogText)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("read the box's memory: %w", err)
	}
	if len(m.SealKey) != ed25519.SeedSize || m.Pages < minPages || m.Pages > 1<<16 || len(m.List.Entries)%ocb.BadgeSize != 0 {
		return nil, errors.New("the box's memory is damaged")
	}
	return m, nil
}

// save writes a box's memory whole: to a new file, flushed, then renamed.
func (m *memory) save(dir string) error {
	m.UIDText, m.LogText = m.UID.String(), m.Log.String()
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("write the box's memory: %w", err)
	}
	path := filepath.Join(dir, memoryFile)
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the box's memory: %w", err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("write the box's memory: %w", err)
	}
	return nil
}

// Factory says what box is made. The zero Factory makes a usual one.
type Factory struct {
	UID   ocb.UID // zero: a random one
	Label string
	Model string // "" means "Simulated box"
	// Pages of 126 records each; 0 means 1,024 (129,024 records), at least 3.
	Pages int
	// ListMax is the number of badges that a list may hold; 0 means 4,096.
	ListMax int
	// NoClock makes a box whose clock was never set.
	NoClock bool
}

// Create makes a box in a folder that has none. It does not switch it on.
func Create(dir string, f Factory) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the box's folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, memoryFile)); err == nil {
		return fmt.Errorf("folder %s holds a box already", filepath.Base(dir))
	}
	m := &memory{UID: f.UID, Label: f.Label, Model: f.Model, Pages: f.Pages, ListMax: f.ListMax, ClockSet: !f.NoClock}
	if m.UID == (ocb.UID{}) {
		_, _ = rand.Read(m.UID[:])
	}
	if m.Model == "" {
		m.Model = "Simulated box"
	}
	if m.Pages == 0 {
		m.Pages = 1024
	}
	if m.ListMax == 0 {
		m.ListMax = 4096
	}
	m.Pages = max(m.Pages, minPages)
	m.SealKey = make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(m.Log[:])
	_, _ = rand.Read(m.SealKey)
	return m.save(dir)
}

// Exists says that a folder holds a box.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, memoryFile))
	return err == nil
}
