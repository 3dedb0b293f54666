package settings

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/derived"
	"klokkast/assets"
	"klokkast/ui/officetest"
	"klokkast/ui/window/field"
	"klokkast/ui/window/kit"
	"klokkast/ui/window/kit/kittest"
)

func TestTheLetterheadIsKept(t *testing.T) {
	s := kittest.Enter(t, app.English, func(c *officetest.Company) {
		c.Do(c.Office().SetLetterhead(t.Context(), app.Letterhead{Name: "Blinkend Schoon BV",
			Lines: []string{"Stationsstraat 12", "2800 Mechelen"}, Enterprise: "0123456749"}, nil, officetest.Why))
	})
	logo := officetest.OnStick(t, "logo.png", string(assets.IconPNG()))
	AskLetterhead(s.Host, s.Office)
	s.Types("letterhead.name", "De Zwaluw bv")
	s.Types("letterhead.logo", logo)
	s.Host.Form.Submit()
	if s.Top() != nil {
		t.Fatalf("not kept: %s", s.Texts())
	}
	kept := s.Office.Settings().Letterhead
	hash := kept.Logo
	kept.Logo = ""
	if want := (app.Letterhead{Name: "De Zwaluw bv", Lines: []string{"Stationsstraat 12", "2800 Mechelen"},
		Enterprise: "0123456749"}); !reflect.DeepEqual(kept, want) || hash == "" {
		t.Errorf("kept %+v and the logo %q", kept, hash)
	}
}

func TestAThresholdIsTypedWithItsUnitAndTakenBack(t *testing.T) {
	s := kittest.Enter(t, app.Dutch)
	kept := func() app.Thresholds {
		for _, r := range kittest.MustBe(s.Own().Sites.Rows(t.Context()))(t) {
			if r.Site.ID == s.Company.Site.ID {
				return r.Site.Thresholds
			}
		}
		return nil
	}
	l := kit.ShowThresholds(s.Host, s.Office, derived.ThresholdOwner{Site: s.Company.Site.ID}, "x")
	all := kittest.MustBe(s.Own().Derived.Thresholds(t.Context(), derived.ThresholdOwner{Site: s.Company.Site.ID}))(t)
	if n := len(l.Grid.Shown()); n != len(all) || n < 20 {
		t.Fatalf("%d rows of %d", n, len(all))
	}
	l.Grid.Select(string(attendance.ShortBelow))
	if r, _ := l.Grid.Current(); r.Holds != "3 uur" || r.From != "Standaard" || !l.Reset.Disabled() {
		t.Errorf("row %+v", r)
	}
	l.Ask()
	value := s.Host.Form.Row("threshold").Control.(*field.Entry)
	for _, wrong := range []string{"2", "veel"} {
		value.SetText(wrong)
		test.Tap(s.Host.Form.Save)
		if p := s.Host.Form.Row("threshold").Problem; !p.Visible() || !strings.Contains(p.Text, "3 uur") {
			t.Errorf("%q: %q", wrong, p.Text)
		}
	}
	value.SetText("2 uur 30 minuten")
	test.Tap(s.Host.Form.Save)
	if got := kept()[attendance.ShortBelow]; got != 9_000_000 {
		t.Fatalf("kept %d", got)
	}
	r, _ := l.Grid.Current()
	if r.Holds != "2 uur 30 minuten" || r.From != "Werf" || l.Reset.Disabled() {
		t.Errorf("row %+v", r)
	}
	test.Tap(l.Reset)
	if r, _ := l.Grid.Current(); len(kept()) != 0 || r.Holds != "3 uur" {
		t.Errorf("after taking back: %v, %+v", kept(), r)
	}
}

func TestHolidaysAreTypedAsDays(t *testing.T) {
	s := kittest.Enter(t, app.Dutch, func(c *officetest.Company) { c.Do(c.Office().SetHolidays(t.Context(), "07-11", nil, officetest.Why)) })
	AskHolidays(s.Host, s.Office)
	f := s.Host.Form
	extra, list := f.Row("extraHoliday").Control.(*field.Entry), f.Row("replacements").Control.(*widget.Entry)
	if extra.Text != "11/07" {
		t.Errorf("the company's day is shown as %q", extra.Text)
	}
	extra.SetText("31/6")
	list.SetText("soon")
	test.Tap(f.Save)
	if !f.Row("extraHoliday").Problem.Visible() || !f.Row("replacements").Problem.Visible() || s.Office.Settings().ExtraHoliday != "07-11" {
		t.Error("what is no day was kept")
	}
	extra.SetText("21/7")
	list.SetText("2/11/2026\n2027-05-03")
	test.Tap(f.Save)
	kept := s.Office.Settings()
	if want := []app.Date{app.NewDate(2026, 11, 2), app.NewDate(2027, 5, 3)}; kept.ExtraHoliday != "07-21" || !slices.Equal(kept.Replacements, want) {
		t.Errorf("kept %q and %v: %s", kept.ExtraHoliday, kept.Replacements, s.Texts())
	}
}

func TestTheFormsOfTheCompanyOpen(t *testing.T) {
	for _, l := range []app.Language{app.Dutch, app.German} {
		s := kittest.Enter(t, l)
		for name, ask := range map[string]func(){
			"holidays": func() { AskHolidays(s.Host, s.Office) }, "letterhead": func() { AskLetterhead(s.Host, s.Office) },
		} {
			s.Host.Form = nil
			if ask(); s.Host.Form == nil {
				t.Errorf("%s opened no form", name)
				continue
			}
			s.Host.Form.Close()
		}
		s.NoMissing()
	}
}
