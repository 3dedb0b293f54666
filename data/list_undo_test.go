package data

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"klokkast/app"
	"klokkast/app/importing"
)

// desk imports lists into a database, an hour after each other.
type desk struct {
	t   testing.TB
	s   *Store
	now app.Instant
}

func newDesk(t testing.TB) *desk {
	d := &desk{t, newStore(t), app.At(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	must(t, d.s.SaveEmployer(t.Context(), app.Employer{ID: newID(t), Name: "Blinkend Schoon BV", Kind: app.OwnCompany, Enterprise: "0123456749"}, did("employer.save", "")))
	return d
}

func (d *desk) options() importing.Options {
	d.now = d.now.Add(time.Hour)
	return importing.Options{Now: d.now, Zone: app.Belgium(), Actor: "Els", File: "list.csv"}
}

type aList func(context.Context, importing.Store, string, importing.Options) (*importing.Report, error)

func staffList(ctx context.Context, s importing.Store, csv string, o importing.Options) (*importing.Report, error) {
	return importing.ImportStaff(ctx, s, strings.NewReader(csv), o, true)
}

func siteList(ctx context.Context, s importing.Store, csv string, o importing.Options) (*importing.Report, error) {
	return importing.ImportSites(ctx, s, strings.NewReader(csv), o, true)
}

func absenceList(ctx context.Context, s importing.Store, csv string, o importing.Options) (*importing.Report, error) {
	return importing.ImportAbsences(ctx, s, strings.NewReader(csv), o, true)
}

func (d *desk) take(list aList, csv string) *importing.Report {
	d.t.Helper()
	r, err := list(context.Background(), d.s, csv, d.options())
	must(d.t, err)
	return r
}

func (d *desk) undo(id app.ID, apply bool) importing.Undo {
	d.t.Helper()
	d.now = d.now.Add(time.Hour)
	u, err := d.s.UndoImport(context.Background(), id, apply, app.Act{Actor: "Els", At: d.now, What: "import.undo", Why: "the wrong list"})
	must(d.t, err)
	return u
}

// state is all that lists can change, as text.
func (d *desk) state() string {
	var b strings.Builder
	for _, table := range slices.Sorted(func(yield func(string) bool) {
		for name := range listedKinds() {
			if !yield(name) {
				return
			}
		}
	}) {
		var ids []app.ID
		must(d.t, d.s.r.Select(&ids, `SELECT id FROM `+table+` ORDER BY id`))
		for _, id := range ids {
			c, err := readColumns(context.Background(), d.s.r, table, id)
			must(d.t, err)
			texts := c.texts()
			if table == "absence" && texts["withdrawn"] != "0" {
				continue // it stays on record and counts nowhere
			}
			var parts []string
			delete(texts, "entered") // when it was last entered: a list that comes again enters it again
			if table == "site_decision" {
				delete(texts, "at")
			}
			for name, v := range texts {
				parts = append(parts, name+"="+v)
			}
			slices.Sort(parts)
			fmt.Fprintln(&b, table, strings.Join(parts, " "))
		}
	}
	return b.String()
}

// left says what an undo left: "kind name: reasons", sorted.
func left(u importing.Undo) string {
	var all []string
	for _, l := range u.Left {
		var why []string
		for _, r := range l.Reasons {
			why = append(why, strings.TrimSuffix(string(r.Code)+" "+r.What, " ")+strings.TrimSuffix(" "+strings.Join(r.Fields, " "), " "))
		}
		slices.Sort(why)
		all = append(all, l.Kind+" "+l.Name+": "+strings.Join(why, ", "))
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

func taken(u importing.Undo) string {
	var all []string
	for _, t := range u.Taken {
		all = append(all, strings.TrimSuffix(string(t.How)+" "+t.Kind+" "+strings.Join(t.Fields, " "), " "))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

const twoPeople = "personeelsnummer;naam;voornaam;insz;werkgever;naam werkgever;in dienst;badge;badge vanaf\n" +
	"0042;Peeters;An;85.01.15-123.55;;;01/02/2020;04A3F21B;1/3/2020\n" +
	"0043;Dubois;Luc;05.01.15-123.53;0206731645;Glans NV;06/05/2024;04A3F21C;1/6/2024\n"

const twoSites = "code;naam;klant;straat;huisnummer;postcode;gemeente;CIAO;CIAO vanaf;werkmelding;werkmelding vanaf;werkmelding tot\n" +
	"W-1;Stadhuis;Stad Leuven;Grote Markt;9;3000;Leuven;ja;1/9/2024;1Y1003SQ5VSSZ;1/9/2024;31/8/2027\n" +
	"W-2;Bibliotheek;stad leuven;Tiensestraat;2;3000;Leuven;;;;;\n"

// An import is taken back to nothing, and the same list is the same again: with its ids.
func TestAnImportIsTakenBackAndComesAgain(t *testing.T) {
	for name, c := range map[string]struct {
		list aList
		csv  string
	}{
		"staff":    {staffList, twoPeople},
		"sites":    {siteList, twoSites},
		"absences": {absenceList, "personeelsnummer;van;tot;code;uren\n7;21/12/2026;24/12/2026;vakantie;\n7;11/12/2026;;ziekte;08:00-12:00\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.take(staffList, "personeelsnummer;naam;voornaam;in dienst\n7;Claes;Jo;1/1/2020\n")
			before := d.state()
			first := d.take(c.list, c.csv)
			after := d.state()
			if first.New != 2 || first.ID == "" || after == before {
				t.Fatalf("%+v", first)
			}
			preview := d.undo(first.ID, false)
			if d.state() != after || !preview.Preview || len(preview.Taken) == 0 || len(preview.Left) != 0 {
				t.Fatalf("a preview: %+v", preview)
			}
			done := d.undo(first.ID, true)
			preview.Preview = false
			same(t, done, preview)
			if got := d.state(); got != before {
				t.Errorf("taken back it is\n%s\nnot\n%s", got, before)
			}
			if again := d.undo(first.ID, true); len(again.Taken)+len(again.Left) != 0 {
				t.Errorf("taken back twice: %+v", again)
			}
			second := d.take(c.list, c.csv)
			if got := d.state(); got != after || second.New != 2 {
				t.Errorf("again it is\n%s\nnot\n%s", got, after)
			}
			third := d.take(c.list, c.csv)
			if third.Same != 2 || d.state() != after {
				t.Errorf("a third time: %+v", third)
			}
			defer func() {
				d.undo(third.ID, true)
				u := d.undo(second.ID, true)
				if d.state() != before || slices.ContainsFunc(u.Taken, func(x importing.TakenBack) bool { return x.How == importing.Restored }) {
					t.Errorf("taken back again: %s; %s; it is\n%s", taken(u), left(u), d.state())
				}
			}()
			found, err := d.s.Verify(t.Context(), nil)
			must(t, err)
			if len(found) > 0 {
				t.Errorf("verify: %+v", found)
			}
			all := get(t, d.s.Imports)
			if len(all) != 4 || all[0].Same != 2 || len(all[0].Undone) != 0 || len(all[2].Undone) != 1 || all[2].Undone[0].Why != "the wrong list" {
				t.Errorf("imports: %+v", all)
			}
			trail, err := d.s.Trail(t.Context(), "import:"+string(first.ID), 0)
			must(t, err)
			if len(trail) != 2 || trail[0].What != "import.undo" || strings.Contains(trail[0].Payload, "Peeters") {
				t.Errorf("the trail: %+v", trail)
			}
		})
	}
}

// What somebody built on since stays, is named, and its reason is said; the rest goes.
func TestWhatWasBuiltOnStays(t *testing.T) {
	one := "personeelsnummer;naam;voornaam;insz;in dienst;badge;badge vanaf\n0042;Peeters;An;85.01.15-123.55;01/02/2020;04A3F21B;1/3/2020\n"
	for name, c := range map[string]struct {
		build       func(t *testing.T, d *desk, w app.Worker, e app.Engagement, b app.Custody)
		left, taken string
	}{
		"a name was corrected": {
			func(t *testing.T, d *desk, w app.Worker, _ app.Engagement, _ app.Custody) {
				w.GivenName = "Anna"
				must(t, d.s.SaveWorker(t.Context(), w, did("worker.save", "")))
			},
			"worker Peeters Anna: changed givenName",
			"removed custody, removed engagement, removed identifier",
		},
		"another badge was given": {
			func(t *testing.T, d *desk, _ app.Worker, e app.Engagement, _ app.Custody) {
				i := app.Identifier{ID: newID(t), Key: app.IdentifierKey{Kind: app.Card, Value: "AABBCCDD"}}
				must(t, d.s.SaveIdentifier(t.Context(), i, did("identifier.save", "")))
				must(t, d.s.GiveIdentifier(t.Context(), app.Custody{ID: newID(t), IdentifierID: i.ID, EngagementID: e.ID, Span: app.Span{From: 100}}, did("custody.give", "")))
			},
			"engagement Peeters An: refers custody; worker Peeters An: refers engagement",
			"removed custody, removed identifier",
		},
		"an absence was noted": {
			func(t *testing.T, d *desk, w app.Worker, _ app.Engagement, _ app.Custody) {
				a := app.Absence{ID: newID(t), WorkerID: w.ID, Days: app.Days{From: 20000, To: 20001}, Kind: "sick", By: "Els", At: d.now}
				must(t, d.s.AddAbsences(t.Context(), []app.Absence{a}, did("absence.note", "")))
			},
			"worker Peeters An: refers absence", "removed custody, removed engagement, removed identifier",
		},
		"a month was approved": {
			func(t *testing.T, d *desk, w app.Worker, _ app.Engagement, _ app.Custody) {
				a := approvalFor(t, w.ID, `{}`)
				a.At = d.now.Add(time.Minute)
				must(t, d.s.Approve(t.Context(), a, 0, did("period.approve", "")))
			},
			"custody 04A3F21B · Peeters An: approved; engagement Peeters An: approved, refers custody; identifier 04A3F21B: refers custody; " +
				"worker Peeters An: refers approval, refers engagement",
			"",
		},
		"a team has the person": {
			func(t *testing.T, d *desk, w app.Worker, _ app.Engagement, _ app.Custody) {
				must(t, d.s.SetSetting(t.Context(), "teams", []map[string]any{{"workers": []app.ID{w.ID}}}, did("team.save", "")))
			},
			"worker Peeters An: chosen", "removed custody, removed engagement, removed identifier",
		},
		"the badge was tapped": {
			func(t *testing.T, d *desk, _ app.Worker, _ app.Engagement, _ app.Custody) {
				d.tapped("04A3F21B", d.now.Add(time.Hour))
			},
			"custody 04A3F21B · Peeters An: punches; engagement Peeters An: refers custody; identifier 04A3F21B: refers custody; worker Peeters An: refers engagement",
			"",
		},
		"the badge was tapped, and read before the list came": {
			func(t *testing.T, d *desk, _ app.Worker, _ app.Engagement, _ app.Custody) {
				d.tapped("04A3F21B", d.now.Add(-30*time.Minute))
			},
			"", "removed custody, removed engagement, removed identifier, removed worker",
		},
		"the badge was tapped, in a file that was taken back": {
			func(t *testing.T, d *desk, _ app.Worker, _ app.Engagement, _ app.Custody) {
				d.tapped("04A3F21B", d.now.Add(time.Hour))
				_, err := d.s.w.Exec(`DROP TRIGGER punch_no_update`)
				must(t, err)
				_, err = d.s.w.Exec(`UPDATE punch SET counts = 0`)
				must(t, err)
			},
			"", "removed custody, removed engagement, removed identifier, removed worker",
		},
		"another list has the person, too": {
			func(_ *testing.T, d *desk, _ app.Worker, _ app.Engagement, _ app.Custody) { d.take(staffList, one) },
			"custody 04A3F21B · Peeters An: import; engagement Peeters An: import, refers custody; identifier 04A3F21B: import, refers custody; " +
				"worker Peeters An: import, refers engagement",
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.take(staffList, one)
			c.build(t, d, get(t, d.s.Workers)[0], get(t, d.s.Engagements)[0], get(t, d.s.Custodies)[0])
			u := d.undo(r.ID, true)
			if got := left(u); got != c.left {
				t.Errorf("left: %s\nwant: %s", got, c.left)
			}
			if got := taken(u); got != c.taken {
				t.Errorf("taken: %s\nwant: %s", got, c.taken)
			}
			found, err := d.s.Verify(t.Context(), nil)
			must(t, err)
			if len(found) > 0 {
				t.Errorf("verify: %+v", found)
			}
		})
	}
}

// tapped stores one punch of a badge by a file that was read at an instant.
func (d *desk) tapped(card string, read app.Instant) {
	d.t.Helper()
	key := app.LogKey{Box: fmt.Sprintf("%032x", 0x0CB10009), Log: fmt.Sprintf("%032x", 1)}
	l := &testLog{s: d.s, key: key, chain: map[uint64][32]byte{0: startOf(key.Box, key.Log)}, reading: newID(d.t)}
	reading := app.Reading{ID: l.reading, Log: key, Source: app.FromCable, Actor: "Els", State: app.ReadingRunning, Started: read}
	must(d.t, d.s.BeginReading(context.Background(), reading, app.Box{UID: key.Box, Make: app.MakeOCB}))
	records := l.next(2)[1:] // the first is a boot
	records[0].Punch.Identifier.Value = card
	_, err := d.s.StoreBatch(context.Background(), l.batch(records, l.gap(1, 1)))
	must(d.t, err)
}

// What two imports say goes with the second of them that is taken back, in either order.
func TestTwoImportsOfOneListAreTakenBackBoth(t *testing.T) {
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		d := newDesk(t)
		before := d.state()
		ids := []app.ID{d.take(staffList, twoPeople).ID, d.take(staffList, twoPeople).ID}
		after := d.state()
		if u := d.undo(ids[order[0]], true); d.state() != after {
			t.Errorf("%v: the first undo took what another list says: %s", order, taken(u))
		}
		if u := d.undo(ids[order[1]], true); d.state() != before {
			t.Errorf("%v: left after both: %s; %s", order, left(u), d.state())
		}
	}
}

// What an import changed is as before, field by field, unless it was changed since.
func TestChangesAreTakenBackByField(t *testing.T) {
	d := newDesk(t)
	d.take(staffList, twoPeople)
	before := d.state()
	r := d.take(staffList, "personeelsnummer;naam;voornaam;insz;taal;uren per week\n0042;Peeters-Maes;Anna;85.01.15-123.55;fr;38\n")
	w := get(t, d.s.Workers)[0]
	w.GivenName = "Anneke"
	must(t, d.s.SaveWorker(t.Context(), w, did("worker.save", "")))
	u := d.undo(r.ID, true)
	if got := taken(u); got != "restored engagement weeklyHours, restored worker familyName language" {
		t.Errorf("taken: %s", got)
	}
	if got := left(u); got != "worker Peeters-Maes Anneke: changed givenName" {
		t.Errorf("left: %s", got)
	}
	if got := strings.Replace(d.state(), "given_name=Anneke", "given_name=An", 1); got != before {
		t.Errorf("it is\n%s\nnot\n%s", got, before)
	}
}

// A number that a list brought, or changed, returns sealed as it was.
func TestANumberThatAListChangedReturns(t *testing.T) {
	d := newDesk(t)
	d.take(staffList, "personeelsnummer;naam;voornaam;in dienst\n0042;Peeters;An;1/1/2020\n")
	r := d.take(staffList, "personeelsnummer;naam;voornaam;insz;limosa\n0042;Peeters;An;85.01.15-123.55;L123456789\n")
	if w := get(t, d.s.Workers)[0]; w.SSIN.Reveal() != "85011512355" || w.BirthDate == 0 {
		t.Fatalf("%+v", w)
	}
	d.undo(r.ID, true)
	if w := get(t, d.s.Workers)[0]; w.SSIN != "" || w.Limosa != "" || w.BirthDate != 0 {
		t.Errorf("%+v", w)
	}
	found, err := d.s.Verify(t.Context(), nil)
	must(t, err)
	if len(found) > 0 {
		t.Errorf("verify: %+v", found)
	}
}

// Whatever two lists say of the same people and places: the second taken back leaves
// what the first left, and imported again gives what it gave.
func TestAnyListIsTakenBackWhole(t *testing.T) {
	pick := func(t *rapid.T, name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	people := func(t *rapid.T) string {
		csv := "personeelsnr;naam;voornaam;insz;werkgever;naam werkgever;van;tot;badge;badge vanaf;pin;pingroep\n"
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			csv += strings.Join([]string{
				pick(t, "number", "", "1", "2", "3"), pick(t, "family", "Peeters", "Maes"), pick(t, "given", "An", "Luc", ""),
				pick(t, "ssin", "85011512355", "93051822361", "05011512353", ""), pick(t, "employer", "", "0123456749", "0206731645"),
				pick(t, "employerName", "", "Glans NV"), pick(t, "from", "", "1/1/2026", "1/6/2026"), pick(t, "to", "", "31/3/2026", "31/12/2026"),
				pick(t, "badge", "", "04A3F21B", "04A3F21C"), pick(t, "badgeFrom", "1/2/2026", "1/7/2026"), pick(t, "pin", "", "1"), pick(t, "group", "", "hal-1"),
			}, ";") + "\n"
		}
		return csv
	}
	places := func(t *rapid.T) string {
		csv := "code;naam;klant;postcode;ciao;ciao vanaf;werkmelding;werkmelding vanaf;werkmelding tot\n"
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			csv += strings.Join([]string{
				pick(t, "code", "", "W-1", "W-2"), pick(t, "name", "Stadhuis", "School"), pick(t, "client", "", "Leuven", "Gent"),
				pick(t, "post code", "", "3000", "9000"), pick(t, "ciao", "", "ja", "nee"), pick(t, "ciao from", "", "1/1/2026", "1/6/2026"),
				pick(t, "declaration", "", "1Y1003SQ5VSSZ", "1Y1003SQ5VSSA"), pick(t, "declared from", "", "1/1/2026", "1/2/2026"),
				pick(t, "declared to", "", "31/12/2026", "31/12/2027"),
			}, ";") + "\n"
		}
		return csv
	}
	d, checks := newDesk(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		if checks++; checks%20 == 0 { // what was taken back stays on record, and is looked at by each import
			d = newDesk(t)
		}
		list, make := aList(staffList), people
		if rapid.Bool().Draw(rt, "places") {
			list, make = siteList, places
		}
		first, second := make(rt), make(rt)
		start := d.state()
		a := d.take(list, first)
		before := d.state()
		b := d.take(list, second)
		after := d.state()
		both := func() string { return "\n" + first + "\n" + second }
		if u := d.undo(b.ID, true); d.state() != before {
			rt.Fatalf("the second taken back (left: %s) is\n%s\nnot\n%s%s", left(u), d.state(), before, both())
		}
		again := d.take(list, second)
		if d.state() != after || cmp.Compare(again.New, b.New) != 0 {
			rt.Fatalf("again it is\n%s\nnot\n%s%s", d.state(), after, both())
		}
		d.undo(again.ID, true)
		if u := d.undo(a.ID, true); d.state() != start {
			rt.Fatalf("all taken back (left: %s) is\n%s\nnot\n%s%s", left(u), d.state(), start, both())
		}
	})
	found, err := d.s.Verify(t.Context(), nil)
	must(t, err)
	if len(found) > 0 {
		t.Errorf("verify: %+v", found)
	}
}

// Of imports of one list at once, one brings it and the others find it there; nothing is there twice, and none fails.
func TestImportsOfListsAtOnce(t *testing.T) {
	d := newDesk(t)
	other := openAt(t, d.s.Path())
	var rows strings.Builder
	rows.WriteString("personeelsnummer;naam;voornaam;in dienst\n")
	for i := range 60 {
		fmt.Fprintf(&rows, "%04d;Oost;Ine %c;01/09/2024\n", i+1, 'a'+i%26)
	}
	const at = 4
	reports := make(chan *importing.Report, at)
	o := d.options()
	for i := range at {
		s := []*Store{d.s, other}[i%2]
		go func() {
			r, err := staffList(context.Background(), s, rows.String(), o)
			if err != nil {
				t.Error(err)
			}
			reports <- r
		}()
	}
	brought := 0
	for range at {
		r := <-reports
		if r == nil {
			continue
		}
		if brought += r.New; r.New+r.Same != 60 {
			t.Errorf("%+v", r)
		}
	}
	if people := get(t, d.s.Workers); len(people) != 60 || brought != 60 {
		t.Errorf("%d people, of whom imports say that they brought %d", len(people), brought)
	}
	if all := get(t, d.s.Imports); len(all) != at {
		t.Errorf("%d accounts", len(all))
	}
}

// An account that was changed, or moved to another import, is found.
func TestASealedAccountIsVerified(t *testing.T) {
	d := newDesk(t)
	r := d.take(staffList, twoPeople)
	text := get(t, func(ctx context.Context) (string, error) {
		var sealed []byte
		err := d.s.r.GetContext(ctx, &sealed, `SELECT account_sealed FROM list_import WHERE id = ?`, r.ID)
		return string(sealed), err
	})
	if strings.Contains(text, "Peeters") {
		t.Error("an account stands there open")
	}
	if _, err := d.s.w.Exec(`DROP TRIGGER list_import_no_update`); err != nil {
		t.Fatal(err)
	}
	if _, err := d.s.w.Exec(`UPDATE list_import SET account_sealed = x'01020304'`); err != nil {
		t.Fatal(err)
	}
	found, err := d.s.Verify(t.Context(), nil)
	must(t, err)
	if len(found) != 1 || found[0].Code != "sealed-broken" || found[0].Target != "import:"+string(r.ID) {
		t.Errorf("%+v", found)
	}
}

// Whatever an undo says of a thing has its words: each kind, and each of its fields.
func TestWhatUndosSayHasTexts(t *testing.T) {
	d := newDesk(t)
	for kind := range listedKinds() {
		if !hasText(t, app.Dutch, "import.thing."+kind) {
			t.Errorf("import.thing.%s has no text", kind)
		}
		var columns []string
		must(t, d.s.r.Select(&columns, `SELECT name FROM pragma_table_info(?)`, kind))
		for _, c := range columns {
			if field := importing.ColumnField(kind, c); c != "id" && !isSealed(c) && !hasText(t, app.Dutch, "field."+field) {
				t.Errorf("%s.%s: field.%s has no text", kind, c, field)
			}
		}
	}
}
