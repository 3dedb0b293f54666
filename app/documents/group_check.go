package documents

import (
	"context"
	"errors"
	"slices"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/period"
	"klokkast/app/timesheet"
)

// verifyGroup compares the paper of a site or a team with the data of now. The
// paper of a team is compared for the engagements that were on it: who joined or
// left the team since changes no hours that were signed.
func (a *approvalView) verifyGroup(ctx context.Context, check *PaperCheck) error {
	var err error
	if check.Subject, err = a.groupOf(ctx, check); err != nil || check.Subject == "" {
		return err
	}
	then, known, err := a.contentOf(ctx, check.Paper)
	if err != nil {
		return err
	}
	m, err := a.groupNow(ctx, check, then.Engagements)
	var gone *app.NotFoundError
	if errors.As(err, &gone) {
		return nil
	}
	if err != nil {
		return err
	}
	hash, err := groupHash(m)
	if err != nil {
		return err
	}
	check.Name = m.Group.Name
	check.Verdict = verdictOf(strings.HasPrefix(hash, check.Code.Hash))
	if !known && check.Verdict == PaperSame { // printed from another copy of the data
		check.Printed = (&paperContent{Facts: m.Facts(), Days: m.Printed()}).printed()
	}
	if known {
		check.Printed, check.people = then.printed(), len(then.Engagements)
		check.compare(then, paperContent{Facts: m.Facts(), Days: m.Printed()})
		check.Verdict = verdictOf(check.Verdict == PaperSame || len(check.Differences) == 0 && len(check.Facts) == 0)
	}
	for _, member := range m.Members {
		since, err := a.sinceClosed(ctx, member.Sheet.Engagement, check.Code.Days)
		if err != nil {
			return err
		}
		check.Since = append(check.Since, slices.DeleteFunc(since, func(x period.Addition) bool {
			return check.Code.Kind == timesheet.OfSite && !touches(&x, check.Subject)
		})...)
	}
	return nil
}

// touches says that an addition is about presences at a site.
func touches(x *period.Addition, site app.ID) bool {
	return slices.ContainsFunc(x.Changes, func(c period.Change) bool {
		return c.Was != nil && c.Was.SiteID == site || c.Is != nil && c.Is.SiteID == site
	})
}

// groupOf returns the site or the team that a code names; "" where there is none.
func (a *approvalView) groupOf(ctx context.Context, check *PaperCheck) (app.ID, error) {
	if check.Paper != nil {
		return check.Paper.Subject, nil
	}
	groups, err := a.groupsOf(ctx, check.Code.Kind)
	for _, g := range groups {
		if timesheet.SubjectOf(g.ID) == check.Code.Subject {
			return g.ID, err
		}
	}
	return "", err
}

// groupNow lays out what a paper would say now; of a team, for the engagements that were on it, where that is known.
func (a *approvalView) groupNow(ctx context.Context, check *PaperCheck, engagements []app.ID) (*timesheet.GroupModel, error) {
	g := SheetGroup{check.Code.Kind, check.Subject}
	if g.Kind == timesheet.OfSite || len(engagements) == 0 {
		return a.groupModel(ctx, g, check.Code.Days, app.Dutch, false) // what is compared has no language
	}
	group := a.emptyGroup(g, check.Code.Days)
	teams, err := a.o.staff.Teams(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(teams, func(t acts.Team) bool { return t.ID == g.ID }); i >= 0 { // else it was removed
		group.Name = teams[i].Name
	}
	if err := a.addSheets(ctx, &group, func(e app.Engagement) bool { return slices.Contains(engagements, e.ID) }); err != nil {
		return nil, err
	}
	return a.layGroup(ctx, group, app.Dutch, false)
}
