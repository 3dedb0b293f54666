package timesheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestABundleListsItsPeopleAndCountsEachSheetsPages(t *testing.T) {
	var b *Bundle
	names := []string{"Peeters", "Żółć", "Ωμέγα"}
	for i, name := range names {
		s := fullMonth(t)
		s.sheet.Worker.FamilyName, s.sheet.Worker.StaffNumber = name, fmt.Sprint(1042+i)
		m := s.model()
		if b == nil {
			b = NewBundle(fonts(t), m)
		}
		b.Add(m)
	}
	var file bytes.Buffer
	if err := b.Write(&file); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(textOf(t, file.Bytes()), "pagina 1 van 1"); got != len(names) {
		t.Errorf("%d sheets count their pages by themselves, want %d", got, len(names))
	}
	contents := run(t, file.Bytes(), "qpdf", "--json", "--json-key=outlines", "FILE")
	for i, name := range names {
		want := fmt.Sprintf(`"title": "%s An %d"`, name, 1042+i)
		if !strings.Contains(contents, want) || !strings.Contains(contents, fmt.Sprintf(`"destpageposfrom1": %d`, i+1)) {
			t.Errorf("%s on page %d is not found in the list of contents:\n%s", want, i+1, contents)
		}
	}
}

func TestPagesToLookAtAreThoseThatArePrinted(t *testing.T) {
	m := fullMonth(t).model()
	pages, err := Lay(fonts(t), m)
	if err != nil {
		t.Fatal(err)
	}
	if printed := run(t, pdf(t, m), "pdfinfo", "FILE"); !strings.Contains(printed, fmt.Sprintf("Pages:           %d\n", len(pages))) {
		t.Errorf("%d pages to look at; the file: %s", len(pages), printed)
	}
	m.Sheet.Worker.FamilyName = "中"
	if _, err := Lay(fonts(t), m); err != nil {
		t.Errorf("error %v", err)
	}
}
