// Package apptest holds what people type and what it means, for the tests of
// every door by which it comes in: a file, the window, a command.
package apptest

// WeeklyHours is what someone types as the hours of a week.
type WeeklyHours struct {
	Typed   string
	Minutes int
	Code    string // of the refusal; "" for what is taken
}

// EveryWeeklyHours are such hours, right and wrong.
func EveryWeeklyHours() []WeeklyHours {
	return []WeeklyHours{
		{Typed: "38", Minutes: 38 * 60},
		{Typed: "38:30", Minutes: 38*60 + 30},
		{Typed: "38:05", Minutes: 38*60 + 5},
		{Typed: "38,5", Minutes: 38*60 + 30},
		{Typed: "38.5", Minutes: 38*60 + 30},
		{Typed: "30,4", Minutes: 30*60 + 24},
		{Typed: "19:30", Minutes: 19*60 + 30},
		{Typed: "7", Minutes: 7 * 60},
		{Typed: "168", Minutes: 168 * 60},
		{Typed: "38:5", Code: "weeklyHours.minutes"},
		{Typed: "38:", Code: "weeklyHours.minutes"},
		{Typed: "38:60", Code: "weeklyHours.minutes"},
		{Typed: "38:300", Code: "weeklyHours.minutes"},
		{Typed: "38:-5", Code: "weeklyHours.minutes"},
		{Typed: "169", Code: "weeklyHours.range"},
		{Typed: "168:01", Code: "weeklyHours.range"},
		{Typed: "168.5", Code: "weeklyHours.range"},
		{Typed: "99999999999999999999", Code: "weeklyHours.range"},
		{Typed: "-1", Code: "weeklyHours.range"},
		{Typed: "+38", Code: "weeklyHours.range"},
		{Typed: "+38:30", Code: "weeklyHours.range"},
		{Typed: "3.8.5", Code: "weeklyHours.range"},
		{Typed: "38,5:30", Code: "weeklyHours.range"},
		{Typed: "38.5:30", Code: "weeklyHours.range"},
		{Typed: ":30", Code: "weeklyHours.range"},
		{Typed: "1e2", Code: "weeklyHours.range"},
		{Typed: "NaN", Code: "weeklyHours.range"},
		{Typed: "38u", Code: "weeklyHours.range"},
		{Typed: "x", Code: "weeklyHours.range"},
	}
}
