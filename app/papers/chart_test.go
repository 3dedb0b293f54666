package papers_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/papers"
)

func brussels(t *testing.T) *time.Location {
	t.Helper()
	zone, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestPeopleByTheHour(t *testing.T) {
	a := presence("an", app.PresenceComplete, at(6, 30), at(9, 0))
	a.Breaks = []app.Break{{Start: app.Side{At: at(7, 45)}, End: &app.Side{At: at(8, 15)}}, {Start: app.Side{At: at(8, 30)}}}
	b := presence("zoe", app.PresenceComplete, at(8, 0), at(9, 0))
	b.Day++ // another day
	h := papers.BuildHours(
		[]app.Presence{a, b, presence("bart", app.PresenceMissingOut, at(6, 0), 0), {SiteID: "other", In: side(at(6, 0)), Out: side(at(7, 0))}},
		"hall",
		brussels(t),
	)
	if h.DaysCounted != 2 || h.LeftOut != 1 || h.PresentMinutes[6] != 30 || h.PresentMinutes[7] != 45 || h.PresentMinutes[8] != 45+60 ||
		h.PresentMinutes[9] != 0 {
		t.Errorf("%+v", h)
	}
	if p := h.Plot(texts(t, app.Dutch)); p.Series[0].Points[8].Y != 105.0/60/2 || len(p.X.Ticks) != 24 {
		t.Errorf("%+v", p)
	}
}

// The night on which the clocks go back has two hours called 2: none is lost.
func TestTheHourThatComesTwice(t *testing.T) {
	pr := presence("an", app.PresenceComplete, app.At(time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC)), app.At(time.Date(2026, 10, 25, 4, 0, 0, 0, time.UTC)))
	h := papers.BuildHours([]app.Presence{pr}, "hall", brussels(t))
	sum := 0
	for _, m := range h.PresentMinutes {
		sum += m
	}
	if h.PresentMinutes[2] != 120 || sum != 6*60 {
		t.Errorf("%+v", h)
	}
}

// The rounded difference is that of the rounded hours beside it: who reckons it after gets what stands there.
func TestWeeksDifferByWhatIsWritten(t *testing.T) {
	for worked := range 120 {
		for _, contract := range []int{0, 57, 60, 2280, 2275} {
			w := papers.Weeks{Weeks: []papers.Week{{Monday: app.NewDate(2026, 11, 2), WorkedMinutes: 2200 + worked, ContractMinutes: contract}}}
			_, rows := w.Table(texts(t, app.Dutch))
			tenths := func(cell string) int {
				n, err := strconv.Atoi(strings.Replace(cell, ",", "", 1))
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			if r := rows[0]; tenths(r[1])-tenths(r[2]) != tenths(r[3]) {
				t.Errorf("%q", r)
			}
		}
	}
}

func TestWeeksAgainstTheContract(t *testing.T) {
	monday := app.NewDate(2026, 11, 2)
	days := app.Days{From: monday + 2, To: monday + 9}
	w := papers.BuildWeeks(
		[]app.Workday{
			{Day: monday, Worked: 4 * time.Hour},
			{Day: monday + 6, Worked: 90 * time.Minute, Incomplete: true},
			{Day: monday + 7, Worked: 8 * time.Hour},
		},
		[]app.Engagement{
			{Days: app.Days{From: monday + 7}},
			{Days: app.Days{To: monday + 6}, WeeklyHours: 1200},
			{Days: app.Days{From: monday + 13}, WeeklyHours: 700},
		},
		days,
		38*60,
	)
	want := []papers.Week{
		{Monday: monday, WorkedMinutes: 330, ContractMinutes: 1200, Incomplete: true},
		{Monday: monday + 7, WorkedMinutes: 480, ContractMinutes: 38*60 + 100},
	}
	if len(w.Weeks) != 2 || w.Weeks[0] != want[0] || w.Weeks[1] != want[1] {
		t.Errorf("%+v", w.Weeks)
	}
	_, rows := w.Table(texts(t, app.English))
	if rows[0][1] != "5.5 *" || rows[0][3] != "-14.5" && rows[0][3] != "−14.5" {
		t.Errorf("%q", rows)
	}
}

func drift(t *testing.T) *papers.Drift {
	d := &papers.Drift{Zone: brussels(t), PPM: 10, Counted: 3}
	for i := range 4 {
		d.Points = append(
			d.Points,
			papers.DriftPoint{At: at(9, 0).Add(time.Duration(i) * 7 * 24 * time.Hour), OffsetMS: 6048 * float64(i), UncertaintyMS: 200, Counts: i > 0},
		)
	}
	return d
}

func TestTheTrendOfAClockGoesThroughItsPoints(t *testing.T) {
	p := drift(t).Plot(texts(t, app.English))
	ends := p.Series[1].Points
	if len(ends) != 2 || ends[0].Y < 6.047 || ends[0].Y > 6.049 || ends[1].Y < 18.143 || ends[1].Y > 18.145 {
		t.Errorf("%+v", ends)
	}
	if d := (&papers.Drift{Zone: brussels(t)}); !d.Plot(texts(t, app.English)).Nothing() || len(d.Said(texts(t, app.English))) != 1 {
		t.Error("a box that was never measured has a drift")
	}
}

func delays() *papers.DelayChart {
	registration := func(site app.ID, after time.Duration) app.Registration {
		return app.Registration{SiteID: site, State: app.RegAccepted, At: at(6, 0), Answered: at(6, 0).Add(after)}
	}
	return &papers.DelayChart{
		Report: ciao.Delays(
			[]app.Registration{
				registration("hall", 30*time.Second),
				registration("hall", 3*time.Minute),
				registration("school", 50*time.Hour),
				{SiteID: "hall", State: app.RegQueued},
			},
			ciao.BySite,
			time.UTC,
		),
		Name: func(_ app.Texts, row ciao.DelayRow) string { return "Site " + row.Key },
	}
}

// Every chart on paper, in every language, full and empty.
func TestChartsOnPaper(t *testing.T) {
	people := papers.BuildHours(
		[]app.Presence{presence("an", app.PresenceComplete, at(6, 30), at(14, 0)), presence("zoe", app.PresenceComplete, at(9, 0), at(17, 15))},
		"hall",
		brussels(t),
	)
	days := app.Days{From: app.NewDate(2026, 10, 26), To: app.NewDate(2026, 11, 22)}
	weeks := papers.BuildWeeks(
		[]app.Workday{{Day: days.From, Worked: 30 * time.Hour}, {Day: days.From + 8, Worked: 41 * time.Hour}},
		[]app.Engagement{{}},
		days,
		38*60,
	)
	for _, lang := range app.Languages {
		for kind, of := range map[papers.ChartKind][2]papers.Charted{
			papers.SiteHours: {people, &papers.Hours{}}, papers.WorkerWeeks: {weeks, &papers.Weeks{}}, papers.BoxDrift: {drift(t), &papers.Drift{Zone: brussels(t)}},
			papers.Delays: {delays(), &papers.DelayChart{Report: ciao.Delays(nil, ciao.BySite, time.UTC)}},
		} {
			for i, data := range of {
				c := &papers.Chart{Made: made, Kind: kind, About: "Stadhuis Leuven", Days: days, Data: data}
				pdf, words := printed(t, lang, c)
				var again bytes.Buffer
				if err := papers.Write(&again, fonts(t), texts(t, lang), c); err != nil || !bytes.Equal(pdf, again.Bytes()) {
					t.Errorf("%s: the same chart gives other bytes (%v)", kind, err)
				}
				empty := strings.Join(strings.Fields(data.Plot(texts(t, lang)).Empty), " ")
				if says := strings.Contains(strings.Join(strings.Fields(words), " "), empty[:30]); says != (i == 1) {
					t.Errorf("%s %s: empty %d, says so %v:\n%s", lang, kind, i, says, words)
				}
				if strings.Contains(words, "chart.") || strings.Contains(words, "sending.") {
					t.Errorf("%s %s: a key on paper:\n%s", lang, kind, words)
				}
				if i == 0 {
					keepForEyes(t, "chart-"+string(kind)+"-"+string(lang), pdf)
				}
			}
		}
	}
}

func TestTheDelayReportHoldsItsNumbers(t *testing.T) {
	_, words := printed(t, app.English, &papers.Chart{Made: made, Kind: papers.Delays, Days: app.Days{From: 1, To: 2}, Data: delays()})
	flat := strings.Join(strings.Fields(words), " ")
	for _, want := range []string{"Site hall 2 0.5 min 3.0 min 0.0 %", "Site school 1 2.1 d 2.1 d 100.0 %", "All together 3", "33.3 %"} {
		if !strings.Contains(flat, want) {
			t.Errorf("it does not say %q:\n%s", want, words)
		}
	}
}
