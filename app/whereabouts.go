package app

import (
	"slices"
	"time"
)

// Whereabouts says what is known of a person at the end of the time asked about;
// its text is papers.where.CODE.
type Whereabouts string

// What is known of where a person is.
const (
	WhereInside  Whereabouts = "inside"  // came, and the boxes were read so far and know no OUT
	WhereLeft    Whereabouts = "left"    // went before the end of the time asked about, or was seen elsewhere or anew since
	WhereUnknown Whereabouts = "unknown" // may be inside, nobody knows: an edge is missing, or the boxes were not read so far
)

// AllWhereabouts are all of them, in the order of lists.
var AllWhereabouts = [...]Whereabouts{WhereInside, WhereUnknown, WhereLeft}

// Rank is its place in lists.
func (w Whereabouts) Rank() int { return slices.Index(AllWhereabouts[:], w) }

// ReadingHolds is how long a reading counts for the moments after it: as long as
// it takes to read the boxes of a site and to print the list.
const ReadingHolds = 5 * time.Minute

// KnownInsideTo returns up to when the person of a presence without an OUT is known
// to be inside: at least up to the last tap; then as far as every box of the site
// was read without a gap, and no further than longest after the IN (the
// threshold of a missing OUT). Of one whose OUT is missing for good nothing is known after the last tap.
func KnownInsideTo(pr *Presence, longest time.Duration) Instant {
	if pr.State != PresenceOpen || pr.OverGap != nil || pr.In == nil {
		return pr.LastTap
	}
	return max(pr.LastTap, min(pr.BoxReadTo, pr.In.At.Add(longest)))
}

// StandsAt tells where the person of a presence is at a moment that is not before
// its first tap, and since when that is not known. seenAgain is the person's next
// tap of another presence, anywhere; zero: none is known.
func StandsAt(pr *Presence, at, seenAgain Instant, longest time.Duration) (where Whereabouts, since Instant) {
	switch {
	case pr.Out != nil && pr.Out.At <= at:
		return WhereLeft, 0
	case pr.Out != nil, pr.LastTap >= at:
		return WhereInside, 0
	case seenAgain != 0 && seenAgain <= at:
		return WhereLeft, 0
	}
	known := KnownInsideTo(pr, longest)
	reaches := known
	if known == pr.BoxReadTo {
		reaches = known.Add(ReadingHolds)
	}
	if pr.State == PresenceOpen && at <= reaches {
		return WhereInside, 0
	}
	return WhereUnknown, known
}

// SeenAgain returns the first tap of a worker in a later presence than pr, anywhere; zero: none.
func SeenAgain(pr *Presence, presences []Presence) (first Instant) {
	for i := range presences {
		x := &presences[i]
		if start := x.Start(); x.WorkerID == pr.WorkerID && start > pr.LastTap && (first == 0 || start < first) {
			first = start
		}
	}
	return first
}
