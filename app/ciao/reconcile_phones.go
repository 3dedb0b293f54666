package ciao

import (
	"klokkast/app"
)

// Kinds of difference of what people registered by phone or otherwise.
const (
	DiffPhonesUnread DifferenceKind = "phones-unread" // it is not known to the end of the period who registered by phone
	DiffPhoneNew     DifferenceKind = "phone-new"     // at the register, by phone perhaps, and not known here
	DiffPhoneWaits   DifferenceKind = "phone-waits"   // known here, and it waits: box or phone, which site, who
	DiffPhoneGone    DifferenceKind = "phone-gone"    // counts here, and not at the register any more
)

// Steps about them.
const (
	StepAskPhones DifferenceStep = "ask-phones" // ask the register who registered by phone, or import a list
	StepSettle    DifferenceStep = "settle"     // say what it is, or where: the list of what waits
)

// PhonesKnown is how far it is known who registered by phone at a site, for the comparison.
type PhonesKnown struct {
	SiteID       app.ID
	ReadTo       app.Instant // zero: never
	Declarations []string    // that cover the site
}

// phones says at which sites it is not known to the end of the period who registered by phone.
func (c *comparison) phones() {
	end := min(c.in.Days.To.End(c.in.Zone), c.in.Now)
	c.declared = map[string]bool{}
	for _, p := range c.in.Phones {
		for _, number := range p.Declarations {
			c.declared[number] = true
		}
		if since := end.Add(-phonesSlack); p.ReadTo < since {
			c.list = append(c.list, Difference{Kind: DiffPhonesUnread, Step: StepAskPhones, SiteID: p.SiteID, At: p.ReadTo})
		}
	}
	c.entries = make(map[int64]*app.RegisterEntry, len(c.in.Entries))
	for i := range c.in.Entries {
		c.entries[c.in.Entries[i].ID] = &c.in.Entries[i]
	}
}

// phonesSlack is how far behind the end of a period that is not over the phones may be: the register shows things after a while.
const phonesSlack = consultRest

// phone compares what nobody sent from here with what is known of phones; false where it is a matter of something else.
func (c *comparison) phone(p *AskedPerson, f *FoundRegistration) bool {
	theirs := foundLine(p.WorkerID, f)
	d := Difference{WorkerID: p.WorkerID, RegisterID: f.ID, Type: f.Type, At: theirs.At, Theirs: &theirs}
	e := c.entries[f.ID]
	switch {
	case e == nil && (f.Cancelled || !c.declared[f.Declaration]):
		return false
	case e == nil:
		d.Kind, d.Step = DiffPhoneNew, StepAskPhones
	case e.State == app.EntryOurs:
		return false
	case e.Counts() && f.Cancelled:
		d.Kind, d.Step, d.SiteID = DiffPhoneGone, StepAskPhones, e.SiteID
	case f.Cancelled || e.Withdrawn:
		return true
	case e.Counts():
		p.ByPhone++
		return true
	case e.Cancelled:
		d.Kind, d.Step, d.SiteID = DiffPhoneNew, StepAskPhones, e.SiteID
	default:
		d.Kind, d.Step, d.SiteID = DiffPhoneWaits, StepSettle, e.SiteID
	}
	c.list = append(c.list, d)
	return true
}

// phonesGone tells of what counts as registered by phone of a person whose answer counts, and is not in it.
func (c *comparison) phonesGone(p *AskedPerson) {
	for i := range c.in.Entries {
		e := &c.in.Entries[i]
		if e.WorkerID != p.WorkerID || !e.Counts() || !c.in.Days.Holds(e.At.DateIn(c.in.Zone)) || has(p.found, e.ID) {
			continue
		}
		c.list = append(c.list, Difference{Kind: DiffPhoneGone, Step: StepAskPhones, WorkerID: e.WorkerID, SiteID: e.SiteID, RegisterID: e.ID, Type: e.Type, At: e.At})
	}
}
