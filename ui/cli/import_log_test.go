package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"klokkast/ui/officetest"
)

// A list with bad lines: its account stays, the bad lines come out as a file that can
// be imported again when it is corrected, and the import is taken back as one step.
func TestImportsAreKeptShownAndTakenBack(t *testing.T) {
	c := officetest.New(t)
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	list := file("lijst.csv", "personeelsnummer;hobby;naam;voornaam;insz;in dienst;werkgever;naam werkgever\n"+
		"901;zingen;Oost;Ine;;01/09/2024;0206731645;Glans NV\n"+
		"902;\"dans; zang\";West;Jo;93.05.18-223.62;01/09/2024;0206731645;Glans NV\n")
	before := at(t, object(t, klokkast(t, c, nil, "staff", "list", "--json").out), "workers").([]any)
	got := klokkast(t, c, nil, "--lang", "en", "staff", "import", list)
	wantText(t, got.out, "930*****62", "1 new, 0 changed, 0 same, 1 refused", "import undo ")
	if got.code != ExitFailed || strings.Contains(got.out, "93.05.18-223.62") {
		t.Errorf("code %d, %s", got.code, got.out)
	}
	all := object(t, klokkast(t, c, nil, "import", "list", "--json").out)
	want(t, all, map[string]any{"imports.0.kind": "staff", "imports.0.file": "lijst.csv", "imports.0.lines": 2, "imports.0.new": 1, "imports.0.refused": 1})
	id := at(t, all, "imports.0.id").(string)
	want(t, object(t, klokkast(t, c, nil, "import", "show", id[len(id)-8:], "--json").out), map[string]any{
		"import.id": id, "rows.0.who": "Oost Ine", "problems.0.line": 3, "problems.0.column": "insz", "problems.0.value": "930*****62",
		"problems.0.code": "ssin.check", "problems.0.example": "85.01.15-123.55", "notes.0.column": "hobby",
	})
	wantText(t, klokkast(t, c, nil, "--lang", "nl", "import", "show", "last").out, "2 regels gelezen: 1 nieuw", "Het controlegetal van het rijksregisternummer klopt niet")

	corrected := filepath.Join(folder, "fouten.csv")
	want(t, object(t, klokkast(t, c, nil, "import", "refused", "last", "--out", corrected, "--json").out), map[string]any{"lines": 1, "file": corrected})
	text, err := os.ReadFile(corrected)
	if err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffpersoneelsnummer;hobby;naam;voornaam;insz;in dienst;werkgever;naam werkgever\r\n" +
		"902;\"dans; zang\";West;Jo;93.05.18-223.62;01/09/2024;0206731645;Glans NV\r\n"; string(text) != want {
		t.Errorf("the refused lines: %q, want %q", text, want)
	}
	better := file("beter.csv", strings.Replace(string(text), "223.62", "223.61", 1))
	want(t, object(t, klokkast(t, c, nil, "staff", "import", better, "--json").out), map[string]any{"new": 1, "refused": 0})
	if got := klokkast(t, c, nil, "--lang", "en", "import", "refused", "last", "--out", corrected); !strings.Contains(got.out, "nothing was written") {
		t.Errorf("%+v", got)
	}

	preview := object(t, klokkast(t, c, nil, "import", "undo", id, "--dry-run", "--json").out)
	want(t, preview, map[string]any{"preview": true, "taken.0.kind": "engagement", "taken.0.how": "removed", "taken.0.name": "Oost Ine"})
	done := object(t, klokkast(t, c, nil, "import", "undo", id, "--why", "the wrong list", "--json").out)
	want(t, done, map[string]any{
		"preview": false, "import.undone.0.why": "the wrong list", "import.undone.0.taken": 2, "left.0.kind": "employer", "left.0.reasons.0.code": "import",
	})
	if len(at(t, done, "taken").([]any)) != 2 {
		t.Errorf("%v", done)
	}
	klokkast(t, c, nil, "import", "undo", "last")
	after := at(t, object(t, klokkast(t, c, nil, "staff", "list", "--json").out), "workers").([]any)
	if len(after) != len(before) {
		t.Errorf("%d people, not %d", len(after), len(before))
	}
	wantText(t, klokkast(t, c, nil, "--lang", "en", "import", "undo", "last").out, "nothing (more) of this import")
	want(t, object(t, klokkast(t, c, nil, "import", "show", "nosuch", "--json").out), map[string]any{"error.code": "notFound.import"})
}
