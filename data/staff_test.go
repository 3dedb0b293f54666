package data

import (
	"testing"

	"klokkast/app"
)

// staff is a made-up company with one worker, one engagement and one badge.
type staff struct {
	employer   app.Employer
	worker     app.Worker
	engagement app.Engagement
	badge      app.Identifier
}

func newStaff(t testing.TB, s *Store) staff {
	t.Helper()
	ctx := t.Context()
	v := staff{
		employer: app.Employer{ID: newID(t), Name: "Blinkend Schoon", Kind: app.OwnCompany, Enterprise: "0123456749", RegistersSince: 7, Ended: 9},
		worker: app.Worker{ID: newID(t), StaffNumber: "1042", FamilyName: "Öztürk", GivenName: "Élise", SSIN: "85073003328",
			Limosa: "L-0123456789", LimosaDays: app.Days{From: app.NewDate(2026, 1, 1), To: app.NewDate(2026, 12, 31)},
			BirthDate: app.NewDate(1985, 7, 30), Language: app.French},
	}
	v.engagement = app.Engagement{ID: newID(t), WorkerID: v.worker.ID, EmployerID: v.employer.ID, Capacity: app.Employee,
		Days: app.Days{From: app.NewDate(2026, 2, 1)}, WeeklyHours: 38 * 60, Rounding: app.Rounding{Minutes: 15, Mode: app.RoundUp},
		Default: true, Thresholds: app.Thresholds{"long-presence": 12 * 3600_000}}
	v.badge = app.Identifier{ID: newID(t), Key: app.IdentifierKey{Kind: app.Card, Value: "04A1B2C3"}, Label: "12"}
	must(t, s.SaveEmployer(ctx, v.employer, did("employer.save", "employer:"+string(v.employer.ID))))
	must(t, s.SaveWorker(ctx, v.worker, did("worker.save", "worker:"+string(v.worker.ID))))
	must(t, s.SaveEngagement(ctx, v.engagement, did("engagement.save", "engagement:"+string(v.engagement.ID))))
	must(t, s.SaveIdentifier(ctx, v.badge, did("identifier.save", "identifier:"+string(v.badge.ID))))
	return v
}

func TestStaffComesBackAsItWasSaved(t *testing.T) {
	s := newStore(t)
	v := newStaff(t, s)
	for range 2 { // as inserted, as changed
		same(t, get(t, s.Employers), []app.Employer{v.employer})
		same(t, get(t, s.Workers), []app.Worker{v.worker})
		same(t, get(t, s.Engagements), []app.Engagement{v.engagement})
		same(t, get(t, s.Identifiers), []app.Identifier{v.badge})

		v.employer.ForeignVAT, v.employer.RegistersSince = "NL001234567B01", 0
		v.worker.SSIN, v.worker.BirthDate, v.worker.LimosaDays = "", 0, app.Days{}
		v.engagement.Thresholds, v.engagement.Days, v.engagement.Default = nil, app.Days{}, false
		v.badge.Key = app.IdentifierKey{Kind: app.PIN, Group: "west", Value: "7"}
		must(t, s.SaveEmployer(t.Context(), v.employer, did("employer.save", "")))
		must(t, s.SaveWorker(t.Context(), v.worker, did("worker.save", "")))
		must(t, s.SaveEngagement(t.Context(), v.engagement, did("engagement.save", "")))
		must(t, s.SaveIdentifier(t.Context(), v.badge, did("identifier.save", "")))
	}
}

func TestListsAreOrderedById(t *testing.T) {
	s := newStore(t)
	first, second := newID(t), newID(t)
	must(t, s.SaveClient(t.Context(), app.Client{ID: second, Name: "Aalst"}, did("client.save", "")))
	must(t, s.SaveClient(t.Context(), app.Client{ID: first, Name: "Zele"}, did("client.save", "")))
	same(t, get(t, s.Clients), []app.Client{{ID: first, Name: "Zele"}, {ID: second, Name: "Aalst"}})
}

func TestWhatMustBeUnique(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	v := newStaff(t, s)
	p := newPlaces(t, s)
	for _, c := range []struct {
		name, want string
		save       func() error
	}{
		{"staff number", "staffNumber.taken", func() error {
			return s.SaveWorker(ctx, app.Worker{ID: newID(t), FamilyName: "B", StaffNumber: v.worker.StaffNumber, Language: app.Dutch}, did("", ""))
		}},
		{"SSIN", "ssin.taken", func() error {
			return s.SaveWorker(ctx, app.Worker{ID: newID(t), FamilyName: "B", SSIN: v.worker.SSIN, Language: app.Dutch}, did("", ""))
		}},
		{"enterprise", "enterprise.taken", func() error {
			return s.SaveEmployer(ctx, app.Employer{ID: newID(t), Name: "B", Kind: app.Agency, Enterprise: v.employer.Enterprise}, did("", ""))
		}},
		{"identifier", "identifier.taken", func() error {
			return s.SaveIdentifier(ctx, app.Identifier{ID: newID(t), Key: v.badge.Key}, did("", ""))
		}},
		{"client", "client.taken", func() error { return s.SaveClient(ctx, app.Client{ID: newID(t), Name: p.client.Name}, did("", "")) }},
		{"site code", "siteCode.taken", func() error {
			return s.SaveSite(ctx, app.Site{ID: newID(t), Name: "B", Code: p.site.Code}, did("", ""))
		}},
		{"declaration", "declaration.taken", func() error {
			return s.SaveDeclaration(ctx, app.Declaration{ID: newID(t), Number: p.declaration.Number}, did("", ""))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := get(t, s.Counts)
			err := c.save()
			if codeOf(err) != c.want {
				t.Errorf("got %v", err)
			}
			if after := get(t, s.Counts); after != before {
				t.Errorf("refused, and yet something was stored: %+v, %+v", before, after)
			}
		})
	}
	// Without a number, several may be.
	for _, name := range []string{"B", "C"} {
		must(t, s.SaveWorker(ctx, app.Worker{ID: newID(t), FamilyName: name, Language: app.Dutch}, did("", "")))
		must(t, s.SaveSite(ctx, app.Site{ID: newID(t), Name: name}, did("", "")))
	}
}
