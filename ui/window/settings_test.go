package window

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"klokkast/app"
	"klokkast/app/attendance"
	"klokkast/app/office"
	"klokkast/assets"
	"klokkast/ui/officetest"
	"klokkast/ui/window/field"
)

func TestTheLetterheadIsKept(t *testing.T) {
	s := enter(t, app.English, func(c *officetest.Company) {
		c.Do(c.Office().SetLetterhead(t.Context(), app.Letterhead{Name: "Blinkend Schoon BV", Lines: []string{"Stationsstraat 12", "2800 Mechelen"}, Enterprise: "0123456749"}, nil, officetest.Why))
	})
	logo := officetest.OnStick(t, "logo.png", string(assets.IconPNG()))
	askLetterhead(s.h, s.office)
	s.types("letterhead.name", "De Zwaluw bv")
	s.types("letterhead.logo", logo)
	s.h.form.submit()
	if s.top() != nil {
		t.Fatalf("not kept: %s", s.texts())
	}
	kept := s.office.Settings().Letterhead
	hash := kept.Logo
	kept.Logo = ""
	if want := (app.Letterhead{Name: "De Zwaluw bv", Lines: []string{"Stationsstraat 12", "2800 Mechelen"}, Enterprise: "0123456749"}); !reflect.DeepEqual(kept, want) || hash == "" {
		t.Errorf("kept %+v and the logo %q", kept, hash)
	}
}

func TestAThresholdIsTypedWithItsUnitAndTakenBack(t *testing.T) {
	s := enter(t, app.Dutch)
	kept := func() app.Thresholds {
		for _, r := range mustBe(s.own().SiteRows(t.Context()))(t) {
			if r.Site.ID == s.c.Site.ID {
				return r.Site.Thresholds
			}
		}
		return nil
	}
	l := showThresholds(s.h, s.office, office.ThresholdOwner{Site: s.c.Site.ID}, "x")
	all := mustBe(s.own().Thresholds(t.Context(), office.ThresholdOwner{Site: s.c.Site.ID}))(t)
	if n := len(l.grid.Shown()); n != len(all) || n < 20 {
		t.Fatalf("%d rows of %d", n, len(all))
	}
	l.grid.Select(string(attendance.ShortBelow))
	if r, _ := l.grid.Current(); r.holds != "3 uur" || r.from != "Standaard" || !l.reset.Disabled() {
		t.Errorf("row %+v", r)
	}
	l.ask()
	value := s.h.form.row("threshold").control.(*field.Entry)
	for _, wrong := range []string{"2", "veel"} {
		value.SetText(wrong)
		test.Tap(s.h.form.save)
		if p := s.h.form.row("threshold").problem; !p.Visible() || !strings.Contains(p.Text, "3 uur") {
			t.Errorf("%q: %q", wrong, p.Text)
		}
	}
	value.SetText("2 uur 30 minuten")
	test.Tap(s.h.form.save)
	if got := kept()[attendance.ShortBelow]; got != 9_000_000 {
		t.Fatalf("kept %d", got)
	}
	r, _ := l.grid.Current()
	if r.holds != "2 uur 30 minuten" || r.from != "Werf" || l.reset.Disabled() {
		t.Errorf("row %+v", r)
	}
	test.Tap(l.reset)
	if r, _ := l.grid.Current(); len(kept()) != 0 || r.holds != "3 uur" {
		t.Errorf("after taking back: %v, %+v", kept(), r)
	}
}

func TestHolidaysAreTypedAsDays(t *testing.T) {
	s := enter(t, app.Dutch, func(c *officetest.Company) { c.Do(c.Office().SetHolidays(t.Context(), "07-11", nil, officetest.Why)) })
	askHolidays(s.h, s.office)
	f := s.h.form
	extra, list := f.row("extraHoliday").control.(*field.Entry), f.row("replacements").control.(*widget.Entry)
	if extra.Text != "11/07" {
		t.Errorf("the company's day is shown as %q", extra.Text)
	}
	extra.SetText("31/6")
	list.SetText("soon")
	test.Tap(f.save)
	if !f.row("extraHoliday").problem.Visible() || !f.row("replacements").problem.Visible() || s.office.Settings().ExtraHoliday != "07-11" {
		t.Error("what is no day was kept")
	}
	extra.SetText("21/7")
	list.SetText("2/11/2026\n2027-05-03")
	test.Tap(f.save)
	kept := s.office.Settings()
	if want := []app.Date{app.NewDate(2026, 11, 2), app.NewDate(2027, 5, 3)}; kept.ExtraHoliday != "07-21" || !slices.Equal(kept.Replacements, want) {
		t.Errorf("kept %q and %v: %s", kept.ExtraHoliday, kept.Replacements, s.texts())
	}
}

func TestTheFormsOfTheCompanyOpen(t *testing.T) {
	for _, l := range []app.Language{app.Dutch, app.German} {
		s := enter(t, l)
		for name, ask := range map[string]func(){
			"holidays": func() { askHolidays(s.h, s.office) }, "letterhead": func() { askLetterhead(s.h, s.office) },
		} {
			s.h.form = nil
			if ask(); s.h.form == nil {
				t.Errorf("%s opened no form", name)
				continue
			}
			s.h.form.close()
		}
		s.noMissing()
	}
}
