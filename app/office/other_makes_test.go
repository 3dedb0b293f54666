package office_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"klokkast/app"
	"klokkast/app/acts"
	"klokkast/app/boxes"
	"klokkast/app/identity"
	"klokkast/app/reading"
	"klokkast/app/store"
	"klokkast/devices"
)

// onStick writes a file as it would lie on a USB stick. All in it is made up.
func onStick(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newFilesBench(t *testing.T) *bench {
	b := newBench(t)
	b.Boxes.Finder = &devices.Finder{}
	return b
}

const attlog = "A1B2C3\r\n" +
	"       12\t2026-11-02 06:58:00\t1\t0\t1\t0\r\n" +
	"       12\t2026-11-02 15:02:00\t1\t1\t1\t0\r\n" +
	"       99\t2026-11-02 07:10:00\t1\t0\t1\t0\r\n" +
	"       99\tnonsense\r\n"

func TestAnAttlogIsPreviewedThenImportedOnce(t *testing.T) {
	b := newFilesBench(t)
	ctx := t.Context()
	path := onStick(t, "1_attlog.dat", attlog)
	pin := app.IdentifierKey{Kind: app.PIN, Group: "zkteco:A1B2C3", Value: "12"}
	if err := b.Staff.GiveBadge(ctx, acts.GiveBadge{Key: pin, EngagementID: b.ofAn.ID, Span: app.Span{From: b.at("2026-11-01 00:00")}}, why); err != nil {
		t.Fatal(err)
	}
	before := must[store.Counts](t)(b.store.Counts(ctx))
	plan := must[*boxes.ImportPlan](t)(b.Files.PreviewImport(ctx, path, boxes.ImportOptions{}))
	if plan.Records != 3 || plan.New != 3 || plan.Before != 0 || plan.Known || plan.Box.UID != "zkteco:A1B2C3" || len(plan.Bad) != 1 || plan.Bad[0].Line != 5 ||
		plan.First != b.at("2026-11-02 06:58") || plan.Last != b.at("2026-11-02 15:02") || plan.Keys[app.KeyIn] != 2 || plan.Keys[app.KeyOut] != 1 {
		t.Errorf("%+v", plan.Plan)
	}
	if len(plan.People) != 2 || plan.People[0].Key != pin || plan.People[0].Taps != 2 || !cmp.Equal(plan.Holders, []app.ID{b.ofAn.ID, ""}) {
		t.Errorf("people %+v, held by %v", plan.People, plan.Holders)
	}
	if after := must[store.Counts](t)(b.store.Counts(ctx)); after != before {
		t.Errorf("a preview stored something: %+v, before %+v", after, before)
	}
	if got := must[reading.Imported](t)(b.Files.ImportFile(ctx, path, boxes.ImportOptions{}, nil)); got.Reading.New != 3 || len(got.Bad) != 1 {
		t.Errorf("%+v", got)
	}
	// Another variant of the same export: no serial, a checksum, blanks for tabs, fewer columns.
	again := onStick(t, "other.dat", "12 2026-11-02 06:58:00 1 0\n12 2026-11-02 15:02:00 1 1 1 0 0 0\n99\t2026-11-02\t07:10:00\t1\t00\nABCDEF12\n")
	plan = must[*boxes.ImportPlan](t)(b.Files.PreviewImport(ctx, again, boxes.ImportOptions{Box: "zkteco:A1B2C3"}))
	if plan.New != 0 || plan.Before != 3 || !plan.Known || len(plan.Bad) != 0 {
		t.Errorf("%+v", plan.Plan)
	}
	if got := must[reading.Imported](t)(b.Files.ImportFile(ctx, again, boxes.ImportOptions{Box: "zkteco:A1B2C3"}, nil)); got.Reading.New != 0 ||
		got.Before != 3 {
		t.Errorf("%+v", got)
	}
	var elsewhere *reading.StoredElsewhereError
	if _, err := b.Files.PreviewImport(ctx, again, boxes.ImportOptions{Box: "zkteco:OTHER"}); !errors.As(err, &elsewhere) ||
		elsewhere.Boxes["zkteco:A1B2C3"] != 3 {
		t.Errorf("lines of another box: %v", err)
	}
	var needs *reading.NeedsBoxError
	if _, err := b.Files.PreviewImport(ctx, again, boxes.ImportOptions{}); !errors.As(err, &needs) || needs.Table {
		t.Errorf("a file that does not name its box: %v", err)
	}
}

const table = "Naam;Nummer;Datum;Uur;Richting\r\nAn;12;02/11/2026;06:58;IN\r\nAn;12;02/11/2026;15:02;UIT\r\nBart;0;02/11/2026;25:02;UIT\r\n"

func TestATableIsReadByTheMappingOfItsBox(t *testing.T) {
	b := newFilesBench(t)
	ctx := t.Context()
	path := onStick(t, "export.csv", table)
	var needs *reading.NeedsMappingError
	if _, err := b.Files.PreviewImport(ctx, path, boxes.ImportOptions{}); !errors.As(err, &needs) || needs.File != "export.csv" {
		t.Fatalf("a table without a mapping: %v", err)
	}
	proposal := must[reading.TablePreview](t)(b.Files.PreviewTable(ctx, path, "", nil, 10))
	if len(proposal.Rows) != 3 || proposal.Rows[0].Badge != "12" || proposal.Rows[0].Key != app.KeyIn || proposal.Rows[2].Problem == "" {
		t.Fatalf("%+v", proposal)
	}
	if err := b.Files.SaveMapping(ctx, app.Box{UID: "gate", Label: "Gate", Zone: "Europe/Brussels"}, proposal.Mapping, why); err != nil {
		t.Fatal(err)
	}
	box := boxes.ImportOptions{Box: "table:gate"}
	var asks *reading.NeedsBoxError
	if _, err := b.Files.PreviewImport(ctx, path, boxes.ImportOptions{}); !errors.As(err, &asks) || !asks.Table {
		t.Errorf("which box a table is from: %v", err)
	}
	plan := must[*boxes.ImportPlan](t)(b.Files.PreviewImport(ctx, path, box))
	if plan.New != 2 || len(plan.Bad) != 1 || plan.Bad[0].Line != 4 || plan.Box.Label != "Gate" || plan.People[0].Key.Group != "table:gate" {
		t.Errorf("%+v", plan.Plan)
	}
	for i, want := range []int{2, 0} {
		if got := must[reading.Imported](t)(b.Files.ImportFile(ctx, path, box, nil)); got.Reading.New != want {
			t.Errorf("import %d: %d new", i+1, got.Reading.New)
		}
	}
	if err := b.Files.ForgetMapping(ctx, "table:gate", why); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Files.PreviewImport(ctx, path, box); !errors.As(err, &needs) || needs.Box != "table:gate" {
		t.Errorf("after forgetting: %v", err)
	}
	// One that is given with the import is kept with the box.
	box.Mapping = &proposal.Mapping
	if got := must[reading.Imported](t)(b.Files.ImportFile(ctx, path, box, nil)); got.Before != 2 {
		t.Errorf("%+v", got)
	}
	if kept, found, err := b.Files.BoxMapping(ctx, "table:gate"); err != nil || !found || !cmp.Equal(kept, proposal.Mapping) {
		t.Errorf("%+v, %v, %v", kept, found, err)
	}
}

func TestWhatCannotBeImportedSaysWhatItIs(t *testing.T) {
	b := newFilesBench(t)
	ctx := t.Context()
	var users *reading.UserFileError
	if _, err := b.Files.PreviewImport(ctx, onStick(t, "user.dat", userRecord("12", "An", 0)), boxes.ImportOptions{}); !errors.As(err, &users) {
		t.Errorf("user.dat: %v", err)
	}
	// A box that is read by cable gives no files.
	if _, err := b.read(tap{"04A1B2C3", "2026-11-02 08:00", app.KeyIn}); err != nil {
		t.Fatal(err)
	}
	var field *app.FieldError
	opt := boxes.ImportOptions{Box: b.box, OtherSerial: true}
	if _, err := b.Files.ImportFile(ctx, onStick(t, "1_attlog.dat", attlog), opt, nil); !errors.As(err, &field) || field.Code != "box.byCable" {
		t.Errorf("a file for a box with a cable: %v", err)
	}
	good := reading.Mapping{
		Separator: ";",
		Badge:     reading.Column{From: 1},
		BadgeForm: reading.BadgePIN,
		Date:      reading.Column{From: 2},
		Layout:    "DD/MM/YYYY hh:mm",
	}
	if err := b.Files.SaveMapping(ctx, app.Box{UID: b.box}, good, why); !errors.As(err, &field) || field.Code != "box.byCable" {
		t.Errorf("a mapping for a box with a cable: %v", err)
	}
	wrong := good
	wrong.Layout, wrong.Badge.From = "soon", 0
	err := b.Files.SaveMapping(ctx, app.Box{UID: "x", Zone: "Mars/Olympus"}, wrong, why)
	for _, want := range []string{"badgeColumn", "layout", "zone"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %s", err, want)
		}
	}
}

// userRecord is one person in a user.dat of 72 bytes a record.
func userRecord(pin, name string, card uint32) string {
	r := make([]byte, 72)
	copy(r[3:11], "82643915") // a password that nobody looks at
	copy(r[11:35], name)
	binary.LittleEndian.PutUint32(r[35:], card)
	copy(r[48:], pin)
	return string(r)
}

func TestThePeopleOfATerminalAreMatchedAndGivenInOneStep(t *testing.T) {
	b := newFilesBench(t)
	ctx := t.Context()
	if _, err := b.Files.ImportFile(ctx, onStick(t, "1_attlog.dat", attlog), boxes.ImportOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(b.bart.GivenName, " ")
	path := onStick(
		t,
		"user.dat",
		userRecord(
			"12",
			b.an.FamilyName+" "+b.an.GivenName[:1],
			4660466,
		)+userRecord(
			"13",
			strings.ToUpper(first),
			0,
		)+userRecord(
			"99",
			"Niemand",
			0,
		)+userRecord(
			"",
			"",
			0,
		),
	)
	opt := boxes.UserOptions{Box: "zkteco:A1B2C3", From: b.at("2026-11-01 00:00")}
	list := must[*boxes.UserList](t)(b.Files.TerminalUsers(ctx, path, opt))
	var got []string
	for _, r := range list.Rows {
		got = append(got, r.PIN+" "+string(r.Proposal)+" "+r.By+" "+r.CardKey.Value)
	}
	want := []string{"12 " + string(b.ofAn.ID) + " name 00471CF2", "13 " + string(b.ofBart.ID) + " name ", "99   "}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if list.Rows[0].Taps != 2 || list.Rows[2].Taps != 1 || !cmp.Equal(list.Bad, []int{4}) {
		t.Errorf("%+v", list)
	}
	span := app.Span{From: opt.From}
	give := []acts.GiveBadge{
		{Key: list.Rows[0].Key, Label: "An", EngagementID: b.ofAn.ID, Span: span},
		{Key: list.Rows[0].CardKey, EngagementID: b.ofAn.ID, Span: span},
	}
	// All or nothing.
	before := must[[]app.Custody](t)(b.store.Custodies(ctx))
	if err := b.Staff.GiveBadges(ctx, append(give, acts.GiveBadge{Key: list.Rows[1].Key, EngagementID: "nobody", Span: span}), why); err == nil {
		t.Error("an engagement that does not exist was taken")
	}
	if after := must[[]app.Custody](t)(b.store.Custodies(ctx)); !cmp.Equal(after, before) {
		t.Errorf("half of a list was given: %+v", after)
	}
	var field *app.FieldError
	if err := b.Staff.GiveBadges(ctx, append(give, give[0]), why); !errors.As(err, &field) || field.Code != "identifier.twice" {
		t.Errorf("the same twice: %v", err)
	}
	if err := b.Staff.GiveBadges(ctx, give, why); err != nil {
		t.Fatal(err)
	}
	// The second time nothing is left to ask for those.
	opt.Notation = identity.Plain
	list = must[*boxes.UserList](t)(b.Files.TerminalUsers(ctx, path, opt))
	if r := list.Rows[0]; r.PINHolder != b.ofAn.ID || r.CardHolder != b.ofAn.ID || r.By != "held" {
		t.Errorf("%+v", r)
	}
	opt.Notation = identity.Reversed
	if r := must[*boxes.UserList](t)(b.Files.TerminalUsers(ctx, path, opt)).Rows[0]; r.CardKey.Value != "F21C4700" || r.CardHolder != "" {
		t.Errorf("reversed: %+v", r)
	}
	plan := must[*boxes.ImportPlan](t)(b.Files.PreviewImport(ctx, onStick(t, "1_attlog.dat", attlog), boxes.ImportOptions{}))
	if plan.Holders[0] != b.ofAn.ID {
		t.Errorf("the PIN is not An's: %v", plan.Holders)
	}
}
