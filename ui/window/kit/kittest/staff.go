package kittest

import (
	"klokkast/app"
	"klokkast/app/acts"
)

// Worker is what the company knows of a person.
func (s *Stage) Worker(id app.ID) acts.WorkerRow {
	s.Test.Helper()
	for _, r := range MustBe(s.Own().Staff.Rows(s.Test.Context()))(s.Test) {
		if r.Worker.ID == id {
			return r
		}
	}
	s.Test.Fatalf("no worker %s", id)
	return acts.WorkerRow{}
}
