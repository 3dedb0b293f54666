package sites

import (
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"klokkast/app"
	"klokkast/app/derived"
	"klokkast/app/documents"
	"klokkast/app/papers"
	"klokkast/ui/officetest"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

func theSites(t *testing.T, l app.Language, prepare ...func(*officetest.Company)) (*kittest.Stage, *Screen) {
	t.Helper()
	s := kittest.Enter(t, l, prepare...)
	p := kittest.Shows(s, New(s.Host, s.Office))
	p.grid.Select(string(s.Company.Site.ID))
	return s, p
}

func TestPapersAreReplacedOnlyWhenThePersonSaysSo(t *testing.T) {
	s, p := theSites(t, app.English, kittest.AWeekOf)
	var opened string
	s.Host.Open = func(path string) error { opened = path; return nil }
	declared := s.Company.Declared
	declared.SelfAddress = "https://nsso.example.be/q"
	kittest.MustBe(s.Own().Sites.SaveDeclaration(t.Context(), declared, officetest.Why))(t)
	for _, print := range []func(){
		func() { p.askPresenceList(); s.Host.Form.Submit() },
		func() { p.askPoster(); s.Host.Form.Submit() },
		func() {
			s.Host.PrintChart(s.Office, documents.ChartQuestion{Kind: papers.SiteHours, Subject: string(s.Company.Site.ID), Days: app.Month{Year: 2026, Month: 11}.Days()})
		},
	} {
		s.Host.Export = t.TempDir()
		print()
		path := s.Somebodys(".pdf")
		opened = ""
		print()
		s.AsksAbout(path, "Replace")
		if filepath.Base(opened) != filepath.Base(path) {
			t.Errorf("opened %q, not %q", opened, path)
		}
	}
}

// A chart opens from its page; what is drawn follows the size.
func TestAChartOpensAndIsDrawn(t *testing.T) {
	s, p := theSites(t, app.Dutch)
	test.Tap(p.hours)
	if s.Top() == nil {
		t.Error("nothing is shown")
	}
	hours := &papers.Hours{DaysCounted: 1}
	hours.PresentMinutes[8] = 60
	view := kit.NewPlotView()
	view.Set(hours.Plot(s.Host.Texts))
	r := test.WidgetRenderer(view)
	view.Resize(fyne.NewSize(600, 300))
	full := len(r.Objects())
	view.Set((&papers.Hours{}).Plot(s.Host.Texts))
	if empty := len(r.Objects()); full < 30 || empty == 0 || empty > 4 {
		t.Errorf("%d objects of a full plot, %d of an empty one", full, empty)
	}
	for _, o := range r.Objects() {
		if o.Position().X < 0 || o.Position().X+o.Size().Width > 600 {
			t.Errorf("a text reaches from %v over %v", o.Position(), o.Size())
		}
	}
}
func TestParseCoordinates(t *testing.T) {
	for _, text := range []string{"50.87959, 4.70093", "50.87959 4.70093", "50,87959; 4,70093", "50,87959 4,70093", "50.87959,4.70093"} {
		if c, err := parseCoordinates(text); err != nil || c == nil || c.Latitude != 50.87959 || c.Longitude != 4.70093 {
			t.Errorf("%q: %v, %v", text, c, err)
		}
	}
	if c, err := parseCoordinates(" "); c != nil || err != nil {
		t.Errorf("nothing gives %v, %v", c, err)
	}
	for _, text := range []string{"50.8", "a, b", "1, 2, 3"} {
		if c, err := parseCoordinates(text); err == nil {
			t.Errorf("%q: %v", text, c)
		}
	}
}

func TestTheSitesScreen(t *testing.T) {
	kittest.Holds(t, kittest.Script[*Screen]{
		Open: func(s *kittest.Stage) *Screen { return New(s.Host, s.Office) },
		Ready: func(s *kittest.Stage, p *Screen) {
			p.grid.Select(string(s.Company.Site.ID))
			if rows := p.declarations.Shown(); len(rows) > 0 {
				p.declarations.Select(rows[0].key)
			}
			if rows := p.placements.Shown(); len(rows) > 0 {
				p.placements.Select(rows[0].key)
			}
		},
		Rows: func(p *Screen) map[string]int {
			return map[string]int{"sites": len(p.grid.Shown()), "declarations": len(p.declarations.Shown()), "placements": len(p.placements.Shown())}
		},
		Forms: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"site": func() { p.askSite(true) }, "end site": p.askEnd, "decision": p.askDecision, "declaration": func() { p.askDeclaration(true) },
				"new declaration": func() { p.askDeclaration(false) }, "place box": p.askPlace, "end box": p.askEndPlacement,
				"poster": p.askPoster,
			}
		},
		Dialogs: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){
				"thresholds": func() { kit.ShowThresholds(s.Host, p.desk, derived.ThresholdOwner{Site: s.Company.Site.ID}, "x") },
				"chart":      func() { s.Host.ShowChart(p.desk, papers.SiteHours, string(s.Company.Site.ID), "x") },
			}
		},
		Lists: func(s *kittest.Stage, p *Screen) map[string]func() {
			return map[string]func(){"a list": func() { s.Host.ImportList("x", p.desk.Files.ImportSites) }}
		},
	})
}
