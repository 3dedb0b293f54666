package app

import (
	"math"
	"strconv"
	"strings"
)

// WeeklyHours is how long someone is engaged to work a week, in minutes; 0 is not said.
type WeeklyHours int

// hoursOfAWeek is all of it.
const hoursOfAWeek = 7 * 24

// ParseWeeklyHours reads hours with a comma or a point, or hours and two digits of minutes: 38, 38,5, 38.5, 38:30; "" is
// not said. After a colon 38:5 is refused: it may mean five minutes, fifty or half an hour.
func ParseWeeklyHours(s string) (WeeklyHours, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, nil
	}
	hours, minutes, colon := strings.Cut(s, ":")
	signs := "0123456789"
	if !colon {
		hours, signs = strings.Replace(hours, ",", ".", 1), signs+"."
	}
	h, err := strconv.ParseFloat(hours, 64)
	if err != nil || strings.Trim(hours, signs) != "" || h > hoursOfAWeek {
		return 0, notWeeklyHours()
	}
	if !colon {
		return WeeklyHours(math.Round(h * 60)), nil
	}
	m, err := strconv.ParseUint(minutes, 10, 8)
	if err != nil || m > 59 || len(minutes) != 2 {
		return 0, &FieldError{Field: "weeklyHours", Code: "weeklyHours.minutes", Example: "38:30"}
	}
	sum := WeeklyHours(h)*60 + WeeklyHours(m)
	return sum, sum.Check()
}

// Check refuses what no week has.
func (w WeeklyHours) Check() error {
	if w < 0 || w > hoursOfAWeek*60 {
		return notWeeklyHours()
	}
	return nil
}

func notWeeklyHours() error {
	return &FieldError{Field: "weeklyHours", Code: "weeklyHours.range", Example: "38"}
}
