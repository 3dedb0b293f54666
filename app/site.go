package app

// Client is whose buildings are cleaned.
type Client struct {
	ID    ID      `json:"id"`
	Name  string  `json:"name"`
	Ended Instant `json:"ended,omitzero"`
}

// Address is a Belgian address in the parts that the register asks for.
type Address struct {
	Street       string `json:"street"`
	HouseNumber  string `json:"houseNumber,omitempty"`
	BoxNumber    string `json:"boxNumber,omitempty"`
	PostCode     string `json:"postCode"`
	Municipality string `json:"municipality"`
}

// Coordinates are WGS 84 degrees.
type Coordinates struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Site is a place where people clean.
type Site struct {
	ID          ID           `json:"id"`
	Code        string       `json:"code,omitempty"` // the company's own number; unique where given
	Name        string       `json:"name"`
	ClientID    ID           `json:"clientId,omitempty"`
	Address     Address      `json:"address"`
	Coordinates *Coordinates `json:"coordinates,omitempty"`
	Contact     Contact      `json:"contact,omitzero"`
	Zone        Zone         `json:"zone"` // DefaultZone unless set
	Thresholds  Thresholds   `json:"thresholds,omitempty"`
	// Phones says that people may register by phone here: then what the register shows counts as a box of the site (RegisterEntry).
	Phones bool    `json:"phones,omitempty"`
	Ended  Instant `json:"ended,omitzero"`
}

// Contact is whom to call at a site.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"` // as people write it, valid by identity.ParsePhone
}

// Decision says whether a site falls under CIAO. It is decided by a person
// and never computed: even official texts contradict each other.
type Decision string

// Decisions about a site.
const (
	Undecided Decision = "undecided"
	UnderCIAO Decision = "yes"
	NotUnder  Decision = "no"
)

// SiteDecision is one decision about a site; it applies from From until the next one of that site.
type SiteDecision struct {
	ID       ID       `json:"id"`
	SiteID   ID       `json:"siteId"`
	Decision Decision `json:"decision"`
	From     Instant  `json:"from"`
	Reason   string   `json:"reason,omitempty"`
	By       string   `json:"by"`
	At       Instant  `json:"at"` // when it was entered
}

// Declaration is a Declaration of Works filed at the NSSO.
type Declaration struct {
	ID     ID     `json:"id"`
	Number string `json:"number"` // 13 characters, valid by identity.ParseDeclaration
	Days   Days   `json:"days"`   // Belgian days, both included
	Label  string `json:"label,omitempty"`
	// SelfAddress is the address by which people register themselves for it, copied from the NSSO and never made up; ""
	// where none was copied.
	SelfAddress string `json:"selfAddress,omitempty"`
}

// DeclarationSite says that a declaration covers a site. Many to many, with
// dates; at most one at a time is a site's default.
type DeclarationSite struct {
	ID            ID   `json:"id"`
	DeclarationID ID   `json:"declarationId"`
	SiteID        ID   `json:"siteId"`
	Days          Days `json:"days"`
	Default       bool `json:"default"`
}

// Placement says that a box stood at a site.
type Placement struct {
	ID     ID     `json:"id"`
	BoxUID string `json:"boxUid"`
	SiteID ID     `json:"siteId"`
	Span   Span   `json:"span"`
}
