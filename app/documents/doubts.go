package documents

import (
	"cmp"
	"slices"

	"klokkast/app"
)

// Doubt is something that does not keep a period from being approved, but that
// whoever approves should know: hours may still come, and would then be
// additions of the next period.
type Doubt struct {
	Code DoubtCode `json:"code"`
	// Of a box that was not read to the end of the period:
	Box    string      `json:"box,omitempty"` // UID
	SiteID app.ID      `json:"siteId,omitempty"`
	ReadTo app.Instant `json:"readTo,omitzero"` // zero: it was never read
}

// DoubtCode says what a doubt is about; the texts are approval.doubt.CODE.
type DoubtCode string

// Doubts about a period.
const (
	DoubtNotOver   DoubtCode = "not-over"   // its last day is not over yet
	DoubtBoxUnread DoubtCode = "box-unread" // a box of the worker's sites was not read to its end
	// DoubtPhones is the same of the phones by which people may register at one.
	DoubtPhones DoubtCode = "phones-unchecked"
)

// doubts returns what whoever approves the days of a worker should know. What a
// box holds of a period that is not over is no doubt of its own.
func (a *approvalView) doubts(worker app.ID, days app.Days) []Doubt {
	zone := app.Belgium()
	from, over := days.From.Start(zone), days.To.End(zone)
	if a.p.At < over {
		return []Doubt{{Code: DoubtNotOver}}
	}
	sites := a.sitesOf(worker, days)
	var out []Doubt
	for _, pl := range a.p.Facts.Placements {
		if !sites[pl.SiteID] || !pl.Span.Overlaps(app.Span{From: from, To: over}) {
			continue
		}
		needed := over
		if pl.Span.To != 0 {
			needed = min(over, pl.Span.To)
		}
		if a.readTo[pl.BoxUID] < needed {
			out = append(out, Doubt{Code: DoubtBoxUnread, Box: pl.BoxUID, SiteID: pl.SiteID, ReadTo: a.readTo[pl.BoxUID]})
		}
	}
	for _, s := range a.p.Facts.Sites {
		if to := a.p.Engine.PhonesReadTo(s.ID); s.Phones && sites[s.ID] && to < over {
			out = append(out, Doubt{Code: DoubtPhones, Box: app.MakeRegister.UID(string(s.ID)), SiteID: s.ID, ReadTo: to})
		}
	}
	slices.SortFunc(out, func(x, y Doubt) int { return cmp.Or(cmp.Compare(x.ReadTo, y.ReadTo), cmp.Compare(x.Box, y.Box)) })
	return slices.CompactFunc(out, func(x, y Doubt) bool { return x.Box == y.Box })
}

// sitesOf returns the sites at which a worker was in the days, or is planned.
func (a *approvalView) sitesOf(worker app.ID, days app.Days) map[app.ID]bool {
	sites := map[app.ID]bool{}
	for _, pr := range a.p.Presences(days, worker) {
		sites[pr.SiteID] = true
	}
	for i := range a.p.Facts.PlanLines {
		if l := &a.p.Facts.PlanLines[i]; l.Days.Overlaps(days) && a.p.Names.Engagements[l.EngagementID].WorkerID == worker {
			sites[l.SiteID] = true
		}
	}
	return sites
}

// Doubts returns the doubts of all periods that can be approved, or just were, each once.
func Doubts(rows []ApprovalRow) (list []Doubt) {
	for i := range rows {
		for _, d := range rows[i].Doubts {
			if rows[i].Status != PeriodBlocked && !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
	}
	return list
}
