package kit

import (
	"strings"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/ui/window/field"
)

// HoursEntry adds an entry for hours, such as 06:00–10:00, 6-10 or 22u-6u30.
func (f *Form) HoursEntry(label string, value app.Hours, needed bool) *field.Entry {
	e := f.Text(label, value.String(), "hours")
	e.PlaceHolder = f.Host.Texts.T("window.field.hint", "Example", "06:00–10:00")
	f.Row("hours").Check = func() error {
		h, err := ParseShiftHours(e.Text)
		if err == nil && needed && h.IsZero() {
			err = &app.FieldError{Field: "hours", Code: "hours.none", Example: "06:00–10:00"}
		}
		return err
	}
	return e
}

// ParseShiftHours reads two times of day with a dash between; "" is none.
func ParseShiftHours(typed string) (app.Hours, error) {
	if strings.TrimSpace(typed) == "" {
		return app.Hours{}, nil
	}
	from, to, ok := strings.Cut(strings.ReplaceAll(typed, "–", "-"), "-")
	a, err := field.ParseTime(from)
	b, err2 := field.ParseTime(strings.Replace(strings.TrimSpace(to), "24:00", "00:00", 1))
	if !ok || err != nil || err2 != nil || a == b {
		return app.Hours{}, &app.FieldError{Field: "hours", Code: "hours.none", Example: "06:00–10:00"}
	}
	return app.Hours{From: app.TimeOfDay(a), To: app.TimeOfDay(b)}, nil
}

// WeekdayTicks adds one tick for each day of the week.
func (f *Form) WeekdayTicks(label string, on app.Weekdays) func() app.Weekdays {
	row := container.NewHBox()
	var ticks []*widget.Check
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		c := widget.NewCheck(f.Host.Texts.WeekdayShort(day), nil)
		c.SetChecked(on.Has(day))
		ticks = append(ticks, c)
		row.Add(c)
	}
	f.Add(label, row, "weekdays")
	return func() (w app.Weekdays) {
		for i, c := range ticks {
			if c.Checked {
				w |= app.WeekdaysOf(time.Weekday((i + 1) % 7))
			}
		}
		return w
	}
}
