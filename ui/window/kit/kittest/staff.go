package kittest

import (
	"klokkast/app"
	"klokkast/app/office"
)

// Worker is what the company knows of a person.
func (s *Stage) Worker(id app.ID) office.WorkerRow {
	s.T.Helper()
	for _, r := range MustBe(s.Own().WorkerRows(s.T.Context()))(s.T) {
		if r.Worker.ID == id {
			return r
		}
	}
	s.T.Fatalf("no worker %s", id)
	return office.WorkerRow{}
}
