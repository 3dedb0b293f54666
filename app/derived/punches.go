package derived

import (
	"context"
	"sort"
)

// PunchRows returns the punches of a filter with what became of them, newest first.
func (o *Cache) PunchRows(ctx context.Context, f PunchFilter) ([]PunchRow, error) {
	p, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	out := []PunchRow{}
	taps := p.Taps(f)
	rows, err := p.Register.Rows(ctx, keysOf(nil, taps))
	if err != nil {
		return nil, err
	}
	for _, t := range taps {
		row := PunchRow{Tap: t}
		if r, ok := rows[t.Punch.Key]; ok {
			row.Registration = &r
		}
		out = append(out, row)
	}
	sort.SliceStable(out, func(a, b int) bool {
		return out[a].Compare(&out[b].Tap) > 0
	})
	return out, nil
}
