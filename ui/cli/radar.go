package cli

import (
	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type declarationRadarCmd struct{}

// radarJSON is the answer of declaration radar.
type radarJSON struct {
	environmentJSON
	Items []radarItemJSON `json:"items"`
}

type radarItemJSON struct {
	ciao.RadarItem
	Number  string `json:"number,omitempty"` // of the declaration
	Site    string `json:"site,omitempty"`
	Message string `json:"message"`
}

// Run tells of the declarations of works that need someone's eye.
func (c *declarationRadarCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		items, err := o.Register.DeclarationRadar(r.ctx)
		if err != nil {
			return err
		}
		all, err := o.Sites.Declarations(r.ctx)
		if err != nil {
			return err
		}
		numbers := map[app.ID]string{}
		for _, d := range all {
			numbers[d.ID] = d.Number
		}
		if r.json {
			out := radarJSON{environmentOf(o), []radarItemJSON{}}
			for _, i := range items {
				out.Items = append(out.Items, radarItemJSON{i, numbers[i.DeclarationID], names.Site(i.SiteID), wording.Radar(r.say, &i)})
			}
			return r.print(out)
		}
		r.sayRadar(names, numbers, items)
		return nil
	})
}

func (r *run) sayRadar(names *derived.Names, numbers map[app.ID]string, items []ciao.RadarItem) {
	if len(items) == 0 {
		r.line(r.t("radar.none"))
		return
	}
	t := newTable(r.t("col.cause"), r.t("col.site"), r.t("col.declaration"), r.t("col.until"), r.t("col.left"), r.t("col.days")).numbers(4)
	for i := range items {
		x := &items[i]
		left := ""
		if x.Until != 0 {
			left = r.say.Number(x.Left)
		}
		t.add(wording.Radar(r.say, x), names.Site(x.SiteID), numbers[x.DeclarationID], r.say.Date(x.Until), left, r.days(x.Days))
	}
	r.table(t)
}
