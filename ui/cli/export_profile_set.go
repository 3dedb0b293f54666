package cli

import (
	"cmp"
	"errors"
	"strings"

	"klokkast/app"
	"klokkast/app/export"
	"klokkast/app/office"
)

type exportProfileSetCmd struct {
	Name      string   `arg:"" help:"export_profile"`
	Like      string   `placeholder:"NAME" help:"export_like"`
	Rows      string   `placeholder:"day|presence|period" enum:",day,presence,period" default:"" help:"export_rows"`
	Columns   string   `placeholder:"LIST" help:"export_columns"`
	Delimiter string   `placeholder:"SIGN" help:"export_delimiter"`
	Decimal   string   `placeholder:"comma|point" enum:",comma,point" default:"" help:"export_decimal"`
	Dates     string   `placeholder:"DD/MM/YYYY" help:"export_dates"`
	Encoding  string   `placeholder:"utf-8|utf-8-bom|windows-1252" enum:",utf-8,utf-8-bom,windows-1252" default:"" help:"export_encoding"`
	Header    string   `placeholder:"yes|no" enum:",yes,no" default:"" help:"export_header"`
	EveryDay  string   `placeholder:"yes|no" enum:",yes,no" default:"" help:"export_every_day"`
	Code      []string `placeholder:"KIND=CODE" help:"export_code"`
	reason
}

// Run keeps a profile: a new one begins like --like (the preset days without
// it), one that is there changes where a flag says so.
func (c *exportProfileSetCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		p, err := c.start(r, o)
		if err != nil {
			return err
		}
		if err := c.apply(&p); err != nil {
			return err
		}
		if err := o.Exports.SaveExportProfile(r.ctx, p, c.Why); err != nil {
			return err
		}
		return r.changed(o, r.t("export.kept", "Name", p.Name), "profile", p.Name)
	})
}

// start returns the profile from which the flags go on.
func (c *exportProfileSetCmd) start(r *run, o *office.Office) (export.Profile, error) {
	p, err := o.Exports.ExportProfile(r.ctx, cmp.Or(c.Like, c.Name))
	var none *app.NotFoundError
	if errors.As(err, &none) && c.Like == "" {
		p, err = o.Exports.ExportProfile(r.ctx, export.Presets()[0].Name)
	}
	if err != nil {
		return p, err
	}
	if !strings.EqualFold(p.Name, c.Name) {
		p.Name = c.Name
	}
	return p, nil
}

// apply changes what flags are given for; SaveExportProfile checks the whole.
func (c *exportProfileSetCmd) apply(p *export.Profile) error {
	if c.Rows != "" {
		p.Rows = export.Rows(c.Rows)
	}
	if c.Columns != "" {
		p.Columns = export.ParseColumns(c.Columns)
	}
	if c.Delimiter != "" {
		p.Delimiter = delimiterOf(c.Delimiter)
	}
	p.Dates = cmp.Or(c.Dates, p.Dates)
	p.Encoding = cmp.Or(export.Encoding(c.Encoding), p.Encoding)
	for _, f := range []struct {
		said, yes string
		into      *bool
	}{{c.Decimal, "comma", &p.DecimalComma}, {c.Header, "yes", &p.Header}, {c.EveryDay, "yes", &p.EveryDay}} {
		if f.said != "" {
			*f.into = f.said == f.yes
		}
	}
	codes := map[app.AbsenceKind]string{}
	for kind, code := range p.Codes {
		codes[kind] = code
	}
	for _, pair := range c.Code {
		kind, code, ok := strings.Cut(pair, "=")
		if !ok {
			return &app.FieldError{Field: "codes", Code: "export.codes", Example: "holiday=100"}
		}
		if code == "" {
			delete(codes, app.AbsenceKind(kind))
			continue
		}
		codes[app.AbsenceKind(kind)] = code
	}
	p.Codes = codes
	return nil
}

// delimiterNames are words for signs that a shell takes for its own.
func delimiterNames() [][2]string {
	return [][2]string{{"semicolon", ";"}, {"comma", ","}, {"tab", "\t"}, {"pipe", "|"}}
}

func delimiterOf(s string) string {
	for _, n := range delimiterNames() {
		if n[0] == s {
			return n[1]
		}
	}
	return s
}

func delimiterName(s string) string {
	for _, n := range delimiterNames() {
		if n[1] == s {
			return n[0]
		}
	}
	return s
}
