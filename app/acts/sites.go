package acts

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/store"
	"klokkast/app/workspace"
)

// Sites is where is worked: clients, sites, declarations and placements.
type Sites struct {
	work    *workspace.Workspace
	derived *derived.Cache
	staff   *Staff
}

// NewSites puts it together.
func NewSites(work *workspace.Workspace, derived *derived.Cache, staff *Staff) *Sites {
	return &Sites{work: work, derived: derived, staff: staff}
}

// SaveSite checks and keeps a site; a new one has no id yet.
func (o *Sites) SaveSite(ctx context.Context, s app.Site, why string) (app.Site, error) {
	if err := errors.Join(checkSite(&s), o.checkSiteThresholds(s.Thresholds)); err != nil {
		return s, err
	}
	if err := EnsureID(&s.ID); err != nil {
		return s, err
	}
	return s, o.work.Done("keep the site", o.work.Store.SaveSite(ctx, s, o.work.Act("site.save", "site:"+string(s.ID), why)))
}

// SaveSiteOfClient keeps a site as SaveSite does, with a client who is new: both or none.
func (o *Sites) SaveSiteOfClient(ctx context.Context, s app.Site, name, why string) (app.Site, error) {
	c := app.Client{Name: strings.TrimSpace(name)}
	if err := errors.Join(workspace.Required("client", c.Name, "Stad Leuven"), checkSite(&s), o.checkSiteThresholds(s.Thresholds)); err != nil {
		return s, err
	}
	if err := errors.Join(EnsureID(&c.ID), EnsureID(&s.ID)); err != nil {
		return s, err
	}
	s.ClientID = c.ID
	return s, o.work.Do(ctx, workspace.Deed{What: "site.save", Doing: "keep the site", Do: func(ctx context.Context, all store.Changes) error {
		if err := all.SaveClient(ctx, c, o.work.Act("client.save", "client:"+string(c.ID), why)); err != nil {
			return err
		}
		return all.SaveSite(ctx, s, o.work.Act("site.save", "site:"+string(s.ID), why))
	}})
}

// EndSite ends a site at an instant: boxes no longer stand there from then on. All of it, or nothing.
func (o *Sites) EndSite(ctx context.Context, id app.ID, at app.Instant, why string) error {
	sites, err := o.work.Store.Sites(ctx)
	if err != nil {
		return fmt.Errorf("end the site: %w", err)
	}
	s, ok := derived.ByID(sites, func(s app.Site) app.ID { return s.ID })[id]
	if !ok {
		return app.NotFound("site", string(id))
	}
	placements, err := o.work.Store.Placements(ctx)
	if err != nil {
		return fmt.Errorf("end the site: %w", err)
	}
	s.Ended = at
	return o.work.Do(ctx, workspace.Deed{What: "site.end", Doing: "end the site", Do: func(ctx context.Context, c store.Changes) error {
		for _, p := range placements {
			if p.SiteID != id || (p.Span.To != 0 && p.Span.To <= at) {
				continue
			}
			if err := c.EndPlacement(ctx, p.ID, max(at, p.Span.From), o.work.Act("placement.end", "placement:"+string(p.ID), why)); err != nil {
				return fmt.Errorf("take the box away: %w", err)
			}
		}
		return c.SaveSite(ctx, s, o.work.Act("site.end", "site:"+string(id), why))
	}})
}

// DecideSite notes whether a site falls under CIAO, from a moment on.
func (o *Sites) DecideSite(ctx context.Context, d app.SiteDecision) error {
	d.By, d.At = o.work.Actor(), o.work.Now()
	if d.From == 0 {
		return &app.FieldError{Field: "from", Code: "required", Example: "2026-11-23 00:00"}
	}
	if err := EnsureID(&d.ID); err != nil {
		return err
	}
	return o.work.Done("note the decision", o.work.Store.DecideSite(ctx, d, o.work.Act("site.decide", "site:"+string(d.SiteID), d.Reason)))
}

// SaveDeclaration checks and keeps a declaration of works; a new one has no id yet.
func (o *Sites) SaveDeclaration(ctx context.Context, d app.Declaration, why string) (app.Declaration, error) {
	if err := checkDeclaration(&d); err != nil {
		return d, err
	}
	if err := EnsureID(&d.ID); err != nil {
		return d, err
	}
	return d, o.work.Done("keep the declaration", o.work.Store.SaveDeclaration(ctx, d, o.work.Act("declaration.save", "declaration:"+string(d.ID), why)))
}

// DeclareSite keeps a declaration of works as SaveDeclaration does, and says with
// link that it covers a site: both or none.
func (o *Sites) DeclareSite(ctx context.Context, d app.Declaration, link app.DeclarationSite, why string) error {
	if err := errors.Join(checkDeclaration(&d), workspace.Required("site", string(link.SiteID), "Stadhuis Leuven"), workspace.CheckDays(link.Days)); err != nil {
		return err
	}
	if err := errors.Join(EnsureID(&d.ID), EnsureID(&link.ID)); err != nil {
		return err
	}
	link.DeclarationID = d.ID
	return o.work.Do(ctx, workspace.Deed{What: "declaration.link", Doing: "link the declaration", Do: func(ctx context.Context, c store.Changes) error {
		if err := c.SaveDeclaration(ctx, d, o.work.Act("declaration.save", "declaration:"+string(d.ID), why)); err != nil {
			return err
		}
		return c.SaveDeclarationSite(ctx, link, o.work.Act("declaration.link", "site:"+string(link.SiteID), why))
	}})
}

// LinkDeclaration says that a declaration covers a site.
func (o *Sites) LinkDeclaration(ctx context.Context, d app.DeclarationSite, why string) error {
	if err := errors.Join(workspace.Required("declaration", string(d.DeclarationID), "1Y1003SQ5VSSZ"), workspace.Required("site", string(d.SiteID), "Stadhuis Leuven"), workspace.CheckDays(d.Days)); err != nil {
		return err
	}
	if err := EnsureID(&d.ID); err != nil {
		return err
	}
	return o.work.Done("link the declaration", o.work.Store.SaveDeclarationSite(ctx, d, o.work.Act("declaration.link", "site:"+string(d.SiteID), why)))
}

// Declarations returns all declarations of works.
func (o *Sites) Declarations(ctx context.Context) ([]app.Declaration, error) {
	return o.work.Store.Declarations(ctx)
}

// Rows returns the sites by name, those that ended last.
func (o *Sites) Rows(ctx context.Context) ([]SiteRow, error) {
	p, err := o.derived.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	open := p.OpenPerSite()
	rows := make([]SiteRow, 0, len(p.Facts.Sites))
	at := map[app.ID]int{}
	for _, s := range p.Facts.Sites {
		at[s.ID] = len(rows)
		rows = append(rows, SiteRow{Site: s, Anomalies: open[s.ID], Decision: app.SiteDecision{SiteID: s.ID, Decision: app.Undecided}})
	}
	for _, d := range p.Facts.SiteDecisions {
		r := &rows[at[d.SiteID]]
		r.Decisions = append(r.Decisions, d)
		if d.From <= o.work.Now() && d.From >= r.Decision.From {
			r.Decision = d
		}
	}
	declarations := derived.ByID(p.Facts.Declarations, func(d app.Declaration) app.ID { return d.ID })
	for _, l := range p.Facts.DeclarationSites {
		r := &rows[at[l.SiteID]]
		r.Declarations = append(r.Declarations, DeclaredSite{declarations[l.DeclarationID], l})
	}
	for _, pl := range p.Facts.Placements {
		r := &rows[at[pl.SiteID]]
		r.Placements = append(r.Placements, pl)
	}
	sort.SliceStable(rows, func(a, b int) bool {
		x, y := rows[a].Site, rows[b].Site
		if (x.Ended == 0) != (y.Ended == 0) {
			return x.Ended == 0
		}
		return x.Name < y.Name
	})
	return rows, nil
}
