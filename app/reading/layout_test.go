package reading_test

import (
	"testing"
	"time"

	"klokkast/app/reading"
)

// How tables write 2 November 2026, 06:58 and more, in the letters of a layout and those that people use in their own language.
func TestLayouts(t *testing.T) {
	const minute, exact = "2026-11-02T06:58:00Z", "2026-11-02T06:58:12Z"
	for _, c := range []struct{ layout, text, want string }{
		{"DD/MM/YYYY hh:mm", "02/11/2026 06:58", minute},
		{"DD/MM/YYYY hh:mm", "2/11/2026   6:58", minute},
		{"dd/mm/jjjj uu:mm:ss", "02/11/2026 06:58:12", exact},
		{"jj/mm/aaaa hh:mm", "02/11/2026 06:58", minute},
		{"TT.MM.JJJJ HH:MM", "2.11.2026 6:58", minute},
		{"dd-mm-yy hh:mm", "02-11-26 06:58", minute},
		{"MM/DD/YY hh:mm AM", "11/2/26 6:58 AM", minute},
		{"MM/DD/YY hh:mm AM", "11/2/26 6:58p", "2026-11-02T18:58:00Z"},
		{"MM/DD/YY hh:mmAM", "11/2/26 12:58 a.m.", "2026-11-02T00:58:00Z"},
		{"MM/DD/YY hh:mm am/pm", "11/2/26 12:58PM", "2026-11-02T12:58:00Z"},
		{"DD/MM/YYYY AM hh:mm", "2/11/2026 AM 6:58", minute},
		{"DD/MM/YYYY hh:mm AM", "2/11/2026 18:58", "2026-11-02T18:58:00Z"},
		{"YYYY-MM-DDThh:mm:ss", "2026-11-02T06:58:12", exact},
		{"YYYY-MM-DDThh:mm:ssZ", "2026-11-02T07:58:12+01:00", exact},
		{"YYYY-MM-DDThh:mm:ssZ", "2026-11-02T06:58:12Z", exact},
		{"YYYY-MM-DD hh:mm:ss Z", "2026-11-02 07:58:12 CET", exact},
		{"YYYY-MM-DD hh:mm:ss Z", "2026-11-02 01:58:12-0500", exact},
		{"YYYY-MM-DDThh:mm:ssZ", "2026-11-02T06:58:12.250Z", "2026-11-02T06:58:12.25Z"},
		{"hh:mm DD/MM/YYYY", "06:58 02/11/2026", minute},
		{"YYYYMMDDhhmmss", "20261102065812", exact},
		{"DDMMYYYY hhmm", "2112026 658", minute},
		{"YYYY M D h m s", "2026 11 2 6 58 12", exact},
		{"DD MMM YYYY hh:mm", "2 november 2026 06:58", minute},
		{"DD-MMM-YY hh:mm", "02-NOV-26 06:58", minute},
		{"DD MMM YYYY hh:mm", "14 févr. 2026 06:58", "2026-02-14T06:58:00Z"},
		{"DD. MMM YYYY hh:mm", "14. März 2026 06:58", "2026-03-14T06:58:00Z"},
		{"DDD DD MMM YYYY hh:mm", "ma 14 mrt 2026 06:58", "2026-03-14T06:58:00Z"},
		{"DDD, MMM DD, YYYY hh:mm AM", "Monday, November 2, 2026 6:58 AM", minute},
		{"DD/MM/YYYY hh'h'mm", "02/11/2026 6h58", minute},
		{"epoch", "1793602692", exact},
		{"epochms", "1793602692250", "2026-11-02T06:58:12.25Z"},
		{"serial", "46328.290416667", exact},
		{"serial", "46328 0,290416667", exact},
		{"serial hh:mm", "46328 6:58", minute},
		{"DD/MM/YYYY hh:mm", "01/11/2026 24:00", "2026-11-02T00:00:00Z"},
		// What is no time by the layout.
		{"DD/MM/YYYY hh:mm", "31/11/2026 06:58", ""},
		{"DD/MM/YYYY hh:mm", "02/11/2026 25:02", ""},
		{"DD/MM/YYYY hh:mm", "02/11/2026 06:5", ""},
		{"DD/MM/YYYY hh:mm", "02/11/2026 06:58:12", ""},
		{"DD/MM/YYYY hh:mm", "02/11/202 06:58", ""},
		{"DD/MM/YYYY hh:mm", "11-02-2026 06:58", ""},
		{"DD/MM/YYYY hh:mm", "", ""},
		{"MM/DD/YYYY hh:mm AM", "11/02/2026 06:58", ""},
		{"DD MMM YYYY hh:mm", "2 brumaire 2026 06:58", ""},
		{"YYYY-MM-DD hh:mm:ssZ", "2026-11-02 06:58:12", ""},
		{"epoch", "", ""},
		{"epoch", "99999999999", ""},
		{"YYYY-MM-DD hh:mm", "1969-12-31 23:59", ""},
		{"YYYY-MM-DD hh:mm", "2106-01-01 00:00", ""},
	} {
		l, err := reading.ParseLayout(c.layout)
		if err != nil {
			t.Errorf("%s: %v", c.layout, err)
			continue
		}
		got, _, ok := l.Read(c.text)
		if ok != (c.want != "") || ok && got.Format(time.RFC3339Nano) != c.want {
			t.Errorf("%q as %s: %v, %v", c.text, c.layout, got, ok)
		}
	}
	for _, layout := range []string{"", "DD/MM hh:mm", "DD/DD/MM/YYYY hh:mm", "DD/MM/YYYY hh", "DD/MM/YYYY at hh:mm", "2006-01-02 15:04", "epoch hh:mm", "serial DD",
		"DD/MM/YYYY hh'h:mm", "DD/MM/YYYY hh''mm", "MM MMM DD YYYY hh:mm", "DD/MM/YYYY hh:mm \uE000"} {
		if _, err := reading.ParseLayout(layout); err == nil {
			t.Errorf("%s is taken", layout)
		}
	}
}

// Any text by any layout: no panic, and a time that a record can hold.
func FuzzLayout(f *testing.F) {
	f.Add("DD/MM/YYYY hh:mm:ss", "02/11/2026 06:58:12,5")
	f.Add("DDD, MMM D, YY h:mm AM", "Mon., Nov 2, 26 6:58p")
	f.Add("serial", "46328 0,29")
	f.Add("YYYY-MM-DDThh:mm:ssZ", "2026-11-02T06:58:12.1+01:00")
	f.Fuzz(func(t *testing.T, layout, text string) {
		l, err := reading.ParseLayout(layout)
		if err != nil {
			return
		}
		if at, _, ok := l.Read(text); ok && (at.Year() < 1970 || at.Year() > 2105) {
			t.Errorf("%q by %q: %v", text, layout, at)
		}
	})
}
