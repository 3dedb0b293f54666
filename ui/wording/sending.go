package wording

import (
	"errors"
	"strings"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/identity"
	"klokkast/app/sending"
	"klokkast/app/text"
	"klokkast/app/workspace"
)

// RegisterSetting words the value of a setting of the register: its own words
// where it is one of a few, with its unit where it is a number.
func RegisterSetting(t *text.Translator, name workspace.RegisterSetting, value string) string {
	key := "sending.value." + string(name)
	switch {
	case t.Has(key + "." + value):
		return t.T(key + "." + value)
	case t.Has(key):
		return t.T(key, "Value", value)
	}
	return value
}

// Sending words how sending by itself stands: the mode, why nothing goes, or
// what the last run did.
func Sending(t *text.Translator, s sending.SendingStatus) string {
	if s.Why != nil {
		return NotSending(t, s.Why)
	}
	mode := t.T("sending.mode." + string(s.Mode))
	switch r := s.Report; {
	case r != nil && r.Stopped != "":
		return t.T("sending.not", "Why", Problem(t, r.Stopped))
	case r != nil && len(Notices(t, r.Notices(s.At))) > 0:
		return mode + ": " + strings.Join(Notices(t, r.Notices(s.At)), " ")
	case r != nil && r.Problem != "" && r.Left.Queued+r.Left.Unknown > 0:
		return mode + ": " + Problem(t, r.Problem)
	case r != nil && r.Requests > 0:
		return mode + ": " + t.T("window.ciao.sent", "Accepted", t.Number(r.Accepted+r.Adopted), "Refused", t.Number(r.Refused), "Unknown", t.Number(r.Unknown))
	case s.Next != 0:
		return mode + ": " + t.T("sending.next", "At", t.DateTime(s.Next, app.Belgium()))
	}
	return mode
}

// Notices says what whoever sends should know besides: that the register knows
// nothing of ours, an outage, a wrong clock, employers that wait for a
// permission, and what of unknown fate is looked up when.
func Notices(t *text.Translator, n ciao.Notices) (lines []string) {
	lines = append(lines, setBack(t, n.SetBack)...)
	if n.Earlier > 0 {
		lines = append(lines, t.N("ciao.earlier", n.Earlier, "Since", t.DateTime(n.EarlierSince, app.Belgium())))
	}
	if n.KnowsNoneSince != 0 {
		lines = append(lines, t.T("ciao.stranger"))
	}
	if n.Outage != 0 {
		lines = append(lines, t.N("ciao.outage", n.Waiting, "Since", t.DateTime(n.Outage, app.Belgium())))
	}
	if n.ClockOff != 0 {
		lines = append(lines, t.T("ciao.clockOff", "By", t.Duration(n.ClockOff.Abs())))
	}
	for _, number := range n.Parked {
		lines = append(lines, t.T("ciao.parked", "Number", employerNumber(number)))
	}
	if n.Unproven > 0 {
		lines = append(lines, t.N("ciao.unprovenLeft", n.Unproven, "At", t.DateTimeSeconds(n.NextProof, app.Belgium())))
	}
	if n.Asked > 0 {
		lines = append(lines, Asked(t, n.Asked, n.AskedSince, n.AskedWhy))
	}
	if n.Unknown > 0 {
		lines = append(lines, t.N("ciao.unknownLeft", n.Unknown, "At", t.DateTimeSeconds(n.NextLookUp, app.Belgium())))
	}
	return lines
}

// Asked says how many wait for a person's decision, since when, and why.
func Asked(t *text.Translator, count int, since app.Instant, why string) string {
	return t.N("ciao.asked", count, "Since", t.DateTime(since, app.Belgium())) + " " + known(t, "ciao.asks.", why, "")
}

// setBack says by what it was seen that the database was set back, what that
// means, what look-ups settled, what is left for a person, and how it goes on.
func setBack(t *text.Translator, s *ciao.SetBackCounts) []string {
	if s == nil {
		return nil
	}
	lines := []string{t.T("ciao.setBack.sign." + string(s.Sign))}
	if s.Resumed == 0 { // the step, where only the first lines are seen
		lines = append(lines, t.T("ciao.setBack.resume"))
	}
	return append(
		lines,
		t.T("ciao.setBack.means", "Found", t.DateTime(s.Found, app.Belgium())),
		t.T(
			"ciao.setBack.counts",
			"Adopted",
			t.Number(s.Adopted),
			"Missing",
			t.Number(s.Missing),
			"Unknown",
			t.Number(s.Unknown),
			"NeedsPerson",
			t.Number(s.NeedsPerson),
		),
	)
}

// employerNumber shows an enterprise number as people write it, and any other as it is.
func employerNumber(number string) string {
	if n, err := identity.ParseEnterprise(number); err == nil {
		return identity.FormatEnterprise(n)
	}
	return number
}

// NotSending says why nothing goes to the register.
func NotSending(t *text.Translator, why error) string {
	if errors.Is(why, ciao.ErrLocked) { // which says so itself
		return t.Error(why)
	}
	return t.T("sending.not", "Why", t.Error(why))
}

// Share words a part of a whole in percent, with one decimal.
func Share(t *text.Translator, share float64) string {
	return t.T("sending.percent", "Count", t.Decimal(100*share, 1))
}
