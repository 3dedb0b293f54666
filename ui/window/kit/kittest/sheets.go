package kittest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"klokkast/app"
	"klokkast/app/documents"
)

// Period is where Anna's stands.
func (s *Stage) Period(days app.Days) documents.ApprovalRow {
	s.Test.Helper()
	rows := MustBe(s.Own().Approvals.Rows(s.Test.Context(), documents.ApprovalChoice{Days: days, Workers: []app.ID{s.Company.Anna.ID}}))(s.Test)
	if len(rows) != 1 {
		s.Test.Fatalf("%d periods", len(rows))
	}
	return rows[0]
}

// Files are those in the folder that papers go to, by the ends of their names.
func (s *Stage) Files(end string) (names []string) {
	s.Test.Helper()
	entries, err := os.ReadDir(s.Host.Export)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.Test.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), end) {
			names = append(names, e.Name())
		}
	}
	return names
}

// Somebodys puts a file of somebody else's in the place of the one in the folder.
func (s *Stage) Somebodys(end string) (path string) {
	s.Test.Helper()
	files := s.Files(end)
	if len(files) != 1 {
		s.Test.Fatalf("in the folder are %v", files)
	}
	path = filepath.Join(s.Host.Export, files[0])
	s.Company.Do(os.WriteFile(path, []byte("mine"), 0o600))
	return path
}

// AsksAbout checks that the window asks about a file and nothing else, and answers it.
func (s *Stage) AsksAbout(path, answer string) {
	s.Test.Helper()
	if got := s.Texts(); !strings.Contains(got, filepath.Base(path)) || !strings.Contains(got, "not written by Klokkast") {
		s.Test.Fatalf("shown: %s", got)
	}
	s.Tap(answer)
	if got := s.Texts(); strings.Contains(got, filepath.Base(path)) {
		s.Test.Errorf("afterwards: %s", got)
	}
	if content := MustBe(os.ReadFile(path))(s.Test); (string(content) == "mine") != (answer == "Cancel") {
		s.Test.Errorf("answered %s, and there stands %.10q", answer, content)
	}
}
