package ciao

import (
	"context"
	"strings"

	"klokkast/app"
	"klokkast/app/identity"
)

// EntryStore keeps what the register shows that was not sent from here. Every
// changing method is one transaction, and judges anew what it touches.
type EntryStore interface {
	// KeepEntries keeps what was shown, each thing once however often it is shown,
	// and says up to when the phones of sites are known.
	KeepEntries(ctx context.Context, s Showing) (Kept, error)
	// RegisterEntries returns entries by instant and number.
	RegisterEntries(ctx context.Context, f EntryFilter) ([]app.RegisterEntry, error)
	// EntryCounts counts the entries of an environment by what became of them.
	EntryCounts(ctx context.Context, e app.Environment) (EntryCounts, error)
	EntryWords
	// OtherEntries returns what other employers' people registered at our sites, of the last 13 months.
	OtherEntries(ctx context.Context, f OtherFilter) ([]app.OtherEntry, error)
	// PhonesListed returns the sites where people may register by phone, with up to when lists of the register were
	// imported of each; 0: never.
	PhonesListed(ctx context.Context, e app.Environment) (Phones, error)
	// AskedUpTo says up to when the register was asked about single persons.
	AskedUpTo(ctx context.Context, e app.Environment) (map[app.ID]app.Instant, error)
}

// EntryWords are what people say of what the register showed.
type EntryWords interface {
	// PlaceEntries says at which site entries were; "" takes that back. *app.NotFoundError where there is no such entry.
	PlaceEntries(ctx context.Context, e app.Environment, ids []int64, site app.ID, act app.Act) error
	// DecideEntries says whether entries that wait are by phone (EntryRegistered) or of a
	// box of ours (EntryOurs); "" takes that back.
	DecideEntries(ctx context.Context, e app.Environment, ids []int64, is app.EntryState, act app.Act) error
	// PhonesReadTo says up to when it is known what was registered by phone at a site, and returns the reading of that word.
	PhonesReadTo(ctx context.Context, e app.Environment, site app.ID, readTo app.Instant, act app.Act) (app.ID, error)
	// WithdrawPhonesReadTo takes such a word back.
	WithdrawPhonesReadTo(ctx context.Context, reading app.ID, act app.Act) error
}

// Showing is what a consultation or a list showed of the register, ours included.
type Showing struct {
	Environment app.Environment
	Source      app.ReadingSource // app.FromRegister or app.FromList
	At          app.Instant       // when it was shown
	Actor       string
	File        string        // of a list: its name
	Import      app.ID        // of a list: its import
	Lines       map[int64]int // of a list: on which line each stands, by the register's number
	Entries     []FoundRegistration
	// ReadTo are the sites at which nothing else was registered up to an instant.
	ReadTo map[app.ID]app.Instant
	// Asked are the persons about whom all is known up to an instant.
	Asked map[app.ID]app.Instant
}

// Kept counts what became of what was shown.
type Kept struct {
	New       int `json:"new"`       // entries seen for the first time
	Changed   int `json:"changed"`   // known ones that the register shows otherwise now
	Same      int `json:"same"`      // known ones, as they were
	Ours      int `json:"ours"`      // of all these: taps of boxes of ours
	Waiting   int `json:"waiting"`   // of all these: "box or phone?"
	WhichSite int `json:"whichSite"` // of all these: a person says where
	Who       int `json:"who"`       // of all these: of nobody in staff
	Others    int `json:"others"`    // of other employers' people
	Refused   int `json:"refused"`   // neither IN nor OUT, or without a number or an instant
	// Adopted counts registrations of unknown fate that the register thereby was seen to hold.
	Adopted int `json:"adopted"`
}

// Phones are the sites where people may register by phone, with up to when a list of the register shows who did.
type Phones map[app.ID]app.Instant

// MayHave says that somebody may have registered the same by phone, and no list says whether; or that somebody did.
func (p Phones) MayHave(g *app.Registration) bool {
	listed, may := p[g.SiteID]
	return may && listed <= g.At || g.ReleasedFrom == app.HeldByPhone
}

// EntryFilter narrows entries; zero fields do not.
type EntryFilter struct {
	Environment app.Environment
	At          app.Span
	States      []app.EntryState
	SiteID      app.ID
	WorkerID    app.ID
	IDs         []int64
	// Counting asks for those alone that count.
	Counting bool
}

// OtherFilter narrows other employers' entries; zero fields do not.
type OtherFilter struct {
	Environment app.Environment
	At          app.Span
	SiteID      app.ID
	Employer    string // an enterprise or foreign VAT number
}

// EntryCounts counts entries by what became of them; cancelled and withdrawn ones are in none but Cancelled.
type EntryCounts struct {
	States    map[app.EntryState]int `json:"states"`
	Waits     map[app.EntryWait]int  `json:"waits,omitempty"`
	Cancelled int                    `json:"cancelled"`
	// Sites are those that count and those that wait as "box or phone?", by site.
	Sites map[app.ID]SiteEntries `json:"-"`
	// OldestOpen is the instant of the oldest that waits for a person or for something of ours.
	OldestOpen app.Instant `json:"oldestOpen,omitzero"`
}

// Person is whose registration it is; false where it is none that can be kept: without a number, an instant or a
// person's whole number, or neither IN nor OUT.
func (f *FoundRegistration) Person() (app.Secret, bool) {
	ssin, err := identity.ParseSSIN(f.SSIN)
	return app.Secret(ssin), err == nil && f.ID > 0 && f.RegistrationDate.Instant != 0 && (f.Type == app.RegisterIn || f.Type == app.RegisterOut)
}

// MaskedRemarks are the register's remarks as they came, with numbers masked.
func (f *FoundRegistration) MaskedRemarks() string { return remarks(f.Remarks) }

// MaskedValidity is what the register thinks of it, with numbers masked.
func (f *FoundRegistration) MaskedValidity() string { return mask(f.Validity) }

// MaskEntry masks the numbers in all that the register said of an entry: that of its person in whatever spelling.
func MaskEntry(raw string, person app.Secret) string {
	return strings.ReplaceAll(identity.Mask(raw), person.Reveal(), person.Masked())
}

// SiteEntries counts the entries of a site.
type SiteEntries struct{ Registered, Waiting int }

// EntryMargin is how far a box's clock may be behind the time that is sent: a box is
// read past an entry when it was read this much later.
const EntryMargin = setBackMargin
