package cli

import (
	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
)

// stated are the flags of whoever states why something is as it is.
type stated struct {
	Reason string `placeholder:"CODE" enum:"forgot,box-broken,badge-lost,wrong-key,moved-site,agreed,other" required:"" help:"reason"`
	Note   string `placeholder:"TEXT" help:"note"`
}

type anomalyExplainCmd struct {
	Keys []string `arg:"" name:"key" help:"anomaly_key"`
	stated
}

// Run settles findings with a reason.
func (c *anomalyExplainCmd) Run(r *run) error {
	return r.judge(c.Keys, "anomaly.explained", func(o *office.Office, keys []app.AnomalyKey) error {
		return o.Judgements.Explain(r.ctx, keys, c.Reason, c.Note)
	})
}

type anomalyReopenCmd struct {
	Keys []string `arg:"" name:"key" help:"anomaly_key"`
	Note string   `placeholder:"TEXT" help:"note"`
}

// Run takes explanations back.
func (c *anomalyReopenCmd) Run(r *run) error {
	return r.judge(c.Keys, "anomaly.reopened", func(o *office.Office, keys []app.AnomalyKey) error {
		return o.Judgements.Reopen(r.ctx, keys, c.Note)
	})
}

func (r *run) judge(keys []string, said string, decide func(*office.Office, []app.AnomalyKey) error) error {
	return r.onExisting(func(o *office.Office) error {
		found, err := r.anomaliesKeyed(o, keys)
		if err != nil {
			return err
		}
		var list []app.AnomalyKey
		for i := range found {
			list = append(list, found[i].Key())
		}
		if err := decide(o, list); err != nil {
			return err
		}
		return r.changed(o, r.n(said, len(keys)), "anomaly", keys...)
	})
}

// anomaliesKeyed returns the findings that have these keys, all of them or none.
func (r *run) anomaliesKeyed(o *office.Office, keys []string) ([]derived.FoundAnomaly, error) {
	all, err := o.Derived.Anomalies(r.ctx, derived.AnomalyFilter{})
	if err != nil {
		return nil, err
	}
	byKey := map[string]derived.FoundAnomaly{}
	for _, a := range all {
		byKey[a.Key().String()] = a
	}
	var found []derived.FoundAnomaly
	for _, k := range keys {
		a, ok := byKey[k]
		if !ok {
			return nil, failure("noAnomaly", "Name", k)
		}
		found = append(found, a)
	}
	return found, nil
}

type anomalyAdjustCmd struct {
	Key string `arg:"" help:"anomaly_key"`
	At  string `placeholder:"\"2026-11-02 14:00\"" required:"" help:"adjust_at"`
	stated
	looking
}

// Run states the edge that a finding misses.
func (c *anomalyAdjustCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		found, err := r.anomaliesKeyed(o, []string{c.Key})
		if err != nil {
			return err
		}
		zone := names.Zone(found[0].SiteID)
		at, err := parseInstant("--at", c.At, zone)
		if err != nil {
			return err
		}
		key := found[0].Key()
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Edges: []acts.MissingEdge{{Key: key, At: at}}}); err != nil || !goOn {
			return err
		}
		if err := o.Judgements.AdjustMissing(r.ctx, key, at, c.Reason, c.Note); err != nil {
			return err
		}
		return r.changed(o, r.t("adjust.edge", "At", r.say.DateTime(at, zone)), "anomaly", c.Key)
	})
}

type adjustPresenceCmd struct {
	engaged
	Site string `placeholder:"NAME" required:"" help:"at_site"`
	From string `placeholder:"\"2026-11-02 06:00\"" required:"" help:"adjust_from"`
	To   string `placeholder:"\"2026-11-02 14:00\"" required:"" help:"adjust_to"`
	stated
	looking
}

// Run states a whole presence without punches.
func (c *adjustPresenceCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		zone := site.Site.Zone.Location()
		span, err := r.span(c.From, c.To, zone)
		if err != nil {
			return err
		}
		w, e, err := c.find(r, o, span.From.DateIn(zone))
		if err != nil {
			return err
		}
		list := []app.Adjustment{{EngagementID: e.ID, SiteID: site.Site.ID, From: span.From, To: span.To, Reason: c.Reason, Note: c.Note}}
		if list[0].ID, err = app.NewID(); err != nil {
			return err
		}
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Adjust: list}); err != nil || !goOn {
			return err
		}
		if err := o.Judgements.AdjustPresences(r.ctx, list); err != nil {
			return err
		}
		return r.changed(o, r.t("adjust.presence", "Worker", w.Worker.Name(), "Site", site.Site.Name,
			"From", r.say.DateTime(span.From, zone), "To", r.say.DateTime(span.To, zone)), "adjustment", string(list[0].ID))
	})
}

type adjustSiteCmd struct {
	Site   string   `placeholder:"NAME" required:"" help:"at_site"`
	From   string   `placeholder:"2026-11-02" required:"" help:"from"`
	To     string   `placeholder:"2026-11-03" required:"" help:"to"`
	Hours  string   `placeholder:"06:00-14:00" help:"adjust_hours"`
	Worker []string `placeholder:"NAME" help:"only_workers"`
	stated
	looking
}

// Run states the hours of the people of a site whose box was broken, for those
// who have none there yet.
func (c *adjustSiteCmd) Run(r *run) error {
	hours, err := app.ParseHours(c.Hours)
	if err != nil {
		return wrong("hours", "Flag", "--hours", "Got", c.Hours)
	}
	days, err := (&period{From: c.From, To: c.To}).days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		list, err := c.statements(r, o, site.Site.ID, days, hours)
		if err != nil {
			return err
		}
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Adjust: list}); err != nil || !goOn {
			return err
		}
		if err := o.Judgements.AdjustPresences(r.ctx, list); err != nil {
			return err
		}
		var ids []string
		for _, a := range list {
			ids = append(ids, string(a.ID))
		}
		return r.changed(o, r.n("adjust.site", len(list), "Site", site.Site.Name), "adjustment", ids...)
	})
}

// statements makes of what is proposed for a site what is to be stated.
func (c *adjustSiteCmd) statements(r *run, o *office.Office, site app.ID, days app.Days, hours app.Hours) (list []app.Adjustment, err error) {
	only := map[app.ID]bool{}
	for _, name := range c.Worker {
		w, err := r.worker(o, name)
		if err != nil {
			return nil, err
		}
		only[w.Worker.ID] = true
	}
	proposed, err := o.Judgements.ProposePresences(r.ctx, site, days, hours)
	if err != nil {
		return nil, err
	}
	for _, p := range proposed {
		if p.Known || (len(only) > 0 && !only[p.WorkerID]) {
			continue
		}
		a := app.Adjustment{EngagementID: p.EngagementID, SiteID: site, From: p.Span.From, To: p.Span.To, Reason: c.Reason, Note: c.Note}
		if a.ID, err = app.NewID(); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	if len(list) == 0 {
		return nil, failure("noneToState")
	}
	return list, nil
}

type adjustmentWithdrawCmd struct {
	IDs []string `arg:"" name:"id" help:"adjustment_id"`
	reason
	looking
}

// Run takes statements back.
func (c *adjustmentWithdrawCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		var ids []app.ID
		for _, id := range c.IDs {
			ids = append(ids, app.ID(id))
		}
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Withdraw: ids}); err != nil || !goOn {
			return err
		}
		if err := o.Judgements.WithdrawAdjustments(r.ctx, ids, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("adjust.withdrawn"), "adjustment", c.IDs...)
	})
}
