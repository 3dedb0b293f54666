package attendance

import (
	"fmt"

	"klokkast/app"
)

// Level says who sets the value of a threshold. The narrower one wins.
type Level string

// Levels, the widest first.
const (
	LevelDefault    Level = "default"
	LevelCompany    Level = "company"
	LevelSite       Level = "site"
	LevelEngagement Level = "engagement"
)

// Effective is a threshold as it holds for someone somewhere, and where its value comes from.
type Effective struct {
	Default
	Holds int64 // the value that holds, in the unit
	From  Level
}

// Levels are the thresholds that are set for a company, a site and an
// engagement; nil where nothing is set, or where there is no such thing.
type Levels struct {
	Company, Site, Engagement app.Thresholds
}

// Of returns one threshold; false for a name that no rule has. A value that
// stands at a level which the threshold does not reach counts for nothing, as in Derive.
func (l Levels) Of(name app.Threshold) (Effective, bool) {
	d, ok := DefaultOf(name)
	return l.effective(d), ok
}

// All returns every threshold in the order of the rule book.
func (l Levels) All() []Effective {
	var out []Effective
	for _, d := range Defaults() {
		out = append(out, l.effective(d))
	}
	return out
}

func (l Levels) effective(d Default) Effective {
	e := Effective{Default: d, Holds: d.Value, From: LevelDefault}
	for _, level := range [...]struct {
		name  Level
		reach Reach
		set   app.Thresholds
	}{{LevelCompany, ForCompany, l.Company}, {LevelSite, ForSite, l.Site}, {LevelEngagement, ForContract, l.Engagement}} {
		if v, ok := level.set[d.Name]; ok && level.reach <= d.Reach {
			e.Holds, e.From = v, level.name
		}
	}
	return e
}

// pairs are thresholds of which the first may not be above the second: else the
// milder judgement could never be made.
var pairs = [...][2]app.Threshold{
	{LongWarning, LongSerious}, {RestSerious, RestWarning}, {WeekWarning, WeekSerious}, {DriftWarning, DriftLimit}, {TogetherTimes, TogetherOf},
}

// ThresholdError says why a threshold cannot be set so.
type ThresholdError struct {
	Default
	Problem string        // unknown, reach, range, pair
	Other   app.Threshold // pair: the one that it does not go with
	Limit   int64         // pair: the value of Other
}

// Error names the threshold and the problem.
func (e *ThresholdError) Error() string {
	return fmt.Sprintf("threshold %s: %s", e.Name, e.Problem)
}

// CheckThresholds returns the first thing that is wrong with the thresholds of
// the narrowest level that is set in l; nil if nothing is.
func CheckThresholds(l Levels) *ThresholdError {
	set, reach := l.Company, ForCompany
	switch {
	case l.Engagement != nil:
		set, reach = l.Engagement, ForContract
	case l.Site != nil:
		set, reach = l.Site, ForSite
	}
	for _, name := range sortedKeys(set) {
		d, known := DefaultOf(name)
		switch v := set[name]; {
		case !known:
			return &ThresholdError{Default: Default{Name: name}, Problem: "unknown"}
		case reach > d.Reach:
			return &ThresholdError{Default: d, Problem: "reach"}
		case v < d.Min || v > d.Max:
			return &ThresholdError{Default: d, Problem: "range"}
		}
	}
	return l.checkPairs(set)
}

// checkPairs looks at the pairs that set touches, as they would hold.
func (l Levels) checkPairs(set app.Thresholds) *ThresholdError {
	for _, p := range pairs {
		low, _ := l.Of(p[0])
		high, _ := l.Of(p[1])
		_, lowSet := set[p[0]]
		_, highSet := set[p[1]]
		if !lowSet && !highSet || low.Holds <= high.Holds {
			continue
		}
		if lowSet {
			return &ThresholdError{Default: low.Default, Problem: "pair", Other: p[1], Limit: high.Holds}
		}
		return &ThresholdError{Default: high.Default, Problem: "pair", Other: p[0], Limit: low.Holds}
	}
	return nil
}
