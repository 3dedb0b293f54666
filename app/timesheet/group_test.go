package timesheet

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"klokkast/app"
)

// aGroup is everyone of November 2026 at the school, or a team of the two:
// An with her full month, and Żaneta, who rounds, is away and was stated once.
func aGroup(t testing.TB, kind PaperKind) Group {
	an := fullMonth(t)
	other := newStory(t, app.Month{Year: 2026, Month: time.November})
	s := &other.sheet
	s.Worker = app.Worker{FamilyName: "Żuławska-Ødegård", GivenName: "Żaneta", StaffNumber: "1050", SSIN: "93051822361"}
	s.Worker.ID, s.Engagement.ID = "w2", otherID
	s.Engagement.Rounding = app.Rounding{Minutes: 15, Mode: app.RoundNearest}
	s.Clients = map[app.ID]app.Client{"c1": {ID: "c1", Name: "Scholengroep Oost"}}
	s.Sites = map[app.ID]app.Site{office: s.Sites[office], school: {ID: school, Name: "Basisschool De Vlinder", ClientID: "c1"}}
	an.sheet.Clients, an.sheet.Sites = s.Clients, s.Sites
	own := func(p app.Presence) app.Presence { p.EngagementID = otherID; return p }
	other.day(own(other.presence(school, "04 06:00", "04 10:07")))
	stated := own(other.presence(school, "13 06:00", "13 12:00"))
	stated.Out.Adjustment, stated.Adjusted = brokenID, true
	other.day(stated).Adjusted = stated.Worked
	s.Absences = []app.Absence{{Kind: "sick", Days: app.Days{From: app.NewDate(2026, 11, 16), To: app.NewDate(2026, 11, 17)}}}
	s.Adjustments = an.sheet.Adjustments
	g := Group{Kind: kind, Subject: school, Name: "Basisschool De Vlinder", Site: s.Sites[school], Client: "Scholengroep Oost",
		Days: s.Days, Environment: app.Production, Program: "Klokkast 0.1.0", Sheets: []Sheet{*s, an.sheet}}
	if kind == OfTeam {
		g.Subject, g.Name, g.Site, g.Client = "t1", "Ploeg Oost", app.Site{}, ""
	}
	return g
}

func groupOf(t testing.TB, g Group, l app.Language) *GroupModel {
	t.Helper()
	m, err := BuildGroup(g, textsOf(t, l))
	if err != nil {
		t.Fatal(err)
	}
	const hash = "3b1f0c5a9d2e47768899aabbccddeeff00112233445566778899aabbccddeeff"
	m.Stamp = &Stamp{Code: NewCode(g.Kind, true, g.Subject, g.Days, 2, hash), Hash: hash, Replaces: 1,
		Changed: []Revised{{Day: app.NewDate(2026, 11, 4), Who: "Peeters An", Hours: 30}}}
	return m
}

func groupPDF(t *testing.T, m *GroupModel) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, fonts(t), m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What stands on a site's paper is what each person's own sheet says of that site.
func TestASiteHasWhatThePeoplesSheetsSayOfIt(t *testing.T) {
	g := aGroup(t, OfSite)
	m := groupOf(t, g, app.Dutch)
	var want, night Minutes
	for _, s := range g.Sheets {
		own, err := Build(s, textsOf(t, app.Dutch))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range own.Days {
			for _, l := range d.Lines {
				if l.SiteID == school {
					want += l.Share.Hours
					night += l.Share.Night
				}
			}
		}
	}
	if m.Total.Hours != want || m.Total.Night != night || want == 0 || night == 0 {
		t.Errorf("%s (night %s), the people's own sheets say %s (%s)", m.Total.Hours, m.Total.Night, want, night)
	}
	if len(m.Members) != 2 || len(m.Sites) != 1 || m.Sites[0].Hours != want || m.Clients[0] != (ClientTotal{"Scholengroep Oost", want}) {
		t.Errorf("%d members, sites %v, clients %v", len(m.Members), m.Sites, m.Clients)
	}
	for _, member := range m.Members {
		if len(member.Days) != 30 || member.Sheet.rounds() {
			t.Errorf("%s: %d days, rounding %v", member.Sheet.Worker.Name(), len(member.Days), member.Sheet.Engagement.Rounding)
		}
		for _, d := range member.Days {
			if len(d.Absences) > 0 {
				t.Error("a client is told that someone is ill")
			}
			for _, l := range d.Lines {
				if l.SiteID != school {
					t.Errorf("%s: a line of %s", d.Date, l.Site)
				}
			}
		}
	}
}

func TestAPersonWhoWasElsewhereIsNotOnASitesPaper(t *testing.T) {
	g := aGroup(t, OfSite)
	elsewhere := newStory(t, app.Month{Year: 2026, Month: time.November})
	elsewhere.day(elsewhere.presence(office, "04 06:00", "04 10:00"))
	g.Sheets = append(g.Sheets, elsewhere.sheet)
	if m := groupOf(t, g, app.Dutch); len(m.Members) != 2 {
		t.Errorf("%d members", len(m.Members))
	}
}

// A team's paper has each person's days as they stand on the own sheet.
func TestATeamIsTheSumOfItsPeople(t *testing.T) {
	g := aGroup(t, OfTeam)
	m := groupOf(t, g, app.Dutch)
	var want Total
	for _, s := range g.Sheets {
		own, err := Build(s, textsOf(t, app.Dutch))
		if err != nil {
			t.Fatal(err)
		}
		for i := range own.Days {
			want.add(&own.Days[i])
		}
	}
	if m.Total != want || m.Total.Rounded == m.Total.Hours {
		t.Errorf("%+v, the people's own sheets say %+v", m.Total, want)
	}
	var sites Minutes
	for _, s := range m.Sites {
		sites += s.Hours
	}
	if sites != m.Total.Hours || len(m.Sites) != 2 {
		t.Errorf("sites come to %s: %v", sites, m.Sites)
	}
}

// Marks point to one note each, numbered over the whole paper in the order of its rows.
func TestNotesAreNumberedOverTheWholePaper(t *testing.T) {
	for _, kind := range []PaperKind{OfSite, OfTeam} {
		m := groupOf(t, aGroup(t, kind), app.Dutch)
		var marks []string
		for day := range m.Members[0].Days {
			for _, member := range m.Members {
				marks = append(marks, member.Days[day].Marks...)
			}
		}
		if len(marks) != len(m.Notes) || len(m.Who) != len(m.Notes) || len(marks) == 0 {
			t.Fatalf("%s: %d marks, %d notes, %d names", kind, len(marks), len(m.Notes), len(m.Who))
		}
		for i, n := range m.Notes {
			if n.Number != i+1 || marks[i] != n.Mark() {
				t.Errorf("%s: note %d is %s, its row says %s", kind, i+1, n.Mark(), marks[i])
			}
		}
	}
}

func TestGroupsAreFoundInFourLanguages(t *testing.T) {
	for _, kind := range []PaperKind{OfSite, OfTeam} {
		for _, l := range app.Languages {
			m := groupOf(t, aGroup(t, kind), l)
			text := run(t, groupPDF(t, m), "pdftotext", "-layout", "FILE", "-")
			for _, want := range []string{m.title(), m.Group.Name, "Peeters An", "Żuławska-Ødegård Żaneta", m.Total.Hours.String(),
				m.Stamp.Code.String()[:23], m.Stamp.Hash, textsOf(t, l).T("timesheet.sign.supervisor"), "Łukasz Żak"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s, %s: %q is not on the paper:\n%s", kind, l, want, text)
				}
			}
			if kind == OfSite && strings.Contains(text, textsOf(t, l).T("absence.sick")) {
				t.Errorf("%s: a client is told that someone is ill", l)
			}
		}
	}
}

func TestTheSameGroupGivesTheSameBytes(t *testing.T) {
	for _, kind := range []PaperKind{OfSite, OfTeam} {
		g := aGroup(t, kind)
		first := groupPDF(t, groupOf(t, g, app.French))
		slices.Reverse(g.Sheets) // in whichever order they were gathered
		if !bytes.Equal(first, groupPDF(t, groupOf(t, g, app.French))) {
			t.Errorf("%s: other bytes", kind)
		}
		if out := run(t, first, "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Error(out)
		}
		if codes := CodesIn(first); len(codes) != 1 || codes[0].Kind != kind {
			t.Errorf("%s: codes %v", kind, codes)
		}
	}
}

// A day that goes on at the next page is named there again.
func TestADayGoesOnOverThePage(t *testing.T) {
	g := aGroup(t, OfSite)
	for i := range 80 {
		s := g.Sheets[0]
		s.Worker.ID, s.Worker.GivenName = app.ID(rune('a'+i)), "Nr "+strings.Repeat("I", i%7+1)
		g.Sheets = append(g.Sheets, s)
	}
	pages := strings.Split(run(t, groupPDF(t, groupOf(t, g, app.Dutch)), "pdftotext", "-layout", "FILE", "-"), "\f")
	if len(pages) < 3 || !strings.Contains(pages[1], "wo 04/11") {
		t.Errorf("page 2 of %d does not say which day goes on:\n%s", len(pages), pages[1])
	}
}

func TestAGroupCallsPeopleByNumberWhereNoFontDrawsTheirNames(t *testing.T) {
	g := aGroup(t, OfTeam)
	g.Name = "夜班"
	for i := range g.Sheets { // of one name, and told apart
		g.Sheets[i].Worker.FamilyName, g.Sheets[i].Worker.GivenName = "中", ""
		g.Sheets[i].Worker.StaffNumber = fmt.Sprint(70 + i)
	}
	got := run(t, groupPDF(t, groupOf(t, g, app.Dutch)), "pdftotext", "-layout", "FILE", "-")
	got = strings.Join(strings.Fields(got), " ")
	for i := range g.Sheets {
		if n := strings.Count(got, fmt.Sprintf("nr. %d", 70+i)); n < 2 {
			t.Errorf("nr. %d stands there %d times:\n%s", 70+i, n, got)
		}
	}
	if !strings.Contains(got, "U+591C U+73ED") || !strings.Contains(got, "U+4E2D") {
		t.Error(got)
	}
}

func TestAGroupFileName(t *testing.T) {
	days := app.Month{Year: 2026, Month: time.November}.Days()
	if got := GroupFileName(days, OfSite, "École des Tilleuls", "01900000-0000-7000-8000-0000005c3f9a", "pdf"); got != "2026-11-site-ecole-des-tilleuls-005c3f9a.pdf" {
		t.Error(got)
	}
}
