package papers

import (
	"cmp"
	"slices"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"klokkast/app"
	"klokkast/app/identity"
)

// PersonThere is one presence on the list.
type PersonThere struct {
	WorkerID    app.ID          `json:"workerId"`
	Name        string          `json:"name"`
	StaffNumber string          `json:"staffNumber,omitempty"`
	SSIN        string          `json:"ssin,omitempty"` // masked, unless it was asked for
	Employer    string          `json:"employer"`
	Where       app.Whereabouts `json:"where"`
	// UnknownSince is up to when the person is known to have been inside, where that
	// is not known any more; zero: came at a time that nobody knows.
	UnknownSince app.Instant `json:"unknownSince,omitzero"`
	In           app.Instant `json:"in,omitzero"`  // zero: not known
	Out          app.Instant `json:"out,omitzero"` // zero: none, or not known
	// BreakSince is since when the person is on break at the end of the time; zero: not.
	BreakSince app.Instant `json:"breakSince,omitzero"`
	// ReadTo is, where no OUT came, up to when every box of the site was read; zero: never.
	ReadTo app.Instant `json:"readTo,omitzero"`
	Stated bool        `json:"stated,omitempty"` // an edge is a supervisor's statement
	// InByPhone and OutByPhone say of the edges that they were registered by phone or otherwise.
	InByPhone  bool `json:"inByPhone,omitempty"`
	OutByPhone bool `json:"outByPhone,omitempty"`
}

// BoxRead is a box of the site and up to when its punches are known; or the phones by which people may register there.
type BoxRead struct {
	UID    string      `json:"uid"`
	Label  string      `json:"label"`
	ReadTo app.Instant `json:"readTo,omitzero"` // zero: never read
	Phones bool        `json:"phones,omitempty"`
}

// PresenceList is who is or was at a site between two moments, by whereabouts and name.
type PresenceList struct {
	Made
	Site   app.Site      `json:"-"`
	From   app.Instant   `json:"from"`
	To     app.Instant   `json:"to"` // equal to From where one moment is asked about
	People []PersonThere `json:"people"`
	Boxes  []BoxRead     `json:"boxes"`
}

// PresenceQuestion is what a list is made of.
type PresenceQuestion struct {
	Site     app.Site
	From, To app.Instant // both included
	// Presences may be of any site and time.
	Presences   []app.Presence
	Workers     map[app.ID]app.Worker
	Engagements map[app.ID]app.Engagement
	Employers   map[app.ID]app.Employer
	Boxes       []BoxRead // of the site
	// Longest is how long somebody may be inside when an edge is missing
	// (the threshold of a missing OUT).
	Longest func(engagement app.ID) time.Duration
	Reveal  bool // SSINs in full
}

// BuildPresenceList makes the list: who is known to be inside, then of whom it is
// not known, then who left. Nothing and nobody is invented: who has no OUT is
// inside as far as the boxes were read, and no longer than that.
func BuildPresenceList(m Made, q PresenceQuestion) *PresenceList {
	l := &PresenceList{Made: m, Site: q.Site, From: q.From, To: q.To, Boxes: q.Boxes, People: []PersonThere{}}
	for i := range q.Presences {
		pr := &q.Presences[i]
		if pr.SiteID != q.Site.ID {
			continue
		}
		if where, since, there := q.where(pr); there {
			l.People = append(l.People, q.person(pr, where, since))
		}
	}
	order := collate.New(language.Und)
	slices.SortFunc(l.People, func(a, b PersonThere) int {
		return cmp.Or(
			cmp.Compare(a.Where.Rank(), b.Where.Rank()),
			order.CompareString(a.Name, b.Name),
			cmp.Compare(a.WorkerID, b.WorkerID),
			cmp.Compare(a.In, b.In),
			cmp.Compare(a.Out, b.Out),
		)
	})
	return l
}

// where tells where somebody is at the end of the time, and since when that is
// not known; there is false where the presence does not reach into the time.
func (q *PresenceQuestion) where(pr *app.Presence) (where app.Whereabouts, since app.Instant, there bool) {
	longest := q.Longest(pr.EngagementID)
	first := pr.Start()
	again := app.SeenAgain(pr, q.Presences)
	switch {
	case pr.In != nil && first > q.To:
		return "", 0, false
	case pr.Out != nil && pr.Out.At < q.From:
		return "", 0, false
	case pr.In == nil && first.Add(-longest) > q.To:
		return "", 0, false
	case pr.Out == nil && again != 0 && again < q.From:
		return "", 0, false
	case first > q.To: // without IN, seen only later
		return app.WhereUnknown, 0, true
	}
	where, since = app.StandsAt(pr, q.To, again, longest)
	return where, since, true
}

func (q *PresenceQuestion) person(pr *app.Presence, where app.Whereabouts, since app.Instant) PersonThere {
	w := q.Workers[pr.WorkerID]
	x := PersonThere{
		WorkerID: w.ID, Name: w.Name(), StaffNumber: w.StaffNumber, SSIN: w.SSIN.Masked(),
		Employer: q.Employers[q.Engagements[pr.EngagementID].EmployerID].Name, Where: where, UnknownSince: since, Stated: pr.Adjusted,
		InByPhone: pr.In.ByPhone(), OutByPhone: pr.Out.ByPhone(),
	}
	if q.Reveal {
		x.SSIN = identity.FormatSSIN(w.SSIN.Reveal())
	}
	if pr.In != nil {
		x.In = pr.In.At
	}
	if pr.Out != nil {
		x.Out = pr.Out.At
	}
	if pr.State == app.PresenceOpen {
		x.ReadTo = pr.BoxReadTo
	}
	for _, b := range pr.Breaks {
		if where != app.WhereLeft && b.Start.At != 0 && b.Start.At <= q.To && (b.End == nil || b.End.At > q.To) {
			x.BreakSince = b.Start.At
		}
	}
	return x
}

// Count returns how many people are in one of the whereabouts, each once: who is
// inside is not counted among those of whom it is not known, nor among those who left before.
func (l *PresenceList) Count(where app.Whereabouts) int {
	best := map[app.ID]int{}
	for _, x := range l.People {
		if have, ok := best[x.WorkerID]; !ok || x.Where.Rank() < have {
			best[x.WorkerID] = x.Where.Rank()
		}
	}
	n := 0
	for _, rank := range best {
		if rank == where.Rank() {
			n++
		}
	}
	return n
}

// In returns those in one of the whereabouts, by name.
func (l *PresenceList) In(where app.Whereabouts) (out []PersonThere) {
	for _, x := range l.People {
		if x.Where == where {
			out = append(out, x)
		}
	}
	return out
}

// Reaches says that a box was read up to a moment, or just before it.
func (b *BoxRead) Reaches(at app.Instant) bool {
	return b.ReadTo != 0 && b.ReadTo.Add(app.ReadingHolds) >= at
}

// TextKey names the text that says up to when it is known what was tapped, or registered by phone.
func (b *BoxRead) TextKey(to app.Instant) string {
	keys := [3]string{"neverRead", "readTo", "box"}
	if b.Phones {
		keys = [3]string{"phonesNever", "phonesTo", "phones"}
	}
	switch {
	case b.ReadTo == 0:
		return "papers.presence." + keys[0]
	case !b.Reaches(to):
		return "papers.presence." + keys[1]
	}
	return "papers.presence." + keys[2]
}

// Unread returns the boxes that were not read up to the end of the time.
func (l *PresenceList) Unread() (out []BoxRead) {
	for _, b := range l.Boxes {
		if !b.Reaches(l.To) {
			out = append(out, b)
		}
	}
	return out
}
