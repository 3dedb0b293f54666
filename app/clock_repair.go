package app

import "time"

// ClockRepair is the acceptance, by a person, of the shift of one segment of a
// log whose clock was wrong (rule C3). The box's own times stay as they are.
type ClockRepair struct {
	ID  ID     `json:"id"`
	Log LogKey `json:"log"`
	// First is the sequence number of the segment's first record: its anchor.
	// Last is that of its last one when the repair was accepted.
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
	// Shift is added to every raw time of the segment; whole milliseconds.
	Shift time.Duration `json:"shift"`
	// Source says where the shift comes from: boot, clock-set, measured,
	// summer-time, neighbours (rule C3), or person, who knew the right time of a punch.
	Source    string  `json:"source"`
	Reason    string  `json:"reason"`
	By        string  `json:"by"`
	At        Instant `json:"at"`
	Withdrawn Instant `json:"withdrawn,omitzero"` // never erased
}
