package wording

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/text"
)

// Weekdays writes days of the week as people do: "ma–vr", "ma, wo, za".
func Weekdays(t *text.Translator, w app.Weekdays) string {
	days := w.List()
	var parts []string
	for i := 0; i < len(days); {
		last := i
		for last+1 < len(days) && (days[last]+1)%7 == days[last+1] {
			last++
		}
		switch first, end := t.WeekdayShort(days[i]), t.WeekdayShort(days[last]); {
		case last-i >= 2:
			parts = append(parts, first+"–"+end)
		case last > i:
			parts = append(parts, first, end)
		default:
			parts = append(parts, first)
		}
		i = last + 1
	}
	return strings.Join(parts, ", ")
}

// Absence words why somebody is away.
func Absence(t *text.Translator, k app.AbsenceKind) string {
	return known(t, "absence.", string(k), "")
}

// ExpectedState words what became of a shift so far.
func ExpectedState(t *text.Translator, s derived.ExpectedState) string {
	return known(t, "expected.", string(s), "")
}

// ShiftNames gives the names behind the ids of shifts; *office.Names fits.
type ShiftNames interface {
	Worker(id app.ID) string
	WorkerOf(engagement app.ID) string
}

// Shift says what there is to remark about a shift: cancelled, away and why,
// who stands in, for whom; "" for one that is as written. why is the kind of
// the absence, "" where there is none.
func Shift(t *text.Translator, n ShiftNames, s *app.Shift, why app.AbsenceKind, zone *time.Location) string {
	var parts []string
	switch s.State {
	case app.ShiftCalledOff:
		parts = append(parts, t.T("shift.cancelled"))
	case app.ShiftGivenToOthers:
		parts = append(parts, t.T("shift.replaced", "Name", n.WorkerOf(s.By)))
	case app.ShiftAbsent:
		parts = append(parts, t.T("shift.absent", "Why", Absence(t, why)))
	}
	if s.For != "" {
		parts = append(parts, t.T("shift.for", "Name", n.WorkerOf(s.For)))
	}
	if s.State == app.ShiftExpected && s.Absence != "" {
		parts = append(parts, t.T("shift.part", "Why", Absence(t, why), "From", t.Time(s.From, zone), "To", t.Time(s.To, zone)))
	}
	if s.Changed {
		parts = append(parts, t.T("shift.changed"))
	}
	return strings.Join(parts, "; ")
}
