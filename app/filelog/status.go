package filelog

import (
	"bytes"
	"encoding/json"
	"slices"

	"klokkast/app"
	"klokkast/app/reading"
)

// Limits of rule P4: beyond these it is asked whether a status column means a key.
const (
	oneStatus      = 0.9 // of the taps have the same status
	contradicting  = 0.1 // of the taps contradict, read as keys, and
	contradictions = 5   // so many at least
)

// noStatus says that a status is none: terminals without keys write 255.
func noStatus(status string) bool { return status == "" || status == "255" }

// answerStatus answers whether the status column of an attendance file means a key (rule P4), where nobody answered
// before. It asks where only a person can tell.
func (v *View) answerStatus(file int, setting app.StatusKeys) (app.StatusKeys, error) {
	if setting != app.StatusAsk {
		return setting, nil
	}
	counts := map[string]int{}
	total, most := 0, 0
	for _, t := range v.files[file].taps {
		total++
		if !noStatus(t.Status) {
			counts[t.Status]++
			most = max(most, counts[t.Status])
		}
	}
	switch n := v.contradictions(file); {
	case len(counts) == 0:
		return setting, nil
	case len(counts) == 1, float64(most) > oneStatus*float64(total):
		return setting, &reading.AskStatusError{Statuses: sortedStatuses(counts), Counts: counts}
	case n >= contradictions && float64(n) > contradicting*float64(total):
		return setting, &reading.AskStatusError{Statuses: sortedStatuses(counts), Counts: counts, Contradictions: n}
	}
	return app.StatusIsKey, nil
}

// contradictions counts the taps of a file that, read as keys, contradict what the same identifier did before: by
// identifier, in log order, without double taps; whoever is first seen is out. Where a file is in no order, it tells nothing.
func (v *View) contradictions(file int) (n int) {
	if v.files[file].Order == Mixed {
		return 0
	}
	type state struct {
		in   bool
		last app.Instant
		key  app.PunchKey
	}
	people := map[string]*state{}
	taps := slices.Clone(v.files[file].taps)
	slices.SortStableFunc(taps, func(a, b *tap) int { return a.position.Compare(b.position) })
	for _, t := range taps {
		key := t.Key
		if key == app.KeyNone {
			key, _ = UsualKey(t.Status)
		}
		if key == app.KeyNone {
			continue
		}
		s := people[t.wall.who]
		if s == nil {
			s = &state{}
			people[t.wall.who] = s
		}
		if s.key == key && t.at.Sub(s.last).Abs() <= stepBack*1e9 {
			s.last = t.at
			continue
		}
		in := key == app.KeyIn || key == app.KeyBreakEnd
		if in == s.in {
			n++
		}
		s.in, s.last, s.key = in, t.at, key
	}
	return n
}

// UsualKey returns the key that a status of an attendance file usually means, without leading zeros; false for one that means nothing
// that is known. Overtime in and out (4, 5) are an in and an out, 255 is no key on terminals that have none.
func UsualKey(status string) (app.PunchKey, bool) {
	switch status {
	case "0", "4":
		return app.KeyIn, true
	case "1", "5":
		return app.KeyOut, true
	case "2":
		return app.KeyBreakStart, true
	case "3":
		return app.KeyBreakEnd, true
	case "255":
		return app.KeyNone, true
	}
	return app.KeyNone, false
}

// askUnnamed asks what statuses mean that the meaning does not name (rule P4): they are never silently no key.
func (v *View) askUnnamed(file int, m Meaning) error {
	if m.Kind == Attlog && m.StatusKeys != app.StatusIsKey {
		return nil
	}
	counts := map[string]int{}
	for _, t := range v.files[file].taps {
		if t.Unnamed {
			counts[t.Status]++
		}
	}
	if len(counts) == 0 {
		return nil
	}
	return &reading.AskStatusError{Statuses: sortedStatuses(counts), Counts: counts, Unnamed: true}
}

func sortedStatuses(counts map[string]int) (list []string) {
	for s := range counts {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// askColumn asks which column of an attendance file is the status where two can be: terminals write the device's number
// before it, and servers to which they push do not.
func askColumn(src Source, v *View, file int) error {
	third, fourth := map[string]int{}, map[string]int{}
	for _, t := range v.files[file].taps {
		third[t.Device]++
		fourth[t.Status]++
	}
	if len(third) < 2 || !onlyStatuses(third) {
		return nil
	}
	return &reading.AskColumnError{File: src.Name, Third: third, Fourth: fourth}
}

func onlyStatuses(counts map[string]int) bool {
	for s := range counts {
		if _, usual := UsualKey(s); !usual {
			return false
		}
	}
	return true
}

// equalJSON says that two values are the same to whoever reads them later.
func equalJSON(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}
