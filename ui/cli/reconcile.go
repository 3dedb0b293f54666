package cli

import (
	"slices"
	"strconv"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/derived"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type ciaoReconcileCmd struct {
	period
	Worker         string `placeholder:"NAME" help:"worker"`
	Last           bool   `help:"reconcile_last"`
	PassphraseFile string `name:"passphrase-file" placeholder:"FILE|-" help:"passphrase"`
}

// reconciledJSON is the answer of ciao reconcile.
type reconciledJSON struct {
	environmentJSON
	// Reconciliation is what was compared; null where there is none yet.
	Reconciliation *ciao.Reconciliation `json:"reconciliation"`
	Complete       bool                 `json:"complete"` // everyone's answer counts
	Message        string               `json:"message,omitempty"`
}

// Run compares box, store and register over a period (this month unless given).
// The exit code is 1 where they do not agree, or where it cannot tell.
func (c *ciaoReconcileCmd) Run(r *run) error {
	days, err := c.days()
	if err != nil {
		return err
	}
	if c.Last && (days != app.Days{} || c.Worker != "") {
		return wrong("together", "A", "--last", "B", "--month/--from/--to/--worker")
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		if err := r.unlock(o, c.PassphraseFile); err != nil {
			return err
		}
		got, err := c.compared(r, o, days)
		if err != nil {
			return err
		}
		out := reconciledJSON{environmentJSON: environmentOf(o), Reconciliation: got}
		if got != nil {
			out.Complete, out.Message = got.Complete(), clean(wording.CannotTell(r.say, got.CannotTell))
			r.failed = !out.Complete || slices.ContainsFunc(got.Differences, func(d ciao.Difference) bool { return d.Step != ciao.StepNothing })
		}
		if r.json {
			return r.print(out)
		}
		r.sayReconciled(names, got)
		return nil
	})
}

func (c *ciaoReconcileCmd) compared(r *run, o *office.Office, days app.Days) (*ciao.Reconciliation, error) {
	if c.Last {
		return o.Reconciliation.LastReconciliation(r.ctx)
	}
	days = r.orThisMonth(days)
	if days.To == 0 {
		days.To = r.today()
	}
	if days.From == 0 {
		return nil, wrong("missingFlags", "Flag", "--from")
	}
	worker, err := r.workerNamed(o, c.Worker)
	if err != nil {
		return nil, err
	}
	m, show := r.progress(r.t("reconcile.progress"))
	defer m.end()
	return o.Reconciliation.Reconcile(r.ctx, days, worker, show)
}

func (r *run) sayReconciled(names *derived.Names, got *ciao.Reconciliation) {
	if got == nil {
		r.line(r.t("reconcile.none"))
		return
	}
	r.line(r.t("reconcile.when", "At", r.say.DateTime(got.At, app.Belgium()), "By", got.By, "Days", r.say.Days(got.Days)))
	if got.CannotTell != "" {
		r.line(wording.CannotTell(r.say, got.CannotTell))
	}
	asked, ours, theirs, byPhone := 0, 0, 0, 0
	unasked := newTable(r.t("reconcile.notAsked"), r.t("col.remark"))
	for _, p := range got.Persons {
		if !p.Asked {
			unasked.add(names.Worker(p.WorkerID), wording.CannotTell(r.say, p.Problem))
			continue
		}
		asked, ours, theirs, byPhone = asked+1, ours+p.Ours, theirs+p.Theirs, byPhone+p.ByPhone
	}
	r.line(
		r.t(
			"reconcile.persons",
			"Asked",
			r.say.Number(asked),
			"All",
			r.say.Number(len(got.Persons)),
			"Ours",
			r.say.Number(ours),
			"Theirs",
			r.say.Number(theirs),
		),
	)
	if byPhone > 0 {
		r.line(r.t("reconcile.byPhone", "Count", r.say.Number(byPhone)))
	}
	if len(unasked.rows) > 0 {
		r.line("")
		r.table(unasked)
	}
	if len(got.Differences) == 0 {
		if got.Complete() {
			r.line(r.t("reconcile.agree"))
		}
		return
	}
	r.line("")
	r.differenceTable(names, got.Differences)
}

func (r *run) differenceTable(names *derived.Names, list []ciao.Difference) {
	t := newTable(r.t("col.time"), r.t("col.worker"), r.t("col.site"), r.t("col.type"), r.t("reconcile.difference"), r.t("col.number"), r.t("col.remedy"))
	for i := range list {
		d := &list[i]
		where, number := names.Site(d.SiteID), ""
		if d.WorkerID == "" {
			where += " / " + names.Box(d.Box)
		}
		if d.RegisterID != 0 {
			number = strconv.FormatInt(d.RegisterID, 10)
		}
		at := ""
		if d.At != 0 {
			at = r.say.DateTimeSeconds(d.At, names.Zone(d.SiteID))
		}
		t.add(
			at,
			names.Worker(d.WorkerID),
			where,
			wording.RegistrationType(r.say, d.Type),
			wording.Difference(r.say, d),
			number,
			wording.DifferenceStep(r.say, d.Step),
		)
	}
	r.table(t)
}
