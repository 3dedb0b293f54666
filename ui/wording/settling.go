package wording

import (
	"cmp"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/text"
)

// SettlingStep words a step that can settle an anomaly.
func SettlingStep(t *text.Translator, c attendance.StepCode) string {
	return known(t, "step.", string(c), "")
}

// Act words what someone did, by the trail's code.
func Act(t *text.Translator, what string) string { return known(t, "act.", what, "") }

// LimitUsed names a threshold with its value and whose choice it is.
func LimitUsed(t *text.Translator, l *derived.LimitUsed) string {
	return t.T("word.threshold", "Name", Threshold(t, l.Name), "Value", Limit(t, l.Unit, l.Value), "From", Level(t, l.From))
}

// Settled says how many anomalies new readings settled by themselves, and which
// was the last; "" for none. list is the newest first.
func Settled(t *text.Translator, n Names, list []derived.FoundAnomaly) string {
	if len(list) == 0 {
		return ""
	}
	last := &list[0]
	who := cmp.Or(n.Worker(last.WorkerID), n.Site(last.SiteID), n.Box(last.Box))
	return t.N("word.settled", len(list), "Rule", Rule(t, last.Rule), "Who", who, "Date", t.Date(dayOf(&last.Anomaly, n.Zone(last.SiteID))),
		"When", t.Time(last.Gone.At, n.Zone(last.SiteID)), "By", last.Gone.By)
}

// HistoryStep says who did what about an anomaly, and why. site gives the zone.
func HistoryStep(t *text.Translator, n Names, site app.ID, s *derived.HistoryStep) string {
	when := t.DateTime(s.At, n.Zone(site))
	if s.What == derived.StepGone {
		if s.ReadingID != "" {
			return t.T("word.history.goneByReading", "When", when, "By", s.By)
		}
		return t.T("word.history.gone", "When", when, "What", Act(t, s.Note), "By", s.By)
	}
	text := t.T("word.history.step", "When", when, "By", s.By, "What", Act(t, s.What))
	for _, why := range []string{Reason(t, s.Reason), s.Note} {
		if why != "" {
			text += " · " + why
		}
	}
	return text
}

// Effect says what a proposal would change, a line each; nothing at all is a line too.
func Effect(t *text.Translator, n Names, e *acts.Effect) []string {
	var out []string
	for i := range e.Days {
		out = append(out, dayEffect(t, n, &e.Days[i]))
	}
	out = append(out, tapLines(t, n, e.Taps)...)
	for i := range e.Goes {
		out = append(out, t.T("word.effect.goes", "Anomaly", Anomaly(t, n, &e.Goes[i])))
	}
	for i := range e.Comes {
		out = append(out, t.T("word.effect.comes", "Anomaly", Anomaly(t, n, &e.Comes[i])))
	}
	for i := range e.Sent {
		out = append(out, sentEffect(t, n, &e.Sent[i]))
	}
	if e.Nothing() {
		return []string{t.T("word.effect.none")}
	}
	return out
}

func dayEffect(t *text.Translator, n Names, d *acts.DayEffect) string {
	hours := func(worked time.Duration, incomplete bool, presences int) string {
		switch {
		case presences == 0:
			return t.T("word.effect.nothing")
		case incomplete:
			return t.T("word.effect.incomplete", "Worked", t.Duration(worked))
		}
		return t.Duration(worked)
	}
	line := t.T("word.effect.day", "Worker", n.Worker(d.WorkerID), "Date", t.Date(d.Day),
		"Before", hours(d.Before, d.Incomplete[0], d.Presences[0]), "After", hours(d.After, d.Incomplete[1], d.Presences[1]))
	if d.Closed {
		line += " " + t.T("word.effect.closed")
	}
	return line
}

// tapLines counts the taps that become somebody's, and those that do something else.
func tapLines(t *text.Translator, n Names, taps []acts.TapEffect) (out []string) {
	type kind struct {
		worker app.ID
		role   app.TapRole
	}
	count := map[kind]int{}
	var order []kind
	for i := range taps {
		k := kind{worker: taps[i].After.WorkerID}
		if taps[i].After.WorkerID == taps[i].Before.WorkerID {
			k.role = taps[i].After.Role
		}
		if count[k] == 0 {
			order = append(order, k)
		}
		count[k]++
	}
	for _, k := range order {
		who := cmp.Or(n.Worker(k.worker), t.T("word.someone"))
		if k.role == "" {
			out = append(out, t.N("word.effect.attributed", count[k], "Worker", who))
			continue
		}
		out = append(out, t.N("word.effect.role", count[k], "Worker", who, "Role", Role(t, k.role)))
	}
	return out
}

func sentEffect(t *text.Translator, n Names, s *acts.SentEffect) string {
	r := &s.Registration
	args := []any{"Type", RegistrationType(t, r.Type), "When", t.DateTime(r.At, n.Zone(r.SiteID)), "Worker", cmp.Or(n.Worker(r.WorkerID), t.T("word.someone")),
		"State", State(t, r.State), "Now", cmp.Or(n.Worker(s.WorkerID), t.T("word.someone")), "NowType", RegistrationType(t, s.Type)}
	if s.Type == "" {
		return t.T("word.effect.sentNothing", args...)
	}
	return t.T("word.effect.sent", args...)
}
