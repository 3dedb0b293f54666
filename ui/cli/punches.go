package cli

import (
	"errors"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/derived"
	"klokkast/app/filelog"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type punchIgnoreCmd struct {
	Punches []string `arg:"" name:"punch" help:"punch_key"`
	stated
	looking
}

// Run leaves taps out, as if they were never made.
func (c *punchIgnoreCmd) Run(r *run) error {
	return r.onPunches(c.Punches, c.looking, func(keys []app.RecordKey) acts.Proposal { return acts.Proposal{Ignore: keys} },
		func(o *office.Office, keys []app.RecordKey) error {
			if err := o.Judgements.IgnorePunches(r.ctx, keys, c.Reason, c.Note); err != nil {
				return err
			}
			return r.changed(o, r.n("punch.ignoredMany", len(keys)), "punch", c.Punches...)
		})
}

type punchCountAgainCmd struct {
	Punches []string `arg:"" name:"punch" help:"punch_key"`
	reason
	looking
}

// Run counts ignored taps again.
func (c *punchCountAgainCmd) Run(r *run) error {
	return r.onPunches(c.Punches, c.looking, func(keys []app.RecordKey) acts.Proposal { return acts.Proposal{Count: keys} },
		func(o *office.Office, keys []app.RecordKey) error {
			if err := o.Judgements.CountAgain(r.ctx, keys, c.Why); err != nil {
				return err
			}
			return r.changed(o, r.n("punch.countedAgain", len(keys)), "punch", c.Punches...)
		})
}

// onPunches does something with taps that are all there, after showing what it changes.
func (r *run) onPunches(named []string, l looking, proposal func([]app.RecordKey) acts.Proposal, do func(*office.Office, []app.RecordKey) error) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		var keys []app.RecordKey
		for _, s := range named {
			key, err := r.recordKey(o, s)
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		for _, k := range keys {
			if err := r.knownPunch(o, k); err != nil {
				return err
			}
		}
		if goOn, err := r.lookFirst(o, names, l, proposal(keys)); err != nil || !goOn {
			return err
		}
		return do(o, keys)
	})
}

// recordKey reads the name of a record: BOX/LOG/SEQ, or FILE:LINE of a line of an imported file.
func (r *run) recordKey(o *office.Office, s string) (app.RecordKey, error) {
	key, err := parseRecordKey(s)
	at := strings.LastIndex(s, ":")
	if err == nil || at < 0 {
		return key, err
	}
	line, notNumber := strconv.Atoi(s[at+1:])
	if notNumber != nil {
		return key, err
	}
	found, failed := o.Store.RecordsOfLine(r.ctx, filelog.LineName{File: s[:at], Line: line})
	switch {
	case failed != nil:
		return key, failed
	case len(found) == 0:
		return key, failure("noPunch", "Name", s)
	case len(found) > 1:
		return key, wrong("many", "Name", s, "Count", len(found))
	}
	return found[0], nil
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

func (r *run) knownPunch(o *office.Office, key app.RecordKey) error {
	rows, err := o.Derived.PunchRows(r.ctx, derived.PunchFilter{Box: key.Box})
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
	ByPhone      bool                  `json:"byPhone,omitempty"`
	OneActWith   string                `json:"oneActWith,omitempty"` // the key of the registration by phone
}

// Run lists punches and what each turned out to be, newest first; those of this month unless days are given.
func (c *punchListCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		days := r.orThisMonth(days)
		f := derived.PunchFilter{Span: spanOf(days)}
		var boxErr error
		f.WorkerID, f.SiteID, err = c.ids(r, o)
		if c.Box != "" {
			f.Box, boxErr = r.knownBox(o, c.Box)
		}
		if err := errors.Join(err, boxErr); err != nil {
			return err
		}
		rows, err := o.Derived.PunchRows(r.ctx, f)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(punchesJSON{environmentOf(o), punchesOf(rows, names)})
		}
		return r.punchTable(o, rows, names)
	})
}

// spanOf returns the time of Belgian days; open sides stay open.
func spanOf(d app.Days) (s app.Span) {
	if d.From != 0 {
		s.From = d.From.Start(app.Belgium())
	}
	if d.To != 0 {
		s.To = d.To.End(app.Belgium())
	}
	return s
}

func punchesOf(rows []derived.PunchRow, names *derived.Names) []punchJSON {
	out := []punchJSON{}
	for i := range rows {
		p := &rows[i]
		j := punchJSON{
			Key: p.Punch.Key.String(), At: p.At, Raw: p.Punch.At, Identifier: p.Punch.Identifier, Pressed: p.Punch.Pressed, Role: p.Role,
			WorkerID: p.WorkerID, Worker: names.Worker(p.WorkerID), EngagementID: p.EngagementID, SiteID: p.SiteID, Site: names.Site(p.SiteID), Day: p.Day,
			ByPhone: p.Punch.Key.ByRegister(),
		}
		if g := p.Registration; g != nil {
			j.Registration, j.State = g.ID, g.State
		}
		if p.Entry != (app.RecordKey{}) {
			j.OneActWith = p.Entry.String()
		}
		out = append(out, j)
	}
	return out
}

func (r *run) punchTable(o *office.Office, rows []derived.PunchRow, names *derived.Names) error {
	punches := punchesOf(rows, names)
	if len(punches) == 0 {
		r.line(r.t("presences.none"))
		return nil
	}
	keys := make([]app.RecordKey, len(rows))
	for i := range rows {
		keys[i] = rows[i].Punch.Key
	}
	lines, err := o.Store.LinesOf(r.ctx, keys)
	if err != nil {
		return err
	}
	t := newTable(r.t("col.time"), r.t("col.worker"), r.t("col.site"), r.t("col.type"), r.t("col.sent"), r.t("col.key"))
	for i, p := range punches {
		who := p.Worker
		if p.ByPhone {
			who = names.Worker(app.ID(p.Identifier.Value))
		}
		if who == "" {
			who = wording.Badge(r.say, app.Identifier{Key: p.Identifier})
		}
		key := p.Key
		if line, ok := lines[keys[i]]; ok { // its key is a number that tells a person nothing
			key = r.t("punch.line", "Line", line.Line, "File", line.File)
		}
		sent := wording.State(r.say, p.State)
		if rows[i].AtRegisterByPhone() {
			sent = r.say.T("word.byPhone")
		}
		t.add(r.say.DateTimeSeconds(p.At, names.Zone(p.SiteID)), who, p.Site, wording.Role(r.say, p.Role), sent, key)
	}
	r.table(t)
	return nil
}
