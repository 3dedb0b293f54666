package wording

import (
	"net/url"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/sending"
	"klokkast/app/text"
)

// Addresses says where the register in use is, with the hosts that a person added.
func Addresses(t *text.Translator, a sending.Access) (lines []string) {
	if a.Base != "" {
		lines = append(lines, t.T("ciao.access.address", "Base", a.Base, "Token", a.Token))
	}
	for _, h := range a.Added {
		lines = append(lines, h.Host+": "+AddedHost(t, h))
	}
	return lines
}

// AddedHost says who added a host, when and why.
func AddedHost(t *text.Translator, h ciao.AddedHost) string {
	return t.T("ciao.access.added", "Why", h.Why, "By", h.By, "At", t.Date(h.At.DateIn(app.Belgium())))
}

// Register names the register in use in few words: its environment and host,
// marked where a person added that.
func Register(t *text.Translator, e app.Environment, a sending.Access) string {
	name := Environment(t, e)
	u, err := url.Parse(a.Base)
	if err != nil || u.Host == "" {
		return name
	}
	for _, h := range a.Added {
		if h.Host == u.Hostname() {
			return t.T("ciao.access.at.added", "Environment", name, "Host", u.Host)
		}
	}
	return t.T("ciao.access.at", "Environment", name, "Host", u.Host)
}

// Access says what keeps, or soon will keep, punches from being sent: a locked
// key, and one that is over or ends within 60, 30 or 7 days. Nothing where all is well.
func Access(t *text.Translator, a sending.Access) (lines []string) {
	if a.Elsewhere != nil {
		lines = append(lines, t.Error(a.Elsewhere))
	}
	if a.Locked {
		lines = append(lines, t.T("ciao.access.locked"))
	}
	switch days, warns := a.Warns(); {
	case warns && days == 0:
		lines = append(lines, t.T("ciao.access.expired", "Date", endOf(t, a)))
	case warns:
		lines = append(lines, t.N("ciao.access.expires", a.DaysLeft, "Date", endOf(t, a)))
	}
	return lines
}

func endOf(t *text.Translator, a sending.Access) string {
	return t.Date(a.Expires.DateIn(app.Belgium()))
}

// Step names a step of a connection test.
func Step(t *text.Translator, s ciao.Step) string { return t.T("ciao.step." + string(s)) }

// StepState says what came of it.
func StepState(t *text.Translator, s ciao.StepState) string {
	return t.T("ciao.step.state." + string(s))
}

// StepProblem says why a step failed and what to do; "" where it did not.
func StepProblem(t *text.Translator, r ciao.StepResult) string {
	if r.Code == ciao.CodeClockOff {
		return t.T("ciao.step.clock.off", "Offset", t.Duration(r.Offset.Abs()))
	}
	return Problem(t, r.Code)
}
