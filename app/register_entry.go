package app

// RegisterEntry is a registration that the register showed and that was not sent from here, as far as is known:
// somebody registered by phone or otherwise. Environment and ID are its natural key.
//
// Its tap is a record of the box that stands for the phones of its site (see Key), the punch of which is At, KeyIn or
// KeyOut, and the worker (ByRegister). That punch counts while the entry does, see Counts.
type RegisterEntry struct {
	Environment Environment      `json:"environment"`
	ID          int64            `json:"id"` // the register's number
	Type        RegistrationType `json:"type"`
	At          Instant          `json:"at"` // to the second
	WorkerID    ID               `json:"workerId,omitempty"`
	SiteID      ID               `json:"siteId,omitempty"`
	Enterprise  string           `json:"enterpriseNumber,omitempty"`
	ForeignVAT  string           `json:"foreignVat,omitempty"`
	Declaration string           `json:"declaration"`
	Place       Place            `json:"place,omitzero"`
	Validity    string           `json:"validity,omitempty"`
	Remarks     string           `json:"remarks,omitempty"` // as they came, masked
	Cancelled   bool             `json:"cancelled,omitempty"`
	FirstShown  Instant          `json:"firstShown"`
	LastShown   Instant          `json:"lastShown"`
	// Who is the masked number of the person, for those who are not in staff.
	Who string `json:"who,omitempty"`
	// State is what became of it, and Waits why it waits as "box or phone?".
	State EntryState `json:"state"`
	Waits EntryWait  `json:"waits,omitempty"`
	// Decided is what a person said that it is: EntryRegistered or EntryOurs; "" nobody said.
	Decided EntryState `json:"decided,omitempty"`
	// Source is what first showed it: FromRegister or FromList.
	Source ReadingSource `json:"source"`
	// Withdrawn says that the import of the only list that showed it was taken back.
	Withdrawn bool `json:"withdrawn,omitempty"`
}

// EntryState says what became of what the register showed.
type EntryState string

// States of an entry.
const (
	EntryRegistered EntryState = "registered"   // by phone or otherwise, not by us: it counts
	EntryBoxOrPhone EntryState = "box-or-phone" // it may be a tap of a box of ours: it waits
	EntryOurs       EntryState = "ours"         // it is a tap of a box of ours
	EntryWhichSite  EntryState = "which-site"   // its declaration covers several sites, or none that is known: a person says
	EntryWho        EntryState = "who"          // of an employer of ours, of nobody in staff: it waits for the person to be entered
)

// EntryWait says why it is not known yet whether an entry is of a box of ours.
type EntryWait string

// Reasons to wait.
const (
	WaitsForFate  EntryWait = "fate"  // something of its employer is under way to the register, or of unknown fate
	WaitsForBoxes EntryWait = "boxes" // a box of its site was not read past it
	WaitsForSame  EntryWait = "same"  // a tap or registration of ours is of its second, and may be it
)

// Key is the key of its tap among the records: of the box that stands for the phones of its site.
func (e *RegisterEntry) Key() RecordKey {
	return RecordKey{LogKey: LogKey{Box: MakeRegister.UID(string(e.SiteID)), Log: string(e.Environment)}, Seq: uint64(e.ID)}
}

// Counts says that it is a registration of somebody in staff that counts as one.
func (e *RegisterEntry) Counts() bool {
	return e.State == EntryRegistered && !e.Cancelled && !e.Withdrawn
}

// Key is the key that a tap of the entry's type has.
func (t RegistrationType) Key() PunchKey {
	if t == RegisterOut {
		return KeyOut
	}
	return KeyIn
}

// OtherEntry is a registration of another employer's person at one of our sites: a subcontractor's or an agency's. The
// person's number is kept masked only, and the whole for 13 months.
type OtherEntry struct {
	Environment Environment      `json:"environment"`
	ID          int64            `json:"id"`
	Type        RegistrationType `json:"type"`
	At          Instant          `json:"at"`
	Who         string           `json:"who"` // masked
	Enterprise  string           `json:"enterpriseNumber,omitempty"`
	ForeignVAT  string           `json:"foreignVat,omitempty"`
	SiteID      ID               `json:"siteId,omitempty"` // "": one of the declaration's sites
	Declaration string           `json:"declaration"`
	Validity    string           `json:"validity,omitempty"`
	Cancelled   bool             `json:"cancelled,omitempty"`
	FirstShown  Instant          `json:"firstShown"`
	LastShown   Instant          `json:"lastShown"`
}
