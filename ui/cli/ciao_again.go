package cli

import (
	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type ciaoResendCmd struct {
	Registration string `arg:"" help:"resend_id"`
	Mended       string `placeholder:"TEXT" help:"resend_mended"`
	Why          string `placeholder:"TEXT" required:"" help:"why"`
}

// resentJSON is the answer of ciao resend.
type resentJSON struct {
	environmentJSON
	Refused      app.ID `json:"refused"`
	Registration app.ID `json:"registration"` // the new one, which goes with the next sending
	Generation   int    `json:"generation"`
}

// Run queues a punch again that the register refused or judged invalid, once its data was mended, or something at the NSSO.
func (c *ciaoResendCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		made, err := o.Register.Resend(r.ctx, app.ID(c.Registration), c.Mended, c.Why)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(resentJSON{environmentOf(o), app.ID(c.Registration), made.ID, made.Generation})
		}
		r.line(r.t("resend.done", "ID", string(made.ID)))
		return nil
	})
}

type ciaoCancelCmd struct {
	Registration string `arg:"" help:"cancel_id"`
	Why          string `placeholder:"TEXT" required:"" help:"why"`
}

// Run asks for an accepted registration to be cancelled.
func (c *ciaoCancelCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := o.Register.CancelRegistration(r.ctx, app.ID(c.Registration), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("cancel.asked"), "registration", c.Registration)
	})
}

type ciaoFindingsCmd struct {
	All bool `help:"findings_all"`
}

// registerFindingsJSON is the answer of ciao findings.
type registerFindingsJSON struct {
	environmentJSON
	Findings []registerFindingJSON `json:"findings"`
}

type registerFindingJSON struct {
	ciao.Finding
	Type    string      `json:"type"`
	At      app.Instant `json:"at"`
	Worker  string      `json:"worker,omitempty"`
	Site    string      `json:"site,omitempty"`
	Message string      `json:"message"`
}

// Run lists what the register was found to hold besides.
func (c *ciaoFindingsCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		list, err := o.Register.Findings(r.ctx, c.All)
		if err != nil {
			return err
		}
		out := registerFindingsJSON{environmentOf(o), []registerFindingJSON{}}
		t := newTable(r.t("col.time"), r.t("col.worker"), r.t("col.site"), r.t("col.remark"), r.t("col.id"))
		for i := range list {
			f := &list[i]
			j := registerFindingJSON{Finding: f.Finding, Type: string(f.Of.Type), At: f.Of.At, Worker: names.Worker(f.Of.WorkerID),
				Site: names.Site(f.Of.SiteID), Message: clean(wording.RegisterFinding(r.say, &f.Finding, &f.Of))}
			out.Findings = append(out.Findings, j)
			t.add(r.say.DateTimeSeconds(j.At, names.Zone(f.Of.SiteID)), j.Worker, j.Site, j.Message, string(f.ID))
		}
		switch {
		case r.json:
			return r.print(out)
		case len(list) == 0:
			r.line(r.t("findings.none"))
		default:
			r.table(t)
		}
		return nil
	})
}

type ciaoSettleCmd struct {
	Finding string `arg:"" help:"settle_id"`
	Why     string `placeholder:"TEXT" required:"" help:"why"`
}

// Run notes that somebody saw to a finding.
func (c *ciaoSettleCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		if err := o.Register.SettleFinding(r.ctx, app.ID(c.Finding), c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("settle.done"), "finding", c.Finding)
	})
}
