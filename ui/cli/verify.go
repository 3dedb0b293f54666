package cli

type verifyCmd struct{}

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

// Run checks the database; what it finds makes the exit code 1.
func (c *verifyCmd) Run(r *run) error {
	return r.onExisting(func(o Office) error {
		found, err := o.Verify(r.ctx)
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
	})
}
