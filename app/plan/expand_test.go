package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
)

// office is a small company: An, Bo and Cem, each with an engagement, and sites A and B.
func office() Facts {
	return Facts{
		Engagements: []app.Engagement{
			{ID: "e-an", WorkerID: "an"},
			{ID: "e-bo", WorkerID: "bo"},
			{ID: "e-cem", WorkerID: "cem"},
			{ID: "e-an2", WorkerID: "an"},
		},
		Sites: []app.Site{{ID: "A", Zone: app.DefaultZone}, {ID: "B", Zone: "Europe/London"}},
	}
}

func date(t *testing.T, s string) app.Date {
	t.Helper()
	d, err := app.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func hours(t *testing.T, s string) app.Hours {
	t.Helper()
	h, err := app.ParseHours(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func days(t *testing.T, from, to string) app.Days {
	t.Helper()
	return app.Days{From: date(t, from), To: date(t, to)}
}

// line adds a line of An's at site A.
func (f *Facts) line(t *testing.T, id app.ID, weekdays, at, from, to string) *app.PlanLine {
	t.Helper()
	w, err := app.ParseWeekdays(weekdays)
	if err != nil {
		t.Fatal(err)
	}
	f.Lines = append(f.Lines, app.PlanLine{ID: id, SiteID: "A", EngagementID: "e-an", Weekdays: w, Hours: hours(t, at), Days: days(t, from, to), EveryWeeks: 1})
	return &f.Lines[len(f.Lines)-1]
}

func (f *Facts) except(t *testing.T, line app.ID, kind app.ExceptionKind, from, to, at string, standIn app.ID) *app.PlanException {
	t.Helper()
	n := len(f.Exceptions)
	f.Exceptions = append(f.Exceptions, app.PlanException{ID: app.ID(fmt.Sprintf("x%d", n)), LineID: line, Kind: kind, Days: days(t, from, to),
		Hours: hours(t, at), StandIn: standIn, At: app.Instant(n + 1)})
	return &f.Exceptions[n]
}

func (f *Facts) away(t *testing.T, worker app.ID, from, to, at string) *app.Absence {
	t.Helper()
	n := len(f.Absences)
	f.Absences = append(
		f.Absences,
		app.Absence{ID: app.ID(fmt.Sprintf("away%d", n)), WorkerID: worker, Days: days(t, from, to), Hours: hours(t, at), Kind: "sick"},
	)
	return &f.Absences[n]
}

// week writes the shifts of a site from Monday 2026-11-23 to Sunday, one a line:
//
//	23 an 06:00–10:00 expected
func (f *Facts) week(t *testing.T) string {
	t.Helper()
	return said(NewBook(*f).Site("A", days(t, "2026-11-23", "2026-11-29")))
}

func said(list []app.Shift) string {
	zone := app.Belgium()
	var lines []string
	for _, s := range list {
		_, _, day := s.Day.YMD()
		lines = append(lines, fmt.Sprintf("%d %s %s–%s %s", day, s.WorkerID, s.From.In(zone).Format("15:04"), s.To.In(zone).Format("15:04"), s.State))
	}
	return strings.Join(lines, "\n")
}

func expect(t *testing.T, got string, want ...string) {
	t.Helper()
	if w := strings.Join(want, "\n"); got != w {
		t.Errorf("shifts:\n%s\nwant:\n%s", got, w)
	}
}

func TestLinesHoldOnTheirDays(t *testing.T) {
	f := office()
	f.line(t, "l1", "mon,wed", "06:00-10:00", "2026-11-25", "")
	f.line(t, "l2", "fri-sun", "22:00-06:00", "2026-01-01", "2026-11-28")
	expect(t, f.week(t), "25 an 06:00–10:00 expected", "27 an 22:00–06:00 expected", "28 an 22:00–06:00 expected")

	f.Engagements[0].Days = days(t, "2026-11-26", "2026-11-27") // nobody is expected before or after the engagement
	expect(t, f.week(t), "27 an 22:00–06:00 expected")
	f.Sites[0].Ended = date(t, "2026-11-27").Start(app.Belgium())
	expect(t, f.week(t))
}

func TestEveryOtherWeek(t *testing.T) {
	f := office()
	f.line(t, "l1", "tue", "06:00-10:00", "2026-11-17", "").EveryWeeks = 2
	f.line(t, "l2", "thu", "06:00-10:00", "2026-11-12", "").EveryWeeks = 2
	expect(t, f.week(t), "26 an 06:00–10:00 expected")
}

func TestExceptions(t *testing.T) {
	f := office()
	f.line(t, "l1", "mon-fri", "06:00-10:00", "2026-11-01", "")
	f.except(t, "l1", app.ShiftCancelled, "2026-11-23", "2026-11-24", "", "")
	f.except(t, "l1", app.ShiftHours, "2026-11-24", "2026-11-24", "07:00-09:00", "") // after it was cancelled
	f.except(t, "l1", app.ShiftReplaced, "2026-11-24", "2026-11-25", "", "e-bo")
	f.except(t, "l1", app.ShiftReplaced, "2026-11-27", "2026-11-27", "", "e-bo").Withdrawn = 9
	expect(t, f.week(t),
		"23 an 06:00–10:00 cancelled",
		"24 an 07:00–09:00 replaced", "24 bo 07:00–09:00 expected",
		"25 an 06:00–10:00 replaced", "25 bo 06:00–10:00 expected",
		"26 an 06:00–10:00 expected", "27 an 06:00–10:00 expected")
	expect(t, said(NewBook(f).Person("bo", days(t, "", "2026-11-29"))), "24 bo 07:00–09:00 expected", "25 bo 06:00–10:00 expected")

	f.except(t, "l1", app.ShiftReplaced, "2026-11-25", "2026-11-25", "", "e-cem") // somebody else after all
	expect(t, said(NewBook(f).Person("bo", days(t, "", "2026-11-29"))), "24 bo 07:00–09:00 expected")
	f.except(t, "l1", app.ShiftReplaced, "2026-11-25", "2026-11-25", "", "e-an") // An comes after all
	if got := said(NewBook(f).Person("an", days(t, "2026-11-25", "2026-11-25"))); got != "25 an 06:00–10:00 expected" {
		t.Errorf("An on the 25th: %s", got)
	}
}

func TestAbsence(t *testing.T) {
	f := office()
	f.line(t, "l1", "mon-fri", "06:00-10:00", "2026-11-01", "")
	f.away(t, "an", "2026-11-23", "2026-11-23", "")            // the whole day
	f.away(t, "an", "2026-11-24", "2026-11-24", "05:00-07:30") // comes later
	f.away(t, "an", "2026-11-25", "2026-11-25", "09:00-12:00") // leaves earlier
	f.away(t, "an", "2026-11-26", "2026-11-26", "07:00-08:00") // in between
	f.away(t, "an", "2026-11-27", "2026-11-27", "08:00-11:00") // two that make the whole,
	f.away(t, "an", "2026-11-27", "2026-11-27", "06:00-08:00") // told in the wrong order
	f.away(t, "bo", "2026-11-23", "2026-11-29", "")
	expect(
		t,
		f.week(t),
		"23 an 06:00–10:00 absent",
		"24 an 07:30–10:00 expected",
		"25 an 06:00–09:00 expected",
		"26 an 06:00–10:00 expected",
		"27 an 06:00–10:00 absent",
	)

	for i := range f.Absences {
		f.Absences[i].EngagementID = "e-an2" // another of hers
	}
	expect(
		t,
		f.week(t),
		"23 an 06:00–10:00 expected",
		"24 an 06:00–10:00 expected",
		"25 an 06:00–10:00 expected",
		"26 an 06:00–10:00 expected",
		"27 an 06:00–10:00 expected",
	)
}

func TestAbsenceInTheNight(t *testing.T) {
	f := office()
	f.line(t, "l1", "mon-wed", "22:00-06:00", "2026-11-01", "")
	f.away(t, "an", "2026-11-24", "2026-11-24", "")            // Tuesday's night, not the end of Monday's
	f.away(t, "an", "2026-11-26", "2026-11-26", "04:00-08:00") // the end of Wednesday's
	expect(t, f.week(t), "23 an 22:00–06:00 expected", "24 an 22:00–06:00 absent", "25 an 22:00–04:00 expected")

	f.Absences = nil
	f.away(t, "an", "2026-11-23", "2026-11-24", "05:00-23:00") // both ends of Monday's night
	expect(t, f.week(t), "23 an 23:00–05:00 expected", "24 an 23:00–06:00 expected", "25 an 22:00–06:00 expected")
}

// Who stands in may be away as well; the shift is then nobody's.
func TestAbsenceOfTheStandIn(t *testing.T) {
	f := office()
	f.line(t, "l1", "mon", "06:00-10:00", "2026-11-01", "")
	f.away(t, "an", "2026-11-23", "2026-11-23", "")
	f.except(t, "l1", app.ShiftReplaced, "2026-11-23", "2026-11-23", "", "e-bo")
	expect(t, f.week(t), "23 an 06:00–10:00 replaced", "23 bo 06:00–10:00 expected")
	f.away(t, "bo", "2026-11-23", "2026-11-23", "")
	expect(t, f.week(t), "23 an 06:00–10:00 replaced", "23 bo 06:00–10:00 absent")
}

// Another zone's clock counts at another zone's site.
func TestZoneOfTheSite(t *testing.T) {
	f := office()
	f.line(t, "l1", "mon", "06:00-10:00", "2026-11-01", "").SiteID = "B"
	expect(t, said(NewBook(f).Site("B", days(t, "2026-11-23", "2026-11-23"))), "23 an 07:00–11:00 expected")
}

func TestPlanned(t *testing.T) {
	f := office()
	f.line(t, "l1", "mon", "06:00-10:00", "2026-11-09", "2026-11-23")
	b := NewBook(f)
	for day, want := range map[string]bool{"2026-11-08": false, "2026-11-09": true, "2026-11-14": true, "2026-11-24": false} {
		if got := b.Planned("A", date(t, day)); got != want {
			t.Errorf("%s: planned %v, want %v", day, got, want)
		}
	}
	if b.Planned("B", date(t, "2026-11-09")) {
		t.Error("a site without lines has a plan")
	}
}

// The order of the facts, and telling one twice, change nothing; a person's
// shifts are those of the sites.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := drawFacts(r)
		span := app.Days{From: app.NewDate(2026, 3, 1), To: app.NewDate(2026, 4, 30)}
		b := NewBook(f)
		ofSites := append(b.Site("A", span), b.Site("B", span)...)
		var ofPersons []app.Shift
		for _, w := range b.Workers() {
			ofPersons = append(ofPersons, b.Person(w, span)...)
		}
		if got, want := fmt.Sprint(inOrder(ofPersons)), fmt.Sprint(inOrder(slices.Clone(ofSites))); got != want {
			r.Fatalf("persons have %s\nsites have %s", got, want)
		}
		for _, s := range ofSites {
			if s.From >= s.To || s.From.DateIn(app.Belgium()) < s.Day.AddDays(-1) {
				r.Fatalf("shift %+v", s)
			}
		}
		f.Lines = rapid.Permutation(append(f.Lines, f.Lines...)).Draw(r, "lines")
		f.Exceptions = rapid.Permutation(append(f.Exceptions, f.Exceptions...)).Draw(r, "exceptions")
		f.Absences = rapid.Permutation(append(f.Absences, f.Absences...)).Draw(r, "absences")
		again := NewBook(f)
		if got := append(again.Site("A", span), again.Site("B", span)...); !slices.Equal(got, ofSites) {
			r.Fatalf("in another order: %v\nwant %v", got, ofSites)
		}
	})
}

func drawFacts(r *rapid.T) Facts {
	f := office()
	engagements := rapid.SampledFrom([]app.ID{"e-an", "e-bo", "e-cem", "e-an2"})
	span := rapid.Custom(func(r *rapid.T) app.Days {
		from := app.NewDate(2026, 3, 1).AddDays(rapid.IntRange(0, 60).Draw(r, "from"))
		return app.Days{From: from, To: from.AddDays(rapid.IntRange(0, 40).Draw(r, "length"))}
	})
	clock := rapid.Custom(func(r *rapid.T) app.Hours {
		from := rapid.IntRange(0, 1439).Draw(r, "from")
		return app.Hours{From: app.TimeOfDay(from), To: app.TimeOfDay((from + rapid.IntRange(1, 1439).Draw(r, "minutes")) % 1440)}
	})
	for i := range rapid.IntRange(1, 4).Draw(r, "lines") {
		f.Lines = append(
			f.Lines,
			app.PlanLine{
				ID:           app.ID(fmt.Sprint("l", i)),
				SiteID:       rapid.SampledFrom([]app.ID{"A", "B"}).Draw(r, "site"),
				EngagementID: engagements.Draw(r, "who"),
				Weekdays: app.Weekdays(
					rapid.IntRange(1, 127).Draw(r, "weekdays"),
				),
				Hours:      clock.Draw(r, "hours"),
				Days:       span.Draw(r, "days"),
				EveryWeeks: rapid.IntRange(1, 3).Draw(r, "every"),
			},
		)
	}
	for i := range rapid.IntRange(0, 4).Draw(r, "exceptions") {
		f.Exceptions = append(
			f.Exceptions,
			app.PlanException{ID: app.ID(fmt.Sprint("x", i)), LineID: app.ID(fmt.Sprint("l", rapid.IntRange(0, 4).Draw(r, "of"))), Days: span.Draw(r, "days"),
				Kind: rapid.SampledFrom([]app.ExceptionKind{app.ShiftCancelled, app.ShiftHours, app.ShiftReplaced}).
					Draw(r, "kind"),
				Hours: clock.Draw(r, "hours"), StandIn: engagements.Draw(r, "stand-in"),
				At: app.Instant(rapid.IntRange(1, 3).Draw(r, "at"))},
		)
	}
	for i := range rapid.IntRange(0, 4).Draw(r, "absences") {
		a := app.Absence{ID: app.ID(fmt.Sprint("a", i)), WorkerID: rapid.SampledFrom([]app.ID{"an", "bo"}).Draw(r, "who"), Days: span.Draw(r, "days")}
		if rapid.Bool().Draw(r, "part") {
			a.Hours = clock.Draw(r, "hours")
		}
		f.Absences = append(f.Absences, a)
	}
	return f
}

// A weekday is that of the shift's beginning, also over the clock's changes.
func TestNightsOfTheClockChanges(t *testing.T) {
	f := office()
	f.line(t, "l1", "sat", "22:00-06:00", "2026-01-01", "")
	b := NewBook(f)
	for day, want := range map[string]time.Duration{"2026-03-28": 7 * time.Hour, "2026-10-24": 9 * time.Hour, "2026-11-28": 8 * time.Hour} {
		list := b.Site("A", days(t, day, day))
		if len(list) != 1 || list[0].To.Sub(list[0].From) != want {
			t.Errorf("%s: %+v, want one shift of %s", day, list, want)
		}
	}
}
