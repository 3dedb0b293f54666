package timesheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/period"
)

// Printed is one day of one engagement as it stands on a paper, in no language:
// what is kept of a paper, so that it can be compared with the data later.
type Printed struct {
	Day          app.Date `json:"day"`
	EngagementID app.ID   `json:"engagementId"`
	// Late says that it is a day of an earlier period, and its figures are differences.
	Late     bool    `json:"late,omitempty"`
	Hours    Minutes `json:"hours"`
	Rounded  Minutes `json:"rounded"`
	Break    Minutes `json:"break,omitempty"`
	Night    Minutes `json:"night,omitempty"`
	Saturday Minutes `json:"saturday,omitempty"`
	Sunday   Minutes `json:"sunday,omitempty"` // and holidays
	// Holiday is the part of Sunday on holidays that are no Sundays, of what is late alone:
	// of a day of the sheet its date tells it.
	Holiday    Minutes `json:"holiday,omitempty"`
	Incomplete bool    `json:"incomplete,omitempty"`
	// What holds presences and absences, such as "Stadhuis 06:58-11:02 (08:00-08:15)".
	What []string `json:"what,omitempty"`
}

// Printed returns the days of the model on which there is something, and what is late.
func (m *Model) Printed() []Printed {
	out := []Printed{}
	for i := range m.Days {
		if p := m.Days[i].printed(m.Sheet.Engagement.ID); len(p.What) > 0 || p.Hours != 0 {
			out = append(out, p)
		}
	}
	for _, l := range m.Late {
		out = append(out, Printed{Day: l.Date, EngagementID: m.Sheet.Engagement.ID, Late: true,
			Hours: l.Hours, Rounded: l.Rounded, Night: l.Night, Saturday: l.Saturday, Sunday: l.Sunday, Holiday: l.OnHolidays})
	}
	return out
}

func (d *Day) printed(engagement app.ID) Printed {
	p := Printed{Day: d.Date, EngagementID: engagement, Hours: d.Hours, Rounded: d.Rounded, Break: d.Break, Night: d.Night,
		Saturday: d.Saturday, Sunday: d.Sunday, Incomplete: d.Incomplete}
	for i := range d.Lines {
		p.What = append(p.What, d.Lines[i].plain())
	}
	for _, a := range d.Absences {
		p.What = append(p.What, strings.TrimSpace(string(a.Kind)+" "+a.Hours.String()))
	}
	return p
}

// plain returns a presence without words: "?" for an edge that nobody knows, "…" while it may still come.
func (l *Line) plain() string {
	text := l.Site + " " + l.In.plain() + "-" + l.Out.plain()
	for _, b := range l.Breaks {
		text += " (" + cmp.Or(b.From, "?") + "-" + cmp.Or(b.To, "?") + ")"
	}
	return text
}

func (c Clock) plain() string {
	text := c.Text
	switch {
	case text == "" && c.Open:
		return "…"
	case text == "":
		return "?"
	}
	if c.Later != 0 {
		text += fmt.Sprintf("%+d", c.Later)
	}
	if c.Adjusted {
		text += "*"
	}
	if c.ByPhone {
		text += app.PhoneMark
	}
	return text
}

// Difference is a day that stands otherwise in two states of the data.
type Difference struct {
	Day          app.Date `json:"day"`
	EngagementID app.ID   `json:"engagementId"`
	Late         bool     `json:"late,omitempty"` // of what is settled of earlier days
	Was          Printed  `json:"was"`
	Is           Printed  `json:"is"`
}

// Hours returns what there is more now; negative where there is less.
func (d *Difference) Hours() Minutes { return d.Is.Hours - d.Was.Hours }

// Compare returns the days that differ, by day.
func Compare(was, is []Printed) []Difference {
	type key struct {
		day        app.Date
		engagement app.ID
		late       bool
	}
	keyOf := func(p *Printed) key { return key{p.Day, p.EngagementID, p.Late} }
	both := map[key]*Difference{}
	at := func(k key) *Difference {
		if both[k] == nil {
			both[k] = &Difference{Day: k.day, EngagementID: k.engagement, Late: k.late}
		}
		return both[k]
	}
	for i := range was {
		at(keyOf(&was[i])).Was = was[i]
	}
	for i := range is {
		at(keyOf(&is[i])).Is = is[i]
	}
	out := []Difference{}
	for _, d := range both {
		if !d.Was.equal(&d.Is) {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.EngagementID, b.EngagementID), strings.Compare(a.lateKey(), b.lateKey()))
	})
	return out
}

func (d *Difference) lateKey() string {
	if d.Late {
		return "late"
	}
	return ""
}

// equal says that both stand alike on paper.
func (p *Printed) equal(o *Printed) bool {
	return p.Hours == o.Hours && p.Rounded == o.Rounded && p.Break == o.Break && p.Night == o.Night &&
		p.Saturday == o.Saturday && p.Sunday == o.Sunday && p.Holiday == o.Holiday && p.Incomplete == o.Incomplete && slices.Equal(p.What, o.What)
}

// Stamp says which state of the data a paper shows.
type Stamp struct {
	Code PaperCode
	// Hash is the whole SHA-256 of which the code holds the beginning: of what was
	// approved, or of what stands on a draft.
	Hash string
	// Provisional says that no approval closes the days, of a paper of several
	// people: of somebody on it. Versions of such papers count on when all are approved.
	Provisional bool
	// Replaces is the version before; 0 for the first one.
	Replaces int
	// ReplacesDraft says that the version before was provisional.
	ReplacesDraft bool
	// Reason says why an approval was taken back; "" on a draft.
	Reason  string
	Changed []Revised
}

// Revised is a day that stands otherwise than in the version before.
type Revised struct {
	Day   app.Date
	Who   string  // whose, on a paper of several people; else ""
	Hours Minutes // more than before; 0 where only times or places differ
	// EngagementID is that of Who.
	EngagementID app.ID
}

// RevisedSince returns the days of a difference for a paper; who names the person of an engagement, "" for none.
func RevisedSince(list []Difference, who func(engagement app.ID) string) []Revised {
	out := make([]Revised, 0, len(list))
	for i := range list {
		out = append(out, Revised{list[i].Day, who(list[i].EngagementID), list[i].Hours(), list[i].EngagementID})
	}
	return out
}

// revisedBy returns the days of an engagement that an approval closes otherwise than the one before.
func revisedBy(r *period.Revision, engagement app.ID, days app.Days) []Revised {
	var out []Revised
	for _, d := range r.Days {
		if d.EngagementID == engagement && days.Holds(d.Day) {
			out = append(out, Revised{Day: d.Day, Hours: Minutes(d.Is.Worked - d.Was.Worked)})
		}
	}
	return out
}

// StampApproved stamps a model of approved days: version and hash are the approval's.
func (m *Model) StampApproved() {
	s := &m.Sheet
	m.Stamp = &Stamp{Code: NewCode(OfEngagement, false, s.Engagement.ID, s.Days, s.Approval.Version, s.Approval.Hash), Hash: s.Approval.Hash}
	if r := s.Revision; r != nil {
		m.Stamp.Replaces, m.Stamp.Reason = r.Version, r.Reason
		m.Stamp.Changed = revisedBy(r, s.Engagement.ID, s.Days)
	}
}
