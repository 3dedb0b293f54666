package reading

// TerminalUser is a person as a terminal of another make knows them. Their
// passwords, which such files hold in clear, are never read.
type TerminalUser struct {
	Record int    // of the file, from 1
	PIN    string // what the terminal's punches call them; without leading zeros
	Name   string // as typed at the terminal, without control characters; may be empty
	Card   uint64 // number of the card, 0 for none; how a reader shows it is a notation (package identity)
}

// UserFile is the list of people of one terminal.
type UserFile struct {
	Name  string // base name of the file
	Users []TerminalUser
	Bad   []int // records that make no sense: kept aside, never guessed at
}
