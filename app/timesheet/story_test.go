package timesheet

import (
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/timesheet/paper"
	"klokkast/assets"
)

// Ids of the stories. All people, firms and numbers are made up.
const (
	engagementID app.ID = "01900000-0000-7000-8000-0000005c3f9a"
	otherID      app.ID = "01900000-0000-7000-8000-0000005c3f9b"
	office       app.ID = "01900000-0000-7000-8000-000000000001"
	school       app.ID = "01900000-0000-7000-8000-000000000002"
	forgotID     app.ID = "01900000-0000-7000-8000-0000000000a1"
	brokenID     app.ID = "01900000-0000-7000-8000-0000000000a2"
)

func brussels(t testing.TB) *time.Location {
	t.Helper()
	z, err := app.DefaultZone.Load()
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// story writes a month of punches in the local time of Brussels.
type story struct {
	t     testing.TB
	sheet Sheet
}

func newStory(t testing.TB, month app.Month) *story {
	return &story{t: t, sheet: Sheet{
		Employer:   app.Employer{Name: "Poetsbedrijf De Zwaluw bv", Enterprise: "0123456749"},
		Worker:     app.Worker{FamilyName: "Peeters", GivenName: "An", StaffNumber: "1042", SSIN: "85073003328"},
		Engagement: app.Engagement{ID: engagementID, Capacity: app.Employee, Days: app.Days{From: app.NewDate(2021, 3, 1)}, WeeklyHours: 38 * 60},
		Days:       month.Days(),
		Sites: map[app.ID]app.Site{
			office: {ID: office, Name: "Kantoor Vesaliusstraat"},
			school: {ID: school, Name: "Basisschool De Vlinder"},
		},
		Environment: app.Production,
		Program:     "Klokkast 0.1.0",
	}}
}

// at reads "03 06:58:30" as local time of the month.
func (s *story) at(text string) app.Instant {
	s.t.Helper()
	layout := "2006-01 02 15:04"
	if len(text) == len("03 06:58:30") {
		layout += ":05"
	}
	at, err := time.ParseInLocation(layout, app.MonthOf(s.sheet.Days.From).String()+" "+text, brussels(s.t))
	if err != nil {
		s.t.Fatal(err)
	}
	return app.At(at)
}

// presence makes one from an IN to an OUT with breaks from–to; "" is an edge that nobody knows.
func (s *story) presence(site app.ID, in, out string, breaks ...string) app.Presence {
	s.t.Helper()
	p := app.Presence{EngagementID: engagementID, SiteID: site, State: app.PresenceComplete}
	if in != "" {
		p.In = &app.Side{At: s.at(in)}
	} else {
		p.State = app.PresenceMissingIn
	}
	if out != "" {
		p.Out = &app.Side{At: s.at(out)}
	} else {
		p.State = app.PresenceMissingOut
	}
	for i := 0; i+1 < len(breaks); i += 2 {
		var b app.Break
		if breaks[i] != "" {
			b.Start = app.Side{At: s.at(breaks[i])}
		}
		if breaks[i+1] != "" {
			b.End = &app.Side{At: s.at(breaks[i+1])}
		}
		p.Breaks = append(p.Breaks, b)
	}
	if p.Complete() {
		for _, span := range stretches(&p) {
			p.Worked += span.To.Sub(span.From)
		}
	}
	return p
}

// day adds a workday with the figures that its presences give.
func (s *story) day(presences ...app.Presence) *app.Workday {
	s.t.Helper()
	w := app.Workday{Day: presences[0].Start().DateIn(brussels(s.t)), Presences: presences}
	for i := range presences {
		for _, span := range stretches(&presences[i]) {
			w.Worked += span.To.Sub(span.From)
		}
		w.Incomplete = w.Incomplete || !presences[i].Complete()
		for _, b := range presences[i].Breaks {
			if b.Start.At != 0 && b.End != nil {
				w.Breaks += b.End.At.Sub(b.Start.At)
			}
		}
	}
	s.sheet.Workdays = append(s.sheet.Workdays, w)
	return &s.sheet.Workdays[len(s.sheet.Workdays)-1]
}

func (s *story) model() *Model {
	s.t.Helper()
	return s.modelIn(app.Dutch)
}

func (s *story) modelIn(l app.Language) *Model {
	s.t.Helper()
	m, err := Build(s.sheet, textsOf(s.t, l))
	if err != nil {
		s.t.Fatal(err)
	}
	const hash = "3b1f0c5a9d2e47768899aabbccddeeff00112233445566778899aabbccddeeff"
	m.Stamp = &Stamp{Code: NewCode(OfEngagement, true, engagementID, s.sheet.Days, 1, hash), Hash: hash, Provisional: true}
	return m
}

func fonts(t testing.TB) *paper.Fonts {
	t.Helper()
	f, err := paper.LoadFonts(assets.PaperFonts())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// fullMonth is November 2026 with most of what a month can hold.
func fullMonth(t testing.TB) *story {
	s := newStory(t, app.Month{Year: 2026, Month: time.November})
	for _, day := range []string{"02", "03", "04", "05", "06", "09", "10", "12", "13", "16", "17", "18", "19", "20", "23", "24", "25", "26", "27", "30"} {
		switch day {
		case "04": // two sites, a break pressed at the first
			s.day(s.presence(office, "04 06:01", "04 10:02", "04 08:00", "04 08:15"), s.presence(school, "04 10:31", "04 14:31"))
		case "06": // forgotten OUT, stated by the supervisor
			p := s.presence(office, "06 06:00", "06 13:30")
			p.Out.Adjustment, p.Adjusted = forgotID, true
			s.day(p).Adjusted = p.Worked
		case "13": // forgotten OUT, open
			s.day(s.presence(office, "13 05:58", ""))
		case "19": // a proposed break
			w := s.day(s.presence(office, "19 06:02", "19 09:30"), s.presence(office, "19 10:00", "19 14:02"))
			w.Breaks, w.ProposedBreaks = 30*time.Minute, 30*time.Minute
		case "20": // night
			w := s.day(s.presence(school, "20 22:00", "21 06:00", "21 01:30", "21 02:00"))
			w.Night = w.Worked
		case "26": // a whole presence stated: the box was broken
			p := s.presence(school, "26 06:00", "26 12:00")
			p.In.Adjustment, p.Out.Adjustment, p.Adjusted = brokenID, brokenID, true
			s.day(p).Adjusted = p.Worked
		default:
			w := s.day(s.presence(office, day+" 05:58:20", day+" 13:44:50", day+" 09:00", day+" 09:16"))
			w.Night = 1*time.Minute + 40*time.Second
		}
	}
	w := s.day(s.presence(school, "11 08:00", "11 12:00"))
	w.Sunday = w.Worked
	s.sheet.Adjustments = []app.Adjustment{
		{ID: forgotID, Kind: app.AdjustOut, SiteID: office, Reason: "forgot", Note: "Gezien door de huisbewaarder.", By: "Łukasz Żak", At: s.at("09 10:00")},
		{ID: brokenID, Kind: app.AdjustPresence, SiteID: school, Reason: "box-broken", By: "Łukasz Żak", At: s.at("27 10:00")},
	}
	s.sheet.Anomalies = []OpenAnomaly{
		{Anomaly: app.Anomaly{Rule: app.MissingOut, Day: app.NewDate(2026, 11, 13)}, Caption: "Geen OUT na 05:58 (Kantoor Vesaliusstraat)"},
		{Anomaly: app.Anomaly{Rule: app.ShortPresence, Day: app.NewDate(2026, 10, 1)}, Caption: "van een andere maand"},
	}
	return s
}

// firstMonth is October 2026 of someone who began on the 12th and is at work
// now; the clocks change during one of the nights.
func firstMonth(t testing.TB) *story {
	s := newStory(t, app.Month{Year: 2026, Month: time.October})
	s.sheet.Engagement.Days.From = app.NewDate(2026, 10, 12)
	s.sheet.Engagement.Capacity = app.TemporaryWorker
	s.day(s.presence(office, "12 06:00", "12 10:00"))
	w := s.day(s.presence(school, "24 22:00", "25 06:00"))
	w.Night, w.Sunday = w.Worked, 7*time.Hour
	s.day(s.presence(office, "26 05:59", "26 09:00", "26 07:30", "26 07:45"), s.presence(school, "26 10:00", ""))
	s.sheet.Workdays[2].Presences[1].State = app.PresenceOpen
	s.sheet.Anomalies = []OpenAnomaly{{Anomaly: app.Anomaly{Rule: app.IdentityRule}, Caption: "INSZ ontbreekt"}}
	return s
}
