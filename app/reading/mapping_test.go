package reading_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/reading"
)

const aMapping = `{"separator":";","skip":1,"badge":{"from":2},"badgeForm":"pin","date":{"from":3},"clock":{"from":4},
	"layout":"DD/MM/YYYY hh:mm","status":{"from":5},"keys":{"IN":"in","UIT":"out"}}`

func TestParseMapping(t *testing.T) {
	got, err := reading.ParseMapping(strings.NewReader("\xEF\xBB\xBF" + aMapping + "\n"))
	want := reading.Mapping{
		Separator: ";", Skip: 1, Badge: reading.Column{From: 2}, BadgeForm: reading.BadgePIN, Date: reading.Column{From: 3}, Clock: reading.Column{From: 4},
		Layout: "DD/MM/YYYY hh:mm", Status: reading.Column{From: 5}, Keys: reading.Keys{"IN": app.KeyIn, "UIT": app.KeyOut},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
	for name, text := range map[string]string{
		"nothing": "", "no JSON": "badge=2", "a field that mappings do not have": strings.Replace(aMapping, "skip", "skipp", 1), "two of them": aMapping + aMapping,
		"a key that is none": strings.Replace(aMapping, `"in"`, `"inn"`, 1), "too long": `{"layout":"` + strings.Repeat(" ", 70_000) + `"}`,
	} {
		if _, err := reading.ParseMapping(strings.NewReader(text)); !errors.Is(err, reading.ErrNotMapping) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var field *app.FieldError
	if _, err := reading.ParseMapping(strings.NewReader("{}")); !errors.As(err, &field) || field.Field != "badgeColumn" {
		t.Errorf("an empty mapping: %v", err)
	}
}

// What people write in their own language for day, month, year and hour.
func TestLayoutsOfFourLanguages(t *testing.T) {
	for layout, want := range map[string]string{
		"DD/MM/YYYY hh:mm":    "02/01/2006 15:04",
		"dd/mm/jjjj uu:mm:ss": "02/01/2006 15:04:05",
		"jj/mm/aaaa hh:mm":    "02/01/2006 15:04",
		"TT.MM.JJJJ HH:MM":    "02.01.2006 15:04",
		"dd-mm-yy hh:mm":      "02-01-06 15:04",
		"YYYY-MM-DDThh:mm:ss": "2006-01-02T15:04:05",
		"hh:mm DD/MM/YYYY":    "15:04 02/01/2006",
		"YYYYMMDDhhmmss":      "20060102150405",
	} {
		if got, err := (reading.Mapping{Layout: layout}).TimeLayout(); err != nil || got != want {
			t.Errorf("%s: %q, %v", layout, got, err)
		}
	}
	for _, layout := range []string{"", "DD/MM hh:mm", "DD/DD/MM/YYYY hh:mm", "DD/MM/YYYY hh", "DD/MM/YYYY at hh:mm", "2006-01-02 15:04"} {
		if got, err := (reading.Mapping{Layout: layout}).TimeLayout(); err == nil {
			t.Errorf("%s: taken as %q", layout, got)
		}
	}
}

// Any bytes: no panic, and what is taken is the same mapping when written and read again.
func FuzzMapping(f *testing.F) {
	f.Add([]byte(aMapping))
	f.Add([]byte(`{"badge":{"from":1,"width":6},"badgeForm":"card-hex","date":{"from":7,"width":13},"layout":"jjjjmmdd uumm","latin":true}`))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := reading.ParseMapping(strings.NewReader(string(b)))
		if err != nil {
			return
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := reading.ParseMapping(strings.NewReader(string(again)))
		if err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		twice, _ := json.Marshal(back)
		if string(twice) != string(again) {
			t.Errorf("%s became %s", again, twice)
		}
	})
}
