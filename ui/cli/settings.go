package cli

import (
	"fmt"

	"klokkast/app"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/ui/wording"
)

type settingsShowCmd struct{}

// settingsJSON is the answer of settings show.
type settingsJSON struct {
	environmentJSON
	Language app.Language `json:"language"`
	Actor    string       `json:"actor"`
	// ClockChecked is when this computer's clock was last found right; left out: never.
	ClockChecked app.Instant `json:"clockChecked,omitzero"`
}

// Run shows the settings as they apply to this run.
func (c *settingsShowCmd) Run(r *run) error {
	return r.onExisting(func(o Office) error {
		s := o.Settings()
		if r.json {
			return r.print(settingsJSON{environmentOf(o), s.Language, s.Actor, s.Check.At})
		}
		t := newTable(r.t("col.what"), r.t("col.value"))
		t.add(r.t("settings.language"), wording.Language(s.Language))
		t.add(r.t("settings.actor"), s.Actor)
		t.add(r.t("settings.environment"), wording.Environment(r.say, s.Environment))
		t.add(r.t("settings.clock"), r.say.DateTime(s.Check.At, defaultZone()))
		r.table(t)
		return nil
	})
}

type settingsSetCmd struct {
	Name  string `arg:"" enum:"language,actor,environment" help:"setting_name"`
	Value string `arg:"" help:"setting_value"`
}

// Run changes one setting.
func (c *settingsSetCmd) Run(r *run) error {
	return r.withOffice(func(o Office) error {
		if err := c.set(r, o); err != nil {
			return err
		}
		return r.changed(o, r.t("settings.done", "Name", r.t("settings."+c.Name), "Value", c.Value), "setting", c.Name)
	})
}

func (c *settingsSetCmd) set(r *run, o Office) error {
	switch c.Name {
	case "language":
		l, err := app.ParseLanguage(c.Value)
		if err != nil {
			return wrong("oneOf", "Flag", "VALUE", "Likely", "nl, fr, de, en", "Got", c.Value)
		}
		return o.SetLanguage(r.ctx, l)
	case "environment":
		e, err := app.ParseEnvironment(c.Value)
		if err != nil {
			return wrong("oneOf", "Flag", "VALUE", "Likely", "production, nsso-simulation, local-simulator", "Got", c.Value)
		}
		if o.Demo() && e != app.LocalSimulator {
			return failure("settings.demo")
		}
		return o.ChangeSettings(r.ctx, func(s *office.Settings) { s.Environment = e })
	}
	return o.SetActor(r.ctx, c.Value)
}

type staffTemplateCmd struct{}

type siteTemplateCmd struct{}

// templateJSON is the answer of staff template and site template.
type templateJSON struct {
	Template string `json:"template"` // a CSV file: its headings and a made-up row
}

// Run prints an empty list of staff, to be filled in.
func (c *staffTemplateCmd) Run(r *run) error {
	return r.template(importing.StaffTemplate(r.say.Language()))
}

// Run prints an empty list of sites, to be filled in.
func (c *siteTemplateCmd) Run(r *run) error {
	return r.template(importing.SiteTemplate(r.say.Language()))
}

// template prints a file as it is: it is for a spreadsheet.
func (r *run) template(file []byte) error {
	if r.json {
		return r.print(templateJSON{string(file)})
	}
	if _, err := r.parts.Out.Write(file); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}
