package sending

import (
	"context"
	"fmt"
	"slices"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/derived"
)

// PreflightFilter narrows a pre-flight; zero fields do not.
type PreflightFilter struct {
	Days     app.Days // Belgian; none given: today and tomorrow
	WorkerID app.ID
	SiteID   app.ID
}

// Preflight is what would be refused or held, before it is sent.
type Preflight struct {
	Days   app.Days
	Causes []ciao.PreflightCause // what is to be mended, the most pressing first
	Lines  []ciao.PreflightLine  // for each person, site and day
}

// Refused says that something would be refused.
func (p *Preflight) Refused() bool {
	return slices.ContainsFunc(p.Causes, func(c ciao.PreflightCause) bool { return c.Refused })
}

// Preflight says what would be refused or held: of punches that were made, of
// planned shifts, and of people who are engaged.
func (o *Register) Preflight(ctx context.Context, f PreflightFilter) (*Preflight, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	access, err := o.Connection.Access(ctx)
	if err != nil {
		return nil, err
	}
	state, err := o.work.Store.SenderState(ctx, o.work.Environment())
	if err != nil {
		return nil, fmt.Errorf("read the register's state: %w", err)
	}
	today := p.At.DateIn(app.Belgium())
	if f.Days.From == 0 {
		f.Days.From = today
	}
	if f.Days.To == 0 {
		f.Days.To = max(f.Days.From, today+1)
	}
	book := p.Book()
	var shifts []app.Shift
	for _, site := range book.Sites() {
		shifts = append(shifts, book.Site(site, app.Days{From: f.Days.From - 1, To: f.Days.To})...)
	}
	shifts = slices.DeleteFunc(shifts, func(s app.Shift) bool { return s.From < p.At }) // what was to come is punches by now
	during, err := p.Register.During(ctx, f.Days)
	if err != nil {
		return nil, err
	}
	lines := ciao.Preflight(ciao.PreflightInput{
		PlanInput: p.Register.Input, Candidates: during, Days: f.Days, Shifts: shifts, Parked: state.Parked,
		Access: ciao.PreflightAccess{Known: access.Known, Locked: access.Locked, Expires: access.Expires},
	})
	lines = slices.DeleteFunc(lines, func(l ciao.PreflightLine) bool {
		if l.Subject.Kind == ciao.AboutCompany { // it is in everyone's way
			return false
		}
		return (f.WorkerID != "" && l.WorkerID != f.WorkerID) || (f.SiteID != "" && l.SiteID != f.SiteID)
	})
	return &Preflight{Days: f.Days, Causes: ciao.GroupPreflight(lines), Lines: lines}, nil
}

// DeclarationRadar tells of the declarations of works that need someone's eye,
// the most pressing first.
func (o *Register) DeclarationRadar(ctx context.Context) ([]ciao.RadarItem, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return RadarOf(p), nil
}

// RadarOf are the sites whose declarations of works end soon or are missing.
func RadarOf(p *derived.Snapshot) []ciao.RadarItem {
	f := &p.Facts
	return ciao.Radar(ciao.RadarInput{
		Now: p.At, Today: p.At.DateIn(app.Belgium()), Sites: f.Sites, Decisions: f.SiteDecisions, Declarations: f.Declarations, DeclarationSites: f.DeclarationSites,
		Findings: p.DerivedAnomalies(),
		Within: func(s app.Site) int64 {
			l := attendance.Levels{Company: f.Settings.Thresholds, Site: s.Thresholds}
			e, _ := l.Of(attendance.ExpiringWithin)
			return e.Holds
		},
	})
}
