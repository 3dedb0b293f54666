package cli

import (
	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/office"
	"klokkast/app/store"
	"klokkast/app/timesheet"
	"klokkast/ui/wording"
)

type verifyCmd struct {
	File string `arg:"" optional:"" placeholder:"FILE.pdf" help:"verify_file"`
	Code string `placeholder:"TEXT" help:"verify_code"`
}

// verifyJSON is the answer of verify.
type verifyJSON struct {
	environmentJSON
	OK       bool          `json:"ok"`
	Findings []findingJSON `json:"findings"`
}

type findingJSON struct {
	What    string `json:"what"`
	Target  string `json:"target"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Run checks the database, or compares a paper with it; what is wrong makes the exit code 1.
func (c *verifyCmd) Run(r *run) error {
	switch {
	case c.File != "" && c.Code != "":
		return wrong("together", "A", "FILE", "B", "--code")
	case c.File != "":
		return r.withNames(func(o *office.Office, names *derived.Names) error {
			check, err := o.Checks.VerifyPaperFile(r.ctx, c.File)
			if err != nil {
				return err
			}
			return r.paperChecks(o, names, check)
		})
	case c.Code != "":
		return r.withNames(func(o *office.Office, names *derived.Names) error {
			check, err := o.Checks.VerifyPaperCode(r.ctx, c.Code)
			if err != nil {
				return err
			}
			return r.paperChecks(o, names, &documents.FileCheck{Papers: []documents.PaperCheck{*check}})
		})
	}
	return r.onExisting(func(o *office.Office) error { return c.database(r, o) })
}

func (c *verifyCmd) database(r *run, o *office.Office) error {
	found, err := c.look(r, o)
	if err != nil {
		return err
	}
	r.failed = len(found) > 0
	if r.json {
		out := verifyJSON{environmentJSON: environmentOf(o), OK: len(found) == 0, Findings: []findingJSON{}}
		for _, f := range found {
			out.Findings = append(out.Findings, findingJSON{f.What, f.Target, f.Code, r.named("verify", f.Code)})
		}
		return r.print(out)
	}
	if len(found) == 0 {
		r.line(r.t("verify.fine"))
		return nil
	}
	t := newTable(r.t("col.what"), r.t("col.target"), r.t("col.why"))
	for _, f := range found {
		t.add(r.named("cli.verify.what", f.What), f.Target, r.named("verify", f.Code))
	}
	r.table(t)
	r.line("")
	r.line(r.n("verify.wrong", len(found)))
	return nil
}

// look checks the database, and shows how far it is; once all rows are through, that the file itself is not yet.
func (c *verifyCmd) look(r *run, o *office.Office) ([]store.Finding, error) {
	m, show := r.progress(r.t("verify.progress"))
	defer m.end()
	return o.Verify(r.ctx, func(far store.Checked) {
		if far.Done == far.Total {
			m.turn(r.t("verify.progressFile"))
			return
		}
		show(far.Done, far.Total)
	})
}

// verifyPaperJSON is the answer of verify FILE and verify --code.
type verifyPaperJSON struct {
	environmentJSON
	// OK says that the file is as it was written and every paper in it equals the data;
	// of a typed code, that the data equal what was printed with it.
	OK     bool                  `json:"ok"`
	File   documents.FileVerdict `json:"file,omitempty"` // left out where a code was typed
	Papers []paperCheckJSON      `json:"papers"`
}

type paperCheckJSON struct {
	Code         string                  `json:"code"`
	Kind         timesheet.PaperKind     `json:"kind"`
	Draft        bool                    `json:"draft"`
	Days         app.Days                `json:"days"`
	Version      int                     `json:"version"`
	Verdict      documents.PaperVerdict  `json:"verdict"`
	Message      string                  `json:"message"`
	WorkerID     app.ID                  `json:"workerId,omitempty"`
	Worker       string                  `json:"worker,omitempty"`
	EngagementID app.ID                  `json:"engagementId,omitempty"`
	PrintedAt    app.Instant             `json:"printedAt,omitzero"` // for the first time, as far as this database knows
	Original     bool                    `json:"original"`           // the paper itself was seen, as it was written
	Printed      *documents.PrintedPaper `json:"printed,omitempty"`  // what was printed with the code
	Withdrawn    bool                    `json:"withdrawn"`
	SubjectID    app.ID                  `json:"subjectId,omitempty"` // of the site or the team that the paper is of
	Subject      string                  `json:"subject,omitempty"`   // its name
	Differences  []timesheet.Difference  `json:"differences"`
	// Facts are what stands otherwise beside the days.
	Facts []timesheet.FactDifference `json:"facts"`
	Since []additionJSON             `json:"since"`
}

func (r *run) paperChecks(o *office.Office, names *derived.Names, check *documents.FileCheck) error {
	r.failed = check.File != "" && check.File != documents.FileOriginal
	out := verifyPaperJSON{environmentJSON: environmentOf(o), File: check.File, Papers: []paperCheckJSON{}}
	for i := range check.Papers {
		c := &check.Papers[i]
		r.failed = r.failed || c.Verdict != documents.PaperSame && c.Verdict != documents.PaperCompare
		out.Papers = append(out.Papers, r.paperCheckOf(names, c))
	}
	out.OK = !r.failed
	if r.json {
		return r.print(out)
	}
	if check.File != "" {
		r.line(wording.FileVerdict(r.say, check.File))
	}
	for i := range check.Papers {
		r.paperCheck(names, &check.Papers[i], &out.Papers[i])
	}
	return nil
}

func (r *run) paperCheckOf(names *derived.Names, c *documents.PaperCheck) paperCheckJSON {
	j := paperCheckJSON{Code: c.Code.String(), Kind: c.Code.Kind, Draft: c.Code.Draft, Days: c.Code.Days, Version: c.Code.Version,
		Verdict: c.Verdict, Message: wording.PaperVerdict(r.say, c), WorkerID: c.WorkerID, Worker: names.Worker(c.WorkerID),
		EngagementID: c.EngagementID, SubjectID: c.Subject, Subject: c.Name, Original: c.Original, Printed: c.Printed, Withdrawn: c.Withdrawn, Differences: list(c.Differences), Facts: list(c.Facts),
		Since: r.sinceOf(names, c)}
	if c.Paper != nil {
		j.PrintedAt = c.Paper.At
	}
	return j
}

func (r *run) paperCheck(names *derived.Names, c *documents.PaperCheck, j *paperCheckJSON) {
	r.line("")
	r.line(wording.Paper(r.say, names, c))
	r.line("  " + j.Message)
	if len(c.Facts) > 0 {
		t := newTable(r.t("col.what"), r.t("col.onPaper"), r.t("col.inData"))
		for _, f := range c.Facts {
			t.add(wording.PaperFact(r.say, f.Field), wording.PaperFactText(r.say, f.Field, f.Was), wording.PaperFactText(r.say, f.Field, f.Is))
		}
		r.table(t)
	}
	if len(c.Differences) > 0 {
		t := newTable(r.t("col.day"), r.t("col.worker"), r.t("col.onPaper"), r.t("col.inData"), r.t("col.difference"))
		for i := range c.Differences {
			d := &c.Differences[i]
			t.add(r.say.Date(d.Day), names.WorkerOf(d.EngagementID), wording.Printed(r.say, &d.Was), wording.Printed(r.say, &d.Is), r.signed(int(d.Hours())))
		}
		r.table(t)
	}
	for _, line := range wording.PrintedPaper(r.say, names, c) {
		r.line("  " + line)
	}
	if len(j.Since) > 0 {
		r.line("")
		r.line(r.t("verify.since"))
		r.additionTable(j.Since)
	}
}

// sinceOf returns what came to light later, of whomever it is.
func (r *run) sinceOf(names *derived.Names, c *documents.PaperCheck) []additionJSON {
	out := []additionJSON{}
	for i := range c.Since {
		worker := names.Engagements[c.Since[i].EngagementID].WorkerID
		out = append(out, r.additionsOf(names, worker, names.Worker(worker), c.Since[i:i+1])...)
	}
	return out
}
