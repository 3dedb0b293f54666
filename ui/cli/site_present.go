package cli

import (
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/papers"
)

type sitePresentCmd struct {
	Site string `arg:"" help:"place_site"`
	From string `placeholder:"\"2026-11-23 06:00\"" help:"present_from"`
	To   string `placeholder:"\"2026-11-23 14:00\"" help:"present_to"`
	Out  string `placeholder:"FILE" help:"paper_out"`
	replacing
}

// presenceListJSON is the answer of site present.
type presenceListJSON struct {
	environmentJSON
	SiteID app.ID `json:"siteId"`
	Site   string `json:"site"`
	*papers.PresenceList
	Inside  int    `json:"inside"` // how many people, each once
	Unknown int    `json:"unknown"`
	Left    int    `json:"left"`
	File    string `json:"file,omitempty"`
}

// Run lists who is or was at a site; with --out it prints the list.
func (c *sitePresentCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		from, to, err := c.moments(r, s.Site.Zone.Location())
		if err != nil {
			return err
		}
		l, err := o.Papers.PresenceList(r.ctx, s.Site.ID, from, to)
		if err != nil {
			return err
		}
		file := ""
		if c.Out != "" {
			if file, err = o.Papers.WritePresenceList(r.ctx, s.Site.ID, from, to, r.paper(c.Out, c.replacing)); err != nil {
				return err
			}
		}
		if r.json {
			return r.print(
				presenceListJSON{
					environmentOf(o),
					s.Site.ID,
					s.Site.Name,
					l,
					l.Count(app.WhereInside),
					l.Count(app.WhereUnknown),
					l.Count(app.WhereLeft),
					file,
				},
			)
		}
		r.presenceListTable(l)
		r.sayPaper(file)
		return nil
	})
}

// moments returns the time that the flags choose: until now, and one moment unless --from is given.
func (c *sitePresentCmd) moments(r *run, zone *time.Location) (from, to app.Instant, err error) {
	if to, err = r.moment("--to", c.To, zone); err != nil {
		return 0, 0, err
	}
	if from = to; c.From != "" {
		from, err = parseInstant("--from", c.From, zone)
	}
	if err == nil && to < from {
		err = wrong("toBeforeFrom")
	}
	return from, to, err
}

// replacing is the flag of whatever writes a file.
type replacing struct {
	Force bool `help:"force"`
}

// paper says how a paper is printed that goes to out.
func (r *run) paper(out string, f replacing) documents.PaperOptions {
	return documents.PaperOptions{Out: out, Replace: f.Force, Language: app.Language(r.flags.Lang), Reveal: r.flags.Reveal}
}

// sayPaper names the paper that was written, if one was.
func (r *run) sayPaper(file string) {
	if file != "" {
		r.line("")
		r.line(r.t("paper.written", "File", file))
	}
}

func (r *run) presenceListTable(l *papers.PresenceList) {
	zone := l.Site.Zone.Location()
	counts := l.Site.Name + ", " + r.say.N("papers.presence.inside", l.Count(app.WhereInside), "At", r.say.DateTime(l.To, zone))
	for _, where := range []app.Whereabouts{app.WhereUnknown, app.WhereLeft} {
		if n := l.Count(where); n > 0 {
			counts += " · " + r.say.N("papers.presence."+string(where), n)
		}
	}
	r.line(counts)
	if len(l.Boxes) == 0 {
		r.line(r.say.T("papers.presence.noBox"))
	}
	for i := range l.Boxes {
		b := &l.Boxes[i]
		r.line(r.say.T(b.TextKey(l.To), "Box", b.Label, "At", r.say.DateTime(b.ReadTo, zone)))
	}
	if len(l.People) == 0 {
		r.line(r.say.T("papers.presence.none"))
		return
	}
	for _, where := range app.AllWhereabouts {
		r.presentIn(l.In(where), where, zone)
	}
}

// presentIn lists those in one of the whereabouts under its name.
func (r *run) presentIn(people []papers.PersonThere, where app.Whereabouts, zone *time.Location) {
	if len(people) == 0 {
		return
	}
	r.line("")
	r.line(r.say.T("papers.presence.section." + string(where)))
	t := newTable(r.t("col.worker"), r.t("col.number"), r.t("col.employer"), r.t("col.in"), r.t("col.out"), r.t("col.remark"))
	for _, x := range people {
		t.add(x.Name, x.StaffNumber, x.Employer, r.when(x.In, zone), r.when(x.Out, zone), strings.Join(r.presenceListRemarks(x, zone), ", "))
	}
	r.table(t)
}

// when writes a moment; "–" where there is none.
func (r *run) when(i app.Instant, zone *time.Location) string {
	if i == 0 {
		return "–"
	}
	return r.say.DateTime(i, zone)
}

func (r *run) presenceListRemarks(x papers.PersonThere, zone *time.Location) []string {
	words := []string{r.say.T("papers.where." + string(x.Where))}
	if x.UnknownSince != 0 {
		words = []string{r.say.T("papers.presence.unknownSince", "At", r.say.DateTime(x.UnknownSince, zone))}
	}
	if x.BreakSince != 0 {
		words = append(words, r.say.T("papers.presence.onBreak", "At", r.say.DateTime(x.BreakSince, zone)))
	}
	if x.Stated {
		words = append(words, r.say.T("papers.presence.stated"))
	}
	if x.InByPhone || x.OutByPhone {
		words = append(words, r.say.T("word.byPhone"))
	}
	return words
}
