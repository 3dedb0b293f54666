package app

// ClockCut is a person's word that a log's clock was another one from a record on:
// its segment is two, each with its own shift (rule C3). The records stay as they are.
type ClockCut struct {
	ID  ID     `json:"id"`
	Log LogKey `json:"log"`
	// First is the sequence number of the first record of the second part.
	First     uint64  `json:"first"`
	Reason    string  `json:"reason"`
	By        string  `json:"by"`
	At        Instant `json:"at"`
	Withdrawn Instant `json:"withdrawn,omitzero"` // never erased
}
