package period

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"klokkast/app"
)

// Format is the form of the snapshots that this version writes.
const Format = 1

// Snapshot is everything that was derived of some days of one worker when they
// were approved, with all that a paper of them needs: such a paper is printed
// from the snapshot alone, whatever is renamed or corrected afterwards. The
// worker's SSIN stands in it masked.
type Snapshot struct {
	Format      int              `json:"format"`
	Days        app.Days         `json:"days"`
	Worker      Worker           `json:"worker"`
	Environment app.Environment  `json:"environment"`
	Program     string           `json:"program"` // that derived it, such as "Klokkast 0.1.0"
	Engagements []app.Engagement `json:"engagements"`
	Employers   []app.Employer   `json:"employers"`
	Sites       []app.Site       `json:"sites"`             // that anything below names
	Clients     []app.Client     `json:"clients,omitempty"` // of the sites
	// Letterhead is what stands at the head of papers.
	Letterhead app.Letterhead `json:"letterhead,omitzero"`
	// DefaultWeekly is the company's, for engagements without their own.
	DefaultWeekly app.WeeklyHours `json:"defaultWeeklyMinutes"`
	// Holidays are the company's own, in the days and on the day after them.
	Holidays    []app.Date       `json:"holidays"`
	Workdays    []Workday        `json:"workdays"`
	Adjustments []app.Adjustment `json:"adjustments"` // that workdays and additions name
	// Anomalies are what was found about the worker in these days, with what people
	// decided: warnings and above. Those of the register are not among them.
	Anomalies []Finding `json:"anomalies"`
	// Additions are those of earlier periods that this approval settles.
	Additions []Addition `json:"additions"`
	// Absences are those of the worker that reach into the days.
	Absences []app.Absence `json:"absences,omitempty"`
	// Revision says what changed since the approval that this one replaces; nil for the first one.
	Revision *Revision `json:"revision,omitempty"`
}

// Worker is a person as a paper names them.
type Worker struct {
	ID          app.ID       `json:"id"`
	StaffNumber string       `json:"staffNumber,omitempty"`
	FamilyName  string       `json:"familyName"`
	GivenName   string       `json:"givenName"`
	SSIN        string       `json:"ssin,omitempty"` // masked
	Language    app.Language `json:"language"`
}

// WorkerOf returns a worker as a paper names them.
func WorkerOf(w app.Worker) Worker {
	return Worker{w.ID, w.StaffNumber, w.FamilyName, w.GivenName, w.SSIN.Masked(), w.Language}
}

// Finding is an anomaly with what people decided about it.
type Finding struct {
	app.Anomaly
	Status app.AnomalyStatus `json:"status"`
	Reason string            `json:"reason,omitempty"` // a code of app.ReasonCodes
	Note   string            `json:"note,omitempty"`
	By     string            `json:"by,omitempty"`
}

// Workday is the part of a workday that belongs to one engagement: mostly the
// whole of it. Times are exact, in milliseconds.
type Workday struct {
	EngagementID app.ID     `json:"engagementId"`
	Day          app.Date   `json:"day"`
	WorkedMs     int64      `json:"workedMs"`
	AdjustedMs   int64      `json:"adjustedMs"`
	BreaksMs     int64      `json:"breaksMs"`
	ProposedMs   int64      `json:"proposedBreaksMs"`
	NightMs      int64      `json:"nightMs"`
	SundayMs     int64      `json:"sundayMs"` // Sundays and holidays
	Incomplete   bool       `json:"incomplete"`
	Presences    []Presence `json:"presences"`
}

// Presence is a presence with its exact time of work, in milliseconds.
type Presence struct {
	app.Presence
	WorkedMs int64 `json:"workedMs"`
	NightMs  int64 `json:"nightMs"`
}

// Parts returns the workdays of one worker by engagement. shares holds, for those
// that belong to several engagements, one part for each, as attendance derives them.
func Parts(workdays, shares []app.Workday) []Workday {
	out := make([]Workday, 0, len(workdays))
	for i := range workdays {
		w := &workdays[i]
		split := false
		for j := range shares {
			if s := &shares[j]; s.Day == w.Day {
				out = append(out, part(s, s.EngagementID))
				split = true
			}
		}
		if !split && len(w.Presences) > 0 {
			out = append(out, part(w, w.Presences[0].EngagementID))
		}
	}
	slices.SortFunc(out, func(a, b Workday) int { return compareKeys(a.key(), b.key()) })
	return out
}

func part(w *app.Workday, engagement app.ID) Workday {
	p := Workday{
		EngagementID: engagement, Day: w.Day, WorkedMs: w.Worked.Milliseconds(), AdjustedMs: w.Adjusted.Milliseconds(),
		BreaksMs: w.Breaks.Milliseconds(), ProposedMs: w.ProposedBreaks.Milliseconds(), NightMs: w.Night.Milliseconds(),
		SundayMs: w.Sunday.Milliseconds(), Incomplete: w.Incomplete, Presences: make([]Presence, 0, len(w.Presences)),
	}
	for _, pr := range w.Presences {
		p.Presences = append(p.Presences, Presence{pr, pr.Worked.Milliseconds(), pr.Night.Milliseconds()})
	}
	return p
}

// AsDerived returns the workday in the form in which it was derived.
func (w *Workday) AsDerived(worker app.ID) app.Workday {
	d := app.Workday{
		WorkerID: worker, EngagementID: w.EngagementID, Day: w.Day, Worked: ms(w.WorkedMs), Adjusted: ms(w.AdjustedMs),
		Breaks: ms(w.BreaksMs), ProposedBreaks: ms(w.ProposedMs), Night: ms(w.NightMs), Sunday: ms(w.SundayMs), Incomplete: w.Incomplete,
	}
	for _, p := range w.Presences {
		p.Presence.Worked, p.Presence.Night = ms(p.WorkedMs), ms(p.NightMs)
		d.Presences = append(d.Presences, p.Presence)
	}
	return d
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// key names an engagement's part of a day: there is one of each.
type key struct {
	engagement app.ID
	day        app.Date
}

func (w *Workday) key() key { return key{w.EngagementID, w.Day} }

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.engagement, b.engagement))
}

// Bytes returns the canonical JSON of a snapshot: the same content gives the same
// bytes, in whatever order it was gathered.
func (s *Snapshot) Bytes() ([]byte, error) {
	c := *s
	c.Format = Format
	c.Engagements = sorted(s.Engagements, func(a, b app.Engagement) int { return cmp.Compare(a.ID, b.ID) })
	c.Employers = sorted(s.Employers, func(a, b app.Employer) int { return cmp.Compare(a.ID, b.ID) })
	c.Sites = sorted(s.Sites, func(a, b app.Site) int { return cmp.Compare(a.ID, b.ID) })
	c.Clients = sorted(s.Clients, func(a, b app.Client) int { return cmp.Compare(a.ID, b.ID) })
	c.Absences = sorted(s.Absences, func(a, b app.Absence) int {
		return cmp.Or(cmp.Compare(a.Days.From, b.Days.From), cmp.Compare(a.ID, b.ID))
	})
	c.Holidays = sorted(s.Holidays, func(a, b app.Date) int { return cmp.Compare(a, b) })
	c.Workdays = sorted(s.Workdays, func(a, b Workday) int { return compareKeys(a.key(), b.key()) })
	c.Adjustments = sorted(s.Adjustments, func(a, b app.Adjustment) int { return cmp.Compare(a.ID, b.ID) })
	c.Anomalies = sorted(s.Anomalies, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Key().String(), b.Key().String()))
	})
	c.Additions = sorted(s.Additions, func(a, b Addition) int { return compareKeys(a.key(), b.key()) })
	b, err := json.Marshal(&c)
	if err != nil {
		return nil, fmt.Errorf("write what is approved: %w", err)
	}
	return b, nil
}

// sorted returns a sorted copy, never nil: JSON has [] where there is nothing.
func sorted[T any](list []T, compare func(a, b T) int) []T {
	out := append(make([]T, 0, len(list)), list...)
	slices.SortStableFunc(out, compare)
	return out
}

// Hash names a snapshot: SHA-256 of its bytes, hex.
func Hash(snapshot []byte) string {
	sum := sha256.Sum256(snapshot)
	return hex.EncodeToString(sum[:])
}

// NewerError says that a newer version of the program wrote a snapshot.
type NewerError struct{ Format int }

// Error names the format.
func (e *NewerError) Error() string { return fmt.Sprintf("an approval of format %d", e.Format) }

// TextKey words it for people.
func (e *NewerError) TextKey() (string, map[string]any) {
	return "error.approval.newer", map[string]any{"Format": e.Format}
}

// Read reads a snapshot. One of a newer program is a *NewerError.
func Read(b []byte) (*Snapshot, error) {
	var s Snapshot
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("read what was approved: %w", err)
	}
	if s.Format > Format {
		return nil, &NewerError{s.Format}
	}
	return &s, nil
}
