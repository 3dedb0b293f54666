// Package wording says in the user's language what the program found: an
// anomaly and what settles it, why a punch is held, where a registration or a
// reading stands. The window and the commands share it, so that both say the
// same. It decides nothing. What the trade's own packages word stands in their
// catalogues (anomaly, ciao); the rest as word.KIND.CODE.
package wording

import (
	"cmp"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/identity"
	"klokkast/app/reading"
	"klokkast/app/text"
)

// Names gives the names behind ids; *office.Names is one.
type Names interface {
	Worker(id app.ID) string
	Site(id app.ID) string
	Box(uid string) string
	Zone(site app.ID) *time.Location
}

// code words a code of the program by one of the keys of this package.
func code(t *text.Translator, kind, code string) string { return known(t, "word."+kind+".", code, "") }

// known words a code by the key prefix + code + suffix. A code that the
// catalogues do not know, say of a newer box, is shown as it is: better a
// strange word than none.
func known(t *text.Translator, prefix, code, suffix string) string {
	if code == "" {
		return ""
	}
	if key := prefix + code + suffix; t.Has(key) {
		return t.T(key)
	}
	return code
}

// Rule returns the short name of a rule: "no check-out".
func Rule(t *text.Translator, r app.Rule) string { return known(t, "anomaly.", string(r), ".title") }

// Severity words a severity.
func Severity(t *text.Translator, s app.Severity) string {
	return known(t, "severity.", s.String(), "")
}

// Status words where the work on an anomaly stands; changed says that it was
// explained, but its evidence changed since.
func Status(t *text.Translator, s app.AnomalyStatus, changed bool) string {
	if changed {
		return t.T("word.status.changed")
	}
	return code(t, "status", string(s))
}

// Reason words a code of app.ReasonCodes.
func Reason(t *text.Translator, reason string) string { return known(t, "reason.", reason, "") }

// Held says why a punch is not sent.
func Held(t *text.Translator, r app.HeldReason) string { return known(t, "held.", string(r), "") }

// HeldHelp says what a person can do about a held punch; "" where nothing is to be done.
func HeldHelp(t *text.Translator, r app.HeldReason) string {
	if key := "word.heldhelp." + string(r); t.Has(key) {
		return t.T(key)
	}
	return ""
}

// Registration words the state of a registration. An accepted one adds the
// register's own word for its validity, which is shown as it is where it is unknown.
func Registration(t *text.Translator, r *app.Registration) string {
	if r == nil {
		return ""
	}
	s := State(t, r.State)
	switch {
	case r.State == app.RegHeld && r.Held != "":
		return s + ": " + Held(t, r.Held)
	case r.State == app.RegAccepted && r.Validity != "":
		return s + " (" + Validity(t, r.Validity) + ")"
	case r.State == app.RegQueued && r.NeedsPerson:
		return State(t, app.RegAsked)
	case r.State == app.RegUnknown && r.NeedsPerson:
		return s + ": " + t.T("regstate.needs-person")
	}
	return s
}

// State words a state of registrations.
func State(t *text.Translator, s app.RegistrationState) string {
	return known(t, "regstate.", string(s), "")
}

// RegistrationType words IN and OUT.
func RegistrationType(t *text.Translator, r app.RegistrationType) string {
	return code(t, "type", string(r))
}

// Stopped says why sending stopped until a person acts, and what to do.
func Stopped(t *text.Translator, reason string) string {
	if reason == "" {
		return ""
	}
	return t.T("ciao.stopped", "Why", Problem(t, reason))
}

// Problem words what went wrong at the register, by the code that attempts and reports keep.
func Problem(t *text.Translator, problem string) string {
	if problem == "" {
		return ""
	}
	key, args := ciao.ProblemKey(problem)
	return t.T(key, args)
}

// Outcome words what is known about one request to the register.
func Outcome(t *text.Translator, o app.AttemptOutcome) string { return code(t, "outcome", string(o)) }

// Operation words a kind of request: register, query or check.
func Operation(t *text.Translator, operation string) string { return code(t, "operation", operation) }

// Role words what a punch turned out to be.
func Role(t *text.Translator, r app.TapRole) string { return code(t, "role", string(r)) }

// Key words the key that was pressed; "" for none.
func Key(t *text.Translator, k app.PunchKey) string {
	if k == app.KeyNone {
		return ""
	}
	return code(t, "key", k.String())
}

// Decision words whether a site falls under CIAO.
func Decision(t *text.Translator, d app.Decision) string { return code(t, "decision", string(d)) }

// Capacity words in which capacity someone works.
func Capacity(t *text.Translator, c app.Capacity) string { return code(t, "capacity", string(c)) }

// Employer words the kind of an employer.
func Employer(t *text.Translator, k app.EmployerKind) string { return code(t, "employer", string(k)) }

// Reading words how a reading ended, with why where there is a why.
func Reading(t *text.Translator, s app.ReadingState, problem string) string {
	if problem == "" {
		return code(t, "reading", string(s))
	}
	return code(t, "reading", string(s)) + ": " + Fault(t, problem)
}

// ReadingHelp says what came of a reading that has a problem, and what there is to do; "" where it has none. readUpTo is
// the highest record of its log that was ever read.
func ReadingHelp(t *text.Translator, r *app.Reading, readUpTo uint64) string {
	key := reading.HelpKey(r.Problem)
	if key == "" {
		return ""
	}
	return t.T(key, "Read", max(readUpTo, r.Last), "Stated", r.BoxLast)
}

// LineProblem says what is wrong with a line of an imported file; length and limit are those of one that is too long.
func LineProblem(t *text.Translator, problem string, length, limit int) string {
	key := "import.line." + problem
	switch {
	case length > 0:
		return t.T(key+".bytes", "Length", t.Number(length), "Limit", t.Number(limit))
	case problem != "" && t.Has(key):
		return t.T(key)
	}
	return problem
}

// TableRow says why a line of a table is no tap, and what a right value looks like; "" for a tap.
func TableRow(t *text.Translator, row reading.TableRow) string {
	what := LineProblem(t, row.Problem, row.Length, row.Limit)
	switch {
	case row.None != "":
		return t.T("import.none." + string(row.None))
	case row.Problem == "" && row.Unnamed:
		return t.T("import.line.unnamed")
	case row.Column == 0:
		return what
	case row.Value == "":
		return t.T("import.line.at.empty", "What", what, "Column", row.Column, "Wanted", row.Wanted)
	}
	return t.T("import.line.at", "What", what, "Column", row.Column, "Value", row.Value, "Wanted", row.Wanted)
}

// Fault says why a box cannot be opened or was not read to its end.
func Fault(t *text.Translator, fault string) string {
	for _, key := range []string{"box.fault." + fault, "box.quarantine." + fault} {
		if fault != "" && t.Has(key) {
			return t.T(key)
		}
	}
	return code(t, "fault", fault)
}

// Environment names the register that is spoken to.
func Environment(t *text.Translator, e app.Environment) string {
	return code(t, "environment", string(e))
}

// Language names a language in itself: whoever seeks it can read it.
func Language(l app.Language) string { return text.NameOf(l) }

// Badge returns an identifier as people read it: the label on the card, else its kind and value.
func Badge(t *text.Translator, i app.Identifier) string {
	value := code(t, "badge", string(i.Key.Kind)) + " " + i.Key.Value
	if i.Label != "" && i.Label != i.Key.Value {
		return i.Label + " (" + value + ")"
	}
	return value
}

// UserBy returns why a person of a terminal is taken for a worker.
func UserBy(t *text.Translator, by string) string { return code(t, "userBy", by) }

// CardReading returns how what a desk reader typed is understood.
func CardReading(t *text.Translator, how identity.ReadingKind) string {
	return code(t, "cardReading", string(how))
}

// Address writes an address on one line, "" for none.
func Address(a app.Address) string {
	street := strings.TrimSpace(a.Street + " " + a.HouseNumber)
	if a.BoxNumber != "" {
		street += " / " + a.BoxNumber
	}
	town := strings.TrimSpace(a.PostCode + " " + a.Municipality)
	if street != "" && town != "" {
		return street + ", " + town
	}
	return street + town
}

// Box names the box of a tap; what was registered by phone or otherwise came by none.
func Box(t *text.Translator, n Names, uid string) string {
	if _, ok := app.PhonesSite(uid); ok {
		return t.T("word.byPhone")
	}
	return n.Box(uid)
}

// Anomaly says in one or two sentences what was found: who, where, when, how much.
func Anomaly(t *text.Translator, n Names, a *app.Anomaly) string {
	key := a.Rule.TextKey()
	if !t.Has(key) {
		return Rule(t, a.Rule)
	}
	zone := n.Zone(a.SiteID)
	args := map[string]any{
		"Worker": cmp.Or(n.Worker(a.WorkerID), t.T("word.someone")),
		"Site":   cmp.Or(n.Site(a.SiteID), t.T("word.somewhere")),
		"Box":    Box(t, n, a.Box),
		"Day":    a.Day,
		"Date":   t.Date(dayOf(a, zone)),
		"Time":   t.Time(a.At, zone),
		"Value":  Quantity(t, a.Rule, a.Value),
		"Limit":  "",
		"Fact":   fact(t, a),
	}
	if a.Threshold != "" || a.Limit != 0 {
		args["Limit"] = Quantity(t, a.Rule, a.Limit)
	}
	addFacts(t, n, a, args)
	if app.FactReadElsewhere.Get(a) {
		return elsewhere(t, a, args, zone)
	}
	if special := "anomaly." + string(a.Rule) + ".byPhone"; app.FactByPhone.Get(a) && t.Has(special) {
		key = special
	}
	return t.T(key, args)
}

// addFacts returns a text what its rule measures besides: a second threshold, the
// other site or person, a last day. What an anomaly does not hold is "".
func addFacts(t *text.Translator, n Names, a *app.Anomaly, args map[string]any) {
	lasting := func(f app.Fact[time.Duration]) string {
		if v, ok := f.Of(a); ok {
			return t.Duration(v)
		}
		return ""
	}
	args["Break"], args["NightTo"], args["Grace"] = lasting(app.FactBreak), lasting(app.FactNightTo), lasting(app.FactGrace)
	args["Other"] = cmp.Or(n.Site(app.FactOtherSite.Get(a)), t.T("word.somewhere"))
	args["OtherWorker"] = cmp.Or(n.Worker(app.FactOtherWorker.Get(a)), t.T("word.someone"))
	args["Of"], args["Within"] = "", ""
	if v, ok := app.FactOf.Of(a); ok {
		args["Of"] = t.Number(int(v))
	}
	if v, ok := app.FactWithin.Of(a); ok {
		args["Within"] = clockSpan(t, v)
	}
	args["Until"] = t.Date(app.FactUntil.Get(a))
	args["Engaged"] = t.Days(app.Days{From: app.FactEngagedFrom.Get(a), To: app.FactEngagedTo.Get(a)})
}

// elsewhere words a gap that is no loss: who has the records, and since when.
func elsewhere(t *text.Translator, a *app.Anomaly, args map[string]any, zone *time.Location) string {
	at, known := app.FactAcknowledgedAt.Of(a)
	if by := app.FactBy.Get(a); by == "" || !known {
		return t.T("word.gap.elsewhere-unknown", args)
	}
	args["By"], args["When"] = app.FactBy.Get(a), t.DateTime(at, zone)
	return t.T("word.gap.elsewhere", args)
}

// dayOf returns the day of an anomaly, or that on which its fact began.
func dayOf(a *app.Anomaly, zone *time.Location) app.Date {
	if a.Day == 0 && a.At != 0 {
		return a.At.DateIn(zone)
	}
	return a.Day
}

// fact words the first thing that an anomaly holds besides names and times:
// the sequence numbers of a gap, the field that is wrong, the event of a box.
func fact(t *text.Translator, a *app.Anomaly) string {
	if first, ok := app.FactFirst.Of(a); ok {
		if app.FactLog.Get(a) == app.FileLog { // what stands for its sequences says nothing to people
			return ""
		}
		return t.T("word.fact.range", "First", t.Number(int(first)), "Last", t.Number(int(app.FactLast.Get(a))))
	}
	for _, f := range [...]app.Fact[string]{app.FactEvent, app.FactProblem, app.FactReason, app.FactState} {
		if code, ok := f.Of(a); ok {
			return known(t, "anomaly.fact.", code, "")
		}
	}
	if a.Subject.Kind == app.AboutIdentifier {
		return identifierText(t, a.Subject.ID)
	}
	return ""
}

// identifierText makes an identifier's key readable: "card 04A1B2C3".
func identifierText(t *text.Translator, subject string) string {
	kind, rest, ok := strings.Cut(subject, ":")
	if !ok {
		return subject
	}
	return code(t, "badge", kind) + " " + rest[strings.LastIndex(rest, ":")+1:]
}

const day = 24 * time.Hour

// Quantity writes what a rule measures in the unit in which people speak of it.
// v is in milliseconds, except for speeds, counts and percentages.
func Quantity(t *text.Translator, r app.Rule, v int64) string {
	d := time.Duration(v) * time.Millisecond
	switch attendance.RuleOf(r).Measures {
	case attendance.Speed:
		return t.T("word.unit.speed", "Number", t.Number(int(v)))
	case attendance.Percent:
		return t.T("word.unit.percent", "Number", t.Number(int(v)))
	case attendance.Count:
		return t.Number(int(v))
	case attendance.DayCount:
		if v > 1000 { // a duration after all
			return t.N("word.unit.days", int(d/day))
		}
		return t.N("word.unit.days", int(v))
	case attendance.Span:
		return clockSpan(t, d)
	}
	return t.Duration(d)
}

// clockSpan writes how far a clock is off, from seconds to days.
func clockSpan(t *text.Translator, d time.Duration) string {
	if d < 0 {
		d = -d
	}
	switch {
	case d < 2*time.Minute:
		return t.N("word.unit.seconds", int(d/time.Second))
	case d < 2*time.Hour:
		return t.N("word.unit.minutes", int(d/time.Minute))
	case d < 2*day:
		return t.N("word.unit.hours", int(d/time.Hour))
	}
	return t.N("word.unit.days", int(d/day))
}

// Steps says what can settle an anomaly; "" where the catalogues do not know the rule.
func Steps(t *text.Translator, r app.Rule) string {
	if key := r.StepsKey(); t.Has(key) {
		return t.T(key)
	}
	return ""
}
