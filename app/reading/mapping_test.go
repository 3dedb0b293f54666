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

// The field of earlier versions for Windows-1252 is still read.
func TestAMappingOfEarlier(t *testing.T) {
	text := strings.Replace(aMapping, `"skip":1`, `"skip":1,"latin":true`, 1)
	got, err := reading.ParseMapping(strings.NewReader(text))
	if err != nil || got.Encoding != reading.Windows1252 {
		t.Error(got.Encoding, err)
	}
	var stored reading.Mapping
	if err := json.Unmarshal([]byte(text), &stored); err != nil || stored.Encoding != reading.Windows1252 || stored.Badge.From != 2 {
		t.Errorf("%+v, %v", stored, err)
	}
}

func TestKeysOf(t *testing.T) {
	keys := reading.Keys{"In": app.KeyIn, "1": app.KeyOut, "Pauze begin": app.KeyBreakStart, "x": app.KeyNone}
	for status, want := range map[string]app.PunchKey{"In": app.KeyIn, "IN": app.KeyIn, "01": app.KeyOut, "pauze  BEGIN": app.KeyBreakStart, "X": app.KeyNone} {
		if got, named := keys.Of(status); got != want || !named {
			t.Errorf("%q: %v, %v", status, got, named)
		}
	}
	for _, status := range []string{"", "0", "10", "inn"} {
		if got, named := keys.Of(status); got != app.KeyNone || named {
			t.Errorf("%q: %v, %v", status, got, named)
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
