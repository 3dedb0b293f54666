package cli

import (
	"strings"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type settingsThresholdsCmd struct {
	Site     string `placeholder:"NAME" help:"threshold_site"`
	Worker   string `placeholder:"NAME" help:"threshold_worker"`
	Employer string `placeholder:"NAME" help:"of_employer"`
}

// thresholdsJSON is the answer of settings thresholds.
type thresholdsJSON struct {
	environmentJSON
	SiteID       app.ID          `json:"siteId,omitempty"`
	EngagementID app.ID          `json:"engagementId,omitempty"`
	Thresholds   []thresholdJSON `json:"thresholds"`
}

type thresholdJSON struct {
	Name    app.Threshold    `json:"name"`
	Unit    attendance.Unit  `json:"unit"`
	Value   int64            `json:"value"` // that holds, in the unit
	From    attendance.Level `json:"from"`  // default, company, site or engagement
	Default int64            `json:"default"`
	Min     int64            `json:"min"`
	Max     int64            `json:"max"`
	Text    string           `json:"text"`
}

// Run shows what holds, for the company or for someone somewhere.
func (c *settingsThresholdsCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		of, err := c.owner(r, o)
		if err != nil {
			return err
		}
		all, err := o.Derived.Thresholds(r.ctx, of)
		if err != nil {
			return err
		}
		if r.json {
			out := thresholdsJSON{environmentJSON: environmentOf(o), SiteID: of.Site, EngagementID: of.Engagement, Thresholds: []thresholdJSON{}}
			for _, e := range all {
				out.Thresholds = append(out.Thresholds, thresholdJSON{e.Name, e.Unit, e.Holds, e.From, e.Value, e.Min, e.Max, wording.Threshold(r.say, e.Name)})
			}
			return r.print(out)
		}
		t := newTable(r.t("col.threshold"), r.t("col.holds"), r.t("col.level"), r.t("col.default"), r.t("col.code"))
		for _, e := range all {
			t.add(
				wording.Threshold(r.say, e.Name),
				wording.Limit(r.say, e.Unit, e.Holds),
				wording.Level(r.say, e.From),
				wording.Limit(r.say, e.Unit, e.Value),
				string(e.Name),
			)
		}
		r.table(t)
		return nil
	})
}

func (c *settingsThresholdsCmd) owner(r *run, o *office.Office) (of derived.ThresholdOwner, err error) {
	if c.Site != "" {
		s, err := r.site(o, c.Site)
		if err != nil {
			return of, err
		}
		of.Site = s.Site.ID
	}
	if c.Worker != "" {
		_, e, err := (&engaged{Worker: c.Worker, Employer: c.Employer}).find(r, o, r.today())
		if err != nil {
			return of, err
		}
		of.Engagement = e.ID
	}
	return of, nil
}

// thresholdFlags set thresholds of a site or an engagement.
type thresholdFlags struct {
	Threshold []string `placeholder:"NAME=VALUE" sep:"none" help:"threshold"`
}

// apply changes thresholds by what the flags say.
func (c *thresholdFlags) apply(to *app.Thresholds) error {
	for _, flag := range c.Threshold {
		name, value, ok := strings.Cut(flag, "=")
		if !ok {
			return wrong("threshold", "Got", flag)
		}
		v, reset, err := parseThreshold(name, value)
		if err != nil {
			return err
		}
		after := app.Thresholds{}
		for k, old := range *to {
			after[k] = old
		}
		if after[app.Threshold(name)] = v; reset {
			delete(after, app.Threshold(name))
		}
		*to = after
	}
	return nil
}

// parseThreshold reads a value in the threshold's unit; "default" takes it back
// to what the wider level says.
func parseThreshold(name, value string) (v int64, reset bool, err error) {
	d, ok := attendance.DefaultOf(app.Threshold(name))
	if !ok {
		return 0, false, &app.FieldError{Field: "threshold", Code: "threshold.unknown", Example: string(attendance.DayLimitAfter)}
	}
	if strings.EqualFold(strings.TrimSpace(value), "default") {
		return 0, true, nil
	}
	v, err = d.Unit.Parse(value)
	if err != nil {
		return 0, false, &app.FieldError{Field: "threshold." + name, Code: "threshold.format", Example: d.Unit.Write(d.Value)}
	}
	return v, false, nil
}

// thresholdSetting begins the name of a setting that is a threshold of the company.
const thresholdSetting = "threshold."

// setThreshold changes a threshold of the company and says what it is now.
func (r *run) setThreshold(o *office.Office, name, value string) (said string, err error) {
	v, reset, err := parseThreshold(name, value)
	if err != nil {
		return "", err
	}
	t := app.Threshold(name)
	if reset {
		return r.t(
				"settings.reset",
				"Name",
				wording.Threshold(r.say, t),
			), o.Sites.ChangeThresholds(
				r.ctx,
				derived.ThresholdOwner{},
				nil,
				[]app.Threshold{t},
				"",
			)
	}
	d, _ := attendance.DefaultOf(t)
	said = r.t("settings.done", "Name", wording.Threshold(r.say, t), "Value", wording.Limit(r.say, d.Unit, v))
	return said, o.Sites.ChangeThresholds(r.ctx, derived.ThresholdOwner{}, app.Thresholds{t: v}, nil, "")
}
