package kit

import (
	"klokkast/app"
	"klokkast/ui/wording"
)

// LanguageOptions lists the languages of the program, each by its own name.
func LanguageOptions() []Option {
	var os []Option
	for _, l := range app.Languages {
		os = append(os, Option{string(l), wording.Language(l)})
	}
	return os
}

// EmployerRow is an employer in a list, in formatted texts. Key is its id, Since
// from when its punches go to the register.
type EmployerRow struct {
	Key, Name, Kind, Number, Since string
	Employer                       app.Employer
}

// EmployerRows formats employers for a list.
func EmployerRows(h *Host, list []app.Employer) []EmployerRow {
	var rows []EmployerRow
	for _, e := range list {
		r := EmployerRow{Key: string(e.ID), Name: e.Name, Kind: wording.Employer(h.Texts, e.Kind),
			Number: DottedEnterprise(e.Enterprise), Employer: e, Since: h.Texts.T("window.ciao.notYet")}
		if e.Enterprise == "" {
			r.Number = e.ForeignVAT
		}
		if e.RegistersSince != 0 {
			r.Since = h.Texts.DateTime(e.RegistersSince, h.Zone)
		}
		rows = append(rows, r)
	}
	return rows
}

// DottedEnterprise writes an enterprise number as people do: 0123.456.749.
func DottedEnterprise(n string) string {
	if len(n) != 10 {
		return n
	}
	return n[:4] + "." + n[4:7] + "." + n[7:]
}
