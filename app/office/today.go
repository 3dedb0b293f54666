package office

import (
	"context"
	"sort"

	"klokkast/app"
	"klokkast/app/boxes"
	"klokkast/app/derived"
	"klokkast/app/sending"
)

const newestShown = 20

// Today returns the first screen.
func (o *Office) Today(ctx context.Context) (*Today, error) {
	p, err := o.Derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	now := o.Workspace.Now()
	t := &Today{
		Date: now.DateIn(app.Belgium()), Environment: o.Workspace.Environment(), Demo: o.Workspace.Demo(),
		ClockUnchecked: !o.Workspace.Settings().Check.Good(now),
	}
	t.Present, t.Unknown = p.Present(now)
	t.Workdays = len(p.Workdays(app.Days{From: t.Date, To: t.Date}, ""))
	t.Expected = p.ExpectedOn(t.Date)
	t.BySeverity, t.Newest = p.CountOpen(), newestSerious(p)
	if t.Settled, err = o.Derived.SettledByReadings(ctx, t.Date.Start(app.Belgium())); err != nil {
		return nil, err
	}
	t.Boxes, _ = boxes.RowsOf(p, now)
	sort.SliceStable(t.Boxes, func(a, b int) bool { return t.Boxes[a].LastRead < t.Boxes[b].LastRead })
	for _, older := range p.Older() {
		t.Older = append(t.Older, OlderRecords{Box: older.Box, Punches: older.Punches, From: older.From, To: older.To, Placed: older.Placed})
	}
	counts, err := o.Register.Counts(ctx)
	if err != nil {
		return nil, err
	}
	t.Register = *counts
	t.Declarations = len(sending.RadarOf(p))
	if t.Phones, err = o.Phones.State(ctx); err != nil {
		return nil, err
	}
	t.Access, err = o.Connection.Access(ctx)
	return t, err
}

// PeoplePresent returns how many people are known to be at work, each once.
func (t *Today) PeoplePresent() int { return len(t.presentPeople()) }

// PeopleUnknown returns of how many people it is not known, each once, who are not known to be at work elsewhere.
func (t *Today) PeopleUnknown() int {
	known, unknown := t.presentPeople(), map[app.ID]bool{}
	for i := range t.Unknown {
		if id := t.Unknown[i].WorkerID; !known[id] {
			unknown[id] = true
		}
	}
	return len(unknown)
}

func (t *Today) presentPeople() map[app.ID]bool {
	people := map[app.ID]bool{}
	for i := range t.Present {
		people[t.Present[i].WorkerID] = true
	}
	return people
}

// newestSerious returns the newest serious findings that are open.
func newestSerious(p *derived.Snapshot) []derived.FoundAnomaly {
	var out []derived.FoundAnomaly
	for _, a := range p.Noted {
		if a.Status == app.AnomalyOpen && a.Severity == app.Serious {
			out = append(out, a)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].At > out[b].At })
	return out[:min(len(out), newestShown)]
}

// Today is the first screen.
type Today struct {
	Date        app.Date
	Environment app.Environment
	Demo        bool
	// Present are the presences of those who are known to be at work: the boxes of
	// their sites were read just now.
	Present []app.Presence
	// Unknown are those who came and of whom that is not known: their site's boxes
	// were not read since, or they came longer ago than anyone stays.
	Unknown  []derived.UnknownThere
	Workdays int // begun today
	// Expected are the shifts of today at sites with a plan, by site and start.
	Expected   []derived.Expected
	BySeverity map[app.Severity]int
	Newest     []derived.FoundAnomaly // the open serious ones, newest first, at most 20
	Settled    []derived.FoundAnomaly // what readings of today settled by themselves, newest first
	Boxes      []boxes.BoxRow         // those in use, longest unread first
	Older      []OlderRecords
	Register   sending.RegisterCounts
	Access     sending.Access
	// Phones is how far it is known who registered by phone, and what of it waits.
	Phones *sending.PhonesState
	// Declarations is how many lines the radar of declarations of works has, see DeclarationRadar.
	Declarations int
	// ClockUnchecked says that this computer's clock has no check under 7 days old (rule C1).
	ClockUnchecked bool
}

// OlderRecords is one line per box whose records make nothing (principle 9).
type OlderRecords struct {
	Box     string // UID
	Punches int
	From    app.Instant
	To      app.Instant
	Placed  bool // false: it stands nowhere; true: they are older than its placement
}
