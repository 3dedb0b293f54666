package timesheet

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"klokkast/app"
)

func TestEveryCalendarDayHasARow(t *testing.T) {
	for month, want := range map[app.Month]int{
		{Year: 2026, Month: time.October}:  31,
		{Year: 2026, Month: time.November}: 30,
		{Year: 2026, Month: time.February}: 28,
		{Year: 2028, Month: time.February}: 29,
	} {
		days := newStory(t, month).model().Days
		if len(days) != want {
			t.Errorf("%s has %d rows, want %d", month, len(days), want)
		}
		for i, d := range days {
			if d.Date != month.First().AddDays(i) {
				t.Errorf("row %d of %s is %s", i, month, d.Date)
			}
		}
	}
}

func TestNightShiftEndsOnTheNextDay(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	s.day(s.presence(office, "20 22:00", "21 06:00", "21 01:30", "21 02:00"))
	d := s.model().Days[19]
	want := []Line{{
		Site: "Kantoor Vesaliusstraat", In: Clock{Text: "22:00"}, Out: Clock{Text: "06:00", Later: 1},
		Breaks: []Pause{{From: "01:30", To: "02:00"}}, SiteID: office, Share: LineShare{Hours: 450, Saturday: 5*60 + 30},
	}}
	if diff := cmp.Diff(want, d.Lines); diff != "" {
		t.Error(diff)
	}
	if d.Hours != 450 {
		t.Errorf("hours %s, want 7:30", d.Hours)
	}
	if d.Saturday != 5*60+30 {
		t.Errorf("on Saturday %s, want 5:30: from midnight on", d.Saturday)
	}
	if next := s.model().Days[20]; next.Worked || len(next.Lines) > 0 {
		t.Error("the day after holds a part of the night shift")
	}
}

func TestNightsWhenTheClockChanges(t *testing.T) {
	for _, c := range []struct {
		month   app.Month
		in, out string
		hours   Minutes
		moved   time.Duration
	}{
		{app.Month{Year: 2026, Month: time.March}, "28 22:00", "29 06:00", 7 * 60, time.Hour},
		{app.Month{Year: 2026, Month: time.October}, "24 22:00", "25 06:00", 9 * 60, -time.Hour},
		{app.Month{Year: 2026, Month: time.October}, "23 22:00", "24 06:00", 8 * 60, 0},
	} {
		s := newStory(t, c.month)
		s.day(s.presence(office, c.in, c.out))
		m := s.model()
		if m.Total.Hours != c.hours {
			t.Errorf("%s %s–%s: %s hours, want %s", c.month, c.in, c.out, m.Total.Hours, c.hours)
		}
		for _, d := range m.Days {
			if d.Worked && d.ClockMoved != c.moved {
				t.Errorf("%s: clock moved %s, want %s", d.Date, d.ClockMoved, c.moved)
			}
		}
	}
}

func TestTwoSitesInADay(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	// 3:45:40 + 4:00:50 = 7:46:30: cut apart they would lose a minute.
	s.day(s.presence(office, "04 06:01:00", "04 10:01:40", "04 08:00:00", "04 08:15:00"), s.presence(school, "04 10:31:00", "04 14:31:50"))
	m := s.model()
	d := m.Days[3]
	if len(d.Lines) != 2 || d.Lines[0].Site != "Kantoor Vesaliusstraat" || d.Lines[1].In.Text != "10:31" {
		t.Errorf("lines %+v", d.Lines)
	}
	if d.Hours != 7*60+46 {
		t.Errorf("hours %s, want 7:46", d.Hours)
	}
	want := []SiteTotal{{school, "Basisschool De Vlinder", 1, 4*60 + 1}, {office, "Kantoor Vesaliusstraat", 1, 3*60 + 45}}
	if diff := cmp.Diff(want, m.Sites); diff != "" {
		t.Error(diff)
	}
}

// An overlap counts once in the day; the site where the person was first has it.
func TestOverlapCountsOnceBySite(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	s.day(s.presence(office, "04 06:00", "04 10:00"), s.presence(school, "04 09:00", "04 12:00")).Worked = 6 * time.Hour
	want := []SiteTotal{{school, "Basisschool De Vlinder", 1, 2 * 60}, {office, "Kantoor Vesaliusstraat", 1, 4 * 60}}
	if diff := cmp.Diff(want, s.model().Sites); diff != "" {
		t.Error(diff)
	}
}

func TestIncompleteDaysCountOnlyWhatIsKnown(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	s.day(s.presence(office, "12 06:00", "12 10:00"), s.presence(school, "12 11:00", ""))
	s.day(s.presence(office, "13 05:58", ""))
	s.day(s.presence(office, "16 05:58", ""))
	s.sheet.Workdays[2].Presences[0].State = app.PresenceOpen
	s.day(s.presence(office, "", "17 12:00"))
	m := s.model()
	for day, want := range map[int]Minutes{12: 240, 13: 0, 16: 0, 17: 0} {
		if d := m.Days[day-1]; !d.Incomplete || d.Hours != want || !d.Worked {
			t.Errorf("%s: incomplete %v, hours %s; want true and %s", d.Date, d.Incomplete, d.Hours, want)
		}
	}
	if out := m.Days[12].Lines[0].Out; out != (Clock{}) {
		t.Errorf("a missing OUT is %+v", out)
	}
	if out := m.Days[15].Lines[0].Out; out != (Clock{Open: true}) {
		t.Errorf("an open OUT is %+v", out)
	}
	if m.Total.Incomplete != 4 || m.Total.Hours != 240 {
		t.Errorf("total %+v", m.Total)
	}
}

func TestMarksAndNotes(t *testing.T) {
	m := fullMonth(t).model()
	if diff := cmp.Diff([]string{"*1"}, m.Days[5].Marks); diff != "" {
		t.Error(diff)
	}
	if out := m.Days[5].Lines[0].Out; !out.Adjusted || m.Days[5].Lines[0].In.Adjusted {
		t.Errorf("only the OUT of 6 November is a statement: %+v", m.Days[5].Lines[0])
	}
	if diff := cmp.Diff([]string{"*3"}, m.Days[25].Marks); diff != "" {
		t.Error("one adjustment of both edges is one note:", diff)
	}
	if len(m.Notes) != 3 {
		t.Fatalf("notes %+v", m.Notes)
	}
	for _, want := range []string{"Łukasz Żak", "09/11/2026", "Gezien door de huisbewaarder."} {
		if !strings.Contains(m.Notes[0].Text, want) {
			t.Errorf("note %q lacks %q", m.Notes[0].Text, want)
		}
	}
	if n := m.Notes[1]; n.Kind != NoteAnomaly || n.Day != app.NewDate(2026, 11, 13) || !strings.Contains(n.Text, "Geen OUT") {
		t.Errorf("note %+v", n)
	}
	if m.Total.Adjusted != 13*60+30 {
		t.Errorf("adjusted %s, want 13:30", m.Total.Adjusted)
	}
}

func TestOnlyProposedBreaksThatAddUpAreShownByTheirTimes(t *testing.T) {
	for _, c := range []struct {
		name     string
		proposed time.Duration
		want     []Pause
	}{
		{"the gap is proposed", 30 * time.Minute, []Pause{{From: "09:30", To: "10:00", Proposed: true}}},
		{"the gap is none (a key was pressed)", 0, nil},
	} {
		s := newStory(t, app.Month{Year: 2026, Month: time.November})
		w := s.day(s.presence(office, "19 06:02", "19 09:30"), s.presence(office, "19 10:00", "19 14:02"))
		w.Breaks, w.ProposedBreaks = c.proposed, c.proposed
		if diff := cmp.Diff(c.want, s.model().Days[18].Lines[0].Breaks); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// IN, break, back, no OUT: what lies before the break is known and counts, at its own site.
func TestWhatIsKnownOfAnIncompletePresenceCountsAtItsSite(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	s.day(s.presence(office, "12 06:00", "", "12 09:00", "12 09:15"), s.presence(school, "12 13:00", "12 15:00"))
	m := s.model()
	want := []SiteTotal{{school, "Basisschool De Vlinder", 1, 2 * 60}, {office, "Kantoor Vesaliusstraat", 1, 3 * 60}}
	if diff := cmp.Diff(want, m.Sites); diff != "" {
		t.Error(diff)
	}
	if d := m.Days[11]; d.Hours != 5*60 || !d.Incomplete {
		t.Errorf("hours %s, incomplete %v", d.Hours, d.Incomplete)
	}
}

func TestBreaksWithAnEdgeThatNobodyKnows(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	s.day(s.presence(office, "", "12 12:00", "", "12 09:15", "12 10:00", ""))
	d := s.model().Days[11]
	if diff := cmp.Diff([]Pause{{To: "09:15"}, {From: "10:00"}}, d.Lines[0].Breaks); diff != "" {
		t.Error(diff)
	}
	if d.Hours != 45 {
		t.Errorf("hours %s: only 09:15 to 10:00 is known", d.Hours)
	}
	if got := textOf(t, pdf(t, s.model())); !strings.Contains(got, "?–09:15") || !strings.Contains(got, "10:00–?") {
		t.Errorf("the breaks are not found in\n%s", got)
	}
}

// The rule of the house: cut once a workday; every total is the sum of what is printed.
func TestTotalsAreSumsOfWhatIsPrinted(t *testing.T) {
	zone := brussels(t)
	texts := textsOf(t, app.Dutch)
	rapid.Check(t, func(rt *rapid.T) {
		s := newStory(t, app.Month{Year: 2026, Month: time.October})
		s.sheet.Engagement.Rounding = app.Rounding{Minutes: rapid.SampledFrom([]int{0, 5, 15}).Draw(rt, "rounding")}
		var exact time.Duration
		for day := s.sheet.Days.From; day <= s.sheet.Days.To; day++ {
			at := day.Start(zone).Add(5 * time.Hour)
			w := app.Workday{Day: day}
			for range rapid.IntRange(0, 3).Draw(rt, "presences") {
				at = at.Add(time.Duration(rapid.Int64Range(0, 7200_000).Draw(rt, "gap")) * time.Millisecond)
				worked := time.Duration(rapid.Int64Range(0, 3*3600_000).Draw(rt, "worked")) * time.Millisecond
				w.Presences = append(w.Presences, app.Presence{
					EngagementID: engagementID, SiteID: rapid.SampledFrom([]app.ID{office, school}).Draw(rt, "site"),
					State: app.PresenceComplete, In: &app.Side{At: at}, Out: &app.Side{At: at.Add(worked)}, Worked: worked,
				})
				at = at.Add(worked)
				w.Worked += worked
			}
			if len(w.Presences) > 0 {
				s.sheet.Workdays = append(s.sheet.Workdays, w)
				exact += w.Worked
			}
		}
		m, err := Build(s.sheet, texts)
		if err != nil {
			rt.Fatal(err)
		}
		var days, rounded, sites Minutes
		for i, d := range m.Days {
			days += d.Hours
			rounded += d.Rounded
			if w := workdayOf(s.sheet.Workdays, d.Date); w != nil && d.Hours != Cut(w.Worked) {
				rt.Fatalf("row %d: %s of %s", i, d.Hours, w.Worked)
			}
		}
		for _, site := range m.Sites {
			if site.Hours < 0 {
				rt.Fatalf("a site has %s", site.Hours)
			}
			sites += site.Hours
		}
		if m.Total.Hours != days || m.Total.Rounded != rounded || sites != days {
			rt.Fatalf("total %s and %s, days %s and %s, sites %s", m.Total.Hours, m.Total.Rounded, days, rounded, sites)
		}
		if lost := Cut(exact) - m.Total.Hours; lost < 0 || int(lost) > len(s.sheet.Workdays) {
			rt.Fatalf("cutting lost %d minutes over %d workdays", lost, len(s.sheet.Workdays))
		}
	})
}

func workdayOf(all []app.Workday, day app.Date) *app.Workday {
	for i := range all {
		if all[i].Day == day {
			return &all[i]
		}
	}
	return nil
}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		minutes Minutes
		r       app.Rounding
		want    string
	}{
		{466, app.Rounding{}, "7:46"},
		{466, app.Rounding{Minutes: 5}, "7:45"},
		{468, app.Rounding{Minutes: 5, Mode: app.RoundNearest}, "7:50"},
		{466, app.Rounding{Minutes: 15, Mode: app.RoundUp}, "8:00"},
		{465, app.Rounding{Minutes: 15, Mode: app.RoundUp}, "7:45"},
		{479, app.Rounding{Minutes: 15, Mode: app.RoundDown}, "7:45"},
		{472, app.Rounding{Minutes: 15}, "7:45"}, // 7:52
		{473, app.Rounding{Minutes: 15}, "8:00"}, // 7:53
		{0, app.Rounding{Minutes: 15, Mode: app.RoundUp}, "0:00"},
	} {
		if got := c.minutes.Round(c.r).String(); got != c.want {
			t.Errorf("%s by %+v is %s, want %s", c.minutes, c.r, got, c.want)
		}
	}
}

func TestMinutesString(t *testing.T) {
	for m, want := range map[Minutes]string{0: "0:00", 5: "0:05", 425: "7:05", 10110: "168:30", -5: "-0:05"} {
		if m.String() != want {
			t.Errorf("%d is %s, want %s", int(m), m, want)
		}
	}
}

func TestLegalHolidaysOf2026(t *testing.T) {
	want := map[string]string{
		"2026-01-01": "Nieuwjaar", "2026-04-06": "Paasmaandag", "2026-05-01": "Dag van de Arbeid",
		"2026-05-14": "O.L.H.-Hemelvaart", "2026-05-25": "Pinkstermaandag", "2026-07-21": "Nationale feestdag",
		"2026-08-15": "O.L.V.-Hemelvaart", "2026-11-01": "Allerheiligen", "2026-11-11": "Wapenstilstand",
		"2026-12-25": "Kerstmis", "2026-12-28": "Vervangingsdag",
	}
	got := map[string]string{}
	for month := time.January; month <= time.December; month++ {
		s := newStory(t, app.Month{Year: 2026, Month: month})
		s.sheet.Holidays = []app.Date{app.NewDate(2026, 12, 28)}
		for _, d := range s.model().Days {
			if d.Holiday != "" {
				got[d.Date.String()] = d.Holiday
				if !d.Free {
					t.Errorf("%s is not shaded", d.Date)
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDaysOutsideTheEngagement(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	s.sheet.Engagement.Days = app.Days{From: app.NewDate(2026, 11, 3), To: app.NewDate(2026, 11, 20)}
	engaged := 0
	for _, d := range s.model().Days {
		if d.Engaged {
			engaged++
		}
	}
	if engaged != 18 {
		t.Errorf("%d days engaged, want 18", engaged)
	}
}

func TestBuildRefusesWhatDoesNotBelong(t *testing.T) {
	for problem, change := range map[string]func(*app.Presence){
		"other-engagement":   func(p *app.Presence) { p.EngagementID = otherID },
		"no-such-site":       func(p *app.Presence) { p.SiteID = "nowhere" },
		"no-such-adjustment": func(p *app.Presence) { p.Out.Adjustment = "nothing" },
	} {
		s := newStory(t, app.Month{Year: 2026, Month: time.November})
		s.day(s.presence(office, "04 06:00", "04 10:00"))
		change(&s.sheet.Workdays[0].Presences[0])
		_, err := Build(s.sheet, textsOf(t, app.Dutch))
		var refused *PresenceError
		if !errors.As(err, &refused) || refused.Problem != problem {
			t.Errorf("%s: %v", problem, err)
		}
	}
}

func TestWorkdaysOfOtherMonthsAreLeftOut(t *testing.T) {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	s.day(s.presence(office, "04 06:00", "04 10:00"))
	s.sheet.Days = app.MonthOf(s.sheet.Days.From).Add(1).Days()
	if m := s.model(); m.Total.Hours != 0 || m.Total.Days != 0 || len(m.Sites) != 0 {
		t.Errorf("December has %+v", m.Total)
	}
}
