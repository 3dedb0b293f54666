package wording

import (
	"cmp"
	"strconv"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/text"
)

// ClockEffect says, a line each, what accepting a shift would change: the
// punches, then what any step's effect says, and what was sent already.
func ClockEffect(t *text.Translator, n Names, e *acts.ClockEffect) []string {
	lines := []string{t.T("word.clock.shift", "Shift", ClockShift(t, e.Shift), "Source", ShiftSource(t, e.Source))}
	if !e.Fits {
		lines = append(lines, t.T("error.shift.misfit"))
	}
	for i := range e.Punches {
		lines = append(lines, MovedPunch(t, n, e.Clock.Log, &e.Punches[i]))
	}
	lines = append(lines, Effect(t, n, &e.Effect)...)
	if count := len(e.Left); count > 0 {
		lines = append(lines, t.N("word.clock.sent", count))
	}
	return lines
}

// MovedPunch says who tapped, by the box's own time and by the corrected one.
// Records of files have no numbers to show.
func MovedPunch(t *text.Translator, n Names, log app.LogKey, p *acts.MovedPunch) string {
	zone := n.Zone(p.SiteID)
	line := t.T("word.clock.moved", "Raw", t.DateTimeSeconds(p.Raw, zone), "After", t.DateTimeSeconds(p.At, zone),
		"Worker", cmp.Or(n.Worker(p.WorkerID), t.T("word.someone")), "Role", Role(t, p.Role))
	if log.Log == app.FileLog {
		return line
	}
	return strconv.FormatUint(p.Key.Seq, 10) + ": " + line
}
