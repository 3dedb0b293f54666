package app

// BadgeNotation says, confirmed by a person, in which notation a box shows
// cards that the company knows in another one: bytes reversed, cut off, or as a
// decimal number. It counts for every unknown card at that box.
type BadgeNotation struct {
	ID  ID     `json:"id"`
	Box string `json:"box"`
	// Kind is an identity.NotationKind: the box shows it of the number known.
	Kind string `json:"kind"`
	// Inverse turns that around: the number known is Kind of what the box shows.
	Inverse   bool    `json:"inverse,omitempty"`
	By        string  `json:"by"`
	At        Instant `json:"at"`
	Withdrawn Instant `json:"withdrawn,omitzero"` // never erased
}
