package app

// RegisterEntry is a registration that the register showed and that was not sent from here: somebody registered by
// phone or otherwise. Environment and ID are its natural key.
type RegisterEntry struct {
	Environment Environment      `json:"environment"`
	ID          int64            `json:"id"` // the register's number
	Type        RegistrationType `json:"type"`
	At          Instant          `json:"at"` // to the second
	WorkerID    ID               `json:"workerId,omitempty"`
	SiteID      ID               `json:"siteId,omitempty"`
	Enterprise  string           `json:"enterprise,omitempty"`
	ForeignVAT  string           `json:"foreignVat,omitempty"`
	Declaration string           `json:"declaration"`
	Place       Place            `json:"place,omitzero"`
	Validity    string           `json:"validity,omitempty"`
	Remarks     string           `json:"remarks,omitempty"` // as they came, masked
	Cancelled   bool             `json:"cancelled,omitempty"`
	FirstShown  Instant          `json:"firstShown"`
	LastShown   Instant          `json:"lastShown"`
}

// Key is the key of its tap among the records: of the box that stands for the phones of its site.
func (e *RegisterEntry) Key() RecordKey {
	return RecordKey{LogKey: LogKey{Box: MakeRegister.UID(string(e.SiteID)), Log: string(e.Environment)}, Seq: uint64(e.ID)}
}
