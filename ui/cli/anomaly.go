package cli

import (
	"time"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// punchEvidenceJSON is a punch that an anomaly rests on.
type punchEvidenceJSON struct {
	punchJSON
	UncertaintyMs int64       `json:"uncertaintyMs"`
	Box           string      `json:"box"`
	BoxName       string      `json:"boxLabel,omitempty"`
	Reading       app.ID      `json:"readingId,omitempty"`
	Read          app.Instant `json:"read,omitzero"` // when that reading began
	Installation  app.ID      `json:"installation,omitempty"`
	Reader        string      `json:"reader,omitempty"` // who read it
}

func (r *run) punchEvidence(list []derived.EvidencePunch, names *derived.Names) []punchEvidenceJSON {
	out := []punchEvidenceJSON{}
	for i := range list {
		e := &list[i]
		out = append(out, punchEvidenceJSON{
			punchJSON: punchesOf([]derived.PunchRow{{Tap: e.Tap}}, names)[0], UncertaintyMs: int64(e.Uncertainty / time.Millisecond),
			Box: e.Punch.Key.Box, BoxName: wording.Box(r.say, names, e.Punch.Key.Box),
			Reading: e.Reading.ID, Read: e.Reading.Started, Installation: e.Reading.Installation, Reader: e.Reading.Actor,
		})
	}
	return out
}

// anomalyCardJSON is the answer of anomaly show.
type anomalyCardJSON struct {
	environmentJSON
	Anomaly   anomalyJSON           `json:"anomaly"`
	Presences []presenceJSON        `json:"presences"`
	Taps      []punchJSON           `json:"taps"`
	History   []derived.HistoryStep `json:"history"`
}

type anomalyShowCmd struct {
	Key string `arg:"" help:"anomaly_key"`
}

// Run shows one anomaly with everything that explains it.
func (c *anomalyShowCmd) Run(r *run) error {
	return r.withCard(c.Key, func(o *office.Office, names *derived.Names, card *derived.AnomalyCard) error {
		if r.json {
			return r.print(
				anomalyCardJSON{
					environmentOf(o),
					r.anomalyOf(&card.AnomalyDetail, names),
					presenceListOf(card.Presences, names),
					tapsOf(card.Taps, names),
					list(card.History),
				},
			)
		}
		r.showCard(names, card)
		return nil
	})
}

func tapsOf(taps []app.Tap, names *derived.Names) []punchJSON {
	rows := make([]derived.PunchRow, 0, len(taps))
	for _, t := range taps {
		rows = append(rows, derived.PunchRow{Tap: t})
	}
	return punchesOf(rows, names)
}

// withCard finds an anomaly by its key, whether it is found or gone.
func (r *run) withCard(key string, work func(*office.Office, *derived.Names, *derived.AnomalyCard) error) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		k, err := app.ParseAnomalyKey(key)
		if err != nil {
			return failure("noAnomaly", "Name", key)
		}
		card, err := o.Derived.AnomalyCard(r.ctx, k)
		if err != nil {
			return err
		}
		return work(o, names, card)
	})
}

func (r *run) showCard(names *derived.Names, card *derived.AnomalyCard) {
	a := &card.Anomaly
	r.line(wording.Rule(r.say, a.Rule) + " · " + wording.Severity(r.say, a.Severity) + " · " + wording.Status(r.say, card.Status, card.Changed))
	r.line(clean(wording.Anomaly(r.say, names, a)))
	if g := card.Registration; g != nil {
		r.lines(append([]string{wording.Answer(r.say, g)}, wording.AnswerSteps(r.say, g)...))
	}
	if card.Changed && card.State.Was != nil {
		r.line(clean(r.t("anomaly.was", "Was", wording.Anomaly(r.say, names, card.State.Was))))
	}
	if l := card.Threshold; l != nil {
		r.line(wording.LimitUsed(r.say, l))
	}
	if len(card.Evidence) > 0 {
		r.line("")
		r.line(r.t("anomaly.punchesHead"))
		r.evidenceTable(names, card.Evidence)
	}
	r.line("")
	r.line(r.t("anomaly.stepsHead"))
	for _, s := range card.Steps {
		if s.Applies {
			r.line("  " + wording.SettlingStep(r.say, s.Code))
		}
	}
	if len(card.History) > 0 {
		r.line("")
		r.line(r.t("anomaly.historyHead"))
		r.historyLines(names, card)
	}
}

func (r *run) evidenceTable(names *derived.Names, list []derived.EvidencePunch) {
	t := newTable(r.t("col.corrected"), r.t("col.raw"), r.t("col.type"), r.t("col.site"), r.t("col.box"), r.t("col.readBy"), r.t("col.key"))
	for i := range list {
		e := &list[i]
		zone := names.Zone(e.SiteID)
		corrected := r.say.DateTimeSeconds(e.At, zone)
		if e.Uncertainty > 0 {
			corrected += " ± " + e.Uncertainty.Round(time.Millisecond).String()
		}
		read := r.say.DateTime(e.Reading.Started, zone)
		if e.Reading.Actor != "" {
			read += ", " + e.Reading.Actor
		}
		t.add(
			corrected,
			r.say.DateTimeSeconds(e.Punch.At, zone),
			wording.Role(r.say, e.Role),
			names.Site(e.SiteID),
			wording.Box(r.say, names, e.Punch.Key.Box),
			read,
			e.Punch.Key.String(),
		)
	}
	r.table(t)
}

func (r *run) historyLines(names *derived.Names, card *derived.AnomalyCard) {
	for i := range card.History {
		r.line("  " + clean(wording.HistoryStep(r.say, names, card.SiteID, &card.History[i])))
	}
}

// historyJSON is the answer of anomaly history.
type historyJSON struct {
	environmentJSON
	Key     string                `json:"key"`
	History []derived.HistoryStep `json:"history"`
}

type anomalyHistoryCmd struct {
	Key string `arg:"" help:"anomaly_key"`
}

// Run shows what was done about an anomaly, the oldest first.
func (c *anomalyHistoryCmd) Run(r *run) error {
	return r.withCard(c.Key, func(o *office.Office, names *derived.Names, card *derived.AnomalyCard) error {
		if r.json {
			return r.print(historyJSON{environmentOf(o), c.Key, list(card.History)})
		}
		if len(card.History) == 0 {
			r.line(r.t("anomaly.noHistory"))
		}
		r.historyLines(names, card)
		return nil
	})
}

type anomalyAssignCmd struct {
	Keys []string `arg:"" name:"key" help:"anomaly_key"`
	engaged
	From string `placeholder:"\"2026-11-23 06:00\"" help:"badge_from"`
	To   string `placeholder:"\"2026-11-30 18:00\"" help:"badge_to"`
	reason
	looking
}

// Run returns the unknown badges of anomalies to a person, from the day of the first tap on unless --from says otherwise.
func (c *anomalyAssignCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		gives, err := c.gives(r, o)
		if err != nil {
			return err
		}
		w, e, err := c.find(r, o, gives[0].Span.From.DateIn(app.Belgium()))
		if err != nil {
			return err
		}
		var badges []string
		for i := range gives {
			gives[i].EngagementID = e.ID
			badges = append(badges, gives[i].Key.Value)
		}
		if goOn, err := r.lookFirst(o, names, c.looking, acts.Proposal{Give: gives}); err != nil || !goOn {
			return err
		}
		if err := o.Staff.GiveBadges(r.ctx, gives, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.n("badge.assigned", len(gives), "Worker", w.Worker.Name()), "badge", badges...)
	})
}

// gives makes of each anomaly the giving of its badge.
func (c *anomalyAssignCmd) gives(r *run, o *office.Office) (list []acts.GiveBadge, err error) {
	for _, key := range c.Keys {
		k, err := app.ParseAnomalyKey(key)
		if err != nil {
			return nil, failure("noAnomaly", "Name", key)
		}
		card, err := o.Derived.AnomalyCard(r.ctx, k)
		if err != nil {
			return nil, err
		}
		if k.Rule != app.UnknownBadge || len(card.Evidence) == 0 {
			return nil, failure("notUnknownBadge", "Name", key)
		}
		first, zone := card.Evidence[0].At, app.Belgium()
		g := acts.GiveBadge{Key: card.Evidence[0].Punch.Identifier, Span: app.Span{From: first.DateIn(zone).Start(zone)}}
		if c.From != "" {
			if g.Span.From, err = parseInstant("--from", c.From, zone); err != nil {
				return nil, err
			}
		}
		if c.To != "" {
			if g.Span.To, err = parseInstant("--to", c.To, zone); err != nil {
				return nil, err
			}
		}
		list = append(list, g)
	}
	return list, nil
}
