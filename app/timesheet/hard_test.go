package timesheet

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"klokkast/app"
)

// hardMonth is October 2026 with all at once that is hard to lay out: 31 days of
// three sites with long names, nights over the end of the month, every mark,
// rounding, late additions, absences, two pages of notes, a wide logo, a second version.
func hardMonth(t testing.TB) *story {
	s := newStory(t, app.Month{Year: 2026, Month: time.October})
	const third app.ID = "01900000-0000-7000-8000-000000000003"
	sh := &s.sheet
	sh.Worker.FamilyName = "Νικολαΐδου-Παπαδοπούλου Nguyễn-Đặng Çağlayan-Öztürk"
	sh.Worker.GivenName = "Божена-Żaneta Świętosława Kateřina Ørsted"
	sh.Employer.Name = "Algemene Onderhouds- en Reinigingsmaatschappij Noord-Oost-Vlaanderen en Omstreken bvba"
	sh.Engagement.Rounding = app.Rounding{Minutes: 15, Mode: app.RoundUp}
	sh.Clients = map[app.ID]app.Client{
		"c1": {ID: "c1", Name: "Vlaamse Vervoermaatschappij en Gemeentelijke Infrastructuurontwikkeling Antwerpen-Linkeroever"},
		"c2": {ID: "c2", Name: "Stad Leuven"},
	}
	sh.Sites = map[app.ID]app.Site{
		office: {ID: office, Name: "Gemeentelijk Administratief Centrum Sint-Katelijne-Waver, blok B", ClientID: "c1"},
		school: {ID: school, Name: "Aansprakelijkheidswaardevaststellingsveranderingengebouw", ClientID: "c2"},
		third:  {ID: third, Name: "Gymnasium"},
	}
	sh.Letterhead = app.Letterhead{
		Name: sh.Employer.Name,
		Lines: []string{
			"Burgemeester Jean-Baptiste Vandenbroeckestraat 1234 bus 56",
			"1860 Sint-Pieters-Leeuw (Vlaams-Brabant)",
			"+32 2 555 01 23 · info@onderhoud-noord-oost.example",
		},
		Enterprise: "0123456749",
	}
	sh.Logo = aLogo(t, 900, 40)
	for day := sh.Days.From; day <= sh.Days.To; day++ {
		dd := fmt.Sprintf("%02d ", day-sh.Days.From+1)
		night := s.presence(office, dd+"22:00", "")
		night.Out = &app.Side{At: s.at(dd + "22:00").Add(7*time.Hour + 40*time.Minute), Adjustment: forgotID}
		night.State, night.Worked = app.PresenceComplete, 7*time.Hour+40*time.Minute
		w := s.day(
			s.presence(office, dd+"06:00", dd+"09:00", dd+"07:00", dd+"07:10", dd+"08:00", ""),
			s.presence(school, dd+"10:30", dd+"12:00"),
			s.presence(third, "", dd+"16:00"),
			night,
		)
		w.Night, w.Breaks = 8*time.Hour, 40*time.Minute
		sh.Anomalies = append(sh.Anomalies, OpenAnomaly{Anomaly: app.Anomaly{Day: day}, Caption: "Geen uitgang geregistreerd"})
	}
	sh.Absences = []app.Absence{
		{Kind: "family", Days: app.Days{From: app.NewDate(2026, 10, 5), To: app.NewDate(2026, 10, 5)}, Hours: app.Hours{From: 16 * 60, To: 18 * 60}},
	}
	sh.Adjustments = []app.Adjustment{
		{
			ID:     forgotID,
			Kind:   app.AdjustOut,
			SiteID: office,
			Reason: "forgot",
			Note:   "Gezien door de huisbewaarder, die de deur achter haar gesloten heeft en dat ’s anderendaags heeft bevestigd.",
			By:     "Łukasz Żak-Wiśniewski",
			At:     s.at("09 10:00"),
		},
		{ID: brokenID, Kind: app.AdjustPresence, SiteID: school, Reason: "box-broken", By: "Els", At: s.at("27 10:00")},
	}
	late := lateDay(s)
	late.Day = app.NewDate(2026, 9, 5)
	sh.Additions = append(sh.Additions, late)
	return s
}

// hardGroup is a group of people with such months.
func hardGroup(t testing.TB, kind PaperKind) Group {
	first := hardMonth(t).sheet
	g := Group{Kind: kind, Subject: office, Name: "Gemeentelijk Administratief Centrum Sint-Katelijne-Waver, blok B", Site: first.Sites[office],
		Client: first.Clients["c1"].Name, Days: first.Days, Letterhead: first.Letterhead, Logo: aLogo(t, 40, 400), Environment: app.Production, Program: "Klokkast 0.1.0"}
	g.Site.Address = app.Address{
		Street:       "Burgemeester Jean-Baptiste Vandenbroeckestraat",
		HouseNumber:  "1234",
		BoxNumber:    "56",
		PostCode:     "1860",
		Municipality: "Sint-Pieters-Leeuw",
	}
	for i := range 3 {
		s := hardMonth(t).sheet
		s.Worker.ID, s.RevealSSIN = app.ID(fmt.Sprint("w", i)), kind == OfTeam
		s.Employer.ID = app.ID(fmt.Sprint("e", i))
		g.Sheets = append(g.Sheets, s)
	}
	return g
}

func aLogo(t testing.TB, w, h int) []byte {
	t.Helper()
	pic := image.NewGray(image.Rect(0, 0, w, h))
	for i := range pic.Pix {
		pic.Pix[i] = color.Gray{uint8(i % 7 * 30)}.Y
	}
	var b bytes.Buffer
	if err := png.Encode(&b, pic); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
