package documents

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/period"
	"klokkast/app/store"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
	"klokkast/app/workspace"
)

// Typesetting is what timesheets are printed with.
type Typesetting struct {
	Texts   func(app.Language) app.Texts
	Fonts   *paper.Fonts
	Program string // the maker named on the paper, such as "Klokkast 0.1.0"
}

// defaultWeekly is the company's, for engagements without their own.
const defaultWeekly app.WeeklyHours = 38 * 60

// Sheets are timesheets on paper, of one person or of a group.
type Sheets struct {
	work      *workspace.Workspace
	printer   *Printer
	approvals *Approvals
}

// NewSheets puts it together.
func NewSheets(work *workspace.Workspace, printer *Printer, approvals *Approvals) *Sheets {
	return &Sheets{work: work, printer: printer, approvals: approvals}
}

// Rows returns the engagements that reach into some days, or of which
// additions are settled with them, with their hours.
func (o *Sheets) Rows(ctx context.Context, days app.Days) ([]SheetRow, error) {
	if err := checkPeriod(days); err != nil {
		return nil, err
	}
	a, err := o.approvals.view(ctx)
	if err != nil {
		return nil, err
	}
	return a.sheetRows(ctx, days)
}

func (a *approvalView) sheetRows(ctx context.Context, days app.Days) ([]SheetRow, error) {
	list, err := a.o.work.Store.Papers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the papers: %w", err)
	}
	papers := map[app.ID]*store.Paper{} // the last of each engagement for these days
	for i := range list {
		p := &list[i]
		if last := papers[p.EngagementID]; p.Days == days && (last == nil || p.At >= last.At) {
			papers[p.EngagementID] = p
		}
	}
	rows := []SheetRow{}
	for _, e := range a.p.Facts.Engagements {
		if !e.Days.Overlaps(days) && len(a.steps[e.WorkerID]) == 0 {
			continue
		}
		row, err := a.sheetRow(ctx, e, days)
		if err != nil {
			return nil, err
		}
		row.Paper = papers[e.ID]
		if e.Days.Overlaps(days) || row.Additions > 0 {
			rows = append(rows, row)
		}
	}
	sort.SliceStable(rows, func(x, y int) bool {
		return a.p.Names.Worker(rows[x].Engagement.WorkerID) < a.p.Names.Worker(rows[y].Engagement.WorkerID)
	})
	return rows, nil
}

func (a *approvalView) sheetRow(ctx context.Context, e app.Engagement, days app.Days) (SheetRow, error) {
	row := SheetRow{Engagement: e}
	s, err := a.sheet(ctx, e, days)
	if err != nil {
		return row, err
	}
	for _, w := range s.Workdays {
		row.Days++
		row.Worked += time.Duration(timesheet.Cut(w.Worked)) * time.Minute
		row.Incomplete = row.Incomplete || w.Incomplete
	}
	row.Additions = len(s.Additions)
	for i := range s.Additions {
		row.Added += time.Duration(s.Additions[i].Difference().Worked) * time.Minute
	}
	row.Approval = s.Approval
	row.Open = len(a.openOf(e, days))
	return row, nil
}

// workdaysOf returns the workdays of some days by one engagement alone.
func workdaysOf(p *derived.Snapshot, e app.Engagement, days app.Days) []app.Workday {
	shares := p.Shares(days, e.WorkerID)
	var out []app.Workday
	for _, w := range p.Workdays(days, e.WorkerID) {
		if w, ok := shareOf(w, shares, e.ID); ok {
			out = append(out, w)
		}
	}
	return out
}

// shareOf returns a workday as one engagement has it; false where it has no part in it.
func shareOf(w app.Workday, shares []app.Workday, engagement app.ID) (app.Workday, bool) {
	mine := func(p app.Presence) bool { return p.EngagementID == engagement }
	if !slices.ContainsFunc(w.Presences, mine) {
		return w, false
	}
	for _, s := range shares {
		if s.EngagementID == engagement && s.WorkerID == w.WorkerID && s.Day == w.Day {
			return s, true
		}
	}
	return w, true // of this engagement alone, as nearly all are
}

// openOf returns what someone still has to settle in some days of an engagement.
func (a *approvalView) openOf(e app.Engagement, days app.Days) (out []*derived.FoundAnomaly) {
	if a.unsettled == nil {
		a.unsettled = unsettledIn(a.p)
	}
	for _, f := range a.unsettled[e.WorkerID] {
		if ofEngagement(&f.Anomaly, e) && days.Holds(f.Day) {
			out = append(out, f)
		}
	}
	return out
}

// unsettledIn returns what someone still has to settle of days, by the worker on whose sheets it may stand.
func unsettledIn(p *derived.Snapshot) map[app.ID][]*derived.FoundAnomaly {
	out := map[app.ID][]*derived.FoundAnomaly{}
	for i := range p.Noted {
		f := &p.Noted[i]
		if !f.Unsettled() || f.Day == 0 {
			continue
		}
		worker := f.WorkerID
		if f.Subject.Kind == app.AboutEngagement {
			worker = p.Names.Engagements[app.ID(f.Subject.ID)].WorkerID
		}
		out[worker] = append(out[worker], f)
	}
	return out
}

// ofEngagement says that a finding belongs on the sheet of an engagement.
func ofEngagement(a *app.Anomaly, e app.Engagement) bool {
	if a.Subject.Kind == app.AboutEngagement {
		return a.Subject.ID == string(e.ID)
	}
	return a.WorkerID == e.WorkerID
}

// readySheet is a paper as it is about to be written, with what it will be remembered by.
type readySheet struct {
	model timesheet.Printable
	paper store.Paper
}

// readySheet gathers a sheet and builds its model; with reveal the trail notes
// it. Days that an approval closes are printed from what was approved.
func (a *approvalView) readySheet(ctx context.Context, engagement app.ID, days app.Days, lang app.Language, reveal bool) (*readySheet, error) {
	e, ok := a.p.Names.Engagements[engagement]
	if !ok {
		return nil, app.NotFound("engagement", string(engagement))
	}
	model, err := a.model(ctx, e, days, lang, reveal)
	if err != nil {
		return nil, err
	}
	if lang == "" {
		lang = model.Sheet.Worker.Language
	}
	paper, err := a.stamp(ctx, model, lang)
	if err != nil {
		return nil, err
	}
	if model.Sheet.RevealSSIN {
		if err := a.o.printer.noteReveal(ctx, []app.ID{e.WorkerID}); err != nil {
			return nil, err
		}
	}
	return &readySheet{model, paper}, nil
}

// model lays out the timesheet of an engagement and some days, without a stamp;
// an empty language is the worker's.
func (a *approvalView) model(ctx context.Context, e app.Engagement, days app.Days, lang app.Language, reveal bool) (*timesheet.Model, error) {
	sheet, err := a.sheet(ctx, e, days)
	if err != nil {
		return nil, err
	}
	if lang == "" {
		lang = sheet.Worker.Language
	}
	return a.modelOf(ctx, sheet, lang, reveal)
}

// modelOf lays out a sheet that was gathered.
func (a *approvalView) modelOf(ctx context.Context, sheet timesheet.Sheet, lang app.Language, reveal bool) (model *timesheet.Model, err error) {
	if reveal {
		a.reveal(&sheet)
	}
	texts := a.o.printer.Typesetting.Texts(lang)
	caption(&sheet, texts)
	if sheet.Logo, err = a.o.printer.logo(ctx, sheet.Letterhead); err != nil {
		return nil, err
	}
	if model, err = timesheet.Build(sheet, texts); err != nil {
		return nil, fmt.Errorf("lay out the timesheet: %w", err)
	}
	return model, nil
}

// caption words the open points of a sheet.
func caption(s *timesheet.Sheet, t app.Texts) {
	s.Anomalies = slices.Clone(s.Anomalies)
	for i := range s.Anomalies {
		s.Anomalies[i].Caption = t.T(s.Anomalies[i].Rule.TitleKey())
	}
}

// reveal puts the worker's whole number on a sheet. Approvals keep it masked: it
// is the one of now, as long as it is the same number as far as the mask shows.
func (a *approvalView) reveal(s *timesheet.Sheet) {
	if now := a.p.Names.Workers[s.Worker.ID].SSIN; now.Masked() == s.Worker.SSIN.Masked() {
		s.Worker.SSIN, s.RevealSSIN = now, true
	}
}

// sheet gathers what is printed for one engagement and some days: from what was
// approved where an approval closes all of them, else as it is derived now,
// but for days that an approval of other days closes.
func (a *approvalView) sheet(ctx context.Context, e app.Engagement, days app.Days) (timesheet.Sheet, error) {
	for _, s := range period.Standing(a.steps[e.WorkerID]) {
		if s.Days.From > days.From || s.Days.To < days.To {
			continue
		}
		// Of a month of thousands of people each is looked at once: none is kept.
		snapshot, err := a.o.passingSnapshot(ctx, s.ID)
		if err != nil {
			return timesheet.Sheet{}, err
		}
		return approvedSheet(&period.Closing{Step: s, Snapshot: snapshot}, e, days), nil
	}
	closings, err := a.closings(ctx, e.WorkerID)
	if err != nil {
		return timesheet.Sheet{}, err
	}
	return a.openSheet(closings, e, days), nil
}

// approvedSheet is a sheet from the approval that closes its days, alone.
func approvedSheet(c *period.Closing, e app.Engagement, days app.Days) timesheet.Sheet {
	s := c.Snapshot
	step := c.Step
	w := s.Worker
	sheet := timesheet.Sheet{
		Worker: app.Worker{
			ID:          w.ID,
			StaffNumber: w.StaffNumber,
			FamilyName:  w.FamilyName,
			GivenName:   w.GivenName,
			SSIN:        app.Secret(w.SSIN),
			Language:    w.Language,
		},
		Engagement: e, Days: days, DefaultWeekly: s.DefaultWeekly, Sites: derived.ByID(s.Sites, func(v app.Site) app.ID { return v.ID }),
		Adjustments: s.Adjustments, Holidays: s.Holidays, Environment: s.Environment, Program: s.Program, Approval: &step, Revision: s.Revision,
		Clients: derived.ByID(s.Clients, func(v app.Client) app.ID { return v.ID }), Absences: s.Absences, Letterhead: s.Letterhead,
	}
	for _, x := range s.Engagements {
		if x.ID == e.ID {
			sheet.Engagement = x
		}
	}
	for _, x := range s.Employers {
		if x.ID == sheet.Engagement.EmployerID {
			sheet.Employer = x
		}
	}
	sheet.Workdays = workdaysOfPart(s.Workdays, w.ID, e.ID, days)
	for _, f := range s.Anomalies {
		if f.Status == app.AnomalyOpen && ofEngagement(&f.Anomaly, e) && days.Holds(f.Day) {
			sheet.Anomalies = append(sheet.Anomalies, timesheet.OpenAnomaly{Anomaly: f.Anomaly})
		}
	}
	sheet.Additions = carriedIn([]period.Closing{*c}, e.ID, days)
	return sheet
}

func workdaysOfPart(parts []period.Workday, worker, engagement app.ID, days app.Days) (out []app.Workday) {
	for i := range parts {
		if parts[i].EngagementID == engagement && days.Holds(parts[i].Day) {
			out = append(out, parts[i].AsDerived(worker))
		}
	}
	return out
}

// carriedIn returns the additions that approvals which begin in some days have settled.
func carriedIn(closings []period.Closing, engagement app.ID, days app.Days) (out []period.Addition) {
	for _, c := range closings {
		if !days.Holds(c.Step.Days.From) {
			continue
		}
		for _, x := range c.Snapshot.Additions {
			if x.EngagementID == engagement {
				out = append(out, x)
			}
		}
	}
	return out
}

// openSheet is a sheet of days that are not closed as a whole.
func (a *approvalView) openSheet(closings []period.Closing, e app.Engagement, days app.Days) timesheet.Sheet {
	p, o := a.p, a.o
	s := timesheet.Sheet{
		Employer: p.Names.Employers[e.EmployerID], Worker: p.Names.Workers[e.WorkerID], Engagement: e, Days: days,
		DefaultWeekly: defaultWeekly, Sites: p.Names.Sites,
		Environment: o.work.Environment(), Program: o.printer.Typesetting.Program,
		Clients: p.Names.Clients, Absences: absencesOf(p, e.WorkerID, days), Letterhead: o.work.Settings().Letterhead,
	}
	for _, w := range workdaysOf(p, e, days) {
		if !slices.ContainsFunc(closings, func(c period.Closing) bool { return c.Step.Days.Holds(w.Day) }) {
			s.Workdays = append(s.Workdays, w)
		}
	}
	for _, c := range closings {
		s.Workdays = append(s.Workdays, workdaysOfPart(c.Snapshot.Workdays, e.WorkerID, e.ID, days)...)
	}
	slices.SortFunc(s.Workdays, func(x, y app.Workday) int { return int(x.Day - y.Day) })
	s.Additions = carriedIn(closings, e.ID, days)
	for _, x := range a.due(closings, e.WorkerID, days) {
		if x.EngagementID == e.ID {
			s.Additions = append(s.Additions, x)
		}
	}
	s.Adjustments = a.adjustmentsOf(&s)
	s.Holidays = o.derived.HolidaysOf(days, s.Additions)
	for _, f := range a.openOf(e, days) {
		s.Anomalies = append(s.Anomalies, timesheet.OpenAnomaly{Anomaly: f.Anomaly})
	}
	return s
}

// adjustmentsOf returns what people stated about the presences of a sheet, each once.
func (a *approvalView) adjustmentsOf(s *timesheet.Sheet) (out []app.Adjustment) {
	if a.adjustments == nil {
		a.adjustments = derived.ByID(a.p.Facts.Adjustments, func(x app.Adjustment) app.ID { return x.ID })
	}
	taken := map[app.ID]bool{}
	take := func(id app.ID) {
		if x, ok := a.adjustments[id]; ok && !taken[id] {
			taken[id] = true
			out = append(out, x)
		}
	}
	for i := range s.Workdays {
		for j := range s.Workdays[i].Presences {
			p := &s.Workdays[i].Presences[j]
			for _, side := range []*app.Side{p.In, p.Out} {
				if side != nil {
					take(side.Adjustment)
				}
			}
		}
	}
	presencesIn(&period.Snapshot{Additions: s.Additions}, func(p *period.Presence) {
		for _, id := range p.Statements() {
			take(id)
		}
	})
	return out
}

// due returns the additions that a draft of days shows: what their approval would
// carry. Days of which some are closed already no approval closes as a whole;
// there it is what is due on the days between.
func (a *approvalView) due(closings []period.Closing, worker app.ID, days app.Days) []period.Addition {
	open := a.open(closings, worker)
	if !slices.ContainsFunc(closings, func(c period.Closing) bool { return c.Step.Days.Overlaps(days) }) {
		return period.Due(open, days)
	}
	return slices.DeleteFunc(open, func(x period.Addition) bool { return !days.Holds(period.DueOn(closings, x.Day)) })
}
