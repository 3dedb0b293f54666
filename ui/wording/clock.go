package wording

import (
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/identity"
	"klokkast/app/text"
)

// ClockKind says what is wrong with the clock of a segment.
func ClockKind(t *text.Translator, k attendance.SegmentKind) string {
	return code(t, "clockkind", string(k))
}

// ShiftSource says where a shift comes from.
func ShiftSource(t *text.Translator, s attendance.ShiftSource) string {
	return code(t, "shift", string(s))
}

// ClockShift writes by how much times are moved: "+9823 days 12 hours".
func ClockShift(t *text.Translator, d time.Duration) string {
	if d < 0 {
		return span(t, d.Truncate(time.Second))
	}
	return "+" + span(t, d.Truncate(time.Second))
}

// Doubt writes an uncertainty: "± 2 minutes"; below a second it is none to speak of.
func Doubt(t *text.Translator, d time.Duration) string {
	if d < time.Second {
		return "± 1 s"
	}
	return "± " + span(t, d.Truncate(time.Second))
}

// Records names the records of a segment by their numbers; those of files have none.
func Records(t *text.Translator, s *attendance.Segment) string {
	if s.Log.Log == app.FileLog {
		return ""
	}
	return t.T("word.fact.range", "First", t.Number(int(s.First)), "Last", t.Number(int(s.Last)))
}

// Notation names how a box shows a card of which the company knows another notation.
func Notation(t *text.Translator, kind identity.NotationKind, inverse bool) string {
	if inverse {
		return t.T("word.notation.inverse", "Notation", code(t, "notation", string(kind)))
	}
	return code(t, "notation", string(kind))
}
