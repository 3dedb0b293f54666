package office_test

import (
	"errors"
	"os"
	"testing"

	"klokkast/app"
	"klokkast/app/documents"
	"klokkast/app/papers"
)

func TestAnInspectionSheetOfNow(t *testing.T) {
	b := newBench(t)
	must[int](t)(b.read(tap{"04A1", "2026-11-02 08:00", app.KeyIn}, tap{"04B2", "2026-11-02 08:05", app.KeyIn}, tap{"04B2", "2026-11-02 12:00", app.KeyOut}))
	b.site.Contact = app.Contact{Name: " Els Maes ", Phone: "016 27 20 00"}
	b.site = must[app.Site](t)(b.Sites.SaveSite(t.Context(), b.site, why))
	s := must[*papers.InspectionSheet](t)(b.Papers.InspectionSheet(t.Context(), b.site.ID, b.now))
	if s.Site.Contact != (app.Contact{Name: "Els Maes", Phone: "016 27 20 00"}) || s.Decision.Decision != app.Undecided {
		t.Errorf("%+v", s.Site.Contact)
	}
	if len(s.There.People) != 2 || s.There.Count(app.WhereInside) != 1 || len(s.Employers) != 1 || s.Employers[0].Name != "Blinkend Schoon BV" {
		t.Errorf("there: %+v, employers %+v", s.There.People, s.Employers)
	}
	if len(s.Last) != 3 || s.Last[0].Name != b.bart.Name() || s.Last[0].Type != app.RegisterOut || s.Last[0].Held == "" {
		t.Errorf("last: %+v", s.Last)
	}
	path := must[string](t)(b.Papers.WriteInspectionSheet(t.Context(), b.site.ID, b.now, documents.PaperOptions{Out: t.TempDir()}))
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Errorf("%v", err)
	}
	var none *app.NotFoundError
	if _, err := b.Papers.InspectionSheet(t.Context(), "nowhere", b.now); !errors.As(err, &none) {
		t.Errorf("no such site: %v", err)
	}
}

func TestAWrongPhoneNumberIsRefused(t *testing.T) {
	b := newBench(t)
	b.site.Contact.Phone = "bel Els"
	var wrong *app.FieldError
	if _, err := b.Sites.SaveSite(t.Context(), b.site, why); !errors.As(err, &wrong) || wrong.Field != "contactPhone" || wrong.Code != "phone.format" {
		t.Errorf("%v", err)
	}
}
