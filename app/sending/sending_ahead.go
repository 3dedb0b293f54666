package sending

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
)

// AskReason says why a person is shown what would be sent, and asked, before it goes.
type AskReason string

// The reasons, in the order in which they are said.
const (
	AskFirst AskReason = "first" // nothing was ever sent to this environment from this database
	AskMany  AskReason = "many"  // more than SendUnasked
	AskOld   AskReason = "old"   // the oldest was made more than SendUnaskedAge ago
)

// What goes at one click, or one command, without a question.
const (
	SendUnasked    = 200
	SendUnaskedAge = 24 * time.Hour
)

// SendingAhead says what the next sending would send, and what it would not:
// what people are shown before they agree to it.
type SendingAhead struct {
	Environment app.Environment
	Mode        ciao.Mode
	// Count is how many would go: those that may be queued now, and those that wait in the queue.
	Count  int
	People int
	Days   app.Days // the first and the last, by the sites' own days
	On     int      // how many days those are that have one
	Sites  []SiteCount
	Oldest app.Instant // when it was made; zero where nothing would go
	// Held is what would not go and why, without what never does.
	Held []HeldCount
	// Unknown counts those of unknown fate, which are looked up and not sent; NeedsPerson those that a person decides.
	Unknown, NeedsPerson int
	// First says that nothing was ever sent to this environment.
	First bool
	// Asks says why a person is asked first; empty: one click is enough.
	Asks []AskReason
}

// SiteCount is how many registrations are of a site.
type SiteCount struct {
	SiteID app.ID
	Count  int
}

// SendingAhead looks at what Send would do now. It sends nothing and asks nobody.
func (o *Register) SendingAhead(ctx context.Context) (*SendingAhead, error) {
	counts, err := o.Counts(ctx)
	if err != nil {
		return nil, err
	}
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	a := &SendingAhead{
		Environment: o.work.Environment(), Mode: o.work.Settings().Register.SendingMode(), First: true,
		Unknown: counts.States[app.RegUnknown] - counts.NeedsPersonOf[app.RegUnknown], NeedsPerson: counts.NeedsPerson,
	}
	for _, h := range counts.Held {
		if !h.Never {
			a.Held = append(a.Held, h)
		}
	}
	t := aheadTally{names: p.Names, people: map[app.ID]bool{}, days: map[app.Date]bool{}, sites: map[app.ID]int{}}
	for i := range p.Register.Current {
		if c := &p.Register.Current[i]; c.Ready() {
			t.add(a, &c.Registration)
		}
	}
	for state, n := range counts.States {
		a.First = a.First && (n == 0 || state == app.RegQueued || state == app.RegHeld)
	}
	queued, err := o.work.Store.Registrations(ctx, ciao.RegistrationFilter{Environment: a.Environment, States: []app.RegistrationState{app.RegQueued}})
	if err != nil {
		return nil, fmt.Errorf("gather what is queued: %w", err)
	}
	for i := range queued {
		if !queued[i].NeedsPerson {
			t.add(a, &queued[i])
		}
	}
	t.sum(a)
	a.Asks = a.asks(o.Connection.clock().Now())
	return a, nil
}

// asks says why a person is asked before this goes at an instant.
func (a *SendingAhead) asks(now app.Instant) (why []AskReason) {
	if a.Count == 0 {
		return nil
	}
	if a.First {
		why = append(why, AskFirst)
	}
	if a.Count > SendUnasked {
		why = append(why, AskMany)
	}
	if now.Sub(a.Oldest) > SendUnaskedAge {
		why = append(why, AskOld)
	}
	return why
}

// aheadTally gathers of what registrations are made up.
type aheadTally struct {
	names  *derived.Names
	people map[app.ID]bool
	days   map[app.Date]bool
	sites  map[app.ID]int
}

func (t *aheadTally) add(a *SendingAhead, r *app.Registration) {
	a.Count++
	t.people[r.WorkerID] = true
	t.days[r.At.DateIn(t.names.Zone(r.SiteID))] = true
	t.sites[r.SiteID]++
	if a.Oldest == 0 || r.At < a.Oldest {
		a.Oldest = r.At
	}
}

// sum says it of the whole; the sites with the most come first.
func (t *aheadTally) sum(a *SendingAhead) {
	a.People, a.On = len(t.people), len(t.days)
	if days := slices.Sorted(maps.Keys(t.days)); len(days) > 0 {
		a.Days = app.Days{From: days[0], To: days[len(days)-1]}
	}
	for id, n := range t.sites {
		a.Sites = append(a.Sites, SiteCount{id, n})
	}
	slices.SortFunc(a.Sites, func(x, y SiteCount) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.SiteID, y.SiteID))
	})
}
