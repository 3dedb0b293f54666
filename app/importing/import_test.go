package importing_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/importing"
	"klokkast/app/text"
)

// memory is a store in memory that keeps the promises of the real one:
// references are closed and nothing that must be unique is there twice.
type memory struct {
	employers    []app.Employer
	workers      []app.Worker
	engagements  []app.Engagement
	identifiers  []app.Identifier
	custodies    []app.Custody
	clients      []app.Client
	sites        []app.Site
	decisions    []app.SiteDecision
	declarations []app.Declaration
	links        []app.DeclarationSite
	boxes        []app.Box
	placements   []app.Placement

	registrations []importing.RegistrationChanges
	absences      []app.Absence
	acts          []app.Act
	imports       []importing.Import
}

func (m *memory) Employers(context.Context) ([]app.Employer, error)         { return m.employers, nil }
func (m *memory) Workers(context.Context) ([]app.Worker, error)             { return m.workers, nil }
func (m *memory) Engagements(context.Context) ([]app.Engagement, error)     { return m.engagements, nil }
func (m *memory) Identifiers(context.Context) ([]app.Identifier, error)     { return m.identifiers, nil }
func (m *memory) Custodies(context.Context) ([]app.Custody, error)          { return m.custodies, nil }
func (m *memory) Clients(context.Context) ([]app.Client, error)             { return m.clients, nil }
func (m *memory) Sites(context.Context) ([]app.Site, error)                 { return m.sites, nil }
func (m *memory) SiteDecisions(context.Context) ([]app.SiteDecision, error) { return m.decisions, nil }
func (m *memory) Declarations(context.Context) ([]app.Declaration, error)   { return m.declarations, nil }
func (m *memory) DeclarationSites(context.Context) ([]app.DeclarationSite, error) {
	return m.links, nil
}
func (m *memory) Boxes(context.Context) ([]app.Box, error)            { return m.boxes, nil }
func (m *memory) Placements(context.Context) ([]app.Placement, error) { return m.placements, nil }

func (m *memory) Absences(context.Context) ([]app.Absence, error) { return m.absences, nil }

func (m *memory) SaveAbsences(_ context.Context, absences []app.Absence, kept importing.Import, act app.Act) error {
	m.imports = append(m.imports, kept)
	m.absences = append(m.absences, absences...)
	m.acts = append(m.acts, act)
	return nil
}

func (m *memory) KnownRegistrations(context.Context, app.Environment, []int64) (map[int64]importing.KnownRegistration, error) {
	return nil, nil
}

func (m *memory) SaveRegistrations(_ context.Context, c importing.RegistrationChanges, kept importing.Import, act app.Act) error {
	m.imports = append(m.imports, kept)
	m.registrations = append(m.registrations, c)
	m.acts = append(m.acts, act)
	return nil
}

func (m *memory) KeepImport(_ context.Context, kept importing.Import) error {
	m.imports = append(m.imports, kept)
	return nil
}

func (m *memory) Version(context.Context) (int64, error) { return int64(1 + len(m.acts)), nil }

func (m *memory) Taken(context.Context) (importing.Taken, error)      { return importing.Taken{}, nil }
func (m *memory) Imports(context.Context) ([]importing.Import, error) { return m.imports, nil }

func (m *memory) ImportOf(_ context.Context, id app.ID) (importing.Import, bool, error) {
	i := slices.IndexFunc(m.imports, func(x importing.Import) bool { return x.ID == id })
	if i < 0 {
		return importing.Import{}, false, nil
	}
	return m.imports[i], true, nil
}

func (m *memory) UndoImport(context.Context, app.ID, bool, app.Act) (importing.Undo, error) {
	return importing.Undo{}, errors.New("a store in memory takes nothing back")
}

func upsert[T any](list *[]T, item T, id func(T) app.ID) {
	for i := range *list {
		if id((*list)[i]) == id(item) {
			(*list)[i] = item
			return
		}
	}
	*list = append(*list, item)
}

func (m *memory) SaveStaff(_ context.Context, c importing.StaffChanges, kept importing.Import, act app.Act) error {
	m.imports = append(m.imports, kept)
	for _, x := range c.Employers {
		upsert(&m.employers, x, func(x app.Employer) app.ID { return x.ID })
	}
	for _, x := range c.Workers {
		upsert(&m.workers, x, func(x app.Worker) app.ID { return x.ID })
		if err := m.uniqueWorkers(); err != nil {
			return err
		}
	}
	for _, x := range c.Engagements {
		upsert(&m.engagements, x, func(x app.Engagement) app.ID { return x.ID })
		if !slices.ContainsFunc(m.workers, func(w app.Worker) bool { return w.ID == x.WorkerID }) ||
			!slices.ContainsFunc(m.employers, func(e app.Employer) bool { return e.ID == x.EmployerID }) {
			return errors.New("engagement of nobody")
		}
	}
	for _, x := range c.Identifiers {
		upsert(&m.identifiers, x, func(x app.Identifier) app.ID { return x.ID })
	}
	for _, x := range c.Custodies {
		for _, other := range m.custodies {
			if other.ID != x.ID && other.IdentifierID == x.IdentifierID && other.Span.From != other.Span.To && x.Span.Overlaps(other.Span) {
				return errors.New("custody of one identifier never overlaps")
			}
		}
		upsert(&m.custodies, x, func(x app.Custody) app.ID { return x.ID })
	}
	m.acts = append(m.acts, act)
	return nil
}

func (m *memory) uniqueWorkers() error {
	seen := map[string]bool{}
	for _, w := range m.workers {
		for _, key := range []string{"ssin " + w.SSIN.Reveal(), "number " + w.StaffNumber} {
			if seen[key] && !strings.HasSuffix(key, " ") {
				return fmt.Errorf("two workers with one %s", strings.Fields(key)[0])
			}
			seen[key] = true
		}
	}
	return nil
}

func (m *memory) SaveSites(_ context.Context, c importing.SiteChanges, kept importing.Import, act app.Act) error {
	m.imports = append(m.imports, kept)
	for _, x := range c.Clients {
		upsert(&m.clients, x, func(x app.Client) app.ID { return x.ID })
	}
	for _, x := range c.Sites {
		upsert(&m.sites, x, func(x app.Site) app.ID { return x.ID })
	}
	for _, x := range c.Decisions {
		upsert(&m.decisions, x, func(x app.SiteDecision) app.ID { return x.ID })
	}
	for _, x := range c.Declarations {
		upsert(&m.declarations, x, func(x app.Declaration) app.ID { return x.ID })
	}
	for _, x := range c.DeclarationSites {
		upsert(&m.links, x, func(x app.DeclarationSite) app.ID { return x.ID })
	}
	for _, x := range c.Placements {
		for _, other := range m.placements {
			if other.ID != x.ID && other.BoxUID == x.BoxUID && other.Span.From != other.Span.To && x.Span.Overlaps(other.Span) {
				return errors.New("a box stands at one site at a time")
			}
		}
		upsert(&m.placements, x, func(x app.Placement) app.ID { return x.ID })
	}
	m.acts = append(m.acts, act)
	return nil
}

// options of an import on Monday 23 November 2026 at 10:00 in Brussels.
func options(t testing.TB) importing.Options {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return importing.Options{Now: app.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)), Zone: zone, Actor: "An"}
}

func day(t testing.TB, s string) app.Instant {
	t.Helper()
	d, err := app.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.Start(options(t).Zone)
}

func company() *memory {
	return &memory{employers: []app.Employer{{ID: "own", Name: "Blinkend Schoon BV", Kind: app.OwnCompany, Enterprise: "0123456749"}}}
}

func staff(t testing.TB, m *memory, csv string) *importing.Report {
	t.Helper()
	r, err := importing.ImportStaff(t.Context(), m, strings.NewReader(csv), options(t), true)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sites(t testing.TB, m *memory, csv string) *importing.Report {
	t.Helper()
	r, err := importing.ImportSites(t.Context(), m, strings.NewReader(csv), options(t), true)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func counts(r *importing.Report) string {
	return fmt.Sprintf("%d new, %d changed, %d same, %d refused", r.New, r.Changed, r.Same, r.Refused)
}

// said returns what a report says, "line code" each.
func said(problems []*importing.Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, fmt.Sprintf("%d %s", p.Line, p.Code))
	}
	return strings.Join(all, ", ")
}

func expect(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

const twoPeople = "Personeelsnr;Naam;Voornaam;INSZ;Taal;In dienst;Weekuren;Badge;Badge vanaf\n" +
	"1;Peeters;An;85.01.15-123.55;nl;01/02/2020;38;04A3F21B;1/3/2020\n" +
	"2;Dubois;Luc;5011512353;fr;2024-05-06;\"30,5\";04:A3:F2:1C;\n"

func TestStaff(t *testing.T) {
	m := company()
	r := staff(t, m, twoPeople)
	expect(t, "first", counts(r), "2 new, 0 changed, 0 same, 0 refused")
	expect(t, "notes", said(r.Notes), "3 import.note.ssinRepaired, 3 import.note.badgeFromToday")
	an, luc := m.workers[0], m.workers[1]
	if an.SSIN.Reveal() != "85011512355" || an.BirthDate.String() != "1985-01-15" || an.StaffNumber != "1" || an.Language != app.Dutch {
		t.Errorf("An is %+v", an)
	}
	if luc.SSIN.Reveal() != "05011512353" || luc.Language != app.French || luc.Name() != "Dubois Luc" {
		t.Errorf("Luc is %+v", luc)
	}
	want := []app.Engagement{
		{WorkerID: an.ID, EmployerID: "own", Capacity: app.Employee, Days: app.Days{From: app.NewDate(2020, 2, 1)}, WeeklyHours: 38 * 60, Default: true},
		{WorkerID: luc.ID, EmployerID: "own", Capacity: app.Employee, Days: app.Days{From: app.NewDate(2024, 5, 6)}, WeeklyHours: 30*60 + 30, Default: true},
	}
	for i := range want {
		want[i].ID = m.engagements[i].ID
	}
	if diff := cmp.Diff(want, m.engagements); diff != "" {
		t.Errorf("engagements: %s", diff)
	}
	expect(t, "An's badge", m.identifiers[0].Key.Value, "04A3F21B")
	if m.custodies[0].Span.From != day(t, "2020-03-01") || m.custodies[1].Span.From != day(t, "2026-11-23") || m.custodies[0].Entered != options(t).Now {
		t.Errorf("custodies: %+v", m.custodies)
	}
	if len(m.acts) != 1 || m.acts[0].What != "import.staff" || m.acts[0].Actor != "An" {
		t.Errorf("acts: %+v", m.acts)
	}
}

func TestSecondImportChangesNothing(t *testing.T) {
	m := company()
	staff(t, m, twoPeople)
	o := options(t)
	o.Now = o.Now.Add(20 * 24 * time.Hour)
	r, err := importing.ImportStaff(t.Context(), m, strings.NewReader(twoPeople), o, true)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "second", counts(r), "0 new, 0 changed, 2 same, 0 refused")
	if len(m.acts) != 1 {
		t.Errorf("a second import that changes nothing stands in the trail: %+v", m.acts)
	}
}

func TestPreviewSavesNothing(t *testing.T) {
	m := company()
	r, err := importing.ImportStaff(t.Context(), m, strings.NewReader(twoPeople), options(t), false)
	if err != nil || !r.Preview || len(m.workers) != 0 || len(m.acts) != 0 {
		t.Errorf("got %+v, %v; %d workers", r, err, len(m.workers))
	}
	expect(t, "preview", counts(r), "2 new, 0 changed, 0 same, 0 refused")
	expect(t, "first row", r.Rows[0].Who, "Peeters An")
}

func TestGoodRowsGoInWhenOthersAreBad(t *testing.T) {
	m := company()
	r := staff(t, m, "naam;voornaam;insz;badge;in dienst;uit dienst;hobby\n"+
		"Peeters;An;85011512356;;;;\n"+ // check
		"Dubois;Luc;8,50112E+10;;;;\n"+
		"Janssens;Piet;93051822361;04A3F21B;31/12/2020;;zingen\n"+
		"Maes;Els;90231512323;XYZ;31/02/2020;;\n"+
		";;90431512366;;;;\n"+
		"De \"Zon\";Jo;53480200724;;1.2.2020;1.1.2020;\n"+
		"\"open;Jo;53480200724;;;;\n"+
		"Wouters;Kim;;;;;\n"+
		";;;;;;\n"+
		"Smets;Bo;;;;;;te veel\n"+
		"Claes;Ria;850115-123 55;;;;\n")
	expect(t, "report", counts(r), "2 new, 0 changed, 0 same, 8 refused")
	expect(t, "problems", said(r.Problems), "2 ssin.check, 3 ssin.scientific, 5 date.format, 5 card.characters, 6 required, "+
		"7 to.beforeFrom, 8 import.quote, 9 import.noKey, 11 import.tooManyCells")
	expect(t, "notes", said(r.Notes), "1 import.columnUnknown, 4 import.note.badgeFromToday")
	expect(t, "column", r.Problems[0].Column, "insz")
}

func TestEmptyCellsChangeNothing(t *testing.T) {
	m := company()
	staff(t, m, twoPeople)
	r := staff(t, m, "ssin;family_name;given_name;language;weekly_hours;to\n85011512355;Peeters;;;;\n05011512353;Dubois-Leroy;Luc;;20;31/12/2026\n")
	expect(t, "report", counts(r), "0 new, 1 changed, 1 same, 0 refused")
	expect(t, "fields", strings.Join(r.Rows[1].Fields, " "), "familyName to weeklyHours")
	if m.workers[0].GivenName != "An" || m.workers[1].FamilyName != "Dubois-Leroy" || m.engagements[1].Days.To != app.NewDate(2026, 12, 31) {
		t.Errorf("got %+v, %+v", m.workers, m.engagements)
	}
}

func TestWhoIsWho(t *testing.T) {
	for name, e := range map[string]struct{ csv, counts, problems string }{
		"by staff number":            {"nr;personeelsnr;naam;voornaam\n;1;Peeters;Anna\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"a staff number used again":  {"personeelsnr;naam;voornaam\n1;Claes;Ria\n", "0 new, 0 changed, 0 same, 1 refused", "2 import.nameOther"},
		"another SSIN":               {"personeelsnr;naam;voornaam;insz\n1;Peeters;An;93051822361\n", "0 new, 0 changed, 0 same, 1 refused", "2 import.ssinOther"},
		"numbers of two people":      {"personeelsnr;naam;voornaam;insz\n2;Peeters;An;85011512355\n", "0 new, 0 changed, 0 same, 1 refused", "2 import.staffNumberOther"},
		"SSIN added":                 {"personeelsnr;naam;voornaam;insz\n3;Maes;Els;93051822361\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"Limosa only, and again":     {"naam;limosa\nNowak;L123456789\nNowak;L123456789\n", "1 new, 0 changed, 1 same, 0 refused", ""},
		"two lines that contradict":  {"naam;insz\nPeeters;93051822361\nPeters;93051822361\n", "1 new, 0 changed, 0 same, 1 refused", "3 import.contradicts"},
		"second line adds to first":  {"naam;insz;taal\nPeeters;93051822361;\nPeeters;93051822361;fr\n", "1 new, 1 changed, 0 same, 0 refused", ""},
		"too young":                  {"naam;insz\nPeeters;79011512355\n", "0 new, 0 changed, 0 same, 1 refused", "2 ssin.age"},
		"PIN without a group":        {"naam;insz;pin\nPeeters;93051822361;12\n", "0 new, 0 changed, 0 same, 1 refused", "2 required"},
		"two notations of one badge": {"naam;insz;badge;badge decimaal\nP;93051822361;00BC614E;0012345678\n", "1 new, 0 changed, 0 same, 0 refused", ""},
		"two badges":                 {"naam;insz;badge;badge decimaal\nP;93051822361;00BC614F;0012345678\n", "0 new, 0 changed, 0 same, 1 refused", "2 import.badgesDiffer"},
	} {
		m := company()
		staff(t, m, "personeelsnr;naam;voornaam;insz\n1;Peeters;An;85011512355\n2;Dubois;Luc;05011512353\n3;Maes;Els;\n")
		r := staff(t, m, e.csv)
		expect(t, name, counts(r), e.counts)
		expect(t, name, said(r.Problems), e.problems)
	}
}

func TestEmployers(t *testing.T) {
	for name, e := range map[string]struct{ employer, name, counts, problems string }{
		"by number":                {"BE 0123.456.749", "", "1 new, 0 changed, 0 same, 0 refused", ""},
		"by number without zero":   {"123456749", "", "1 new, 0 changed, 0 same, 0 refused", ""},
		"by name":                  {"blinkend schoon bv", "", "1 new, 0 changed, 0 same, 0 refused", ""},
		"by nothing":               {"", "", "1 new, 0 changed, 0 same, 0 refused", ""},
		"unknown number":           {"0206731645", "", "0 new, 0 changed, 0 same, 1 refused", "2 import.employerUnknown"},
		"unknown name":             {"Glans NV", "", "0 new, 0 changed, 0 same, 1 refused", "2 import.employerUnknown"},
		"wrong number":             {"0123456748", "", "0 new, 0 changed, 0 same, 1 refused", "2 enterprise.check"},
		"new: number and name":     {"0206731645", "Glans NV", "1 new, 0 changed, 0 same, 0 refused", ""},
		"foreign: number and name": {"NL123456789B01", "Schoon Thuis BV", "1 new, 0 changed, 0 same, 0 refused", ""},
		"name with another number": {"0206731645", "Blinkend Schoon BV", "0 new, 0 changed, 0 same, 1 refused", "2 import.employerNumberOther"},
	} {
		m := company()
		r := staff(t, m, "naam;insz;werkgever;naam werkgever\nPeeters;85011512355;"+e.employer+";"+e.name+"\n")
		expect(t, name, counts(r), e.counts)
		expect(t, name, said(r.Problems), e.problems)
	}

	m := &memory{}
	r := staff(t, m, "naam;insz;werkgever;naam werkgever;hoedanigheid\n"+
		"Peeters;85011512355;0123456749;Blinkend Schoon BV;werknemer\n"+
		"Maes;93051822361;0206731645;Vlot Interim;uitzendkracht\n")
	expect(t, "an empty database", counts(r), "2 new, 0 changed, 0 same, 0 refused")
	if m.employers[0].Kind != app.OwnCompany || m.employers[1].Kind != app.Agency {
		t.Errorf("employers: %+v", m.employers)
	}
	r = staff(t, &memory{}, "naam;insz;badge\nPeeters;85011512355;04A3F21B\n")
	expect(t, "no employer at all", counts(r)+"; "+said(r.Problems), "1 new, 0 changed, 0 same, 0 refused; 2 import.employerMissing")
}

func TestEngagements(t *testing.T) {
	const head = "naam;insz;van;tot;uren per week\n"
	m := company()
	staff(t, m, head+"Peeters;85011512355;1/1/2020;31/12/2021;38\nPeeters;85011512355;1/3/2023;;20\n")
	if len(m.engagements) != 2 || !m.engagements[1].Default {
		t.Fatalf("one after the other: %+v", m.engagements)
	}
	r := staff(t, m, head+"Peeters;85011512355;1/1/2020;31/12/2021;38\nPeeters;85011512355;1/3/2023;;20\n")
	expect(t, "again", counts(r), "0 new, 0 changed, 2 same, 0 refused")
	r = staff(t, m, head+"Peeters;85011512355;;;24\n")
	expect(t, "no days: the latest", counts(r), "0 new, 1 changed, 0 same, 0 refused")
	if m.engagements[1].WeeklyHours != 24*60 || m.engagements[0].WeeklyHours != 38*60 {
		t.Errorf("weekly minutes: %+v", m.engagements)
	}

	m.workers[0].Ended = day(t, "2025-01-01")
	m.engagements[1].Days.To = app.NewDate(2024, 12, 31)
	r = staff(t, m, head+"Peeters;85011512355;1/6/2022;31/7/2022;38\n")
	expect(t, "someone who left", said(r.Problems), "2 import.ended")
	r = staff(t, m, head+"Peeters;85011512355;1/6/2026;;38\n")
	expect(t, "who left begins again", counts(r)+"; "+said(r.Notes), "0 new, 1 changed, 0 same, 0 refused; 2 import.note.back")
	if m.workers[0].Ended != 0 || len(m.engagements) != 3 {
		t.Errorf("who began again: %+v, %+v", m.workers, m.engagements)
	}
}

// holders returns who holds the only identifier, "name from–to" each, by time.
func holders(m *memory) string {
	names, of := map[app.ID]string{}, map[app.ID]app.ID{}
	for _, w := range m.workers {
		names[w.ID] = w.FamilyName
	}
	for _, e := range m.engagements {
		of[e.ID] = e.WorkerID
	}
	zone, _ := time.LoadLocation("Europe/Brussels")
	list := slices.Clone(m.custodies)
	slices.SortFunc(list, func(a, b app.Custody) int { return int(a.Span.From/1000 - b.Span.From/1000) })
	var all []string
	for _, c := range list {
		to := ""
		if c.Span.To != 0 {
			to = c.Span.To.DateIn(zone).String()
		}
		all = append(all, names[of[c.EngagementID]]+" "+c.Span.From.DateIn(zone).String()+"–"+to)
	}
	return strings.Join(all, ", ")
}

func TestBadgesChangeHands(t *testing.T) {
	const head = "naam;insz;badge;badge vanaf\n"
	for name, e := range map[string]struct{ csv, holders, said string }{
		"one after the other": {
			"An;85011512355;04A3F21B;1/1/2026\nLuc;93051822361;04A3F21B;1/3/2026\n",
			"An 2026-01-01–2026-03-01, Luc 2026-03-01–", "3 import.note.badgeMoves"},
		"the later one first": {
			"Luc;93051822361;04A3F21B;1/3/2026\nAn;85011512355;04A3F21B;1/1/2026\n",
			"An 2026-01-01–2026-03-01, Luc 2026-03-01–", ""},
		"both from today": {
			"An;85011512355;04A3F21B;\nLuc;93051822361;04A3F21B;\n",
			"An 2026-11-23–", "3 import.badgeTwice, 2 import.note.badgeFromToday"},
		"both from one day": {
			"An;85011512355;04A3F21B;1/1/2026\nLuc;93051822361;04A3F21B;1/1/2026\n",
			"An 2026-01-01–", "3 import.badgeTwice"},
		"one without a day": {
			"An;85011512355;04A3F21B;1/1/2026\nLuc;93051822361;04A3F21B;\n",
			"An 2026-01-01–", "3 import.badgeTwice"},
	} {
		m := company()
		r := staff(t, m, head+e.csv)
		expect(t, name, holders(m), e.holders)
		expect(t, name, said(append(r.Problems, r.Notes...)), e.said)
		again := staff(t, m, head+e.csv)
		if again.New+again.Changed != 0 || len(m.acts) != 1 {
			t.Errorf("%s, again: %s", name, counts(again))
		}
		expect(t, name+", again", holders(m), e.holders)
	}

	m := company()
	staff(t, m, head+"An;85011512355;04A3F21B;1/1/2026\n")
	r := staff(t, m, head+"Luc;93051822361;04A3F21B;\n")
	expect(t, "taken over today", holders(m), "An 2026-01-01–2026-11-23, Luc 2026-11-23–")
	expect(t, "taken over today", said(r.Notes), "2 import.note.badgeMoves, 2 import.note.badgeFromToday")

	m = company()
	r = staff(t, m, "naam;insz;badge;van;tot\nAn;85011512355;04A3F21B;1/1/2020;31/12/2020\nEls;93051822361;04A3F21C;1/1/2027;\n")
	expect(t, "left already, and not begun yet", holders(m), "Els 2027-01-01–")
	expect(t, "left already, and not begun yet", said(r.Problems), "2 import.badgeAfterEnd")

	m = company()
	staff(t, m, "naam;insz;pin;pingroep\nAn;85011512355;001;hal-1\nLuc;93051822361;1;hal-2\n")
	expect(t, "PIN 1 in two groups", holders(m), "An 2026-11-23–, Luc 2026-11-23–")
	if m.identifiers[0].Key != (app.IdentifierKey{Kind: app.PIN, Group: "hal-1", Value: "1"}) {
		t.Errorf("identifiers: %+v", m.identifiers)
	}
}

// Whatever encoding, delimiter, language and order of columns a list has, it is the same list.
func TestEverySpellingOfAList(t *testing.T) {
	windows := func(s string) string {
		out, err := charmap.Windows1252.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	utf16 := func(s string) string {
		out := []byte("\xff\xfe")
		for _, r := range s {
			out = append(out, byte(r), byte(r>>8))
		}
		return string(out)
	}
	french := "Matricule;Nom;Prénom;NISS;Date d'entrée\n1;Müller;Zoé;85.01.15-123.55;01/02/2020\n"
	for name, csv := range map[string]string{
		"French, UTF-8":         french,
		"with BOM":              "\ufeff" + french,
		"Windows-1252":          windows(french),
		"UTF-16 of a sheet":     utf16(strings.ReplaceAll(french, ";", "\t")),
		"decomposed letters":    strings.NewReplacer("é", "e\u0301", "ü", "u\u0308").Replace(french),
		"CR LF and no last end": strings.TrimSpace(strings.ReplaceAll(french, "\n", "\r\n")),
		"old line ends":         strings.ReplaceAll(french, "\n", "\r"),
		"commas":                "staff_number,family_name,given_name,ssin,from\n1,Müller,Zoé,85011512355,2020-02-01\n",
		"told by sep=":          "sep=,\nstaff_number,family_name,given_name,ssin,from\n1,Müller,Zoé,85011512355,2020-02-01\n",
		"German, other order":   "Vorname;Familienname;Eintritt;INSZ-Nummer;Personalnummer\nZoé;Müller;1.2.2020;85 01 15 123 55;1\n",
		"texts kept as texts":   "nr;personeelsnummer;NAAM;Voornaam;Rijksregisternummer;In dienst\n;=\"1\";\"Müller\";Zoé;=\"85011512355\";'01/02/2020\n",
		"blank lines":           "\n;;;;\n" + french + "\n;;;;\n",
		"midnight of a sheet":   "staff_number\tfamily_name\tgiven_name\tssin\tfrom\n1\tMüller\tZoé\t85011512355\t2020-02-01 00:00:00\n",
	} {
		if name == "texts kept as texts" {
			csv = strings.Replace(csv, "'01/02/2020", "01/02/2020", 1)
		}
		m := company()
		r := staff(t, m, csv)
		if counts(r) != "1 new, 0 changed, 0 same, 0 refused" || len(r.Problems) != 0 {
			t.Errorf("%s: %s; %s", name, counts(r), said(r.Problems))
			continue
		}
		w, e := m.workers[0], m.engagements[0]
		if w.Name() != "Müller Zoé" || w.SSIN.Reveal() != "85011512355" || w.StaffNumber != "1" || e.Days.From != app.NewDate(2020, 2, 1) {
			t.Errorf("%s: got %q, %s, %s", name, w.Name(), w.StaffNumber, e.Days.From)
		}
	}
}

func TestFilesThatAreNoList(t *testing.T) {
	for want, csv := range map[string]string{
		"empty":         "\n\r\n",
		"noHeadings":    "Peeters;An;85011512355\n",
		"columnMissing": "insz;badge\n85011512355;04A3F21B\n",
		"spreadsheet":   "PK\x03\x04 and so on",
		"notText":       "naam;insz\x00",
		"tooLarge":      "naam;insz\n" + strings.Repeat("Peeters;85011512355\n", 600_000),
	} {
		_, err := importing.ParseStaff(strings.NewReader(csv), app.NewDate(2026, 11, 23))
		var reason *importing.Reason
		if !errors.As(err, &reason) || reason.Code != want {
			t.Errorf("want %s, got %v", want, err)
		}
		if err != nil && strings.Contains(err.Error(), "85011512355") {
			t.Errorf("%s: the error holds a number", want)
		}
	}
	r := staff(t, company(), "naam;insz\n"+strings.Repeat("x", 70_000)+";1\nPeeters;85011512355\n")
	expect(t, "a line too long", counts(r)+"; "+said(r.Problems), "1 new, 0 changed, 0 same, 1 refused; 2 import.lineTooLong")
}

const twoSites = "Code;Naam;Klant;Straat;Huisnummer;Postcode;Gemeente;Breedtegraad;Lengtegraad;CIAO;CIAO vanaf;Werkmelding;Werkmelding vanaf;Werkmelding tot;Prikklok;Prikklok vanaf\n" +
	"W-1;Stadhuis;Stad Leuven;Grote Markt;9;3000;Leuven;50,87939;4,70093;ja;1/9/2024;1Y1003SQ5VSSZ;1/9/2024;31/8/2027;Hal;1/10/2026\n" +
	"W-2;Bibliotheek;stad leuven;Tiensestraat;2;3000;Leuven;;;onbeslist;;;;;;\n"

func withBox() *memory {
	m := company()
	m.boxes = []app.Box{
		{UID: "zkteco:1", Label: "Hal", FirstSeen: 1_000_000},
		{UID: "zkteco:2", Label: "Poort", FirstSeen: 2_000_000},
		{UID: "zkteco:3", Label: "Poort"},
	}
	return m
}

func TestSites(t *testing.T) {
	m := withBox()
	r := sites(t, m, twoSites)
	expect(t, "first", counts(r)+"; "+said(r.Problems), "2 new, 0 changed, 0 same, 0 refused; ")
	s := m.sites[0]
	if len(m.clients) != 1 || s.ClientID != m.clients[0].ID || m.sites[1].ClientID != s.ClientID || s.Zone != app.DefaultZone {
		t.Errorf("sites %+v, clients %+v", m.sites, m.clients)
	}
	if *s.Coordinates != (app.Coordinates{Latitude: 50.87939, Longitude: 4.70093}) || s.Address.Municipality != "Leuven" {
		t.Errorf("site is %+v", s)
	}
	if len(m.decisions) != 1 || m.decisions[0].Decision != app.UnderCIAO || m.decisions[0].From != day(t, "2024-09-01") || m.decisions[0].By != "An" {
		t.Errorf("decisions: %+v", m.decisions)
	}
	if len(m.links) != 1 || !m.links[0].Default || m.links[0].Days != m.declarations[0].Days || m.declarations[0].Days.To != app.NewDate(2027, 8, 31) {
		t.Errorf("declarations %+v, links %+v", m.declarations, m.links)
	}
	if len(m.placements) != 1 || m.placements[0].BoxUID != "zkteco:1" || m.placements[0].Span != (app.Span{From: day(t, "2026-10-01")}) {
		t.Errorf("placements: %+v", m.placements)
	}
	r = sites(t, m, twoSites)
	expect(t, "second", counts(r), "0 new, 0 changed, 2 same, 0 refused")
	if len(m.acts) != 1 {
		t.Errorf("acts: %+v", m.acts)
	}
}

func TestSiteRows(t *testing.T) {
	for name, e := range map[string]struct{ csv, counts, said string }{
		"by name and post code":      {"naam;postcode;straat\nstadhuis;3000;Markt\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"same name elsewhere":        {"naam;postcode\nStadhuis;9000\n", "1 new, 0 changed, 0 same, 0 refused", ""},
		"same name, another code":    {"code;naam;postcode\nW-9;Stadhuis;3000\n", "1 new, 0 changed, 0 same, 0 refused", ""},
		"renamed":                    {"code;naam\nW-1;Oud stadhuis\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"a client changes":           {"code;naam;klant\nW-1;Stadhuis;Provincie\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"a decision without a day":   {"code;naam;ciao\nW-2;Bibliotheek;ja\n", "0 new, 0 changed, 0 same, 1 refused", "2 required"},
		"the decision that stands":   {"code;naam;ciao\nW-1;Stadhuis;oui\n", "0 new, 0 changed, 1 same, 0 refused", ""},
		"another decision, later on": {"code;naam;ciao;ciao vanaf\nW-1;Stadhuis;nee;1/1/2027\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"two decisions of one day":   {"code;naam;ciao;ciao vanaf\nW-2;Bibliotheek;ja;1/1/2027\nW-2;Bibliotheek;nee;1/1/2027\n", "0 new, 1 changed, 0 same, 1 refused", "3 import.contradicts"},
		"a declaration beyond five":  {"code;naam;werkmelding;werkmelding vanaf;werkmelding tot\nW-2;Bibliotheek;1Y1003SQ5VSSA;1/1/2026;1/1/2031\n", "0 new, 0 changed, 0 same, 1 refused", "2 declaration.tooLong"},
		"one declaration, two sites": {"code;naam;werkmelding\nW-2;Bibliotheek;1Y1003SQ5VSSZ\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"a longer declaration":       {"code;naam;werkmelding;werkmelding tot\nW-1;Stadhuis;1Y1003SQ5VSSZ;31/8/2029\n", "0 new, 1 changed, 0 same, 0 refused", ""},
		"coordinates swapped":        {"code;naam;lat;lon\nW-2;Bibliotheek;4.7;50.8\n", "0 new, 0 changed, 0 same, 1 refused", "2 coordinates.swapped"},
		"half of the coordinates":    {"code;naam;lat;lon\nW-2;Bibliotheek;50.8;\n", "0 new, 0 changed, 0 same, 1 refused", "2 coordinates.missing"},
		"a box never read":           {"code;naam;prikklok\nW-3;School;Kelder\n", "1 new, 0 changed, 0 same, 0 refused", "2 import.boxUnknown"},
		"two boxes of one name":      {"code;naam;prikklok\nW-3;School;poort\n", "1 new, 0 changed, 0 same, 0 refused", "2 import.boxAmbiguous"},
		"a box that moves":           {"code;naam;prikklok;prikklok vanaf\nW-2;Bibliotheek;Hal;1/11/2026\n", "0 new, 1 changed, 0 same, 0 refused", "2 import.note.boxMoves"},
		"a box at two sites":         {"code;naam;prikklok\nW-1;Stadhuis;Hal\nW-2;Bibliotheek;Hal\n", "0 new, 0 changed, 1 same, 1 refused", "3 import.boxTwice"},
		"no such zone":               {"code;naam;tijdzone\nW-3;School;Europe/Gent\n", "0 new, 0 changed, 0 same, 1 refused", "2 zone.unknown"},
		"no name":                    {"code;naam\nW-3;\n", "0 new, 0 changed, 0 same, 1 refused", "2 required"},
	} {
		m := withBox()
		sites(t, m, twoSites)
		r := sites(t, m, e.csv)
		expect(t, name, counts(r), e.counts)
		expect(t, name, said(append(r.Problems, r.Notes...)), e.said)
		if again := sites(t, m, e.csv); again.New+again.Changed != 0 {
			t.Errorf("%s, again: %s", name, counts(again))
		}
	}

	m := withBox()
	sites(t, m, "naam;prikklok\nSchool;zkteco:2\n")
	if m.placements[0].Span.From != 2_000_000 {
		t.Errorf("a box never placed stands from %s, not from when it was first met", m.placements[0].Span.From)
	}
	m.sites[0].Ended = 5
	r := sites(t, m, "naam\nSchool\n")
	expect(t, "an ended site", said(r.Problems), "2 import.siteEnded")
}

// Every import of any list is, made twice, the same as made once, and never
// breaks what the store holds.
func TestAnyListTwiceIsOnce(t *testing.T) {
	ssins := []string{"85011512355", "93051822361", "05011512353", "5011512353", "90231512323", "", "85011512356"}
	pick := func(t *rapid.T, name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	rapid.Check(t, func(t *rapid.T) {
		m := company()
		history := ""
		for range rapid.IntRange(1, 3).Draw(t, "files") {
			csv := "personeelsnr;naam;voornaam;insz;werkgever;naam werkgever;van;tot;badge;badge vanaf;pin;pingroep\n"
			for range rapid.IntRange(1, 5).Draw(t, "rows") {
				csv += strings.Join([]string{
					pick(t, "number", "", "1", "2", "3"), pick(t, "family", "Peeters", "Maes"), pick(t, "given", "An", "Luc", ""),
					pick(t, "ssin", ssins...), pick(t, "employer", "", "0123456749", "0206731645", "Glans NV"), pick(t, "employerName", "", "Glans NV"),
					pick(t, "from", "", "1/1/2026", "1/6/2026"), pick(t, "to", "", "31/3/2026", "31/12/2026"),
					pick(t, "badge", "", "04A3F21B", "04A3F21C"), pick(t, "badgeFrom", "", "1/2/2026", "1/7/2026"),
					pick(t, "pin", "", "1"), pick(t, "group", "", "hal-1"),
				}, ";") + "\n"
			}
			run := func(now app.Instant) *importing.Report {
				o := importing.Options{Now: now, Zone: time.UTC, Actor: "An"}
				r, err := importing.ImportStaff(context.Background(), m, strings.NewReader(csv), o, true)
				if err != nil {
					t.Fatalf("%v\n%s%s", err, history, csv)
				}
				return r
			}
			now := app.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
			first := run(now)
			if again := run(now.Add(30 * 24 * time.Hour)); again.New+again.Changed != 0 {
				t.Fatalf("first %s, again %s: %+v\n%s%s", counts(first), counts(again), again.Rows, history, csv)
			}
			history += csv
			if first.New+first.Changed+first.Same+first.Refused != strings.Count(csv, "\n")-1 {
				t.Fatalf("rows lost: %s\n%s", counts(first), csv)
			}
		}
	})
}

// The same for places.
func TestAnySiteListTwiceIsOnce(t *testing.T) {
	pick := func(t *rapid.T, name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	rapid.Check(t, func(t *rapid.T) {
		m := withBox()
		history := ""
		for range rapid.IntRange(1, 3).Draw(t, "files") {
			csv := "code;naam;klant;postcode;ciao;ciao vanaf;werkmelding;werkmelding vanaf;werkmelding tot;prikklok;prikklok vanaf\n"
			for range rapid.IntRange(1, 5).Draw(t, "rows") {
				csv += strings.Join([]string{
					pick(t, "code", "", "W-1", "W-2"), pick(t, "name", "Stadhuis", "School"), pick(t, "client", "", "Leuven", "LEUVEN", "Gent"),
					pick(t, "post code", "", "3000", "9000"), pick(t, "ciao", "", "ja", "nee", "onbeslist"),
					pick(t, "ciao from", "", "1/1/2026", "1/6/2026"), pick(t, "declaration", "", "1Y1003SQ5VSSZ", "1Y1003SQ5VSSA"),
					pick(t, "declared from", "", "1/1/2026", "1/2/2026"), pick(t, "declared to", "", "31/12/2026", "1/2/2031"),
					pick(t, "box", "", "Hal", "zkteco:2"), pick(t, "box from", "", "1/2/2026", "1/7/2026"),
				}, ";") + "\n"
			}
			run := func(now app.Instant) *importing.Report {
				o := importing.Options{Now: now, Zone: time.UTC, Actor: "An"}
				r, err := importing.ImportSites(context.Background(), m, strings.NewReader(csv), o, true)
				if err != nil {
					t.Fatalf("%v\n%s%s", err, history, csv)
				}
				return r
			}
			now := app.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
			first := run(now)
			if again := run(now.Add(30 * 24 * time.Hour)); again.New+again.Changed != 0 {
				t.Fatalf("first %s, again %s: %+v\n%s%s", counts(first), counts(again), again.Rows, history, csv)
			}
			history += csv
		}
	})
}

// A large company's list is read and compared in the blink of an eye.
func TestLargeList(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("personeelsnr;naam;voornaam;insz;in dienst;badge\n")
	const people = 5000
	for i := range people {
		n := int64(900101000 + i%999 + i/999*1000)
		fmt.Fprintf(&csv, "%d;Peeters;An;%09d%02d;1/1/2020;%08X\n", i+1, n, 97-n%97, i+1)
	}
	facts := importing.StaffFacts{Employers: company().employers}
	began := time.Now()
	for _, want := range []importing.Outcome{importing.New, importing.Same} {
		file, err := importing.ParseStaff(strings.NewReader(csv.String()), app.NewDate(2026, 11, 23))
		if err != nil {
			t.Fatal(err)
		}
		plan, err := importing.PlanStaff(file.Rows, facts, options(t))
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(plan.Rows, func(r importing.RowResult) bool { return r.Outcome != want }); i >= 0 || len(plan.Rows) != people {
			t.Fatalf("%d rows; %+v is not %s", len(plan.Rows), plan.Rows[max(i, 0)], want)
		}
		c := plan.Changes
		facts = importing.StaffFacts{
			Employers:   facts.Employers,
			Workers:     c.Workers,
			Engagements: c.Engagements,
			Identifiers: c.Identifiers,
			Custodies:   c.Custodies,
		}
	}
	t.Logf("%d people twice in %s", people, time.Since(began))
}

// Every reason, outcome and field that an import can name has its text.
func TestTexts(t *testing.T) {
	catalogue, err := text.Load(os.DirFS("../../assets/translations"))
	if err != nil {
		t.Fatal(err)
	}
	nl := catalogue.For(app.Dutch)
	source, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range source {
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(code), `because("`)[1:] {
			key, _, _ := strings.Cut(part, `"`)
			if !nl.Has("import."+key) && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s: import.%s has no text", name, key)
			}
		}
	}
	m := company()
	r := staff(t, m, "naam;insz;badge\nPeeters;85011512356;04A3F21B\nMaes;93051822361;04A3F21B\nMaas;93051822361;\n")
	for i, want := range []string{
		"Regel 2, kolom “insz”: Het controlegetal van het rijksregisternummer klopt niet",
		"Regel 4, kolom “naam”: Dit spreekt regel 3 tegen",
	} {
		if got := nl.Error(r.Problems[i]); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if missing := catalogue.Missing(); missing != nil {
		t.Errorf("missing: %v", missing)
	}
	for _, l := range app.Languages {
		csv := string(importing.StaffTemplate(l)) + ";Peeters;An;85011512355\r\n"
		expect(t, "template "+string(l), counts(staff(t, company(), csv)), "1 new, 0 changed, 0 same, 0 refused")
		if _, err := importing.ParseSites(strings.NewReader(string(importing.SiteTemplate(l)))); err != nil {
			t.Errorf("template of sites, %s: %v", l, err)
		}
	}
}

func FuzzStaff(f *testing.F) {
	f.Add([]byte(twoPeople))
	f.Add([]byte("naam,insz\n\"a\"\"b\nc\",1\n\"open,2\n"))
	f.Add([]byte("sep=\t\nnaam\tinsz\n"))
	f.Fuzz(func(t *testing.T, csv []byte) {
		file, err := importing.ParseStaff(strings.NewReader(string(csv)), app.NewDate(2026, 11, 23))
		if err != nil {
			return
		}
		if len(file.Rows) > file.Lines || file.Lines > strings.Count(string(csv), "\n")+strings.Count(string(csv), "\r")+1 {
			t.Errorf("%d rows of %d lines", len(file.Rows), file.Lines)
		}
		plan, err := importing.PlanStaff(file.Rows, importing.StaffFacts{Employers: company().employers}, options(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := (&memory{employers: company().employers}).SaveStaff(t.Context(), plan.Changes, importing.Import{}, app.Act{}); err != nil {
			t.Error(err)
		}
	})
}

func FuzzSites(f *testing.F) {
	f.Add([]byte(twoSites))
	f.Fuzz(func(t *testing.T, csv []byte) {
		file, err := importing.ParseSites(strings.NewReader(string(csv)))
		if err != nil {
			return
		}
		plan, err := importing.PlanSites(file.Rows, importing.SiteFacts{Boxes: withBox().boxes}, options(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := withBox().SaveSites(t.Context(), plan.Changes, importing.Import{}, app.Act{}); err != nil {
			t.Error(err)
		}
	})
}

// However the lines of a list end, none of its people is lost; an empty line counts for the numbers of those behind it.
func TestLineEnds(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n", "\r\n", "\r", "\n\r", "\f", "\v", "\u0085", "\u2028", "\u2029"} {
		file, err := importing.ParseStaff(
			strings.NewReader("sep=;"+end+"personeelsnummer;naam;voornaam"+end+"1;Aerts;An"+end+"2;Baert;Bo"+end),
			app.NewDate(2026, 11, 1),
		)
		if err != nil || len(file.Rows) != 2 || file.Rows[1].Line != 4 {
			t.Errorf("%q: %+v, %v", end, file, err)
		}
	}
}

// A line that is too long is said with its length and the rows around it are read; a list of more rows than any company has is refused.
func TestLongLinesAndManyRows(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	today := app.NewDate(2026, 11, 1)
	file, err := importing.ParseStaff(strings.NewReader("personeelsnummer;naam\n1;Aerts\n"+long+"\n2;Baert\n"), today)
	var reason *importing.Reason
	if err != nil || len(file.Rows) != 2 || len(file.Problems) != 1 || file.Problems[0].Line != 3 || !errors.As(file.Problems[0], &reason) ||
		reason.Args["Length"] != len(long) {
		t.Errorf("%+v, %v", file, err)
	}
	for name, text := range map[string]string{
		"headingsTooLong": "\n" + long + "\nAerts;An\n", "tooManyRows": "naam;voornaam\n" + strings.Repeat("\"x\n", 100_001), "empty": strings.Repeat("\r", 1<<20),
	} {
		if _, err := importing.ParseStaff(strings.NewReader(text), today); !errors.As(err, &reason) || reason.Code != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Quotes upon quotes, in one line and in many: each byte costs about the same.
	for name, text := range map[string]string{
		"quotes in one line": strings.Repeat("\"", 1<<20), "a quote a line": strings.Repeat("a;\"\n", 1<<17), "cells over lines": strings.Repeat("\"a\nb\";\"c", 1<<17),
		"an endless quote": "naam;voornaam\n\"" + long, "delimiters": strings.Repeat(";", 1<<20), "zeros": strings.Repeat("\x00", 1<<20),
	} {
		cost := func(share int) float64 {
			return testing.AllocsPerRun(1, func() { _, _ = importing.ParseStaff(strings.NewReader(text[:len(text)/share]), today) })
		}
		if whole, part := cost(1), cost(8); whole > 16*part+1000 {
			t.Errorf("%s: %g allocations, for an eighth of it %g", name, whole, part)
		}
	}
}
