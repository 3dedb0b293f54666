package simbox

import (
	"fmt"

	"klokkast/devices/ocb"
)

// Damage spoils the stored records from first to last, as failing flash does.
// The box notices when it is next switched on, and says so in its log. For
// tests and demos.
func (b *Box) Damage(first, last uint64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		return ErrOff
	}
	for _, p := range b.s.pages {
		for seq := max(first, p.first); seq <= min(last, p.last()); seq++ {
			at := int64(p.slot)*pageSize + headerSize + int64(seq-p.first)*ocb.RecordSize
			if _, err := b.s.f.WriteAt(make([]byte, ocb.RecordSize), at); err != nil {
				return fmt.Errorf("damage record %d: %w", seq, err)
			}
		}
	}
	return b.s.f.Sync()
}

// Raw returns at most n records as they are stored, from sequence from on, up to
// the next damaged one or the end of a page; none where the log has none. For tests.
func (b *Box) Raw(from uint64, n int) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		return nil, ErrOff
	}
	at, err := b.s.read(from, n)
	if err != nil || at.first != from {
		return nil, err
	}
	return at.records, nil
}
