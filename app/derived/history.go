package derived

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"klokkast/app"
)

// HistoryStep is one step that was taken about an anomaly, as the trail keeps it.
type HistoryStep struct {
	At           app.Instant `json:"at"`
	By           string      `json:"by"`
	What         string      `json:"what"`             // the trail's code, or gone
	Target       string      `json:"target"`           // kind:id
	Reason       string      `json:"reason,omitempty"` // a code of app.ReasonCodes
	Note         string      `json:"note,omitempty"`
	Installation app.ID      `json:"installation,omitempty"`
	ReadingID    app.ID      `json:"readingId,omitempty"` // of a step that a reading took
}

// StepGone is the What of the step that no person took: new facts settled it.
const StepGone = "gone"

// AnomalyHistory returns the steps that were taken about an anomaly, the oldest first.
func (o *Cache) AnomalyHistory(ctx context.Context, k app.AnomalyKey) ([]HistoryStep, error) {
	c, err := o.AnomalyCard(ctx, k)
	if err != nil {
		return nil, err
	}
	return c.History, nil
}

// history finds the steps by what they were about: the anomaly itself, what was
// stated or left out about its punches, and who was given the badge.
func (o *Cache) history(ctx context.Context, p *Snapshot, c *AnomalyCard) ([]HistoryStep, error) {
	steps := []HistoryStep{}
	for _, target := range p.targets(c) {
		links, err := o.work.Store.Trail(ctx, target, 0)
		if err != nil {
			return nil, fmt.Errorf("read what was done: %w", err)
		}
		for i := range links {
			steps = append(steps, stepOf(&links[i]))
		}
	}
	if g := c.Gone; g != nil {
		s := HistoryStep{At: g.At, By: g.By, What: StepGone, ReadingID: g.ReadingID, Note: g.What}
		if i := slices.IndexFunc(p.Facts.Readings, func(r app.Reading) bool { return r.ID == g.ReadingID }); i >= 0 {
			s.By, s.Installation = p.Facts.Readings[i].Actor, p.Facts.Readings[i].Installation
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b HistoryStep) int { return int(a.At - b.At) })
	return steps, nil
}

// targets returns what the acts about an anomaly name.
func (p *Snapshot) targets(a *AnomalyCard) []string {
	out := []string{"anomaly:" + a.Key().String()}
	rests := map[app.RecordKey]bool{}
	for _, k := range a.Punches {
		rests[k] = true
	}
	for _, adj := range p.Facts.Adjustments {
		if adj.Punch != nil && rests[*adj.Punch] {
			out = append(out, "adjustment:"+string(adj.ID))
		}
	}
	for _, i := range p.Facts.Ignored {
		if rests[i.Punch] {
			out = append(out, "record:"+i.Punch.String(), "ignored:"+string(i.ID))
		}
	}
	if a.Subject.Kind == app.AboutIdentifier && len(a.Evidence) > 0 {
		out = append(out, p.custodyTargets(a.Evidence[0].Punch.Identifier)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// custodyTargets returns the custodies of an identifier.
func (p *Snapshot) custodyTargets(k app.IdentifierKey) (out []string) {
	for _, i := range p.Facts.Identifiers {
		if i.Key != k {
			continue
		}
		for _, c := range p.Facts.Custodies {
			if c.IdentifierID == i.ID {
				out = append(out, "custody:"+string(c.ID))
			}
		}
	}
	return out
}

// stepOf reads a link of the trail. Of one whose payload was erased there is
// still who and when.
func stepOf(e *app.TrailEntry) HistoryStep {
	s := HistoryStep{At: e.At, By: e.Actor, What: e.What, Target: e.Target, Installation: e.Installation}
	var said struct {
		Why   string `json:"why"`
		After struct {
			Reason string `json:"reason"`
			Note   string `json:"note"`
		} `json:"after"`
	}
	var why struct {
		Why string `json:"why"`
	}
	if json.Unmarshal([]byte(e.Payload), &why) == nil {
		s.Note = why.Why
	}
	// What follows is a list where several things changed at once; it has no reason then.
	if json.Unmarshal([]byte(e.Payload), &said) == nil {
		s.Reason = said.After.Reason
		if said.After.Note != "" {
			s.Note = said.After.Note
		}
	}
	return s
}
