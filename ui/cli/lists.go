package cli

import (
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type staffListCmd struct {
	Worker string `placeholder:"NAME" help:"worker"`
}

// staffJSON is the answer of staff list.
type staffJSON struct {
	environmentJSON
	Workers []workerJSON `json:"workers"`
}

type workerJSON struct {
	app.Worker
	SSIN        string           `json:"ssin,omitempty"` // masked, unless --reveal
	Name        string           `json:"name"`
	Engagements []app.Engagement `json:"engagements"`
	Badges      []badgeJSON      `json:"badges"`
	Open        int              `json:"open"` // anomalies that someone must look at
}

type badgeJSON struct {
	app.IdentifierKey
	Label        string   `json:"label,omitempty"`
	EngagementID app.ID   `json:"engagementId"`
	Span         app.Span `json:"span"`
}

// Run lists the staff.
func (c *staffListCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		only, err := r.workerNamed(o, c.Worker)
		if err != nil {
			return err
		}
		rows, err := o.Staff.Rows(r.ctx)
		if err != nil {
			return err
		}
		out := staffJSON{environmentJSON: environmentOf(o), Workers: []workerJSON{}}
		for _, w := range rows {
			if only != "" && w.Worker.ID != only {
				continue
			}
			j, err := r.workerOf(o, w)
			if err != nil {
				return err
			}
			out.Workers = append(out.Workers, j)
		}
		if r.json {
			return r.print(out)
		}
		r.staffTable(out.Workers, names)
		return nil
	})
}

func (r *run) workerOf(o *office.Office, w acts.WorkerRow) (workerJSON, error) {
	j := workerJSON{
		Worker:      w.Worker,
		SSIN:        w.Worker.SSIN.Masked(),
		Name:        w.Worker.Name(),
		Engagements: list(w.Engagements),
		Badges:      []badgeJSON{},
		Open:        w.Anomalies,
	}
	for _, b := range w.Badges {
		j.Badges = append(j.Badges, badgeJSON{b.Identifier.Key, b.Identifier.Label, b.Custody.EngagementID, b.Custody.Span})
	}
	if !r.flags.Reveal || j.SSIN == "" {
		return j, nil
	}
	var err error
	j.SSIN, err = o.Staff.RevealSSIN(r.ctx, w.Worker.ID)
	return j, err
}

func (r *run) staffTable(workers []workerJSON, names *derived.Names) {
	if len(workers) == 0 {
		r.line(r.t("staff.none"))
		return
	}
	t := newTable(r.t("col.number"), r.t("col.worker"), r.t("col.ssin"), r.t("col.employer"), r.t("col.badges"), r.t("col.open")).numbers(5)
	for _, w := range workers {
		var employers, badges []string
		for _, e := range w.Engagements {
			employers = append(employers, names.Employers[e.EmployerID].Name)
		}
		for _, b := range w.Badges {
			badges = append(badges, wording.Badge(r.say, app.Identifier{Key: b.IdentifierKey, Label: b.Label}))
		}
		t.add(w.StaffNumber, w.Name, w.SSIN, strings.Join(unique(employers), ", "), strings.Join(badges, ", "), r.say.Number(w.Open))
	}
	r.table(t)
}

// unique keeps the first of equal texts.
func unique(all []string) (kept []string) {
	seen := map[string]bool{}
	for _, s := range all {
		if !seen[s] {
			kept = append(kept, s)
		}
		seen[s] = true
	}
	return kept
}

type siteListCmd struct{}

// sitesJSON is the answer of site list.
type sitesJSON struct {
	environmentJSON
	Sites []siteJSON `json:"sites"`
}

type siteJSON struct {
	app.Site
	Client       string            `json:"client,omitempty"`
	Decision     app.Decision      `json:"decision"` // the one that applies now
	Declarations []declaredJSON    `json:"declarations"`
	Placements   []app.Placement   `json:"placements"`
	Boxes        map[string]string `json:"boxes"` // label by UID, of the placements
	Open         int               `json:"open"`  // anomalies that someone must look at
}

type declaredJSON struct {
	Number  string   `json:"number"`
	Days    app.Days `json:"days"` // of the declaration for this site
	Default bool     `json:"default"`
}

// Run lists the sites.
func (c *siteListCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		rows, err := o.Sites.Rows(r.ctx)
		if err != nil {
			return err
		}
		if r.json {
			out := sitesJSON{environmentJSON: environmentOf(o), Sites: []siteJSON{}}
			for _, s := range rows {
				out.Sites = append(out.Sites, siteOf(s, names))
			}
			return r.print(out)
		}
		r.siteTable(rows, names)
		return nil
	})
}

func siteOf(s acts.SiteRow, names *derived.Names) siteJSON {
	j := siteJSON{
		Site: s.Site, Client: names.Clients[s.Site.ClientID].Name, Decision: s.Decision.Decision, Declarations: []declaredJSON{},
		Placements: list(s.Placements), Boxes: map[string]string{}, Open: s.Anomalies,
	}
	for _, d := range s.Declarations {
		j.Declarations = append(j.Declarations, declaredJSON{d.Declaration.Number, d.Link.Days, d.Link.Default})
	}
	for _, p := range s.Placements {
		j.Boxes[p.BoxUID] = names.Box(p.BoxUID)
	}
	return j
}

func (r *run) siteTable(rows []acts.SiteRow, names *derived.Names) {
	if len(rows) == 0 {
		r.line(r.t("site.none"))
		return
	}
	now := r.parts.Now()
	t := newTable(r.t("col.code"), r.t("col.site"), r.t("col.client"), r.t("col.address"), r.t("col.ciao"), r.t("col.boxes"), r.t("col.open")).numbers(6)
	for _, s := range rows {
		var boxes []string
		for _, p := range s.Placements {
			if p.Span.Holds(now) {
				boxes = append(boxes, names.Box(p.BoxUID))
			}
		}
		t.add(s.Site.Code, s.Site.Name, names.Clients[s.Site.ClientID].Name, wording.Address(s.Site.Address),
			wording.Decision(r.say, s.Decision.Decision), strings.Join(boxes, ", "), r.say.Number(s.Anomalies))
	}
	r.table(t)
}
