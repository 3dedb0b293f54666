package cli

import (
	"errors"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/wording"
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
	return r.judge(c.Keys, "anomaly.explained", func(o Office, keys []app.AnomalyKey) error {
		return o.Explain(r.ctx, keys, c.Reason, c.Note)
	})
}

type anomalyReopenCmd struct {
	Keys []string `arg:"" name:"key" help:"anomaly_key"`
	Note string   `placeholder:"TEXT" help:"note"`
}

// Run takes explanations back.
func (c *anomalyReopenCmd) Run(r *run) error {
	return r.judge(c.Keys, "anomaly.reopened", func(o Office, keys []app.AnomalyKey) error {
		return o.Reopen(r.ctx, keys, c.Note)
	})
}

func (r *run) judge(keys []string, said string, decide func(Office, []app.AnomalyKey) error) error {
	return r.onExisting(func(o Office) error {
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

// anomaliesKeyed gives the findings that have these keys, all of them or none.
func (r *run) anomaliesKeyed(o Office, keys []string) ([]office.FoundAnomaly, error) {
	all, err := o.Anomalies(r.ctx, office.AnomalyFilter{})
	if err != nil {
		return nil, err
	}
	byKey := map[string]office.FoundAnomaly{}
	for _, a := range all {
		byKey[a.Key().String()] = a
	}
	var found []office.FoundAnomaly
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
}

// Run states the edge that a finding misses.
func (c *anomalyAdjustCmd) Run(r *run) error {
	return r.onExisting(func(o Office) error {
		found, err := r.anomaliesKeyed(o, []string{c.Key})
		if err != nil {
			return err
		}
		names, err := o.Names(r.ctx)
		if err != nil {
			return err
		}
		zone := names.Zone(found[0].SiteID)
		at, err := parseInstant("--at", c.At, zone)
		if err != nil {
			return err
		}
		if err := o.AdjustMissing(r.ctx, found[0].Key(), at, c.Reason, c.Note); err != nil {
			return err
		}
		return r.changed(o, r.t("adjust.edge", "At", r.say.DateTime(at, zone)), "anomaly", c.Key)
	})
}

type adjustPresenceCmd struct {
	Worker   string `placeholder:"NAME" required:"" help:"worker"`
	Employer string `placeholder:"NAME" help:"of_employer"`
	Site     string `placeholder:"NAME" required:"" help:"at_site"`
	From     string `placeholder:"\"2026-11-02 06:00\"" required:"" help:"adjust_from"`
	To       string `placeholder:"\"2026-11-02 14:00\"" required:"" help:"adjust_to"`
	stated
}

// Run states a whole presence without punches.
func (c *adjustPresenceCmd) Run(r *run) error {
	return r.onExisting(func(o Office) error {
		site, err := r.site(o, c.Site)
		if err != nil {
			return err
		}
		zone := zoneOf(site.Site)
		span, err := r.span(c.From, c.To, zone)
		if err != nil {
			return err
		}
		w, err := r.worker(o, c.Worker)
		if err != nil {
			return err
		}
		e, err := r.engagement(o, w, c.Employer, span.From.DateIn(zone))
		if err != nil {
			return err
		}
		id, err := app.NewID()
		if err != nil {
			return err
		}
		a := app.Adjustment{ID: id, EngagementID: e.ID, SiteID: site.Site.ID, From: span.From, To: span.To, Reason: c.Reason, Note: c.Note}
		if err := o.AdjustPresence(r.ctx, a); err != nil {
			return err
		}
		return r.changed(o, r.t("adjust.presence", "Worker", w.Worker.Name(), "Site", site.Site.Name,
			"From", r.say.DateTime(span.From, zone), "To", r.say.DateTime(span.To, zone)), "adjustment", string(id))
	})
}

// engagement gives the engagement of a worker that is meant for a day: of the
// employer named, else the only one of that day, else the default one.
func (r *run) engagement(o Company, w office.WorkerRow, employer string, day app.Date) (app.Engagement, error) {
	var of app.ID
	if employer != "" {
		e, err := r.employer(o, employer)
		if err != nil {
			return app.Engagement{}, err
		}
		of = e.ID
	}
	var fit, standard []app.Engagement
	for _, e := range w.Engagements {
		if !e.Days.Holds(day) || of != "" && e.EmployerID != of {
			continue
		}
		fit = append(fit, e)
		if e.Default {
			standard = append(standard, e)
		}
	}
	switch {
	case len(fit) == 0:
		return app.Engagement{}, failure("noEngagement", "Worker", w.Worker.Name(), "Day", day)
	case len(fit) == 1:
		return fit[0], nil
	case len(standard) == 1:
		return standard[0], nil
	}
	return app.Engagement{}, wrong("whichEngagement", "Worker", w.Worker.Name(), "Count", len(fit))
}

type adjustmentWithdrawCmd struct {
	ID string `arg:"" help:"adjustment_id"`
	reason
}

// Run takes a statement back.
func (c *adjustmentWithdrawCmd) Run(r *run) error {
	return r.onExisting(func(o Office) error {
		if err := o.WithdrawAdjustment(r.ctx, app.ID(c.ID), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("adjust.withdrawn"), "adjustment", c.ID)
	})
}

type punchIgnoreCmd struct {
	Punch  string `arg:"" name:"punch" help:"punch_key"`
	Reason string `placeholder:"CODE" enum:"forgot,box-broken,badge-lost,wrong-key,moved-site,agreed,other" required:"" help:"reason"`
}

// Run leaves one tap out, as if it were never made.
func (c *punchIgnoreCmd) Run(r *run) error {
	key, err := parseRecordKey(c.Punch)
	if err != nil {
		return err
	}
	return r.onExisting(func(o Office) error {
		if err := r.knownPunch(o, key); err != nil {
			return err
		}
		if err := o.IgnorePunch(r.ctx, key, c.Reason); err != nil {
			return err
		}
		return r.changed(o, r.t("punch.ignored"), "punch", key.String())
	})
}

// parseRecordKey reads BOX/LOG/SEQ, as records are named everywhere.
func parseRecordKey(s string) (k app.RecordKey, err error) {
	parts := strings.Split(s, "/")
	if len(parts) >= 3 {
		n := len(parts)
		k.Box, k.Log = strings.Join(parts[:n-2], "/"), parts[n-2]
		if k.Seq, err = strconv.ParseUint(parts[n-1], 10, 64); err == nil && k.Box != "" && k.Log != "" {
			return k, nil
		}
	}
	return app.RecordKey{}, wrong("punch", "Got", s)
}

func (r *run) knownPunch(o Office, key app.RecordKey) error {
	rows, err := o.PunchRows(r.ctx, office.PunchFilter{Box: key.Box})
	if err != nil {
		return err
	}
	for i := range rows {
		if rows[i].Punch.Key == key {
			return nil
		}
	}
	return failure("noPunch", "Name", key.String())
}

type punchListCmd struct {
	period
	whose
	Box string `placeholder:"BOX" help:"place_box"`
}

// punchesJSON is the answer of punch list.
type punchesJSON struct {
	environmentJSON
	Punches []punchJSON `json:"punches"`
}

type punchJSON struct {
	Key          string                `json:"key"` // BOX/LOG/SEQ
	At           app.Instant           `json:"at"`  // corrected
	Raw          app.Instant           `json:"raw"`
	Identifier   app.IdentifierKey     `json:"identifier"`
	Pressed      app.PunchKey          `json:"pressed"`
	Role         app.TapRole           `json:"role"`
	WorkerID     app.ID                `json:"workerId,omitempty"`
	Worker       string                `json:"worker,omitempty"`
	EngagementID app.ID                `json:"engagementId,omitempty"`
	SiteID       app.ID                `json:"siteId,omitempty"`
	Site         string                `json:"site,omitempty"`
	Day          app.Date              `json:"day,omitzero"`
	Registration app.ID                `json:"registration,omitempty"`
	State        app.RegistrationState `json:"state,omitempty"` // of the registration
}

// Run lists punches and what each turned out to be, newest first; those of this month unless days are given.
func (c *punchListCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.onExisting(func(o Office) error {
		days := r.orThisMonth(days)
		f := office.PunchFilter{Span: spanOf(days)}
		var boxErr error
		f.WorkerID, f.SiteID, err = c.ids(r, o)
		if c.Box != "" {
			f.Box, boxErr = r.knownBox(o, c.Box)
		}
		if err := errors.Join(err, boxErr); err != nil {
			return err
		}
		rows, err := o.PunchRows(r.ctx, f)
		if err != nil {
			return err
		}
		names, err := o.Names(r.ctx)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(punchesJSON{environmentOf(o), punchesOf(rows, names)})
		}
		r.punchTable(punchesOf(rows, names), names)
		return nil
	})
}

// spanOf gives the time of Belgian days; open sides stay open.
func spanOf(d app.Days) (s app.Span) {
	if d.From != 0 {
		s.From = d.From.Start(defaultZone())
	}
	if d.To != 0 {
		s.To = d.To.End(defaultZone())
	}
	return s
}

func punchesOf(rows []office.PunchRow, names *office.Names) []punchJSON {
	out := []punchJSON{}
	for i := range rows {
		p := &rows[i]
		j := punchJSON{
			Key: p.Punch.Key.String(), At: p.At, Raw: p.Punch.At, Identifier: p.Punch.Identifier, Pressed: p.Punch.Pressed, Role: p.Role,
			WorkerID: p.WorkerID, Worker: names.Worker(p.WorkerID), EngagementID: p.EngagementID, SiteID: p.SiteID, Site: names.Site(p.SiteID), Day: p.Day,
		}
		if g := p.Registration; g != nil {
			j.Registration, j.State = g.ID, g.State
		}
		out = append(out, j)
	}
	return out
}

func (r *run) punchTable(punches []punchJSON, names *office.Names) {
	if len(punches) == 0 {
		r.line(r.t("presences.none"))
		return
	}
	t := newTable(r.t("col.time"), r.t("col.worker"), r.t("col.site"), r.t("col.type"), r.t("col.sent"), r.t("col.key"))
	for _, p := range punches {
		who := p.Worker
		if who == "" {
			who = wording.Badge(r.say, app.Identifier{Key: p.Identifier})
		}
		t.add(r.say.DateTimeSeconds(p.At, names.Zone(p.SiteID)), who, p.Site, wording.Role(r.say, p.Role), wording.State(r.say, p.State), p.Key)
	}
	r.table(t)
}
