package text_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"klokkast/app"
	"klokkast/app/text"
)

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

// small is a catalogue of one area; German lacks what the tests ask for.
func small(t testing.TB) *text.Catalogue {
	t.Helper()
	c, err := text.Load(folder(map[string]string{
		"demo.nl.json": `{"hello": "Dag", "name": "Naam: {{.Name}}", "day": "op {{.Day}}: {{.Worked}}",
			"boxes": {"one": "{{.Count}} kast", "other": "{{.Count}} kasten"}}`,
		"demo.fr.json": `{"hello": "Bonjour", "boxes": {"one": "{{.Count}} pointeuse", "other": "{{.Count}} pointeuses"}}`,
		"demo.en.json": `{"hello": "Hello", "name": "Name: {{.Name}}", "only.english": "Only {{.Name}}",
			"error.general": "Went wrong: {{.Detail}}", "error.field": "{{.Field}} is wrong, such as {{.Example}}",
			"error.ssin.check": "{{.Field}} does not add up, such as {{.Example}}", "field.ssin": "SSIN",
			"error.cancelled": "Stopped", "error.file.missing": "Not there: {{.Detail}}", "error.box": "Box {{.Box}} is away"}`,
		"demo.de.json": `{}`,
		"README.md":    "left alone",
		"demo.xx.json": "{broken, and left alone",
	}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTexts(t *testing.T) {
	c := small(t)
	nl := c.For(app.Dutch)
	for got, want := range map[string]string{
		nl.T("hello"):                                      "Dag",
		nl.T("name", "Name", "Peeters"):                    "Naam: Peeters",
		nl.T("name", map[string]any{"Name": "{{.Other}}"}): "Naam: {{.Other}}", // values are no templates
		nl.T("day", "Day", app.NewDate(2026, 11, 23), "Worked", 7*time.Hour+52*time.Minute+59*time.Second): "op 23/11/2026: 7:52",
		nl.N("boxes", 1):                                        "1 kast",
		nl.N("boxes", 0):                                        "0 kasten",
		nl.N("boxes", 1234):                                     "1.234 kasten",
		c.For(app.French).N("boxes", 0):                         "0 pointeuse", // nothing is singular in French
		c.For(app.French).N("boxes", 1_000_000):                 "1\u00a0000\u00a0000 pointeuses",
		c.For(app.German).T("hello"):                            "Hello", // English stands in
		c.For("xx").T("hello"):                                  "Hello",
		nl.T("only.english", "Name", app.Secret("85011512355")): "Only 850*****55",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if missing := c.Missing(); missing != nil {
		t.Errorf("missing %v", missing)
	}
	if !nl.Has("hello") || nl.Has("only.english") || nl.Language() != app.Dutch || !slices.Equal(nl.Keys(), []string{"boxes", "day", "hello", "name"}) {
		t.Errorf("Dutch has %v", nl.Keys())
	}
}

func TestMissingIsSeen(t *testing.T) {
	c := small(t)
	if got := c.For(app.Dutch).T("no.such"); got != "[[no.such]]" {
		t.Errorf("got %q", got)
	}
	c.For(app.Dutch).T("name")
	if got := c.Missing(); !slices.Equal(got, []string{"name without a value", "no.such"}) {
		t.Errorf("got %v", got)
	}
}

func TestBrokenFile(t *testing.T) {
	_, err := text.Load(folder(map[string]string{"demo.nl.json": `{"a": `}))
	if err == nil || !strings.Contains(err.Error(), "demo.nl.json") {
		t.Errorf("got %v", err)
	}
}

func TestFormats(t *testing.T) {
	c := small(t)
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	monday, first := app.NewDate(2026, 11, 23), app.NewDate(2026, 3, 1)
	at := app.At(time.Date(2026, 11, 23, 5, 58, 12, 999e6, time.UTC))
	for _, e := range []struct {
		language                                                    app.Language
		date, narrow, long, first, month, at, number, decimal, list string
	}{
		{app.Dutch, "23/11/2026", "ma 23/11", "maandag 23 november 2026", "zondag 1 maart 2026", "november 2026", "23/11/2026 06:58", "-1.234.567", "1.234,50", "a, b en c"},
		{app.French, "23/11/2026", "lu 23/11", "lundi 23 novembre 2026", "dimanche 1er mars 2026", "novembre 2026", "23/11/2026 06:58", "-1\u00a0234\u00a0567", "1\u00a0234,50", "a, b et c"},
		{app.German, "23.11.2026", "Mo 23.11.", "Montag, 23. November 2026", "Sonntag, 1. März 2026", "November 2026", "23.11.2026 06:58", "-1.234.567", "1.234,50", "a, b und c"},
		{app.English, "23/11/2026", "Mon 23/11", "Monday 23 November 2026", "Sunday 1 March 2026", "November 2026", "23/11/2026 06:58", "-1,234,567", "1,234.50", "a, b and c"},
	} {
		tr := c.For(e.language)
		for got, want := range map[string]string{
			tr.Date(monday):                             e.date,
			tr.DayMonth(monday):                         e.narrow,
			tr.LongDate(monday):                         e.long,
			tr.LongDate(first):                          e.first,
			tr.Month(app.MonthOf(monday)):               e.month,
			tr.DateTime(at, brussels):                   e.at,
			tr.DateTimeSeconds(at, brussels):            e.at + ":12",
			tr.Number(-1234567):                         e.number,
			tr.Decimal(1234.5, 2):                       e.decimal,
			tr.List([]string{"a", "b", "c"}):            e.list,
			tr.Days(app.Days{From: monday}):             e.date + " –",
			tr.Days(app.Days{To: monday}):               "– " + e.date,
			tr.Days(app.Days{From: monday, To: monday}): e.date,
		} {
			if got != want {
				t.Errorf("%s: got %q, want %q", e.language, got, want)
			}
		}
	}
	nl := c.For(app.Dutch)
	if nl.Time(at, brussels) != "06:58" || nl.TimeSeconds(at, brussels) != "06:58:12" {
		t.Errorf("time is %s, %s", nl.Time(at, brussels), nl.TimeSeconds(at, brussels))
	}
	if none := nl.Date(0) + nl.LongDate(0) + nl.DayMonth(0) + nl.Days(app.Days{}) + nl.Time(0, brussels) + nl.DateTime(0, brussels) + nl.List(nil); none != "" {
		t.Errorf("what there is not is written as %q", none)
	}
}

// The hour that comes twice, and the one that never comes, are a matter of the zone alone.
func TestTimeWhenTheClockChanges(t *testing.T) {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	nl := small(t).For(app.Dutch)
	for utc, want := range map[time.Time]string{
		time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC): "02:30",
		time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC): "02:30",
		time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC):   "03:00",
	} {
		if got := nl.Time(app.At(utc), brussels); got != want {
			t.Errorf("%s: got %s, want %s", utc, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	nl := small(t).For(app.Dutch)
	for d, want := range map[time.Duration]string{
		0:                 "0:00",
		59 * time.Second:  "0:00",
		-59 * time.Second: "0:00",
		7*time.Hour + 52*time.Minute + 59*time.Second + 999*time.Millisecond: "7:52",
		31*time.Hour + 5*time.Minute:                                         "31:05",
		-5 * time.Minute:                                                     "-0:05",
		-90 * time.Minute:                                                    "-1:30",
		161*time.Hour + time.Minute:                                          "161:01",
	} {
		if got := nl.Duration(d); got != want {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}

type awayError struct{ box string }

func (e awayError) Error() string { return "box " + e.box + " away" }
func (e awayError) TextKey() (string, map[string]any) {
	return "error.box", map[string]any{"Box": e.box}
}

type unknownKeyError struct{ awayError }

func (unknownKeyError) TextKey() (string, map[string]any) { return "error.nobody.wrote", nil }

func TestErrors(t *testing.T) {
	nl := small(t).For(app.Dutch) // English stands in
	check := &app.FieldError{Field: "ssin", Code: "ssin.check", Example: "85.01.15-123.55"}
	for _, e := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{check, "SSIN does not add up, such as 85.01.15-123.55"},
		{fmt.Errorf("save worker: %w", check), "SSIN does not add up, such as 85.01.15-123.55"},
		{&app.FieldError{Field: "ssin", Code: "nobody.wrote", Example: "1"}, "SSIN is wrong, such as 1"},
		{fmt.Errorf("read: %w", awayError{"A"}), "Box A is away"},
		{errors.Join(check, awayError{"A"}), "SSIN does not add up, such as 85.01.15-123.55\nBox A is away"},
		{fmt.Errorf("%w of %w", awayError{"A"}, awayError{"B"}), "Box A is away"},
		{unknownKeyError{awayError{"A"}}, "Went wrong: box A away"},
		{fmt.Errorf("send: %w", context.Canceled), "Stopped"},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, "Not there: open x: file does not exist"},
		{errors.New("register says: ssin 85011512355 unknown"), "Went wrong: register says: ssin 850*****55 unknown"},
	} {
		if got := nl.Error(e.err); got != e.want {
			t.Errorf("%v: got %q, want %q", e.err, got, e.want)
		}
	}
}

func TestChoose(t *testing.T) {
	for locales, want := range map[string]app.Language{
		"nl_BE.UTF-8": app.Dutch, "fr_BE": app.French, "de-AT": app.German, "en_GB.UTF-8": app.English,
		"pt_PT.UTF-8 fr_FR": app.French, "C": app.English, "": app.English, "de_DE@euro nl": app.German,
	} {
		if got := text.Choose(strings.Fields(locales)...); got != want {
			t.Errorf("%q: got %s, want %s", locales, got, want)
		}
	}
}

func TestCheckComplete(t *testing.T) {
	whole := map[string]string{}
	for _, l := range app.Languages {
		whole["a."+string(l)+".json"] = `{"a.x": "x {{.Name}}", "a.n": {"one": "one", "other": "{{.Count}}"}}`
	}
	if wrong := text.CheckComplete(folder(whole)); wrong != nil {
		t.Fatalf("a whole catalogue: %v", wrong)
	}
	for name, e := range map[string]struct{ file, content, want string }{
		"a key too few":          {"a.nl.json", `{"a.x": "x {{.Name}}"}`, "a.nl.json lacks a.n"},
		"a key too many":         {"a.nl.json", `{"a.x": "{{.Name}}", "a.n": {"one": "1", "other": "{{.Count}}"}, "a.y": "y"}`, "a.de.json lacks a.y"},
		"another placeholder":    {"a.fr.json", `{"a.x": "x {{.Nom}}", "a.n": {"one": "1", "other": "{{.Count}}"}}`, "placeholders [Nom], in English [Name]"},
		"no plural":              {"a.de.json", `{"a.x": "x {{.Name}}", "a.n": "{{.Count}}"}`, "plural in one language only"},
		"an empty text":          {"a.de.json", `{"a.x": "", "a.n": {"one": "1", "other": "{{.Count}}"}}`, "a.x is empty"},
		"a broken template":      {"a.de.json", `{"a.x": "{{.Name", "a.n": {"one": "1", "other": "{{.Count}}"}}`, "a.x: template"},
		"a language too few":     {"b.nl.json", `{"b.x": "x"}`, "b.fr.json is missing"},
		"a key in two areas":     {"b.en.json", `{"a.x": "x"}`, "key stands in areas a and b"},
		"a file that is no JSON": {"b.en.json", `{`, "b.en.json"},
	} {
		files := map[string]string{}
		for k, v := range whole {
			files[k] = v
		}
		files[e.file] = e.content
		if wrong := strings.Join(text.CheckComplete(folder(files)), "\n"); !strings.Contains(wrong, e.want) {
			t.Errorf("%s: got %q, want %q in it", name, wrong, e.want)
		}
	}
}

// The catalogues as they are shipped, of all areas.
func TestShippedCatalogues(t *testing.T) {
	shipped := os.DirFS("../../assets/translations")
	for _, wrong := range text.CheckComplete(shipped) {
		t.Error(wrong)
	}
	c, err := text.Load(shipped)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range app.Languages {
		if !c.For(l).Has("error.general") || !c.For(l).Has("error.field") {
			t.Errorf("%s lacks the texts that stand in for others", l)
		}
	}
}

func BenchmarkPlain(b *testing.B) {
	nl := small(b).For(app.Dutch)
	for b.Loop() {
		nl.T("hello")
	}
}

func BenchmarkTemplate(b *testing.B) {
	nl := small(b).For(app.Dutch)
	for b.Loop() {
		nl.T("name", "Name", "Peeters")
	}
}

// A language may stand in one file: its keys are those of all areas.
func TestALanguageInOneFile(t *testing.T) {
	area := func(keys ...string) *fstest.MapFile {
		texts := map[string]string{}
		for _, k := range keys {
			texts[k] = "text of " + k
		}
		b, err := json.Marshal(texts)
		if err != nil {
			t.Fatal(err)
		}
		return &fstest.MapFile{Data: b}
	}
	files := fstest.MapFS{"nl.json": area("a.one", "b.two")}
	for _, l := range []string{"fr", "de", "en"} {
		files["a."+l+".json"], files["b."+l+".json"] = area("a.one"), area("b.two")
	}
	if wrong := text.CheckComplete(files); len(wrong) > 0 {
		t.Errorf("whole: %v", wrong)
	}
	c, err := text.Load(files)
	if err != nil || c.For(app.Dutch).T("b.two") != "text of b.two" || len(c.Missing()) > 0 {
		t.Errorf("loaded: %v, missing %v", err, c.Missing())
	}
	files["nl.json"] = area("a.one")
	if wrong := text.CheckComplete(files); len(wrong) != 1 || !strings.Contains(wrong[0], "b.two") {
		t.Errorf("without a text: %v", wrong)
	}
}
