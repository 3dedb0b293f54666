package app

import (
	"strconv"
	"strings"
	"time"
)

// Facts are what the text of a finding needs beside names and times: codes and
// numbers only (a field's name, a gap's ends), never personal data. They are kept as
// text, for that is how findings are stored and given out; a Fact reads and writes one.
type Facts map[string]string

// Fact is one of them, of one type.
type Fact[T any] struct {
	name  string
	write func(T) string
	read  func(string) (T, error)
}

// Stated is a fact with its value.
type Stated struct{ name, value string }

// Is states a fact.
func (f Fact[T]) Is(v T) Stated { return Stated{f.name, f.write(v)} }

// Of is what a finding states; false where it does not.
func (f Fact[T]) Of(a *Anomaly) (v T, ok bool) {
	text := a.Facts[f.name]
	if text == "" {
		return v, false
	}
	v, err := f.read(text)
	return v, err == nil
}

// Get is Of with the zero value where nothing is stated.
func (f Fact[T]) Get(a *Anomaly) T {
	v, _ := f.Of(a)
	return v
}

// FactsOf puts facts together; nil for none.
func FactsOf(list ...Stated) Facts { return Facts(nil).With(list...) }

// With is a copy that states more.
func (f Facts) With(list ...Stated) Facts {
	if len(f)+len(list) == 0 {
		return nil
	}
	out := make(Facts, len(f)+len(list))
	for name, value := range f {
		out[name] = value
	}
	for _, s := range list {
		out[s.name] = s.value
	}
	return out
}

func textFact[T ~string](name string) Fact[T] {
	return Fact[T]{name, func(v T) string { return string(v) }, func(s string) (T, error) { return T(s), nil }}
}

// msFact is kept in whole milliseconds.
func msFact(name string) Fact[time.Duration] {
	return Fact[time.Duration]{name, func(v time.Duration) string { return strconv.FormatInt(v.Milliseconds(), 10) }, func(s string) (time.Duration, error) {
		v, err := strconv.ParseInt(s, 10, 64)
		return time.Duration(v) * time.Millisecond, err
	}}
}

func countFact(name string) Fact[int64] {
	return Fact[int64]{name, func(v int64) string { return strconv.FormatInt(v, 10) }, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }}
}

func seqFact(name string) Fact[uint64] {
	return Fact[uint64]{
		name,
		func(v uint64) string { return strconv.FormatUint(v, 10) },
		func(s string) (uint64, error) { return strconv.ParseUint(s, 10, 64) },
	}
}

func boolFact(name string) Fact[bool] { return Fact[bool]{name, strconv.FormatBool, strconv.ParseBool} }

func dateFact(name string) Fact[Date] { return Fact[Date]{name, Date.String, ParseDate} }

// listFact is kept with blanks between.
func listFact[T ~string](name string) Fact[[]T] {
	return Fact[[]T]{name, func(list []T) string {
		words := make([]string, len(list))
		for i, v := range list {
			words[i] = string(v)
		}
		return strings.Join(words, " ")
	}, func(s string) (list []T, err error) {
		for _, v := range strings.Fields(s) {
			list = append(list, T(v))
		}
		return list, nil
	}}
}

func instantFact(name string) Fact[Instant] {
	return Fact[Instant]{name, Instant.String, func(s string) (v Instant, err error) { return v, v.UnmarshalText([]byte(s)) }}
}

// The facts that findings state. They are constants in all but name: nothing writes to them.
var (
	// FactAdjusted is the statement that gives a missing edge.
	FactAdjusted = textFact[ID]("adjusted")
	// FactGapBox, FactGapFirst and FactGapLast are lost records that may have held what is missing.
	FactGapBox   = textFact[string]("gapBox")
	FactGapFirst = seqFact("gapFirst")
	FactGapLast  = seqFact("gapLast")

	// FactLog, FactFirst and FactLast are a stretch of a box's log.
	FactLog   = textFact[string]("log")
	FactFirst = seqFact("first")
	FactLast  = seqFact("last")
	// FactReadElsewhere says that another installation has the records of a gap:
	// FactBy, the end of its id, since FactAcknowledgedAt by the box's clock.
	FactReadElsewhere  = boolFact("readElsewhere")
	FactBy             = textFact[string]("by")
	FactAcknowledgedAt = instantFact("acknowledgedAt")
	// FactKind, FactPunches and FactShiftFrom are of a stretch with a wrong clock: what went wrong, how many punches it
	// has, and where a proposed shift comes from; FactShift, FactUncertainty and FactFits are that shift.
	FactKind        = textFact[string]("kind")
	FactPunches     = countFact("punches")
	FactShiftFrom   = textFact[string]("shiftFrom")
	FactShift       = msFact("shift")
	FactUncertainty = msFact("uncertainty")
	FactFits        = boolFact("fits")
	// FactEvent is what a box noted, FactPercent how full its memory is.
	FactEvent   = textFact[string]("event")
	FactPercent = countFact("percent")

	// FactOtherSite and FactOtherWorker are the other of two.
	FactOtherSite   = textFact[ID]("otherSite")
	FactOtherWorker = textFact[ID]("otherWorker")
	// FactOf and FactWithin are of how many badges, and within which time, some are always shown together.
	FactOf     = countFact("of")
	FactWithin = msFact("within")
	// FactGrace is the time that a way takes beside the travel itself.
	FactGrace = msFact("grace")
	// FactAlike are the identifiers that an unknown one may be in another notation.
	FactAlike = listFact[ID]("alike")
	// FactReason is a code of why; FactPressed the key that was pressed.
	FactReason  = textFact[string]("reason")
	FactPressed = textFact[string]("key")
	// FactProblem is the first, FactProblems all codes of what is wrong with somebody's numbers.
	FactProblem  = textFact[string]("problem")
	FactProblems = listFact[string]("problems")
	// FactLine is a line of the plan.
	FactLine = textFact[ID]("line")
	// FactUntil is a last day, FactEngagedFrom and FactEngagedTo those of an engagement.
	FactUntil       = dateFact("until")
	FactEngagedFrom = dateFact("engagedFrom")
	FactEngagedTo   = dateFact("engagedTo")
	// FactBreak is how long a pause must be, FactNightTo when the night ends, as a time of the day.
	FactBreak   = msFact("break")
	FactNightTo = msFact("nightTo")

	// FactState and FactValidity are of a registration; FactDaysLeft the days in which the NSSO corrects it, below 0: over.
	FactState    = textFact[string]("state")
	FactValidity = textFact[string]("validity")
	FactDaysLeft = countFact("daysLeft")
	// FactDiffers is what would be otherwise now, with commas between, see ciao.Candidate.
	FactDiffers = textFact[string]("differs")
	// FactByPhone says that it is about what somebody registered by phone or otherwise.
	FactByPhone = boolFact("byPhone")
	// FactCount is how many punches it is about.
	FactCount = countFact("count")
)
