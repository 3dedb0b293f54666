package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/ciao"
	"klokkast/app/importing"
	"klokkast/app/office"
	"klokkast/app/workspace"
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
	// ExtraHoliday is the day of every year, MM-DD, that counts as a holiday.
	ExtraHoliday    string         `json:"extraHoliday,omitempty"`
	ReplacementDays []app.Date     `json:"replacementDays"`
	Letterhead      app.Letterhead `json:"letterhead,omitzero"`     // at the head of papers
	OwnThresholds   app.Thresholds `json:"ownThresholds,omitempty"` // by name, in its unit
	// Register holds the settings register.NAME as they are typed; left out where the default holds.
	Register map[workspace.RegisterSetting]string `json:"register"`
	// CARoot is the additional trusted root, where one is set.
	CARoot *rootJSON `json:"caRoot,omitempty"`
}

// rootJSON names a trusted root certificate.
type rootJSON struct {
	Subject     string `json:"subject"`
	Fingerprint string `json:"fingerprint"` // SHA-256, hex
}

func registerSettingsOf(s workspace.RegisterSettings) (map[workspace.RegisterSetting]string, *rootJSON) {
	values := map[workspace.RegisterSetting]string{}
	for _, name := range workspace.RegisterSettingNames {
		if v := s.Value(name); v != "" {
			values[name] = v
		}
	}
	if s.Root == nil {
		return values, nil
	}
	return values, &rootJSON{s.Root.Subject, s.Root.Fingerprint}
}

// Run shows the settings as they apply to this run.
func (c *settingsShowCmd) Run(r *run) error {
	return r.onExisting(func(o *office.Office) error {
		s := o.Settings()
		if r.json {
			values, root := registerSettingsOf(s.Register)
			return r.print(
				settingsJSON{environmentOf(o), s.Language, s.Actor, s.Check.At, s.ExtraHoliday, list(s.Replacements), s.Letterhead, s.Company, values, root},
			)
		}
		t := newTable(r.t("col.what"), r.t("col.value"))
		t.add(r.t("settings.language"), wording.Language(s.Language))
		t.add(r.t("settings.actor"), s.Actor)
		t.add(r.t("settings.environment"), wording.Environment(r.say, s.Environment))
		t.add(r.t("settings.clock"), r.say.DateTime(s.Check.At, app.Belgium()))
		t.add(r.t("settings.letterhead"), cmp.Or(strings.Join(append([]string{s.Letterhead.Name}, s.Letterhead.Lines...), "; "), r.t("settings.none")))
		t.add(r.t("settings.extra-holiday"), cmp.Or(r.yearly(s.ExtraHoliday), r.t("settings.none")))
		t.add(r.t("settings.replacement-days"), cmp.Or(r.days(s.Replacements), r.t("settings.none")))
		r.addRegisterSettings(t, s.Register)
		for _, d := range attendance.Defaults() {
			if v, ok := s.Company[d.Name]; ok {
				t.add(wording.Threshold(r.say, d.Name), wording.Limit(r.say, d.Unit, v))
			}
		}
		r.table(t)
		return nil
	})
}

func (r *run) addRegisterSettings(t *table, s workspace.RegisterSettings) {
	for _, name := range workspace.RegisterSettingNames {
		if v := s.Value(name); v != "" {
			t.add(r.say.T("sending.setting."+string(name)), wording.RegisterSetting(r.say, name, v))
		}
	}
	if s.Root != nil {
		t.add(r.say.T("sending.root"), s.Root.Subject+" (SHA-256 "+s.Root.Fingerprint+")")
	}
}

// yearly writes MM-DD as a day and a month.
func (r *run) yearly(monthDay string) string {
	d, err := app.ParseDate("2024-" + monthDay)
	if err != nil {
		return ""
	}
	_, month, day := d.YMD()
	return strconv.Itoa(day) + " " + r.say.MonthName(month)
}

func (r *run) days(list []app.Date) string {
	var texts []string
	for _, d := range list {
		texts = append(texts, r.say.Date(d))
	}
	return strings.Join(texts, ", ")
}

type settingsSetCmd struct {
	Name  string `arg:"" help:"setting_name"`
	Value string `arg:"" optional:"" help:"setting_value"`
	Why   string `placeholder:"TEXT" help:"why"`
	Yes   bool   `name:"yes" short:"y" help:"send_yes"`
}

// registerSetting begins the names of the settings of the register.
const registerSetting = "register."

// Run changes one setting: NAME VALUE, or NAME=VALUE.
func (c *settingsSetCmd) Run(r *run) error {
	name, value, ok := strings.Cut(c.Name, "=")
	if ok && c.Value == "" {
		c.Name, c.Value = name, value
	}
	if c.Value == "" {
		return wrong("settingValue", "Name", c.Name)
	}
	return r.withOffice(func(o *office.Office) error {
		if c.Name == registerSetting+string(workspace.SetMode) {
			if ok, err := r.maySwitchOn(o, ciao.Mode(c.Value), c.Yes); err != nil || !ok {
				return err
			}
		}
		said, err := c.set(r, o)
		if err != nil {
			return err
		}
		return r.changed(o, said, "setting", c.Name)
	})
}

// set changes the setting and says what it is now.
func (c *settingsSetCmd) set(r *run, o *office.Office) (said string, err error) {
	if t, ok := strings.CutPrefix(c.Name, thresholdSetting); ok {
		return r.setThreshold(o, t, c.Value)
	}
	if name, ok := strings.CutPrefix(c.Name, registerSetting); ok {
		return c.setRegister(r, o, workspace.RegisterSetting(name))
	}
	if name, ok := strings.CutPrefix(c.Name, letterheadSetting); ok {
		return c.setLetterhead(r, o, name)
	}
	switch c.Name {
	case "language":
		err = c.setLanguage(r, o)
	case "environment":
		err = c.setEnvironment(r, o)
	case "actor":
		err = o.SetActor(r.ctx, c.Value)
	case "extra-holiday":
		err = o.SetHolidays(r.ctx, none(c.Value), o.Settings().Replacements, "")
	case "replacement-days":
		err = c.setReplacements(r, o)
	default:
		return "", wrong("setting", "Got", c.Name)
	}
	return r.t("settings.done", "Name", r.t("settings."+c.Name), "Value", c.Value), err
}

// letterheadSetting begins the names of settings about the head of papers.
const letterheadSetting = "letterhead."

// setLetterhead changes a part of what stands at the head of papers.
func (c *settingsSetCmd) setLetterhead(r *run, o *office.Office, part string) (said string, err error) {
	l := o.Settings().Letterhead
	switch part {
	case "name":
		l.Name = none(c.Value)
	case "lines":
		l.Lines = strings.Split(none(c.Value), ";")
	case "enterprise":
		l.Enterprise = none(c.Value)
	case "logo":
		return r.t("settings.done", "Name", r.t("settings.letterhead"), "Value", c.Value), o.SetLogo(r.ctx, none(c.Value), "")
	default:
		return "", wrong("setting", "Got", c.Name)
	}
	return r.t("settings.done", "Name", r.t("settings.letterhead"), "Value", c.Value), o.SetLetterhead(r.ctx, l, nil, "")
}

func (c *settingsSetCmd) setLanguage(r *run, o *office.Office) error {
	l, err := app.ParseLanguage(c.Value)
	if err != nil {
		return wrong("oneOf", "Flag", "VALUE", "Likely", "nl, fr, de, en", "Got", c.Value)
	}
	return o.SetLanguage(r.ctx, l)
}

func (c *settingsSetCmd) setEnvironment(r *run, o *office.Office) error {
	e, err := app.ParseEnvironment(c.Value)
	if err != nil {
		return wrong("oneOf", "Flag", "VALUE", "Likely", "production, nsso-simulation, local-simulator", "Got", c.Value)
	}
	if o.Demo() && e != app.LocalSimulator {
		return failure("settings.demo")
	}
	return o.ChangeSettings(r.ctx, func(s *workspace.Settings) { s.Environment = e })
}

// setRegister changes how the register is reached; none and default take a setting back.
func (c *settingsSetCmd) setRegister(r *run, o *office.Office, name workspace.RegisterSetting) (string, error) {
	if !slices.Contains(workspace.RegisterSettingNames[:], name) {
		return "", wrong("setting", "Got", c.Name)
	}
	value := c.Value
	if strings.EqualFold(value, "default") || name != workspace.SetProxy && strings.EqualFold(value, "none") {
		value = ""
	}
	err := o.Connection.SetRegister(r.ctx, map[workspace.RegisterSetting]string{name: value}, c.Why)
	return r.t("settings.done", "Name", r.say.T("sending.setting."+string(name)), "Value", c.Value), err
}

// setReplacements replaces the whole list of days.
func (c *settingsSetCmd) setReplacements(r *run, o *office.Office) error {
	var days []app.Date
	for _, part := range strings.FieldsFunc(none(c.Value), func(r rune) bool { return r == ',' || r == ' ' }) {
		d, err := app.ParseDate(part)
		if err != nil {
			return &app.FieldError{Field: "replacements", Code: "replacements.format", Example: "2026-11-02"}
		}
		days = append(days, d)
	}
	return o.SetHolidays(r.ctx, o.Settings().ExtraHoliday, days, "")
}

// none returns "" for the word that empties a setting.
func none(value string) string {
	if strings.EqualFold(value, "none") {
		return ""
	}
	return value
}

type staffTemplateCmd struct{}

type siteTemplateCmd struct{}

type absenceTemplateCmd struct{}

type declarationTemplateCmd struct{}

// templateJSON is the answer of staff template, site template, absence template and declaration template.
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

// Run prints an empty list of absences, to be filled in.
func (c *absenceTemplateCmd) Run(r *run) error {
	return r.template(importing.AbsenceTemplate(r.say.Language()))
}

// Run prints an empty list of declarations of works, to be filled in.
func (c *declarationTemplateCmd) Run(r *run) error {
	return r.template(importing.DeclarationTemplate(r.say.Language()))
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
