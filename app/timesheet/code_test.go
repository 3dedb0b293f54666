package timesheet

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"klokkast/app"
)

func anyCode(t *rapid.T) PaperCode {
	from := app.NewDate(2000, 1, 1).AddDays(rapid.IntRange(0, 0xFFFF).Draw(t, "from"))
	return PaperCode{
		Kind: rapid.SampledFrom([]PaperKind{OfEngagement, OfSite, OfTeam}).Draw(t, "kind"), Draft: rapid.Bool().Draw(t, "draft"),
		Subject: rapid.StringMatching(`[0-9a-f]{10}`).Draw(t, "subject"), Hash: rapid.StringMatching(`[0-9a-f]{20}`).Draw(t, "hash"),
		Days: app.Days{From: from, To: from.AddDays(rapid.IntRange(0, 400).Draw(t, "days"))}, Version: rapid.IntRange(1, 0xFFFF).Draw(t, "version"),
	}
}

// What is written is read again, however a person types it.
func TestACodeIsReadAsItIsTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCode(t)
		text := c.String()
		if groups := strings.Split(text, "-"); len(groups) != 8 || len(text) != 47 {
			t.Fatalf("%q has %d groups", text, len(groups))
		}
		for _, typed := range []string{text, strings.ToLower(text), strings.ReplaceAll(text, "-", " "), strings.ReplaceAll(text, "-", ""), strings.ReplaceAll(strings.ReplaceAll(text, "0", "o"), "1", "l")} {
			if got, err := ParseCode(typed); err != nil || got != c {
				t.Fatalf("%q is read as %+v, %v; want %+v", typed, got, err, c)
			}
		}
	})
}

// One wrong character, or two that changed places, is told.
func TestAMistypedCodeIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(strings.ReplaceAll(anyCode(t).String(), "-", ""))
		at := rapid.IntRange(0, len(text)-2).Draw(t, "at")
		wrong := append([]byte{}, text...)
		if rapid.Bool().Draw(t, "swap") {
			wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		} else {
			wrong[at] = rapid.SampledFrom([]byte("0123456789ABCDEFGHJKMNPQRSTVWXYZ")).Draw(t, "letter")
		}
		_, err := ParseCode(string(wrong))
		if string(wrong) == string(text) {
			return
		}
		var told *app.FieldError
		if !errors.As(err, &told) || told.Field != "code" {
			t.Fatalf("%s for %s: %v", wrong, text, err)
		}
	})
}

// What people are told a code looks like is one.
func TestTheExampleIsACode(t *testing.T) {
	_, err := ParseCode("")
	var told *app.FieldError
	if !errors.As(err, &told) {
		t.Fatal(err)
	}
	if c, err := ParseCode(told.Example); err != nil || c.Days != november {
		t.Errorf("%s is read as %+v, %v", told.Example, c, err)
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("")
	f.Add("04000-Q1ZK8-K4J00-Y000K-P7RCB-AEJWH-VPH2C-PV9NW")
	f.Add(PaperCode{OfSite, true, "0123456789", november, 3, "00112233445566778899"}.String())
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCode(s); err == nil && c.String() == "" {
			t.Errorf("%q is read as %+v, which cannot be written", s, c)
		}
	})
}

func TestACodeThatCannotBeWrittenIsNone(t *testing.T) {
	good := PaperCode{OfEngagement, false, "0123456789", november, 1, "00112233445566778899"}
	for name, change := range map[string]func(*PaperCode){
		"no kind": func(c *PaperCode) { c.Kind = "" }, "no hash": func(c *PaperCode) { c.Hash = "" },
		"too early": func(c *PaperCode) { c.Days.From = app.NewDate(1999, 12, 31) }, "version": func(c *PaperCode) { c.Version = 1 << 16 },
	} {
		c := good
		change(&c)
		if c.String() != "" {
			t.Errorf("%s: %s", name, c)
		}
	}
}
