package derived

import (
	"context"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/store"
)

// rowsOfTaps finds the rows of the outbox by the taps that they are of. What was registered
// of a line of a file is that of the tap that the line means, where that has nothing of its own.
type rowsOfTaps struct {
	seen  int64 // the count of changes that are known
	same  map[app.RecordKey]app.RecordKey
	lines map[app.RecordKey][]app.RecordKey // of same, the other way
}

// next returns what there is now, and tells of which taps rows were made or changed since; of the first one, of all that have any.
func (t *rowsOfTaps) next(ctx context.Context, from store.Store, env app.Environment, changed func(app.RecordKey)) (*rowsOfTaps, error) {
	same, err := from.SameTaps(ctx, env)
	if err != nil {
		return nil, err
	}
	n := &rowsOfTaps{same: same, lines: map[app.RecordKey][]app.RecordKey{}}
	for line, tap := range same {
		n.lines[tap] = append(n.lines[tap], line)
		if t.same[line] != tap {
			changed(line)
			changed(tap)
		}
	}
	for line, tap := range t.same {
		if same[line] != tap {
			changed(line)
			changed(tap)
		}
	}
	n.seen, err = from.RegistrationChanges(ctx, env, t.seen, func(k app.RecordKey) {
		changed(k)
		if tap, ok := same[k]; ok {
			changed(tap)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("look what changed at the register: %w", err)
	}
	return n, nil
}

// of returns the rows of some taps.
func (t *rowsOfTaps) of(ctx context.Context, from store.Store, env app.Environment, taps []app.RecordKey) ([]app.Registration, error) {
	if len(taps) == 0 {
		return nil, nil
	}
	keys := taps
	if len(t.same) > 0 {
		keys = t.withLines(taps)
	}
	rows, err := from.RegistrationsOf(ctx, env, keys)
	if err != nil {
		return nil, fmt.Errorf("gather the registrations: %w", err)
	}
	if len(t.same) == 0 {
		return rows, nil
	}
	ofOneTap(rows, t.same)
	wanted := make(map[app.RecordKey]bool, len(taps))
	for _, k := range taps {
		wanted[k] = true
	}
	return slices.DeleteFunc(rows, func(r app.Registration) bool { return !wanted[r.Punch] }), nil
}

// withLines adds to some taps whatever is one tap with them.
func (t *rowsOfTaps) withLines(taps []app.RecordKey) []app.RecordKey {
	keys := slices.Clone(taps)
	for _, k := range taps {
		tap := k
		if of, ok := t.same[k]; ok {
			tap = of
			keys = append(keys, tap)
		}
		keys = append(keys, t.lines[tap]...)
	}
	slices.SortFunc(keys, app.RecordKey.Compare)
	return slices.Compact(keys)
}
