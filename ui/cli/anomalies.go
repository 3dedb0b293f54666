package cli

import (
	"slices"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type anomaliesCmd struct {
	period
	whose
	Rule     string `placeholder:"RULE" help:"rule"`
	Status   string `placeholder:"open|explained|adjusted|gone|all" enum:"open,explained,adjusted,gone,all" default:"open" help:"status"`
	Since    string `placeholder:"2026-11-23" help:"gone_since"`
	Keys     bool   `help:"keys"`
	Severity string `placeholder:"information|warning|serious" enum:",information,warning,serious" default:"" help:"severity"`
}

// anomaliesJSON is the answer of anomalies.
type anomaliesJSON struct {
	environmentJSON
	Anomalies []anomalyJSON `json:"anomalies"`
	Settled   []anomalyJSON `json:"settled"` // today by readings, whatever is asked for
}

type anomalyJSON struct {
	app.Anomaly
	Key     string            `json:"key"` // rule|kind:subject|anchor
	Status  app.AnomalyStatus `json:"status"`
	Changed bool              `json:"changed"` // explained, but its evidence changed since
	State   *app.AnomalyState `json:"state,omitempty"`
	Gone    *app.Gone         `json:"gone,omitempty"` // since when, and what settled it
	Worker  string            `json:"worker,omitempty"`
	Site    string            `json:"site,omitempty"`
	BoxName string            `json:"boxLabel,omitempty"`
	Message string            `json:"message"`
	// What explains it; today leaves these out.
	Evidence []punchEvidenceJSON `json:"evidence,omitempty"`
	Limits   *derived.LimitUsed  `json:"thresholdUsed,omitempty"`
	Steps    []derived.Step      `json:"steps,omitempty"`
}

// Run lists what was found.
func (c *anomaliesCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		f, err := c.filter(r, o, days)
		if err != nil {
			return err
		}
		found, err := o.Derived.AnomalyDetails(r.ctx, f)
		if err != nil {
			return err
		}
		settled, err := o.Derived.SettledByReadings(r.ctx, r.today().Start(app.Belgium()))
		if err != nil {
			return err
		}
		if r.json {
			out := anomaliesJSON{environmentOf(o), []anomalyJSON{}, r.foundAnomaliesOf(settled, names)}
			for i := range found {
				out.Anomalies = append(out.Anomalies, r.anomalyOf(&found[i], names))
			}
			return r.print(out)
		}
		r.anomalyTable(found, names, c.Keys)
		if line := wording.Settled(r.say, names, settled); line != "" {
			r.line(clean(line))
		}
		return nil
	})
}

func (c *anomaliesCmd) filter(r *run, o *office.Office, days app.Days) (derived.AnomalyFilter, error) {
	f := derived.AnomalyFilter{Days: days, Rule: app.Rule(c.Rule), Status: app.AnomalyStatus(c.Status)}
	if c.Status == "all" {
		f.Status = ""
	}
	if c.Since != "" {
		day, err := parseDate("--since", c.Since)
		if err != nil {
			return f, err
		}
		f.Status, f.Since = app.AnomalyGone, day.Start(app.Belgium())
	}
	for _, s := range []app.Severity{app.Information, app.Warning, app.Serious} {
		if s.String() == c.Severity {
			f.MinSeverity = s
		}
	}
	if c.Rule != "" && wording.Rule(r.say, app.Rule(c.Rule)) == c.Rule {
		return f, wrong("rule", "Got", c.Rule)
	}
	var err error
	f.WorkerID, f.SiteID, err = c.ids(r, o)
	return f, err
}

// foundAnomaliesOf is a list of anomalies without what explains them.
func (r *run) foundAnomaliesOf(found []derived.FoundAnomaly, names *derived.Names) []anomalyJSON {
	out := []anomalyJSON{}
	for i := range found {
		out = append(out, r.foundAnomalyOf(&found[i], names))
	}
	return out
}

// anomalyOf is one anomaly with what explains it.
func (r *run) anomalyOf(d *derived.AnomalyDetail, names *derived.Names) anomalyJSON {
	j := r.foundAnomalyOf(&d.FoundAnomaly, names)
	j.Evidence, j.Limits, j.Steps = r.punchEvidence(d.Evidence, names), d.Threshold, d.Steps
	j.Message = clean(wording.Explained(r.say, names, d))
	return j
}

func (r *run) foundAnomalyOf(a *derived.FoundAnomaly, names *derived.Names) anomalyJSON {
	j := anomalyJSON{
		Anomaly: a.Anomaly, Key: a.Key().String(), Status: a.Status, Changed: a.Changed, Gone: a.Gone,
		Worker: names.Worker(a.WorkerID), Site: names.Site(a.SiteID), Message: clean(wording.Anomaly(r.say, names, &a.Anomaly)),
	}
	if a.Box != "" {
		j.BoxName = wording.Box(r.say, names, a.Box)
	}
	if a.State.Status != "" {
		j.State = &a.State
	}
	return j
}

func (r *run) anomalyTable(found []derived.AnomalyDetail, names *derived.Names, keys bool) {
	if len(found) == 0 {
		r.line(r.t("anomalies.none"))
		return
	}
	count := map[app.Severity]int{}
	head := []string{r.t("col.severity"), r.t("col.day"), r.t("col.status"), r.t("col.key")}
	if !keys {
		head = head[:3]
	}
	// What was found comes last: long texts would push the other columns off the terminal.
	t := newTable(append(slices.Clone(head), r.t("col.found"))...)
	for i := range found {
		a := &found[i]
		count[a.Severity]++
		cells := []string{wording.Severity(r.say, a.Severity), r.say.Date(a.Day), wording.Status(r.say, a.Status, a.Changed), a.Key().String()}
		t.add(append(cells[:len(head)], wording.Explained(r.say, names, a))...)
	}
	r.table(t)
	r.line("")
	r.sayCounts(count)
}

// sayCounts tells how many findings of each severity there are.
func (r *run) sayCounts(count map[app.Severity]int) {
	r.line(r.t("anomalies.count", "Serious", count[app.Serious], "Warnings", count[app.Warning], "Information", count[app.Information]))
}
