package office

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"time"

	"klokkast/app"
	"klokkast/app/timesheet"
	"klokkast/app/timesheet/paper"
)

// Press is what timesheets are printed with.
type Press struct {
	Texts   func(app.Language) timesheet.Texts
	Fonts   *paper.Fonts
	Program string // the maker named on the paper, such as "Klokkast 0.1.0"
}

// defaultWeekly is the company's weekly time in minutes for engagements without their own: 38 h.
const defaultWeekly = 38 * 60

// SheetRows gives the engagements that reach into a month, with its hours.
func (o *Office) SheetRows(ctx context.Context, m app.Month) ([]SheetRow, error) {
	p, err := o.look(ctx)
	if err != nil {
		return nil, err
	}
	papers, err := o.Store.Papers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the papers: %w", err)
	}
	rows := []SheetRow{}
	for _, e := range p.facts.Engagements {
		if !e.Days.Overlaps(m.Days()) {
			continue
		}
		rows = append(rows, p.sheetRow(e, m, papers))
	}
	sort.SliceStable(rows, func(a, b int) bool {
		return p.names.Worker(rows[a].Engagement.WorkerID) < p.names.Worker(rows[b].Engagement.WorkerID)
	})
	return rows, nil
}

func (p *picture) sheetRow(e app.Engagement, m app.Month, papers []Paper) SheetRow {
	row := SheetRow{Engagement: e}
	for _, w := range p.workdaysOf(e, m) {
		row.Days++
		row.Worked += time.Duration(timesheet.Cut(w.Worked)) * time.Minute
		row.Incomplete = row.Incomplete || w.Incomplete
	}
	row.Open = len(p.openOf(e, m))
	for _, paper := range papers {
		if paper.EngagementID == e.ID && paper.Days == m.Days() && (row.Paper == nil || paper.At >= row.Paper.At) {
			row.Paper = &paper
		}
	}
	return row
}

// workdaysOf gives the workdays of a month by one engagement alone.
func (p *picture) workdaysOf(e app.Engagement, m app.Month) []app.Workday {
	days := m.Days()
	shares := p.shares(days, e.WorkerID)
	var out []app.Workday
	for _, w := range p.workdays(days, e.WorkerID) {
		if w, ok := shareOf(w, shares, e.ID); ok {
			out = append(out, w)
		}
	}
	return out
}

// shareOf gives a workday as one engagement has it; false where it has no part in it.
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

// openOf gives what someone still has to settle in a month of an engagement.
func (p *picture) openOf(e app.Engagement, m app.Month) []FoundAnomaly {
	days := m.Days()
	var out []FoundAnomaly
	for _, a := range p.anomalies {
		ofIt := a.Subject.Kind == app.AboutEngagement && a.Subject.ID == string(e.ID) || a.Subject.Kind != app.AboutEngagement && a.WorkerID == e.WorkerID
		if ofIt && a.unsettled() && a.Day != 0 && days.Holds(a.Day) {
			out = append(out, a)
		}
	}
	return out
}

// WriteSheet prints the timesheet of an engagement and month into a folder and
// gives the file's path. An empty language is the worker's. With reveal the
// SSIN is printed in full, which the trail notes.
func (o *Office) WriteSheet(ctx context.Context, engagement app.ID, m app.Month, lang app.Language, dir string, reveal bool) (string, error) {
	p, err := o.look(ctx)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder for timesheets: %w", err)
	}
	return o.writeSheet(ctx, p, engagement, m, lang, dir, reveal)
}

// WriteSheets prints the timesheets of everyone who is engaged in a month.
func (o *Office) WriteSheets(ctx context.Context, m app.Month, lang app.Language, dir string, reveal bool, progress Progress) ([]string, error) {
	rows, err := o.SheetRows(ctx, m)
	if err != nil {
		return nil, err
	}
	p, err := o.look(ctx)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for timesheets: %w", err)
	}
	var out []string
	for i, r := range rows {
		if err := ctx.Err(); err != nil {
			return out, fmt.Errorf("print timesheets: %w", err)
		}
		path, err := o.writeSheet(ctx, p, r.Engagement.ID, m, lang, dir, reveal)
		if err != nil {
			return out, err
		}
		out = append(out, path)
		if progress != nil {
			progress(i+1, len(rows))
		}
	}
	return out, nil
}

func (o *Office) writeSheet(ctx context.Context, p *picture, engagement app.ID, m app.Month, lang app.Language, dir string, reveal bool) (string, error) {
	e, ok := p.names.Engagements[engagement]
	if !ok {
		return "", &NotFoundError{"engagement", string(engagement)}
	}
	worker := p.names.Workers[e.WorkerID]
	if lang == "" {
		lang = worker.Language
	}
	texts := o.Press.Texts(lang)
	sheet, err := o.sheet(p, e, m, texts, reveal)
	if err != nil {
		return "", err
	}
	model, err := timesheet.Build(sheet, texts)
	if err != nil {
		return "", fmt.Errorf("lay out the timesheet: %w", err)
	}
	if reveal {
		if err := o.Store.NoteAct(ctx, o.act("ssin.print", "worker:"+string(worker.ID), "")); err != nil {
			return "", fmt.Errorf("note that the number was printed: %w", err)
		}
	}
	path := filepath.Join(dir, timesheet.FileName(m, worker, e.ID, "pdf"))
	if err := timesheet.WriteFile(path, func(w io.Writer) error { return timesheet.Write(w, o.Press.Fonts, model) }); err != nil {
		return "", err
	}
	id, err := app.NewID()
	if err != nil {
		return path, err
	}
	_, err = o.Store.NotePaper(ctx, Paper{ID: id, Kind: "timesheet", EngagementID: e.ID, Days: m.Days(), Language: lang, Hash: sheet.Hash, At: o.Now()})
	if err != nil {
		return path, fmt.Errorf("remember the paper: %w", err)
	}
	return path, nil
}

// sheet gathers what is printed for one engagement and month.
func (o *Office) sheet(p *picture, e app.Engagement, m app.Month, texts timesheet.Texts, reveal bool) (timesheet.Sheet, error) {
	s := timesheet.Sheet{
		Employer: p.names.Employers[e.EmployerID], Worker: p.names.Workers[e.WorkerID], Engagement: e, Month: m, RevealSSIN: reveal,
		DefaultWeekly: defaultWeekly, Sites: p.names.Sites, Workdays: p.workdaysOf(e, m), Adjustments: p.facts.Adjustments,
		Holidays: o.ownHolidays(m.Year), Environment: o.Environment(), Program: o.Press.Program,
	}
	keys := []string{}
	for _, a := range p.openOf(e, m) {
		s.Anomalies = append(s.Anomalies, timesheet.OpenAnomaly{Anomaly: a.Anomaly, Caption: texts.T("anomaly." + string(a.Rule) + ".title")})
		keys = append(keys, a.Key().String())
	}
	hash, err := hashOf(struct {
		Engagement app.Engagement
		Month      app.Month
		Workdays   []app.Workday
		Open       []string
	}{e, m, s.Workdays, keys})
	s.Hash = hash
	return s, err
}

// ownHolidays are the company's days off of a year beside the legal ones.
func (o *Office) ownHolidays(year int) []app.Date {
	s := o.Settings()
	out := slices.Clone(s.Replacements)
	if d, err := app.ParseDate(fmt.Sprintf("%04d-%s", year, s.ExtraHoliday)); err == nil {
		out = append(out, d)
	}
	return out
}
