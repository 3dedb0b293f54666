package wording

import (
	"strings"

	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/text"
	"klokkast/app/timesheet"
)

// Paper says which timesheet was compared: whose, of which days, which version.
func Paper(t *text.Translator, n *derived.Names, c *documents.PaperCheck) string {
	who := n.Worker(c.WorkerID)
	if who == "" {
		who = c.Name
	}
	if who == "" {
		who = t.T("verify.paper.somebody")
	}
	version := t.T("timesheet.foot.version", "Version", c.Code.Version)
	if c.Provisional() {
		version = t.T("timesheet.foot.draft", "Version", c.Code.Version)
	}
	return t.T("verify.paper.of", "Who", who, "Period", timesheet.Period(t, c.Code.Days), "Version", version)
}

// PaperVerdict says how the paper stands to the data. Of one that nobody saw it
// says what was printed with its code, and that a code proves nothing.
func PaperVerdict(t *text.Translator, c *documents.PaperCheck) string {
	switch {
	case c.Withdrawn:
		return t.T("verify.paper.withdrawn")
	case c.Verdict == documents.PaperChanged && len(c.Differences) == 0 && len(c.Facts) == 0:
		return t.T("verify.paper.changedSomehow")
	case c.Verdict == documents.PaperChanged && !c.Original:
		return t.T("verify.paper.changedSince")
	}
	return known(t, "verify.paper.", string(c.Verdict), "")
}

// PrintedPaper returns what was printed with a code of which nobody saw the paper,
// for whoever compares: a title, the facts, the total and each day; none where that is not known.
func PrintedPaper(t *text.Translator, n *derived.Names, c *documents.PaperCheck) (lines []string) {
	if c.Original || c.Printed == nil {
		return nil
	}
	title := t.T("verify.paper.printed")
	if c.Paper != nil {
		title = t.T("verify.paper.printedOn", "Day", c.Paper.At.DateIn(n.Zone("")))
	}
	lines = append(lines, title)
	for _, f := range c.Printed.Facts {
		if f.Text != "" && f.Field != "open" {
			lines = append(lines, "• "+PaperFact(t, f.Field)+": "+PaperFactText(t, f.Field, f.Text))
		}
	}
	worked, late := c.Printed.Hours()
	total := t.T("verify.paper.total", "Hours", worked.String())
	if late != 0 {
		total = t.T("verify.paper.totalWith", "Hours", worked.String(), "Late", late.String(), "All", (worked + late).String())
	}
	lines = append(lines, "• "+total)
	for i := range c.Printed.Days {
		d := &c.Printed.Days[i]
		who := ""
		if c.Code.Kind != timesheet.OfEngagement {
			who = " " + n.WorkerOf(d.EngagementID)
		}
		lines = append(lines, "• "+t.Date(d.Day)+who+": "+Printed(t, d))
	}
	return lines
}

// PaperFact names what stands on a paper beside its days.
func PaperFact(t *text.Translator, field string) string { return known(t, "verify.fact.", field, "") }

// PaperFactText writes it: capacities by their name, the rest as it is; "–" for none.
func PaperFactText(t *text.Translator, field, s string) string {
	switch {
	case s == "":
		return "–"
	case field == "engagement.capacity":
		return known(t, "timesheet.capacity.", s, "")
	}
	return s
}

// FileVerdict says whether a file is as it was written.
func FileVerdict(t *text.Translator, v documents.FileVerdict) string {
	return known(t, "verify.file.", string(v), "")
}

// Printed says what stands on a paper of one day: presences and absences, and the hours.
func Printed(t *text.Translator, p *timesheet.Printed) string {
	if len(p.What) == 0 && p.Hours == 0 {
		return t.T("verify.paper.nothing")
	}
	return strings.TrimSpace(p.Hours.String() + " " + strings.Join(p.What, "; "))
}
