package timesheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"klokkast/app"
)

// Fact is something that stands on a paper beside its days, in no language; the
// text of what it is about is verify.fact.FIELD.
type Fact struct {
	Field string `json:"field"` // such as worker.name
	Text  string `json:"text"`  // "" for none
}

// FactDifference is a fact that stands otherwise in two states of the data.
type FactDifference struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Is    string `json:"is"`
}

// Facts returns what stands on the sheet beside its days.
func (m *Model) Facts() []Fact {
	s := &m.Sheet
	rounding := ""
	if s.rounds() {
		rounding = fmt.Sprintf("%s %d", cmp.Or(s.Engagement.Rounding.Mode, app.RoundNearest), s.Engagement.Rounding.Minutes)
	}
	return []Fact{
		{"worker.name", s.Worker.Name()},
		{"worker.staffNumber", s.Worker.StaffNumber},
		{"worker.ssin", s.Worker.SSIN.Masked()},
		{"employer.name", s.Employer.Name},
		{"employer.number", s.Employer.Enterprise + s.Employer.ForeignVAT},
		{"engagement.capacity", string(s.Engagement.Capacity)},
		{"engagement.days", daysText(s.Engagement.Days)},
		{"engagement.weekly", s.weekly().String()},
		{"engagement.rounding", rounding},
		{"open", fmt.Sprint(len(s.Anomalies))},
	}
}

// daysText writes days whose ends may be missing.
func daysText(d app.Days) string {
	if d == (app.Days{}) {
		return ""
	}
	return strings.TrimSpace(d.From.String() + " – " + d.To.String())
}

// Facts returns what stands on the paper beside its days.
func (m *GroupModel) Facts() []Fact {
	g := &m.Group
	kind := "site"
	if g.Kind == OfTeam {
		kind = "team"
	}
	var people, employers []string
	for _, member := range m.Members {
		people = append(people, member.Sheet.Worker.Name())
		employers = append(employers, member.Sheet.Employer.Name)
	}
	slices.Sort(employers)
	return []Fact{
		{kind + ".name", g.Name},
		{"site.address", addressLine(g.Site.Address)},
		{"client.name", g.Client},
		{"people", strings.Join(slices.Compact(people), "; ")},
		{"employer.name", strings.Join(slices.Compact(employers), "; ")},
		{"approved", fmt.Sprint(m.Approved())},
		{"open", fmt.Sprint(len(m.Notes))},
	}
}

// CompareFacts returns the facts that differ, in the order of the paper.
func CompareFacts(was, is []Fact) []FactDifference {
	out := []FactDifference{}
	text := func(list []Fact, field string) string {
		i := slices.IndexFunc(list, func(f Fact) bool { return f.Field == field })
		if i < 0 {
			return ""
		}
		return list[i].Text
	}
	for _, f := range is {
		if before := text(was, f.Field); before != f.Text {
			out = append(out, FactDifference{f.Field, before, f.Text})
		}
	}
	return out
}
