package cli

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/dossier"
	"klokkast/app/office"
	"klokkast/app/sending"
	"klokkast/ui/wording"
)

// dossierCmds are the commands about correction dossiers.
type dossierCmds struct {
	List   dossierListCmd   `cmd:"" default:"withargs" help:"dossier_list"`
	Show   dossierShowCmd   `cmd:"" help:"dossier_show"`
	Make   dossierMakeCmd   `cmd:"" help:"dossier_make"`
	Print  dossierPrintCmd  `cmd:"" help:"dossier_print"`
	HandIn dossierHandInCmd `cmd:"" help:"dossier_hand_in"`
	Answer dossierAnswerCmd `cmd:"" help:"dossier_answer"`
	Drop   dossierDropCmd   `cmd:"" help:"dossier_drop"`
}

type dossierListCmd struct {
	Open   bool   `help:"dossier_open"`
	Worker string `placeholder:"NAME" help:"worker"`
}

// dossiersJSON is the answer of dossier list.
type dossiersJSON struct {
	environmentJSON
	Dossiers []dossierJSON `json:"dossiers"`
}

type dossierJSON struct {
	app.Dossier
	ID       app.ID           `json:"id,omitempty"` // "" a proposal
	Key      string           `json:"key"`          // dossier make takes it
	State    app.DossierState `json:"state"`        // or proposed
	Deadline dossier.Deadline `json:"deadline"`
	Stands   bool             `json:"stands"` // it is still so
	Worker   string           `json:"worker,omitempty"`
	Site     string           `json:"site,omitempty"`
	Message  string           `json:"message"`
}

// stateProposed is the state of a dossier that nobody made yet.
const stateProposed app.DossierState = "proposed"

func (r *run) dossierOf(names *derived.Names, row *sending.DossierRow) dossierJSON {
	c := &row.Dossier.Correction
	out := dossierJSON{
		Dossier: row.Dossier, ID: row.Dossier.ID, Key: c.Key(), State: row.Dossier.State(), Deadline: row.Deadline, Stands: row.Stands,
		Worker: names.Worker(c.WorkerID), Site: names.Site(c.SiteID), Message: wording.Correction(r.say, c),
	}
	if row.Proposed() {
		out.State = stateProposed
	}
	out.Steps = list(out.Steps)
	return out
}

// Run lists dossiers and proposals, the most urgent first.
func (c *dossierListCmd) Run(r *run) error {
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		worker, err := r.workerNamed(o, c.Worker)
		if err != nil {
			return err
		}
		rows, err := o.Dossiers.Rows(r.ctx)
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(rows, func(d sending.DossierRow) bool {
			return c.Open && !d.Dossier.Open() || worker != "" && d.Dossier.Correction.WorkerID != worker
		})
		if r.json {
			out := dossiersJSON{environmentOf(o), []dossierJSON{}}
			for i := range rows {
				out.Dossiers = append(out.Dossiers, r.dossierOf(names, &rows[i]))
			}
			return r.print(out)
		}
		r.dossierTable(names, rows)
		return nil
	})
}

func (r *run) dossierTable(names *derived.Names, rows []sending.DossierRow) {
	if len(rows) == 0 {
		r.line(r.t("dossier.none"))
		return
	}
	t := newTable(r.t("col.day"), r.t("col.worker"), r.t("col.site"), r.t("col.cause"), r.t("col.state"), r.t("col.term"), r.t("col.key"))
	for i := range rows {
		d := &rows[i].Dossier
		term, key, state := "", string(d.ID), wording.Dossier(r.say, d)
		if d.Open() {
			term = wording.Countdown(r.say, rows[i].Deadline)
		}
		if key == "" {
			key = d.Correction.Key()
		}
		if !rows[i].Stands {
			state += " (" + r.t("dossier.gone") + ")"
		}
		t.add(
			r.say.Date(d.Correction.Day),
			names.Worker(d.Correction.WorkerID),
			names.Site(d.Correction.SiteID),
			wording.Correction(r.say, &d.Correction),
			state,
			term,
			key,
		)
	}
	r.table(t)
}

type dossierShowCmd struct {
	ID string `arg:"" help:"dossier_id"`
}

// bundleJSON is the answer of dossier show.
type bundleJSON struct {
	environmentJSON
	Bundle *dossier.Bundle `json:"bundle"`
	Letter dossier.Letter  `json:"letter"`
}

// Run shows a dossier with its evidence, and the letter in words.
func (c *dossierShowCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		b, err := o.Dossiers.DossierBundle(r.ctx, app.ID(c.ID), r.flags.Reveal)
		if err != nil {
			return err
		}
		letter := dossier.LetterOf(r.say, b)
		if r.json {
			return r.print(bundleJSON{environmentOf(o), b, letter})
		}
		r.sayLetter(letter)
		r.evidenceOf(b)
		return nil
	})
}

func (r *run) sayLetter(l dossier.Letter) {
	r.line(l.Subject)
	r.line("")
	r.lines(l.Ask)
	for _, part := range []struct {
		title string
		lines []string
	}{{l.HasTitle, l.Has}, {l.WantsTitle, l.Wants}} {
		if len(part.lines) > 0 {
			r.line("")
			r.line(part.title + ":")
			r.lines(part.lines)
		}
	}
	r.line("")
}

func (r *run) evidenceOf(b *dossier.Bundle) {
	if len(b.Evidence) == 0 {
		return
	}
	t := newTable(r.t("dossier.evidence"), r.t("col.time"), r.t("dossier.raw"), r.t("col.offset"), r.t("col.holder"), r.t("col.chain"))
	for i := range b.Evidence {
		e := &b.Evidence[i]
		offset, holder, chain := r.t("dossier.noOffset"), "", ""
		if e.Clock.Known {
			offset = wording.ClockShift(r.say, e.Clock.Offset()) + " " + wording.Doubt(r.say, e.Clock.Uncertainty())
		}
		if e.Held != nil {
			holder = e.Held.Holder
		}
		if e.Chain != nil {
			chain = r.t("dossier.unproven")
			if e.Chain.Proven {
				chain = r.t("dossier.proven", "Seq", e.Chain.PointSeq)
			}
		}
		box, raw := e.BoxLabel, e.Raw
		if e.Key.ByRegister() {
			box, raw = r.say.T("word.byPhone"), strconv.FormatUint(e.Key.Seq, 10)
		}
		t.add(box, r.say.DateTimeSeconds(e.At, app.Belgium()), raw, offset, holder, chain)
	}
	r.table(t)
}

type dossierMakeCmd struct {
	Keys []string `arg:"" optional:"" help:"dossier_key"`
	All  bool     `help:"dossier_all"`
	reason
}

// Run makes dossiers of proposals.
func (c *dossierMakeCmd) Run(r *run) error {
	if c.All == (len(c.Keys) > 0) {
		return wrong("missingFlags", "Flag", "KEY…, --all")
	}
	return r.onExisting(func(o *office.Office) error {
		keys := c.Keys
		if c.All {
			rows, err := o.Dossiers.Rows(r.ctx)
			if err != nil {
				return err
			}
			for i := range rows {
				if rows[i].Proposed() {
					keys = append(keys, rows[i].Dossier.Correction.Key())
				}
			}
		}
		made, err := o.Dossiers.MakeDossiers(r.ctx, keys, c.Why)
		if err != nil {
			return err
		}
		ids := make([]string, len(made))
		for i := range made {
			ids[i] = string(made[i].ID)
		}
		return r.changed(o, r.t("dossier.made", "Count", r.say.Number(len(made))), "dossier", ids...)
	})
}

type dossierPrintCmd struct {
	IDs  []string `arg:"" optional:"" name:"id" help:"dossier_id"`
	Open bool     `help:"dossier_print_open"`
	Out  string   `required:"" placeholder:"FILE" help:"paper_out"`
	replacing
}

// dossierPapersJSON is the answer of dossier print.
type dossierPapersJSON struct {
	environmentJSON
	Printed []dossierPaperJSON `json:"printed"`
}

type dossierPaperJSON struct {
	DossierID app.ID `json:"dossierId"`
	File      string `json:"file"`
}

// Run prints dossiers: one into a file, several into a folder.
func (c *dossierPrintCmd) Run(r *run) error {
	if c.Open == (len(c.IDs) > 0) {
		return wrong("missingFlags", "Flag", "ID…, --open")
	}
	return r.onExisting(func(o *office.Office) error {
		ids, err := c.ids(r, o)
		if err != nil {
			return err
		}
		if len(ids) > 1 && strings.EqualFold(filepath.Ext(c.Out), ".pdf") {
			return wrong("folderNeeded", "Flag", "--out", "Value", c.Out)
		}
		out := dossierPapersJSON{environmentOf(o), []dossierPaperJSON{}}
		files, err := o.Papers.WriteDossiers(r.ctx, ids, r.paper(c.Out, c.replacing))
		if err != nil {
			return err
		}
		for i, file := range files {
			out.Printed = append(out.Printed, dossierPaperJSON{ids[i], file})
		}
		if r.json {
			return r.print(out)
		}
		for _, p := range out.Printed {
			r.line(r.t("paper.written", "File", p.File))
		}
		if len(ids) == 0 {
			r.line(r.t("dossier.none"))
		}
		return nil
	})
}

// ids returns the dossiers that are meant; proposals are none yet.
func (c *dossierPrintCmd) ids(r *run, o *office.Office) ([]app.ID, error) {
	ids := make([]app.ID, 0, len(c.IDs))
	for _, id := range c.IDs {
		ids = append(ids, app.ID(id))
	}
	if !c.Open {
		return ids, nil
	}
	rows, err := o.Dossiers.Rows(r.ctx)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if d := &rows[i].Dossier; d.ID != "" && d.Open() {
			ids = append(ids, d.ID)
		}
	}
	return ids, nil
}

type dossierHandInCmd struct {
	ID        string `arg:"" help:"dossier_id"`
	On        string `placeholder:"2026-11-25" help:"dossier_on"`
	Reference string `placeholder:"TEXT" help:"dossier_reference"`
	Note      string `placeholder:"TEXT" help:"dossier_note"`
}

// Run notes that a dossier was handed in.
func (c *dossierHandInCmd) Run(r *run) error {
	return r.stepDossier(c.ID, c.On, func(o *office.Office, id app.ID, day app.Date) error {
		return o.Dossiers.HandInDossier(r.ctx, id, day, c.Reference, c.Note)
	})
}

type dossierAnswerCmd struct {
	ID   string `arg:"" help:"dossier_id"`
	As   string `placeholder:"corrected|partly|rejected" enum:"corrected,partly,rejected" required:"" help:"dossier_as"`
	On   string `placeholder:"2026-11-30" help:"dossier_on"`
	Note string `placeholder:"TEXT" help:"dossier_note"`
}

// Run notes what the NSSO answered.
func (c *dossierAnswerCmd) Run(r *run) error {
	return r.stepDossier(c.ID, c.On, func(o *office.Office, id app.ID, day app.Date) error {
		return o.Dossiers.AnswerDossier(r.ctx, id, day, app.DossierOutcome(c.As), c.Note)
	})
}

type dossierDropCmd struct {
	ID  string `arg:"" help:"dossier_id"`
	Why string `placeholder:"TEXT" required:"" help:"why"`
}

// Run notes that a dossier is not needed after all.
func (c *dossierDropCmd) Run(r *run) error {
	return r.stepDossier(c.ID, "", func(o *office.Office, id app.ID, _ app.Date) error { return o.Dossiers.DropDossier(r.ctx, id, c.Why) })
}

// stepDossier takes a step and says where the dossier stands then.
func (r *run) stepDossier(id, on string, step func(*office.Office, app.ID, app.Date) error) error {
	day, err := parseDate("--on", on)
	if err != nil {
		return err
	}
	return r.withNames(func(o *office.Office, names *derived.Names) error {
		if err := step(o, app.ID(id), day); err != nil {
			return err
		}
		rows, err := o.Dossiers.Rows(r.ctx)
		if err != nil {
			return err
		}
		for i := range rows {
			if d := &rows[i].Dossier; d.ID == app.ID(id) {
				c := &d.Correction
				return r.changed(o, r.t("dossier.stepped", "Worker", names.Worker(c.WorkerID), "Day", c.Day, "State", wording.Dossier(r.say, d)), "dossier", id)
			}
		}
		return nil
	})
}
