package documents

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/period"
	"klokkast/app/store"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
)

// SheetGroup names the site or the team that one timesheet is of.
type SheetGroup struct {
	Kind timesheet.PaperKind // OfSite or OfTeam
	ID   app.ID
}

// GroupRow is one line of the timesheets of sites or teams.
type GroupRow struct {
	Group    SheetGroup
	Name     string
	People   int
	Worked   time.Duration // of the days on the paper
	Added    time.Duration // of earlier, closed days, settled with these days; of a team alone
	Sheets   int           // engagements on it
	Approved int           // of them closed
	Paper    *store.Paper  // the last one written, if any
}

// GroupRows returns every site with hours in some days, or every team, by name.
func (o *Sheets) GroupRows(ctx context.Context, kind timesheet.PaperKind, days app.Days) ([]GroupRow, error) {
	if err := checkPeriod(days); err != nil {
		return nil, err
	}
	a, err := o.approvals.view(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := a.groupsOf(ctx, kind)
	if err != nil {
		return nil, err
	}
	list, err := o.work.Store.Papers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the papers: %w", err)
	}
	papers := map[SheetGroup]*store.Paper{} // the last of each group for these days
	for i := range list {
		p := &list[i]
		g := SheetGroup{timesheet.PaperKind(strings.TrimSuffix(p.Kind, store.DraftSuffix)), p.Subject}
		if last := papers[g]; p.Days == days && (last == nil || p.At >= last.At) {
			papers[g] = p
		}
	}
	rows := []GroupRow{}
	for _, g := range groups {
		m, err := a.groupModel(ctx, g, days, o.work.Language(), false)
		if err != nil {
			return nil, err
		}
		if len(m.Members) == 0 && kind == timesheet.OfSite {
			continue
		}
		rows = append(
			rows,
			GroupRow{
				g,
				m.Group.Name,
				m.People(),
				time.Duration(m.Total.Hours) * time.Minute,
				time.Duration(m.Late()) * time.Minute,
				len(m.Members),
				m.Approved(),
				papers[g],
			},
		)
	}
	slices.SortFunc(rows, func(x, y GroupRow) int {
		return cmp.Or(strings.Compare(x.Name, y.Name), cmp.Compare(x.Group.ID, y.Group.ID))
	})
	return rows, nil
}

// groupsOf returns every group of a kind.
func (a *approvalView) groupsOf(ctx context.Context, kind timesheet.PaperKind) (out []SheetGroup, err error) {
	if kind == timesheet.OfSite {
		for _, s := range a.p.Facts.Sites {
			out = append(out, SheetGroup{kind, s.ID})
		}
		return out, nil
	}
	teams, err := a.o.staff.Teams(ctx)
	for _, t := range teams {
		out = append(out, SheetGroup{kind, t.ID})
	}
	return out, err
}

// readyGroup gathers the paper of a group; with reveal the trail notes each person.
func (a *approvalView) readyGroup(ctx context.Context, g SheetGroup, days app.Days, lang app.Language, reveal bool) (*readySheet, error) {
	lang = cmp.Or(lang, a.o.work.Language())
	m, err := a.groupModel(ctx, g, days, lang, reveal)
	if err != nil {
		return nil, err
	}
	p := store.Paper{Kind: string(g.Kind) + store.DraftSuffix, Subject: g.ID, Days: days, Language: lang}
	if p.Hash, err = groupHash(m); err != nil {
		return nil, err
	}
	content := paperContent{Engagements: m.Engagements(), Facts: m.Facts(), Days: m.Printed()}
	if m.Stamp, err = a.o.stampDraft(ctx, &p, content, a.p.Names.WorkerOf); err != nil {
		return nil, err
	}
	m.Stamp.Provisional = m.Provisional()
	if reveal {
		var workers []app.ID
		for _, member := range m.Members {
			workers = append(workers, member.Sheet.Worker.ID)
		}
		if err := a.o.printer.noteReveal(ctx, workers); err != nil {
			return nil, err
		}
	}
	return &readySheet{m, p}, nil
}

// groupHash names what stands on the paper of a group.
func groupHash(m *timesheet.GroupModel) (string, error) {
	type member struct {
		Worker       period.Worker
		Employer     app.Employer
		EngagementID app.ID
		Approval     string // the hash of what was approved
	}
	var members []member
	var open []string
	for _, x := range m.Members {
		s := &x.Sheet
		one := member{period.WorkerOf(s.Worker), s.Employer, s.Engagement.ID, ""}
		if s.Approval != nil {
			one.Approval = s.Approval.Hash
		}
		members = append(members, one)
	}
	for _, n := range m.Notes {
		open = append(open, fmt.Sprint(n.Kind, n.Day, n.Site))
	}
	g := &m.Group
	return derived.HashOf(struct {
		Kind    timesheet.PaperKind
		Subject app.ID
		Name    string
		Address app.Address
		Client  string
		Days    app.Days
		Members []member
		Printed []timesheet.Printed
		Notes   []string
	}{g.Kind, g.Subject, g.Name, g.Site.Address, g.Client, g.Days, members, m.Printed(), open})
}

// groupModel lays out the paper of a group, without a stamp.
func (a *approvalView) groupModel(ctx context.Context, g SheetGroup, days app.Days, lang app.Language, reveal bool) (*timesheet.GroupModel, error) {
	group := a.emptyGroup(g, days)
	var err error
	if g.Kind == timesheet.OfSite {
		err = a.siteGroup(ctx, &group)
	} else {
		err = a.teamGroup(ctx, &group)
	}
	if err != nil {
		return nil, err
	}
	return a.layGroup(ctx, group, lang, reveal)
}

func (a *approvalView) emptyGroup(g SheetGroup, days app.Days) timesheet.Group {
	return timesheet.Group{Kind: g.Kind, Subject: g.ID, Days: days, Environment: a.o.work.Environment(),
		Letterhead: a.o.work.Settings().Letterhead, Program: a.o.printer.Typesetting.Program}
}

// layGroup lays out a group that was gathered.
func (a *approvalView) layGroup(ctx context.Context, group timesheet.Group, lang app.Language, reveal bool) (m *timesheet.GroupModel, err error) {
	group.AsApproved()
	texts := a.o.printer.Typesetting.Texts(lang)
	for i := range group.Sheets {
		s := &group.Sheets[i]
		caption(s, texts)
		if reveal {
			a.reveal(s)
		}
	}
	if group.Logo, err = a.o.printer.logo(ctx, group.Letterhead); err != nil {
		return nil, err
	}
	if m, err = timesheet.BuildGroup(group, texts); err != nil {
		return nil, fmt.Errorf("lay out the timesheet: %w", err)
	}
	return m, nil
}

// siteGroup gathers the sheets of everyone who was at a site.
func (a *approvalView) siteGroup(ctx context.Context, g *timesheet.Group) error {
	site, ok := a.p.Names.Sites[g.Subject]
	if !ok {
		return app.NotFound("site", string(g.Subject))
	}
	g.Name, g.Site, g.Client = site.Name, site, a.p.Names.Clients[site.ClientID].Name
	for _, e := range a.p.Facts.Engagements {
		s, err := a.sheetOnce(ctx, e, g.Days)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(s.Workdays, func(w app.Workday) bool {
			return g.Days.Holds(w.Day) && slices.ContainsFunc(w.Presences, func(p app.Presence) bool { return p.SiteID == site.ID })
		}) {
			g.Sheets = append(g.Sheets, s)
		}
	}
	return nil
}

// teamGroup gathers the sheets of a team's people: of all their engagements that
// reach into the days, or of which additions are settled with them.
func (a *approvalView) teamGroup(ctx context.Context, g *timesheet.Group) error {
	team, err := a.team(ctx, g.Subject)
	if err != nil {
		return err
	}
	g.Name = team.Name
	return a.addSheets(ctx, g, func(e app.Engagement) bool { return slices.Contains(team.Workers, e.WorkerID) })
}

func (a *approvalView) team(ctx context.Context, id app.ID) (acts.Team, error) {
	teams, err := a.o.staff.Teams(ctx)
	if err != nil {
		return acts.Team{}, err
	}
	i := slices.IndexFunc(teams, func(t acts.Team) bool { return t.ID == id })
	if i < 0 {
		return acts.Team{}, app.NotFound("team", string(id))
	}
	return teams[i], nil
}

// addSheets adds the sheets of some engagements to a group.
func (a *approvalView) addSheets(ctx context.Context, g *timesheet.Group, mine func(app.Engagement) bool) error {
	for _, e := range a.p.Facts.Engagements {
		if !mine(e) {
			continue
		}
		s, err := a.sheetOnce(ctx, e, g.Days)
		if err != nil {
			return err
		}
		if e.Days.Overlaps(g.Days) || len(s.Additions) > 0 || len(s.Workdays) > 0 {
			g.Sheets = append(g.Sheets, s)
		}
	}
	return nil
}

// sheetOnce returns the sheet of an engagement; the papers of many sites need each more than once.
func (a *approvalView) sheetOnce(ctx context.Context, e app.Engagement, days app.Days) (timesheet.Sheet, error) {
	key := sheetKey{e.ID, days}
	if s, ok := a.gathered[key]; ok {
		return s, nil
	}
	s, err := a.sheet(ctx, e, days)
	if err != nil {
		return s, err
	}
	if a.gathered == nil {
		a.gathered = map[sheetKey]timesheet.Sheet{}
	}
	a.gathered[key] = s
	return s, nil
}

// sheetKey names a sheet that was gathered.
type sheetKey struct {
	engagement app.ID
	days       app.Days
}

// LayGroup returns the pages of the paper of a group, for a look before it is written, like LaySheet.
func (o *Sheets) LayGroup(ctx context.Context, g SheetGroup, days app.Days, lang app.Language, reveal bool) ([]*paper.Page, error) {
	return o.lay(ctx, days, func(a *approvalView) (*readySheet, error) { return a.readyGroup(ctx, g, days, lang, reveal) })
}
