package timesheet

import (
	"regexp"
	"testing"
	"time"

	"klokkast/app"
)

var november = app.Month{Year: 2026, Month: time.November}.Days()

func TestFileName(t *testing.T) {
	for _, c := range []struct {
		family, given, staff string
		want                 string
	}{
		{"Peeters", "An", "1042", "2026-11-peeters-an-1042-005c3f9a.pdf"},
		{"Żółć", "Łukasz", "", "2026-11-zolc-lukasz-005c3f9a.pdf"},
		{"Groß", "Çağrı", "A/7", "2026-11-gross-cagri-a-7-005c3f9a.pdf"},
		{"D'Hondt", "Zoë-Émilie", "", "2026-11-dhondt-zoe-emilie-005c3f9a.pdf"},
		{"../../etc", "passwd", "", "2026-11-etc-passwd-005c3f9a.pdf"},
		{"CON", "", "", "2026-11-con-005c3f9a.pdf"},
		{"Жанна", "", "", "2026-11-005c3f9a.pdf"},
	} {
		w := app.Worker{FamilyName: c.family, GivenName: c.given, StaffNumber: c.staff}
		if got := FileName(november, w, engagementID, "pdf"); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.family, c.given, got, c.want)
		}
	}
	week := app.Days{From: app.NewDate(2026, 11, 23), To: app.NewDate(2026, 11, 29)}
	if got := FileName(week, app.Worker{FamilyName: "Peeters"}, engagementID, "pdf"); got != "2026-11-23-to-2026-11-29-peeters-005c3f9a.pdf" {
		t.Errorf("a week: %s", got)
	}
	a := FileName(november, app.Worker{FamilyName: "Peeters"}, engagementID, "pdf")
	if b := FileName(november, app.Worker{FamilyName: "Peeters"}, otherID, "pdf"); a == b {
		t.Errorf("two engagements share %s", a)
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("Peeters", "An", "1042")
	f.Add("..\\nul", "aux.txt", "/")
	f.Add("\x00\u202e", "ﬁ½", "ß")
	safe := regexp.MustCompile(`^2026-11(-[a-z0-9]+)*-005c3f9a\.pdf$`)
	f.Fuzz(func(t *testing.T, family, given, staff string) {
		got := FileName(november, app.Worker{FamilyName: family, GivenName: given, StaffNumber: staff}, engagementID, "pdf")
		if !safe.MatchString(got) || len(got) > 85 {
			t.Errorf("%q", got)
		}
	})
}

func TestCell(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Peeters An": "Peeters An", "a=b": "a=b",
		"=HYPERLINK(1)": "'=HYPERLINK(1)", "+32": "'+32", "-1": "'-1", "@sum": "'@sum", "\tx": "'\tx", "\rx": "'\rx", "\nx": "'\nx",
		"  =1+1": "'  =1+1", "\u00a0+1": "'\u00a0+1", "\ufeff@x": "'\ufeff@x", "\u200b-1": "'\u200b-1",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", "  - x": "'  - x", "  x": "  x",
	} {
		if got := Cell(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
