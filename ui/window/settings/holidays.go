package settings

import (
	"context"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/office"
	"klokkast/ui/window/field"
	"klokkast/ui/window/kit"
)

// AskHolidays asks for the one day of every year and for the replacement days.
func AskHolidays(h *kit.Host, desk *office.Office) {
	t, s := h.Texts, desk.Settings()
	f := h.NewForm()
	f.Note(t.T("window.holidays.help"))
	extra := f.Text(t.T("window.holidays.extra"), dayOfYear(s.ExtraHoliday), "extraHoliday")
	extra.PlaceHolder = t.T("window.field.hint", "Example", "11/07")
	f.Row("extraHoliday").Check = func() error { _, err := parseDayOfYear(extra.Text); return err }
	var days []string
	for _, d := range s.Replacements {
		days = append(days, t.Date(d))
	}
	list := f.Lines(t.T("window.holidays.replacements"), strings.Join(days, "\n"), "replacements")
	parse := func() ([]app.Date, error) { return parseDays(list.Text, t.Date(app.NewDate(2026, time.November, 2))) }
	f.Row("replacements").Check = func() error { _, err := parse(); return err }
	why := f.Text(t.T("window.field.why"), "", "why")
	f.Show(t.T("window.holidays.title"), t.T("window.save"), func() func(context.Context) error {
		day, replacing, reason := kit.Must(parseDayOfYear(extra.Text)), kit.Must(parse()), why.Text
		return func(ctx context.Context) error { return desk.SetHolidays(ctx, day, replacing, reason) }
	}, nil)
}

// leapYear is a year that has all days.
const leapYear = 2024

// dayOfYear writes MM-DD as people do in Belgium: 11/07.
func dayOfYear(monthDay string) string {
	month, day, ok := strings.Cut(monthDay, "-")
	if !ok {
		return ""
	}
	return day + "/" + month
}

// parseDayOfYear reads 11/7 or 11.07. as MM-DD; "" for none.
func parseDayOfYear(text string) (string, error) {
	d, err := field.ParseDate(text, app.NewDate(leapYear, time.January, 1))
	if err != nil || d == 0 {
		return "", err
	}
	return d.UTC().Format("01-02"), nil
}

// parseDays reads days, one a line or parted by commas, in either way of writing.
func parseDays(text, example string) ([]app.Date, error) {
	var days []app.Date
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ';' || r == ' ' }) {
		d, err := field.ParseDate(part, 0)
		if err != nil || d == 0 {
			return nil, &app.FieldError{Field: "replacements", Code: "replacements.format", Example: example}
		}
		days = append(days, d)
	}
	return days, nil
}
