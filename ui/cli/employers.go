package cli

import (
	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

// employerFlags are what an employer is entered by.
type employerFlags struct {
	Name       *string `placeholder:"NAME" help:"employer_name"`
	Kind       *string `placeholder:"own|subcontractor|agency" enum:"own,subcontractor,agency" help:"employer_kind"`
	Enterprise *string `placeholder:"NUMBER" help:"enterprise"`
	ForeignVAT *string `name:"foreign-vat" placeholder:"NUMBER" help:"foreign_vat"`
	reason
}

func (c *employerFlags) save(r *run, o *office.Office, e app.Employer) error {
	set(&e.Name, c.Name)
	set(&e.Kind, c.Kind)
	set(&e.Enterprise, c.Enterprise)
	set(&e.ForeignVAT, c.ForeignVAT)
	e, err := o.Staff.SaveEmployer(r.ctx, e, c.Why)
	if err != nil {
		return err
	}
	return r.kept(o, "employer", e.Name, e.ID)
}

type employerAddCmd struct{ employerFlags }

// Run enters an employer.
func (c *employerAddCmd) Run(r *run) error {
	return r.withOffice(func(o *office.Office) error { return c.save(r, o, app.Employer{}) })
}

type employerChangeCmd struct {
	Employer string `arg:"" help:"since_employer"`
	employerFlags
}

// Run changes what flags are given for.
func (c *employerChangeCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		e, err := r.employer(o, c.Employer)
		if err != nil {
			return err
		}
		return c.save(r, o, e)
	})
}

type employerListCmd struct{}

// employersJSON is the answer of employer list.
type employersJSON struct {
	environmentJSON
	Employers []app.Employer `json:"employers"`
}

// Run lists the employers.
func (c *employerListCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		all, err := o.Staff.Employers(r.ctx)
		if err != nil {
			return err
		}
		if r.json {
			return r.print(employersJSON{environmentOf(o), list(all)})
		}
		t := newTable(r.t("col.employer"), r.t("col.type"), r.t("col.number"), r.t("col.registers"))
		for _, e := range all {
			t.add(e.Name, wording.Employer(r.say, e.Kind), e.Enterprise+e.ForeignVAT, r.say.DateTime(e.RegistersSince, app.Belgium()))
		}
		r.table(t)
		return nil
	})
}
