package app

// Letterhead is whose paper it is: what stands at the head of timesheets.
type Letterhead struct {
	Name       string   `json:"name,omitempty"`             // "": no name
	Lines      []string `json:"lines,omitempty"`            // address, telephone; at most four
	Enterprise string   `json:"enterpriseNumber,omitempty"` // 10 digits, valid by identity.ParseEnterprise
	// Logo is the SHA-256, hex, of a picture that the database keeps; "" is none.
	Logo string `json:"logo,omitempty"`
}

// IsZero says that there is nothing at the head.
func (l Letterhead) IsZero() bool {
	return l.Name == "" && len(l.Lines) == 0 && l.Enterprise == "" && l.Logo == ""
}
