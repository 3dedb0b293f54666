package cli

import (
	"strconv"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/app/papers"
	"klokkast/ui/wording"
)

type siteInspectionCmd struct {
	Site string `arg:"" help:"place_site"`
	At   string `placeholder:"\"2026-11-23 09:30\"" help:"inspection_at"`
	Out  string `placeholder:"FILE" help:"paper_out"`
	replacing
}

// inspectionJSON is the answer of site inspection.
type inspectionJSON struct {
	environmentJSON
	SiteID app.ID `json:"siteId"`
	Site   string `json:"site"`
	*papers.InspectionSheet
	Contact   app.Contact    `json:"contact"`
	Employers []app.Employer `json:"employers"`
	File      string         `json:"file,omitempty"`
}

// Run tells what an inspector asks at a site; with --out it prints the sheet.
func (c *siteInspectionCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		at, err := r.moment("--at", c.At, s.Site.Zone.Location())
		if err != nil {
			return err
		}
		sheet, err := o.Papers.InspectionSheet(r.ctx, s.Site.ID, at)
		if err != nil {
			return err
		}
		file := ""
		if c.Out != "" {
			if file, err = o.Papers.WriteInspectionSheet(r.ctx, s.Site.ID, at, r.paper(c.Out, c.replacing)); err != nil {
				return err
			}
		}
		if r.json {
			return r.print(inspectionJSON{environmentOf(o), s.Site.ID, s.Site.Name, sheet, sheet.Site.Contact, list(sheet.Employers), file})
		}
		r.inspection(sheet)
		r.sayPaper(file)
		return nil
	})
}

func (r *run) inspection(s *papers.InspectionSheet) {
	zone := s.Site.Zone.Location()
	r.line(s.Site.Name + " · " + r.say.DateTime(s.At, zone) + " · " + wording.Decision(r.say, s.Decision.Decision))
	if contact := s.Site.Contact; contact != (app.Contact{}) {
		r.line(r.say.T("papers.inspection.contact") + ": " + contact.Name + " " + contact.Phone)
	}
	for _, d := range s.Declarations {
		line := r.say.T("papers.inspection.col.declaration") + ": " + d.Number
		if !d.Valid {
			line += " (" + r.say.T("papers.inspection.later") + ")"
		}
		r.line(line)
	}
	if s.ValidDeclarations() == 0 && s.Decision.Decision == app.UnderCIAO {
		r.line(r.say.T("papers.inspection.noDeclaration"))
	}
	r.line("")
	r.presenceListTable(s.There)
	if len(s.Expected) > 0 {
		r.line("")
		t := newTable(r.say.T("papers.inspection.expected"), r.t("col.employer"), r.t("col.from"), r.t("col.to"), r.t("col.remark"))
		for _, x := range s.Expected {
			t.add(x.Name, x.Employer, r.say.DateTime(x.From, zone), r.say.DateTime(x.To, zone), r.say.T("expected."+x.State))
		}
		r.table(t)
	}
	if len(s.Last) > 0 {
		r.line("")
		t := newTable(r.say.T("papers.inspection.last"), r.t("col.worker"), r.t("col.state"), r.say.T("papers.inspection.col.number"))
		for _, x := range s.Last {
			number := "–"
			if x.RegisterID != 0 {
				number = strconv.FormatInt(x.RegisterID, 10)
			}
			state := wording.State(r.say, x.State)
			if x.Held != "" {
				state = wording.Held(r.say, x.Held)
			}
			if x.ByPhone {
				state = r.say.T("word.byPhone")
			}
			t.add(r.say.DateTimeSeconds(x.At, zone)+" "+wording.RegistrationType(r.say, x.Type), x.Name, state, number)
		}
		r.table(t)
	}
}
