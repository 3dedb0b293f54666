package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klokkast/app"
	"klokkast/app/ciao/register"
	"klokkast/ui/officetest"
)

// A site's phones from the first list to the last word: taken in, listed, decided, taken back; and others' people apart.
func TestPhonesOnACommandLine(t *testing.T) {
	c := officetest.New(t)
	c.AtRegister()
	site := c.Site
	site.Phones = true
	_, err := c.Office().Sites.SaveSite(t.Context(), site, "test")
	c.Do(err)
	c.Subcontractor.Enterprise = "0206731645"
	_, err = c.Office().Staff.SaveEmployer(t.Context(), c.Subcontractor, "test")
	c.Do(err)
	c.Read()
	list := filepath.Join(t.TempDir(), "rsz.csv")
	text := "id;datum;uur;soort;INSZ;aangifte van werken;werkgever\n" +
		"9007199254741000;20/11/2026;06:58:12;IN;" + officetest.AnnaSSIN + ";" + officetest.Declaration + ";" + c.Firm.Enterprise + "\n" +
		"9007199254741001;20/11/2026;11:02:00;OUT;" + officetest.AnnaSSIN + ";" + officetest.Declaration + ";" + c.Firm.Enterprise + "\n" +
		"9007199254741002;20/11/2026;07:00:00;IN;05011512353;" + officetest.Declaration + ";" + c.Subcontractor.Enterprise + "\n"
	c.Do(os.WriteFile(list, []byte(text), 0o600))
	run := func(args ...string) (string, int) { return told(t, c, args...) }

	if out, code := run("ciao", "import", list, "--up-to", "2026-11-22T18:00", "--json"); code != 0 {
		t.Fatal(out)
	} else {
		var got listJSON
		c.Do(json.Unmarshal([]byte(out), &got))
		if got.New != 3 || len(got.Sites) != 1 || got.Sites[0] != c.Site.ID || got.ReadTo != c.At("2026-11-22 18:00") {
			t.Errorf("%+v", got)
		}
	}
	out, _ := run("ciao", "entry", "list", "--month", "2026-11", "--json")
	var entries entriesJSON
	c.Do(json.Unmarshal([]byte(out), &entries))
	if len(entries.Entries) != 2 || entries.Entries[0].State != app.EntryRegistered || entries.Entries[1].Worker != "Peeters Anna" {
		t.Errorf("%+v", entries.Entries)
	}
	if strings.Contains(out, officetest.AnnaSSIN) || strings.Contains(out, "05011512353") {
		t.Error("a number stands in the answer")
	}
	out, _ = run("ciao", "others", "--month", "2026-11", "--json")
	var others othersJSON
	c.Do(json.Unmarshal([]byte(out), &others))
	if len(others.Others) != 1 || others.Others[0].EmployerName != c.Subcontractor.Name || others.Others[0].Who != "050*****53" {
		t.Errorf("%+v", others.Others)
	}
	if out, code := run("ciao", "others", "--month", "2026-12", "--summary"); code != 1 || !strings.Contains(out, c.Subcontractor.Name) {
		t.Errorf("%d %s", code, out)
	}
	csv := filepath.Join(t.TempDir(), "others.csv")
	if out, code := run("ciao", "others", "--month", "2026-11", "--csv", csv); code != 0 {
		t.Error(out)
	} else if b, err := os.ReadFile(csv); err != nil || !strings.Contains(string(b), "050*****53") {
		t.Errorf("%s %v", b, err)
	}
	if out, code := run("ciao", "phones", "checked", c.Site.Name, "--up-to", "2026-11-23T11:00", "--why", "bij de RSZ gekeken"); code != 0 {
		t.Error(out)
	}
	out, _ = run("ciao", "phones", "list", "--json")
	var phones phonesListJSON
	c.Do(json.Unmarshal([]byte(out), &phones))
	if len(phones.Sites) != 1 || phones.Sites[0].ReadTo != c.At("2026-11-23 11:00") || phones.Sites[0].Registered != 2 {
		t.Errorf("%+v", phones)
	}
	if out, code := run("ciao", "phones", "withdraw", string(phones.Sites[0].Last.ID)); code != 0 {
		t.Error(out)
	}
	if out, code := run("ciao", "entry", "decide", "9007199254741000", "--as", "box", "--why", "de prikklok"); code != 0 {
		t.Error(out)
	}
	if out, code := run("import", "undo", "last", "--why", "wrong list"); code != 0 {
		t.Error(out)
	}
	out, _ = run("ciao", "entry", "list", "--month", "2026-11", "--json")
	c.Do(json.Unmarshal([]byte(out), &entries))
	for _, e := range entries.Entries {
		if !e.Withdrawn {
			t.Errorf("%+v", e)
		}
	}
}

func TestConsultOnACommandLine(t *testing.T) {
	c := officetest.New(t)
	reg := c.AtRegister()
	if out, code := told(t, c, "ciao", "consult"); code != 1 || !strings.Contains(out, "--phones") {
		t.Errorf("%d %s", code, out)
	}
	c.Now = c.Now.Add(11 * time.Minute) // what others registered was asked about: at most every 10 min
	site := c.Site
	site.Phones = true
	_, err := c.Office().Sites.SaveSite(t.Context(), site, "test")
	c.Do(err)
	_, err = reg.Phone(register.Phoned{SSIN: officetest.AnnaSSIN, Type: app.RegisterIn, Time: c.At("2026-11-23 07:00").Time(),
		Declaration: officetest.Declaration, Employer: c.Firm.Enterprise})
	c.Do(err)
	if out, code := told(t, c, "ciao", "consult", "--json"); code != 0 || !strings.Contains(out, `"by": "declaration"`) || !strings.Contains(out, `"new": 1`) {
		t.Errorf("%d %s", code, out)
	}
	if out, code := told(t, c, "ciao", "consult"); code != 1 || strings.Contains(out, "{{") {
		t.Errorf("%d %s", code, out)
	}
}

// told gives what a command said, on either stream, and its exit code.
func told(t *testing.T, c *officetest.Company, args ...string) (string, int) {
	t.Helper()
	got := klokkast(t, c, nil, args...)
	return got.out + got.err, got.code
}
